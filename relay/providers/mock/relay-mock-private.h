/* relay/providers/mock/relay-mock-private.h — the gateway's inside: what its files share.
 * Layer: relay/providers (mock only). Functions with a CobroDb run inside a transaction on the writer's thread. */
#pragma once
#include "cobro-db-writer.h"
#include "relay-mock.h"
#include "relay-template-loader.h"

#define RELAY_MOCK_NAME "mock"

/* A row of payments. The state is told in the words of facts: PENDING (card form), ACTION_NEEDED (challenge),
 * PROCESSING, SUCCEEDED, FAILED, CANCELLED. */
typedef struct
{
  gint64 number;
  char *id, *account, *reference, *key;
  CobroMoney amount;
  CobroMoney captured; /* unset until paid */
  CobroFactKind state;
  char *brand, *last4; /* "" until a card was typed */
  char *failure_code;
  char *dispute; /* "" or the name of a DISPUTE_… fact */
  char *description, *return_url, *language;
  CobroTime due_at; /* 0: nothing happens by itself */
  CobroTime created_at, updated_at;
} RelayMockPayment;
void relay_mock_payment_free (RelayMockPayment *payment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMockPayment, relay_mock_payment_free)

/* ── relay-mock-options.c ── */

#define RELAY_MOCK_N_SETTINGS 12
/* Every option but the seed, as a setting of an account. */
extern const RelaySetting relay_mock_settings[RELAY_MOCK_N_SETTINGS];
/* Sets what @account's settings say. */
gboolean relay_mock_options_of_account (RelayMockOptions *self, const RelayAccount *account, GError **error);
/* (transfer full) the account's settings as one line for relay_mock_options_read(). */
char *relay_mock_options_to_line (const RelayAccount *account);

/* ── relay-mock-dice.c: what the amount and the seed decide ── */

/* Outcomes that are asked for by the last two digits of the amount. */
typedef enum
{
  RELAY_MOCK_TRIGGER_NONE = 0,
  RELAY_MOCK_TRIGGER_DECLINE = 2,
  RELAY_MOCK_TRIGGER_CHALLENGE = 5,
  RELAY_MOCK_TRIGGER_SLOW = 19,
  RELAY_MOCK_TRIGGER_LOST_ANSWER = 27,
  RELAY_MOCK_TRIGGER_DISPUTE_WON = 31,
  RELAY_MOCK_TRIGGER_DISPUTE_LOST = 33,
  RELAY_MOCK_TRIGGER_TOO_MANY = 41,
  RELAY_MOCK_TRIGGER_TWO_ERRORS = 55,
  RELAY_MOCK_TRIGGER_HOOK_TWICE = 69,
  RELAY_MOCK_TRIGGER_HOOK_FIRST = 77,
  RELAY_MOCK_TRIGGER_NO_HOOK = 88,
  RELAY_MOCK_TRIGGER_LATE_SUCCESS = 95,
} RelayMockTrigger;
RelayMockTrigger relay_mock_trigger (CobroMoney amount);
/* The same for the same (seed, number, purpose), whatever else happened: uniform in [0, bound). */
guint64 relay_mock_throw (const RelayMockOptions *options, gint64 number, const char *purpose, guint64 bound);
/* TRUE in @percent of 100 throws. */
gboolean relay_mock_chance (const RelayMockOptions *options, gint64 number, const char *purpose, guint percent);
/* Uniform in [minimum, maximum] milliseconds, in microseconds. */
gint64 relay_mock_delay (const RelayMockOptions *options, gint64 number, const char *purpose, guint minimum,
                         guint maximum);

/* ── relay-mock-cards.c: what is typed into the card form ── */

typedef enum
{
  RELAY_MOCK_CARD_PAYS,
  RELAY_MOCK_CARD_DECLINES,
  RELAY_MOCK_CARD_ASKS
} RelayMockCardOutcome;

typedef struct
{
  const char *brand; /* "visa" */
  char last4[5];
  RelayMockCardOutcome outcome;
  const char *failure_code; /* DECLINES */
} RelayMockCard;

/* Text keys of what is wrong with each field; NULL where nothing is. */
typedef struct
{
  const char *number, *expiry, *cvc;
} RelayMockCardErrors;

/* FALSE and @out_errors when something is wrong. Keeps nothing but brand and last four digits. */
gboolean relay_mock_card_read (const char *number, const char *expiry, const char *cvc, CobroTime now,
                               RelayMockCard *out_card, RelayMockCardErrors *out_errors);

/* ── relay-mock-books.c: rows ── */

GPtrArray *relay_mock_books_migrations (CobroDb *db, GError **error);
/* Counts the call; the row is made at the first one. */
gboolean relay_mock_books_visit (CobroDb *db, const char *account, const char *reference, RelayCallKind kind,
                                 gint64 *out_number, gint64 *out_count, GError **error);
