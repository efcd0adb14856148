/* tests/relay/delivery/test-worker.c — the worker step by step: delivered, tried again, given up, disabled, recovered,
 * fenced, reaped, in turns. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "delivery-fixture.h"
#include "relay-metrics.h"
#include "relay-schedule.h"

/* One answer for all. */
typedef struct
{
  gint status;
  const char *error, *retry_after;
  gint64 delay;
} Answer;

static void
answer_as_told (World *world, Post *post, gpointer data)
{
  const Answer *answer = data;

  post->status = answer->status;
  post->error = answer->error != NULL ? answer->error : "";
  post->retry_after = answer->retry_after;
  post->delay = answer->delay;
}

static const Post *
logged (World *world, guint i)
{
  g_assert_cmpint (world->log->len, >, i);
  return world->log->pdata[i];
}

/* The row is written with the event; one answer of 2xx ends it. */
/* proves: OPF-7, OPF-11, OPF-12 */
static void
test_delivered (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) all = world_add (world, "https://a.example/hook", "*");
  g_autoptr (RelayEndpoint) some = world_add (world, "https://b.example/hook", " refund.failed payment.succeeded ");
  g_autoptr (RelayDelivery) delivery = NULL;

  world_event (world, COBRO_EVENT_PAYMENT_FAILED);
  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'pending'"), ==, 3);
  rig_assert_clean (world->rig);
  world_run (world, COBRO_SECOND);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'delivered'"), ==, 3);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery_attempt WHERE status = 200"), ==, 3);
  g_assert_cmpint (world->log->len, ==, 3);
  delivery = world_newest (world, some);
  g_assert_cmpint (delivery->tries, ==, 1);
  g_assert_cmpstr (delivery->type, ==, "payment.succeeded");
  g_assert_true (g_str_has_prefix (logged (world, 0)->body, "{\"type\":\"payment.failed\",\"timestamp\":\"2026-"));
  g_assert_true (g_str_has_prefix (logged (world, 0)->signature, "v1,"));
  rig_assert_clean (world->rig);
}

static const gint64 plan[] = { 5 * COBRO_SECOND, COBRO_MINUTE,   5 * COBRO_MINUTE, 30 * COBRO_MINUTE,
                               2 * COBRO_HOUR,   5 * COBRO_HOUR, 10 * COBRO_HOUR,  12 * COBRO_HOUR };

/* The plan of retries up to seven days, then a dead letter; the other deliveries go on. */
/* proves: OPF-8, OPF-9 */
static void
test_schedule (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  g_autoptr (RelayDelivery) delivery = NULL;
  Answer no = { .status = 400, .delay = 1000 };
  gint64 first;

  world_set_receiver (world, answer_as_told, &no);
  first = world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  for (int day = 0; day < 8; day++)
    {
      world_run (world, COBRO_DAY);
      no.status = 200; /* once a day something else gets through: the endpoint is not dead */
      world_event (world, COBRO_EVENT_LINK_UPDATED);
      world->quiet = TRUE;
      world_run (world, 0);
      cobro_clock_advance (world->rig->clock, 2000);
      world_settle (world);
      world->quiet = FALSE;
      no.status = 400;
    }
  for (guint i = world->log->len; i-- > 0;) /* what tells of the dead letter */
    if (!g_str_equal (logged (world, i)->id, logged (world, 0)->id))
      g_ptr_array_remove_index (world->log, i);
  for (guint i = 0; i + 1 < world->log->len; i++)
    {
      gint64 gap = logged (world, i + 1)->sent_at - logged (world, i)->sent_at;
      gint64 base = plan[MIN (i, G_N_ELEMENTS (plan) - 1)];

      g_assert_cmpint (gap, >=, base / 100 * 80);
      g_assert_cmpint (gap, <=, base / 100 * 120 + 60 * COBRO_SECOND);
      g_assert_cmpstr (logged (world, i)->body, ==, logged (world, 0)->body);
    }
  g_assert_cmpint (world->log->len, >=, 17);
  g_assert_cmpint (first, ==, 1);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'exhausted'"), ==, 1);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM event WHERE type = 'delivery.exhausted'"), ==, 1);
  delivery = world_newest (world, endpoint);
  g_assert_cmpint (delivery->state, ==, RELAY_DELIVERY_DELIVERED);
  rig_assert_clean (world->rig);
}

