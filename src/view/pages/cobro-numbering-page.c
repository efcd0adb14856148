/* src/view/pages/cobro-numbering-page.c — Preferences → Invoices.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-numbering-page.h"

#include <glib/gi18n.h>
#include "cobro-merchant-form.h"
#include "cobro-money-row.h"
#include "cobro-number-row.h"
#include "cobro-series.h"
#include "cobro-text-row.h"

struct _CobroNumberingPage
{
  AdwPreferencesPage parent_instance;
  GtkWidget *invoice_row;
  GtkWidget *credit_note_row;
  CobroNumberRow *terms_row;
  CobroNumberRow *token_row;
  GtkWidget *notes_row;
  GtkWidget *footer_row;
  GtkSwitch *letter_switch;
  CobroBusiness *business;
  CobroMerchantForm *form;
};

G_DEFINE_FINAL_TYPE (CobroNumberingPage, cobro_numbering_page, ADW_TYPE_PREFERENCES_PAGE)

/* ── Previews ── */

static char *
preview (CobroNumberingPage *self, const char *pattern, gint64 sequence)
{
  g_autofree char *number = NULL;

  if (!cobro_series_check_pattern (pattern, "", NULL))
    return NULL;
  number = cobro_series_format (pattern, cobro_business_get_today (self->business), sequence);
  /* Translators: %s is an invoice's number: "INV-2026-00007". */
  return g_strdup_printf (_ ("The next one is %s"), number);
}

static char *
invoice_help (const CobroMerchant *merchant, GtkWidget *page)
{
  CobroNumberingPage *self = COBRO_NUMBERING_PAGE (page);

  return preview (self, merchant->invoice_pattern, 1);
}

static char *
credit_note_help (const CobroMerchant *merchant, GtkWidget *page)
{
  return preview (COBRO_NUMBERING_PAGE (page), merchant->credit_note_pattern, 1);
}

/* ── What is chosen ── */

static void
choose (CobroMerchant *merchant, gpointer data)
{
  CobroNumberingPage *self = data;

  merchant->terms = cobro_number_row_get_value (self->terms_row);
  merchant->token_days = cobro_number_row_get_value (self->token_row);
  merchant->letter = gtk_switch_get_active (self->letter_switch);
}

static void
on_changed_cb (CobroNumberingPage *self)
{
  if (self->form)
    cobro_merchant_form_change (self->form, choose, self);
}

static void
on_shown_cb (CobroNumberingPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);

  cobro_number_row_set_value (self->terms_row, merchant->terms);
  cobro_number_row_set_value (self->token_row, merchant->token_days);
  gtk_switch_set_active (self->letter_switch, merchant->letter);
}

/* ── The widget ── */

static void
cobro_numbering_page_dispose (GObject *object)
{
  CobroNumberingPage *self = COBRO_NUMBERING_PAGE (object);

  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_numbering_page_parent_class)->dispose (object);
}

static void
cobro_numbering_page_class_init (CobroNumberingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_NUMBER_ROW);
  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_numbering_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-numbering-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, invoice_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, credit_note_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, terms_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, token_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, notes_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, footer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, letter_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
cobro_numbering_page_init (CobroNumberingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_number_row_set_range (self->terms_row, 0, 365);
  cobro_number_row_set_range (self->token_row, 0, 3650);
}

void
cobro_numbering_page_set_business (CobroNumberingPage *self, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_NUMBERING_PAGE (self));
  g_return_if_fail (self->form == NULL);

  self->business = g_object_ref (business);
  self->form = cobro_merchant_form_new (business, GTK_WIDGET (self));
  cobro_merchant_form_add (self->form, self->invoice_row, G_STRUCT_OFFSET (CobroMerchant, invoice_pattern),
                           invoice_help);
  cobro_merchant_form_add (self->form, self->credit_note_row, G_STRUCT_OFFSET (CobroMerchant, credit_note_pattern),
                           credit_note_help);
  cobro_merchant_form_add (self->form, self->notes_row, G_STRUCT_OFFSET (CobroMerchant, invoice_notes), NULL);
  cobro_merchant_form_add (self->form, self->footer_row, G_STRUCT_OFFSET (CobroMerchant, invoice_footer), NULL);
  g_signal_connect_swapped (self->form, "shown", G_CALLBACK (on_shown_cb), self);
  cobro_merchant_form_refresh (self->form);
}

void
cobro_numbering_page_commit (CobroNumberingPage *self)
{
  g_return_if_fail (COBRO_IS_NUMBERING_PAGE (self));

  cobro_merchant_form_commit (self->form);
}
