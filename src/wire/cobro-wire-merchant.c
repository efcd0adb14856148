/* src/wire/cobro-wire-merchant.c — the profile that buyers see, and what stands on documents.
 * Layer: wire. Any thread. */
#include "cobro-wire-merchant.h"

#include "cobro-series.h"
#include "cobro-wire-party.h"
#include "cobro-wire-set.h"

#define TAXES_MAX 20

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
write_taxes (CobroWireWriter *writer, const GPtrArray *taxes)
{
  cobro_wire_begin_array (writer, "taxes");
  for (guint i = 0; i < taxes->len; i++)
    {
      const CobroTaxRate *tax = g_ptr_array_index (taxes, i);

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "name", tax->name);
      cobro_wire_put_text (writer, "category", cobro_tax_category_name (tax->category));
      cobro_wire_put_decimal (writer, "rate", tax->rate);
      cobro_wire_put_bool (writer, "default", tax->is_default);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_late_fee (CobroWireWriter *writer, const CobroLateFee *fee)
{
  cobro_wire_begin_object (writer, "lateFee");
  cobro_wire_put_bool (writer, "on", fee->on);
  cobro_wire_put_int64 (writer, "after", fee->after);
  cobro_wire_put_decimal (writer, "percent", fee->percent);
  cobro_wire_put_money (writer, "fixed", fee->fixed);
  cobro_wire_put_text_or_null (writer, "currency", cobro_money_code (fee->fixed));
  cobro_wire_end_object (writer);
}

static void
write_papers (CobroWireWriter *writer, const CobroMerchant *merchant)
{
  cobro_wire_party_write (writer, "seller", &merchant->seller);
  cobro_wire_begin_object (writer, "bank");
  cobro_wire_put_text (writer, "iban", merchant->iban);
  cobro_wire_put_text (writer, "bic", merchant->bic);
  cobro_wire_put_text (writer, "note", merchant->bank_note);
  cobro_wire_end_object (writer);
  write_taxes (writer, merchant->taxes);
  cobro_wire_put_bool (writer, "taxInclusive", merchant->tax_inclusive);
  cobro_wire_put_bool (writer, "taxPerLine", merchant->tax_per_line);
  cobro_wire_put_rounding (writer, "rounding", merchant->rounding);
  cobro_wire_put_int64 (writer, "cashRounding", merchant->cash_rounding);
  cobro_wire_put_int64 (writer, "terms", merchant->terms);
  cobro_wire_put_int64 (writer, "tokenDays", merchant->token_days);
  cobro_wire_begin_object (writer, "numbering");
  cobro_wire_put_text (writer, "invoice", merchant->invoice_pattern);
  cobro_wire_put_text (writer, "creditNote", merchant->credit_note_pattern);
  cobro_wire_end_object (writer);
  cobro_wire_put_text (writer, "invoiceNotes", merchant->invoice_notes);
  cobro_wire_put_text (writer, "invoiceFooter", merchant->invoice_footer);
  cobro_wire_put_text (writer, "paper", merchant->letter ? "letter" : "a4");
  cobro_wire_put_reminders (writer, "reminders", &merchant->reminders);
  write_late_fee (writer, &merchant->late_fee);
  cobro_wire_put_text (writer, "mailGreeting", merchant->mail_greeting);
  cobro_wire_put_text (writer, "logo", merchant->logo);
}

void
cobro_wire_merchant_write (CobroWireWriter *writer, const char *key, const CobroMerchant *merchant)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", merchant->id.text);
  cobro_wire_put_int64 (writer, "rev", merchant->rev);
  cobro_wire_put_text (writer, "name", merchant->name);
  cobro_wire_put_text (writer, "email", merchant->email);
  cobro_wire_put_text (writer, "website", merchant->website);
  cobro_wire_put_text (writer, "support", merchant->support);
  cobro_wire_put_text (writer, "accent", merchant->accent);
  cobro_wire_put_text (writer, "locale", merchant->locale);
  cobro_wire_put_text (writer, "currency", merchant->currency);
  cobro_wire_put_text (writer, "timeZone", merchant->time_zone);
  cobro_wire_put_bool (writer, "refundDuplicates", merchant->refund_duplicates);
  write_papers (writer, merchant);
  cobro_wire_put_time (writer, "createdAt", merchant->created_at);
  cobro_wire_put_time (writer, "updatedAt", merchant->updated_at);
  cobro_wire_end_object (writer);
}

char *
cobro_wire_merchant_papers_to_json (const CobroMerchant *merchant)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  write_papers (writer, merchant);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_bank (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroWireObject) bank = NULL;

  if (!cobro_wire_get_object (object, "bank", &bank, error))
    return FALSE;
  return bank == NULL || (cobro_wire_set_text (bank, "iban", &merchant->iban, error) &&
                          cobro_wire_set_text (bank, "bic", &merchant->bic, error) &&
                          cobro_wire_set_text (bank, "note", &merchant->bank_note, error));
}

static gboolean
read_tax (CobroWireObject *object, GPtrArray *taxes, GError **error)
{
  g_autofree char *name = NULL;
  CobroTaxCategory category;
  CobroDecimal rate;
  gboolean is_default;

  if (!cobro_wire_get_text_needed (object, "name", &name, error) ||
      !cobro_wire_get_tax_category (object, "category", &category, error) ||
      !cobro_wire_get_decimal (object, "rate", 0, &rate, error) ||
      !cobro_wire_get_bool (object, "default", FALSE, &is_default, error))
    return FALSE;
  g_ptr_array_add (taxes, cobro_tax_rate_new (name, category, rate, is_default));
  return TRUE;
}

