/* tests/store/store-fixture.h — books of their own for each test, with a clock that stands still and seeded randomness.
 * Layer: tests. */
#pragma once
#include "cobro-link-store.h"
#include "cobro-store.h"

#define FIXTURE_NOW (1700000000 * COBRO_SECOND)

typedef struct
{
  char *folder;
  CobroClock *clock;
  CobroRandom *random;
  CobroStore *store;
  /* What the signal "changed" told so far. */
  guint told, kinds;
  GArray *touched; /* (element-type gint64) */
  GPtrArray *paid; /* (element-type CobroPayment) */
} StoreFixture;

void store_fixture_set_up (StoreFixture *self, gconstpointer data);
void store_fixture_tear_down (StoreFixture *self, gconstpointer data);
/* Closes and opens the same books again. */
void store_fixture_reopen (StoreFixture *self);
/* Opens the books that the test has closed by g_clear_object(). */
void store_fixture_open (StoreFixture *self);
/* Forgets what was told. */
void store_fixture_forget (StoreFixture *self);
/* Runs the main context until nothing is queued. */
void store_fixture_settle (StoreFixture *self);

/* (transfer full) a valid link that was not stored: fixed price in EUR. */
CobroLink *new_link (const char *title, gint64 minor);
CobroCurrency euro (void);

/* Waits for an asynchronous call: pass on_result_cb and a GAsyncResult *. */
void on_result_cb (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *wait_for_result (GAsyncResult **slot);

/* The asynchronous calls, waiting; they fail the test when the call fails. (transfer full) */
CobroLinkChange *must_put (StoreFixture *self, const CobroLink *link);
CobroLinkChange *must_decide (StoreFixture *self, const CobroId *id, CobroDecision decision);
CobroLinkRecord *must_load (StoreFixture *self, const CobroId *id);
/* The one number that a query of the books gives; its column is "n". */
gint64 count_in_books (StoreFixture *self, const char *sql);
/* Runs statements on the books. */
void exec_in_books (StoreFixture *self, const char *sql);
/* Pairs the books with a relay that is not there. */
void pair_books (StoreFixture *self);

/* Runs the main context until @condition; fails the test after a long while. */
#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 deadline_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                                                  \
    gboolean met_;                                                                                                     \
                                                                                                                       \
    while (!(met_ = !!(condition)) && g_get_monotonic_time () < deadline_)                                             \
      if (!g_main_context_iteration (NULL, FALSE))                                                                     \
        g_usleep (200);                                                                                                \
    if (!met_)                                                                                                         \
      g_error ("%s: waited in vain for: %s", G_STRLOC, #condition);                                                    \
  }                                                                                                                    \
  G_STMT_END
