/* src/model/cobro-providers.c — accounts at payment providers.
 * Layer: model. Main thread. */
#include "cobro-text.h"
#include "cobro-providers-private.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-profile-store.h"
#include "cobro-relay-desk.h"

/* What the relay last said about its providers. */
#define LIST_SETTING "providers"

G_DEFINE_FINAL_TYPE (CobroProviders, cobro_providers, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── The list ── */

CobroProviderItem *
cobro_providers_find (CobroProviders *self, const char *name)
{
  GListModel *list;

  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), NULL);

  list = G_LIST_MODEL (self->list);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (CobroProviderItem) item = g_list_model_get_item (list, i);

      if (g_str_equal (cobro_provider_item_get_provider (item)->name, name))
        return item; /* the list keeps it */
    }
  return NULL;
}

/* Those that are offered, as they are offered; the others stay as the relay has them. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const CobroProvider *x = *(CobroProvider *const *)a, *y = *(CobroProvider *const *)b;

  if (x->enabled != y->enabled)
    return x->enabled ? -1 : 1;
  if (!x->enabled || x->position == y->position)
    return 0;
  return x->position < y->position ? -1 : 1;
}

static gboolean
is_same_set (CobroProviders *self, GPtrArray *providers)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) != providers->len)
    return FALSE;
  for (guint i = 0; i < providers->len; i++)
    {
      g_autoptr (CobroProviderItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (!g_str_equal (cobro_provider_item_get_provider (item)->name, ((CobroProvider *)providers->pdata[i])->name))
        return FALSE;
    }
  return TRUE;
}

static void
take_list (CobroProviders *self, GPtrArray *providers)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same;

  g_ptr_array_sort (providers, compare); /* stable: GLib merges */
  same = is_same_set (self, providers);

  for (guint i = 0; i < providers->len; i++)
    {
      CobroProvider *provider = providers->pdata[i];
      CobroProviderItem *item = cobro_providers_find (self, provider->name);

      if (item)
        cobro_provider_item_set_provider (item, provider);
      g_ptr_array_add (items, item ? g_object_ref (item) : cobro_provider_item_new (provider));
      if (!item)
        cobro_providers_load_way (self, items->pdata[i]);
    }
  if (!same)
    g_list_store_splice (self->list, 0, g_list_model_get_n_items (G_LIST_MODEL (self->list)), items->pdata, items->len);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
show_remembered (CobroProviders *self)
{
  g_autofree char *text = cobro_store_dup_setting (self->store, LIST_SETTING, NULL);
  g_autoptr (GPtrArray) providers = text ? cobro_relay_providers_read (text, NULL) : NULL;

  if (providers)
    take_list (self, providers);
}

typedef struct
{
  GPtrArray *providers;
  char *text;
} Listed;

static void
listed_free (gpointer data)
{
  Listed *listed = data;

  g_ptr_array_unref (listed->providers);
  g_free (listed->text);
  g_free (listed);
}

static gpointer
ask_list (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  char *text = NULL;
  GPtrArray *providers = cobro_relay_providers_list (client, &text, cancellable, error);
  Listed *listed;

  if (!providers)
    return NULL;
  listed = g_new0 (Listed, 1);
  *listed = (Listed){ .providers = providers, .text = text };
  return listed;
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProviders) self = user_data;
  Listed *listed = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, NULL);

  self->asking = FALSE;
  if (!listed)
    return;
  if (self->store)
    {
      take_list (self, listed->providers);
      /* Remembered for the time without network; without it the list is only missing then. */
      if (!cobro_store_set_setting (self->store, LIST_SETTING, listed->text, NULL))
        g_debug ("the providers could not be remembered");
      cobro_providers_send_waiting (self);
    }
  listed_free (listed);
}

/* Something may have been switched on or moved. While several are being moved the old positions do not count. */
static void
put_in_order (CobroProviders *self)
{
  g_autoptr (GPtrArray) providers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_unref);

  if (g_hash_table_size (self->saving) > 1)
    {
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (CobroProviderItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      g_ptr_array_add (providers, cobro_provider_ref ((CobroProvider *)cobro_provider_item_get_provider (item)));
    }
  take_list (self, providers);
}

