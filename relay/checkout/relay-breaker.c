/* relay/checkout/relay-breaker.c — breakers and bulkheads. What one relay finds out is in the books
 * (relay-breaker-store), so that others on the same books, and the next process, know it. Layer: relay/checkout. Any
 * thread; not inside a transaction. */
#include "relay-breaker.h"

#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-breaker-store.h"
#include "relay-metrics.h"

#define SLICE           (5 * COBRO_SECOND)
#define SLICES          12 /* 60 s */
#define CONSECUTIVE_MAX 5
#define SAMPLE_MIN      20
#define OPEN_BASE       (30 * COBRO_SECOND)
#define OPEN_MAX        (15 * COBRO_MINUTE)
#define PROBE_LEASE     (30 * COBRO_SECOND)
#define AT_ONCE_MAX     16

#define CLOSED    "closed"
#define OPEN      "open"
#define HALF_OPEN "half_open"

/* One (provider, account). */
typedef struct
{
  const char *provider;                  /* interned */
  const char *state;                     /* as the metrics call it: "closed", "open", "half_open" */
  guint calls[SLICES], failures[SLICES]; /* of the last 60 s, in slices */
  gint64 slice;                          /* number of the newest slice */
  guint consecutive;                     /* failures since the last success */
  guint opened;                          /* how often in a row it opened: n of 30 s × 2^n; 0: closed */
  gint64 open_until;                     /* monotonic */
  gboolean probing;                      /* half-open: somebody is trying */
  CobroTime changed_at;                  /* as the books have it */
} Breaker;

struct _RelayBreakers
{
  CobroClock *clock;
  CobroRandom *random;
  RelayStore *store; /* (nullable) */
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
relay_breakers_new (CobroClock *clock, CobroRandom *random, RelayStore *store)
{
  RelayBreakers *self = g_new0 (RelayBreakers, 1);

  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->store = store;
  self->breakers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, breaker_free);
  self->at_once = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  relay_breakers_refresh (self);
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

/* ── The books ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
take_row (RelayBreakers *self, const RelayBreakerRow *row)
{
  Breaker *breaker = get_breaker (self, row->provider, row->account);
  gint64 left = row->open_until - cobro_clock_now (self->clock);

  if (breaker->changed_at >= row->changed_at)
    return;
  breaker->changed_at = row->changed_at;
  breaker->opened = (guint)row->opened;
  move (breaker, breaker->opened > 0 ? OPEN : CLOSED);
  breaker->open_until = cobro_clock_monotonic (self->clock) + CLAMP (left, 0, 2 * OPEN_MAX);
  breaker->probing = FALSE;
  breaker->consecutive = 0;
}

void
relay_breakers_refresh (RelayBreakers *self)
{
  g_autoptr (RelayReader) reader = self->store != NULL ? relay_store_read (self->store, NULL) : NULL;
  g_autoptr (GPtrArray) rows = reader != NULL ? relay_breaker_list (reader->db, NULL) : NULL;

  if (rows == NULL)
    return;
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < rows->len; i++)
    take_row (self, rows->pdata[i]);
  g_mutex_unlock (&self->lock);
}

/* One change on its way into the books. */
typedef struct
{
  const char *provider, *account;
  RelayScope owner;
  guint opened;
  CobroTime open_until, now;
  gboolean mine; /* (out) */
} Change;

static gboolean
save_work (RelayTx *tx, gpointer data, GError **error)
{
  const Change *change = data;

  return relay_breaker_put (tx, &change->owner, change->provider, change->account, change->opened, change->open_until,
                            change->now, error);
}

static gboolean
probe_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  return relay_breaker_take_probe (tx, change->provider, change->account, tx->now + PROBE_LEASE, &change->mine, error);
}

static gboolean
find_owner (RelayBreakers *self, Change *change)
{
  g_autoptr (RelayReader) reader = self->store != NULL ? relay_store_read (self->store, NULL) : NULL;

  return reader != NULL &&
         relay_account_get_owner (reader->db, change->provider, change->account, &change->owner, NULL);
}

/* A breaker that the books do not learn of still works here: nothing is lost but what others could know. */
static void
save (RelayBreakers *self, Change *change)
{
  g_autoptr (GError) failure = NULL;

  if (change->opened > 0)
    relay_alarm ("provider_degraded", "%s account %s does not answer: left alone for a while (%u)", change->provider,
                 change->account, change->opened);
  if (find_owner (self, change) &&
      !relay_store_write_for (self->store, &change->owner.merchant_id, save_work, change, &failure))
    g_debug ("breaker: %s", failure->message);
}

/* Several relays, one probe. */
static gboolean
is_my_probe (RelayBreakers *self, const char *provider, const char *account)
{
  Change change = { .provider = provider, .account = account };

  return self->store == NULL || !relay_store_is_shared (self->store) ||
         (relay_store_write_queue (self->store, probe_work, &change, NULL) && change.mine);
}

