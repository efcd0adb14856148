/* relay/providers/flutterwave/relay-flutterwave-private.h — what the files of this adapter share.
 * Layer: relay/providers (flutterwave). Any thread. */
#pragma once
#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-flutterwave.h"

extern const RelayCurrencies relay_flutterwave_currencies;

#define RELAY_FLUTTERWAVE_RETRIES 1 /* on the hosted page, after a decline */

/* ── Asking, answers (relay-flutterwave-talk.c) ─────────────────────────────────────────────────────────────── */

/* Where a conversation stands: talk->notes[0] holds the name of what was asked last. The other notes: */
enum
{
  RELAY_FLUTTERWAVE_NOTE_STAGE,
  RELAY_FLUTTERWAVE_NOTE_BEST,  /* the best transaction of a tx_ref so far, as JSON */
  RELAY_FLUTTERWAVE_NOTE_WORDS, /* what Flutterwave said when it refused; flw_ref of a disputed transaction */
  RELAY_FLUTTERWAVE_NOTE_REST, /* list: what is still to be looked at; refund: of which transaction; query: a stroke for
                                  each failed try */
};

/* TRUE when @stage was asked last; NULL: nothing was asked yet. */
gboolean relay_flutterwave_is_at (const RelayTalk *talk, const char *stage);
void relay_flutterwave_note (RelayTalk *talk, guint note, const char *text);
const char *relay_flutterwave_noted (const RelayTalk *talk, guint note); /* "" if nothing was */
/* Fills @ask with a GET and moves to @stage. @safe: nothing is open when its answer is lost. */
RelayTalkStep relay_flutterwave_get (RelayTalk *talk, RelayAsk *ask, const char *stage, char *take_path, gboolean safe);
/* The same with a POST of JSON; never safe. */
RelayTalkStep relay_flutterwave_post (RelayTalk *talk, RelayAsk *ask, const char *stage, char *take_path,
                                      char *take_json);
/* The envelope of a success. NULL with NOT_FOUND ("no transaction was found"), PROVIDER (refused, whether as 4xx or as
 * status "error" under 200), UNAVAILABLE or NO_ANSWER. */
CobroWireObject *relay_flutterwave_open (const CobroNetAnswer *answer, gboolean safe, GError **error);
/* After something was set in motion: whatever went wrong, nobody knows how it ended. Always RELAY_TALK_FAILED. */
RelayTalkStep relay_flutterwave_unclear (GError *take_failure, GError **error);
/* (transfer full) "2026-11-21" of @time moved by @days. */
char *relay_flutterwave_date (CobroTime time, int days);
/* "<path>?from=…&to=…&page=…" over everything since @since. (transfer full) */
char *relay_flutterwave_pages (const RelayTalk *talk, const char *path, CobroTime since, gint64 page);
/* (transfer full) the objects under "data"; NULL with INVALID when it is not an array of them: nothing may be concluded
 * from a list that cannot be read. */
GPtrArray *relay_flutterwave_list_of (CobroWireObject *envelope, GError **error);
/* Whether there is a page after @page. */
gboolean relay_flutterwave_has_more (CobroWireObject *envelope, gint64 page);

/* ── Transactions (relay-flutterwave-read.c) ────────────────────────────────────────────────────────────────── */

/* One transaction, as verify, lists and webhooks show it. */
typedef struct
{
  char *id; /* Flutterwave's number, as text */
  char *tx_ref, *flw_ref;
  char *currency, *status;
  CobroMoney amount; /* what was asked of the payer and paid; never charged_amount, which has fees in it */
  CobroFactKind kind;
  char *detail;  /* "visa •••• 4242", "mobilemoneygh" */
  char *failure; /* the processor's words */
  CobroTime created_at;
} RelayFlutterwaveTransaction;
void relay_flutterwave_transaction_clear (RelayFlutterwaveTransaction *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayFlutterwaveTransaction, relay_flutterwave_transaction_clear)

