/* src/model/cobro-connection.c — the line to the relay as people see it: joins keyring, practice relay and sync engine.
 * Layer: model. Main thread. */
#include "cobro-connection-private.h"

#include "cobro-error.h"
#include "cobro-sample-store.h"
#include "cobro-text.h"

/* The port of the practice relay: chosen once and remembered, because before the first pairing links have its address.
 */
#define PRACTICE_SETTING "practice-port"

G_DEFINE_FINAL_TYPE (CobroConnection, cobro_connection, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

void
cobro_connection_set_trouble (CobroConnection *self, CobroConnectionPhase phase, CobroLineTrouble trouble,
                              const char *reason)
{
  self->phase = phase;
  self->phase_trouble = trouble;
  g_free (self->phase_reason);
  self->phase_reason = g_strdup (reason);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cobro_connection_set_phase (CobroConnection *self, CobroConnectionPhase phase)
{
  cobro_connection_set_trouble (self, phase, COBRO_LINE_NONE, "");
}

/* What a keyring's refusal is about; cobro-keyring.h has the paths. */
CobroLineTrouble
cobro_connection_trouble_of_keyring (const GError *error)
{
  const char *path = cobro_error_get_path (error);

  if (g_strcmp0 (path, COBRO_KEYRING_LOCKED) == 0)
    return COBRO_LINE_KEYRING_LOCKED;
  if (g_strcmp0 (path, COBRO_KEYRING_ABSENT) == 0)
    return COBRO_LINE_KEYRING_ABSENT;
  return COBRO_LINE_KEYRING_REFUSED;
}

/* ── What the books remember ── */

guint16
cobro_connection_get_practice_port (CobroConnection *self)
{
  g_autofree char *port = cobro_store_dup_setting (self->store, PRACTICE_SETTING, NULL);
  guint64 number = 0;

  if (port && g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return (guint16)number;
  return 0;
}

static char *
practice_address (guint16 port)
{
  return g_strdup_printf ("http://127.0.0.1:%u", port);
}

void
cobro_connection_load_pairing (CobroConnection *self)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_load (self->store, NULL);
  g_autofree char *practice = practice_address (cobro_connection_get_practice_port (self));

  self->paired = pairing && cobro_id_is_set (&pairing->device_id);
  self->practising = self->paired && g_str_equal (pairing->address, practice);
  g_free (self->address);
  self->address = g_strdup (self->paired ? pairing->address : "");
  self->livemode = self->paired && pairing->livemode;
  g_free (self->account);
  self->account = self->paired ? g_strdup_printf ("%s#%s-%s", pairing->address, pairing->merchant_id.text,
                                                  pairing->livemode ? "live" : "test")
                               : g_strdup ("");
}

/* A port that nobody has at the moment; 0 when there is none to be had. */
static guint16
free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;

  if (!socket || !g_socket_bind (socket, any, FALSE, NULL))
    return 0;

  got = g_socket_get_local_address (socket, NULL);
  return got ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)) : 0;
}

/* Before any pairing, links live where the practice relay will be. */
gboolean
cobro_connection_choose_practice_address (CobroConnection *self, guint16 port)
{
  g_autofree char *text = g_strdup_printf ("%u", port);
  g_autofree char *address = practice_address (port);

  return cobro_store_set_setting (self->store, PRACTICE_SETTING, text, NULL) &&
         cobro_store_set_practice_url (self->store, address, NULL);
}

static void
on_pairing_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  CobroConnection *self = user_data;

  if (!(change->kinds & COBRO_STORE_PAIRING))
    return;

  cobro_connection_load_pairing (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_engine_changed_cb (CobroConnection *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ── Taking up again ── */

static void
on_key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroConnection) self = user_data;
  g_autoptr (GError) error = NULL;
  char *key = cobro_keyring_lookup_finish (COBRO_KEYRING (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error)
    return cobro_connection_set_trouble (self, COBRO_PHASE_LOCKED, cobro_connection_trouble_of_keyring (error),
                                         error->message);

  /* Without a key the engine says by itself that this computer must be paired again. */
  cobro_sync_engine_start (self->engine, key);
  cobro_text_wipe (key);
  cobro_connection_set_phase (self, COBRO_PHASE_ENGINE);
}

static void
find_key (CobroConnection *self)
{
  cobro_keyring_lookup_async (self->keyring, self->address, self->cancellable, on_key_found_cb, g_object_ref (self));
}

static void
on_practice_resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroConnection) self = user_data;
  g_autoptr (GError) error = NULL;

  if (cobro_practice_start_finish (COBRO_PRACTICE (source), result, &error))
    find_key (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cobro_connection_set_trouble (self, COBRO_PHASE_FAILED, COBRO_LINE_OTHER, error->message);
}

