/* tests/store/test-store.c — the books: writing, undoing, what is told about it, and what becomes of them when a
 * program ends, is older, or is killed. Layer: tests. */
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-payment-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-engine.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1 */
static void
test_new_link (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) change = must_put (fixture, link);
  const CobroLink *stored = change->record->link;
  g_autoptr (CobroLinkRecord) again = NULL;

  g_assert_true (cobro_id_is_set (&stored->id));
  g_assert_cmpuint (strlen (stored->token.text), ==, 64);
  g_assert_cmpint (stored->created_at, ==, FIXTURE_NOW);
  g_assert_cmpint (stored->rev, ==, 0);
  g_assert_null (change->before);
  g_assert_cmpint (change->record->state, ==, COBRO_RECORD_WAITING);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'link.put'"), ==, 1);
  g_assert_cmpuint (fixture->told, ==, 1);
  g_assert_cmphex (fixture->kinds, ==, COBRO_STORE_LINKS | COBRO_STORE_OUTBOX);
  g_assert_cmpint (g_array_index (fixture->touched, gint64, 0), ==, change->record->row);

  /* It is there after the program has ended. */
  store_fixture_reopen (fixture);
  again = must_load (fixture, &stored->id);
  g_assert_cmpstr (again->link->token.text, ==, stored->token.text);
  g_assert_cmpstr (again->link->title, ==, "Coffee");
  g_assert_true (cobro_money_equal (again->link->amount, cobro_money (1250, euro ())));
}

static void
put_fails (StoreFixture *fixture, const CobroLink *link, CobroError code, const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_store_put_async (fixture->store, link, NULL, on_result_cb, &result);
  g_assert_null (cobro_link_store_put_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
  g_assert_cmpstr (cobro_error_get_path (error), ==, path);
}

/* What is wrong is refused with its field; nothing is written, nothing is told. */
static void
test_bad_links (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) first = new_link ("One", 100);
  g_autoptr (CobroLink) second = new_link ("Two", 100);
  g_autoptr (CobroLink) bad = new_link ("Bad\033", 100);
  g_autoptr (CobroLinkChange) made = NULL;

  put_fails (fixture, bad, COBRO_ERROR_INVALID, "title");
  cobro_link_set_text (&first->reference, "A-17");
  made = must_put (fixture, first);
  store_fixture_forget (fixture);
  cobro_link_set_text (&second->reference, "A-17");
  put_fails (fixture, second, COBRO_ERROR_EXISTS, "reference");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==, 1);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox"), ==, 1);
  store_fixture_settle (fixture);
  g_assert_cmpuint (fixture->told, ==, 0);
}

/* The same again changes nothing; an edit keeps token, creation and row. */
static void
test_edit (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autoptr (CobroLink) edit = cobro_link_copy (made->record->link);
  g_autoptr (CobroLinkChange) same = NULL;
  g_autoptr (CobroLinkChange) changed = NULL;

  store_fixture_forget (fixture);
  same = must_put (fixture, edit);
  g_assert_cmpuint (fixture->told, ==, 0);

  cobro_clock_advance (fixture->clock, COBRO_MINUTE);
  cobro_link_set_text (&edit->title, "Tea");
  edit->token = COBRO_TOKEN_NONE;
  edit->created_at = 1;
  changed = must_put (fixture, edit);
  g_assert_cmpstr (changed->record->link->title, ==, "Tea");
  g_assert_cmpstr (changed->record->link->token.text, ==, made->record->link->token.text);
  g_assert_cmpint (changed->record->link->created_at, ==, FIXTURE_NOW);
  g_assert_cmpint (changed->record->link->updated_at, ==, FIXTURE_NOW + COBRO_MINUTE);
  g_assert_cmpint (changed->record->row, ==, made->record->row);
  g_assert_cmpstr (changed->before->title, ==, "Coffee");
}

