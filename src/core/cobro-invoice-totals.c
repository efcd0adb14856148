/* src/core/cobro-invoice-totals.c — what an invoice comes to; the only place where tax is rounded.
 * Layer: core. Any thread. No floating point. */
#include "cobro-invoice-totals.h"
#include "cobro-error.h"

#include <string.h>

#define HUNDRED   (100 * COBRO_DECIMAL_ONE)
#define PER_PIECE (COBRO_DECIMAL_ONE * COBRO_UNIT_PRICE_ONE) /* quantity × unit price counts so many per minor unit */

/* ── The value ── */

CobroInvoiceTax *
cobro_invoice_tax_new (const char *name, CobroTaxCategory category, CobroDecimal rate, CobroMoney base,
                       CobroMoney amount)
{
  CobroInvoiceTax *tax = g_new (CobroInvoiceTax, 1);

  *tax =
    (CobroInvoiceTax){ .name = g_strdup (name), .category = category, .rate = rate, .base = base, .amount = amount };
  return tax;
}

void
cobro_invoice_tax_free (CobroInvoiceTax *tax)
{
  if (tax == NULL)
    return;
  g_free (tax->name);
  g_free (tax);
}

CobroInvoiceTotals *
cobro_invoice_totals_new (CobroCurrency currency, gsize n_lines)
{
  CobroInvoiceTotals *totals = g_new0 (CobroInvoiceTotals, 1);
  CobroMoney zero = cobro_money_zero (currency);

  totals->lines = g_new (CobroMoney, MAX (n_lines, 1));
  totals->n_lines = n_lines;
  for (gsize i = 0; i < n_lines; i++)
    totals->lines[i] = zero;
  totals->taxes = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_tax_free);
  totals->lines_total = totals->discount = totals->shipping = totals->subtotal = zero;
  totals->tax = totals->rounding = totals->total = zero;
  return totals;
}

CobroInvoiceTotals *
cobro_invoice_totals_copy (const CobroInvoiceTotals *totals)
{
  CobroInvoiceTotals *copy = cobro_invoice_totals_new (cobro_money_currency (totals->total), totals->n_lines);

  for (gsize i = 0; i < totals->n_lines; i++)
    copy->lines[i] = totals->lines[i];
  copy->lines_total = totals->lines_total;
  copy->discount = totals->discount;
  copy->shipping = totals->shipping;
  copy->subtotal = totals->subtotal;
  copy->tax = totals->tax;
  copy->rounding = totals->rounding;
  copy->total = totals->total;
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      const CobroInvoiceTax *tax = totals->taxes->pdata[i];

      g_ptr_array_add (copy->taxes,
                       cobro_invoice_tax_new (tax->name, tax->category, tax->rate, tax->base, tax->amount));
    }
  return copy;
}

void
cobro_invoice_totals_free (CobroInvoiceTotals *totals)
{
  if (totals == NULL)
    return;
  g_free (totals->lines);
  g_ptr_array_unref (totals->taxes);
  g_free (totals);
}

static gboolean
taxes_equal (const CobroInvoiceTax *a, const CobroInvoiceTax *b)
{
  return g_str_equal (a->name, b->name) && a->category == b->category && a->rate == b->rate &&
         cobro_money_equal (a->base, b->base) && cobro_money_equal (a->amount, b->amount);
}

gboolean
cobro_invoice_totals_equal (const CobroInvoiceTotals *a, const CobroInvoiceTotals *b)
{
  if (a->n_lines != b->n_lines || a->taxes->len != b->taxes->len)
    return FALSE;
  for (gsize i = 0; i < a->n_lines; i++)
    if (!cobro_money_equal (a->lines[i], b->lines[i]))
      return FALSE;
  for (guint i = 0; i < a->taxes->len; i++)
    if (!taxes_equal (a->taxes->pdata[i], b->taxes->pdata[i]))
      return FALSE;
  return cobro_money_equal (a->lines_total, b->lines_total) && cobro_money_equal (a->discount, b->discount) &&
         cobro_money_equal (a->shipping, b->shipping) && cobro_money_equal (a->subtotal, b->subtotal) &&
         cobro_money_equal (a->tax, b->tax) && cobro_money_equal (a->rounding, b->rounding) &&
         cobro_money_equal (a->total, b->total);
}

