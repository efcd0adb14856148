/* src/model/cobro-providers-save.c — a change on its way: into the keyring first, then to the relay, now or as soon as
 * it can be reached. Layer: model. Main thread. */
#include "cobro-text.h"
#include "cobro-providers-private.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-relay-desk.h"

#define WAY_SETTING "provider-way:"
#define WAITING     "waiting"
#define REFUSED     "refused"

char *
cobro_providers_dup_place (CobroProviders *self, const char *name)
{
  return g_strconcat (cobro_connection_get_account (self->connection), "/", name, NULL);
}

/* ── What the books remember: that something waits, or why it was refused; never what ── */

static char *
way_name (const char *place)
{
  return g_strconcat (WAY_SETTING, place, NULL);
}

void
cobro_providers_load_way (CobroProviders *self, CobroProviderItem *item)
{
  g_autofree char *place = cobro_providers_dup_place (self, cobro_provider_item_get_provider (item)->name);
  g_autofree char *name = way_name (place);
  g_autofree char *way = cobro_store_dup_setting (self->store, name, NULL);
  g_auto (GStrv) parts = way ? g_strsplit (way, "\n", 3) : NULL;

  if (parts && g_strcmp0 (parts[0], WAITING) == 0)
    cobro_provider_item_set_way (item, TRUE, "", "");
  else if (parts && g_strv_length (parts) == 3)
    cobro_provider_item_set_way (item, FALSE, parts[2], parts[1]);
}

/* @refusal: (nullable) */
static gboolean
note_way (CobroProviders *self, const char *provider, const char *place, gboolean waiting, const GError *refusal,
          GError **error)
{
  g_autofree char *name = way_name (place);
  const char *path = refusal ? cobro_error_get_path (refusal) : NULL;
  g_autofree char *why = refusal ? g_strdup_printf ("%s\n%s\n%s", REFUSED, path ? path : "", refusal->message) : NULL;
  CobroProviderItem *item = cobro_providers_find (self, provider);

  if (!cobro_store_set_setting (self->store, name, waiting ? WAITING : why, error))
    return FALSE;
  if (item)
    cobro_provider_item_set_way (item, waiting, refusal ? refusal->message : "", path ? path : "");
  return TRUE;
}

/* ── One change ── */

typedef struct
{
  char *provider, *place;
  CobroProviderChange *change; /* NULL: only what waits in the keyring is sent */
  CobroKeptKeys *keys;         /* what is in the keyring */
  char *before;                /* (nullable) as it was there before */
  gboolean removing;
  gboolean sent;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->provider);
  g_free (saving->place);
  cobro_provider_change_free (saving->change);
  cobro_kept_keys_free (saving->keys);
  cobro_text_wipe (saving->before);
  g_free (saving);
}

static void
end (GTask *task, GError *take_error)
{
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  g_hash_table_remove (self->saving, saving->provider);
  if (take_error)
    g_task_return_error (task, take_error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_keyring_tidied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  /* The relay has answered: what stays behind in the keyring is only the copy of before. */
  cobro_keyring_store_finish (COBRO_KEYRING (source), result, NULL);
  end (user_data, NULL);
  g_object_unref (user_data);
}

static void
on_keyring_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cobro_keyring_clear_finish (COBRO_KEYRING (source), result, NULL);
  end (user_data, NULL);
  g_object_unref (user_data);
}

/* ── 3. The relay has answered ── */

static void
keep_sent (GTask *task)
{
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  char *text;

  saving->sent = TRUE;
  if (saving->removing)
    return cobro_keyring_clear_async (self->keyring, saving->place, self->cancellable, on_keyring_cleared_cb,
                                      g_object_ref (task));
  cobro_provider_change_merge (saving->keys->kept, saving->keys->waiting);
  g_clear_pointer (&saving->keys->waiting, cobro_provider_change_free);
  text = cobro_kept_keys_to_text (saving->keys);
  cobro_keyring_store_async (self->keyring, saving->place, text, self->cancellable, on_keyring_tidied_cb,
                             g_object_ref (task));
  cobro_text_wipe (text);
}

/* Somebody looks at the form: it still holds what was typed, and nothing of it stays elsewhere. */
static void
put_back (GTask *task, GError *take_error)
{
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  if (saving->before)
    cobro_keyring_store_async (self->keyring, saving->place, saving->before, self->cancellable, NULL, NULL);
  else
    cobro_keyring_clear_async (self->keyring, saving->place, self->cancellable, NULL, NULL);
  end (task, take_error);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_INVALID) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_FORBIDDEN) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

static void
on_changed_there_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (CobroProvider) provider = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);
  gboolean interactive = saving->change != NULL;

  if (!self->store) /* closed meanwhile; what waits is in the keyring */
    {
      g_clear_error (&error);
      return end (task, NULL);
    }
  if (provider)
    {
      if (!note_way (self, saving->provider, saving->place, FALSE, NULL, &error))
        return end (task, error);
      cobro_providers_take (self, provider);
      return keep_sent (task);
    }
  if (!is_refusal (error))
    {
      g_clear_error (&error); /* it waits, and the person sees that */
      return end (task, NULL);
    }
  if (!note_way (self, saving->provider, saving->place, FALSE, interactive ? NULL : error, NULL))
    g_debug ("a refusal could not be noted");
  if (interactive)
    put_back (task, error);
  else
    end (task, error);
}

