/* src/store/cobro-refund-order-store.c — refunds that were asked for here.
 * Layer: store. */
#include "config.h"
#include "cobro-refund-order-store.h"
#include "cobro-error.h"
#include "cobro-store-private.h"

#define COLUMNS                                                                                                        \
  "id, payment_id, link_id, currency, amount, reason, state, asked_at, due, refund_id, problem, credit_id, note_id, "  \
  "created_at"

CobroRefundOrder *
cobro_refund_order_new (void)
{
  CobroRefundOrder *order = g_new0 (CobroRefundOrder, 1);

  order->reason = g_strdup ("");
  order->problem = g_strdup ("");
  return order;
}

void
cobro_refund_order_free (CobroRefundOrder *order)
{
  if (order == NULL)
    return;
  g_free (order->reason);
  g_free (order->problem);
  g_free (order);
}

void
cobro_payment_detail_free (CobroPaymentDetail *detail)
{
  if (detail == NULL)
    return;
  g_clear_pointer (&detail->payment, cobro_payment_unref);
  g_clear_pointer (&detail->refunds, g_ptr_array_unref);
  g_clear_pointer (&detail->orders, g_ptr_array_unref);
  g_free (detail);
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroRefundOrder *
read_row (CobroDbStatement *row, GError **error)
{
  g_autoptr (CobroRefundOrder) order = cobro_refund_order_new ();
  CobroCurrency currency;

  if (!cobro_currency_from_code (cobro_db_column_text (row, "currency"), &currency, error))
    return NULL;
  order->id = cobro_db_column_id (row, "id");
  order->payment_id = cobro_db_column_id (row, "payment_id");
  order->link_id = cobro_db_column_id (row, "link_id");
  order->amount = cobro_money (cobro_db_column_int64 (row, "amount"), currency);
  order->state = (CobroRefundOrderState)cobro_db_column_int64 (row, "state");
  order->asked_at = cobro_db_column_int64 (row, "asked_at");
  order->created_at = cobro_db_column_int64 (row, "created_at");
  order->due = cobro_db_column_int64 (row, "due");
  order->refund_id = cobro_db_column_id (row, "refund_id");
  order->credit_id = cobro_db_column_id (row, "credit_id");
  order->note_id = cobro_db_column_id (row, "note_id");
  cobro_link_set_text (&order->reason, cobro_db_column_text (row, "reason"));
  cobro_link_set_text (&order->problem, cobro_db_column_text (row, "problem"));
  return g_steal_pointer (&order);
}

static GPtrArray *
read_rows (CobroDbStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) orders = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_order_free);
  CobroDbStep step;

  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroRefundOrder *order = read_row (statement, error);

      if (order == NULL)
        return NULL;
      g_ptr_array_add (orders, order);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&orders) : NULL;
}

static void
touch (CobroStoreTx *tx)
{
  tx->change->kinds |= COBRO_STORE_PAYMENTS;
}

CobroRefundOrder *
cobro_refund_order_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT " COLUMNS " FROM refund_order WHERE id = :id", error);
  g_autoptr (GPtrArray) found = NULL;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":id", id);
  if (!(found = read_rows (statement, error)))
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no such refund");
  return NULL;
}

gboolean
cobro_refund_order_update (CobroStoreTx *tx, const CobroRefundOrder *order, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "UPDATE refund_order SET state = :state, asked_at = :asked_at, "
                                                  "refund_id = :refund, problem = :problem, note_id = :note "
                                                  "WHERE id = :id",
                                                  error);

  touch (tx);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":state", order->state);
  cobro_db_bind_int64 (statement, ":asked_at", order->asked_at);
  cobro_db_bind_id (statement, ":refund", &order->refund_id);
  cobro_db_bind_text (statement, ":problem", order->problem);
  cobro_db_bind_id (statement, ":note", &order->note_id);
  cobro_db_bind_id (statement, ":id", &order->id);
  return cobro_db_run (statement, error);
}