/* ── Lines ── */

static gboolean
take_discount (const CobroDiscount *discount, CobroMoney from, CobroRounding rounding, CobroMoney *out_discount,
               GError **error)
{
  CobroMoney taken = cobro_money_zero (cobro_money_currency (from));

  switch (discount->kind)
    {
    case COBRO_DISCOUNT_NONE:
      break;
    case COBRO_DISCOUNT_PERCENT:
      if (!cobro_money_scale (from, discount->percent, HUNDRED, rounding, &taken, error))
        return FALSE;
      break;
    case COBRO_DISCOUNT_AMOUNT:
      taken = discount->amount;
      if (cobro_money_compare (taken, from) > 0)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount.amount", "takes more than there is");
      break;
    }
  *out_discount = taken;
  return TRUE;
}

static gboolean
compute_line (const CobroInvoiceSum *sum, const CobroInvoiceLine *line, CobroMoney *out_line, GError **error)
{
  /* The unit price counts 10^4 to the minor unit: lent to money for its 128-bit product. */
  CobroMoney gross = cobro_money (line->unit_price, sum->currency), discount;

  return cobro_money_scale (gross, line->quantity, PER_PIECE, sum->rounding, &gross, error) &&
         take_discount (&line->discount, gross, sum->rounding, &discount, error) &&
         cobro_money_subtract (gross, discount, out_line, error) && cobro_money_check (*out_line, error);
}

static gboolean
compute_lines (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, GError **error)
{
  for (guint i = 0; i < sum->lines->len; i++)
    if (!compute_line (sum, sum->lines->pdata[i], &totals->lines[i], error) ||
        !cobro_money_add (totals->lines_total, totals->lines[i], &totals->lines_total, error) ||
        !cobro_money_check (totals->lines_total, error))
      {
        g_autofree char *path = g_strdup_printf ("lines[%u]", i);

        return cobro_error_prefix_path (error, path);
      }
  return TRUE;
}

