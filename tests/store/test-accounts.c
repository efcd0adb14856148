/* tests/store/test-accounts.c — customers with what they owe, products, schedules, statements, ageing, a period for the
 * accountant, the logo. Layer: tests. */
#include "cobro-accounts-store.h"
#include "cobro-error.h"
#include "cobro-logo-store.h"
#include "cobro-outbox.h"
#include "cobro-product-store.h"
#include "cobro-profile-store.h"
#include "cobro-recurring-store.h"
#include "cobro-store-batch.h"
#include "cobro-statement-store.h"
#include "invoice-fixture.h"

#include <string.h>

/* ── Customers ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroCustomerRecord *
load_customer (StoreFixture *fixture, const CobroId *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroCustomerRecord *record;

  cobro_customer_store_load_async (fixture->store, id, NULL, on_result_cb, &result);
  record = cobro_customer_store_load_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return record;
}

static guint
listed (StoreFixture *fixture, CobroCustomerFilter filter, const char *search)
{
  CobroCustomerQuery query = { .search = search, .filter = filter, .sort = COBRO_CUSTOMER_SORT_OPEN };
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroStorePage) page = cobro_customer_store_first_page (fixture->store, &query, 100, &error);

  g_assert_no_error (error);
  return page->records->len;
}

static void
test_customer_sums (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroCustomer) ben = must_add_customer (fixture, "Ben");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) first = NULL, second = NULL, paid = NULL, draft_only = NULL;
  g_autoptr (CobroCustomerRecord) record = NULL, late = NULL;
  const CobroCustomerSum *sum;

  first = must_issue (fixture, draft);
  second = must_issue (fixture, draft);
  draft_only = must_put_invoice (fixture, draft);
  paid = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_CASH, 12000);
  record = load_customer (fixture, &zoe->id);
  g_assert_cmpuint (record->sums->len, ==, 1);
  sum = &g_array_index (record->sums, CobroCustomerSum, 0);
  g_assert_cmpint (cobro_money_minor (sum->open), ==, 11000);
  g_assert_cmpint (cobro_money_minor (sum->overdue), ==, 0);
  g_assert_cmpint (cobro_money_minor (sum->credit), ==, 1000);
  g_assert_cmpint (record->invoices, ==, 3);
  g_assert_cmpint (record->state, ==, COBRO_RECORD_WAITING);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_ALL, NULL), ==, 2);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_OWING, NULL), ==, 1);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_OVERDUE, NULL), ==, 0);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_CREDIT, "mull"), ==, 1);

  cobro_clock_advance (fixture->clock, 31 * COBRO_DAY);
  late = load_customer (fixture, &zoe->id);
  g_assert_cmpint (cobro_money_minor (g_array_index (late->sums, CobroCustomerSum, 0).overdue), ==, 11000);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_OVERDUE, NULL), ==, 1);
}

static guint
typed (StoreFixture *fixture, const char *text, const char *first)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = NULL;

  cobro_customer_store_search_async (fixture->store, text, 8, NULL, on_result_cb, &result);
  found = cobro_customer_store_search_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  if (first != NULL)
    g_assert_cmpstr (((CobroCustomer *)found->pdata[0])->party.name, ==, first);
  return found->len;
}

static void
put_customer (StoreFixture *fixture, CobroCustomer *customer)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroCustomer) stored = NULL;

  cobro_customer_store_put_async (fixture->store, customer, NULL, on_result_cb, &result);
  stored = cobro_customer_store_put_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

static void
test_type_ahead (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) anna = must_add_customer (fixture, "Anna Zimmer");
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroCustomer) gone = cobro_customer_copy (zoe);

  /* Names that begin so come first; then those with such a word, by name or address. */
  g_assert_cmpuint (typed (fixture, "z", "Zoë Müller"), ==, 2);
  g_assert_cmpuint (typed (fixture, "zimm", "Anna Zimmer"), ==, 1);
  g_assert_cmpuint (typed (fixture, "buyer mull", "Zoë Müller"), ==, 1);
  g_assert_cmpuint (typed (fixture, "q", NULL), ==, 0);
  gone->archived = TRUE;
  put_customer (fixture, gone);
  g_assert_cmpuint (typed (fixture, "z", "Anna Zimmer"), ==, 1);
  g_assert_cmpuint (listed (fixture, COBRO_CUSTOMER_FILTER_ARCHIVED, NULL), ==, 1);
  exec_in_books (fixture, "INSERT INTO customer_search (customer_search) VALUES ('integrity-check')");
}

