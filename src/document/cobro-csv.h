/* src/document/cobro-csv.h — tables as CSV (RFC 4180): written so that no spreadsheet takes a cell for a formula, read
 * as spreadsheets and banks write them. Layer: document. Any thread. */
#pragma once
#include "cobro-civil.h"
#include "cobro-decimal.h"
#include "cobro-money.h"

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct _CobroCsvWriter CobroCsvWriter;

/* (transfer full) UTF-8 with a byte order mark, commas, CRLF. */
CobroCsvWriter *cobro_csv_writer_new (void);
void cobro_csv_writer_free (CobroCsvWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroCsvWriter, cobro_csv_writer_free)
/* The first row: column names, ours. NULL-terminated. */
void cobro_csv_put_header (CobroCsvWriter *writer, const char *const *names);
/* Words of people. What a spreadsheet would take for a formula gets an apostrophe in front. */
void cobro_csv_put_text (CobroCsvWriter *writer, const char *text);
/* Numbers and dates, as we write them: "1234.50", "2026-12-01"; nothing for what is unset. Never with three decimals,
 * which could be read as thousands: "1.2340". */
void cobro_csv_put_number (CobroCsvWriter *writer, const char *decimal);
void cobro_csv_put_money (CobroCsvWriter *writer, CobroMoney money);
void cobro_csv_put_decimal (CobroCsvWriter *writer, CobroDecimal decimal);
void cobro_csv_put_time (CobroCsvWriter *writer, CobroTime time);
/* A text of ours that is no formula whatever it begins with: ids, names of states, numbers made elsewhere. */
void cobro_csv_put_plain (CobroCsvWriter *writer, const char *text);
void cobro_csv_end_row (CobroCsvWriter *writer);
/* (transfer full) the whole; the writer is empty afterwards. */
GBytes *cobro_csv_writer_take (CobroCsvWriter *writer);

/* Whether a spreadsheet could take @text for a formula: it begins, behind blanks and quotes, with = + - @ | % or a wide
 * form of them, or with a tab or line end. */
gboolean cobro_csv_is_formula (const char *text);

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define COBRO_CSV_ROWS_MAX    100000
#define COBRO_CSV_COLUMNS_MAX 200
#define COBRO_CSV_BYTES_MAX   (64 * 1024 * 1024)

typedef struct
{
  GPtrArray *rows; /* (element-type GStrv) every row has as many cells as the first, the names of the columns */
  GArray *lines;   /* (element-type guint) the line of the file that each row begins on; the first line is 1 */
} CobroCsv;

/**
 * cobro_csv_parse:
 * @bytes: UTF-8, UTF-16 with a byte order mark, else Windows-1252; comma, semicolon or tab, whichever the first line
 * has most; CRLF, LF or CR; quotes as in RFC 4180
 *
 * Empty lines are skipped, short rows are filled with empty cells. White space around a cell goes, and so does the
 * apostrophe that cobro_csv_put_text() put in front.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID, whose message begins with "line N: " where there is
 * one, or %COBRO_ERROR_TOO_LARGE
 */
CobroCsv *cobro_csv_parse (GBytes *bytes, GError **error);
/* (transfer full) the text of such a file; NULL with COBRO_ERROR_INVALID or _TOO_LARGE. */
char *cobro_csv_decode (GBytes *bytes, GError **error);
/* The same of text that begins with the names, on line @first_line of its file, between them @separator. */
CobroCsv *cobro_csv_parse_text (const char *text, char separator, guint first_line, GError **error);
void cobro_csv_free (CobroCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroCsv, cobro_csv_free)
