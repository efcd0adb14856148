/* src/view/pages/cobro-invoice-editor-options.c — when an invoice is due, in how many parts it is paid, discount,
 * shipping, currency, until when its link works, reminders, notes. Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-editor-private.h"

#include <glib/gi18n.h>
#include "cobro-view-text.h"

#define DAYS_KEY "cobro-days"

/* What the rows of plan_model stand for: parts of a plan, or any part payments. */
static const int plans[] = { 0, -1, 2, 3, 4, 6, 12 };

static const int usual_terms[] = { 0, 7, 14, 21, 30, 45, 60, 90 };

/* ── Due ── */

static char *
terms_text (int days)
{
  if (days == 0)
    return g_strdup (_ ("On receipt"));
  return g_strdup_printf (ngettext ("In %d day", "In %d days", (gulong)days), days);
}

/* The usual ones, and the invoice's own in its place. */
static void
show_terms (CobroInvoiceEditor *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  GArray *days = g_array_new (FALSE, FALSE, sizeof (int));
  int own = cobro_invoice_form_get_invoice (self->form)->terms;
  guint selected = 0;

  for (gsize i = 0; i <= G_N_ELEMENTS (usual_terms); i++)
    {
      int last = i > 0 ? usual_terms[i - 1] : -1;

      if (own > last && (i == G_N_ELEMENTS (usual_terms) || own < usual_terms[i]))
        g_array_append_val (days, own);
      if (i < G_N_ELEMENTS (usual_terms))
        g_array_append_val (days, usual_terms[i]);
    }
  for (guint i = 0; i < days->len; i++)
    {
      g_autofree char *text = terms_text (g_array_index (days, int, i));

      gtk_string_list_append (model, text);
      if (g_array_index (days, int, i) == own)
        selected = i;
    }
  g_object_set_data_full (G_OBJECT (self->terms_row), DAYS_KEY, days, (GDestroyNotify)g_array_unref);
  adw_combo_row_set_model (self->terms_row, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->terms_row, selected);
}

static void
on_terms_selected_cb (CobroInvoiceEditor *self)
{
  GArray *days = g_object_get_data (G_OBJECT (self->terms_row), DAYS_KEY);
  guint selected = adw_combo_row_get_selected (self->terms_row);
  CobroInvoice *invoice;

  if (self->filling || !self->form || selected >= days->len)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  invoice->terms = g_array_index (days, int, selected);
  *invoice->due_date = '\0';
  cobro_invoice_form_touch (self->form);
}

/* ── Parts ── */

static void
show_plan (CobroInvoiceEditor *self)
{
  int plan = (int)cobro_invoice_form_get_plan (self->form);

  if (cobro_invoice_form_get_invoice (self->form)->partial == COBRO_PARTIAL_ON)
    plan = -1;
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    if (plans[i] == plan)
      adw_combo_row_set_selected (self->plan_row, i);
  gtk_widget_set_visible (self->minimum_row, plan < 0);
}

static void
on_plan_selected_cb (CobroInvoiceEditor *self)
{
  guint selected = adw_combo_row_get_selected (self->plan_row);
  CobroInvoice *invoice;

  if (self->filling || !self->form || selected >= G_N_ELEMENTS (plans))
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  invoice->partial = plans[selected] < 0 ? COBRO_PARTIAL_ON : COBRO_PARTIAL_OFF;
  if (plans[selected] >= 0)
    invoice->minimum_first = COBRO_MONEY_NONE;
  cobro_number_entry_set_amount (self->minimum_entry, invoice->minimum_first);
  gtk_widget_set_visible (self->minimum_row, plans[selected] < 0);
  cobro_invoice_form_set_plan (self->form, plans[selected] < 0 ? 0 : (guint)plans[selected]);
}

/* ── Currency ── */

static void
show_currency (CobroInvoiceEditor *self)
{
  CobroCurrency currency = cobro_invoice_form_get_invoice (self->form)->currency;

  gtk_drop_down_set_selected (self->currency_chooser, currency - 1u);
  cobro_number_entry_set_currency (self->discount_entry, currency);
  cobro_number_entry_set_currency (self->shipping_entry, currency);
  cobro_number_entry_set_currency (self->minimum_entry, currency);
}

static void
on_currency_selected_cb (CobroInvoiceEditor *self)
{
  guint selected = gtk_drop_down_get_selected (self->currency_chooser);

  if (self->filling || !self->form || selected >= cobro_currency_count ())
    return;

  self->filling = TRUE;
  cobro_invoice_form_set_currency (self->form, (CobroCurrency)(selected + 1));
  cobro_invoice_editor_show_lines (self);
  cobro_invoice_editor_show_options (self);
  self->filling = FALSE;
}

/* ── The rest ── */

