/* src/model/cobro-link-item.c — one link as the window shows it.
 * Layer: model. Main thread. */
#include "cobro-link-item.h"

#include "cobro-profile-store.h"
#include "cobro-row-source.h"

struct _CobroLinkItem
{
  CobroRowItem parent_instance;
  CobroId id; /* never changes once it is known: lent for the item's life */
  CobroLink *link;
  CobroLinkTally tally;
  CobroRecordState state;
  char *reason;
  char *url;
  CobroLinkView view;
};

G_DEFINE_FINAL_TYPE (CobroLinkItem, cobro_link_item, COBRO_TYPE_ROW_ITEM)

static CobroTime
now_of (gpointer source)
{
  return cobro_clock_now (cobro_store_get_clock (cobro_row_source_get_store (source)));
}

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroLinkItem *self = COBRO_LINK_ITEM (item);
  CobroLinkRecord *record = data;

  cobro_link_unref (self->link);
  self->link = cobro_link_ref (record->link);
  self->id = record->link->id;
  self->tally = record->tally;
  self->state = record->state;
  g_free (self->reason);
  self->reason = g_strdup (record->reason ? record->reason : "");
  g_free (self->url);
  self->url = cobro_store_dup_link_url (cobro_row_source_get_store (source), self->link);
  self->view = cobro_link_view (self->link, &self->tally, now_of (source));
}

/* A link may have expired or become payable meanwhile. */
static gboolean
tick (CobroRowItem *item, gpointer source)
{
  CobroLinkItem *self = COBRO_LINK_ITEM (item);
  CobroLinkView view = cobro_link_view (self->link, &self->tally, now_of (source));
  gboolean other =
    view.status != self->view.status || view.paid_status != self->view.paid_status || view.flags != self->view.flags;

  self->view = view;
  return other;
}

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
  CobroRowItemClass *item_class = COBRO_ROW_ITEM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cobro_link_item_finalize;
  item_class->fill = fill;
  item_class->tick = tick;
}

static void
cobro_link_item_init (CobroLinkItem *self)
{
  self->link = cobro_link_new ();
  self->tally = cobro_link_tally_new (COBRO_CURRENCY_NONE);
  self->reason = g_strdup ("");
  self->url = g_strdup ("");
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
