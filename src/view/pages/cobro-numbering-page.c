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
#include "cobro-view-text.h"

struct _CobroNumberingPage
{
  CobroLatePage parent_instance;
  GtkWidget *invoice_row;
  GtkWidget *credit_note_row;
  GtkEditable *prefix_row;
  CobroNumberRow *next_row;
  CobroNumberRow *terms_row;
  CobroNumberRow *token_row;
  GtkWidget *notes_row;
  GtkWidget *footer_row;
  GtkSwitch *letter_switch;
  CobroBusiness *business;
  CobroMerchantForm *form;
  CobroNumbering *numbering[2]; /* (nullable) by CobroInvoiceKind */
  GCancellable *cancellable;
};

#define NEXT_MAX 999999999 /* what the pattern writes with nine digits */

G_DEFINE_FINAL_TYPE (CobroNumberingPage, cobro_numbering_page, COBRO_TYPE_LATE_PAGE)

/* ── Previews ── */

static char *
preview (CobroNumberingPage *self, CobroInvoiceKind kind, const char *pattern)
{
  const CobroNumbering *numbering = self->numbering[kind];
  g_autofree char *whole = g_strconcat (numbering ? numbering->prefix : "", pattern, NULL);
  g_autofree char *number = NULL;

  if (!numbering || !cobro_series_check_pattern (whole, "", NULL))
    return NULL;
  number = cobro_series_format (whole, cobro_business_get_today (self->business), numbering->next);
  /* Translators: %s is an invoice's number: "INV-2026-00007". */
  return g_strdup_printf (_ ("The next one is %s"), number);
}

static char *
invoice_help (const CobroMerchant *merchant, GtkWidget *page)
{
  return preview (COBRO_NUMBERING_PAGE (page), COBRO_INVOICE_INVOICE, merchant->invoice_pattern);
}

static char *
credit_note_help (const CobroMerchant *merchant, GtkWidget *page)
{
  return preview (COBRO_NUMBERING_PAGE (page), COBRO_INVOICE_CREDIT_NOTE, merchant->credit_note_pattern);
}

/* ── The next number ── */

static void
take_numbering (CobroNumberingPage *self, CobroNumbering *take)
{
  CobroNumbering **place = &self->numbering[take->kind];

  g_clear_pointer (place, cobro_numbering_free);
  *place = take;
  if (take->kind == COBRO_INVOICE_INVOICE)
    {
      cobro_number_row_set_value (self->next_row, (int)MIN (take->next, NEXT_MAX));
      gtk_editable_set_text (self->prefix_row, take->prefix);
    }
  cobro_merchant_form_refresh (self->form);
}

static void
say (CobroNumberingPage *self, const char *text)
{
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */

  if (ADW_IS_PREFERENCES_WINDOW (window))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window), adw_toast_new (escaped));
}

static void
on_numbered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroNumberingPage) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroNumbering *numbering = cobro_business_number_finish (COBRO_BUSINESS (source), result, &error);
  const CobroNumbering *before = self->numbering[COBRO_INVOICE_INVOICE];
  g_autofree char *sentence = NULL;

  if (numbering && self->form)
    return take_numbering (self, numbering);
  g_clear_pointer (&numbering, cobro_numbering_free);
  if (!self->form || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = cobro_view_error (error);
  say (self, sentence);
  if (before)
    cobro_number_row_set_value (self->next_row, (int)MIN (before->next, NEXT_MAX));
}

static void
ask_numbers (CobroNumberingPage *self)
{
  for (CobroInvoiceKind kind = COBRO_INVOICE_INVOICE; kind <= COBRO_INVOICE_CREDIT_NOTE; kind++)
    cobro_business_peek_number_async (self->business, kind, NULL, self->cancellable, on_numbered_cb,
                                      g_object_ref (self));
}

static void
on_next_chosen_cb (CobroNumberingPage *self)
{
  const CobroNumbering *numbering = self->numbering[COBRO_INVOICE_INVOICE];
  int next = cobro_number_row_get_value (self->next_row);

  if (numbering && next != numbering->next)
    cobro_business_set_next_async (self->business, COBRO_INVOICE_INVOICE, next, self->cancellable, on_numbered_cb,
                                   g_object_ref (self));
}

/* The other series has the same prefix from then on. */
static void
on_prefix_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroNumberingPage) self = g_object_ref (user_data);

  on_numbered_cb (source, result, user_data);
  if (self->form)
    cobro_business_peek_number_async (self->business, COBRO_INVOICE_CREDIT_NOTE, NULL, self->cancellable,
                                      on_numbered_cb, g_object_ref (self));
}

static void
on_prefix_applied_cb (CobroNumberingPage *self)
{
  g_autofree char *prefix = g_strstrip (g_strdup (gtk_editable_get_text (self->prefix_row)));

  cobro_business_set_prefix_async (self->business, COBRO_INVOICE_INVOICE, prefix, self->cancellable, on_prefix_set_cb,
                                   g_object_ref (self));
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

  g_cancellable_cancel (self->cancellable);
  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_numbering_page_parent_class)->dispose (object);
}

static void
cobro_numbering_page_finalize (GObject *object)
{
  CobroNumberingPage *self = COBRO_NUMBERING_PAGE (object);

  for (gsize i = 0; i < G_N_ELEMENTS (self->numbering); i++)
    g_clear_pointer (&self->numbering[i], cobro_numbering_free);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_numbering_page_parent_class)->finalize (object);
}

static void
cobro_numbering_page_build (CobroLatePage *page)
{
  CobroNumberingPage *self = COBRO_NUMBERING_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_number_row_set_range (self->next_row, 1, NEXT_MAX);
  cobro_number_row_set_range (self->terms_row, 0, 365);
  cobro_number_row_set_range (self->token_row, 0, 3650);
  self->form = cobro_merchant_form_new (self->business, GTK_WIDGET (self));
  cobro_merchant_form_add (self->form, self->invoice_row, G_STRUCT_OFFSET (CobroMerchant, invoice_pattern),
                           invoice_help);
  cobro_merchant_form_add (self->form, self->credit_note_row, G_STRUCT_OFFSET (CobroMerchant, credit_note_pattern),
                           credit_note_help);
  cobro_merchant_form_add (self->form, self->notes_row, G_STRUCT_OFFSET (CobroMerchant, invoice_notes), NULL);
  cobro_merchant_form_add (self->form, self->footer_row, G_STRUCT_OFFSET (CobroMerchant, invoice_footer), NULL);
  g_signal_connect_swapped (self->form, "shown", G_CALLBACK (on_shown_cb), self);
  cobro_merchant_form_refresh (self->form);
  ask_numbers (self);
}

static void
cobro_numbering_page_class_init (CobroNumberingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_NUMBER_ROW);
  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_numbering_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_numbering_page_finalize;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_numbering_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-numbering-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, invoice_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, credit_note_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, prefix_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, next_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, terms_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, token_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, notes_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, footer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroNumberingPage, letter_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_prefix_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_next_chosen_cb);
}

static void
cobro_numbering_page_init (CobroNumberingPage *self)
{
  self->cancellable = g_cancellable_new ();
}

void
cobro_numbering_page_set_business (CobroNumberingPage *self, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_NUMBERING_PAGE (self));
  g_return_if_fail (self->business == NULL);

  self->business = g_object_ref (business);
}

void
cobro_numbering_page_commit (CobroNumberingPage *self)
{
  g_return_if_fail (COBRO_IS_NUMBERING_PAGE (self));

  if (self->form)
    cobro_merchant_form_commit (self->form);
}
