/* src/store/cobro-find.h — anything with these words in it: links, documents, customers, for a search that does not ask
 * for one noun. Layer: store. Main context. */
#pragma once
#include "cobro-store.h"

/**
 * cobro_find_async:
 * @words: every one begins a word of what is found
 * @limit: of each noun
 *
 * The newest links, then documents, then customers (archived ones are left out).
 */
void cobro_find_async (CobroStore *store, const char *words, guint limit, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (element-type utf8) their ids; none where @words has no word in it. */
GPtrArray *cobro_find_finish (CobroStore *store, GAsyncResult *result, GError **error);
