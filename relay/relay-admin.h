/* relay/relay-admin.h — the admin listener: /metrics for Prometheus, /debug/health for people. On loopback or a unix
 * socket only, because it knows no keys. Layer: relay (composition). Handlers run on its own request threads. */
#pragma once
#include "relay-server.h"
#include "relay-store.h"

/* What its handlers look at; alive as long as its server. Nothing here is owned. */
typedef struct
{
  RelayStore *store;
  RelayServer *server; /* the one that is watched */
  CobroClock *clock;
  const char *data; /* the data folder: free space; "": none */
  gint64 started;   /* monotonic microseconds */
} RelayAdmin;

/* The table of routes; their context is a RelayAdmin. */
const RelayRoute *relay_admin_routes (void);

/* Counts one answered request; any thread. */
void relay_admin_note_access (const RelayAccess *access);
