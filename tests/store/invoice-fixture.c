/* tests/store/invoice-fixture.c — see invoice-fixture.h.
 * Layer: tests. */
#include "invoice-fixture.h"
#include "cobro-profile-store.h"

#include <string.h>

CobroCurrency
aud (void)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("AUD", &currency, NULL));
  return currency;
}

void
invoice_fixture_set_up (StoreFixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroMerchant) merchant = NULL;
  g_autoptr (CobroMerchant) stored = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (self, data);
  merchant = cobro_merchant_store_load (self->store, &error);
  g_assert_no_error (error);
  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->currency, "AUD");
  cobro_link_set_text (&merchant->time_zone, "Australia/Melbourne");
  cobro_link_set_text (&merchant->seller.address.country, "AU");
  cobro_merchant_store_put_async (self->store, merchant, NULL, on_result_cb, &result);
  stored = cobro_merchant_store_put_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  store_fixture_forget (self);
}

CobroCustomer *
must_add_customer (StoreFixture *self, const char *name)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroCustomer *stored;

  cobro_link_set_text (&customer->party.name, name);
  cobro_link_set_text (&customer->party.email, "buyer@example.com");
  cobro_customer_store_put_async (self->store, customer, NULL, on_result_cb, &result);
  stored = cobro_customer_store_put_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return stored;
}

CobroInvoice *
new_draft (const CobroCustomer *customer, gint64 minor)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Vacuum cleaner");

  invoice->currency = aud ();
  line->unit_price = cobro_unit_price_of (cobro_money (minor, aud ()));
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 10 * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&line->tax_name, "GST");
  g_ptr_array_add (invoice->lines, line);
  if (customer != NULL)
    invoice->customer_id = customer->id;
  return invoice;
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const CobroInvoice *invoice;
  const CobroId *id;
  const char *text;
  CobroMoney amount;
  CobroRecord *record;
} Step;

static CobroInvoiceChange *
must_write (StoreFixture *self, CobroStoreWork work, Step *step)
{
  g_autoptr (GError) error = NULL;
  CobroInvoiceChange *change = cobro_store_write (self->store, work, step, &error);

  g_assert_no_error (error);
  g_assert_nonnull (change);
  store_fixture_settle (self);
  return change;
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_put (tx, ((Step *)data)->invoice, error);
}

CobroInvoiceChange *
must_put_invoice (StoreFixture *self, const CobroInvoice *invoice)
{
  return must_write (self, do_put, &(Step){ .invoice = invoice });
}

static gpointer
do_issue (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_issue (tx, ((Step *)data)->invoice, NULL, error);
}

CobroInvoiceChange *
must_issue (StoreFixture *self, const CobroInvoice *draft)
{
  return must_write (self, do_issue, &(Step){ .invoice = draft });
}

static gpointer
do_void (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_void (tx, ((Step *)data)->id, ((Step *)data)->text, error);
}

CobroInvoiceChange *
must_void (StoreFixture *self, const CobroId *id, const char *reason)
{
  return must_write (self, do_void, &(Step){ .id = id, .text = reason });
}

static gpointer
do_credit (CobroStoreTx *tx, gpointer data, GError **error)
{
  Step *step = data;

  return cobro_invoice_store_credit (tx, step->id, step->amount, "returned", error);
}

CobroInvoiceChange *
must_credit (StoreFixture *self, const CobroId *id, gint64 minor)
{
  return must_write (self, do_credit, &(Step){ .id = id, .amount = cobro_money (minor, aud ()) });
}

static gpointer
do_record (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_record (tx, ((Step *)data)->record, error);
}

CobroInvoiceChange *
must_record (StoreFixture *self, const CobroId *id, CobroRecordHow how, gint64 minor)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();

  record->link_id = cobro_invoice_link_id (id);
  record->how = how;
  record->amount = cobro_money (minor, aud ());
  cobro_day_to_text (cobro_store_today (self->store), record->date);
  return must_write (self, do_record, &(Step){ .record = record });
}

static gpointer
do_find (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_find (tx, data, error);
}

CobroInvoiceRecord *
must_find (StoreFixture *self, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  CobroInvoiceRecord *record = cobro_store_read (self->store, do_find, (gpointer)id, &error);

  g_assert_no_error (error);
  return record;
}

CobroInvoiceView
view_of (StoreFixture *self, const CobroId *id)
{
  g_autoptr (CobroInvoiceRecord) record = must_find (self, id);

  return cobro_invoice_record_view (self->store, record);
}
