/* src/model/cobro-forward.h — hands the answer of the books on to whoever asked a model.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-store.h"

G_BEGIN_DECLS

/* As the store's "_finish" functions. */
typedef gpointer (*CobroForwardFinish) (CobroStore *store, GAsyncResult *result, GError **error);

/* (transfer full) for cobro_forward_cb() as its user_data. @source: who was asked; @free_value: (nullable). */
GTask *cobro_forward_new (gpointer source, GCancellable *cancellable, CobroForwardFinish finish,
                          GDestroyNotify free_value, GAsyncReadyCallback callback, gpointer user_data);
void cobro_forward_cb (GObject *store, GAsyncResult *result, gpointer task);
/* What the store gave, and its error. */
gpointer cobro_forward_finish (gpointer source, GAsyncResult *result, GError **error);

G_END_DECLS
