/* src/wire/cobro-wire-sign.h — signing, sealing and hashing of what travels or rests; the only user of OpenSSL.
 * Layer: wire. Any thread. */
#pragma once
#include <glib.h>

/* HMAC-SHA256; out has 32 bytes. */
void cobro_wire_hmac_sha256 (gconstpointer key, gsize key_length, gconstpointer data, gsize length, guint8 out[32]);
char *cobro_wire_hmac_sha256_hex (gconstpointer key, gsize key_length, gconstpointer data,
                                  gsize length); /* (transfer full) */

/**
 * cobro_wire_seal:
 * @key: 32 bytes
 * @key_id: says which key, for whoever opens it; not secret
 * @context: bound as associated data ("table|column|row id|merchant|livemode"): a blob moved to another row does not
 * open
 *
 * Returns: (transfer full): 0x01 | key id (4, big endian) | nonce (12, random) | ciphertext | tag (16), AES-256-GCM
 */
GBytes *cobro_wire_seal (const guint8 key[32], guint32 key_id, const char *context, gconstpointer plain, gsize length);
/* (transfer full) or NULL with COBRO_ERROR_SIGNATURE; whoever frees a secret wipes it first: cobro_wire_wipe(). */
GBytes *cobro_wire_open (const guint8 key[32], guint32 key_id, const char *context, gconstpointer blob, gsize length,
                         GError **error);
/* Which key a blob was sealed with. FALSE with COBRO_ERROR_SIGNATURE when it is not a sealed value. */
gboolean cobro_wire_sealed_key_id (gconstpointer blob, gsize length, guint32 *out_key_id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Overwrites what was opened and frees it; NULL is fine. Nobody else may hold a reference. */
void cobro_wire_wipe (GBytes *take_plain);
