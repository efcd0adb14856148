/* tests/relay/providers/openpay-fixture.h — a talk with the Openpay adapter, without a network: what it asks is looked
 * at, what it hears is written down here. Layer: tests. */
#pragma once
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-openpay.h"

#define OPENPAY_REFERENCE "pay_01m7zc381j7x9jhjpqh2hmy0e8.ed92a02c3eaa5b420d6049dc02"
#define OPENPAY_SECRET    "a webhook password of this test"
#define OPENPAY_NOW       G_GINT64_CONSTANT (1795253400000000) /* 2026-11-21T09:30:00Z */

typedef struct
{
  RelayAccount *account;
  RelayIntent intent; /* MXN 125.00 by card, to a hosted form */
  RelayTarget target; /* the same, paid: charge trpaid */
  const char *cursor; /* of a list */
  RelayTalk talk;
  RelayAsk ask; /* what was asked last */
  GError *error;
} OpenpayFixture;

void openpay_set_up (OpenpayFixture *self, gconstpointer data);
void openpay_tear_down (OpenpayFixture *self, gconstpointer data);

CobroMoney openpay_pesos (gint64 centavos);
/* Begins a talk of @kind, and puts what came of an earlier one away. */
RelayTalkStep openpay_talk (OpenpayFixture *self, RelayTalkKind kind);
/* The same talk goes on with an answer. */
RelayTalkStep openpay_hear (OpenpayFixture *self, guint status, const char *body);
/* The request that is out: "POST /v1/…" and its body, NULL for none. */
void openpay_assert_asked (OpenpayFixture *self, const char *line, const char *body, gboolean safe);
/* It ended with that error, whose message has @words. */
void openpay_assert_failed (OpenpayFixture *self, RelayTalkStep step, int code, const char *words);

/* A charge in JSON (transfer full). @more: members, each with a comma before it. */
char *openpay_charge (const char *id, const char *method, const char *status, const char *amount, const char *more);
/* [@charge] and freed. */
char *openpay_list (char *take_charge);
