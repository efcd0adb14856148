/* src/view/rows/cobro-refund-row.c — money on its way back.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-refund-row.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-provider-text.h"

struct _CobroRefundRow
{
  AdwActionRow parent_instance;
  GtkImage *status_icon;
  GtkButton *drop_button;
  CobroId order_id;
};

G_DEFINE_FINAL_TYPE (CobroRefundRow, cobro_refund_row, ADW_TYPE_ACTION_ROW)

enum
{
  DROP,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_drop_clicked_cb (CobroRefundRow *self)
{
  g_signal_emit (self, signals[DROP], 0, self->order_id.text);
}

static void
cobro_refund_row_class_init (CobroRefundRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[DROP] =
    g_signal_new ("drop", COBRO_TYPE_REFUND_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-refund-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRefundRow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, CobroRefundRow, drop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_drop_clicked_cb);
}

static void
cobro_refund_row_init (CobroRefundRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show (CobroRefundRow *self, CobroViewStatus status, CobroMoney amount, CobroTime when, const char *reason,
      const char *answer)
{
  g_autofree char *money = cobro_money_text (amount, cobro_view_locale ());
  g_autofree char *title = g_strdup_printf ("%s · %s", money, status.word);
  g_autofree char *time = cobro_date_time_text (when, cobro_view_locale ());
  g_autofree char *detail =
    *reason ? g_strdup_printf ("%s · %s\n%s", time, reason, answer) : g_strdup_printf ("%s\n%s", time, answer);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  gtk_image_set_from_icon_name (self->status_icon, status.icon);
  gtk_widget_add_css_class (GTK_WIDGET (self->status_icon), status.tone);
}

GtkWidget *
cobro_refund_row_new (const CobroRefund *refund, const char *provider)
{
  CobroRefundRow *self = g_object_new (COBRO_TYPE_REFUND_ROW, NULL);
  g_autofree char *answer = cobro_view_refund_answer (refund, provider);

  show (self, cobro_view_refund_status (refund->state), refund->amount, refund->created_at, refund->reason, answer);
  return GTK_WIDGET (self);
}

GtkWidget *
cobro_refund_row_new_for_order (const CobroRefundOrder *order)
{
  CobroRefundRow *self = g_object_new (COBRO_TYPE_REFUND_ROW, NULL);
  g_autofree char *answer = cobro_view_order_answer (order->state, order->problem);
  gboolean waiting = order->state == COBRO_REFUND_ORDER_WAITING;

  self->order_id = order->id;
  show (self, cobro_view_order_status (order->state), order->amount, order->created_at, order->reason, answer);
  gtk_button_set_label (self->drop_button, waiting ? _ ("_Take Back") : _ ("_Dismiss"));
  gtk_widget_set_visible (GTK_WIDGET (self->drop_button), waiting || order->state == COBRO_REFUND_ORDER_REFUSED ||
                                                            order->state == COBRO_REFUND_ORDER_UNCLEAR);
  return GTK_WIDGET (self);
}
