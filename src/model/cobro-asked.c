/* src/model/cobro-asked.c — a list that only the relay knows.
 * Layer: model. Main thread. */
#include "cobro-asked.h"

#include <string.h>

#define AGAIN_SECONDS 3

struct _CobroAskedItem
{
  GObject parent_instance;
  const CobroAskedSpec *spec;
  gpointer record;
  char *id;
};

G_DEFINE_FINAL_TYPE (CobroAskedItem, cobro_asked_item, G_TYPE_OBJECT)

struct _CobroAsked
{
  GObject parent_instance;
  const CobroAskedSpec *spec;
  CobroStore *store;
  CobroSyncEngine *engine;
  CobroConnection *connection;
  GListStore *items;
  GCancellable *cancellable; /* of the question under way */
  char *filter;
  char *account; /* whose list it is */
  char *text;    /* (nullable) the last first page */
  char *next;    /* (nullable) cursor */
  GError *error;
  CobroTime as_of;
  guint watchers;
  guint timer;
  gboolean asking;
  gboolean again; /* once it is answered: something was changed meanwhile */
  gboolean more;  /* the question under way is for older ones */
  gboolean was_reachable;
};

G_DEFINE_FINAL_TYPE (CobroAsked, cobro_asked, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS], item_signals[N_SIGNALS];

/* ── One record ── */

static void
cobro_asked_item_finalize (GObject *object)
{
  CobroAskedItem *self = COBRO_ASKED_ITEM (object);

  self->spec->unref (self->record);
  g_free (self->id);
  G_OBJECT_CLASS (cobro_asked_item_parent_class)->finalize (object);
}

static void
cobro_asked_item_class_init (CobroAskedItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_asked_item_finalize;
  item_signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_ASKED_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_asked_item_init (CobroAskedItem *self)
{
}

static CobroAskedItem *
item_new (const CobroAskedSpec *spec, gpointer record)
{
  CobroAskedItem *self = g_object_new (COBRO_TYPE_ASKED_ITEM, NULL);

  self->spec = spec;
  self->record = spec->ref (record);
  self->id = g_strdup (spec->get_id (record));
  return self;
}

static void
item_set_record (CobroAskedItem *self, gpointer record)
{
  gpointer before = self->record;

  self->record = self->spec->ref (record);
  self->spec->unref (before);
  g_signal_emit (self, item_signals[CHANGED], 0);
}

gconstpointer
cobro_asked_item_get_record (CobroAskedItem *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED_ITEM (self), NULL);

  return self->record;
}

const char *
cobro_asked_item_get_id (CobroAskedItem *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED_ITEM (self), "");

  return self->id;
}

/* ── Taking answers ── */

static guint
n_items (CobroAsked *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}

CobroAskedItem *
cobro_asked_find (CobroAsked *self, const char *id)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), NULL);

  for (guint i = 0; i < n_items (self); i++)
    {
      g_autoptr (CobroAskedItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_str_equal (item->id, id))
        return item; /* the list keeps it */
    }
  return NULL;
}

/* Items live on, so that what is marked stays marked. */
static GPtrArray *
make_items (CobroAsked *self, GPtrArray *records)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < records->len; i++)
    {
      CobroAskedItem *item = cobro_asked_find (self, self->spec->get_id (records->pdata[i]));

      if (item)
        item_set_record (item, records->pdata[i]);
      g_ptr_array_add (items, item ? g_object_ref (item) : item_new (self->spec, records->pdata[i]));
    }
  return items;
}

/* What was got of older ones stays behind the new first page, if the two still meet. FALSE: they do not. */
static gboolean
keep_older (CobroAsked *self, GPtrArray *items)
{
  guint position, first = items->len;

  if (items->len == 0 || !g_list_store_find (self->items, items->pdata[items->len - 1], &position))
    return FALSE;
  for (guint i = position + 1; i < n_items (self); i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->items), i));
  return items->len > first;
}

static gboolean
is_same (CobroAsked *self, GPtrArray *items)
{
  if (items->len != n_items (self))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr (CobroAskedItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (item != items->pdata[i])
        return FALSE;
    }
  return TRUE;
}

