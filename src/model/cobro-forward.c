/* src/model/cobro-forward.c — hands the answer of the books on.
 * Layer: model. Main thread. */
#include "cobro-forward.h"

typedef struct
{
  CobroForwardFinish finish;
  GDestroyNotify free_value;
} Forward;

GTask *
cobro_forward_new (gpointer source, GCancellable *cancellable, CobroForwardFinish finish, GDestroyNotify free_value,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  Forward *forward = g_new0 (Forward, 1);

  *forward = (Forward){ .finish = finish, .free_value = free_value };
  g_task_set_source_tag (task, cobro_forward_new);
  g_task_set_task_data (task, forward, g_free);
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

void
cobro_forward_cb (GObject *store, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Forward *forward = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer value = forward->finish (COBRO_STORE (store), result, &error);

  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, forward->free_value);
}

gpointer
cobro_forward_finish (gpointer source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
