/* relay/store/relay-payment-store.h — payments (attempts to pay), the slots they lease, the ledger of money that moved,
 * and the facts that moved it. Layer: relay/store. Reads take any connection; writes take a transaction. */
#pragma once
#include "cobro-fact.h"
#include "cobro-payment.h"
#include "relay-link-store.h"

/* One payment. */
typedef struct
{
  gint64 row;
  CobroId merchant_id;
  CobroPayment *payment;
  char *account;          /* provider account it was begun through */
  char *charge_id;        /* the provider's, of what holds the money, where that is another object; "" */
  char *receipt;          /* what the payer's receipt at the provider calls it; "" */
  CobroId second_of;      /* none, or the payment whose second charge it is, known by that one's names */
  gint64 slot;            /* the use it pays for: 1, 2 …; 0 none */
  gboolean leased;        /* nobody else may pay that use: open attempt, or a success that filled it */
  CobroTime lease_until;  /* when the janitor stops waiting for the payer */
  CobroTime next_poll_at; /* when the janitor asks the provider; 0 never */
  gint64 polls;
  CobroTokenHash payer;     /* of the payer's key: whose browser began it */
  int next;                 /* RelayNext: what the payer has to do */
  char *next_url;           /* provider's page, "" if none */
  GHashTable *next_details; /* (nullable) (element-type utf8 utf8) RelayBegun.details */
  GBytes *next_sealed;      /* (nullable) what else the payer's browser needs; see relay_payment_set_secrets() */
  char *quantities;         /* chosen quantities of the lines, "2,1,0"; "" if none */
  CobroTime succeeded_at;
} RelayPaymentRecord;
RelayPaymentRecord *relay_payment_record_new (void);
void relay_payment_record_free (RelayPaymentRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPaymentRecord, relay_payment_record_free)

