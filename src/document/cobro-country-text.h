/* src/document/cobro-country-text.h — countries and languages as people call them, by locale (ICU).
 * Layer: document. Any thread. */
#pragma once
#include "cobro-locale.h"

/* (transfer full) "Spain" · "España"; the code itself where nobody knows it; "" for "". */
char *cobro_country_text (const char *code, CobroLocale *locale);
/* (transfer full) a language in its own words: "Español" · "Deutsch (Österreich)"; the tag itself where nobody knows
 * it. */
char *cobro_language_text (const char *tag);
/* (transfer full) all codes (ISO 3166 alpha-2) in the order of their names in this locale. */
GStrv cobro_country_codes (CobroLocale *locale);
