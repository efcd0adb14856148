/* relay/store/relay-key-file.h — the key that seals secrets: 32 bytes in a file of its own, readable by its owner only.
 * Layer: relay/store, private to it. */
#pragma once
#include "cobro-random.h"

#define RELAY_KEY_BYTES 32

/**
 * relay_key_file_open:
 * @may_create: make it (0400, flushed to disk) when it is not there
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG (missing, damaged, or others may read it) or _IO
 */
gboolean relay_key_file_open (const char *folder, gboolean may_create, CobroRandom *random,
                              guint8 out_key[RELAY_KEY_BYTES], GError **error) G_GNUC_WARN_UNUSED_RESULT;
