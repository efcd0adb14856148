/* src/store/cobro-backup-store.c — see cobro-backup-store.h.
 * Layer: store. */
#include "config.h"
#include "cobro-backup-store.h"
#include "cobro-db-migration.h"
#include "cobro-error.h"
#include "cobro-store-private.h"
#include "cobro-store-resources.h"

#include <glib/gstdio.h>
#include <errno.h>
#include <unistd.h>

void
cobro_backup_facts_free (CobroBackupFacts *facts)
{
  if (facts == NULL)
    return;
  g_free (facts->business);
  g_free (facts);
}

/* ── What is in it ──────────────────────────────────────────────────────────────────────────────────────────────── */

#define FACTS                                                                                                          \
  "SELECT (SELECT count(*) FROM link WHERE sample = 0 AND invoice_id IS NULL) AS links, "                              \
  "  (SELECT count(*) FROM invoice WHERE sample = 0) AS invoices, (SELECT count(*) FROM customer) AS customers, "      \
  "  (SELECT count(*) FROM product) AS products, (SELECT count(*) FROM payment) AS payments, "                         \
  "  max(coalesce((SELECT max(updated_at) FROM link), 0), coalesce((SELECT max(created_at) FROM payment), 0), "        \
  "    coalesce((SELECT max(created_at) FROM customer), 0)) AS last_change, "                                          \
  "  (SELECT document ->> '$.name' FROM merchant) AS business"

static CobroBackupFacts *
read_facts (CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) row = cobro_db_prepare (db, FACTS, error);
  CobroBackupFacts *facts;

  if (row == NULL || cobro_db_step (row, error) != COBRO_DB_ROW)
    return NULL;
  facts = g_new0 (CobroBackupFacts, 1);
  facts->business = g_strdup (cobro_db_column_text (row, "business"));
  if (facts->business == NULL)
    facts->business = g_strdup ("");
  facts->links = cobro_db_column_int64 (row, "links");
  facts->invoices = cobro_db_column_int64 (row, "invoices");
  facts->customers = cobro_db_column_int64 (row, "customers");
  facts->products = cobro_db_column_int64 (row, "products");
  facts->payments = cobro_db_column_int64 (row, "payments");
  facts->last_change = cobro_db_column_time (row, "last_change");
  return facts;
}

/* Older ones are brought up to date when they are opened. */
static gboolean
check_version (CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) migrations =
    cobro_db_migrations_from_resource (cobro_store_get_resource (), COBRO_STORE_SCHEMA, error);
  gint64 version = migrations != NULL ? cobro_db_schema_version (db, error) : -1;

  if (version < 0)
    return FALSE;
  if (version == 0)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "there is nothing in it");
  return version <= (gint64)migrations->len ||
         cobro_error_set (error, COBRO_ERROR_NEWER_SCHEMA, "it was made by a newer Cobro (books %d, this one knows %u)",
                          (int)version, migrations->len);
}

CobroBackupFacts *
cobro_backup_look (const char *path, GError **error)
{
  g_autoptr (CobroDb) db = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no file “%s”", path);
      return NULL;
    }
  db = cobro_db_open (path, COBRO_DB_READ_ONLY, COBRO_STORE_APPLICATION_ID, error);
  if (db == NULL || !cobro_db_check (db, FALSE, error) || !check_version (db, error))
    return NULL;
  return read_facts (db, error);
}

/* ── What would be lost ─────────────────────────────────────────────────────────────────────────────────────────── */

#define NOT_IN(table) "(SELECT count(*) FROM main." table " WHERE id NOT IN (SELECT id FROM copy." table ")"
#define CHANGED(table)                                                                                                 \
  "(SELECT count(*) FROM main." table " AS a JOIN copy." table " AS b ON a.id = b.id WHERE a.document <> b.document)"
static const char LOSS[] =
  /* clang-format off */
  "SELECT " NOT_IN ("link") " AND sample = 0 AND invoice_id IS NULL) AS links, "
  NOT_IN ("invoice") " AND sample = 0) AS invoices, "
  NOT_IN ("customer") ") AS customers, " NOT_IN ("product") ") AS products, " NOT_IN ("payment") ") AS payments, "
  CHANGED ("link") " + " CHANGED ("invoice") " + " CHANGED ("customer") " + " CHANGED ("product") " AS changed";
