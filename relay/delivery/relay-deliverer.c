/* relay/delivery/relay-deliverer.c — the worker: lanes, what is on its way, the thread around the steps.
 * Layer: relay/delivery. One thread; answers come from the carrier's. */
#include "relay-deliverer.h"

#include <string.h>

#include "cobro-wire.h"
#include "relay-alarm.h"
#include "relay-deliverer-private.h"
#include "relay-metrics.h"
#include "relay-signature.h"

#define CAPACITY     2048
#define AHEAD        32 /* leased at once for an endpoint that works well: some wait for their turn here */
#define WRITE_MAX    512
#define IDLE_PAUSE   COBRO_SECOND
#define SHORT_PAUSE  (10 * 1000)
/* Nothing is sent whose lease might end before its answer comes. */
#define LEASE_NEEDED (2 * RELAY_POST_DEADLINE_MS * (COBRO_SECOND / 1000))

/* ── Lanes ──────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_job_free (RelayJob *job)
{
  if (job == NULL)
    return;
  relay_endpoint_unref (job->endpoint);
  relay_delivery_free (job->delivery);
  relay_span_end (&job->span);
  relay_post_result_free (job->result);
  g_free (job);
}

static void
lane_free (gpointer data)
{
  RelayLane *lane = data;

  g_queue_clear_full (&lane->waiting, (GDestroyNotify)relay_job_free);
  g_free (lane->key);
  g_free (lane);
}

static void
catch_free (gpointer data)
{
  RelayCatch *caught = data;

  relay_endpoint_unref (caught->endpoint);
  g_ptr_array_unref (caught->deliveries);
  g_free (caught);
}

static char *
lane_key (const RelayEndpoint *endpoint)
{
  return g_strconcat (endpoint->merchant_id.text, "/", endpoint->id.text, NULL);
}

static RelayLane *
get_lane (RelayDeliverer *self, const RelayEndpoint *endpoint)
{
  g_autofree char *key = lane_key (endpoint);
  RelayLane *lane = g_hash_table_lookup (self->lanes, key);

  if (lane != NULL)
    return lane;
  lane = g_new0 (RelayLane, 1);
  lane->key = g_steal_pointer (&key);
  g_queue_init (&lane->waiting);
  g_hash_table_insert (self->lanes, lane->key, lane);
  return lane;
}

static void
count_lease (RelayDeliverer *self, const RelayJob *job, int by)
{
  const char *merchant = job->endpoint->merchant_id.text;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->merchants, merchant)) + (guint)by;

  self->held += (guint)by;
  if (n > 0)
    g_hash_table_insert (self->merchants, g_strdup (merchant), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->merchants, merchant);
}

/* A merchant has at most as much as is left for others: however many endpoints of one hang, there is always room. An
 * endpoint that works may have some wait for their turn; one that fails gets its places, one whose breaker is open a
 * single try. */
guint
relay_deliverer_get_room (RelayDeliverer *self, const RelayEndpoint *endpoint)
{
  g_autofree char *key = lane_key (endpoint);
  const RelayLane *lane = g_hash_table_lookup (self->lanes, key);
  guint mine = GPOINTER_TO_UINT (g_hash_table_lookup (self->merchants, endpoint->merchant_id.text));
  guint left = self->capacity - MIN (self->held, self->capacity);
  guint has = lane != NULL ? lane->flying + lane->waiting.length : 0;
  guint may = endpoint->opened > 0 ? 1 : endpoint->failures > 0 ? RELAY_DELIVERER_LANE : AHEAD;

  if (mine >= left || has >= may)
    return 0;
  return MIN (may - has, left - mine);
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
note_answer (RelayJob *job, const RelayPostResult *result)
{
  relay_observe (RELAY_METRIC_DELIVERY_DURATION, job->ended - job->started);
  relay_span_set_int (&job->span, "http.response.status_code", result->status);
  if (result->status < 200 || result->status > 299)
    relay_span_fail (&job->span, result->status == 0 ? "no answer" : "not taken");
}

/* From any thread. */
static void
on_posted_cb (gpointer data, RelayPostResult *take_result)
{
  RelayJob *job = data;
  RelayDeliverer *self = job->deliverer;

  job->result = take_result;
  job->ended = cobro_clock_monotonic (self->clock);
  if (take_result != NULL)
    note_answer (job, take_result);
  relay_span_end (&job->span);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->answers, job);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* {"type":…,"timestamp":…,"data":…}: the event as it was, the same bytes each time. */
static char *
make_body (const RelayDelivery *delivery)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "type", delivery->type);
  cobro_wire_put_time (writer, "timestamp", delivery->occurred_at);
  cobro_wire_put_raw (writer, "data", delivery->object);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static void
