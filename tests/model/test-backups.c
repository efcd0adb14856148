/* tests/model/test-backups.c — copies of the books: made, kept and removed by the plan, looked into, gone back to.
 * Layer: tests. */
#include "cobro-backup-plan.h"
#include "cobro-backups.h"
#include "cobro-error.h"
#include "model-fixture.h"

#include <glib/gstdio.h>

typedef struct
{
  ModelFixture models;
  CobroBackups *backups;
  char *part; /* what "restore" asked for */
} Fixture;

static void
on_restore_cb (Fixture *self, const char *part, gint64 made)
{
  g_free (self->part);
  self->part = g_strdup (part);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  model_fixture_set_up (&self->models, data);
  self->part = NULL;
  self->backups = cobro_backups_new (self->models.books.store);
  g_signal_connect_swapped (self->backups, "restore", G_CALLBACK (on_restore_cb), self);
}

static void
close_backups (Fixture *self)
{
  g_object_run_dispose (G_OBJECT (self->backups));
  g_object_add_weak_pointer (G_OBJECT (self->backups), (gpointer *)&self->backups);
  g_object_unref (self->backups);
  wait_until (self->backups == NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->backups)
    close_backups (self);
  g_free (self->part);
  model_fixture_tear_down (&self->models, data);
}

static void
add_link (Fixture *self, const char *title)
{
  g_object_unref (model_fixture_create (&self->models, title, 100));
}

static gboolean
is_running (Fixture *self)
{
  guint percent;

  return cobro_backups_get_running (self->backups, &percent);
}

/* Lent: the newest copy, made now. */
static const CobroBackup *
back_up (Fixture *self)
{
  cobro_backups_run (self->backups);
  wait_until (!is_running (self));
  g_assert_no_error (cobro_backups_get_problem (self->backups));
  g_assert_cmpuint (cobro_backups_get_list (self->backups)->len, >, 0);
  return cobro_backups_get_list (self->backups)->pdata[0];
}

static CobroBackupPreview *
preview (Fixture *self, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_backups_preview_async (self->backups, path, NULL, on_result_cb, &result);
  return cobro_backups_preview_finish (self->backups, wait_for_result (&result), error);
}

/* A copy is a file for its owner alone, and says what is in it and what going back would lose. */
static void
test_look (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroBackupPreview) now = NULL, later = NULL;
  const CobroBackup *copy;
  GStatBuf info;

  add_link (self, "Tea");
  copy = back_up (self);
  g_assert_cmpint (copy->made, ==, FIXTURE_NOW);
  g_assert_cmpint (g_stat (copy->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (copy->size, ==, (guint64)info.st_size);
  now = preview (self, copy->path, NULL);
  g_assert_cmpint (now->facts->links, ==, 1);
  g_assert_cmpint (now->facts->last_change, ==, FIXTURE_NOW);
  g_assert_cmpint (now->loss->links, ==, 0);
  g_assert_cmpint (now->loss->changed, ==, 0);

  add_link (self, "Coffee");
  exec_in_books (&self->models.books, "UPDATE link SET document = replace (document, 'Tea', 'Milk') WHERE row = 1");
  later = preview (self, ((CobroBackup *)cobro_backups_get_list (self->backups)->pdata[0])->path, NULL);
  g_assert_cmpint (later->facts->links, ==, 1);
  g_assert_cmpint (later->loss->links, ==, 1);
  g_assert_cmpint (later->loss->changed, ==, 1);
}

/* A day has one copy in the end; what is older than the plan goes, what was kept before a restore never does. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *before = NULL;

  add_link (self, "Tea");
  back_up (self);
  cobro_clock_advance (self->models.books.clock, COBRO_HOUR);
  back_up (self);
  g_assert_cmpuint (cobro_backups_get_list (self->backups)->len, ==, 1);
  for (int day = 0; day < 40; day++)
    {
      cobro_clock_advance (self->models.books.clock, COBRO_DAY);
      back_up (self);
    }
  g_assert_cmpuint (cobro_backups_get_list (self->backups)->len, >=, COBRO_BACKUP_DAYS + 2);
  g_assert_cmpuint (cobro_backups_get_list (self->backups)->len, <=, COBRO_BACKUP_DAYS + COBRO_BACKUP_WEEKS + 2);
}

/* By hand: 3 copies a day over 500 days; which stay is counted from the plan's own words. */
static void
test_plan (void)
{
  CobroTime times[1500];
  gboolean keep[G_N_ELEMENTS (times)];
  guint kept = 0;

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    times[i] = FIXTURE_NOW - (gint64)i * 8 * COBRO_HOUR;
  cobro_backup_plan (times, G_N_ELEMENTS (times), "Europe/Madrid", keep);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    kept += keep[i] ? 1 : 0;
  g_assert_true (keep[0]);
  g_assert_cmpuint (kept, <=, COBRO_BACKUP_DAYS + COBRO_BACKUP_WEEKS + COBRO_BACKUP_MONTHS);
  /* 7 days lie in at most two of the weeks and two of the months. */
  g_assert_cmpuint (kept, >=, COBRO_BACKUP_DAYS + (COBRO_BACKUP_WEEKS - 2) + (COBRO_BACKUP_MONTHS - 3));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    if (keep[i])
      g_assert_cmpint (times[i], >, FIXTURE_NOW - 400 * COBRO_DAY);
}

/* A folder that cannot be used is said, and the books go on. */
static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_object_set (self->backups, "folder", "/proc/no/such/folder", NULL);
  cobro_backups_run (self->backups);
  wait_until (!is_running (self));
  g_assert_error (cobro_backups_get_problem (self->backups), COBRO_ERROR, COBRO_ERROR_IO);
  add_link (self, "Tea");
}

