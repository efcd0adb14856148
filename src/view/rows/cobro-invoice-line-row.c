/* src/view/rows/cobro-invoice-line-row.c — one line of an invoice that is being written.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-line-row.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-number-entry.h"
#include "cobro-view-text.h"

struct _CobroInvoiceLineRow
{
  GtkListBoxRow parent_instance;
  GtkOrientable *box;
  GtkEditable *description_entry;
  CobroNumberEntry *quantity_entry;
  CobroNumberEntry *price_entry;
  CobroNumberEntry *discount_entry;
  GtkMenuButton *tax_button;
  GtkLabel *amount_label;
  CobroInvoiceForm *form;
  CobroInvoiceLine *line;
  CobroTaxChoices *taxes;
  CobroSuggest *suggest; /* not owned: belongs to the entry */
  CobroMoney shown;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (CobroInvoiceLineRow, cobro_invoice_line_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  FINISHED,
  REMOVED,
  WANTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── From the entries to the line ── */

static void
on_description_changed_cb (CobroInvoiceLineRow *self)
{
  if (self->filling || !self->line)
    return;

  cobro_link_set_text (&self->line->description, gtk_editable_get_text (self->description_entry));
  cobro_invoice_form_touch (self->form);
}

static void
on_number_changed_cb (CobroInvoiceLineRow *self)
{
  if (self->filling || !self->line)
    return;

  self->line->quantity = cobro_number_entry_get_quantity (self->quantity_entry);
  self->line->unit_price = cobro_number_entry_get_price (self->price_entry);
  self->line->discount = cobro_number_entry_get_discount (self->discount_entry);
  cobro_invoice_form_touch (self->form);
}

/* ── From the line to the entries ── */

static void
show_tax (CobroInvoiceLineRow *self)
{
  g_autofree char *text = cobro_tax_choices_text (self->line->tax_name, self->line->tax_category, self->line->tax_rate);
  /* Translators: %s is a tax: "GST 10 %". */
  g_autofree char *name = g_strdup_printf (_ ("Tax: %s"), text);

  gtk_menu_button_set_label (self->tax_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tax_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
fill (CobroInvoiceLineRow *self)
{
  gboolean blank = cobro_invoice_form_is_blank (self->line);
  CobroNumberEntry *in_money[] = { self->price_entry, self->discount_entry };

  self->filling = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (in_money); i++)
    cobro_number_entry_set_currency (in_money[i], cobro_invoice_form_get_invoice (self->form)->currency);
  if (self->suggest)
    cobro_suggest_set_text (self->suggest, self->line->description);
  else
    gtk_editable_set_text (self->description_entry, self->line->description);
  if (!blank || self->line->quantity != COBRO_DECIMAL_ONE)
    cobro_number_entry_set_quantity (self->quantity_entry, self->line->quantity);
  if (!blank)
    cobro_number_entry_set_price (self->price_entry, self->line->unit_price);
  cobro_number_entry_set_discount (self->discount_entry, self->line->discount);
  show_tax (self);
  self->filling = FALSE;
}

void
cobro_invoice_line_row_show_total (CobroInvoiceLineRow *self)
{
  CobroMoney total;
  g_autofree char *text = NULL;

  g_return_if_fail (COBRO_IS_INVOICE_LINE_ROW (self));

  total = cobro_invoice_form_get_line_total (self->form, self->line);
  if (cobro_money_equal (total, self->shown))
    return;

  self->shown = total;
  text = cobro_money_text (total, cobro_view_locale ());
  gtk_label_set_text (self->amount_label, text);
}

/* ── Tax ── */

static void
on_tax_chosen_cb (CobroInvoiceLineRow *self, GtkListBoxRow *row)
{
  const CobroTaxRate *rate = cobro_tax_choices_get (self->taxes, (guint)gtk_list_box_row_get_index (row));

  cobro_link_set_text (&self->line->tax_name, rate->name);
  self->line->tax_category = rate->category;
  self->line->tax_rate = rate->rate;
  gtk_menu_button_popdown (self->tax_button);
  show_tax (self);
  cobro_invoice_form_touch (self->form);
}

/* Made when it is first opened: a long invoice has many of them. */
static void
create_tax_popover (GtkMenuButton *button, gpointer data)
{
  CobroInvoiceLineRow *self = data;
  GtkWidget *list, *popover;

  if (gtk_menu_button_get_popover (button))
    return;

  list = gtk_list_box_new ();
  popover = gtk_popover_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Taxes"), -1);
  for (guint i = 0; i < cobro_tax_choices_n (self->taxes); i++)
    {
      const CobroTaxRate *rate = cobro_tax_choices_get (self->taxes, i);
      g_autofree char *text = cobro_tax_choices_text (rate->name, rate->category, rate->rate);
      GtkWidget *label = gtk_label_new (text);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_list_box_append (GTK_LIST_BOX (list), label);
    }
  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (on_tax_chosen_cb), self);
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_widget_add_css_class (popover, "menu");
  gtk_menu_button_set_popover (button, popover);
}

/* ── Type-ahead and the way of the Enter key ── */

static void
on_wanted_cb (CobroInvoiceLineRow *self, const char *text)
{
  if (!self->filling)
    g_signal_emit (self, signals[WANTED], 0, text);
}

static void
on_product_chosen_cb (CobroInvoiceLineRow *self, gpointer product)
{
  cobro_invoice_form_use_product (self->form, self->line, product);
  fill (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->quantity_entry));
}

