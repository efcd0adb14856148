/* src/store/cobro-customer-store.h — customers in the books.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-store.h"

/* Stores and uploads it; one without id is new. COBRO_ERROR_INVALID with the path. */
void cobro_customer_store_put_async (CobroStore *store, CobroCustomer *customer, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
CobroCustomer *cobro_customer_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (element-type CobroCustomer) whose name begins with @text (case and accents do not count), by name, at most @limit.
 */
void cobro_customer_store_search_async (CobroStore *store, const char *text, guint limit, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_customer_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* Inside a job. (transfer full) */
CobroCustomer *cobro_customer_store_put (CobroStoreTx *tx, CobroCustomer *customer, GError **error);
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroCustomer *cobro_customer_store_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* The relay has taken it as revision @rev. */
gboolean cobro_customer_sync_applied (CobroStoreTx *tx, const char *id, gint64 rev,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_customer_sync_rejected (CobroStoreTx *tx, const char *id, const char *reason, const char *path,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Documents for the merge; (transfer full); @out_base is NULL when it is not known. */
gboolean cobro_customer_sync_sides (CobroStoreTx *tx, const char *id, char **out_ours, char **out_base,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The outcome of a merge: stored, and queued unless it is @theirs. */
gboolean cobro_customer_sync_merged (CobroStoreTx *tx, const char *merged, const char *theirs, gint64 rev,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues every customer. */
gboolean cobro_customer_sync_publish_all (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