static gboolean
read_taxes (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  g_autoptr (GPtrArray) taxes = NULL;

  if (!cobro_wire_get_objects (object, "taxes", TAXES_MAX, &taxes, error))
    return FALSE;
  for (guint i = 0; i < taxes->len; i++)
    if (!read_tax (g_ptr_array_index (taxes, i), merchant->taxes, error))
      return FALSE;
  return cobro_wire_get_bool (object, "taxInclusive", FALSE, &merchant->tax_inclusive, error) &&
         cobro_wire_get_bool (object, "taxPerLine", FALSE, &merchant->tax_per_line, error) &&
         cobro_wire_get_rounding (object, "rounding", &merchant->rounding, error) &&
         cobro_wire_get_int64 (object, "cashRounding", 0, &merchant->cash_rounding, error);
}

/* A number of days as int; far away is as wrong as too far, and is said by the validation. */
static gboolean
read_days (CobroWireObject *object, const char *key, gint fallback, gint *out_days, GError **error)
{
  gint64 days;

  if (!cobro_wire_get_int64 (object, key, fallback, &days, error))
    return FALSE;
  *out_days = (gint)CLAMP (days, G_MININT, G_MAXINT);
  return TRUE;
}

static gboolean
read_numbering (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroWireObject) numbering = NULL;

  if (!cobro_wire_get_object (object, "numbering", &numbering, error))
    return FALSE;
  return numbering == NULL || (cobro_wire_get_text (numbering, "invoice", COBRO_SERIES_INVOICE_DEFAULT,
                                                    cobro_wire_slot (&merchant->invoice_pattern), error) &&
                               cobro_wire_get_text (numbering, "creditNote", COBRO_SERIES_CREDIT_NOTE_DEFAULT,
                                                    cobro_wire_slot (&merchant->credit_note_pattern), error));
}

static gboolean
read_late_fee (CobroWireObject *object, CobroLateFee *out_fee, GError **error)
{
  g_autoptr (CobroWireObject) fee = NULL;
  g_autofree char *code = NULL;
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  if (!cobro_wire_get_object (object, "lateFee", &fee, error))
    return FALSE;
  if (fee == NULL)
    return TRUE;
  if (!cobro_wire_get_bool (fee, "on", FALSE, &out_fee->on, error) ||
      !read_days (fee, "after", 0, &out_fee->after, error) ||
      !cobro_wire_get_decimal (fee, "percent", 0, &out_fee->percent, error) ||
      !cobro_wire_get_text (fee, "currency", NULL, &code, error))
    return FALSE;
  if (code != NULL && !cobro_currency_from_code (code, &currency, NULL))
    return cobro_wire_refuse (fee, "currency", error, "\"%s\" is not a currency", code);
  if (code == NULL && cobro_wire_has (fee, "fixed"))
    return cobro_wire_refuse (fee, "currency", error, "is required beside \"fixed\"");
  return cobro_wire_get_money (fee, "fixed", currency, &out_fee->fixed, error);
}

static gboolean
read_paper (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  g_autofree char *paper = NULL;

  if (!cobro_wire_get_text (object, "paper", "a4", &paper, error))
    return FALSE;
  merchant->letter = g_str_equal (paper, "letter");
  return merchant->letter || g_str_equal (paper, "a4") ||
         cobro_wire_refuse (object, "paper", error, "must be a4 or letter");
}

static gboolean
read_papers (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  return cobro_wire_party_read (object, "seller", &merchant->seller, error) && read_bank (object, merchant, error) &&
         read_taxes (object, merchant, error) && read_days (object, "terms", 30, &merchant->terms, error) &&
         read_days (object, "tokenDays", 0, &merchant->token_days, error) && read_numbering (object, merchant, error) &&
         cobro_wire_set_text (object, "invoiceNotes", &merchant->invoice_notes, error) &&
         cobro_wire_set_text (object, "invoiceFooter", &merchant->invoice_footer, error) &&
         read_paper (object, merchant, error) &&
         cobro_wire_get_reminders (object, "reminders", &merchant->reminders, error) &&
         read_late_fee (object, &merchant->late_fee, error) &&
         cobro_wire_set_text (object, "mailGreeting", &merchant->mail_greeting, error) &&
         cobro_wire_set_text (object, "logo", &merchant->logo, error);
}

gboolean
cobro_wire_merchant_papers_read (const char *json, CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (json, -1, error);

  return object != NULL && read_papers (object, merchant, error) && cobro_wire_done (object, error);
}

static gboolean
parse_merchant (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  return cobro_wire_get_id (object, "id", COBRO_ID_MERCHANT, &merchant->id, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &merchant->rev, error) &&
         cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&merchant->name), error) &&
         cobro_wire_set_text (object, "email", &merchant->email, error) &&
         cobro_wire_set_text (object, "website", &merchant->website, error) &&
         cobro_wire_set_text (object, "support", &merchant->support, error) &&
         cobro_wire_set_text (object, "accent", &merchant->accent, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&merchant->locale), error) &&
         cobro_wire_set_text (object, "currency", &merchant->currency, error) &&
         cobro_wire_get_text (object, "timeZone", "UTC", cobro_wire_slot (&merchant->time_zone), error) &&
         cobro_wire_get_bool (object, "refundDuplicates", FALSE, &merchant->refund_duplicates, error) &&
         read_papers (object, merchant, error) &&
         cobro_wire_get_time (object, "createdAt", &merchant->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &merchant->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_merchant_validate (merchant, error);
}

CobroMerchant *
cobro_wire_merchant_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();

  if (!parse_merchant (object, merchant, error))
    return NULL;
  return g_steal_pointer (&merchant);
}
