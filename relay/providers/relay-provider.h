/* relay/providers/relay-provider.h — what every payment provider can be asked, and how it answers: with facts.
 * Layer: relay/providers. They translate; checkout decides. Calls block up to their deadline on a request thread; never
 * inside a database transaction. relay_provider_*() are checked wrappers around the vtable: they retry what may be
 * retried (semantics.md "Provider calls and breaker") and check what comes back. Deadlines are cobro_clock_monotonic()
 * microseconds. */
#pragma once
#include <gio/gio.h>
#include "cobro-clock.h"
#include "cobro-fact.h"
#include "cobro-link.h"
#include "cobro-net-client.h"
#include "cobro-random.h"
#include "relay-currencies.h"

typedef struct _RelayProvider RelayProvider;

/* One merchant's account at a provider, with its secrets opened. */
typedef struct
{
  char *id; /* 128 random bits, hex: the {account} of /webhooks/{provider}/{account} */
  char *provider;
  gboolean livemode;
  GHashTable *settings;       /* (element-type utf8 utf8) names as the provider's README says */
  GPtrArray *webhook_secrets; /* (element-type utf8) all that are active, newest first */
} RelayAccount;
RelayAccount *relay_account_new (void);
void relay_account_free (RelayAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAccount, relay_account_free)

typedef struct
{
  CobroId payment_id;
  const char *reference; /* ours at the provider: names the payment, signed by us; facts bring it back as it is */
  CobroMoney amount;
  const char *description;     /* seller and title */
  const char *idempotency_key; /* deterministic: (payment id, attempt number) */
  const char *return_url;      /* where the payer comes back to; proves nothing. "": no payer is on the way: whoever can
                                  charges at once (the mock's card on file), others say what the payer needs */
  const char *webhook_url;
  CobroMethods method;
  const char *payer_name, *payer_email, *payer_phone; /* "" if unknown */
  const char *locale;
  gboolean livemode;
  CobroTime expires_at;       /* the payer's time is over then; 0: not by time */
  gboolean embedded;          /* the payer's page runs the provider's script: a client secret instead of a page there */
  const char *token, *device; /* (nullable) what the provider's script made of the card in the payer's browser, and of
                                 the browser; used once, never stored: charge it now */
} RelayIntent;

/* The payment that a call is about, as the books have it. Lent for the call. */
typedef struct
{
  CobroId payment_id;
  const char *object_id; /* the provider's id, as begin() gave it; "" while it is not known */
  const char *charge_id; /* of what holds the money, where that is another object (CobroFact.charge_id); "" */
  const char *reference; /* ours at the provider */
  CobroMoney amount;
  CobroMethods method;
  CobroTime created_at; /* nothing of it can be older at the provider */
  const char *next_url; /* where begin() sent the payer; "" */
  gboolean tried;       /* REFUND: an earlier call of this very refund may have arrived */
} RelayTarget;

/* What can be set for an account, for forms and checks: each provider has a table of these. */
typedef enum
{
  RELAY_SETTING_TEXT,
  RELAY_SETTING_SECRET, /* written, never read again */
  RELAY_SETTING_NUMBER, /* whole, minimum … maximum */
  RELAY_SETTING_RANGE   /* a number, or "low-high" */
} RelaySettingKind;
typedef struct
{
  const char *name;  /* "success-rate" */
  const char *title; /* "Success rate" */
  const char *help;  /* one sentence for the merchant */
  RelaySettingKind kind;
  gboolean required;
  const char *initial; /* (nullable) what holds while it is not set */
  guint64 minimum, maximum;
} RelaySetting;
const char *relay_setting_kind_name (RelaySettingKind kind); /* "text", "secret", "number", "range" */

typedef enum
{
  RELAY_NEXT_NOTHING,
  RELAY_NEXT_REDIRECT,
  RELAY_NEXT_CLIENT_SECRET, /* a script in the payer's page goes on with it */
  RELAY_NEXT_ADDRESS,
  RELAY_NEXT_INSTRUCTIONS, /* pay by transfer or in a shop: details */
} RelayNext;

/* One visit to a page that the provider serves itself: only stand-ins on our own host do (mock). */
typedef struct
{
  gboolean post;               /* GET or POST; no other method gets here */
  const char *path;            /* below "/<provider>/", decoded: "pay/mp_…" */
  GHashTable *form;            /* (nullable) (element-type utf8 utf8) POST */
  const char *accept_language; /* (nullable) */
} RelayVisit;

/* Its answer: a page, or a redirect (303). */
typedef struct
{
  guint status;
  char *html;          /* NULL when redirect_url is set */
  char *style_sources; /* for the page's CSP: "'sha256-…'" */
  char *form_hosts;    /* for the page's CSP form-action; "" if 'self' is enough */
  char *redirect_url;
} RelayVisitAnswer;
void relay_visit_answer_free (RelayVisitAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayVisitAnswer, relay_visit_answer_free)