static void
refuse (Fixture *self, const char *path, CobroError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (preview (self, path, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
}

/* What is no backup, is damaged, or is of tomorrow, is refused before anything is touched. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->models.books.folder, "other.sqlite", NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  refuse (self, path, COBRO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (path, "no books at all, but long enough to be looked at", -1, NULL));
  refuse (self, path, COBRO_ERROR_CORRUPT);

  model_fixture_fill (&self->models, 2000);
  g_assert_true (g_file_get_contents (back_up (self)->path, &bytes, &n, NULL));
  memset (bytes + n / 2, 0xA5, 20000);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)n, NULL));
  refuse (self, path, COBRO_ERROR_CORRUPT);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT count(*) AS n FROM link"), ==, 2000);
}

/* Books of now are kept, the copy stands in their place, and what must not go back does not: the next number of an
 * invoice, how far the relay was spoken to. */
static void
test_restore (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *books = NULL;
  g_autofree char *path = NULL;

  pair_books (&self->models.books);
  add_link (self, "Tea");
  exec_in_books (&self->models.books, "INSERT INTO series (name, next) VALUES ('INV-', 7)");
  path = g_strdup (back_up (self)->path);
  add_link (self, "Coffee");
  exec_in_books (&self->models.books, "UPDATE series SET next = 12; UPDATE pairing SET next_seq = 40");
  books = g_strdup (cobro_store_get_path (self->models.books.store));
  cobro_clock_advance (self->models.books.clock, COBRO_HOUR);

  cobro_backups_restore_async (self->backups, path, FIXTURE_NOW, NULL, on_result_cb, &result);
  g_assert_true (cobro_backups_restore_finish (self->backups, wait_for_result (&result), &error));
  g_assert_no_error (error);
  g_assert_nonnull (self->part);
  g_assert_cmpuint (cobro_backups_get_list (self->backups)->len, ==, 2);
  g_assert_true (((CobroBackup *)cobro_backups_get_list (self->backups)->pdata[0])->before_going);
  g_clear_object (&result);

  close_backups (self);
  g_clear_object (&self->models.links);
  store_fixture_settle (&self->models.books);
  cobro_store_close (self->models.books.store);
  g_assert_true (cobro_backup_put_in_place (self->part, books, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (self->part, G_FILE_TEST_EXISTS));
  g_clear_object (&self->models.books.store);
  store_fixture_open (&self->models.books);
  self->models.links = cobro_links_new (self->models.books.store);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT count(*) AS n FROM link"), ==, 1);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT count(*) AS n FROM link WHERE title = 'Tea'"), ==, 1);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT next AS n FROM series"), ==, 12);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT next_seq AS n FROM pairing"), ==, 40);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backups/plan", test_plan);
  g_test_add ("/backups/look", Fixture, NULL, set_up, test_look, tear_down);
  g_test_add ("/backups/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/backups/no-folder", Fixture, NULL, set_up, test_no_folder, tear_down);
  g_test_add ("/backups/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/backups/restore", Fixture, NULL, set_up, test_restore, tear_down);
  return g_test_run ();
}
