/* src/document/cobro-money-entry.c — reading amounts that people typed, in any habit of writing them.
 * Layer: document. Any thread. */
#include <string.h>
#include <unicode/unum.h>

#include "cobro-error.h"
#include "cobro-locale-private.h"
#include "cobro-money-text.h"

#define TYPED_MAX 64 /* characters */

/* The characters of a typed number, brought to few: digits, '.', ',', '_' for what only groups, ';' for what is only
 * decimal. */
static char
plain_character (gunichar c)
{
  if (g_unichar_isdigit (c))
    return (char)('0' + g_unichar_digit_value (c));
  switch (c)
    {
    case '.':
    case ',':
      return (char)c;
    case 0x060C: /* Arabic comma */
      return ',';
    case 0x066B: /* Arabic decimal separator */
      return ';';
    case ' ':
    case 0x00A0:
    case 0x2009:
    case 0x202F:
    case '\'':
    case 0x2019:
    case 0x066C: /* Arabic thousands separator */
      return '_';
    default: /* any other character: not part of a number */
      return '\0';
    }
}

static gboolean
is_mark (gunichar c)
{
  return c == 0x200E || c == 0x200F || c == 0x061C || g_unichar_isspace (c) || c == 0x00A0 || c == 0x202F;
}

/* What stands beside the number: nothing, a sign, or the code of this currency. */
static gboolean
check_beside (const char *beside, CobroCurrency currency, CobroLocale *locale, GError **error)
{
  g_autofree char *sign = cobro_currency_sign (currency, locale);
  g_autofree char *folded = g_utf8_strup (beside, -1);
  g_autofree char *folded_sign = g_utf8_strup (sign, -1);
  CobroCurrency other;

  if (*beside == '\0' || g_str_equal (folded, folded_sign) || g_str_equal (folded, cobro_currency_code (currency)))
    return TRUE;
  if (cobro_currency_from_code (folded, &other, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is in %s, not in %s", folded,
                               cobro_currency_code (currency));
  for (const char *p = beside; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_CURRENCY_SYMBOL && !g_unichar_isalpha (g_utf8_get_char (p)) &&
        *p != '.')
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "\"%s\" is not an amount", beside);
  if (g_utf8_strlen (beside, -1) > 4)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "\"%s\" is not an amount", beside);
  return TRUE;
}

/* Splits @text into the number in plain characters and what stands around it. */
static gboolean
split_typed (const char *text, GString *number, GString *beside, GError **error)
{
  gboolean ended = FALSE, letter = FALSE;

  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > TYPED_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is too long");
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      char plain = plain_character (c);

      if (c == '-' || c == 0x2212 || c == '(')
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must not be negative");
      if (g_ascii_isdigit (plain) || (plain != '\0' && plain != '_' && !ended && !letter) ||
          (plain == '_' && !ended && number->len > 0))
        {
          if (ended && number->len > 0)
            return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "has more than one number");
          g_string_append_c (number, plain);
        }
      else if (!is_mark (c))
        {
          ended = number->len > 0;
          g_string_append_unichar (beside, c);
        }
      letter = g_unichar_isalpha (c) || (letter && plain == '.'); /* the dot of "Rs." is not that of ".50" */
    }
  while (number->len > 0 && number->str[number->len - 1] == '_')
    g_string_truncate (number, number->len - 1);
  if (strpbrk (number->str, "0123456789") == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not a number");
  return TRUE;
}

static UChar
locale_decimal (CobroLocale *locale)
{
  UErrorCode status = U_ZERO_ERROR;
  UNumberFormat *format = unum_open (UNUM_DECIMAL, NULL, 0, cobro_locale_icu (locale), NULL, &status);
  UChar symbol[8] = { 0 };

  if (U_SUCCESS (status))
    unum_getSymbol (format, UNUM_DECIMAL_SEPARATOR_SYMBOL, symbol, G_N_ELEMENTS (symbol), &status);
  unum_close (format);
  return symbol[0];
}

static gsize
count (const char *text, char c)
{
  gsize n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;
  return n;
}

/* Where the decimal separator stands in @number, or NULL: one separator alone is decimal unless only grouping fits. */
static const char *
find_decimal (const char *number, guint places, CobroLocale *locale, gboolean *out_ambiguous)
{
  const char *dot = strrchr (number, '.');
  const char *comma = strrchr (number, ',');
  const char *only = dot != NULL ? dot : comma;
  gsize after;

  *out_ambiguous = FALSE;
  if (strchr (number, ';') != NULL)
    return strchr (number, ';');
  if (dot != NULL && comma != NULL)
    return MAX (dot, comma);
  if (only == NULL || count (number, *only) > 1)
    return NULL;

  after = strlen (only + 1);
  if (after != 3 || only == number || only - number > 3 || *number == '0' ||
      memchr (number, '_', (gsize)(only - number)) != NULL)
    return only;
  *out_ambiguous = TRUE;
  return places >= 3 && locale_decimal (locale) == (UChar)*only ? only : NULL;
}

