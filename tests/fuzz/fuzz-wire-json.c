/* tests/fuzz/fuzz-wire-json.c — any JSON: what is accepted is UTF-8 without an embedded NUL, and each member, written
 * out as it was sent, is accepted again and is the same.
 * Layer: tests. */
#include <string.h>

#include "cobro-wire.h"
#include "fuzz-replay.h"

static const char *const names[] = { "a", "b", "list", "deep", "text", NULL };

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse ((const char *)data, (gssize)size, NULL);

  if (object == NULL)
    return 0;
  g_assert_true (g_utf8_validate ((const char *)data, (gssize)size, NULL));
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *raw = cobro_wire_get_raw (object, names[i]);
      g_autofree char *text = raw != NULL ? g_strdup_printf ("{\"a\":%s}", raw) : NULL;
      g_autoptr (CobroWireObject) again = text != NULL ? cobro_wire_parse (text, -1, NULL) : NULL;
      g_autofree char *same = NULL;
      g_autofree char *value = NULL;
      gint64 number;

      if (raw == NULL)
        continue;
      g_assert_nonnull (again);
      same = cobro_wire_get_raw (again, "a");
      g_assert_cmpstr (same, ==, raw);
      if (cobro_wire_kind (object, names[i]) == COBRO_WIRE_INT64)
        {
          g_autofree char *digits = NULL;

          g_assert_true (cobro_wire_get_int64_needed (object, names[i], &number, NULL));
          digits = g_strdup_printf ("%" G_GINT64_FORMAT, number);
          g_assert_true (g_str_equal (digits, raw) || (number == 0 && g_str_equal (raw, "-0")));
        }
      if (cobro_wire_kind (object, names[i]) == COBRO_WIRE_TEXT &&
          cobro_wire_get_text_needed (object, names[i], &value, NULL))
        g_assert_true (g_utf8_validate (value, -1, NULL));
    }
  return 0;
}