send_job (RelayDeliverer *self, RelayJob *job, CobroTime now)
{
  char *text = make_body (job->delivery);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
  gint64 timestamp = now / COBRO_SECOND;
  g_autofree char *signature = relay_signature_make (job->endpoint, job->delivery->event_id.text, timestamp, text, now);
  RelayPost post = { .url = job->endpoint->url,
                     .id = job->delivery->event_id.text,
                     .timestamp = timestamp,
                     .signature = signature,
                     .body = body };
  char traceparent[RELAY_TRACEPARENT_SIZE];

  relay_span_begin_from (&job->span, RELAY_SPAN_PRODUCER, "webhook deliver", job->delivery->traceparent);
  relay_span_set_text (&job->span, "cobro.event", job->delivery->event_id.text);
  relay_span_set_text (&job->span, "cobro.endpoint", job->endpoint->id.text);
  relay_span_set_int (&job->span, "cobro.try", job->delivery->tries + 1);
  if (relay_trace_get_parent (traceparent))
    post.traceparent = traceparent;
  relay_span_detach (&job->span);
  job->started_at = now;
  job->started = cobro_clock_monotonic (self->clock);
  job->lane->flying++;
  self->flying++;
  if (signature != NULL)
    self->carrier->post (self->carrier, &post, on_posted_cb, job);
  else
    on_posted_cb (job, relay_post_result_new_failure ("the endpoint's secret cannot be read: rotate it"));
}

/* It goes back into the queue of the books. */
static void
let_go (RelayDeliverer *self, RelayJob *job)
{
  count_lease (self, job, -1);
  g_ptr_array_add (self->ended, job);
}

static void
let_go_waiting (RelayDeliverer *self, RelayLane *lane)
{
  RelayJob *job;

  while ((job = g_queue_pop_head (&lane->waiting)) != NULL)
    let_go (self, job);
}

/* Returns how many were sent. */
static guint
pump (RelayDeliverer *self, RelayLane *lane, CobroTime now)
{
  guint sent = 0;

  while (lane->flying < RELAY_DELIVERER_LANE && lane->waiting.length > 0)
    {
      RelayJob *job = g_queue_pop_head (&lane->waiting);

      if (job->delivery->lease_until - now < LEASE_NEEDED)
        {
          let_go (self, job);
          continue;
        }
      send_job (self, job, now);
      sent++;
    }
  return sent;
}

static gboolean
is_good (const RelayPostResult *result)
{
  return result != NULL && result->status >= 200 && result->status <= 299;
}

/* An answer is off its lane at once, so that the next goes out while it is written down. After a failure nothing goes
 * out before the books have decided what it means for the endpoint. */
static void
take_answer (RelayDeliverer *self, RelayJob *job, CobroTime now, RelayDeliveryRound *round)
{
  job->lane->flying--;
  self->flying--;
  let_go (self, job);
  if (is_good (job->result) && !self->stopping)
    round->sent += pump (self, job->lane, now);
  else
    let_go_waiting (self, job->lane);
}

