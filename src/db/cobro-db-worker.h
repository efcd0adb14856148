/* src/db/cobro-db-worker.h — one thread with one connection that runs jobs in order and answers through GTask on the
 * caller's main context: what the desktop's books run on. Reading jobs may share a second worker.
 * Layer: db. */
#pragma once
#include "cobro-db.h"

typedef struct _CobroDbWorker CobroDbWorker;

/* Runs on the worker's thread. Writing jobs are wrapped in one transaction by the worker, which is kept unless @error
 * was set. The result is returned by pointer (NULL with @error on failure; NULL may also be a result). */
typedef gpointer (*CobroDbJob) (CobroDb *db, gpointer data, GCancellable *cancellable, GError **error);

typedef enum
{
  COBRO_DB_JOB_READ,
  COBRO_DB_JOB_WRITE
} CobroDbJobKind;

/* Takes @take_db over. The one writing connection of a file also keeps its log short. */
CobroDbWorker *cobro_db_worker_new (CobroDb *take_db, const char *name);
/* Finishes queued jobs, closes the connection. */
void cobro_db_worker_free (CobroDbWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDbWorker, cobro_db_worker_free)

/* Cancelled before it began: G_IO_ERROR_CANCELLED, nothing done. A writing job that has begun answers with what
 * happened. */
void cobro_db_worker_run_async (CobroDbWorker *worker, CobroDbJobKind kind, CobroDbJob job, gpointer data,
                                GDestroyNotify free_data, GDestroyNotify free_result, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gpointer cobro_db_worker_run_finish (CobroDbWorker *worker, GAsyncResult *result, GError **error);
/* Waits; @data stays the caller's, and so does a result that did not come back. For start-up, the first page, and
 * tests. */
gpointer cobro_db_worker_run_sync (CobroDbWorker *worker, CobroDbJobKind kind, CobroDbJob job, gpointer data,
                                   GError **error);
