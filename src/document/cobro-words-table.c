/* src/document/cobro-words-table.c — the languages of documents and mails, and their words. Layer: document. Any
 * thread. */
#include "cobro-words-table.h"

static const char *const tags[COBRO_N_LANGUAGES + 1] = { "en", "es", "de", "fr", "pt", "ar", NULL };
static const char *const *const tables[COBRO_N_LANGUAGES] = { cobro_words_en, cobro_words_es, cobro_words_de,
                                                              cobro_words_fr, cobro_words_pt, cobro_words_ar };

const char *const *
cobro_words_languages (void)
{
  return tags;
}

const char *
cobro_words_table (CobroWord word, guint language)
{
  return tables[language][word];
}
