/* src/view/pages/cobro-invoice-columns.c — the columns of the list of invoices.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-columns.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-drag-out.h"
#include "cobro-invoice-text.h"
#include "cobro-status-label.h"

typedef GtkWidget *(*CellCreate) (void);
typedef void (*CellShow) (GtkWidget *cell, CobroInvoiceItem *item);

typedef struct
{
  const char *title;
  CellCreate create;
  CellShow show;
  int sort; /* CobroInvoiceSort, or NO_SORT */
  gboolean expand;
  gboolean narrow; /* shown when there is little room */
  gboolean wide;   /* shown when there is plenty */
} Column;

#define NO_SORT    -1
#define COLUMN_KEY "cobro-column"

static GtkWidget *
create_text (float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
create_title (void)
{
  return create_text (0);
}

static void
show_number (GtkWidget *cell, CobroInvoiceItem *item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_invoice_text_number (cobro_invoice_item_get_invoice (item)));
}

static void
show_customer (GtkWidget *cell, CobroInvoiceItem *item)
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
  GtkWidget *customer = create_text (0);
  GtkWidget *total = create_text (1);
  GtkWidget *number = create_text (0);

  gtk_widget_set_hexpand (customer, TRUE);
  gtk_widget_set_hexpand (number, TRUE);
  gtk_widget_add_css_class (total, "numeric");
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
show_total (GtkWidget *cell, CobroInvoiceItem *item)
{
  g_autofree char *text = cobro_invoice_text_total (cobro_invoice_item_get_invoice (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_summary (GtkWidget *cell, CobroInvoiceItem *item)
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
create_total (void)
{
  GtkWidget *label = create_text (1);

  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
create_status (void)
{
  return cobro_status_label_new ();
}

static void
show_status (GtkWidget *cell, CobroInvoiceItem *item)
{
  cobro_status_label_set_status (COBRO_STATUS_LABEL (cell), cobro_invoice_text_status (item));
}

static void
show_issued (GtkWidget *cell, CobroInvoiceItem *item)
{
  g_autofree char *text =
    cobro_civil_date_text (cobro_invoice_item_get_invoice (item)->issue_date, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
show_due (GtkWidget *cell, CobroInvoiceItem *item)
{
  g_autofree char *text = cobro_civil_date_text (cobro_invoice_item_get_invoice (item)->due_date, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static const Column columns[] = {
  { N_ ("Number"), create_title, show_number, COBRO_INVOICE_SORT_NUMBER, FALSE, FALSE, TRUE },
  { N_ ("Customer"), create_title, show_customer, COBRO_INVOICE_SORT_CUSTOMER, TRUE, FALSE, TRUE },
  { N_ ("Invoice"), create_summary, show_summary, COBRO_INVOICE_SORT_CREATED, TRUE, TRUE, FALSE },
  { N_ ("Total"), create_total, show_total, COBRO_INVOICE_SORT_TOTAL, FALSE, FALSE, TRUE },
  { N_ ("Status"), create_status, show_status, NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Issued"), create_title, show_issued, COBRO_INVOICE_SORT_ISSUED, FALSE, FALSE, TRUE },
  { N_ ("Due"), create_title, show_due, COBRO_INVOICE_SORT_DUE, FALSE, FALSE, TRUE },
};

static const Column *
column_of (gpointer column)
{
  return g_object_get_data (G_OBJECT (column), COLUMN_KEY);
}

static void
on_item_changed_cb (CobroInvoiceItem *item, GtkListItem *list_item)
{
  const Column *column = g_object_get_data (G_OBJECT (list_item), COLUMN_KEY);

  column->show (gtk_list_item_get_child (list_item), item);
}

/* Rows are dragged into a chat or a mail. */
static const char *
address_of (GtkWidget *cell, gpointer data)
{
  CobroInvoiceItem *item = gtk_list_item_get_item (data);

  return item ? cobro_invoice_item_get_url (item) : NULL;
}

static void
on_cell_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const Column *column = data;

  g_object_set_data (G_OBJECT (list_item), COLUMN_KEY, data);
  gtk_list_item_set_child (list_item, column->create ());
  cobro_drag_out_add (gtk_list_item_get_child (list_item), address_of, list_item);
}

static void
on_cell_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  CobroInvoiceItem *item = gtk_list_item_get_item (list_item);

  g_signal_connect (item, "changed", G_CALLBACK (on_item_changed_cb), list_item);
  on_item_changed_cb (item, list_item);
}

static void
on_cell_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), list_item);
}

static void
add_column (GtkColumnView *view, const Column *spec)
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_cell_setup_cb), (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bound_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbound_cb), NULL);
  column = gtk_column_view_column_new (spec->title ? _ (spec->title) : NULL, factory);
  g_object_set_data (G_OBJECT (column), COLUMN_KEY, (gpointer)spec);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_visible (column, spec->wide);
  if (spec->sort != NO_SORT)
    cobro_dialogs_make_sortable (column);
  gtk_column_view_append_column (view, column);
}

void
cobro_invoice_columns_add (GtkColumnView *view)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (view, &columns[i]);
}

void
cobro_invoice_columns_arrange (GtkColumnView *view, gboolean narrow)
{
  GListModel *list = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list, i);
      const Column *spec = column_of (column);
      gboolean visible = narrow ? spec->narrow : spec->wide;

      if (gtk_column_view_column_get_visible (column) != visible)
        gtk_column_view_column_set_visible (column, visible);
    }
}

gboolean
cobro_invoice_columns_get_sort (GtkColumnView *view, CobroInvoiceSort *out_sort, gboolean *out_descending)
{
  GtkColumnViewColumn *column = cobro_dialogs_sorted_column (view, out_descending);
  const Column *spec = column ? column_of (column) : NULL;

  if (!spec)
    return FALSE;

  *out_sort = (CobroInvoiceSort)spec->sort;
  return TRUE;
}
