/* tests/store/test-invoice-list.c — lists of invoices and payments, held against cobro_invoice_view() and against
 * looking at every one; and that none of them reads more of the books than it must. Random data; the seed is printed by
 * GLib and replayed with --seed.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-payment-list.h"
#include "cobro-product-store.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"
#include "invoice-fixture.h"

#include <string.h>

#define INVOICES 150

static gint64
chance (gint32 bound)
{
  return g_test_rand_int_range (0, bound);
}

/* ── Random books ───────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *const words[] = { "Café", "coffee", "Überweisung", "naïve", "Ana's", "rent", "мир", "日本" };

static CobroInvoice *
random_draft (const CobroCustomer *customer)
{
  CobroInvoice *draft = new_draft (customer, 100 + chance (9000));
  g_autofree char *description =
    g_strdup_printf ("%s %s", words[chance (G_N_ELEMENTS (words))], words[chance (G_N_ELEMENTS (words))]);
  CobroInvoiceLine *line = draft->lines->pdata[0];

  cobro_link_set_text (&line->description, description);
  draft->terms = (gint)chance (60);
  if (chance (3) == 0)
    draft->partial = COBRO_PARTIAL_ON;
  return draft;
}

static gpointer
do_send_and_view (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroInvoice *invoice = data;

  return GINT_TO_POINTER (
    cobro_invoice_sync_heard (tx, invoice, chance (2) ? FIXTURE_NOW : 0, chance (3) ? 0 : FIXTURE_NOW, error));
}

static void
make_history (StoreFixture *fixture, const CobroInvoice *invoice)
{
  gint64 total = cobro_money_minor (invoice->totals->total);
  g_autoptr (CobroInvoiceChange) change = NULL, credited = NULL, voided = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (cobro_store_write (fixture->store, do_send_and_view, (gpointer)invoice, &error));
  switch (chance (6))
    {
    case 0:
      change = must_record (fixture, &invoice->id, COBRO_RECORD_CASH, total);
      break;
    case 1:
      change = must_record (fixture, &invoice->id, COBRO_RECORD_BANK, 1 + chance ((gint32)total + 500));
      break;
    default:
      break;
    }
  if (chance (6) == 0)
    credited = must_credit (fixture, &invoice->id, 1 + chance ((gint32)total));
  if (chance (8) == 0)
    voided = must_void (fixture, &invoice->id, "");
  else if (chance (8) == 0)
    WAIT_FOR_CHANGE (fixture, voided, &error,
                     cobro_invoice_store_decide_async (fixture->store, &invoice->id, COBRO_INVOICE_UNCOLLECTIBLE, NULL,
                                                       on_result_cb, &result));
}

static void
fill_books (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);

  for (int i = 0; i < 3; i++)
    g_ptr_array_add (customers, must_add_customer (fixture, words[i * 2]));
  for (int i = 0; i < INVOICES; i++)
    {
      g_autoptr (CobroInvoice) draft = random_draft (customers->pdata[chance (3)]);
      g_autoptr (CobroInvoiceChange) change = NULL;

      if (chance (6) == 0)
        {
          change = must_put_invoice (fixture, draft);
          continue;
        }
      change = must_issue (fixture, draft);
      make_history (fixture, change->record->invoice);
    }
  /* Some of what is open is late by now. */
  cobro_clock_advance (fixture->clock, 20 * COBRO_DAY);
}

/* ── Held against looking at every one ──────────────────────────────────────────────────────────────────────────── */

