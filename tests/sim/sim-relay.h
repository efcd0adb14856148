/* tests/sim/sim-relay.h — one relay inside the simulation: the real books, checkout, routes and workers, without
 * sockets and threads of its own. Layer: tests. The thread of the simulation. */
#pragma once
#include "relay-api.h"
#include "relay-janitor.h"
#include "relay-deliverer.h"
#include "sim-provider.h"
#include "sim-receiver.h"

/* The merchant whom the simulated relay serves; the same in every run. */
typedef struct
{
  RelayScope scope;
  char *account;                       /* at the provider */
  char *key;                           /* API key */
  gint64 since;                        /* the endpoints are told of events after this one */
  GPtrArray *device_ids, *device_keys; /* (element-type utf8) of the paired desktops */
} SimMerchant;

typedef struct
{
  char *folder;
  CobroClock *clock;
  CobroRandom *random;
  SimProvider *provider;
  SimReceiver *receiver;
  const SimMerchant *merchant;
  RelayProviders *providers;
  RelayStore *store;
  RelayCheckout *checkout;
  RelayDeliverer *deliverer;
  guint starts, deaths;
} SimRelay;

/* What came back. A lost answer has status 0. */
typedef struct
{
  guint status;
  char *body;
  gboolean replayed;
} SimAnswer;
void sim_answer_clear (SimAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SimAnswer, sim_answer_clear)

/* The merchant's endpoints: one wants everything, the other what ends well. */
#define SIM_ENDPOINT_ALL  "https://all.example/hook"
#define SIM_ENDPOINT_GOOD "https://good.example/hook"
#define SIM_GOOD_TYPES    " payment.succeeded refund.succeeded "

/* Once: makes books with one merchant and @n_devices paired desktops, to be copied for every run. */
void sim_relay_prepare (guint n_devices);
void sim_relay_cleanup (void);

SimRelay *sim_relay_new (CobroClock *clock, CobroRandom *random, SimProvider *provider, SimReceiver *receiver);
void sim_relay_free (SimRelay *self);
/* After sim_disk_is_dead(): the process is gone; the next one opens what survived. */
void sim_relay_restart (SimRelay *self);
/**
 * sim_relay_call:
 * @key: (nullable): bearer key
 * @idempotency: (nullable)
 * @body: (nullable): JSON
 *
 * One request through routes, authentication and handlers. If the relay dies meanwhile the answer is lost.
 */
void sim_relay_call (SimRelay *self, const char *method, const char *target, const char *key, const char *idempotency,
                     const char *body, SimAnswer *out_answer);
/* One round of each worker. */
void sim_relay_work (SimRelay *self);
/* One webhook of the provider's. Whether it was taken (200). */
gboolean sim_relay_hear (SimRelay *self, GBytes *body, gboolean forged);
/* The audit finds nothing; otherwise the run ends here. */
void sim_relay_audit (SimRelay *self, gint64 newest);
/* The one number of a query; its column is "n". */
gint64 sim_relay_count (SimRelay *self, const char *sql);
/* Every event that an endpoint wants has reached it. */
void sim_relay_check_told (SimRelay *self);
/* Prints what the books know of a payment: for runs that fail. */
void sim_relay_tell (SimRelay *self, const char *payment_id);
