/* src/sync/cobro-relay-hooks.h — what developers ask of the relay directly: webhook endpoints, deliveries, how the
 * relay is doing. Layer: sync. Calls wait; one client per thread. Errors as in cobro-relay-client.h; what the relay
 * finds wrong in a field is COBRO_ERROR_INVALID with the field's path ("url", "events[0]"). */
#pragma once
#include "cobro-relay-client.h"
#include "cobro-relay-state.h"
#include "cobro-webhook.h"

/* How many deliveries there are on a page. */
#define COBRO_RELAY_PAGE 50

/**
 * cobro_relay_hooks_get:
 * @path: below the relay's address, with its query
 *
 * Returns: (transfer full): the answer as it came, without secrets: {"data": …, "pagination": …}, for one of the
 * readers below, now or after it was remembered
 */
char *cobro_relay_hooks_get (CobroRelayClient *client, const char *path, GCancellable *cancellable, GError **error);

/* Reads such an answer. @out_next: (transfer full) (nullable): the cursor of the next page. (transfer full), with
 * elements that are freed with the array. */
typedef GPtrArray *(*CobroRelayRead) (const char *text, char **out_next, GError **error);
/* (element-type CobroWebhookEndpoint) */
GPtrArray *cobro_relay_hooks_read_endpoints (const char *text, char **out_next, GError **error);
/* (element-type CobroWebhookDelivery) without tries */
GPtrArray *cobro_relay_hooks_read_deliveries (const char *text, char **out_next, GError **error);
/* (element-type CobroRelayState) just one */
GPtrArray *cobro_relay_hooks_read_state (const char *text, char **out_next, GError **error);

/* What an endpoint is to be; lent for the call. */
typedef struct
{
  CobroId id;                /* unset: a new one */
  const char *url;           /* (nullable): stays */
  const char *const *events; /* (nullable): stay; empty: all */
  gint is_active;            /* -1: stays */
} CobroHookWish;
/* (transfer full) @out_secret: (transfer full) (nullable): of a new one, told this once: wipe it after use. */
CobroWebhookEndpoint *cobro_relay_hooks_put (CobroRelayClient *client, const CobroHookWish *wish, char **out_secret,
                                             GCancellable *cancellable, GError **error);
/* (transfer full) a new secret, told this once: wipe it after use. @out_old_until: until then the old one signs, too.
 */
char *cobro_relay_hooks_rotate (CobroRelayClient *client, const CobroId *id, CobroTime *out_old_until,
                                GCancellable *cancellable, GError **error);
gboolean cobro_relay_hooks_delete (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes a deletion back. */
gboolean cobro_relay_hooks_restore (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sends a test event there. @out_delivery: to be looked at. */
gboolean cobro_relay_hooks_test (CobroRelayClient *client, const CobroId *id, CobroId *out_delivery,
                                 GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) with its tries. */
CobroWebhookDelivery *cobro_relay_hooks_get_delivery (CobroRelayClient *client, const CobroId *id,
                                                      GCancellable *cancellable, GError **error);
/* Sends it now. */
gboolean cobro_relay_hooks_retry (CobroRelayClient *client, const CobroId *id, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