/* What a receiver asks for counts between the plan's delay and twice it; the nonsense it may say does not. */
static void
test_retry_after (void)
{
  static const struct
  {
    const char *value;
    gint64 least, most; /* of a base of 10 min */
  } cases[] = {
    { "900", 12 * COBRO_MINUTE, 18 * COBRO_MINUTE },
    { "1", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
    { "99999999999999999999", 16 * COBRO_MINUTE, 24 * COBRO_MINUTE },
    { "-5", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
    { "soon", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
    { "1e3", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
    { "Tue, 01 Dec 2026 10:15:00 GMT", 12 * COBRO_MINUTE, 18 * COBRO_MINUTE },
    { "Tue, 01 Dec 1926 10:15:00 GMT", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
    { "Tue, 41 Foo 2026 10:15:00 GMT", 8 * COBRO_MINUTE, 12 * COBRO_MINUTE },
  };
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int round = 0; round < 50; round++)
      {
        gint64 asked = relay_schedule_parse_retry_after (cases[i].value, RIG_NOW);
        CobroTime next = relay_schedule_next (RELAY_POLICY_LINEAR, 1, asked, RIG_NOW, RIG_NOW, random);

        g_assert_cmpint (next - RIG_NOW, >=, cases[i].least);
        g_assert_cmpint (next - RIG_NOW, <=, cases[i].most);
      }
}

/* Three policies, each growing, none beyond twelve hours or the window. */
/* proves: OPF-8 */
static void
test_policies (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint policy = RELAY_POLICY_EXPONENTIAL; policy <= RELAY_POLICY_POLYNOMIAL; policy++)
    {
      gint64 before = 0, sum = 0;

      for (guint n = 1; n < 200; n++)
        {
          gint64 delay = relay_schedule_delay ((RelayPolicy)policy, n);

          g_assert_cmpint (delay, >=, before);
          g_assert_cmpint (delay, <=, 12 * COBRO_HOUR);
          before = delay;
          sum += delay;
          if (sum > RELAY_SCHEDULE_WINDOW + delay)
            g_assert_cmpint (relay_schedule_next ((RelayPolicy)policy, n, -1, RIG_NOW, RIG_NOW + sum, random), ==, 0);
        }
      g_assert_cmpint (before, ==, 12 * COBRO_HOUR);
    }
}

/* 410 says that nobody will ever listen there again. */
static void
test_gone (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  g_autoptr (RelayEndpoint) other = world_add (world, "https://b.example/hook", " delivery.exhausted ");
  g_autoptr (RelayEndpoint) after = NULL;
  Answer gone = { .status = 410, .delay = 1000 };
  gint64 disabled = relay_metric_value (RELAY_METRIC_ALARMS, "endpoint_disabled");

  world_set_receiver (world, answer_as_told, &gone);
  for (int i = 0; i < 10; i++)
    world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_run (world, 500);
  gone.status = 200;
  world_run (world, COBRO_SECOND);
  after = world_endpoint (world, &endpoint->id);
  g_assert_false (after->is_active);
  g_assert_cmpstr (after->disabled_reason, ==, "gone");
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'exhausted'"), ==, 10);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM event WHERE type = 'delivery.exhausted'"), ==, 1);
  g_assert_cmpint (relay_metric_value (RELAY_METRIC_ALARMS, "endpoint_disabled"), ==, disabled + 1);
  g_assert_cmpstr (logged (world, world->log->len - 1)->url, ==, "https://b.example/hook");
  rig_assert_clean (world->rig);
}

/* Five days in vain: disabled and said so, the rest are dead letters; switched on again they can be replayed. */
static void
test_disabled_and_replayed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  g_autoptr (RelayEndpoint) after = NULL;
  g_autoptr (GError) error = NULL;
  Answer answer = { .status = 0, .error = "nobody listens", .delay = 1000 };
  RelayEndpointChange on = { .policy = -1, .is_active = 1 };
  RelayReplay all = { .type = "payment.succeeded" };
  gint64 n;

  world->quiet = TRUE;
  world_set_receiver (world, answer_as_told, &answer);
  for (int i = 0; i < 20; i++)
    {
      world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
      world_run (world, 8 * COBRO_HOUR);
    }
  after = world_endpoint (world, &endpoint->id);
  g_assert_false (after->is_active);
  g_assert_cmpstr (after->disabled_reason, ==, "failing");
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM event WHERE type = 'delivery.exhausted'"), ==, 1);
  n = rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'exhausted'");
  g_assert_cmpint (n, >=, 15);
  rig_assert_clean (world->rig);

  answer = (Answer){ .status = 204, .delay = 1000 };
  g_clear_pointer (&after, relay_endpoint_unref);
  after = relay_endpoints_change (world->rig->store, world->dialer, &world->rig->scope, &endpoint->id, &on, &error);
  g_assert_no_error (error);
  g_assert_true (after->is_active);
  g_assert_true (relay_endpoints_replay (world->rig->store, &world->rig->scope, &all, &n, &error));
  g_assert_cmpint (n, >=, 15);
  world->next = 0;
  relay_deliverer_wake (world->deliverer);
  world_run (world, COBRO_MINUTE);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state <> 'delivered'"), ==, 0);
  rig_assert_clean (world->rig);
}

