/* src/net/cobro-net-retry.c — exponential growth without overflow, and jitter.
 * Layer: net. Any thread. */
#include "cobro-net-retry.h"

gint64
cobro_net_retry_full_jitter (guint attempt, gint64 base_us, gint64 cap_us, CobroRandom *random)
{
  gint64 ceiling = base_us;

  g_return_val_if_fail (base_us > 0 && cap_us > 0, 0);

  for (guint i = 0; i < attempt && ceiling < cap_us; i++)
    ceiling = ceiling > cap_us / 2 ? cap_us : ceiling * 2;
  ceiling = MIN (ceiling, cap_us);
  return (gint64)cobro_random_below (random, (guint64)ceiling + 1);
}

gint64
cobro_net_retry_spread (gint64 delay_us, guint percent, CobroRandom *random)
{
  gint64 reach;

  g_return_val_if_fail (delay_us >= 0 && percent <= 100, delay_us);

  reach = delay_us / 100 * percent;
  return delay_us - reach + (gint64)cobro_random_below (random, (guint64)reach * 2 + 1);
}
