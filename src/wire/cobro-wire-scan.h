/* src/wire/cobro-wire-scan.h — one pass over JSON text that is stricter than json-glib and knows where it is; and
 * finding the exact bytes of a member in text that has passed. Layer: wire (private). Any thread. */
#pragma once
#include <glib.h>

/**
 * cobro_wire_scan:
 * @text: (array length=length): one JSON object, and nothing but white space around it
 *
 * Refuses: bytes that are not UTF-8, duplicate keys at any level, nesting deeper than %COBRO_WIRE_DEPTH_MAX, trailing
 * bytes, comments, integers beyond 64 bits, NUL and lone surrogates in strings, raw control characters, everything else
 * that RFC 8259 does not allow.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at the path where it went wrong
 */
gboolean cobro_wire_scan (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The functions below only look at text that cobro_wire_scan() has accepted. */

/* Start of the value of @key in the object that starts at @object ('{'); NULL when there is none. */
const char *cobro_wire_scan_member (const char *object, const char *key);
/* (transfer full) starts of the elements of the array at @array ('['). */
GPtrArray *cobro_wire_scan_elements (const char *array);
/* (transfer full) the value at @value without white space between its tokens; strings stay byte for byte. */
char *cobro_wire_scan_compact (const char *value);

/* Appends @key to a path: ".name", or ["…"] where the key is not a plain name; long keys are cut. */
void cobro_wire_path_append (GString *path, const char *key);