/* Its breaker opens after five failures in a row; a single try goes out now and then; when it works again everything
 * that waits goes out at once, and the merchant is told. */
static void
test_recovers (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  g_autoptr (RelayEndpoint) after = NULL;
  Answer answer = { .status = 503, .delay = 1000 };
  guint64 before;

  world_set_receiver (world, answer_as_told, &answer);
  for (int i = 0; i < 100; i++)
    world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_run (world, 2 * COBRO_HOUR);
  after = world_endpoint (world, &endpoint->id);
  g_assert_cmpint (after->opened, >, 3);
  before = world->posts;
  g_assert_cmpint (before, <, 60);
  answer.status = 200;
  world_run (world, 20 * COBRO_MINUTE);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state <> 'delivered'"), ==, 0);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM event WHERE type = 'delivery.recovered'"), ==, 1);
  g_assert_cmpint (world->posts - before, ==, 101);
  rig_assert_clean (world->rig);
}

/* Never more than four on their way to one endpoint, and one that hangs holds up nobody. */
static void
test_isolated (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) hung = world_add (world, "https://hung.example/", "*");
  g_autoptr (RelayEndpoint) good = world_add (world, "https://good.example/", "*");
  Answer never = { .status = 0, .error = "no complete answer", .delay = 15 * COBRO_SECOND };

  world_set_receiver (world, answer_as_told, &never);
  for (int i = 0; i < 200; i++)
    world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_settle (world);
  g_assert_cmpint (world->flying->len, ==, 8);
  for (guint i = 0; i < world->flying->len; i++)
    {
      Post *post = world->flying->pdata[i];

      if (g_str_equal (post->url, good->url))
        {
          post->status = 200;
          post->lands_at = post->sent_at + 1000;
        }
    }
  never = (Answer){ .status = 200, .delay = 1000 };
  world_run (world, COBRO_SECOND);
  for (guint i = 0; i < world->log->len; i++)
    g_assert_cmpstr (logged (world, i)->url, ==, good->url);
  g_assert_cmpint (world->log->len, ==, 200);
  g_assert_cmpint (world->flying->len, ==, 4);
}

/* Killed with messages on their way: they are sent again, nothing is lost. */
/* proves: OPF-12 */
static void
test_killed (void)
{
  g_autoptr (World) world = NULL;
  g_autoptr (RelayEndpoint) endpoint = NULL;

  if (rig_is_postgres ())
    {
      g_test_skip ("a kill is a copy of SQLite's files here; the relays under fire are killed on PostgreSQL");
      return;
    }
  world = world_new ();
  endpoint = world_add (world, "https://a.example/hook", "*");
  for (int i = 0; i < 10; i++)
    world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_settle (world);
  g_assert_cmpint (world->flying->len, ==, 4);
  world_restart (world);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'leased'"), ==, 10);
  world_run (world, COBRO_SECOND);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'delivered'"), ==, 10);
  g_assert_cmpint (world->posts, ==, 14);
  rig_assert_clean (world->rig);
}

/* ── Two workers ────────────────────────────────────────────────────────────────────────────────────────────── */

/* The second worker of the same books: its receiver answers at once. */
static RelayDeliverer *
other_worker (World *world)
{
  RelayDelivererConfig config = { .store = world->rig->store,
                                  .clock = world->rig->clock,
                                  .random = world->rig->random,
                                  .carrier = &world->carrier,
                                  .worker = "other" };

  return relay_deliverer_new (&config);
}

/* The first is stuck for longer than its lease; the second takes over. The late answer of the first changes nothing:
 * it is fenced off by its attempt number. */
