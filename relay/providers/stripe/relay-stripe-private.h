/* relay/providers/stripe/relay-stripe-private.h — what the files of the adapter share: requests, facts, errors and the
 * parts of its conversations. Layer: relay/providers (stripe). Pure. */
#pragma once
#include "relay-stripe.h"

/* Our names in Stripe's metadata. An intent made by a session says so: webhooks about it know only the intent. */
#define META_REFERENCE "cobro_reference"
#define META_OBJECT    "cobro_object"
#define META_REFUND    "cobro_refund" /* the key that a refund was asked for with */
#define OBJECT_SESSION "session"
#define OBJECT_INTENT  "intent"

#define PAGE_LENGTH 100             /* Stripe's most */
#define EXPAND      "expand%5B%5D=" /* "expand[]=": objects in place of their ids */

/* ── relay-stripe-currencies.c ──────────────────────────────────────────────────────────────────────────────────── */

extern const RelayCurrencies relay_stripe_currencies;

/* ── relay-stripe-requests.c ────────────────────────────────────────────────────────────────────────────────────── */

/* @take_path with our headers; @safe. */
void relay_stripe_get (const RelayAccount *account, RelayAsk *ask, char *take_path);
/* The same with a form, and @key as Idempotency-Key. */
void relay_stripe_post (const RelayAccount *account, RelayAsk *ask, char *take_path, const char *key, GString *form);
/* A hosted page, or an intent for a script in our page. FALSE with COBRO_ERROR_INVALID: an amount Stripe does not take.
 */
gboolean relay_stripe_ask_session (const RelayTalk *talk, RelayAsk *ask, GError **error);
gboolean relay_stripe_ask_intent (const RelayTalk *talk, RelayAsk *ask, GError **error);
/* Whether BEGIN makes an intent. */
gboolean relay_stripe_begins_intent (const RelayIntent *intent);
/* One object with what its fact needs: "cs_…" or "pi_…". */
void relay_stripe_ask_object (const RelayAccount *account, RelayAsk *ask, const char *object_id);
/* FALSE with COBRO_ERROR_INVALID. @intent_id: pi_… */
gboolean relay_stripe_ask_refund (const RelayTalk *talk, RelayAsk *ask, const char *intent_id, GError **error);
/* Stops a session or an intent. */
void relay_stripe_ask_stop (const RelayTalk *talk, RelayAsk *ask, const char *object_id);

/* ── relay-stripe-errors.c ──────────────────────────────────────────────────────────────────────────────────────── */

/* What an answer that is not 2xx means. Always FALSE. */
gboolean relay_stripe_refuse (const CobroNetAnswer *answer, gboolean safe, GError **error);
/* (transfer full) "type" and "code" of an answer's error, "" where there is none. */
char *relay_stripe_error_type (const CobroNetAnswer *answer);
/* The body of a 2xx answer; NULL with the meaning of any other. */
CobroWireObject *relay_stripe_parse (const CobroNetAnswer *answer, gboolean safe, GError **error);
/* An answer whose content makes no sense (COBRO_ERROR_INVALID in @take_failure) leaves open what happened. Always
 * FALSE. */
gboolean relay_stripe_nonsense (GError *take_failure, GError **error);

/* ── relay-stripe-facts.c: objects → facts. NULL with COBRO_ERROR_INVALID: contradicts itself, has a status that is not
 *    known, is of the other mode ─────────────────────────────────────────────────────────────────────────────────────
 */

CobroFact *relay_stripe_session_fact (const RelayAccount *account, CobroWireObject *session, GError **error);
/* The same after the event that an asynchronous payment failed: the session itself does not say so. */
CobroFact *relay_stripe_failed_session_fact (const RelayAccount *account, CobroWireObject *session, GError **error);
CobroFact *relay_stripe_intent_fact (const RelayAccount *account, CobroWireObject *intent, GError **error);
/* (transfer full) our reference in an object's metadata, "" if it is none of ours. */
char *relay_stripe_reference (CobroWireObject *object);
/* (transfer full) the id of a member that may be expanded: "pi_…" or {"id": "pi_…"}; "" if there is none. */
char *relay_stripe_id_of (CobroWireObject *object, const char *key);
void relay_stripe_set (char **field, const char *value);

/* ── relay-stripe-back.c: money that goes back ──────────────────────────────────────────────────────────────────── */

/* @target: (nullable) whose refund it is: it must be. */
CobroFact *relay_stripe_refund_fact (const RelayAccount *account, const RelayTarget *target, CobroWireObject *refund,
                                     GError **error);
CobroFact *relay_stripe_dispute_fact (const RelayAccount *account, const RelayTarget *target, CobroWireObject *dispute,
                                      GError **error);
RelayTalkStep relay_stripe_refund_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_stripe_query_refund_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                              GError **error);
RelayTalkStep relay_stripe_query_dispute_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                               GError **error);

/* ── relay-stripe-talks.c ───────────────────────────────────────────────────────────────────────────────────────── */

/* The conversations; as RelayAdapterClass.next. */
RelayTalkStep relay_stripe_begin_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_stripe_query_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_stripe_cancel_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_stripe_test_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);

/* ── relay-stripe-find.c ────────────────────────────────────────────────────────────────────────────────────────── */

/* Looks through the lists for the object with a reference of ours, page by page; a conversation of its own inside
 * another. notes[0], notes[1] are its memory. */
typedef struct
{
  const char *reference;
  CobroTime created_at;       /* of our payment: nothing of it is older */
  gboolean sessions, intents; /* where to look */
} RelayStripeSearch;
/* @answer: NULL to begin. DONE: @out_object is what was found. FAILED with NOT_FOUND: nothing was. */
RelayTalkStep relay_stripe_find_next (RelayTalk *talk, const RelayStripeSearch *search, const CobroNetAnswer *answer,
                                      RelayAsk *ask, CobroWireObject **out_object, GError **error);
/* (element-type CobroWireObject) one page of a list; NULL with NO_ANSWER when it is not whole: what it hides might be
 * what is looked for. @out_after: (transfer full) (nullable) after which the next page starts; NULL at the end. */
GPtrArray *relay_stripe_read_page (const CobroNetAnswer *answer, char **out_after, GError **error);

/* ── relay-stripe-list.c ────────────────────────────────────────────────────────────────────────────────────────── */

/* As RelayAdapterClass.next. */
RelayTalkStep relay_stripe_list_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);

/* ── relay-stripe-hooks.c, relay-stripe-signature.c ─────────────────────────────────────────────────────────────── */

gboolean relay_stripe_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                              CobroTime now, char **out_event_id, GError **error);
GPtrArray *relay_stripe_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
/* What one event says, wherever it was read, is added to @facts. FALSE with COBRO_ERROR_INVALID. */
gboolean relay_stripe_read_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts,
                                  GError **error);
