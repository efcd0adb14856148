/* tests/document/test-document-einvoice.c — EN 16931: what is written, and each rule that refuses, by its number. The
 * norm's own Schematron judges einvoice-sample.c's files: judge-ubl.sh. Layer: tests. */
#include "cobro-einvoice.h"
#include "cobro-error.h"

#include <string.h>

static CobroInvoice *
sample (gboolean inclusive)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (CobroInvoice) invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Mug <blue>\nwith handle");
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_currency_from_code ("EUR", &invoice->currency, NULL));
  cobro_link_set_text (&merchant->seller.name, "Ana & Co");
  cobro_link_set_text (&merchant->seller.tax_id, "B-12345678");
  cobro_link_set_text (&merchant->seller.address.country, "ES");
  cobro_link_set_text (&merchant->seller.address.city, "Madrid");
  cobro_link_set_text (&merchant->iban, "ES91 2100 0418 4502 0005 1332");
  cobro_link_set_text (&invoice->buyer.name, "Ben");
  cobro_link_set_text (&invoice->buyer.tax_id, "FR40303265045");
  cobro_link_set_text (&invoice->buyer.address.country, "FR");
  cobro_link_set_text (&invoice->buyer.address.city, "Lyon");
  line->quantity = 3 * COBRO_DECIMAL_ONE;
  line->unit_price = 1000 * COBRO_UNIT_PRICE_ONE;
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 21 * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&line->unit, "Hour");
  g_ptr_array_add (invoice->lines, line);
  invoice->tax_inclusive = inclusive;
  g_assert_true (cobro_invoice_issue (invoice, merchant, NULL, "F-1", "s", 1, 20700, COBRO_DAY, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&invoice);
}

static void
assert_has (const char *xml, const char *element)
{
  g_test_message ("%s", element);
  g_assert_nonnull (strstr (xml, element));
}

static void
test_invoice (void)
{
  g_autoptr (CobroInvoice) invoice = sample (FALSE);
  g_autofree char *xml = cobro_einvoice_to_ubl (invoice, NULL);

  g_assert_nonnull (xml);
  assert_has (xml, "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>");
  assert_has (xml, "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>");
  assert_has (xml, "<cbc:CompanyID>ESB12345678</cbc:CompanyID>");
  assert_has (xml, "<cbc:CompanyID>FR40303265045</cbc:CompanyID>");
  assert_has (xml, "<cbc:RegistrationName>Ana &amp; Co</cbc:RegistrationName>");
  assert_has (xml, "<cbc:Name>Mug &lt;blue&gt;</cbc:Name>");
  assert_has (xml, "<cbc:InvoicedQuantity unitCode=\"HUR\">3</cbc:InvoicedQuantity>");
  assert_has (xml, "<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>");
  assert_has (xml, "<cbc:ID>ES9121000418450200051332</cbc:ID>");
  assert_has (xml, "<cbc:TaxExclusiveAmount currencyID=\"EUR\">30.00</cbc:TaxExclusiveAmount>");
  assert_has (xml, "<cbc:PayableAmount currencyID=\"EUR\">36.30</cbc:PayableAmount>");
  assert_has (xml, "<cbc:PriceAmount currencyID=\"EUR\">10.00</cbc:PriceAmount>");
}

/* Prices with tax become net ones; 30.00 with 21 % is 24.79 and 5.21. */
static void
test_inclusive (void)
{
  g_autoptr (CobroInvoice) invoice = sample (TRUE);
  g_autofree char *xml = cobro_einvoice_to_ubl (invoice, NULL);

  g_assert_nonnull (xml);
  assert_has (xml, "<cbc:LineExtensionAmount currencyID=\"EUR\">24.79</cbc:LineExtensionAmount>");
  assert_has (xml, "<cbc:TaxAmount currencyID=\"EUR\">5.21</cbc:TaxAmount>");
  assert_has (xml, "<cbc:PayableAmount currencyID=\"EUR\">30.00</cbc:PayableAmount>");
  assert_has (xml, "<cbc:PriceAmount currencyID=\"EUR\">8.26333333</cbc:PriceAmount>");
}

