/* src/sync/cobro-sync-engine.c — repeats the steps of syncing on two threads (one pushes, one waits for events), and
 * shows the main context how it stands. Layer: sync. The object lives on its main context; functions marked "lane" run
 * on the threads. */
#include "config.h"
#include "cobro-sync-engine.h"
#include "cobro-error.h"
#include "cobro-net-retry.h"
#include "cobro-outbox.h"
#include "cobro-sync-steps.h"

#include <string.h>

#define WAIT_SECONDS   30 /* a long poll */
#define TOKENS_AT_ONCE 50
#define BACKOFF_BASE   COBRO_SECOND
#define BACKOFF_CAP    COBRO_MINUTE
#define BACKOFF_LEAST  (COBRO_SECOND / 5)
#define FOR_EVER       G_MAXINT64

typedef enum
{
  LANE_PUSH,
  LANE_PULL,
} LaneKind;
#define N_LANES 2

/* What one thread has come to. */
typedef struct
{
  CobroSyncEngine *engine; /* not owned: the engine joins its threads before it goes */
  LaneKind kind;
  GThread *thread;
  CobroRelayClient *client;
  guint batch_limit;  /* push: halved when the relay finds a batch too large */
  gboolean caught_up; /* pull: the last page was the last */

  /* Guarded by the engine's lock. */
  gboolean answered;  /* the last try was answered */
  gboolean wanted;    /* there is something to do at once */
  gboolean woken;     /* somebody asked for another try after this one began */
  guint failures;     /* in a row */
  GError *error;      /* of the last try */
  gint64 rest_until;  /* monotonic time before which it does not try again; FOR_EVER: until it is woken */
  CobroTime next_try; /* the same as UTC; 0: none */
} Lane;

/* What the getters say. Main context only. */
typedef struct
{
  CobroSyncState state;
  gint64 waiting;
  GError *reason;
  CobroTime next_try, last_complete;
} Shown;

struct _CobroSyncEngine
{
  GObject parent_instance;

  CobroStore *store;
  GMainContext *context;
  GNetworkMonitor *monitor;
  GCancellable *cancellable;
  Lane lanes[N_LANES];
  Shown shown;
  gboolean running;
  gboolean paired;
  char *address, *key; /* while it runs; main context only */

  GMutex lock; /* guards all below and the lanes' second half */
  GCond wake;
  gboolean stopping;
  gboolean showing; /* a refresh of `shown` is on its way */
  gint64 waiting;
  CobroTime last_complete;
};

G_DEFINE_TYPE (CobroSyncEngine, cobro_sync_engine, G_TYPE_OBJECT)

/* ── Showing (main context) ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_offline_error (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NO_ANSWER) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_RATE_LIMITED);
}

static CobroSyncState
state_of_error (const GError *error)
{
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED))
    return COBRO_SYNC_NEEDS_PAIRING;
  return is_offline_error (error) ? COBRO_SYNC_OFFLINE : COBRO_SYNC_REFUSED;
}

/* The worse of the two lanes counts. */
static const Lane *
worse_lane (CobroSyncEngine *self)
{
  static const CobroSyncState order[] = { COBRO_SYNC_NEEDS_PAIRING, COBRO_SYNC_REFUSED, COBRO_SYNC_OFFLINE };

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < N_LANES; i++)
      if (self->lanes[i].error != NULL && state_of_error (self->lanes[i].error) == order[k])
        return &self->lanes[i];
  return NULL;
}

static void
look (CobroSyncEngine *self, Shown *shown)
{
  const Lane *bad = worse_lane (self);

  *shown = (Shown){ .waiting = self->waiting, .last_complete = self->last_complete };
  if (bad != NULL)
    {
      shown->state = state_of_error (bad->error);
      shown->reason = g_error_copy (bad->error);
      shown->next_try = shown->state == COBRO_SYNC_OFFLINE ? bad->next_try : 0;
    }
  else if (!self->lanes[LANE_PULL].answered || !self->lanes[LANE_PUSH].answered)
    shown->state = COBRO_SYNC_CONNECTING;
  else
    shown->state = self->waiting > 0 ? COBRO_SYNC_UPLOADING : COBRO_SYNC_UP_TO_DATE;
}

