/* relay/delivery/relay-dialer.h — the only way out for merchants' URLs: https, a public address that was looked at, and
 * a connection to exactly that address. Layer: relay/delivery. A thread of its own does the sending; functions may be
 * called from any thread. */
#pragma once
#include "cobro-clock.h"
#include "relay-addresses.h"
#include "relay-post.h"

#define RELAY_DIALER_URL_MAX 2048

/* How it goes out. Everything is copied or referenced. */
typedef struct
{
  const char *const
    *allow_targets; /* (nullable) networks that may be reached besides public ones, by http and any port */
  const char *const *allow_ports; /* (nullable) ports besides 443 */
  GResolver *resolver;            /* (nullable) the system's */
  const char *user_agent;
} RelayDialerConfig;

typedef struct _RelayDialer RelayDialer;
/* NULL with COBRO_ERROR_CONFIG. */
RelayDialer *relay_dialer_new (const RelayDialerConfig *config, GError **error);
/* Ends what is under way: each of those posts is done without a result. */
void relay_dialer_free (RelayDialer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayDialer, relay_dialer_free)

/* The dialer as a carrier: results come on its thread. */
RelayCarrier *relay_dialer_get_carrier (RelayDialer *self);

/**
 * relay_dialer_check_url:
 *
 * Whether @url may be an endpoint at all: what can be said without asking who it is. An address in it is judged at
 * once; a name is judged each time something is sent.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID or %COBRO_ERROR_FORBIDDEN at "url"
 */
gboolean relay_dialer_check_url (RelayDialer *self, const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;
