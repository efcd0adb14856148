/* src/wire/cobro-wire.h — strict JSON reading with paths, and direct JSON writing.
 * Layer: wire. json-glib stays inside this layer: readers hand out typed values. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-decimal.h"
#include "cobro-money.h"

#define COBRO_WIRE_DEPTH_MAX 16

typedef struct _CobroWireObject CobroWireObject; /* a parsed object with its path; reference counted */
typedef struct _CobroWireWriter CobroWireWriter; /* writes JSON text straight from values */

/**
 * cobro_wire_parse:
 * @text: JSON; must be one object and nothing after it
 * @length: bytes, or -1
 *
 * Strict: UTF-8, no duplicate keys at any level, depth ≤ 16, no trailing bytes, integers only within int64, no NaN.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID whose path (none: the whole) is where it went wrong
 */
CobroWireObject *cobro_wire_parse (const char *text, gssize length, GError **error);
CobroWireObject *cobro_wire_object_ref (CobroWireObject *object);
void cobro_wire_object_unref (CobroWireObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWireObject, cobro_wire_object_unref)

/* Typed getters. Each marks the key as known. Absent (or null) gives the default and TRUE; a wrong type is FALSE with
 * COBRO_ERROR_INVALID at the path. The _needed variants refuse absent keys ("is required"). */
typedef enum
{
  COBRO_WIRE_ABSENT,
  COBRO_WIRE_NULL,
  COBRO_WIRE_TEXT,
  COBRO_WIRE_INT64,
  COBRO_WIRE_NUMBER,
  COBRO_WIRE_BOOL,
  COBRO_WIRE_OBJECT,
  COBRO_WIRE_ARRAY
} CobroWireKind;
CobroWireKind cobro_wire_kind (CobroWireObject *object,
                               const char *key); /* what stands there; does not mark as known */
/* FALSE with COBRO_ERROR_INVALID at the path of @key: for rules that the typed getters do not know. */
gboolean cobro_wire_refuse (CobroWireObject *object, const char *key, GError **error, const char *format, ...)
  G_GNUC_PRINTF (4, 5);
gboolean cobro_wire_has (CobroWireObject *object, const char *key); /* present and not null; marks as known */
gboolean cobro_wire_get_text (CobroWireObject *object, const char *key, const char *fallback, char **out_text,
                              GError **error); /* (transfer full) */
gboolean cobro_wire_get_text_needed (CobroWireObject *object, const char *key, char **out_text, GError **error);
gboolean cobro_wire_get_int64 (CobroWireObject *object, const char *key, gint64 fallback, gint64 *out_value,
                               GError **error);
gboolean cobro_wire_get_int64_needed (CobroWireObject *object, const char *key, gint64 *out_value, GError **error);
gboolean cobro_wire_get_bool (CobroWireObject *object, const char *key, gboolean fallback, gboolean *out_value,
                              GError **error);
gboolean cobro_wire_get_time (CobroWireObject *object, const char *key, CobroTime *out_time,
                              GError **error); /* null: 0 */
gboolean cobro_wire_get_money (CobroWireObject *object, const char *key, CobroCurrency currency, CobroMoney *out_money,
                               GError **error); /* integer minor units; absent: unset */
gboolean cobro_wire_get_object (CobroWireObject *object, const char *key, CobroWireObject **out_child,
                                GError **error); /* (transfer full); absent: NULL */
gboolean cobro_wire_get_objects (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_children,
                                 GError **error); /* array of objects; absent: empty */
gboolean cobro_wire_get_texts (CobroWireObject *object, const char *key, gsize max, GPtrArray **out_texts,
                               GError **error);
/* (element-type gint64) array of whole numbers; absent: empty */
gboolean cobro_wire_get_int64s (CobroWireObject *object, const char *key, gsize max, GArray **out_numbers,
                                GError **error);
gboolean cobro_wire_get_map (CobroWireObject *object, const char *key, GHashTable **out_map,
                             GError **error); /* object of strings; absent: empty */
char *cobro_wire_get_raw (
  CobroWireObject *object,
  const char *key); /* (transfer full) (nullable) any value as it was sent, without white space between tokens */
/* Refuses every key of this object that is not in @keys (NULL-terminated): "unknown key". For documents whose typing
 * errors should be named before what is missing because of them. */
gboolean cobro_wire_only (CobroWireObject *object, const char *const *keys, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses every key that no getter asked for, in this object and the children handed out: "unknown key". Call last. */
gboolean cobro_wire_done (CobroWireObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The path of a member: "pricing.lines[2]" + "quantity". (transfer full) */
char *cobro_wire_path (CobroWireObject *object, const char *key);

/* A decimal as text ("1.5"); absent: @fallback. */
gboolean cobro_wire_get_decimal (CobroWireObject *object, const char *key, CobroDecimal fallback,
                                 CobroDecimal *out_decimal, GError **error);

/* Writing. Keys are written as given; text is escaped (also '<', '>', '&', U+2028/9 as \u…, so that it is safe inside
 * HTML). */
CobroWireWriter *cobro_wire_writer_new (void);
void cobro_wire_writer_free (CobroWireWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWireWriter, cobro_wire_writer_free)
void cobro_wire_begin_object (CobroWireWriter *writer, const char *key); /* key NULL: top level or array element */
void cobro_wire_end_object (CobroWireWriter *writer);
void cobro_wire_begin_array (CobroWireWriter *writer, const char *key);
void cobro_wire_end_array (CobroWireWriter *writer);
void cobro_wire_put_text (CobroWireWriter *writer, const char *key, const char *value); /* NULL writes null */
void cobro_wire_put_int64 (CobroWireWriter *writer, const char *key, gint64 value);
void cobro_wire_put_bool (CobroWireWriter *writer, const char *key, gboolean value);
void cobro_wire_put_null (CobroWireWriter *writer, const char *key);
void cobro_wire_put_time (CobroWireWriter *writer, const char *key, CobroTime value); /* 0 writes null */
void cobro_wire_put_money (CobroWireWriter *writer, const char *key,
                           CobroMoney value); /* integer minor units; unset writes null */
void cobro_wire_put_money_decimal (CobroWireWriter *writer, const char *key,
                                   CobroMoney value);                                /* exact decimal number (INV-3) */
void cobro_wire_put_map (CobroWireWriter *writer, const char *key, GHashTable *map); /* keys sorted */
void cobro_wire_put_raw (CobroWireWriter *writer, const char *key, const char *json);
void cobro_wire_put_decimal (CobroWireWriter *writer, const char *key, CobroDecimal value); /* as text: "1.5" */
/* (transfer full) the text; the writer is empty afterwards. */
char *cobro_wire_writer_take (CobroWireWriter *writer);
