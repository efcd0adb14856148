/* tests/relay/providers/flutterwave-fixture.h — one conversation with Flutterwave, played with recorded bytes: what the
 * adapter asks is compared, what it hears is given. Layer: tests. */
#pragma once
#include "cobro-test.h"
#include "relay-flutterwave.h"

#define FLUTTERWAVE_REFERENCE "pay_01hzy3x8c2v4m6n7p9q0r1s2t3.0123456789abcdef0123456789"
#define FLUTTERWAVE_SECRET    "the secret hash of the dashboard"
#define FLUTTERWAVE_NOW       (G_GINT64_CONSTANT (1795257000) * COBRO_SECOND) /* 2026-11-21 10:30 UTC */

typedef struct
{
  RelayAccount *account;
  RelayIntent intent;
  RelayTarget target;
  RelayTalk talk;
  RelayAsk ask; /* the last one */
  RelayTalkStep step;
  GError *error;
  CobroMoney amount;     /* what the next talk about a refund is about … */
  const char *refund_id; /* … and which one it asks for */
  const char *cursor;    /* (nullable) where the next list goes on */
} FlutterwaveFixture;

/* Naira. */
CobroMoney flutterwave_naira (gint64 kobo);
/* An account in test mode, an intent of 82.50 NGN by ada@example.com, and a target for the same payment. */
void flutterwave_set_up (FlutterwaveFixture *self, gconstpointer data);
void flutterwave_tear_down (FlutterwaveFixture *self, gconstpointer data);
/* Begins a conversation: forgets the one before. */
void flutterwave_talk (FlutterwaveFixture *self, RelayTalkKind kind);
/* The adapter asks this, with the account's key: method, a space, path. @body: (nullable): JSON, exactly. */
void flutterwave_asks (FlutterwaveFixture *self, const char *request, const char *body, gboolean safe);
/* What it hears. */
void flutterwave_hears (FlutterwaveFixture *self, guint status, const char *body);
/* It is over, with this error; NULL words: whatever it says. */
void flutterwave_fails (FlutterwaveFixture *self, CobroError code, const char *words);
/* It is over, well: the fact (of begin: begun->fact), lent. */
const CobroFact *flutterwave_fact (FlutterwaveFixture *self);
/* (transfer full) the JSON of a transaction of this reference; @amount as JSON. */
char *flutterwave_transaction (gint64 id, const char *status, const char *amount, const char *currency);
/* (transfer full) the envelope of a success around @data. */
char *flutterwave_success (const char *data);