static gboolean
belongs (const CobroInvoiceRecord *record, const CobroInvoiceView *view, CobroInvoiceFilter filter)
{
  CobroInvoiceStatus status = view->status;
  gboolean late = status == COBRO_INVOICE_IS_OVERDUE;

  switch (filter)
    {
    case COBRO_INVOICE_FILTER_ALL:
      return TRUE;
    case COBRO_INVOICE_FILTER_DRAFT:
      return status == COBRO_INVOICE_IS_DRAFT;
    case COBRO_INVOICE_FILTER_UNPAID:
      return late || (status >= COBRO_INVOICE_IS_OPEN && status <= COBRO_INVOICE_IS_PARTIALLY_PAID);
    case COBRO_INVOICE_FILTER_OVERDUE:
      return late;
    case COBRO_INVOICE_FILTER_PARTLY_PAID:
      return status == COBRO_INVOICE_IS_PARTIALLY_PAID || (late && cobro_money_is_positive (view->paid));
    case COBRO_INVOICE_FILTER_PAID:
      return status == COBRO_INVOICE_IS_PAID || status == COBRO_INVOICE_IS_OVERPAID;
    case COBRO_INVOICE_FILTER_CLOSED:
      return status == COBRO_INVOICE_IS_REFUNDED || status == COBRO_INVOICE_IS_VOID ||
             status == COBRO_INVOICE_IS_UNCOLLECTIBLE;
    case COBRO_INVOICE_FILTER_CREDIT_NOTE:
      return status == COBRO_INVOICE_IS_CREDIT_NOTE;
    case COBRO_INVOICE_FILTER_WAITING:
      return record->state == COBRO_RECORD_WAITING;
    case COBRO_INVOICE_FILTER_ATTENTION:
      return status == COBRO_INVOICE_IS_OVERPAID || (record->link_tally.flags & ~6u) != 0 ||
             record->state == COBRO_RECORD_REJECTED || record->state == COBRO_RECORD_CONFLICT ||
             record->problem[0] != '\0';
    }
  return FALSE;
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_list (tx, data, 0, error);
}

static GPtrArray *
load (StoreFixture *fixture, const CobroInvoiceQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = cobro_store_read (fixture->store, do_list, (gpointer)query, &error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_record_unref);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i += 100)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) some = NULL;

      cobro_invoice_store_load_rows_async (fixture->store, &g_array_index (rows, gint64, i), MIN (100, rows->len - i),
                                           NULL, on_result_cb, &result);
      some = cobro_invoice_store_load_rows_finish (fixture->store, wait_for_result (&result), &error);
      g_assert_no_error (error);
      for (guint k = 0; k < some->len; k++)
        g_ptr_array_add (records, cobro_invoice_record_ref (some->pdata[k]));
    }
  return g_steal_pointer (&records);
}

static gpointer
do_count (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_invoice_store_count (tx, 0, data, error));
}

static void
test_filters (StoreFixture *fixture, gconstpointer data)
{
  CobroInvoiceQuery everything = { .filter = COBRO_INVOICE_FILTER_ALL };
  CobroInvoiceCounts counts;
  g_autoptr (GPtrArray) all = NULL;
  int seen = 0;

  fill_books (fixture);
  all = load (fixture, &everything);
  g_assert_nonnull (cobro_store_read (fixture->store, do_count, &counts, NULL));
  for (int filter = 0; filter < COBRO_INVOICE_N_FILTERS; filter++)
    {
      CobroInvoiceQuery query = { .filter = (CobroInvoiceFilter)filter };
      g_autoptr (GPtrArray) listed = load (fixture, &query);
      guint expected = 0;

      for (guint i = 0; i < all->len; i++)
        {
          const CobroInvoiceRecord *record = all->pdata[i];
          CobroInvoiceView view = cobro_invoice_record_view (fixture->store, record);

          if (!belongs (record, &view, query.filter))
            continue;
          g_assert_cmpuint (expected, <, listed->len);
          g_assert_cmpint (((CobroInvoiceRecord *)listed->pdata[expected++])->row, ==, record->row);
        }
      g_assert_cmpuint (expected, ==, listed->len);
      g_assert_cmpint (counts.n[filter], ==, expected);
      seen += expected > 0;
    }
  g_assert_cmpint (seen, >=, 8); /* the dice made nearly everything */
}

