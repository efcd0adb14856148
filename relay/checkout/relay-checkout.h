/* relay/checkout/relay-checkout.h — where money is decided: begin, confirm, webhooks, and the one path by which a fact
 * changes a payment.
 * Layer: relay/checkout. Any thread; functions that talk to a provider say so and block up to their deadline. */
#pragma once
#include "relay-inbox-store.h"
#include "relay-page.h"
#include "relay-payment-store.h"
#include "relay-provider.h"

typedef struct _RelayCheckout RelayCheckout;

/* Everything is lent and outlives the checkout. 0 takes the default. */
typedef struct
{
  RelayStore *store;
  RelayProviders *providers;
  CobroClock *clock;
  CobroRandom *random;
  const char *public_url; /* "https://pay.example", no slash at the end; copied */
  gint64 lease;           /* microseconds a payer has at the provider's page: 10 min */
  gint64 call_deadline;   /* microseconds one provider call may take, retries included: 10 s */
  gboolean restoring;     /* the books came back from a copy and are not served yet: payments of ours that lists show
                             and the books lack are made anew */
} RelayCheckoutConfig;

RelayCheckout *relay_checkout_new (const RelayCheckoutConfig *config);
/* Stops the workers (relay-janitor.h) first. */
void relay_checkout_free (RelayCheckout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayCheckout, relay_checkout_free)
/* Once the listening address is known (port 0): before the first begin. */
void relay_checkout_set_public_url (RelayCheckout *self, const char *public_url);

/* The payer's key: 48 hex digits that tell one browser from another. The page sets it as a cookie ("payer", HttpOnly,
 * path /pay) and the provider's return URL carries it ("/back/<key>"); it lets a payer come back to their own
 * attempt and proves nothing else. */

/* What somebody wants to pay. Lent for the call. */
typedef struct
{
  const char *token;        /* of the link, as in the URL */
  const char *payer_key;    /* (nullable) as the browser sent it; anything malformed counts as none */
  CobroMoney amount;        /* unset: what is due (fixed price, preset, or the rest) */
  const gint64 *quantities; /* (nullable) (array length=n_quantities) of the lines, in order */
  gsize n_quantities;
  guint method;        /* CobroMethods, one; 0: the first that is offered */
  const char *gateway; /* (nullable) "mock"; NULL: the first that offers the method */
  const char *payer_name, *payer_email, *payer_phone, *payer_address; /* (nullable) */
  GHashTable *payer_fields;    /* (nullable) (element-type utf8 utf8) key of the link's question → answer */
  GHashTable *metadata;        /* (nullable) (element-type utf8 utf8) besides the link's own, and before them */
  const char *idempotency_key; /* (nullable) of an API caller: on record with the payment */
  const char *locale;          /* (nullable) of the payer */
  gboolean embedded;           /* the payer's page runs the provider's script (where the gateway can) */
  const char *card_token,
    *device;        /* (nullable) what that script made of the card, and of the browser: used, never stored */
  gboolean give_up; /* cancel my own open attempt, then begin anew */
  gboolean once;    /* this payer's key stands for one attempt alone: when it has ended, that is the answer */
} RelayBegin;

/* How beginning went. */
typedef struct
{
  char *payer_key;       /* for the cookie: the given one, or a new one */
  CobroPayment *payment; /* (nullable) as it is now; NULL when none was begun */
  RelayNext next;        /* REDIRECT: send the payer to url; CLIENT_SECRET, ADDRESS: the rest; NOTHING: show the page */
  char *url;
  char *client_secret, *publishable_key, *connected_account;
} RelayBeginResult;
void relay_begin_result_free (RelayBeginResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayBeginResult, relay_begin_result_free)

/**
 * relay_checkout_begin:
 * @out_wait: (out) (optional): seconds, with %COBRO_ERROR_BUSY and %COBRO_ERROR_UNAVAILABLE
 *
 * Leases a slot, commits payment and intent, calls the provider outside any transaction with a deterministic key,
 * applies its answer. The payer who has an open attempt gets that one back (same amount, way and quantities), or has it
 * cancelled at the provider first (give_up, or anything differs). An unclear answer is no error: the payment is
 * "unknown" and the janitor asks.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_NOT_FOUND (unknown token), _GONE (replaced, expired, used up,
 * cancelled), _STATE (paused, scheduled, draft), _BUSY (somebody else is paying), _INVALID (path: "amount",
 * "quantities[1]", "email", "fields.size", "method" …), _UNAVAILABLE (the provider's breaker is open)
 */
