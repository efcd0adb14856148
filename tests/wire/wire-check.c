/* tests/wire/wire-check.c — reads lines of base64, says of each whether the reader takes it as JSON: for oracle.py.
 * Layer: tests. */
#include <stdio.h>
#include <string.h>

#include "cobro-wire.h"

int
main (void)
{
  static char line[1 << 20];

  while (fgets (line, sizeof line, stdin) != NULL)
    {
      gsize length;
      g_autofree guchar *text = g_base64_decode (line, &length);
      g_autoptr (CobroWireObject) object = cobro_wire_parse ((const char *)text, (gssize)length, NULL);

      puts (object != NULL ? "yes" : "no");
    }
  return 0;
}
