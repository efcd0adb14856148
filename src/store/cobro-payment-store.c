/* src/store/cobro-payment-store.c — payments and refunds: copies of what the relay tells.
 * Layer: store. */
#include "config.h"
#include "cobro-payment-store.h"
#include "cobro-error.h"
#include "cobro-link-status.h"
#include "cobro-record.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

#include <string.h>

/* The words of the old row leave the index, the words of the new one enter it. */
#define FORGET_WORDS                                                                                                   \
  "INSERT INTO payment_search (payment_search, rowid, payer, provider) "                                               \
  "SELECT 'delete', row, payer, provider FROM payment WHERE id = :id"
#define LEARN_WORDS                                                                                                    \
  "INSERT INTO payment_search (rowid, payer, provider) SELECT row, payer, provider FROM payment WHERE id = :id"

/* What was recorded by hand came on the day that was typed; anything else when its success was told. */
static CobroTime
paid_at (CobroStoreTx *tx, const CobroPayment *payment, gboolean manual)
{
  const char *date = manual ? g_hash_table_lookup (payment->metadata, "date") : NULL;
  CobroDay day;

  if (payment->state != COBRO_PAYMENT_SUCCEEDED)
    return 0;
  if (date != NULL && cobro_day_from_text (date, &day, NULL))
    return cobro_day_begins_at (day, tx->zone);
  return payment->updated_at;
}

static void
bind_words (CobroStoreTx *tx, CobroDbStatement *statement, const CobroPayment *payment)
{
  gboolean manual = strcmp (payment->gateway, COBRO_RECORD_GATEWAY) == 0;
  gboolean credit = manual && strcmp (payment->method, cobro_record_how_name (COBRO_RECORD_CREDIT)) == 0;
  g_autofree char *payer =
    g_strjoin (" ", payment->payer_name, payment->payer_email, payment->payer_phone, payment->method_detail, NULL);
  g_autofree char *provider = g_strjoin (" ", payment->gateway, payment->provider_payment_id, payment->method, NULL);

  cobro_db_bind_time (statement, ":paid_at", paid_at (tx, payment, manual));
  cobro_db_bind_int64 (statement, ":manual", credit ? 2 : manual ? 1 : 0);
  cobro_db_bind_text (statement, ":payer", payer);
  cobro_db_bind_text (statement, ":provider", provider);
  cobro_db_bind_int64 (statement, ":sort_amount", cobro_list_sort_amount (payment->amount));
}

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

/* What it is for stands beside it: the title of its link, and whose it is. */
#define PUT_PAYMENT                                                                                                    \
  "INSERT INTO payment (id, link_id, document, state, currency, amount, received, received_currency, refunded, lost, " \
  "  flags, created_at, updated_at, paid_at, manual, payer, provider, sort_amount, customer_id) "                      \
  "VALUES (:id, :link, :document, :state, :currency, :amount, :received, :received_currency, :refunded, :lost, "       \
  "  :flags, :created_at, :updated_at, :paid_at, :manual, "                                                            \
  "  :payer || coalesce ((SELECT ' ' || title || ' ' || reference || ' ' || customer FROM link WHERE id = :link), "    \
  "''), "                                                                                                              \
  "  :provider, :sort_amount, (SELECT json_extract (document, '$.customer.id') FROM link WHERE id = :link)) "          \
  "ON CONFLICT (id) DO UPDATE SET document = excluded.document, "                                                      \
  "  paid_at = CASE WHEN state = 7 AND paid_at IS NOT NULL THEN paid_at ELSE excluded.paid_at END, "                   \
  "  state = excluded.state, received = excluded.received, received_currency = excluded.received_currency, "           \
  "  refunded = excluded.refunded, lost = excluded.lost, flags = excluded.flags, updated_at = excluded.updated_at, "   \
  "  manual = excluded.manual, payer = excluded.payer, provider = excluded.provider, "                                 \
  "  customer_id = excluded.customer_id"

/* A refund is an event of its own: the payment as it was told may be older. */
#define RAISE_REFUNDED                                                                                                 \
  "UPDATE payment SET refunded = max (refunded, (SELECT coalesce (sum (r.amount), 0) FROM refund AS r "                \
  "  WHERE r.payment_id = payment.id AND r.state = 1)) WHERE id = :id"

gboolean
cobro_payment_store_keep (CobroStoreTx *tx, const CobroPayment *payment, const char *document, gboolean known,
                          GError **error)
{
  const char *id = payment->id.text;
  CobroDbStatement *statement;

  tx->change->kinds |= COBRO_STORE_PAYMENTS;
  if (!cobro_store_run_for (tx, FORGET_WORDS, id, NULL, error) ||
      !(statement = cobro_db_prepare (tx->db, PUT_PAYMENT, error)))
    return FALSE;
  bind_payment (statement, payment, document);
  bind_words (tx, statement, payment);
  return cobro_db_run (statement, error) && cobro_store_run_for (tx, LEARN_WORDS, id, NULL, error) &&
         cobro_store_run_for (tx, RAISE_REFUNDED, id, NULL, error) &&
         (!known || cobro_store_run_for (tx, "UPDATE payment SET told = 1 WHERE id = :id", id, NULL, error));
}

gboolean
cobro_payment_store_forget (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  tx->change->kinds |= COBRO_STORE_PAYMENTS;
  return cobro_store_run_for (tx, FORGET_WORDS, id->text, NULL, error) &&
         cobro_store_run_for (tx, "DELETE FROM payment WHERE id = :id", id->text, NULL, error);
}

gboolean
cobro_payment_store_heard (CobroStoreTx *tx, CobroPayment *payment, const char *document, GError **error)
{
  return cobro_payment_store_keep (tx, payment, document, FALSE, error) && tell_once (tx, payment, error);
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
  if (!cobro_db_run (statement, error) ||
      !cobro_store_run_for (tx, RAISE_REFUNDED, refund->payment_id.text, NULL, error))
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