static void
on_option_changed_cb (CobroInvoiceEditor *self)
{
  CobroInvoice *invoice;

  if (self->filling || !self->form)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  invoice->discount = cobro_number_entry_get_discount (self->discount_entry);
  invoice->shipping = cobro_number_entry_get_amount (self->shipping_entry);
  if (invoice->partial == COBRO_PARTIAL_ON)
    invoice->minimum_first = cobro_number_entry_get_amount (self->minimum_entry);
  invoice->tax_inclusive = gtk_switch_get_active (self->inclusive_switch);
  cobro_link_set_text (&invoice->reference, gtk_editable_get_text (self->reference_row));
  cobro_invoice_form_touch (self->form);
}

static void
on_expiry_changed_cb (CobroInvoiceEditor *self)
{
  if (self->filling || !self->form)
    return;

  cobro_invoice_form_get_invoice (self->form)->expires_at = cobro_day_row_get_time (self->expires_row);
  cobro_invoice_form_touch (self->form);
}

/* ── Reminders ── */

static void
show_reminders (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);

  gtk_switch_set_active (self->reminders_switch, invoice->reminders.custom);
  gtk_widget_set_visible (GTK_WIDGET (self->reminders_group), invoice->reminders.custom);
  cobro_reminders_group_set (self->reminders_group, &invoice->reminders);
}

/* Its own days, beginning with the usual ones; or those of the business again. */
static void
on_reminders_changed_cb (CobroInvoiceEditor *self)
{
  CobroInvoice *invoice;
  gboolean own = gtk_switch_get_active (self->reminders_switch);

  gtk_widget_set_visible (GTK_WIDGET (self->reminders_group), own);
  if (self->filling || !self->form)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  if (own && !invoice->reminders.custom)
    cobro_reminders_group_set (self->reminders_group, &cobro_business_get_merchant (self->business)->reminders);
  invoice->reminders = own ? cobro_reminders_group_get (self->reminders_group) : cobro_reminders_default ();
  invoice->reminders.custom = own;
  cobro_invoice_form_touch (self->form);
}

/* ── Notes ── */

/* What is written for the customer, or for nobody but the merchant. */
static void
on_notes_changed_cb (CobroInvoiceEditor *self, GtkTextBuffer *buffer)
{
  CobroInvoice *invoice;
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  gboolean is_private = buffer == gtk_text_view_get_buffer (self->private_view);

  if (self->filling || !self->form)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  cobro_link_set_text (is_private ? &invoice->private_notes : &invoice->notes, text);
  cobro_invoice_form_touch (self->form);
}

void
cobro_invoice_editor_show_options (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);
  gboolean was_filling = self->filling;

  self->filling = TRUE;
  show_terms (self);
  show_plan (self);
  show_currency (self);
  cobro_number_entry_set_discount (self->discount_entry, invoice->discount);
  cobro_number_entry_set_amount (self->shipping_entry, invoice->shipping);
  cobro_number_entry_set_amount (self->minimum_entry, invoice->minimum_first);
  gtk_switch_set_active (self->inclusive_switch, invoice->tax_inclusive);
  gtk_editable_set_text (self->reference_row, invoice->reference);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->notes_view), invoice->notes, -1);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->private_view), invoice->private_notes, -1);
  cobro_day_row_set_time (self->expires_row, invoice->expires_at, TRUE);
  show_reminders (self);
  self->filling = was_filling;
}

void
cobro_invoice_editor_bind_options (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, terms_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, reference_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, options_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, discount_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, shipping_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, plan_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, minimum_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, minimum_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, expires_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, reminders_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, reminders_group);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, private_view);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, currency_chooser);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, inclusive_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, notes_view);
  gtk_widget_class_bind_template_callback (widget_class, on_terms_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_plan_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_currency_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_option_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_expiry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_reminders_changed_cb);
}

void
cobro_invoice_editor_init_options (CobroInvoiceEditor *self)
{
  g_autoptr (GtkStringList) currencies = gtk_string_list_new (NULL);

  for (guint i = 1; i <= cobro_currency_count (); i++)
    gtk_string_list_append (currencies, cobro_currency_code ((CobroCurrency)i));
  self->filling = TRUE;
  gtk_drop_down_set_model (self->currency_chooser, G_LIST_MODEL (currencies));
  cobro_number_entry_set_kind (self->discount_entry, COBRO_NUMBER_DISCOUNT);
  cobro_number_entry_set_kind (self->shipping_entry, COBRO_NUMBER_AMOUNT);
  cobro_number_entry_set_kind (self->minimum_entry, COBRO_NUMBER_AMOUNT);
  self->filling = FALSE;
  g_signal_connect_object (gtk_text_view_get_buffer (self->notes_view), "changed", G_CALLBACK (on_notes_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (self->private_view), "changed", G_CALLBACK (on_notes_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
