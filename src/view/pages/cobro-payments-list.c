/* src/view/pages/cobro-payments-list.c — the place "Payments".
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-payments-list.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-provider-text.h"
#include "cobro-record.h"
#include "cobro-status-label.h"
#include "cobro-view-text.h"

static const char *
record_how_word (CobroRecordHow how)
{
  switch (how)
    {
    case COBRO_RECORD_CASH:
      return _ ("Cash");
    case COBRO_RECORD_BANK:
      return _ ("Bank transfer");
    case COBRO_RECORD_CHEQUE:
      return _ ("Cheque");
    case COBRO_RECORD_CREDIT:
      return _ ("From their credit");
    case COBRO_RECORD_OTHER:
      return _ ("Another way");
    }
  g_return_val_if_reached ("");
}

char *
cobro_payments_list_how_text (const CobroPayment *payment)
{
  CobroRecordHow how;

  if (g_str_equal (payment->gateway, COBRO_RECORD_GATEWAY) && cobro_record_how_from_name (payment->method, &how))
    return g_strdup (record_how_word (how));
  return g_strdup (*payment->method_detail ? payment->method_detail
                   : *payment->method      ? payment->method
                                           : payment->gateway);
}

static void
show_title (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_payment_entry_get_title (item));
}

static void
show_customer (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_payment_entry_get_customer (item));
}

static char *
amount_text (const CobroPayment *payment)
{
  return cobro_money_text (cobro_money_is_set (payment->received) ? payment->received : payment->amount,
                           cobro_view_locale ());
}

static void
show_amount (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = amount_text (cobro_payment_entry_get_payment (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_how (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_payments_list_how_text (cobro_payment_entry_get_payment (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_when (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_date_text (cobro_payment_entry_get_when (item), cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

/* What went back, or waits to be uploaded, comes before the state. */
static CobroViewStatus
status_of (gpointer item)
{
  const CobroPayment *payment = cobro_payment_entry_get_payment (item);
  gboolean back = cobro_money_is_set (payment->refunded) && !cobro_money_is_zero (payment->refunded);

  if (cobro_payment_entry_get_waiting (item))
    return (CobroViewStatus){ _ ("Waiting to Upload"), "document-send-symbolic", "dim-label" };
  if (back && cobro_money_is_set (payment->received) && cobro_money_compare (payment->refunded, payment->received) >= 0)
    return (CobroViewStatus){ _ ("Refunded"), "edit-undo-symbolic", "dim-label" };
  if (back)
    return (CobroViewStatus){ _ ("Partly Refunded"), "edit-undo-symbolic", "accent" };
  return cobro_view_payment_status (payment->state);
}

static GtkWidget *
create_status (void)
{
  return cobro_status_label_new ();
}

static void
show_status (GtkWidget *cell, gpointer item)
{
  cobro_status_label_set_status (COBRO_STATUS_LABEL (cell), status_of (item));
}

static void
show_summary (GtkWidget *cell, gpointer item)
{
  const char *customer = cobro_payment_entry_get_customer (item);
  const char *title = cobro_payment_entry_get_title (item);
  g_autofree char *amount = amount_text (cobro_payment_entry_get_payment (item));
  g_autofree char *first = *customer ? g_strdup_printf ("%s · %s", title, customer) : g_strdup (title);

  cobro_list_cell_set_summary (cell, first, amount, status_of (item).word);
}

static const CobroListColumn columns[] = {
  { N_ ("For"), cobro_list_cell_text, show_title, COBRO_LIST_NO_SORT, TRUE, FALSE, TRUE },
  { N_ ("For"), cobro_list_cell_summary, show_summary, COBRO_LIST_NO_SORT, TRUE, TRUE, FALSE },
  { N_ ("From"), cobro_list_cell_text, show_customer, COBRO_LIST_NO_SORT, TRUE, FALSE, TRUE },
  { N_ ("Amount"), cobro_list_cell_number, show_amount, COBRO_PAYMENT_SORT_AMOUNT, FALSE, FALSE, TRUE },
  { N_ ("How"), cobro_list_cell_text, show_how, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Status"), create_status, show_status, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Date"), cobro_list_cell_text, show_when, COBRO_PAYMENT_SORT_WHEN, FALSE, FALSE, TRUE },
};

static const CobroListFilter filters[] = {
  { N_ ("All"), COBRO_PAYMENT_FILTER_ALL },
  { N_ ("Received"), COBRO_PAYMENT_FILTER_SUCCEEDED },
  { N_ ("Under Way"), COBRO_PAYMENT_FILTER_PENDING },
  { N_ ("Failed"), COBRO_PAYMENT_FILTER_FAILED },
  { N_ ("Refunded"), COBRO_PAYMENT_FILTER_REFUNDED },
  { N_ ("By Hand"), COBRO_PAYMENT_FILTER_MANUAL },
  { N_ ("Needs Attention"), COBRO_PAYMENT_FILTER_ATTENTION },
  { NULL, 0 },
};

static const CobroListEntry entries[] = {
  { N_ ("_Match Bank Statement…"), "win.match-statement" },
  { N_ ("_Export for the Accountant…"), "win.export-accounts" },
  { NULL, NULL },
};

static char *
count (guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s payment", "%s payments", n), number);
}

static const char *
get_id (gpointer item)
{
  return cobro_payment_entry_get_id (item);
}

static CobroRowList *
list (gpointer source)
{
  return cobro_payments_list (source, NULL);
}

static void
ask (gpointer source, CobroRowList *rows, const char *search, guint filter, int sort, gboolean descending)
{
  cobro_payments_ask (source, rows, search, (CobroPaymentFilter)filter, (CobroPaymentSort)sort, descending);
}

static void
unrestrict (gpointer source)
{
  cobro_payments_set_period (source, 0, 0);
}

static const CobroListSpec spec = {
  .title = N_ ("Payments"),
  .count = count,
  .search_hint = N_ ("Payer, number or title"),
  .filters = filters,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = COBRO_PAYMENT_SORT_WHEN,
  .descending = TRUE,
  .entries = entries,
  .icon = "cobro-payment-symbolic",
  .empty_title = N_ ("No Payments Yet"),
  .empty_text = N_ ("What customers pay by a link or an invoice appears here, and what you record by hand."),
  .open_action = "payment.show",
  .get_id = get_id,
  .list = list,
  .ask = ask,
  .unrestrict = unrestrict,
};

void
cobro_payments_list_set_up (CobroListPage *page, CobroPayments *payments, CobroConnection *connection)
{
  cobro_list_page_set_up (page, &spec, payments, connection);
}

void
cobro_payments_list_show_period (CobroListPage *page, CobroPayments *payments, CobroTime from, CobroTime to,
                                 const char *name)
{
  cobro_payments_set_period (payments, from, to);
  cobro_list_page_set_restriction (page, name);
}
