/* tests/db/test-db-faults.c — what a machine does to a database: kill -9 at any moment, a full disk, a failing one, a
 * second process. Layer: tests. */
#include "cobro-db-writer.h"
#include "cobro-error.h"
#include "db-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define TABLE   "CREATE TABLE IF NOT EXISTS thing (n INTEGER PRIMARY KEY, filling BLOB) STRICT;"
#define CALLERS 8

static CobroDbResult
insert (CobroDb *db, gpointer data, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (db, "INSERT INTO thing (n, filling) VALUES (:n, zeroblob(2000))", error);

  if (statement == NULL)
    return COBRO_DB_REFUSED;
  cobro_db_bind_int64 (statement, ":n", *(gint64 *)data);
  return cobro_db_run (statement, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* ── kill -9 ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroDbWriter *writer;
  int answers; /* pipe */
  gint64 next;
} Caller;

/* Says each number only after its commit was answered. */
static gpointer
write_until_killed (gpointer data)
{
  Caller *caller = data;

  for (;; caller->next += CALLERS)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = cobro_db_writer_run (caller->writer, insert, &caller->next, &error);

      g_assert_no_error (error);
      g_assert_true (ok);
      g_assert_cmpint (write (caller->answers, &caller->next, sizeof caller->next), ==, sizeof caller->next);
    }
  return NULL;
}

/* The child: never returns. */
static void
write_for_ever (DbFolder *folder, gint64 first, int answers)
{
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  Caller callers[CALLERS];
  CobroDbWriter *writer;

  db_must_exec (db, TABLE);
  writer = cobro_db_writer_new (db);
  for (int i = 0; i < CALLERS; i++)
    {
      callers[i] = (Caller){ .writer = writer, .answers = answers, .next = first + i };
      g_thread_new ("caller", write_until_killed, &callers[i]);
    }
  for (;;)
    pause ();
}

/* Reads answered numbers until @wanted were heard, kills, reads the rest. (transfer full) (element-type gint64) */
static GArray *
run_and_kill (DbFolder *folder, gint64 first, guint wanted)
{
  GArray *answered = g_array_new (FALSE, FALSE, sizeof (gint64));
  int ends[2], status;
  gint64 number;
  pid_t child;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    write_for_ever (folder, first, ends[1]);
  close (ends[1]);
  while (answered->len < wanted && read (ends[0], &number, sizeof number) == sizeof number)
    g_array_append_val (answered, number);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  while (read (ends[0], &number, sizeof number) == sizeof number)
    g_array_append_val (answered, number);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  return answered;
}