void
cobro_providers_refresh (CobroProviders *self)
{
  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  if (self->asking || !cobro_providers_can_ask (self))
    return;
  self->asking = TRUE;
  cobro_sync_engine_call_async (self->engine, ask_list, NULL, NULL, listed_free, self->cancellable, on_listed_cb,
                                g_object_ref (self));
}

void
cobro_providers_take (CobroProviders *self, CobroProvider *provider)
{
  CobroProviderItem *item = cobro_providers_find (self, provider->name);

  if (item)
    cobro_provider_item_set_provider (item, provider);
  put_in_order (self);
}

/* ── The order ── */

guint
cobro_providers_get_n_offered (CobroProviders *self)
{
  guint n = 0;

  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (CobroProviderItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      n += cobro_provider_item_get_provider (item)->enabled ? 1 : 0;
    }
  return n;
}

static void
on_moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroProviders *self = COBRO_PROVIDERS (source);
  g_autoptr (GError) error = NULL;
  gboolean sent;

  /* An order that cannot be kept is seen to be the old one again. */
  if (!cobro_providers_save_finish (self, result, &sent, &error) && self->store)
    cobro_providers_refresh (self);
}

void
cobro_providers_move (CobroProviders *self, const char *name, guint index)
{
  g_autoptr (GPtrArray) offered = NULL;
  guint n, from;

  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  n = cobro_providers_get_n_offered (self);
  offered = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (offered, g_list_model_get_item (G_LIST_MODEL (self->list), i));
  if (index >= n || !g_ptr_array_find (offered, cobro_providers_find (self, name), &from) || from == index)
    return;
  g_ptr_array_insert (offered, (int)index, g_ptr_array_steal_index (offered, from));
  g_list_store_splice (self->list, 0, n, offered->pdata, n);
  for (guint i = 0; i < n; i++)
    {
      const CobroProvider *provider = cobro_provider_item_get_provider (offered->pdata[i]);
      g_autoptr (CobroProviderChange) change = cobro_provider_change_new ();

      if (provider->position == i)
        continue;
      change->position = i;
      cobro_providers_save_async (self, provider->name, change, self->cancellable, on_moved_cb, NULL);
    }
}

/* ── Trying and making ── */

typedef struct
{
  char *name;
  char *words;
  gboolean ok;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  g_free (trial->name);
  g_free (trial->words);
  g_free (trial);
}

static gpointer
ask_test (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autofree char *words = NULL;
  gboolean ok = FALSE;
  Trial *trial;

  if (!cobro_relay_providers_test (client, data, &ok, &words, cancellable, error))
    return NULL;
  trial = g_new0 (Trial, 1);
  *trial = (Trial){ .name = g_strdup (data), .words = g_steal_pointer (&words), .ok = ok };
  return trial;
}

static void
on_tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroProviders *self = g_task_get_source_object (task);
  GError *error = NULL;
  Trial *trial = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  if (!trial)
    return g_task_return_error (task, error);
  cobro_providers_refresh (self); /* whether it is left alone may have changed */
  g_task_return_pointer (task, trial, trial_free);
}

void
cobro_providers_test_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_providers_test_async);
  cobro_sync_engine_call_async (self->engine, ask_test, g_strdup (name), g_free, trial_free, cancellable, on_tried_cb,
                                task);
}

gboolean
cobro_providers_test_finish (CobroProviders *self, GAsyncResult *result, gboolean *out_ok, char **out_words,
                             GError **error)
{
  Trial *trial;

  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_providers_test_async), FALSE);

  trial = g_task_propagate_pointer (G_TASK (result), error);
  if (!trial)
    return FALSE;
  *out_ok = trial->ok;
  *out_words = g_steal_pointer (&trial->words);
  trial_free (trial);
  return TRUE;
}

static gpointer
ask_new_secret (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  CobroTime before_until;

  return cobro_relay_providers_new_secret (client, data, &before_until, cancellable, error);
}

