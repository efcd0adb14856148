/* src/view/dialogs/cobro-counter-window.c — for the customer on the other side of the counter.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-counter-window.h"

#include <glib/gi18n.h>
#include "cobro-hidden.h"
#include "cobro-qr-view.h"
#include "cobro-view-text.h"

struct _CobroCounterWindow
{
  AdwWindow parent_instance;
  GtkLabel *business_label;
  GtkLabel *amount_label;
  GtkLabel *title_label;
  GtkLabel *status_label;
  GtkStack *stack;
  CobroQrView *qr_view;
  CobroLinkItem *item;
  gint64 uses; /* payments when the window opened: one more is "Paid" on a link for many */
};

G_DEFINE_FINAL_TYPE (CobroCounterWindow, cobro_counter_window, ADW_TYPE_WINDOW)

static gboolean
is_paid (CobroCounterWindow *self)
{
  CobroPaidStatus paid = cobro_link_item_get_view (self->item).paid_status;

  if (cobro_link_item_get_link (self->item)->usage != COBRO_USAGE_SINGLE)
    return cobro_link_item_get_tally (self->item)->uses > self->uses;
  return paid == COBRO_PAID_PAID || paid == COBRO_PAID_OVERPAID;
}

static const char *
status_words (CobroCounterWindow *self, gboolean paid)
{
  if (paid)
    return _ ("Thank you!");
  if (cobro_link_item_get_view (self->item).paid_status == COBRO_PAID_PROCESSING)
    return _ ("Your payment is on its way…");
  if (cobro_link_item_get_view (self->item).can_pay && cobro_link_item_get_ever_live (self->item))
    return _ ("Scan with your phone's camera");
  return cobro_view_status (self->item).word;
}

static void
update (CobroCounterWindow *self)
{
  const CobroLink *link = cobro_link_item_get_link (self->item);
  g_autofree char *amount = cobro_view_amount (link);
  gboolean paid = is_paid (self);

  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->title_label, link->title);
  gtk_label_set_text (self->status_label, status_words (self, paid));
  cobro_qr_view_set_text (self->qr_view, cobro_link_item_get_url (self->item));
  gtk_stack_set_visible_child_name (self->stack, paid ? "paid" : "scan");
}

static void
cobro_counter_window_dispose (GObject *object)
{
  CobroCounterWindow *self = COBRO_COUNTER_WINDOW (object);

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (cobro_counter_window_parent_class)->dispose (object);
}

static void
cobro_counter_window_class_init (CobroCounterWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_QR_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cobro_counter_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-counter-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, business_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, qr_view);
}

static void
cobro_counter_window_init (CobroCounterWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
}

CobroCounterWindow *
cobro_counter_window_new (GtkWindow *parent, CobroBusiness *business, CobroLinkItem *item)
{
  CobroCounterWindow *self = g_object_new (COBRO_TYPE_COUNTER_WINDOW, "transient-for", parent, NULL);
  const char *name = cobro_business_get_merchant (business)->name;

  self->item = g_object_ref (item);
  self->uses = cobro_link_item_get_tally (item)->uses;
  gtk_label_set_text (self->business_label, name);
  gtk_widget_set_visible (GTK_WIDGET (self->business_label), *name != '\0');
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
  return self;
}
