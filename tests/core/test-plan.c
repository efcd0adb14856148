/* tests/core/test-plan.c — an invoice paid in parts: random plans and first parts, cash in between, credit notes; what
 * the payer may pay always leads to the last cent and never beyond it. Layer: tests. */
#include "cobro-invoice.h"
#include "cobro-link-status.h"
#include "cobro-test.h"

#define ROUNDS 20000

static CobroInvoice *
random_invoice (CobroRandom *chance, CobroCurrency currency)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("x");

  g_strlcpy (invoice->id.text, "inv_01jdvh00000000000000000000", sizeof invoice->id.text);
  invoice->currency = currency;
  invoice->decision = COBRO_INVOICE_ISSUED;
  line->unit_price = (gint64)(3 + cobro_random_below (chance, 100000)) * COBRO_UNIT_PRICE_ONE;
  g_ptr_array_add (invoice->lines, line);
  g_assert_true (cobro_invoice_compute (invoice, NULL));
  return invoice;
}

/* Two to six dated parts that add up, a first part of at least so much, or everything at once. */
static void
choose_terms (CobroInvoice *invoice, CobroRandom *chance)
{
  gint64 left = cobro_money_minor (invoice->totals->total);
  guint n = 2 + (guint)cobro_random_below (chance, 5);

  invoice->partial = (CobroPartial)cobro_random_below (chance, 3);
  if (invoice->partial == COBRO_PARTIAL_ON && cobro_random_below (chance, 2) == 0)
    invoice->minimum_first = cobro_money (1 + (gint64)cobro_random_below (chance, (guint64)left), invoice->currency);
  for (guint i = 0; invoice->partial == COBRO_PARTIAL_PLAN && i < n && left > 0; i++)
    {
      gint64 amount = i + 1 == n ? left : 1 + (gint64)cobro_random_below (chance, (guint64)left);
      char due[COBRO_DATE_SIZE];

      cobro_day_to_text (20700 + 30 * (CobroDay)i, due);
      g_ptr_array_add (invoice->parts, cobro_link_part_new (due, cobro_money (amount, invoice->currency)));
      left -= amount;
    }
  if (left > 0 && invoice->partial == COBRO_PARTIAL_PLAN)
    g_ptr_array_add (invoice->parts, cobro_link_part_new ("2030-01-01", cobro_money (left, invoice->currency)));
  if (invoice->partial == COBRO_PARTIAL_PLAN && invoice->parts->len < 2)
    {
      g_ptr_array_set_size (invoice->parts, 0);
      invoice->partial = COBRO_PARTIAL_OFF;
    }
}

static void
assert_parts_add_up (const CobroLink *link)
{
  CobroMoney sum = cobro_money_zero (link->currency);

  if (link->partial != COBRO_PARTIAL_PLAN)
    return;
  for (guint i = 0; i < link->parts->len; i++)
    {
      CobroMoney amount = ((const CobroLinkPart *)link->parts->pdata[i])->amount;

      g_assert_true (cobro_money_is_positive (amount));
      g_assert_true (cobro_money_add (sum, amount, &sum, NULL));
    }
  g_assert_true (cobro_money_equal (sum, link->amount));
}

/* What the page would offer next: the rest of the plan's present part, or at least the first part, or everything. */
static gint64
next_amount (const CobroLink *link, gint64 paid, CobroRandom *chance)
{
  gint64 due = cobro_money_minor (link->amount) - paid, sum = 0, least = 1;

  if (link->partial == COBRO_PARTIAL_PLAN)
    for (guint i = 0; i < link->parts->len; i++)
      {
        sum += cobro_money_minor (((const CobroLinkPart *)link->parts->pdata[i])->amount);
        if (sum > paid)
          return sum - paid;
      }
  if (!cobro_money_is_set (link->minimum_first))
    least = 1;
  else if (cobro_money_equal (link->minimum_first, link->amount)) /* the payer has no say */
    least = due;
  else if (paid == 0)
    least = MIN (cobro_money_minor (link->minimum_first), due);
  return least + (gint64)cobro_random_below (chance, (guint64)(due - least + 1));
}

static gboolean
may_pay (const CobroLink *link, gint64 paid, gint64 amount)
{
  return cobro_link_check_amount (link, cobro_money (paid, link->currency), cobro_money (amount, link->currency), NULL);
}

/* Pays until nothing is due; now and then somebody brings cash of any amount. */
static void
pay_off (const CobroLink *link, CobroRandom *chance)
{
  gint64 total = cobro_money_minor (link->amount), paid = 0;

  while (paid < total)
    {
      CobroLinkTally tally = cobro_link_tally_new (link->currency);
      gint64 amount = next_amount (link, paid, chance);

      tally.paid = cobro_money (paid, link->currency);
      g_assert_cmpint (cobro_link_view (link, &tally, COBRO_DAY).status, ==, COBRO_LINK_OPEN);
      g_assert_false (may_pay (link, paid, 0) || may_pay (link, paid, -amount) ||
                      may_pay (link, paid, total - paid + 1));
      g_assert_true (may_pay (link, paid, total - paid)); /* all of it is always fine */
      g_assert_true (may_pay (link, paid, amount));
      if (cobro_random_below (chance, 4) == 0)
        amount = 1 + (gint64)cobro_random_below (chance, (guint64)(total - paid));
      paid += amount;
    }
  g_assert_cmpint (paid, ==, total);
  g_assert_false (may_pay (link, paid, 1));
}

/* proves: INV-15 */
static void
test_plans (void)
{
  g_autoptr (CobroRandom) chance = cobro_test_random ();
  CobroCurrency currency = COBRO_CURRENCY_NONE;
  guint plans = 0, credited_plans = 0;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, NULL));
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (CobroInvoice) invoice = random_invoice (chance, currency);
      g_autoptr (CobroLink) link = NULL;
      CobroMoney total = invoice->totals->total, credited = cobro_money_zero (currency), asked;

      choose_terms (invoice, chance);
      if (cobro_random_below (chance, 2) == 0)
        credited = cobro_money ((gint64)cobro_random_below (chance, (guint64)cobro_money_minor (total)), currency);
      link = cobro_invoice_to_link (invoice, credited);
      g_assert_true (cobro_money_subtract (total, credited, &asked, NULL));
      g_assert_true (cobro_money_equal (link->amount, asked));
      assert_parts_add_up (link);
      pay_off (link, chance);
      plans += link->partial == COBRO_PARTIAL_PLAN ? 1 : 0;
      credited_plans += link->partial == COBRO_PARTIAL_PLAN && cobro_money_is_positive (credited) ? 1 : 0;
    }
  g_assert_cmpuint (plans, >, ROUNDS / 10);
  g_assert_cmpuint (credited_plans, >, ROUNDS / 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/plan/parts", test_plans);
  return g_test_run ();
}
