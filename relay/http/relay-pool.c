/* relay/http/relay-pool.c — the bounded pool of request threads.
 * Layer: relay/http, private. */
#include "relay-pool.h"

#define WEBHOOK_QUEUE_TIMES 4 /* webhooks are shed last: so much more room than for the rest */

typedef struct
{
  RelayPool *pool;
  gboolean is_webhook;
  GCond wanted;
  RelayJob *first;
  RelayJob *last;
  guint length;
  guint length_max;
  guint threads;
  guint threads_max;
  guint idle;
  guint signals; /* given to idle workers that have not woken up yet */
} Lane;

struct _RelayPool
{
  GMutex lock;
  Lane ordinary;
  Lane webhooks;
  GPtrArray *threads; /* (element-type GThread) */
  gboolean stopping;
  RelayPoolRun run;
  gpointer data;
};

static void
lane_push (Lane *lane, RelayJob *job)
{
  job->next = NULL;
  if (lane->last != NULL)
    lane->last->next = job;
  else
    lane->first = job;
  lane->last = job;
  lane->length++;
}

static RelayJob *
lane_pop (Lane *lane)
{
  RelayJob *job = lane->first;

  if (job == NULL)
    return NULL;
  lane->first = job->next;
  if (lane->first == NULL)
    lane->last = NULL;
  lane->length--;
  job->next = NULL;
  return job;
}

/* Webhooks first, for both kinds of workers; ordinary requests only for ordinary ones. */
static RelayJob *
take (Lane *lane)
{
  RelayJob *job = lane_pop (&lane->pool->webhooks);

  if (job == NULL && !lane->is_webhook)
    job = lane_pop (&lane->pool->ordinary);
  return job;
}

static gpointer
work (gpointer data)
{
  Lane *lane = data;
  RelayPool *pool = lane->pool;
  RelayJob *job;

  g_mutex_lock (&pool->lock);
  for (;;)
    {
      while (!pool->stopping && (job = take (lane)) == NULL)
        {
          lane->idle++;
          g_cond_wait (&lane->wanted, &pool->lock);
          lane->idle--;
          lane->signals -= lane->signals > 0 ? 1 : 0;
        }
      if (pool->stopping)
        break;
      g_mutex_unlock (&pool->lock);
      pool->run (pool->data, job);
      g_mutex_lock (&pool->lock);
    }
  g_mutex_unlock (&pool->lock);
  return NULL;
}

/* Somebody of that lane is awake for one more job. FALSE: all are busy. */
static gboolean
rouse (Lane *lane)
{
  if (lane->idle > lane->signals)
    {
      lane->signals++;
      g_cond_signal (&lane->wanted);
      return TRUE;
    }
  if (lane->threads == lane->threads_max)
    return FALSE;
  lane->threads++;
  g_ptr_array_add (lane->pool->threads, g_thread_new (lane->is_webhook ? "webhook" : "request", work, lane));
  return TRUE;
}

gboolean
relay_pool_push (RelayPool *pool, RelayJob *job, gboolean is_webhook, gboolean must)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);
  Lane *lane = is_webhook ? &pool->webhooks : &pool->ordinary;

  if (!must && (pool->stopping || lane->length >= lane->length_max))
    return FALSE;
  lane_push (lane, job);
  if (!pool->stopping && !rouse (lane) && is_webhook)
    rouse (&pool->ordinary);
  return TRUE;
}

static void
lane_init (Lane *lane, RelayPool *pool, gboolean is_webhook, guint threads, guint queue_max)
{
  lane->pool = pool;
  lane->is_webhook = is_webhook;
  lane->threads_max = threads;
  lane->length_max = queue_max;
  g_cond_init (&lane->wanted);
}

RelayPool *
relay_pool_new (guint threads, guint webhook_threads, guint queue_max, RelayPoolRun run, gpointer data)
{
  RelayPool *pool = g_new0 (RelayPool, 1);

  g_mutex_init (&pool->lock);
  lane_init (&pool->ordinary, pool, FALSE, threads, queue_max);
  lane_init (&pool->webhooks, pool, TRUE, webhook_threads, queue_max * WEBHOOK_QUEUE_TIMES);
  pool->threads = g_ptr_array_new ();
  pool->run = run;
  pool->data = data;
  return pool;
}

void
relay_pool_count (RelayPool *pool, guint *out_ordinary, guint *out_webhooks)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);

  *out_ordinary = pool->ordinary.length;
  *out_webhooks = pool->webhooks.length;
}

RelayJob *
relay_pool_stop (RelayPool *pool)
{
  RelayJob *left = NULL;
  RelayJob *job;

  g_mutex_lock (&pool->lock);
  pool->stopping = TRUE;
  g_cond_broadcast (&pool->ordinary.wanted);
  g_cond_broadcast (&pool->webhooks.wanted);
  g_mutex_unlock (&pool->lock);
  for (guint i = 0; i < pool->threads->len; i++)
    g_thread_join (pool->threads->pdata[i]);
  g_ptr_array_set_size (pool->threads, 0);
  while ((job = lane_pop (&pool->webhooks)) != NULL || (job = lane_pop (&pool->ordinary)) != NULL)
    {
      job->next = left;
      left = job;
    }
  return left;
}

void
relay_pool_free (RelayPool *pool)
{
  g_warn_if_fail (pool->threads->len == 0);
  g_ptr_array_unref (pool->threads);
  g_cond_clear (&pool->ordinary.wanted);
  g_cond_clear (&pool->webhooks.wanted);
  g_mutex_clear (&pool->lock);
  g_free (pool);
}
