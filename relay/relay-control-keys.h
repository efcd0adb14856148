/* relay/relay-control-keys.h — what an operator does to a merchant's API keys: operations for relay_control_run(), and
 * their answers on the control socket. Layer: relay (composition). */
#pragma once
#include "relay-control.h"

/* {"merchant", "live", "name", "scopes"?, "networks"?}: (transfer full) the key, shown once. */
char *relay_control_key_add (RelayStore *store, CobroWireObject *arguments, GError **error);
/* {"merchant", "live"}: (transfer full) {"keys": […]}. */
char *relay_control_key_list (RelayStore *store, CobroWireObject *arguments, GError **error);
/* {"merchant", "live", "id"}: (transfer full) the successor, shown once. Both are good for a day. */
char *relay_control_key_rotate (RelayStore *store, CobroWireObject *arguments, GError **error);
/* {"merchant", "live", "id"}: (transfer full) its id. */
char *relay_control_key_revoke (RelayStore *store, CobroWireObject *arguments, GError **error);

/* {}: (transfer full) how the keys of secrets at rest are. */
char *relay_control_secret_status (RelayStore *store, CobroWireObject *arguments, GError **error);
/* {}: wraps every data key with a new key-encryption key, or goes on with that; (transfer full) the status after it. */
char *relay_control_secret_rotate (RelayStore *store, CobroWireObject *arguments, GError **error);

/* The same as handlers of the control socket. */
RelayReply *relay_control_answer_key_add (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_key_list (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_key_rotate (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_key_revoke (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_secret_status (gpointer context, RelayRequest *request);
RelayReply *relay_control_answer_secret_rotate (gpointer context, RelayRequest *request);
