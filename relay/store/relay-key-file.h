/* relay/store/relay-key-file.h — a key-encryption key: 32 bytes as hex digits in a file of its own, readable by its
 * owner only.
 * Layer: relay/store, private to it. */
#pragma once
#include "cobro-random.h"

#define RELAY_KEY_BYTES 32

/* Makes it: 0400, whole or not at all, flushed to disk with its folder. FALSE with COBRO_ERROR_IO. */
gboolean relay_key_file_write (const char *path, CobroRandom *random, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE with COBRO_ERROR_NOT_FOUND, _CONFIG (damaged, or others may read it) or _IO. */
gboolean relay_key_file_read (const char *path, guint8 out_key[RELAY_KEY_BYTES],
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The file at @next becomes @path; what was @path stays as @old, and @old is there before @path changes. May be cut off
 * anywhere and run again. FALSE with COBRO_ERROR_IO. */
gboolean relay_key_file_replace (const char *path, const char *next, const char *old,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
