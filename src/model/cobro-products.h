/* src/model/cobro-products.h — what the merchant sells again and again, as a service: look up, change, archive.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-product-store.h"
#include "cobro-row-list.h"
#include "cobro-undo.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PRODUCT_ITEM (cobro_product_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroProductItem, cobro_product_item, COBRO, PRODUCT_ITEM, CobroRowItem)

/* Lent until "changed". An item that is not filled is of nothing. */
const CobroProduct *cobro_product_item_get_product (CobroProductItem *self);
/* Lent for the item's life; "" before it is filled. */
const char *cobro_product_item_get_id (CobroProductItem *self);
CobroRecordState cobro_product_item_get_state (CobroProductItem *self);
/* Why the relay refused it, or what a conflict did; "". */
const char *cobro_product_item_get_reason (CobroProductItem *self);

#define COBRO_TYPE_PRODUCTS (cobro_products_get_type ())
G_DECLARE_FINAL_TYPE (CobroProducts, cobro_products, COBRO, PRODUCTS, CobroRowSource)

/* Items are CobroProductItem. Signal "failed" (GError): something that nobody waits for went wrong. */

/* Keeps both. @undo is the window's: archiving is taken back there. */
CobroProducts *cobro_products_new (CobroStore *store, CobroUndo *undo);

/* (transfer full) all that are not archived, by name; and another question for such a list. */
CobroRowList *cobro_products_list (CobroProducts *self);
void cobro_products_ask (CobroProducts *self, CobroRowList *list, const char *search, CobroProductFilter filter,
                         CobroProductSort sort, gboolean descending);

/* (transfer full) one product, live for as long as somebody holds it. */
void cobro_products_load_async (CobroProducts *self, const char *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
CobroProductItem *cobro_products_load_finish (CobroProducts *self, GAsyncResult *result, GError **error);
/* Stores and uploads; one without id is new. (transfer full) as it is then; COBRO_ERROR_INVALID with the path. */
void cobro_products_put_async (CobroProducts *self, CobroProduct *product, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
CobroProduct *cobro_products_put_finish (CobroProducts *self, GAsyncResult *result, GError **error);
/* Offers it no more, or again; one step that can be taken back. */
void cobro_products_archive (CobroProducts *self, const CobroProduct *product, gboolean archived,
                             const char *done_text);

G_END_DECLS
