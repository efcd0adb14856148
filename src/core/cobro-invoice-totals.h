/* src/core/cobro-invoice-totals.h — what an invoice comes to: the only place where tax is rounded. Desktop, relay, PDF,
 * mail and providers use what this computed; a stored result is never computed again (semantics: Tax and rounding).
 * Layer: core. Any thread. */
#pragma once
#include "cobro-invoice-line.h"

/* One tax category of the document: (name, category, rate). */
typedef struct
{
  char *name;
  CobroTaxCategory category;
  CobroDecimal rate;
  CobroMoney base;   /* net */
  CobroMoney amount; /* the tax on it */
} CobroInvoiceTax;

typedef struct
{
  CobroMoney *lines; /* (array length=n_lines) each line as printed: net, or gross where the document is inclusive */
  gsize n_lines;
  CobroMoney lines_total; /* Σ lines */
  CobroMoney discount;    /* the document's, ≥ 0, in the same sense (net or gross) as the lines */
  CobroMoney shipping;
  CobroMoney subtotal; /* Σ bases: net of everything */
  GPtrArray *taxes;    /* (element-type CobroInvoiceTax) by category, then rate downwards, then name */
  CobroMoney tax;      /* Σ their amounts */
  CobroMoney rounding; /* cash rounding: a line of its own, else zero */
  CobroMoney total;    /* subtotal + tax + rounding, to the last minor unit */
} CobroInvoiceTotals;

/* Lent: what goes into it. CobroInvoice hands itself over by cobro_invoice_compute(). */
typedef struct
{
  CobroCurrency currency;
  GPtrArray *lines; /* (element-type CobroInvoiceLine) */
  gboolean tax_inclusive;
  gboolean tax_per_line; /* tax rounded line by line instead of once per category */
  CobroRounding rounding;
  CobroDiscount discount; /* of the document, shared out over the lines by largest remainder */
  CobroMoney shipping;    /* unset: none */
  char *shipping_tax_name;
  CobroTaxCategory shipping_tax_category;
  CobroDecimal shipping_tax_rate;
  gint64 cash_rounding; /* minor units to round the total to (5 for 0.05); 0: not */
} CobroInvoiceSum;

/**
 * cobro_invoice_totals_compute:
 *
 * Exclusive: line = round (quantity × unit price) − discount, each rounded once; the document's discount is shared out
 * over the lines (largest remainder), then base = Σ net per category and tax = round (base × rate), once per category,
 * or Σ per line. Inclusive: the same with gross amounts, then tax = gross − round (gross × 100 % ÷ (100 % + rate)) per
 * category (or line), base = gross − tax. A negative line (a return) takes no share of the document's discount.
 * Shipping is one more line that no discount touches. All intermediate products in 128 bits.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_OVERFLOW, or %COBRO_ERROR_INVALID at "discount.amount",
 * "lines[2].discount.amount" (takes more than there is)
 */
CobroInvoiceTotals *cobro_invoice_totals_compute (const CobroInvoiceSum *sum, GError **error);
CobroInvoiceTotals *cobro_invoice_totals_new (CobroCurrency currency, gsize n_lines); /* zeros: for decoders */
CobroInvoiceTotals *cobro_invoice_totals_copy (const CobroInvoiceTotals *totals);
void cobro_invoice_totals_free (CobroInvoiceTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvoiceTotals, cobro_invoice_totals_free)
gboolean cobro_invoice_totals_equal (const CobroInvoiceTotals *a, const CobroInvoiceTotals *b);
CobroInvoiceTax *cobro_invoice_tax_new (const char *name, CobroTaxCategory category, CobroDecimal rate, CobroMoney base,
                                        CobroMoney amount);
void cobro_invoice_tax_free (CobroInvoiceTax *tax);
