/* src/view/dialogs/cobro-refund-dialog.c — money is given back.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-refund-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-money-row.h"
#include "cobro-money-text.h"
#include "cobro-provider-text.h"
#include "cobro-status-label.h"

#define REASON_MAX 500

struct _CobroRefundDialog
{
  AdwWindow parent_instance;
  GtkButton *close_button;
  GtkWidget *refund_button;
  GtkSpinner *spinner;
  GtkWidget *form_group;
  CobroMoneyRow *amount_row;
  GtkEditable *reason_row;
  AdwActionRow *credit_row;
  GtkSwitch *credit_switch;
  GtkLabel *hint_label;
  GtkLabel *problem_label;
  GtkWidget *answer_box;
  CobroStatusLabel *answer_status;
  GtkLabel *answer_amount;
  GtkLabel *answer_label;
  CobroRefunds *refunds;
  CobroInvoices *invoices;
  CobroInvoiceItem *invoice; /* (nullable) what the payment was for */
  CobroRefundOrder *order;   /* the one that this dialog gives */
  CobroMoney rest;
  char *provider; /* its name, as people know it */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroRefundDialog, cobro_refund_dialog, ADW_TYPE_WINDOW)

static void
show_problem (CobroRefundDialog *self, const char *text)
{
  gboolean visible = *text != '\0';

  gtk_label_set_text (self->problem_label, text);
  if (gtk_widget_get_visible (GTK_WIDGET (self->problem_label)) == visible)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), visible);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

/* (transfer full) what is wrong with the form; "" for nothing. */
static char *
check (CobroRefundDialog *self, CobroMoney *out_amount)
{
  g_autofree char *rest = cobro_money_text (self->rest, cobro_view_locale ());

  if (g_utf8_strlen (gtk_editable_get_text (self->reason_row), -1) > REASON_MAX)
    return g_strdup (_ ("The reason is too long."));
  if (!cobro_money_row_get_money (self->amount_row, out_amount))
    return g_strdup (cobro_money_row_get_problem (self->amount_row));
  if (cobro_money_minor (*out_amount) <= 0)
    return g_strdup (_ ("The amount must be above zero."));
  if (cobro_money_compare (*out_amount, self->rest) > 0)
    /* Translators: %s is an amount of money. */
    return g_strdup_printf (_ ("That is more than is left of this payment: %s."), rest);
  return g_strdup ("");
}

static void
update (CobroRefundDialog *self)
{
  CobroMoney amount;
  g_autofree char *problem = check (self, &amount);
  gboolean empty = cobro_money_row_get_is_empty (self->amount_row);

  show_problem (self, problem);
  gtk_widget_set_sensitive (self->refund_button, !*problem && !empty && !self->busy);
  gtk_widget_set_sensitive (self->form_group, !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
}

static void
on_changed_cb (CobroRefundDialog *self)
{
  if (self->order)
    update (self);
}

/* ── The answer ── */

static void
show_answer (CobroRefundDialog *self, CobroViewStatus status, const char *sentence)
{
  g_autofree char *amount = cobro_money_text (self->order->amount, cobro_view_locale ());

  gtk_widget_set_visible (self->form_group, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), FALSE);
  gtk_widget_set_visible (self->refund_button, FALSE);
  gtk_button_set_label (self->close_button, _ ("_Close"));
  cobro_status_label_set_status (self->answer_status, status);
  gtk_label_set_text (self->answer_amount, amount);
  gtk_label_set_text (self->answer_label, sentence);
  gtk_widget_set_visible (self->answer_box, TRUE);
  cobro_dialogs_fit (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->close_button));
}

static void
show_outcome (CobroRefundDialog *self, const CobroRefundOutcome *outcome)
{
  g_autofree char *sentence = outcome->refund ? cobro_view_refund_answer (outcome->refund, self->provider)
                                              : cobro_view_order_answer (outcome->state, outcome->problem);

  show_answer (
    self,
    outcome->refund ? cobro_view_refund_status (outcome->refund->state) : cobro_view_order_status (outcome->state),
    sentence);
}

/* ── The credit note that goes with it ── */

/* What becomes of it: issued with the relay's answer, or as soon as there is one; not for what was refused or failed.
 */
static const char *
note_sentence (CobroRefundDialog *self, const CobroRefundOutcome *outcome)
{
  if (!cobro_id_is_set (&self->order->credit_id) || outcome->state == COBRO_REFUND_ORDER_REFUSED ||
      (outcome->refund && outcome->refund->state == COBRO_REFUND_FAILED))
    return NULL;
  if (outcome->noted)
    return _ ("The credit note was issued with it.");
  if (outcome->state == COBRO_REFUND_ORDER_ANSWERED)
    return _ ("The credit note could not be issued: the invoice's page says why.");
  return _ ("The credit note is issued as soon as the refund is given.");
}

static void
show_note (CobroRefundDialog *self, const CobroRefundOutcome *outcome)
{
  const char *sentence = note_sentence (self, outcome);
  g_autofree char *text =
    sentence ? g_strdup_printf ("%s\n%s", gtk_label_get_text (self->answer_label), sentence) : NULL;

  if (text)
    gtk_label_set_text (self->answer_label, text);
}

