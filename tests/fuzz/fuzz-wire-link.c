/* tests/fuzz/fuzz-wire-link.c — JSON from outside, read as a link: what is accepted survives being written and read
 * again. Layer: tests. */
#include <glib.h>
#include "cobro-wire-link.h"
#include "fuzz-replay.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse ((const char *)data, size, NULL);
  g_autoptr (CobroWireObject) again = NULL;
  g_autoptr (CobroLink) link = NULL;
  g_autoptr (CobroLink) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (object == NULL)
    return 0;
  link = cobro_wire_link_parse (object, COBRO_WIRE_LINK_CREATE, NULL);
  if (link == NULL)
    return 0;
  if (!cobro_id_is_set (&link->id)) /* the relay gives one to links that come without */
    g_assert_true (cobro_id_parse (COBRO_ID_LINK, "link_01hzx3qv4n8r6tw2y5k7m9p0ab", &link->id, NULL));
  first = cobro_wire_link_to_document (link, TRUE);
  again = cobro_wire_parse (first, -1, &error);
  g_assert_no_error (error);
  copy = cobro_wire_link_parse (again, COBRO_WIRE_LINK_STORED, &error);
  g_assert_no_error (error);
  second = cobro_wire_link_to_document (copy, TRUE);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
