/* tests/relay/http/http-parts.c — the parts of the gate by themselves: limits, wakes, router, trusted proxies.
 * Layer: tests. */
#include <string.h>
#include "cobro-error.h"
#include "relay-limits.h"
#include "relay-peer.h"
#include "relay-router.h"
#include "relay-wakes.h"

/* ── Limits ──────────────────────────────────────────────────────────────────────────────────────── */

static RelayLimits *
limits_new (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (1);

  return relay_limits_new (random);
}

static guint
take_all (RelayLimits *limits, RelayLane lane, const char *key, gint64 now)
{
  RelayLimit limit;
  guint n = 0;

  while (n < 10000 && relay_limits_take (limits, lane, key, now, &limit))
    n++;
  return n;
}

static void
test_buckets (void)
{
  static const struct
  {
    RelayLane lane;
    guint capacity;
    gint64 one;
  } wanted[] = {
    { RELAY_LANE_CHECKOUT, 60, COBRO_SECOND },
    { RELAY_LANE_ATTEMPT, 10, 6 * COBRO_MINUTE },
    { RELAY_LANE_API, 100, 20 * 1000 },
    { RELAY_LANE_MONEY, 20, 100 * 1000 },
    { RELAY_LANE_PAIRING, 5, COBRO_MINUTE },
    { RELAY_LANE_WEBHOOK, 200, 5 * 1000 },
    { RELAY_LANE_UNKNOWN_TOKEN, 20, 10 * COBRO_SECOND },
    { RELAY_LANE_ATTEMPT_LINK, 5, 2 * COBRO_MINUTE },
    { RELAY_LANE_ATTEMPT_MERCHANT, 300, 12 * COBRO_SECOND },
    { RELAY_LANE_FAILED, 10, 6 * COBRO_MINUTE },
  };
  g_autoptr (RelayLimits) limits = limits_new ();
  gint64 now = 1000 * COBRO_SECOND;

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_assert_cmpuint (take_all (limits, wanted[i].lane, "a", now), ==, wanted[i].capacity);
      g_assert_cmpuint (take_all (limits, wanted[i].lane, "a", now + wanted[i].one - 1), ==, 0);
      g_assert_cmpuint (take_all (limits, wanted[i].lane, "a", now + wanted[i].one), ==, 1);
      g_assert_cmpuint (take_all (limits, wanted[i].lane, "b", now), ==, wanted[i].capacity); /* a key of its own */
      g_assert_cmpuint (take_all (limits, wanted[i].lane, "a", now + 365 * COBRO_DAY), ==, wanted[i].capacity);
    }
  g_assert_cmpuint (take_all (limits, RELAY_LANE_FREE, "a", now), ==, 10000);
}

static void
test_retry_after (void)
{
  g_autoptr (RelayLimits) limits = limits_new ();
  RelayLimit limit;

  take_all (limits, RELAY_LANE_PAIRING, "a", 0);
  g_assert_false (relay_limits_take (limits, RELAY_LANE_PAIRING, "a", 0, &limit));
  g_assert_cmpuint (limit.retry_after, ==, 61);
  g_assert_cmpuint (limit.capacity, ==, 5);
  g_assert_true (relay_limits_take (limits, RELAY_LANE_PAIRING, "a", limit.retry_after * COBRO_SECOND, &limit));
}

/* A million keys: the table does not grow, and a drained bucket outlives the crowd of full ones. */
static void
test_many_keys (void)
{
  g_autoptr (RelayLimits) limits = limits_new ();
  RelayLimit limit;

  take_all (limits, RELAY_LANE_PAIRING, "drained", 0);
  for (int i = 0; i < 1000000; i++)
    {
      char key[16];

      g_snprintf (key, sizeof key, "%d", i);
      g_assert_true (relay_limits_take (limits, RELAY_LANE_CHECKOUT, key, 0, &limit));
    }
  g_assert_false (relay_limits_take (limits, RELAY_LANE_PAIRING, "drained", 0, &limit));
}

static guint
take_addresses (RelayLimits *limits, const char *address)
{
  RelayLimit limit;
  guint n = 0;

  while (n < 10000 && relay_limits_take_address (limits, RELAY_LANE_CHECKOUT, address, 0, &limit))
    n++;
  return n;
}

static void
test_address_keys (void)
{
  g_autoptr (RelayLimits) limits = limits_new ();

  g_assert_cmpuint (take_addresses (limits, "192.0.2.1"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "192.0.2.2"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:1::1"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:1:ffff::2"), ==, 0); /* the same /64 */
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:2::1"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:3::1"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:4::1"), ==, 60);
  g_assert_cmpuint (take_addresses (limits, "2001:db8:1:5::1"), ==, 0); /* the /48 is drained */
  g_assert_cmpuint (take_addresses (limits, "2001:db8:2:1::1"), ==, 60);
}

/* ── Wakes ───────────────────────────────────────────────────────────────────────────────────────── */

