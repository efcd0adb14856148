/* relay/store/relay-refund-store.h — money on its way back. The sum of a payment's refunds that have not failed never
 * exceeds what it received (I2, held by the database). Layer: relay/store. */
#pragma once
#include "cobro-refund.h"
#include "relay-payment-store.h"

/* Who wanted it. */
typedef enum
{
  RELAY_REFUND_BY_MERCHANT, /* who asks carries it out; the janitor looks after RELAY_REFUND_HEADSTART */
  RELAY_REFUND_AUTOMATIC,
  RELAY_REFUND_BY_PROVIDER /* made in its dashboard */
} RelayRefundOrigin;

#define RELAY_REFUND_HEADSTART (30 * COBRO_SECOND)

/* One refund. */
typedef struct
{
  gint64 row;
  CobroId merchant_id;
  CobroRefund *refund;
  RelayRefundOrigin origin;
  CobroTime next_try_at; /* when the janitor calls the provider (again); 0: not */
  gint64 tries;
} RelayRefundRecord;
void relay_refund_record_free (RelayRefundRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRefundRecord, relay_refund_record_free)

/* Writes it (id given), refusing with COBRO_ERROR_INVALID at "amount" what exceeds the rest of the payment. */
RelayRefundRecord *relay_refund_insert (RelayTx *tx, const RelayPaymentRecord *payment, CobroMoney amount,
                                        RelayRefundOrigin origin, const char *reason, const char *provider_refund_id,
                                        GError **error);
gboolean relay_refund_save (RelayTx *tx, RelayRefundRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
RelayRefundRecord *relay_refund_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* The refund that a provider's fact speaks of: by its id, else the oldest pending one of that amount without a provider
 * id. */
RelayRefundRecord *relay_refund_find_for_fact (CobroDb *db, const RelayPaymentRecord *payment,
                                               const char *provider_refund_id, CobroMoney amount, GError **error);
/* (transfer full) (element-type RelayRefundRecord) of one payment, oldest first. */
GPtrArray *relay_refund_list (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, GError **error);
/* A page of a merchant's refunds, newest first. */
typedef struct
{
  int state;                 /* CobroRefundState, or -1 */
  const CobroId *payment_id; /* (nullable) */
  CobroTime start, end;      /* created in [start, end); 0: open */
  guint limit;               /* 1 … 100 */
  gint64 offset;
  const char *cursor; /* (nullable) instead of offset */
} RelayRefundQuery;
/* (transfer full) (element-type RelayRefundRecord); @out_cursor: (nullable) of the next page */
GPtrArray *relay_refund_list_page (CobroDb *db, const RelayScope *scope, const RelayRefundQuery *query,
                                   char **out_cursor, GError **error);
/* How many match, counted up to RELAY_LIST_COUNT_MAX. */
gboolean relay_refund_count (CobroDb *db, const RelayScope *scope, const RelayRefundQuery *query, gint64 *out_total,
                             gboolean *out_is_minimum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Pending ones whose time has come. */
GPtrArray *relay_refund_list_due (CobroDb *db, CobroTime now, guint limit, GError **error);
/* Takes a due one until @until, if its time is still @seen: no other relay calls meanwhile. */
gboolean relay_refund_claim (RelayTx *tx, gint64 row, CobroTime seen, CobroTime until, gboolean *out_mine,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Σ of refunds that have not failed. */
gboolean relay_refund_sum (CobroDb *db, const RelayPaymentRecord *payment, CobroMoney *out_sum,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What may still go back: received − refunds that have not failed − lost disputes. FALSE with COBRO_ERROR_STATE when
 * the payment has not succeeded. */
gboolean relay_refund_rest (CobroDb *db, const RelayPaymentRecord *payment, CobroMoney *out_rest,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One event with the /v1 Refund as it is now. */
gboolean relay_refund_append_event (RelayTx *tx, const RelayRefundRecord *record, CobroEventType type,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
