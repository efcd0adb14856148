/* src/model/cobro-links.c — the merchant's links as a service.
 * Layer: model. Main thread. */
#include "cobro-links.h"

#include "cobro-error.h"
#include "cobro-profile-store.h"

/* How often items look at the clock: statuses change at whole minutes at the finest. */
#define TICK_SECONDS   20
#define SAMPLE_SETTING "sample-data"

struct _CobroLinks
{
  GObject parent_instance;
  CobroStore *store;
  CobroUndo *undo;
  GHashTable *items; /* (element-type gint64 Held) items that somebody holds, by row */
  GCancellable *cancellable;
  guint tick_id;
  gboolean any;
  gboolean has_sample;
};

G_DEFINE_FINAL_TYPE (CobroLinks, cobro_links, G_TYPE_OBJECT)

enum
{
  CHANGED,
  LINK_CHANGED,
  PAID,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One item per link ── */

/* An item that somebody else keeps alive. */
typedef struct
{
  gint64 row;
  CobroLinkItem *item; /* not owned */
  CobroLinks *links;
} Held;

static void
on_item_gone (gpointer data, GObject *where_it_was)
{
  Held *held = data;

  g_hash_table_remove (held->links->items, &held->row);
}

CobroLinkItem *
cobro_links_dup_item (CobroLinks *self, gint64 row)
{
  Held *held;

  g_return_val_if_fail (COBRO_IS_LINKS (self), NULL);

  held = g_hash_table_lookup (self->items, &row);
  if (held)
    return g_object_ref (held->item);

  held = g_new (Held, 1);
  *held = (Held){ .row = row, .item = cobro_link_item_new (row), .links = self };
  g_hash_table_insert (self->items, &held->row, held);
  g_object_weak_ref (G_OBJECT (held->item), on_item_gone, held);
  return held->item;
}

static void
fill_item (CobroLinks *self, CobroLinkItem *item, CobroLinkRecord *record)
{
  g_autofree char *url = cobro_store_dup_link_url (self->store, record->link);

  cobro_link_item_fill (item, record, url, cobro_links_get_now (self));
}

/* What was just written is shown at once; the books' own word follows. */
static void
take_record (CobroLinks *self, CobroLinkRecord *record)
{
  Held *held = record ? g_hash_table_lookup (self->items, &record->row) : NULL;

  if (held)
    {
      g_autoptr (CobroLinkItem) item = g_object_ref (held->item);

      fill_item (self, item, record);
    }
}

void
cobro_links_take_records (CobroLinks *self, GPtrArray *records)
{
  g_return_if_fail (COBRO_IS_LINKS (self));

  for (guint i = 0; i < records->len; i++)
    take_record (self, records->pdata[i]);
}

/* ── What others wrote ── */

static void
on_rows_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = cobro_link_store_load_rows_finish (COBRO_STORE (source), result, &error);

  if (!records)
    return;

  cobro_links_take_records (self, records);
  for (guint i = 0; i < records->len; i++)
    if (records->pdata[i])
      g_signal_emit (self, signals[LINK_CHANGED], 0, ((CobroLinkRecord *)records->pdata[i])->link->id.text);
}

#define ROWS_AT_ONCE 512

static void
reload_rows (CobroLinks *self, GArray *rows)
{
  for (guint from = 0; from < rows->len; from += ROWS_AT_ONCE)
    cobro_link_store_load_rows_async (self->store, &g_array_index (rows, gint64, from),
                                      MIN (ROWS_AT_ONCE, rows->len - from), self->cancellable, on_rows_loaded_cb,
                                      g_object_ref (self));
}

