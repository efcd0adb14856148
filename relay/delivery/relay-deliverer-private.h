/* relay/delivery/relay-deliverer-private.h — what the worker and its transactions share.
 * Layer: relay/delivery, private to it. */
#pragma once
#include "relay-deliverer.h"
#include "relay-health.h"
#include "relay-trace.h"

/* The messages of one endpoint that this worker has leased. */
typedef struct
{
  char *key;
  GQueue waiting; /* (element-type RelayJob) */
  guint flying;
} RelayLane;

/* One leased delivery. */
typedef struct
{
  RelayDeliverer *deliverer;
  RelayLane *lane;
  RelayEndpoint *endpoint; /* as it was when it was taken; with secrets */
  RelayDelivery *delivery;
  CobroTime started_at;    /* 0: not sent */
  gint64 started, ended;   /* monotonic */
  RelaySpan span;          /* detached: it ends where the answer comes in */
  RelayPostResult *result; /* NULL: not sent, or given up by the carrier: no try */
  guint effects;           /* what relay_turn_work_alone() has carried out */
} RelayJob;
void relay_job_free (RelayJob *job);

/* What was taken for one endpoint. */
typedef struct
{
  RelayEndpoint *endpoint;
  GPtrArray *deliveries;
} RelayCatch;

struct _RelayDeliverer
{
  RelayStore *store;
  CobroClock *clock;
  CobroRandom *random;
  RelayCarrier *carrier;
  char *worker;
  guint capacity;

  GHashTable *lanes;     /* (element-type utf8 RelayLane) by "merchant/endpoint" */
  GHashTable *merchants; /* (element-type utf8 guint) leases of each */
  guint held, flying;
  GPtrArray *ended;    /* (element-type RelayJob) to be written down */
  CobroTime next_look; /* nothing is due before, as far as is known */
  CobroTime next_reap;
  gboolean stopping; /* nothing more is taken or sent */
  gboolean started;  /* the first step looks for leases that a killed one left */

  GMutex lock; /* guards what follows */
  GCond changed;
  GQueue answers; /* (element-type RelayJob) */
  gboolean woken, stop;
  GThread *thread;
};

/* One transaction of the worker: writes down, reaps, takes. */
typedef struct
{
  RelayDeliverer *deliverer;
  GPtrArray *jobs; /* (element-type RelayJob) to write down, sorted by lane */
  gboolean look;   /* take what is due */
  gboolean reap;
  GPtrArray *caught;   /* (out) (element-type RelayCatch) */
  GPtrArray *deferred; /* (out) (element-type RelayJob) lent: they raise an event, and need the merchant's turn */
  gint64 reaped;       /* (out) */
  CobroTime next;      /* (out) when something is due next; 0: nothing waits */
  CobroTime expiry;    /* (out) when the first lease runs out; 0: there is none */
} RelayTurn;
/* RelayWork over a RelayTurn. */
gboolean relay_turn_work (RelayTx *tx, gpointer data, GError **error);
/* RelayWork over a RelayJob: writes it down with the events that it raises. */
gboolean relay_turn_work_alone (RelayTx *tx, gpointer data, GError **error);

/* How many more may be taken for @endpoint. */
guint relay_deliverer_get_room (RelayDeliverer *self, const RelayEndpoint *endpoint);
