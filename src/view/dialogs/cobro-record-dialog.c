/* src/view/dialogs/cobro-record-dialog.c — money came another way.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-record-dialog.h"

#include <glib/gi18n.h>
#include "cobro-day-row.h"
#include "cobro-dialogs.h"
#include "cobro-money-row.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroRecordDialog
{
  AdwWindow parent_instance;
  GtkWidget *record_button;
  CobroMoneyRow *amount_row;
  AdwComboRow *how_row;
  CobroDayRow *day_row;
  GtkEditable *note_row;
  GtkLabel *hint_label;
  GtkLabel *problem_label;
  CobroInvoices *invoices;
  CobroInvoiceItem *item;
  CobroMoney credit; /* what the customer overpaid before; unset: nothing, or not known */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroRecordDialog, cobro_record_dialog, ADW_TYPE_WINDOW)

enum
{
  RECORDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* In the order of the row; the customer's credit comes last, where there is any. */
static const struct
{
  CobroRecordHow how;
  const char *word;
} ways[] = {
  { COBRO_RECORD_BANK, N_ ("Bank transfer") },
  { COBRO_RECORD_CASH, N_ ("Cash") },
  { COBRO_RECORD_CHEQUE, N_ ("Cheque") },
  { COBRO_RECORD_OTHER, N_ ("Another way") },
  { COBRO_RECORD_CREDIT, N_ ("The customer's credit") },
};

static CobroRecordHow
chosen_way (CobroRecordDialog *self)
{
  return ways[MIN (adw_combo_row_get_selected (self->how_row), G_N_ELEMENTS (ways) - 1)].how;
}

static void
show_ways (CobroRecordDialog *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = adw_combo_row_get_selected (self->how_row);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (ways[i].how != COBRO_RECORD_CREDIT || cobro_money_is_set (self->credit))
      gtk_string_list_append (model, _ (ways[i].word));
  adw_combo_row_set_model (self->how_row, G_LIST_MODEL (model));
  if (selected != GTK_INVALID_LIST_POSITION)
    adw_combo_row_set_selected (self->how_row, selected);
}

static void
show_problem (CobroRecordDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *text != '\0');
}

/* What the amount means: a part, everything, or more than that. */
static void
show_hint (CobroRecordDialog *self, CobroMoney amount)
{
  CobroMoney due = cobro_invoice_item_get_view (self->item).due;
  CobroMoney left = COBRO_MONEY_NONE;
  g_autofree char *credit = cobro_money_text (self->credit, cobro_view_locale ());
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  if (chosen_way (self) == COBRO_RECORD_CREDIT)
    /* Translators: %s is an amount of money. */
    text = g_strdup_printf (_ ("%s of earlier payments is the customer's to use."), credit);
  else if (!cobro_money_is_set (amount) || !cobro_money_subtract (due, amount, &left, NULL))
    text = g_strdup ("");
  else if (cobro_money_is_zero (left))
    text = g_strdup (_ ("It is paid in full with that."));
  else if (cobro_money_is_positive (left))
    {
      rest = cobro_money_text (left, cobro_view_locale ());
      text = g_strdup_printf (_ ("%s stays open."), rest);
    }
  else if (cobro_money_negate (left, &left, NULL))
    {
      rest = cobro_money_text (left, cobro_view_locale ());
      text = g_strdup_printf (_ ("That is %s more than is due; it becomes the customer's credit."), rest);
    }
  gtk_label_set_text (self->hint_label, text ? text : "");
}

static void
update (CobroRecordDialog *self)
{
  CobroMoney amount = COBRO_MONEY_NONE;
  gboolean good = cobro_money_row_get_money (self->amount_row, &amount) && cobro_money_is_positive (amount);
  gboolean too_much = good && chosen_way (self) == COBRO_RECORD_CREDIT && cobro_money_is_set (self->credit) &&
                      cobro_money_compare (amount, self->credit) > 0;

  show_problem (self,
                too_much ? _ ("The customer has not so much credit.") : cobro_money_row_get_problem (self->amount_row));
  show_hint (self, good ? amount : COBRO_MONEY_NONE);
  gtk_widget_set_sensitive (self->record_button, good && !too_much && !self->busy);
}

