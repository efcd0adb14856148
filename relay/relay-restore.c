/* relay/relay-restore.c — check, move aside, put in place, ask, report.
 * Layer: relay (composition). Thread: main. */
#include "relay-restore.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "cobro-error.h"
#include "relay-app.h"
#include "relay-audit.h"
#include "relay-copies.h"
#include "relay-inbox-store.h"
#include "relay-night-store.h"
#include "relay-payment-store.h"
#include "relay-series-store.h"

#define ROUNDS       20 /* of asking; what is not known then, the running relay asks for */
#define ROUNDS_AGAIN 2

void
relay_restore_report_clear (RelayRestoreReport *report)
{
  g_clear_pointer (&report->parked, g_ptr_array_unref);
  g_clear_pointer (&report->rebuilt, g_ptr_array_unref);
  g_clear_pointer (&report->unread, g_ptr_array_unref);
  g_clear_pointer (&report->numbers, g_free);
}

static char *
mark_of (const char *data)
{
  return g_build_filename (data, "restoring", NULL);
}

gboolean
relay_restore_is_unfinished (const char *data)
{
  g_autofree char *mark = mark_of (data);

  return g_file_test (mark, G_FILE_TEST_EXISTS);
}

static gboolean
set_mark (const char *data, const char *copy, GError **error)
{
  g_autofree char *mark = mark_of (data);
  g_autoptr (GError) failure = NULL;

  return g_file_set_contents_full (mark, copy, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                   &failure) ||
         cobro_error_set (error, COBRO_ERROR_IO, "%s", failure->message);
}

static gboolean
clear_mark (const char *data, GError **error)
{
  g_autofree char *mark = mark_of (data);

  return g_remove (mark) == 0 ||
         cobro_error_set (error, COBRO_ERROR_IO, "cannot remove \"%s\": %s", mark, g_strerror (errno));
}

/* Damaged books are no obstacle: they are why one restores. */
static gboolean
check_idle (const RelayConfig *config, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayStore) store = relay_app_open_store (config, FALSE, &failure);

  if (store || !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
put_in_place (const char *data, const char *copy, GError **error)
{
  g_autofree char *path = g_build_filename (data, "relay.sqlite", NULL);
  g_autofree char *half = g_strconcat (path, ".restoring", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (copy);
  g_autoptr (GFile) to = g_file_new_for_path (half);
  g_autoptr (GError) failure = NULL;

  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &failure))
    return cobro_error_set (error, COBRO_ERROR_IO, "%s", failure->message);
  if (g_chmod (half, 0600) != 0 || g_rename (half, path) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot put \"%s\" in its place: %s", path, g_strerror (errno));
  return TRUE;
}

/* ── After the copy is there ────────────────────────────────────────────────────────────────────── */

/* Where the copy ends. */
typedef struct
{
  CobroTime begun;
  gint64 payments; /* the highest row */
} End;

static gboolean
count (CobroDb *db, const char *sql, gint64 *out_count, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  if (!statement || cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_count = cobro_db_column_int64 (statement, "n");
  return TRUE;
}

/* Nights that the copy says are done lie before what was lost: the newest is done once more, from three days before it.
 */
static gboolean
prepare_books (RelayTx *tx, gpointer data, GError **error)
{
  End *end = data;

  end->begun = tx->now;
  return count (tx->db, "SELECT coalesce (max (row), 0) AS n FROM payment", &end->payments, error) &&
         relay_series_begin_anew (tx, error) && relay_inbox_make_due (tx, error) &&
         cobro_db_exec (tx->db, "DELETE FROM reconciliation WHERE day = (SELECT max (day) FROM reconciliation)", error);
}

static gboolean
prepare (const RelayConfig *config, End *end, GError **error)
{
  g_autoptr (RelayStore) store = relay_app_open_store (config, FALSE, error);

  return store && relay_store_write (store, prepare_books, end, error);
}

static gboolean
wake_inbox (RelayTx *tx, gpointer data G_GNUC_UNUSED, GError **error)
{
  return relay_inbox_make_due (tx, error);
}

/* Asks, then tries once more what waits: a message may be about a payment that only the asking has made known, and one
 * that waits for its next try is not yet one about something unknown. */
static gboolean
catch_up (const RelayConfig *config, GError **error)
{
  if (!relay_app_ask_providers (config, ROUNDS, error))
    return FALSE;
  {
    g_autoptr (RelayStore) store = relay_app_open_store (config, FALSE, error);

    if (!store || !relay_store_write (store, wake_inbox, NULL, error))
      return FALSE;
  }
  return relay_app_ask_providers (config, ROUNDS_AGAIN, error);
}

static gboolean
fill_lists (CobroDb *db, const End *end, RelayRestoreReport *report, GError **error)
{
  return (report->parked = relay_inbox_list_waiting (db, error)) &&
         (report->rebuilt = relay_payment_list_after (db, end->payments, error)) &&
         (report->unread = relay_night_list_unread (db, end->begun, error)) &&
         (report->numbers = relay_series_prefix (db, error));
}

static gboolean
fill_counts (CobroDb *db, RelayRestoreReport *report, GError **error)
{
  return count (db, "SELECT coalesce (max (occurred_at), 0) AS n FROM event", &report->last_event, error) &&
         count (db, "SELECT count (*) AS n FROM payment WHERE state NOT IN ('succeeded', 'failed', 'cancelled')",
                &report->open_payments, error) &&
         count (db, "SELECT count (*) AS n FROM refund WHERE state = 'pending'", &report->open_refunds, error) &&
         count (db, "SELECT count (*) AS n FROM quarantine WHERE resolution IS NULL", &report->quarantined, error) &&
         count (db, "SELECT count (*) AS n FROM delivery WHERE state IN ('pending', 'leased', 'retry')",
                &report->deliveries, error);
}

static gboolean
fill_report (const RelayConfig *config, const End *end, RelayRestoreReport *report, GError **error)
{
  g_autoptr (RelayStore) store = relay_app_open_store (config, TRUE, error);
  g_autoptr (RelayReader) reader = store ? relay_store_read (store, error) : NULL;
  g_autoptr (RelayAuditReport) audit = NULL;

  if (!reader || !fill_counts (reader->db, report, error) || !fill_lists (reader->db, end, report, error) ||
      !(audit = relay_audit_run (reader->db, 0, cobro_clock_now (relay_store_clock (store)), error)))
    return FALSE;
  report->violations = audit->count;
  return TRUE;
}

gboolean
relay_restore_run (const RelayConfig *config, const char *copy, char **out_aside, RelayRestoreReport *out_report,
                   GError **error)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autofree char *aside = NULL;
  g_auto (RelayRestoreReport) report = { 0 };
  End end = { 0 };

  if (!relay_copy_check (copy, error) || !check_idle (config, error) || !set_mark (config->data, copy, error) ||
      !(aside = relay_books_set_aside (config->data, "restore", cobro_clock_now (clock), error)) ||
      !put_in_place (config->data, copy, error) || !prepare (config, &end, error) || !catch_up (config, error) ||
      !fill_report (config, &end, &report, error) || !clear_mark (config->data, error))
    return FALSE;
  *out_aside = g_steal_pointer (&aside);
  *out_report = report;
  report = (RelayRestoreReport){ 0 };
  return TRUE;
}
