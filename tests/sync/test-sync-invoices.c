/* tests/sync/test-sync-invoices.c — invoices and what belongs to them between two desktops and the real relay: issued
 * offline, pushed, heard elsewhere, paid by hand, voided, decided on both sides, published again. Arguments: the
 * relay's program.
 * Layer: tests. */
#include "cobro-customer-store.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-logo-store.h"
#include "cobro-product-store.h"
#include "relay-fixture.h"

#include <string.h>

/* ── Steps ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroInvoice *invoice;
  CobroId id;
  CobroRecord *record;
  const char *text;
} Step;

static gpointer
must (Desktop *desktop, CobroStoreWork work, Step *step)
{
  g_autoptr (GError) error = NULL;
  gpointer result = cobro_store_write (desktop->store, work, step, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  sync_settle ();
  return result;
}

static gpointer
do_customer (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();

  cobro_link_set_text (&customer->party.name, ((Step *)data)->text);
  cobro_link_set_text (&customer->party.email, "buyer@example.com");
  return cobro_customer_store_put (tx, customer, error);
}

static gpointer
do_issue (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_issue (tx, ((Step *)data)->invoice, NULL, error);
}

/* (transfer full) issued here; the relay has not heard of it. */
static CobroInvoice *
issue (Desktop *desktop, gint64 minor)
{
  g_autoptr (CobroCustomer) customer = must (desktop, do_customer, &(Step){ .text = "Zoë" });
  g_autoptr (CobroInvoice) draft = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Repair");
  g_autoptr (CobroInvoiceChange) change = NULL;

  draft->currency = sync_euro ();
  draft->customer_id = customer->id;
  line->unit_price = cobro_unit_price_of (cobro_money (minor, sync_euro ()));
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 21 * COBRO_DECIMAL_ONE;
  g_ptr_array_add (draft->lines, line);
  change = must (desktop, do_issue, &(Step){ .invoice = draft });
  return cobro_invoice_copy (change->record->invoice);
}

static gpointer
do_find (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_find (tx, &((Step *)data)->id, error);
}

static CobroInvoiceRecord *
find (Desktop *desktop, const CobroId *id)
{
  return must (desktop, do_find, &(Step){ .id = *id });
}

static CobroInvoiceView
view_of (Desktop *desktop, const CobroId *id)
{
  g_autoptr (CobroInvoiceRecord) record = find (desktop, id);

  return cobro_invoice_record_view (desktop->store, record);
}

static gpointer
do_void (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_void (tx, &((Step *)data)->id, ((Step *)data)->text, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_put (tx, ((Step *)data)->invoice, error);
}

static gpointer
do_record (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_record (tx, ((Step *)data)->record, error);
}

static void
record (Desktop *desktop, const CobroId *id, gint64 minor)
{
  g_autoptr (CobroRecord) made = cobro_record_new ();
  g_autoptr (CobroInvoiceChange) change = NULL;

  made->link_id = cobro_invoice_link_id (id);
  made->how = COBRO_RECORD_BANK;
  made->amount = cobro_money (minor, sync_euro ());
  cobro_link_set_text (&made->note, "statement 7");
  cobro_day_to_text (cobro_store_today (desktop->store), made->date);
  change = must (desktop, do_record, &(Step){ .record = made });
}

/* What the relay's API says of it. */
static void
assert_at_relay (RelayFixture *fixture, const CobroInvoice *invoice, const char *status)
{
  g_autofree char *path = g_strconcat ("/v1/invoices/", invoice->id.text, NULL);
  g_autoptr (CobroWireObject) data = relay_fixture_call_api (fixture, "GET", path, NULL);
  g_autofree char *number = wire_member (data, "number");
  g_autofree char *said = wire_member (data, "status");

  g_assert_cmpstr (number, ==, invoice->number);
  g_assert_cmpstr (said, ==, status);
}

/* ── Tests ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1 */
static void
test_up_and_over (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoiceRecord) at_ana = NULL, at_ben = NULL;

  desktop_rest (&fixture->ana);
  at_ana = find (&fixture->ana, &issued->id);
  g_assert_cmpstr (at_ana->reason, ==, "");
  g_assert_cmpint (at_ana->state, ==, COBRO_RECORD_LIVE);
  g_assert_cmpint (at_ana->invoice->rev, >, 0);
  assert_at_relay (fixture, issued, "open");

  /* The other computer has it, with the address by which it is paid. */
  desktop_rest (&fixture->ben);
  at_ben = find (&fixture->ben, &issued->id);
  g_assert_cmpstr (at_ben->invoice->number, ==, issued->number);
  g_assert_true (cobro_invoice_totals_equal (at_ben->invoice->totals, issued->totals));
  g_assert_cmpstr (at_ben->invoice->token.text, ==, issued->token.text);
  g_assert_cmpint (at_ben->state, ==, COBRO_RECORD_LIVE);
}

