/* tests/relay/delivery/test-siege.c — 500 endpoints in 16 kinds of misbehaviour over eight days of a fake clock, with
 * kills: every event reaches every endpoint that lives again inside the window, and the healthy ones hear within a
 * second. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "delivery-fixture.h"

#define KINDS  16
#define EVENTS 16
#define DAYS   8

/* Kinds 0 and 1 are healthy; from HEALTHY on something is wrong. */
enum
{
  FAST,
  STEADY,
  DRIPS,        /* for ever: the deadline ends it */
  HANGS_2_DAYS, /* then it works */
  RESETS_4_DAYS,
  HALF_1_DAY,
  ERRORS_3_DAYS,
  SILLY_429_1_DAY,
  REDIRECTS_2_DAYS,
  HUGE_ANSWER, /* 200, and more than anybody reads */
  WRONG_TLS_4_DAYS,
  SLOW_DNS_12_HOURS,
  GONE,
  FLAPS, /* an hour well, an hour not */
  COIN,  /* refuses every other try of a message; which one comes first is the message's luck */
  DEAD,  /* never comes back */
};

/* The siege. */
typedef struct
{
  guint endpoints;
  CobroTime begun;
  GHashTable *heard;  /* (element-type utf8) "endpoint event" that were taken */
  GHashTable *tosses; /* "endpoint event" → how often a COIN was asked for it */
  guint64 tries, doubles;
  gint64 slowest;       /* of healthy endpoints, from event to its arrival */
  GHashTable *happened; /* event id → when */
} Siege;

static gint64
days (Siege *siege, CobroTime now)
{
  return (now - siege->begun) / COBRO_DAY;
}

static void
fail (Post *post, const char *error, gint64 delay)
{
  post->status = 0;
  post->error = error;
  post->delay = delay;
}

static void
refuse (Post *post, gint status, const char *retry_after)
{
  post->status = status;
  post->retry_after = retry_after;
  post->delay = 20 * 1000;
}

/* How often endpoint @n was asked to take this message, from a start that differs between messages. Counted for each
 * message: by the number of all tries one message in some thousands would lose every toss of its window. */
static guint
toss (Siege *siege, Post *post, guint n)
{
  char *key = g_strdup_printf ("%u %s", n, post->id);
  guint tosses = GPOINTER_TO_UINT (g_hash_table_lookup (siege->tosses, key));

  if (tosses == 0)
    tosses = 1 + g_str_hash (key) % 2;
  g_hash_table_insert (siege->tosses, key, GUINT_TO_POINTER (tosses + 1));
  return tosses;
}

/* How endpoint @n answers now. */
static void
misbehave (Siege *siege, Post *post, guint n, CobroTime now)
{
  gint64 hours = (now - siege->begun) / COBRO_HOUR;

  switch (n % KINDS)
    {
    case DRIPS:
    case DEAD:
      fail (post, "no complete answer within 15 seconds", n % KINDS == DEAD ? 1000 : 15 * COBRO_SECOND);
      break;
    case HANGS_2_DAYS:
      if (days (siege, now) < 2)
        fail (post, "no complete answer within 15 seconds", 15 * COBRO_SECOND);
      break;
    case RESETS_4_DAYS:
      if (days (siege, now) < 4)
        fail (post, "the connection ended", 1000);
      break;
    case HALF_1_DAY:
      if (hours < 24)
        fail (post, "the connection ended before a whole answer came", 30 * 1000);
      break;
    case ERRORS_3_DAYS:
      if (days (siege, now) < 3)
        refuse (post, 500, NULL);
      break;
    case SILLY_429_1_DAY:
      if (hours < 24)
        refuse (post, 429, n % 2 ? "99999999999999999999" : "-1");
      break;
    case REDIRECTS_2_DAYS:
      if (days (siege, now) < 2)
        refuse (post, 307, NULL);
      break;
    case HUGE_ANSWER:
      post->delay = 5 * COBRO_SECOND;
      break;
    case WRONG_TLS_4_DAYS:
      if (days (siege, now) < 4)
        fail (post, "tls: unacceptable certificate", 50 * 1000);
      break;
    case SLOW_DNS_12_HOURS:
      if (hours < 12)
        fail (post, "its host has no address", 10 * COBRO_SECOND);
      break;
    case GONE:
      refuse (post, 410, NULL);
      break;
    case FLAPS:
      if (hours % 2 == 1)
        refuse (post, 503, NULL);
      break;
    case COIN:
      if (toss (siege, post, n) % 2 == 1)
        refuse (post, 400, NULL);
      break;
    default:
      break;
    }
}

