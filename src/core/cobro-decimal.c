/* src/core/cobro-decimal.c — exact decimal text and scaled integers. Compiled without floating-point registers.
 * Layer: core. Any thread. */
#include "cobro-decimal.h"
#include "cobro-error.h"

#include <string.h>

#define DECIMAL_PLACES 6
#define PLACES_MAX     6

static gboolean
refuse_form (guint places, GError **error)
{
  if (places == 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must be a whole number, with digits only");
  return cobro_error_set (error, COBRO_ERROR_INVALID, "must be digits with at most %u decimals after a '.'", places);
}

/* Counts downwards, because the negative range is the larger one. */
static gboolean
append_digit (gint64 *scaled, int digit)
{
  return !__builtin_mul_overflow (*scaled, 10, scaled) && !__builtin_sub_overflow (*scaled, digit, scaled);
}

gboolean
cobro_scaled_from_text (const char *text, guint places, gint64 *out_scaled, GError **error)
{
  const char *at = text;
  gboolean negative, fits = TRUE;
  gint64 scaled = 0;
  guint decimals = 0;

  g_return_val_if_fail (text != NULL && out_scaled != NULL && places <= PLACES_MAX, FALSE);

  if ((negative = *at == '-'))
    at++;
  if (!g_ascii_isdigit (*at))
    return refuse_form (places, error);
  for (; g_ascii_isdigit (*at); at++)
    fits = fits && append_digit (&scaled, *at - '0');
  if (*at == '.')
    for (at++; g_ascii_isdigit (*at); at++, decimals++)
      fits = fits && append_digit (&scaled, *at - '0');
  if (*at != '\0' || at[-1] == '.' || decimals > places)
    return refuse_form (places, error);
  for (; decimals < places; decimals++)
    fits = fits && append_digit (&scaled, 0);
  if (!fits || (!negative && scaled == G_MININT64))
    return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "is too large");

  *out_scaled = negative ? scaled : -scaled;
  return TRUE;
}

char *
cobro_scaled_to_text (gint64 scaled, guint places)
{
  char text[32]; /* sign, 19 digits, dot, leading zeros */
  char *at = text + sizeof text;
  guint64 rest = scaled < 0 ? 0 - (guint64)scaled : (guint64)scaled;

  g_return_val_if_fail (places <= PLACES_MAX, NULL);

  *--at = '\0';
  for (guint digit = 0; digit <= places || rest > 0; digit++)
    {
      if (digit == places && places > 0)
        *--at = '.';
      *--at = (char)('0' + rest % 10);
      rest /= 10;
    }
  if (scaled < 0)
    *--at = '-';
  return g_strdup (at);
}

gboolean
cobro_decimal_from_text (const char *text, CobroDecimal *out_decimal, GError **error)
{
  return cobro_scaled_from_text (text, DECIMAL_PLACES, out_decimal, error);
}

char *
cobro_decimal_to_text (CobroDecimal decimal)
{
  char *text = cobro_scaled_to_text (decimal, DECIMAL_PLACES);
  char *end = text + strlen (text);

  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    end[-1] = '\0';
  return text;
}
