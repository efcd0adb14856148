/* src/model/cobro-keyring.h — where device keys are kept, as the model sees it: an interface, so that the model needs
 * to know nothing of libsecret (app/cobro-secrets.c implements it) and tests can refuse, hang and forget. Layer: model.
 * Main thread. There is no plain-text fallback: who cannot keep a secret says so. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_KEYRING (cobro_keyring_get_type ())
G_DECLARE_INTERFACE (CobroKeyring, cobro_keyring, COBRO, KEYRING, GObject)

struct _CobroKeyringInterface
{
  GTypeInterface parent;

  void (*store_async) (CobroKeyring *self, const char *relay, const char *secret, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*store_finish) (CobroKeyring *self, GAsyncResult *result, GError **error);
  void (*lookup_async) (CobroKeyring *self, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data);
  char *(*lookup_finish) (CobroKeyring *self, GAsyncResult *result, GError **error);
  void (*clear_async) (CobroKeyring *self, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*clear_finish) (CobroKeyring *self, GAsyncResult *result, GError **error);
};

/* Paths of the errors (COBRO_ERROR_UNAVAILABLE): what somebody can do about it. */
#define COBRO_KEYRING_LOCKED  "locked"  /* it wants its password */
#define COBRO_KEYRING_ABSENT  "absent"  /* this system runs none */
#define COBRO_KEYRING_REFUSED "refused" /* it answered, and will not */

/**
 * cobro_keyring_store_async:
 * @relay: the relay's address: what the secret is filed under
 *
 * Keeps a secret. May wait for as long as somebody needs to unlock the keyring: show that, and let it be cancelled.
 */
void cobro_keyring_store_async (CobroKeyring *self, const char *relay, const char *secret, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_keyring_store_finish (CobroKeyring *self, GAsyncResult *result, GError **error);
/* (transfer full) (nullable): %NULL without error when there is none. */
void cobro_keyring_lookup_async (CobroKeyring *self, const char *relay, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
char *cobro_keyring_lookup_finish (CobroKeyring *self, GAsyncResult *result, GError **error);
void cobro_keyring_clear_async (CobroKeyring *self, const char *relay, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_keyring_clear_finish (CobroKeyring *self, GAsyncResult *result, GError **error);

G_END_DECLS
