/* src/sync/cobro-relay-keys.h — API keys and paired computers, asked of the relay directly.
 * Layer: sync. Calls wait; one client per thread. Errors as in cobro-relay-hooks.h. */
#pragma once
#include "cobro-api-key.h"
#include "cobro-device.h"
#include "cobro-relay-client.h"

/* (transfer full) (element-type CobroApiKey) as cobro_relay_hooks_read_endpoints(). */
GPtrArray *cobro_relay_keys_read (const char *text, char **out_next, GError **error);
/* (transfer full) the text of a new key, told this once: wipe it after use. */
char *cobro_relay_keys_make (CobroRelayClient *client, const char *name, const char *const *scopes,
                             GCancellable *cancellable, GError **error);
/* It ends at once. */
gboolean cobro_relay_keys_revoke (CobroRelayClient *client, const char *id, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type CobroDevice) as cobro_relay_hooks_read_endpoints(). */
GPtrArray *cobro_relay_keys_read_devices (const char *text, char **out_next, GError **error);
/* Its key ends at once; what it had not uploaded stays there. */
gboolean cobro_relay_keys_revoke_device (CobroRelayClient *client, const char *id, GCancellable *cancellable,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
