/* relay/providers/mock/relay-mock-cards.c — test cards: Luhn, expiry, security code, and what each card does.
 * Layer: relay/providers (mock). Pure; any thread. A card number lives in one local buffer that is wiped. */
#include "relay-mock-private.h"

#include <string.h>

#define DIGITS_MAX 19

/* Like Stripe's test cards (INV-6). Any other number is refused, so that nobody leaves a real one here. */
static const struct
{
  const char *number, *brand;
  RelayMockCardOutcome outcome;
  const char *failure_code;
} cards[] = {
  { "4242424242424242", "visa", RELAY_MOCK_CARD_PAYS, NULL },
  { "5555555555554444", "mastercard", RELAY_MOCK_CARD_PAYS, NULL },
  { "378282246310005", "amex", RELAY_MOCK_CARD_PAYS, NULL },
  { "4000000000000002", "visa", RELAY_MOCK_CARD_DECLINES, "card_declined" },
  { "4000000000009995", "visa", RELAY_MOCK_CARD_DECLINES, "insufficient_funds" },
  { "4000000000000069", "visa", RELAY_MOCK_CARD_DECLINES, "expired_card" },
  { "4000002500003155", "visa", RELAY_MOCK_CARD_ASKS, NULL },
};

/* Digits of any script ("٤٢٤٢" is "4242"), spaces and dashes dropped. FALSE on anything else or too many. */
static gboolean
read_digits (const char *text, char out[DIGITS_MAX + 1])
{
  guint n = 0;

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      int digit = g_unichar_digit_value (c);

      if (g_unichar_isspace (c) || c == '-')
        continue;
      if (digit < 0 || n == DIGITS_MAX)
        return FALSE;
      out[n++] = (char)('0' + digit);
    }
  out[n] = '\0';
  return TRUE;
}

/* ISO/IEC 7812-1, annex B. */
static gboolean
passes_luhn (const char *digits)
{
  gsize n = strlen (digits);
  int sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      int digit = digits[n - 1 - i] - '0';

      if (i % 2 == 1)
        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
  return sum % 10 == 0;
}

static const char *
check_number (const char *text, RelayMockCard *out_card)
{
  char digits[DIGITS_MAX + 1] = "";
  const char *wrong = "card-not-a-test-card";
  gsize n;

  if (!read_digits (text, digits))
    wrong = "card-number-wrong";
  else if ((n = strlen (digits)) == 0)
    wrong = "card-number-missing";
  else if (n < 13 || !passes_luhn (digits))
    wrong = "card-number-wrong";
  else
    for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
      if (strcmp (digits, cards[i].number) == 0)
        {
          out_card->brand = cards[i].brand;
          out_card->outcome = cards[i].outcome;
          out_card->failure_code = cards[i].failure_code;
          memcpy (out_card->last4, digits + n - 4, 5);
          wrong = NULL;
        }
  explicit_bzero (digits, sizeof digits);
  return wrong;
}

/* "12/34", "12 / 34", "1234", "12/2034". A card is good to the end of its month. */
static const char *
check_expiry (const char *text, CobroTime now)
{
  g_autofree char *plain = g_strdelimit (g_strdup (text), "/", ' ');
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_utc (now / COBRO_SECOND);
  char digits[DIGITS_MAX + 1] = "";
  int month, year;
  gsize n;

  if (!read_digits (plain, digits))
    return "card-expiry-wrong";
  if ((n = strlen (digits)) == 0)
    return "card-expiry-missing";
  if (n != 4 && n != 6)
    return "card-expiry-wrong";
  month = (digits[0] - '0') * 10 + (digits[1] - '0');
  year = (digits[n - 2] - '0') * 10 + (digits[n - 1] - '0');
  if (month < 1 || month > 12 || (n == 6 && (digits[2] != '2' || digits[3] != '0')))
    return "card-expiry-wrong";
  year += 2000;
  if (year < g_date_time_get_year (today) ||
      (year == g_date_time_get_year (today) && month < g_date_time_get_month (today)))
    return "card-expiry-past";
  return year > g_date_time_get_year (today) + 30 ? "card-expiry-wrong" : NULL;
}

static const char *
check_cvc (const char *text, const char *brand)
{
  char digits[DIGITS_MAX + 1] = "";
  gsize n = 0;
  gboolean all_digits = read_digits (text, digits);

  n = strlen (digits);
  explicit_bzero (digits, sizeof digits);
  if (all_digits && n == 0)
    return "card-cvc-missing";
  if (!all_digits || n < 3 || n > 4)
    return "card-cvc-wrong";
  return brand != NULL && n != (strcmp (brand, "amex") == 0 ? 4 : 3) ? "card-cvc-wrong" : NULL;
}

gboolean
relay_mock_card_read (const char *number, const char *expiry, const char *cvc, CobroTime now, RelayMockCard *out_card,
                      RelayMockCardErrors *out_errors)
{
  RelayMockCard card = { NULL, "", RELAY_MOCK_CARD_PAYS, NULL };
  RelayMockCardErrors errors;

  errors.number = check_number (number != NULL ? number : "", &card);
  errors.expiry = check_expiry (expiry != NULL ? expiry : "", now);
  errors.cvc = check_cvc (cvc != NULL ? cvc : "", card.brand);
  if (errors.number != NULL || errors.expiry != NULL || errors.cvc != NULL)
    {
      *out_errors = errors;
      return FALSE;
    }
  *out_card = card;
  return TRUE;
}