static gboolean
is_same_reason (const GError *a, const GError *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->domain == b->domain && a->code == b->code && strcmp (a->message, b->message) == 0;
}

static void
show (CobroSyncEngine *self, const Shown *now)
{
  Shown before = self->shown;
  gboolean same = before.state == now->state && before.waiting == now->waiting && before.next_try == now->next_try &&
                  before.last_complete == now->last_complete && is_same_reason (before.reason, now->reason);

  self->shown = *now;
  g_clear_error (&before.reason);
  if (!same)
    g_signal_emit_by_name (self, "changed");
}

static gboolean
on_refresh_cb (gpointer data)
{
  CobroSyncEngine *self = data;
  Shown now;

  g_mutex_lock (&self->lock);
  self->showing = FALSE;
  if (!self->running)
    {
      g_mutex_unlock (&self->lock);
      return G_SOURCE_REMOVE;
    }
  look (self, &now);
  g_mutex_unlock (&self->lock);
  show (self, &now);
  return G_SOURCE_REMOVE;
}

/* With the lock held; any thread. */
static void
refresh (CobroSyncEngine *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->showing)
    return;
  self->showing = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_refresh_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/* ── Lanes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
rest (Lane *lane, gint64 delay)
{
  CobroClock *clock = cobro_store_get_clock (lane->engine->store);

  lane->rest_until = delay == FOR_EVER ? FOR_EVER : g_get_monotonic_time () + delay;
  lane->next_try = delay == FOR_EVER ? 0 : cobro_clock_now (clock) + delay;
}

/* Lane, with the lock held. Until somebody pairs anew there is no use in asking again. */
static void
note_failure (Lane *lane, GError *take_error)
{
  CobroRandom *random = cobro_store_get_random (lane->engine->store);
  gint64 asked = cobro_relay_client_get_retry_after (lane->client) * COBRO_SECOND;
  gint64 delay = cobro_net_retry_full_jitter (lane->failures, BACKOFF_BASE, BACKOFF_CAP, random);

  g_clear_error (&lane->error);
  lane->error = take_error;
  lane->failures++;
  lane->answered = FALSE;
  if (lane->woken)
    lane->wanted = TRUE;
  else if (state_of_error (lane->error) == COBRO_SYNC_NEEDS_PAIRING)
    rest (lane, FOR_EVER);
  else if (state_of_error (lane->error) == COBRO_SYNC_REFUSED)
    rest (lane, BACKOFF_CAP);
  else
    rest (lane, MAX (MAX (delay, asked), BACKOFF_LEAST));
}

/* Lane, with the lock held. When the relay is there again, the other lane need not wait any longer. */
static void
note_success (Lane *lane)
{
  CobroSyncEngine *self = lane->engine;

  lane->answered = TRUE;
  lane->rest_until = 0;
  lane->next_try = 0;
  if (lane->failures == 0)
    return;
  lane->failures = 0;
  g_clear_error (&lane->error);
  for (guint i = 0; i < N_LANES; i++)
    if (self->lanes[i].error != NULL && is_offline_error (self->lanes[i].error))
      self->lanes[i].rest_until = 0;
  g_cond_broadcast (&self->wake);
}

/* Lane. Waits for its time or its work. FALSE: the engine stops. */
static gboolean
wait_for_turn (Lane *lane)
{
  CobroSyncEngine *self = lane->engine;
  gboolean go;

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      gint64 now = g_get_monotonic_time ();

      if (now >= lane->rest_until && (lane->wanted || lane->rest_until != 0 || !lane->answered))
        break;
      if (lane->rest_until > now && lane->rest_until != FOR_EVER)
        g_cond_wait_until (&self->wake, &self->lock, lane->rest_until);
      else
        g_cond_wait (&self->wake, &self->lock);
    }
  go = !self->stopping;
  lane->wanted = FALSE;
  lane->woken = FALSE;
  lane->rest_until = 0;
  g_mutex_unlock (&self->lock);
  return go;
}

