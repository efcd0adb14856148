/* src/store/cobro-series-store.c — the numbers that this computer gives out.
 * Layer: store. */
#include "config.h"
#include "cobro-series-store.h"
#include "cobro-error.h"
#include "cobro-profile-store.h"
#include "cobro-store-private.h"

#include <string.h>

#define ISSUER     "issuer"        /* settings: this computer's own id, for all relays it is ever paired with … */
#define PREFIX     "number-prefix" /* … and what stands in front of its numbers */
#define TEST       "/test"         /* in the names of series of test documents */
#define PREFIX_MAX 8
#define PASS_MAX   100000

void
cobro_numbering_free (CobroNumbering *numbering)
{
  if (numbering == NULL)
    return;
  g_free (numbering->prefix);
  g_free (numbering->preview);
  g_free (numbering);
}

void
cobro_given_number_clear (CobroGivenNumber *given)
{
  g_clear_pointer (&given->number, g_free);
  g_clear_pointer (&given->series, g_free);
}

/* ── Which series ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* A pattern in full, and the series it belongs to today. */
typedef struct
{
  CobroInvoiceKind kind;
  char *pattern;
  char *name;
  gint64 next;
  char *last_date;
} Series;

static void
series_clear (Series *series)
{
  g_free (series->pattern);
  g_free (series->name);
  g_free (series->last_date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Series, series_clear)

/* (transfer full) NULL with an error. A job that only reads makes none. */
static char *
read_issuer (CobroStoreTx *tx, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *issuer = cobro_setting_read (tx, ISSUER, &failure);
  CobroId id;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (issuer != NULL)
    return g_steal_pointer (&issuer);
  if (tx->change == NULL)
    return g_strdup ("new");
  id = cobro_id_new (COBRO_ID_DEVICE, tx->clock, tx->random);
  return cobro_setting_write (tx, ISSUER, id.text, error) ? g_strdup (id.text) : NULL;
}

/* Numbers of test documents leave no gaps among those of real ones. */
static char *
name_issuer (CobroStoreTx *tx, const char *prefix, GError **error)
{
  g_autofree char *issuer = read_issuer (tx, error);
  g_autoptr (CobroPairing) pairing = issuer != NULL ? cobro_pairing_find (tx, error) : NULL;
  gboolean test;

  if (pairing == NULL)
    return NULL;
  test = cobro_id_is_set (&pairing->device_id) && !pairing->livemode;
  return g_strconcat (issuer, prefix[0] != '\0' ? "/" : "", prefix, test ? TEST : "", NULL);
}

static gboolean
read_next (CobroStoreTx *tx, Series *series, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT next, last_date FROM series WHERE name = :name", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":name", series->name);
  step = cobro_db_step (statement, error);
  series->next = step == COBRO_DB_ROW ? cobro_db_column_int64 (statement, "next") : 1;
  series->last_date = g_strdup (step == COBRO_DB_ROW ? cobro_db_column_text (statement, "last_date") : "");
  return step != COBRO_DB_FAILED;
}

static gboolean
find_series (CobroStoreTx *tx, const char *pattern, CobroInvoiceKind kind, CobroDay today, Series *series,
             GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *prefix = cobro_setting_read (tx, PREFIX, &failure);
  g_autofree char *issuer = NULL;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!(issuer = name_issuer (tx, prefix != NULL ? prefix : "", error)))
    return FALSE;
  series->kind = kind;
  series->pattern = g_strconcat (prefix != NULL ? prefix : "", pattern, NULL);
  if (!cobro_series_check_pattern (series->pattern, "pattern", error))
    return FALSE;
  series->name = cobro_series_name (issuer, cobro_invoice_kind_name (kind), series->pattern, today);
  return read_next (tx, series, error);
}

static const char *
pattern_of (const CobroMerchant *merchant, CobroInvoiceKind kind)
{
  const char *pattern = kind == COBRO_INVOICE_INVOICE ? merchant->invoice_pattern : merchant->credit_note_pattern;

  if (pattern[0] != '\0')
    return pattern;
  return kind == COBRO_INVOICE_INVOICE ? COBRO_SERIES_INVOICE_DEFAULT : COBRO_SERIES_CREDIT_NOTE_DEFAULT;
}

/* ── Giving numbers out ─────────────────────────────────────────────────────────────────────────────────────────── */

/* Documents of the other mode are not in the way. */
static gboolean
is_used (CobroStoreTx *tx, const Series *series, const char *number, gboolean *out_used, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT 1 AS n FROM invoice WHERE number = :number AND sample = 0 "
                      "AND (series LIKE '%" TEST "/%') = :test LIMIT 1",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":number", number);
  cobro_db_bind_bool (statement, ":test", strstr (series->name, TEST "/") != NULL);
  step = cobro_db_step (statement, error);
  *out_used = step == COBRO_DB_ROW;
  return step != COBRO_DB_FAILED;
}

/* (transfer full) the first number from series->next on that is not in the books; series->next is its sequence. */
static char *
find_free (CobroStoreTx *tx, Series *series, CobroDay today, GError **error)
{
  for (gint64 last = series->next + PASS_MAX; series->next < last; series->next++)
    {
      g_autofree char *number = cobro_series_format (series->pattern, today, series->next);
      gboolean used;

      if (!is_used (tx, series, number, &used, error))
        return NULL;
      if (!used)
        return g_steal_pointer (&number);
    }
  cobro_error_set_at (error, COBRO_ERROR_STATE, "number", "the next %d numbers are all used", PASS_MAX);
  return NULL;
}

