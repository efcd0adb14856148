/* tests/store/store-fixture.c — see store-fixture.h.
 * Layer: tests. */
#include "store-fixture.h"
#include "cobro-profile-store.h"
#include "cobro-sync-engine.h"

#include <glib/gstdio.h>

static void
on_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer data)
{
  StoreFixture *self = data;

  self->told++;
  self->kinds |= change->kinds;
  g_array_append_vals (self->touched, change->links->data, change->links->len);
  for (guint i = 0; i < change->paid->len; i++)
    g_ptr_array_add (self->paid, cobro_payment_ref (g_ptr_array_index (change->paid, i)));
}

void
store_fixture_open (StoreFixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "books", "books.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  CobroStoreConfig config = { path, self->clock, self->random, cobro_sync_codec () };

  self->store = cobro_store_open (&config, &error);
  g_assert_no_error (error);
  g_signal_connect (self->store, "changed", G_CALLBACK (on_changed_cb), self);
}

void
store_fixture_set_up (StoreFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("cobro-store-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = cobro_clock_new_fake (FIXTURE_NOW);
  self->random = cobro_random_new_seeded (7);
  self->touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->paid = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  store_fixture_open (self);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
close_books (StoreFixture *self)
{
  store_fixture_settle (self);
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_object_add_weak_pointer (G_OBJECT (self->store), (gpointer *)&self->store);
  g_object_unref (self->store);
  wait_until (self->store == NULL); /* a read that is under way lets go of it when it ends; nobody else keeps it */
}

void
store_fixture_tear_down (StoreFixture *self, gconstpointer data)
{
  if (self->store != NULL)
    close_books (self);
  g_array_unref (self->touched);
  g_ptr_array_unref (self->paid);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  remove_tree (self->folder);
  g_free (self->folder);
}

void
store_fixture_reopen (StoreFixture *self)
{
  close_books (self);
  store_fixture_open (self);
}

void
store_fixture_forget (StoreFixture *self)
{
  store_fixture_settle (self);
  self->told = self->kinds = 0;
  g_array_set_size (self->touched, 0);
  g_ptr_array_set_size (self->paid, 0);
}

void
store_fixture_settle (StoreFixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

CobroCurrency
euro (void)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, NULL));
  return currency;
}

CobroLink *
new_link (const char *title, gint64 minor)
{
  CobroLink *link = cobro_link_new ();

  cobro_link_set_text (&link->title, title);
  link->currency = euro ();
  link->amount = cobro_money (minor, euro ());
  return link;
}

void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

GAsyncResult *
wait_for_result (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

CobroLinkChange *
must_put (StoreFixture *self, const CobroLink *link)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroLinkChange *change;

  cobro_link_store_put_async (self->store, link, NULL, on_result_cb, &result);
  change = cobro_link_store_put_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return change;
}

CobroLinkChange *
must_decide (StoreFixture *self, const CobroId *id, CobroDecision decision)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroLinkChange *change;

  cobro_link_store_decide_async (self->store, id, decision, NULL, on_result_cb, &result);
  change = cobro_link_store_put_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return change;
}

CobroLinkRecord *
must_load (StoreFixture *self, const CobroId *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroLinkRecord *record;

  cobro_link_store_load_async (self->store, id, NULL, on_result_cb, &result);
  record = cobro_link_store_load_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return record;
}

static gpointer
do_count (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, data, error);

  g_assert_nonnull (statement);
  g_assert_cmpint (cobro_db_step (statement, error), ==, COBRO_DB_ROW);
  return g_memdup2 (&(gint64){ cobro_db_column_int64 (statement, "n") }, sizeof (gint64));
}

gint64
count_in_books (StoreFixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *n = cobro_store_read (self->store, do_count, (gpointer)sql, &error);

  g_assert_no_error (error);
  return *n;
}

static gpointer
do_exec (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_db_exec (tx->db, data, error));
}

void
exec_in_books (StoreFixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;

  cobro_store_write (self->store, do_exec, (gpointer)sql, &error);
  g_assert_no_error (error);
}

static gpointer
do_pair (CobroStoreTx *tx, gpointer data, GError **error)
{
  char *gateways[] = { (char *)"mock", NULL };
  CobroPairing pairing = { .device_id = cobro_id_new (COBRO_ID_DEVICE, tx->clock, tx->random),
                           .merchant_id = cobro_id_new (COBRO_ID_MERCHANT, tx->clock, tx->random),
                           .address = (char *)"https://pay.example",
                           .public_url = (char *)"https://pay.example",
                           .gateways = gateways,
                           .methods = COBRO_METHOD_CARD };

  return GINT_TO_POINTER (cobro_pairing_put (tx, &pairing, error));
}

void
pair_books (StoreFixture *self)
{
  g_autoptr (GError) error = NULL;

  cobro_store_write (self->store, do_pair, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_pairing_refresh_public_url (self->store, &error));
}
