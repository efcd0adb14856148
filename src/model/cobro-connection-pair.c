/* src/model/cobro-connection-pair.c — the line to the relay: pairing, practising, another computer, and the end of it.
 * Layer: model. Main thread. */
#include "cobro-connection-private.h"

#include "cobro-error.h"
#include "cobro-text.h"

/* ── Pairing ── */

typedef struct
{
  CobroLineTrouble trouble;
  char *key;
  gboolean practice;
} Pairing;

static void
pairing_free (gpointer data)
{
  Pairing *pairing = data;

  cobro_text_wipe (pairing->key);
  g_free (pairing);
}

static CobroLineTrouble
trouble_of_pairing (const GError *error)
{
  if (error->domain != COBRO_PAIRING_ERROR)
    return COBRO_LINE_OTHER;

  switch ((CobroPairingError)error->code)
    {
    case COBRO_PAIRING_ERROR_ADDRESS:
      return COBRO_LINE_ADDRESS;
    case COBRO_PAIRING_ERROR_CONNECT:
      return COBRO_LINE_DOWN;
    case COBRO_PAIRING_ERROR_SLOW:
      return COBRO_LINE_SLOW;
    case COBRO_PAIRING_ERROR_TLS:
      return COBRO_LINE_TLS;
    case COBRO_PAIRING_ERROR_NO_RELAY:
      return COBRO_LINE_NO_RELAY;
    case COBRO_PAIRING_ERROR_VERSION:
      return COBRO_LINE_VERSION;
    case COBRO_PAIRING_ERROR_CLOCK:
      return COBRO_LINE_CLOCK;
    case COBRO_PAIRING_ERROR_CODE:
      return COBRO_LINE_CODE;
    case COBRO_PAIRING_ERROR_RELAY:
    case COBRO_PAIRING_ERROR_BOOKS:
      break;
    }
  return COBRO_LINE_OTHER;
}

static void
fail_pairing (GTask *task, CobroLineTrouble trouble, GError *take_error)
{
  Pairing *pairing = g_task_get_task_data (task);
  CobroConnection *self = g_task_get_source_object (task);

  pairing->trouble = trouble;
  if (self->phase == COBRO_PHASE_STARTING)
    cobro_connection_set_phase (self, COBRO_PHASE_ENGINE);
  g_task_return_error (task, take_error);
}

static void
on_key_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroConnection *self = g_task_get_source_object (task);
  Pairing *pairing = g_task_get_task_data (task);
  GError *error = NULL;

  if (!cobro_keyring_store_finish (COBRO_KEYRING (source), result, &error))
    {
      /* For this run the key is here: work goes on, and the person knows that it is not kept. */
      cobro_sync_engine_start (self->engine, pairing->key);
      return fail_pairing (task, cobro_connection_trouble_of_keyring (error), error);
    }

  cobro_sync_engine_start (self->engine, pairing->key);
  cobro_connection_set_phase (self, COBRO_PHASE_ENGINE);
  g_task_return_boolean (task, TRUE);
}

static void
on_engine_paired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroConnection *self = g_task_get_source_object (task);
  Pairing *pairing = g_task_get_task_data (task);
  GError *error = NULL;

  pairing->key = cobro_sync_engine_pair_finish (COBRO_SYNC_ENGINE (source), result, &error);
  if (!pairing->key)
    return fail_pairing (task, trouble_of_pairing (error), error);

  cobro_connection_load_pairing (self);
  if (!pairing->practice && self->practice)
    cobro_practice_stop (self->practice);
  cobro_keyring_store_async (self->keyring, self->address, pairing->key, g_task_get_cancellable (task), on_key_kept_cb,
                             g_object_ref (task));
}

static void
pair (CobroConnection *self, GTask *task, const char *address, const char *code)
{
  cobro_connection_set_phase (self, COBRO_PHASE_STARTING);
  cobro_sync_engine_pair_async (self->engine, address, code, g_get_host_name (), g_task_get_cancellable (task),
                                on_engine_paired_cb, g_object_ref (task));
}

