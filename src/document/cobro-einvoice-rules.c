/* src/document/cobro-einvoice-rules.c — the rules of EN 16931-1 that a document of ours can break, by their numbers.
 * What the writer cannot get wrong (BR-01, BR-24 …) has no line here. Layer: document. Any thread. */
#include "cobro-einvoice-model.h"

#include <stdarg.h>

typedef struct
{
  const CobroEinvoice *einvoice;
  const CobroInvoice *invoice;
  GPtrArray *broken;
} Check;

static void
refuse (Check *check, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (check->broken, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
need (Check *check, const char *text, const char *rule)
{
  if (text[0] == '\0')
    refuse (check, "%s is missing", rule);
}

/* BR-02 … BR-16, BR-55, BR-CO-25, BR-CO-26. */
static void
check_head (Check *check)
{
  const CobroInvoice *invoice = check->invoice;

  need (check, invoice->number, "BR-02: the number");
  need (check, invoice->issue_date, "BR-03: the issue date");
  if (invoice->currency == COBRO_CURRENCY_NONE)
    refuse (check, "BR-05: the currency is missing");
  need (check, invoice->seller.name, "BR-06: the seller's name");
  need (check, invoice->buyer.name, "BR-07: the buyer's name");
  if (cobro_address_is_empty (&invoice->seller.address))
    refuse (check, "BR-08: the seller's address is missing");
  need (check, invoice->seller.address.country, "BR-09: the seller's country");
  if (cobro_address_is_empty (&invoice->buyer.address))
    refuse (check, "BR-10: the buyer's address is missing");
  need (check, invoice->buyer.address.country, "BR-11: the buyer's country");
  if (invoice->lines->len == 0)
    refuse (check, "BR-16: the lines are missing");
  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE)
    need (check, invoice->corrects_number, "BR-55: the number of the invoice that is corrected");
  if (cobro_money_is_positive (invoice->totals->total))
    need (check, invoice->due_date, "BR-CO-25: the due date");
  if ((check->einvoice->outside || check->einvoice->seller_vat[0] == '\0') && invoice->seller.registration[0] == '\0')
    refuse (check, "BR-CO-26: the seller has neither a VAT number nor one in a register");
  if (!cobro_address_is_empty (&invoice->delivery))
    need (check, invoice->delivery.country, "BR-57: the country of the delivery");
  if (cobro_currency_exponent (invoice->currency) > 2)
    refuse (check, "BR-DEC-12: amounts in %s have more than two decimals", cobro_currency_code (invoice->currency));
}

/* BR-21 … BR-27, BR-CO-04. */
static void
check_lines (Check *check)
{
  for (guint i = 0; i < check->einvoice->lines->len; i++)
    {
      const CobroEinvoiceLine *line = check->einvoice->lines->pdata[i];

      if (line->line->description[0] == '\0' || line->line->description[0] == '\n')
        refuse (check, "BR-25: line %u has no name", i + 1);
      if (line->price[0] == '-')
        refuse (check, "BR-27: line %u has a price below zero", i + 1);
    }
}

/* BR-CO-10 … BR-CO-16: sums. */
static void
check_sums (Check *check)
{
  const CobroEinvoice *einvoice = check->einvoice;
  const CobroInvoiceTotals *totals = check->invoice->totals;
  CobroMoney sum = cobro_money_zero (check->invoice->currency), tax = sum, base;

  for (guint i = 0; i < einvoice->taxes->len; i++)
    if (!cobro_money_add (tax, ((CobroEinvoiceTax *)einvoice->taxes->pdata[i])->tax, &tax, NULL))
      refuse (check, "BR-CO-14: the taxes cannot be added up");
  if (!cobro_money_equal (tax, totals->tax))
    refuse (check, "BR-CO-14: the tax is not the sum of its categories");
  for (guint i = 0; i < einvoice->lines->len; i++)
    if (!cobro_money_add (sum, ((CobroEinvoiceLine *)einvoice->lines->pdata[i])->net, &sum, NULL))
      refuse (check, "BR-CO-10: the lines cannot be added up");
  if (!cobro_money_equal (sum, einvoice->lines_total))
    refuse (check, "BR-CO-10: the sum of the lines is another one");
  if (!cobro_money_subtract (sum, einvoice->allowances, &base, NULL) ||
      !cobro_money_add (base, einvoice->charges, &base, NULL) || !cobro_money_equal (base, totals->subtotal))
    refuse (check, "BR-CO-13: lines − allowances + charges are not the total without tax");
  if (!cobro_money_add (totals->subtotal, totals->tax, &sum, NULL) ||
      !cobro_money_add (sum, totals->rounding, &sum, NULL) || !cobro_money_equal (sum, totals->total))
    refuse (check, "BR-CO-15, BR-CO-16: net and tax are not what is due");
  if (einvoice->taxes->len == 0)
    refuse (check, "BR-CO-18: the document has no tax category");
}

/* BR-S-09: the tax of a category is its base × its rate; the norm's own check allows less than one unit. */
static void
check_rate (Check *check, const CobroEinvoiceTax *tax)
{
  CobroMoney expected, difference;
  gint64 unit = cobro_currency_unit (check->invoice->currency);

  if (!cobro_money_scale (tax->base, tax->rate, 100 * COBRO_DECIMAL_ONE, COBRO_ROUND_HALF_UP, &expected, NULL) ||
      !cobro_money_subtract (tax->tax, expected, &difference, NULL) || ABS (cobro_money_minor (difference)) >= unit)
    refuse (check, "BR-%s-09: the tax of a category is not its base × its rate",
            cobro_tax_category_code (tax->category));
}

/* The rules of each category: who must be known by a number, and what may stand beside it. */
static void
check_category (Check *check, const CobroEinvoiceTax *tax)
{
  const CobroEinvoice *einvoice = check->einvoice;
  const char *code = cobro_tax_category_code (tax->category);
  gboolean seller = einvoice->seller_vat[0] != '\0', known = seller || einvoice->seller_tax[0] != '\0';

  check_rate (check, tax);
  switch (tax->category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
    case COBRO_TAX_EXEMPT:
      if (!known)
        refuse (check, "BR-%s-02: the seller's tax number is missing", code);
      break;
    case COBRO_TAX_REVERSE:
      if (!known)
        refuse (check, "BR-AE-02: the seller's tax number is missing");
      if (einvoice->buyer_vat[0] == '\0' && check->invoice->buyer.registration[0] == '\0')
        refuse (check, "BR-AE-02: the buyer's VAT number is missing");
      break;
    case COBRO_TAX_INTRA:
      if (!seller)
        refuse (check, "BR-IC-02: the seller's VAT number is missing");
      if (einvoice->buyer_vat[0] == '\0')
        refuse (check, "BR-IC-02: the buyer's VAT number is missing");
      break;
    case COBRO_TAX_EXPORT:
      if (!seller)
        refuse (check, "BR-G-02: the seller's VAT number is missing");
      break;
    case COBRO_TAX_OUTSIDE:
      if (einvoice->taxes->len > 1)
        refuse (check, "BR-O-11: what is not subject to VAT cannot stand beside what is");
      break;
    }
}

GPtrArray *
cobro_einvoice_broken (const CobroEinvoice *einvoice)
{
  Check check = { einvoice, einvoice->invoice, g_ptr_array_new_with_free_func (g_free) };

  check_head (&check);
  check_lines (&check);
  check_sums (&check);
  for (guint i = 0; i < einvoice->taxes->len; i++)
    check_category (&check, einvoice->taxes->pdata[i]);
  return check.broken;
}
