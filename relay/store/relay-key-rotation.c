/* relay/store/relay-key-rotation.c — the job that wraps every data key anew.
 * Layer: relay/store. */
#include "config.h"
#include "relay-key-rotation.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "relay-key-file.h"
#include "relay-keyring.h"
#include "relay-row.h"

#define BATCH 100

/* One run. */
typedef struct
{
  RelayKeyring *keyring;
  char to[RELAY_KEYRING_ID];
  gboolean running; /* the newest job is */
  gint64 moved;
  gboolean done;
} Run;

/* ── The job's row ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The newest job; @out_to is "" when there never was one. */
static gboolean
read_job (CobroDb *db, char out_to[RELAY_KEYRING_ID], gboolean *out_running, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT to_kek, state FROM key_rotation ORDER BY row DESC LIMIT 1", error);
  CobroDbStep step = statement != NULL ? cobro_db_step (statement, error) : COBRO_DB_FAILED;

  out_to[0] = '\0';
  *out_running = FALSE;
  if (step != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  g_strlcpy (out_to, cobro_db_column_text (statement, "to_kek"), RELAY_KEYRING_ID);
  *out_running = g_strcmp0 (cobro_db_column_text (statement, "state"), "running") == 0;
  return TRUE;
}

/* Two at once: the second goes on with what the first has begun. */
static gboolean
start_work (RelayTx *tx, gpointer data, GError **error)
{
  Run *run = data;
  char to[RELAY_KEYRING_ID];
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!read_job (tx->db, to, &run->running, error))
    return FALSE;
  if (run->running)
    {
      g_strlcpy (run->to, to, sizeof run->to);
      return TRUE;
    }
  if (!(statement = cobro_db_prepare (
          tx->db, "INSERT INTO key_rotation (to_kek, state, started_at) VALUES (:to, 'running', :now)", error)))
    return FALSE;
  cobro_db_bind_text (statement, ":to", run->to);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static gboolean
finish_job (RelayTx *tx, Run *run, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE key_rotation SET state = 'done', finished_at = :now WHERE state = 'running' AND to_kek = :to",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_text (statement, ":to", run->to);
  run->done = TRUE;
  return cobro_db_run (statement, error);
}

static gboolean
count_moved (RelayTx *tx, Run *run, gint64 n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE key_rotation SET moved = moved + :n WHERE state = 'running' AND to_kek = :to", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":n", n);
  cobro_db_bind_text (statement, ":to", run->to);
  return cobro_db_run (statement, error);
}

/* ── A batch ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A data key as it is wrapped now. */
typedef struct
{
  char owner[32], kek[RELAY_KEYRING_ID];
  gint64 number;
  GBytes *wrapped;
} Wrapped;

static void
wrapped_clear (gpointer data)
{
  g_bytes_unref (((Wrapped *)data)->wrapped);
}

static GArray *
read_batch (RelayTx *tx, const Run *run, GError **error)
{
  g_autoptr (GArray) batch = g_array_new (FALSE, TRUE, sizeof (Wrapped));
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT owner, number, kek, wrapped FROM data_key WHERE kek <> :to AND state <> 'lost' "
                      "ORDER BY owner, number LIMIT :n",
                      error);
  CobroDbStep step;

  g_array_set_clear_func (batch, wrapped_clear);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":to", run->to);
  cobro_db_bind_int64 (statement, ":n", BATCH);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      Wrapped row = { .number = cobro_db_column_int64 (statement, "number") };
      gsize n;
      gconstpointer bytes = cobro_db_column_blob (statement, "wrapped", &n);

      g_strlcpy (row.owner, cobro_db_column_text (statement, "owner"), sizeof row.owner);
      g_strlcpy (row.kek, cobro_db_column_text (statement, "kek"), sizeof row.kek);
      row.wrapped = g_bytes_new (bytes, n);
      g_array_append_val (batch, row);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&batch) : NULL;
}

static gboolean
move_one (RelayTx *tx, const Run *run, const Wrapped *row, GError **error)
{
  g_autoptr (GBytes) anew =
    relay_keyring_wrap_anew (run->keyring, row->kek, run->to, row->owner, (guint32)row->number,
                             g_bytes_get_data (row->wrapped, NULL), g_bytes_get_size (row->wrapped), error);
  g_autoptr (CobroDbStatement) statement = NULL;

  if (anew == NULL || !(statement = cobro_db_prepare (tx->db,
                                                      "UPDATE data_key SET kek = :to, wrapped = :wrapped WHERE owner = "
                                                      ":owner AND number = :number",
                                                      error)))
    return FALSE;
  cobro_db_bind_text (statement, ":to", run->to);
  cobro_db_bind_blob (statement, ":wrapped", g_bytes_get_data (anew, NULL), g_bytes_get_size (anew));
  cobro_db_bind_text (statement, ":owner", row->owner);
  cobro_db_bind_int64 (statement, ":number", row->number);
  return cobro_db_run (statement, error);
}

