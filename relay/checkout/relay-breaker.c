/* relay/checkout/relay-breaker.c — breakers and bulkheads.
 * Layer: relay/checkout. Any thread. */
#include "relay-breaker.h"

#include "cobro-error.h"
#include "relay-metrics.h"

#define WINDOW          (60 * COBRO_SECOND)
#define CONSECUTIVE_MAX 5
#define SAMPLE_MIN      20
#define OPEN_BASE       (30 * COBRO_SECOND)
#define OPEN_MAX        (15 * COBRO_MINUTE)
#define AT_ONCE_MAX     16

#define CLOSED    "closed"
#define OPEN      "open"
#define HALF_OPEN "half_open"

/* One (provider, account). */
typedef struct
{
  const char *provider; /* interned */
  const char *state;    /* as the metrics call it: "closed", "open", "half_open" */
  gint64 window_start;
  guint calls, failures; /* in this window */
  guint consecutive;     /* failures since the last success */
  guint opened;          /* how often in a row it opened: n of 30 s × 2^n */
  gint64 open_until;     /* monotonic; 0: closed */
  gboolean probing;      /* half-open: somebody is trying */
} Breaker;

struct _RelayBreakers
{
  CobroClock *clock;
  CobroRandom *random;
  GMutex lock;
  GHashTable *breakers; /* (element-type utf8 Breaker) "provider/account" */
  GHashTable *at_once;  /* (element-type utf8 guint) provider → calls under way */
};

/* What operators see of it. */
static void
move (Breaker *breaker, const char *state)
{
  if (g_strcmp0 (breaker->state, state) == 0)
    return;
  if (breaker->state != NULL)
    {
      relay_gauge_add (RELAY_METRIC_BREAKERS, -1, breaker->provider, breaker->state);
      relay_count (RELAY_METRIC_BREAKER_CHANGES, breaker->provider, state);
    }
  relay_gauge_add (RELAY_METRIC_BREAKERS, 1, breaker->provider, state);
  breaker->state = state;
}

static void
breaker_free (gpointer data)
{
  Breaker *breaker = data;

  relay_gauge_add (RELAY_METRIC_BREAKERS, -1, breaker->provider, breaker->state);
  g_free (breaker);
}

RelayBreakers *
relay_breakers_new (CobroClock *clock, CobroRandom *random)
{
  RelayBreakers *self = g_new0 (RelayBreakers, 1);

  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->breakers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, breaker_free);
  self->at_once = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  return self;
}

void
relay_breakers_free (RelayBreakers *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->breakers);
  g_hash_table_unref (self->at_once);
  g_mutex_clear (&self->lock);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self);
}

static Breaker *
get_breaker (RelayBreakers *self, const char *provider, const char *account)
{
  g_autofree char *key = g_strconcat (provider, "/", account, NULL);
  Breaker *breaker = g_hash_table_lookup (self->breakers, key);

  if (breaker == NULL)
    {
      breaker = g_new0 (Breaker, 1);
      breaker->provider = g_intern_string (provider);
      move (breaker, CLOSED);
      g_hash_table_insert (self->breakers, g_steal_pointer (&key), breaker);
    }
  return breaker;
}

static gint64
seconds_up (gint64 microseconds)
{
  return MAX (1, (microseconds + COBRO_SECOND - 1) / COBRO_SECOND);
}

/* Whether a call must wait; with @take the probe of a half-open breaker is taken. */
static gboolean
must_wait (Breaker *breaker, gint64 now, gboolean take, gint64 *out_wait)
{
  if (breaker->open_until == 0)
    return FALSE;
  if (now < breaker->open_until || breaker->probing)
    {
      if (out_wait != NULL)
        *out_wait = seconds_up (MAX (breaker->open_until - now, 0));
      return TRUE;
    }
  if (take)
    {
      breaker->probing = TRUE;
      move (breaker, HALF_OPEN);
    }
  return FALSE;
}

gboolean
relay_breakers_is_open (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait)
{
  gboolean waits;

  g_mutex_lock (&self->lock);
  waits = must_wait (get_breaker (self, provider, account), cobro_clock_monotonic (self->clock), FALSE, out_wait);
  g_mutex_unlock (&self->lock);
  return waits;
}

gboolean
relay_breakers_enter (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait, GError **error)
{
  gint64 now = cobro_clock_monotonic (self->clock);
  gboolean waits;
  guint under_way;

  g_mutex_lock (&self->lock);
  under_way = GPOINTER_TO_UINT (g_hash_table_lookup (self->at_once, provider));
  waits = under_way >= AT_ONCE_MAX;
  if (waits && out_wait != NULL)
    *out_wait = 1;
  waits = waits || must_wait (get_breaker (self, provider, account), now, TRUE, out_wait);
  if (!waits)
    g_hash_table_insert (self->at_once, g_strdup (provider), GUINT_TO_POINTER (under_way + 1));
  g_mutex_unlock (&self->lock);
  return !waits || cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "\"%s\" does not answer at the moment", provider);
}

static void
open_again (RelayBreakers *self, Breaker *breaker, gint64 now)
{
  gint64 pause = MIN (OPEN_BASE << MIN (breaker->opened, 10u), OPEN_MAX);

  /* × uniform [0.8, 1.2], so that many relays do not come back together. */
  pause = pause / 1000 * (gint64)(800 + cobro_random_below (self->random, 401));
  breaker->open_until = now + pause;
  breaker->opened++;
  breaker->probing = FALSE;
  breaker->calls = breaker->failures = breaker->consecutive = 0;
  move (breaker, OPEN);
}

static void
note (RelayBreakers *self, Breaker *breaker, gboolean failed)
{
  gint64 now = cobro_clock_monotonic (self->clock);

  if (now - breaker->window_start > WINDOW)
    {
      breaker->window_start = now;
      breaker->calls = breaker->failures = 0;
    }
  breaker->calls++;
  breaker->failures += failed;
  breaker->consecutive = failed ? breaker->consecutive + 1 : 0;
  if (!failed && (breaker->probing || breaker->open_until != 0))
    {
      breaker->open_until = 0;
      breaker->opened = 0;
      breaker->probing = FALSE;
      move (breaker, CLOSED);
    }
  else if (failed && (breaker->probing || breaker->consecutive >= CONSECUTIVE_MAX ||
                      (breaker->calls >= SAMPLE_MIN && 2 * breaker->failures >= breaker->calls)))
    open_again (self, breaker, now);
}

void
relay_breakers_leave (RelayBreakers *self, const char *provider, const char *account, gboolean failed)
{
  guint under_way;

  g_mutex_lock (&self->lock);
  under_way = GPOINTER_TO_UINT (g_hash_table_lookup (self->at_once, provider));
  g_hash_table_insert (self->at_once, g_strdup (provider), GUINT_TO_POINTER (MAX (under_way, 1u) - 1));
  note (self, get_breaker (self, provider, account), failed);
  g_mutex_unlock (&self->lock);
}
