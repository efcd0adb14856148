/* src/core/cobro-names.h — tables of enum names, both ways. Private to core.
 * Layer: core. Any thread. */
#pragma once
#include <glib.h>

/* The name at @value, which must be inside the table. */
const char *cobro_names_at (const char *const *names, gsize n, guint value);
/* The index of @name in the table; FALSE when @name is NULL or unknown. */
gboolean cobro_names_find (const char *const *names, gsize n, const char *name, guint *out_value);

/* Defines <prefix>_name() and <prefix>_from_name() over a static table called @names. */
#define COBRO_DEFINE_NAMES(Type, prefix, names)                                                                        \
  const char *prefix##_name (Type value)                                                                               \
  {                                                                                                                    \
    return cobro_names_at (names, G_N_ELEMENTS (names), (guint)value);                                                 \
  }                                                                                                                    \
  gboolean prefix##_from_name (const char *name, Type *out_value)                                                      \
  {                                                                                                                    \
    guint index;                                                                                                       \
    if (!cobro_names_find (names, G_N_ELEMENTS (names), name, &index))                                                 \
      return FALSE;                                                                                                    \
    *out_value = (Type)index;                                                                                          \
    return TRUE;                                                                                                       \
  }

/* The same for enums whose values are single bits: the table is indexed by the bit's number. */
#define COBRO_DEFINE_BIT_NAMES(Type, prefix, names)                                                                    \
  const char *prefix##_name (Type value)                                                                               \
  {                                                                                                                    \
    return cobro_names_at (names, G_N_ELEMENTS (names), (guint)g_bit_nth_lsf ((gulong)value, -1));                     \
  }                                                                                                                    \
  gboolean prefix##_from_name (const char *name, Type *out_value)                                                      \
  {                                                                                                                    \
    guint index;                                                                                                       \
    if (!cobro_names_find (names, G_N_ELEMENTS (names), name, &index))                                                 \
      return FALSE;                                                                                                    \
    *out_value = (Type)(1u << index);                                                                                  \
    return TRUE;                                                                                                       \
  }
