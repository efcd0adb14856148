/* tests/sync/test-sync-engine.c — the engine on its two threads: what it shows, how quickly it hears, how it gets over
 * a relay that goes away. No time is measured; deadlines are generous. Layer: tests. */
#include "cobro-error.h"
#include "sync-fixture.h"

#include <string.h>

#define PATIENCE (60 * G_USEC_PER_SEC)

typedef struct
{
  CobroClock *clock;
  FakeRelay *relay;
  Desktop ana;
  CobroSyncEngine *engine;
  guint changes;
} Fixture;

static void
on_changed_cb (CobroSyncEngine *engine, gpointer data)
{
  ((Fixture *)data)->changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = cobro_clock_new_fake (SYNC_NOW);
  fixture->relay = fake_relay_new (fixture->clock, 5);
  desktop_set_up (&fixture->ana, fixture->clock, fixture->relay, 3);
  fixture->engine = cobro_sync_engine_new (fixture->ana.store);
  g_signal_connect (fixture->engine, "changed", G_CALLBACK (on_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->engine != NULL)
    {
      cobro_sync_engine_stop (fixture->engine);
      sync_settle ();
      g_object_add_weak_pointer (G_OBJECT (fixture->engine), (gpointer *)&fixture->engine);
      g_object_unref (fixture->engine);
      g_assert_null (fixture->engine);
    }
  desktop_tear_down (&fixture->ana);
  fake_relay_free (fixture->relay);
  cobro_clock_unref (fixture->clock);
}

static void
wait_for_state (Fixture *fixture, CobroSyncState state)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;

  while (cobro_sync_engine_get_state (fixture->engine) != state)
    {
      if (g_get_monotonic_time () > until)
        g_error ("state %d instead of %d", cobro_sync_engine_get_state (fixture->engine), state);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static gboolean
has_payment (Fixture *fixture)
{
  return fixture->ana.paid->len > 0;
}

static gboolean
one_waits (Fixture *fixture)
{
  return cobro_sync_engine_get_waiting (fixture->engine) == 1;
}

static gboolean
is_empty (Fixture *fixture)
{
  return cobro_sync_engine_get_waiting (fixture->engine) == 0 && desktop_waiting (&fixture->ana) == 0;
}

static void
wait_for (Fixture *fixture, gboolean (*condition) (Fixture *fixture))
{
  gint64 until = g_get_monotonic_time () + PATIENCE;

  while (!condition (fixture))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
start (Fixture *fixture)
{
  cobro_sync_engine_start (fixture->engine, fixture->ana.key);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
}

/* What is written goes up by itself; what happens is heard while the poll waits, and before it would end. */
static void
test_both_ways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = NULL;
  g_autoptr (CobroPayment) paid = NULL;
  guint polls;

  g_assert_cmpint (cobro_sync_engine_get_state (fixture->engine), ==, COBRO_SYNC_UNPAIRED);
  cobro_sync_engine_start (fixture->engine, fixture->ana.key);
  g_assert_cmpint (cobro_sync_engine_get_state (fixture->engine), ==, COBRO_SYNC_CONNECTING);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
  g_assert_null (cobro_sync_engine_get_reason (fixture->engine));

  link = desktop_make (&fixture->ana, "Coffee", 1200);
  wait_for (fixture, is_empty);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
  desktop_assert_same (&fixture->ana, &link->id);

  polls = fake_relay_n_requests (fixture->relay, "/v1/events");
  paid = sync_payment (&fixture->ana, &link->id, COBRO_PAYMENT_SUCCEEDED, 1200);
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_SUCCEEDED, paid);
  wait_for (fixture, has_payment);
  /* It came with a poll that was waiting: not by asking again and again. */
  g_assert_cmpuint (fake_relay_n_requests (fixture->relay, "/v1/events"), <=, polls + 3);
  g_assert_cmpint (cobro_sync_engine_get_last_complete (fixture->engine), ==, SYNC_NOW);
}

/* The relay goes away and comes back: shown as offline, with a reason and the time of the next try; nothing is lost. */
static void
test_offline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = NULL;

  start (fixture);
  fake_relay_set_mood (fixture->relay, FAKE_BUSY);
  link = desktop_make (&fixture->ana, "Coffee", 1200);
  wait_for_state (fixture, COBRO_SYNC_OFFLINE);
  g_assert_nonnull (cobro_sync_engine_get_reason (fixture->engine));
  g_assert_cmpint (cobro_sync_engine_get_next_try (fixture->engine), >, SYNC_NOW);
  wait_for (fixture, one_waits);

  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  cobro_sync_engine_wake (fixture->engine);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
  wait_for (fixture, is_empty);
  desktop_assert_same (&fixture->ana, &link->id);
}

