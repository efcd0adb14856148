/* relay/http/relay-peer.h — who is calling: the socket's peer, or what trusted proxies say about it.
 * Layer: relay/http, private. Immutable after relay_trust_new(): any thread. */
#pragma once
#include <glib.h>

#define RELAY_PEER_UNIX "unix"

typedef struct _RelayTrust RelayTrust;

/* @proxies: (nullable) addresses or CIDRs. The unix socket is always trusted. NULL with COBRO_ERROR_CONFIG. */
RelayTrust *relay_trust_new (const char *const *proxies, GError **error);
void relay_trust_free (RelayTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayTrust, relay_trust_free)

/* @peer: the address of the socket's other end, or RELAY_PEER_UNIX. */
gboolean relay_trust_has (const RelayTrust *trust, const char *peer);

/**
 * relay_trust_walk:
 * @peer: the address of a trusted socket peer
 * @forwarded: (nullable): all X-Forwarded-For lines, joined with commas
 *
 * Walks from the right over trusted hops to the first untrusted address. Anything that is not an address: @peer.
 *
 * Returns: (transfer full): the client's address in canonical form
 */
char *relay_trust_walk (const RelayTrust *trust, const char *peer, const char *forwarded);

/* (transfer full) the rate-limit keys of an address: itself for IPv4 and "unix", "…/64" and @out_wide "…/48" for IPv6
 * (NULL for others). */
char *relay_peer_key (const char *address, char **out_wide);