static gpointer
do_count (CobroStoreTx *tx, gpointer data, GError **error)
{
  *(gint64 *)data = cobro_outbox_count (tx, error);
  return NULL;
}

static gint64
count_waiting (CobroSyncEngine *self)
{
  gint64 waiting = 0;

  cobro_store_read (self->store, do_count, &waiting, NULL);
  return MAX (waiting, 0);
}

/* Lane. Sends batches until nothing is left that may go now. */
static void
push (Lane *lane)
{
  CobroSyncEngine *self = lane->engine;
  g_autoptr (GError) error = NULL;
  CobroPushStep step = { 0 };
  gboolean ok = cobro_sync_push_once (self->store, lane->client, lane->batch_limit, &step, self->cancellable, &error);
  gint64 waiting = count_waiting (self);

  g_mutex_lock (&self->lock);
  self->waiting = waiting;
  if (ok)
    {
      note_success (lane);
      lane->wanted = lane->wanted || step.more;
      lane->batch_limit = MIN (lane->batch_limit * 2, COBRO_PUSH_OPERATIONS_MAX);
      if (!step.more && step.next_due != 0)
        rest (lane, MAX (step.next_due - cobro_clock_now (cobro_store_get_clock (self->store)), BACKOFF_LEAST));
    }
  else if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_TOO_LARGE) && lane->batch_limit > 1)
    {
      lane->batch_limit /= 2;
      lane->wanted = TRUE;
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    note_failure (lane, g_steal_pointer (&error));
  refresh (self);
  g_mutex_unlock (&self->lock);
}

/* Lane. The first look does not wait, so that it is known at once how things stand. */
static void
pull (Lane *lane)
{
  CobroSyncEngine *self = lane->engine;
  g_autoptr (GError) error = NULL;
  guint n = 0, tokens = 0;
  gboolean first = !lane->caught_up;
  guint wait = first ? 0 : WAIT_SECONDS;
  gboolean ok = cobro_sync_pull_once (self->store, lane->client, wait, &n, self->cancellable, &error);

  if (ok && n < COBRO_PULL_LIMIT)
    {
      lane->caught_up = TRUE;
      ok = (!first || cobro_sync_refresh (self->store, lane->client, self->cancellable, &error)) &&
           cobro_sync_fetch_tokens (self->store, lane->client, TOKENS_AT_ONCE, &tokens, self->cancellable, &error) &&
           cobro_sync_fetch_logo (self->store, lane->client, self->cancellable, &error);
    }
  g_mutex_lock (&self->lock);
  if (ok)
    {
      note_success (lane);
      lane->wanted = TRUE;
      if (lane->caught_up && self->waiting == 0)
        self->last_complete = cobro_clock_now (cobro_store_get_clock (self->store));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      lane->caught_up = FALSE;
      note_failure (lane, g_steal_pointer (&error));
    }
  refresh (self);
  g_mutex_unlock (&self->lock);
}

static gpointer
lane_thread (gpointer data)
{
  Lane *lane = data;

  while (wait_for_turn (lane))
    if (lane->kind == LANE_PUSH)
      push (lane);
    else
      pull (lane);
  return NULL;
}

/* ── Starting and stopping ──────────────────────────────────────────────────────────────────────────────────────── */

static void
start_lane (CobroSyncEngine *self, LaneKind kind, const char *address, const char *device_key)
{
  Lane *lane = &self->lanes[kind];

  *lane = (Lane){ .engine = self, .kind = kind, .wanted = TRUE, .batch_limit = COBRO_PUSH_OPERATIONS_MAX };
  lane->client = cobro_relay_client_new (address, device_key);
  lane->thread = g_thread_new (kind == LANE_PUSH ? "sync-push" : "sync-pull", lane_thread, lane);
}

static void
stop_lane (Lane *lane)
{
  if (lane->thread == NULL)
    return;
  g_thread_join (g_steal_pointer (&lane->thread));
  g_clear_pointer (&lane->client, cobro_relay_client_free);
  g_clear_error (&lane->error);
}

