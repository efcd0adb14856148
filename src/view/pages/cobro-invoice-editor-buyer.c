/* src/view/pages/cobro-invoice-editor-buyer.c — who an invoice is for: somebody known, by type-ahead, or somebody new.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-editor-private.h"

#include <glib/gi18n.h>
#include <string.h>
#include "cobro-country-text.h"
#include "cobro-view-text.h"

#define N_ROWS 8

/* The entries, and what of the invoice they show. */
static void
buyer_rows (CobroInvoiceEditor *self, GtkEditable *out_rows[N_ROWS], char **out_texts[N_ROWS])
{
  CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);
  CobroParty *buyer = &invoice->buyer;
  GtkEditable *rows[] = { self->email_row,           self->street_row,
                          self->postal_row,          self->city_row,
                          self->tax_id_row,          self->delivery_street_row,
                          self->delivery_postal_row, self->delivery_city_row };
  char **texts[] = {
    &buyer->email,  &buyer->address.street,    &buyer->address.postal_code,    &buyer->address.city,
    &buyer->tax_id, &invoice->delivery.street, &invoice->delivery.postal_code, &invoice->delivery.city
  };

  memcpy (out_rows, rows, sizeof rows);
  memcpy (out_texts, texts, sizeof texts);
}

static void
say_address (AdwExpanderRow *row, const CobroAddress *address, const char *tax_id)
{
  g_autofree char *country = cobro_country_text (address->country, cobro_view_locale ());
  const char *parts[] = { address->street, address->postal_code, address->city, country, tax_id };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (*parts[i])
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", parts[i]);
  g_strdelimit (text->str, "\n", ' ');
  adw_expander_row_set_subtitle (row, text->str);
}

static void
show_address_title (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);

  say_address (self->address_row, &invoice->buyer.address, invoice->buyer.tax_id);
  say_address (self->delivery_row, &invoice->delivery, "");
}

static void
show_known (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);
  gboolean known = cobro_id_is_set (&invoice->customer_id);
  gboolean fresh = !known && *invoice->buyer.name;
  GtkEditable *rows[N_ROWS];
  char **texts[N_ROWS];

  buyer_rows (self, rows, texts);
  for (gsize i = 0; i < N_ROWS; i++)
    gtk_editable_set_editable (rows[i], !known);
  gtk_widget_set_sensitive (GTK_WIDGET (self->country_row), !known);
  gtk_widget_set_sensitive (GTK_WIDGET (self->delivery_country_row), !known);
  gtk_label_set_text (self->known_label, fresh ? _ ("New customer") : "");
  show_address_title (self);
}

void
cobro_invoice_editor_show_buyer (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);
  GtkEditable *rows[N_ROWS];
  char **texts[N_ROWS];

  self->filling = TRUE;
  buyer_rows (self, rows, texts);
  cobro_suggest_set_text (self->customer_suggest, invoice->buyer.name);
  for (gsize i = 0; i < N_ROWS; i++)
    gtk_editable_set_text (rows[i], *texts[i]);
  cobro_country_row_set_code (self->country_row, invoice->buyer.address.country);
  cobro_country_row_set_code (self->delivery_country_row, invoice->delivery.country);
  self->filling = FALSE;
  show_known (self);
}

static void
choose_customer (CobroInvoiceEditor *self, const CobroCustomer *customer)
{
  cobro_invoice_form_use_customer (self->form, customer);
  cobro_invoice_editor_show_buyer (self);
}

static void
on_customer_chosen_cb (CobroInvoiceEditor *self, gpointer customer)
{
  if (customer)
    {
      choose_customer (self, customer);
      cobro_invoice_editor_focus_line (self, 0);
    }
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->email_row)); /* somebody new: the name stays as typed */
}

void
cobro_invoice_editor_take_exact (CobroInvoiceEditor *self)
{
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);

  if (self->exact && !cobro_id_is_set (&invoice->customer_id) && *invoice->buyer.email == '\0')
    choose_customer (self, self->exact);
}

static gboolean
same_name (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_str_equal (folded_a, folded_b);
}

