/* src/document/cobro-words-table.h — where the words stand, language by language. Private to cobro-words.c and its
 * table. Layer: document (private). */
#pragma once
#include "cobro-words.h"

#define COBRO_N_LANGUAGES 3 /* English, Spanish, Arabic */

/* @language: 0 … COBRO_N_LANGUAGES − 1; English where a language has not said it yet. */
const char *cobro_words_table (CobroWord word, guint language);