static void
key_free (gpointer data)
{
  char *key = data;

  if (key != NULL)
    explicit_bzero (key, strlen (key));
  g_free (key);
}

void
cobro_sync_engine_stop (CobroSyncEngine *self)
{
  Shown still = { .state = self->paired ? COBRO_SYNC_OFFLINE : COBRO_SYNC_UNPAIRED };

  if (!self->running)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  self->running = FALSE;
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < N_LANES; i++)
    stop_lane (&self->lanes[i]);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->key, key_free);
  still.waiting = self->shown.waiting;
  still.last_complete = self->shown.last_complete;
  show (self, &still);
}

static void
show_without_lanes (CobroSyncEngine *self, CobroSyncState state, const char *reason)
{
  Shown now = { .state = state, .waiting = count_waiting (self) };

  if (reason != NULL)
    cobro_error_set (&now.reason, COBRO_ERROR_UNAUTHORIZED, "%s", reason);
  show (self, &now);
}

void
cobro_sync_engine_start (CobroSyncEngine *self, const char *device_key)
{
  g_autoptr (CobroPairing) pairing = NULL;
  g_autoptr (GError) error = NULL;
  Shown now = { .state = COBRO_SYNC_CONNECTING };

  cobro_sync_engine_stop (self);
  if (!(pairing = cobro_pairing_load (self->store, &error)))
    {
      now.state = COBRO_SYNC_REFUSED;
      now.reason = g_steal_pointer (&error);
      show (self, &now);
      return;
    }
  self->paired = cobro_id_is_set (&pairing->device_id);
  if (!self->paired || device_key == NULL)
    {
      show_without_lanes (self, self->paired ? COBRO_SYNC_NEEDS_PAIRING : COBRO_SYNC_UNPAIRED,
                          self->paired ? "the key of this computer is not in the keyring" : NULL);
      return;
    }
  now.waiting = self->waiting = count_waiting (self);
  now.last_complete = self->last_complete;
  self->stopping = FALSE;
  self->running = TRUE;
  self->cancellable = g_cancellable_new ();
  self->address = g_strdup (pairing->address);
  self->key = g_strdup (device_key);
  show (self, &now);
  for (int kind = 0; kind < N_LANES; kind++)
    start_lane (self, (LaneKind)kind, pairing->address, device_key);
}

void
cobro_sync_engine_wake (CobroSyncEngine *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < N_LANES; i++)
    {
      self->lanes[i].wanted = TRUE;
      self->lanes[i].woken = TRUE;
      self->lanes[i].rest_until = 0;
    }
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
}

/* Something was written: off it goes, unless the relay is known to be away. */
static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer data)
{
  CobroSyncEngine *self = data;

  if ((change->kinds & COBRO_STORE_OUTBOX) == 0)
    return;
  if (!self->running)
    {
      Shown now = self->shown;

      now.reason = now.reason != NULL ? g_error_copy (now.reason) : NULL;
      now.waiting = count_waiting (self);
      show (self, &now);
      return;
    }
  g_mutex_lock (&self->lock);
  self->lanes[LANE_PUSH].wanted = TRUE;
  if (self->lanes[LANE_PUSH].failures == 0)
    self->lanes[LANE_PUSH].rest_until = 0;
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
}

static void
on_network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer data)
{
  if (available)
    cobro_sync_engine_wake (data);
}

/* ── Publishing, pairing ────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_publish_all (CobroStoreTx *tx, gpointer data, GError **error)
{
  gint64 n;

  return GINT_TO_POINTER (cobro_sync_publish_all (tx, &n, error));
}

void
cobro_sync_engine_publish_all_async (CobroSyncEngine *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  cobro_store_write_async (self->store, do_publish_all, NULL, NULL, NULL, cancellable, callback, user_data);
}

typedef struct
{
  CobroStore *store;
  char *address, *code, *device_name;
  char *key;     /* the outcome */
  GError *error; /* or this */
} PairJob;

