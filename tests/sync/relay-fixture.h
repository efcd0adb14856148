/* tests/sync/relay-fixture.h — the real relay as a program of its own, and two desktops that are paired with it.
 * Layer: tests. */
#pragma once
#include "cobro-wire.h"
#include "sync-fixture.h"

typedef struct
{
  const char *program;
  char *folder;
  GSubprocess *process;
  char *url, *listen;
  CobroClock *clock;
  Desktop ana, ben; /* the fake relay of the fixture is not used */
} RelayFixture;

/* @data: the relay's program. Ana and Ben are paired, in test mode, and at rest. */
void relay_fixture_set_up (RelayFixture *fixture, gconstpointer data);
void relay_fixture_tear_down (RelayFixture *fixture, gconstpointer data);
/* (transfer full) the first code of a fresh relay; of one that was there before, a code that is not used. */
char *relay_fixture_start (RelayFixture *fixture);
void relay_fixture_kill (RelayFixture *fixture);
/* (transfer full) another code, from the command line. @mode: (nullable): "--live". */
char *relay_fixture_new_code_for (RelayFixture *fixture, const char *mode);
char *relay_fixture_new_code (RelayFixture *fixture);
void relay_fixture_pair (RelayFixture *fixture, Desktop *desktop, const char *code);
/* (transfer full) the member "data" of what the API answers to the merchant's own key; it must be a 2xx. */
CobroWireObject *relay_fixture_call_api (RelayFixture *fixture, const char *method, const char *path, const char *body);
/* (transfer full) a text that must be there. */
char *wire_member (CobroWireObject *object, const char *name);