/* ── Steps ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gint
compare_jobs (gconstpointer a, gconstpointer b)
{
  const RelayJob *one = *(RelayJob *const *)a, *other = *(RelayJob *const *)b;
  int order = one->lane == other->lane ? 0 : strcmp (one->lane->key, other->lane->key);

  return order != 0 ? order : (one->delivery->row > other->delivery->row) - (one->delivery->row < other->delivery->row);
}

static void
take_answers (RelayDeliverer *self, CobroTime now, RelayDeliveryRound *round)
{
  GQueue answers = G_QUEUE_INIT;
  RelayJob *job;

  g_mutex_lock (&self->lock);
  while (answers.length + self->ended->len < WRITE_MAX && (job = g_queue_pop_head (&self->answers)) != NULL)
    g_queue_push_tail (&answers, job);
  if (self->woken)
    self->next_look = now;
  self->woken = FALSE;
  self->stopping = self->stop;
  g_mutex_unlock (&self->lock);
  while ((job = g_queue_pop_head (&answers)) != NULL)
    take_answer (self, job, now, round);
  g_ptr_array_sort (self->ended, compare_jobs);
}

static guint
send_caught (RelayDeliverer *self, const RelayCatch *caught, CobroTime now)
{
  RelayLane *lane = get_lane (self, caught->endpoint);

  for (guint i = 0; i < caught->deliveries->len; i++)
    {
      RelayJob *job = g_new0 (RelayJob, 1);

      job->deliverer = self;
      job->lane = lane;
      job->endpoint = relay_endpoint_ref (caught->endpoint);
      job->delivery = caught->deliveries->pdata[i];
      count_lease (self, job, 1);
      g_queue_push_tail (&lane->waiting, job);
    }
  g_ptr_array_set_free_func (caught->deliveries, NULL);
  return pump (self, lane, now);
}

static gboolean
lane_is_idle (gpointer key, gpointer value, gpointer data)
{
  const RelayLane *lane = value;

  return lane->flying == 0 && lane->waiting.length == 0;
}

/* After the commit. Addresses stay out: people put secrets into them. */
static void
raise_alarms (const RelayJob *job)
{
  const RelayEndpoint *endpoint = job->endpoint;

  if ((job->effects & RELAY_HEALTH_DISABLE) != 0)
    relay_alarm ("endpoint_disabled", "merchant %s: endpoint %s is off (%s), and what waited for it is a dead letter",
                 endpoint->merchant_id.text, endpoint->id.text,
                 job->result->status == RELAY_HEALTH_GONE ? "gone" : "failing");
  if ((job->effects & RELAY_HEALTH_EXHAUSTED) != 0)
    relay_alarm ("delivery_exhausted", "merchant %s: delivery %s to endpoint %s is a dead letter",
                 endpoint->merchant_id.text, job->delivery->id.text, endpoint->id.text);
}

/* What raises an event is written in the merchant's turn. What cannot be written stays leased, and so is sent again. */
static gboolean
write_deferred (RelayDeliverer *self, GPtrArray *deferred, GError **error)
{
  for (guint i = 0; i < deferred->len; i++)
    {
      RelayJob *job = deferred->pdata[i];

      if (!relay_store_write_for (self->store, &job->endpoint->merchant_id, relay_turn_work_alone, job, error))
        return FALSE;
      raise_alarms (job);
    }
  return TRUE;
}

static CobroTime
plan_next (RelayDeliverer *self, const RelayTurn *turn, CobroTime now)
{
  if (turn->deferred->len > 0) /* the events may be for endpoints */
    return now;
  if (turn->next == 0)
    return now + COBRO_DAY;
  if (turn->next > now)
    return turn->next;
  return turn->caught->len > 0 || turn->reaped > 0 ? now : now + SHORT_PAUSE;
}

static gboolean
take_turn (RelayDeliverer *self, RelayTurn *turn, CobroTime now, RelayDeliveryRound *round, GError **error)
{
  if (!relay_store_write_queue (self->store, relay_turn_work, turn, error))
    return FALSE;
  self->started = TRUE;
  self->next_reap = turn->expiry != 0 ? turn->expiry : now + COBRO_DAY;
  if (turn->look || turn->jobs->len > 0)
    self->next_look = plan_next (self, turn, now);
  round->settled = turn->jobs->len;
  round->reaped = (guint)turn->reaped;
  for (guint i = 0; i < turn->caught->len; i++)
    round->sent += send_caught (self, turn->caught->pdata[i], now);
  return write_deferred (self, turn->deferred, error);
}

gboolean
relay_deliverer_run_once (RelayDeliverer *self, CobroTime now, RelayDeliveryRound *out_round, GError **error)
{
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (GPtrArray) caught = g_ptr_array_new_with_free_func (catch_free);
  g_autoptr (GPtrArray) deferred = g_ptr_array_new ();
  RelayTurn turn = { .deliverer = self, .caught = caught, .deferred = deferred };
  RelayDeliveryRound round = { 0 };
  gboolean ok = TRUE;

  take_answers (self, now, &round);
  jobs = g_steal_pointer (&self->ended);
  self->ended = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_job_free);
  turn.jobs = jobs;
  turn.look = !self->stopping && now >= self->next_look;
  turn.reap = now >= self->next_reap;
  if (turn.look || turn.reap || jobs->len > 0)
    ok = take_turn (self, &turn, now, &round, error);
  if (!ok)
    g_ptr_array_extend_and_steal (self->ended, g_steal_pointer (&jobs));
  else
    g_clear_pointer (&jobs, g_ptr_array_unref);
  if (self->ended->len == 0) /* each knows its lane */
    g_hash_table_foreach_remove (self->lanes, lane_is_idle, NULL);
  round.flying = self->flying;
  round.next = !ok ? now + IDLE_PAUSE : self->ended->len > 0 ? now : MIN (self->next_look, self->next_reap);
  if (out_round != NULL)
    *out_round = round;
  return ok;
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayDeliverer *
relay_deliverer_new (const RelayDelivererConfig *config)
{
  RelayDeliverer *self = g_new0 (RelayDeliverer, 1);

  self->store = config->store;
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->carrier = config->carrier;
  self->worker = g_strdup (config->worker);
  self->capacity = config->capacity != 0 ? config->capacity : CAPACITY;
  self->lanes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, lane_free);
  self->merchants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ended = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_job_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->answers);
  return self;
}

