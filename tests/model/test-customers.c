/* tests/model/test-customers.c — customers, products and what a country brings along, over real books.
 * Layer: tests. */
#include "cobro-business-country.h"
#include "cobro-customers.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-products.h"
#include "model-fixture.h"

typedef struct
{
  gpointer value;
  GError *error;
  gboolean done;
} Answer;

static void
on_customer_put_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->value = cobro_customers_put_finish (COBRO_CUSTOMERS (source), result, &answer->error);
  answer->done = TRUE;
}

/* (transfer full) */
static CobroCustomer *
put_customer (CobroCustomers *customers, const char *name, const char *country, const char *tax_id, GError **error)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  Answer answer = { 0 };

  cobro_link_set_text (&customer->party.name, name);
  cobro_link_set_text (&customer->party.address.country, country);
  cobro_link_set_text (&customer->party.tax_id, tax_id);
  cobro_customers_put_async (customers, customer, NULL, on_customer_put_cb, &answer);
  wait_until (answer.done);
  if (answer.error)
    g_propagate_error (error, answer.error);
  return answer.value;
}

static guint
count (CobroRowList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_list (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroCustomers) customers = cobro_customers_new (self->books.store, cobro_links_get_undo (self->links));
  g_autoptr (CobroRowList) list = cobro_customers_list (customers);
  g_autoptr (CobroCustomer) bea = put_customer (customers, "Bea", "ES", "B12345678", NULL);
  g_autoptr (CobroCustomer) ana = put_customer (customers, "Ana", "", "", NULL);
  g_autoptr (CobroCustomerItem) first = NULL;

  g_assert_nonnull (bea);
  g_assert_nonnull (ana);
  wait_until (count (list) == 2 && !cobro_row_list_get_loading (list));
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  wait_until (cobro_row_item_is_filled (COBRO_ROW_ITEM (first)));
  g_assert_cmpstr (cobro_customer_item_get_customer (first)->party.name, ==, "Ana");
  g_assert_cmpstr (cobro_customer_item_get_id (first), ==, ana->id.text);
  g_assert_cmpuint (cobro_customer_item_get_sums (first)->len, ==, 0);

  cobro_customers_ask (customers, list, "be", COBRO_CUSTOMER_FILTER_ALL, COBRO_CUSTOMER_SORT_NAME, FALSE);
  wait_until (count (list) == 1 && !cobro_row_list_get_loading (list));
  cobro_customers_ask (customers, list, "", COBRO_CUSTOMER_FILTER_OWING, COBRO_CUSTOMER_SORT_NAME, FALSE);
  wait_until (count (list) == 0 && !cobro_row_list_get_loading (list));
}

static void
test_refused (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroCustomers) customers = cobro_customers_new (self->books.store, cobro_links_get_undo (self->links));
  g_autoptr (GError) error = NULL;

  g_assert_null (put_customer (customers, "Dust", "AU", "12345678901", &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "taxId");
}

/* Archiving is one step that can be taken back. */
static void
test_archive (ModelFixture *self, gconstpointer data)
{
  CobroUndo *undo = cobro_links_get_undo (self->links);
  g_autoptr (CobroCustomers) customers = cobro_customers_new (self->books.store, undo);
  g_autoptr (CobroRowList) list = cobro_customers_list (customers);
  g_autoptr (CobroCustomer) ana = put_customer (customers, "Ana", "", "", NULL);

  wait_until (count (list) == 1);
  cobro_customers_archive (customers, ana, TRUE, "Customer archived");
  wait_until (count (list) == 0 && cobro_undo_get_can_undo (undo));
  g_assert_true (cobro_undo_run_newest (undo));
  wait_until (count (list) == 1);
}

/* What a merchant has not decided follows the country; what they decided stays. */
static void
test_country (void)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  const CobroTaxRate *rate;

  cobro_business_choose_country (merchant, "ES");
  g_assert_cmpuint (merchant->taxes->len, ==, 3);
  rate = merchant->taxes->pdata[0];
  g_assert_cmpstr (rate->name, ==, "IVA");
  g_assert_true (rate->is_default);
  g_assert_cmpint (rate->rate, ==, 21 * COBRO_DECIMAL_ONE);
  g_assert_cmpstr (merchant->currency, ==, "EUR");
  g_assert_false (merchant->letter);

  cobro_business_choose_country (merchant, "AU");
  g_assert_cmpuint (merchant->taxes->len, ==, 1);
  g_assert_cmpint (merchant->terms, ==, 14);
  g_assert_cmpstr (merchant->currency, ==, "EUR"); /* it was chosen */

  merchant->terms = 7;
  g_ptr_array_add (merchant->taxes, cobro_tax_rate_new ("Wine tax", COBRO_TAX_STANDARD, 29 * COBRO_DECIMAL_ONE, FALSE));
  cobro_business_choose_country (merchant, "US");
  g_assert_cmpuint (merchant->taxes->len, ==, 2);
  g_assert_cmpint (merchant->terms, ==, 7);
  g_assert_true (merchant->letter);
  g_assert_cmpstr (merchant->seller.address.country, ==, "US");
}

static void
on_product_put_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->value = cobro_products_put_finish (COBRO_PRODUCTS (source), result, &answer->error);
  answer->done = TRUE;
}

/* A code belongs to one product. */
static void
test_products (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroProducts) products = cobro_products_new (self->books.store, cobro_links_get_undo (self->links));
  g_autoptr (CobroRowList) list = cobro_products_list (products);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CobroProduct) product = cobro_product_new ();
      Answer answer = { 0 };

      cobro_link_set_text (&product->name, "Bags");
      cobro_link_set_text (&product->code, "B-1");
      g_assert_true (cobro_currency_from_code ("AUD", &product->currency, NULL));
      product->tax_category = COBRO_TAX_OUTSIDE;
      cobro_products_put_async (products, product, NULL, on_product_put_cb, &answer);
      wait_until (answer.done);
      g_assert_cmpint (answer.value != NULL, ==, i == 0);
      g_assert_cmpint (g_error_matches (answer.error, COBRO_ERROR, COBRO_ERROR_EXISTS), ==, i == 1);
      g_clear_pointer ((CobroProduct **)&answer.value, cobro_product_unref);
      g_clear_error (&answer.error);
    }
  wait_until (count (list) == 1);
}

#define add(path, func) g_test_add (path, ModelFixture, NULL, model_fixture_set_up, func, model_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/customers/list", test_list);
  add ("/customers/refused", test_refused);
  add ("/customers/archive", test_archive);
  add ("/products/codes", test_products);
  g_test_add_func ("/business/country", test_country);
  return g_test_run ();
}
