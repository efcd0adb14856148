/* src/core/cobro-random.c — randomness from the kernel, or from a seed.
 * Layer: core. Any thread: what has state is locked. */
#include "cobro-random.h"
#include "cobro-random-ulid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* A clock that was set back by less than this does not make ids run backwards; a larger jump is believed. */
#define ULID_PATIENCE_MS 10000

struct _CobroRandom
{
  gint ref_count;
  GRand *seeded; /* NULL: the kernel's */
  GMutex lock;   /* seeded, last_* */
  guint64 last_ms;
  guint8 last_tail[10]; /* the 80 random bits of the newest ULID */
};

CobroRandom *
cobro_random_new_system (void)
{
  CobroRandom *random = g_new0 (CobroRandom, 1);

  random->ref_count = 1;
  g_mutex_init (&random->lock);
  return random;
}

CobroRandom *
cobro_random_new_seeded (guint64 seed)
{
  CobroRandom *random = cobro_random_new_system ();
  const guint32 words[2] = { (guint32)seed, (guint32)(seed >> 32) };

  random->seeded = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  return random;
}

CobroRandom *
cobro_random_ref (CobroRandom *random)
{
  g_atomic_int_inc (&random->ref_count);
  return random;
}

void
cobro_random_unref (CobroRandom *random)
{
  if (random == NULL || !g_atomic_int_dec_and_test (&random->ref_count))
    return;
  g_clear_pointer (&random->seeded, g_rand_free);
  g_mutex_clear (&random->lock);
  g_free (random);
}

static void
fill_from_kernel (guint8 *bytes, gsize n)
{
  while (n > 0)
    {
      gssize got = getrandom (bytes, n, 0);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        g_error ("the kernel gives no randomness: %s", g_strerror (errno));
      bytes += got;
      n -= (gsize)got;
    }
}

/* With the lock held. */
static void
fill_from_seed (CobroRandom *random, guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i += 4)
    {
      guint32 word = GUINT32_TO_LE (g_rand_int (random->seeded));

      memcpy (bytes + i, &word, MIN (4, n - i));
    }
}

void
cobro_random_fill (CobroRandom *random, guint8 *bytes, gsize n)
{
  if (random->seeded == NULL)
    {
      fill_from_kernel (bytes, n);
      return;
    }
  g_mutex_lock (&random->lock);
  fill_from_seed (random, bytes, n);
  g_mutex_unlock (&random->lock);
}

guint64
cobro_random_below (CobroRandom *random, guint64 bound)
{
  guint64 refused, value;

  g_return_val_if_fail (bound > 0, 0);

  refused = (0 - bound) % bound; /* 2^64 mod bound: values below it would favour small results */
  do
    cobro_random_fill (random, (guint8 *)&value, sizeof value);
  while (value < refused);
  return value % bound;
}

/* Adds one to the 80 bits; FALSE when they ran over. */
static gboolean
increment (guint8 tail[10])
{
  for (int i = 9; i >= 0; i--)
    if (++tail[i] != 0)
      return TRUE;
  return FALSE;
}

void
cobro_random_next_ulid (CobroRandom *random, guint64 ms, guint8 out_ulid[16])
{
  guint8 fresh[10];

  cobro_random_fill (random, fresh, sizeof fresh);

  g_mutex_lock (&random->lock);
  if (ms <= random->last_ms && random->last_ms - ms < ULID_PATIENCE_MS)
    {
      ms = random->last_ms;
      if (!increment (random->last_tail))
        ms++; /* 2^80 ids in one millisecond: the next one begins at zero */
    }
  else
    memcpy (random->last_tail, fresh, sizeof fresh);
  random->last_ms = ms;
  for (int i = 0; i < 6; i++)
    out_ulid[i] = (guint8)(ms >> (40 - 8 * i));
  memcpy (out_ulid + 6, random->last_tail, sizeof fresh);
  g_mutex_unlock (&random->lock);
}