static void
test_import_customers (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroStoreBatch batch;

  for (int i = 0; i < 3; i++)
    {
      CobroCustomer *customer = cobro_customer_new ();

      cobro_link_set_text (&customer->party.name, "Somebody");
      cobro_link_set_text (&customer->party.email, i < 2 ? "" : "not an address");
      g_ptr_array_add (customers, customer);
    }
  batch = (CobroStoreBatch){ .take = cobro_customer_store_take, .items = g_ptr_array_ref (customers) };
  cobro_store_take_async (fixture->store, &batch, NULL, on_result_cb, &result);
  g_assert_false (cobro_store_take_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "line 3: "));
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM customer"), ==, 0);
}

/* ── Products and schedules ─────────────────────────────────────────────────────────────────────────────────────── */

static CobroProduct *
put_product (StoreFixture *fixture, const char *name, const char *code, GError **error)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();
  g_autoptr (GAsyncResult) result = NULL;

  cobro_link_set_text (&product->name, name);
  cobro_link_set_text (&product->code, code);
  product->currency = aud ();
  product->unit_price = cobro_unit_price_of (cobro_money (7500, aud ()));
  cobro_product_store_put_async (fixture->store, product, NULL, on_result_cb, &result);
  return cobro_product_store_put_finish (fixture->store, wait_for_result (&result), error);
}

static void
test_products (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroProduct) vacuum = put_product (fixture, "Vacuum cleaner", "VC-1", &error);
  g_autoptr (CobroProduct) filter = put_product (fixture, "Filter", "", &error);
  g_autoptr (CobroProduct) same = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;
  CobroProductQuery query = { .sort = COBRO_PRODUCT_SORT_NAME };
  g_autoptr (CobroStorePage) page = cobro_product_store_first_page (fixture->store, &query, 10, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (page->records->len, ==, 2);
  g_assert_cmpstr (((CobroProductRecord *)page->records->pdata[0])->product->name, ==, "Filter");
  same = put_product (fixture, "Other", "VC-1", &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "code");
  g_clear_error (&error);

  cobro_product_store_search_async (fixture->store, "vc", aud (), 8, NULL, on_result_cb, &result);
  found = cobro_product_store_search_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  g_clear_object (&result);
  g_clear_pointer (&found, g_ptr_array_unref);
  cobro_product_store_search_async (fixture->store, "vc", euro (), 8, NULL, on_result_cb, &result);
  found = cobro_product_store_search_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'product.put'"), ==, 2);
}

static void
test_schedules (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();
  g_autoptr (CobroRecurringRecord) stored = NULL;
  g_autoptr (GAsyncResult) result = NULL, again = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&recurring->name, "Rent");
  g_strlcpy (recurring->start, "2024-01-31", sizeof recurring->start);
  g_clear_pointer (&recurring->invoice, cobro_invoice_unref);
  recurring->invoice = new_draft (customer, 90000);
  cobro_recurring_store_put_async (fixture->store, recurring, NULL, on_result_cb, &result);
  stored = cobro_recurring_store_put_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (stored->state, ==, COBRO_RECORD_WAITING);
  cobro_recurring_store_list_async (fixture->store, NULL, on_result_cb, &again);
  all = cobro_recurring_store_list_finish (fixture->store, wait_for_result (&again), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (((CobroRecurringRecord *)all->pdata[0])->recurring->name, ==, "Rent");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'recurring.put'"), ==, 1);
}

/* ── Accounts ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroStatement *
load_statement (StoreFixture *fixture, const CobroCustomer *customer, CobroDay from, CobroDay to)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroStatement *statement;

  cobro_statement_store_load_async (fixture->store, &customer->id, aud (), from, to, NULL, on_result_cb, &result);
  statement = cobro_statement_store_load_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return statement;
}

static gpointer
do_refund (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (
    cobro_db_exec (tx->db,
                   "INSERT INTO refund (id, payment_id, document, state, currency, amount, created_at, updated_at) "
                   "SELECT 'ref_1', id, '{}', 1, 'AUD', 500, created_at, created_at FROM payment LIMIT 1",
                   error));
}

static void
test_statement (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) first = NULL, second = NULL, paid = NULL, credited = NULL, used = NULL;
  g_autoptr (CobroStatement) whole = NULL, later = NULL;
  CobroDay today = cobro_store_today (fixture->store);

  first = must_issue (fixture, draft);
  paid = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_BANK, 12000);
  cobro_clock_advance (fixture->clock, 40 * COBRO_DAY);
  second = must_issue (fixture, draft);
  credited = must_credit (fixture, &second->record->invoice->id, 1000);
  used = must_record (fixture, &second->record->invoice->id, COBRO_RECORD_CREDIT, 1000);
  cobro_clock_advance (fixture->clock, 40 * COBRO_DAY);

  /* 110.00 asked, 120.00 came; 110.00 asked, 10.00 credited; the credit that was used is no new money. */
  whole = load_statement (fixture, zoe, today, today + 80);
  g_assert_cmpint (cobro_money_minor (whole->opening), ==, 0);
  g_assert_cmpuint (whole->entries->len, ==, 4);
  g_assert_cmpint (cobro_money_minor (whole->closing), ==, 9000);
  g_assert_cmpint (cobro_money_minor (whole->ageing.total), ==, 9000);
  g_assert_cmpint (cobro_money_minor (whole->ageing.days_30), ==, 9000);

  later = load_statement (fixture, zoe, today + 1, today + 41);
  g_assert_cmpint (cobro_money_minor (later->opening), ==, -1000);
  g_assert_cmpint (cobro_money_minor (later->closing), ==, 9000);
  g_assert_cmpint (cobro_money_minor (later->ageing.current), ==, 9000);
}