static void
take_first (CobroAsked *self, GPtrArray *records, const char *next)
{
  g_autoptr (GPtrArray) items = make_items (self, records);

  if (!next || !keep_older (self, items))
    {
      g_free (self->next);
      self->next = g_strdup (next);
    }
  if (!is_same (self, items))
    g_list_store_splice (self->items, 0, n_items (self), items->pdata, items->len);
}

static void
take_more (CobroAsked *self, GPtrArray *records, const char *next)
{
  g_autoptr (GPtrArray) items = make_items (self, records);

  g_free (self->next);
  self->next = g_strdup (next);
  for (guint i = items->len; i-- > 0;)
    if (g_list_store_find (self->items, items->pdata[i], NULL))
      g_ptr_array_remove_index (items, i);
  g_list_store_splice (self->items, n_items (self), 0, items->pdata, items->len);
}

/* FALSE: it is not such an answer. */
static gboolean
take_text (CobroAsked *self, const char *text, gboolean more, GError **error)
{
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) records = self->spec->read (text, &next, error);

  if (!records)
    return FALSE;
  if (more)
    take_more (self, records, next);
  else
    take_first (self, records, next);
  return TRUE;
}

/* ── Asking ── */

static gpointer
ask (CobroRelayClient *client, gpointer path, GCancellable *cancellable, GError **error)
{
  return cobro_relay_hooks_get (client, path, cancellable, error);
}

static gboolean
on_again_cb (gpointer data)
{
  CobroAsked *self = data;

  self->timer = 0;
  cobro_asked_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
ask_again_later (CobroAsked *self)
{
  if (self->watchers > 0 && self->timer == 0 && self->connection)
    self->timer = g_timeout_add_seconds (AGAIN_SECONDS, on_again_cb, self);
}

/* Without it, the list is only missing while there is no network. */
static void
remember (CobroAsked *self)
{
  if (self->spec->setting && !*self->filter &&
      !cobro_store_set_setting (self->store, self->spec->setting, self->text, NULL))
    g_debug ("an answer could not be remembered");
}

static void
take_answer (CobroAsked *self, const char *text)
{
  gboolean more = self->more;

  g_clear_error (&self->error);
  if (!more && g_strcmp0 (text, self->text) == 0)
    self->as_of = cobro_clock_now (cobro_store_get_clock (self->store));
  else if (take_text (self, text, more, &self->error) && !more)
    {
      self->as_of = cobro_clock_now (cobro_store_get_clock (self->store));
      g_free (self->text);
      self->text = g_strdup (text);
      remember (self);
    }
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAsked) self = user_data;
  GError *error = NULL;
  g_autofree char *text = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->connection)
    {
      g_clear_error (&error); /* something else was asked meanwhile */
      return;
    }
  self->asking = FALSE;
  if (text)
    take_answer (self, text);
  else
    {
      g_clear_error (&self->error);
      self->error = error;
    }
  self->more = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
  if (self->again)
    cobro_asked_refresh (self);
  else
    ask_again_later (self);
}

static void
send_question (CobroAsked *self, const char *cursor)
{
  g_autoptr (GString) path = g_string_new (self->spec->path);

  if (*self->filter)
    g_string_append_printf (path, "&%s", self->filter);
  if (cursor)
    g_string_append_printf (path, "&cursor=%s", cursor);
  self->asking = TRUE;
  self->more = cursor != NULL;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_handle_id (&self->timer, g_source_remove);
  cobro_sync_engine_call_async (self->engine, ask, g_strdup (path->str), g_free, g_free, self->cancellable,
                                on_answered_cb, g_object_ref (self));
}

void
cobro_asked_refresh (CobroAsked *self)
{
  g_return_if_fail (COBRO_IS_ASKED (self));

  self->again = self->asking;
  if (self->connection && !self->asking && cobro_asked_can_ask (self))
    send_question (self, NULL);
}

void
cobro_asked_try_again (CobroAsked *self)
{
  g_return_if_fail (COBRO_IS_ASKED (self));

  if (!cobro_asked_can_ask (self))
    cobro_connection_sync_now (self->connection);
  cobro_asked_refresh (self);
}

void
cobro_asked_more (CobroAsked *self)
{
  g_return_if_fail (COBRO_IS_ASKED (self));

  if (self->next && !self->asking && cobro_asked_can_ask (self))
    send_question (self, self->next);
}