static int
compare (const CobroInvoiceRecord *a, const CobroInvoiceRecord *b, CobroInvoiceSort sort)
{
  g_autofree char *name_a = cobro_store_sort_text (a->invoice->buyer.name);
  g_autofree char *name_b = cobro_store_sort_text (b->invoice->buyer.name);
  int order = 0;

  switch (sort)
    {
    case COBRO_INVOICE_SORT_CREATED:
      break;
    case COBRO_INVOICE_SORT_NUMBER:
      order = strcmp (a->invoice->number, b->invoice->number);
      break;
    case COBRO_INVOICE_SORT_CUSTOMER:
      order = strcmp (name_a, name_b);
      break;
    case COBRO_INVOICE_SORT_ISSUED:
      order = strcmp (a->invoice->issue_date, b->invoice->issue_date);
      break;
    case COBRO_INVOICE_SORT_DUE:
      order = strcmp (a->invoice->due_date, b->invoice->due_date);
      break;
    case COBRO_INVOICE_SORT_TOTAL:
      order = cobro_money_compare (a->invoice->totals->total, b->invoice->totals->total);
      break;
    }
  return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static void
test_sorts (StoreFixture *fixture, gconstpointer data)
{
  fill_books (fixture);
  for (int sort = 0; sort <= COBRO_INVOICE_SORT_TOTAL; sort++)
    for (int descending = 0; descending < 2; descending++)
      {
        CobroInvoiceQuery query = { .sort = (CobroInvoiceSort)sort, .descending = descending };
        g_autoptr (GPtrArray) listed = load (fixture, &query);

        for (guint i = 1; i < listed->len; i++)
          g_assert_cmpint (compare (listed->pdata[i - 1], listed->pdata[i], query.sort) * (descending ? -1 : 1), <, 0);
      }
}

static guint
found (StoreFixture *fixture, const char *search, CobroInvoiceSort sort)
{
  CobroInvoiceQuery query = { .search = search, .sort = sort, .filter = COBRO_INVOICE_FILTER_UNPAID };
  g_autoptr (GPtrArray) listed = load (fixture, &query);

  return listed->len;
}

/* By number, buyer and lines; words that are no more in a document do not find it. */
static void
test_search (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoice) later = cobro_invoice_copy (issued->record->invoice);
  g_autoptr (CobroInvoiceChange) noted = NULL, unnoted = NULL;

  for (int sort = 0; sort <= COBRO_INVOICE_SORT_TOTAL; sort++)
    {
      g_assert_cmpuint (found (fixture, "2023-0000", (CobroInvoiceSort)sort), ==, 1);
      g_assert_cmpuint (found (fixture, "mull ZOE", (CobroInvoiceSort)sort), ==, 1);
      g_assert_cmpuint (found (fixture, "vac clean", (CobroInvoiceSort)sort), ==, 1);
      g_assert_cmpuint (found (fixture, "ullman", (CobroInvoiceSort)sort), ==, 0);
    }
  cobro_link_set_text (&later->private_notes, "moved to Perth");
  noted = must_put_invoice (fixture, later);
  g_assert_cmpuint (found (fixture, "perth", COBRO_INVOICE_SORT_CREATED), ==, 1);
  cobro_link_set_text (&later->private_notes, "");
  unnoted = must_put_invoice (fixture, later);
  g_assert_cmpuint (found (fixture, "perth", COBRO_INVOICE_SORT_CREATED), ==, 0);
  exec_in_books (fixture, "INSERT INTO invoice_search (invoice_search) VALUES ('integrity-check')");
}

/* ── What a list reads ──────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_explain (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autofree char *sql = g_strconcat ("EXPLAIN QUERY PLAN ", data, NULL);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
  g_autoptr (GString) plan = g_string_new (NULL);

  g_assert_nonnull (statement);
  while (cobro_db_step (statement, error) == COBRO_DB_ROW)
    g_string_append_printf (plan, "%s\n", cobro_db_column_text (statement, "detail"));
  return g_string_free (g_steal_pointer (&plan), FALSE);
}

/* With 100,000 rows a page must come out of an index in order: no walk through the table, no sorting. */
static void
assert_in_order (StoreFixture *fixture, const CobroListPlan *plan, gboolean match)
{
  g_autofree char *sql = cobro_list_statement (plan, match);
  g_autofree char *steps = cobro_store_read (fixture->store, do_explain, sql, NULL);

  g_test_message ("%s\n%s", sql, steps);
  g_assert_null (strstr (steps, "TEMP B-TREE"));
  if (plan->key != NULL)
    g_assert_nonnull (strstr (steps, "USING"));
}