/* What begin() gives back. */
typedef struct
{
  CobroFact *fact;     /* the state after the call: pending, action_needed, succeeded, failed … */
  RelayNext next;      /* what the payer has to do */
  char *redirect_url;  /* REDIRECT: absolute URL of the provider's page */
  char *client_secret; /* CLIENT_SECRET */
  char *publishable_key;
  char *account;       /* connected account, "" if none */
  GHashTable *details; /* (nullable) (element-type utf8 utf8) INSTRUCTIONS: "kind" (transfer, store), "reference",
                          "bank", "clabe", "agreement", "barcode-url", "due" (RFC 3339); "hosted-url" of a voucher */
} RelayBegun;
void relay_begun_free (RelayBegun *begun);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayBegun, relay_begun_free)

/* One page of what changed at the provider. */
typedef struct
{
  GPtrArray *facts; /* (element-type CobroFact) payments and refunds as they are now, source JANITOR */
  char *next;       /* cursor of the next page; NULL: this was the last */
} RelayListing;
void relay_listing_free (RelayListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayListing, relay_listing_free)

typedef struct
{
  const char *name;   /* "mock" */
  const char *title;  /* what buyers read: "Test card" */
  guint methods;      /* CobroMethods it can do */
  gboolean test_only; /* refuses livemode accounts */
  const RelaySetting *settings;
  guint n_settings;
  const RelayCurrencies *currencies; /* (nullable) what it takes, in its own units; NULL: everything in ours */
  guint needs;                       /* CobroCollect: what begin() must know of the payer */
  gboolean embeds;                   /* begin() knows RelayIntent.embedded */
  gboolean takes_tokens;             /* begin() knows RelayIntent.token */
  /* (nullable) names of the settings with which the provider's script makes a token of the card in the payer's browser,
   * before begin(): the merchant's key for browsers, and who the merchant is. NULL: begin() comes first, and the script
   * goes on with what it says (CLIENT_SECRET). */
  const char *token_key, *token_account;

  /* Creates the payment at the provider; the same key or the same payment id again gives the same payment and the same
   * answer. NULL with COBRO_ERROR_PROVIDER (refused: nothing happened there), COBRO_ERROR_UNAVAILABLE (429, 503:
   * nothing happened there, trying again makes sense) or COBRO_ERROR_NO_ANSWER (unknown whether it happened). */
  RelayBegun *(*begin) (RelayProvider *self, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
                        GError **error);
  /* Asks for the present state by the provider's id, or by our reference when the id is not known ("" id). NULL with
   * COBRO_ERROR_NOT_FOUND (the provider never saw it) or NO_ANSWER. */
  CobroFact *(*query) (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                       GError **error);
  /* Asks to stop a payment that is not final; the answer is the state after it. */
  CobroFact *(*cancel) (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                        GError **error);
  /* Gives money back; the fact is REFUNDED, REFUND_FAILED or (taken on, not sent yet) REFUND_PENDING; refund_id and
   * amount set. */
  CobroFact *(*refund) (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
                        const char *idempotency_key, gint64 deadline, GError **error);
  /* Asks about a refund by the provider's id, or ("" id) by the key it was sent with. NOT_FOUND: never seen. */
  CobroFact *(*query_refund) (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                              const char *refund_id, const char *idempotency_key, gint64 deadline, GError **error);
  /* (nullable) asks how the dispute about a payment stands: a DISPUTE_… fact. NOT_FOUND: there is none. */
  CobroFact *(*query_dispute) (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                               gint64 deadline, GError **error);
  /* One page of the account's payments and refunds that changed at or after @since, in an order that loses none while
   * others change. @cursor: NULL for the first page. Event ids derive from (object, state), as those of answers do. */
  RelayListing *(*list) (RelayProvider *self, const RelayAccount *account, CobroTime since, const char *cursor,
                         gint64 deadline, GError **error);
  /* Verifies the MAC over the raw bytes BEFORE parsing, with every active secret, constant time, timestamp ± 300 s.
   * FALSE with COBRO_ERROR_SIGNATURE, or COBRO_ERROR_CONFIG when no secret of ≥ 16 bytes is set. @out_event_id: the
   * provider's name for the event; NULL when an authentic body does not say. */
  gboolean (*verify) (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
                      char **out_event_id, GError **error);
  /* What a verified body says, on a worker. Says it nothing about money: an empty array. NULL with COBRO_ERROR_INVALID:
   * not understood (yet). (element-type CobroFact) */
  GPtrArray *(*read) (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
  /* (nullable) what a verified body has to say to the merchant, in words ("Verification code: …"); NULL: nothing. */
  char *(*tell) (RelayProvider *self, const RelayAccount *account, GBytes *raw);
  /* (nullable) pages of its own below "/<name>/". NULL with COBRO_ERROR_NOT_FOUND. */
  RelayVisitAnswer *(*serve) (RelayProvider *self, const RelayVisit *visit, GError **error);
  /* (nullable) checks settings in words the merchant understands. */
  gboolean (*check_settings) (RelayProvider *self, const RelayAccount *account, GError **error);
  /* Asks something harmless that needs the account's keys. FALSE with the reason in the merchant's words: PROVIDER
   * (keys refused), UNAVAILABLE or NO_ANSWER. @out_words: what was found: "test account, answers in 120 ms". */
  gboolean (*test) (RelayProvider *self, const RelayAccount *account, gint64 deadline, char **out_words,
                    GError **error);
  void (*free) (RelayProvider *self);
} RelayProviderClass;

typedef enum
{
  RELAY_CALL_BEGIN,
  RELAY_CALL_QUERY,
  RELAY_CALL_CANCEL,
  RELAY_CALL_REFUND,
  RELAY_CALL_LIST,
  RELAY_CALL_TEST
} RelayCallKind;
const char *relay_call_kind_name (RelayCallKind kind); /* "begin", "query", "cancel", "refund", "list", "test" */

/* Told after every single try, on the thread that made it; @error is NULL when the provider answered. */
typedef void (*RelayCallWatch) (RelayProvider *provider, RelayCallKind kind, const char *reference, guint try_number,
                                gint64 duration_us, const GError *error, gpointer data);

struct _RelayProvider
{
  const RelayProviderClass *class;
  CobroClock *clock;
  CobroRandom *random;
  RelayCallWatch watch; /* (nullable) set by the composition before the first call */
  gpointer watch_data;
  /* (nullable) waits between tries; NULL waits really. Tests move their fake clock here. */
  void (*wait) (RelayProvider *self, gint64 us);
};

/* Waits @us, or as self->wait says. */
void relay_provider_wait (RelayProvider *self, gint64 us);

/* Checked wrappers. In: mode and test_only agree, deadline not passed. Retried inside the deadline, at most 3 tries
 * with full jitter U[0, min(2 s, 100 ms × 2^n)]: begin and refund (they carry a key) and questions after UNAVAILABLE
 * and NO_ANSWER; cancel and test are not. After a lost try, a later UNAVAILABLE stays NO_ANSWER, and of begin and
 * refund a later PROVIDER, too. Out: a fact that is not of this provider, account and mode, has no event id, no payment
 * id or (where money moved) no positive amount leaves open what happened: COBRO_ERROR_NO_ANSWER "… answered nonsense";
 * in a webhook it is COBRO_ERROR_FORBIDDEN. */
RelayBegun *relay_provider_begin (RelayProvider *self, const RelayAccount *account, const RelayIntent *intent,
                                  gint64 deadline, GError **error);
CobroFact *relay_provider_query (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                                 gint64 deadline, GError **error);
CobroFact *relay_provider_cancel (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                                  gint64 deadline, GError **error);
CobroFact *relay_provider_refund (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                                  CobroMoney amount, const char *idempotency_key, gint64 deadline, GError **error);
CobroFact *relay_provider_query_refund (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                                        const char *refund_id, const char *idempotency_key, gint64 deadline,
                                        GError **error);
/* COBRO_ERROR_NOT_FOUND also for providers that cannot be asked. */
CobroFact *relay_provider_query_dispute (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                                         gint64 deadline, GError **error);
RelayListing *relay_provider_list (RelayProvider *self, const RelayAccount *account, CobroTime since,
                                   const char *cursor, gint64 deadline, GError **error);
gboolean relay_provider_test (RelayProvider *self, const RelayAccount *account, gint64 deadline, char **out_words,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_provider_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                                CobroTime now, char **out_event_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *relay_provider_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
/* (transfer full) (nullable) what a verified body says to the merchant. */
char *relay_provider_tell (RelayProvider *self, const RelayAccount *account, GBytes *raw);
/* Whether it can take @amount at all: COBRO_ERROR_INVALID at "amount" or "currency", in the payer's words. */
gboolean relay_provider_check_amount (RelayProvider *self, CobroMoney amount, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One value by the provider's table: COBRO_ERROR_INVALID at the setting's name. */
gboolean relay_provider_check_setting (RelayProvider *self, const char *name, const char *value,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) the table's line of @name. */
const RelaySetting *relay_provider_find_setting (RelayProvider *self, const char *name);
/* That it is an account of this provider, in a mode that it takes. COBRO_ERROR_CONFIG. */
gboolean relay_provider_check_account (RelayProvider *self, const RelayAccount *account,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_provider_check_settings (RelayProvider *self, const RelayAccount *account, GError **error);
/* NULL with NOT_FOUND when the provider has no pages. */
RelayVisitAnswer *relay_provider_serve (RelayProvider *self, const RelayVisit *visit, GError **error);
void relay_provider_free (RelayProvider *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayProvider, relay_provider_free)

/* The registry: providers by name. */
typedef struct _RelayProviders RelayProviders;
RelayProviders *relay_providers_new (void);
void relay_providers_add (RelayProviders *self, RelayProvider *take_provider);
RelayProvider *relay_providers_find (RelayProviders *self, const char *name); /* (nullable) */
/* Providers in the order they were added. */
guint relay_providers_count (RelayProviders *self);
RelayProvider *relay_providers_get (RelayProviders *self, guint i);
void relay_providers_free (RelayProviders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayProviders, relay_providers_free)
