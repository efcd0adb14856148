/* relay/store/relay-table.h — tables as the schema tells them: columns, keys, and a digest of the rows that is the same
 * on both engines when the rows are. Layer: relay/store, private to it. */
#pragma once
#include "cobro-db.h"

typedef enum
{
  RELAY_COLUMN_INTEGER,
  RELAY_COLUMN_TEXT,
  RELAY_COLUMN_BLOB,
} RelayColumnType;

typedef struct
{
  char *name;
  RelayColumnType type;
  gint64 key; /* its place in the primary key, 1 …; 0: not in it */
} RelayColumn;

typedef struct
{
  char *name;
  GPtrArray *columns;    /* (element-type RelayColumn) */
  GPtrArray *keys;       /* (element-type RelayColumn) lent: those of the primary key, in its order */
  char *list, *key_list; /* their names with commas between */
  gboolean is_numbered;  /* the key is "row", which the database gives */
} RelayTable;

/* (transfer full) (element-type RelayTable) what a SQLite file holds of the relay's own, in the order of making: a
 * table comes after those it refers to. Without what is about the file or comes with the schema. */
GPtrArray *relay_tables_of (CobroDb *sqlite, GError **error);
gboolean relay_table_count (const RelayTable *table, CobroDb *db, gint64 *out_n,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  gint64 rows;
  char hash[65]; /* SHA-256 over every value of every row, in the order of the key */
} RelayTableDigest;
gboolean relay_table_digest (const RelayTable *table, CobroDb *db, RelayTableDigest *out_digest,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
