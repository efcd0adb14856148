/* relay/delivery/relay-endpoints.h — what merchants do with endpoints and deliveries: each is one transaction.
 * Layer: relay/delivery. Any thread but the writer's; blocks until the commit. */
#pragma once
#include "relay-delivery-store.h"
#include "relay-dialer.h"

#define RELAY_ENDPOINTS_MAX     1000 /* of a merchant, in one mode */
#define RELAY_ENDPOINTS_OLD_MAX 168  /* hours that a replaced secret may go on signing */
#define RELAY_ENDPOINTS_OLD     24   /* unless they say otherwise */
#define RELAY_ENDPOINTS_REPLAY  1000 /* deliveries in one transaction */

/**
 * relay_endpoints_types:
 * @names: (nullable): event types; none, or "*", is all of them
 *
 * Returns: (transfer full): the filter as RelayEndpoint.types has it; %NULL with %COBRO_ERROR_INVALID at "events[i]"
 */
char *relay_endpoints_types (GPtrArray *names, GError **error);

/**
 * relay_endpoints_create:
 * @endpoint: url, types, policy, is_active; secret or none: one is made
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at "url" or "secret", _STATE when there are too many; else @endpoint has
 * all
 */
gboolean relay_endpoints_create (RelayStore *store, RelayDialer *dialer, RelayEndpoint *endpoint,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What to change; NULL or -1 stays. */
typedef struct
{
  const char *url;
  const char *types;
  gint policy;
  gint is_active; /* on: events from now on, with clean health; off: what waits becomes dead letters */
} RelayEndpointChange;
/* (transfer full) as it is now. */
RelayEndpoint *relay_endpoints_change (RelayStore *store, RelayDialer *dialer, const RelayScope *scope,
                                       const CobroId *id, const RelayEndpointChange *change, GError **error);
/* What waits for it is cancelled; its deliveries can still be looked at. */
gboolean relay_endpoints_delete (RelayStore *store, const RelayScope *scope, const CobroId *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) a deleted one is there again as it was, with its secret, and what waited for it is due. NULL with
 * COBRO_ERROR_STATE: it was not deleted, or there are too many. */
RelayEndpoint *relay_endpoints_restore (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error);
/* (transfer full) with the new secret; the old one signs, too, for @hours. */
RelayEndpoint *relay_endpoints_rotate (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 hours,
                                       GError **error);
/* (transfer full) (element-type RelayDelivery) a webhook.test event for @id, or for every active endpoint when it is
 * NULL. FALSE with COBRO_ERROR_STATE for an inactive one. */
GPtrArray *relay_endpoints_test (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error);

/* (transfer full) as it is now: due at once, whatever it was. NULL with COBRO_ERROR_BUSY while it is being sent, _STATE
 * when its endpoint is inactive or gone. */
RelayDelivery *relay_endpoints_retry (RelayStore *store, const RelayScope *scope, const CobroId *id, GError **error);
/* All that fits is due again, in as many transactions as it takes. */
gboolean relay_endpoints_replay (RelayStore *store, const RelayScope *scope, const RelayReplay *replay, gint64 *out_n,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
