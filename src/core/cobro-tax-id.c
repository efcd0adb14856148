/* src/core/cobro-tax-id.c — tax numbers: what they look like in a country, and their check digits.
 * Layer: core. Any thread. Sources: ec.europa.eu/taxation_customs (structure of VAT numbers), abr.business.gov.au
 * (format of the ABN), sat.gob.mx (RFC), gst.gov.in (GSTIN). */
#include "cobro-tax.h"
#include "cobro-error.h"

#include <string.h>

#define NUMBER_MAX 64

/* Forms: 9 a digit, A a letter, X either, others themselves; several are separated by blanks. */
typedef struct
{
  const char *country;
  const char *prefix;   /* of the VAT number; "" where the country has none */
  const char *vat;      /* without the prefix */
  const char *national; /* also fine, without the prefix: what is printed at home */
  const char *example;
} IdForm;

static const IdForm forms[] = {
  { "AT", "AT", "U99999999", "999999999", "ATU12345678" },
  { "AU", "", "99999999999", "", "51 824 753 556" },
  { "BE", "BE", "9999999999", "999999999", "BE0123456789" },
  { "BG", "BG", "999999999 9999999999", "", "BG123456789" },
  { "CH", "CHE", "999999999 999999999MWST 999999999TVA 999999999IVA", "", "CHE-123.456.789 MWST" },
  { "CY", "CY", "99999999A", "", "CY12345678X" },
  { "CZ", "CZ", "99999999 999999999 9999999999", "", "CZ12345678" },
  { "DE", "DE", "999999999", "9999999999 99999999999 9999999999999", "DE123456789" },
  { "DK", "DK", "99999999", "", "DK12345678" },
  { "EE", "EE", "999999999", "99999999", "EE123456789" },
  { "ES", "ES", "A9999999X 99999999A", "", "ESB12345678" },
  { "FI", "FI", "99999999", "", "FI12345678" },
  { "FR", "FR", "XX999999999", "999999999 99999999999999", "FR12345678901" },
  { "GB", "GB", "999999999 999999999999 GD999 HA999", "9999999999", "GB123456789" },
  { "GR", "EL", "999999999", "", "EL123456789" },
  { "HR", "HR", "99999999999", "", "HR12345678901" },
  { "HU", "HU", "99999999", "99999999999", "HU12345678" },
  { "IE", "IE", "9999999A 9999999AA 9A99999A 9+99999A 9*99999A", "", "IE1234567FA" },
  { "IN", "", "99AAAAA9999AXXX", "", "27AAPFU0939F1ZV" },
  { "IT", "IT", "99999999999", "AAAAAA99A99A999A", "IT12345678901" },
  { "LT", "LT", "999999999 999999999999", "", "LT123456789" },
  { "LU", "LU", "99999999", "", "LU12345678" },
  { "LV", "LV", "99999999999", "", "LV12345678901" },
  { "MT", "MT", "99999999", "", "MT12345678" },
  { "MX", "", "AAA999999XXX AAAA999999XXX", "", "GODE561231GR8" },
  { "NL", "NL", "999999999B99", "99999999 999999999", "NL123456789B01" },
  { "NO", "NO", "999999999 999999999MVA", "", "NO 123 456 789 MVA" },
  { "PL", "PL", "9999999999", "", "PL1234567890" },
  { "PT", "PT", "999999999", "", "PT123456789" },
  { "RO", "RO", "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999", "9999999999999", "RO12345678" },
  { "SE", "SE", "999999999999", "9999999999", "SE123456789001" },
  { "SI", "SI", "99999999", "", "SI12345678" },
  { "SK", "SK", "9999999999", "99999999", "SK1234567890" },
};

gboolean
cobro_tax_is_eu (const char *country)
{
  static const char members[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
  const char *at = strlen (country) == 2 ? strstr (members, country) : NULL;

  return at != NULL && (at - members) % 3 == 0;
}

/* Capitals without what people put between the groups; Ñ, which an RFC may have, reads as the & that it also may have.
 * FALSE when it holds anything else. */
static gboolean
normalise (const char *text, char out[NUMBER_MAX + 1])
{
  gsize n = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_unichar_toupper (g_utf8_get_char (at));

      if (c == ' ' || c == '.' || c == '-' || c == '/' || c == 0xA0 || c == 0x202F)
        continue;
      if (c == 0xD1)
        c = '&';
      if (n == NUMBER_MAX || c > 'Z' || (!g_ascii_isalnum ((char)c) && strchr ("&+*", (char)c) == NULL))
        return FALSE;
      out[n++] = (char)c;
    }
  out[n] = '\0';
  return TRUE;
}

