/* src/document/cobro-country-text.h — countries as people call them, by locale (ICU).
 * Layer: document. Any thread. */
#pragma once
#include "cobro-locale.h"

/* (transfer full) "Spain" · "España"; the code itself where nobody knows it; "" for "". */
char *cobro_country_text (const char *code, CobroLocale *locale);
/* (transfer full) all codes (ISO 3166 alpha-2) in the order of their names in this locale. */
GStrv cobro_country_codes (CobroLocale *locale);