/* What went back is owed again, or is nobody's: the balance follows it. */
static void
test_statement_refund (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) first = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_BANK, 11000);
  g_autoptr (CobroStatement) statement = NULL;
  CobroDay today = cobro_store_today (fixture->store);

  g_assert_nonnull (cobro_store_write (fixture->store, do_refund, NULL, NULL));
  statement = load_statement (fixture, zoe, today, today);
  g_assert_cmpint (cobro_money_minor (statement->closing), ==, 500);
}

static void
test_aged (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroCustomer) ana = must_add_customer (fixture, "Ana");
  g_autoptr (CobroInvoice) of_zoe = new_draft (zoe, 10000);
  g_autoptr (CobroInvoice) of_ana = new_draft (ana, 1000);
  g_autoptr (CobroInvoiceChange) a = must_issue (fixture, of_zoe), b = must_issue (fixture, of_ana), c = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) aged = NULL;
  g_autoptr (GError) error = NULL;
  const CobroAgedCustomer *first, *second;

  cobro_clock_advance (fixture->clock, 80 * COBRO_DAY); /* 50 days late */
  c = must_issue (fixture, of_zoe);
  cobro_ageing_store_list_async (fixture->store, NULL, on_result_cb, &result);
  aged = cobro_ageing_store_list_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (aged->len, ==, 2);
  first = aged->pdata[0];
  second = aged->pdata[1];
  g_assert_cmpstr (first->name, ==, "Ana");
  g_assert_cmpint (cobro_money_minor (first->ageing.days_60), ==, 1100);
  g_assert_cmpint (cobro_money_minor (second->ageing.days_60), ==, 11000);
  g_assert_cmpint (cobro_money_minor (second->ageing.current), ==, 11000);
  g_assert_cmpint (cobro_money_minor (second->ageing.total), ==, 22000);
}

typedef struct
{
  guint invoices, drafts, payments, customers, products, recurring, links;
  gint64 n_links;
} Found;

static gboolean
see_link (const CobroLink *link, const CobroLinkTally *tally, const char *url, gpointer data, GError **error)
{
  Found *found = data;

  found->links++;
  return cobro_money_is_set (tally->paid) && !cobro_id_is_set (&link->invoice_id);
}

static gboolean
see_accounts (const CobroAccounts *accounts, gpointer data, GError **error)
{
  Found *found = data;

  *found = (Found){ accounts->invoices->len,
                    accounts->drafts->len,
                    accounts->payments->len,
                    accounts->customers->len,
                    accounts->products->len,
                    accounts->recurring->len,
                    0,
                    accounts->n_links };
  /* As often as somebody likes. */
  return cobro_accounts_each_link (accounts, see_link, found, error) &&
         cobro_accounts_each_link (accounts, see_link, found, error);
}

static Found
visit (StoreFixture *fixture, CobroDay from, CobroDay to, gboolean everything)
{
  const CobroAccountsQuery query = { from, to, everything };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Found found;

  cobro_accounts_store_visit_async (fixture->store, &query, see_accounts, &found, NULL, NULL, on_result_cb, &result);
  g_assert_true (cobro_accounts_store_visit_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found.links, ==, 2 * found.n_links);
  return found;
}

static void
put_new_link (StoreFixture *fixture, const char *title)
{
  g_autoptr (CobroLink) link = new_link (title, 500);
  g_autoptr (CobroLinkChange) change = must_put (fixture, link);

  g_assert_nonnull (change);
}