static void
test_credit_note (void)
{
  g_autoptr (CobroInvoice) invoice = sample (FALSE);
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (CobroInvoice) note =
    cobro_invoice_credit (invoice, cobro_money (1000, invoice->currency), "returned", NULL);
  g_autofree char *xml = NULL;

  cobro_party_copy (&invoice->seller, &merchant->seller);
  g_assert_true (cobro_invoice_issue (note, merchant, NULL, "CN-1", "s", 1, 20701, COBRO_DAY, NULL));
  xml = cobro_einvoice_to_ubl (note, NULL);
  g_assert_nonnull (xml);
  assert_has (xml, "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>");
  assert_has (xml, "<cac:InvoiceDocumentReference>\n   <cbc:ID>F-1</cbc:ID>");
  assert_has (xml, "<cbc:CreditedQuantity unitCode=\"C62\">1</cbc:CreditedQuantity>");
  assert_has (xml, "<cbc:PayableAmount currencyID=\"EUR\">10.00</cbc:PayableAmount>");
}

/* Each rule broken by one text: put in, seen refused by its number, taken out again. */
static void
test_texts (void)
{
  static const struct
  {
    gsize offset;
    const char *value, *rule;
  } texts[] = {
    { G_STRUCT_OFFSET (CobroInvoice, number), "", "BR-02" },
    { G_STRUCT_OFFSET (CobroInvoice, seller.name), "", "BR-06" },
    { G_STRUCT_OFFSET (CobroInvoice, buyer.name), "", "BR-07" },
    { G_STRUCT_OFFSET (CobroInvoice, seller.address.country), "", "BR-09" },
    { G_STRUCT_OFFSET (CobroInvoice, buyer.address.country), "", "BR-11" },
    { G_STRUCT_OFFSET (CobroInvoice, seller.tax_id), "", "BR-CO-26" },
    { G_STRUCT_OFFSET (CobroInvoice, seller.tax_id), "", "BR-S-02" },
    { G_STRUCT_OFFSET (CobroInvoice, delivery.city), "Paris", "BR-57" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CobroInvoice) invoice = sample (FALSE);
      g_autoptr (GPtrArray) broken = NULL;
      gboolean found = FALSE;

      cobro_link_set_text (G_STRUCT_MEMBER_P (invoice, texts[i].offset), texts[i].value);
      broken = cobro_einvoice_check (invoice);
      for (guint n = 0; n < broken->len; n++)
        found = found || g_str_has_prefix (broken->pdata[n], texts[i].rule);
      g_test_message ("%s", texts[i].rule);
      g_assert_true (found);
      g_assert_null (cobro_einvoice_to_ubl (invoice, NULL));
    }
}

static void
assert_broken (const CobroInvoice *invoice, const char *rule)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_einvoice_to_ubl (invoice, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, rule));
}

static void
test_rules (void)
{
  g_autoptr (CobroInvoice) empty = sample (FALSE);
  g_autoptr (CobroInvoice) spoiled = sample (FALSE);
  g_autoptr (CobroInvoice) reverse = sample (FALSE);
  g_autoptr (CobroInvoice) draft = cobro_invoice_new ();
  g_autoptr (GPtrArray) fine = cobro_einvoice_check (empty);
  CobroInvoiceTax *tax = spoiled->totals->taxes->pdata[0];
  CobroInvoiceLine *line = reverse->lines->pdata[0];

  g_assert_cmpuint (fine->len, ==, 0);
  assert_broken (draft, "BR-12");
  empty->due_date[0] = '\0';
  assert_broken (empty, "BR-CO-25");
  tax->amount = cobro_money (6300, spoiled->currency);
  assert_broken (spoiled, "BR-CO-14");
  line->tax_category = COBRO_TAX_REVERSE;
  line->tax_rate = 0;
  cobro_link_set_text (&reverse->buyer.tax_id, "");
  g_assert_true (cobro_invoice_compute (reverse, NULL));
  assert_broken (reverse, "BR-AE-02");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/einvoice/invoice", test_invoice);
  g_test_add_func ("/document/einvoice/inclusive", test_inclusive);
  g_test_add_func ("/document/einvoice/credit-note", test_credit_note);
  g_test_add_func ("/document/einvoice/texts", test_texts);
  g_test_add_func ("/document/einvoice/rules", test_rules);
  return g_test_run ();
}
