/* src/document/cobro-locale-private.h — the ICU side of a locale, for the text files of this layer.
 * Layer: document (private). Any thread. */
#pragma once
#include <unicode/uloc.h>
#include <unicode/udat.h>
#include <unicode/unum.h>

#include "cobro-locale.h"

/* ICU's name of the locale ("es_MX"). */
const char *cobro_locale_icu (CobroLocale *locale);
/* The zone as UTF-16, "UTC" if there is none. */
const UChar *cobro_locale_zone (CobroLocale *locale);

typedef char *(*CobroLocaleUse) (gpointer formatter, gpointer data);
typedef gpointer (*CobroLocaleMake) (CobroLocale *locale, gpointer data);

/* Runs @use with the formatter kept under @key, made at the first use, while the locale is locked. (transfer full) */
char *cobro_locale_with_formatter (CobroLocale *locale, guint key, CobroLocaleMake make, GDestroyNotify free_formatter,
                                   CobroLocaleUse use, gpointer data);

/* Keys of formatters: a kind, and a currency where it matters. */
enum
{
  COBRO_FORMAT_SIGN = 1,
  COBRO_FORMAT_CODE,
  COBRO_FORMAT_NUMBER,
  COBRO_FORMAT_INTEGER,
  COBRO_FORMAT_DECIMAL,
  COBRO_FORMAT_DATE,
  COBRO_FORMAT_DATE_TIME,
  COBRO_FORMAT_TIME,
  COBRO_FORMAT_CIVIL,
  COBRO_FORMAT_RELATIVE,
  COBRO_FORMAT_PLAIN,
  COBRO_FORMAT_MONTH,
  COBRO_FORMAT_MONTH_SHORT,
  COBRO_FORMAT_DURATION
};
#define COBRO_FORMAT_KEY(kind, currency) (((guint)(kind) << 16) | (guint)(currency))
