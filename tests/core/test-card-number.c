/* tests/core/test-card-number.c — card numbers are found however they are written, and what only looks like one is not.
 * Layer: tests.
 * proves: DYN-5 */
#include "cobro-card-number.h"
#include "cobro-random.h"
#include "cobro-test.h"

#include <string.h>

static const char *const numbers[] = {
  "4242424242424242", "4000056655665556",    "5555555555554444",    "2223003122003222", "5200828282828210",
  "378282246310005",  "371449635398431",     "6011111111111117",    "3056930009020004", "36227206271667",
  "3566002020360505", "6200000000000005",    "6200000000000000003", "4222222222222",    "5531886652142950",
  "5438898014560229", "5061460166976054667",
};

static gboolean
is_in (const char *text)
{
  return cobro_card_number_is_in (text, -1);
}

/* @number with @gap between groups of @group digits. */
static char *
split (const char *number, guint group, const char *gap)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; number[i] != '\0'; i++)
    {
      if (i > 0 && i % group == 0)
        g_string_append (text, gap);
      g_string_append_c (text, number[i]);
    }
  return g_string_free (text, FALSE);
}

static void
test_found (void)
{
  static const char *const gaps[] = { " ", "-",      ".",      " - ",    "\t",     "\n",   "/",
                                      "_", "\", \"", "\u00a0", "\u2009", "\u2014", ",\n  " };
  static const char *const frames[] = { "%s",           "\"%s\"",       "{\"token\":\"%s\"}",
                                        "pan=%s&x=1",   "tok_%s",       "x%sy",
                                        "%s 12/34 123", "12/34 123 %s", "{\"a\":1,\"%s\":2}",
                                        "0000%s",       "%s00",         "€%s€",
                                        "card%s" };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (gaps); j++)
        for (guint group = 1; group <= 6; group++)
          {
            g_autofree char *text = split (numbers[i], group, gaps[j]);

            g_assert_true (is_in (text));
          }
      for (gsize j = 0; j < G_N_ELEMENTS (frames); j++)
        {
          g_auto (GStrv) halves = g_strsplit (frames[j], "%s", 2);
          g_autofree char *text = g_strconcat (halves[0], numbers[i], halves[1], NULL);

          if (!is_in (text))
            g_error ("not found: %s", text);
        }
    }
}

static char *
escape (const char *number, const char *format)
{
  GString *text = g_string_new (NULL);

  for (const char *at = number; *at != '\0'; at++)
    g_string_append_printf (text, format, *at);
  return g_string_free (text, FALSE);
}

static void
test_disguised (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *json = escape (numbers[i], "\\u%04x");
      g_autofree char *percent = escape (numbers[i], "%%%02X");
      g_autoptr (GString) arabic = g_string_new (NULL);
      g_autoptr (GString) wide = g_string_new (NULL);

      for (const char *at = numbers[i]; *at != '\0'; at++)
        {
          g_string_append_unichar (arabic, 0x0660 + (gunichar)(*at - '0'));
          g_string_append_unichar (wide, 0xFF10 + (gunichar)(*at - '0'));
        }
      g_assert_true (is_in (json));
      g_assert_true (is_in (percent));
      g_assert_true (is_in (arabic->str));
      g_assert_true (is_in (wide->str));
    }
  g_assert_true (cobro_card_number_is_in ("\xff\xfe"
                                          "4242424242424242\xff",
                                          -1));
  g_assert_true (cobro_card_number_is_in ("a\0b4242424242424242", 19));
  g_assert_false (cobro_card_number_is_in ("4242424242424242", 11));
}

static void
test_not_found (void)
{
  static const char *const texts[] = {
    "",
    "4242424242424241",
    "no digits",
    "12/34 123",
    "+49 30 1234567",
    "2026-11-21T09:30:00Z",
    "1790000000",
    "82.50",
    "flw-t1nf-f9b3bf384cd30d6fca42b6df9d27bd2f-m03k",
    "tok_1NqFzn2eZvKYlo2CGm3sXyzA",
    "pay_01kae8w0zjt4m5v1c0y2x3b4n5",
    "4dbd4d3fb22e33631807356afe13c016d200548a635cd99e",
    "f02461eb-15b1-49a3-9cbc-20feaf5f0241",
    "4242 4242 424",
    "4242",
    "{\"amount\":82.5,\"currency\":\"EUR\",\"paymentType\":\"CARD\"}",
    "11111111111",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (is_in (texts[i]))
      g_error ("taken for a card number: %s", texts[i]);
}

/* Tokens as providers make them must pass, but for one in thousands. */
static void
test_tokens_pass (void)
{
  CobroRandom *random = cobro_test_random ();
  guint refused = 0;

  for (guint i = 0; i < 20000; i++)
    {
      guint8 bytes[16];
      g_autoptr (GString) token = g_string_new ("flw-t1nf-");

      cobro_random_fill (random, bytes, sizeof bytes);
      for (guint j = 0; j < sizeof bytes; j++)
        g_string_append_printf (token, "%02x", bytes[j]);
      refused += is_in (token->str) ? 1 : 0;
    }
  g_test_message ("%u of 20000 tokens of 32 hex digits were taken for card numbers", refused);
  g_assert_cmpuint (refused, <, 40);
  cobro_random_unref (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card-number/found", test_found);
  g_test_add_func ("/card-number/disguised", test_disguised);
  g_test_add_func ("/card-number/not-found", test_not_found);
  g_test_add_func ("/card-number/tokens-pass", test_tokens_pass);
  return g_test_run ();
}
