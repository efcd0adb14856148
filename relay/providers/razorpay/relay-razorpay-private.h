/* relay/providers/razorpay/relay-razorpay-private.h — what the files of this adapter share. Layer: relay/providers.
 * Pure, any thread. */
#pragma once
#include "cobro-wire.h"
#include "relay-razorpay.h"

#define RELAY_RAZORPAY_REFERENCE "cobro_reference" /* the note that brings our signed reference back */
#define RELAY_RAZORPAY_RECEIPT   40                /* characters of a receipt, reference_id and refund key */

/* What a talk remembers between its steps. */
enum
{
  RELAY_RAZORPAY_STEP,   /* what was asked last */
  RELAY_RAZORPAY_OBJECT, /* the object that is looked at: order_… or plink_… */
  RELAY_RAZORPAY_MORE,   /* how the object stands; of refunds and disputes: which payment they are about */
  RELAY_RAZORPAY_WORDS,  /* which payment was asked for; why a request was refused, while we look whether it had
                            been carried out before */
};

extern const RelayCurrencies relay_razorpay_currencies;

/* ── What Razorpay's objects say (relay-razorpay-read.c) ────────────────────────────────────────────────────── */

typedef enum
{
  RELAY_RAZORPAY_CREATED,
  RELAY_RAZORPAY_FAILED,
  RELAY_RAZORPAY_AUTHORIZED,
  RELAY_RAZORPAY_CAPTURED, /* also what was given back later */
  RELAY_RAZORPAY_RETURNED, /* authorised, never captured, given back by Razorpay itself */
} RelayRazorpayStatus;

/* A payment (pay_…): one try of the payer to pay an order. */
typedef struct
{
  char *id, *order_id, *reference, *description;
  RelayRazorpayStatus status;
  CobroMoney amount;
  char *failure_code, *failure_message, *method_detail;
  CobroTime created_at;
} RelayRazorpayPayment;
void relay_razorpay_payment_free (RelayRazorpayPayment *payment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRazorpayPayment, relay_razorpay_payment_free)
/* NULL with COBRO_ERROR_INVALID: not a payment that we understand. */
RelayRazorpayPayment *relay_razorpay_payment_read (CobroWireObject *object, GError **error);
/* (transfer full) @object_id: order_… or plink_…; "" where it is not known. */
CobroFact *relay_razorpay_payment_fact (const RelayAccount *account, const RelayRazorpayPayment *payment,
                                        const char *object_id);
/* Which of several tries says how the object stands: captured (the oldest), authorised, under way, failed (the
 * newest). (nullable) */
const RelayRazorpayPayment *relay_razorpay_payment_choose (GPtrArray *payments);

/* A payment link (plink_…). */
typedef struct
{
  char *id, *status, *order_id, *payment_id, *reference_id, *reference, *short_url;
  CobroMoney amount;
  CobroTime created_at;
} RelayRazorpayLink;
void relay_razorpay_link_free (RelayRazorpayLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRazorpayLink, relay_razorpay_link_free)
RelayRazorpayLink *relay_razorpay_link_read (CobroWireObject *object, GError **error);
gboolean relay_razorpay_link_is_over (const char *status); /* expired, cancelled */

/* An order (order_…). */
typedef struct
{
  char *id, *status, *receipt, *reference;
  CobroMoney amount;
  CobroTime created_at;
} RelayRazorpayOrder;
void relay_razorpay_order_free (RelayRazorpayOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRazorpayOrder, relay_razorpay_order_free)
RelayRazorpayOrder *relay_razorpay_order_read (CobroWireObject *object, GError **error);

/* An object without a payment that says more: pending, or over. */
CobroFact *relay_razorpay_object_fact (const RelayAccount *account, const char *object_id, const char *status,
                                       const char *reference, CobroMoney amount);
/* NULL with COBRO_ERROR_INVALID. @charge_id: (nullable) of which payment it must be; NULL: any. */
CobroFact *relay_razorpay_refund_fact (const RelayAccount *account, CobroWireObject *refund, const char *charge_id,
                                       GError **error);
