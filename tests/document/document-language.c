/* tests/document/document-language.c — that a document speaks one language. Layer: tests. */
#include "document-language.h"

#include "cobro-test.h"
#include "cobro-words-table.h"

static gboolean
is_own (const char *other, guint own)
{
  for (guint word = 0; word < COBRO_N_WORDS; word++)
    if (cobro_test_says (cobro_words_table ((CobroWord)word, own), other))
      return TRUE;
  return FALSE;
}

void
document_assert_language (const char *text, guint own)
{
  for (guint word = 0; word < COBRO_N_WORDS; word++)
    for (guint language = 0; language < COBRO_N_LANGUAGES; language++)
      {
        const char *other = cobro_words_table ((CobroWord)word, language);

        if (language != own && cobro_test_says (text, other) && !is_own (other, own))
          g_error ("\"%s\" in a document in %s:\n%s", other, cobro_words_languages ()[own], text);
      }
}