/* clang-format on */

static gboolean
attach (CobroDb *db, const char *path, GError **error)
{
  g_autoptr (GString) quoted = g_string_new (path);
  g_autofree char *sql = NULL;

  g_string_replace (quoted, "'", "''", 0);
  sql = g_strdup_printf ("ATTACH DATABASE '%s' AS copy", quoted->str);
  return cobro_db_exec (db, sql, error);
}

static CobroBackupLoss *
read_loss (CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) row = cobro_db_prepare (db, LOSS, error);
  CobroBackupLoss *loss;

  if (row == NULL || cobro_db_step (row, error) != COBRO_DB_ROW)
    return NULL;
  loss = g_new0 (CobroBackupLoss, 1);
  *loss = (CobroBackupLoss){ .links = cobro_db_column_int64 (row, "links"),
                             .invoices = cobro_db_column_int64 (row, "invoices"),
                             .customers = cobro_db_column_int64 (row, "customers"),
                             .products = cobro_db_column_int64 (row, "products"),
                             .payments = cobro_db_column_int64 (row, "payments"),
                             .changed = cobro_db_column_int64 (row, "changed") };
  return loss;
}

/* A connection of its own, as prepared statements of the others must not see the copy. */
static gpointer
do_loss (CobroStoreTx *tx, gpointer data, GError **error)
{
  const char *const *paths = data;
  g_autoptr (CobroDb) db = cobro_db_open (paths[0], COBRO_DB_READ_ONLY, COBRO_STORE_APPLICATION_ID, error);

  return db != NULL && attach (db, paths[1], error) ? read_loss (db, error) : NULL;
}

void
cobro_backup_loss_async (CobroStore *store, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const char *paths[] = { cobro_store_get_path (store), path, NULL };

  cobro_store_aside_async (store, do_loss, g_strdupv ((char **)paths), (GDestroyNotify)g_strfreev, g_free, cancellable,
                           callback, user_data);
}

CobroBackupLoss *
cobro_backup_loss_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Back ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
remove_beside (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal", ".lock" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);

      g_unlink (name);
    }
}

gboolean
cobro_backup_fetch (const char *path, const char *part, GError **error)
{
  g_autoptr (CobroDb) db = NULL;
  g_autoptr (CobroBackupFacts) facts = NULL;
  gboolean fine;

  remove_beside (part);
  db = cobro_db_open (path, COBRO_DB_READ_ONLY, COBRO_STORE_APPLICATION_ID, error);
  if (db == NULL || !cobro_db_check (db, FALSE, error) || !cobro_db_backup (db, part, error))
    return FALSE;
  facts = cobro_backup_look (part, error);
  fine = facts != NULL;
  if (!fine)
    remove_beside (part);
  return fine;
}

/* The relay of before goes on where the copy has the same merchant, or none. Another device reads the feed from its
 * beginning, and what was numbered for another is numbered anew. */
#define SAME_MERCHANT                                                                                                  \
  "EXISTS (SELECT 1 FROM copy.pairing) AND NOT EXISTS (SELECT 1 FROM main.pairing AS a, copy.pairing AS b "            \
  "WHERE a.merchant_id <> b.merchant_id)"
#define OTHER_DEVICE                                                                                                   \
  SAME_MERCHANT " AND NOT EXISTS (SELECT 1 FROM main.pairing AS a JOIN copy.pairing AS b ON a.device_id = "            \
                "b.device_id)"
