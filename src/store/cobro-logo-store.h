/* src/store/cobro-logo-store.h — the merchant's picture for documents, mails and pages.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-store.h"

#define COBRO_LOGO_BYTES_MAX (256 * 1024)

/* PNG or JPEG (by its first bytes), at most COBRO_LOGO_BYTES_MAX; NULL takes it away. Uploads it, and sets the
 * profile's `logo`. COBRO_ERROR_INVALID, _TOO_LARGE at "logo". */
void cobro_logo_store_put_async (CobroStore *store, GBytes *picture, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_logo_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (transfer full) NULL without an error: there is none. Waits; any thread. */
GBytes *cobro_logo_store_load (CobroStore *store, GError **error);
/* "image/png", "image/jpeg", or NULL: neither. Pure. */
const char *cobro_logo_media_type (GBytes *picture);
