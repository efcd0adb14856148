/* tests/core/test-base.c — clock, randomness, ids, tokens.
 * Layer: tests. */
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-test.h"
#include "cobro-token.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT (1796124600000000) /* 2026-12-01T11:30:00Z */

static void
test_fake_clock (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (NOON);
  gint64 start = cobro_clock_monotonic (clock);

  g_assert_cmpint (cobro_clock_now (clock), ==, NOON);
  cobro_clock_advance (clock, 90 * COBRO_SECOND);
  g_assert_cmpint (cobro_clock_now (clock), ==, NOON + 90 * COBRO_SECOND);
  g_assert_cmpint (cobro_clock_monotonic (clock), ==, start + 90 * COBRO_SECOND);
}

static void
test_system_clock (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  gint64 first = cobro_clock_monotonic (clock);

  g_assert_cmpint (cobro_clock_now (clock), >, G_GINT64_CONSTANT (1600000000000000));
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (cobro_clock_monotonic (clock), >=, first);
}

/* Text and value, both ways; then other ways to write the same instant. */
static void
test_time_text (void)
{
  static const struct
  {
    const char *text;
    CobroTime time;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-12-01T11:30:00Z", NOON },
    { "2026-12-01T11:30:00.500000Z", NOON + 500000 },
    { "2026-12-01T11:30:00.000001Z", NOON + 1 },
    { "2000-02-29T23:59:59Z", G_GINT64_CONSTANT (951868799000000) },
    { "2038-01-19T03:14:08Z", G_GINT64_CONSTANT (2147483648000000) },
    { "9999-12-31T23:59:59.999999Z", G_GINT64_CONSTANT (253402300799999999) },
  };
  static const char *const same[] = { "2026-12-01T12:30:00+01:00", "2026-11-30T20:00:00-15:30",
                                      "2026-12-01T11:30:00.0Z", "2026-12-01T11:30:00.000000+00:00" };
  g_autoptr (GError) error = NULL;
  CobroTime time;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cobro_time_to_text (cases[i].time);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_true (cobro_time_from_text (cases[i].text, &time, &error));
      g_assert_cmpint (time, ==, cases[i].time);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_assert_true (cobro_time_from_text (same[i], &time, &error));
      g_assert_cmpint (time, ==, NOON);
    }
}

static void
test_time_refused (void)
{
  static const char *const refused[] = {
    "",
    "2026-12-01",
    "2026-12-01T11:30:00",
    "2026-12-01T11:30Z",
    "2026-12-01 11:30:00Z",
    "2026-12-01t11:30:00z",
    "2026-13-01T11:30:00Z",
    "2026-02-29T11:30:00Z",
    "2026-00-10T11:30:00Z",
    "2026-12-01T24:00:00Z",
    "2026-12-01T11:60:00Z",
    "2026-12-01T11:30:60Z",
    "2026-12-01T11:30:00.Z",
    "2026-12-01T11:30:00.1234567Z",
    "2026-12-01T11:30:00+0100",
    "2026-12-01T11:30:00+24:00",
    "2026-12-01T11:30:00+01:60",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "2026-12-01T11:30:00Z ",
    " 2026-12-01T11:30:00Z",
    "-026-12-01T11:30:00Z",
    "2026-1-01T11:30:00Z",
  };
  g_autoptr (GError) error = NULL;
  CobroTime time = 42;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (cobro_time_from_text (refused[i], &time, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
    }
  g_assert_cmpint (time, ==, 42);
}

static void
test_time_round_trip (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint i = 0; i < 20000; i++)
    {
      CobroTime time = (CobroTime)cobro_random_below (random, G_GUINT64_CONSTANT (253402300800000000)), back = -1;
      g_autofree char *text = cobro_time_to_text (time);
      g_autoptr (GDateTime) oracle = g_date_time_new_from_iso8601 (text, NULL);

      g_assert_true (cobro_time_from_text (text, &back, NULL));
      g_assert_cmpint (back, ==, time);
      g_assert_cmpint (g_date_time_to_unix (oracle), ==, time / COBRO_SECOND);
    }
}