static gboolean
fits_one (const char *form, gsize n, const char *number)
{
  if (strlen (number) != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      gboolean fits = form[i] == '9'   ? g_ascii_isdigit (number[i])
                      : form[i] == 'A' ? g_ascii_isupper (number[i]) || number[i] == '&'
                      : form[i] == 'X' ? g_ascii_isalnum (number[i])
                                       : number[i] == form[i];

      if (!fits)
        return FALSE;
    }
  return TRUE;
}

/* @forms: separated by blanks. A letter that is meant as itself is none of 9, A, X. */
static gboolean
fits (const char *of, const char *number)
{
  while (*of != '\0')
    {
      gsize n = strcspn (of, " ");

      if (fits_one (of, n, number))
        return TRUE;
      of += n + (of[n] == ' ' ? 1 : 0);
    }
  return FALSE;
}

/* Weighted digits, the first lowered by one, divide by 89. */
static gboolean
abn_checks (const char *number)
{
  static const int weights[] = { 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 };
  int sum = -weights[0];

  for (int i = 0; i < 11; i++)
    sum += (number[i] - '0') * weights[i];
  return sum % 89 == 0;
}

static int
value_36 (char c)
{
  return g_ascii_isdigit (c) ? c - '0' : c - 'A' + 10;
}

/* The last character makes the sum of the base-36 digits of (value × 1, 2, 1, 2 …) divide by 36. */
static gboolean
gstin_checks (const char *number)
{
  int sum = 0;

  for (int i = 0; i < 14; i++)
    {
      int product = value_36 (number[i]) * (i % 2 + 1);

      sum += product / 36 + product % 36;
    }
  return value_36 (number[14]) == (36 - sum % 36) % 36;
}

/* The six digits of an RFC are a date of birth or foundation, without its century. */
static gboolean
rfc_checks (const char *number)
{
  const char *date = number + strlen (number) - 9;
  int year = (date[0] - '0') * 10 + date[1] - '0', month = (date[2] - '0') * 10 + date[3] - '0',
      day = (date[4] - '0') * 10 + date[5] - '0';

  return g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)(2000 + year));
}

static gboolean
digits_check (const char *country, const char *number)
{
  if (strcmp (country, "AU") == 0)
    return abn_checks (number);
  if (strcmp (country, "IN") == 0)
    return gstin_checks (number);
  return strcmp (country, "MX") != 0 || rfc_checks (number);
}

static const IdForm *
form_of (const char *country)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strcmp (forms[i].country, country) == 0)
      return &forms[i];
  return NULL;
}

/* A company may be registered for VAT in another country of the Union than the one where it sits. */
static gboolean
is_of_another_member (const char *number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize n = strlen (forms[i].prefix);

      if (cobro_tax_is_eu (forms[i].country) && strncmp (number, forms[i].prefix, n) == 0 &&
          fits (forms[i].vat, number + n))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_number_of (const IdForm *form, const char *number)
{
  gsize n = strlen (form->prefix);

  if (n > 0 && strncmp (number, form->prefix, n) == 0 && fits (form->vat, number + n))
    return TRUE;
  if (fits (form->vat, number) || fits (form->national, number))
    return digits_check (form->country, number);
  return cobro_tax_is_eu (form->country) && is_of_another_member (number);
}

gboolean
cobro_tax_id_check (const char *country, const char *tax_id, const char *path, GError **error)
{
  const IdForm *form = form_of (country);
  char number[NUMBER_MAX + 1];

  if (tax_id[0] == '\0' || form == NULL)
    return TRUE;
  if (normalise (tax_id, number) && is_number_of (form, number))
    return TRUE;
  if (form->prefix[0] == '\0' && normalise (tax_id, number) && fits (form->vat, number))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "has a typing error: its check digits do not fit");
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be a tax number of %s such as \"%s\"", country,
                             form->example);
}
