/* tests/relay/checkout/test-breaker.c — when a provider is left alone, for how long, and who tries it again. Layer:
 * tests. proves: OPF-10 */
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-breaker.h"
#include "rig.h"

static gboolean
call (Rig *rig, RelayBreakers *breakers, gboolean fails)
{
  if (!relay_breakers_enter (breakers, "rig", rig->account, NULL, NULL))
    return FALSE;
  relay_breakers_leave (breakers, "rig", rig->account, fails);
  return TRUE;
}

static gint64
wait_of (Rig *rig, RelayBreakers *breakers)
{
  gint64 wait = 0;

  return relay_breakers_is_open (breakers, "rig", rig->account, &wait) ? wait : 0;
}

static void
test_consecutive (void)
{
  g_autoptr (Rig) rig = rig_new ();
  RelayBreakers *breakers = relay_breakers_new (rig->clock, rig->random, NULL);

  for (int i = 0; i < 4; i++)
    g_assert_true (call (rig, breakers, TRUE));
  g_assert_true (call (rig, breakers, FALSE));
  for (int i = 0; i < 5; i++)
    g_assert_true (call (rig, breakers, TRUE));
  g_assert_false (call (rig, breakers, FALSE));
  relay_breakers_free (breakers);
}

/* Half of at least twenty within a minute, also across the turn of a minute. */
static void
test_half (void)
{
  g_autoptr (Rig) rig = rig_new ();
  RelayBreakers *breakers = relay_breakers_new (rig->clock, rig->random, NULL);

  for (int i = 0; i < 19; i++)
    {
      g_assert_true (call (rig, breakers, i % 2 == 0));
      cobro_clock_advance (rig->clock, 3 * COBRO_SECOND);
    }
  g_assert_true (call (rig, breakers, TRUE)); /* of the last minute there are 20, and 11 failed */
  g_assert_false (call (rig, breakers, FALSE));
  relay_breakers_free (breakers);

  breakers = relay_breakers_new (rig->clock, rig->random, NULL);
  for (int i = 0; i < 200; i++)
    {
      g_assert_true (call (rig, breakers, i % 2 == 0)); /* too few in any minute */
      cobro_clock_advance (rig->clock, 4 * COBRO_SECOND);
    }
  relay_breakers_free (breakers);
}

/* 30 s × 2^n up to 15 min, each × [0.8, 1.2]; one probe; success forgets. */
static void
test_pauses (void)
{
  g_autoptr (Rig) rig = rig_new ();
  RelayBreakers *breakers = relay_breakers_new (rig->clock, rig->random, NULL);

  for (int i = 0; i < 5; i++)
    g_assert_true (call (rig, breakers, TRUE));
  for (int n = 0; n < 8; n++)
    {
      gint64 usual = MIN (30 << n, 900), wait = wait_of (rig, breakers);

      g_assert_cmpint (wait, >=, usual * 8 / 10);
      g_assert_cmpint (wait, <=, usual * 12 / 10 + 1);
      cobro_clock_advance (rig->clock, (wait - 2) * COBRO_SECOND);
      g_assert_false (call (rig, breakers, TRUE));
      cobro_clock_advance (rig->clock, 3 * COBRO_SECOND);
      g_assert_true (relay_breakers_enter (breakers, "rig", rig->account, NULL, NULL));
      g_assert_false (relay_breakers_enter (breakers, "rig", rig->account, NULL, NULL)); /* one probe */
      relay_breakers_leave (breakers, "rig", rig->account, TRUE);
    }
  cobro_clock_advance (rig->clock, COBRO_HOUR);
  g_assert_true (call (rig, breakers, FALSE));
  for (int i = 0; i < 5; i++)
    g_assert_true (call (rig, breakers, TRUE));
  g_assert_cmpint (wait_of (rig, breakers), <=, 37);
  relay_breakers_free (breakers);
}

/* No more than 16 calls of one provider at once, whoever waits for them. */
static void
test_bulkhead (void)
{
  g_autoptr (Rig) rig = rig_new ();
  RelayBreakers *breakers = relay_breakers_new (rig->clock, rig->random, NULL);
  gint64 wait = 0;

  for (int i = 0; i < 16; i++)
    g_assert_true (relay_breakers_enter (breakers, "rig", i % 2 ? "one" : "two", NULL, NULL));
  g_assert_false (relay_breakers_enter (breakers, "rig", "three", &wait, NULL));
  g_assert_cmpint (wait, ==, 1);
  g_assert_true (relay_breakers_enter (breakers, "other", "three", NULL, NULL));
  relay_breakers_leave (breakers, "rig", "one", FALSE);
  g_assert_true (relay_breakers_enter (breakers, "rig", "three", NULL, NULL));
  relay_breakers_free (breakers);
}

/* What one relay finds out, the next one knows; the merchant is told once of each turn. */
static void
test_shared (void)
{
  g_autoptr (Rig) rig = rig_new ();
  RelayBreakers *one = relay_breakers_new (rig->clock, rig->random, rig->store), *two;

  for (int i = 0; i < 5; i++)
    g_assert_true (call (rig, one, TRUE));
  two = relay_breakers_new (rig->clock, rig->random, rig->store);
  g_assert_false (call (rig, two, FALSE));
  cobro_clock_advance (rig->clock, COBRO_MINUTE);
  g_assert_true (call (rig, one, TRUE)); /* the probe fails */
  relay_breakers_refresh (two);
  g_assert_false (call (rig, two, FALSE));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'provider.degraded'"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'provider.recovered'"), ==, 0);
  cobro_clock_advance (rig->clock, 2 * COBRO_MINUTE);
  g_assert_true (call (rig, two, FALSE));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'provider.recovered'"), ==, 1);
  g_assert_false (relay_breakers_is_open (two, "rig", rig->account, NULL));
  relay_breakers_refresh (one);
  g_assert_false (relay_breakers_is_open (one, "rig", rig->account, NULL));
  rig_assert_clean (rig);
  relay_breakers_free (one);
  relay_breakers_free (two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/breaker/consecutive", test_consecutive);
  g_test_add_func ("/relay/breaker/half", test_half);
  g_test_add_func ("/relay/breaker/pauses", test_pauses);
  g_test_add_func ("/relay/breaker/bulkhead", test_bulkhead);
  g_test_add_func ("/relay/breaker/shared", test_shared);
  return g_test_run ();
}
