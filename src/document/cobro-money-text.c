/* src/document/cobro-money-text.c — writing amounts: ICU gets exact decimal text and the number of decimals from our
 * own table (ICU's rounds some currencies to what cash can pay). Layer: document. Any thread. */
#include "cobro-money-text.h"

#include <string.h>
#include <unicode/ucurr.h>

#include "cobro-locale-private.h"

/* What one number needs on its way through a formatter. */
typedef struct
{
  guint kind;
  CobroCurrency currency;
  const char *decimal;
} Job;

static void
free_number (gpointer format)
{
  unum_close (format);
}

static UNumberFormatStyle
style_of (guint kind)
{
  if (kind == COBRO_FORMAT_SIGN)
    return UNUM_CURRENCY;
  return kind == COBRO_FORMAT_CODE ? UNUM_CURRENCY_ISO : UNUM_DECIMAL;
}

static int32_t
most_digits (guint kind, int32_t digits)
{
  if (kind == COBRO_FORMAT_PLAIN)
    return 10; /* a unit price has up to four more than its currency */
  return kind == COBRO_FORMAT_DECIMAL ? 6 : digits;
}

static gpointer
make_number (CobroLocale *locale, gpointer data)
{
  const Job *job = data;
  UErrorCode status = U_ZERO_ERROR;
  UNumberFormat *format = unum_open (style_of (job->kind), NULL, 0, cobro_locale_icu (locale), NULL, &status);
  int32_t digits = (int32_t)cobro_currency_exponent (job->currency);

  if (U_FAILURE (status))
    g_error ("ICU has no number format: %s", u_errorName (status));
  if (job->currency != COBRO_CURRENCY_NONE && style_of (job->kind) != UNUM_DECIMAL)
    {
      gunichar2 *code = g_utf8_to_utf16 (cobro_currency_code (job->currency), -1, NULL, NULL, NULL);

      unum_setTextAttribute (format, UNUM_CURRENCY_CODE, (const UChar *)code, -1, &status);
      g_free (code);
    }
  if (job->kind == COBRO_FORMAT_NUMBER)
    unum_setAttribute (format, UNUM_GROUPING_USED, 0);
  unum_setAttribute (format, UNUM_MIN_FRACTION_DIGITS, job->kind == COBRO_FORMAT_DECIMAL ? 0 : digits);
  unum_setAttribute (format, UNUM_MAX_FRACTION_DIGITS, most_digits (job->kind, digits));
  return format;
}

static char *
use_number (gpointer format, gpointer data)
{
  const Job *job = data;
  UChar text[128];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = unum_formatDecimal (format, job->decimal, -1, text, G_N_ELEMENTS (text), NULL, &status);

  if (U_FAILURE (status) || length > (int32_t)G_N_ELEMENTS (text))
    return g_strdup (job->decimal);
  return g_utf16_to_utf8 ((const gunichar2 *)text, length, NULL, NULL, NULL);
}

static char *
format (guint kind, CobroCurrency currency, const char *decimal, CobroLocale *locale)
{
  Job job = { .kind = kind, .currency = currency, .decimal = decimal };

  return cobro_locale_with_formatter (locale, COBRO_FORMAT_KEY (kind, currency), make_number, free_number, use_number,
                                      &job);
}

static char *
format_money (guint kind, CobroMoney money, CobroLocale *locale)
{
  g_autofree char *decimal = NULL;

  if (!cobro_money_is_set (money))
    return g_strdup ("");
  decimal = cobro_money_to_decimal (money);
  return format (kind, cobro_money_currency (money), decimal, locale);
}

/* The country that decides what a bare "$" means; "" where the language alone does not tell. */
static void
country_of (CobroLocale *locale, char out[ULOC_COUNTRY_CAPACITY])
{
  static const char *const of_many_countries[] = { "ar", "en", "es", "fr", "pt", "zh", NULL };
  char language[ULOC_LANG_CAPACITY], full[ULOC_FULLNAME_CAPACITY];
  UErrorCode status = U_ZERO_ERROR;

  out[0] = '\0';
  if (uloc_getCountry (cobro_locale_icu (locale), out, ULOC_COUNTRY_CAPACITY, &status) > 0)
    return;
  uloc_getLanguage (cobro_locale_icu (locale), language, sizeof language, &status);
  if (g_strv_contains (of_many_countries, language))
    return;
  uloc_addLikelySubtags (cobro_locale_icu (locale), full, sizeof full, &status);
  if (U_SUCCESS (status))
    uloc_getCountry (full, out, ULOC_COUNTRY_CAPACITY, &status);
}

