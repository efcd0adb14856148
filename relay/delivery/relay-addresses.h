/* relay/delivery/relay-addresses.h — which addresses a merchant's URL may lead to: addresses are judged, never their
 * spelling. Layer: relay/delivery. Any thread. */
#pragma once
#include <gio/gio.h>

/* Networks that the operator allows although they are not public. */
typedef struct _RelayAddresses RelayAddresses;
/* @networks: (nullable): "10.0.0.0/8", "fd00::/8" …, NULL-terminated. NULL with COBRO_ERROR_CONFIG for what is none. */
RelayAddresses *relay_addresses_new (const char *const *networks, GError **error);
void relay_addresses_free (RelayAddresses *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAddresses, relay_addresses_free)

/* Whether the operator allowed it in so many words: then http and any port are fine, too. */
gboolean relay_addresses_allows (const RelayAddresses *self, GInetAddress *address);
/* Whether anything at all was allowed. */
gboolean relay_addresses_allows_some (const RelayAddresses *self);
/**
 * relay_addresses_is_public:
 *
 * Unpacks what carries another address (IPv4-mapped, NAT64) and judges that one, too.
 *
 * Returns: %FALSE for everything private, shared, local, reserved, multicast, for documentation or for tunnels
 */
gboolean relay_addresses_is_public (GInetAddress *address);
/* Whether an interface of this machine has it. */
gboolean relay_addresses_is_ours (GInetAddress *address);
/* FALSE with COBRO_ERROR_FORBIDDEN, in words without the address: merchants need not learn our network's plan. */
gboolean relay_addresses_check (const RelayAddresses *self, GInetAddress *address,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
