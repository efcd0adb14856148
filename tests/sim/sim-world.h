/* tests/sim/sim-world.h — everybody in one simulation, what they do by the dice, and what must be true of it.
 * Layer: tests. */
#pragma once
#include "sim-desktop.h"

#define SIM_DESKTOPS 2

typedef struct _SimWorld SimWorld;

/* What many runs did, to be told. */
typedef struct
{
  guint runs, starts, deaths, links, invoices, payments, refunds, events, calls, hooks, messages, repeated;
} SimTotals;

SimWorld *sim_world_new (guint32 seed, gboolean trace);
void sim_world_free (SimWorld *self);
/* One thing happens, perhaps badly; then the newest entries are checked. */
void sim_world_step (SimWorld *self);
/* No faults any more: every webhook that is not lost for good comes, a month goes by, everybody syncs. */
void sim_world_rest (SimWorld *self);
/* Compares with the truth; ends the process where it differs. */
void sim_world_check (SimWorld *self);
void sim_world_count (SimWorld *self, SimTotals *totals);