RelayBeginResult *relay_checkout_begin (RelayCheckout *self, const RelayBegin *begin, gint64 *out_wait, GError **error);

/**
 * relay_checkout_begin_form:
 * @form: (element-type utf8 utf8): as posted by the page, names as in relay-page.h
 * @out_page: (out): (transfer full): set when there is nowhere to send the payer: what to show instead, with the
 * reason, the values typed and their errors
 *
 * As relay_checkout_begin() for the page without scripts.
 *
 * Returns: (transfer full): with next REDIRECT, or url a path of ours to go on at; or %NULL and *@out_page; or %NULL
 * and @error for faults of ours only
 */
RelayBeginResult *relay_checkout_begin_form (RelayCheckout *self, const char *token, const char *payer_key,
                                             GHashTable *form, const char *locale, char **out_payer_key,
                                             RelayPage **out_page, GError **error);

/**
 * relay_checkout_confirm:
 * @payer_key: whose payment to ask about
 *
 * Asks the provider about this payer's newest payment of the link, if it is not final, and applies what it says. At
 * most one call per payment at a time and one every 2 seconds; otherwise returns what is known. The return page and
 * INV-5 call this; the browser's word is not used.
 *
 * Returns: (transfer full): the payment as it is now; %NULL with %COBRO_ERROR_NOT_FOUND
 */
CobroPayment *relay_checkout_confirm (RelayCheckout *self, const char *token, const char *payer_key, GError **error);
/* The same by the provider's payment id (INV-5's paymentIntentId); it must belong to this link. */
CobroPayment *relay_checkout_confirm_object (RelayCheckout *self, const char *token, const char *provider_payment_id,
                                             GError **error);
/* The same by any name of a payment of this link: our id, our reference at the provider, or an id of the provider's;
 * NULL: the newest. */
CobroPayment *relay_checkout_confirm_named (RelayCheckout *self, const char *token, const char *name, GError **error);
/* Whether @link takes payments now, as far as its decisions, its uses and the clock say: FALSE with NOT_FOUND (draft),
 * GONE (expired, used up, cancelled) or STATE. */
gboolean relay_checkout_check_open (RelayCheckout *self, const RelayLinkRecord *link,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Cancels an open payment at the provider (OPF-1). COBRO_ERROR_STATE when it is final or too late. */
CobroPayment *relay_checkout_cancel (RelayCheckout *self, const RelayScope *scope, const CobroId *payment_id,
                                     GError **error);

/**
 * relay_checkout_page:
 * @payer_key: (nullable): the cookie, or the return URL's
 *
 * What this payer is to be shown, from one snapshot; asks no provider, writes nothing. An unknown token is a page, too.
 *
 * Returns: (transfer full): %NULL only for faults of ours
 */
RelayPage *relay_checkout_page (RelayCheckout *self, const char *token, const char *payer_key, GError **error);
/* The same on a thread that others wait for: NULL without an error where a whole document would have to be read. */
RelayPage *relay_checkout_page_soon (RelayCheckout *self, const char *token, const char *payer_key, GError **error);

/* The same for the page on which @gateway's script takes the card: state EMBEDDED where there is such a page for this
 * payer now, and otherwise what relay_checkout_page() says. */
RelayPage *relay_checkout_page_with (RelayCheckout *self, const char *token, const char *payer_key, const char *gateway,
                                     GError **error);

/**
 * relay_checkout_receive:
 * @headers: (element-type utf8 utf8): lower-case names
 * @raw: the body, unparsed
 *
 * A provider's webhook: verified before anything is parsed, stored, committed. Answer 200 when this returns %TRUE (also
 * for one that we have already). Applying starts at once on a worker.
 *
 * Returns: %FALSE with %COBRO_ERROR_NOT_FOUND (no such account), _SIGNATURE (401), _UNAVAILABLE (not configured, disk
 * full: 503)
 */
gboolean relay_checkout_receive (RelayCheckout *self, const char *provider, const char *account, GHashTable *headers,
                                 GBytes *raw, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_checkout_apply:
 *
 * The one path by which a fact changes a payment: bound to account, mode, object id or our reference, currency and
 * amount; forward-only through cobro_payment_step(); state, ledger, sums, event and outbox in this transaction.
 *
 * Returns: %FALSE only when the books failed; what was decided is in *@out_verdict
 */
gboolean relay_checkout_apply (RelayTx *tx, const CobroFact *fact, RelayVerdict *out_verdict,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
