/* src/view/dialogs/cobro-counter-window.c — for the customer on the other side of the counter.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-counter-window.h"

#include <glib/gi18n.h>
#include "cobro-chime.h"
#include "cobro-hidden.h"
#include "cobro-money-row.h"
#include "cobro-qr-view.h"
#include "cobro-view-text.h"

struct _CobroCounterWindow
{
  AdwWindow parent_instance;
  GtkStack *stack; /* "sale", "next" */
  GtkLabel *business_label;
  GtkLabel *amount_label;
  GtkLabel *title_label;
  GtkLabel *status_label;
  GtkStack *state_stack; /* of the sale: "scan", "paid", "closed" */
  CobroQrView *qr_view;
  GtkImage *closed_image;
  GtkLabel *closed_label;
  CobroMoneyRow *amount_row;
  AdwEntryRow *title_row;
  GtkLabel *problem_label;
  GtkWidget *done_button;
  CobroLinks *links;
  CobroLinkItem *item;    /* (nullable) before the first sale */
  CobroCurrency currency; /* of the first sale */
  gint64 uses;            /* payments when the sale began: one more is "Paid" on a link for many */
  gboolean sound;
  gboolean heard;
  gboolean busy;
  GtkMediaStream *chime;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroCounterWindow, cobro_counter_window, ADW_TYPE_WINDOW)

/* ── The sale ── */

static gboolean
is_paid (CobroCounterWindow *self)
{
  CobroPaidStatus paid = cobro_link_item_get_view (self->item).paid_status;

  if (cobro_link_item_get_link (self->item)->usage != COBRO_USAGE_SINGLE)
    return cobro_link_item_get_tally (self->item)->uses > self->uses;
  return paid == COBRO_PAID_PAID || paid == COBRO_PAID_OVERPAID;
}

static gboolean
is_declined (CobroCounterWindow *self)
{
  const CobroLinkTally *tally = cobro_link_item_get_tally (self->item);

  return tally->last_failed && tally->open_attempts == 0;
}

static gboolean
is_closed (CobroCounterWindow *self)
{
  CobroLinkView view = cobro_link_item_get_view (self->item);

  return !view.can_pay && view.paid_status != COBRO_PAID_PROCESSING;
}

static const char *
status_words (CobroCounterWindow *self, const char *state)
{
  CobroLinkView view = cobro_link_item_get_view (self->item);

  if (g_str_equal (state, "paid"))
    return _ ("Thank you!");
  if (g_str_equal (state, "closed"))
    return _ ("This code cannot be paid now");
  if (view.paid_status == COBRO_PAID_PROCESSING)
    return _ ("Your payment is on its way…");
  if (is_declined (self))
    return _ ("The payment was declined. Nothing was charged. Scan again to pay another way.");
  if (view.paid_status == COBRO_PAID_PARTIALLY)
    return _ ("A part has arrived. Scan again to pay the rest.");
  if (cobro_link_item_get_ever_live (self->item))
    return _ ("Scan with your phone's camera");
  return cobro_view_status (self->item).word;
}

static void
set_tone (GtkWidget *widget, const char *tone, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, tone);
  else
    gtk_widget_remove_css_class (widget, tone);
}

/* Once per sale, and not for one that was paid before it was shown. */
static void
chime (CobroCounterWindow *self, gboolean paid)
{
  if (paid && !self->heard && self->sound)
    {
      g_clear_object (&self->chime);
      self->chime = cobro_chime_play (GTK_WIDGET (self));
    }
  self->heard = paid;
}

static void
update (CobroCounterWindow *self)
{
  const CobroLink *link = cobro_link_item_get_link (self->item);
  CobroViewStatus status = cobro_view_status (self->item);
  g_autofree char *amount = cobro_view_amount (link);
  const char *state = is_paid (self) ? "paid" : is_closed (self) ? "closed" : "scan";

  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->title_label, link->title);
  gtk_label_set_text (self->status_label, status_words (self, state));
  gtk_label_set_text (self->closed_label, status.word);
  gtk_image_set_from_icon_name (self->closed_image, status.icon);
  set_tone (GTK_WIDGET (self->status_label), "error", g_str_equal (state, "scan") && is_declined (self));
  cobro_qr_view_set_text (self->qr_view, cobro_link_item_get_url (self->item));
  gtk_stack_set_visible_child_name (self->state_stack, state);
  chime (self, g_str_equal (state, "paid"));
}

static void
let_go (CobroCounterWindow *self)
{
  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
}

static void
set_item (CobroCounterWindow *self, CobroLinkItem *item)
{
  g_object_ref (item);
  let_go (self);
  self->item = item;
  self->uses = cobro_link_item_get_tally (item)->uses;
  self->heard = TRUE; /* what was paid before is not news */
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
}