void
cobro_connection_resume (CobroConnection *self)
{
  g_return_if_fail (COBRO_IS_CONNECTION (self));

  if (!self->paired || self->phase == COBRO_PHASE_STARTING)
    return;

  cobro_connection_set_phase (self, COBRO_PHASE_STARTING);
  if (self->practising && self->practice)
    cobro_practice_start_async (self->practice, cobro_connection_get_practice_port (self), self->cancellable,
                                on_practice_resumed_cb, g_object_ref (self));
  else
    find_key (self);
}

static void
on_practice_stopped_cb (CobroConnection *self)
{
  if (self->practising)
    cobro_connection_set_trouble (self, COBRO_PHASE_FAILED, COBRO_LINE_OTHER, "the practice relay ended");
}

void
cobro_connection_stop (CobroConnection *self)
{
  g_return_if_fail (COBRO_IS_CONNECTION (self));

  g_cancellable_cancel (self->cancellable);
  cobro_sync_engine_stop (self->engine);
  if (self->practice)
    cobro_practice_stop (self->practice);
}

static void
on_practice_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  cobro_practice_stop_finish (COBRO_PRACTICE (source), result);
  g_task_return_boolean (task, TRUE);
}

void
cobro_connection_stop_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (COBRO_IS_CONNECTION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cobro_connection_stop_async);
  g_cancellable_cancel (self->cancellable);
  cobro_sync_engine_stop (self->engine);
  if (self->practice)
    cobro_practice_stop_async (self->practice, on_practice_ended_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

void
cobro_connection_stop_finish (CobroConnection *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* ── What people see ── */

static CobroConnectionState
engine_state (CobroConnection *self)
{
  switch (cobro_sync_engine_get_state (self->engine))
    {
    case COBRO_SYNC_UNPAIRED:
      return COBRO_CONNECTION_NONE;
    case COBRO_SYNC_OFFLINE:
      return COBRO_CONNECTION_OFFLINE;
    case COBRO_SYNC_CONNECTING:
      return COBRO_CONNECTION_STARTING;
    case COBRO_SYNC_UPLOADING:
      return COBRO_CONNECTION_SYNCING;
    case COBRO_SYNC_UP_TO_DATE:
      return COBRO_CONNECTION_ONLINE;
    case COBRO_SYNC_NEEDS_PAIRING:
    case COBRO_SYNC_REFUSED:
      return COBRO_CONNECTION_REFUSED;
    }
  return COBRO_CONNECTION_NONE;
}

CobroConnectionState
cobro_connection_get_state (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), COBRO_CONNECTION_NONE);

  switch (self->phase)
    {
    case COBRO_PHASE_STARTING:
      return COBRO_CONNECTION_STARTING;
    case COBRO_PHASE_LOCKED:
      return COBRO_CONNECTION_LOCKED;
    case COBRO_PHASE_FAILED:
      return COBRO_CONNECTION_OFFLINE;
    case COBRO_PHASE_ENGINE:
      break;
    }
  return engine_state (self);
}

const char *
cobro_connection_get_reason (CobroConnection *self)
{
  const GError *reason;

  g_return_val_if_fail (COBRO_IS_CONNECTION (self), "");

  if (self->phase != COBRO_PHASE_ENGINE)
    return self->phase_reason;

  reason = cobro_sync_engine_get_reason (self->engine);
  return reason ? reason->message : "";
}