static void
test_plans (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *table, *key;
  } orders[] = {
    { "invoice", NULL },           { "invoice", "invoice.number" }, { "invoice", "sort_buyer" },
    { "invoice", "issue_day" },    { "invoice", "due_day" },        { "invoice", "sort_total" },
    { "customer", "sort_name" },   { "customer", "created_at" },    { "product", "sort_name" },
    { "product", "product.code" }, { "product", "sort_price" },     { "payment", "created_at" },
    { "payment", "sort_amount" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    for (int descending = 0; descending < 2; descending++)
      assert_in_order (
        fixture,
        &(CobroListPlan){
          .table = orders[i].table, .predicate = "1", .key = orders[i].key, .descending = descending, .limit = 100 },
        FALSE);
  assert_in_order (fixture, &(CobroListPlan){ .table = "invoice", .predicate = "1", .descending = TRUE, .limit = 100 },
                   TRUE);
  assert_in_order (fixture, &(CobroListPlan){ .table = "customer", .predicate = "archived = 0", .limit = 20 }, TRUE);
}

static const char *const counted[] = {
  "SELECT count(*) AS n FROM invoice WHERE standing = 0",
  "SELECT count(*) AS n FROM invoice WHERE standing IN (1, 2, 3, 4) AND late_day < 1",
  "SELECT count(*) AS n FROM invoice WHERE waiting = 1",
  "SELECT count(*) AS n FROM invoice WHERE attention = 1",
  "SELECT count(*) AS n FROM payment WHERE state = 7",
  "SELECT count(*) AS n FROM payment WHERE manual > 0",
  "SELECT count(*) AS n FROM payment WHERE (flags <> 0 OR state = 4)",
  "SELECT count(*) AS n FROM link WHERE (decision = 0) AND invoice_id IS NULL",
  "SELECT row FROM customer WHERE sort_name >= 'a' AND sort_name < 'b' AND archived = 0 ORDER BY sort_name, row LIMIT "
  "8",
  "SELECT currency, sum (owed) AS n FROM invoice WHERE customer_id = 'x' AND sample = 0 GROUP BY currency",
};

static void
test_counts_use_indexes (StoreFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (counted); i++)
    {
      g_autofree char *steps = cobro_store_read (fixture->store, do_explain, (gpointer)counted[i], NULL);

      g_test_message ("%s\n%s", counted[i], steps);
      g_assert_nonnull (strstr (steps, "INDEX"));
    }
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_payments (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = must_record (fixture, &issued->record->invoice->id, COBRO_RECORD_BANK, 8250);
  CobroPaymentQuery queries[] = { { .search = "inv-2023 müll" },
                                  { .filter = COBRO_PAYMENT_FILTER_MANUAL },
                                  { .customer_id = customer->id, .sort = COBRO_PAYMENT_SORT_AMOUNT },
                                  { .filter = COBRO_PAYMENT_FILTER_PENDING },
                                  { .to = FIXTURE_NOW - 48 * COBRO_HOUR }, /* it came on the day of the fixture */
                                  { .search = "nobody" } };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroStorePage) page = cobro_payment_store_first_page (fixture->store, &queries[i], 50, &error);
      const CobroPaymentRecord *record;

      g_assert_no_error (error);
      g_assert_cmpuint (page->records->len, ==, i < 3);
      if (i >= 3)
        continue;
      record = page->records->pdata[0];
      g_assert_cmpstr (record->number, ==, "INV-2023-00001");
      g_assert_cmpstr (record->customer, ==, "Zoë Müller");
      g_assert_cmpstr (record->payment->method, ==, "bank");
      g_assert_true (record->waiting);
      /* The day that was typed, as it begins in Melbourne. */
      g_assert_cmpint (record->paid_at, ==,
                       cobro_day_begins_at (cobro_store_today (fixture->store), "Australia/Melbourne"));
    }
}

int
main (int argc, char **argv)
{
#define ADD(path, test) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, test, store_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("/invoice-list/filters", test_filters);
  ADD ("/invoice-list/sorts", test_sorts);
  ADD ("/invoice-list/search", test_search);
  ADD ("/invoice-list/plans", test_plans);
  ADD ("/invoice-list/counts-use-indexes", test_counts_use_indexes);
  ADD ("/invoice-list/payments", test_payments);
  return g_test_run ();
}
