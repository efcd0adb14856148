/* relay/store/relay-move.h — moves the books of a stopped relay from SQLite to PostgreSQL, all or nothing, and proves
 * that both say the same. Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* One table was moved, or found to be the same. */
typedef void (*RelayMoveTold) (const char *table, gint64 rows, gpointer data);

/**
 * relay_move_to_postgres:
 * @config: where the SQLite books are; nobody may have them open
 * @uri: an empty database; made ready for the books first
 * @told: (nullable): called after each table
 *
 * Audits the books, copies every row in one transaction, compares both sides row by row, audits the copy, and only then
 * keeps it. The file then gets another name, so that no relay goes on with it. The key file is what it was.
 *
 * Returns: %FALSE with %COBRO_ERROR_BUSY (a relay runs), _EXISTS (the database is not empty), _CORRUPT (the audit found
 * something, or the sides differ) or the database's error: then the file is what it was, and the database empty
 */
gboolean relay_move_to_postgres (const RelayStoreConfig *config, const char *uri, RelayMoveTold told, gpointer data,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
