/* src/document/cobro-words-table.h — where the words stand, language by language. Private to cobro-words.c and its
 * tables. Layer: document (private). */
#pragma once
#include "cobro-words.h"

#define COBRO_N_LANGUAGES 6 /* in the order of cobro_words_languages() */

/* Every word has its text in every language: tests hold the tables against each other. */
extern const char *const cobro_words_en[COBRO_N_WORDS],
  *const cobro_words_es[COBRO_N_WORDS], *const cobro_words_de[COBRO_N_WORDS], *const cobro_words_fr[COBRO_N_WORDS],
                                                                                *const cobro_words_pt[COBRO_N_WORDS],
                                                                                  *const cobro_words_ar[COBRO_N_WORDS];

/* @language: 0 … COBRO_N_LANGUAGES − 1 */
const char *cobro_words_table (CobroWord word, guint language);
