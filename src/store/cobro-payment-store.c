/* src/store/cobro-payment-store.c — payments and refunds: copies of what the relay tells.
 * Layer: store. */
#include "config.h"
#include "cobro-payment-store.h"
#include "cobro-error.h"
#include "cobro-link-status.h"
#include "cobro-store-private.h"

static void
bind_payment (CobroDbStatement *statement, const CobroPayment *payment, const char *document)
{
  cobro_db_bind_id (statement, ":id", &payment->id);
  cobro_db_bind_id (statement, ":link", &payment->link_id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":state", payment->state);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (payment->amount));
  cobro_db_bind_money (statement, ":amount", payment->amount);
  cobro_db_bind_money (statement, ":received", payment->received);
  cobro_db_bind_text (statement, ":received_currency",
                      cobro_money_is_set (payment->received) ? cobro_money_code (payment->received) : NULL);
  cobro_db_bind_int64 (statement, ":refunded", cobro_money_minor (payment->refunded));
  cobro_db_bind_int64 (statement, ":lost", cobro_money_minor (payment->lost));
  cobro_db_bind_int64 (statement, ":flags", payment->flags);
  cobro_db_bind_int64 (statement, ":created_at", payment->created_at);
  cobro_db_bind_int64 (statement, ":updated_at", payment->updated_at);
}

/* Whoever succeeded for the first time is told to the user, once, ever. */
static gboolean
tell_once (CobroStoreTx *tx, CobroPayment *payment, GError **error)
{
  CobroDbStatement *statement;

  if (payment->state != COBRO_PAYMENT_SUCCEEDED)
    return TRUE;
  statement = cobro_db_prepare (tx->db, "UPDATE payment SET told = 1 WHERE id = :id AND told = 0", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &payment->id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  if (cobro_db_changes (tx->db) > 0)
    cobro_store_tx_tell_paid (tx, payment);
  return TRUE;
}

gboolean
cobro_payment_store_heard (CobroStoreTx *tx, CobroPayment *payment, const char *document, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO payment (id, link_id, document, state, currency, amount, received, received_currency, refunded, lost, "
    "  flags, created_at, updated_at) "
    "VALUES (:id, :link, :document, :state, :currency, :amount, :received, :received_currency, :refunded, :lost, "
    "  :flags, :created_at, :updated_at) "
    "ON CONFLICT (id) DO UPDATE SET document = excluded.document, state = excluded.state, "
    "  received = excluded.received, received_currency = excluded.received_currency, refunded = excluded.refunded, "
    "  lost = excluded.lost, flags = excluded.flags, updated_at = excluded.updated_at",
    error);

  tx->change->kinds |= COBRO_STORE_PAYMENTS;
  if (statement == NULL)
    return FALSE;
  bind_payment (statement, payment, document);
  return cobro_db_run (statement, error) && tell_once (tx, payment, error);
}

gboolean
cobro_refund_store_heard (CobroStoreTx *tx, const CobroRefund *refund, const char *document, CobroId *out_link_id,
                          GError **error)
{
  g_autoptr (CobroDbStatement) link = NULL;
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO refund (id, payment_id, document, state, currency, amount, created_at, updated_at) "
                      "VALUES (:id, :payment, :document, :state, :currency, :amount, :created_at, :updated_at) "
                      "ON CONFLICT (id) DO UPDATE SET document = excluded.document, state = excluded.state, updated_at "
                      "= excluded.updated_at",
                      error);

  tx->change->kinds |= COBRO_STORE_PAYMENTS;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &refund->id);
  cobro_db_bind_id (statement, ":payment", &refund->payment_id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":state", refund->state);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (refund->amount));
  cobro_db_bind_money (statement, ":amount", refund->amount);
  cobro_db_bind_int64 (statement, ":created_at", refund->created_at);
  cobro_db_bind_int64 (statement, ":updated_at", refund->updated_at);
  if (!cobro_db_run (statement, error))
    return FALSE;

  link = cobro_db_prepare (tx->db, "SELECT link_id FROM payment WHERE id = :payment", error);
  if (link == NULL)
    return FALSE;
  cobro_db_bind_id (link, ":payment", &refund->payment_id);
  switch (cobro_db_step (link, error))
    {
    case COBRO_DB_ROW:
      *out_link_id = cobro_db_column_id (link, "link_id");
      return TRUE;
    case COBRO_DB_DONE:
      *out_link_id = COBRO_ID_NONE;
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A refund is an event of its own: the payment as it was told may be older. */
static void
take_refunds (CobroPayment *payment, gint64 given_back)
{
  CobroMoney refunds = cobro_money (given_back, cobro_money_currency (payment->amount));

  if (!cobro_money_is_set (payment->refunded) || cobro_money_compare (refunds, payment->refunded) > 0)
    payment->refunded = refunds;
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT document, coalesce((SELECT sum(r.amount) FROM refund AS r WHERE r.payment_id = "
                      "payment.id AND r.state = 1), 0) "
                      "  AS given_back FROM payment WHERE link_id = :link ORDER BY created_at DESC, id DESC",
                      error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":link", data);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroPayment *payment = tx->codec->read_payment (cobro_db_column_text (statement, "document"), error);

      if (payment == NULL)
        return NULL;
      take_refunds (payment, cobro_db_column_int64 (statement, "given_back"));
      g_ptr_array_add (payments, payment);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&payments) : NULL;
}

void
cobro_payment_store_list_async (CobroStore *store, const CobroId *link_id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_list, g_memdup2 (link_id, sizeof *link_id), g_free,
                          (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cobro_payment_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
