/* src/model/cobro-keyring.c — the interface's dispatch.
 * Layer: model. Main thread. */
#include "cobro-keyring.h"

G_DEFINE_INTERFACE (CobroKeyring, cobro_keyring, G_TYPE_OBJECT)

static void
cobro_keyring_default_init (CobroKeyringInterface *iface)
{
}

void
cobro_keyring_store_async (CobroKeyring *self, const char *relay, const char *secret, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_KEYRING (self));
  g_return_if_fail (relay != NULL && secret != NULL);

  COBRO_KEYRING_GET_IFACE (self)->store_async (self, relay, secret, cancellable, callback, user_data);
}

gboolean
cobro_keyring_store_finish (CobroKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (COBRO_IS_KEYRING (self), FALSE);

  return COBRO_KEYRING_GET_IFACE (self)->store_finish (self, result, error);
}

void
cobro_keyring_lookup_async (CobroKeyring *self, const char *relay, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_KEYRING (self));
  g_return_if_fail (relay != NULL);

  COBRO_KEYRING_GET_IFACE (self)->lookup_async (self, relay, cancellable, callback, user_data);
}

char *
cobro_keyring_lookup_finish (CobroKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (COBRO_IS_KEYRING (self), NULL);

  return COBRO_KEYRING_GET_IFACE (self)->lookup_finish (self, result, error);
}

void
cobro_keyring_clear_async (CobroKeyring *self, const char *relay, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_KEYRING (self));
  g_return_if_fail (relay != NULL);

  COBRO_KEYRING_GET_IFACE (self)->clear_async (self, relay, cancellable, callback, user_data);
}

gboolean
cobro_keyring_clear_finish (CobroKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (COBRO_IS_KEYRING (self), FALSE);

  return COBRO_KEYRING_GET_IFACE (self)->clear_finish (self, result, error);
}