static gboolean
batch_work (RelayTx *tx, gpointer data, GError **error)
{
  Run *run = data;
  g_autoptr (GArray) batch = read_batch (tx, run, error);

  if (batch == NULL)
    return FALSE;
  if (batch->len == 0)
    return finish_job (tx, run, error);
  for (guint i = 0; i < batch->len; i++)
    if (!move_one (tx, run, &g_array_index (batch, Wrapped, i), error))
      return FALSE;
  run->moved += batch->len;
  return count_moved (tx, run, batch->len, error);
}

/* ── The files ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
make_next (RelayStore *store, Run *run, GError **error)
{
  g_autofree char *next = g_strconcat (relay_keyring_get_file (run->keyring), ".next", NULL);
  char own[RELAY_KEYRING_ID], found[RELAY_KEYRING_ID];

  relay_keyring_get_ids (run->keyring, own, found);
  if (found[0] == '\0' && (!relay_key_file_write (next, relay_store_random (store), error) ||
                           (relay_keyring_get_ids (run->keyring, own, found), found[0] == '\0')))
    return FALSE;
  g_strlcpy (run->to, found, sizeof run->to);
  return relay_keyring_load (run->keyring, FALSE, error);
}

/* The books are done with the old key: the new file takes its place, if it is ours to move. */
static gboolean
place_file (Run *run, GError **error)
{
  const char *file = relay_keyring_get_file (run->keyring);
  g_autofree char *next = g_strconcat (file, ".next", NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *old = NULL;
  char own[RELAY_KEYRING_ID], found[RELAY_KEYRING_ID];

  relay_keyring_get_ids (run->keyring, own, found);
  if (strcmp (found, run->to) != 0 || strcmp (own, run->to) == 0 || access (folder, W_OK) != 0)
    return TRUE;
  old = g_strconcat (file, ".old-", own, NULL);
  return relay_key_file_replace (file, next, old, error) && relay_keyring_load (run->keyring, FALSE, error);
}

static gboolean
go_on (RelayStore *store, Run *run, GError **error)
{
  while (!run->done)
    if (!relay_store_write (store, batch_work, run, error))
      return FALSE;
  return place_file (run, error);
}

gboolean
relay_key_rotation_run (RelayStore *store, gint64 *out_moved, GError **error)
{
  Run run = { .keyring = relay_store_keyring (store) };

  if (!make_next (store, &run, error) || !relay_store_write (store, start_work, &run, error) ||
      !go_on (store, &run, error))
    return FALSE;
  *out_moved = run.moved;
  return TRUE;
}

gboolean
relay_key_rotation_resume (RelayStore *store, GError **error)
{
  Run run = { .keyring = relay_store_keyring (store) };
  g_autoptr (RelayReader) reader = relay_store_read (store, error);

  if (reader == NULL || !read_job (reader->db, run.to, &run.running, error))
    return FALSE;
  g_clear_pointer (&reader, relay_reader_release);
  run.done = !run.running;
  return run.to[0] == '\0' || go_on (store, &run, error);
}

/* ── Care ───────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_key_status_read (RelayStore *store, RelayKeyStatus *out_status, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (CobroDbStatement) statement = NULL;
  RelayKeyStatus status = { .running = FALSE };
  char next[RELAY_KEYRING_ID];

  if (reader == NULL || !read_job (reader->db, status.wrapper, &status.running, error))
    return FALSE;
  relay_keyring_get_ids (relay_store_keyring (store), status.file, next);
  if (status.wrapper[0] == '\0')
    g_strlcpy (status.wrapper, status.file, sizeof status.wrapper);
  status.file_late = !status.running && strcmp (status.wrapper, status.file) != 0;
  if (!(statement =
          cobro_db_prepare (reader->db,
                            "SELECT count(*) AS n, coalesce (CAST (sum (CASE WHEN state = 'lost' THEN 1 ELSE "
                            "0 END) AS BIGINT), 0) AS lost, coalesce (CAST (sum (CASE WHEN state <> 'lost' "
                            "AND kek <> :wrapper THEN 1 ELSE 0 END) AS BIGINT), 0) AS elsewhere FROM data_key",
                            error)))
    return FALSE;
  cobro_db_bind_text (statement, ":wrapper", status.wrapper);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  status.lost = cobro_db_column_int64 (statement, "lost");
  status.data_keys = cobro_db_column_int64 (statement, "n") - status.lost;
  status.elsewhere = cobro_db_column_int64 (statement, "elsewhere");
  *out_status = status;
  return TRUE;
}

static gboolean
tend_work (RelayTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "DELETE FROM rate_bucket WHERE filled_at < :then", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":then", tx->now - COBRO_DAY);
  return cobro_db_run (statement, error) && relay_keyring_tend (data, tx->db, tx->now, error);
}

gboolean
relay_key_tend (RelayStore *store, GError **error)
{
  return relay_store_write (store, tend_work, relay_store_keyring (store), error);
}
