/* src/model/cobro-row-source.c — one noun of the books, live.
 * Layer: model. Main thread. */
#include "cobro-row-source.h"

/* How often items look at the clock. */
#define TICK_SECONDS 20
#define ROWS_AT_ONCE 512

typedef struct
{
  CobroStore *store;
  GHashTable *items; /* (element-type gint64 Held) items that somebody holds, by row */
  GCancellable *cancellable;
  guint tick_id;
} CobroRowSourcePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CobroRowSource, cobro_row_source, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ITEM_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* An item that somebody else keeps alive. */
typedef struct
{
  gint64 row;
  CobroRowItem *item; /* not owned */
  GHashTable *items;
} Held;

static CobroRowSourcePrivate *
private_of (CobroRowSource *self)
{
  return cobro_row_source_get_instance_private (self);
}

static void
on_item_gone (gpointer data, GObject *where_it_was)
{
  Held *held = data;

  g_hash_table_remove (held->items, &held->row);
}

gpointer
cobro_row_source_dup_item (CobroRowSource *self, gint64 row)
{
  CobroRowSourcePrivate *private;
  Held *held;

  g_return_val_if_fail (COBRO_IS_ROW_SOURCE (self), NULL);

  private = private_of (self);
  held = g_hash_table_lookup (private->items, &row);
  if (held)
    return g_object_ref (held->item);

  held = g_new (Held, 1);
  *held = (Held){ .row = row, .items = private->items };
  held->item = g_object_new (COBRO_ROW_SOURCE_GET_CLASS (self)->item_type, NULL);
  cobro_row_item_set_row (held->item, row);
  g_hash_table_insert (private->items, &held->row, held);
  g_object_weak_ref (G_OBJECT (held->item), on_item_gone, held);
  return held->item;
}

gpointer
cobro_row_source_dup_filled (CobroRowSource *self, gpointer record)
{
  CobroRowItem *item;

  g_return_val_if_fail (COBRO_IS_ROW_SOURCE (self), NULL);
  g_return_val_if_fail (record != NULL, NULL);

  item = cobro_row_source_dup_item (self, COBRO_ROW_SOURCE_GET_CLASS (self)->get_row (record));
  cobro_row_item_fill (item, self, record);
  return item;
}

static void
take_record (CobroRowSource *self, gpointer record)
{
  gint64 row = COBRO_ROW_SOURCE_GET_CLASS (self)->get_row (record);
  Held *held = g_hash_table_lookup (private_of (self)->items, &row);
  g_autoptr (CobroRowItem) item = held ? g_object_ref (held->item) : NULL;

  if (!item)
    return;

  cobro_row_item_fill (item, self, record);
  g_signal_emit (self, signals[ITEM_CHANGED], 0, item);
}

void
cobro_row_source_take_records (CobroRowSource *self, GPtrArray *records)
{
  g_return_if_fail (COBRO_IS_ROW_SOURCE (self));

  for (guint i = 0; i < records->len; i++)
    if (records->pdata[i])
      take_record (self, records->pdata[i]);
}

/* ── What others wrote ── */

static void
on_rows_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRowSource) self = user_data;
  g_autoptr (GPtrArray) records =
    COBRO_ROW_SOURCE_GET_CLASS (self)->load_rows_finish (COBRO_STORE (source), result, NULL);

  if (records)
    cobro_row_source_take_records (self, records);
}

/* (transfer full) (element-type gint64) the rows in @changed that somebody holds; all held ones for %NULL. */
static GArray *
held_rows (CobroRowSource *self, GArray *changed)
{
  CobroRowSourcePrivate *private = private_of (self);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; changed && i < changed->len; i++)
    if (g_hash_table_contains (private->items, &g_array_index (changed, gint64, i)))
      g_array_append_val (rows, g_array_index (changed, gint64, i));
  if (changed)
    return rows;

  g_hash_table_iter_init (&iter, private->items);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (rows, key, 1);
  return rows;
}

static void
reload_rows (CobroRowSource *self, GArray *rows)
{
  CobroRowSourcePrivate *private = private_of (self);

  for (guint from = 0; from < rows->len; from += ROWS_AT_ONCE)
    COBRO_ROW_SOURCE_GET_CLASS (self)->load_rows_async (private->store, &g_array_index (rows, gint64, from),
                                                        MIN (ROWS_AT_ONCE, rows->len - from), private->cancellable,
                                                        on_rows_loaded_cb, g_object_ref (self));
}

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  CobroRowSource *self = user_data;
  CobroRowSourceClass *klass = COBRO_ROW_SOURCE_GET_CLASS (self);
  GArray *changed = change->all || !klass->get_changed ? NULL : klass->get_changed (change);
  g_autoptr (GArray) rows = NULL;

  if (!(change->kinds & (klass->kinds | COBRO_STORE_PAIRING)))
    return;

  rows = held_rows (self, change->kinds & COBRO_STORE_PAIRING ? NULL : changed);
  reload_rows (self, rows);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_tick_cb (gpointer data)
{
  CobroRowSource *self = data;
  g_autoptr (GList) items = g_hash_table_get_values (private_of (self)->items);

  for (GList *at = items; at; at = at->next)
    cobro_row_item_tick (((Held *)at->data)->item, self);
  return G_SOURCE_CONTINUE;
}

/* ── The object ── */

static void
cobro_row_source_dispose (GObject *object)
{
  CobroRowSourcePrivate *private = private_of (COBRO_ROW_SOURCE (object));
  GHashTableIter iter;
  gpointer held;

  g_cancellable_cancel (private->cancellable);
  g_clear_handle_id (&private->tick_id, g_source_remove);
  if (private->store)
    g_signal_handlers_disconnect_by_data (private->store, object);
  g_clear_object (&private->store);
  g_hash_table_iter_init (&iter, private->items);
  while (g_hash_table_iter_next (&iter, NULL, &held))
    g_object_weak_unref (G_OBJECT (((Held *)held)->item), on_item_gone, held);
  g_hash_table_remove_all (private->items);
  G_OBJECT_CLASS (cobro_row_source_parent_class)->dispose (object);
}

static void
cobro_row_source_finalize (GObject *object)
{
  CobroRowSourcePrivate *private = private_of (COBRO_ROW_SOURCE (object));

  g_object_unref (private->cancellable);
  g_hash_table_unref (private->items);
  G_OBJECT_CLASS (cobro_row_source_parent_class)->finalize (object);
}

static void
cobro_row_source_class_init (CobroRowSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_row_source_dispose;
  object_class->finalize = cobro_row_source_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_ROW_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ITEM_CHANGED] = g_signal_new ("item-changed", COBRO_TYPE_ROW_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, COBRO_TYPE_ROW_ITEM);
}

static void
cobro_row_source_init (CobroRowSource *self)
{
  CobroRowSourcePrivate *private = private_of (self);

  private->cancellable = g_cancellable_new ();
  private->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  private->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick_cb, self);
}

void
cobro_row_source_set_store (CobroRowSource *self, CobroStore *store)
{
  g_return_if_fail (COBRO_IS_ROW_SOURCE (self));
  g_return_if_fail (private_of (self)->store == NULL);

  private_of (self)->store = g_object_ref (store);
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
}

CobroStore *
cobro_row_source_get_store (CobroRowSource *self)
{
  g_return_val_if_fail (COBRO_IS_ROW_SOURCE (self), NULL);

  return private_of (self)->store;
}
