/* src/view/dialogs/cobro-preview-window.c — what the customer gets.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-preview-window.h"

#include <glib/gi18n.h>
#include "cobro-invoice-text.h"
#include "cobro-mail-text.h"
#include "cobro-money-text.h"
#include "cobro-paper-pages.h"
#include "cobro-totals-grid.h"

struct _CobroPreviewWindow
{
  AdwWindow parent_instance;
  GtkBox *pages_box;
  AdwActionRow *to_row;
  AdwActionRow *subject_row;
  AdwActionRow *attachment_row;
  GtkLabel *mail_label;
  GtkLabel *seller_label;
  GtkLabel *due_label;
  GtkLabel *what_label;
  GtkListBox *items_list;
  GtkGrid *totals_grid;
  CobroInvoice *invoice;
  CobroPaper *paper;
};

G_DEFINE_FINAL_TYPE (CobroPreviewWindow, cobro_preview_window, ADW_TYPE_WINDOW)

/* ── A draft as if it were issued ── */

static void
borrow_seller (CobroInvoice *invoice, const CobroMerchant *merchant)
{
  cobro_party_copy (&merchant->seller, &invoice->seller);
  if (*invoice->seller.name == '\0')
    cobro_link_set_text (&invoice->seller.name, merchant->name);
  cobro_link_set_text (&invoice->iban, merchant->iban);
  cobro_link_set_text (&invoice->bic, merchant->bic);
  cobro_link_set_text (&invoice->bank_note, merchant->bank_note);
}

/* (transfer full) what is drawn: a draft gets the seller and the dates that it would have. */
static CobroInvoice *
prepare (const CobroInvoice *invoice, const CobroPreviewSetup *setup)
{
  CobroInvoice *copy = cobro_invoice_copy (invoice);

  if (copy->decision != COBRO_INVOICE_DRAFT)
    return copy;

  borrow_seller (copy, setup->merchant);
  cobro_day_to_text (setup->today, copy->issue_date);
  if (*copy->due_date == '\0')
    cobro_day_to_text (setup->today + copy->terms, copy->due_date);
  return copy;
}

static CobroInvoiceView
view_of (const CobroInvoice *invoice, const CobroInvoiceView *view)
{
  CobroMoney total = invoice->totals ? invoice->totals->total : COBRO_MONEY_NONE;

  if (view)
    return *view;
  return (CobroInvoiceView){ .status = COBRO_INVOICE_IS_DRAFT,
                             .paid = cobro_money (0, invoice->currency),
                             .credit = cobro_money (0, invoice->currency),
                             .due = total };
}

static CobroPaper *
make_paper (const CobroInvoice *invoice, const CobroInvoiceView *view, const CobroPreviewSetup *setup)
{
  CobroPaperSetup paper = { .locale = cobro_invoice_text_locale (invoice, setup->merchant),
                            .url = *setup->url ? setup->url : NULL,
                            .accent = *setup->merchant->accent ? setup->merchant->accent : NULL,
                            .logo = setup->logo,
                            .letter = setup->merchant->letter,
                            .today = setup->today };

  return cobro_paper_new_invoice (invoice, view, &paper);
}

CobroPaper *
cobro_preview_paper (const CobroInvoice *invoice, const CobroInvoiceView *view, const CobroPreviewSetup *setup)
{
  g_autoptr (CobroInvoice) drawn = prepare (invoice, setup);
  CobroInvoiceView seen = view_of (drawn, view);

  return make_paper (drawn, &seen, setup);
}

GBytes *
cobro_preview_pdf (const CobroInvoice *invoice, const CobroInvoiceView *view, const CobroPreviewSetup *setup,
                   char **out_name, GError **error)
{
  g_autoptr (CobroPaper) paper = cobro_preview_paper (invoice, view, setup);
  GBytes *pdf = cobro_paper_to_pdf (paper, error);

  if (pdf)
    *out_name = cobro_paper_file_name (paper);
  return pdf;
}

