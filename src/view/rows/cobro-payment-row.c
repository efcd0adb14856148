/* src/view/rows/cobro-payment-row.c — one payment of a link.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-payment-row.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-status-label.h"

struct _CobroPaymentRow
{
  AdwActionRow parent_instance;
  CobroStatusLabel *status_label;
};

G_DEFINE_FINAL_TYPE (CobroPaymentRow, cobro_payment_row, ADW_TYPE_ACTION_ROW)

static void
cobro_payment_row_class_init (CobroPaymentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-payment-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPaymentRow, status_label);
}

static void
cobro_payment_row_init (CobroPaymentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
append_part (GString *text, const char *part)
{
  if (part && *part)
    g_string_append_printf (text, "%s%s", text->len ? " · " : "", part);
}

/* What a customer cannot have paid with is marked at every place where it shows. */
static char *
describe (const CobroPayment *payment)
{
  GString *text = g_string_new (NULL);
  g_autofree char *when = cobro_date_time_text (payment->created_at, cobro_view_locale ());

  if (!payment->livemode)
    append_part (text, _ ("TEST"));
  append_part (text, when);
  append_part (text, payment->method_detail);
  append_part (text, *payment->payer_name ? payment->payer_name : payment->payer_email);
  append_part (text, payment->failure_message);
  return g_string_free (text, FALSE);
}

GtkWidget *
cobro_payment_row_new (CobroPaymentItem *item)
{
  CobroPaymentRow *self = g_object_new (COBRO_TYPE_PAYMENT_ROW, NULL);
  const CobroPayment *payment = cobro_payment_item_get_payment (item);
  gboolean captured = cobro_money_is_set (payment->received);
  g_autofree char *amount = cobro_money_text (captured ? payment->received : payment->amount, cobro_view_locale ());
  g_autofree char *detail = describe (payment);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), amount);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  cobro_status_label_set_status (self->status_label, cobro_view_payment_status (payment->state));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", payment->id.text);
  return GTK_WIDGET (self);
}