/* FALSE with INVALID: something is missing, or has a value that we do not know (a new status, say). */
gboolean relay_flutterwave_read_transaction (CobroWireObject *data, RelayFlutterwaveTransaction *out_transaction,
                                             GError **error);
/* (transfer full) @open: the payer may be on the hosted page still, and try again there: a failure is no end. */
CobroFact *relay_flutterwave_fact (const RelayAccount *account, const RelayFlutterwaveTransaction *transaction,
                                   gboolean open);
/* (transfer full) nobody has paid anything (yet): PENDING, or CANCELLED when nobody will. */
CobroFact *relay_flutterwave_bare_fact (const RelayAccount *account, CobroFactKind kind, const char *tx_ref,
                                        CobroMoney amount, CobroTime now);
/* The hosted page that the payer was sent to; NULL: to none. */
const char *relay_flutterwave_page (const RelayTarget *target);
/* What the target is called there: whoever asks about what came from there may not have made our reference anew. */
const char *relay_flutterwave_tx_ref (const RelayTarget *target);
/* Whether a tx_ref looks like a reference of ours; the account may serve other shops, too. */
gboolean relay_flutterwave_is_ours (const char *tx_ref);

/* Looks for what became of @reference: by @charge_id where it is known, else by tx_ref, and through all transactions of
 * that tx_ref where the first one found was not successful. DONE with @out_fact, or FAILED with NOT_FOUND and others.
 * @safe: nothing was set in motion before. */
RelayTalkStep relay_flutterwave_look (RelayTalk *talk, const char *reference, const char *charge_id, CobroTime since,
                                      gboolean safe, const CobroNetAnswer *answer, RelayAsk *ask, CobroFact **out_fact,
                                      GError **error);
/* Whether the answer at hand belongs to relay_flutterwave_look(). */
gboolean relay_flutterwave_is_looking (const RelayTalk *talk);

/* ── The calls ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* What RelayAdapterClass.next does, for one kind of talk each; query is cancel, too. */
RelayTalkStep relay_flutterwave_begin (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_flutterwave_query (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_flutterwave_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_flutterwave_query_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                              GError **error);
RelayTalkStep relay_flutterwave_query_dispute (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                               GError **error);
RelayTalkStep relay_flutterwave_list (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);

/* ── What goes back (relay-flutterwave-back.c) ──────────────────────────────────────────────────────────────── */

/* A refund or a chargeback as Flutterwave shows it. */
typedef struct
{
  gboolean dispute;
  char *id, *charge_id;
  char *amount; /* decimal text; the currency is the transaction's */
  char *tx_ref; /* chargebacks; "" */
  char *flw_ref;
  char *comments; /* (nullable) refunds: NULL when none came back */
  char *words;
  CobroFactKind kind;
  CobroTime created_at;
  CobroTime due_at; /* chargebacks: until when to answer; 0 */
} RelayFlutterwaveBack;
void relay_flutterwave_back_clear (RelayFlutterwaveBack *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayFlutterwaveBack, relay_flutterwave_back_clear)

gboolean relay_flutterwave_read_refund (CobroWireObject *data, RelayFlutterwaveBack *out_back, GError **error);
gboolean relay_flutterwave_read_dispute (CobroWireObject *data, RelayFlutterwaveBack *out_back, GError **error);
/* (transfer full) NULL with INVALID: the amount is none of @currency. */
CobroFact *relay_flutterwave_back_fact (const RelayAccount *account, const RelayFlutterwaveBack *back,
                                        const char *tx_ref, const char *currency, GError **error);

/* ── Webhooks (relay-flutterwave-hooks.c) ───────────────────────────────────────────────────────────────────── */

/* As the members of RelayProviderClass. */
gboolean relay_flutterwave_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                                   CobroTime now, char **out_event_id, GError **error);
GPtrArray *relay_flutterwave_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
