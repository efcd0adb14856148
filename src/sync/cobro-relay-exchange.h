/* src/sync/cobro-relay-exchange.h — one exchange with the relay, for the files that know its calls.
 * Layer: sync, private to it. Waits; one client per thread. */
#pragma once
#include "cobro-relay-client.h"
#include "cobro-wire.h"

#define COBRO_RELAY_DEADLINE_MS     30000
#define COBRO_RELAY_SMALL_BYTES_MAX (1024 * 1024)

typedef struct
{
  const char *method, *path;
  const char *body;            /* (nullable) JSON */
  const char *idempotency_key; /* (nullable) */
  guint deadline_ms;
  gsize max_bytes;
} CobroRelayAsk;

/* (transfer full) the whole answer, with success true. Errors as in cobro-relay-client.h; the path of what the relay
 * finds wrong is the error's. */
CobroWireObject *cobro_relay_exchange (CobroRelayClient *client, const CobroRelayAsk *ask, GCancellable *cancellable,
                                       GError **error);
/* (transfer full) its member "data", an object. */
CobroWireObject *cobro_relay_exchange_data (CobroRelayClient *client, const CobroRelayAsk *ask,
                                            GCancellable *cancellable, GError **error);
/* Always FALSE: an answer whose members are not what was agreed on. Takes @why. */
gboolean cobro_relay_misshapen (GError **error, GError *why);
/* (transfer full) (nullable) the records of an answer {"data": [ … ], "pagination": …}. @unref: of what @parse makes;
 * @out_next: (transfer full) (nullable): the cursor of the next page. */
GPtrArray *cobro_relay_read_records (const char *text, gpointer (*parse) (CobroWireObject *object, GError **error),
                                     GDestroyNotify unref, char **out_next, GError **error);
