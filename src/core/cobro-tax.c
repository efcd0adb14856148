/* src/core/cobro-tax.c — tax rates and categories, and what is usual in a country (as of 2026).
 * Layer: core. Any thread. Tax numbers: cobro-tax-id.c. */
#include "cobro-tax.h"
#include "cobro-error.h"
#include "cobro-names.h"
#include "cobro-text.h"

#include <string.h>

#define RATE_NAME_MAX 40

static const char *const category_names[] = {
  [COBRO_TAX_STANDARD] = "standard",     [COBRO_TAX_ZERO] = "zero",
  [COBRO_TAX_EXEMPT] = "exempt",         [COBRO_TAX_REVERSE] = "reverse_charge",
  [COBRO_TAX_INTRA] = "intra_community", [COBRO_TAX_EXPORT] = "export",
  [COBRO_TAX_OUTSIDE] = "outside",
};

COBRO_DEFINE_NAMES (CobroTaxCategory, cobro_tax_category, category_names)

const char *
cobro_tax_category_code (CobroTaxCategory category)
{
  static const char *const codes[] = {
    [COBRO_TAX_STANDARD] = "S", [COBRO_TAX_ZERO] = "Z",   [COBRO_TAX_EXEMPT] = "E",  [COBRO_TAX_REVERSE] = "AE",
    [COBRO_TAX_INTRA] = "K",    [COBRO_TAX_EXPORT] = "G", [COBRO_TAX_OUTSIDE] = "O",
  };

  return cobro_names_at (codes, G_N_ELEMENTS (codes), (guint)category);
}

CobroTaxRate *
cobro_tax_rate_new (const char *name, CobroTaxCategory category, CobroDecimal rate, gboolean is_default)
{
  CobroTaxRate *tax = g_new0 (CobroTaxRate, 1);

  tax->name = g_strdup (name);
  tax->category = category;
  tax->rate = rate;
  tax->is_default = is_default;
  return tax;
}

void
cobro_tax_rate_free (CobroTaxRate *rate)
{
  if (rate == NULL)
    return;
  g_free (rate->name);
  g_free (rate);
}

static gboolean
check_percent (const CobroTaxRate *rate, GError **error)
{
  if (rate->category != COBRO_TAX_STANDARD)
    return rate->rate == 0 ||
           cobro_error_set_at (error, COBRO_ERROR_INVALID, "rate", "must be 0: only standard tax has a rate");
  if (rate->rate <= 0 || rate->rate > 100 * COBRO_DECIMAL_ONE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "rate", "must be more than 0 and at most 100 percent");
  return TRUE;
}

gboolean
cobro_tax_rate_validate (const CobroTaxRate *rate, const char *path, GError **error)
{
  return (cobro_text_check (rate->name, RATE_NAME_MAX, COBRO_TEXT_NEEDED, "name", error) &&
          check_percent (rate, error)) ||
         cobro_error_prefix_path (error, path);
}

/* Rates are the standard one, then the reduced ones (national tax authorities and taxation-customs.ec.europa.eu, state
 * of January 2026). */
