/* src/core/cobro-invoice-line.c — a line of an invoice as a value: its rules, and unit prices as text.
 * Layer: core. Any thread. No floating point. */
#include "cobro-invoice-line.h"
#include "cobro-error.h"
#include "cobro-text.h"

#include <string.h>

#define DESCRIPTION_MAX 1000
#define UNIT_MAX        20
#define TAX_NAME_MAX    40
#define HUNDRED         (100 * COBRO_DECIMAL_ONE)
/* Decimals of a unit price beyond the minor unit. */
#define FRACTION_DIGITS 4

CobroInvoiceLine *
cobro_invoice_line_new (const char *description)
{
  CobroInvoiceLine *line = g_new0 (CobroInvoiceLine, 1);

  line->description = g_strdup (description != NULL ? description : "");
  line->unit = g_strdup ("");
  line->quantity = COBRO_DECIMAL_ONE;
  line->tax_name = g_strdup ("");
  line->tax_category = COBRO_TAX_OUTSIDE;
  return line;
}

CobroInvoiceLine *
cobro_invoice_line_copy (const CobroInvoiceLine *line)
{
  CobroInvoiceLine *copy = g_new (CobroInvoiceLine, 1);

  *copy = *line;
  copy->description = g_strdup (line->description);
  copy->unit = g_strdup (line->unit);
  copy->tax_name = g_strdup (line->tax_name);
  return copy;
}

void
cobro_invoice_line_free (CobroInvoiceLine *line)
{
  if (line == NULL)
    return;
  g_free (line->description);
  g_free (line->unit);
  g_free (line->tax_name);
  g_free (line);
}

gboolean
cobro_discount_equal (const CobroDiscount *a, const CobroDiscount *b)
{
  return a->kind == b->kind && a->percent == b->percent && cobro_money_equal (a->amount, b->amount);
}

