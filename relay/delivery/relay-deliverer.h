/* relay/delivery/relay-deliverer.h — the worker that sends what the log wrote for endpoints: takes what is due, hands
 * it to a carrier, writes down what came of it. Any number of workers may share the books. Layer: relay/delivery. One
 * thread (the caller's, or its own after relay_deliverer_start()); functions say when they may be called by others. */
#pragma once
#include "relay-delivery-store.h"
#include "relay-post.h"

typedef struct _RelayDeliverer RelayDeliverer;

#define RELAY_DELIVERER_LANE 4 /* messages on their way to one endpoint at once */

/* What it works with; clock and random are referenced, the rest is lent until relay_deliverer_free(). */
typedef struct
{
  RelayStore *store;
  CobroClock *clock;
  CobroRandom *random;
  RelayCarrier *carrier;
  const char *worker; /* unique among those that share the books; the same after a restart where it works alone */
  guint capacity;     /* leases at once, over all endpoints; 0: 2,048 */
} RelayDelivererConfig;
RelayDeliverer *relay_deliverer_new (const RelayDelivererConfig *config);
/* Writes down what came back since; what is still on its way is delivered again by whoever comes next. The carrier must
 * have ended every post before. */
void relay_deliverer_free (RelayDeliverer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayDeliverer, relay_deliverer_free)

/* What one step did. */
typedef struct
{
  guint sent, settled, reaped; /* messages given to the carrier; answers written down; leases that had run out */
  guint flying;                /* on their way now */
  CobroTime next;              /* when there is something to do again, unless it is woken before */
} RelayDeliveryRound;

/**
 * relay_deliverer_run_once:
 * @now: the present
 * @out_round: (out) (nullable): what was done, also on failure
 *
 * Writes down the answers that came, takes what is due and sends it. Call it again when an answer came, when it was
 * woken, and at out_round->next.
 *
 * Returns: %FALSE when the books could not be written; nothing is lost then, the answers are kept for the next step
 */
gboolean relay_deliverer_run_once (RelayDeliverer *self, CobroTime now, RelayDeliveryRound *out_round, GError **error);

/* Runs steps on a thread of its own until relay_deliverer_stop(). */
void relay_deliverer_start (RelayDeliverer *self);
/* Takes nothing more, waits for what is on its way at most @grace_ms, ends the thread. */
void relay_deliverer_stop (RelayDeliverer *self, guint grace_ms);
/* Something may be due: call it after a commit that touched "delivery:<merchant>". Any thread; brief. */
void relay_deliverer_wake (RelayDeliverer *self);