static void
check_all_there (DbFolder *folder, GArray *numbers)
{
  g_autoptr (CobroDb) db = db_folder_open (folder, "a", COBRO_DB_READ_WRITE);
  g_autoptr (GError) error = NULL;
  gboolean ok = cobro_db_check (db, FALSE, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  for (guint i = 0; i < numbers->len; i++)
    {
      g_autoptr (CobroDbStatement) statement =
        cobro_db_prepare (db, "SELECT count(*) AS n FROM thing WHERE n = :n", &error);

      cobro_db_bind_int64 (statement, ":n", g_array_index (numbers, gint64, i));
      g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
      g_assert_cmpint (cobro_db_column_int64 (statement, "n"), ==, 1);
    }
}

/* Whatever was answered is there after the next start, whenever the kill came. */
static void
test_kill (DbFolder *folder, gconstpointer data)
{
  guint kills = g_test_slow () ? 200 : 15;

  for (guint i = 0; i < kills; i++)
    {
      guint wanted = (guint)g_test_rand_int_range (0, 400);
      g_autoptr (GArray) answered = run_and_kill (folder, (gint64)i * 10000000, wanted);

      check_all_there (folder, answered);
    }
}

/* ── Full disks ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Fills until it is refused; the number of rows that were answered. */
static gint64
fill (CobroDbWriter *writer, gint64 from)
{
  for (gint64 n = from;; n++)
    {
      g_autoptr (GError) error = NULL;

      if (cobro_db_writer_run (writer, insert, &n, &error))
        continue;
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
      return n;
    }
}

static void
on_fatal_cb (const GError *error, gpointer data)
{
  g_error ("a full disk is not the end: %s", error->message);
}

/* Fills the disk, makes room with @make_room, goes on, and finds every row that was answered. */
static void
fill_and_recover (DbFolder *folder, void (*make_room) (DbFolder *folder))
{
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  CobroDbWriter *writer;
  g_autoptr (GError) error = NULL;
  gint64 refused, n;

  db_must_exec (db, TABLE);
  writer = cobro_db_writer_new (db);
  cobro_db_writer_set_fatal_func (writer, on_fatal_cb, NULL);
  refused = fill (writer, 1);
  g_assert_cmpint (refused, >, 10);
  for (n = refused; n < refused + 3; n++)
    g_assert_cmpint (fill (writer, n), ==, n); /* stays refused, says so each time */

  make_room (folder);
  for (n = refused; n < refused + 50; n++)
    {
      gboolean ok = cobro_db_writer_run (writer, insert, &n, &error);
      g_assert_no_error (error);
      g_assert_true (ok);
    }
  cobro_db_writer_free (writer);

  db = db_folder_open (folder, "a", COBRO_DB_READ_WRITE);
  g_assert_true (cobro_db_check (db, FALSE, &error));
  g_assert_cmpint (db_must_count (db, "SELECT count(*) AS n FROM thing"), ==, refused + 49);
  cobro_db_close (db);
}

static void
set_file_limit (rlim_t bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
lift_file_limit (DbFolder *folder)
{
  set_file_limit (RLIM_INFINITY);
}

/* A limit of the process acts like a full quota. */
static void
test_file_limit (DbFolder *folder, gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  signal (SIGXFSZ, SIG_IGN);
  set_file_limit (600 * 1024);
  fill_and_recover (folder, lift_file_limit);
}

static void
remove_ballast (DbFolder *folder)
{
  g_autofree char *path = db_folder_path (folder, "ballast");

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* A file system of its own, 2 MiB small, that goes with the process. */
static gboolean
mount_small_disk (const char *folder)
{
  return unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("small", folder, "tmpfs", 0, "size=2m") == 0;
}

#define NOT_ALLOWED 77

static void
fill_small_disk (DbFolder *folder)
{
  g_autofree char *ballast = db_folder_path (folder, "ballast");
  g_autofree char *block = g_malloc0 (1024 * 1024);

  if (!mount_small_disk (folder->folder))
    _exit (NOT_ALLOWED);
  g_assert_true (g_file_set_contents (ballast, block, 1024 * 1024, NULL));
  fill_and_recover (folder, remove_ballast);
  umount (folder->folder);
  _exit (0);
}

static void
test_full_disk (DbFolder *folder, gconstpointer data)
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    fill_small_disk (folder);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == NOT_ALLOWED)
    g_test_skip ("mounting is not allowed here; the file limit test covers the same path");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* ── A file that fails ──────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  int calls;
  GError *error;
} Fatal;

static void
on_expected_fatal_cb (const GError *error, gpointer data)
{
  Fatal *fatal = data;

  fatal->calls++;
  fatal->error = g_error_copy (error);
}

static CobroDbResult
scan (CobroDb *db, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, "SELECT sum(length(filling)) AS n FROM thing", error);

  return cobro_db_step (statement, error) == COBRO_DB_ROW ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* Damage found while working: said once, and nothing is accepted any more. */
static void
test_fatal (DbFolder *folder, gconstpointer data)
{
  g_autofree char *path = db_folder_path (folder, "a"), *noise = g_malloc (40 * 4096);
  CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);
  Fatal fatal = { 0, NULL };
  g_autoptr (GError) error = NULL;
  CobroDbWriter *writer;
  gint64 n;
  FILE *file;

  db_must_exec (db, TABLE);
  for (n = 1; n <= 200; n++)
    g_assert_cmpint (insert (db, &n, &error), ==, COBRO_DB_OK);
  cobro_db_close (db);
  memset (noise, 0x5a, 40 * 4096);
  file = g_fopen (path, "r+");
  g_assert_cmpint (fseek (file, 5 * 4096, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (noise, 4096, 40, file), ==, 40);
  fclose (file);

  writer = cobro_db_writer_new (db_folder_open (folder, "a", COBRO_DB_READ_WRITE));
  cobro_db_writer_set_fatal_func (writer, on_expected_fatal_cb, &fatal);
  g_assert_false (cobro_db_writer_run (writer, scan, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_clear_error (&error);
  for (n = 1000; n < 1003; n++)
    {
      /* The first may still be taken while the thread is giving up; it is refused all the same. */
      g_assert_false (cobro_db_writer_run (writer, insert, &n, &error));
      g_clear_error (&error);
    }
  cobro_db_writer_free (writer);
  g_assert_cmpint (fatal.calls, ==, 1);
  g_assert_error (fatal.error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_error_free (fatal.error);
}

/* ── Two processes ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_second_process (DbFolder *folder, gconstpointer data)
{
  g_autofree char *path = db_folder_path (folder, "a");
  int begun[2], status;
  char byte;
  pid_t child;
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = NULL;

  g_assert_cmpint (pipe2 (begun, O_CLOEXEC), ==, 0);
  child = fork ();
  if (child == 0)
    {
      CobroDb *db = db_folder_open (folder, "a", COBRO_DB_CREATE);

      db_must_exec (db, TABLE);
      g_assert_cmpint (write (begun[1], "x", 1), ==, 1);
      for (;;)
        pause ();
    }
  g_assert_cmpint (read (begun[0], &byte, 1), ==, 1);
  g_assert_null (cobro_db_open (path, COBRO_DB_READ_WRITE, TEST_APPLICATION_ID, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_BUSY);
  pid = g_strdup_printf ("process %d", child);
  g_assert_nonnull (strstr (error->message, pid));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  close (begun[0]);
  close (begun[1]);

  /* A process that died does not keep the file. */
  cobro_db_close (db_folder_open (folder, "a", COBRO_DB_READ_WRITE));
}

#define ADD(path, func) g_test_add (path, DbFolder, NULL, db_folder_set_up, func, db_folder_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/db/faults/kill", test_kill);
  ADD ("/db/faults/file-limit", test_file_limit);
  ADD ("/db/faults/full-disk", test_full_disk);
  ADD ("/db/faults/fatal", test_fatal);
  ADD ("/db/faults/second-process", test_second_process);
  return g_test_run ();
}
