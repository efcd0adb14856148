/* src/wire/cobro-wire-base64url.c — base64url without padding. Layer: wire. Any thread. */
#include "cobro-wire-base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *
cobro_wire_base64url_encode (gconstpointer data, gsize length)
{
  const guint8 *bytes = data;
  GString *text = g_string_sized_new (length * 4 / 3 + 4);
  guint32 bits = 0;
  guint count = 0;

  for (gsize i = 0; i < length; i++)
    {
      bits = (bits << 8) | bytes[i];
      for (count += 8; count >= 6; count -= 6)
        g_string_append_c (text, alphabet[(bits >> (count - 6)) & 63]);
    }
  if (count > 0)
    g_string_append_c (text, alphabet[(bits << (6 - count)) & 63]);
  return g_string_free (text, FALSE);
}

/* 0 … 63; -1: not of the alphabet. */
static int
value_of (char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '-')
    return 62;
  return c == '_' ? 63 : -1;
}

GBytes *
cobro_wire_base64url_decode (const char *text, gsize length)
{
  g_autofree guint8 *bytes = NULL;
  guint32 bits = 0;
  guint count = 0;
  gsize n = 0;

  if (length % 4 == 1) /* six bits are no byte */
    return NULL;
  bytes = g_malloc (length * 3 / 4 + 1);
  for (gsize i = 0; i < length; i++)
    {
      int value = value_of (text[i]);

      if (value < 0)
        return NULL;
      bits = ((bits << 6) | (guint32)value) & 0xffff;
      for (count += 6; count >= 8; count -= 8)
        bytes[n++] = (guint8)(bits >> (count - 8));
    }
  if ((bits & ((1u << count) - 1)) != 0)
    return NULL;
  bytes[n] = '\0';
  return g_bytes_new_take (g_steal_pointer (&bytes), n);
}
