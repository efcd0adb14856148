/* src/net/cobro-net-retry.h — retry arithmetic: pure functions of attempt number and randomness.
 * Layer: net. */
#pragma once
#include <glib.h>
#include "cobro-random.h"

/* Full jitter: uniform in [0, min (cap, base × 2^attempt)], in microseconds; attempt counts from 0. */
gint64 cobro_net_retry_full_jitter (guint attempt, gint64 base_us, gint64 cap_us, CobroRandom *random);
/* @delay ± @percent %, uniform. */
gint64 cobro_net_retry_spread (gint64 delay_us, guint percent, CobroRandom *random);