/* @url, @secret: (nullable): NULL leaves them. @options: "name=value …". Writes only what is new. */
gboolean relay_mock_books_set_endpoint (CobroDb *db, const char *account, const char *url, const char *secret,
                                        const char *options, GError **error);
/* (transfer full) the account's "name=value …"; "" when it has none. */
char *relay_mock_books_dup_options (CobroDb *db, const char *account, GError **error);
/* (transfer full) NULL with NOT_FOUND. @account NULL: any. */
RelayMockPayment *relay_mock_books_find (CobroDb *db, const char *account, const char *id, GError **error);
RelayMockPayment *relay_mock_books_find_reference (CobroDb *db, const char *account, const char *reference,
                                                   GError **error);
gboolean relay_mock_books_insert (CobroDb *db, const RelayMockPayment *payment, GError **error);
gboolean relay_mock_books_update (CobroDb *db, const RelayMockPayment *payment, GError **error);
/* (transfer full) the payment that is due first at @now; NULL with NOT_FOUND. */
RelayMockPayment *relay_mock_books_find_due (CobroDb *db, CobroTime now, GError **error);

typedef struct
{
  char *id;
  CobroMoney amount;
  gboolean succeeded;
  CobroTime created_at;
} RelayMockRefund;
void relay_mock_refund_free (RelayMockRefund *refund);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMockRefund, relay_mock_refund_free)
/* By its id, or (@id "") by its key. NULL with NOT_FOUND. */
RelayMockRefund *relay_mock_books_find_refund (CobroDb *db, const RelayMockPayment *payment, const char *id,
                                               const char *key, GError **error);
gboolean relay_mock_books_sum_refunds (CobroDb *db, const RelayMockPayment *payment, CobroMoney *out_sum,
                                       GError **error);
gboolean relay_mock_books_insert_refund (CobroDb *db, const RelayMockPayment *payment, const RelayMockRefund *refund,
                                         const char *key, CobroTime now, GError **error);

/* One page of an account's list: payments in the order of their last change, then refunds. */
typedef struct
{
  const char *account;
  CobroTime since;
  gboolean refunds; /* which half */
  CobroTime after;  /* the last one seen: its time and its tie-breaker */
  char *after_id;
  guint limit;
} RelayMockPage;
/* (transfer full) (element-type RelayMockPayment); @out_refunds: (nullable) one for each, in the second half */
GPtrArray *relay_mock_books_list (CobroDb *db, const RelayMockPage *page, GPtrArray **out_refunds, GError **error);

/* Each needs a transaction and keeps what it is given. */
gboolean relay_mock_books_insert_event (CobroDb *db, const char *id, const RelayMockPayment *payment, const char *body,
                                        CobroTime now, GError **error);
gboolean relay_mock_books_insert_delivery (CobroDb *db, const char *event_id, const char *variant, CobroTime due_at,
                                           GError **error);

/* A webhook that is to be sent, with everything it takes. */
typedef struct
{
  gint64 id;
  char *account, *body, *variant;
  char *url, *secret; /* NULL: the account has no endpoint */
  gint64 tries;
  CobroTime created_at;
} RelayMockDelivery;
void relay_mock_delivery_free (RelayMockDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMockDelivery, relay_mock_delivery_free)
/* The first that is due at @now; @payment_id (nullable): of this payment only. NULL with NOT_FOUND. */
RelayMockDelivery *relay_mock_books_find_delivery (CobroDb *db, CobroTime now, const char *payment_id, GError **error);
gboolean relay_mock_books_update_delivery (CobroDb *db, gint64 id, const char *state, gint64 tries, CobroTime due_at,
                                           GError **error);
/* When the first payment or delivery is due; 0: nothing is. */
gboolean relay_mock_books_next_due (CobroDb *db, CobroTime *out_due, GError **error);

/* ── relay-mock-bank.c: what becomes of a payment ── */

typedef struct
{
  const RelayMockOptions *options;
  CobroRandom *random;
  CobroTime now;
} RelayMockBank;

/* "mp_…", "mr_…", "me_…": 24 random hex digits. (transfer full) */
char *relay_mock_new_id (CobroRandom *random, const char *prefix);
/* Brings the payment into @state and tells its account. */
gboolean relay_mock_bank_move (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, CobroFactKind state,
                               const char *failure_code, GError **error);
/* What becomes of a payment by itself when its time has come: paid after all, disputed, decided. */
gboolean relay_mock_bank_ripen (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, GError **error);
/* The gateway's options as this account wants them. */
gboolean relay_mock_bank_options (const RelayMockOptions *usual, CobroDb *db, const char *account,
                                  RelayMockOptions *out_options, GError **error);
/* The buyer has typed a card. */
gboolean relay_mock_bank_charge (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment,
                                 const RelayMockCard *card, GError **error);
