/* tests/relay/providers/razorpay-talk.h — a talk with the Razorpay adapter without a network: what it asks, and answers
 * given to it. JSON is written with ' for " here. Layer: tests. */
#pragma once
#include "cobro-error.h"
#include "relay-razorpay.h"

#define TALK_REFERENCE "pay_01jdc0000000000000000000aa.0123456789abcdef0123456789"
#define TALK_RECEIPT   "pay_01jdc0000000000000000000aa"
#define TALK_NOW       (G_GINT64_CONSTANT (1795273200) * COBRO_SECOND)

typedef struct
{
  RelayAccount *account;
  RelayIntent intent;
  RelayTarget target;
  RelayTalk talk;
  RelayAsk ask;
  GError *error;
} RazorpayTalk;

/* Fixture: a test account, ₹ 1,250.00, embedded or not as @data is TRUE. */
void razorpay_talk_set_up (RazorpayTalk *self, gconstpointer data);
void razorpay_talk_tear_down (RazorpayTalk *self, gconstpointer data);
/* Starts a talk. */
RelayTalkStep razorpay_talk_start (RazorpayTalk *self, RelayTalkKind kind);
/* An answer to what was asked last. */
RelayTalkStep razorpay_talk_answer (RazorpayTalk *self, guint status, const char *json);
/* What must have been asked last: "GET /v1/…"; (nullable) the body, with ' for ". */
void razorpay_talk_assert_asked (RazorpayTalk *self, const char *line, const char *body);
const char *razorpay_talk_header (RazorpayTalk *self, const char *name);
/* The talk ended with this fact. */
const CobroFact *razorpay_talk_assert_fact (RazorpayTalk *self, RelayTalkStep step, CobroFactKind kind,
                                            const char *event_id);
/* The talk failed like this. */
void razorpay_talk_assert_failed (RazorpayTalk *self, RelayTalkStep step, CobroError code);
/* (transfer full) @json with " for '. */
char *razorpay_json (const char *json);
/* (transfer full) the money of an account in rupees: 100 is one. */
CobroMoney razorpay_money (const char *code, gint64 minor);