static void
on_secret_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroProviders *self = g_task_get_source_object (task);
  GError *error = NULL;
  char *secret = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  if (!secret)
    return g_task_return_error (task, error);
  cobro_providers_refresh (self);
  g_task_return_pointer (task, secret, cobro_text_wipe);
}

void
cobro_providers_new_secret_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_providers_new_secret_async);
  g_task_set_check_cancellable (task, FALSE); /* one that was made is told: it exists only here */
  cobro_sync_engine_call_async (self->engine, ask_new_secret, g_strdup (name), g_free, cobro_text_wipe, cancellable,
                                on_secret_made_cb, task);
}

char *
cobro_providers_new_secret_finish (CobroProviders *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_providers_new_secret_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Links ── */

static void
on_counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gint64 n = cobro_link_count_gateway_finish (COBRO_STORE (source), result, &error);

  if (n < 0)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, (gssize)n);
}

void
cobro_providers_count_links_async (CobroProviders *self, const char *name, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  cobro_link_count_gateway_async (self->store, name, self->cancellable, on_counted_cb,
                                  g_task_new (self, self->cancellable, callback, user_data));
}

gint64
cobro_providers_count_links_finish (CobroProviders *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/* ── The object ── */

GListModel *
cobro_providers_get_list (CobroProviders *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), NULL);

  return G_LIST_MODEL (self->list);
}

gboolean
cobro_providers_can_ask (CobroProviders *self)
{
  CobroConnectionState state;

  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), FALSE);

  state = cobro_connection_get_state (self->connection);
  return state == COBRO_CONNECTION_ONLINE || state == COBRO_CONNECTION_SYNCING;
}

gboolean
cobro_providers_get_paired (CobroProviders *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), FALSE);

  return *cobro_connection_get_account (self->connection) != '\0';
}

gboolean
cobro_providers_get_livemode (CobroProviders *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDERS (self), FALSE);

  return cobro_connection_get_livemode (self->connection);
}

/* Another relay, or another mode of it: what was known says nothing. */
static void
forget_list (CobroProviders *self)
{
  g_list_store_remove_all (self->list);
  if (!cobro_store_set_setting (self->store, LIST_SETTING, NULL, NULL))
    g_debug ("the providers could not be forgotten");
}

static void
on_connection_changed_cb (CobroProviders *self)
{
  g_autofree char *place = cobro_providers_dup_place (self, "");
  gboolean reachable = cobro_providers_can_ask (self);
  gboolean came_back = reachable && !self->was_reachable;

  self->was_reachable = reachable;
  if (!g_str_equal (place, self->place))
    {
      g_free (self->place);
      self->place = g_steal_pointer (&place);
      forget_list (self);
      came_back = reachable;
    }
  if (came_back)
    cobro_providers_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cobro_providers_dispose (GObject *object)
{
  CobroProviders *self = COBRO_PROVIDERS (object);

  g_cancellable_cancel (self->cancellable);
  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->keyring);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_providers_parent_class)->dispose (object);
}

static void
cobro_providers_finalize (GObject *object)
{
  CobroProviders *self = COBRO_PROVIDERS (object);

  g_object_unref (self->list);
  g_hash_table_unref (self->saving);
  g_object_unref (self->cancellable);
  g_free (self->place);
  G_OBJECT_CLASS (cobro_providers_parent_class)->finalize (object);
}

static void
cobro_providers_class_init (CobroProvidersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_providers_dispose;
  object_class->finalize = cobro_providers_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_PROVIDERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_providers_init (CobroProviders *self)
{
  self->list = g_list_store_new (COBRO_TYPE_PROVIDER_ITEM);
  self->saving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

CobroProviders *
cobro_providers_new (CobroStore *store, CobroSyncEngine *engine, CobroConnection *connection, CobroKeyring *keyring)
{
  CobroProviders *self = g_object_new (COBRO_TYPE_PROVIDERS, NULL);

  self->store = g_object_ref (store);
  self->engine = g_object_ref (engine);
  self->connection = g_object_ref (connection);
  self->keyring = g_object_ref (keyring);
  self->place = cobro_providers_dup_place (self, "");
  show_remembered (self);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (on_connection_changed_cb), self);
  on_connection_changed_cb (self);
  return self;
}
