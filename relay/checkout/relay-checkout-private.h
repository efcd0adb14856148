/* relay/checkout/relay-checkout-private.h — what the parts of the checkout share.
 * Layer: relay/checkout, private to it. */
#pragma once
#include "relay-account-store.h"
#include "relay-attempt-store.h"
#include "relay-breaker.h"
#include "relay-checkout.h"
#include "relay-idempotency-store.h"
#include "relay-leader.h"
#include "relay-merchant-store.h"
#include "relay-refund-store.h"

typedef struct _RelayJanitor RelayJanitor;

struct _RelayCheckout
{
  RelayStore *store;
  RelayProviders *providers;
  CobroClock *clock;
  CobroRandom *random;
  char *public_url;
  gint64 lease, call_deadline;
  gboolean restoring;
  RelayBreakers *breakers;
  RelayLeader *leader;  /* of what is done once for all relays */
  CobroTime next_check; /* of the books; the janitor's alone */

  GMutex lock;           /* guards what follows */
  GCond left;            /* something was taken out of busy */
  GHashTable *busy;      /* (element-type utf8 gint64) what is being asked about at this moment: single-flight */
  GHashTable *asked;     /* (element-type utf8 gint64) payment → monotonic time of the last confirm */
  RelayJanitor *janitor; /* (nullable) the workers, while they run */
  GHashTable *accounts;  /* (element-type utf8 RelayOpenAccount) */
  guint refused;         /* webhooks refused since the log last said so */
  gint64 refused_told;   /* monotonic: when that was */
  CobroTime high;        /* the latest time that was ever seen, to the minute */
  CobroTime next_mark;   /* when that is written again */
  gint64 clock_offset;   /* wall clock − monotonic clock, when last looked at */
  CobroTime next_sweep;  /* when the janitor forgets old keys and lost intents again */
};

/* ── Ways and accounts (relay-ways.c) ── */

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND, or SIGNATURE when the key that sealed it was lost. */
RelayAccount *relay_checkout_open_account (RelayCheckout *self, CobroDb *db, const RelayScope *scope,
                                           const char *provider, GError **error);
/* (transfer full) takes the contents of @record; a webhook secret whose time is over is left out. */
RelayAccount *relay_checkout_read_account (RelayCheckout *self, RelayAccountRecord *record);
/* (transfer full) (element-type RelayPageWay) the ways to pay that a link offers now, in the link's or the merchant's
 * order; only methods it allows, through accounts whose rules and providers take the amount. @amount: unset or zero
 * where the payer has not said yet how much: only the currency counts. Empty when the merchant has no account. NULL
 * only for faults of ours. */
GPtrArray *relay_checkout_list_ways (RelayCheckout *self, CobroDb *db, const CobroId *merchant_id,
                                     const CobroLink *link, CobroMoney amount, GError **error);
/* Whether @account's rules and its provider take @amount by @method; as above. */
gboolean relay_checkout_takes (const RelayAccountRecord *account, RelayProvider *provider, CobroMethods method,
                               CobroMoney amount);

/* ── The payer (relay-payer.c) ── */

/* FALSE for NULL and anything malformed: a browser that we do not know. */
gboolean relay_payer_parse (const char *payer_key, CobroTokenHash *out_hash);
/* Seconds until @until, at least 1. */
gint64 relay_payer_wait (CobroTime until, CobroTime now);

/* ── Calls (relay-call.c): each one row in attempts, through the breaker, outside any transaction ── */

/* What belongs to a begin() besides the payment. Lent for the call. */
typedef struct
{
  const char *title;          /* what is paid for; the seller's name is put before it */
  const char *return_url;     /* where the payer comes back to; "": no payer is on the way, charge at once where that is
                                 possible */
  const char *locale;         /* (nullable) the payer's */
  gboolean embedded;          /* as RelayIntent */
  const char *token, *device; /* (nullable) as RelayIntent */
  gint64 number;              /* of the attempt, which is committed already */
  /* (nullable) runs last in the transaction that applies the answer */
  gboolean (*settled) (RelayTx *tx, RelayPaymentRecord *record, gpointer data, GError **error);
  gpointer data;
} RelayCallBegin;

/* (transfer full) the page of a link, marked so that it asks how the payment went. @payer_key: "" when no browser is
 * there (an intent that is resumed): the cookie has it. */
char *relay_call_return_url (RelayCheckout *self, const char *token, const char *payer_key);
/* The intent is committed already: calls begin() and applies the answer. @record is replaced by the payment as it is
 * then. */