gboolean
cobro_discount_validate (const CobroDiscount *discount, CobroCurrency currency, GError **error)
{
  if (discount->kind != COBRO_DISCOUNT_PERCENT && discount->percent != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.percent", "belongs to a discount in percent only");
  if (discount->kind != COBRO_DISCOUNT_AMOUNT && cobro_money_is_set (discount->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.amount", "belongs to a discount in money only");
  if (discount->kind == COBRO_DISCOUNT_PERCENT && (discount->percent <= 0 || discount->percent > HUNDRED))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.percent", "must be above 0 and at most 100");
  if (discount->kind != COBRO_DISCOUNT_AMOUNT)
    return TRUE;
  if (cobro_money_currency (discount->amount) != currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.amount", "must be in \"%s\"",
                               cobro_currency_code (currency));
  if (!cobro_money_is_positive (discount->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.amount", "must be above zero");
  return cobro_money_check (discount->amount, error) || cobro_error_prefix_path (error, "discount.amount");
}

gboolean
cobro_tax_of_line_validate (const char *name, CobroTaxCategory category, CobroDecimal rate, GError **error)
{
  if (!cobro_text_check (name, TAX_NAME_MAX, COBRO_TEXT_LINE, "taxName", error))
    return FALSE;
  if (rate < 0 || rate > HUNDRED)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxRate", "must be from 0 to 100 percent");
  if (category != COBRO_TAX_STANDARD && rate != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxRate", "must be 0 where the category is \"%s\"",
                               cobro_tax_category_name (category));
  return rate > 0 || category != COBRO_TAX_STANDARD ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxRate",
                             "must be above 0 where the category is \"standard\"");
}

static gboolean
validate_line (const CobroInvoiceLine *line, CobroCurrency currency, GError **error)
{
  if (!cobro_text_check (line->description, DESCRIPTION_MAX, COBRO_TEXT_BLOCK | COBRO_TEXT_NEEDED, "description",
                         error) ||
      !cobro_text_check (line->unit, UNIT_MAX, COBRO_TEXT_LINE, "unit", error))
    return FALSE;
  if (line->quantity == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantity", "must not be 0");
  if (ABS (line->quantity / COBRO_DECIMAL_ONE) >= G_GINT64_CONSTANT (1000000000))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantity", "must be below 1000000000");
  if (line->unit_price < 0 || line->unit_price > COBRO_UNIT_PRICE_LIMIT)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "unitAmount", "must be from 0 to %s",
                               "100000000.00 (in a currency with two digits)");
  if (line->quantity < 0 && line->discount.kind == COBRO_DISCOUNT_AMOUNT)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.amount", "cannot be taken from a return");
  return cobro_discount_validate (&line->discount, currency, error) &&
         cobro_tax_of_line_validate (line->tax_name, line->tax_category, line->tax_rate, error);
}

gboolean
cobro_invoice_line_validate (const CobroInvoiceLine *line, CobroCurrency currency, const char *path, GError **error)
{
  return validate_line (line, currency, error) || cobro_error_prefix_path (error, path);
}

/* ── Unit prices ── */

CobroUnitPrice
cobro_unit_price_of (CobroMoney money)
{
  g_return_val_if_fail (cobro_money_check (money, NULL), 0);
  return cobro_money_minor (money) * COBRO_UNIT_PRICE_ONE;
}

gboolean
cobro_unit_price_to_money (CobroUnitPrice price, CobroCurrency currency, CobroMoney *out_money)
{
  if (price % COBRO_UNIT_PRICE_ONE != 0)
    return FALSE;
  *out_money = cobro_money (price / COBRO_UNIT_PRICE_ONE, currency);
  return TRUE;
}

char *
cobro_unit_price_to_decimal (CobroUnitPrice price, CobroCurrency currency)
{
  guint digits = cobro_currency_exponent (currency), extra = FRACTION_DIGITS;
  guint64 rest = price < 0 ? 0 - (guint64)price : (guint64)price;
  guint64 power = 1;
  GString *text = g_string_new (price < 0 ? "-" : "");

  for (; extra > 0 && rest % 10 == 0; extra--)
    rest /= 10;
  for (guint i = 0; i < digits + extra; i++)
    power *= 10;
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, rest / power);
  if (digits + extra > 0)
    g_string_append_printf (text, ".%0*" G_GUINT64_FORMAT, (int)(digits + extra), rest % power);
  return g_string_free (text, FALSE);
}

/* One decimal more than cobro_scaled_from_text() takes: the seventh of a currency with three digits. */
static gboolean
append_digit (CobroUnitPrice *price, char digit, gboolean negative, GError **error)
{
  int value = g_ascii_digit_value (digit);

  if (value < 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must be digits with at most 7 decimals after a '.'");
  if (__builtin_mul_overflow (*price, 10, price) || __builtin_add_overflow (*price, negative ? -value : value, price))
    return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "is too large");
  return TRUE;
}

gboolean
cobro_unit_price_from_decimal (const char *text, CobroCurrency currency, CobroUnitPrice *out_price, GError **error)
{
  guint places = cobro_currency_exponent (currency) + FRACTION_DIGITS, decimals = 0;
  const char *dot = strchr (text, '.');
  g_autofree char *head = NULL;
  CobroUnitPrice price;
  guint kept;

  if (dot != NULL)
    decimals = (guint)strlen (dot + 1);
  if (decimals > places)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must be digits with at most %u decimals after a '.'", places);
  kept = MIN (decimals, 6);
  head = g_strndup (text, strlen (text) - (decimals - kept));
  if (!cobro_scaled_from_text (head, kept, &price, error))
    return FALSE;
  for (; kept < decimals; kept++)
    if (!append_digit (&price, dot[1 + kept], text[0] == '-', error))
      return FALSE;
  for (; decimals < places; decimals++)
    if (__builtin_mul_overflow (price, 10, &price))
      return cobro_error_set (error, COBRO_ERROR_OVERFLOW, "is too large");
  *out_price = price;
  return TRUE;
}
