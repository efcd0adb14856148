/* relay/http/relay-pool.h — the bounded pool of request threads.
 * Two lanes: ordinary requests, and webhooks, which have workers of their own and are helped by the ordinary ones.
 * Threads are started when they are needed first.
 * Layer: relay/http, private. Any thread may push. */
#pragma once
#include "relay-reply.h"

typedef struct _RelayPool RelayPool;
typedef struct _RelayJob RelayJob;
struct _RelayJob
{
  RelayJob *next;
  RelayRequest *request;
  RelayReply *reply; /* NULL until it has run */
  gpointer owner;
};

/* On a request thread: sets job->reply and passes the job on. */
typedef void (*RelayPoolRun) (gpointer data, RelayJob *job);

RelayPool *relay_pool_new (guint threads, guint webhook_threads, guint queue_max, RelayPoolRun run, gpointer data);
/* FALSE: the queue is full and the job was not taken. With @must it is taken anyway. */
gboolean relay_pool_push (RelayPool *pool, RelayJob *job, gboolean is_webhook, gboolean must);
/* How many jobs of each lane wait. */
void relay_pool_count (RelayPool *pool, guint *out_ordinary, guint *out_webhooks);
/* Waits for what runs; gives back what has not begun (a list, may be NULL) and stops taking. */
RelayJob *relay_pool_stop (RelayPool *pool);
void relay_pool_free (RelayPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPool, relay_pool_free)
