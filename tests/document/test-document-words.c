/* tests/document/test-document-words.c — the table of words is complete, and values cannot break out of sentences.
 * Layer: tests. */
#include "cobro-accent.h"
#include "cobro-date-text.h"
#include "cobro-test.h"
#include "cobro-words-table.h"

#include <string.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The placeholders of a sentence, sorted. */
static char *
placeholders (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\{[a-z]+\\}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    g_ptr_array_add (names, g_match_info_fetch (match, 0));
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **)names->pdata);
}

static void
test_table (void)
{
  const char *const *languages = cobro_words_languages ();

  g_assert_cmpuint (g_strv_length ((char **)languages), ==, COBRO_N_LANGUAGES);
  for (guint word = 0; word < COBRO_N_WORDS; word++)
    for (guint language = 0; language < COBRO_N_LANGUAGES; language++)
      {
        const char *text = cobro_words_table ((CobroWord)word, language);
        g_autofree char *wanted = placeholders (cobro_words_table ((CobroWord)word, 0)), *found = NULL;

        g_test_message ("%s, word %u: %s", languages[language], word, text);
        g_assert_nonnull (text);
        g_assert_cmpstr (text, !=, "");
        found = placeholders (text);
        g_assert_cmpstr (found, ==, wanted);
        cobro_test_assert_language (text, languages[language]);
      }
}

/* Every number has the plural that CLDR gives it: Arabic has six. */
static void
test_plurals (void)
{
  static const struct
  {
    const char *tag;
    gint64 count;
    CobroDuration unit;
    const char *text;
  } cases[] = {
    { "en", 1, COBRO_DURATION_DAYS, "1 day" },        { "en", 30, COBRO_DURATION_DAYS, "30 days" },
    { "es", 1, COBRO_DURATION_SECONDS, "1 segundo" }, { "es", 2, COBRO_DURATION_SECONDS, "2 segundos" },
    { "de", 1, COBRO_DURATION_MINUTES, "1 Minute" },  { "de", 5, COBRO_DURATION_MINUTES, "5 Minuten" },
    { "fr", 0, COBRO_DURATION_DAYS, "0 jour" },       { "fr", 2, COBRO_DURATION_DAYS, "2 jours" },
    { "pt", 1, COBRO_DURATION_DAYS, "1 dia" },        { "pt", 14, COBRO_DURATION_DAYS, "14 dias" },
    { "ar-EG", 1, COBRO_DURATION_DAYS, "يوم" },       { "ar-EG", 2, COBRO_DURATION_DAYS, "يومان" },
    { "ar-EG", 3, COBRO_DURATION_DAYS, "٣ أيام" },    { "ar-EG", 11, COBRO_DURATION_DAYS, "١١ يومًا" },
    { "ar-EG", 100, COBRO_DURATION_DAYS, "١٠٠ يوم" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroLocale) locale = cobro_words_locale (cases[i].tag, NULL);
      g_autofree char *text = cobro_duration_text (cases[i].count, cases[i].unit, locale);
      g_autofree char *seen = cobro_plain_blanks (text);

      g_assert_cmpstr (seen, ==, cases[i].text);
    }
}

static void
test_languages (void)
{
  static const struct
  {
    const char *tag, *country, *found;
    CobroWord word;
  } cases[] = {
    { "en", "", "Invoice", COBRO_WORD_INVOICE },       { "es", "ES", "Factura", COBRO_WORD_INVOICE },
    { "es-MX", NULL, "Factura", COBRO_WORD_INVOICE },  { "ar", "SA", "فاتورة", COBRO_WORD_INVOICE },
    { "de-DE", "DE", "Rechnung", COBRO_WORD_INVOICE }, { "fr", "CA", "Facture", COBRO_WORD_INVOICE },
    { "pt-BR", "BR", "Fatura", COBRO_WORD_INVOICE },   { "it", "IT", "Invoice", COBRO_WORD_INVOICE },
    { "auto", "AU", "Invoice", COBRO_WORD_INVOICE },   { "est", "EE", "Invoice", COBRO_WORD_INVOICE },
    { NULL, NULL, "Invoice", COBRO_WORD_INVOICE },     { "es_ES.UTF-8", "", "Factura", COBRO_WORD_INVOICE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroLocale) locale = cobro_words_locale (cases[i].tag, cases[i].country);

      g_assert_cmpstr (cobro_word (cases[i].word, locale), ==, cases[i].found);
    }
}