/* (transfer full) (element-type gint64) the rows in @changed that somebody holds; all held ones for %NULL. */
static GArray *
held_rows (CobroLinks *self, GArray *changed)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; changed && i < changed->len; i++)
    if (g_hash_table_contains (self->items, &g_array_index (changed, gint64, i)))
      g_array_append_val (rows, g_array_index (changed, gint64, i));
  if (changed)
    return rows;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (rows, key, 1);
  return rows;
}

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  CobroLinks *self = user_data;
  guint about_links = COBRO_STORE_LINKS | COBRO_STORE_PAYMENTS | COBRO_STORE_EVENTS | COBRO_STORE_PAIRING;
  g_autoptr (GArray) rows = NULL;

  if (change->kinds & about_links)
    {
      /* Another relay gives every link another address. */
      gboolean everything = change->all || (change->kinds & COBRO_STORE_PAIRING) || !change->links;

      self->any |= change->all || (change->links && change->links->len > 0);
      rows = held_rows (self, everything ? NULL : change->links);
      reload_rows (self, rows);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  for (guint i = 0; change->paid && i < change->paid->len; i++)
    g_signal_emit (self, signals[PAID], 0, change->paid->pdata[i]);
}

static gboolean
on_tick_cb (gpointer data)
{
  CobroLinks *self = data;
  g_autoptr (GList) items = g_hash_table_get_values (self->items);
  CobroTime now = cobro_links_get_now (self);

  for (GList *at = items; at; at = at->next)
    cobro_link_item_tick (((Held *)at->data)->item, now);
  return G_SOURCE_CONTINUE;
}

/* ── The object ── */

static void
cobro_links_dispose (GObject *object)
{
  CobroLinks *self = COBRO_LINKS (object);
  GHashTableIter iter;
  gpointer held;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->undo);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &held))
    g_object_weak_unref (G_OBJECT (((Held *)held)->item), on_item_gone, held);
  g_hash_table_remove_all (self->items);
  G_OBJECT_CLASS (cobro_links_parent_class)->dispose (object);
}

static void
cobro_links_finalize (GObject *object)
{
  CobroLinks *self = COBRO_LINKS (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->items);
  G_OBJECT_CLASS (cobro_links_parent_class)->finalize (object);
}

static void
cobro_links_class_init (CobroLinksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_links_dispose;
  object_class->finalize = cobro_links_finalize;

  signals[CHANGED] = g_signal_new ("changed", COBRO_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINK_CHANGED] = g_signal_new ("link-changed", COBRO_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PAID] =
    g_signal_new ("paid", COBRO_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[FAILED] = g_signal_new ("failed", COBRO_TYPE_LINKS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_STRING, G_TYPE_ERROR);
}

static void
cobro_links_init (CobroLinks *self)
{
  self->undo = cobro_undo_new ();
  self->cancellable = g_cancellable_new ();
  self->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick_cb, self);
}

static gboolean
look_for_any (CobroStore *store)
{
  CobroLinkQuery query = { .sort = COBRO_LINK_SORT_CREATED, .descending = TRUE };
  g_autoptr (CobroLinkPage) page = cobro_link_store_first_page (store, &query, 1, NULL);

  return page && page->rows->len > 0;
}

CobroLinks *
cobro_links_new (CobroStore *store)
{
  CobroLinks *self = g_object_new (COBRO_TYPE_LINKS, NULL);
  g_autofree char *sample = cobro_store_dup_setting (store, SAMPLE_SETTING, NULL);

  self->store = g_object_ref (store);
  self->any = look_for_any (store);
  self->has_sample = sample != NULL;
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  return self;
}

CobroStore *
cobro_links_get_store (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), NULL);

  return self->store;
}

CobroUndo *
cobro_links_get_undo (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), NULL);

  return self->undo;
}

CobroTime
cobro_links_get_now (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), 0);

  return cobro_clock_now (cobro_store_get_clock (self->store));
}

gboolean
cobro_links_get_any (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), FALSE);

  return self->any;
}

gboolean
cobro_links_get_has_sample (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), FALSE);

  return self->has_sample;
}

static void
say_failed (CobroLinks *self, const char *what, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, what, error);
}

/* ── Taking back ── */

typedef struct
{
  CobroLinks *links;
  GPtrArray *before; /* (element-type CobroLink) what the links were */
} TakeBack;

static void
take_back_free (gpointer data)
{
  TakeBack *step = data;

  g_ptr_array_unref (step->before);
  g_free (step);
}

static void
on_undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkChange) change = cobro_link_store_put_finish (COBRO_STORE (source), result, &error);

  if (!change)
    return say_failed (self, "undo", error);
  take_record (self, change->record);
}

