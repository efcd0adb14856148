/* src/db/cobro-db-file.h — the file around a SQLite database: who may write it, and whether its file system is fit for
 * it. Layer: db, private to it. */
#pragma once
#include <gio/gio.h>

/* Holds the right to write one file for as long as it lives: an exclusive flock on "<path>.lock". */
typedef struct _CobroDbLock CobroDbLock;

/**
 * cobro_db_lock_new:
 * @path: the database file
 *
 * Returns: (transfer full): the lock, or %NULL with %COBRO_ERROR_BUSY (another connection writes it; the text names its
 * process) or %COBRO_ERROR_IO
 */
CobroDbLock *cobro_db_lock_new (const char *path, GError **error);
void cobro_db_lock_free (CobroDbLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDbLock, cobro_db_lock_free)

/* Name of the network file system with this magic number of statfs(2); NULL for local ones. */
const char *cobro_db_file_system_remote_name (guint64 magic);
/* FALSE with COBRO_ERROR_IO when @path lies on a network file system: its locks and shared memory cannot be relied
 * upon. */
gboolean cobro_db_file_check_system (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes an empty file that only its owner may read, when it is not there. SQLite's other files take over its mode. */
gboolean cobro_db_file_create (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
