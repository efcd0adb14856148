/* relay/delivery/relay-addresses.c — the lists of networks that are nobody's public address.
 * Layer: relay/delivery. Any thread. Source: IANA's special-purpose address registries. */
#include "relay-addresses.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

#include "cobro-error.h"

struct _RelayAddresses
{
  GPtrArray *allowed; /* (element-type GInetAddressMask) */
};

/* A network: its first bytes, and how many bits count. */
typedef struct
{
  guint8 bytes[16];
  guint bits;
} Network;

static const Network blocked_v4[] = {
  { { 0 }, 8 },             /* this network */
  { { 10 }, 8 },            /* private */
  { { 100, 64 }, 10 },      /* carriers' NAT */
  { { 127 }, 8 },           /* loopback */
  { { 169, 254 }, 16 },     /* link-local, metadata services */
  { { 172, 16 }, 12 },      /* private */
  { { 192, 0, 0 }, 24 },    /* protocol assignments */
  { { 192, 0, 2 }, 24 },    /* documentation */
  { { 192, 88, 99 }, 24 },  /* 6to4 relays */
  { { 192, 168 }, 16 },     /* private */
  { { 198, 18 }, 15 },      /* benchmarks */
  { { 198, 51, 100 }, 24 }, /* documentation */
  { { 203, 0, 113 }, 24 },  /* documentation */
  { { 224 }, 4 },           /* multicast */
  { { 240 }, 4 },           /* reserved, broadcast */
};

/* Nothing else of IPv6 is given to anybody. */
static const Network unicast_v6 = { { 0x20 }, 3 };

/* Within it; loopback, private, link-local, multicast and the like are outside of it anyway. */
static const Network blocked_v6[] = {
  { { 0x20, 0x01, 0 }, 23 },          /* protocol assignments, Teredo */
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
  { { 0x20, 0x02 }, 16 },             /* 6to4 */
  { { 0x3f, 0xff, 0 }, 20 },          /* documentation */
};

/* Carry an IPv4 address in their last four bytes. */
static const Network carriers[] = {
  { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96 }, /* IPv4-mapped */
  { { 0, 0x64, 0xff, 0x9b }, 96 },                      /* NAT64 */
};

static gboolean
is_in (const Network *network, const guint8 *bytes)
{
  guint whole = network->bits / 8, rest = network->bits % 8;

  return memcmp (network->bytes, bytes, whole) == 0 &&
         (rest == 0 || (network->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0);
}

static gboolean
is_in_any (const Network *networks, gsize n, const guint8 *bytes)
{
  for (gsize i = 0; i < n; i++)
    if (is_in (&networks[i], bytes))
      return TRUE;
  return FALSE;
}

/* (transfer full) the address that @address carries, or itself. */
static GInetAddress *
unpack (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      is_in_any (carriers, G_N_ELEMENTS (carriers), bytes))
    return g_inet_address_new_from_bytes (bytes + 12, G_SOCKET_FAMILY_IPV4);
  return g_object_ref (address);
}

gboolean
relay_addresses_is_public (GInetAddress *address)
{
  g_autoptr (GInetAddress) inner = unpack (address);
  const guint8 *bytes = g_inet_address_to_bytes (inner);

  if (g_inet_address_get_family (inner) == G_SOCKET_FAMILY_IPV4)
    return !is_in_any (blocked_v4, G_N_ELEMENTS (blocked_v4), bytes);
  return g_inet_address_get_family (inner) == G_SOCKET_FAMILY_IPV6 && is_in (&unicast_v6, bytes) &&
         !is_in_any (blocked_v6, G_N_ELEMENTS (blocked_v6), bytes);
}

static gboolean
is_address (const struct sockaddr *one, GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (one == NULL)
    return FALSE;
  if (one->sa_family == AF_INET && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return memcmp (&((const struct sockaddr_in *)(const void *)one)->sin_addr, bytes, 4) == 0;
  if (one->sa_family == AF_INET6 && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    return memcmp (&((const struct sockaddr_in6 *)(const void *)one)->sin6_addr, bytes, 16) == 0;
  return FALSE;
}

gboolean
relay_addresses_is_ours (GInetAddress *address)
{
  g_autoptr (GInetAddress) inner = unpack (address);
  struct ifaddrs *list;
  gboolean found = FALSE;

  if (getifaddrs (&list) != 0)
    return TRUE; /* who cannot look says no */
  for (const struct ifaddrs *one = list; one != NULL && !found; one = one->ifa_next)
    found = is_address (one->ifa_addr, inner);
  freeifaddrs (list);
  return found;
}

RelayAddresses *
relay_addresses_new (const char *const *networks, GError **error)
{
  g_autoptr (RelayAddresses) self = g_new0 (RelayAddresses, 1);

  self->allowed = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; networks != NULL && networks[i] != NULL; i++)
    {
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (networks[i], NULL);

      if (mask == NULL)
        return cobro_error_set (error, COBRO_ERROR_CONFIG, "\"%s\" is not a network such as 10.0.0.0/8", networks[i]),
               NULL;
      g_ptr_array_add (self->allowed, mask);
    }
  return g_steal_pointer (&self);
}

void
relay_addresses_free (RelayAddresses *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->allowed);
  g_free (self);
}

gboolean
relay_addresses_allows (const RelayAddresses *self, GInetAddress *address)
{
  g_autoptr (GInetAddress) inner = unpack (address);

  for (guint i = 0; i < self->allowed->len; i++)
    if (g_inet_address_mask_matches (self->allowed->pdata[i], inner))
      return TRUE;
  return FALSE;
}

gboolean
relay_addresses_allows_some (const RelayAddresses *self)
{
  return self->allowed->len > 0;
}

gboolean
relay_addresses_check (const RelayAddresses *self, GInetAddress *address, GError **error)
{
  if (relay_addresses_allows (self, address) ||
      (relay_addresses_is_public (address) && !relay_addresses_is_ours (address)))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_FORBIDDEN, "url",
                             "its host is at an address that is not public (the operator can allow it)");
}
