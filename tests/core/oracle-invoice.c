/* tests/core/oracle-invoice.c — computes the invoices that oracle-invoice.py asks for on stdin, one a line, and credits
 * them; "error NAME path" when refused. Layer: tests. */
#include "cobro-error.h"
#include "cobro-invoice.h"

#include <stdio.h>
#include <string.h>

/* The words of a question, taken one after the other. */
typedef struct
{
  char **word;
} Question;

static gint64
integer (Question *question)
{
  return g_ascii_strtoll (*question->word++, NULL, 10);
}

static CobroDiscount
read_discount (Question *question, CobroCurrency currency)
{
  CobroDiscount discount = { .kind = (CobroDiscountKind)integer (question) };
  gint64 value = integer (question);

  if (discount.kind == COBRO_DISCOUNT_PERCENT)
    discount.percent = value;
  if (discount.kind == COBRO_DISCOUNT_AMOUNT)
    discount.amount = cobro_money (value, currency);
  return discount;
}

static void
read_line (Question *question, CobroInvoice *invoice)
{
  CobroInvoiceLine *line = cobro_invoice_line_new ("line");

  line->quantity = integer (question);
  line->unit_price = integer (question);
  line->discount = read_discount (question, invoice->currency);
  line->tax_category = (CobroTaxCategory)integer (question);
  line->tax_rate = integer (question);
  cobro_link_set_text (&line->tax_name, *question->word++);
  g_ptr_array_add (invoice->lines, line);
}

/* currency inclusive per-line rounding discount(2) shipping category rate name cash n {line} credited */
static CobroInvoice *
read_invoice (Question *question)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  gint64 n;

  g_assert_true (cobro_currency_from_code (*question->word++, &invoice->currency, NULL));
  invoice->tax_inclusive = integer (question) == 1;
  invoice->tax_per_line = integer (question) == 1;
  invoice->rounding = (CobroRounding)integer (question);
  invoice->discount = read_discount (question, invoice->currency);
  invoice->shipping = cobro_money (integer (question), invoice->currency);
  invoice->shipping_tax_category = (CobroTaxCategory)integer (question);
  invoice->shipping_tax_rate = integer (question);
  cobro_link_set_text (&invoice->shipping_tax_name, *question->word++);
  invoice->cash_rounding = integer (question);
  n = integer (question);
  for (gint64 i = 0; i < n; i++)
    read_line (question, invoice);
  return invoice;
}

static void
print_error (const GError *error)
{
  const char *path = cobro_error_get_path (error);

  printf ("error %s %s", cobro_error_code_name ((CobroError)error->code), path != NULL ? path : "-");
}

static void
print_totals (const CobroInvoiceTotals *totals)
{
  for (gsize i = 0; i < totals->n_lines; i++)
    printf ("%" G_GINT64_FORMAT " ", cobro_money_minor (totals->lines[i]));
  printf ("| %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
          cobro_money_minor (totals->lines_total), cobro_money_minor (totals->discount),
          cobro_money_minor (totals->shipping), cobro_money_minor (totals->subtotal), cobro_money_minor (totals->tax),
          cobro_money_minor (totals->rounding), cobro_money_minor (totals->total));
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      const CobroInvoiceTax *tax = totals->taxes->pdata[i];

      printf (" | %d %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, (int)tax->category, tax->rate,
              tax->name, cobro_money_minor (tax->base), cobro_money_minor (tax->amount));
    }
}

/* The credit note over @amount (0: over everything). */
static void
print_credit (CobroInvoice *invoice, gint64 amount)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoice) note = NULL;

  invoice->decision = COBRO_INVOICE_ISSUED;
  note = cobro_invoice_credit (invoice, amount != 0 ? cobro_money (amount, invoice->currency) : COBRO_MONEY_NONE,
                               "returned", &error);
  printf (" # ");
  if (note == NULL)
    print_error (error);
  else
    print_totals (note->totals);
}

static void
answer (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  Question question = { words };
  g_autoptr (CobroInvoice) invoice = read_invoice (&question);
  gint64 credited = integer (&question);
  g_autoptr (GError) error = NULL;

  if (!cobro_invoice_compute (invoice, &error))
    print_error (error);
  else
    {
      print_totals (invoice->totals);
      if (credited >= 0 && cobro_money_is_positive (invoice->totals->total))
        print_credit (invoice, credited);
    }
  printf ("\n");
}

int
main (void)
{
  char *text = NULL;
  size_t size = 0;
  ssize_t n;

  while ((n = getline (&text, &size, stdin)) > 0)
    {
      text[n - 1] = '\0';
      answer (text);
    }
  g_free (text);
  return 0;
}