CobroFact *relay_razorpay_dispute_fact (const RelayAccount *account, CobroWireObject *dispute, GError **error);
/* "pay_", "order_", …: letters and digits behind the prefix, so that it may stand in a path. */
gboolean relay_razorpay_is_id (const char *text, const char *prefix);
/* (transfer full) our signed reference in an object's notes; "" (notes are [] when they are empty). */
char *relay_razorpay_reference (CobroWireObject *object);
/* (transfer full) what we call a refund there: 40 hex digits made of our key, for the header and as its receipt. */
char *relay_razorpay_refund_key (const char *key);

/* ── Talking (relay-razorpay-talk.c and the files of each call) ─────────────────────────────────────────────── */

/* An answer to what was asked last. */
typedef RelayTalkStep (*RelayRazorpayHear) (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                            GError **error);
/* The next request: @step says who hears the answer. @take_path: (transfer full). */
RelayTalkStep relay_razorpay_ask (RelayTalk *talk, RelayAsk *ask, const char *step, const char *method, char *take_path,
                                  gboolean safe);
/* A 2xx answer as an object. NULL: refused or nonsense, as @error says. */
CobroWireObject *relay_razorpay_hear (const CobroNetAnswer *answer, gboolean safe, GError **error);
/* TRUE when Razorpay looked at the request and said no (400): nothing happened. @out_words: (transfer full) why. */
gboolean relay_razorpay_was_refused (const CobroNetAnswer *answer, char **out_words);
gboolean relay_razorpay_is_good (const CobroNetAnswer *answer); /* any 2xx */
/* Replaces one of the talk's notes. */
void relay_razorpay_note (RelayTalk *talk, guint which, const char *text);
const char *relay_razorpay_noted (const RelayTalk *talk, guint which); /* "" if nothing */
/* (transfer full) (element-type CobroWireObject) the members of a list; null is an empty one. NULL with NO_ANSWER when
 * it is none, holds something else, or fewer than it says: what is overlooked would look like "nothing there". */
GPtrArray *relay_razorpay_items (CobroWireObject *object, const char *key, GError **error);
/* An answer that makes no sense. Always RELAY_TALK_FAILED. */
RelayTalkStep relay_razorpay_nonsense (GError **error, const char *what);
/* The end of a talk that wants a fact; of BEGIN with nothing left for the payer to do. (transfer full) @take_fact */
RelayTalkStep relay_razorpay_done (RelayTalk *talk, CobroFact *take_fact);
/* (transfer full) our payment id, as receipt and reference_id carry it. */
char *relay_razorpay_receipt (const RelayTalk *talk);

/* begin */
RelayTalkStep relay_razorpay_begin (RelayTalk *talk, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_heard_link_made (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_order_made (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
/* query, cancel: how an object stands; the others come by when they need to know which payment holds the money */
RelayTalkStep relay_razorpay_look (RelayTalk *talk, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_cancel (RelayTalk *talk, RelayAsk *ask, GError **error);
/* Goes on with a link or order that was found. */
RelayTalkStep relay_razorpay_see_link (RelayTalk *talk, const RelayRazorpayLink *link, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_see_order (RelayTalk *talk, const char *order_id, const char *status, RelayAsk *ask);
RelayTalkStep relay_razorpay_heard_links (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_orders (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_link (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_cancelled (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_payments (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_payment (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_capture (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
/* Asks for links, orders by our receipt. */
RelayTalkStep relay_razorpay_find_link (RelayTalk *talk, RelayAsk *ask);
RelayTalkStep relay_razorpay_find_order (RelayTalk *talk, RelayAsk *ask);
/* refund, query_refund, query_dispute: about a payment (pay_…) that holds money */
RelayTalkStep relay_razorpay_about_charge (RelayTalk *talk, const char *charge_id, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_no_charge (RelayTalk *talk, GError **error);
RelayTalkStep relay_razorpay_heard_refund (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_one_refund (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_refunds (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_heard_disputes (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
/* list, test */
RelayTalkStep relay_razorpay_list (RelayTalk *talk, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_heard_list (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);
RelayTalkStep relay_razorpay_test (RelayTalk *talk, RelayAsk *ask, GError **error);
RelayTalkStep relay_razorpay_heard_test (RelayTalk *, const CobroNetAnswer *, RelayAsk *, GError **);

/* ── Webhooks (relay-razorpay-hook.c) ───────────────────────────────────────────────────────────────────────── */

/* As RelayProviderClass says of verify and read; @self is not looked at. */
gboolean relay_razorpay_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                                CobroTime now, char **out_event_id, GError **error);
GPtrArray *relay_razorpay_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