static void
on_description_entered_cb (CobroInvoiceLineRow *self)
{
  if (self->suggest)
    return;

  self->suggest = cobro_suggest_new (GTK_WIDGET (self->description_entry));
  g_signal_connect_swapped (self->suggest, "wanted", G_CALLBACK (on_wanted_cb), self);
  g_signal_connect_swapped (self->suggest, "chosen", G_CALLBACK (on_product_chosen_cb), self);
}

static void
on_description_activated_cb (CobroInvoiceLineRow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->quantity_entry));
}

static void
on_quantity_activated_cb (CobroInvoiceLineRow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->price_entry));
}

static void
on_price_activated_cb (CobroInvoiceLineRow *self)
{
  g_signal_emit (self, signals[FINISHED], 0);
}

static void
on_remove_clicked_cb (CobroInvoiceLineRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

/* ── The widget ── */

static void
cobro_invoice_line_row_dispose (GObject *object)
{
  CobroInvoiceLineRow *self = COBRO_INVOICE_LINE_ROW (object);

  if (self->suggest && self->line)
    g_signal_handlers_disconnect_by_data (self->suggest, self);
  self->line = NULL;
  self->suggest = NULL;
  g_clear_object (&self->form);
  g_clear_object (&self->taxes);
  G_OBJECT_CLASS (cobro_invoice_line_row_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-invoice-line-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, box);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, description_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, quantity_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, price_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, discount_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, tax_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceLineRow, amount_label);
  gtk_widget_class_bind_template_callback (widget_class, on_description_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_description_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_description_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_number_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_quantity_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_price_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked_cb);
}

static void
cobro_invoice_line_row_class_init (CobroInvoiceLineRowClass *klass)
{
  GType type = COBRO_TYPE_INVOICE_LINE_ROW;

  g_type_ensure (COBRO_TYPE_NUMBER_ENTRY);
  G_OBJECT_CLASS (klass)->dispose = cobro_invoice_line_row_dispose;
  bind_template (GTK_WIDGET_CLASS (klass));
  signals[FINISHED] = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WANTED] =
    g_signal_new ("wanted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cobro_invoice_line_row_init (CobroInvoiceLineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_number_entry_set_kind (self->quantity_entry, COBRO_NUMBER_QUANTITY);
  cobro_number_entry_set_kind (self->price_entry, COBRO_NUMBER_PRICE);
  cobro_number_entry_set_kind (self->discount_entry, COBRO_NUMBER_DISCOUNT);
  gtk_menu_button_set_create_popup_func (self->tax_button, create_tax_popover, self, NULL);
}

GtkWidget *
cobro_invoice_line_row_new (CobroInvoiceForm *form, CobroInvoiceLine *line, CobroTaxChoices *taxes)
{
  CobroInvoiceLineRow *self = g_object_new (COBRO_TYPE_INVOICE_LINE_ROW, NULL);

  self->form = g_object_ref (form);
  self->line = line;
  self->taxes = g_object_ref (taxes);
  fill (self);
  cobro_invoice_line_row_show_total (self);
  return GTK_WIDGET (self);
}

CobroInvoiceLine *
cobro_invoice_line_row_get_line (CobroInvoiceLineRow *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_LINE_ROW (self), NULL);

  return self->line;
}

void
cobro_invoice_line_row_set_narrow (CobroInvoiceLineRow *self, gboolean narrow)
{
  g_return_if_fail (COBRO_IS_INVOICE_LINE_ROW (self));

  gtk_orientable_set_orientation (self->box, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

gboolean
cobro_invoice_line_row_get_valid (CobroInvoiceLineRow *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_LINE_ROW (self), FALSE);

  return cobro_number_entry_get_valid (self->quantity_entry) && cobro_number_entry_get_valid (self->price_entry) &&
         cobro_number_entry_get_valid (self->discount_entry);
}

void
cobro_invoice_line_row_focus (CobroInvoiceLineRow *self)
{
  g_return_if_fail (COBRO_IS_INVOICE_LINE_ROW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->description_entry));
}

CobroSuggest *
cobro_invoice_line_row_get_suggest (CobroInvoiceLineRow *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_LINE_ROW (self), NULL);

  return self->suggest;
}
