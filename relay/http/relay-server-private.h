/* relay/http/relay-server-private.h — what the parts of the gate share.
 * Layer: relay/http, private. Everything here is made before the first thread and read-only afterwards, or locks
 * itself. */
#pragma once
#include "relay-limits.h"
#include "relay-peer.h"
#include "relay-pool.h"
#include "relay-router.h"
#include "relay-server.h"
#include "relay-wakes.h"

typedef struct _RelayListener RelayListener;

/* How many connections there are, in all and from each address. */
typedef struct
{
  GMutex lock;
  GHashTable *peers; /* (element-type utf8 uint) addresses that are not trusted proxies */
  guint total;
} RelayCensus;

struct _RelayServer
{
  RelayServerConfig config; /* defaults filled in */
  RelayRouter *router;
  RelayTrust *trust;
  RelayLimits *limits;
  RelayPool *pool;
  GPtrArray *listeners; /* (element-type RelayListener) */
  RelayWakes wakes;
  RelayCensus census;
  char *url;
  gboolean stopped;
};

const RelayServerConfig *relay_server_get_config (RelayServer *server);
/* FALSE: there are too many already, in all or from that address. @counted: whether the address has a limit. */
gboolean relay_server_admit (RelayServer *server, const char *peer, gboolean counted);
void relay_server_dismiss (RelayServer *server, const char *peer, gboolean counted);