static void
on_invoice_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRefundDialog) self = user_data;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, NULL);

  if (!item || !self->order || cobro_invoice_item_get_invoice (item)->decision == COBRO_INVOICE_VOID)
    return;

  self->invoice = g_object_ref (item);
  adw_action_row_set_subtitle (self->credit_row, cobro_invoice_item_get_invoice (item)->number);
  gtk_widget_set_visible (GTK_WIDGET (self->credit_row), TRUE);
}

void
cobro_refund_dialog_set_invoices (CobroRefundDialog *self, CobroInvoices *invoices)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_REFUND_DIALOG (self));
  g_return_if_fail (self->invoices == NULL);

  self->invoices = g_object_ref (invoices);
  id = cobro_invoice_id_of_link (&self->order->link_id);
  cobro_invoices_load_async (invoices, id.text, NULL, on_invoice_loaded_cb, g_object_ref (self));
}

static void
on_given_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRefundDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRefundOutcome) outcome = cobro_refunds_give_finish (COBRO_REFUNDS (source), result, &error);
  g_autofree char *sentence = NULL;

  if (!self->order) /* closed meanwhile: the payment's page shows it */
    return;
  self->busy = FALSE;
  update (self);
  if (outcome)
    {
      show_outcome (self, outcome);
      return show_note (self, outcome);
    }
  sentence = cobro_view_error (error);
  show_problem (self, sentence);
  gtk_widget_grab_focus (GTK_WIDGET (self->amount_row));
}

static void
on_refund_clicked_cb (CobroRefundDialog *self)
{
  CobroMoney amount;
  g_autofree char *problem = check (self, &amount);

  if (self->busy || *problem)
    return;
  self->busy = TRUE;
  self->order->amount = amount;
  g_free (self->order->reason);
  self->order->reason = g_strstrip (g_strdup (gtk_editable_get_text (self->reason_row)));
  self->order->credit_id = self->invoice && gtk_switch_get_active (self->credit_switch)
                             ? cobro_invoice_item_get_invoice (self->invoice)->id
                             : COBRO_ID_NONE;
  update (self);
  cobro_refunds_give_async (self->refunds, self->order, NULL, on_given_cb, g_object_ref (self));
}

/* ── The object ── */

static void
cobro_refund_dialog_dispose (GObject *object)
{
  CobroRefundDialog *self = COBRO_REFUND_DIALOG (object);

  g_clear_pointer (&self->order, cobro_refund_order_free);
  g_clear_object (&self->refunds);
  g_clear_object (&self->invoices);
  g_clear_object (&self->invoice);
  G_OBJECT_CLASS (cobro_refund_dialog_parent_class)->dispose (object);
}

static void
cobro_refund_dialog_finalize (GObject *object)
{
  g_free (COBRO_REFUND_DIALOG (object)->provider);
  G_OBJECT_CLASS (cobro_refund_dialog_parent_class)->finalize (object);
}

static void
cobro_refund_dialog_class_init (CobroRefundDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  G_OBJECT_CLASS (klass)->dispose = cobro_refund_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_refund_dialog_finalize;
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-refund-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, refund_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, form_group);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, amount_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, credit_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, credit_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, answer_box);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, answer_status);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, answer_amount);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundDialog, answer_label);
  gtk_widget_class_bind_template_callback (widget_class, on_refund_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
cobro_refund_dialog_init (CobroRefundDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

static void
show_hint (CobroRefundDialog *self, gboolean livemode)
{
  g_autofree char *rest = cobro_money_text (self->rest, cobro_view_locale ());
  /* Translators: %s is an amount of money. */
  g_autofree char *left = g_strdup_printf (_ ("%s is left of this payment. Giving back cannot be undone."), rest);
  g_autofree char *text =
    cobro_refunds_can_ask (self->refunds)
      ? g_strdup (left)
      : g_strdup_printf ("%s\n%s", left,
                         _ ("The relay cannot be reached now: the refund waits here until it can, and you can take it "
                            "back until then."));
  g_autofree char *marked = livemode ? g_strdup (text) : g_strdup_printf ("%s · %s", _ ("TEST"), text);

  gtk_label_set_text (self->hint_label, marked);
}

CobroRefundDialog *
cobro_refund_dialog_new (GtkWindow *parent, CobroRefunds *refunds, const CobroPaymentDetail *detail)
{
  CobroRefundDialog *self = g_object_new (COBRO_TYPE_REFUND_DIALOG, "transient-for", parent, NULL);
  CobroRefundOrder *order = cobro_refund_order_new ();

  self->refunds = g_object_ref (refunds);
  self->rest = detail->rest;
  self->provider = g_strdup (cobro_view_gateway_name (detail->payment->gateway));
  order->id = cobro_refunds_new_id (refunds);
  order->payment_id = detail->payment->id;
  order->link_id = detail->payment->link_id;
  cobro_money_row_set_currency (self->amount_row, cobro_money_currency (detail->rest));
  cobro_money_row_set_currency_fixed (self->amount_row, TRUE);
  cobro_money_row_set_money (self->amount_row, detail->rest);
  self->order = order;
  show_hint (self, detail->payment->livemode);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->amount_row));
  return self;
}