/* ── The next sale ── */

static gboolean
is_complete (CobroCounterWindow *self)
{
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->title_row))));
  CobroMoney amount;

  return !self->busy && *title && cobro_money_row_get_money (self->amount_row, &amount) &&
         cobro_money_is_positive (amount);
}

static void
on_next_changed_cb (CobroCounterWindow *self)
{
  gtk_widget_set_sensitive (self->done_button, is_complete (self));
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
}

static void
next_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroCounterWindow *self = COBRO_COUNTER_WINDOW (widget);
  const CobroLink *link = self->item ? cobro_link_item_get_link (self->item) : NULL;

  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "next"))
    return;

  /* A shop sells the same sort of thing again; only the amount differs. */
  cobro_money_row_set_currency (self->amount_row, link ? link->currency : self->currency);
  cobro_money_row_set_money (self->amount_row, COBRO_MONEY_NONE);
  if (link && *gtk_editable_get_text (GTK_EDITABLE (self->title_row)) == '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->title_row), link->title);
  gtk_stack_set_visible_child_name (self->stack, "next");
  gtk_widget_grab_focus (GTK_WIDGET (self->amount_row));
  on_next_changed_cb (self);
}

static void
back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroCounterWindow *self = COBRO_COUNTER_WINDOW (widget);

  if (!self->item || g_str_equal (gtk_stack_get_visible_child_name (self->stack), "sale"))
    return gtk_window_close (GTK_WINDOW (self));
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_stack_set_visible_child_name (self->stack, "sale");
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroCounterWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkItem) item = cobro_links_create_finish (COBRO_LINKS (source), result, &error);

  if (!self->links) /* closed meanwhile */
    return;
  self->busy = FALSE;
  if (item)
    {
      set_item (self, item);
      gtk_window_set_focus (GTK_WINDOW (self), NULL);
      gtk_stack_set_visible_child_name (self->stack, "sale");
    }
  else
    {
      g_autofree char *sentence = cobro_view_error (error);

      on_next_changed_cb (self);
      gtk_label_set_text (self->problem_label, sentence);
      gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
    }
}

static void
on_next_done_cb (CobroCounterWindow *self)
{
  g_autoptr (CobroLink) link = NULL;
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->title_row))));
  CobroMoney amount;

  if (!is_complete (self) || !cobro_money_row_get_money (self->amount_row, &amount))
    return;

  link = cobro_link_new ();
  cobro_link_set_text (&link->title, title);
  link->currency = cobro_money_currency (amount);
  link->amount = amount;
  self->busy = TRUE;
  gtk_widget_set_sensitive (self->done_button, FALSE);
  cobro_links_create_async (self->links, link, self->cancellable, on_created_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_counter_window_dispose (GObject *object)
{
  CobroCounterWindow *self = COBRO_COUNTER_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  let_go (self);
  g_clear_object (&self->chime);
  g_clear_object (&self->links);
  G_OBJECT_CLASS (cobro_counter_window_parent_class)->dispose (object);
}

static void
cobro_counter_window_finalize (GObject *object)
{
  g_object_unref (COBRO_COUNTER_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (cobro_counter_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, business_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, qr_view);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, closed_image);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, closed_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, amount_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, title_row);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroCounterWindow, done_button);
}

static void
cobro_counter_window_class_init (CobroCounterWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  g_type_ensure (COBRO_TYPE_QR_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cobro_counter_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_counter_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-counter-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_next_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_next_done_cb);
  gtk_widget_class_install_action (widget_class, "counter.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "counter.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "counter.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "counter.back", NULL);
}

static void
cobro_counter_window_init (CobroCounterWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
  cobro_hidden_follow_stack (self->state_stack);
}

CobroCounterWindow *
cobro_counter_window_new (GtkWindow *parent, CobroLinks *links, CobroBusiness *business, CobroLinkItem *item,
                          gboolean sound)
{
  CobroCounterWindow *self = g_object_new (COBRO_TYPE_COUNTER_WINDOW, "transient-for", parent, NULL);
  const char *name = cobro_business_get_merchant (business)->name;

  self->links = g_object_ref (links);
  self->sound = sound;
  gtk_label_set_text (self->business_label, name);
  gtk_widget_set_visible (GTK_WIDGET (self->business_label), *name != '\0');
  self->currency = cobro_business_get_currency (business);
  if (self->currency == COBRO_CURRENCY_NONE)
    self->currency = cobro_view_default_currency ();
  if (item)
    set_item (self, item);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "counter.next", NULL);
  return self;
}

CobroLinkItem *
cobro_counter_window_get_item (CobroCounterWindow *self)
{
  g_return_val_if_fail (COBRO_IS_COUNTER_WINDOW (self), NULL);

  return self->item;
}
