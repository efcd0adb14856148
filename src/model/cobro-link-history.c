/* src/model/cobro-link-history.c — what happened to one link.
 * Layer: model. Main thread. */
#include "cobro-link-history.h"

/* ── Items ── */

struct _CobroPaymentItem
{
  GObject parent_instance;
  CobroPayment *payment;
};

G_DEFINE_FINAL_TYPE (CobroPaymentItem, cobro_payment_item, G_TYPE_OBJECT)

static void
cobro_payment_item_finalize (GObject *object)
{
  g_clear_pointer (&COBRO_PAYMENT_ITEM (object)->payment, cobro_payment_unref);
  G_OBJECT_CLASS (cobro_payment_item_parent_class)->finalize (object);
}

static void
cobro_payment_item_class_init (CobroPaymentItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_payment_item_finalize;
}

static void
cobro_payment_item_init (CobroPaymentItem *self)
{
}

const CobroPayment *
cobro_payment_item_get_payment (CobroPaymentItem *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ITEM (self), NULL);

  return self->payment;
}

struct _CobroTimelineItem
{
  GObject parent_instance;
  CobroTimelineEntry *entry;
};

G_DEFINE_FINAL_TYPE (CobroTimelineItem, cobro_timeline_item, G_TYPE_OBJECT)

static void
cobro_timeline_item_finalize (GObject *object)
{
  g_clear_pointer (&COBRO_TIMELINE_ITEM (object)->entry, cobro_timeline_entry_free);
  G_OBJECT_CLASS (cobro_timeline_item_parent_class)->finalize (object);
}

static void
cobro_timeline_item_class_init (CobroTimelineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_timeline_item_finalize;
}

static void
cobro_timeline_item_init (CobroTimelineItem *self)
{
}

const CobroTimelineEntry *
cobro_timeline_item_get_entry (CobroTimelineItem *self)
{
  g_return_val_if_fail (COBRO_IS_TIMELINE_ITEM (self), NULL);

  return self->entry;
}

/* ── The history ── */

struct _CobroLinkHistory
{
  GObject parent_instance;
  CobroLinks *links;
  CobroId link_id;
  GListStore *payments;
  GListStore *timeline;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroLinkHistory, cobro_link_history, G_TYPE_OBJECT)

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
say_failed (CobroLinkHistory *self, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
on_payments_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinkHistory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) payments = cobro_payment_store_list_finish (COBRO_STORE (source), result, &error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (!payments)
    return say_failed (self, error);

  for (guint i = 0; i < payments->len; i++)
    {
      CobroPaymentItem *item = g_object_new (COBRO_TYPE_PAYMENT_ITEM, NULL);

      item->payment = cobro_payment_ref (payments->pdata[i]);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->payments, 0, g_list_model_get_n_items (G_LIST_MODEL (self->payments)), items->pdata,
                       items->len);
}

static void
on_timeline_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinkHistory) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = cobro_timeline_list_finish (COBRO_STORE (source), result, &error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (!entries)
    return say_failed (self, error);

  g_ptr_array_set_free_func (entries, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      CobroTimelineItem *item = g_object_new (COBRO_TYPE_TIMELINE_ITEM, NULL);

      item->entry = entries->pdata[i];
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->timeline, 0, g_list_model_get_n_items (G_LIST_MODEL (self->timeline)), items->pdata,
                       items->len);
}

static void
read_again (CobroLinkHistory *self)
{
  CobroStore *store = cobro_links_get_store (self->links);

  cobro_payment_store_list_async (store, &self->link_id, self->cancellable, on_payments_listed_cb, g_object_ref (self));
  cobro_timeline_list_async (store, &self->link_id, COBRO_LINK_HISTORY_MAX, self->cancellable, on_timeline_listed_cb,
                             g_object_ref (self));
}

static void
on_link_changed_cb (CobroLinkHistory *self, const char *id)
{
  if (g_str_equal (id, self->link_id.text))
    read_again (self);
}

static void
cobro_link_history_dispose (GObject *object)
{
  CobroLinkHistory *self = COBRO_LINK_HISTORY (object);

  g_cancellable_cancel (self->cancellable);
  if (self->links)
    g_signal_handlers_disconnect_by_data (self->links, self);
  g_clear_object (&self->links);
  G_OBJECT_CLASS (cobro_link_history_parent_class)->dispose (object);
}

static void
cobro_link_history_finalize (GObject *object)
{
  CobroLinkHistory *self = COBRO_LINK_HISTORY (object);

  g_object_unref (self->payments);
  g_object_unref (self->timeline);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_link_history_parent_class)->finalize (object);
}

static void
cobro_link_history_class_init (CobroLinkHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_link_history_dispose;
  object_class->finalize = cobro_link_history_finalize;
  signals[FAILED] = g_signal_new ("failed", COBRO_TYPE_LINK_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_link_history_init (CobroLinkHistory *self)
{
  self->payments = g_list_store_new (COBRO_TYPE_PAYMENT_ITEM);
  self->timeline = g_list_store_new (COBRO_TYPE_TIMELINE_ITEM);
  self->cancellable = g_cancellable_new ();
}

CobroLinkHistory *
cobro_link_history_new (CobroLinks *links, const CobroId *link_id)
{
  CobroLinkHistory *self = g_object_new (COBRO_TYPE_LINK_HISTORY, NULL);

  self->links = g_object_ref (links);
  self->link_id = *link_id;
  g_signal_connect_swapped (links, "link-changed", G_CALLBACK (on_link_changed_cb), self);
  read_again (self);
  return self;
}

GListModel *
cobro_link_history_get_payments (CobroLinkHistory *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_HISTORY (self), NULL);

  return G_LIST_MODEL (self->payments);
}

GListModel *
cobro_link_history_get_timeline (CobroLinkHistory *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_HISTORY (self), NULL);

  return G_LIST_MODEL (self->timeline);
}