/* ICU's sign in this locale: "US$", "€", "MXN". (transfer full) */
static char *
icu_sign (CobroCurrency currency, CobroLocale *locale)
{
  g_autofree gunichar2 *code = g_utf8_to_utf16 (cobro_currency_code (currency), -1, NULL, NULL, NULL);
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;
  const UChar *sign =
    ucurr_getName ((const UChar *)code, cobro_locale_icu (locale), UCURR_SYMBOL_NAME, NULL, &length, &status);

  if (U_FAILURE (status))
    return g_strdup (cobro_currency_code (currency));
  return g_utf16_to_utf8 ((const gunichar2 *)sign, length, NULL, NULL, NULL);
}

/* "MX$" beside a number that is read from right to left comes out as "$MX". */
static gboolean
turns_around (const char *sign, CobroLocale *locale)
{
  return cobro_locale_is_rtl (locale) && g_ascii_isalpha (*sign) && !g_ascii_isalpha (sign[strlen (sign) - 1]);
}

static gboolean
is_ambiguous (CobroCurrency currency, const char *sign, CobroLocale *locale)
{
  static const char *const shared[] = { "$", "¥", "￥", "kr", "kr.", "Kr", "Rs", "₨", NULL };
  char country[ULOC_COUNTRY_CAPACITY];
  g_autofree char *region = NULL;
  UErrorCode status = U_ZERO_ERROR;
  UChar home[8] = { 0 };
  g_autofree char *home_code = NULL;

  if (turns_around (sign, locale))
    return TRUE;
  if (!g_strv_contains (shared, sign))
    return FALSE;
  country_of (locale, country);
  if (country[0] == '\0')
    return TRUE;
  region = g_strconcat ("und_", country, NULL);
  ucurr_forLocale (region, home, G_N_ELEMENTS (home), &status);
  home_code = g_utf16_to_utf8 ((const gunichar2 *)home, -1, NULL, NULL, NULL);
  return U_FAILURE (status) || g_strcmp0 (home_code, cobro_currency_code (currency)) != 0;
}

char *
cobro_currency_sign (CobroCurrency currency, CobroLocale *locale)
{
  g_autofree char *sign = icu_sign (currency, locale);

  if (is_ambiguous (currency, sign, locale))
    return g_strdup (cobro_currency_code (currency));
  return g_steal_pointer (&sign);
}

char *
cobro_money_text (CobroMoney money, CobroLocale *locale)
{
  g_autofree char *sign = cobro_money_is_set (money) ? icu_sign (cobro_money_currency (money), locale) : NULL;

  if (sign != NULL && is_ambiguous (cobro_money_currency (money), sign, locale))
    return format_money (COBRO_FORMAT_CODE, money, locale);
  return format_money (COBRO_FORMAT_SIGN, money, locale);
}

char *
cobro_money_text_with_code (CobroMoney money, CobroLocale *locale)
{
  return format_money (COBRO_FORMAT_CODE, money, locale);
}

char *
cobro_money_text_number (CobroMoney money, CobroLocale *locale)
{
  return format_money (COBRO_FORMAT_NUMBER, money, locale);
}

char *
cobro_money_text_plain (CobroMoney money, CobroLocale *locale)
{
  return format_money (COBRO_FORMAT_PLAIN, money, locale);
}

char *
cobro_price_text_plain (const char *decimal, CobroCurrency currency, CobroLocale *locale)
{
  return format (COBRO_FORMAT_PLAIN, currency, decimal, locale);
}

char *
cobro_number_text (gint64 number, CobroLocale *locale)
{
  g_autofree char *decimal = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return format (COBRO_FORMAT_INTEGER, COBRO_CURRENCY_NONE, decimal, locale);
}

char *
cobro_decimal_text (CobroDecimal decimal, CobroLocale *locale)
{
  g_autofree char *text = cobro_decimal_to_text (decimal);

  return format (COBRO_FORMAT_DECIMAL, COBRO_CURRENCY_NONE, text, locale);
}