static void
pair_job_free (gpointer data)
{
  PairJob *job = data;

  g_object_unref (job->store);
  g_free (job->address);
  g_free (job->code);
  g_free (job->device_name);
  key_free (job->key);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
on_paired_cb (gpointer data)
{
  GTask *task = data;
  PairJob *job = g_task_get_task_data (task);

  if (job->key != NULL)
    g_task_return_pointer (task, g_steal_pointer (&job->key), key_free);
  else
    g_task_return_error (task, g_steal_pointer (&job->error));
  return G_SOURCE_REMOVE;
}

/* The task goes back to its context: it may hold the engine's last reference, which must not end on this thread. */
static gpointer
pair_thread (gpointer data)
{
  GTask *task = data;
  PairJob *job = g_task_get_task_data (task);
  g_autoptr (GMainContext) context = g_main_context_ref (g_task_get_context (task));
  g_autoptr (GSource) source = g_idle_source_new ();

  job->key =
    cobro_sync_pair (job->store, job->address, job->code, job->device_name, g_task_get_cancellable (task), &job->error);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_paired_cb, task, g_object_unref);
  g_source_attach (source, context);
  return NULL;
}

void
cobro_sync_engine_pair_async (CobroSyncEngine *self, const char *address, const char *code, const char *device_name,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PairJob *job = g_new0 (PairJob, 1);

  job->store = g_object_ref (self->store);
  job->address = g_strdup (address);
  job->code = g_strdup (code);
  job->device_name = g_strdup (device_name);
  g_task_set_source_tag (task, cobro_sync_engine_pair_async);
  g_task_set_task_data (task, job, pair_job_free);
  /* A pairing that came about is told, even if somebody lost patience meanwhile: its key exists only here. */
  g_task_set_check_cancellable (task, FALSE);
  g_thread_unref (g_thread_new ("sync-pair", pair_thread, task));
}

char *
cobro_sync_engine_pair_finish (CobroSyncEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_sync_engine_pair_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

CobroRelayClient *
cobro_sync_engine_new_client (CobroSyncEngine *self)
{
  return self->running ? cobro_relay_client_new (self->address, self->key) : NULL;
}

/* ── The object ─────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroSyncState
cobro_sync_engine_get_state (CobroSyncEngine *self)
{
  return self->shown.state;
}

gint64
cobro_sync_engine_get_waiting (CobroSyncEngine *self)
{
  return self->shown.waiting;
}

const GError *
cobro_sync_engine_get_reason (CobroSyncEngine *self)
{
  return self->shown.reason;
}

CobroTime
cobro_sync_engine_get_next_try (CobroSyncEngine *self)
{
  return self->shown.next_try;
}

CobroTime
cobro_sync_engine_get_last_complete (CobroSyncEngine *self)
{
  return self->shown.last_complete;
}

CobroSyncEngine *
cobro_sync_engine_new (CobroStore *store)
{
  CobroSyncEngine *self = g_object_new (COBRO_TYPE_SYNC_ENGINE, NULL);

  self->store = g_object_ref (store);
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  return self;
}

static void
cobro_sync_engine_dispose (GObject *object)
{
  CobroSyncEngine *self = COBRO_SYNC_ENGINE (object);

  cobro_sync_engine_stop (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->store);
  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (cobro_sync_engine_parent_class)->dispose (object);
}

static void
cobro_sync_engine_finalize (GObject *object)
{
  CobroSyncEngine *self = COBRO_SYNC_ENGINE (object);

  g_clear_error (&self->shown.reason);
  g_main_context_unref (self->context);
  g_cond_clear (&self->wake);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (cobro_sync_engine_parent_class)->finalize (object);
}

static void
cobro_sync_engine_class_init (CobroSyncEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_sync_engine_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_sync_engine_finalize;
  g_signal_new ("changed", COBRO_TYPE_SYNC_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_sync_engine_init (CobroSyncEngine *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->context = g_main_context_ref_thread_default ();
  self->shown.state = COBRO_SYNC_UNPAIRED;
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect (self->monitor, "network-changed", G_CALLBACK (on_network_changed_cb), self);
}
