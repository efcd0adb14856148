/* src/core/cobro-merchant.c — who is paid, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-merchant.h"
#include "cobro-currency.h"
#include "cobro-error.h"
#include "cobro-text.h"

#include <string.h>

#define MERCHANT_NAME_MAX 120
#define SUPPORT_MAX       200
#define TIME_ZONE_MAX     64

static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroMerchant, name),     G_STRUCT_OFFSET (CobroMerchant, email),
  G_STRUCT_OFFSET (CobroMerchant, website),  G_STRUCT_OFFSET (CobroMerchant, support),
  G_STRUCT_OFFSET (CobroMerchant, accent),   G_STRUCT_OFFSET (CobroMerchant, locale),
  G_STRUCT_OFFSET (CobroMerchant, currency), G_STRUCT_OFFSET (CobroMerchant, time_zone),
};

CobroMerchant *
cobro_merchant_new (void)
{
  CobroMerchant *merchant = g_new0 (CobroMerchant, 1);

  merchant->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, merchant, texts[i]) = g_strdup ("");
  g_free (merchant->locale);
  merchant->locale = g_strdup ("auto");
  g_free (merchant->time_zone);
  merchant->time_zone = g_strdup ("UTC");
  return merchant;
}

CobroMerchant *
cobro_merchant_ref (CobroMerchant *merchant)
{
  g_atomic_int_inc (&merchant->ref_count);
  return merchant;
}

void
cobro_merchant_unref (CobroMerchant *merchant)
{
  if (merchant == NULL || !g_atomic_int_dec_and_test (&merchant->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, merchant, texts[i]));
  g_free (merchant);
}

static gboolean
check_accent (const char *accent, GError **error)
{
  if (accent[0] == '\0' ||
      (accent[0] == '#' && strlen (accent) == 7 && strspn (accent + 1, "0123456789abcdefABCDEF") == 6))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "accent", "must be a colour such as \"#1a5fb4\"");
}

static gboolean
check_currency (const char *code, GError **error)
{
  CobroCurrency currency;

  if (code[0] != '\0' && !cobro_currency_from_code (code, &currency, error))
    return cobro_error_prefix_path (error, "currency");
  return TRUE;
}

/* The shape only ("America/Mexico_City"): whether this machine knows the zone is not core's to ask. */
static gboolean
check_time_zone (const char *zone, GError **error)
{
  gsize n = strlen (zone);

  if (n == 0 || n > TIME_ZONE_MAX || !g_ascii_isalpha (zone[0]) || zone[n - 1] == '/' || strstr (zone, "//") != NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "timeZone", "must be a zone such as \"Europe/Madrid\"");
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (zone[i]) && strchr ("_/+-", zone[i]) == NULL)
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "timeZone", "must be a zone such as \"Europe/Madrid\"");
  return TRUE;
}

gboolean
cobro_merchant_validate (const CobroMerchant *merchant, GError **error)
{
  CobroId id;

  if (cobro_id_is_set (&merchant->id) && !cobro_id_parse (COBRO_ID_MERCHANT, merchant->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  return cobro_text_check (merchant->name, MERCHANT_NAME_MAX, COBRO_TEXT_NEEDED, "name", error) &&
         cobro_text_check_email (merchant->email, "email", error) &&
         cobro_text_check_url (merchant->website, "website", error) &&
         cobro_text_check (merchant->support, SUPPORT_MAX, COBRO_TEXT_LINE, "support", error) &&
         check_accent (merchant->accent, error) && cobro_text_check_locale (merchant->locale, "locale", error) &&
         check_currency (merchant->currency, error) && check_time_zone (merchant->time_zone, error);
}
