/* tests/sync/sync-fixture.c — see sync-fixture.h.
 * Layer: tests. */
#include "sync-fixture.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-wire-link.h"

#include <glib/gstdio.h>
#include <string.h>

CobroCurrency
sync_euro (void)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, NULL));
  return currency;
}

CobroLink *
sync_link (const char *title, gint64 minor)
{
  CobroLink *link = cobro_link_new ();

  cobro_link_set_text (&link->title, title);
  link->currency = sync_euro ();
  link->amount = cobro_money (minor, link->currency);
  return link;
}

static void
on_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer data)
{
  Desktop *self = data;

  for (guint i = 0; i < change->paid->len; i++)
    g_ptr_array_add (self->paid, cobro_payment_ref (g_ptr_array_index (change->paid, i)));
}

void
desktop_pair (Desktop *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->client, cobro_relay_client_free);
  g_clear_pointer (&self->key, g_free);
  self->key = cobro_sync_pair (self->store, fake_relay_url (self->relay), fake_relay_new_code (self->relay), "Test",
                               NULL, &error);
  g_assert_no_error (error);
  self->client = cobro_relay_client_new (fake_relay_url (self->relay), self->key);
}

void
desktop_open (Desktop *self, CobroClock *clock, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  *self = (Desktop){ .relay = NULL };
  self->folder = g_dir_make_tmp ("cobro-sync-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_new_seeded (seed);
  self->paid = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  path = g_build_filename (self->folder, "books.sqlite", NULL);
  self->store = cobro_store_open (&(CobroStoreConfig){ path, clock, self->random, cobro_sync_codec () }, &error);
  g_assert_no_error (error);
  g_signal_connect (self->store, "changed", G_CALLBACK (on_changed_cb), self);
}

void
desktop_set_up (Desktop *self, CobroClock *clock, FakeRelay *relay, guint32 seed)
{
  desktop_open (self, clock, seed);
  self->relay = relay;
  desktop_pair (self);
}

void
sync_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
desktop_tear_down (Desktop *self)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  sync_settle ();
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->client, cobro_relay_client_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->paid, g_ptr_array_unref);
  g_clear_pointer (&self->clock, cobro_clock_unref);
  g_clear_pointer (&self->random, cobro_random_unref);
  dir = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLinkChange) change = cobro_link_store_put (tx, data, error);

  return change != NULL ? cobro_link_copy (change->record->link) : NULL;
}

static CobroLink *
put (Desktop *self, const CobroLink *link)
{
  g_autoptr (GError) error = NULL;
  CobroLink *stored = cobro_store_write (self->store, do_put, (gpointer)link, &error);

  g_assert_no_error (error);
  return stored;
}

CobroLink *
desktop_make (Desktop *self, const char *title, gint64 minor)
{
  g_autoptr (CobroLink) link = sync_link (title, minor);

  return put (self, link);
}

void
desktop_put (Desktop *self, const CobroLink *link)
{
  cobro_link_unref (put (self, link));
}

static gpointer
do_find (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_link_store_find (tx, data, error);
}

CobroLinkRecord *
desktop_find (Desktop *self, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  CobroLinkRecord *record = cobro_store_read (self->store, do_find, (gpointer)id, &error);

  g_assert_no_error (error);
  return record;
}

static gpointer
do_count_rows (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, data, error);

  g_assert_nonnull (statement);
  g_assert_cmpint (cobro_db_step (statement, error), ==, COBRO_DB_ROW);
  return g_memdup2 (&(gint64){ cobro_db_column_int64 (statement, "n") }, sizeof (gint64));
}

gint64
desktop_count (Desktop *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *n = cobro_store_read (self->store, do_count_rows, (gpointer)sql, &error);

  g_assert_no_error (error);
  return *n;
}

gint64
desktop_waiting (Desktop *self)
{
  return desktop_count (self, "SELECT count(*) AS n FROM outbox");
}

void
desktop_assert_same (Desktop *self, const CobroId *id)
{
  g_autoptr (CobroLinkRecord) record = desktop_find (self, id);
  g_autofree char *ours = cobro_wire_link_to_document (record->link, FALSE);
  gint64 rev;
  g_autofree char *theirs = fake_relay_document (self->relay, id, &rev);

  g_assert_cmpstr (ours, ==, theirs);
  g_assert_cmpint (record->link->rev, ==, rev);
}

/* ── Steps ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
desktop_push (Desktop *self)
{
  CobroPushStep step = { 0 };

  do
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_sync_push_once (self->store, self->client, COBRO_PUSH_OPERATIONS_MAX, &step, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (ok);
    }
  while (step.more);
}

void
desktop_push_fails (Desktop *self, CobroError code)
{
  CobroPushStep step = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_sync_push_once (self->store, self->client, COBRO_PUSH_OPERATIONS_MAX, &step, NULL, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
}

void
desktop_pull (Desktop *self)
{
  guint n = 0;

  do
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_sync_pull_once (self->store, self->client, 0, &n, NULL, &error);

      g_assert_no_error (error);
      g_assert_true (ok);
    }
  while (n > 0);
  sync_settle ();
}

void
desktop_rest (Desktop *self)
{
  for (int tries = 0, quiet = 0; quiet < 2; tries++)
    {
      CobroPushStep step = { 0 };
      guint n = 0, tokens = 0;
      gboolean ok;

      g_assert_cmpint (tries, <, 2000);
      ok = cobro_sync_push_once (self->store, self->client, 7, &step, NULL, NULL) &&
           cobro_sync_pull_once (self->store, self->client, 0, &n, NULL, NULL) &&
           cobro_sync_fetch_tokens (self->store, self->client, 50, &tokens, NULL, NULL) &&
           cobro_sync_fetch_logo (self->store, self->client, NULL, NULL);
      quiet = ok && step.sent == 0 && n == 0 && tokens == 0 ? quiet + 1 : 0;
    }
  sync_settle ();
}

CobroPayment *
sync_payment (Desktop *self, const CobroId *link_id, CobroPaymentState state, gint64 minor)
{
  CobroPayment *payment = cobro_payment_new ();

  payment->id = cobro_id_new (COBRO_ID_PAYMENT, self->clock, self->random);
  payment->link_id = *link_id;
  payment->amount = cobro_money (minor, sync_euro ());
  payment->refunded = cobro_money_zero (sync_euro ());
  payment->lost = cobro_money_zero (sync_euro ());
  payment->state = state;
  if (state == COBRO_PAYMENT_SUCCEEDED)
    payment->received = payment->amount;
  cobro_link_set_text (&payment->gateway, "mock");
  cobro_link_set_text (&payment->method, "card");
  payment->created_at = payment->updated_at = cobro_clock_now (self->clock);
  return payment;
}
