/* relay/http/relay-peer.c — trusted proxies and the keys of addresses.
 * Layer: relay/http, private. Any thread. */
#include "relay-peer.h"

#include <gio/gio.h>
#include <string.h>
#include "cobro-error.h"

#define FORWARDED_MAX 4096 /* bytes of X-Forwarded-For that we are willing to walk */

struct _RelayTrust
{
  GPtrArray *masks; /* (element-type GInetAddressMask) */
};

RelayTrust *
relay_trust_new (const char *const *proxies, GError **error)
{
  g_autoptr (RelayTrust) trust = g_new0 (RelayTrust, 1);

  trust->masks = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; proxies != NULL && proxies[i] != NULL; i++)
    {
      g_autoptr (GError) cause = NULL;
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (proxies[i], &cause);

      if (mask == NULL)
        {
          cobro_error_set (error, COBRO_ERROR_CONFIG, "trusted proxy \"%s\" is not an address or range: %s", proxies[i],
                           cause->message);
          return NULL;
        }
      g_ptr_array_add (trust->masks, mask);
    }
  return g_steal_pointer (&trust);
}

void
relay_trust_free (RelayTrust *trust)
{
  g_ptr_array_unref (trust->masks);
  g_free (trust);
}

/* ::ffff:192.0.2.1 is 192.0.2.1: proxies on dual-stack sockets write it so. */
static GInetAddress *
parse_address (const char *text)
{
  GInetAddress *address = g_inet_address_new_from_string (text);
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes;
  GInetAddress *inner;

  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return address;
  bytes = g_inet_address_to_bytes (address);
  if (memcmp (bytes, mapped, sizeof mapped) != 0)
    return address;
  inner = g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  g_object_unref (address);
  return inner;
}

static gboolean
is_trusted (const RelayTrust *trust, GInetAddress *address)
{
  for (guint i = 0; i < trust->masks->len; i++)
    if (g_inet_address_mask_matches (trust->masks->pdata[i], address))
      return TRUE;
  return FALSE;
}

gboolean
relay_trust_has (const RelayTrust *trust, const char *peer)
{
  g_autoptr (GInetAddress) address = NULL;

  if (strcmp (peer, RELAY_PEER_UNIX) == 0)
    return TRUE;
  if (trust->masks->len == 0)
    return FALSE;
  address = parse_address (peer);
  return address != NULL && is_trusted (trust, address);
}

char *
relay_trust_walk (const RelayTrust *trust, const char *peer, const char *forwarded)
{
  g_auto (GStrv) hops = NULL;
  g_autofree char *nearest = NULL;

  if (forwarded == NULL || strlen (forwarded) > FORWARDED_MAX)
    return g_strdup (peer);
  hops = g_strsplit (forwarded, ",", -1);
  for (guint i = g_strv_length (hops); i > 0; i--)
    {
      g_autoptr (GInetAddress) address = parse_address (g_strstrip (hops[i - 1]));

      if (address == NULL)
        return g_strdup (peer);
      g_free (nearest);
      nearest = g_inet_address_to_string (address);
      if (!is_trusted (trust, address))
        return g_steal_pointer (&nearest);
    }
  /* Trusted all the way: the farthest hop is a client inside our own network. */
  return nearest != NULL ? g_steal_pointer (&nearest) : g_strdup (peer);
}

static char *
prefix_text (const guint8 *bytes, gsize n, guint bits)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  g_string_append_printf (text, "/%u", bits);
  return g_string_free (text, FALSE);
}

char *
relay_peer_key (const char *address, char **out_wide)
{
  g_autoptr (GInetAddress) parsed = NULL;
  const guint8 *bytes;

  *out_wide = NULL;
  if (strchr (address, ':') == NULL) /* IPv4 and "unix" are keys as they are */
    return g_strdup (address);
  parsed = parse_address (address);
  if (parsed == NULL || g_inet_address_get_family (parsed) != G_SOCKET_FAMILY_IPV6)
    return g_strdup (address);
  bytes = g_inet_address_to_bytes (parsed);
  *out_wide = prefix_text (bytes, 6, 48);
  return prefix_text (bytes, 8, 64);
}