static gboolean
has_answers (RelayDeliverer *self)
{
  gboolean has;

  g_mutex_lock (&self->lock);
  has = self->answers.length > 0;
  g_mutex_unlock (&self->lock);
  return has;
}

/* What cannot be written any more stays leased, and is sent again when the lease is over. */
static void
write_the_rest (RelayDeliverer *self)
{
  GHashTableIter iter;
  gpointer lane;
  CobroTime now = cobro_clock_now (self->clock);

  g_hash_table_iter_init (&iter, self->lanes);
  while (g_hash_table_iter_next (&iter, NULL, &lane))
    let_go_waiting (self, lane);
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_mutex_unlock (&self->lock);
  while (has_answers (self) || self->ended->len > 0)
    {
      g_autoptr (GError) error = NULL;

      if (relay_deliverer_run_once (self, now, NULL, &error))
        continue;
      g_debug ("answers of webhooks were not written down: %s", error->message);
      break;
    }
}

void
relay_deliverer_free (RelayDeliverer *self)
{
  if (self == NULL)
    return;
  g_return_if_fail (self->thread == NULL);
  write_the_rest (self);
  g_ptr_array_unref (self->ended);
  g_queue_clear_full (&self->answers, (GDestroyNotify)relay_job_free);
  g_hash_table_unref (self->lanes);
  g_hash_table_unref (self->merchants);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->worker);
  g_free (self);
}

/* Until an answer came, somebody woke us, or @next; looks at least each second, because a wake of another relay may be
 * lost. FALSE: stop, and nothing is on its way any more or the grace is over. */
static gboolean
wait_for_work (RelayDeliverer *self, CobroTime next)
{
  gint64 pause = CLAMP (next - cobro_clock_now (self->clock), 0, IDLE_PAUSE);
  gint64 until = g_get_monotonic_time () + pause;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->woken && !self->stop && self->answers.length == 0)
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      {
        self->woken = TRUE;
        break;
      }
  go_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return go_on;
}

static gpointer
run (gpointer data)
{
  RelayDeliverer *self = data;
  RelayDeliveryRound round = { 0 };

  do
    {
      g_autoptr (GError) error = NULL;

      if (!relay_deliverer_run_once (self, cobro_clock_now (self->clock), &round, &error))
        g_debug ("webhooks wait for the books: %s", error->message);
    }
  while (wait_for_work (self, round.next));
  return NULL;
}

void
relay_deliverer_start (RelayDeliverer *self)
{
  g_return_if_fail (self->thread == NULL);

  self->thread = g_thread_new ("webhooks", run, self);
}

/* After the thread has ended, its steps are ours. */
static void
wait_for_flights (RelayDeliverer *self, gint64 until)
{
  while (self->flying > 0 && g_get_monotonic_time () < until)
    {
      g_mutex_lock (&self->lock);
      while (self->answers.length == 0)
        if (!g_cond_wait_until (&self->changed, &self->lock, until))
          break;
      g_mutex_unlock (&self->lock);
      if (!relay_deliverer_run_once (self, cobro_clock_now (self->clock), NULL, NULL))
        return;
    }
}

void
relay_deliverer_stop (RelayDeliverer *self, guint grace_ms)
{
  gint64 until = g_get_monotonic_time () + (gint64)grace_ms * 1000;

  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread == NULL)
    return;
  g_thread_join (g_steal_pointer (&self->thread));
  wait_for_flights (self, until);
}

void
relay_deliverer_wake (RelayDeliverer *self)
{
  g_mutex_lock (&self->lock);
  self->woken = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}