void
cobro_asked_watch (CobroAsked *self)
{
  g_return_if_fail (COBRO_IS_ASKED (self));

  if (self->watchers++ == 0)
    cobro_asked_refresh (self);
}

void
cobro_asked_unwatch (CobroAsked *self)
{
  g_return_if_fail (COBRO_IS_ASKED (self));
  g_return_if_fail (self->watchers > 0);

  if (--self->watchers == 0)
    g_clear_handle_id (&self->timer, g_source_remove);
}

/* What was known is of another question, or of somebody else's relay. */
static void
forget (CobroAsked *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  self->asking = FALSE;
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->next, g_free);
  g_clear_error (&self->error);
  self->as_of = 0;
  g_list_store_remove_all (self->items);
}

void
cobro_asked_set_filter (CobroAsked *self, const char *filter)
{
  g_return_if_fail (COBRO_IS_ASKED (self));

  if (g_str_equal (filter, self->filter))
    return;
  g_free (self->filter);
  self->filter = g_strdup (filter);
  forget (self);
  cobro_asked_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ── Getters ── */

GListModel *
cobro_asked_get_list (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), NULL);

  return G_LIST_MODEL (self->items);
}

gboolean
cobro_asked_has_more (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), FALSE);

  return self->next != NULL;
}

gboolean
cobro_asked_get_paired (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), FALSE);

  return *cobro_connection_get_account (self->connection) != '\0';
}

gboolean
cobro_asked_can_ask (CobroAsked *self)
{
  CobroConnectionState state;

  g_return_val_if_fail (COBRO_IS_ASKED (self), FALSE);

  state = cobro_connection_get_state (self->connection);
  return state == COBRO_CONNECTION_ONLINE || state == COBRO_CONNECTION_SYNCING;
}

gboolean
cobro_asked_get_known (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), FALSE);

  return self->text != NULL;
}

CobroTime
cobro_asked_get_as_of (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), 0);

  return self->as_of;
}

const GError *
cobro_asked_get_error (CobroAsked *self)
{
  g_return_val_if_fail (COBRO_IS_ASKED (self), NULL);

  return self->error;
}

/* ── The object ── */

static void
show_remembered (CobroAsked *self)
{
  g_autofree char *text = self->spec->setting ? cobro_store_dup_setting (self->store, self->spec->setting, NULL) : NULL;

  if (text && take_text (self, text, FALSE, NULL))
    self->text = g_steal_pointer (&text);
}

static void
on_connection_changed_cb (CobroAsked *self)
{
  const char *account = cobro_connection_get_account (self->connection);
  gboolean reachable = cobro_asked_can_ask (self);

  if (*account && !g_str_equal (account, self->account))
    {
      if (*self->account)
        forget (self);
      g_free (self->account);
      self->account = g_strdup (account);
    }
  if (reachable && !self->was_reachable && self->watchers > 0)
    cobro_asked_refresh (self);
  self->was_reachable = reachable;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cobro_asked_dispose (GObject *object)
{
  CobroAsked *self = COBRO_ASKED (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_asked_parent_class)->dispose (object);
}

static void
cobro_asked_finalize (GObject *object)
{
  CobroAsked *self = COBRO_ASKED (object);

  g_object_unref (self->items);
  g_clear_object (&self->cancellable);
  g_free (self->filter);
  g_free (self->account);
  g_free (self->text);
  g_free (self->next);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (cobro_asked_parent_class)->finalize (object);
}

static void
cobro_asked_class_init (CobroAskedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_asked_dispose;
  object_class->finalize = cobro_asked_finalize;
  signals[CHANGED] = g_signal_new ("changed", COBRO_TYPE_ASKED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_asked_init (CobroAsked *self)
{
  self->items = g_list_store_new (COBRO_TYPE_ASKED_ITEM);
  self->filter = g_strdup ("");
}

CobroAsked *
cobro_asked_new (const CobroAskedSpec *spec, CobroStore *store, CobroSyncEngine *engine, CobroConnection *connection)
{
  CobroAsked *self = g_object_new (COBRO_TYPE_ASKED, NULL);

  self->spec = spec;
  self->store = g_object_ref (store);
  self->engine = g_object_ref (engine);
  self->connection = g_object_ref (connection);
  self->account = g_strdup (cobro_connection_get_account (connection));
  show_remembered (self);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (on_connection_changed_cb), self);
  return self;
}
