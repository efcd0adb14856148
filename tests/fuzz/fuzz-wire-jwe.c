/* tests/fuzz/fuzz-wire-jwe.c — any encrypted payload: as it is, and with its first line as the header of one. Nobody
 * can make one that opens by chance. Layer: tests. */
#include <string.h>

#include "cobro-wire-base64url.h"
#include "cobro-wire-jwe.h"
#include "cobro-wire-sign.h"
#include "fuzz-replay.h"

static GPtrArray *
list_keys (void)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_jwe_key_free);
  guint8 seed[COBRO_WIRE_JWE_SEED] = { 7 };

  g_ptr_array_add (keys, cobro_wire_jwe_key_new (seed, "1"));
  return keys;
}

static void
open_one (const char *text, GPtrArray *keys)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_wire_jwe_open (text, keys, &error));
  g_assert_nonnull (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) keys = list_keys ();
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *header = cobro_wire_base64url_encode (data, size);
  g_autofree char *whole = g_strconcat (header, "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", NULL);

  open_one (text, keys);
  open_one (whole, keys);
  return 0;
}