void
cobro_connection_pair_async (CobroConnection *self, const char *address, const char *code, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_pair_async);
  g_task_set_task_data (task, g_new0 (Pairing, 1), pairing_free);
  if (self->sample)
    return fail_pairing (task, COBRO_LINE_OTHER,
                         g_error_new (COBRO_ERROR, COBRO_ERROR_STATE, "sample data is never sent to a relay"));

  pair (self, task, address, code);
}

gboolean
cobro_connection_pair_finish (CobroConnection *self, GAsyncResult *result, CobroLineTrouble *out_trouble,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *out_trouble = ((Pairing *)g_task_get_task_data (G_TASK (result)))->trouble;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_practice_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!cobro_practice_start_finish (COBRO_PRACTICE (source), result, &error))
    return fail_pairing (task, COBRO_LINE_OTHER, error);

  cobro_connection_choose_practice_address (self, cobro_practice_get_port (self->practice));
  pair (self, task, cobro_practice_get_address (self->practice), cobro_practice_get_code (self->practice));
}

void
cobro_connection_practise_async (CobroConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Pairing *pairing;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_practise_async);
  pairing = g_new0 (Pairing, 1);
  pairing->practice = TRUE;
  g_task_set_task_data (task, pairing, pairing_free);
  if (!self->practice)
    return fail_pairing (
      task, COBRO_LINE_OTHER,
      g_error_new (COBRO_ERROR, COBRO_ERROR_UNAVAILABLE, "the program cobro-relay is not installed"));

  cobro_connection_set_phase (self, COBRO_PHASE_STARTING);
  cobro_practice_start_async (self->practice, cobro_connection_get_practice_port (self), cancellable,
                              on_practice_started_cb, g_object_ref (task));
}

/* ── Another computer ── */

static gpointer
ask_invitation (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  return cobro_relay_invite (client, cancellable, error);
}

static void
invitation_free (gpointer invitation)
{
  cobro_invitation_free (invitation);
}

static void
on_invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CobroInvitation *invitation = cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error);

  if (invitation)
    g_task_return_pointer (task, invitation, invitation_free);
  else
    g_task_return_error (task, error);
}

void
cobro_connection_invite_async (CobroConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_invite_async);
  cobro_sync_engine_call_async (self->engine, ask_invitation, NULL, NULL, invitation_free, cancellable, on_invited_cb,
                                task);
}

CobroInvitation *
cobro_connection_invite_finish (CobroConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Disconnecting ── */

static void
on_key_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  /* The relay is forgotten already; a key that stays behind opens nothing that these books still want. */
  if (cobro_keyring_clear_finish (COBRO_KEYRING (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_pairing_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!cobro_pairing_forget_finish (COBRO_STORE (source), result, &error))
    {
      cobro_connection_resume (self);
      return g_task_return_error (task, error);
    }

  cobro_sync_engine_start (self->engine, NULL);
  if (self->practice)
    cobro_practice_stop (self->practice);
  cobro_keyring_clear_async (self->keyring, self->address, self->cancellable, on_key_cleared_cb, g_object_ref (task));
  cobro_connection_load_pairing (self);
  cobro_connection_set_phase (self, COBRO_PHASE_ENGINE);
}

static void
on_published_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroConnection *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!cobro_store_finish (COBRO_STORE (source), result, &error))
    return g_task_return_error (task, error);
  cobro_connection_sync_now (self);
  g_task_return_boolean (task, TRUE);
}

void
cobro_connection_publish_again_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, self->cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_publish_again_async);
  cobro_sync_engine_publish_all_async (self->engine, self->cancellable, on_published_cb, task);
}

gboolean
cobro_connection_publish_again_finish (CobroConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cobro_connection_forget_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, self->cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_forget_async);
  cobro_sync_engine_stop (self->engine);
  cobro_pairing_forget_async (self->store, self->cancellable, on_pairing_forgotten_cb, task);
}

gboolean
cobro_connection_forget_finish (CobroConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cobro_connection_sync_now (CobroConnection *self)
{
  g_return_if_fail (COBRO_IS_CONNECTION (self));

  if (self->phase == COBRO_PHASE_LOCKED || self->phase == COBRO_PHASE_FAILED)
    cobro_connection_resume (self);
  else
    cobro_sync_engine_wake (self->engine);
}