static void
test_wakes (void)
{
  g_autofree RelayWakes *wakes = g_new0 (RelayWakes, 1);
  gint64 seen = relay_wakes_now (wakes);

  g_assert_false (relay_wakes_note (wakes, "link:a")); /* nobody waits */
  g_assert_false (relay_wakes_enter (wakes, "link:a", seen));
  seen = relay_wakes_now (wakes);
  g_assert_true (relay_wakes_enter (wakes, "link:a", seen));
  g_assert_true (relay_wakes_note (wakes, "link:a"));
  relay_wakes_leave (wakes, "link:a");
  g_assert_false (relay_wakes_note (wakes, "link:a"));
}

/* ── Router ──────────────────────────────────────────────────────────────────────────────────────── */

static RelayReply *
handler (gpointer context, RelayRequest *request)
{
  return NULL;
}

static RelayMatchKind
match (RelayRouter *router, const char *method, const char *path, RelayMatch *out_match)
{
  return relay_router_match (router, method, path, strlen (path), out_match);
}

static void
free_params (RelayMatch *found)
{
  for (guint i = 0; i < RELAY_ROUTER_PARAMS_MAX; i++)
    g_free (found->params[i]);
}

static void
test_router (void)
{
  const RelayRoute routes[] = {
    { .method = "GET", .template = "/a/{one}/b/{two}", .handler = handler },
    { .method = "GET", .template = "/a/x/b/y", .handler = handler },
    { .method = "POST", .template = "/a/{one}/b/{two}", .handler = handler },
    { .method = "GET", .template = "/files/{rest*}", .handler = handler },
    { .method = NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayRouter) router = relay_router_new (routes, &error);
  RelayMatch found;

  g_assert_no_error (error);
  g_assert_cmpint (match (router, "GET", "/a/1/b/2", &found), ==, RELAY_MATCH_FOUND);
  g_assert_true (found.route == &routes[0]);
  g_assert_cmpstr (found.params[relay_router_param_index ("/a/{one}/b/{two}", "one")], ==, "1");
  g_assert_cmpstr (found.params[relay_router_param_index ("/a/{one}/b/{two}", "two")], ==, "2");
  free_params (&found);
  g_assert_cmpint (match (router, "GET", "/a/x/b/y", &found), ==, RELAY_MATCH_FOUND);
  g_assert_true (found.route == &routes[1]);
  g_assert_cmpint (match (router, "POST", "/a/x/b/y", &found), ==, RELAY_MATCH_FOUND);
  g_assert_true (found.route == &routes[2]);
  free_params (&found);
  g_assert_cmpint (match (router, "GET", "/a/x/b/z", &found), ==, RELAY_MATCH_FOUND); /* back out of the literals */
  g_assert_true (found.route == &routes[0]);
  free_params (&found);
  g_assert_cmpint (match (router, "GET", "/files/1/2%20/3", &found), ==, RELAY_MATCH_FOUND);
  g_assert_cmpstr (found.params[0], ==, "1/2 /3");
  free_params (&found);
  g_assert_cmpint (match (router, "GET", "/files", &found), ==, RELAY_MATCH_NO_PATH);
  g_assert_cmpint (match (router, "GET", "/files/", &found), ==, RELAY_MATCH_NO_PATH);
  g_assert_cmpint (match (router, "PUT", "/a/1/b/2", &found), ==, RELAY_MATCH_NO_METHOD);
  g_assert_cmpstr (found.allow, ==, "GET, HEAD, POST");
  g_assert_cmpint (match (router, "GET", "/a/1/b", &found), ==, RELAY_MATCH_NO_PATH);
  g_assert_cmpint (match (router, "GET", "/", &found), ==, RELAY_MATCH_NO_PATH);
  g_assert_cmpint (match (router, "GET", "/a/%2e%2e/b/1", &found), ==, RELAY_MATCH_BAD_PATH);
  g_assert_cmpint (relay_router_param_index ("/a/{one}/b/{two}", "on"), ==, -1);
}

static void
test_bad_tables (void)
{
  static const RelayRoute bad[][3] = {
    { { .method = "GET", .template = "a", .handler = handler } },
    { { .method = "GET", .template = "/a//b", .handler = handler } },
    { { .method = "GET", .template = "/{rest*}/b", .handler = handler } },
    { { .method = "GET", .template = "/a" } },
    { { .method = "GET", .template = "/a", .handler = handler },
      { .method = "GET", .template = "/a", .handler = handler } },
    { { .method = "GET", .template = "/a", .handler = handler, .auth = RELAY_AUTH_KEY, .flags = RELAY_ROUTE_INLINE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (relay_router_new (bad[i], &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
    }
}

static void
test_bad_proxies (void)
{
  static const char *const bad[] = { "localhost", NULL };
  static const char *const bits[] = { "10.0.0.1/8", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (relay_trust_new (bad, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_null (relay_trust_new (bits, &error)); /* bits beyond the prefix: somebody meant something else */
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/parts/buckets", test_buckets);
  g_test_add_func ("/http/parts/retry-after", test_retry_after);
  g_test_add_func ("/http/parts/many-keys", test_many_keys);
  g_test_add_func ("/http/parts/address-keys", test_address_keys);
  g_test_add_func ("/http/parts/wakes", test_wakes);
  g_test_add_func ("/http/parts/router", test_router);
  g_test_add_func ("/http/parts/bad-tables", test_bad_tables);
  g_test_add_func ("/http/parts/bad-proxies", test_bad_proxies);
  return g_test_run ();
}
