/* tests/model/test-providers.c — accounts at providers while no relay can be reached: what was typed is kept in the
 * keyring and nowhere else, and its state is seen. Layer: tests. */
#include "cobro-error.h"
#include "cobro-providers.h"
#include "model-fixture.h"
#include "test-keyring.h"

#define KEY "sk_test_51NhiddenFromEverybody"

typedef struct
{
  ModelFixture base;
  CobroSyncEngine *engine;
  CobroKeyring *keyring;
  CobroConnection *connection;
  CobroProviders *providers;
} Fixture;

static const char list[] =
  "{\"data\":[{\"name\":\"stripe\",\"title\":\"Card\",\"livemode\":false,\"testOnly\":false,\"methods\":[\"card\"],"
  "\"currencies\":null,\"embeds\":true,\"enabled\":false,\"status\":\"not_set_up\",\"account\":null,\"webhookUrl\":"
  "null,"
  "\"webhookSecret\":{\"isSet\":false,\"setAt\":null,\"previousUntil\":null},\"position\":0,\"rules\":[],\"settings\":["
  "{\"name\":\"secret-key\",\"title\":\"Secret key\",\"help\":\"\",\"kind\":\"secret\",\"required\":true,"
  "\"default\":null,\"value\":null,\"isSet\":false,\"setAt\":null},"
  "{\"name\":\"colour\",\"title\":\"\",\"help\":\"\",\"kind\":\"of a newer relay\",\"required\":false}]}],"
  "\"more\":1}";

static void
open_models (Fixture *self)
{
  self->connection = cobro_connection_new (self->base.books.store, self->engine, self->keyring, NULL);
  self->providers = cobro_providers_new (self->base.books.store, self->engine, self->connection, self->keyring);
}

static void
close_models (Fixture *self)
{
  cobro_connection_stop (self->connection);
  g_clear_object (&self->connection);
  g_object_add_weak_pointer (G_OBJECT (self->providers), (gpointer *)&self->providers);
  g_object_unref (self->providers);
  wait_until (self->providers == NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  model_fixture_set_up (&self->base, data);
  pair_books (&self->base.books);
  g_assert_true (cobro_store_set_setting (self->base.books.store, "providers", list, NULL));
  self->engine = cobro_sync_engine_new (self->base.books.store);
  self->keyring = test_keyring_new (TEST_KEYRING_WORKS);
  open_models (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  close_models (self);
  g_clear_object (&self->keyring);
  g_clear_object (&self->engine);
  model_fixture_tear_down (&self->base, data);
}

static const char *
kept (Fixture *self)
{
  g_autofree char *place = g_strconcat (cobro_connection_get_account (self->connection), "/stripe", NULL);

  return test_keyring_peek (self->keyring, place);
}

static gboolean
save (Fixture *self, const char *key, gboolean *out_sent, GError **error)
{
  g_autoptr (CobroProviderChange) change = cobro_provider_change_new ();
  g_autoptr (GAsyncResult) result = NULL;

  change->enabled = 1;
  cobro_provider_change_set (change, "secret-key", key);
  cobro_providers_save_async (self->providers, "stripe", change, NULL, on_result_cb, &result);
  return cobro_providers_save_finish (self->providers, wait_for_result (&result), out_sent, error);
}

/* proves: OPL-13 */
static void
test_kept (Fixture *self, gconstpointer data)
{
  CobroProviderItem *item = cobro_providers_find (self->providers, "stripe");
  g_autoptr (GError) error = NULL;
  gboolean sent = TRUE;

  g_assert_nonnull (item);
  g_assert_cmpuint (cobro_provider_item_get_provider (item)->settings->len, ==, 1);
  g_assert_cmpint (cobro_provider_item_get_state (item), ==, COBRO_PROVIDER_STATE_NOT_SET_UP);
  g_assert_false (cobro_providers_can_ask (self->providers));
  g_assert_true (save (self, KEY, &sent, &error));
  g_assert_no_error (error);
  g_assert_false (sent);
  g_assert_cmpint (cobro_provider_item_get_state (item), ==, COBRO_PROVIDER_STATE_WAITING);
  g_assert_nonnull (strstr (kept (self), KEY));
  g_assert_cmpint (count_in_books (&self->base.books, "SELECT count(*) AS n FROM setting WHERE value LIKE '%sk_test%'"),
                   ==, 0);

  /* Another day. */
  close_models (self);
  open_models (self);
  item = cobro_providers_find (self->providers, "stripe");
  g_assert_cmpint (cobro_provider_item_get_state (item), ==, COBRO_PROVIDER_STATE_WAITING);
}

/* What was typed later counts; the rest of what waits stays. */
static void
test_again (Fixture *self, gconstpointer data)
{
  gboolean sent;

  g_assert_true (save (self, KEY, &sent, NULL));
  g_assert_true (save (self, "sk_test_other", &sent, NULL));
  g_assert_null (strstr (kept (self), KEY));
  g_assert_nonnull (strstr (kept (self), "sk_test_other"));
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  CobroProviderItem *item = cobro_providers_find (self->providers, "stripe");
  g_autoptr (GError) error = NULL;
  gboolean sent;

  test_keyring_set_temper (self->keyring, TEST_KEYRING_REFUSES);
  g_assert_false (save (self, KEY, &sent, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
  g_assert_cmpint (cobro_provider_item_get_state (item), ==, COBRO_PROVIDER_STATE_NOT_SET_UP);
  g_assert_null (kept (self));
}

/* Somebody has to unlock the keyring first: a second change does not overtake, and waiting can be given up. */
static void
test_hangs (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroProviderChange) change = cobro_provider_change_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GError) error = NULL;
  gboolean sent;

  test_keyring_set_temper (self->keyring, TEST_KEYRING_HANGS);
  cobro_provider_change_set (change, "secret-key", KEY);
  cobro_providers_save_async (self->providers, "stripe", change, cancellable, on_result_cb, &first);
  g_assert_false (save (self, KEY, &sent, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_BUSY);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (cobro_providers_save_finish (self->providers, wait_for_result (&first), &sent, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_keyring_set_temper (self->keyring, TEST_KEYRING_WORKS);
  g_assert_true (save (self, KEY, &sent, NULL));
}

/* Taken away while it waits: nothing of it is sent any more but that it goes. */
static void
test_removed (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  gboolean sent;

  g_assert_true (save (self, KEY, &sent, NULL));
  cobro_providers_remove_async (self->providers, "stripe", NULL, on_result_cb, &result);
  g_assert_true (cobro_providers_save_finish (self->providers, wait_for_result (&result), &sent, NULL));
  g_assert_null (strstr (kept (self), KEY));
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = model_fixture_create (&self->base, "Coffee", 350);
  g_autoptr (GAsyncResult) none = NULL;
  g_autoptr (GAsyncResult) one = NULL;

  cobro_providers_count_links_async (self->providers, "stripe", on_result_cb, &none);
  g_assert_cmpint (cobro_providers_count_links_finish (self->providers, wait_for_result (&none), NULL), ==, 0);
  exec_in_books (&self->base.books,
                 "UPDATE link SET document = json_set(document, '$.gateways', json('[\"stripe\"]'))");
  cobro_providers_count_links_async (self->providers, "stripe", on_result_cb, &one);
  g_assert_cmpint (cobro_providers_count_links_finish (self->providers, wait_for_result (&one), NULL), ==, 1);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/providers/kept", test_kept);
  add ("/providers/again", test_again);
  add ("/providers/refused", test_refused);
  add ("/providers/hangs", test_hangs);
  add ("/providers/removed", test_removed);
  add ("/providers/links", test_links);
  return g_test_run ();
}
