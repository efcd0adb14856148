/* tests/model/test-keyring.c — see test-keyring.h.
 * Layer: tests. */
#include "test-keyring.h"

#include "cobro-error.h"

#define TEST_TYPE_KEYRING (test_keyring_get_type ())
G_DECLARE_FINAL_TYPE (TestKeyring, test_keyring, TEST, KEYRING, GObject)

struct _TestKeyring
{
  GObject parent_instance;
  TestKeyringTemper temper;
  GHashTable *secrets;
};

static void test_keyring_keyring_init (CobroKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestKeyring, test_keyring, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_KEYRING, test_keyring_keyring_init))

static void
on_cancelled_cb (GCancellable *cancellable, GTask *task)
{
  g_task_return_error_if_cancelled (task);
}

/* Always FALSE. */
static gboolean
refuse (GTask *task, const char *path, const char *text)
{
  GError *error = NULL;

  cobro_error_set_at (&error, COBRO_ERROR_UNAVAILABLE, path, "%s", text);
  g_task_return_error (task, error);
  return FALSE;
}

/* FALSE when the answer was given, or never will be. */
static gboolean
goes_on (TestKeyring *self, GTask *task, GCancellable *cancellable)
{
  switch (self->temper)
    {
    case TEST_KEYRING_WORKS:
      return TRUE;
    case TEST_KEYRING_LOCKED:
      return refuse (task, COBRO_KEYRING_LOCKED, "the keyring is locked");
    case TEST_KEYRING_ABSENT:
      return refuse (task, COBRO_KEYRING_ABSENT, "this system has no keyring");
    case TEST_KEYRING_REFUSES:
      return refuse (task, COBRO_KEYRING_REFUSED, "the keyring refused");
    case TEST_KEYRING_HANGS:
      if (cancellable)
        g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb), g_object_ref (task), g_object_unref);
      return FALSE;
    }
  return FALSE;
}

static void
store_async (CobroKeyring *keyring, const char *relay, const char *secret, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  TestKeyring *self = TEST_KEYRING (keyring);
  g_autoptr (GTask) task = g_task_new (keyring, cancellable, callback, user_data);

  if (!goes_on (self, task, cancellable))
    return;

  g_hash_table_insert (self->secrets, g_strdup (relay), g_strdup (secret));
  g_task_return_boolean (task, TRUE);
}

static void
lookup_async (CobroKeyring *keyring, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  TestKeyring *self = TEST_KEYRING (keyring);
  g_autoptr (GTask) task = g_task_new (keyring, cancellable, callback, user_data);

  if (goes_on (self, task, cancellable))
    g_task_return_pointer (task, g_strdup (g_hash_table_lookup (self->secrets, relay)), g_free);
}

static void
clear_async (CobroKeyring *keyring, const char *relay, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer user_data)
{
  TestKeyring *self = TEST_KEYRING (keyring);
  g_autoptr (GTask) task = g_task_new (keyring, cancellable, callback, user_data);

  if (!goes_on (self, task, cancellable))
    return;

  g_hash_table_remove (self->secrets, relay);
  g_task_return_boolean (task, TRUE);
}

static gboolean
finish_boolean (CobroKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static char *
finish_secret (CobroKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_keyring_keyring_init (CobroKeyringInterface *iface)
{
  iface->store_async = store_async;
  iface->store_finish = finish_boolean;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = finish_secret;
  iface->clear_async = clear_async;
  iface->clear_finish = finish_boolean;
}

static void
test_keyring_finalize (GObject *object)
{
  g_hash_table_unref (TEST_KEYRING (object)->secrets);
  G_OBJECT_CLASS (test_keyring_parent_class)->finalize (object);
}

static void
test_keyring_class_init (TestKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_keyring_finalize;
}

static void
test_keyring_init (TestKeyring *self)
{
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

CobroKeyring *
test_keyring_new (TestKeyringTemper temper)
{
  TestKeyring *self = g_object_new (TEST_TYPE_KEYRING, NULL);

  self->temper = temper;
  return COBRO_KEYRING (self);
}

const char *
test_keyring_peek (CobroKeyring *keyring, const char *relay)
{
  return g_hash_table_lookup (TEST_KEYRING (keyring)->secrets, relay);
}

void
test_keyring_set_temper (CobroKeyring *keyring, TestKeyringTemper temper)
{
  TEST_KEYRING (keyring)->temper = temper;
}
