/* tests/document/accounts-sample.c — writes a period of documents, hostile texts in every field, as accounts.py wants
 * it. Layer: tests. */
#include "cobro-accounts-zip.h"
#include "document-hostile.h"

#include <string.h>

typedef struct
{
  CobroAccountsPeriod period;
  guint n;
} Sample;

static void
add_invoice (Sample *sample, CobroInvoice *take_invoice)
{
  CobroInvoiceView view = sample_view (take_invoice);

  g_ptr_array_add (sample->period.invoices, take_invoice);
  g_array_append_val (sample->period.views, view);
  sample->n++;
}

static void
add_case (const HostileCase *hostile, gpointer data)
{
  Sample *sample = data;
  CobroInvoice *invoice = cobro_invoice_copy (hostile->invoice);
  CobroTime paid_at = (1790000000 + (gint64)sample->n) * COBRO_SECOND;

  if (sample->n % 4 == 1)
    invoice->kind = COBRO_INVOICE_CREDIT_NOTE;
  g_ptr_array_add (sample->period.payments, cobro_payment_copy (hostile->payment));
  g_array_append_val (sample->period.paid_at, paid_at);
  add_invoice (sample, invoice);
}

static void
add_people (CobroAccountsPeriod *period)
{
  CobroCustomer *customer = cobro_customer_new ();
  CobroRefund *refund = cobro_refund_new ();

  cobro_link_set_text (&customer->party.name, "=HYPERLINK(\"http://evil.example\")");
  g_ptr_array_add (period->customers, customer);
  refund->amount = ((CobroPayment *)period->payments->pdata[0])->amount;
  cobro_link_set_text (&refund->reason, "@SUM(1+1)*cmd");
  g_ptr_array_add (period->refunds, refund);
}

static void
count (guint done, guint total, gpointer data)
{
  guint *last = data;

  g_assert_cmpuint (done, ==, *last + 1);
  g_assert_cmpuint (done, <=, total);
  *last = done;
}

int
main (int argc, char **argv)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (GPtrArray) invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_unref);
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_unref);
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (GArray) views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView));
  g_autoptr (GArray) paid_at = g_array_new (FALSE, FALSE, sizeof (CobroTime));
  Sample sample = { { 20454, 20543, merchant, invoices, views, payments, paid_at, refunds, customers, NULL }, 0 };
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint done = 0;

  g_assert_cmpint (argc, ==, 2);
  hostile_each_whole (add_case, &sample);
  add_invoice (&sample, sample_invoice ("es", 3));
  add_people (&sample.period);
  g_cancellable_cancel (cancelled);
  g_assert_false (cobro_accounts_zip_write (argv[1], &sample.period, cancelled, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (argv[1], G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (cobro_accounts_zip_write ("/nowhere/at/all.zip", &sample.period, NULL, NULL, NULL, NULL));
  g_assert_true (cobro_accounts_zip_write (argv[1], &sample.period, NULL, count, &done, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (done, ==, invoices->len);
  return 0;
}
