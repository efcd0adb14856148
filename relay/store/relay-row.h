/* relay/store/relay-row.h — small helpers for reading and writing rows, shared by the nouns.
 * Layer: relay/store, private to it. */
#pragma once
#include "cobro-db.h"
#include "cobro-error.h"
#include "relay-store.h"

/* Reads an enum column kept by its wire name; FALSE with COBRO_ERROR_CORRUPT for a name that we do not know. */
#define relay_row_enum(statement, column, from_name, out, error)                                                       \
  (from_name (cobro_db_column_text (statement, column), out) ||                                                        \
   relay_row_broken (error, column, cobro_db_column_text (statement, column)))

/* Always FALSE. */
gboolean relay_row_broken (GError **error, const char *column, const char *value);
/* Copies a text column over an owned field; null becomes "". */
void relay_row_text (CobroDbStatement *statement, const char *column, char **field);
/* (transfer full) (nullable) */
char *relay_row_dup_text (CobroDbStatement *statement, const char *column);
/* FALSE with CORRUPT when the column does not hold exactly @n bytes. */
gboolean relay_row_bytes (CobroDbStatement *statement, const char *column, guint8 *out, gsize n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A currency column. */
gboolean relay_row_currency (CobroDbStatement *statement, const char *column, CobroCurrency *out_currency,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One value of a query that has exactly one row and one column named "n". */
gboolean relay_row_count (CobroDbStatement *statement, gint64 *out_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Steps to the row that is looked for. FALSE with COBRO_ERROR_NOT_FOUND ("no such <what>") or the database's error. */
gboolean relay_row_found (CobroDbStatement *statement, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes a record of the row that the statement stands on; NULL with the error. */
typedef gpointer (*RelayRowRead) (CobroDbStatement *statement, GError **error);
/* (transfer full) every row that is left, each freed with @free_record; NULL with the first error. */
GPtrArray *relay_row_all (CobroDbStatement *statement, RelayRowRead read, GDestroyNotify free_record, GError **error);

/* The next number of @table (a literal). SQLite has one writer, and asking for the highest is several times cheaper
 * than RETURNING, for which it builds a table of its own each time. PostgreSQL's writers take theirs from the sequence.
 */
#define relay_row_next(db, table, out_next, error)                                                                     \
  relay_row_ask (db, "SELECT coalesce (max (row), 0) + 1 AS n FROM " table,                                            \
                 "SELECT nextval ('" table "_row_seq') AS n", out_next, error)
gboolean relay_row_ask (CobroDb *db, const char *sqlite, const char *postgres, gint64 *out_n,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) "%part%" for LIKE … ESCAPE '\\', in lower case (ASCII); NULL when nothing is searched. */
char *relay_row_like (const char *text);

/* Maps of texts as a JSON object; NULL for an empty one. */
char *relay_row_map_to_json (GHashTable *map);
/* (transfer full) NULL with CORRUPT. */
GHashTable *relay_row_map_from_json (const char *json, GError **error);