static void
take_back (gpointer data)
{
  TakeBack *step = data;

  for (guint i = 0; i < step->before->len; i++)
    {
      CobroLink *before = step->before->pdata[i];

      cobro_link_store_undo_async (step->links->store, &before->id, before, step->links->cancellable, on_undone_cb,
                                   g_object_ref (step->links));
    }
}

/* Takes @before over. The undo list belongs to @self, so the step needs no reference to it. */
static void
push_undo (CobroLinks *self, const char *text, GPtrArray *before)
{
  TakeBack *step = g_new0 (TakeBack, 1);

  step->links = self;
  step->before = before;
  cobro_undo_push (self->undo, text, take_back, step, take_back_free);
}

/* ── Writing ── */

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroLinks *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroLinkChange) change = cobro_link_store_put_finish (COBRO_STORE (source), result, &error);
  CobroLinkItem *item;

  if (!change)
    return g_task_return_error (task, error);

  self->any = TRUE;
  item = cobro_links_dup_item (self, change->record->row);
  fill_item (self, item, change->record);
  g_task_return_pointer (task, item, g_object_unref);
}

void
cobro_links_create_async (CobroLinks *self, const CobroLink *draft, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_LINKS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_links_create_async);
  cobro_link_store_put_async (self->store, draft, cancellable, on_created_cb, task);
}

CobroLinkItem *
cobro_links_create_finish (CobroLinks *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_link_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroLinks *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroLinkChange) change = cobro_link_store_put_finish (COBRO_STORE (source), result, &error);

  if (!change)
    return g_task_return_error (task, error);

  take_record (self, change->record);
  if (change->before)
    {
      GPtrArray *before = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_unref);

      g_ptr_array_add (before, cobro_link_ref (change->before));
      push_undo (self, g_task_get_task_data (task), before);
    }
  g_task_return_boolean (task, TRUE);
}

void
cobro_links_change_async (CobroLinks *self, const CobroLink *changed, const char *done_text, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_LINKS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_links_change_async);
  g_task_set_task_data (task, g_strdup (done_text), g_free);
  cobro_link_store_put_async (self->store, changed, cancellable, on_link_put_cb, task);
}

gboolean
cobro_links_change_finish (CobroLinks *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_quietly_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinks) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkChange) change = cobro_link_store_put_finish (COBRO_STORE (source), result, &error);

  if (!change)
    return say_failed (self, "write", error);
  take_record (self, change->record);
}

/* Ids that come back from actions and notifications are checked like any text from outside. */
static gboolean
read_id (CobroLinks *self, const char *text, CobroId *out_id)
{
  g_autoptr (GError) error = NULL;

  if (cobro_id_parse (COBRO_ID_LINK, text, out_id, &error))
    return TRUE;

  say_failed (self, "write", error);
  return FALSE;
}

void
cobro_links_replace_token (CobroLinks *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_LINKS (self));

  if (read_id (self, text, &id))
    cobro_link_store_replace_token_async (self->store, &id, self->cancellable, on_quietly_written_cb,
                                          g_object_ref (self));
}

void
cobro_links_mark_seen (CobroLinks *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_LINKS (self));

  if (read_id (self, text, &id))
    cobro_link_store_mark_seen_async (self->store, &id, self->cancellable, on_quietly_written_cb, g_object_ref (self));
}

/* ── Deciding about several at once ── */

typedef struct
{
  CobroLinks *links;
  GPtrArray *before;
  char *done_text;
  guint under_way;
} Deciding;

static void
on_decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Deciding *deciding = user_data;
  g_autoptr (CobroLinks) self = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkChange) change = cobro_link_store_put_finish (COBRO_STORE (source), result, &error);

  if (!change)
    say_failed (deciding->links, "decide", error);
  else
    take_record (deciding->links, change->record);
  if (change && change->before)
    g_ptr_array_add (deciding->before, cobro_link_ref (change->before));
  if (--deciding->under_way > 0)
    return;

  self = deciding->links;
  if (deciding->before->len > 0)
    push_undo (self, deciding->done_text, deciding->before);
  else
    g_ptr_array_unref (deciding->before);
  g_free (deciding->done_text);
  g_free (deciding);
}

