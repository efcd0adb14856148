/* tests/sync/test-sync-books.c — the second computer gets everything: customers, products, schedules and the business's
 * settings, through the real relay; both may change them. Arguments: the relay's program. Layer: tests. */
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-product-store.h"
#include "cobro-recurring-store.h"
#include "relay-fixture.h"

/* ── Writing and reading, waiting ── */

static gpointer
do_put_customer (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_customer_store_put (tx, data, error);
}

static void
put_customer (Desktop *desktop, CobroCustomer *customer)
{
  g_autoptr (GError) error = NULL;
  CobroCustomer *stored = cobro_store_write (desktop->store, do_put_customer, customer, &error);

  g_assert_no_error (error);
  cobro_customer_unref (stored);
}

static gpointer
do_find_customer (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_customer_store_find (tx, data, error);
}

static CobroCustomer *
find_customer (Desktop *desktop, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  CobroCustomer *found = cobro_store_read (desktop->store, do_find_customer, (gpointer)id, &error);

  g_assert_no_error (error);
  return found;
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

static CobroProduct *
put_product (Desktop *desktop, const char *name, gint64 minor)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroProduct *stored;

  cobro_link_set_text (&product->name, name);
  product->currency = sync_euro ();
  product->unit_price = cobro_unit_price_of (cobro_money (minor, sync_euro ()));
  cobro_product_store_put_async (desktop->store, product, NULL, on_result_cb, &result);
  stored = cobro_product_store_put_finish (desktop->store, wait_for (&result), &error);
  g_assert_no_error (error);
  return stored;
}

static CobroRecurring *
put_schedule (Desktop *desktop, CobroRecurring *recurring)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroRecurringRecord) stored = NULL;
  g_autoptr (GError) error = NULL;

  cobro_recurring_store_put_async (desktop->store, recurring, NULL, on_result_cb, &result);
  stored = cobro_recurring_store_put_finish (desktop->store, wait_for (&result), &error);
  g_assert_no_error (error);
  return cobro_recurring_copy (stored->recurring);
}

static CobroRecurring *
new_schedule (void)
{
  CobroRecurring *recurring = cobro_recurring_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Rent of the shop");

  cobro_link_set_text (&recurring->name, "Rent");
  g_strlcpy (recurring->start, "2030-01-31", sizeof recurring->start);
  recurring->invoice->currency = sync_euro ();
  cobro_link_set_text (&recurring->invoice->buyer.name, "Zoë");
  line->unit_price = cobro_unit_price_of (cobro_money (90000, sync_euro ()));
  g_ptr_array_add (recurring->invoice->lines, line);
  return recurring;
}

static gint64
count (Desktop *desktop, const char *table, const char *text)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM %s WHERE document LIKE '%%%s%%'", table, text);

  return desktop_count (desktop, sql);
}

static void
both_rest (RelayFixture *fixture)
{
  for (int i = 0; i < 2; i++)
    {
      desktop_rest (&fixture->ana);
      desktop_rest (&fixture->ben);
    }
}

/* ── Tests ── */

static void
test_everything (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (CobroCustomer) at_ben = NULL;
  g_autoptr (CobroProduct) product = NULL;
  g_autoptr (CobroRecurring) draft = new_schedule ();
  g_autoptr (CobroRecurring) schedule = NULL;

  cobro_link_set_text (&customer->party.name, "Zoë");
  cobro_link_set_text (&customer->notes, "pays late");
  put_customer (&fixture->ana, customer);
  product = put_product (&fixture->ana, "Vacuum cleaner", 7500);
  schedule = put_schedule (&fixture->ana, draft);
  both_rest (fixture);
  at_ben = find_customer (&fixture->ben, &customer->id);
  g_assert_cmpstr (at_ben->party.name, ==, "Zoë");
  g_assert_cmpstr (at_ben->notes, ==, "pays late");
  g_assert_cmpint (at_ben->rev, ==, 1);
  g_assert_cmpint (count (&fixture->ben, "product", "Vacuum cleaner"), ==, 1);
  g_assert_cmpint (count (&fixture->ben, "recurring", "Rent of the shop"), ==, 1);

  /* What Ben changes comes back; nothing is sent around in circles. */
  cobro_link_set_text (&at_ben->party.name, "Zoë and Sons");
  put_customer (&fixture->ben, at_ben);
  both_rest (fixture);
  g_assert_cmpint (count (&fixture->ana, "customer", "Zoë and Sons"), ==, 1);
  g_assert_cmpint (count (&fixture->ana, "customer", ""), ==, 1);
  g_assert_cmpint (count (&fixture->ben, "product", ""), ==, 1);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_waiting (&fixture->ben), ==, 0);
}

/* Both change another field before they hear of each other: both changes are kept, on both sides. */
static void
test_both_change (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (CobroCustomer) at_ben = NULL;
  g_autoptr (CobroCustomer) at_ana = NULL;
  g_autofree char *ana = NULL;
  g_autofree char *ben = NULL;

  cobro_link_set_text (&customer->party.name, "Zoë");
  put_customer (&fixture->ana, customer);
  both_rest (fixture);
  at_ana = find_customer (&fixture->ana, &customer->id);
  cobro_link_set_text (&at_ana->party.email, "zoe@example.com");
  put_customer (&fixture->ana, at_ana);
  at_ben = find_customer (&fixture->ben, &customer->id);
  cobro_link_set_text (&at_ben->notes, "pays late");
  put_customer (&fixture->ben, at_ben);
  both_rest (fixture);
  g_clear_pointer (&at_ana, cobro_customer_unref);
  g_clear_pointer (&at_ben, cobro_customer_unref);
  at_ana = find_customer (&fixture->ana, &customer->id);
  at_ben = find_customer (&fixture->ben, &customer->id);
  g_assert_cmpstr (at_ana->party.email, ==, "zoe@example.com");
  g_assert_cmpstr (at_ana->notes, ==, "pays late");
  g_assert_cmpstr (at_ben->party.email, ==, "zoe@example.com");
  g_assert_cmpstr (at_ben->notes, ==, "pays late");
  g_assert_cmpint (at_ana->rev, ==, at_ben->rev);
}

static gpointer
do_put_merchant (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);

  if (merchant == NULL)
    return NULL;
  cobro_link_set_text (&merchant->name, data);
  return cobro_merchant_store_put (tx, merchant, error);
}

static void
test_business (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  CobroMerchant *stored = cobro_store_write (fixture->ana.store, do_put_merchant, (gpointer) "Ana’s Café", &error);

  g_assert_no_error (error);
  cobro_merchant_unref (stored);
  both_rest (fixture);
  g_assert_cmpint (count (&fixture->ben, "merchant", "Ana’s Café"), ==, 1);
}

#define ADD(path, func) g_test_add (path, RelayFixture, argv[1], relay_fixture_set_up, func, relay_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  ADD ("/sync/books/everything", test_everything);
  ADD ("/sync/books/both-change", test_both_change);
  ADD ("/sync/books/business", test_business);
  return g_test_run ();
}