static void
test_random (void)
{
  g_autoptr (CobroRandom) a = cobro_random_new_seeded (7), b = cobro_random_new_seeded (7),
                          c = cobro_random_new_seeded (8);
  g_autoptr (CobroRandom) system = cobro_random_new_system ();
  guint8 x[33], y[33];
  guint counts[6] = { 0 };

  cobro_random_fill (a, x, sizeof x);
  cobro_random_fill (b, y, sizeof y);
  g_assert_cmpmem (x, sizeof x, y, sizeof y);
  cobro_random_fill (c, y, sizeof y);
  g_assert_cmpint (memcmp (x, y, sizeof x), !=, 0);
  cobro_random_fill (system, x, sizeof x);
  cobro_random_fill (system, y, sizeof y);
  g_assert_cmpint (memcmp (x, y, sizeof x), !=, 0);

  for (guint i = 0; i < 60000; i++)
    counts[cobro_random_below (a, 6)]++;
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (counts[i], >, 9500); /* 10,000 expected, deviation 91; the seed is fixed */
  g_assert_cmpuint (cobro_random_below (a, 1), ==, 0);
}

static void
test_id_kinds (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (NOON);
  g_autoptr (CobroRandom) random = cobro_test_random ();
  g_autoptr (GError) error = NULL;

  for (guint kind = COBRO_ID_LINK; kind <= COBRO_ID_ACCOUNT; kind++)
    {
      CobroId id = cobro_id_new ((CobroIdKind)kind, clock, random), back;

      g_assert_true (cobro_id_parse ((CobroIdKind)kind, id.text, &back, &error));
      g_assert_true (cobro_id_equal (&id, &back));
      g_assert_cmpint (cobro_id_time (&id), ==, NOON);
      g_assert_false (cobro_id_parse (kind == COBRO_ID_LINK ? COBRO_ID_EVENT : COBRO_ID_LINK, id.text, &back, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
    }
  g_assert_false (cobro_id_is_set (&COBRO_ID_NONE));
}

static void
test_id_refused (void)
{
  static const char *const refused[] = {
    "",
    "link_",
    "link_01jdvh0000000000000000000",
    "link_01jdvh000000000000000000000",
    "link_81jdvh00000000000000000000",
    "link_01JDVH00000000000000000000",
    "link_01jdvh0000000000000000000i",
    "link_01jdvh0000000000000000000u",
    "link_01jdvh000000000000000000 0",
    "pay_01jdvh00000000000000000000",
    "LINK_01jdvh00000000000000000000",
    " link_01jdvh0000000000000000000",
  };
  g_autoptr (GError) error = NULL;
  CobroId id = COBRO_ID_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (cobro_id_parse (COBRO_ID_LINK, refused[i], &id, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
    }
  g_assert_false (cobro_id_is_set (&id));
  g_assert_true (cobro_id_parse (COBRO_ID_LINK, "link_7zzzzzzzzzzzzzzzzzzzzzzzzz", &id, &error));
}

/* Ids of one source ascend by creation: within a millisecond, over milliseconds, and when the clock steps back a
 * little. */
static void
test_id_order (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (NOON);
  g_autoptr (CobroRandom) random = cobro_test_random ();
  CobroId last = cobro_id_new (COBRO_ID_EVENT, clock, random);

  for (guint i = 0; i < 50000; i++)
    {
      CobroId next;

      if (i % 1000 == 0)
        /* up to 9 s behind the newest id, or ahead of it */
        cobro_clock_advance (clock, cobro_id_time (&last) - cobro_clock_now (clock) +
                                      (gint64)cobro_random_below (random, 18000000) - 9000000);
      next = cobro_id_new (COBRO_ID_EVENT, clock, random);
      g_assert_cmpstr (next.text, >, last.text);
      last = next;
    }
}

/* A clock that jumps back far (it was wrong by a year) is believed: ids tell the right time again. */
static void
test_id_clock_corrected (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (NOON + 365 * COBRO_DAY);
  g_autoptr (CobroRandom) random = cobro_test_random ();
  CobroId id = cobro_id_new (COBRO_ID_EVENT, clock, random);

  cobro_clock_advance (clock, -365 * COBRO_DAY);
  id = cobro_id_new (COBRO_ID_EVENT, clock, random);
  g_assert_cmpint (cobro_id_time (&id), ==, NOON);
}

typedef struct
{
  CobroClock *clock;
  CobroRandom *random;
  CobroId ids[5000];
} Maker;

static gpointer
make_ids (gpointer data)
{
  Maker *maker = data;

  for (gsize i = 0; i < G_N_ELEMENTS (maker->ids); i++)
    maker->ids[i] = cobro_id_new (COBRO_ID_LINK, maker->clock, maker->random);
  return NULL;
}

/* Four threads share a source: no id twice, and each thread sees its own ascend. */
static void
test_id_threads (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree Maker *makers = g_new0 (Maker, 4);
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    {
      makers[i].clock = clock;
      makers[i].random = random;
      threads[i] = g_thread_new ("maker", make_ids, &makers[i]);
    }
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < 4; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (makers[i].ids); j++)
      {
        g_assert_true (g_hash_table_add (seen, makers[i].ids[j].text));
        g_assert_true (j == 0 || strcmp (makers[i].ids[j - 1].text, makers[i].ids[j].text) < 0);
      }
}

/* proves: INV-1 */
static void
test_token (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2000; i++)
    {
      CobroToken token = cobro_token_new (random), reference = cobro_token_new_reference (random), back;

      g_assert_cmpuint (strlen (token.text), ==, 64);
      g_assert_cmpuint (strlen (reference.text), ==, 48);
      g_assert_true (cobro_token_parse (token.text, &back, &error));
      g_assert_cmpstr (back.text, ==, token.text);
      g_assert_true (cobro_token_parse (reference.text, &back, &error));
      g_assert_true (g_hash_table_add (seen, g_strdup (token.text)));
      g_assert_true (g_hash_table_add (seen, g_strdup (reference.text)));
    }
}

static void
test_token_refused (void)
{
  g_autofree char *upper = g_strnfill (64, 'A'), *letter = g_strnfill (64, 'g'), *shorter = g_strnfill (63, 'a'),
                  *longer = g_strnfill (65, 'a'), *other = g_strnfill (50, 'a');
  const char *refused[] = { "", upper, letter, shorter, longer, other, "../../etc/passwd" };
  g_autoptr (GError) error = NULL;
  CobroToken token = COBRO_TOKEN_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (cobro_token_parse (refused[i], &token, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, NULL);
    }
  g_assert_false (cobro_token_is_set (&token));
}

/* SHA-256 of the text; the vector is `printf '%064d' 0 | sha256sum`. */
static void
test_token_hash (void)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  CobroToken token, other;
  CobroTokenHash a, b;
  GString *hex = g_string_new (NULL);

  g_assert_true (cobro_token_parse (zeros, &token, NULL));
  a = cobro_token_hash (&token);
  for (gsize i = 0; i < sizeof a.bytes; i++)
    g_string_append_printf (hex, "%02x", a.bytes[i]);
  g_assert_cmpstr (hex->str, ==, "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
  g_string_free (hex, TRUE);

  other = token;
  other.text[63] = '1';
  b = cobro_token_hash (&other);
  g_assert_false (cobro_token_hash_equal (&a, &b));
  b = cobro_token_hash (&token);
  g_assert_true (cobro_token_hash_equal (&a, &b));
  for (gsize i = 0; i < sizeof b.bytes; i++)
    {
      b.bytes[i] ^= 1;
      g_assert_false (cobro_token_hash_equal (&a, &b));
      b.bytes[i] ^= 1;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/clock/fake", test_fake_clock);
  g_test_add_func ("/core/clock/system", test_system_clock);
  g_test_add_func ("/core/time/text", test_time_text);
  g_test_add_func ("/core/time/refused", test_time_refused);
  g_test_add_func ("/core/time/round-trip", test_time_round_trip);
  g_test_add_func ("/core/random", test_random);
  g_test_add_func ("/core/id/kinds", test_id_kinds);
  g_test_add_func ("/core/id/refused", test_id_refused);
  g_test_add_func ("/core/id/order", test_id_order);
  g_test_add_func ("/core/id/clock-corrected", test_id_clock_corrected);
  g_test_add_func ("/core/id/threads", test_id_threads);
  g_test_add_func ("/core/token/unique", test_token);
  g_test_add_func ("/core/token/refused", test_token_refused);
  g_test_add_func ("/core/token/hash", test_token_hash);
  return g_test_run ();
}
