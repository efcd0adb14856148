/* src/core/cobro-names.c — tables of enum names, both ways.
 * Layer: core. Any thread. */
#include "cobro-names.h"

const char *
cobro_names_at (const char *const *names, gsize n, guint value)
{
  g_return_val_if_fail (value < n, "");
  return names[value];
}

gboolean
cobro_names_find (const char *const *names, gsize n, const char *name, guint *out_value)
{
  if (name == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (names[i], name))
      {
        *out_value = (guint)i;
        return TRUE;
      }
  return FALSE;
}
