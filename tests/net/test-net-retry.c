/* tests/net/test-net-retry.c — the arithmetic of waiting: bounds hold, nothing overflows, the spread is really used.
 * Layer: tests. */
#include "cobro-net-retry.h"

static void
test_full_jitter_bounds (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (7);
  gint64 highest[8] = { 0 };

  for (guint attempt = 0; attempt < 8; attempt++)
    for (guint i = 0; i < 2000; i++)
      {
        gint64 delay = cobro_net_retry_full_jitter (attempt, 100000, 2000000, random);
        g_assert_cmpint (delay, >=, 0);
        g_assert_cmpint (delay, <=, MIN (2000000, 100000 << attempt));
        highest[attempt] = MAX (highest[attempt], delay);
      }
  g_assert_cmpint (highest[0], >, 90000);
  g_assert_cmpint (highest[3], >, 700000);
  g_assert_cmpint (highest[7], >, 1800000);
}

static void
test_full_jitter_large_attempts (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (8);

  for (guint i = 0; i < 1000; i++)
    {
      gint64 delay = cobro_net_retry_full_jitter (G_MAXUINT, 1, G_MAXINT64 / 2, random);
      g_assert_cmpint (delay, >=, 0);
      g_assert_cmpint (delay, <=, G_MAXINT64 / 2);
    }
}

static void
test_spread (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (9);
  gint64 low = G_MAXINT64, high = 0;

  for (guint i = 0; i < 5000; i++)
    {
      gint64 delay = cobro_net_retry_spread (1000000, 20, random);
      low = MIN (low, delay);
      high = MAX (high, delay);
    }
  g_assert_cmpint (low, >=, 800000);
  g_assert_cmpint (low, <, 805000);
  g_assert_cmpint (high, <=, 1200000);
  g_assert_cmpint (high, >, 1195000);
  g_assert_cmpint (cobro_net_retry_spread (5000, 0, random), ==, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/retry/full-jitter-bounds", test_full_jitter_bounds);
  g_test_add_func ("/net/retry/full-jitter-large-attempts", test_full_jitter_large_attempts);
  g_test_add_func ("/net/retry/spread", test_spread);
  return g_test_run ();
}
