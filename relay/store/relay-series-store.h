/* relay/store/relay-series-store.h — numbers of documents: each series has a row, and its next number is given out
 * inside the transaction that issues, so that a rollback gives it back and nothing leaves a gap. Layer: relay/store. */
#pragma once
#include "cobro-series.h"
#include "relay-store.h"

/* One number. */
typedef struct
{
  char *number; /* "RINV-2026-00001" */
  char *series; /* "relay/invoice/2026" */
  gint64 sequence;
  CobroDay day; /* the issue date: @today, or that of the number before where that is later */
} RelaySeriesNumber;
void relay_series_number_clear (RelaySeriesNumber *number);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelaySeriesNumber, relay_series_number_clear)

/**
 * relay_series_give:
 * @kind: "invoice" or "credit_note"
 * @pattern: the merchant's; the relay's own numbers have an "R" in front
 * @today: the merchant's civil date
 *
 * The next number of the relay's own series. PostgreSQL's row lock and SQLite's one writer make others wait until this
 * transaction has ended.
 */
gboolean relay_series_give (RelayTx *tx, const RelayScope *scope, const char *kind, const char *pattern, CobroDay today,
                            RelaySeriesNumber *out_number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A number was given elsewhere (a desktop's, or one of ours that comes back): the series goes on above it. */
gboolean relay_series_raise (RelayTx *tx, const RelayScope *scope, const char *series, gint64 above, const char *date,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) what the relay's own numbers begin with: "R", or "R4F7K2-" since books came back. */
char *relay_series_prefix (CobroDb *db, GError **error);
/* Books that come back from a copy do not know which numbers were given since: from now on the relay gives them under
 * another name, made of the moment, so that none is given twice. */
gboolean relay_series_begin_anew (RelayTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
