/* tests/sim/sim-desktop.h — a merchant's computer in the simulation: real books and real sync steps, whose requests go
 * to the simulated relay and get lost on the way. Layer: tests. The thread of the simulation. */
#pragma once
#include "cobro-store.h"
#include "sim-relay.h"

typedef struct
{
  char *folder;
  CobroClock *clock;
  CobroRandom *random;
  CobroStore *store;
  struct _CobroRelayClient *client;
  SimRelay *relay;
  GRand *dice;
  double loss;       /* how likely a request, or its answer, gets lost */
  GPtrArray *links;  /* (element-type CobroId) made here */
  GPtrArray *tokens; /* (element-type utf8) of invoices that were issued here */
  guint records;     /* payments that were recorded here */
} SimDesktop;

/* Once: makes empty books to be copied for every run. */
void sim_desktop_prepare (void);
void sim_desktop_cleanup (void);

/* @number: which of the paired devices it is. */
SimDesktop *sim_desktop_new (SimRelay *relay, guint number, GRand *dice, guint32 seed);
void sim_desktop_free (SimDesktop *self);
/* Makes a link; offline. */
void sim_desktop_make (SimDesktop *self);
/* Changes one of its own links, or one that came from elsewhere. */
void sim_desktop_edit (SimDesktop *self);
/* Issues an invoice; offline. */
void sim_desktop_issue (SimDesktop *self);
/* Records cash for one of the invoices, or voids it, gives it up, changes its reminders, replaces its address. */
void sim_desktop_settle (SimDesktop *self);
/* One push; one pull. What fails is tried again another day. */
void sim_desktop_push (SimDesktop *self);
void sim_desktop_pull (SimDesktop *self);
/* Pushes and pulls until both sides rest; without losses. */
void sim_desktop_rest (SimDesktop *self);
/* How many recorded payments the relay refused. */
guint sim_desktop_count_refused (SimDesktop *self);
/* No number twice or left out; nothing that was refused. */
void sim_desktop_check (SimDesktop *self);
/* (transfer full) what it shows of everything the relay told: links and invoices with revision and sums, payments; one
 * line each. */
char *sim_desktop_dump (SimDesktop *self);
