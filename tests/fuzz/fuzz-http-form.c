/* tests/fuzz/fuzz-http-form.c — form bodies: whatever is accepted is UTF-8 without NUL.
 * Layer: tests. */
#include <glib.h>
#include "fuzz-replay.h"
#include "relay-head.h"
#include "relay-request-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char text[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";
  g_autoptr (RelayRequest) request = relay_request_new (NULL);
  RelayHead head;
  RelayFault fault;
  GHashTableIter iter;
  gpointer name, value;
  GHashTable *form;

  g_assert_true (relay_head_parse (&head, text, sizeof text - 1, &fault));
  request->head = &head;
  request->body = g_bytes_new (data, size);
  form = relay_request_get_form (request, NULL);
  if (form == NULL)
    return 0;
  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_assert_true (g_utf8_validate (name, -1, NULL) && g_utf8_validate (value, -1, NULL));
  return 0;
}
