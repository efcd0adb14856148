/* src/model/cobro-link-item.c — one link as the window shows it.
 * Layer: model. Main thread. */
#include "cobro-link-item.h"

struct _CobroLinkItem
{
  GObject parent_instance;
  gint64 row;
  CobroId id; /* never changes once it is known: lent for the item's life */
  CobroLink *link;
  CobroLinkTally tally;
  CobroRecordState state;
  char *reason;
  char *url;
  CobroLinkView view;
  gboolean filled;
};

G_DEFINE_FINAL_TYPE (CobroLinkItem, cobro_link_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
cobro_link_item_finalize (GObject *object)
{
  CobroLinkItem *self = COBRO_LINK_ITEM (object);

  cobro_link_unref (self->link);
  g_free (self->reason);
  g_free (self->url);
  G_OBJECT_CLASS (cobro_link_item_parent_class)->finalize (object);
}

static void
cobro_link_item_class_init (CobroLinkItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_link_item_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_LINK_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_link_item_init (CobroLinkItem *self)
{
  self->link = cobro_link_new ();
  self->tally = cobro_link_tally_new (COBRO_CURRENCY_NONE);
  self->reason = g_strdup ("");
  self->url = g_strdup ("");
}

CobroLinkItem *
cobro_link_item_new (gint64 row)
{
  CobroLinkItem *self = g_object_new (COBRO_TYPE_LINK_ITEM, NULL);

  self->row = row;
  return self;
}

void
cobro_link_item_fill (CobroLinkItem *self, CobroLinkRecord *record, const char *url, CobroTime now)
{
  g_return_if_fail (COBRO_IS_LINK_ITEM (self));
  g_return_if_fail (record != NULL);

  cobro_link_unref (self->link);
  self->link = cobro_link_ref (record->link);
  self->id = record->link->id;
  self->tally = record->tally;
  self->state = record->state;
  g_free (self->reason);
  self->reason = g_strdup (record->reason ? record->reason : "");
  g_free (self->url);
  self->url = g_strdup (url);
  self->view = cobro_link_view (self->link, &self->tally, now);
  self->filled = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cobro_link_item_tick (CobroLinkItem *self, CobroTime now)
{
  CobroLinkView view;

  g_return_if_fail (COBRO_IS_LINK_ITEM (self));

  if (!self->filled)
    return;

  view = cobro_link_view (self->link, &self->tally, now);
  if (view.status == self->view.status && view.paid_status == self->view.paid_status && view.flags == self->view.flags)
    return;

  self->view = view;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
cobro_link_item_is_filled (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), FALSE);

  return self->filled;
}

gint64
cobro_link_item_get_row (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), 0);

  return self->row;
}

const CobroLink *
cobro_link_item_get_link (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), NULL);

  return self->link;
}

const char *
cobro_link_item_get_id (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), "");

  return self->id.text;
}

const CobroLinkTally *
cobro_link_item_get_tally (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), NULL);

  return &self->tally;
}

CobroLinkView
cobro_link_item_get_view (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), (CobroLinkView){ 0 });

  return self->view;
}

CobroRecordState
cobro_link_item_get_state (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), COBRO_RECORD_WAITING);

  return self->state;
}

gboolean
cobro_link_item_get_ever_live (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), FALSE);

  return self->link->rev > 0;
}

const char *
cobro_link_item_get_reason (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), "");

  return self->reason;
}

const char *
cobro_link_item_get_url (CobroLinkItem *self)
{
  g_return_val_if_fail (COBRO_IS_LINK_ITEM (self), "");

  return self->url;
}