gboolean relay_call_begin (RelayCheckout *self, RelayPaymentRecord **record, const RelayCallBegin *begin,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks for the present state and applies it. No answer is no error: *record is then what we know. */
gboolean relay_call_query (RelayCheckout *self, RelayPaymentRecord **record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks to stop it and applies what it says. */
gboolean relay_call_cancel (RelayCheckout *self, RelayPaymentRecord **record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What belongs to a refund() besides the refund. Lent for the call; all zero: nothing. */
typedef struct
{
  gint64 number; /* of the attempt, when it is committed already */
  /* (nullable) runs last in the transaction that applies the answer */
  gboolean (*settled) (RelayTx *tx, RelayRefundRecord *refund, gpointer data, GError **error);
  gpointer data;
} RelayCallRefund;
/* Carries out a pending refund; *refund is then as the books have it. */
gboolean relay_call_refund (RelayCheckout *self, RelayRefundRecord **refund, const RelayCallRefund *how,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Charges (relay-charge.c, relay-refund.c, relay-left.c) ── */

/* A payment without a link whose call got lost before anybody heard of it: the same call with the same key, while
 * providers keep keys; later it is only asked about. @settled: (nullable) as in RelayCallBegin. */
gboolean relay_charge_go_on (RelayCheckout *self, RelayPaymentRecord **record,
                             gboolean (*settled) (RelayTx *tx, RelayPaymentRecord *record, gpointer data,
                                                  GError **error),
                             gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The refund under a key that was left behind: goes on and stores the answer. */
gboolean relay_refund_go_on (RelayCheckout *self, const RelayScope *scope, const char *key, const CobroId *refund_id,
                             RelayStoredAnswer *out_answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_charge_go_on_for (RelayCheckout *self, const RelayScope *scope, const char *key,
                                 const CobroId *payment_id, RelayStoredAnswer *out_answer,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keys whose holders died: their payments and refunds are gone on with and their answers stored. At most @limit;
 * @out_done: how many. The first error is given, and the others are done all the same. */
gboolean relay_left_run_once (RelayCheckout *self, CobroTime now, guint limit, guint *out_done,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @record's begin() may be sent once more: nobody has heard of it, and the provider still knows the key. */
gboolean relay_call_may_resend (const RelayPaymentRecord *record, CobroTime now);
/* The same where somebody stands there and does not know where to go on: also when asking has told us of the payment.
 * The same key gives the same payment, and with it the way. */
gboolean relay_call_may_repeat (const RelayPaymentRecord *record, CobroTime now);

/* How long the payer has, from @now: minutes at a provider's page; days to go to a bank or a shop, while the link is
 * open
 * (@link_end: 0: for ever). */
CobroTime relay_checkout_lease_end (RelayCheckout *self, guint method, CobroTime link_end, CobroTime now);

/* What a call about @record names it by. Lent: lives as long as both arguments. */
RelayTarget relay_call_target (const RelayPaymentRecord *record, const char *reference);

/* Whether the provider itself is in trouble, as opposed to saying no. */
gboolean relay_call_is_trouble (const GError *failure);
/* Asks the provider how the refund or dispute that @claim speaks of stands. (transfer full) NULL with
 * COBRO_ERROR_NOT_FOUND (it knows nothing of it), UNAVAILABLE or NO_ANSWER. */
CobroFact *relay_call_look (RelayCheckout *self, const RelayPaymentRecord *payment, const CobroFact *claim,
                            GError **error);

/* ── Cards on a page of ours (relay-embed.c) ── */

/* Notes in each of @ways whether its merchant wants the card on our page, and what the provider must know. */
void relay_embed_mark_ways (RelayCheckout *self, CobroDb *db, const RelayScope *scope, GPtrArray *ways);
/* (transfer none) (nullable) the way of @gateway that takes cards on our page and answers. */
const RelayPageWay *relay_embed_find_way (const RelayPage *page, const char *gateway);
/* Makes @page the one whose script makes a token of the card, for @amount. FALSE: the account is not there. */
gboolean relay_embed_ask_token (RelayCheckout *self, CobroDb *db, const RelayScope *scope, RelayPage *page,
                                const RelayPageWay *way, CobroMoney amount);
/* Makes @page the one on which the script goes on with @own, a payment that has begun. */
gboolean relay_embed_go_on (RelayCheckout *self, RelayPage *page, const RelayPaymentRecord *own, const char *payer_key,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes @page the one that offers to begin @way. */
void relay_embed_offer (RelayPage *page, const RelayPageWay *way);

/* ── Keys and references (relay-reference.c) ── */

/* The payment that the provider was asked to begin: this one, or the one whose second charge it is. */
const CobroId *relay_call_begun_id (const RelayPaymentRecord *payment);
/* (transfer full) the idempotency key of a payment's begin and of a refund: that of the first attempt in the books,
 * else the one that the first attempt shall have. @out_tried: there is an attempt already. */
char *relay_call_key_of_begin (RelayStore *store, CobroDb *db, const RelayPaymentRecord *payment, GError **error);
char *relay_call_key_of_refund (RelayStore *store, CobroDb *db, const RelayRefundRecord *refund, gboolean *out_tried,
                                GError **error);
/* (transfer full) what providers know the payment by: its id and our MAC. @key: of its begin. */
char *relay_reference_make (const char *key, const CobroId *payment_id);
/* A fact as it came from outside, for an account of @merchant_id: its reference becomes the payment's id when it is one
 * of ours, else something that names no payment. FALSE: the books could not be asked. */
gboolean relay_reference_open (RelayStore *store, const CobroId *merchant_id, CobroFact *fact,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Opened accounts (relay-accounts.c) ── */

/* An account with its secrets opened, kept for a second or until relay_accounts_forget(). */
typedef struct
{
  RelayAccount *account;
  CobroId merchant_id;
  gboolean enabled;
  gint64 until; /* monotonic */
} RelayOpenAccount;
/* Give back with g_atomic_rc_box_release_full() — relay_open_account_unref(). NULL with COBRO_ERROR_NOT_FOUND. */
RelayOpenAccount *relay_accounts_get (RelayCheckout *self, const char *provider, const char *id, GError **error);
void relay_open_account_unref (RelayOpenAccount *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayOpenAccount, relay_open_account_unref)
/* Somebody changed an account. */
void relay_accounts_forget (RelayCheckout *self);

/* ── Nights (relay-reconcile.c) ── */

/* Reads and compares what is due of this night's lists, a few pages at most. FALSE: a list did not come (it counts,
 * too); its turn comes again in some minutes. */
gboolean relay_reconcile_run_once (RelayCheckout *self, guint *out_pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Alarms when a night is late by more than a day. */
gboolean relay_reconcile_check (RelayCheckout *self, CobroDb *db, CobroTime now,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Books from a copy (relay-rebuild.c) ── */

/* A success that a list shows and no payment explains, by our own signed reference: makes the payment anew, without a
 * link, flagged and in quarantine until a person has looked, and settles it by the one path. @out_made: FALSE when the
 * fact does not prove that the payment was ours: nothing was written. The caller has found that no payment fits. */
gboolean relay_rebuild_payment (RelayTx *tx, const CobroId *merchant_id, const CobroFact *fact, gboolean *out_made,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── The clock (relay-clock-watch.c) ── */

/* At start: alarms when the clock is more than 60 s behind what was seen before. */
gboolean relay_clock_watch_begin (RelayCheckout *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Once a second or less: notices jumps of more than 2 s, keeps the latest time once a minute. */
gboolean relay_clock_watch_run_once (RelayCheckout *self, CobroTime now, gboolean *out_jumped,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── The books (relay-books-check.c) ── */

/* Once a day, on one relay, the newest entries are checked against the invariants. */
gboolean relay_books_check_run_once (RelayCheckout *self, CobroTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Any thread: nothing may be said to have expired. */
gboolean relay_clock_is_behind (RelayCheckout *self, CobroTime now);
/* Any thread: the time that counts for expiry: the latest that was ever seen. */
CobroTime relay_clock_expiry (RelayCheckout *self, CobroTime now);

/* ── Settings (relay-settings.c) ── */

/* (transfer full) 256 random bits. */
char *relay_settings_make_secret (RelayCheckout *self);

/* ── Single flight ── */

/* FALSE when somebody is at it already; else relay_checkout_leave() ends it. */
gboolean relay_checkout_enter (RelayCheckout *self, const char *what);
void relay_checkout_leave (RelayCheckout *self, const char *what);
/* Waits until nobody is at it, at most @us. */
void relay_checkout_wait (RelayCheckout *self, const char *what, gint64 us);

/* ── Webhooks (relay-inbox-apply.c) and workers (relay-janitor.c) ── */

/* Applies what a stored webhook says, as far as that may be now, and settles its row: done, or when to try again.
 * Blocks while providers are asked. */
gboolean relay_inbox_apply (RelayCheckout *self, const RelayInboxRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Any thread: something is due. Nothing happens when no workers run. */
void relay_janitor_wake (RelayCheckout *self);

/* ── Money (relay-apply.c) ── */

/* When an open payment is asked about next: 1, 2, 5, 15 min, then hourly to 24 h, daily to 30 d; 0: never again. */
CobroTime relay_poll_time (CobroTime created_at, gint64 polls, CobroTime now);