#define TAKE_OVER                                                                                                      \
  "UPDATE main.outbox SET seq = NULL, base_rev = NULL WHERE " OTHER_DEVICE ";"                                         \
  "CREATE TEMP TABLE other AS SELECT * FROM copy.pairing WHERE " OTHER_DEVICE ";"                                      \
  "DELETE FROM main.pairing WHERE EXISTS (SELECT 1 FROM temp.other);"                                                  \
  "INSERT INTO main.pairing SELECT * FROM temp.other;"                                                                 \
  "UPDATE main.pairing SET cursor = 0, last_hash = '' WHERE EXISTS (SELECT 1 FROM temp.other);"                        \
  "DROP TABLE temp.other;"                                                                                             \
  "UPDATE main.pairing SET next_seq = (SELECT max(main.pairing.next_seq, b.next_seq) FROM copy.pairing AS b) "         \
  "  WHERE EXISTS (SELECT 1 FROM copy.pairing AS b WHERE b.device_id = main.pairing.device_id);"                       \
  "INSERT INTO main.series (name, next, last_date) SELECT name, next, last_date FROM copy.series WHERE true "          \
  "  ON CONFLICT (name) DO UPDATE SET next = max(next, excluded.next), last_date = max(last_date, "                    \
  "excluded.last_date);"

static gboolean
take_over (const char *part, const char *books, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (part, COBRO_DB_READ_WRITE, COBRO_STORE_APPLICATION_ID, error);
  g_autoptr (CobroBackupFacts) before = cobro_backup_look (books, NULL);

  if (db == NULL)
    return FALSE;
  if (before != NULL && (!attach (db, books, error) || !cobro_db_begin (db, error)))
    return FALSE;
  if (before != NULL && (!cobro_db_exec (db, TAKE_OVER, error) || !cobro_db_commit (db, error)))
    {
      cobro_db_rollback (db);
      return FALSE;
    }
  return cobro_db_checkpoint (db, TRUE, error);
}

gboolean
cobro_backup_put_in_place (const char *part, const char *books, GError **error)
{
  g_autofree char *log = g_strconcat (books, "-wal", NULL);
  g_autofree char *shared = g_strconcat (books, "-shm", NULL);
  g_autofree char *lock = g_strconcat (part, ".lock", NULL);

  if (!take_over (part, books, error))
    return FALSE;
  /* What was in the log of closed books is in the file; a log that was left behind belongs to the file that goes. */
  g_unlink (log);
  g_unlink (shared);
  if (g_rename (part, books) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "the restored books cannot be put in place: %s", g_strerror (errno));
  g_unlink (lock);
  return TRUE;
}

/* ── Books that cannot be opened ────────────────────────────────────────────────────────────────────────────────── */

/* By a second name where the file system has that, else as a copy. */
static gboolean
keep_file (const char *path, const char *kept, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (path);
  g_autoptr (GFile) to = g_file_new_for_path (kept);
  g_autoptr (GError) failure = NULL;

  if (link (path, kept) == 0 || errno == ENOENT)
    return TRUE;
  if (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &failure))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_IO, "“%s” cannot be kept: %s", path, failure->message);
}

/* (transfer full) "/…/books.sqlite" → "/…/books-kept-20261122T101500Z.sqlite", or with a number, if that is taken. */
static char *
find_name (const char *books, CobroTime now)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (now / COBRO_SECOND);
  g_autofree char *stamp = g_date_time_format (date, "%Y%m%dT%H%M%SZ");
  const char *dot = strrchr (books, '.');
  int stem = dot != NULL ? (int)(dot - books) : (int)strlen (books);
  char *name = g_strdup_printf ("%.*s-kept-%s%s", stem, books, stamp, dot != NULL ? dot : "");

  for (guint i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%.*s-kept-%s-%u%s", stem, books, stamp, i, dot != NULL ? dot : "");
    }
  return name;
}

gboolean
cobro_backup_keep (const char *books, CobroTime now, char **out_kept, GError **error)
{
  g_autofree char *kept = find_name (books, now);
  g_autofree char *log = g_strconcat (books, "-wal", NULL);
  g_autofree char *kept_log = g_strconcat (kept, "-wal", NULL);

  if (!keep_file (books, kept, error) || !keep_file (log, kept_log, error))
    return FALSE;
  *out_kept = g_steal_pointer (&kept);
  return TRUE;
}

void
cobro_backup_clear (const char *books)
{
  remove_beside (books);
}