static void
test_fenced (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  RelayDeliverer *other = other_worker (world);
  g_autoptr (RelayDelivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  Answer answer = { .status = 500, .delay = 60 * COBRO_SECOND };
  RelayDeliveryRound round;

  world_set_receiver (world, answer_as_told, &answer);
  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_step (world);
  g_assert_cmpint (world->flying->len, ==, 1);
  cobro_clock_advance (world->rig->clock, 10 * COBRO_SECOND);
  g_assert_true (relay_deliverer_run_once (other, cobro_clock_now (world->rig->clock), &round, &error));
  g_assert_cmpint (round.sent, ==, 0); /* it is leased */

  cobro_clock_advance (world->rig->clock, 40 * COBRO_SECOND);
  answer = (Answer){ .status = 200, .delay = COBRO_SECOND };
  relay_deliverer_wake (other);
  g_assert_true (relay_deliverer_run_once (other, cobro_clock_now (world->rig->clock), &round, &error));
  g_assert_cmpint (round.reaped, ==, 1);
  g_assert_cmpint (round.sent, ==, 1);
  g_assert_cmpint (world->flying->len, ==, 2);

  cobro_clock_advance (world->rig->clock, 2 * COBRO_SECOND); /* the other's answer is there first … */
  world_step (world);
  g_assert_true (relay_deliverer_run_once (other, cobro_clock_now (world->rig->clock), &round, &error));
  g_clear_pointer (&delivery, relay_delivery_free);
  delivery = world_newest (world, endpoint);
  g_assert_cmpint (delivery->state, ==, RELAY_DELIVERY_DELIVERED);
  g_assert_cmpint (delivery->attempt, ==, 2);

  cobro_clock_advance (world->rig->clock, 60 * COBRO_SECOND); /* … and then the 500 of the first */
  world_step (world);
  world_step (world);
  g_assert_cmpint (world->flying->len, ==, 0);
  g_clear_pointer (&delivery, relay_delivery_free);
  delivery = world_newest (world, endpoint);
  g_assert_cmpint (delivery->state, ==, RELAY_DELIVERY_DELIVERED);
  g_assert_cmpint (delivery->tries, ==, 1);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery_attempt"), ==, 1);
  relay_deliverer_free (other);
  rig_assert_clean (world->rig);
}

/* ── Fairness ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* A change of filter, and being switched off, are about events from then on; a deleted one is asked no more. */
static void
test_commands (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayEndpoint) endpoint = world_add (world, "https://a.example/hook", "*");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tests = NULL;
  RelayEndpointChange off = { .policy = -1, .is_active = 0 },
                      filter = { .types = " refund.failed ", .policy = -1, .is_active = 1 };
  RelayScope live = { world->rig->scope.merchant_id, TRUE };

  tests = relay_endpoints_test (world->rig->store, &world->rig->scope, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tests->len, ==, 1);
  relay_deliverer_wake (world->deliverer);
  world_run (world, COBRO_SECOND);
  g_assert_true (g_str_has_prefix (logged (world, 0)->body, "{\"type\":\"webhook.test\""));

  g_assert_null (relay_endpoints_change (world->rig->store, world->dialer, &live, &endpoint->id, &off, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  relay_endpoint_unref (
    relay_endpoints_change (world->rig->store, world->dialer, &world->rig->scope, &endpoint->id, &off, &error));
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'exhausted'"), ==, 1);
  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  g_assert_null (relay_endpoints_test (world->rig->store, &world->rig->scope, &endpoint->id, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, NULL);
  relay_endpoint_unref (
    relay_endpoints_change (world->rig->store, world->dialer, &world->rig->scope, &endpoint->id, &filter, &error));
  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  world_event (world, COBRO_EVENT_REFUND_FAILED);
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'pending'"), ==, 1);
  rig_assert_clean (world->rig);
  g_assert_true (relay_endpoints_delete (world->rig->store, &world->rig->scope, &endpoint->id, &error));
  g_assert_cmpint (rig_count (world->rig, "SELECT count(*) AS n FROM delivery WHERE state = 'cancelled'"), ==, 1);
  g_assert_false (relay_endpoints_delete (world->rig->store, &world->rig->scope, &endpoint->id, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  world_event (world, COBRO_EVENT_REFUND_FAILED);
  rig_assert_clean (world->rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/worker/delivered", test_delivered);
  g_test_add_func ("/delivery/worker/schedule", test_schedule);
  g_test_add_func ("/delivery/worker/retry-after", test_retry_after);
  g_test_add_func ("/delivery/worker/policies", test_policies);
  g_test_add_func ("/delivery/worker/gone", test_gone);
  g_test_add_func ("/delivery/worker/disabled-and-replayed", test_disabled_and_replayed);
  g_test_add_func ("/delivery/worker/recovers", test_recovers);
  g_test_add_func ("/delivery/worker/isolated", test_isolated);
  g_test_add_func ("/delivery/worker/killed", test_killed);
  g_test_add_func ("/delivery/worker/fenced", test_fenced);
  g_test_add_func ("/delivery/worker/commands", test_commands);
  return g_test_run ();
}
