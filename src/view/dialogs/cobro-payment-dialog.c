/* src/view/dialogs/cobro-payment-dialog.c — one payment.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-payment-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-payment-watch.h"
#include "cobro-provider-text.h"
#include "cobro-refund-dialog.h"
#include "cobro-refund-row.h"
#include "cobro-status-label.h"

struct _CobroPaymentDialog
{
  AdwWindow parent_instance;
  GtkWidget *refund_button;
  GtkLabel *amount_label;
  CobroStatusLabel *status_label;
  GtkLabel *rest_label;
  AdwActionRow *when_row;
  AdwActionRow *payer_row;
  AdwActionRow *way_row;
  AdwActionRow *provider_row;
  AdwActionRow *failure_row;
  GtkWidget *refunds_group;
  GtkListBox *refunds_list;
  CobroPaymentWatch *watch;
  CobroRefunds *refunds;
  CobroInvoices *invoices;
};

G_DEFINE_FINAL_TYPE (CobroPaymentDialog, cobro_payment_dialog, ADW_TYPE_WINDOW)

static void
show_row (AdwActionRow *row, const char *text)
{
  adw_action_row_set_subtitle (row, text);
  gtk_widget_set_visible (GTK_WIDGET (row), *text != '\0');
}

static void
show_payment (CobroPaymentDialog *self, const CobroPayment *payment)
{
  gboolean captured = cobro_money_is_set (payment->received);
  g_autofree char *amount = cobro_money_text (captured ? payment->received : payment->amount, cobro_view_locale ());
  g_autofree char *marked = payment->livemode ? g_strdup (amount) : g_strdup_printf ("%s · %s", amount, _ ("TEST"));
  g_autofree char *when = cobro_date_time_text (payment->created_at, cobro_view_locale ());
  g_autofree char *payer = *payment->payer_name && *payment->payer_email
                             ? g_strdup_printf ("%s · %s", payment->payer_name, payment->payer_email)
                             : g_strdup (*payment->payer_name ? payment->payer_name : payment->payer_email);
  const char *name = cobro_view_gateway_name (payment->gateway);
  g_autofree char *provider =
    *payment->provider_payment_id ? g_strdup_printf ("%s · %s", name, payment->provider_payment_id) : g_strdup (name);

  gtk_label_set_text (self->amount_label, marked);
  cobro_status_label_set_status (self->status_label, cobro_view_payment_status (payment->state));
  show_row (self->when_row, when);
  show_row (self->payer_row, payer);
  show_row (self->way_row, payment->method_detail);
  show_row (self->provider_row, provider);
  show_row (self->failure_row, payment->state == COBRO_PAYMENT_SUCCEEDED ? "" : payment->failure_message);
}

static void
on_dropped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroPaymentDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (cobro_refunds_drop_finish (COBRO_REFUNDS (source), result, &error) || !self->watch ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = cobro_view_error (error);
  cobro_dialogs_tell (GTK_WINDOW (self), _ ("It Cannot Be Taken Back"), sentence);
}

static void
on_drop_cb (CobroPaymentDialog *self, const char *id)
{
  CobroId order_id;

  if (cobro_id_parse (COBRO_ID_OPERATION, id, &order_id, NULL))
    cobro_refunds_drop_async (self->refunds, &order_id, on_dropped_cb, g_object_ref (self));
}

static void
show_refunds (CobroPaymentDialog *self, const CobroPaymentDetail *detail)
{
  GtkWidget *child;
  const char *provider = cobro_view_gateway_name (detail->payment->gateway);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->refunds_list))))
    gtk_list_box_remove (self->refunds_list, child);
  for (guint i = 0; i < detail->orders->len; i++)
    {
      GtkWidget *row = cobro_refund_row_new_for_order (detail->orders->pdata[i]);

      g_signal_connect_object (row, "drop", G_CALLBACK (on_drop_cb), self, G_CONNECT_SWAPPED);
      gtk_list_box_append (self->refunds_list, row);
    }
  for (guint i = 0; i < detail->refunds->len; i++)
    gtk_list_box_append (self->refunds_list, cobro_refund_row_new (detail->refunds->pdata[i], provider));
  gtk_widget_set_visible (self->refunds_group, detail->orders->len + detail->refunds->len > 0);
}

static gboolean
can_refund (const CobroPaymentDetail *detail)
{
  return detail->payment->state == COBRO_PAYMENT_SUCCEEDED && cobro_money_is_set (detail->rest) &&
         cobro_money_minor (detail->rest) > 0;
}

static void
update (CobroPaymentDialog *self)
{
  const CobroPaymentDetail *detail = cobro_payment_watch_get_detail (self->watch);
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  if (!detail)
    return;
  show_payment (self, detail->payment);
  show_refunds (self, detail);
  if (detail->orders->len + detail->refunds->len > 0 && cobro_money_is_set (detail->rest))
    {
      rest = cobro_money_text (detail->rest, cobro_view_locale ());
      /* Translators: %s is an amount of money. */
      text = g_strdup_printf (_ ("%s is left after refunds"), rest);
    }
  gtk_label_set_text (self->rest_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->rest_label), text != NULL);
  gtk_widget_set_sensitive (self->refund_button, can_refund (detail));
}

static void
on_refund_clicked_cb (CobroPaymentDialog *self)
{
  const CobroPaymentDetail *detail = cobro_payment_watch_get_detail (self->watch);
  CobroRefundDialog *dialog;

  if (!detail || !can_refund (detail))
    return;

  dialog = cobro_refund_dialog_new (GTK_WINDOW (self), self->refunds, detail);
  cobro_refund_dialog_set_invoices (dialog, self->invoices);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
cobro_payment_dialog_dispose (GObject *object)
{
  CobroPaymentDialog *self = COBRO_PAYMENT_DIALOG (object);

  if (self->watch)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);
  g_clear_object (&self->refunds);
  g_clear_object (&self->invoices);
  G_OBJECT_CLASS (cobro_payment_dialog_parent_class)->dispose (object);
}

static void
cobro_payment_dialog_class_init (CobroPaymentDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  G_OBJECT_CLASS (klass)->dispose = cobro_payment_dialog_dispose;
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-payment-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, refund_button);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, rest_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, when_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, payer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, way_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, provider_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, failure_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, refunds_group);
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentDialog, refunds_list);
  gtk_widget_class_bind_template_callback (widget_class, on_refund_clicked_cb);
}

static void
cobro_payment_dialog_init (CobroPaymentDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroPaymentDialog *
cobro_payment_dialog_new (GtkWindow *parent, CobroLinks *links, CobroRefunds *refunds, CobroInvoices *invoices,
                          const CobroId *payment_id)
{
  CobroPaymentDialog *self = g_object_new (COBRO_TYPE_PAYMENT_DIALOG, "transient-for", parent, NULL);

  self->refunds = g_object_ref (refunds);
  self->invoices = g_object_ref (invoices);
  self->watch = cobro_payment_watch_new (links, payment_id);
  g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (update), self);
  return self;
}