/* The note in a savepoint of its own: money that went back is noted whatever becomes of the paper. */
static gboolean
issue_note (CobroStoreTx *tx, CobroRefundOrder *order, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autofree char *problem = NULL;

  if (!cobro_db_savepoint (tx->db, error))
    return FALSE;
  change = cobro_invoice_store_credit (tx, &order->credit_id, order->amount, order->reason, &refusal);
  if (change != NULL)
    {
      order->note_id = change->credit_note->invoice->id;
      return cobro_db_release (tx->db, error);
    }
  cobro_db_rollback_savepoint (tx->db);
  problem = g_strdup_printf ("money was given back, but no credit note was issued for it: %s", refusal->message);
  return cobro_invoice_row_set_problem (tx, &order->credit_id, problem, error);
}

gboolean
cobro_refund_order_answer (CobroStoreTx *tx, CobroRefundOrder *order, const CobroRefund *refund, GError **error)
{
  gboolean owes_note = cobro_id_is_set (&order->credit_id) && !cobro_id_is_set (&order->note_id);

  order->state = COBRO_REFUND_ORDER_ANSWERED;
  order->refund_id = refund->id;
  if (owes_note && refund->state != COBRO_REFUND_FAILED && !issue_note (tx, order, error))
    return FALSE;
  return cobro_refund_order_update (tx, order, error);
}

gboolean
cobro_refund_is_known (CobroStoreTx *tx, const CobroId *refund_id, gboolean *out_known, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, "SELECT 1 AS n FROM refund WHERE id = :id", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", refund_id);
  step = cobro_db_step (statement, error);
  *out_known = step == COBRO_DB_ROW;
  return step != COBRO_DB_FAILED;
}

/* ── A payment with its refunds ─────────────────────────────────────────────────────────────────────────────────── */

static CobroPayment *
read_payment (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT document FROM payment WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return tx->codec->read_payment (cobro_db_column_text (statement, "document"), error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no such payment");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

static GPtrArray *
read_refunds (CobroStoreTx *tx, const CobroId *payment_id, GError **error)
{
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_unref);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT document FROM refund WHERE payment_id = :payment ORDER BY created_at DESC, id DESC", error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":payment", payment_id);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroRefund *refund = tx->codec->read_refund (cobro_db_column_text (statement, "document"), error);

      if (refund == NULL)
        return NULL;
      g_ptr_array_add (refunds, refund);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&refunds) : NULL;
}

static GPtrArray *
read_orders (CobroStoreTx *tx, const CobroId *payment_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT " COLUMNS " FROM refund_order WHERE payment_id = :payment AND "
                      "(refund_id IS NULL OR refund_id NOT IN (SELECT id FROM refund WHERE payment_id = :payment)) "
                      "ORDER BY created_at DESC, row DESC",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":payment", payment_id);
  return read_rows (statement, error);
}

/* What is on its way counts as gone, whoever knows of it. */
static gboolean
count_rest (CobroPaymentDetail *detail, GError **error)
{
  CobroMoney rest = detail->payment->received;

  detail->rest = COBRO_MONEY_NONE;
  if (!cobro_money_is_set (rest))
    return TRUE;
  for (guint i = 0; i < detail->refunds->len; i++)
    {
      const CobroRefund *refund = detail->refunds->pdata[i];

      if (refund->state != COBRO_REFUND_FAILED && !cobro_money_subtract (rest, refund->amount, &rest, error))
        return FALSE;
    }
  for (guint i = 0; i < detail->orders->len; i++)
    {
      const CobroRefundOrder *order = detail->orders->pdata[i];

      if (order->state != COBRO_REFUND_ORDER_REFUSED && order->state != COBRO_REFUND_ORDER_UNCLEAR &&
          !cobro_money_subtract (rest, order->amount, &rest, error))
        return FALSE;
    }
  detail->rest = rest;
  return TRUE;
}

CobroPaymentDetail *
cobro_payment_detail_read (CobroStoreTx *tx, const CobroId *payment_id, GError **error)
{
  g_autoptr (CobroPaymentDetail) detail = g_new0 (CobroPaymentDetail, 1);

  if (!(detail->payment = read_payment (tx, payment_id, error)) ||
      !(detail->refunds = read_refunds (tx, payment_id, error)) ||
      !(detail->orders = read_orders (tx, payment_id, error)) || !count_rest (detail, error))
    return NULL;
  return g_steal_pointer (&detail);
}