typedef struct
{
  char *name;
  CobroProviderChange *change;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_free (sending->name);
  cobro_provider_change_free (sending->change);
  g_free (sending);
}

static gpointer
ask_change (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Sending *sending = data;

  return cobro_relay_providers_change (client, sending->name, sending->change, cancellable, error);
}

static void
send (GTask *task)
{
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  Sending *sending;

  if (!cobro_providers_can_ask (self))
    return end (task, NULL);
  sending = g_new0 (Sending, 1);
  sending->name = g_strdup (saving->provider);
  sending->change = cobro_provider_change_new ();
  cobro_provider_change_merge (sending->change, saving->keys->waiting);
  cobro_sync_engine_call_async (self->engine, ask_change, sending, sending_free, (GDestroyNotify)cobro_provider_unref,
                                self->cancellable, on_changed_there_cb, g_object_ref (task));
}

/* ── 2. The keyring keeps it ── */

static void
on_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cobro_keyring_store_finish (COBRO_KEYRING (source), result, &error) ||
      !note_way (self, saving->provider, saving->place, TRUE, NULL, &error))
    return end (task, error);
  send (task);
}

static void
keep (GTask *task)
{
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  char *text;

  if (!saving->keys->waiting || saving->removing)
    {
      g_clear_pointer (&saving->keys->waiting, cobro_provider_change_free);
      saving->keys->waiting = cobro_provider_change_new ();
    }
  cobro_provider_change_merge (saving->keys->waiting, saving->change);
  text = cobro_kept_keys_to_text (saving->keys);
  cobro_keyring_store_async (self->keyring, saving->place, text, g_task_get_cancellable (task), on_kept_cb,
                             g_object_ref (task));
  cobro_text_wipe (text);
}

/* ── 1. What the keyring has ── */

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroProviders *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);
  GError *error = NULL;

  saving->before = cobro_keyring_lookup_finish (COBRO_KEYRING (source), result, &error);
  if (error)
    return end (task, error);
  saving->keys = saving->before ? cobro_kept_keys_from_text (saving->before, NULL) : NULL;
  if (!saving->keys)
    saving->keys = cobro_kept_keys_new ();
  if (saving->change)
    return keep (task);
  if (saving->keys->waiting)
    return send (task);
  /* Somebody took it out of the keyring: there is nothing left to send. */
  cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "the keys are not in the keyring any more: paste them again");
  if (!note_way (self, saving->provider, saving->place, FALSE, error, NULL))
    g_debug ("the loss of a key could not be noted");
  end (task, error);
}

/* @take_change: NULL: what waits. */
static void
start (CobroProviders *self, GTask *task, const char *provider, CobroProviderChange *take_change, gboolean removing)
{
  Saving *saving = g_new0 (Saving, 1);
  GError *error = NULL;

  *saving = (Saving){ .provider = g_strdup (provider),
                      .place = cobro_providers_dup_place (self, provider),
                      .change = take_change,
                      .removing = removing };
  g_task_set_source_tag (task, cobro_providers_save_async);
  g_task_set_task_data (task, saving, saving_free);
  g_task_set_check_cancellable (task, FALSE);
  if (!g_hash_table_add (self->saving, g_strdup (provider)))
    {
      cobro_error_set (&error, COBRO_ERROR_BUSY, "the last change is still on its way");
      return g_task_return_error (task, error);
    }
  cobro_keyring_lookup_async (self->keyring, saving->place, g_task_get_cancellable (task), on_found_cb,
                              g_object_ref (task));
}

void
cobro_providers_save_async (CobroProviders *self, const char *name, const CobroProviderChange *change,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  CobroProviderChange *copy = cobro_provider_change_new ();

  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  cobro_provider_change_merge (copy, change);
  start (self, task, name, copy, FALSE);
}

gboolean
cobro_providers_save_finish (CobroProviders *self, GAsyncResult *result, gboolean *out_sent, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_providers_save_async), FALSE);

  *out_sent = ((Saving *)g_task_get_task_data (G_TASK (result)))->sent;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cobro_providers_remove_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  CobroProviderChange *change = cobro_provider_change_new ();
  CobroProviderItem *item;

  g_return_if_fail (COBRO_IS_PROVIDERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  item = cobro_providers_find (self, name);
  change->enabled = 0;
  change->webhook_secret = g_strdup ("");
  for (guint i = 0; item && i < cobro_provider_item_get_provider (item)->settings->len; i++)
    cobro_provider_change_set (change,
                               ((CobroSetting *)cobro_provider_item_get_provider (item)->settings->pdata[i])->name, "");
  start (self, task, name, change, TRUE);
}

/* ── What was left waiting ── */

static void
on_waiting_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean sent;

  /* What was refused stands at the provider. */
  if (!cobro_providers_save_finish (COBRO_PROVIDERS (source), result, &sent, &error))
    g_debug ("what waited was not taken: %s", error->message);
}

void
cobro_providers_send_waiting (CobroProviders *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr (CobroProviderItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), i);
      const char *name = cobro_provider_item_get_provider (item)->name;
      g_autoptr (GTask) task = NULL;

      if (!cobro_provider_item_get_waiting (item) || g_hash_table_contains (self->saving, name))
        continue;
      task = g_task_new (self, self->cancellable, on_waiting_sent_cb, NULL);
      start (self, task, name, NULL, FALSE);
    }
}
