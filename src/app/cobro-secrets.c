/* src/app/cobro-secrets.c — device keys in the system's keyring.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-secrets.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>
#include "cobro-error.h"

struct _CobroSecrets
{
  GObject parent_instance;
  char *books;
};

static void cobro_secrets_keyring_init (CobroKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroSecrets, cobro_secrets, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_KEYRING, cobro_secrets_keyring_init))

static const SecretSchema schema = {
  .name = COBRO_APP_ID ".Relay",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "relay", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

/* (transfer full) what a key is filed under. */
static char *
dup_place (CobroKeyring *keyring, const char *relay)
{
  const char *books = COBRO_SECRETS (keyring)->books;

  return *books ? g_strdup_printf ("%s %s", relay, books) : g_strdup (relay);
}

/* What a keyring answers, as people can act on it. */
static GError *
worded (const GError *error)
{
  const char *path = COBRO_KEYRING_REFUSED, *text = _ ("the keyring did not do it");
  GError *said = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    path = COBRO_KEYRING_LOCKED, text = _ ("the keyring is locked");
  else if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
           g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
           g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND) ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || /* not even a session bus */
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    path = COBRO_KEYRING_ABSENT, text = _ ("this system has no keyring");
  else if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    text = _ ("the keyring refused");
  cobro_error_set_at (&said, COBRO_ERROR_UNAVAILABLE, path, "%s (%s)", text, error->message);
  return said;
}

/* ── Store ── */

static void
on_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, worded (error));
}

static void
store_async (CobroKeyring *keyring, const char *relay, const char *secret, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  /* Translators: what the password manager calls the key; %s is the relay's address. */
  g_autofree char *label = g_strdup_printf (_ ("Cobro: key for %s"), relay);
  g_autofree char *place = dup_place (keyring, relay);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, secret, cancellable, on_stored_cb, task, "relay",
                         place, NULL);
}

static gboolean
store_finish (CobroKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ── Look up ── */

static void
on_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (error)
    g_task_return_error (task, worded (error));
  else
    g_task_return_pointer (task, g_strdup (secret), g_free);
  secret_password_free (secret);
}

static void
lookup_async (CobroKeyring *keyring, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  g_autofree char *place = dup_place (keyring, relay);

  secret_password_lookup (&schema, cancellable, on_looked_up_cb, task, "relay", place, NULL);
}

static char *
lookup_finish (CobroKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ── Forget ── */

static void
on_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error); /* FALSE without error: there was none */
  if (error)
    g_task_return_error (task, worded (error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
clear_async (CobroKeyring *keyring, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  g_autofree char *place = dup_place (keyring, relay);

  secret_password_clear (&schema, cancellable, on_cleared_cb, task, "relay", place, NULL);
}

static gboolean
clear_finish (CobroKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cobro_secrets_keyring_init (CobroKeyringInterface *iface)
{
  iface->store_async = store_async;
  iface->store_finish = store_finish;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->clear_async = clear_async;
  iface->clear_finish = clear_finish;
}

static void
cobro_secrets_finalize (GObject *object)
{
  g_free (COBRO_SECRETS (object)->books);
  G_OBJECT_CLASS (cobro_secrets_parent_class)->finalize (object);
}

static void
cobro_secrets_class_init (CobroSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_secrets_finalize;
}

static void
cobro_secrets_init (CobroSecrets *self)
{
}

CobroSecrets *
cobro_secrets_new (const char *books)
{
  CobroSecrets *self = g_object_new (COBRO_TYPE_SECRETS, NULL);

  self->books = g_strdup (books);
  return self;
}
