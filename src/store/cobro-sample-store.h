/* src/store/cobro-sample-store.h — books of a shop that does not exist, to look around in. They are a file of their
 * own: nothing of them is in the merchant's own books, and they never meet a relay. Layer: store. Main context. */
#pragma once
#include "cobro-store.h"

/* What such books begin with. Ids, times and revisions are set by whoever makes it; invoices are drafts, or issued with
 * their totals. */
typedef struct
{
  CobroMerchant *merchant;
  GPtrArray *customers; /* (element-type CobroCustomer) */
  GPtrArray *products;  /* (element-type CobroProduct) */
  GPtrArray *links;     /* (element-type CobroLink) */
  GPtrArray *invoices;  /* (element-type CobroInvoice) */
  GPtrArray *payments;  /* (element-type CobroPayment) for these links, and those of the invoices; by time */
} CobroSampleShop;
CobroSampleShop *cobro_sample_shop_new (void);
void cobro_sample_shop_free (CobroSampleShop *shop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroSampleShop, cobro_sample_shop_free)

/* Whether these are such books. Waits. */
gboolean cobro_sample_store_is (CobroStore *store);
/**
 * cobro_sample_store_fill_async:
 * @store: new books, empty and without a relay
 * @take_shop: taken over
 *
 * Writes everything and the mark that these are no real books, in one transaction. Nothing is queued for a relay, no
 * number is taken from a series, and nobody is told of the payments. COBRO_ERROR_STATE: there is something in them.
 */
void cobro_sample_store_fill_async (CobroStore *store, CobroSampleShop *take_shop, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_sample_store_fill_finish (CobroStore *store, GAsyncResult *result, GError **error);