static void
receive (World *world, Post *post, gpointer data)
{
  Siege *siege = data;
  CobroTime now = cobro_clock_now (world->rig->clock);
  guint n = (guint)g_ascii_strtoull (post->url + strlen ("https://h"), NULL, 10);
  g_autofree char *key = g_strdup_printf ("%u %s", n, post->id);
  gint64 *happened = g_hash_table_lookup (siege->happened, post->id);

  siege->tries++;
  misbehave (siege, post, n, now);
  if (post->status < 200 || post->status > 299)
    return;
  if (!g_hash_table_add (siege->heard, g_steal_pointer (&key)))
    siege->doubles++;
  else if (happened != NULL && n % KINDS <= STEADY)
    siege->slowest = MAX (siege->slowest, now - *happened);
}

static void
note_event (World *world, Siege *siege)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (world->rig->store, &error);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    reader->db, "SELECT id, occurred_at FROM event WHERE type = 'payment.succeeded' ORDER BY sequence DESC LIMIT 1",
    &error);
  gint64 *when = g_new (gint64, 1);

  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  *when = cobro_db_column_int64 (statement, "occurred_at");
  g_hash_table_insert (siege->happened, g_strdup (cobro_db_column_text (statement, "id")), when);
}

/* Something happens, the next seconds are watched closely, then the clock runs. Between the events the worker looks
 * every few minutes, as if it were busy elsewhere. */
static void
live_on (World *world, Siege *siege, gboolean kill)
{
  gint64 rest = DAYS * COBRO_DAY / EVENTS;

  world_event (world, COBRO_EVENT_PAYMENT_SUCCEEDED);
  note_event (world, siege);
  if (kill)
    {
      world_settle (world);
      cobro_clock_advance (world->rig->clock, 100 * 1000);
      world_restart (world);
    }
  for (int i = 0; i < 8; i++)
    {
      world_settle (world);
      cobro_clock_advance (world->rig->clock, 250 * 1000);
    }
  for (gint64 gone = 2 * COBRO_SECOND; gone < rest;)
    {
      gint64 by = gone < COBRO_MINUTE ? 15 * COBRO_SECOND : 10 * COBRO_MINUTE;

      world_settle (world);
      cobro_clock_advance (world->rig->clock, by);
      gone += by;
    }
}

/* Those that must have heard everything: all that lived again, flap, or answer half of the time. */
static gboolean
lives (guint kind)
{
  return kind != GONE && kind != DEAD && kind != DRIPS;
}

static void
test_siege (void)
{
  g_autoptr (World) world = world_new ();
  Siege siege = { .endpoints = 500, .begun = RIG_NOW };
  GHashTableIter iter;
  gpointer id;

  siege.heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  siege.tosses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  siege.happened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  world->quiet = TRUE;
  world_set_receiver (world, receive, &siege);
  for (guint i = 0; i < siege.endpoints; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://h%u.example/", i);

      relay_endpoint_unref (world_add (world, url, " payment.succeeded "));
    }
  for (int i = 0; i < EVENTS; i++)
    live_on (world, &siege, i % 4 == 2);
  world_run (world, COBRO_DAY / 2); /* the last event's longest pause */

  g_hash_table_iter_init (&iter, siege.happened);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    for (guint n = 0; n < siege.endpoints; n++)
      {
        g_autofree char *key = g_strdup_printf ("%u %s", n, (char *)id);

        if (lives (n % KINDS) != g_hash_table_contains (siege.heard, key))
          g_error ("endpoint %u of kind %u and event %s: heard: %d", n, n % KINDS, (char *)id, !lives (n % KINDS));
      }
  g_assert_cmpint (g_hash_table_size (siege.happened), ==, EVENTS);
  g_test_message ("%" G_GUINT64_FORMAT " tries, %" G_GUINT64_FORMAT " doubles, healthy ones after %" G_GINT64_FORMAT
                  " us at most",
                  siege.tries, siege.doubles, siege.slowest);
  g_assert_cmpint (siege.slowest, <=, COBRO_SECOND);
  /* Four kills, and at each up to four messages of every endpoint on their way; on average it is a little over one. */
  g_assert_cmpint (siege.doubles, <=, siege.endpoints * 8);
  g_hash_table_unref (siege.heard);
  g_hash_table_unref (siege.tosses);
  g_hash_table_unref (siege.happened);
  rig_assert_clean (world->rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/siege", test_siege);
  return g_test_run ();
}
