/* tests/bench/bench-totals.c — LINES ROUNDS: how long it takes to compute an invoice of so many lines, in microseconds:
 * what the editor does with every key. Layer: tests. */
#include "cobro-invoice.h"

int
main (int argc, char *argv[])
{
  gint64 n = argc > 2 ? g_ascii_strtoll (argv[1], NULL, 10) : 1000;
  gint64 rounds = argc > 2 ? g_ascii_strtoll (argv[2], NULL, 10) : 200;
  const CobroDecimal rates[] = { 21, 10, 4, 0 };
  g_autoptr (CobroInvoice) invoice = cobro_invoice_new ();
  gint64 begun;

  if (!cobro_currency_from_code ("EUR", &invoice->currency, NULL))
    return 1;
  for (gint64 i = 0; i < n; i++)
    {
      CobroInvoiceLine *line = cobro_invoice_line_new ("a line");

      line->quantity = (1 + i % 97) * COBRO_DECIMAL_ONE / 4;
      line->unit_price = (1 + i * 7919 % 100003) * 1237;
      line->tax_rate = rates[i % 4] * COBRO_DECIMAL_ONE;
      line->tax_category = line->tax_rate > 0 ? COBRO_TAX_STANDARD : COBRO_TAX_EXEMPT;
      g_ptr_array_add (invoice->lines, line);
    }
  invoice->discount = (CobroDiscount){ COBRO_DISCOUNT_PERCENT, 5 * COBRO_DECIMAL_ONE / 2, COBRO_MONEY_NONE };
  begun = g_get_monotonic_time ();
  for (gint64 i = 0; i < rounds; i++)
    if (!cobro_invoice_compute (invoice, NULL))
      return 1;
  g_print ("{\"us\": %" G_GINT64_FORMAT ", \"total\": %" G_GINT64_FORMAT "}\n",
           (g_get_monotonic_time () - begun) / rounds, cobro_money_minor (invoice->totals->total));
  return 0;
}