static void
test_missing (StoreFixture *fixture, gconstpointer data)
{
  CobroId id = cobro_id_new (COBRO_ID_LINK, fixture->clock, fixture->random);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_store_load_async (fixture->store, &id, NULL, on_result_cb, &result);
  g_assert_null (cobro_link_store_load_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
}

/* ── Undo ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroLinkChange *
undo (StoreFixture *fixture, const CobroLinkChange *change, const CobroId *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_link_store_undo_async (fixture->store, id, change->before, NULL, on_result_cb, &result);
  return cobro_link_store_put_finish (fixture->store, wait_for_result (&result), error);
}

/* As if the relay had taken everything that waits. */
static void
upload_all (StoreFixture *fixture)
{
  exec_in_books (fixture, "DELETE FROM outbox; UPDATE link SET rev = rev + 1, waiting = 0, base = NULL;");
}

static void
test_undo_edit (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autoptr (CobroLink) edit = cobro_link_copy (made->record->link);
  g_autoptr (CobroLinkChange) changed = NULL;
  g_autoptr (CobroLinkChange) undone = NULL;
  g_autoptr (CobroLinkChange) redone = NULL;
  const CobroId *id = &made->record->link->id;

  upload_all (fixture);
  cobro_link_set_text (&edit->title, "Tea");
  changed = must_put (fixture, edit);
  undone = undo (fixture, changed, id, NULL);
  g_assert_cmpstr (undone->record->link->title, ==, "Coffee");
  /* The relay has exactly this: there is nothing to upload. */
  g_assert_cmpint (undone->record->state, ==, COBRO_RECORD_LIVE);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox"), ==, 0);
  /* Undo can be undone. */
  redone = undo (fixture, undone, id, NULL);
  g_assert_cmpstr (redone->record->link->title, ==, "Tea");
  g_assert_cmpint (redone->record->state, ==, COBRO_RECORD_WAITING);
}

static void
test_undo_cancel (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  const CobroId *id = &made->record->link->id;
  g_autoptr (CobroLinkChange) cancelled = NULL;
  g_autoptr (CobroLinkChange) undone = NULL;
  g_autoptr (CobroLinkChange) again = NULL;
  g_autoptr (GError) error = NULL;

  upload_all (fixture);
  cancelled = must_decide (fixture, id, COBRO_DECISION_CANCELLED);
  g_assert_cmpint (count_in_books (fixture, "SELECT due AS n FROM outbox"), ==, FIXTURE_NOW + COBRO_LINK_UNDO_TIME);
  undone = undo (fixture, cancelled, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (undone->record->link->decision, ==, COBRO_DECISION_ACTIVE);
  g_assert_cmpint (undone->record->state, ==, COBRO_RECORD_LIVE);

  /* Uploaded, a cancellation is for good. */
  again = must_decide (fixture, id, COBRO_DECISION_CANCELLED);
  upload_all (fixture);
  g_assert_null (undo (fixture, again, id, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

static void
test_undo_creation (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autoptr (CobroLinkChange) sent = must_put (fixture, link);
  g_autoptr (CobroLinkChange) removed = undo (fixture, made, &made->record->link->id, NULL);
  g_autoptr (CobroLinkChange) cancelled = NULL;

  g_assert_null (removed->record);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==, 1);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox"), ==, 1);

  /* Somebody may have its address already: it is cancelled. */
  upload_all (fixture);
  cancelled = undo (fixture, sent, &sent->record->link->id, NULL);
  g_assert_cmpint (cancelled->record->link->decision, ==, COBRO_DECISION_CANCELLED);
}

static void
test_undo_token (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 1250);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  const CobroId *id = &made->record->link->id;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroLinkChange) replaced = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_store_replace_token_async (fixture->store, id, NULL, on_result_cb, &result);
  replaced = cobro_link_store_put_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (replaced->record->link->token.text, !=, made->record->link->token.text);
  g_assert_null (undo (fixture, replaced, id, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

/* ── Profile, customers, settings, addresses ────────────────────────────────────────────────────────────────────── */

static void
test_profile (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_load (fixture->store, NULL);
  g_autoptr (CobroMerchant) stored = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (merchant->name, ==, "");
  cobro_link_set_text (&merchant->name, "Ana's Café");
  cobro_merchant_store_put_async (fixture->store, merchant, NULL, on_result_cb, &result);
  stored = cobro_merchant_store_put_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  g_clear_pointer (&stored, cobro_merchant_unref);
  g_clear_object (&result); /* it holds the store */
  store_fixture_reopen (fixture);
  stored = cobro_merchant_store_load (fixture->store, &error);
  g_assert_cmpstr (stored->name, ==, "Ana's Café");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'merchant.put'"), ==, 1);
}

static CobroCustomer *
put_customer (StoreFixture *fixture, const char *name)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroCustomer *stored;

  cobro_link_set_text (&customer->party.name, name);
  cobro_customer_store_put_async (fixture->store, customer, NULL, on_result_cb, &result);
  stored = cobro_customer_store_put_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return stored;
}

static void
test_customers (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = put_customer (fixture, "Zoë Müller");
  g_autoptr (CobroCustomer) zora = put_customer (fixture, "Zora");
  g_autoptr (CobroCustomer) ben = put_customer (fixture, "Ben");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;

  cobro_customer_store_search_async (fixture->store, "ZÓ", 10, NULL, on_result_cb, &result);
  found = cobro_customer_store_search_finish (fixture->store, wait_for_result (&result), NULL);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpstr (((CobroCustomer *)g_ptr_array_index (found, 0))->party.name, ==, "Zoë Müller");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'customer.put'"), ==, 3);
}

static void
test_addresses (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 100);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autofree char *none = cobro_store_dup_link_url (fixture->store, made->record->link);
  g_autofree char *practice = NULL;
  g_autofree char *paired = NULL;
  g_autofree char *reopened = NULL;
  g_autofree char *wanted = g_strconcat ("https://pay.example/pay/", made->record->link->token.text, NULL);

  g_assert_cmpstr (none, ==, "");
  g_assert_true (cobro_store_set_practice_url (fixture->store, "http://127.0.0.1:8765", NULL));
  practice = cobro_store_dup_link_url (fixture->store, made->record->link);
  g_assert_true (g_str_has_prefix (practice, "http://127.0.0.1:8765/pay/"));
  pair_books (fixture);
  paired = cobro_store_dup_link_url (fixture->store, made->record->link);
  g_assert_cmpstr (paired, ==, wanted);
  store_fixture_reopen (fixture);
  reopened = cobro_store_dup_link_url (fixture->store, made->record->link);
  g_assert_cmpstr (reopened, ==, wanted);
}

static void
test_settings (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *value = NULL;

  g_assert_null (cobro_store_dup_setting (fixture->store, "port", NULL));
  g_assert_true (cobro_store_set_setting (fixture->store, "port", "1", NULL));
  g_assert_true (cobro_store_set_setting (fixture->store, "port", "2", NULL));
  value = cobro_store_dup_setting (fixture->store, "port", NULL);
  g_assert_cmpstr (value, ==, "2");
  g_assert_true (cobro_store_set_setting (fixture->store, "port", NULL, NULL));
  g_assert_null (cobro_store_dup_setting (fixture->store, "port", NULL));
}

/* ── The file ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroStore *
open_at (StoreFixture *fixture, const char *path, GError **error)
{
  return cobro_store_open (&(CobroStoreConfig){ path, fixture->clock, fixture->random, cobro_sync_codec () }, error);
}

static void
test_backup (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 100);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autofree char *path = g_build_filename (fixture->folder, "copy.sqlite", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;
  g_autoptr (CobroStore) copy = NULL;
  g_autoptr (GError) error = NULL;
  CobroLinkQuery all = { .filter = COBRO_LINK_FILTER_ALL };
  g_autoptr (CobroLinkPage) page = NULL;

  cobro_store_backup_async (fixture->store, path, NULL, on_result_cb, &result);
  g_assert_true (cobro_store_backup_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_no_error (error);
  copy = open_at (fixture, path, &error);
  g_assert_no_error (error);
  page = cobro_link_store_first_page (copy, &all, 10, &error);
  g_assert_cmpint (page->total, ==, 1);
  /* It does not write over a file that is there. */
  cobro_store_backup_async (fixture->store, path, NULL, on_result_cb, &again);
  g_assert_false (cobro_store_backup_finish (fixture->store, wait_for_result (&again), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
}

static void
test_opening (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *same = g_build_filename (fixture->folder, "books", "books.sqlite", NULL);
  g_autofree char *damaged = g_build_filename (fixture->folder, "damaged.sqlite", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "books", NULL);
  GStatBuf info;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_null (open_at (fixture, same, &error)); /* another Cobro has them open */
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (damaged, "SQLite format 3\0 no, not really, this is something else", 56, NULL));
  g_assert_null (open_at (fixture, damaged, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_clear_error (&error);

  exec_in_books (fixture, "INSERT INTO schema_migration VALUES (99, '0099-later.sql', '', 0)");
  store_fixture_settle (fixture);
  g_clear_object (&fixture->store);
  g_assert_null (open_at (fixture, same, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NEWER_SCHEMA);
}

/* Closed books answer, too. */
static void
test_closed (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Coffee", 100);

  cobro_store_close (fixture->store);
  put_fails (fixture, link, COBRO_ERROR_UNAVAILABLE, NULL);
}

/* The child: writes links until it is killed, and says each one's id after it was stored. */
static void
write_for_ever (const char *path, int answers)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  StoreFixture child = { .clock = clock, .random = random };
  g_autoptr (GError) error = NULL;

  child.store = open_at (&child, path, &error);
  g_assert_no_error (error);
  for (;;)
    {
      g_autoptr (CobroLink) link = new_link ("Coffee", 100);
      g_autoptr (CobroLinkChange) change = must_put (&child, link);

      g_assert_cmpint (write (answers, &change->record->link->id, sizeof (CobroId)), ==, sizeof (CobroId));
    }
}

/* Killed at any moment: every link that was shown as made is there, with its operation. */
static void
test_kill (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "killed.sqlite", NULL);
  int kills = g_test_slow () ? 200 : 10;

  for (int i = 0; i < kills; i++)
    {
      g_autoptr (GArray) made = g_array_new (FALSE, FALSE, sizeof (CobroId));
      g_autoptr (GError) error = NULL;
      guint wanted = (guint)g_test_rand_int_range (0, 60);
      int ends[2], status;
      CobroId id;
      pid_t child;

      /* Closed, so that no thread is in the way of the fork, and nobody has the books open. */
      store_fixture_settle (fixture);
      g_clear_object (&fixture->store);
      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      if (child == 0)
        write_for_ever (path, ends[1]);
      close (ends[1]);
      while (made->len < wanted && read (ends[0], &id, sizeof id) == sizeof id)
        g_array_append_val (made, id);
      kill (child, SIGKILL);
      while (read (ends[0], &id, sizeof id) == sizeof id)
        g_array_append_val (made, id);
      close (ends[0]);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

      fixture->store = open_at (fixture, path, &error);
      g_assert_no_error (error);
      for (guint k = 0; k < made->len; k++)
        cobro_link_record_unref (must_load (fixture, &g_array_index (made, CobroId, k)));
      g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==,
                       count_in_books (fixture, "SELECT count(*) AS n FROM outbox"));
      g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==,
                       count_in_books (fixture, "SELECT n FROM row_count WHERE name = 'link'"));
    }
}

#define ADD(path, func) g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/link/new", test_new_link);
  ADD ("/store/link/bad", test_bad_links);
  ADD ("/store/link/edit", test_edit);
  ADD ("/store/link/missing", test_missing);
  ADD ("/store/undo/edit", test_undo_edit);
  ADD ("/store/undo/cancel", test_undo_cancel);
  ADD ("/store/undo/creation", test_undo_creation);
  ADD ("/store/undo/token", test_undo_token);
  ADD ("/store/profile", test_profile);
  ADD ("/store/customers", test_customers);
  ADD ("/store/addresses", test_addresses);
  ADD ("/store/settings", test_settings);
  ADD ("/store/backup", test_backup);
  ADD ("/store/opening", test_opening);
  ADD ("/store/closed", test_closed);
  ADD ("/store/kill", test_kill);
  return g_test_run ();
}
