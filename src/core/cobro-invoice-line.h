/* src/core/cobro-invoice-line.h — a line of an invoice: quantity × unit price − discount, and its tax.
 * Layer: core. */
#pragma once
#include "cobro-id.h"
#include "cobro-money.h"
#include "cobro-tax.h"

/* A price per unit: minor units × 10^4, so that 0.0075 EUR a sheet is exact (semantics: Tax and rounding, rule 1). */
typedef gint64 CobroUnitPrice;
#define COBRO_UNIT_PRICE_ONE   G_GINT64_CONSTANT (10000)
/* No unit price exceeds this in either direction. */
#define COBRO_UNIT_PRICE_LIMIT (COBRO_MONEY_LIMIT * COBRO_UNIT_PRICE_ONE / 100)

typedef enum
{
  COBRO_DISCOUNT_NONE,
  COBRO_DISCOUNT_PERCENT,
  COBRO_DISCOUNT_AMOUNT
} CobroDiscountKind;

typedef struct
{
  CobroDiscountKind kind;
  CobroDecimal percent; /* PERCENT: percent × 10^6, above 0, at most 100 */
  CobroMoney amount;    /* AMOUNT: positive; at most what it is taken from */
} CobroDiscount;
#define COBRO_DISCOUNT_OFF ((CobroDiscount){ 0 })

typedef struct
{
  char *description; /* 1 … 1000 characters, several lines */
  CobroId product_id;
  char *unit;                /* ≤ 20 */
  CobroDecimal quantity;     /* × 10^6; not 0; negative takes back (a return on the same invoice) */
  CobroUnitPrice unit_price; /* ≥ 0; with tax where the document is inclusive */
  CobroDiscount discount;
  char *tax_name; /* ≤ 40: "GST"; "" where there is no tax */
  CobroTaxCategory tax_category;
  CobroDecimal tax_rate; /* percent × 10^6, 0 … 100; 0 unless STANDARD */
} CobroInvoiceLine;

gboolean cobro_discount_equal (const CobroDiscount *a, const CobroDiscount *b);
/* Paths "discount.percent", "discount.amount". */
gboolean cobro_discount_validate (const CobroDiscount *discount, CobroCurrency currency,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A tax as a line or a shipping charge carries it: paths "taxName", "taxRate". A rate belongs to STANDARD alone. */
gboolean cobro_tax_of_line_validate (const char *name, CobroTaxCategory category, CobroDecimal rate,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) one piece for nothing, outside of any tax, with every text "". */
CobroInvoiceLine *cobro_invoice_line_new (const char *description);
CobroInvoiceLine *cobro_invoice_line_copy (const CobroInvoiceLine *line);
void cobro_invoice_line_free (CobroInvoiceLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvoiceLine, cobro_invoice_line_free)
/* @path: "lines[2]". */
gboolean cobro_invoice_line_validate (const CobroInvoiceLine *line, CobroCurrency currency, const char *path,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The unit price of an amount, and back where it is whole: FALSE when it has a fraction of a minor unit. */
CobroUnitPrice cobro_unit_price_of (CobroMoney money);
gboolean cobro_unit_price_to_money (CobroUnitPrice price, CobroCurrency currency, CobroMoney *out_money);
/* (transfer full) the shortest exact text in major units, with at least the currency's digits: "75.00", "0.0075". */
char *cobro_unit_price_to_decimal (CobroUnitPrice price, CobroCurrency currency);
gboolean cobro_unit_price_from_decimal (const char *text, CobroCurrency currency, CobroUnitPrice *out_price,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
