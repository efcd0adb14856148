/* relay/relay-copies.h — copies of the books beside each other in a folder: their names, their sums, which are kept;
 * and what is moved aside before something takes its place. Layer: relay (composition). Thread: main. */
#pragma once
#include <gio/gio.h>
#include "cobro-clock.h"

/**
 * relay_copy_check:
 * @path: a copy of the books
 *
 * Reads every page of it (integrity_check), and, where "PATH.sha256" stands beside it, compares the sum.
 *
 * Returns: %FALSE with %COBRO_ERROR_NOT_FOUND or %COBRO_ERROR_CORRUPT
 */
gboolean relay_copy_check (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes "PATH.sha256" as sha256sum(1) does. FALSE with COBRO_ERROR_IO. */
gboolean relay_copy_write_sum (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) "FOLDER/cobro-20261121-093000.sqlite" of that time in UTC. */
char *relay_copy_name (const char *folder, CobroTime now);

/**
 * relay_copies_rotate:
 * @folder: only files named as relay_copy_name() names them are looked at
 *
 * Keeps the newest copy of each of the last 7 days, 4 weeks and 12 months that have one; removes the others with their
 * sums.
 *
 * Returns: %FALSE with %COBRO_ERROR_IO
 */
gboolean relay_copies_rotate (const char *folder, guint *out_removed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_books_set_aside:
 * @data: the data folder, which nobody has open
 * @reason: "restore": names the new folder DATA/before-restore-20261121-093000
 *
 * Moves relay.sqlite with its journal there. The key file and the mock gateway's books stay.
 *
 * Returns: (transfer full): the folder's path, "" when there were no books, or %NULL with %COBRO_ERROR_IO
 */
char *relay_books_set_aside (const char *data, const char *reason, CobroTime now, GError **error);