void
cobro_links_decide (CobroLinks *self, const char *const *ids, CobroDecision decision, const char *done_text)
{
  Deciding *deciding;
  g_autoptr (GArray) parsed = g_array_new (FALSE, FALSE, sizeof (CobroId));
  CobroId id;

  g_return_if_fail (COBRO_IS_LINKS (self));

  for (gsize i = 0; ids[i]; i++)
    if (read_id (self, ids[i], &id))
      g_array_append_val (parsed, id);
  if (parsed->len == 0)
    return;

  deciding = g_new0 (Deciding, 1);
  deciding->links = g_object_ref (self);
  deciding->before = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_unref);
  deciding->done_text = g_strdup (done_text);
  deciding->under_way = parsed->len;
  for (guint i = 0; i < parsed->len; i++)
    cobro_link_store_decide_async (self->store, &g_array_index (parsed, CobroId, i), decision, self->cancellable,
                                   on_decided_cb, deciding);
}

gboolean
cobro_links_may_decide (CobroLinkItem *item, CobroDecision decision)
{
  CobroDecision now = cobro_link_item_get_link (item)->decision;
  CobroLinkStatus status = cobro_link_item_get_view (item).status;

  if (cobro_link_item_get_state (item) == COBRO_RECORD_SAMPLE || !cobro_link_item_is_filled (item))
    return FALSE;

  switch (decision)
    {
    case COBRO_DECISION_PAUSED:
      return now == COBRO_DECISION_ACTIVE && status != COBRO_LINK_USED_UP && status != COBRO_LINK_EXPIRED;
    case COBRO_DECISION_ACTIVE:
      return now == COBRO_DECISION_PAUSED || now == COBRO_DECISION_DRAFT;
    case COBRO_DECISION_CANCELLED:
      return now != COBRO_DECISION_CANCELLED && status != COBRO_LINK_USED_UP;
    case COBRO_DECISION_DRAFT:
      break;
    }
  return FALSE;
}

/* ── Looking up ── */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroLinks *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroLinkRecord) record = cobro_link_store_load_finish (COBRO_STORE (source), result, &error);
  CobroLinkItem *item;

  if (!record)
    return g_task_return_error (task, error);

  item = cobro_links_dup_item (self, record->row);
  fill_item (self, item, record);
  g_task_return_pointer (task, item, g_object_unref);
}

void
cobro_links_load_async (CobroLinks *self, const char *text, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  CobroId id;

  g_return_if_fail (COBRO_IS_LINKS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_links_load_async);
  if (!cobro_id_parse (COBRO_ID_LINK, text, &id, &error))
    return g_task_return_error (task, error);

  cobro_link_store_load_async (self->store, &id, cancellable, on_loaded_cb, g_steal_pointer (&task));
}

CobroLinkItem *
cobro_links_load_finish (CobroLinks *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Sample data ── */

static void
on_sample_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinks) self = user_data;
  g_autoptr (GError) error = NULL;

  cobro_store_finish (COBRO_STORE (source), result, &error);
  if (error)
    say_failed (self, "sample", error);
  else
    self->any = look_for_any (self->store);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remember_sample (CobroLinks *self, gboolean has_sample)
{
  g_autoptr (GError) error = NULL;

  self->has_sample = has_sample;
  if (!cobro_store_set_setting (self->store, SAMPLE_SETTING, has_sample ? "1" : NULL, &error))
    say_failed (self, "sample", error);
}

void
cobro_links_add_sample (CobroLinks *self, GPtrArray *links, GArray *tallies)
{
  g_return_if_fail (COBRO_IS_LINKS (self));

  remember_sample (self, TRUE);
  cobro_link_store_add_samples_async (self->store, links, tallies, self->cancellable, on_sample_written_cb,
                                      g_object_ref (self));
}

void
cobro_links_remove_sample (CobroLinks *self)
{
  g_return_if_fail (COBRO_IS_LINKS (self));

  remember_sample (self, FALSE);
  cobro_link_store_remove_samples_async (self->store, self->cancellable, on_sample_written_cb, g_object_ref (self));
}