static void
on_customers_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInvoiceEditor) self = user_data;
  g_autoptr (GPtrArray) found = cobro_invoices_find_finish (COBRO_INVOICES (source), result, NULL);
  const char *typed = gtk_editable_get_text (self->customer_row);
  guint exact = 0;

  if (!found || !self->form)
    return;

  cobro_suggest_clear (self->customer_suggest);
  g_clear_pointer (&self->exact, cobro_customer_unref);
  for (guint i = 0; i < found->len; i++)
    {
      CobroCustomer *customer = found->pdata[i];

      cobro_suggest_add (self->customer_suggest, customer->party.name, customer->party.email,
                         customer->party.address.city, cobro_customer_ref (customer),
                         (GDestroyNotify)cobro_customer_unref);
      if (same_name (customer->party.name, typed) && exact++ == 0)
        self->exact = cobro_customer_ref (customer);
    }
  if (exact > 1) /* two of that name: the person has to say which */
    g_clear_pointer (&self->exact, cobro_customer_unref);
  if (found->len > 0)
    {
      /* Translators: %s is a name that somebody typed. */
      g_autofree char *fresh = g_strdup_printf (_ ("New customer “%s”"), typed);

      cobro_suggest_add (self->customer_suggest, fresh, NULL, NULL, NULL, NULL);
    }
  cobro_suggest_show (self->customer_suggest);
}

static void
on_wanted_cb (CobroInvoiceEditor *self, const char *text)
{
  if (self->filling || !self->form)
    return;

  if (self->finding)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_pointer (&self->exact, cobro_customer_unref);
  cobro_suggest_clear (self->customer_suggest);
  if (*text == '\0')
    return cobro_suggest_show (self->customer_suggest);

  self->finding = g_cancellable_new ();
  cobro_invoices_find_customers_async (self->invoices, text, self->finding, on_customers_found_cb, g_object_ref (self));
}

static void
on_customer_changed_cb (CobroInvoiceEditor *self)
{
  CobroInvoice *invoice;

  if (self->filling || !self->form)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  if (g_str_equal (invoice->buyer.name, gtk_editable_get_text (self->customer_row)))
    return;

  if (cobro_id_is_set (&invoice->customer_id)) /* typed over: somebody else now */
    {
      g_autofree char *typed = g_strdup (gtk_editable_get_text (self->customer_row));

      cobro_invoice_form_use_customer (self->form, NULL);
      cobro_link_set_text (&invoice->buyer.name, typed);
      cobro_invoice_editor_show_buyer (self);
    }
  else
    cobro_link_set_text (&invoice->buyer.name, gtk_editable_get_text (self->customer_row));
  show_known (self);
  cobro_invoice_form_touch (self->form);
}

static void
on_buyer_changed_cb (CobroInvoiceEditor *self)
{
  CobroInvoice *invoice;
  GtkEditable *rows[N_ROWS];
  char **texts[N_ROWS];

  if (self->filling || !self->form)
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  buyer_rows (self, rows, texts);
  for (gsize i = 0; i < N_ROWS; i++)
    cobro_link_set_text (texts[i], gtk_editable_get_text (rows[i]));
  cobro_link_set_text (&invoice->buyer.address.country, cobro_country_row_get_code (self->country_row));
  cobro_link_set_text (&invoice->delivery.country, cobro_country_row_get_code (self->delivery_country_row));
  show_address_title (self);
  cobro_invoice_form_touch (self->form);
}

static void
on_customer_activated_cb (CobroInvoiceEditor *self)
{
  cobro_invoice_editor_take_exact (self);
  if (cobro_id_is_set (&cobro_invoice_form_get_invoice (self->form)->customer_id))
    cobro_invoice_editor_focus_line (self, 0);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->email_row));
}

static void
on_email_activated_cb (CobroInvoiceEditor *self)
{
  cobro_invoice_editor_focus_line (self, 0);
}

void
cobro_invoice_editor_bind_buyer (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, customer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, email_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, known_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, street_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, postal_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, city_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, tax_id_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, country_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, delivery_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, delivery_street_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, delivery_postal_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, delivery_city_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, delivery_country_row);
  gtk_widget_class_bind_template_callback (widget_class, on_customer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_customer_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_buyer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_email_activated_cb);
}

void
cobro_invoice_editor_init_buyer (CobroInvoiceEditor *self)
{
  self->customer_suggest = cobro_suggest_new (GTK_WIDGET (self->customer_row));
  g_signal_connect_object (self->customer_suggest, "wanted", G_CALLBACK (on_wanted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->customer_suggest, "chosen", G_CALLBACK (on_customer_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}