static void
on_changed_cb (CobroRecordDialog *self)
{
  if (self->item)
    update (self);
}

/* ── The customer's credit ── */

static void
on_customer_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRecordDialog) self = user_data;
  g_autoptr (CobroCustomerRecord) record = cobro_invoices_load_customer_finish (COBRO_INVOICES (source), result, NULL);

  if (!record || !self->item)
    return;

  for (guint i = 0; i < record->sums->len; i++)
    {
      CobroMoney credit = g_array_index (record->sums, CobroCustomerSum, i).credit;

      if (cobro_money_is_set (credit) && cobro_money_is_positive (credit) &&
          cobro_money_currency (credit) == cobro_invoice_item_get_invoice (self->item)->currency)
        self->credit = credit;
    }
  show_ways (self);
  update (self);
}

/* ── Recording ── */

static void
on_recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRecordDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  g_autofree char *sentence = NULL;

  if (!self->item) /* closed meanwhile */
    return;
  if (item)
    {
      g_signal_emit (self, signals[RECORDED], 0, item);
      return cobro_dialogs_close (GTK_WINDOW (self));
    }

  self->busy = FALSE;
  update (self);
  sentence = cobro_view_error (error);
  show_problem (self, sentence);
}

static void
write_date (CobroRecordDialog *self, char out_date[COBRO_DATE_SIZE])
{
  CobroTime time = cobro_day_row_get_time (self->day_row);
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / COBRO_SECOND);

  if (time == 0)
    cobro_day_to_text (cobro_invoices_get_today (self->invoices), out_date);
  else
    cobro_day_to_text (cobro_day_from_parts (g_date_time_get_year (local), g_date_time_get_month (local),
                                             g_date_time_get_day_of_month (local)),
                       out_date);
}

static void
on_record_clicked_cb (CobroRecordDialog *self)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (self->note_row)));

  if (self->busy || !cobro_money_row_get_money (self->amount_row, &record->amount))
    return;

  self->busy = TRUE;
  record->link_id = cobro_invoice_link_id (&cobro_invoice_item_get_invoice (self->item)->id);
  record->how = chosen_way (self);
  write_date (self, record->date);
  cobro_link_set_text (&record->note, note);
  update (self);
  cobro_invoices_record_async (self->invoices, record, NULL, on_recorded_cb, g_object_ref (self));
}

/* ── The object ── */

static void
cobro_record_dialog_dispose (GObject *object)
{
  CobroRecordDialog *self = COBRO_RECORD_DIALOG (object);

  g_clear_object (&self->item);
  g_clear_object (&self->invoices);
  G_OBJECT_CLASS (cobro_record_dialog_parent_class)->dispose (object);
}

static void
cobro_record_dialog_class_init (CobroRecordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  g_type_ensure (COBRO_TYPE_DAY_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_record_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-record-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, record_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, amount_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, how_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, day_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, note_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRecordDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_record_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  signals[RECORDED] = g_signal_new ("recorded", COBRO_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, COBRO_TYPE_INVOICE_ITEM);
}

static void
cobro_record_dialog_init (CobroRecordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

CobroRecordDialog *
cobro_record_dialog_new (GtkWindow *parent, CobroInvoices *invoices, CobroInvoiceItem *item)
{
  CobroRecordDialog *self = g_object_new (COBRO_TYPE_RECORD_DIALOG, "transient-for", parent, NULL);
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  CobroMoney due = cobro_invoice_item_get_view (item).due;

  self->invoices = g_object_ref (invoices);
  cobro_money_row_set_currency (self->amount_row, invoice->currency);
  cobro_money_row_set_currency_fixed (self->amount_row, TRUE);
  if (cobro_money_is_set (due) && cobro_money_is_positive (due))
    cobro_money_row_set_money (self->amount_row, due);
  self->item = g_object_ref (item);
  show_ways (self);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->amount_row));
  if (cobro_id_is_set (&invoice->customer_id))
    cobro_invoices_load_customer_async (invoices, &invoice->customer_id, NULL, on_customer_loaded_cb,
                                        g_object_ref (self));
  return self;
}
