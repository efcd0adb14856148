/* relay/relay-control.h — what an operator does to the books of a relay, whether it runs or not: directly on the data
 * folder, or through the running relay's control socket (DATA/control.sock, for its own user only). Layer: relay
 * (composition). */
#pragma once
#include "relay-api.h"
#include "relay-config.h"
#include "relay-route.h"
#include "relay-store.h"

/* (transfer full) (nullable) "unix:DATA/control.sock"; NULL where that is longer than a socket's name may be. */
char *relay_control_address (const char *data);
/* The routes of the control socket; the context is a RelayContext. */
const RelayRoute *relay_control_routes (void);

/* An operation on the books: (transfer full) its result as JSON, or NULL with @error. @arguments: an object; what it
 * does not know there is an error. */
typedef char *(*RelayControlWork) (RelayStore *store, CobroWireObject *arguments, GError **error);

/* Adds a merchant of that name, with an API key, a pairing code, and a mock account in test mode. */
char *relay_control_add_merchant (RelayStore *store, const char *name, gboolean live, GError **error);
/* The same as an operation: {"subject": name, "live", "publicUrl"}; with the address of the relay it answers with a
 * pairing link, too. */
char *relay_control_make_merchant (RelayStore *store, CobroWireObject *arguments, GError **error);
/* Makes a pairing code for the merchant with that id: {"subject": id, "live", "publicUrl"}. */
char *relay_control_make_pair_code (RelayStore *store, CobroWireObject *arguments, GError **error);
/* What a route of the control socket answers. */
RelayReply *relay_control_answer (RelayContext *context, RelayRequest *request, RelayControlWork work);

/**
 * relay_control_run:
 * @path: the route that does @work when the relay runs
 * @arguments: a JSON object
 *
 * Does @work on the folder, or asks the relay that has it open.
 *
 * Returns: (transfer full): the result as JSON, or %NULL with the reason
 */
char *relay_control_run (const RelayConfig *config, const char *path, RelayControlWork work, const char *arguments,
                         GError **error);
