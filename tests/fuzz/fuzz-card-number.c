/* tests/fuzz/fuzz-card-number.c — any bytes: a card number put between two halves of them, with room on both sides, is
 * found; and looking changes with nothing but the bytes. Layer: tests. */
#include <string.h>

#include "cobro-card-number.h"
#include "fuzz-replay.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize half = size / 2;
  g_autoptr (GString) text = g_string_new_len ((const char *)data, (gssize)half);
  gboolean found = cobro_card_number_is_in ((const char *)data, (gssize)size);

  g_assert_true (found == cobro_card_number_is_in ((const char *)data, (gssize)size));
  g_string_append (text, "       4242424242424242       ");
  g_string_append_len (text, (const char *)data + half, (gssize)(size - half));
  g_assert_true (cobro_card_number_is_in (text->str, (gssize)text->len));
  return 0;
}
