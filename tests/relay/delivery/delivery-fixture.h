/* tests/relay/delivery/delivery-fixture.h — books with endpoints, a worker that is driven step by step, and receivers
 * that answer as they are told, in the time of a fake clock. Layer: tests. */
#pragma once
#include "relay-deliverer.h"
#include "relay-endpoints.h"
#include "rig.h"

typedef struct _Post Post;
typedef struct _World World;

/* How a receiver answers; sets status, error, retry_after and delay of the post. A delay below 0: never. */
typedef void (*Receiver) (World *world, Post *post, gpointer data);

/* A message that the worker gave to the carrier. */
struct _Post
{
  char *url, *id, *signature, *body;
  gint64 timestamp;
  CobroTime sent_at, lands_at;
  gint status; /* 0: no answer */
  const char *error, *retry_after;
  gint64 delay; /* microseconds until the answer */
  RelayPostDone done;
  gpointer data;
};

/* Everything. */
struct _World
{
  RelayCarrier carrier;
  Rig *rig;
  RelayDialer *dialer; /* judges URLs; sends nothing here */
  RelayDeliverer *deliverer;
  GPtrArray *flying; /* (element-type Post) */
  GPtrArray *log;    /* (element-type Post) those that landed; not kept when quiet */
  gboolean quiet;
  Receiver receiver;
  gpointer receiver_data;
  guint64 posts;
  CobroTime next; /* when the worker has something to do */
};

World *world_new (void);
void world_free (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)
/* Kills the worker (what is on its way never comes back), closes the books, opens them again. */
void world_restart (World *world);
void world_set_receiver (World *world, Receiver receiver, gpointer data);

/* (transfer full) a new endpoint in test mode. */
RelayEndpoint *world_add (World *world, const char *url, const char *types);
/* Appends one event of this kind; returns its sequence. */
gint64 world_event (World *world, CobroEventType type);
/* One step; answers that are due land first. */
RelayDeliveryRound world_step (World *world);
/* Steps until nothing is left to do at this moment. */
void world_settle (World *world);
/* Moves the clock on, settling whenever something happens. */
void world_run (World *world, gint64 duration);
/* (transfer full) as the books have it. */
RelayEndpoint *world_endpoint (World *world, const CobroId *id);
/* (transfer full) the newest delivery of @endpoint. */
RelayDelivery *world_newest (World *world, const RelayEndpoint *endpoint);