/* proves: INV-15 */
static void
test_recorded_money (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);

  record (&fixture->ana, &issued->id, 2100);
  g_assert_cmpint (view_of (&fixture->ana, &issued->id).status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  /* Once on each side, however often it is told. */
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM payment"), ==, 1);
  g_assert_cmpint (desktop_count (&fixture->ben, "SELECT count(*) AS n FROM payment"), ==, 1);
  g_assert_cmpint (view_of (&fixture->ana, &issued->id).status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  g_assert_cmpint (view_of (&fixture->ben, &issued->id).status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  assert_at_relay (fixture, issued, "partially_paid");

  record (&fixture->ben, &issued->id, 10000);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (view_of (&fixture->ana, &issued->id).status, ==, COBRO_INVOICE_IS_PAID);
  g_assert_cmpint (view_of (&fixture->ben, &issued->id).status, ==, COBRO_INVOICE_IS_PAID);
  assert_at_relay (fixture, issued, "paid");
}

/* proves: INV-7 */
static void
test_void (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) before = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoice) offline = issue (&fixture->ana, 500);
  g_autoptr (CobroInvoiceChange) first = NULL, second = NULL;

  /* One that was issued and voided before the relay heard of it, and one after. */
  second = must (&fixture->ana, do_void, &(Step){ .id = offline->id, .text = "a mistake" });
  desktop_rest (&fixture->ana);
  first = must (&fixture->ana, do_void, &(Step){ .id = before->id, .text = "sent twice" });
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM invoice WHERE trouble <> 0"), ==, 0);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  assert_at_relay (fixture, before, "void");
  assert_at_relay (fixture, offline, "void");
  assert_at_relay (fixture, first->credit_note->invoice, "credit_note");
  g_assert_cmpint (view_of (&fixture->ben, &before->id).status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_cmpint (view_of (&fixture->ben, &offline->id).status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_cmpint (desktop_count (&fixture->ben, "SELECT count(*) AS n FROM invoice WHERE kind = 1"), ==, 2);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static CobroInvoice *
renumber (Desktop *desktop, const CobroId *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;

  cobro_invoice_store_renumber_async (desktop->store, id, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  change = cobro_invoice_store_finish (desktop->store, result, &error);
  g_assert_no_error (error);
  return cobro_invoice_copy (change->record->invoice);
}

/* Two computers with one pattern: the second number is refused, shown, and given anew. */
static void
test_same_number (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) by_ana = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoice) by_ben = issue (&fixture->ben, 20000);
  g_autoptr (CobroInvoiceRecord) rejected = NULL;
  g_autoptr (CobroInvoice) next = NULL;

  g_assert_cmpstr (by_ana->number, ==, by_ben->number);
  desktop_rest (&fixture->ana);
  desktop_push (&fixture->ben);
  rejected = find (&fixture->ben, &by_ben->id);
  g_assert_cmpint (rejected->state, ==, COBRO_RECORD_REJECTED);
  g_assert_cmpstr (rejected->path, ==, "number");
  desktop_pull (&fixture->ben);
  next = renumber (&fixture->ben, &by_ben->id);
  desktop_rest (&fixture->ben);
  assert_at_relay (fixture, next, "open");
  assert_at_relay (fixture, by_ana, "open");
}

static void
put_reminders (Desktop *desktop, const CobroId *id, guint n, const char *private_notes)
{
  g_autoptr (CobroInvoiceRecord) now = find (desktop, id);
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (now->invoice);
  g_autoptr (CobroInvoiceChange) change = NULL;

  copy->reminders = (CobroReminders){ .custom = TRUE, .n = n, .days = { 0, 5, 10 } };
  cobro_link_set_text (&copy->private_notes, private_notes);
  change = must (desktop, do_put, &(Step){ .invoice = copy });
}

/* Changed on both sides: the later one whole; void over everything. */
static void
test_conflicts (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoiceRecord) at_ana = NULL, at_ben = NULL;
  g_autoptr (CobroInvoiceChange) voided = NULL;

  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  put_reminders (&fixture->ana, &issued->id, 1, "asks for time");
  put_reminders (&fixture->ben, &issued->id, 2, "");
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  at_ana = find (&fixture->ana, &issued->id);
  at_ben = find (&fixture->ben, &issued->id);
  g_assert_cmpuint (at_ana->invoice->reminders.n, ==, 2);
  g_assert_cmpuint (at_ben->invoice->reminders.n, ==, 2);
  g_assert_cmpstr (at_ana->invoice->private_notes, ==, "asks for time");
  g_assert_cmpint (at_ana->invoice->rev, ==, at_ben->invoice->rev);

  voided = must (&fixture->ana, do_void, &(Step){ .id = issued->id, .text = "sent twice" });
  put_reminders (&fixture->ben, &issued->id, 3, "");
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (view_of (&fixture->ana, &issued->id).status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_cmpint (view_of (&fixture->ben, &issued->id).status, ==, COBRO_INVOICE_IS_VOID);
  assert_at_relay (fixture, issued, "void");
}

static gpointer
do_product (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroProduct) product = cobro_product_new ();

  cobro_link_set_text (&product->name, ((Step *)data)->text);
  product->currency = sync_euro ();
  product->unit_price = cobro_unit_price_of (cobro_money (500, sync_euro ()));
  return cobro_product_store_put (tx, product, error);
}

/* Products go up like customers. */
static void
test_products (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroProduct) product = must (&fixture->ana, do_product, &(Step){ .text = "Filter" });

  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT rev AS n FROM product"), >, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT trouble AS n FROM product"), ==, 0);
}