/* The buyer has answered the challenge. */
gboolean relay_mock_bank_answer (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, gboolean approved,
                                 GError **error);
/* NULL with PROVIDER when it is refused. */
RelayMockRefund *relay_mock_bank_refund (const RelayMockBank *bank, CobroDb *db, const RelayMockPayment *payment,
                                         CobroMoney amount, const char *key, GError **error);

/* ── relay-mock-hooks.c: webhooks, their signing and checking ── */

/* (transfer full) the body of an event about @payment and (nullable) @refund. */
char *relay_mock_hooks_body (const char *event_id, const char *type, const RelayMockPayment *payment,
                             const RelayMockRefund *refund, CobroTime now);
/* (transfer full) "t=…" header value over "<timestamp>.<body>": "v1=<64 hex digits>". */
char *relay_mock_hooks_sign (const char *secret, const char *timestamp, const char *body);
/* Sends one; TRUE when the answer was 2xx. */
gboolean relay_mock_hooks_send (const RelayMockDelivery *delivery, const char *hook_base, CobroTime now,
                                RelayMockPost post, gpointer post_data);
/* When to try again after @tries; 0: give up. */
CobroTime relay_mock_hooks_next_try (const RelayMockDelivery *delivery, CobroTime now);
/* As RelayProviderClass. */
gboolean relay_mock_hooks_verify (const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
                                  char **out_event_id, GError **error);
GPtrArray *relay_mock_hooks_read (GBytes *raw, GError **error);
/* (transfer full) what an answer of ours says. @refund: (nullable) */
CobroFact *relay_mock_fact (const RelayMockPayment *payment, const RelayMockRefund *refund, CobroTime now);
/* (transfer full) how the dispute stands; there must be one. */
CobroFact *relay_mock_dispute_fact (const RelayMockPayment *payment);

/* ── relay-mock-pages.c: the card form and the challenge ── */

typedef struct _RelayMockPages RelayMockPages;
/* Compiles both pages in every language. */
RelayMockPages *relay_mock_pages_new (GError **error);
void relay_mock_pages_free (RelayMockPages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMockPages, relay_mock_pages_free)
RelayVisitAnswer *relay_mock_pages_card (RelayMockPages *self, const RelayMockPayment *payment,
                                         const RelayMockCardErrors *errors, const char *accept_language);
RelayVisitAnswer *relay_mock_pages_challenge (RelayMockPages *self, const RelayMockPayment *payment,
                                              const char *accept_language);

/* ── relay-mock.c: the provider itself ── */

typedef struct
{
  RelayProvider parent;
  RelayMockOptions options;
  CobroDbWriter *writer; /* the only connection: all reading and writing goes through it, in order */
  RelayMockPages *pages;
  RelayMockPost post;
  gpointer post_data;

  GMutex lock; /* guards what follows */
  GCond changed;
  char *public_url; /* NULL until it is known */
  char *hook_base;
  GThread *thread;
  gboolean stopping;
  gboolean woken;
  gint looks; /* atomic: throws of the dice for calls that only look */
} RelayMock;

/* Looks again for what is due. */
void relay_mock_wake (RelayMock *self);
/* (transfer full) NULL with UNAVAILABLE before the addresses are known. */
char *relay_mock_dup_public_url (RelayMock *self, GError **error);
/* Sends what is due of one payment, now, on this thread (trigger 77). */
void relay_mock_send_payment (RelayMock *self, const char *payment_id);

/* ── relay-mock-api.c and relay-mock-visit.c: the vtable ── */

/* As RelayProviderClass says. */
RelayBegun *relay_mock_api_begin (RelayProvider *provider, const RelayAccount *account, const RelayIntent *intent,
                                  gint64 deadline, GError **error);
CobroFact *relay_mock_api_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                                 gint64 deadline, GError **error);
CobroFact *relay_mock_api_query_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                                        const char *refund_id, const char *idempotency_key, gint64 deadline,
                                        GError **error);
CobroFact *relay_mock_api_query_dispute (RelayProvider *provider, const RelayAccount *account,
                                         const RelayTarget *target, gint64 deadline, GError **error);
RelayListing *relay_mock_api_list (RelayProvider *provider, const RelayAccount *account, CobroTime since,
                                   const char *cursor, gint64 deadline, GError **error);
gboolean relay_mock_api_test (RelayProvider *provider, const RelayAccount *account, gint64 deadline, char **out_words,
                              GError **error);
CobroFact *relay_mock_api_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                                  gint64 deadline, GError **error);
CobroFact *relay_mock_api_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                                  CobroMoney amount, const char *idempotency_key, gint64 deadline, GError **error);
RelayVisitAnswer *relay_mock_visit_serve (RelayProvider *provider, const RelayVisit *visit, GError **error);
