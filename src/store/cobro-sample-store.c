/* src/store/cobro-sample-store.c — books of a shop that does not exist. They are written as if a relay had told them:
 * what came in stands in the log, and nothing waits to be uploaded. Layer: store. */
#include "cobro-sample-store.h"

#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-link-sync-store.h"
#include "cobro-payment-store.h"
#include "cobro-plain-store.h"
#include "cobro-profile-store.h"

#define MARK "sample-data" /* a setting of the books */

CobroSampleShop *
cobro_sample_shop_new (void)
{
  CobroSampleShop *shop = g_new (CobroSampleShop, 1);

  *shop = (CobroSampleShop){
    .merchant = cobro_merchant_new (),
    .customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref),
    .products = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_product_unref),
    .links = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_unref),
    .invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_unref),
    .payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref),
  };
  return shop;
}

void
cobro_sample_shop_free (CobroSampleShop *shop)
{
  cobro_merchant_unref (shop->merchant);
  g_ptr_array_unref (shop->customers);
  g_ptr_array_unref (shop->products);
  g_ptr_array_unref (shop->links);
  g_ptr_array_unref (shop->invoices);
  g_ptr_array_unref (shop->payments);
  g_free (shop);
}

gboolean
cobro_sample_store_is (CobroStore *store)
{
  g_autofree char *mark = cobro_store_dup_setting (store, MARK, NULL);

  return mark != NULL;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_empty (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT 1 AS n FROM link UNION ALL SELECT 1 FROM invoice UNION ALL SELECT 1 FROM payment LIMIT 1", error);

  if (statement == NULL)
    return FALSE;
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return cobro_error_set (error, COBRO_ERROR_STATE, "sample data is for books of its own");
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

static gboolean
put_plain (CobroStoreTx *tx, const CobroSampleShop *shop, GError **error)
{
  for (guint i = 0; i < shop->customers->len; i++)
    {
      const CobroCustomer *customer = shop->customers->pdata[i];
      g_autofree char *document = tx->codec->write_customer (customer);

      if (!cobro_customer_validate (customer, error) ||
          !cobro_plain_sync_heard (tx, COBRO_PLAIN_CUSTOMER, customer->id.text, document, 1, error))
        return FALSE;
    }
  for (guint i = 0; i < shop->products->len; i++)
    {
      const CobroProduct *product = shop->products->pdata[i];
      g_autofree char *document = tx->codec->write_product (product);

      if (!cobro_product_validate (product, error) ||
          !cobro_plain_sync_heard (tx, COBRO_PLAIN_PRODUCT, product->id.text, document, 1, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_links (CobroStoreTx *tx, const CobroSampleShop *shop, GError **error)
{
  for (guint i = 0; i < shop->links->len; i++)
    if (!cobro_link_validate (shop->links->pdata[i], error) ||
        !cobro_link_sync_heard (tx, shop->links->pdata[i], FALSE, error))
      return FALSE;
  return TRUE;
}

/* A draft is as if it had been written here. */
static gboolean
put_draft (CobroStoreTx *tx, const CobroInvoice *draft, GError **error)
{
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_put (tx, draft, error);

  return change != NULL;
}

/* The mail of an issued one went out with the issue. */
static gboolean
put_invoices (CobroStoreTx *tx, const CobroSampleShop *shop, GError **error)
{
  for (guint i = 0; i < shop->invoices->len; i++)
    {
      const CobroInvoice *invoice = shop->invoices->pdata[i];

      if (invoice->decision == COBRO_INVOICE_DRAFT)
        {
          if (!put_draft (tx, invoice, error))
            return FALSE;
        }
      else if (!cobro_invoice_validate (invoice, error) ||
               !cobro_invoice_sync_heard (tx, invoice, invoice->issued_at, 0, error))
        return FALSE;
    }
  return TRUE;
}

static const char *
event_of (const CobroPayment *payment)
{
  return payment->dispute_due != 0 ? "dispute.opened" : cobro_payment_event_type (payment->state);
}

static gboolean
put_payment (CobroStoreTx *tx, const CobroPayment *payment, gint64 sequence, GError **error)
{
  g_autofree char *document = tx->codec->write_payment (payment);
  CobroId event_id = cobro_id_new (COBRO_ID_EVENT, tx->clock, tx->random);
  CobroHeardEvent event = { .sequence = sequence,
                            .id = event_id.text,
                            .type = event_of (payment),
                            .occurred_at = payment->created_at,
                            .link_id = payment->link_id,
                            .object_id = payment->id,
                            .object = document,
                            .hash = "" };

  return cobro_payment_validate (payment, error) && cobro_payment_store_keep (tx, payment, document, TRUE, error) &&
         cobro_link_sync_sum_up (tx, &payment->link_id, error) && cobro_event_store_append (tx, &event, error);
}

static gpointer
do_fill (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroSampleShop *shop = data;

  if (!check_empty (tx, error) ||
      !cobro_store_run_for (tx, "INSERT INTO setting (name, value) VALUES (:id, '1')", MARK, NULL, error) ||
      !cobro_merchant_validate (shop->merchant, error) || !cobro_merchant_sync_heard (tx, shop->merchant, error) ||
      !put_plain (tx, shop, error) || !put_links (tx, shop, error) || !put_invoices (tx, shop, error))
    return NULL;
  for (guint i = 0; i < shop->payments->len; i++)
    if (!put_payment (tx, shop->payments->pdata[i], i + 1, error))
      return NULL;
  tx->change->kinds |= COBRO_STORE_LINKS | COBRO_STORE_INVOICES | COBRO_STORE_EVENTS;
  tx->change->all = TRUE;
  return GINT_TO_POINTER (TRUE);
}

void
cobro_sample_store_fill_async (CobroStore *store, CobroSampleShop *take_shop, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_fill, take_shop, (GDestroyNotify)cobro_sample_shop_free, NULL, cancellable,
                           callback, user_data);
}

gboolean
cobro_sample_store_fill_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}
