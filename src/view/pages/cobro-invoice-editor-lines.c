/* src/view/pages/cobro-invoice-editor-lines.c — the lines of an invoice that is being written, keyboard from start to
 * end. Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-editor-private.h"

#include "cobro-invoice-line-row.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

/* Rows that are made at once; the rest of a long invoice follows while the window stays alive. */
#define ROWS_AT_ONCE 24

/* ── Type-ahead ── */

typedef struct
{
  CobroInvoiceEditor *editor;
  GWeakRef row;
} Finding;

static char *
price_text (const CobroProduct *product)
{
  CobroMoney money;
  g_autofree char *decimal = NULL;

  if (cobro_unit_price_to_money (product->unit_price, product->currency, &money))
    return cobro_money_text (money, cobro_view_locale ());
  decimal = cobro_unit_price_to_decimal (product->unit_price, product->currency);
  return g_strdup_printf ("%s %s", decimal, cobro_currency_code (product->currency));
}

static void
suggest_products (CobroSuggest *suggest, GPtrArray *found)
{
  cobro_suggest_clear (suggest);
  for (guint i = 0; i < found->len; i++)
    {
      CobroProduct *product = found->pdata[i];
      g_autofree char *price = price_text (product);

      cobro_suggest_add (suggest, product->name, product->code, price, cobro_product_ref (product),
                         (GDestroyNotify)cobro_product_unref);
    }
  cobro_suggest_show (suggest);
}

static void
on_products_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Finding *finding = user_data;
  g_autoptr (CobroInvoiceEditor) self = finding->editor;
  g_autoptr (CobroInvoiceLineRow) row = g_weak_ref_get (&finding->row);
  g_autoptr (GPtrArray) found = cobro_invoices_find_finish (COBRO_INVOICES (source), result, NULL);

  g_weak_ref_clear (&finding->row);
  g_free (finding);
  if (found && row && cobro_invoice_line_row_get_suggest (row))
    suggest_products (cobro_invoice_line_row_get_suggest (row), found);
}

static void
on_row_wanted_cb (CobroInvoiceEditor *self, const char *text, CobroInvoiceLineRow *row)
{
  Finding *finding;

  if (self->finding)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  cobro_suggest_clear (cobro_invoice_line_row_get_suggest (row));
  if (*text == '\0')
    return cobro_suggest_show (cobro_invoice_line_row_get_suggest (row));

  self->finding = g_cancellable_new ();
  finding = g_new0 (Finding, 1);
  finding->editor = g_object_ref (self);
  g_weak_ref_init (&finding->row, row);
  cobro_invoices_find_products_async (self->invoices, text, cobro_invoice_form_get_invoice (self->form)->currency,
                                      self->finding, on_products_found_cb, finding);
}

/* ── Rows ── */

static CobroInvoiceLineRow *
row_at (CobroInvoiceEditor *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->lines_list, index);

  return row ? COBRO_INVOICE_LINE_ROW (row) : NULL;
}

static void on_row_finished_cb (CobroInvoiceEditor *self, CobroInvoiceLineRow *row);
static void on_row_removed_cb (CobroInvoiceEditor *self, CobroInvoiceLineRow *row);

static void
append_row (CobroInvoiceEditor *self, CobroInvoiceLine *line)
{
  GtkWidget *row = cobro_invoice_line_row_new (self->form, line, self->taxes);

  cobro_invoice_line_row_set_narrow (COBRO_INVOICE_LINE_ROW (row), cobro_adaptive_bin_get_narrow (self->adaptive));
  g_signal_connect_object (row, "finished", G_CALLBACK (on_row_finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "removed", G_CALLBACK (on_row_removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "wanted", G_CALLBACK (on_row_wanted_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->lines_list, row);
}

static CobroInvoiceLineRow *
add_line (CobroInvoiceEditor *self)
{
  append_row (self, cobro_invoice_form_add_line (self->form));
  return row_at (self, (int)cobro_invoice_form_n_lines (self->form) - 1);
}

static gboolean
on_more_rows_cb (gpointer data)
{
  CobroInvoiceEditor *self = data;

  for (guint i = 0; i < ROWS_AT_ONCE && self->next_line < cobro_invoice_form_n_lines (self->form); i++)
    append_row (self, cobro_invoice_form_get_line (self->form, self->next_line++));
  if (self->next_line < cobro_invoice_form_n_lines (self->form))
    return G_SOURCE_CONTINUE;

  self->lines_source = 0;
  return G_SOURCE_REMOVE;
}

void
cobro_invoice_editor_show_lines (CobroInvoiceEditor *self)
{
  GtkWidget *row;

  g_clear_handle_id (&self->lines_source, g_source_remove);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->lines_list))))
    gtk_list_box_remove (self->lines_list, row);
  if (cobro_invoice_form_n_lines (self->form) == 0)
    cobro_invoice_form_add_line (self->form);
  self->next_line = 0;
  if (on_more_rows_cb (self) == G_SOURCE_CONTINUE)
    self->lines_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_more_rows_cb, self, NULL);
}

void
cobro_invoice_editor_update_lines (CobroInvoiceEditor *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->lines_list)); row;
       row = gtk_widget_get_next_sibling (row))
    cobro_invoice_line_row_show_total (COBRO_INVOICE_LINE_ROW (row));
}

void
cobro_invoice_editor_arrange_lines (CobroInvoiceEditor *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->lines_list)); row;
       row = gtk_widget_get_next_sibling (row))
    cobro_invoice_line_row_set_narrow (COBRO_INVOICE_LINE_ROW (row), narrow);
}

gboolean
cobro_invoice_editor_check_lines (CobroInvoiceEditor *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->lines_list)); row;
       row = gtk_widget_get_next_sibling (row))
    if (!cobro_invoice_line_row_get_valid (COBRO_INVOICE_LINE_ROW (row)))
      {
        cobro_invoice_line_row_focus (COBRO_INVOICE_LINE_ROW (row));
        return FALSE;
      }
  return TRUE;
}

void
cobro_invoice_editor_focus_line (CobroInvoiceEditor *self, guint index)
{
  CobroInvoiceLineRow *row = row_at (self, (int)index);

  if (row)
    cobro_invoice_line_row_focus (row);
}

/* Enter in the last entry of a line: on to the next, which is made when there is none. A blank line is the end. */
static void
on_row_finished_cb (CobroInvoiceEditor *self, CobroInvoiceLineRow *row)
{
  CobroInvoiceLineRow *next = row_at (self, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + 1);

  if (!next && self->lines_source)
    return;
  if (!next && cobro_invoice_form_is_blank (cobro_invoice_line_row_get_line (row)))
    return;

  cobro_invoice_line_row_focus (next ? next : add_line (self));
}

static void
on_row_removed_cb (CobroInvoiceEditor *self, CobroInvoiceLineRow *row)
{
  CobroInvoiceLine *line = cobro_invoice_line_row_get_line (row);
  int index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));

  if (self->lines_source) /* rows and lines are not in step yet */
    return;

  gtk_list_box_remove (self->lines_list, GTK_WIDGET (row));
  cobro_invoice_form_remove_line (self->form, line);
  if (cobro_invoice_form_n_lines (self->form) == 0)
    add_line (self);
  cobro_invoice_editor_focus_line (self, (guint)MAX (index - 1, 0));
}

static void
on_add_clicked_cb (CobroInvoiceEditor *self)
{
  if (!self->lines_source)
    cobro_invoice_line_row_focus (add_line (self));
}

void
cobro_invoice_editor_bind_lines (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, lines_list);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked_cb);
}
