/* src/view/pages/cobro-invoices-list.c — the place "Invoices".
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoices-list.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-invoice-text.h"
#include "cobro-money-text.h"
#include "cobro-status-label.h"
#include "cobro-view-text.h"

/* ── Cells ── */

static void
show_number (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_invoice_text_number (cobro_invoice_item_get_invoice (item)));
}

static void
show_customer (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_invoice_item_get_invoice (item)->buyer.name);
}

/* Little room: number, total and status stand below the customer. */
static GtkWidget *
create_summary (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *above = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *customer = cobro_list_cell_text ();
  GtkWidget *total = cobro_list_cell_number ();
  GtkWidget *number = cobro_list_cell_text ();

  gtk_widget_set_hexpand (customer, TRUE);
  gtk_widget_set_hexpand (number, TRUE);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_box_append (GTK_BOX (above), customer);
  gtk_box_append (GTK_BOX (above), total);
  gtk_box_append (GTK_BOX (below), number);
  gtk_box_append (GTK_BOX (below), cobro_status_label_new ());
  gtk_box_append (GTK_BOX (box), above);
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

static void
show_total (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_invoice_text_total (cobro_invoice_item_get_invoice (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_summary (GtkWidget *cell, gpointer item)
{
  GtkWidget *above = gtk_widget_get_first_child (cell);
  GtkWidget *below = gtk_widget_get_next_sibling (above);

  show_customer (gtk_widget_get_first_child (above), item);
  show_total (gtk_widget_get_last_child (above), item);
  show_number (gtk_widget_get_first_child (below), item);
  cobro_status_label_set_status (COBRO_STATUS_LABEL (gtk_widget_get_last_child (below)),
                                 cobro_invoice_text_status (item));
}

static GtkWidget *
create_status (void)
{
  return cobro_status_label_new ();
}

static void
show_status (GtkWidget *cell, gpointer item)
{
  cobro_status_label_set_status (COBRO_STATUS_LABEL (cell), cobro_invoice_text_status (item));
}

static void
show_issued (GtkWidget *cell, gpointer item)
{
  g_autofree char *text =
    cobro_civil_date_text (cobro_invoice_item_get_invoice (item)->issue_date, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_due (GtkWidget *cell, gpointer item)
{
  g_autofree char *text = cobro_civil_date_text (cobro_invoice_item_get_invoice (item)->due_date, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static const CobroListColumn columns[] = {
  { N_ ("Number"), cobro_list_cell_text, show_number, COBRO_INVOICE_SORT_NUMBER, FALSE, FALSE, TRUE },
  { N_ ("Customer"), cobro_list_cell_text, show_customer, COBRO_INVOICE_SORT_CUSTOMER, TRUE, FALSE, TRUE },
  { N_ ("Invoice"), create_summary, show_summary, COBRO_INVOICE_SORT_CREATED, TRUE, TRUE, FALSE },
  { N_ ("Total"), cobro_list_cell_number, show_total, COBRO_INVOICE_SORT_TOTAL, FALSE, FALSE, TRUE },
  { N_ ("Status"), create_status, show_status, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Issued"), cobro_list_cell_text, show_issued, COBRO_INVOICE_SORT_ISSUED, FALSE, FALSE, TRUE },
  { N_ ("Due"), cobro_list_cell_text, show_due, COBRO_INVOICE_SORT_DUE, FALSE, FALSE, TRUE },
};

static const CobroListFilter filters[] = {
  { N_ ("All"), COBRO_INVOICE_FILTER_ALL },
  { N_ ("Unpaid"), COBRO_INVOICE_FILTER_UNPAID },
  { N_ ("Overdue"), COBRO_INVOICE_FILTER_OVERDUE },
  { N_ ("Paid"), COBRO_INVOICE_FILTER_PAID },
  { N_ ("Drafts"), COBRO_INVOICE_FILTER_DRAFT },
  { N_ ("Credit Notes"), COBRO_INVOICE_FILTER_CREDIT_NOTE },
  { N_ ("Closed"), COBRO_INVOICE_FILTER_CLOSED },
  { N_ ("Waiting to Upload"), COBRO_INVOICE_FILTER_WAITING },
  { N_ ("Needs Attention"), COBRO_INVOICE_FILTER_ATTENTION },
  { NULL, 0 },
};

/* ── Several at once ── */

static void
copy (CobroListPage *page, gpointer source, GPtrArray *items)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *said = NULL;
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    if (*cobro_invoice_item_get_url (items->pdata[i]))
      {
        g_string_append_printf (text, "%s\n", cobro_invoice_item_get_url (items->pdata[i]));
        n++;
      }
  if (n > 0)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), text->str);
  said = n > 0 ? g_strdup_printf (ngettext ("%u address copied", "%u addresses copied", n), n)
               : g_strdup (_ ("Drafts and credit notes have no address"));
  gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s", said);
}

typedef struct
{
  GWeakRef page;
  guint under_way, reminded;
} Reminding;

static void
on_reminded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reminding *reminding = user_data;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, NULL);
  g_autoptr (GtkWidget) page = NULL;
  g_autofree char *said = NULL;

  reminding->reminded += item != NULL;
  if (--reminding->under_way > 0)
    return;

  page = g_weak_ref_get (&reminding->page);
  said = g_strdup_printf (ngettext ("%u reminder is on its way", "%u reminders are on their way", reminding->reminded),
                          reminding->reminded);
  if (page)
    gtk_widget_activate_action (page, "win.toast", "s", said);
  g_weak_ref_clear (&reminding->page);
  g_free (reminding);
}

/* Reminds of those that are owed; what is paid, void or a draft is passed over. */
static void
remind (CobroListPage *page, gpointer source, GPtrArray *items)
{
  Reminding *reminding;
  const char *why_not = cobro_invoices_get_relay_is_mute (source) ? _ ("This relay sends no mail") : NULL;
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    n += cobro_invoice_may_remind (items->pdata[i]);
  cobro_list_page_stop_selecting (page);
  if (why_not || n == 0)
    {
      gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s",
                                  why_not ? why_not : _ ("None of these invoices is owed"));
      return;
    }

  reminding = g_new0 (Reminding, 1);
  g_weak_ref_init (&reminding->page, page);
  reminding->under_way = n;
  for (guint i = 0; i < items->len; i++)
    if (cobro_invoice_may_remind (items->pdata[i]))
      cobro_invoices_remind_async (source, &cobro_invoice_item_get_invoice (items->pdata[i])->id, NULL, on_reminded_cb,
                                   reminding);
}

static const CobroListBulk bulk[] = {
  { N_ ("Copy Addresses"), "edit-copy-symbolic", copy },
  { N_ ("Remind"), "mail-send-symbolic", remind },
  { NULL, NULL, NULL },
};

/* ── The place ── */

static char *
count (guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s invoice", "%s invoices", n), number);
}

static const char *
get_id (gpointer item)
{
  return cobro_invoice_item_get_id (item);
}

static const char *
get_address (gpointer item)
{
  return cobro_invoice_item_get_url (item);
}

static const char *
get_name (gpointer item)
{
  return cobro_invoice_text_number (cobro_invoice_item_get_invoice (item));
}

static CobroRowList *
list (gpointer source)
{
  return cobro_invoices_list (source);
}

static void
ask (gpointer source, CobroRowList *rows, const char *search, guint filter, int sort, gboolean descending)
{
  cobro_invoices_ask (source, rows, search, (CobroInvoiceFilter)filter, (CobroInvoiceSort)sort, descending);
}

static const CobroListEntry entries[] = {
  { N_ ("_Match Bank Statement…"), "win.match-statement" },
  { NULL, NULL },
};

static const CobroListSpec spec = {
  .title = N_ ("Invoices"),
  .count = count,
  .search_hint = N_ ("Number, customer or line"),
  .filters = filters,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = COBRO_INVOICE_SORT_CREATED,
  .descending = TRUE,
  .new_label = N_ ("_New Invoice"),
  .new_action = "win.new-invoice",
  .new_hint = N_ ("New Invoice (Shift+Ctrl+N)"),
  .entries = entries,
  .icon = "cobro-invoice-symbolic",
  .empty_title = N_ ("No Invoices Yet"),
  .empty_text = N_ ("Write it, send it, and the customer pays from the mail."),
  .open_action = "invoice.show",
  .get_id = get_id,
  .get_address = get_address,
  .bulk = bulk,
  .select_label = N_ ("Select Invoices"),
  .select_hint = N_ ("Select invoices in the list"),
  .get_name = get_name,
  .list = list,
  .ask = ask,
};

void
cobro_invoices_list_set_up (CobroListPage *page, CobroInvoices *invoices, CobroConnection *connection)
{
  cobro_list_page_set_up (page, &spec, invoices, connection);
}
