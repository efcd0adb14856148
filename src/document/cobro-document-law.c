/* src/document/cobro-document-law.c — what depends on a country: titles, legal sentences, how an address is written.
 * Layer: document. Any thread. */
#include <string.h>
#include <unicode/uloc.h>

#include "cobro-document-text.h"
#include "cobro-locale-private.h"

static gboolean
is_one_of (const char *country, const char *list)
{
  return strlen (country) == 2 && strstr (list, country) != NULL;
}

/* Registered, and charges something: only then may it be called a tax invoice (AU: GST Act, 29-70; SG, ZA, IN, AE …
 * alike). */
static gboolean
charges_tax (const CobroInvoice *invoice)
{
  if (*invoice->seller.tax_id == '\0')
    return FALSE;
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      const CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);

      if (line->tax_category == COBRO_TAX_STANDARD || (line->tax_category == COBRO_TAX_ZERO && *line->tax_name != '\0'))
        return TRUE;
    }
  return FALSE;
}

static CobroWord
credit_note_word (const char *country, gboolean taxed)
{
  if (is_one_of (country, "ES"))
    return COBRO_WORD_RECTIFYING_INVOICE;
  if (taxed && is_one_of (country, "AU"))
    return COBRO_WORD_ADJUSTMENT_NOTE;
  return taxed && is_one_of (country, "AE SA BH OM") ? COBRO_WORD_TAX_CREDIT_NOTE : COBRO_WORD_CREDIT_NOTE;
}

char *
cobro_document_title (const CobroInvoice *invoice, CobroLocale *locale)
{
  const char *country = invoice->seller.address.country;
  gboolean taxed = charges_tax (invoice);
  CobroWord word = COBRO_WORD_INVOICE;

  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE)
    word = credit_note_word (country, taxed);
  else if (taxed && is_one_of (country, "AU NZ SG IN ZA AE SA BH OM"))
    word = COBRO_WORD_TAX_INVOICE;
  return g_strdup (cobro_word (word, locale));
}

/* ── Sentences ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
find_sentence (CobroTaxCategory category, const char *country, CobroWord *out_word)
{
  gboolean eu = cobro_tax_is_eu (country);

  switch (category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
      return FALSE;
    case COBRO_TAX_EXEMPT:
      *out_word = eu ? COBRO_WORD_LAW_EXEMPT_EU : COBRO_WORD_LAW_EXEMPT;
      return TRUE;
    case COBRO_TAX_REVERSE:
      *out_word = eu ? COBRO_WORD_LAW_REVERSE_EU : COBRO_WORD_LAW_REVERSE;
      if (is_one_of (country, "GB"))
        *out_word = COBRO_WORD_LAW_REVERSE_GB;
      return TRUE;
    case COBRO_TAX_INTRA:
      *out_word = COBRO_WORD_LAW_INTRA;
      return TRUE;
    case COBRO_TAX_EXPORT:
      *out_word = eu ? COBRO_WORD_LAW_EXPORT_EU : COBRO_WORD_LAW_EXPORT;
      return TRUE;
    case COBRO_TAX_OUTSIDE:
      *out_word = COBRO_WORD_LAW_OUTSIDE;
      return TRUE;
    }
  return FALSE;
}

static guint
categories_of (const CobroInvoice *invoice)
{
  guint set = 0;

  for (guint i = 0; i < invoice->lines->len; i++)
    set |= 1u << ((const CobroInvoiceLine *)g_ptr_array_index (invoice->lines, i))->tax_category;
  if (cobro_money_is_set (invoice->shipping))
    set |= 1u << invoice->shipping_tax_category;
  return set;
}

GPtrArray *
cobro_document_legal (const CobroInvoice *invoice, CobroLocale *locale)
{
  const char *country = invoice->seller.address.country;
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);
  guint set = categories_of (invoice);
  CobroWord word;

  for (guint category = COBRO_TAX_STANDARD; category <= COBRO_TAX_OUTSIDE; category++)
    if ((set & (1u << category)) != 0 && find_sentence ((CobroTaxCategory)category, country, &word))
      g_ptr_array_add (sentences, g_strdup (cobro_word (word, locale)));
  if (invoice->tax_inclusive && charges_tax (invoice))
    g_ptr_array_add (sentences, g_strdup (cobro_word (COBRO_WORD_PRICES_WITH_TAX, locale)));
  if (is_one_of (country, "AU") && *invoice->seller.tax_id != '\0' && !charges_tax (invoice))
    g_ptr_array_add (sentences, g_strdup (cobro_word (COBRO_WORD_LAW_NO_GST, locale)));
  if (is_one_of (country, "FR") && *invoice->buyer.tax_id != '\0' && invoice->kind == COBRO_INVOICE_INVOICE)
    g_ptr_array_add (sentences, g_strdup (cobro_word (COBRO_WORD_LAW_LATE_FR, locale)));
  return sentences;
}

/* ── Parties ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
take_line (GPtrArray *lines, char *take_text)
{
  g_autofree char *text = take_text;
  char *line = cobro_clean_line (text);

  if (*line != '\0')
    g_ptr_array_add (lines, line);
  else
    g_free (line);
}

static char *
country_name (const char *country, CobroLocale *locale)
{
  g_autofree char *region = g_strconcat ("und_", country, NULL);
  UErrorCode status = U_ZERO_ERROR;
  UChar name[128];
  int32_t length = uloc_getDisplayCountry (region, cobro_locale_icu (locale), name, G_N_ELEMENTS (name), &status);

  if (U_FAILURE (status) || length == 0 || length >= (int32_t)G_N_ELEMENTS (name))
    return g_strdup (country);
  return g_utf16_to_utf8 ((const gunichar2 *)name, length, NULL, NULL, NULL);
}

/* "Sydney NSW 2000" where the code stands last, "28013 Madrid, Madrid" elsewhere. */
static char *
town_line (const CobroAddress *address)
{
  gboolean region = *address->region != '\0' && strcmp (address->region, address->city) != 0;

  if (is_one_of (address->country, "AU US CA GB IE IN NZ ZA SG"))
    return g_strdup_printf ("%s%s%s %s", address->city, region ? " " : "", region ? address->region : "",
                            address->postal_code);
  return g_strdup_printf ("%s %s%s%s", address->postal_code, address->city,
                          region && *address->city != '\0' ? ", " : "", region ? address->region : "");
}

