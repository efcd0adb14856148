/* src/view/pages/cobro-invoice-editor-private.h — what the files of the editor share.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-invoice-editor.h"
#include "cobro-adaptive-bin.h"
#include "cobro-country-row.h"
#include "cobro-day-row.h"
#include "cobro-invoice-form.h"
#include "cobro-number-entry.h"
#include "cobro-reminders-group.h"
#include "cobro-suggest.h"
#include "cobro-tax-choices.h"

G_BEGIN_DECLS

struct _CobroInvoiceEditor
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwWindowTitle *window_title;
  GtkScrolledWindow *scroller;
  GtkEditable *customer_row;
  GtkEditable *email_row;
  GtkLabel *known_label;
  AdwExpanderRow *address_row;
  GtkEditable *street_row;
  GtkEditable *postal_row;
  GtkEditable *city_row;
  GtkEditable *tax_id_row;
  CobroCountryRow *country_row;
  AdwExpanderRow *delivery_row;
  GtkEditable *delivery_street_row;
  GtkEditable *delivery_postal_row;
  GtkEditable *delivery_city_row;
  CobroCountryRow *delivery_country_row;
  GtkListBox *lines_list;
  GtkOrientable *below_box;
  GtkGrid *totals_grid;
  GtkLabel *problem_label;
  AdwComboRow *terms_row;
  GtkEditable *reference_row;
  AdwExpanderRow *options_row;
  CobroNumberEntry *discount_entry;
  CobroNumberEntry *shipping_entry;
  AdwComboRow *plan_row;
  GtkWidget *minimum_row;
  CobroNumberEntry *minimum_entry;
  GtkDropDown *currency_chooser;
  GtkSwitch *inclusive_switch;
  GtkTextView *notes_view;
  CobroDayRow *expires_row;
  GtkSwitch *reminders_switch;
  CobroRemindersGroup *reminders_group;
  GtkTextView *private_view;
  CobroInvoices *invoices;
  CobroBusiness *business;
  CobroInvoiceForm *form;
  CobroTaxChoices *taxes;
  CobroSuggest *customer_suggest; /* belongs to its entry */
  CobroCustomer *exact;           /* (nullable) somebody known whose name was typed whole */
  GCancellable *finding;          /* type-ahead under way */
  guint lines_source;             /* rows of a long invoice that are still to be made */
  guint next_line;
  guint save_source;
  gboolean saving;
  gboolean issuing;
  gboolean issue_after_save;
  gboolean send;
  gboolean filling; /* widgets are written from the form, not by a person */
};

/* ── cobro-invoice-editor-buyer.c ── */

/* Shows the buyer of the form. */
void cobro_invoice_editor_show_buyer (CobroInvoiceEditor *self);
/* Somebody known was typed without being chosen. */
void cobro_invoice_editor_take_exact (CobroInvoiceEditor *self);
void cobro_invoice_editor_bind_buyer (GtkWidgetClass *widget_class);
void cobro_invoice_editor_init_buyer (CobroInvoiceEditor *self);

/* ── cobro-invoice-editor-lines.c ── */

/* Makes the rows of the form's lines, and a blank one at the end. */
void cobro_invoice_editor_show_lines (CobroInvoiceEditor *self);
void cobro_invoice_editor_update_lines (CobroInvoiceEditor *self);
/* Whether every entry of every line can be understood; otherwise the first that cannot has the keyboard. */
gboolean cobro_invoice_editor_check_lines (CobroInvoiceEditor *self);
void cobro_invoice_editor_focus_line (CobroInvoiceEditor *self, guint index);
void cobro_invoice_editor_arrange_lines (CobroInvoiceEditor *self);
void cobro_invoice_editor_bind_lines (GtkWidgetClass *widget_class);

/* ── cobro-invoice-editor-options.c ── */

/* Shows when it is due, parts, currency, notes as the form has them. */
void cobro_invoice_editor_show_options (CobroInvoiceEditor *self);
void cobro_invoice_editor_bind_options (GtkWidgetClass *widget_class);
void cobro_invoice_editor_init_options (CobroInvoiceEditor *self);

G_END_DECLS
