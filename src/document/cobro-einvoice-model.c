/* src/document/cobro-einvoice-model.c — an invoice in the terms of EN 16931.
 * Layer: document. Any thread. */
#include "cobro-einvoice-model.h"
#include "cobro-error.h"

#include <string.h>

#define HUNDRED (100 * COBRO_DECIMAL_ONE)

static void
line_free (CobroEinvoiceLine *line)
{
  g_free (line->price);
  g_free (line->quantity);
  g_free (line);
}

void
cobro_einvoice_free (CobroEinvoice *einvoice)
{
  if (einvoice == NULL)
    return;
  g_ptr_array_unref (einvoice->lines);
  g_ptr_array_unref (einvoice->taxes);
  g_free (einvoice->seller_vat);
  g_free (einvoice->seller_tax);
  g_free (einvoice->buyer_vat);
  g_free (einvoice);
}

/* ── Numbers of taxpayers ───────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) capitals and digits alone. */
static char *
compact (const char *text)
{
  g_autofree char *upper = g_ascii_strup (text, -1);
  char *to = upper;

  for (const char *at = upper; *at != '\0'; at++)
    if (g_ascii_isalnum (*at))
      *to++ = *at;
  *to = '\0';
  return g_steal_pointer (&upper);
}

/* (transfer full) the number with its country in front (BR-CO-09), or "" when it is no VAT number: a German
 * Steuernummer, say. */
static char *
vat_number (const CobroParty *party)
{
  const char *country = party->address.country;
  const char *prefix = g_str_equal (country, "GR") ? "EL" : country;
  g_autofree char *number = compact (party->tax_id);
  g_autofree char *whole = NULL;

  if (number[0] == '\0' || country[0] == '\0')
    return g_strdup ("");
  if (g_str_has_prefix (number, prefix) && cobro_tax_id_check (country, number, NULL, NULL))
    return g_steal_pointer (&number);
  whole = g_strconcat (prefix, number, NULL);
  if (!cobro_tax_is_eu (country))
    return g_steal_pointer (&whole);
  if (cobro_tax_id_check (country, whole, NULL, NULL))
    return g_steal_pointer (&whole);
  /* A number of another member state stands for itself; one of the country at home is none of VAT. */
  return g_ascii_isalpha (number[0]) && g_ascii_isalpha (number[1]) ? g_steal_pointer (&number) : g_strdup ("");
}

/* ── Codes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
unit_code (const char *unit)
{
  static const struct
  {
    const char *words, *code;
  } units[] = {
    { "hour|hours|h|hr|hrs|hora|horas|stunde|stunden|std", "HUR" },
    { "day|days|d|día|días|dia|dias|tag|tage", "DAY" },
    { "week|weeks|semana|semanas", "WEE" },
    { "month|months|mes|meses|monat|monate", "MON" },
    { "year|years|año|años", "ANN" },
    { "minute|minutes|min|minuto|minutos", "MIN" },
    { "kg|kilo|kilos", "KGM" },
    { "g|gr|gram|grams|gramo|gramos", "GRM" },
    { "t|ton|tons|tonne|tonnes|tonelada|toneladas", "TNE" },
    { "l|litre|litres|liter|liters|litro|litros", "LTR" },
    { "m|metre|metres|meter|meters|metro|metros", "MTR" },
    { "m2|m²", "MTK" },
    { "m3|m³", "MTQ" },
    { "km", "KMT" },
    { "kwh", "KWH" },
    { "piece|pieces|pc|pcs|pieza|piezas|ud|uds|stück|stk", "H87" },
  };
  g_autofree char *small = g_utf8_strdown (unit, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_auto (GStrv) words = g_strsplit (units[i].words, "|", -1);

      if (g_strv_contains ((const char *const *)words, small))
        return units[i].code;
    }
  return "C62"; /* one */
}

const char *
cobro_einvoice_reason (CobroTaxCategory category)
{
  switch (category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
      return "";
    case COBRO_TAX_EXEMPT:
      return "Exempt from VAT";
    case COBRO_TAX_REVERSE:
      return "Reverse charge";
    case COBRO_TAX_INTRA:
      return "Intra-community supply";
    case COBRO_TAX_EXPORT:
      return "Export outside the EU";
    case COBRO_TAX_OUTSIDE:
      return "Not subject to VAT";
    }
  g_return_val_if_reached ("");
}

