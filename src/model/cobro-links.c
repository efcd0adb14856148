/* src/model/cobro-links.c — the merchant's links as a service.
 * Layer: model. Main thread. */
#include "cobro-links.h"

#include "cobro-error.h"
#include "cobro-profile-store.h"

struct _CobroLinks
{
  CobroRowSource parent_instance;
  CobroUndo *undo;
  GCancellable *cancellable;
  gboolean any;
};

G_DEFINE_FINAL_TYPE (CobroLinks, cobro_links, COBRO_TYPE_ROW_SOURCE)

enum
{
  LINK_CHANGED,
  PAID,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static CobroStore *
store_of (CobroLinks *self)
{
  return cobro_row_source_get_store (COBRO_ROW_SOURCE (self));
}

/* What was just written is shown at once; the books' own word follows. */
static void
take_record (CobroLinks *self, CobroLinkRecord *record)
{
  if (record)
    g_object_unref (cobro_row_source_dup_filled (COBRO_ROW_SOURCE (self), record));
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroLinkRecord *)record)->row;
}

static GArray *
get_changed (const CobroStoreChange *change)
{
  return change->links;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_link_store_list_async (store, query, limit, cancellable, callback, user_data);
}

static gboolean
first_page (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows, GPtrArray **out_records,
            gint64 *out_total)
{
  g_autoptr (CobroLinkPage) page = cobro_link_store_first_page (store, query, limit, NULL);

  if (!page)
    return FALSE;

  *out_rows = g_array_ref (page->rows);
  *out_records = g_ptr_array_ref (page->records);
  *out_total = page->total;
  return TRUE;
}

/* Called before the source announces the change. */
static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  CobroLinks *self = user_data;

  self->any |= (change->kinds & COBRO_STORE_LINKS) && (change->all || (change->links && change->links->len > 0));
  for (guint i = 0; change->paid && i < change->paid->len; i++)
    g_signal_emit (self, signals[PAID], 0, change->paid->pdata[i]);
}

static void
on_item_changed_cb (CobroLinks *self, CobroLinkItem *item)
{
  g_signal_emit (self, signals[LINK_CHANGED], 0, cobro_link_item_get_id (item));
}

/* ── The object ── */

static void
cobro_links_dispose (GObject *object)
{
  CobroLinks *self = COBRO_LINKS (object);

  g_cancellable_cancel (self->cancellable);
  if (store_of (self))
    g_signal_handlers_disconnect_by_data (store_of (self), self);
  g_clear_object (&self->undo);
  G_OBJECT_CLASS (cobro_links_parent_class)->dispose (object);
}

static void
cobro_links_finalize (GObject *object)
{
  g_object_unref (COBRO_LINKS (object)->cancellable);
  G_OBJECT_CLASS (cobro_links_parent_class)->finalize (object);
}

static void
cobro_links_class_init (CobroLinksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  object_class->dispose = cobro_links_dispose;
  object_class->finalize = cobro_links_finalize;
  source_class->item_type = COBRO_TYPE_LINK_ITEM;
  source_class->kinds = COBRO_STORE_LINKS | COBRO_STORE_PAYMENTS | COBRO_STORE_EVENTS;
  source_class->get_row = get_row;
  source_class->get_changed = get_changed;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_link_store_list_finish;
  source_class->load_rows_async = cobro_link_store_load_rows_async;
  source_class->load_rows_finish = cobro_link_store_load_rows_finish;
  source_class->first_page = first_page;

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

  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  self->any = look_for_any (store);
  g_signal_connect (self, "item-changed", G_CALLBACK (on_item_changed_cb), NULL);
  return self;
}

CobroStore *
cobro_links_get_store (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), NULL);

  return store_of (self);
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

  return cobro_clock_now (cobro_store_get_clock (store_of (self)));
}

gboolean
cobro_links_get_any (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), FALSE);

  return self->any;
}

static void
say_failed (CobroLinks *self, const char *what, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, what, error);
}

/* ── Lists ── */

static void
query_free (gpointer data)
{
  CobroLinkQuery *query = data;

  g_free ((char *)query->search);
  g_free (query);
}

static CobroLinkQuery *
query_new (const char *search, CobroLinkFilter filter, CobroLinkSort sort, gboolean descending)
{
  CobroLinkQuery *query = g_new0 (CobroLinkQuery, 1);

  *query = (CobroLinkQuery){ .search = g_strdup (search), .filter = filter, .sort = sort, .descending = descending };
  return query;
}

CobroRowList *
cobro_links_list (CobroLinks *self)
{
  g_return_val_if_fail (COBRO_IS_LINKS (self), NULL);

  return cobro_row_list_new (self, query_new ("", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE), query_free);
}

void
cobro_links_ask (CobroLinks *self, CobroRowList *list, const char *search, CobroLinkFilter filter, CobroLinkSort sort,
                 gboolean descending)
{
  g_return_if_fail (COBRO_IS_LINKS (self));

  cobro_row_list_set_query (list, query_new (search, filter, sort, descending));
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

      cobro_link_store_undo_async (store_of (step->links), &before->id, before, step->links->cancellable, on_undone_cb,
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

  if (!change)
    return g_task_return_error (task, error);

  self->any = TRUE;
  g_task_return_pointer (task, cobro_row_source_dup_filled (COBRO_ROW_SOURCE (self), change->record), g_object_unref);
}

void
cobro_links_create_async (CobroLinks *self, const CobroLink *draft, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_LINKS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_links_create_async);
  cobro_link_store_put_async (store_of (self), draft, cancellable, on_created_cb, task);
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
  cobro_link_store_put_async (store_of (self), changed, cancellable, on_link_put_cb, task);
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
    cobro_link_store_replace_token_async (store_of (self), &id, self->cancellable, on_quietly_written_cb,
                                          g_object_ref (self));
}

void
cobro_links_mark_seen (CobroLinks *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_LINKS (self));

  if (read_id (self, text, &id))
    cobro_link_store_mark_seen_async (store_of (self), &id, self->cancellable, on_quietly_written_cb,
                                      g_object_ref (self));
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
    cobro_link_store_decide_async (store_of (self), &g_array_index (parsed, CobroId, i), decision, self->cancellable,
                                   on_decided_cb, deciding);
}

gboolean
cobro_links_may_decide (CobroLinkItem *item, CobroDecision decision)
{
  CobroDecision now = cobro_link_item_get_link (item)->decision;
  CobroLinkStatus status = cobro_link_item_get_view (item).status;

  if (cobro_link_item_get_state (item) == COBRO_RECORD_SAMPLE || !cobro_row_item_is_filled (COBRO_ROW_ITEM (item)))
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

  if (!record)
    return g_task_return_error (task, error);

  g_task_return_pointer (task, cobro_row_source_dup_filled (COBRO_ROW_SOURCE (self), record), g_object_unref);
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

  cobro_link_store_load_async (store_of (self), &id, cancellable, on_loaded_cb, g_steal_pointer (&task));
}

CobroLinkItem *
cobro_links_load_finish (CobroLinks *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
