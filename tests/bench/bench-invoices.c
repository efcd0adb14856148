/* tests/bench/bench-invoices.c — many invoices: filled in, listed, searched.
 * Layer: tests. */
#include "bench-invoices.h"

#include "bench-times.h"
#include "cobro-invoice-store.h"
#include "cobro-profile-store.h"
#include "cobro-store-private.h"

#define ROUNDS   9
#define TOGETHER 1000

static const char *const things[] = { "Coffee beans", "Bicycle repair", "Guitar lesson", "Garden work", "Catering" };
static const char *const people[] = { "Ana", "Bruno", "Chen", "Dora", "Émile", "Fatima", "Guðrún" };

typedef struct
{
  int from, n;
} Filling;

static CobroInvoice *
make_draft (int i)
{
  CobroInvoice *draft = cobro_invoice_new ();
  g_autofree char *name = g_strdup_printf ("%s %d", people[i % G_N_ELEMENTS (people)], i % 4999);

  draft->currency = cobro_money_currency (cobro_money_zero (1));
  cobro_link_set_text (&draft->buyer.name, name);
  for (int k = 0; k < 3; k++)
    {
      CobroInvoiceLine *line = cobro_invoice_line_new (things[(i + k) % G_N_ELEMENTS (things)]);

      line->unit_price = cobro_unit_price_of (cobro_money (100 + (i * 7 + k) % 9000, draft->currency));
      g_ptr_array_add (draft->lines, line);
    }
  return draft;
}

static gboolean
pay (CobroStoreTx *tx, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autoptr (CobroInvoiceChange) change = NULL;

  record->link_id = cobro_invoice_link_id (&invoice->id);
  record->amount = invoice->totals->total;
  cobro_day_to_text (tx->today, record->date);
  change = cobro_invoice_store_record (tx, record, error);
  return change != NULL;
}

static gpointer
do_fill (CobroStoreTx *tx, gpointer data, GError **error)
{
  Filling *filling = data;

  for (int i = filling->from; i < filling->from + filling->n; i++)
    {
      g_autoptr (CobroInvoice) draft = make_draft (i);
      g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_issue (tx, draft, NULL, error);

      if (!change || (i % 3 == 0 && !pay (tx, change->record->invoice, error)))
        return NULL;
    }
  return filling;
}

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroMerchant) stored = cobro_merchant_store_put_finish (COBRO_STORE (source), result, &error);

  if (!stored)
    g_error ("%s", error->message);
  *(gboolean *)done = TRUE;
}

/* Whoever issues invoices has a name. */
static void
name_seller (CobroStore *store)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_load (store, NULL);
  gboolean done = FALSE;

  cobro_link_set_text (&merchant->name, "Ana’s Café");
  cobro_link_set_text (&merchant->currency, "EUR");
  cobro_link_set_text (&merchant->seller.address.country, "ES");
  cobro_merchant_store_put_async (store, merchant, NULL, on_put_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

void
bench_fill_invoices (CobroStore *store, int n)
{
  if (n > 0)
    name_seller (store);
  for (int from = 0; from < n; from += TOGETHER)
    {
      g_autoptr (GError) error = NULL;

      if (!cobro_store_write (store, do_fill, &(Filling){ from, MIN (TOGETHER, n - from) }, &error))
        g_error ("%s", error->message);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static gint64
time_page (CobroStore *store, const CobroInvoiceQuery *query)
{
  gint64 times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 begun = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroStorePage) page = cobro_invoice_store_first_page (store, query, 128, &error);

      if (!page)
        g_error ("%s", error->message);
      times[i] = g_get_monotonic_time () - begun;
    }
  return bench_median (times, ROUNDS);
}

void
bench_measure_invoices (CobroStore *store)
{
  static const struct
  {
    const char *name;
    CobroInvoiceQuery query;
  } pages[] = {
    { "invoices_newest", { .descending = TRUE } },
    { "invoices_number", { .sort = COBRO_INVOICE_SORT_NUMBER } },
    { "invoices_customer", { .sort = COBRO_INVOICE_SORT_CUSTOMER } },
    { "invoices_total", { .sort = COBRO_INVOICE_SORT_TOTAL, .descending = TRUE } },
    { "invoices_due", { .sort = COBRO_INVOICE_SORT_DUE } },
    { "invoices_unpaid", { .filter = COBRO_INVOICE_FILTER_UNPAID, .descending = TRUE } },
    { "invoices_overdue_none", { .filter = COBRO_INVOICE_FILTER_OVERDUE, .descending = TRUE } },
    { "invoices_paid", { .filter = COBRO_INVOICE_FILTER_PAID, .descending = TRUE } },
    { "invoices_attention_none", { .filter = COBRO_INVOICE_FILTER_ATTENTION, .descending = TRUE } },
    { "invoices_unpaid_by_customer", { .filter = COBRO_INVOICE_FILTER_UNPAID, .sort = COBRO_INVOICE_SORT_CUSTOMER } },
    { "invoices_search_word", { .search = "coffee", .descending = TRUE } },
    { "invoices_search_two_letters", { .search = "an", .descending = TRUE } },
    { "invoices_search_customer", { .search = "dora 77", .descending = TRUE } },
    { "invoices_search_nothing", { .search = "zzzz", .descending = TRUE } },
    { "invoices_search_paid", { .search = "coffee", .filter = COBRO_INVOICE_FILTER_PAID, .descending = TRUE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    g_print (" \"%s\": %" G_GINT64_FORMAT ",", pages[i].name, time_page (store, &pages[i].query));
}
