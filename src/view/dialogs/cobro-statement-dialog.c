/* src/view/dialogs/cobro-statement-dialog.c — a customer's account over a time.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-statement-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-link.h"
#include "cobro-money-text.h"
#include "cobro-paper.h"
#include "cobro-plain-row.h"
#include "cobro-view-text.h"

/* Entries that are shown; the PDF has all of them. */
#define ROWS_MAX 200

typedef enum
{
  THIS_YEAR,
  LAST_YEAR,
  TWELVE_MONTHS,
  EVERYTHING
} Period;

struct _CobroStatementDialog
{
  AdwWindow parent_instance;
  AdwWindowTitle *window_title;
  GtkWidget *save_button;
  AdwComboRow *period_row;
  AdwComboRow *currency_row;
  GtkLabel *problem_label;
  GtkWidget *ageing_group;
  GtkListBox *ageing_list;
  AdwPreferencesGroup *entries_group;
  GtkListBox *entries_list;
  CobroCustomers *customers;
  CobroBusiness *business;
  CobroCustomer *customer;
  GArray *currencies; /* (element-type CobroCurrency) */
  CobroStatement *statement;
  GCancellable *asking;
};

G_DEFINE_FINAL_TYPE (CobroStatementDialog, cobro_statement_dialog, ADW_TYPE_WINDOW)

static const char *const age_words[] = { N_ ("Not Due Yet"),     N_ ("1–30 Days Late"),         N_ ("31–60 Days Late"),
                                         N_ ("61–90 Days Late"), N_ ("More Than 90 Days Late"), NULL };

const char *const *
cobro_statement_dialog_age_words (void)
{
  return age_words;
}

CobroMoney
cobro_statement_dialog_age_part (const CobroAgeing *ageing, guint i)
{
  const CobroMoney parts[] = { ageing->current, ageing->days_30, ageing->days_60, ageing->days_90, ageing->older };

  g_return_val_if_fail (i < G_N_ELEMENTS (parts), ageing->total);

  return parts[i];
}

/* ── Showing ── */

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, child);
}

static void
add_row (GtkListBox *list, const char *title, const char *subtitle, const char *amount, const char *style)
{
  GtkWidget *row = cobro_plain_row_new (title, subtitle);
  GtkWidget *label = gtk_label_new (amount);

  gtk_widget_add_css_class (label, "numeric");
  if (style)
    gtk_widget_add_css_class (label, style);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_append (list, row);
}

static void
show_ageing (CobroStatementDialog *self)
{
  const CobroAgeing *ageing = &self->statement->ageing;
  g_autofree char *total = cobro_money_text (ageing->total, cobro_view_locale ());

  clear_list (self->ageing_list);
  for (guint i = 0; age_words[i]; i++)
    {
      CobroMoney part = cobro_statement_dialog_age_part (ageing, i);
      g_autofree char *text = cobro_money_text (part, cobro_view_locale ());

      if (!cobro_money_is_zero (part))
        add_row (self->ageing_list, _ (age_words[i]), "", text, i > 0 ? "warning" : NULL);
    }
  add_row (self->ageing_list, _ ("Open in All"), "", total, "heading");
  gtk_widget_set_visible (self->ageing_group, TRUE);
}

static const char *
kind_word (CobroStatementKind kind)
{
  switch (kind)
    {
    case COBRO_STATEMENT_INVOICE:
      return _ ("Invoice");
    case COBRO_STATEMENT_CREDIT_NOTE:
      return _ ("Credit note");
    case COBRO_STATEMENT_PAYMENT:
      return _ ("Payment");
    case COBRO_STATEMENT_REFUND:
      return _ ("Refund");
    }
  g_return_val_if_reached ("");
}

static void
add_entry (CobroStatementDialog *self, const CobroStatementEntry *entry)
{
  gboolean gives = entry->kind == COBRO_STATEMENT_CREDIT_NOTE || entry->kind == COBRO_STATEMENT_PAYMENT;
  g_autofree char *amount = cobro_money_text (entry->amount, cobro_view_locale ());
  g_autofree char *signed_amount = gives ? g_strdup_printf ("−%s", amount) : g_strdup (amount);
  g_autofree char *balance = cobro_money_text (entry->balance, cobro_view_locale ());
  g_autofree char *title = g_strdup_printf ("%s %s", kind_word (entry->kind), entry->text);
  char date[COBRO_DATE_SIZE];
  g_autofree char *when = NULL;
  g_autofree char *below = NULL;

  cobro_day_to_text (entry->date, date);
  when = cobro_civil_date_text (date, cobro_view_locale ());
  /* Translators: the first %s is a date, the second what is owed after it. */
  below = g_strdup_printf (_ ("%s · %s owed then"), when, balance);
  add_row (self->entries_list, title, below, signed_amount, NULL);
}

