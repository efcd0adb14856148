/* src/view/pages/cobro-customers-list.c — the place "Customers".
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-customers-list.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-view-text.h"

static CobroMoney
pick (const CobroCustomerSum *sum, int which)
{
  return which == 0 ? sum->open : which == 1 ? sum->overdue : sum->credit;
}

char *
cobro_customers_list_sum_text (GArray *sums, int which)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sums->len; i++)
    {
      CobroMoney money = pick (&g_array_index (sums, CobroCustomerSum, i), which);
      g_autofree char *amount = NULL;

      if (!cobro_money_is_set (money) || cobro_money_is_zero (money))
        continue;
      amount = cobro_money_text (money, cobro_view_locale ());
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", amount);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_name (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_customer_item_get_customer (item)->party.name);
}

static void
show_reach (GtkWidget *cell, gpointer item)
{
  const CobroParty *party = &cobro_customer_item_get_customer (item)->party;

  gtk_label_set_text (GTK_LABEL (cell), *party->email ? party->email : party->phone);
}

static void
show_open (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_customers_list_sum_text (cobro_customer_item_get_sums (item), 0);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_overdue (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_customers_list_sum_text (cobro_customer_item_get_sums (item), 1);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

/* (transfer full) what somebody must know before they write to them. */
static char *
state_text (gpointer item)
{
  g_autofree char *credit = cobro_customers_list_sum_text (cobro_customer_item_get_sums (item), 2);
  const char *state = cobro_view_record_state (cobro_customer_item_get_state (item));

  if (*state)
    return g_strdup (state);
  /* Translators: %s is an amount that a customer overpaid. */
  return *credit ? g_strdup_printf (_ ("%s to their credit"), credit) : g_strdup ("");
}

static void
show_state (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = state_text (item);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_summary (GtkWidget *cell, gpointer item)
{
  g_autofree char *open = cobro_customers_list_sum_text (cobro_customer_item_get_sums (item), 0);
  g_autofree char *overdue = cobro_customers_list_sum_text (cobro_customer_item_get_sums (item), 1);
  /* Translators: %s is an amount. */
  g_autofree char *late = *overdue ? g_strdup_printf (_ ("%s overdue"), overdue) : g_strdup ("");
  g_autofree char *state = state_text (item);

  cobro_list_cell_set_summary (cell, cobro_customer_item_get_customer (item)->party.name, open, *late ? late : state);
}

static const CobroListColumn columns[] = {
  { N_ ("Name"), cobro_list_cell_text, show_name, COBRO_CUSTOMER_SORT_NAME, TRUE, FALSE, TRUE },
  { N_ ("Name"), cobro_list_cell_summary, show_summary, COBRO_CUSTOMER_SORT_NAME, TRUE, TRUE, FALSE },
  { N_ ("How to Reach"), cobro_list_cell_text, show_reach, COBRO_LIST_NO_SORT, TRUE, FALSE, TRUE },
  { N_ ("Open"), cobro_list_cell_number, show_open, COBRO_CUSTOMER_SORT_OPEN, FALSE, FALSE, TRUE },
  { N_ ("Overdue"), cobro_list_cell_number, show_overdue, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { NULL, cobro_list_cell_text, show_state, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
};

static const CobroListFilter filters[] = {
  { N_ ("All"), COBRO_CUSTOMER_FILTER_ALL },
  { N_ ("Owing"), COBRO_CUSTOMER_FILTER_OWING },
  { N_ ("Overdue"), COBRO_CUSTOMER_FILTER_OVERDUE },
  { N_ ("With Credit"), COBRO_CUSTOMER_FILTER_CREDIT },
  { N_ ("Archived"), COBRO_CUSTOMER_FILTER_ARCHIVED },
  { N_ ("Needs Attention"), COBRO_CUSTOMER_FILTER_ATTENTION },
  { NULL, 0 },
};

static const CobroListEntry entries[] = {
  { N_ ("_Import Customers…"), "win.import-customers" },
  { N_ ("_Aged Receivables…"), "win.aged-receivables" },
  { NULL, NULL },
};

static char *
count (guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s customer", "%s customers", n), number);
}

static const char *
get_id (gpointer item)
{
  return cobro_customer_item_get_id (item);
}

static CobroRowList *
list (gpointer source)
{
  return cobro_customers_list (source);
}

static void
ask (gpointer source, CobroRowList *rows, const char *search, guint filter, int sort, gboolean descending)
{
  cobro_customers_ask (source, rows, search, (CobroCustomerFilter)filter, (CobroCustomerSort)sort, descending);
}

static const CobroListSpec spec = {
  .title = N_ ("Customers"),
  .count = count,
  .search_hint = N_ ("Name, e-mail, tax number or place"),
  .filters = filters,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = COBRO_CUSTOMER_SORT_NAME,
  .new_label = N_ ("_New Customer"),
  .new_action = "win.new-customer",
  .entries = entries,
  .icon = "cobro-customer-symbolic",
  .empty_title = N_ ("No Customers Yet"),
  .empty_text = N_ ("Write one down here, bring them from a file, or just type a name into an invoice."),
  .open_action = "customer.show",
  .get_id = get_id,
  .list = list,
  .ask = ask,
};

void
cobro_customers_list_set_up (CobroListPage *page, CobroCustomers *customers, CobroConnection *connection)
{
  cobro_list_page_set_up (page, &spec, customers, connection);
}
