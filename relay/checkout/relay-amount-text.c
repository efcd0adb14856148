/* relay/checkout/relay-amount-text.c — reading typed amounts: separators are understood or refused, never guessed.
 * Layer: relay/checkout. Pure; any thread. */
#include "relay-amount-text.h"

#include <string.h>

#include "cobro-error.h"

#define TYPED_MAX 64 /* characters */

static gboolean
refuse (GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be an amount such as 12.50");
}

/* ASCII digits, '.', ',', and ' ' for every blank and apostrophe that groups digits; NULL when anything else is there.
 */
static char *
simplify (const char *text)
{
  g_autoptr (GString) simple = g_string_new (NULL);

  if (g_utf8_strlen (text, -1) > TYPED_MAX)
    return NULL;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isdigit (c) && g_unichar_digit_value (c) >= 0)
        g_string_append_c (simple, (char)('0' + g_unichar_digit_value (c)));
      else if (c == '.' || c == 0x066B) /* Arabic decimal separator */
        g_string_append_c (simple, '.');
      else if (c == ',' || c == 0x066C) /* Arabic thousands separator */
        g_string_append_c (simple, ',');
      else if (g_unichar_isspace (c) || c == '\'' || c == 0x2019)
        g_string_append_c (simple, ' ');
      else
        return NULL;
    }
  g_strstrip (simple->str);
  return g_strdup (simple->str);
}

static guint
count (const char *text, gsize n, char c)
{
  guint found = 0;

  for (gsize i = 0; i < n; i++)
    found += text[i] == c;
  return found;
}

/* Digits in groups: "1234", or "1.234.567" with one kind of separator and three digits after the last. Appends the
 * digits. */
static gboolean
append_grouped (const char *text, gsize n, GString *plain)
{
  char separator = '\0';
  gsize group = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (g_ascii_isdigit (text[i]))
        {
          group++;
          g_string_append_c (plain, text[i]);
          continue;
        }
      if (group == 0 || group > 3 || (separator != '\0' && (text[i] != separator || group < 2)))
        return FALSE;
      separator = text[i];
      group = 0;
    }
  return separator == '\0' ? group > 0 : group == 3;
}

/* Where the decimal separator stands; NULL: there is none. FALSE when "1.234" could be read both ways. */
static gboolean
find_decimal (const char *text, guint exponent, const char **out_at)
{
  const char *last = NULL;
  gsize after;

  *out_at = NULL;
  for (const char *at = text; *at != '\0'; at++)
    if (*at == '.' || *at == ',')
      last = at;
  if (last == NULL || count (text, strlen (text), *last) > 1)
    return TRUE; /* several of a kind can only group */
  after = strlen (last + 1);
  if (after == 3 && exponent == 0)
    return TRUE; /* without decimals it groups */
  if (after == 3 && exponent != 3 && strcspn (text, ",. ") == (gsize)(last - text))
    return FALSE;
  *out_at = last;
  return TRUE;
}

gboolean
relay_amount_from_text (const char *text, CobroCurrency currency, CobroMoney *out_amount, GError **error)
{
  g_autofree char *simple = simplify (text);
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *decimal = NULL;
  gsize whole;

  if (simple == NULL || *simple == '\0')
    return refuse (error);
  if (!find_decimal (simple, cobro_currency_exponent (currency), &decimal))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount",
                               "can be read in two ways: write it without thousands separator, or with decimals");
  whole = decimal != NULL ? (gsize)(decimal - simple) : strlen (simple);
  if (!append_grouped (simple, whole, plain) || (decimal != NULL && count (simple, whole, *decimal) > 0))
    return refuse (error);
  if (decimal != NULL)
    g_string_append_printf (plain, ".%s", decimal + 1);
  if (!cobro_money_from_decimal (plain->str, currency, out_amount, error))
    return cobro_error_prefix_path (error, "amount");
  return TRUE;
}