/* ── Mail ── */

static void
show_mail (CobroPreviewWindow *self, const CobroInvoiceView *view, const CobroPreviewSetup *setup)
{
  const CobroMerchant *merchant = setup->merchant;
  gboolean credit = self->invoice->kind == COBRO_INVOICE_CREDIT_NOTE;
  CobroMailFacts facts = { .kind = credit ? COBRO_MAIL_CREDIT_NOTE : COBRO_MAIL_INVOICE,
                           .locale = cobro_invoice_text_locale (self->invoice, merchant),
                           .invoice = self->invoice,
                           .view = view,
                           .title = "",
                           .seller = merchant->name,
                           .greeting = *merchant->mail_greeting ? merchant->mail_greeting : NULL,
                           .support = *merchant->support ? merchant->support : NULL,
                           .accent = *merchant->accent ? merchant->accent : NULL,
                           .url = *setup->url ? setup->url : NULL,
                           .attached = TRUE };
  g_autoptr (CobroMailText) text = cobro_mail_text_new (&facts);
  g_autofree char *file = cobro_paper_file_name (self->paper);
  const char *to = self->invoice->buyer.email;

  adw_action_row_set_subtitle (self->to_row, *to ? to : _ ("There is no e-mail address yet"));
  adw_action_row_set_subtitle (self->subject_row, text->subject);
  adw_action_row_set_subtitle (self->attachment_row, file);
  gtk_label_set_text (self->mail_label, text->plain);
}

/* ── The payment page ── */

static void
show_page (CobroPreviewWindow *self, const CobroInvoiceView *view)
{
  const CobroInvoice *invoice = self->invoice;
  g_autofree char *due = cobro_money_text (view->due, cobro_view_locale ());
  g_autofree char *title = cobro_invoice_text_title (invoice);

  gtk_label_set_text (self->seller_label, invoice->seller.name);
  gtk_label_set_text (self->due_label, due);
  gtk_label_set_text (self->what_label, title);
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = invoice->lines->pdata[i];
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *amount =
        invoice->totals ? cobro_money_text (invoice->totals->lines[i], cobro_view_locale ()) : g_strdup ("");

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->description);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_label_new (amount));
      gtk_list_box_append (self->items_list, row);
    }
  cobro_totals_grid_show (self->totals_grid, invoice->totals, invoice->tax_inclusive, view->paid, view->due);
}

/* ── The widget ── */

static void
cobro_preview_window_dispose (GObject *object)
{
  CobroPreviewWindow *self = COBRO_PREVIEW_WINDOW (object);

  g_clear_pointer (&self->paper, cobro_paper_free);
  g_clear_pointer (&self->invoice, cobro_invoice_unref);
  G_OBJECT_CLASS (cobro_preview_window_parent_class)->dispose (object);
}

static void
cobro_preview_window_class_init (CobroPreviewWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_preview_window_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-preview-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, pages_box);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, to_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, subject_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, attachment_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, mail_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, seller_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, due_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, what_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, items_list);
  gtk_widget_class_bind_template_child (widget_class, CobroPreviewWindow, totals_grid);
}

static void
cobro_preview_window_init (CobroPreviewWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroPreviewWindow *
cobro_preview_window_new (GtkWindow *parent, const CobroInvoice *invoice, const CobroInvoiceView *view,
                          const CobroPreviewSetup *setup)
{
  CobroPreviewWindow *self = g_object_new (COBRO_TYPE_PREVIEW_WINDOW, "transient-for", parent, NULL);
  CobroInvoiceView seen;

  self->invoice = prepare (invoice, setup);
  seen = view_of (self->invoice, view);
  self->paper = make_paper (self->invoice, &seen, setup);
  cobro_paper_pages_show (self->pages_box, self->paper);
  show_mail (self, &seen, setup);
  show_page (self, &seen);
  return self;
}