static CobroLineTrouble
trouble_of_engine (CobroConnection *self)
{
  static const struct
  {
    const char *stage;
    CobroLineTrouble trouble;
  } stages[] = {
    { "address", COBRO_LINE_ADDRESS },   { "connect", COBRO_LINE_DOWN },      { "deadline", COBRO_LINE_SLOW },
    { "tls", COBRO_LINE_TLS },           { "envelope", COBRO_LINE_NO_RELAY }, { "answer", COBRO_LINE_NO_RELAY },
    { "redirect", COBRO_LINE_NO_RELAY },
  };
  const GError *reason = cobro_sync_engine_get_reason (self->engine);
  const char *stage = reason ? cobro_error_get_path (reason) : NULL;

  if (!reason)
    return COBRO_LINE_NONE;
  if (cobro_sync_engine_get_state (self->engine) == COBRO_SYNC_NEEDS_PAIRING)
    return COBRO_LINE_UNPAIRED;
  if (g_error_matches (reason, COBRO_ERROR, COBRO_ERROR_PROTOCOL))
    return COBRO_LINE_VERSION;
  for (gsize i = 0; stage && i < G_N_ELEMENTS (stages); i++)
    if (g_str_equal (stage, stages[i].stage))
      return stages[i].trouble;
  return COBRO_LINE_OTHER;
}

CobroLineTrouble
cobro_connection_get_trouble (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), COBRO_LINE_NONE);

  return self->phase == COBRO_PHASE_ENGINE ? trouble_of_engine (self) : self->phase_trouble;
}

const char *
cobro_connection_get_address (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), "");

  return self->address;
}

const char *
cobro_connection_get_account (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), "");

  return self->account;
}

gboolean
cobro_connection_get_livemode (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), FALSE);

  return self->livemode;
}

gboolean
cobro_connection_is_practice (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), FALSE);

  return self->practising;
}

gboolean
cobro_connection_is_sample (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), FALSE);

  return self->sample;
}

gboolean
cobro_connection_can_practise (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), FALSE);

  return self->practice != NULL;
}

guint
cobro_connection_get_waiting (CobroConnection *self)
{
  g_return_val_if_fail (COBRO_IS_CONNECTION (self), 0);

  return (guint)cobro_sync_engine_get_waiting (self->engine);
}

/* ── The object ── */

static void
cobro_connection_dispose (GObject *object)
{
  CobroConnection *self = COBRO_CONNECTION (object);

  g_cancellable_cancel (self->cancellable);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->engine)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  if (self->practice)
    g_signal_handlers_disconnect_by_data (self->practice, self);
  g_clear_object (&self->practice);
  g_clear_object (&self->keyring);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_connection_parent_class)->dispose (object);
}

static void
cobro_connection_finalize (GObject *object)
{
  CobroConnection *self = COBRO_CONNECTION (object);

  g_object_unref (self->cancellable);
  g_free (self->phase_reason);
  g_free (self->address);
  g_free (self->account);
  G_OBJECT_CLASS (cobro_connection_parent_class)->finalize (object);
}

static void
cobro_connection_class_init (CobroConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_connection_dispose;
  object_class->finalize = cobro_connection_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_connection_init (CobroConnection *self)
{
  self->cancellable = g_cancellable_new ();
  self->phase_reason = g_strdup ("");
  self->address = g_strdup ("");
  self->account = g_strdup ("");
}

CobroConnection *
cobro_connection_new (CobroStore *store, CobroSyncEngine *engine, CobroKeyring *keyring, CobroPractice *practice)
{
  CobroConnection *self = g_object_new (COBRO_TYPE_CONNECTION, NULL);

  self->store = g_object_ref (store);
  self->engine = g_object_ref (engine);
  self->keyring = g_object_ref (keyring);
  self->practice = practice ? g_object_ref (practice) : NULL;
  self->sample = cobro_sample_store_is (store);
  cobro_connection_load_pairing (self);
  if (practice && !self->paired && cobro_connection_get_practice_port (self) == 0)
    cobro_connection_choose_practice_address (self, free_port ());
  g_signal_connect (store, "changed", G_CALLBACK (on_pairing_changed_cb), self);
  g_signal_connect_swapped (engine, "changed", G_CALLBACK (on_engine_changed_cb), self);
  if (practice)
    g_signal_connect_swapped (practice, "stopped", G_CALLBACK (on_practice_stopped_cb), self);
  return self;
}