static void
test_period (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) first = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_BANK, 11000);
  g_autoptr (CobroInvoiceChange) never = must_put_invoice (fixture, draft);
  g_autoptr (CobroInvoiceChange) later = NULL;
  CobroDay today = cobro_store_today (fixture->store);

  put_new_link (fixture, "First day");
  put_new_link (fixture, "First day, too");
  cobro_clock_advance (fixture->clock, 2 * COBRO_DAY);
  later = must_issue (fixture, draft);
  put_new_link (fixture, "Third day");
  for (int days = 0; days < 3; days++)
    {
      Found found = visit (fixture, today + days, today + days, FALSE);

      g_assert_cmpuint (found.invoices, ==, days != 1);
      g_assert_cmpuint (found.payments, ==, days == 0);
      g_assert_cmpuint (found.customers, ==, days != 1);
      g_assert_cmpuint (found.drafts, ==, 0);
      g_assert_cmpint (found.n_links, ==, days == 0 ? 2 : days == 1 ? 0 : 1);
    }
}

/* Whatever its date, and what nobody was sent yet; no sample, whose money never was. */
static void
test_everything (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroCustomer) nobody = must_add_customer (fixture, "Nobody's customer");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) first = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_BANK, 11000);
  g_autoptr (CobroInvoiceChange) never = must_put_invoice (fixture, draft);
  g_autoptr (CobroProduct) vacuum = put_product (fixture, "Vacuum cleaner", "VC-1", NULL);
  Found found;

  put_new_link (fixture, "Real");
  put_new_link (fixture, "Sample");
  exec_in_books (fixture, "UPDATE link SET sample = 1 WHERE title = 'Sample'");
  cobro_clock_advance (fixture->clock, 400 * COBRO_DAY);
  found = visit (fixture, 0, 0, TRUE);
  g_assert_cmpuint (found.invoices, ==, 1);
  g_assert_cmpuint (found.drafts, ==, 1);
  g_assert_cmpuint (found.payments, ==, 1);
  g_assert_cmpuint (found.customers, ==, 2);
  g_assert_cmpuint (found.products, ==, 1);
  g_assert_cmpuint (found.recurring, ==, 0);
  g_assert_cmpint (found.n_links, ==, 1);
  exec_in_books (fixture, "UPDATE payment SET sample = 1");
  g_assert_cmpuint (visit (fixture, 0, 0, TRUE).payments, ==, 0);
}

/* ── Logo ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
put_logo (StoreFixture *fixture, GBytes *picture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_logo_store_put_async (fixture->store, picture, NULL, on_result_cb, &result);
  return cobro_logo_store_put_finish (fixture->store, wait_for_result (&result), error);
}

static void
test_logo (StoreFixture *fixture, gconstpointer data)
{
  static const char png[] = "\x89PNG\r\n\x1a\n and what follows";
  g_autoptr (GBytes) picture = g_bytes_new_static (png, sizeof png);
  g_autoptr (GBytes) text = g_bytes_new_static ("<svg>", 5);
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (COBRO_LOGO_BYTES_MAX + 1), COBRO_LOGO_BYTES_MAX + 1);
  g_autoptr (GBytes) stored = NULL, none = NULL;
  g_autoptr (CobroMerchant) merchant = NULL, without = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (put_logo (fixture, text, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (put_logo (fixture, large, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_true (put_logo (fixture, picture, &error));
  stored = cobro_logo_store_load (fixture->store, &error);
  g_assert_true (g_bytes_equal (stored, picture));
  merchant = cobro_merchant_store_load (fixture->store, &error);
  g_assert_cmpuint (strlen (merchant->logo), ==, 64);
  g_assert_true (put_logo (fixture, NULL, &error));
  none = cobro_logo_store_load (fixture->store, &error);
  g_assert_null (none);
  without = cobro_merchant_store_load (fixture->store, &error);
  g_assert_cmpstr (without->logo, ==, "");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'logo.put'"), ==, 1);
}

int
main (int argc, char **argv)
{
#define ADD(path, test) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, test, store_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("/accounts/customer-sums", test_customer_sums);
  ADD ("/accounts/type-ahead", test_type_ahead);
  ADD ("/accounts/import-customers", test_import_customers);
  ADD ("/accounts/products", test_products);
  ADD ("/accounts/schedules", test_schedules);
  ADD ("/accounts/statement", test_statement);
  ADD ("/accounts/statement-refund", test_statement_refund);
  ADD ("/accounts/aged", test_aged);
  ADD ("/accounts/period", test_period);
  ADD ("/accounts/everything", test_everything);
  ADD ("/accounts/logo", test_logo);
  return g_test_run ();
}