GPtrArray *
cobro_document_address (const CobroAddress *address, CobroLocale *locale)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *street = cobro_clean_block (address->street);
  g_auto (GStrv) parts = g_strsplit (street, "\n", 6);

  for (guint i = 0; parts[i] != NULL; i++)
    take_line (lines, g_strdup (parts[i]));
  take_line (lines, town_line (address));
  if (*address->country != '\0')
    take_line (lines, country_name (address->country, locale));
  return lines;
}

static void
take_labelled (GPtrArray *lines, const char *label, const char *value)
{
  if (*value != '\0')
    take_line (lines, g_strdup_printf ("%s %s", label, value));
}

/* What the number is called where it was given ("NIF", "ABN"); a name that is only English, in the reader's words. */
static const char *
tax_id_name (const CobroTaxCountry *country, CobroLocale *locale)
{
  gboolean named = country != NULL && *country->tax_id_name != '\0';

  if (named &&
      (!g_str_has_prefix (country->tax_id_name, "VAT") || g_str_has_prefix (cobro_locale_get_tag (locale), "en")))
    return country->tax_id_name;
  return cobro_word (COBRO_WORD_TAX_ID, locale);
}

GPtrArray *
cobro_document_party (const CobroParty *party, CobroLocale *locale)
{
  const CobroTaxCountry *country = cobro_tax_country (party->address.country);
  const char *tax_id = tax_id_name (country, locale);
  g_autoptr (GPtrArray) address = cobro_document_address (&party->address, locale);
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  take_line (lines, g_strdup (party->name));
  if (*party->contact != '\0')
    take_line (lines, cobro_words (COBRO_WORD_ATTENTION, locale, "name", party->contact, NULL));
  for (guint i = 0; i < address->len; i++)
    take_line (lines, g_strdup (g_ptr_array_index (address, i)));
  take_labelled (lines, tax_id, party->tax_id);
  take_labelled (lines, cobro_word (COBRO_WORD_REGISTRATION, locale), party->registration);
  take_line (lines, g_strdup (party->email));
  take_line (lines, g_strdup (party->phone));
  return lines;
}
