/* tests/document/einvoice-sample.c — writes one e-invoice of every kind there, for judges that read UBL
 * (judge-ubl.sh). Layer: tests. */
#include "cobro-einvoice.h"
#include "cobro-random.h"

#include <glib/gstdio.h>

static CobroInvoice *
begin (guint i)
{
  CobroInvoice *invoice = cobro_invoice_new ();

  g_assert_true (cobro_currency_from_code ("EUR", &invoice->currency, NULL));
  cobro_link_set_text (&invoice->buyer.name, "Zoë & Söhne <GmbH>");
  cobro_link_set_text (&invoice->buyer.address.street, "Hauptstraße 1\nHinterhaus");
  cobro_link_set_text (&invoice->buyer.address.city, "Berlin");
  cobro_link_set_text (&invoice->buyer.address.postal_code, "10115");
  cobro_link_set_text (&invoice->buyer.address.country, "DE");
  cobro_link_set_text (&invoice->buyer.tax_id, "DE 123 456 789");
  cobro_link_set_text (&invoice->reference, i % 2 == 0 ? "PO-17" : "");
  cobro_link_set_text (&invoice->notes, "Gracias\n\"por\" <todo> & más");
  invoice->tax_inclusive = i % 2 == 1;
  invoice->tax_per_line = i % 3 == 2;
  invoice->rounding = i % 5 == 4 ? COBRO_ROUND_HALF_EVEN : COBRO_ROUND_HALF_UP;
  invoice->cash_rounding = i % 7 == 3 ? 5 : 0;
  return invoice;
}

static void
add_line (CobroInvoice *invoice, CobroRandom *chance, CobroTaxCategory category, CobroDecimal rate)
{
  static const char *const units[] = { "", "hour", "kg", "widget" };
  CobroInvoiceLine *line = cobro_invoice_line_new ("Consulting & <more>\nsecond line");

  line->quantity = (gint64)(1 + cobro_random_below (chance, 9000000));
  line->unit_price = (gint64)(cobro_random_below (chance, 100000000));
  line->tax_category = category;
  line->tax_rate = rate;
  cobro_link_set_text (&line->tax_name, "IVA");
  cobro_link_set_text (&line->unit, units[cobro_random_below (chance, G_N_ELEMENTS (units))]);
  if (cobro_random_below (chance, 3) == 0)
    line->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = 12500000 };
  g_ptr_array_add (invoice->lines, line);
}

static void
add_lines (CobroInvoice *invoice, CobroRandom *chance, guint i)
{
  static const CobroTaxCategory alone[] = { COBRO_TAX_ZERO,  COBRO_TAX_EXEMPT, COBRO_TAX_REVERSE,
                                            COBRO_TAX_INTRA, COBRO_TAX_EXPORT, COBRO_TAX_OUTSIDE };
  static const CobroDecimal rates[] = { 21000000, 10000000, 4000000, 5500000 };

  if (i % 3 == 0)
    {
      for (guint n = 0; n <= i % 4; n++)
        add_line (invoice, chance, alone[i / 3 % G_N_ELEMENTS (alone)], 0);
      return;
    }
  for (guint n = 0; n < 1 + i % 9; n++)
    add_line (invoice, chance, COBRO_TAX_STANDARD, rates[cobro_random_below (chance, G_N_ELEMENTS (rates))]);
  if (i % 4 == 1)
    add_line (invoice, chance, COBRO_TAX_ZERO, 0);
  if (i % 5 == 1)
    invoice->discount = (CobroDiscount){ .kind = COBRO_DISCOUNT_PERCENT, .percent = 3330000 };
  if (i % 5 == 2)
    {
      invoice->shipping = cobro_money (499, invoice->currency);
      invoice->shipping_tax_category = COBRO_TAX_STANDARD;
      invoice->shipping_tax_rate = rates[i / 5 % G_N_ELEMENTS (rates)];
    }
}

static CobroMerchant *
seller (void)
{
  CobroMerchant *merchant = cobro_merchant_new ();

  cobro_link_set_text (&merchant->name, "Ana's Café");
  cobro_link_set_text (&merchant->seller.name, "Ana López, S. L.");
  cobro_link_set_text (&merchant->seller.tax_id, "B12345678");
  cobro_link_set_text (&merchant->seller.registration, "M-123456");
  cobro_link_set_text (&merchant->seller.email, "ana@shop.example");
  cobro_link_set_text (&merchant->seller.address.street, "Calle Mayor 1");
  cobro_link_set_text (&merchant->seller.address.city, "Madrid");
  cobro_link_set_text (&merchant->seller.address.country, "ES");
  cobro_link_set_text (&merchant->iban, "ES91 2100 0418 4502 0005 1332");
  cobro_link_set_text (&merchant->bic, "CAIXESBBXXX");
  return merchant;
}

static void
write_xml (const char *folder, const char *name, const CobroInvoice *invoice)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = cobro_einvoice_to_ubl (invoice, &error);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, xml, -1, NULL));
}

static void
write_sample (const char *folder, CobroRandom *chance, const CobroMerchant *merchant, guint i)
{
  g_autoptr (CobroInvoice) invoice = begin (i);
  g_autoptr (CobroInvoice) note = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup_printf ("F26/%03u", i), *name = g_strdup_printf ("invoice-%03u.xml", i);
  g_autofree char *note_name = g_strdup_printf ("credit-%03u.xml", i);

  add_lines (invoice, chance, i);
  g_assert_true (
    cobro_invoice_issue (invoice, merchant, NULL, number, "s", i + 1, 20700, 1788000000 * COBRO_SECOND, &error));
  write_xml (folder, name, invoice);
  note = cobro_invoice_credit (invoice, i % 2 == 0 ? COBRO_MONEY_NONE : cobro_money (1 + i * 7, invoice->currency),
                               "returned", &error);
  g_assert_no_error (error);
  g_assert_true (
    cobro_invoice_issue (note, merchant, NULL, note_name, "n", i + 1, 20701, 1788000000 * COBRO_SECOND, &error));
  write_xml (folder, note_name, note);
}

int
main (int argc, char **argv)
{
  g_autoptr (CobroRandom) chance = cobro_random_new_seeded (17);
  g_autoptr (CobroMerchant) merchant = seller ();

  g_assert_cmpint (argc, ==, 2);
  g_mkdir_with_parents (argv[1], 0700);
  for (guint i = 0; i < 120; i++)
    write_sample (argv[1], chance, merchant, i);
  return 0;
}
