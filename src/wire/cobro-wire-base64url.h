/* src/wire/cobro-wire-base64url.h — base64url without padding (RFC 4648, section 5), canonical only.
 * Layer: wire. Any thread. */
#pragma once
#include <glib.h>

/* (transfer full) */
char *cobro_wire_base64url_encode (gconstpointer data, gsize length);
/**
 * cobro_wire_base64url_decode:
 * @text: (array length=length)
 *
 * Exactly one text stands for the same bytes: no padding, no white space, no other alphabet, and the bits that the last
 * character has too many are zero.
 *
 * Returns: (transfer full): a NUL stands behind the bytes; or %NULL
 */
GBytes *cobro_wire_base64url_decode (const char *text, gsize length);
