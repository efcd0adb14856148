/* relay/http/relay-limits.c — token buckets.
 * Buckets live in a set-associative table of 2^18 entries (6 MiB of address space, touched only where used): a key has
 * eight places; when all are taken, the fullest bucket is forgotten, because it says least. Layer: relay/http, private.
 * Any thread. */
#include "relay-limits.h"

#include <string.h>
#include "relay-peer.h"

#define BUCKETS  (1 << 18)
#define WAYS     8
#define ONE      (1 << 20) /* a token, in the table's fixed point */
#define PER_WIDE 4         /* a /48 may do so many times what a /64 may */

typedef struct
{
  guint64 tag;   /* keyed hash of (lane, key); 0: empty */
  gint64 filled; /* when tokens was right, monotonic microseconds */
  guint64 tokens;
} Bucket;

struct _RelayLimits
{
  GMutex lock;
  guint64 seed[2];
  Bucket *buckets;
};

/* semantics.md, "Rate limits and trusted proxies": capacity, and the microseconds one token takes to come back. */
static const struct
{
  guint capacity;
  gint64 per_token;
} lanes[] = {
  [RELAY_LANE_FREE] = { 0, 0 },
  [RELAY_LANE_CHECKOUT] = { 60, COBRO_SECOND },
  [RELAY_LANE_ATTEMPT] = { 10, COBRO_HOUR / 10 },
  [RELAY_LANE_API] = { 100, COBRO_SECOND / 50 },
  [RELAY_LANE_MONEY] = { 20, COBRO_SECOND / 10 },
  [RELAY_LANE_PAIRING] = { 5, COBRO_MINUTE },
  [RELAY_LANE_WEBHOOK] = { 200, COBRO_SECOND / 200 },
  [RELAY_LANE_UNKNOWN_TOKEN] = { 20, 10 * COBRO_SECOND },
  [RELAY_LANE_ATTEMPT_LINK] = { 5, 10 * COBRO_MINUTE / 5 },
  [RELAY_LANE_ATTEMPT_MERCHANT] = { 300, COBRO_HOUR / 300 },
  [RELAY_LANE_FAILED] = { 10, COBRO_HOUR / 10 },
};

RelayLimits *
relay_limits_new (CobroRandom *random)
{
  RelayLimits *limits = g_new0 (RelayLimits, 1);

  g_mutex_init (&limits->lock);
  cobro_random_fill (random, (guint8 *)limits->seed, sizeof limits->seed);
  limits->buckets = g_new0 (Bucket, BUCKETS); /* calloc: pages appear when they are touched */
  return limits;
}

void
relay_limits_free (RelayLimits *limits)
{
  g_mutex_clear (&limits->lock);
  g_free (limits->buckets);
  g_free (limits);
}

/* ── SipHash-2-4 of (lane, key): callers choose keys, so the hash must not be theirs to steer. GLib has only unkeyed
 * hashes and whole HMACs, which cost more than the request. ────────────────────────────────────────────── */

