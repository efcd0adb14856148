/* src/model/cobro-events.c — the relay's log as a live list.
 * Layer: model. Main thread. */
#include "cobro-events.h"

#include "cobro-event-list.h"

struct _CobroEventEntry
{
  CobroRowItem parent_instance;
  CobroEventRecord *record; /* (nullable) before it is filled */
};

G_DEFINE_FINAL_TYPE (CobroEventEntry, cobro_event_entry, COBRO_TYPE_ROW_ITEM)

struct _CobroEvents
{
  CobroRowSource parent_instance;
};

G_DEFINE_FINAL_TYPE (CobroEvents, cobro_events, COBRO_TYPE_ROW_SOURCE)

/* ── One event ── */

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroEventEntry *self = COBRO_EVENT_ENTRY (item);

  cobro_event_record_ref (data);
  g_clear_pointer (&self->record, cobro_event_record_unref);
  self->record = data;
}

static void
cobro_event_entry_finalize (GObject *object)
{
  g_clear_pointer (&COBRO_EVENT_ENTRY (object)->record, cobro_event_record_unref);
  G_OBJECT_CLASS (cobro_event_entry_parent_class)->finalize (object);
}

static void
cobro_event_entry_class_init (CobroEventEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_event_entry_finalize;
  COBRO_ROW_ITEM_CLASS (klass)->fill = fill;
}

static void
cobro_event_entry_init (CobroEventEntry *self)
{
}

gint64
cobro_event_entry_get_sequence (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), 0);

  return self->record ? self->record->sequence : 0;
}

CobroTime
cobro_event_entry_get_when (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), 0);

  return self->record ? self->record->occurred_at : 0;
}

const char *
cobro_event_entry_get_id (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), "");

  return self->record ? self->record->id : "";
}

const char *
cobro_event_entry_get_event_type (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), "");

  return self->record ? self->record->type : "";
}

const char *
cobro_event_entry_get_object_id (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), "");

  return self->record ? self->record->object_id : "";
}

const char *
cobro_event_entry_get_object (CobroEventEntry *self)
{
  g_return_val_if_fail (COBRO_IS_EVENT_ENTRY (self), "");

  return self->record ? self->record->object : "";
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroEventRecord *)record)->sequence;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_event_store_list_async (store, query, limit, cancellable, callback, user_data);
}

static void
cobro_events_class_init (CobroEventsClass *klass)
{
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  source_class->item_type = COBRO_TYPE_EVENT_ENTRY;
  source_class->kinds = COBRO_STORE_EVENTS;
  source_class->get_row = get_row;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_event_store_list_finish;
  source_class->load_rows_async = cobro_event_store_load_rows_async;
  source_class->load_rows_finish = cobro_event_store_load_rows_finish;
}

static void
cobro_events_init (CobroEvents *self)
{
}

CobroEvents *
cobro_events_new (CobroStore *store)
{
  CobroEvents *self = g_object_new (COBRO_TYPE_EVENTS, NULL);

  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  return self;
}

/* ── Lists ── */

static CobroEventQuery *
query_new (gint type)
{
  CobroEventQuery *query = g_new0 (CobroEventQuery, 1);

  query->type = type;
  return query;
}

CobroRowList *
cobro_events_list (CobroEvents *self)
{
  g_return_val_if_fail (COBRO_IS_EVENTS (self), NULL);

  return cobro_row_list_new (self, query_new (-1), g_free);
}

void
cobro_events_ask (CobroEvents *self, CobroRowList *list, gint type)
{
  g_return_if_fail (COBRO_IS_EVENTS (self));

  cobro_row_list_set_query (list, query_new (type));
}