/* The row is there as soon as the first number is; from then on it is raised by the statement that gives the number. */
static gboolean
raise_to (CobroStoreTx *tx, const Series *series, gint64 next, const char *date, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO series (name, next, last_date) VALUES (:name, :next, :date) "
                      "ON CONFLICT (name) DO UPDATE SET next = excluded.next, last_date = excluded.last_date "
                      "WHERE excluded.next > series.next",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":name", series->name);
  cobro_db_bind_int64 (statement, ":next", next);
  cobro_db_bind_text (statement, ":date", date);
  return cobro_db_run (statement, error);
}

gboolean
cobro_series_store_take (CobroStoreTx *tx, const CobroMerchant *merchant, CobroInvoiceKind kind, CobroDay today,
                         CobroGivenNumber *out_given, GError **error)
{
  g_auto (Series) series = { .kind = kind };
  g_autofree char *number = NULL;
  char date[COBRO_DATE_SIZE];

  if (!find_series (tx, pattern_of (merchant, kind), kind, today, &series, error))
    return FALSE;
  cobro_day_to_text (today, date);
  if (strcmp (date, series.last_date) < 0)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "issueDate",
                               "the last number was given out on %s, and this computer's clock says %s",
                               series.last_date, date);
  if (!(number = find_free (tx, &series, today, error)) || !raise_to (tx, &series, series.next + 1, date, error))
    return FALSE;
  out_given->number = g_steal_pointer (&number);
  out_given->series = g_steal_pointer (&series.name);
  out_given->sequence = series.next;
  return TRUE;
}

/* ── Looking and setting ────────────────────────────────────────────────────────────────────────────────────────── */

static CobroNumbering *
look (CobroStoreTx *tx, CobroInvoiceKind kind, const char *pattern, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_auto (Series) series = { .kind = kind };
  g_autofree char *preview = NULL;
  CobroNumbering *numbering;

  if (merchant == NULL ||
      !find_series (tx, pattern != NULL ? pattern : pattern_of (merchant, kind), kind, tx->today, &series, error) ||
      !(preview = find_free (tx, &series, tx->today, error)))
    return NULL;
  numbering = g_new0 (CobroNumbering, 1);
  numbering->kind = kind;
  numbering->prefix = cobro_setting_read (tx, PREFIX, NULL);
  if (numbering->prefix == NULL)
    numbering->prefix = g_strdup ("");
  numbering->next = series.next;
  numbering->preview = g_steal_pointer (&preview);
  numbering->begun = series.last_date[0] != '\0';
  return numbering;
}

typedef struct
{
  CobroInvoiceKind kind;
  char *text; /* (nullable) pattern or prefix */
  gint64 next;
} SeriesJob;

static void
series_job_free (gpointer data)
{
  g_free (((SeriesJob *)data)->text);
  g_free (data);
}

static SeriesJob *
series_job_new (CobroInvoiceKind kind, const char *text, gint64 next)
{
  SeriesJob *job = g_new0 (SeriesJob, 1);

  *job = (SeriesJob){ kind, g_strdup (text), next };
  return job;
}

static gpointer
do_peek (CobroStoreTx *tx, gpointer data, GError **error)
{
  const SeriesJob *job = data;

  return look (tx, job->kind, job->text, error);
}

void
cobro_series_store_peek_async (CobroStore *store, CobroInvoiceKind kind, const char *pattern, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_peek, series_job_new (kind, pattern, 0), series_job_free,
                          (GDestroyNotify)cobro_numbering_free, cancellable, callback, user_data);
}

static gpointer
do_set_next (CobroStoreTx *tx, gpointer data, GError **error)
{
  const SeriesJob *job = data;
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);
  g_auto (Series) series = { .kind = job->kind };

  if (merchant == NULL || !find_series (tx, pattern_of (merchant, job->kind), job->kind, tx->today, &series, error))
    return NULL;
  if (job->next < series.next || job->next > G_MAXINT32)
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "next", "must be at least %" G_GINT64_FORMAT, series.next);
      return NULL;
    }
  tx->change->kinds |= COBRO_STORE_MERCHANT;
  return raise_to (tx, &series, job->next, series.last_date, error) ? look (tx, job->kind, NULL, error) : NULL;
}

void
cobro_series_store_set_next_async (CobroStore *store, CobroInvoiceKind kind, gint64 next, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_set_next, series_job_new (kind, NULL, next), series_job_free,
                           (GDestroyNotify)cobro_numbering_free, cancellable, callback, user_data);
}

static gboolean
check_prefix (const char *prefix, GError **error)
{
  if (strlen (prefix) > PREFIX_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "prefix", "must be at most %d characters", PREFIX_MAX);
  for (const char *c = prefix; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-._", *c) == NULL)
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "prefix", "may have letters, digits, - . and _ only");
  return TRUE;
}

static gpointer
do_set_prefix (CobroStoreTx *tx, gpointer data, GError **error)
{
  const SeriesJob *job = data;
  const char *prefix = job->text != NULL ? job->text : "";

  if (!check_prefix (prefix, error) || !cobro_setting_write (tx, PREFIX, prefix[0] != '\0' ? prefix : NULL, error))
    return NULL;
  tx->change->kinds |= COBRO_STORE_MERCHANT;
  return look (tx, job->kind, NULL, error);
}

void
cobro_series_store_set_prefix_async (CobroStore *store, CobroInvoiceKind kind, const char *prefix,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_set_prefix, series_job_new (kind, prefix, 0), series_job_free,
                           (GDestroyNotify)cobro_numbering_free, cancellable, callback, user_data);
}

CobroNumbering *
cobro_series_store_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
