/* src/core/cobro-tax.h — tax rates and categories (EN 16931, UNTDID 5305), tax numbers by format, and what is usual in
 * a country. Layer: core. Any thread. */
#pragma once
#include "cobro-decimal.h"

typedef enum
{
  COBRO_TAX_STANDARD, /* S: a rate above zero */
  COBRO_TAX_ZERO,     /* Z: taxed at zero */
  COBRO_TAX_EXEMPT,   /* E */
  COBRO_TAX_REVERSE,  /* AE: reverse charge; the buyer owes it */
  COBRO_TAX_INTRA,    /* K: within the EU, exempt */
  COBRO_TAX_EXPORT,   /* G: exported, exempt */
  COBRO_TAX_OUTSIDE,  /* O: not subject to tax */
} CobroTaxCategory;

/* Wire names: "standard", "zero", "exempt", "reverse_charge", "intra_community", "export", "outside". */
const char *cobro_tax_category_name (CobroTaxCategory category);
gboolean cobro_tax_category_from_name (const char *name, CobroTaxCategory *out_category);
/* EN 16931: "S", "Z", "E", "AE", "K", "G", "O". */
const char *cobro_tax_category_code (CobroTaxCategory category);

/* A rate that the merchant chooses from. */
typedef struct
{
  char *name; /* 1 … 40 characters, as printed: "GST", "IVA", "VAT" */
  CobroTaxCategory category;
  CobroDecimal rate; /* percent × 10^6; 0 unless STANDARD */
  gboolean is_default;
} CobroTaxRate;

/* (transfer full) copies @name. */
CobroTaxRate *cobro_tax_rate_new (const char *name, CobroTaxCategory category, CobroDecimal rate, gboolean is_default);
void cobro_tax_rate_free (CobroTaxRate *rate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroTaxRate, cobro_tax_rate_free)
gboolean cobro_tax_rate_validate (const CobroTaxRate *rate, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a merchant of a country begins with. Static. */
typedef struct
{
  const char *country;     /* ISO 3166 alpha-2 */
  const char *tax_name;    /* "GST", "VAT", "IVA", "MwSt." … */
  const char *tax_id_name; /* what its number is called: "ABN", "RFC", "GSTIN", "USt-IdNr." … */
  const char *rates;       /* percent, the usual one first: "21 10 4"; "" where there is none */
  gboolean inclusive;      /* prices are usually quoted with tax */
  guint terms;             /* days until an invoice is due, as is usual */
  const char *currency;
  const char
    *clearance; /* (nullable) name of the authority's e-invoice without which a PDF is no legal invoice: "CFDI" */
} CobroTaxCountry;
/* (nullable) (transfer none) */
const CobroTaxCountry *cobro_tax_country (const char *country);

/**
 * cobro_tax_id_check:
 * @country: "" or ISO 3166 alpha-2
 * @tax_id: "" or a number as people write it, with blanks and dots
 *
 * Checked by format, and by check digits where the country has them: EU VAT numbers by prefix and pattern, ABN (AU,
 * modulus 89), RFC (MX, pattern and date), GSTIN (IN, base-36 check character). Countries without a rule take anything.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at @path, saying what it should look like
 */
gboolean cobro_tax_id_check (const char *country, const char *tax_id, const char *path,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a country belongs to the EU's VAT area (2026). */
gboolean cobro_tax_is_eu (const char *country);