const char *
cobro_einvoice_reason_code (CobroTaxCategory category)
{
  switch (category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
    case COBRO_TAX_EXEMPT:
      return "";
    case COBRO_TAX_REVERSE:
      return "VATEX-EU-AE";
    case COBRO_TAX_INTRA:
      return "VATEX-EU-IC";
    case COBRO_TAX_EXPORT:
      return "VATEX-EU-G";
    case COBRO_TAX_OUTSIDE:
      return "VATEX-EU-O";
    }
  g_return_val_if_reached ("");
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The norm knows categories by code and rate; names are ours. */
static CobroEinvoiceTax *
tax_of (CobroEinvoice *einvoice, CobroTaxCategory category, CobroDecimal rate)
{
  CobroMoney zero = cobro_money_zero (einvoice->invoice->currency);
  CobroEinvoiceTax *tax;

  for (guint i = 0; i < einvoice->taxes->len; i++)
    {
      tax = einvoice->taxes->pdata[i];
      if (tax->category == category && tax->rate == rate)
        return tax;
    }
  tax = g_new (CobroEinvoiceTax, 1);
  *tax = (CobroEinvoiceTax){ category, rate, zero, zero, zero, zero };
  g_ptr_array_add (einvoice->taxes, tax);
  return tax;
}

static gboolean
net_of (const CobroInvoice *invoice, CobroMoney amount, CobroDecimal rate, CobroMoney *out_net, GError **error)
{
  *out_net = amount;
  return !invoice->tax_inclusive ||
         cobro_money_scale (amount, HUNDRED, HUNDRED + rate, invoice->rounding, out_net, error);
}

/* Each category's part of the document's discount: by its lines' shares, as the totals shared it out. */
static gboolean
share_discount (CobroEinvoice *einvoice, GError **error)
{
  const CobroInvoice *invoice = einvoice->invoice;
  const CobroInvoiceTotals *totals = invoice->totals;
  g_autofree gint64 *weights = g_new0 (gint64, totals->n_lines + 1);
  g_autofree CobroMoney *shares = g_new0 (CobroMoney, totals->n_lines + 1);

  if (!cobro_money_is_positive (totals->discount))
    return TRUE;
  for (gsize i = 0; i < totals->n_lines; i++)
    weights[i] = MAX (cobro_money_minor (totals->lines[i]), 0);
  if (!cobro_money_split (totals->discount, weights, totals->n_lines, shares, error))
    return FALSE;
  for (gsize i = 0; i < totals->n_lines; i++)
    {
      const CobroInvoiceLine *line = invoice->lines->pdata[i];
      CobroEinvoiceTax *tax = tax_of (einvoice, line->tax_category, line->tax_rate);

      if (!cobro_money_add (tax->allowance, shares[i], &tax->allowance, error))
        return FALSE;
    }
  for (guint i = 0; i < einvoice->taxes->len; i++)
    {
      CobroEinvoiceTax *tax = einvoice->taxes->pdata[i];

      if (!net_of (invoice, tax->allowance, tax->rate, &tax->allowance, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_taxes (CobroEinvoice *einvoice, GError **error)
{
  const CobroInvoice *invoice = einvoice->invoice;

  for (guint i = 0; i < invoice->totals->taxes->len; i++)
    {
      const CobroInvoiceTax *from = invoice->totals->taxes->pdata[i];
      CobroEinvoiceTax *tax = tax_of (einvoice, from->category, from->rate);

      einvoice->outside = einvoice->outside || from->category == COBRO_TAX_OUTSIDE;
      if (!cobro_money_add (tax->base, from->base, &tax->base, error) ||
          !cobro_money_add (tax->tax, from->amount, &tax->tax, error))
        return FALSE;
    }
  if (cobro_money_is_positive (invoice->totals->shipping))
    {
      CobroEinvoiceTax *tax = tax_of (einvoice, invoice->shipping_tax_category, invoice->shipping_tax_rate);

      if (!net_of (invoice, invoice->totals->shipping, tax->rate, &tax->charge, error))
        return FALSE;
    }
  return share_discount (einvoice, error);
}

/* What a line was before its own discount (net); FALSE where it has none. */
static gboolean
take_allowance (const CobroInvoice *invoice, guint i, CobroEinvoiceLine *line, GError **error)
{
  CobroMoney whole = cobro_money (line->line->unit_price, invoice->currency);

  line->allowance = COBRO_MONEY_NONE;
  if (line->line->discount.kind == COBRO_DISCOUNT_NONE || invoice->tax_inclusive)
    return TRUE;
  return cobro_money_scale (whole, line->line->quantity, COBRO_DECIMAL_ONE * COBRO_UNIT_PRICE_ONE, invoice->rounding,
                            &whole, error) &&
         cobro_money_subtract (whole, invoice->totals->lines[i], &line->allowance, error);
}

static gboolean
take_line (CobroEinvoice *einvoice, guint i, GError **error)
{
  const CobroInvoice *invoice = einvoice->invoice;
  CobroEinvoiceLine *line = g_new0 (CobroEinvoiceLine, 1);

  g_ptr_array_add (einvoice->lines, line);
  line->line = invoice->lines->pdata[i];
  line->unit = unit_code (line->line->unit);
  line->quantity = cobro_decimal_to_text (line->line->quantity);
  return net_of (invoice, invoice->totals->lines[i], line->line->tax_rate, &line->net, error) &&
         take_allowance (invoice, i, line, error);
}

static CobroEinvoiceLine *
largest_line (CobroEinvoice *einvoice, const CobroEinvoiceTax *tax)
{
  CobroEinvoiceLine *largest = NULL;

  for (guint i = 0; i < einvoice->lines->len; i++)
    {
      CobroEinvoiceLine *line = einvoice->lines->pdata[i];

      if (line->line->tax_category == tax->category && line->line->tax_rate == tax->rate &&
          (largest == NULL || cobro_money_compare (line->net, largest->net) > 0))
        largest = line;
    }
  return largest;
}

/* Taking tax out of each price rounds each by itself: the cents that are missing to the category's base go to its
 * largest line, so that lines − allowances + charges is the base (BR-S-08 and its likes). */
static gboolean
settle_tax (CobroEinvoice *einvoice, CobroEinvoiceTax *tax, GError **error)
{
  CobroEinvoiceLine *largest = largest_line (einvoice, tax);
  CobroMoney sum, missing;

  if (!cobro_money_subtract (tax->charge, tax->allowance, &sum, error))
    return FALSE;
  for (guint i = 0; i < einvoice->lines->len; i++)
    {
      const CobroEinvoiceLine *line = einvoice->lines->pdata[i];

      if (line->line->tax_category == tax->category && line->line->tax_rate == tax->rate &&
          !cobro_money_add (sum, line->net, &sum, error))
        return FALSE;
    }
  if (!cobro_money_subtract (tax->base, sum, &missing, error))
    return FALSE;
  if (largest == NULL)
    return cobro_money_add (tax->charge, missing, &tax->charge, error);
  return cobro_money_add (largest->net, missing, &largest->net, error);
}

/* (transfer full) @net ÷ quantity in major units, with more decimals than anybody rounds to. */
static char *
divide (CobroMoney net, CobroDecimal quantity)
{
  enum
  {
    PLACES = 8
  };
  __int128 numerator = (__int128)cobro_money_minor (net) * COBRO_DECIMAL_ONE;
  guint exponent = cobro_currency_exponent (cobro_money_currency (net));
  g_autofree char *digits = NULL;
  char *text;
  gsize n;

  for (guint i = exponent; i < PLACES; i++)
    numerator *= 10;
  numerator = numerator / quantity;
  digits = g_strdup_printf ("%0*" G_GINT64_FORMAT, PLACES + 1, (gint64)ABS (numerator));
  n = strlen (digits) - PLACES;
  text = g_strdup_printf ("%s%.*s.%s", numerator < 0 ? "-" : "", (int)n, digits, digits + n);
  for (n = strlen (text); text[n - 1] == '0' && text[n - 2] != '.'; n--)
    text[n - 1] = '\0';
  return text;
}

static void
price_lines (CobroEinvoice *einvoice)
{
  const CobroInvoice *invoice = einvoice->invoice;

  for (guint i = 0; i < einvoice->lines->len; i++)
    {
      CobroEinvoiceLine *line = einvoice->lines->pdata[i];

      line->price = invoice->tax_inclusive ? divide (line->net, line->line->quantity)
                                           : cobro_unit_price_to_decimal (line->line->unit_price, invoice->currency);
    }
}

static gboolean
sum_up (CobroEinvoice *einvoice, GError **error)
{
  for (guint i = 0; i < einvoice->lines->len; i++)
    if (!cobro_money_add (einvoice->lines_total, ((CobroEinvoiceLine *)einvoice->lines->pdata[i])->net,
                          &einvoice->lines_total, error))
      return FALSE;
  for (guint i = 0; i < einvoice->taxes->len; i++)
    {
      const CobroEinvoiceTax *tax = einvoice->taxes->pdata[i];

      if (!cobro_money_add (einvoice->allowances, tax->allowance, &einvoice->allowances, error) ||
          !cobro_money_add (einvoice->charges, tax->charge, &einvoice->charges, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill (CobroEinvoice *einvoice, GError **error)
{
  const CobroInvoice *invoice = einvoice->invoice;

  if (invoice->totals == NULL || invoice->totals->n_lines != invoice->lines->len)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "BR-12: the document has no totals");
  einvoice->lines_total = einvoice->allowances = einvoice->charges = cobro_money_zero (invoice->currency);
  einvoice->seller_vat = vat_number (&invoice->seller);
  einvoice->seller_tax = g_strdup (einvoice->seller_vat[0] == '\0' ? invoice->seller.tax_id : "");
  einvoice->buyer_vat = vat_number (&invoice->buyer);
  if (!take_taxes (einvoice, error))
    return FALSE;
  for (guint i = 0; i < invoice->lines->len; i++)
    if (!take_line (einvoice, i, error))
      return FALSE;
  for (guint i = 0; i < einvoice->taxes->len; i++)
    if (!settle_tax (einvoice, einvoice->taxes->pdata[i], error))
      return FALSE;
  price_lines (einvoice);
  return sum_up (einvoice, error);
}

CobroEinvoice *
cobro_einvoice_new (const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroEinvoice) einvoice = g_new0 (CobroEinvoice, 1);

  einvoice->invoice = invoice;
  einvoice->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)line_free);
  einvoice->taxes = g_ptr_array_new_with_free_func (g_free);
  if (!fill (einvoice, error))
    return NULL;
  return g_steal_pointer (&einvoice);
}