/* It tries again by itself. */
static void
test_retries (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  guint before;

  fake_relay_set_mood (fixture->relay, FAKE_DEAF);
  cobro_sync_engine_start (fixture->engine, fixture->ana.key);
  wait_for_state (fixture, COBRO_SYNC_OFFLINE);
  before = fake_relay_n_requests (fixture->relay, "/v1/sync/push");
  while (fake_relay_n_requests (fixture->relay, "/v1/sync/push") < before + 2)
    g_usleep (1000);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
  desktop_assert_same (&fixture->ana, &link->id);
}

static void
test_needs_pairing (Fixture *fixture, gconstpointer data)
{
  guint before;

  start (fixture);
  fake_relay_revoke_all (fixture->relay);
  cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 1200));
  wait_for_state (fixture, COBRO_SYNC_NEEDS_PAIRING);
  g_assert_error (cobro_sync_engine_get_reason (fixture->engine), COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED);
  /* No use in asking again and again: at most what was under way when the feed was refused. */
  before = fake_relay_n_requests (fixture->relay, "/v1/sync/push");
  g_usleep (700000);
  g_assert_cmpuint (fake_relay_n_requests (fixture->relay, "/v1/sync/push"), <=, before + 1);

  cobro_sync_engine_stop (fixture->engine);
  desktop_pair (&fixture->ana);
  start (fixture);
  wait_for (fixture, is_empty);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  fake_relay_set_mood (fixture->relay, FAKE_OLD);
  cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 1200));
  cobro_sync_engine_start (fixture->engine, fixture->ana.key);
  wait_for_state (fixture, COBRO_SYNC_REFUSED);
  g_assert_error (cobro_sync_engine_get_reason (fixture->engine), COBRO_ERROR, COBRO_ERROR_PROTOCOL);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  cobro_sync_engine_wake (fixture->engine);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
}

static void
test_without_key (Fixture *fixture, gconstpointer data)
{
  cobro_sync_engine_start (fixture->engine, NULL);
  g_assert_cmpint (cobro_sync_engine_get_state (fixture->engine), ==, COBRO_SYNC_NEEDS_PAIRING);
  g_assert_nonnull (cobro_sync_engine_get_reason (fixture->engine));
  /* Offline work goes on, and is counted. */
  cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 1200));
  sync_settle ();
  g_assert_cmpint (cobro_sync_engine_get_waiting (fixture->engine), ==, 1);
}

/* Batches that the relay finds too large are halved until they pass. */
static void
test_batches (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 40; i++)
    cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 100));
  fake_relay_set_mood (fixture->relay, FAKE_TOO_LARGE);
  cobro_sync_engine_start (fixture->engine, fixture->ana.key);
  wait_for (fixture, is_empty);
  g_assert_cmpuint (fake_relay_n_links (fixture->relay), ==, 40);
}

/* Stopping does not wait for the poll, and what was under way is taken up again. */
static void
test_stop_and_start (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 20; i++)
    {
      cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 100));
      cobro_sync_engine_start (fixture->engine, fixture->ana.key);
      if (i % 3 == 0)
        wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);
      cobro_sync_engine_stop (fixture->engine);
      sync_settle ();
    }
  start (fixture);
  wait_for (fixture, is_empty);
  g_assert_cmpuint (fake_relay_n_links (fixture->relay), ==, 20);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
test_pair_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;

  cobro_sync_engine_pair_async (fixture->engine, fake_relay_url (fixture->relay), fake_relay_new_code (fixture->relay),
                                "Test", NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  key = cobro_sync_engine_pair_finish (fixture->engine, result, &error);
  g_assert_no_error (error);
  cobro_sync_engine_start (fixture->engine, key);
  wait_for_state (fixture, COBRO_SYNC_UP_TO_DATE);

  cobro_sync_engine_pair_async (fixture->engine, fake_relay_url (fixture->relay), "2222-2222-2222-2222", "Test", NULL,
                                on_result_cb, &refused);
  while (refused == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (cobro_sync_engine_pair_finish (fixture->engine, refused, &error));
  g_assert_error (error, COBRO_PAIRING_ERROR, COBRO_PAIRING_ERROR_CODE);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync/engine/both-ways", test_both_ways);
  ADD ("/sync/engine/offline", test_offline);
  ADD ("/sync/engine/retries", test_retries);
  ADD ("/sync/engine/needs-pairing", test_needs_pairing);
  ADD ("/sync/engine/refused", test_refused);
  ADD ("/sync/engine/without-key", test_without_key);
  ADD ("/sync/engine/batches", test_batches);
  ADD ("/sync/engine/stop-and-start", test_stop_and_start);
  ADD ("/sync/engine/pair-async", test_pair_async);
  return g_test_run ();
}
