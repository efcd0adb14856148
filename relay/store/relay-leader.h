/* relay/store/relay-leader.h — what must happen once for all relays of a database, by the clock: reconciliations,
 * sweeps. One relay leads: the one whose session holds a lock. A session may end without its relay knowing, so each
 * beginning has a number that grows, and whatever is written for a job is refused once a newer leader has begun. On
 * SQLite the one relay leads. Layer: relay/store. Any thread; calls of one leader take turns. */
#pragma once
#include "relay-store.h"

typedef struct _RelayLeader RelayLeader;

/* @store is borrowed. On PostgreSQL a connection of its own is opened when it is first needed: to the server itself,
 * not through a pool that shares sessions. */
RelayLeader *relay_leader_new (RelayStore *store);
/* Another relay may lead. */
void relay_leader_free (RelayLeader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayLeader, relay_leader_free)

/**
 * relay_leader_begin:
 * @job: "reconcile"
 * @period: which run of it: "2026-11-21"
 * @out_mine: whether this relay has it in hand now: it leads, and nobody has done it or is about to
 *
 * A job that a former leader began and did not end is begun again. Returns: %FALSE with the database's error
 */
gboolean relay_leader_begin (RelayLeader *self, const char *job, const char *period, gboolean *out_mine,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The job is done, for this period and for ever. FALSE with COBRO_ERROR_STATE when another relay has taken it over. */
gboolean relay_leader_end (RelayLeader *self, const char *job, const char *period,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a transaction of a job, before anything else: FALSE with COBRO_ERROR_STATE when this relay does not lead any more.
 * While the transaction lasts nobody else begins to lead. */
gboolean relay_leader_check (RelayLeader *self, RelayTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
