/* src/store/cobro-store-batch.c — see cobro-store-batch.h.
 * Layer: store. */
#include "config.h"
#include "cobro-store-batch.h"
#include "cobro-error.h"
#include "cobro-store-private.h"

typedef struct
{
  CobroStoreBatch batch;
  GCancellable *cancellable; /* (nullable) */
} Taking;

static void
taking_free (gpointer data)
{
  Taking *taking = data;

  g_ptr_array_unref (taking->batch.items);
  g_clear_pointer (&taking->batch.lines, g_array_unref);
  g_clear_object (&taking->cancellable);
  g_free (taking);
}

static gpointer
do_take (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Taking *taking = data;
  const CobroStoreBatch *batch = &taking->batch;

  for (guint i = 0; i < batch->items->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (taking->cancellable, error))
        return NULL;
      if (!batch->take (tx, batch->items->pdata[i], error))
        {
          g_prefix_error (error, "line %u: ", batch->lines != NULL ? g_array_index (batch->lines, guint, i) : i + 1);
          return NULL;
        }
      if (batch->done != NULL)
        g_atomic_int_set (batch->done, i + 1);
    }
  return GINT_TO_POINTER (TRUE);
}

static void
clear_fault (gpointer data)
{
  GError *fault = data;

  g_clear_error (&fault);
}

/* What the books refuse is an answer; anything else is a failure. */
static gpointer
do_check (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Taking *taking = data;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (clear_fault);

  for (guint i = 0; i < taking->batch.items->len; i++)
    {
      GError *fault = NULL;

      if (g_cancellable_set_error_if_cancelled (taking->cancellable, error))
        return NULL;
      if (!taking->batch.take (tx, taking->batch.items->pdata[i], &fault) &&
          !g_error_matches (fault, COBRO_ERROR, COBRO_ERROR_EXISTS))
        {
          g_propagate_error (error, fault);
          return NULL;
        }
      g_ptr_array_add (faults, fault);
    }
  return g_steal_pointer (&faults);
}

static Taking *
taking_new (const CobroStoreBatch *batch, GCancellable *cancellable)
{
  Taking *taking = g_new0 (Taking, 1);

  taking->batch = *batch;
  taking->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  return taking;
}

void
cobro_store_check_async (CobroStore *store, const CobroStoreBatch *batch, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_list_async (store, do_check, taking_new (batch, cancellable), taking_free,
                          (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cobro_store_check_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_store_take_async (CobroStore *store, const CobroStoreBatch *batch, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_take, taking_new (batch, cancellable), taking_free, NULL, cancellable, callback,
                           user_data);
}

gboolean
cobro_store_take_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}