static gpointer
do_publish_all (CobroStoreTx *tx, gpointer data, GError **error)
{
  gint64 n;

  return GINT_TO_POINTER (cobro_sync_publish_all (tx, &n, error));
}

/* A relay that has everything changes nothing when everything is published again; an empty one takes it all. */
static void
test_publish_again (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoice) gone = issue (&fixture->ana, 500);
  g_autoptr (CobroInvoiceChange) voided = NULL;
  g_autoptr (GError) error = NULL;
  gint64 rev;

  record (&fixture->ana, &issued->id, 12100);
  voided = must (&fixture->ana, do_void, &(Step){ .id = gone->id, .text = "" });
  desktop_rest (&fixture->ana);
  rev = desktop_count (&fixture->ana, "SELECT sum(rev) AS n FROM invoice");
  g_assert_nonnull (cobro_store_write (fixture->ana.store, do_publish_all, NULL, &error));
  g_assert_cmpint (desktop_waiting (&fixture->ana), >=, 4);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT sum(rev) AS n FROM invoice"), ==, rev);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM payment WHERE state = 7"), ==, 1);
  assert_at_relay (fixture, issued, "paid");
  assert_at_relay (fixture, gone, "void");
}

static gpointer
do_logo (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);

  return merchant != NULL ? g_strdup (merchant->logo) : NULL;
}

/* The picture goes up beside the profile that names it, and comes down on the other computer. */
static void
test_logo (RelayFixture *fixture, gconstpointer data)
{
  static const guint8 png[] = "\x89PNG\r\n\x1a\n and what follows";
  g_autoptr (GBytes) picture = g_bytes_new_static (png, sizeof png);
  g_autoptr (GBytes) taken = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *named = NULL;
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, picture);

  cobro_logo_store_put_async (fixture->ana.store, picture, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (cobro_logo_store_put_finish (fixture->ana.store, result, &error));
  g_assert_no_error (error);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT trouble AS n FROM merchant"), ==, 0);
  desktop_rest (&fixture->ben);
  named = cobro_store_read (fixture->ben.store, do_logo, NULL, &error);
  g_assert_cmpstr (named, ==, hash);
  taken = cobro_logo_store_load (fixture->ben.store, &error);
  g_assert_nonnull (taken);
  g_assert_true (g_bytes_equal (taken, picture));
}

