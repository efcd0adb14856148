/* src/sync/cobro-sync-call.c — single questions to the relay, beside pushing and pulling: each on a thread of its own,
 * because it may wait for a provider on the far side. Layer: sync. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-sync-engine.h"
#include "cobro-sync-steps.h"

typedef struct
{
  CobroRelayClient *client;
  CobroSyncCall call;
  gpointer data;
  GDestroyNotify free_data, free_result;
  gpointer result; /* the outcome */
  GError *error;   /* or this */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->data != NULL && job->free_data != NULL)
    job->free_data (job->data);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  cobro_relay_client_free (job->client);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
on_answered_cb (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);

  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->result), job->free_result);
  return G_SOURCE_REMOVE;
}

/* The task goes back to its context: it may hold the engine's last reference, which must not end on this thread. */
static gpointer
call_thread (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GMainContext) context = g_main_context_ref (g_task_get_context (task));
  g_autoptr (GSource) source = g_idle_source_new ();

  job->result = job->call (job->client, job->data, g_task_get_cancellable (task), &job->error);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_answered_cb, task, g_object_unref);
  g_source_attach (source, context);
  return NULL;
}

void
cobro_sync_engine_call_async (CobroSyncEngine *self, CobroSyncCall call, gpointer data, GDestroyNotify free_data,
                              GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  *job = (Job){ .client = cobro_sync_engine_new_client (self),
                .call = call,
                .data = data,
                .free_data = free_data,
                .free_result = free_result };
  g_task_set_source_tag (task, cobro_sync_engine_call_async);
  g_task_set_task_data (task, job, job_free);
  /* What the relay answered is told, even if somebody lost patience meanwhile: it happened. */
  g_task_set_check_cancellable (task, FALSE);
  if (job->client != NULL)
    {
      g_thread_unref (g_thread_new ("sync-call", call_thread, task));
      return;
    }
  cobro_error_set (&job->error, COBRO_ERROR_UNAVAILABLE, "there is no connection to a relay");
  g_task_return_error (task, g_steal_pointer (&job->error));
  g_object_unref (task);
}

gpointer
cobro_sync_engine_call_finish (CobroSyncEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_sync_engine_call_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