/* ── Before a call ──────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
seconds_up (gint64 microseconds)
{
  return MAX (1, (microseconds + COBRO_SECOND - 1) / COBRO_SECOND);
}

static gboolean
must_wait (const Breaker *breaker, gint64 now, gint64 *out_wait)
{
  if (breaker->opened == 0 || (now >= breaker->open_until && !breaker->probing))
    return FALSE;
  if (out_wait != NULL)
    *out_wait = seconds_up (MAX (breaker->open_until - now, 0));
  return TRUE;
}

gboolean
relay_breakers_is_open (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait)
{
  gboolean waits;

  g_mutex_lock (&self->lock);
  waits = must_wait (get_breaker (self, provider, account), cobro_clock_monotonic (self->clock), out_wait);
  g_mutex_unlock (&self->lock);
  return waits;
}

static guint
under_way (RelayBreakers *self, const char *provider)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->at_once, provider));
}

static void
set_under_way (RelayBreakers *self, const char *provider, guint n)
{
  g_hash_table_insert (self->at_once, g_strdup (provider), GUINT_TO_POINTER (n));
}

/* @out_probe: the call is the one that tries whether the provider is back. */
static gboolean
may_enter (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait, gboolean *out_probe)
{
  Breaker *breaker = get_breaker (self, provider, account);

  *out_probe = FALSE;
  if (under_way (self, provider) >= AT_ONCE_MAX)
    {
      if (out_wait != NULL)
        *out_wait = 1;
      return FALSE;
    }
  if (must_wait (breaker, cobro_clock_monotonic (self->clock), out_wait))
    return FALSE;
  breaker->probing = *out_probe = breaker->opened > 0;
  if (breaker->probing)
    move (breaker, HALF_OPEN);
  set_under_way (self, provider, under_way (self, provider) + 1);
  return TRUE;
}

/* Another relay is trying already. */
static void
give_up_probe (RelayBreakers *self, const char *provider, const char *account)
{
  Breaker *breaker;

  g_mutex_lock (&self->lock);
  breaker = get_breaker (self, provider, account);
  breaker->probing = FALSE;
  move (breaker, OPEN);
  breaker->open_until = cobro_clock_monotonic (self->clock) + COBRO_SECOND;
  set_under_way (self, provider, MAX (under_way (self, provider), 1u) - 1);
  g_mutex_unlock (&self->lock);
}

gboolean
relay_breakers_enter (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait, GError **error)
{
  gboolean entered, probe;

  g_mutex_lock (&self->lock);
  entered = may_enter (self, provider, account, out_wait, &probe);
  g_mutex_unlock (&self->lock);
  if (entered && probe && !is_my_probe (self, provider, account))
    {
      give_up_probe (self, provider, account);
      entered = FALSE;
      if (out_wait != NULL)
        *out_wait = 1;
    }
  return entered || cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "\"%s\" does not answer at the moment", provider);
}

/* ── After a call ───────────────────────────────────────────────────────────────────────────────────────────── */

/* Forgets what is older than 60 s, and counts this one. */
static void
count (Breaker *breaker, gint64 now, gboolean failed)
{
  gint64 slice = now / SLICE;

  for (gint64 i = MAX (breaker->slice + 1, slice - SLICES + 1); i <= slice; i++)
    breaker->calls[i % SLICES] = breaker->failures[i % SLICES] = 0;
  breaker->slice = slice;
  breaker->calls[slice % SLICES]++;
  breaker->failures[slice % SLICES] += failed;
  breaker->consecutive = failed ? breaker->consecutive + 1 : 0;
}

static gboolean
is_too_bad (const Breaker *breaker)
{
  guint calls = 0, failures = 0;

  for (guint i = 0; i < SLICES; i++)
    {
      calls += breaker->calls[i];
      failures += breaker->failures[i];
    }
  return breaker->consecutive >= CONSECUTIVE_MAX || (calls >= SAMPLE_MIN && 2 * failures >= calls);
}

static void
forget (Breaker *breaker)
{
  for (guint i = 0; i < SLICES; i++)
    breaker->calls[i] = breaker->failures[i] = 0;
  breaker->consecutive = 0;
  breaker->probing = FALSE;
}

static void
open_again (RelayBreakers *self, Breaker *breaker, gint64 now)
{
  gint64 pause = MIN (OPEN_BASE << MIN (breaker->opened, 10u), OPEN_MAX);

  /* × uniform [0.8, 1.2], so that many relays do not come back together. */
  pause = pause / 1000 * (gint64)(800 + cobro_random_below (self->random, 401));
  breaker->open_until = now + pause;
  breaker->opened++;
  forget (breaker);
  move (breaker, OPEN);
}

/* TRUE when it opened or closed. */
static gboolean
note (RelayBreakers *self, Breaker *breaker, gboolean failed)
{
  gint64 now = cobro_clock_monotonic (self->clock);

  /* A call that began before it opened says nothing new when it fails. */
  if (breaker->opened > 0 && failed && !breaker->probing)
    return FALSE;
  count (breaker, now, failed);
  if (breaker->opened > 0 && !failed)
    {
      breaker->opened = 0;
      forget (breaker);
      move (breaker, CLOSED);
      return TRUE;
    }
  if (!failed || (!breaker->probing && !is_too_bad (breaker)))
    return FALSE;
  open_again (self, breaker, now);
  return TRUE;
}

void
relay_breakers_leave (RelayBreakers *self, const char *provider, const char *account, gboolean failed)
{
  CobroTime now = cobro_clock_now (self->clock);
  Change change = { .provider = provider, .account = account };
  Breaker *breaker;
  gboolean changed;

  g_mutex_lock (&self->lock);
  set_under_way (self, provider, MAX (under_way (self, provider), 1u) - 1);
  breaker = get_breaker (self, provider, account);
  changed = note (self, breaker, failed);
  if (changed)
    breaker->changed_at = MAX (now, breaker->changed_at + 1);
  change.opened = breaker->opened;
  change.open_until = now + breaker->open_until - cobro_clock_monotonic (self->clock);
  change.now = breaker->changed_at;
  g_mutex_unlock (&self->lock);
  if (changed)
    save (self, &change);
}