/* What a script in the payer's browser needs to go on (INV-4); "" where there is none. Sealed at rest. */
typedef struct
{
  char *client_secret, *publishable_key, *connected_account;
} RelayPaymentSecrets;
void relay_payment_secrets_clear (RelayPaymentSecrets *secrets);
/* Seals @secrets into the record; all empty or NULL: none. */
gboolean relay_payment_set_secrets (RelayTx *tx, RelayPaymentRecord *record, const RelayPaymentSecrets *secrets,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (out) fields are owned by the caller, "" where there is none. FALSE when the key that sealed them was lost. */
gboolean relay_payment_get_secrets (RelayStore *store, const RelayPaymentRecord *record,
                                    RelayPaymentSecrets *out_secrets, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
RelayPaymentRecord *relay_payment_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* By the provider's id within one account and mode. */
RelayPaymentRecord *relay_payment_find_by_object (CobroDb *db, const char *gateway, const char *account,
                                                  gboolean livemode, const char *provider_payment_id, GError **error);
/* The payment that a fact speaks of: by the provider's object, by the charge, or by our reference (opened already) in
 * @scope. @out_record: (transfer full) NULL when there is none (yet). FALSE: the books cannot be read. */
gboolean relay_payment_find_for_fact (CobroDb *db, const RelayScope *scope, const CobroFact *fact,
                                      RelayPaymentRecord **out_record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest payment of this link begun by this payer's browser. */
RelayPaymentRecord *relay_payment_find_by_payer (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id,
                                                 const CobroTokenHash *payer, GError **error);
/* (transfer full) (element-type RelayPaymentRecord) all of a link, oldest first. */
GPtrArray *relay_payment_list_of_link (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id, GError **error);

/* Whether any merchant, in either mode, has a payment with this id. */
gboolean relay_payment_is_anywhere (CobroDb *db, const CobroId *id, gboolean *out_is,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type RelayPaymentRecord) everybody's that were written after @row, oldest first. */
GPtrArray *relay_payment_list_after (CobroDb *db, gint64 row, GError **error);

/* OPF-1's list: newest first, with filters. */
typedef struct
{
  int state;              /* CobroPaymentState, or -1; PENDING finds created ones too */
  const char *gateway;    /* (nullable) */
  const CobroId *link_id; /* (nullable) */
  CobroTime start, end;   /* created in [start, end); 0: open */
  guint limit;            /* 1 … 100 */
  gint64 offset;
  const char *cursor; /* (nullable) instead of offset */
} RelayPaymentQuery;
/* (transfer full) (element-type RelayPaymentRecord); @out_cursor: (nullable) of the next page */
GPtrArray *relay_payment_list (CobroDb *db, const RelayScope *scope, const RelayPaymentQuery *query, char **out_cursor,
                               GError **error);
/* How many match, on every page the same. Without dates and link the database has counted already; with them it counts
 * up to RELAY_LIST_COUNT_MAX, and *@out_is_minimum says that there are more. */
gboolean relay_payment_count (CobroDb *db, const RelayScope *scope, const RelayPaymentQuery *query, gint64 *out_total,
                              gboolean *out_is_minimum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#define RELAY_LIST_COUNT_MAX 5000

/**
 * relay_payment_take_slot:
 * @link: the link; its tally and slots_given are current
 * @out_slot: (out): the use that a new attempt may lease now; 0 where uses are not limited and not shared
 * @out_until: (out): with %COBRO_ERROR_BUSY, when the first lease in the way ends
 *
 * Returns: %FALSE with %COBRO_ERROR_BUSY (others are paying), %COBRO_ERROR_GONE (all uses are taken)
 */
gboolean relay_payment_take_slot (RelayTx *tx, RelayLinkRecord *link, gint64 *out_slot, CobroTime *out_until,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without taking it: *@out_slot is -1 when no use is free, and *@out_until then when the first lease in the
 * way ends, 0 when all of them are paid. FALSE only when the books failed. */
gboolean relay_payment_look_for_slot (CobroDb *db, const RelayLinkRecord *link, gint64 *out_slot, CobroTime *out_until,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Money that came goes before money that may come: takes the slot from the oldest open attempt, which the janitor then
 * cancels at its provider. @out_slot: 0 when there is none. */
gboolean relay_payment_evict (RelayTx *tx, const RelayLinkRecord *link, gint64 *out_slot,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sum captured towards one use of a link. */
gboolean relay_payment_paid_to_slot (CobroDb *db, const CobroId *merchant_id, const CobroLink *link, gint64 slot,
                                     CobroMoney *out_paid, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The use that the next payer pays for and what is paid towards it already (partial payments); slot 1 and zero at
 * first. */
gboolean relay_payment_present_use (CobroDb *db, const RelayLinkRecord *link, gint64 *out_slot, CobroMoney *out_paid,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with COBRO_ERROR_BUSY when the slot was leased meanwhile (the unique index says so). */
gboolean relay_payment_insert (RelayTx *tx, RelayPaymentRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores everything that may change. A state change outside the table is refused by the database (I5). */
gboolean relay_payment_save (RelayTx *tx, RelayPaymentRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One event with the /v1 Payment as it is now. */
gboolean relay_payment_append_event (RelayTx *tx, const RelayPaymentRecord *record, CobroEventType type,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every payment that is not final is due at once: after a start, nobody knows what was missed. */
gboolean relay_payment_make_due (RelayTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type RelayPaymentRecord) not final and due to be asked about. */
GPtrArray *relay_payment_list_due (CobroDb *db, CobroTime now, guint limit, GError **error);

/* Takes a due one until @until, if its time is still @seen: no other relay asks meanwhile. */
gboolean relay_payment_claim (RelayTx *tx, gint64 row, CobroTime seen, CobroTime until, gboolean *out_mine,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many other payments of the same link are disputed. */
gboolean relay_payment_count_disputed (CobroDb *db, const RelayPaymentRecord *payment, gint64 *out_count,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many are unknown since before @before and still asked about. */
gboolean relay_payment_count_unknown (CobroDb *db, CobroTime before, gint64 *out_count,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What became of a fact. */
typedef enum
{
  RELAY_VERDICT_APPLIED,     /* it changed something */
  RELAY_VERDICT_NO_CHANGE,   /* recorded; we knew, or know better */
  RELAY_VERDICT_DUPLICATE,   /* this very fact is recorded already */
  RELAY_VERDICT_UNMATCHED,   /* no payment of ours (yet): not recorded; try again later */
  RELAY_VERDICT_QUARANTINED, /* recorded, cannot be bound: nothing settled, the merchant is told */
} RelayVerdict;
const char *relay_verdict_name (RelayVerdict verdict);

/* Whether a dispute about the payment was won or lost, at or after @since as far as times are known. */
gboolean relay_fact_dispute_closed_since (CobroDb *db, const RelayPaymentRecord *payment, CobroTime since,
                                          gboolean *out_closed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The fact as an immutable row; @payment_id none where it could not be bound. @out_known: it is there already, nothing
 * written. */
gboolean relay_fact_insert (RelayTx *tx, const CobroId *merchant_id, const CobroFact *fact, const CobroId *payment_id,
                            RelayVerdict verdict, const char *reason, gboolean *out_known,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_fact_is_known (CobroDb *db, const CobroFact *fact, gboolean *out_known,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why money moved. */
typedef enum
{
  RELAY_LEDGER_PAYMENT,
  RELAY_LEDGER_REFUND,
  RELAY_LEDGER_DISPUTE
} RelayLedgerKind;
/* Appends a movement: positive came in, negative went out. @source: the fact's event id. */
gboolean relay_ledger_append (RelayTx *tx, const RelayPaymentRecord *payment, RelayLedgerKind kind, CobroMoney amount,
                              const char *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
