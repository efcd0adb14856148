/* src/db/cobro-db-worker.h — one thread with one connection that runs jobs in order and answers through GTask on the
 * caller's main context: what the desktop's books run on. Reading jobs may share a second worker.
 * Layer: db. */
#pragma once
#include "cobro-db.h"

typedef struct _CobroDbWorker CobroDbWorker;

/* Runs on the worker's thread. Writing jobs are wrapped in one transaction by the worker. The result is returned by
 * pointer (NULL with @error on failure). */
typedef gpointer (*CobroDbJob) (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error);

typedef enum { COBRO_DB_JOB_READ, COBRO_DB_JOB_WRITE } CobroDbJobKind;

CobroDbWorker *cobro_db_worker_new (CobroDb *take_db, const char *name);
/* Finishes queued jobs, closes the connection. */
void cobro_db_worker_free (CobroDbWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDbWorker, cobro_db_worker_free)

void cobro_db_worker_run_async (CobroDbWorker *worker, CobroDbJobKind kind, CobroDbJob job, gpointer data, GDestroyNotify free_data,
                                GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gpointer cobro_db_worker_run_finish (CobroDbWorker *worker, GAsyncResult *result, GError **error);
/* Waits. For start-up, the first page, and tests. */
gpointer cobro_db_worker_run_sync (CobroDbWorker *worker, CobroDbJobKind kind, CobroDbJob job, gpointer data, GError **error);
