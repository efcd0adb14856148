/* tests/fuzz/fuzz-http-query.c — queries and redirect addresses: whatever is accepted is UTF-8 without control
 * characters that could end a line elsewhere. The input is a query; its value "u" is a URL.
 * Layer: tests. */
#include <string.h>

#include "cobro-text.h"
#include "fuzz-replay.h"
#include "relay-head.h"
#include "relay-request-private.h"

static void
check_url (const char *text)
{
  g_autoptr (GUri) uri = NULL;

  if (*text == '\0' || !cobro_text_check_url (text, "u", NULL))
    return;
  for (const char *c = text; *c != '\0'; c++)
    g_assert_true ((guchar)*c > 0x20 && *c != 0x7f);
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  g_assert_nonnull (uri);
  g_assert_nonnull (g_uri_get_host (uri));
  g_assert_true (*g_uri_get_host (uri) != '\0');
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GString) text = g_string_new ("GET /a?");
  g_autoptr (RelayRequest) request = relay_request_new (NULL);
  RelayHead head;
  RelayFault fault;
  GHashTableIter iter;
  gpointer name, value;

  g_string_append_len (text, (const char *)data, (gssize)size);
  g_string_append (text, " HTTP/1.1\r\nHost: a\r\n\r\n");
  if (text->len > RELAY_HEAD_BYTES_MAX || !relay_head_parse (&head, text->str, text->len, &fault))
    return 0;
  request->head = &head;
  request->target = head.target;
  if (!relay_request_parse_query (request, NULL))
    return 0;
  g_hash_table_iter_init (&iter, relay_request_get_query (request));
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_assert_true (g_utf8_validate (name, -1, NULL) && g_utf8_validate (value, -1, NULL));
      if (g_str_equal (name, "u"))
        check_url (value);
    }
  return 0;
}
