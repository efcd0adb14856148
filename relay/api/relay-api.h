/* relay/api/relay-api.h — what handlers get, and the route table they stand in. A handler is parse → call → reply.
 * Layer: relay/api. Handlers run on request threads, synchronously; the context is read-only for them. */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "relay-checkout.h"
#include "relay-dialer.h"
#include "relay-provider.h"
#include "relay-route.h"
#include "relay-server.h"
#include "relay-store.h"
#include "relay-templates.h"

/* Built by relay-app, alive as long as the server. Nothing here is owned. */
typedef struct
{
  RelayStore *store;
  RelayCheckout *checkout;
  RelayDialer *dialer; /* judges where webhooks may go */
  RelayProviders *providers;
  RelayTemplates *templates;
  CobroClock *clock;
  CobroRandom *random;
  const char *public_url; /* "https://pay.example", no slash at the end */
  gboolean demo;          /* mock gateway on, loopback only */
  gint64 started;         /* monotonic microseconds, for uptime */
  gint stopping;          /* atomic: readyz says no */
} RelayContext;

/* The one table (relay-api-routes.c); ends with method NULL. */
const RelayRoute *relay_api_routes (void);
/* What a relay answers that only works: whether it is well. */
const RelayRoute *relay_api_worker_routes (void);

/* (transfer full) the words of which a key needs one to use this route, with blanks between them: "links:rw sync". */
char *relay_api_route_scopes (const RelayRoute *route);

/* RelayAuthenticate for the server: API keys and device keys, by the hash of their secret, and whether the key may use
 * this route. The context is a RelayContext. Sets key_id to the device's id for device keys. */
gboolean relay_api_authenticate (gpointer context, RelayRequest *request, const char *api_key, GError **error);

/* RelayErrorPage for the server: errors of pages in the buyer's language. The context is a RelayContext. */
RelayReply *relay_api_error_page (gpointer context, RelayRequest *request, guint status, const char *code,
                                  const char *message);