static gpointer
do_read (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_payment_detail_read (tx, data, error);
}

void
cobro_payment_detail_async (CobroStore *store, const CobroId *payment_id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_read, g_memdup2 (payment_id, sizeof *payment_id), g_free,
                          (GDestroyNotify)cobro_payment_detail_free, cancellable, callback, user_data);
}

CobroPaymentDetail *
cobro_payment_detail_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Orders ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_order (CobroStoreTx *tx, const CobroRefundOrder *order, GError **error)
{
  g_autoptr (CobroPaymentDetail) detail = cobro_payment_detail_read (tx, &order->payment_id, error);

  if (detail == NULL)
    return FALSE;
  if (detail->payment->state != COBRO_PAYMENT_SUCCEEDED || !cobro_money_is_set (detail->rest))
    return cobro_error_set (error, COBRO_ERROR_STATE, "nothing was received that could be given back");
  if (cobro_money_currency (order->amount) != cobro_money_currency (detail->rest) ||
      cobro_money_minor (order->amount) <= 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero, in the payment's currency");
  return cobro_money_compare (order->amount, detail->rest) <= 0 ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is more than is left of this payment");
}

gboolean
cobro_refund_order_put (CobroStoreTx *tx, const CobroRefundOrder *order, GError **error)
{
  g_autoptr (CobroRefundOrder) known = cobro_refund_order_find (tx, &order->id, NULL);
  CobroDbStatement *statement;

  touch (tx);
  if (known != NULL)
    return TRUE;
  if (!check_order (tx, order, error) ||
      (cobro_id_is_set (&order->credit_id) &&
       !cobro_invoice_store_can_credit (tx, &order->credit_id, order->amount, error)))
    return FALSE;
  statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO refund_order (id, payment_id, link_id, currency, amount, reason, state, credit_id, due, "
    "  created_at) VALUES (:id, :payment, :link, :currency, :amount, :reason, :state, :credit, "
    "  :due, :now)",
    error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &order->id);
  cobro_db_bind_id (statement, ":payment", &order->payment_id);
  cobro_db_bind_id (statement, ":link", &order->link_id);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (order->amount));
  cobro_db_bind_money (statement, ":amount", order->amount);
  cobro_db_bind_text (statement, ":reason", order->reason);
  cobro_db_bind_int64 (statement, ":state", COBRO_REFUND_ORDER_WAITING);
  cobro_db_bind_id (statement, ":credit", &order->credit_id);
  cobro_db_bind_int64 (statement, ":due", order->due);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_refund_order_put (tx, data, error));
}

static gpointer
copy_order (const CobroRefundOrder *order)
{
  CobroRefundOrder *copy = cobro_refund_order_new ();

  copy->id = order->id;
  copy->payment_id = order->payment_id;
  copy->link_id = order->link_id;
  copy->amount = order->amount;
  copy->credit_id = order->credit_id;
  copy->due = order->due;
  cobro_link_set_text (&copy->reason, order->reason);
  return copy;
}

void
cobro_refund_order_put_async (CobroStore *store, const CobroRefundOrder *order, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_put, copy_order (order), (GDestroyNotify)cobro_refund_order_free, NULL,
                           cancellable, callback, user_data);
}

gboolean
cobro_refund_order_drop (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "DELETE FROM refund_order WHERE id = :id AND state IN (0, 3, 4)", error);

  touch (tx);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 ||
         cobro_error_set (error, COBRO_ERROR_STATE, "the relay was asked for this refund already");
}

static gpointer
do_drop (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_refund_order_drop (tx, data, error));
}

void
cobro_refund_order_drop_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_drop, g_memdup2 (id, sizeof *id), g_free, NULL, cancellable, callback, user_data);
}

gboolean
cobro_refund_order_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}

static gpointer
do_list_open (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT " COLUMNS " FROM refund_order WHERE state IN (0, 1) ORDER BY row", error);

  return statement != NULL ? read_rows (statement, error) : NULL;
}

GPtrArray *
cobro_refund_order_list_open (CobroStore *store, GError **error)
{
  return cobro_store_read (store, do_list_open, NULL, error);
}