static void
test_values (void)
{
  g_autoptr (CobroLocale) english = cobro_words_locale ("en", ""), arabic = cobro_words_locale ("ar", "");
  g_autofree char *plain = cobro_words (COBRO_WORD_SUBJECT_INVOICE, english, "number", "7", "seller",
                                        "{amount} %s\r\nBcc: x", "amount", "1", NULL);
  g_autofree char *missing = cobro_words (COBRO_WORD_HELLO, english, NULL);
  g_autofree char *dot = cobro_words (COBRO_WORD_SAY_AUTOMATIC, english, "seller", "Ana, S.L.", NULL);
  g_autofree char *isolated = cobro_words (COBRO_WORD_PAGE, arabic, "page", "1", "pages", "2", NULL);
  g_autofree char *foreign = cobro_words (COBRO_WORD_SAY_AUTOMATIC, english, "seller", "מכולת", NULL);

  g_assert_cmpstr (plain, ==, "Invoice 7 from {amount} %s Bcc: x: 1");
  g_assert_cmpstr (missing, ==, "Hello ,");
  g_assert_cmpstr (dot, ==, "Sent automatically on behalf of Ana, S.L.");
  g_assert_cmpstr (isolated, ==, "صفحة \u20681\u2069 من \u20682\u2069");
  g_assert_cmpstr (foreign, ==, "Sent automatically on behalf of \u2068מכולת\u2069.");
}

static void
test_clean (void)
{
  g_autofree char *line = cobro_clean_line (" a\tb\r\nc\x1b[0m\u202Ed\u2066e\u2028f\xff ");
  g_autofree char *block = cobro_clean_block ("a\r\n\r\n\r\n\r\nb\x07\n");
  g_autofree char *none = cobro_clean_line (NULL);
  g_autofree char *whole = cobro_clip ("añb", 3), *cut = cobro_clip ("ñandú", 3);

  g_assert_cmpstr (line, ==, "a b c [0mde f\uFFFD");
  g_assert_cmpstr (block, ==, "a\n\nb");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (whole, ==, "añb");
  g_assert_cmpstr (cut, ==, "ña…");
  g_assert_cmpint (cobro_text_direction ("12 - שלום a"), >, 0);
  g_assert_cmpint (cobro_text_direction ("12 - a שלום"), <, 0);
  g_assert_cmpint (cobro_text_direction ("12 - (3)"), ==, 0);
}

/* Whatever colour a merchant has, words on it and in it are read. */
static void
test_accent (void)
{
  for (guint i = 0; i < 4096; i++)
    {
      CobroColour colour = { (guint8)((i >> 8) * 17), (guint8)(((i >> 4) & 15) * 17), (guint8)((i & 15) * 17) };

      g_assert_cmpuint (cobro_colour_contrast (colour, cobro_accent_ink (colour)), >=, 450);
      g_assert_cmpuint (cobro_colour_contrast (cobro_accent_on (colour, COBRO_COLOUR_WHITE, 450), COBRO_COLOUR_WHITE),
                        >=, 450);
    }
  g_assert_cmpuint (cobro_accent_parse ("red").g, ==, cobro_accent_parse (NULL).g);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/table", test_table);
  g_test_add_func ("/words/plurals", test_plurals);
  g_test_add_func ("/words/languages", test_languages);
  g_test_add_func ("/words/values", test_values);
  g_test_add_func ("/words/clean", test_clean);
  g_test_add_func ("/words/accent", test_accent);
  return g_test_run ();
}
