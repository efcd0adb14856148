/* relay/store/relay-series-store.c — numbers without gaps.
 * Layer: relay/store. */
#include "relay-series-store.h"

#include <string.h>

#include "relay-row.h"

#define ISSUER "relay"
/* 2026-01-01, from where the moment of a new beginning is counted. */
#define EPOCH  (G_GINT64_CONSTANT (1767225600) * COBRO_SECOND)

void
relay_series_number_clear (RelaySeriesNumber *number)
{
  g_clear_pointer (&number->number, g_free);
  g_clear_pointer (&number->series, g_free);
}

/* (transfer full) who gives the relay's numbers: "relay", or "relay-4F7K2" since books came back from a copy. */
static char *
read_issuer (CobroDb *db, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, "SELECT name FROM issuer WHERE one = 1", error);

  if (statement == NULL)
    return NULL;
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return relay_row_dup_text (statement, "name");
    case COBRO_DB_DONE:
      return g_strdup (ISSUER);
    case COBRO_DB_FAILED:
      break;
    }
  return NULL;
}

/* (transfer full) "R" in front; "R4F7K2-" since books came back. */
static char *
pattern_of (const char *issuer, const char *pattern)
{
  const char *moment = strchr (issuer, '-');

  return moment != NULL ? g_strdup_printf ("R%s-%s", moment + 1, pattern) : g_strconcat ("R", pattern, NULL);
}

char *
relay_series_prefix (CobroDb *db, GError **error)
{
  g_autofree char *issuer = read_issuer (db, error);

  return issuer != NULL ? pattern_of (issuer, "") : NULL;
}

static void
bind_series (CobroDbStatement *statement, const RelayScope *scope, const char *name)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":name", name);
}

/* The row is there afterwards. */
static gboolean
begin_series (RelayTx *tx, const RelayScope *scope, const char *name, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO series (merchant_id, livemode, name, next, last_date) VALUES (:merchant, :livemode, "
                      ":name, 1, '') ON CONFLICT (merchant_id, livemode, name) DO NOTHING",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_series (statement, scope, name);
  return cobro_db_run (statement, error);
}

/* The number, and the date, which never goes back within a series. */
static gboolean
take_next (RelayTx *tx, const RelayScope *scope, RelaySeriesNumber *number, GError **error)
{
  char today[COBRO_DATE_SIZE];
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE series SET next = next + 1, last_date = CASE WHEN last_date > :today THEN last_date ELSE "
                      ":today END WHERE merchant_id = :merchant AND livemode = :livemode AND name = :name "
                      "RETURNING next - 1 AS n, last_date",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_day_to_text (number->day, today);
  bind_series (statement, scope, number->series);
  cobro_db_bind_text (statement, ":today", today);
  if (!relay_row_found (statement, "series", error))
    return FALSE;
  number->sequence = cobro_db_column_int64 (statement, "n");
  return cobro_day_from_text (cobro_db_column_text (statement, "last_date"), &number->day, error);
}

gboolean
relay_series_give (RelayTx *tx, const RelayScope *scope, const char *kind, const char *pattern, CobroDay today,
                   RelaySeriesNumber *out_number, GError **error)
{
  g_autofree char *issuer = read_issuer (tx->db, error);
  g_autofree char *ours = issuer != NULL ? pattern_of (issuer, pattern) : NULL;
  g_auto (RelaySeriesNumber) number = { .day = today };

  if (issuer == NULL)
    return FALSE;
  number.series = cobro_series_name (issuer, kind, ours, today);
  if (!begin_series (tx, scope, number.series, error) || !take_next (tx, scope, &number, error))
    return FALSE;
  number.number = cobro_series_format (ours, number.day, number.sequence);
  *out_number = number;
  number = (RelaySeriesNumber){ 0 };
  return TRUE;
}

gboolean
relay_series_raise (RelayTx *tx, const RelayScope *scope, const char *series, gint64 above, const char *date,
                    GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!begin_series (tx, scope, series, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "UPDATE series SET next = CASE WHEN next > :next THEN next ELSE :next END, last_date = CASE "
          "WHEN last_date > :date THEN last_date ELSE :date END WHERE merchant_id = :merchant AND "
          "livemode = :livemode AND name = :name",
          error)))
    return FALSE;
  bind_series (statement, scope, series);
  cobro_db_bind_int64 (statement, ":next", above + 1);
  cobro_db_bind_text (statement, ":date", date);
  return cobro_db_run (statement, error);
}

/* (transfer full) minutes since the epoch in base 36: short, and another one each minute. */
static char *
name_of_moment (CobroTime now)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  guint64 minutes = (guint64)MAX ((now - EPOCH) / COBRO_MINUTE, 1);
  GString *text = g_string_new (NULL);

  for (; minutes > 0; minutes /= 36)
    g_string_prepend_c (text, digits[minutes % 36]);
  g_string_prepend (text, ISSUER "-");
  return g_string_free (text, FALSE);
}

gboolean
relay_series_begin_anew (RelayTx *tx, GError **error)
{
  g_autofree char *name = name_of_moment (tx->now);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "INSERT INTO issuer (one, name) VALUES (1, :name) ON CONFLICT (one) DO UPDATE SET name = :name", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":name", name);
  return cobro_db_run (statement, error);
}
