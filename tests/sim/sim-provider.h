/* tests/sim/sim-provider.h — a payment provider with books of its own: what it captured is the truth that the relay has
 * to end up with. It answers late, lost, doubled and out of order. Layer: tests. The thread of the simulation. */
#pragma once
#include "relay-provider.h"

typedef enum
{
  SIM_OBJECT_WAITING, /* for its payer */
  SIM_OBJECT_PROCESSING,
  SIM_OBJECT_CAPTURED,
  SIM_OBJECT_FAILED,
  SIM_OBJECT_CANCELLED,
} SimObjectState;

/* Money given back, by its idempotency key. */
typedef struct
{
  char *key, *id;
  gint64 amount;
} SimReturn;

/* One payment as the provider has it. */
typedef struct
{
  char *id, *key, *account;
  CobroId reference;
  char *signed_reference;     /* as the relay gave it */
  CobroMoney asked, captured; /* captured may differ from what was asked */
  SimObjectState state;
  GPtrArray *returns; /* (element-type SimReturn) */
} SimObject;
gint64 sim_object_returned (const SimObject *object);

/* One webhook that has not been delivered for the last time. */
typedef struct
{
  CobroFact *fact;
  guint sent;
} SimHook;

typedef struct
{
  GRand *dice;
  CobroClock *clock;
  CobroRandom *random;
  GPtrArray *objects; /* (element-type SimObject) */
  GPtrArray *hooks;   /* (element-type SimHook) */
  guint events;
  double fault; /* how likely each call goes wrong */
  double crash; /* how likely the relay dies around a call */
  double wrong; /* how likely another amount is captured than was asked for */
  guint calls;
  guint resent_keys; /* the same key again: the answer that was given before */
} SimProvider;

SimProvider *sim_provider_new (CobroClock *clock, CobroRandom *random, GRand *dice);
void sim_provider_free (SimProvider *self);
/* (transfer full) what a relay calls; the books outlive it. */
RelayProvider *sim_provider_face (SimProvider *self);

/* The payer decides at the provider's page. */
void sim_provider_decide (SimProvider *self, SimObject *object, gboolean approve);
/* What was processing ends. */
void sim_provider_finish (SimProvider *self, SimObject *object);
/* (nullable) */
SimObject *sim_provider_find (SimProvider *self, const CobroId *reference);
/* (transfer full) the body of a webhook. */
GBytes *sim_hook_body (const SimHook *hook);
#define SIM_PROVIDER_NAME "sim"
