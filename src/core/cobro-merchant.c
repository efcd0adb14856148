/* src/core/cobro-merchant.c — who is paid, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-merchant.h"
#include "cobro-currency.h"
#include "cobro-error.h"
#include "cobro-series.h"
#include "cobro-text.h"

#include <string.h>

#define MERCHANT_NAME_MAX 120
#define SUPPORT_MAX       200
#define TIME_ZONE_MAX     64
#define BANK_NOTE_MAX     500
#define PAPER_TEXT_MAX    2000 /* COBRO_INVOICE_NOTES_MAX */
#define GREETING_MAX      1000
#define TAXES_MAX         20
#define DAYS_MAX          365
#define TOKEN_DAYS_MAX    3650
#define CASH_ROUNDING_MAX 100000

static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroMerchant, name),
  G_STRUCT_OFFSET (CobroMerchant, email),
  G_STRUCT_OFFSET (CobroMerchant, website),
  G_STRUCT_OFFSET (CobroMerchant, support),
  G_STRUCT_OFFSET (CobroMerchant, accent),
  G_STRUCT_OFFSET (CobroMerchant, locale),
  G_STRUCT_OFFSET (CobroMerchant, currency),
  G_STRUCT_OFFSET (CobroMerchant, time_zone),
  G_STRUCT_OFFSET (CobroMerchant, iban),
  G_STRUCT_OFFSET (CobroMerchant, bic),
  G_STRUCT_OFFSET (CobroMerchant, bank_note),
  G_STRUCT_OFFSET (CobroMerchant, invoice_pattern),
  G_STRUCT_OFFSET (CobroMerchant, credit_note_pattern),
  G_STRUCT_OFFSET (CobroMerchant, invoice_notes),
  G_STRUCT_OFFSET (CobroMerchant, invoice_footer),
  G_STRUCT_OFFSET (CobroMerchant, mail_greeting),
  G_STRUCT_OFFSET (CobroMerchant, logo),
};

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

CobroMerchant *
cobro_merchant_new (void)
{
  CobroMerchant *merchant = g_new0 (CobroMerchant, 1);

  merchant->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, merchant, texts[i]) = g_strdup ("");
  set_text (&merchant->locale, "auto");
  set_text (&merchant->time_zone, "UTC");
  set_text (&merchant->invoice_pattern, COBRO_SERIES_INVOICE_DEFAULT);
  set_text (&merchant->credit_note_pattern, COBRO_SERIES_CREDIT_NOTE_DEFAULT);
  cobro_party_init (&merchant->seller);
  merchant->taxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_tax_rate_free);
  merchant->terms = 30;
  merchant->reminders = cobro_reminders_default ();
  return merchant;
}

CobroMerchant *
cobro_merchant_copy (const CobroMerchant *merchant)
{
  CobroMerchant *copy = g_new0 (CobroMerchant, 1);

  *copy = *merchant;
  copy->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, copy, texts[i]) = g_strdup (G_STRUCT_MEMBER (char *, merchant, texts[i]));
  copy->seller = (CobroParty){ 0 };
  cobro_party_copy (&merchant->seller, &copy->seller);
  copy->taxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_tax_rate_free);
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *tax = merchant->taxes->pdata[i];

      g_ptr_array_add (copy->taxes, cobro_tax_rate_new (tax->name, tax->category, tax->rate, tax->is_default));
    }
  return copy;
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
  cobro_party_clear (&merchant->seller);
  g_ptr_array_unref (merchant->taxes);
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

static gboolean
check_taxes (const GPtrArray *taxes, GError **error)
{
  guint defaults = 0;

  if (taxes->len > TAXES_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxes", "must be at most %d", TAXES_MAX);
  for (guint i = 0; i < taxes->len; i++)
    {
      const CobroTaxRate *tax = taxes->pdata[i];
      g_autofree char *path = g_strdup_printf ("taxes[%u]", i);

      if (!cobro_tax_rate_validate (tax, path, error))
        return FALSE;
      defaults += tax->is_default ? 1 : 0;
    }
  if (defaults > 1)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxes", "must have at most one default");
  return TRUE;
}

static gboolean
check_days (const CobroMerchant *merchant, GError **error)
{
  if (merchant->terms < 0 || merchant->terms > DAYS_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "terms", "must be 0 to %d days", DAYS_MAX);
  if (merchant->token_days < 0 || merchant->token_days > TOKEN_DAYS_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "tokenDays", "must be 0 to %d days", TOKEN_DAYS_MAX);
  if (merchant->cash_rounding < 0 || merchant->cash_rounding > CASH_ROUNDING_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "cashRounding", "must be 0 to %d", CASH_ROUNDING_MAX);
  return cobro_reminders_validate (&merchant->reminders, "reminders", error) &&
         cobro_late_fee_validate (&merchant->late_fee, "lateFee", error);
}

static gboolean
check_logo (const char *logo, GError **error)
{
  if (logo[0] == '\0' || (strlen (logo) == 64 && strspn (logo, "0123456789abcdef") == 64))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "logo", "must be a SHA-256 of 64 hex digits");
}

/* What stands on documents. */
static gboolean
check_papers (const CobroMerchant *merchant, GError **error)
{
  return cobro_party_validate (&merchant->seller, "seller", error) &&
         cobro_text_check_iban (merchant->iban, "bank.iban", error) &&
         cobro_text_check_bic (merchant->bic, "bank.bic", error) &&
         cobro_text_check (merchant->bank_note, BANK_NOTE_MAX, COBRO_TEXT_BLOCK, "bank.note", error) &&
         check_taxes (merchant->taxes, error) && check_days (merchant, error) &&
         cobro_series_check_pattern (merchant->invoice_pattern, "numbering.invoice", error) &&
         cobro_series_check_pattern (merchant->credit_note_pattern, "numbering.creditNote", error) &&
         cobro_text_check (merchant->invoice_notes, PAPER_TEXT_MAX, COBRO_TEXT_BLOCK, "invoiceNotes", error) &&
         cobro_text_check (merchant->invoice_footer, PAPER_TEXT_MAX, COBRO_TEXT_BLOCK, "invoiceFooter", error) &&
         cobro_text_check (merchant->mail_greeting, GREETING_MAX, COBRO_TEXT_BLOCK, "mailGreeting", error) &&
         check_logo (merchant->logo, error);
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
         check_currency (merchant->currency, error) && check_time_zone (merchant->time_zone, error) &&
         check_papers (merchant, error);
}