/* What of each line is left after the document's discount. */
static gboolean
share_discount (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, CobroMoney *rests, GError **error)
{
  g_autofree gint64 *weights = g_new (gint64, MAX (totals->n_lines, 1));
  g_autofree CobroMoney *shares = g_new (CobroMoney, MAX (totals->n_lines, 1));

  for (gsize i = 0; i < totals->n_lines; i++)
    rests[i] = totals->lines[i];
  if (!take_discount (&sum->discount, totals->lines_total, sum->rounding, &totals->discount, error))
    return FALSE;
  if (cobro_money_is_zero (totals->discount))
    return TRUE;
  if (cobro_money_is_negative (totals->discount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "discount", "cannot be taken from less than nothing");
  for (gsize i = 0; i < totals->n_lines; i++)
    weights[i] = MAX (cobro_money_minor (totals->lines[i]), 0);
  if (!cobro_money_split (totals->discount, weights, totals->n_lines, shares, error))
    return cobro_error_prefix_path (error, "discount");
  for (gsize i = 0; i < totals->n_lines; i++)
    if (!cobro_money_subtract (rests[i], shares[i], &rests[i], error))
      return FALSE;
  return TRUE;
}

/* ── Taxes ── */

static CobroInvoiceTax *
find_tax (CobroInvoiceTotals *totals, const char *name, CobroTaxCategory category, CobroDecimal rate, CobroMoney zero)
{
  CobroInvoiceTax *tax;

  for (guint i = 0; i < totals->taxes->len; i++)
    {
      tax = totals->taxes->pdata[i];
      if (tax->category == category && tax->rate == rate && g_str_equal (tax->name, name))
        return tax;
    }
  tax = cobro_invoice_tax_new (name, category, rate, zero, zero);
  g_ptr_array_add (totals->taxes, tax);
  return tax;
}

/* The tax in or on @amount. */
static gboolean
compute_tax (const CobroInvoiceSum *sum, CobroMoney amount, CobroDecimal rate, CobroMoney *out_base,
             CobroMoney *out_tax, GError **error)
{
  CobroMoney net;

  if (!sum->tax_inclusive)
    {
      *out_base = amount;
      return cobro_money_scale (amount, rate, HUNDRED, sum->rounding, out_tax, error);
    }
  if (!cobro_money_scale (amount, HUNDRED, HUNDRED + rate, sum->rounding, &net, error))
    return FALSE;
  *out_base = net;
  return cobro_money_subtract (amount, net, out_tax, error);
}

/* One line's share goes to its category: as it is, to be taxed once with the others, or taxed by itself. */
static gboolean
add_to_tax (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, CobroMoney amount, const char *name,
            CobroTaxCategory category, CobroDecimal rate, GError **error)
{
  CobroInvoiceTax *into = find_tax (totals, name, category, rate, cobro_money_zero (sum->currency));
  CobroMoney base = amount, tax = cobro_money_zero (sum->currency);

  if (sum->tax_per_line && !compute_tax (sum, amount, rate, &base, &tax, error))
    return FALSE;
  return cobro_money_add (into->base, base, &into->base, error) &&
         cobro_money_add (into->amount, tax, &into->amount, error);
}

static gint
compare_taxes (gconstpointer a, gconstpointer b)
{
  const CobroInvoiceTax *left = *(const CobroInvoiceTax *const *)a, *right = *(const CobroInvoiceTax *const *)b;

  if (left->category != right->category)
    return left->category < right->category ? -1 : 1;
  if (left->rate != right->rate)
    return left->rate > right->rate ? -1 : 1;
  return strcmp (left->name, right->name);
}

static gboolean
gather_taxes (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, const CobroMoney *rests, GError **error)
{
  for (guint i = 0; i < sum->lines->len; i++)
    {
      const CobroInvoiceLine *line = sum->lines->pdata[i];

      if (!add_to_tax (sum, totals, rests[i], line->tax_name, line->tax_category, line->tax_rate, error))
        return FALSE;
    }
  if (cobro_money_is_set (sum->shipping) && !cobro_money_is_zero (sum->shipping))
    {
      const char *name = sum->shipping_tax_name != NULL ? sum->shipping_tax_name : "";

      totals->shipping = sum->shipping;
      if (!add_to_tax (sum, totals, sum->shipping, name, sum->shipping_tax_category, sum->shipping_tax_rate, error))
        return FALSE;
    }
  g_ptr_array_sort (totals->taxes, compare_taxes);
  return TRUE;
}

static gboolean
sum_taxes (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, GError **error)
{
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      CobroInvoiceTax *tax = totals->taxes->pdata[i];

      if (!sum->tax_per_line && !compute_tax (sum, tax->base, tax->rate, &tax->base, &tax->amount, error))
        return FALSE;
      if (!cobro_money_add (totals->subtotal, tax->base, &totals->subtotal, error) ||
          !cobro_money_add (totals->tax, tax->amount, &totals->tax, error))
        return FALSE;
    }
  return cobro_money_add (totals->subtotal, totals->tax, &totals->total, error);
}

static gboolean
round_for_cash (const CobroInvoiceSum *sum, CobroInvoiceTotals *totals, GError **error)
{
  CobroMoney steps, rounded;

  if (sum->cash_rounding <= 1)
    return TRUE;
  if (!cobro_money_scale (totals->total, 1, sum->cash_rounding, sum->rounding, &steps, error) ||
      !cobro_money_scale (steps, sum->cash_rounding, 1, sum->rounding, &rounded, error) ||
      !cobro_money_subtract (rounded, totals->total, &totals->rounding, error))
    return FALSE;
  totals->total = rounded;
  return TRUE;
}

CobroInvoiceTotals *
cobro_invoice_totals_compute (const CobroInvoiceSum *sum, GError **error)
{
  g_autoptr (CobroInvoiceTotals) totals = cobro_invoice_totals_new (sum->currency, sum->lines->len);
  g_autofree CobroMoney *rests = g_new (CobroMoney, MAX (sum->lines->len, 1));

  if (!compute_lines (sum, totals, error) || !share_discount (sum, totals, rests, error) ||
      !gather_taxes (sum, totals, rests, error) || !sum_taxes (sum, totals, error) ||
      !round_for_cash (sum, totals, error))
    return NULL;
  if (!cobro_money_check (totals->total, error))
    {
      cobro_error_prefix_path (error, "totals.total");
      return NULL;
    }
  return g_steal_pointer (&totals);
}
