/* src/view/pages/cobro-products-list.c — the place "Products".
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-products-list.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-tax-dialog.h"
#include "cobro-view-text.h"

char *
cobro_products_list_price_text (const CobroProduct *product)
{
  g_autofree char *price = NULL;
  CobroMoney money;

  if (product->currency == COBRO_CURRENCY_NONE)
    return g_strdup ("");
  if (cobro_unit_price_to_money (product->unit_price, product->currency, &money))
    price = cobro_money_text (money, cobro_view_locale ());
  else
    {
      g_autofree char *decimal = cobro_unit_price_to_decimal (product->unit_price, product->currency);

      price = g_strdup_printf ("%s %s", cobro_currency_code (product->currency), decimal);
    }
  return *product->unit ? g_strdup_printf ("%s / %s", price, product->unit) : g_steal_pointer (&price);
}

static char *
tax_text (const CobroProduct *product)
{
  CobroTaxRate rate = { product->tax_name, product->tax_category, product->tax_rate, FALSE };
  g_autofree char *text = *product->tax_name ? cobro_tax_dialog_rate_text (&rate) : NULL;

  if (!text)
    return g_strdup ("");
  /* Translators: %s is a tax rate: "IVA 21 %". */
  return product->tax_inclusive ? g_strdup_printf (_ ("%s included"), text) : g_steal_pointer (&text);
}

static void
show_name (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_product_item_get_product (item)->name);
}

static void
show_code (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_product_item_get_product (item)->code);
}

static void
show_price (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_products_list_price_text (cobro_product_item_get_product (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_tax (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = tax_text (cobro_product_item_get_product (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_state (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_view_record_state (cobro_product_item_get_state (item)));
}

static void
show_summary (GtkWidget *cell, gpointer item)
{
  const CobroProduct *product = cobro_product_item_get_product (item);
  const char *state = cobro_view_record_state (cobro_product_item_get_state (item));
  g_autofree char *price = cobro_products_list_price_text (product);
  g_autofree char *tax = tax_text (product);

  cobro_list_cell_set_summary (cell, product->name, price, *state ? state : tax);
}

static const CobroListColumn columns[] = {
  { N_ ("Product"), cobro_list_cell_text, show_name, COBRO_PRODUCT_SORT_NAME, TRUE, FALSE, TRUE },
  { N_ ("Product"), cobro_list_cell_summary, show_summary, COBRO_PRODUCT_SORT_NAME, TRUE, TRUE, FALSE },
  { N_ ("Code"), cobro_list_cell_text, show_code, COBRO_PRODUCT_SORT_CODE, FALSE, FALSE, TRUE },
  { N_ ("Price"), cobro_list_cell_number, show_price, COBRO_PRODUCT_SORT_PRICE, FALSE, FALSE, TRUE },
  { N_ ("Tax"), cobro_list_cell_text, show_tax, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { NULL, cobro_list_cell_text, show_state, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
};

static const CobroListFilter filters[] = {
  { N_ ("All"), COBRO_PRODUCT_FILTER_ALL },
  { N_ ("Archived"), COBRO_PRODUCT_FILTER_ARCHIVED },
  { N_ ("Needs Attention"), COBRO_PRODUCT_FILTER_ATTENTION },
  { NULL, 0 },
};

static const CobroListEntry entries[] = {
  { N_ ("_Import Products…"), "win.import-products" },
  { NULL, NULL },
};

static char *
count (guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s product", "%s products", n), number);
}

static const char *
get_id (gpointer item)
{
  return cobro_product_item_get_id (item);
}

static CobroRowList *
list (gpointer source)
{
  return cobro_products_list (source);
}

static void
ask (gpointer source, CobroRowList *rows, const char *search, guint filter, int sort, gboolean descending)
{
  cobro_products_ask (source, rows, search, (CobroProductFilter)filter, (CobroProductSort)sort, descending);
}

static const CobroListSpec spec = {
  .title = N_ ("Products"),
  .count = count,
  .search_hint = N_ ("Name, code or description"),
  .filters = filters,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = COBRO_PRODUCT_SORT_NAME,
  .new_label = N_ ("_New Product"),
  .new_action = "win.new-product",
  .entries = entries,
  .icon = "cobro-product-symbolic",
  .empty_title = N_ ("No Products Yet"),
  .empty_text = N_ ("What you sell again and again: with its price and tax, a line of an invoice is one word."),
  .open_action = "product.edit",
  .get_id = get_id,
  .list = list,
  .ask = ask,
};

void
cobro_products_list_set_up (CobroListPage *page, CobroProducts *products, CobroConnection *connection)
{
  cobro_list_page_set_up (page, &spec, products, connection);
}