#define ROTATE(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static void
sip_round (guint64 v[4])
{
  v[0] += v[1];
  v[1] = ROTATE (v[1], 13) ^ v[0];
  v[0] = ROTATE (v[0], 32);
  v[2] += v[3];
  v[3] = ROTATE (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = ROTATE (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = ROTATE (v[1], 17) ^ v[2];
  v[2] = ROTATE (v[2], 32);
}

static void
sip_word (guint64 v[4], guint64 word)
{
  v[3] ^= word;
  sip_round (v);
  sip_round (v);
  v[0] ^= word;
}

static guint64
hash_of (const RelayLimits *limits, guint lane, const char *key)
{
  guint64 v[4] = { limits->seed[0] ^ 0x736f6d6570736575, limits->seed[1] ^ 0x646f72616e646f6d,
                   limits->seed[0] ^ 0x6c7967656e657261, limits->seed[1] ^ 0x7465646279746573 };
  gsize length = strlen (key);
  guint64 word;
  guint64 hash;

  sip_word (v, lane);
  for (; length >= 8; key += 8, length -= 8)
    {
      memcpy (&word, key, 8);
      sip_word (v, word);
    }
  word = 0;
  memcpy (&word, key, length);
  sip_word (v, word | ((guint64)(length + 1) << 56));
  v[2] ^= 0xff;
  for (int i = 0; i < 4; i++)
    sip_round (v);
  hash = v[0] ^ v[1] ^ v[2] ^ v[3];
  return hash != 0 ? hash : 1;
}

/* ── Buckets ─────────────────────────────────────────────────────────────────────────────────────── */

static void
refill (Bucket *bucket, gint64 per_token, guint64 full, gint64 now)
{
  guint64 passed = MAX (now - bucket->filled, 0);
  guint64 gained;

  /* passed × ONE stays below 2^64 for 200 days; a bucket that was left alone for 100 is full anyway. */
  if (passed > 100 * COBRO_DAY || bucket->tokens >= full)
    {
      bucket->tokens = full;
      bucket->filled = now;
      return;
    }
  gained = passed * ONE / per_token;
  bucket->tokens = MIN (full, bucket->tokens + gained);
  bucket->filled += gained * per_token / ONE; /* the rest of the time counts for the next token */
}

/* An empty place is forgotten first, then the fullest bucket. */
static gboolean
says_less (const Bucket *a, const Bucket *b)
{
  return a->tag == 0 ? b->tag != 0 : b->tag != 0 && a->tokens > b->tokens;
}

/* The bucket of that tag; a new one is full. Called with the lock. */
static Bucket *
find_bucket (RelayLimits *limits, guint64 tag, guint64 full, gint64 now)
{
  Bucket *set = limits->buckets + (tag % (BUCKETS / WAYS)) * WAYS;
  Bucket *victim = &set[0];

  for (guint i = 0; i < WAYS; i++)
    {
      if (set[i].tag == tag)
        return &set[i];
      if (says_less (&set[i], victim))
        victim = &set[i];
    }
  *victim = (Bucket){ .tag = tag, .filled = now, .tokens = full };
  return victim;
}

/* Called with the lock. Looks, does not take. */
static Bucket *
look_by (RelayLimits *limits, guint kind, const char *key, guint capacity, gint64 per_token, gint64 now,
         RelayLimit *out_limit)
{
  guint64 full = (guint64)capacity * ONE;
  Bucket *bucket = find_bucket (limits, hash_of (limits, kind, key), full, now);

  refill (bucket, per_token, full, now);
  *out_limit = (RelayLimit){ .capacity = capacity, .remaining = bucket->tokens / ONE };
  if (bucket->tokens < ONE)
    out_limit->retry_after = 1 + (ONE - bucket->tokens) * per_token / ONE / COBRO_SECOND;
  return bucket;
}

/* Called with the lock. Looks, does not take. */
static Bucket *
look (RelayLimits *limits, RelayLane lane, const char *key, guint times, gint64 now, RelayLimit *out_limit)
{
  return look_by (limits, lane * 16 + times, key, lanes[lane].capacity * times, lanes[lane].per_token / times, now,
                  out_limit);
}

gboolean
relay_limits_has (RelayLimits *limits, RelayLane lane, const char *key, guint capacity, gint64 per_token, gint64 now,
                  RelayLimit *out_limit)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limits->lock);

  /* One key may be looked at with several sizes: each size is a bucket. */
  return look_by (limits, lane * 16 + 1024 * capacity, key, capacity, per_token, now, out_limit)->tokens >= ONE;
}

gboolean
relay_limits_take_by (RelayLimits *limits, RelayLane lane, const char *key, guint capacity, gint64 per_token,
                      gint64 now, RelayLimit *out_limit)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limits->lock);
  Bucket *bucket = look_by (limits, lane * 16 + 1024 * capacity, key, capacity, per_token, now, out_limit);

  if (bucket->tokens < ONE)
    return FALSE;
  bucket->tokens -= ONE;
  out_limit->remaining--;
  return TRUE;
}

gboolean
relay_limits_take (RelayLimits *limits, RelayLane lane, const char *key, gint64 now, RelayLimit *out_limit)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Bucket *bucket;

  *out_limit = (RelayLimit){ 0 };
  if (lane == RELAY_LANE_FREE)
    return TRUE;
  locker = g_mutex_locker_new (&limits->lock);
  bucket = look (limits, lane, key, 1, now, out_limit);
  if (out_limit->retry_after > 0)
    return FALSE;
  bucket->tokens -= ONE;
  out_limit->remaining--;
  return TRUE;
}

gboolean
relay_limits_take_address (RelayLimits *limits, RelayLane lane, const char *address, gint64 now, RelayLimit *out_limit)
{
  g_autofree char *wide = NULL;
  g_autofree char *key = relay_peer_key (address, &wide);
  RelayLimit outer;

  if (lane == RELAY_LANE_FREE || wide == NULL)
    return relay_limits_take (limits, lane, key, now, out_limit);
  {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limits->lock);

    if (look (limits, lane, wide, PER_WIDE, now, &outer)->tokens < ONE)
      {
        *out_limit = outer;
        return FALSE;
      }
  }
  if (!relay_limits_take (limits, lane, key, now, out_limit))
    return FALSE;
  {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&limits->lock);
    Bucket *bucket = look (limits, lane, wide, PER_WIDE, now, &outer);

    bucket->tokens -= MIN (bucket->tokens, ONE);
  }
  return TRUE;
}
