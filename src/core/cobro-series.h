/* src/core/cobro-series.h — how a document's number is written, and which series it comes from. Pure; giving numbers
 * out is the stores' (inside the issuing transaction). Layer: core. Any thread. */
#pragma once
#include "cobro-civil.h"

/* "INV-{year}-{seq:5}": text with {year}, {yy}, {month}, {day} and exactly one {seq} or {seq:N} (zeros in front up to
 * N, 1 … 9). Letters, digits, blanks and - / . _ # outside of them; at most COBRO_INVOICE_NUMBER_MAX characters when
 * written. */
#define COBRO_SERIES_INVOICE_DEFAULT     "INV-{year}-{seq:5}"
#define COBRO_SERIES_CREDIT_NOTE_DEFAULT "CN-{year}-{seq:5}"

gboolean cobro_series_check_pattern (const char *pattern, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the number; a checked pattern and sequence ≥ 1. */
char *cobro_series_format (const char *pattern, CobroDay date, gint64 sequence);
/* (transfer full) the series' name: @issuer / @kind, and / the year where the pattern has {year} or {yy} (and / the
 * month where it has {month}), so that a new year begins a new series at 1. */
char *cobro_series_name (const char *issuer, const char *kind, const char *pattern, CobroDay date);