/* The whole part: digits in groups of three (or two before the last three, as in India), or no groups at all. */
static gboolean
append_whole (GString *decimal, const char *from, const char *to, GError **error)
{
  gsize group = 0, groups = 0;

  for (const char *p = from; p <= to; p++)
    {
      if (p < to && g_ascii_isdigit (*p))
        {
          g_string_append_c (decimal, *p);
          group++;
          continue;
        }
      if ((p == to && groups > 0 && group != 3) || (p < to && groups > 0 && group != 2 && group != 3) ||
          (p < to && groups == 0 && (group == 0 || group > 3)))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "has a separator in an odd place");
      group = 0;
      groups++;
    }
  if (decimal->len == 0)
    g_string_append_c (decimal, '0');
  return TRUE;
}

/* Brings plain characters to decimal text: "1.234,5" to "1234.5". */
static gboolean
read_plain (const GString *number, guint places, CobroLocale *locale, GString *decimal, gboolean *out_ambiguous,
            GError **error)
{
  const char *end = number->str + number->len;
  const char *point = find_decimal (number->str, places, locale, out_ambiguous);

  if (!append_whole (decimal, number->str, point != NULL ? point : end, error))
    return FALSE;
  if (point == NULL || point + 1 == end)
    return TRUE;
  if (strspn (point + 1, "0123456789") != strlen (point + 1))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "has a separator in an odd place");
  g_string_append_printf (decimal, ".%s", point + 1);
  return TRUE;
}

gboolean
cobro_money_from_text (const char *text, CobroCurrency currency, CobroLocale *locale, CobroMoney *out_money,
                       gboolean *out_ambiguous, GError **error)
{
  g_autoptr (GString) number = g_string_new (NULL);
  g_autoptr (GString) beside = g_string_new (NULL);
  g_autoptr (GString) decimal = g_string_new (NULL);
  const char *point;
  gboolean ambiguous;
  CobroMoney money;

  if (!split_typed (text, number, beside, error) || !check_beside (beside->str, currency, locale, error) ||
      !read_plain (number, cobro_currency_exponent (currency), locale, decimal, &ambiguous, error))
    return FALSE;
  point = strchr (decimal->str, '.');
  if (point != NULL && strlen (point + 1) > cobro_currency_exponent (currency))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "%s has %u decimals",
                               cobro_currency_code (currency), cobro_currency_exponent (currency));
  if (!cobro_money_from_decimal (decimal->str, currency, &money, error) || !cobro_money_check (money, error))
    return FALSE;

  *out_money = money;
  if (out_ambiguous != NULL)
    *out_ambiguous = ambiguous;
  return TRUE;
}

/* Takes a minus sign from the front; what follows it. */
static const char *
skip_minus (const char *text, gboolean *out_negative)
{
  const char *at = text;

  while (*at != '\0' && is_mark (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  *out_negative = *at == '-' || g_utf8_get_char (at) == 0x2212;
  return *out_negative ? g_utf8_next_char (at) : text;
}

char *
cobro_typed_decimal (const char *text, guint places, CobroLocale *locale, gboolean *out_ambiguous, GError **error)
{
  g_autoptr (GString) number = g_string_new (NULL);
  g_autoptr (GString) beside = g_string_new (NULL);
  g_autoptr (GString) decimal = g_string_new (NULL);
  gboolean negative, ambiguous;

  if (!g_utf8_validate (text, -1, NULL))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not a number");
      return NULL;
    }
  if (!split_typed (skip_minus (text, &negative), number, beside, error))
    return NULL;
  if (beside->len > 0)
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "\"%s\" is not a number", beside->str);
      return NULL;
    }
  if (!read_plain (number, places, locale, decimal, &ambiguous, error))
    return NULL;

  if (negative)
    g_string_prepend_c (decimal, '-');
  if (out_ambiguous != NULL)
    *out_ambiguous = ambiguous;
  return g_string_free (g_steal_pointer (&decimal), FALSE);
}

char *
cobro_decimal_entry_text (const char *decimal, CobroLocale *locale)
{
  g_autoptr (GString) text = g_string_new (decimal);
  g_autofree char *sign = g_ucs4_to_utf8 ((const gunichar[]){ locale_decimal (locale) }, 1, NULL, NULL, NULL);

  if (sign != NULL && *sign != '\0')
    g_string_replace (text, ".", sign, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
