/* tests/document/accounts-sample.c — writes everything there can be, hostile texts in every field, as accounts.py
 * wants it. Layer: tests. */
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

/* Hostile too, and many: what is written in pieces must be whole. */
#define N_LINKS 700

static gboolean
each_link (gpointer links, CobroLinkVisit visit, gpointer data, GError **error)
{
  static const char *const titles[] = { "=1+1", "@SUM(A1)", "+34", "plain", "two\nrows", "\"quoted\", 'too'" };
  guint *calls = links;

  (*calls)++;
  for (guint i = 0; i < N_LINKS; i++)
    {
      g_autoptr (CobroLink) link = cobro_link_new ();
      CobroLinkTally tally;

      g_assert_true (cobro_currency_from_code ("EUR", &link->currency, NULL));
      g_snprintf (link->id.text, sizeof link->id.text, "lnk_%026u", i);
      cobro_link_set_text (&link->title, titles[i % G_N_ELEMENTS (titles)]);
      link->amount = cobro_money (1 + i, link->currency);
      tally = cobro_link_tally_new (link->currency);
      if (!visit (link, &tally, SAMPLE_URL, data, error))
        return FALSE;
    }
  return TRUE;
}

static CobroRecurring *
new_recurring (void)
{
  CobroRecurring *recurring = cobro_recurring_new ();

  cobro_link_set_text (&recurring->name, "=Rent");
  g_strlcpy (recurring->start, "2026-01-31", sizeof recurring->start);
  g_clear_pointer (&recurring->invoice, cobro_invoice_unref);
  recurring->invoice = sample_invoice ("es", 1);
  return recurring;
}

static CobroProduct *
new_product (void)
{
  CobroProduct *product = cobro_product_new ();

  cobro_link_set_text (&product->name, "-1");
  cobro_link_set_text (&product->code, "=A1");
  g_assert_true (cobro_currency_from_code ("EUR", &product->currency, NULL));
  product->unit_price = 7500;
  return product;
}

static CobroInvoice *
new_draft (void)
{
  CobroInvoice *draft = sample_invoice ("en", 1);

  draft->decision = COBRO_INVOICE_DRAFT;
  cobro_link_set_text (&draft->number, "");
  g_strlcpy (draft->id.text, "inv_00000000000000000000000001", sizeof draft->id.text);
  return draft;
}

static void
add_rest (CobroAccountsPeriod *period)
{
  CobroInvoice *computed = new_draft (), *bare = new_draft ();
  CobroInvoiceView view = sample_view (computed);

  /* One that nobody has computed yet. */
  g_clear_pointer (&bare->totals, cobro_invoice_totals_free);
  bare->id.text[29] = '2';
  g_ptr_array_add (period->drafts, computed);
  g_ptr_array_add (period->drafts, bare);
  g_array_append_val (period->draft_views, view);
  g_array_append_val (period->draft_views, view);
  g_ptr_array_add (period->products, new_product ());
  g_ptr_array_add (period->recurring, new_recurring ());
}

typedef struct
{
  guint done, total;
  GCancellable *cancel; /* (nullable) when half is done */
} Count;

static void
count (guint done, guint total, gpointer data)
{
  Count *count = data;

  g_assert_cmpuint (done - count->done, <=, 1);
  g_assert_cmpuint (done, <=, total);
  count->done = done;
  count->total = total;
  if (count->cancel != NULL && done > N_LINKS / 2)
    g_cancellable_cancel (count->cancel);
}

/* Neither the file nor what was written of it is left. */
static void
check_refused (const char *path, const CobroAccountsPeriod *period, GCancellable *cancellable, Count *counted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  g_assert_false (
    cobro_accounts_zip_write (path, period, cancellable, counted != NULL ? count : NULL, counted, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (GPtrArray) invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_unref);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_unref);
  g_autoptr (GPtrArray) payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  g_autoptr (GPtrArray) refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_unref);
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (GPtrArray) products = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_product_unref);
  g_autoptr (GPtrArray) recurring = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_recurring_unref);
  g_autoptr (GArray) views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView));
  g_autoptr (GArray) draft_views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView));
  g_autoptr (GArray) paid_at = g_array_new (FALSE, FALSE, sizeof (CobroTime));
  guint calls = 0;
  Sample sample = { .period = { .from = 20454,
                                .to = 20543,
                                .everything = TRUE,
                                .now = G_GINT64_CONSTANT (1790000000) * COBRO_SECOND,
                                .merchant = merchant,
                                .invoices = invoices,
                                .views = views,
                                .drafts = drafts,
                                .draft_views = draft_views,
                                .payments = payments,
                                .paid_at = paid_at,
                                .refunds = refunds,
                                .customers = customers,
                                .products = products,
                                .recurring = recurring,
                                .n_links = N_LINKS,
                                .each_link = each_link,
                                .links = &calls } };
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GCancellable) midway = g_cancellable_new ();
  Count half = { .cancel = midway }, whole = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (argc, ==, 2);
  hostile_each_whole (add_case, &sample);
  add_invoice (&sample, sample_invoice ("es", 3));
  add_people (&sample.period);
  add_rest (&sample.period);
  g_cancellable_cancel (cancelled);
  check_refused (argv[1], &sample.period, cancelled, NULL);
  check_refused (argv[1], &sample.period, midway, &half);
  g_assert_cmpuint (half.done, <, N_LINKS);
  g_assert_false (cobro_accounts_zip_write ("/nowhere/at/all.zip", &sample.period, NULL, NULL, NULL, NULL));
  calls = 0;
  g_assert_true (cobro_accounts_zip_write (argv[1], &sample.period, NULL, count, &whole, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (calls, ==, 2);
  g_assert_cmpuint (whole.total, ==, N_LINKS + invoices->len + drafts->len);
  g_assert_cmpuint (whole.done, ==, whole.total);
  return 0;
}
