/* tests/sync/sync-fixture.h — a fake relay and desktops that are paired with it.
 * Layer: tests. */
#pragma once
#include "cobro-error.h"
#include "cobro-link-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-engine.h"
#include "cobro-sync-steps.h"
#include "fake-relay.h"

#define SYNC_NOW (1700000000 * COBRO_SECOND)

/* One merchant's computer. */
typedef struct
{
  char *folder;
  CobroClock *clock; /* of everybody */
  CobroRandom *random;
  CobroStore *store;
  FakeRelay *relay;
  char *key;
  CobroRelayClient *client;
  GPtrArray *paid; /* (element-type CobroPayment) what was told */
} Desktop;

/* Not paired. */
void desktop_open (Desktop *self, CobroClock *clock, guint32 seed);
/* Paired already. */
void desktop_set_up (Desktop *self, CobroClock *clock, FakeRelay *relay, guint32 seed);
void desktop_tear_down (Desktop *self);
/* Pairs (again) with a fresh code. */
void desktop_pair (Desktop *self);

CobroCurrency sync_euro (void);
CobroLink *sync_link (const char *title, gint64 minor);
/* (transfer full) stores a new link; fails the test when that fails. */
CobroLink *desktop_make (Desktop *self, const char *title, gint64 minor);
/* Stores a change. */
void desktop_put (Desktop *self, const CobroLink *link);
/* (transfer full) */
CobroLinkRecord *desktop_find (Desktop *self, const CobroId *id);
/* Everything of the outbox that may go, step by step; fails the test when a step fails. */
void desktop_push (Desktop *self);
/* One step that must fail. */
void desktop_push_fails (Desktop *self, CobroError code);
/* Reads the feed to its end. */
void desktop_pull (Desktop *self);
/* Push and pull until both sides rest, through every failure. */
void desktop_rest (Desktop *self);
gint64 desktop_waiting (Desktop *self);
/* The one number that a query of the books gives; its column is "n". */
gint64 desktop_count (Desktop *self, const char *sql);
/* The relay and the books have the same document of a link. */
void desktop_assert_same (Desktop *self, const CobroId *id);
void sync_settle (void);

/* (transfer full) a payment of a link, as the relay would tell it. */
CobroPayment *sync_payment (Desktop *self, const CobroId *link_id, CobroPaymentState state, gint64 minor);
