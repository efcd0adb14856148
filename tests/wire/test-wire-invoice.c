/* tests/wire/test-wire-invoice.c — how an invoice travels: round trips, what is computed for a caller, what is refused
 * where. Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire-invoice.h"

#include <string.h>

#define NOW  G_GINT64_CONSTANT (1790000000000000)
#define ULID "01jdvh00000000000000000000"
#define DRAFT                                                                                                          \
  "{\"currency\": \"AUD\", \"customer\": {\"name\": \"The Vacuum Shop\", \"email\": \"a@vacuum.example\"},"            \
  " \"lines\": [{\"description\": \"Service\", \"quantity\": \"1\", \"unitAmount\": 7500, \"taxName\": \"GST\","       \
  " \"taxRate\": \"10\"}]"

static CobroInvoice *
parse (const char *json, CobroWireInvoiceForm form, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (json, -1, error);

  return object != NULL ? cobro_wire_invoice_parse (object, form, error) : NULL;
}

static CobroInvoice *
parse_well (const char *json, CobroWireInvoiceForm form)
{
  g_autoptr (GError) error = NULL;
  CobroInvoice *invoice = parse (json, form, &error);

  g_assert_no_error (error);
  return invoice;
}

static void
assert_refused (const char *rest, const char *path)
{
  g_autofree char *json = g_strconcat (DRAFT, rest, "}", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoice) invoice = parse (json, COBRO_WIRE_INVOICE_CREATE, &error);

  g_assert_null (invoice);
  g_assert_cmpstr (cobro_error_get_path (error), ==, path);
}

static void
test_create (void)
{
  g_autoptr (CobroInvoice) invoice = parse_well (DRAFT "}", COBRO_WIRE_INVOICE_CREATE);
  const CobroInvoiceLine *line = invoice->lines->pdata[0];

  g_assert_cmpint (cobro_money_minor (invoice->totals->total), ==, 8250);
  g_assert_cmpint (line->tax_category, ==, COBRO_TAX_STANDARD);
  g_assert_cmpint (line->unit_price, ==, 75000000);
  g_assert_cmpint (invoice->terms, ==, 30);
  g_assert_false (invoice->reminders.custom);
  g_assert_cmpstr (invoice->buyer.email, ==, "a@vacuum.example");
}

static void
test_refused (void)
{
  assert_refused (", \"totals\": {\"total\": 8251}", "totals.total");
  assert_refused (", \"number\": \"INV-1\"", "number");
  assert_refused (", \"curency\": \"EUR\"", "curency");
  assert_refused (", \"discount\": {\"percent\": \"5\", \"amount\": 5}", "discount");
  assert_refused (", \"discount\": {\"percent\": \"101\"}", "discount.percent");
  assert_refused (", \"shipping\": {\"amount\": -1}", "shipping.amount");
  assert_refused (", \"dueDate\": \"2026-02-30\"", "dueDate");
  assert_refused (", \"dueDate\": \"tomorrow\"", "dueDate");
  assert_refused (", \"rounding\": \"down\"", "rounding");
  assert_refused (", \"reminders\": [7, 7]", "reminders");
  assert_refused (", \"terms\": 1000", "terms");
  assert_refused (", \"decision\": \"paid\"", "decision");
}

static void
assert_line_refused (const char *member, const char *path)
{
  g_autofree char *json =
    g_strconcat ("{\"currency\": \"AUD\", \"lines\": [{\"description\": \"x\", ", member, "}]}", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoice) invoice = parse (json, COBRO_WIRE_INVOICE_CREATE, &error);

  g_assert_null (invoice);
  g_assert_cmpstr (cobro_error_get_path (error), ==, path);
}

static void
test_lines_refused (void)
{
  assert_line_refused ("\"quantity\": \"1\"", "lines[0].unitAmount");
  assert_line_refused ("\"unitAmount\": 1, \"colour\": \"red\"", "lines[0].colour");
  assert_line_refused ("\"unitAmount\": \"1.23456\"", "lines[0].unitAmount");
  assert_line_refused ("\"unitAmount\": -1", "lines[0].unitAmount");
  assert_line_refused ("\"unitAmount\": 9223372036854775807", "lines[0].unitAmount");
  assert_line_refused ("\"unitAmount\": 1, \"quantity\": 2", "lines[0].quantity");
  assert_line_refused ("\"unitAmount\": 1, \"taxRate\": \"10\", \"taxCategory\": \"exempt\"", "lines[0].taxRate");
  assert_line_refused ("\"unitAmount\": 1, \"taxCategory\": \"none\"", "lines[0].taxCategory");
}

/* A document with everything in it, issued. */
static CobroInvoice *
full (void)
{
  g_autoptr (CobroInvoice) invoice = parse_well (
    DRAFT ", \"discount\": {\"percent\": \"2.5\"}, \"shipping\": {\"amount\": 500, \"taxRate\": \"10\"},"
          " \"cashRounding\": 5, \"reference\": \"PO-7\", \"notes\": \"Thank you\\nAna\", \"reminders\": [-3, 7],"
          " \"privateNotes\": \"pays late\", \"metadata\": {\"k\": \"v\"}, \"taxPerLine\": true,"
          " \"partial\": {\"type\": \"on\", \"minimumFirst\": 1000}, \"expiresAt\": \"2027-01-01T00:00:00Z\"}",
    COBRO_WIRE_INVOICE_CREATE);
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (GError) error = NULL;

  ((CobroInvoiceLine *)invoice->lines->pdata[0])->unit_price = 75000001;
  g_assert_true (cobro_id_parse (COBRO_ID_INVOICE, "inv_" ULID, &invoice->id, NULL));
  cobro_link_set_text (&merchant->name, "Ana's <Café>");
  cobro_link_set_text (&merchant->iban, "ES9121000418450200051332");
  g_assert_true (cobro_invoice_issue (invoice, merchant, NULL, "INV-1", "dev/invoice", 1, 20717, NOW, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&invoice);
}

static void
test_round_trip (void)
{
  g_autoptr (CobroInvoice) invoice = full (), back = NULL;
  g_autofree char *document = cobro_wire_invoice_to_document (invoice, TRUE), *again = NULL;

  back = parse_well (document, COBRO_WIRE_INVOICE_STORED);
  again = cobro_wire_invoice_to_document (back, TRUE);
  g_assert_cmpstr (document, ==, again);
  g_assert_true (cobro_invoice_is_same (invoice, back));
  g_assert_nonnull (strstr (document, "\"unitAmount\":\"7500.0001\""));
}

/* What another desktop reads from the feed: nothing private for buyers, everything of the document for the merchant. */
static void
test_event_object (void)
{
  g_autoptr (CobroInvoice) invoice = full (), back = NULL;
  CobroLinkTally paid = cobro_link_tally_new (invoice->currency);
  CobroInvoiceTally tally = { .sent_at = NOW, .credited = cobro_money (100, invoice->currency) }, read;
  CobroInvoiceView view = cobro_invoice_view (invoice, &paid, &tally, 20717, NOW);
  CobroWireInvoiceContext context = { .view = &view, .tally = &tally };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (CobroWireObject) object = NULL;
  g_autofree char *text = NULL, *public = NULL;

  cobro_wire_invoice_write (writer, NULL, invoice, &context);
  text = cobro_wire_writer_take (writer);
  back = parse_well (text, COBRO_WIRE_INVOICE_STORED);
  g_assert_true (cobro_invoice_is_same (invoice, back));
  object = cobro_wire_parse (text, -1, NULL);
  g_assert_true (cobro_wire_invoice_read_tally (object, invoice->currency, &read, NULL));
  g_assert_cmpint (read.sent_at, ==, NOW);
  g_assert_cmpint (cobro_money_minor (read.credited), ==, 100);
  context.for_buyer = TRUE;
  cobro_wire_invoice_write (writer, NULL, invoice, &context);
  public = cobro_wire_writer_take (writer);
  g_assert_null (strstr (public, "pays late"));
  g_assert_null (strstr (public, "metadata"));
  g_assert_null (strstr (public, "<Caf"));
}

/* A PUT may carry everything that a GET gave; what is not the caller's is ignored. */
static void
test_update (void)
{
  g_autoptr (CobroInvoice) invoice = full (), back = NULL;
  g_autofree char *document = cobro_wire_invoice_to_document (invoice, FALSE);

  back = parse_well (document, COBRO_WIRE_INVOICE_UPDATE);
  g_assert_cmpstr (back->number, ==, "");
  g_assert_cmpint (back->decision, ==, COBRO_INVOICE_ISSUED);
  g_assert_cmpint (cobro_money_minor (back->totals->total), ==, cobro_money_minor (invoice->totals->total));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/invoice/create", test_create);
  g_test_add_func ("/wire/invoice/refused", test_refused);
  g_test_add_func ("/wire/invoice/lines-refused", test_lines_refused);
  g_test_add_func ("/wire/invoice/round-trip", test_round_trip);
  g_test_add_func ("/wire/invoice/event-object", test_event_object);
  g_test_add_func ("/wire/invoice/update", test_update);
  return g_test_run ();
}