static const CobroTaxCountry countries[] = {
  { "AE", "VAT", "TRN", "5", TRUE, 30, "AED", NULL },
  { "AR", "IVA", "CUIT", "21 10.5 27", FALSE, 30, "ARS", "factura electrónica con CAE" },
  { "AT", "USt.", "UID-Nr.", "20 13 10", FALSE, 14, "EUR", NULL },
  { "AU", "GST", "ABN", "10", FALSE, 14, "AUD", NULL },
  { "BE", "btw", "btw-nr.", "21 12 6", FALSE, 30, "EUR", NULL },
  { "BG", "ДДС", "ИН по ДДС", "20 9", FALSE, 14, "EUR", NULL },
  { "BH", "VAT", "VAT account number", "10", FALSE, 30, "BHD", NULL },
  { "BO", "IVA", "NIT", "13", TRUE, 30, "BOB", "factura en línea del SIN" },
  { "BR", "", "CNPJ", "", TRUE, 30, "BRL", "NF-e" },
  { "CA", "GST", "GST/HST no.", "5 13 15", FALSE, 30, "CAD", NULL },
  { "CH", "MWST", "UID", "8.1 2.6 3.8", FALSE, 30, "CHF", NULL },
  { "CL", "IVA", "RUT", "19", FALSE, 30, "CLP", "DTE" },
  { "CN", "VAT", "taxpayer no.", "13 9 6", TRUE, 30, "CNY", "fapiao" },
  { "CO", "IVA", "NIT", "19 5", FALSE, 30, "COP", "factura electrónica de la DIAN" },
  { "CR", "IVA", "cédula", "13 4 2 1", FALSE, 30, "CRC", "comprobante electrónico" },
  { "CY", "ΦΠΑ", "VAT no.", "19 9 5 3", FALSE, 30, "EUR", NULL },
  { "CZ", "DPH", "DIČ", "21 12", FALSE, 14, "CZK", NULL },
  { "DE", "USt.", "USt-IdNr.", "19 7", FALSE, 14, "EUR", NULL },
  { "DK", "moms", "CVR-nr.", "25", FALSE, 8, "DKK", NULL },
  { "DO", "ITBIS", "RNC", "18 16", FALSE, 30, "DOP", "e-CF" },
  { "EC", "IVA", "RUC", "15 5", FALSE, 30, "USD", "factura electrónica del SRI" },
  { "EE", "käibemaks", "KMKR nr", "24 13 9", FALSE, 14, "EUR", NULL },
  { "EG", "VAT", "tax registration no.", "14", FALSE, 30, "EGP", "e-invoice" },
  { "ES", "IVA", "NIF", "21 10 4", FALSE, 30, "EUR", NULL },
  { "FI", "ALV", "ALV-nro", "25.5 13.5 10", FALSE, 14, "EUR", NULL },
  { "FR", "TVA", "n° TVA", "20 10 5.5 2.1", FALSE, 30, "EUR", NULL },
  { "GB", "VAT", "VAT no.", "20 5", FALSE, 30, "GBP", NULL },
  { "GR", "ΦΠΑ", "ΑΦΜ", "24 13 6", FALSE, 30, "EUR", NULL },
  { "GT", "IVA", "NIT", "12", TRUE, 30, "GTQ", "FEL" },
  { "HK", "", "BR no.", "", FALSE, 30, "HKD", NULL },
  { "HR", "PDV", "OIB", "25 13 5", FALSE, 15, "EUR", NULL },
  { "HU", "ÁFA", "adószám", "27 18 5", FALSE, 8, "HUF", NULL },
  { "ID", "PPN", "NPWP", "11", FALSE, 30, "IDR", "e-Faktur" },
  { "IE", "VAT", "VAT no.", "23 13.5 9", FALSE, 30, "EUR", NULL },
  { "IL", "VAT", "VAT no.", "18", FALSE, 30, "ILS", NULL },
  { "IN", "GST", "GSTIN", "18 5 40", FALSE, 30, "INR", NULL },
  { "IS", "VSK", "VSK-númer", "24 11", FALSE, 14, "ISK", NULL },
  { "IT", "IVA", "P. IVA", "22 10 5 4", FALSE, 30, "EUR", "fattura elettronica (SdI)" },
  { "JP", "消費税", "登録番号", "10 8", FALSE, 30, "JPY", NULL },
  { "KE", "VAT", "PIN", "16", FALSE, 30, "KES", "eTIMS invoice" },
  { "KR", "VAT", "business registration no.", "10", FALSE, 30, "KRW", "e-Tax invoice" },
  { "LI", "MWST", "UID", "8.1 2.6 3.8", FALSE, 30, "CHF", NULL },
  { "LT", "PVM", "PVM kodas", "21 12 5", FALSE, 14, "EUR", NULL },
  { "LU", "TVA", "n° TVA", "17 14 8 3", FALSE, 30, "EUR", NULL },
  { "LV", "PVN", "PVN reģ. nr.", "21 12 5", FALSE, 14, "EUR", NULL },
  { "MA", "TVA", "ICE", "20 10", FALSE, 30, "MAD", NULL },
  { "MT", "VAT", "VAT no.", "18 12 7 5", FALSE, 30, "EUR", NULL },
  { "MX", "IVA", "RFC", "16 8", FALSE, 30, "MXN", "CFDI" },
  { "MY", "SST", "SST no.", "8 6", FALSE, 30, "MYR", NULL },
  { "NG", "VAT", "TIN", "7.5", FALSE, 30, "NGN", NULL },
  { "NL", "btw", "btw-id", "21 9", FALSE, 14, "EUR", NULL },
  { "NO", "mva", "org.nr.", "25 15 12", FALSE, 14, "NOK", NULL },
  { "NZ", "GST", "GST no.", "15", FALSE, 20, "NZD", NULL },
  { "PA", "ITBMS", "RUC", "7 10", FALSE, 30, "USD", "factura electrónica de la DGI" },
  { "PE", "IGV", "RUC", "18", FALSE, 30, "PEN", "comprobante de pago electrónico" },
  { "PH", "VAT", "TIN", "12", TRUE, 30, "PHP", NULL },
  { "PL", "VAT", "NIP", "23 8 5", FALSE, 14, "PLN", "KSeF" },
  { "PT", "IVA", "NIF", "23 13 6", FALSE, 30, "EUR", NULL },
  { "PY", "IVA", "RUC", "10 5", TRUE, 30, "PYG", "documento electrónico (SIFEN)" },
  { "RO", "TVA", "CIF", "21 11", FALSE, 30, "RON", "RO e-Factura" },
  { "RS", "ПДВ", "ПИБ", "20 10", FALSE, 15, "RSD", NULL },
  { "SA", "VAT", "VAT no.", "15", FALSE, 30, "SAR", "e-invoice (ZATCA)" },
  { "SE", "moms", "momsreg.nr", "25 12 6", FALSE, 30, "SEK", NULL },
  { "SG", "GST", "GST reg. no.", "9", FALSE, 30, "SGD", NULL },
  { "SI", "DDV", "ID za DDV", "22 9.5 5", FALSE, 15, "EUR", NULL },
  { "SK", "DPH", "IČ DPH", "23 19 5", FALSE, 14, "EUR", NULL },
  { "SV", "IVA", "NIT", "13", FALSE, 30, "USD", "DTE" },
  { "TH", "VAT", "tax ID", "7", FALSE, 30, "THB", NULL },
  { "TN", "TVA", "matricule fiscal", "19 13 7", FALSE, 30, "TND", NULL },
  { "TR", "KDV", "VKN", "20 10 1", FALSE, 30, "TRY", "e-Fatura" },
  { "TW", "VAT", "統一編號", "5", TRUE, 30, "TWD", "e-GUI" },
  { "UA", "ПДВ", "ІПН", "20 14 7", FALSE, 14, "UAH", NULL },
  { "US", "Sales tax", "EIN", "", FALSE, 30, "USD", NULL },
  { "UY", "IVA", "RUT", "22 10", FALSE, 30, "UYU", "CFE" },
  { "VN", "VAT", "MST", "10 8 5", FALSE, 30, "VND", "hóa đơn điện tử" },
  { "ZA", "VAT", "VAT no.", "15", FALSE, 30, "ZAR", NULL },
};

const CobroTaxCountry *
cobro_tax_country (const char *country)
{
  for (gsize i = 0; i < G_N_ELEMENTS (countries); i++)
    if (strcmp (countries[i].country, country) == 0)
      return &countries[i];
  return NULL;
}
