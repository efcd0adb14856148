/* relay/relay-control.h — what an operator does to the books of a relay, whether it runs or not: directly on the data
 * folder, or through the running relay's control socket (DATA/control.sock, for its own user only). Layer: relay
 * (composition). */
#pragma once
#include "relay-config.h"
#include "relay-route.h"
#include "relay-store.h"

/* (transfer full) (nullable) "unix:DATA/control.sock"; NULL where that is longer than a socket's name may be. */
char *relay_control_address (const char *data);
/* The routes of the control socket; the context is a RelayContext. */
const RelayRoute *relay_control_routes (void);

/* An operation on the books: (transfer full) its result as a JSON object, or NULL with @error. */
typedef char *(*RelayControlWork) (RelayStore *store, const char *subject, gboolean live, GError **error);

/* Adds a merchant of that name, with an API key, a pairing code, and a mock account in test mode. */
char *relay_control_add_merchant (RelayStore *store, const char *name, gboolean live, GError **error);
/* Makes a pairing code for the merchant with that id. */
char *relay_control_make_pair_code (RelayStore *store, const char *merchant_id, gboolean live, GError **error);

/**
 * relay_control_run:
 * @path: the route that does @work when the relay runs
 *
 * Does @work on the folder, or asks the relay that has it open.
 *
 * Returns: (transfer full): the result as JSON, or %NULL with the reason
 */
char *relay_control_run (const RelayConfig *config, const char *path, RelayControlWork work, const char *subject,
                         gboolean live, GError **error);