static void
show_entries (CobroStatementDialog *self)
{
  GPtrArray *entries = self->statement->entries;
  guint first = entries->len > ROWS_MAX ? entries->len - ROWS_MAX : 0;
  g_autofree char *opening = cobro_money_text (self->statement->opening, cobro_view_locale ());
  g_autofree char *closing = cobro_money_text (self->statement->closing, cobro_view_locale ());
  /* Translators: both are amounts. */
  g_autofree char *text = g_strdup_printf (_ ("Owed before: %s. Owed at the end: %s."), opening, closing);

  clear_list (self->entries_list);
  for (guint i = entries->len; i > first; i--)
    add_entry (self, entries->pdata[i - 1]);
  adw_preferences_group_set_description (self->entries_group, text);
  gtk_widget_set_visible (GTK_WIDGET (self->entries_list), entries->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->entries_group), TRUE);
}

/* ── Asking ── */

static void
on_stated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroStatementDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroStatement *statement = cobro_customers_state_finish (COBRO_CUSTOMERS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), statement == NULL);
  if (!statement)
    {
      g_autofree char *sentence = cobro_view_error (error);

      gtk_label_set_text (self->problem_label, sentence);
      return;
    }
  g_clear_pointer (&self->statement, cobro_statement_free);
  self->statement = statement;
  gtk_widget_set_sensitive (self->save_button, TRUE);
  show_ageing (self);
  show_entries (self);
}

static void
find_days (CobroStatementDialog *self, CobroDay *out_from, CobroDay *out_to)
{
  CobroDay today = cobro_customers_get_today (self->customers);
  int year, month, day;

  cobro_day_to_parts (today, &year, &month, &day);
  *out_to = today;
  switch ((Period)adw_combo_row_get_selected (self->period_row))
    {
    case THIS_YEAR:
      *out_from = cobro_day_from_parts (year, 1, 1);
      return;
    case LAST_YEAR:
      *out_from = cobro_day_from_parts (year - 1, 1, 1);
      *out_to = cobro_day_from_parts (year - 1, 12, 31);
      return;
    case TWELVE_MONTHS:
      *out_from = cobro_day_add_months (today, -12, 0) + 1;
      return;
    case EVERYTHING:
      *out_from = 0;
      return;
    }
}

static void
on_chosen_cb (CobroStatementDialog *self)
{
  guint chosen = adw_combo_row_get_selected (self->currency_row);
  CobroDay from = 0, to = 0;

  if (!self->customer || chosen >= self->currencies->len)
    return;
  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->asking = g_cancellable_new ();
  gtk_widget_set_sensitive (self->save_button, FALSE);
  find_days (self, &from, &to);
  cobro_customers_state_async (self->customers, &self->customer->id,
                               g_array_index (self->currencies, CobroCurrency, chosen), from, to, self->asking,
                               on_stated_cb, g_object_ref (self));
}

/* ── PDF ── */

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroStatementDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    return cobro_dialogs_note_file (G_FILE (source), "application/pdf");
  if (!self->customer)
    return;
  gtk_label_set_text (self->problem_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

typedef struct
{
  CobroStatementDialog *dialog;
  GBytes *pdf;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->dialog);
  g_bytes_unref (saving->pdf);
  g_free (saving);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  const Saving *saving = data;

  g_file_replace_contents_bytes_async (file, saving->pdf, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       on_written_cb, g_object_ref (saving->dialog));
}

