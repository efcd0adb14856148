/* src/store/cobro-product-store.h — products in the books.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-invoice-store.h"
#include "cobro-product.h"

typedef struct
{
  gint ref_count; /* private */
  gint64 row;
  CobroProduct *product; /* rev is the relay's */
  CobroRecordState state;
  char *reason; /* REJECTED: in words, else "" */
  char *path;
} CobroProductRecord;
CobroProductRecord *cobro_product_record_ref (CobroProductRecord *record);
void cobro_product_record_unref (CobroProductRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroProductRecord, cobro_product_record_unref)

/* Stores and uploads it; one without id is new. COBRO_ERROR_INVALID with the path, _EXISTS at "code". Archiving: put
 * with archived set. */
void cobro_product_store_put_async (CobroStore *store, CobroProduct *product, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
CobroProduct *cobro_product_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* One of a batch (cobro-store-batch.h). */
gboolean cobro_product_store_take (CobroStoreTx *tx, gpointer product, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type CobroProduct) for type-ahead, at most @limit: first those whose name begins with @text, by name; then
 * those of which every word of @text begins a word of name, code or description. None that is archived. @currency:
 * COBRO_CURRENCY_NONE: any. */
void cobro_product_store_search_async (CobroStore *store, const char *text, CobroCurrency currency, guint limit,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_product_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error);

typedef enum
{
  COBRO_PRODUCT_FILTER_ALL, /* not archived */
  COBRO_PRODUCT_FILTER_ARCHIVED,
  COBRO_PRODUCT_FILTER_ATTENTION, /* rejected, or in conflict */
} CobroProductFilter;
#define COBRO_PRODUCT_N_FILTERS (COBRO_PRODUCT_FILTER_ATTENTION + 1)

typedef enum
{
  COBRO_PRODUCT_SORT_NAME,
  COBRO_PRODUCT_SORT_CODE,
  COBRO_PRODUCT_SORT_PRICE, /* in major units whatever the currency */
  COBRO_PRODUCT_SORT_CREATED,
} CobroProductSort;

typedef struct
{
  const char *search; /* NULL or words */
  CobroProductFilter filter;
  CobroProductSort sort;
  gboolean descending;
} CobroProductQuery;

/* As those of cobro-invoice-store.h; (element-type CobroProductRecord). */
void cobro_product_store_list_async (CobroStore *store, const CobroProductQuery *query, guint limit,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_product_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
void cobro_product_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_product_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);
CobroStorePage *cobro_product_store_first_page (CobroStore *store, const CobroProductQuery *query, guint limit,
                                                GError **error);
/* One product; COBRO_ERROR_NOT_FOUND. */
void cobro_product_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
CobroProductRecord *cobro_product_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Inside a job ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) */
CobroProduct *cobro_product_store_put (CobroStoreTx *tx, CobroProduct *product, GError **error);
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroProduct *cobro_product_store_find (CobroStoreTx *tx, const CobroId *id, GError **error);
