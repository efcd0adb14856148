/* tests/sim/sim-receiver.h — merchants' servers that are told of events by webhook: they fail, they lose their answers,
 * and they remember what they were told. Layer: tests. The thread of the simulation. */
#pragma once
#include "relay-post.h"

#define SIM_RECEIVER_SECRET "whsec_c2ltdWxhdGVkIHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVz"

typedef struct
{
  RelayCarrier carrier; /* first: it is what the worker knows */
  GRand *dice;
  double fault;     /* how likely a message, or the answer to it, gets lost or is refused */
  GHashTable *told; /* (element-type utf8 utf8) "url id" → body, the same every time */
  guint messages, repeated;
} SimReceiver;

SimReceiver *sim_receiver_new (GRand *dice);
void sim_receiver_free (SimReceiver *self);
/* Whether the endpoint at @url was told of this event. */
gboolean sim_receiver_knows (SimReceiver *self, const char *url, const char *event_id);