static CobroPaper *
make_paper (CobroStatementDialog *self, GBytes *logo)
{
  const CobroMerchant *merchant = cobro_business_get_merchant (self->business);
  const char *locale = g_str_equal (self->customer->locale, "auto") ? merchant->locale : self->customer->locale;
  CobroPaperSetup setup = { .locale =
                              g_str_equal (locale, "auto") ? cobro_locale_get_tag (cobro_view_locale ()) : locale,
                            .accent = merchant->accent,
                            .logo = logo,
                            .letter = merchant->letter,
                            .today = cobro_customers_get_today (self->customers) };
  CobroParty seller = { 0 };
  CobroPaper *paper;

  cobro_party_init (&seller);
  cobro_party_copy (&merchant->seller, &seller);
  if (!*seller.name)
    cobro_link_set_text (&seller.name, merchant->name);
  paper = cobro_paper_new_statement (self->statement, &seller, &self->customer->party, &setup);
  cobro_party_clear (&seller);
  return paper;
}

static void
on_save_clicked_cb (CobroStatementDialog *self)
{
  g_autoptr (GBytes) logo = cobro_business_dup_logo (self->business);
  g_autoptr (CobroPaper) paper = make_paper (self, logo);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, &error);
  g_autofree char *name = cobro_paper_file_name (paper);
  Saving *saving;

  if (!pdf)
    return cobro_dialogs_tell (GTK_WINDOW (self), _ ("There Is No PDF"), error->message);
  saving = g_new0 (Saving, 1);
  *saving = (Saving){ .dialog = g_object_ref (self), .pdf = g_steal_pointer (&pdf) };
  cobro_dialogs_save (GTK_WINDOW (self), _ ("Save Statement"), name, "application/pdf", on_file_chosen, saving,
                      saving_free);
}

/* ── The widget ── */

static void
cobro_statement_dialog_dispose (GObject *object)
{
  CobroStatementDialog *self = COBRO_STATEMENT_DIALOG (object);

  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_object (&self->customers);
  g_clear_object (&self->business);
  g_clear_pointer (&self->customer, cobro_customer_unref);
  g_clear_pointer (&self->statement, cobro_statement_free);
  g_clear_pointer (&self->currencies, g_array_unref);
  G_OBJECT_CLASS (cobro_statement_dialog_parent_class)->dispose (object);
}

static void
cobro_statement_dialog_class_init (CobroStatementDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_statement_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-statement-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, period_row);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, currency_row);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, ageing_group);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, ageing_list);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, entries_group);
  gtk_widget_class_bind_template_child (widget_class, CobroStatementDialog, entries_list);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
}

static void
cobro_statement_dialog_init (CobroStatementDialog *self)
{
  const char *words[] = { _ ("This Year"), _ ("Last Year"), _ ("Twelve Months"), _ ("Everything"), NULL };
  g_autoptr (GtkStringList) periods = gtk_string_list_new (words);

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->period_row, G_LIST_MODEL (periods));
  gtk_widget_set_visible (self->ageing_group, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->entries_group), FALSE);
}

static void
add_currency (CobroStatementDialog *self, GtkStringList *words, CobroCurrency currency)
{
  for (guint i = 0; i < self->currencies->len; i++)
    if (g_array_index (self->currencies, CobroCurrency, i) == currency)
      return;
  if (currency == COBRO_CURRENCY_NONE)
    return;
  g_array_append_val (self->currencies, currency);
  gtk_string_list_append (words, cobro_currency_code (currency));
}

CobroStatementDialog *
cobro_statement_dialog_new (GtkWindow *parent, CobroCustomers *customers, CobroBusiness *business,
                            CobroCustomerItem *item)
{
  CobroStatementDialog *self = g_object_new (COBRO_TYPE_STATEMENT_DIALOG, "transient-for", parent, NULL);
  GArray *sums = cobro_customer_item_get_sums (item);
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);

  self->customers = g_object_ref (customers);
  self->business = g_object_ref (business);
  self->currencies = g_array_new (FALSE, FALSE, sizeof (CobroCurrency));
  for (guint i = 0; i < sums->len; i++)
    add_currency (self, words, cobro_money_currency (g_array_index (sums, CobroCustomerSum, i).open));
  add_currency (self, words, cobro_business_get_currency (business));
  if (self->currencies->len == 0)
    add_currency (self, words, cobro_view_default_currency ());
  adw_combo_row_set_model (self->currency_row, G_LIST_MODEL (words));
  gtk_widget_set_visible (GTK_WIDGET (self->currency_row), self->currencies->len > 1);
  self->customer = cobro_customer_copy (cobro_customer_item_get_customer (item));
  adw_window_title_set_subtitle (self->window_title, self->customer->party.name);
  on_chosen_cb (self);
  return self;
}
