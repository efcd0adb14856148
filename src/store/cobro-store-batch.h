/* src/store/cobro-store-batch.h — many things of one kind into the books: all or nothing, with a count, and cancelled
 * without a trace. Layer: store. */
#pragma once
#include "cobro-store.h"

/* Writes one thing, with what must be uploaded; or looks whether the books would take it. */
typedef gboolean (*CobroStoreTakeOne) (CobroStoreTx *tx, gpointer item, GError **error);

typedef struct
{
  CobroStoreTakeOne take;
  GPtrArray *items; /* owned */
  GArray *lines;    /* (nullable) (element-type guint) owned: where each item stands in the file that it comes from */
  guint *done;      /* (nullable) atomic: how many are written; lives as long as the job */
} CobroStoreBatch;

/* The dry run: asks @take, which only reads here, about every item. (element-type GError) (nullable elements) as many
 * as items, with the reason of each that the books refuse. */
void cobro_store_check_async (CobroStore *store, const CobroStoreBatch *batch, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_store_check_finish (CobroStore *store, GAsyncResult *result, GError **error);

/**
 * cobro_store_take_async:
 * @batch: taken over
 *
 * One transaction. Errors are those of what is written, with "line N: " in front; %G_IO_ERROR_CANCELLED as long as it
 * has not been committed. Finish with cobro_store_take_finish().
 */
void cobro_store_take_async (CobroStore *store, const CobroStoreBatch *batch, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_store_take_finish (CobroStore *store, GAsyncResult *result, GError **error);