/* A relay that sends no mail says so, and the document shows it until it was read. */
static void
test_no_mail (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoiceRecord) before = NULL, after = NULL;
  g_autoptr (CobroPairing) pairing = cobro_pairing_load (fixture->ana.store, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroInvoiceChange) change = NULL;

  g_assert_false (pairing->mail);
  cobro_invoice_store_send_async (fixture->ana.store, &issued->id, NULL, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  change = cobro_invoice_store_finish (fixture->ana.store, result, NULL);
  before = find (&fixture->ana, &issued->id);
  g_assert_true (before->sending);
  desktop_rest (&fixture->ana);
  after = find (&fixture->ana, &issued->id);
  g_assert_false (after->sending);
  g_assert_cmpstr (after->problem, !=, "");
  g_assert_cmpint (after->state, ==, COBRO_RECORD_LIVE);
}

/* proves: INV-9 */
static void
test_token (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) issued = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoiceRecord) at_ana = NULL, at_ben = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroInvoiceChange) change = NULL;

  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  cobro_invoice_store_replace_token_async (fixture->ana.store, &issued->id, NULL, on_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  change = cobro_invoice_store_finish (fixture->ana.store, result, NULL);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  at_ana = find (&fixture->ana, &issued->id);
  at_ben = find (&fixture->ben, &issued->id);
  g_assert_cmpstr (at_ana->invoice->token.text, !=, issued->token.text);
  g_assert_cmpstr (at_ana->invoice->token.text, ==, change->record->invoice->token.text);
  g_assert_cmpstr (at_ben->invoice->token.text, ==, at_ana->invoice->token.text);
}

static gpointer
do_set_mail (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_pairing_set_mail (tx, TRUE, error));
}

/* What the relay can do is learned again with every connection. */
static void
test_refresh (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroPairing) before = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (cobro_store_write (fixture->ana.store, do_set_mail, NULL, &error));
  before = cobro_pairing_load (fixture->ana.store, &error);
  g_assert_true (before->mail);
  g_assert_true (cobro_sync_refresh (fixture->ana.store, fixture->ana.client, NULL, &error));
  after = cobro_pairing_load (fixture->ana.store, &error);
  g_assert_false (after->mail);
}

/* What was issued for practice is not shown to a relay for real money, and its numbers do not count. */
static void
test_go_live (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) practised = issue (&fixture->ana, 10000);
  g_autoptr (CobroInvoice) real = NULL;
  g_autofree char *live = NULL;

  record (&fixture->ana, &practised->id, 100);
  desktop_rest (&fixture->ana);
  live = relay_fixture_new_code_for (fixture, "--live");
  relay_fixture_pair (fixture, &fixture->ana, live);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM invoice WHERE sample = 1"), ==, 1);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM record"), ==, 0);
  real = issue (&fixture->ana, 500);
  g_assert_cmpstr (real->number, ==, practised->number);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM invoice WHERE trouble <> 0"), ==, 0);
  g_assert_true (real->livemode);
}

int
main (int argc, char **argv)
{
#define ADD(path, test) g_test_add (path, RelayFixture, argv[1], relay_fixture_set_up, test, relay_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  ADD ("/sync-invoices/up-and-over", test_up_and_over);
  ADD ("/sync-invoices/recorded-money", test_recorded_money);
  ADD ("/sync-invoices/void", test_void);
  ADD ("/sync-invoices/same-number", test_same_number);
  ADD ("/sync-invoices/conflicts", test_conflicts);
  ADD ("/sync-invoices/products", test_products);
  ADD ("/sync-invoices/publish-again", test_publish_again);
  ADD ("/sync-invoices/logo", test_logo);
  ADD ("/sync-invoices/no-mail", test_no_mail);
  ADD ("/sync-invoices/token", test_token);
  ADD ("/sync-invoices/refresh", test_refresh);
  ADD ("/sync-invoices/go-live", test_go_live);
  return g_test_run ();
}
