/* tests/store/test-bank.c — account statements against the books: what is open, what was recorded before, all or
 * nothing, and taking it back. Layer: tests. */
#include "cobro-bank-store.h"
#include "cobro-error.h"
#include "invoice-fixture.h"

static void
on_books_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;

  *(CobroBankBooks **)data = cobro_bank_store_load_finish (COBRO_STORE (source), result, &error);
  g_assert_no_error (error);
}

static CobroBankBooks *
must_load_books (StoreFixture *fixture, GPtrArray *lines, GPtrArray *names)
{
  CobroBankBooks *books = NULL;

  cobro_bank_store_load_async (fixture->store, lines, names, NULL, on_books_cb, &books);
  while (!books)
    g_main_context_iteration (NULL, TRUE);
  return books;
}

static CobroBankLine *
add_line (GPtrArray *lines, const char *text, CobroCurrency currency, gint64 minor)
{
  CobroBankLine *line = cobro_bank_line_new ();

  g_free (line->text);
  line->text = g_strdup (text);
  g_strlcpy (line->date, "2023-11-10", sizeof line->date);
  line->amount = cobro_money (minor, currency);
  g_ptr_array_add (lines, line);
  return line;
}

static CobroRecord *
record_of (const char *name, const CobroId *link_id, CobroMoney amount)
{
  CobroRecord *record = cobro_record_new ();

  record->id = cobro_bank_line_payment_id (name, 0, FIXTURE_NOW);
  record->link_id = *link_id;
  record->amount = amount;
  record->how = COBRO_RECORD_BANK;
  g_strlcpy (record->date, "2023-11-10", sizeof record->date);
  g_free (record->note);
  record->note = g_strdup ("Ana · thanks");
  return record;
}

static GPtrArray *
record_all (StoreFixture *fixture, GPtrArray *records, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_bank_store_record_async (fixture->store, records, NULL, on_result_cb, &result);
  return cobro_bank_store_record_finish (fixture->store, wait_for_result (&result), error);
}

static gboolean
take_back (StoreFixture *fixture, GPtrArray *records, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_bank_store_take_back_async (fixture->store, records, NULL, on_result_cb, &result);
  return cobro_store_finish (fixture->store, wait_for_result (&result), error) != NULL;
}

static void
ignore (StoreFixture *fixture, const char *name, gboolean on)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_bank_store_ignore_async (fixture->store, name, on, NULL, on_result_cb, &result);
  g_assert_nonnull (cobro_store_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_no_error (error);
}

static GPtrArray *
lines_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_line_free);
}

static GPtrArray *
records_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_record_free);
}

/* ── What is open ── */

static const CobroBankTarget *
find_target (const CobroBankBooks *books, const CobroId *link_id)
{
  for (guint i = 0; i < books->targets->len; i++)
    if (cobro_id_equal (&((CobroBankTarget *)books->targets->pdata[i])->link_id, link_id))
      return books->targets->pdata[i];
  return NULL;
}

/* Of invoices what is due, with the plan's next part; of links those that a line has the amount or the reference of. */
static void
test_targets (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Mara");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) open = must_issue (fixture, draft);
  g_autoptr (CobroInvoice) other = new_draft (customer, 1000);
  g_autoptr (CobroInvoiceChange) paid = must_issue (fixture, other);
  g_autoptr (CobroInvoice) unissued = new_draft (customer, 500);
  g_autoptr (CobroInvoiceChange) drafted = must_put_invoice (fixture, unissued);
  g_autoptr (CobroLink) by_amount = new_link ("Desk", 1550);
  g_autoptr (CobroLink) by_reference = new_link ("Chair", 999);
  g_autoptr (CobroLink) neither = new_link ("Lamp", 777);
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (CobroBankBooks) books = NULL;
  g_autoptr (CobroInvoiceChange) part = must_record (fixture, &open->record->invoice->id, COBRO_RECORD_CASH, 250);
  g_autoptr (CobroInvoiceChange) all = must_record (fixture, &paid->record->invoice->id, COBRO_RECORD_CASH, 1100);
  g_autoptr (CobroLinkChange) desk = must_put (fixture, by_amount);
  g_autoptr (CobroLinkChange) chair = NULL;
  g_autoptr (CobroLinkChange) lamp = must_put (fixture, neither);
  const CobroBankTarget *target;
  CobroId link_id = cobro_invoice_link_id (&open->record->invoice->id);

  cobro_link_set_text (&by_reference->reference, "CH-1");
  chair = must_put (fixture, by_reference);
  add_line (lines, "for CH-1, thanks", euro (), 1550);
  names = cobro_bank_line_names (lines);
  books = must_load_books (fixture, lines, names);

  g_assert_cmpuint (books->targets->len, ==, 3);
  target = find_target (books, &link_id);
  g_assert_true (target->is_invoice && target->takes_parts);
  g_assert_cmpstr (target->number, ==, "INV-2023-00001");
  g_assert_cmpstr (target->name, ==, "Mara");
  g_assert_cmpint (cobro_money_minor (target->due), ==, 8000);
  g_assert_true (target->issued > 0 && target->due_day >= target->issued);
  target = find_target (books, &desk->record->link->id);
  g_assert_false (target->is_invoice || target->takes_parts);
  g_assert_cmpstr (target->title, ==, "Desk");
  g_assert_cmpint (cobro_money_minor (target->due), ==, 1550);
  g_assert_cmpstr (find_target (books, &chair->record->link->id)->number, ==, "CH-1");
  g_assert_cmpint (g_array_index (books->known, guint8, 0), ==, 0);
}

/* ── Recording ── */

/* The same statement again, whole or a part of it, and after another start: every line is there once. */
static void
test_twice (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) draft = new_draft (NULL, 7500);
  g_autoptr (CobroInvoiceChange) issued = NULL;
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Mara");
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GError) error = NULL;
  CobroId link_id;

  draft->customer_id = customer->id;
  issued = must_issue (fixture, draft);
  link_id = cobro_invoice_link_id (&issued->record->invoice->id);
  add_line (lines, "part", aud (), 1000);
  add_line (lines, "part", aud (), 1000); /* a second one that says the same */
  names = cobro_bank_line_names (lines);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (records, record_of (names->pdata[i], &link_id, cobro_money (1000, aud ())));

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GPtrArray) written = record_all (fixture, records, &error);
      g_autoptr (CobroBankBooks) books = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (written->len, ==, round == 0 ? 2 : 0);
      books = must_load_books (fixture, lines, names);
      g_assert_cmpint (g_array_index (books->known, guint8, 0), ==, 1);
      g_assert_cmpint (g_array_index (books->known, guint8, 1), ==, 1);
      g_assert_cmpint (cobro_money_minor (view_of (fixture, &issued->record->invoice->id).due), ==, 6250);
      g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM payment"), ==, 2);
      g_assert_cmpint (
        count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'payment.record' AND due > 0"), ==, 2);
      store_fixture_reopen (fixture);
    }
}

/* One that cannot be recorded keeps all of them out. */
static void
test_all_or_nothing (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Mara");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GPtrArray) written = NULL;
  g_autoptr (GError) error = NULL;
  CobroId link_id = cobro_invoice_link_id (&issued->record->invoice->id);

  g_ptr_array_add (records, record_of ("a", &link_id, cobro_money (1000, aud ())));
  g_ptr_array_add (records, record_of ("b", &link_id, cobro_money (1000, euro ())));
  written = record_all (fixture, records, &error);
  g_assert_null (written);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CURRENCY);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM payment"), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'payment.record'"), ==, 0);
}

/* Taken back, it was never there, and may be recorded again; what the relay was told stays. */
static void
test_take_back (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Mara");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GPtrArray) written = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id, link_id = cobro_invoice_link_id (&id);

  g_ptr_array_add (records, record_of ("a", &link_id, cobro_money (250, aud ())));
  g_ptr_array_add (records, record_of ("b", &link_id, cobro_money (8000, aud ())));
  written = record_all (fixture, records, &error);
  g_assert_no_error (error);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_PAID);

  g_assert_true (take_back (fixture, written, &error));
  g_assert_cmpint (cobro_money_minor (view_of (fixture, &id).due), ==, 8250);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM payment"), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM record"), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind = 'payment.record'"), ==, 0);

  again = record_all (fixture, records, &error);
  g_assert_cmpuint (again->len, ==, 2);
  exec_in_books (fixture, "UPDATE outbox SET seq = 99 WHERE object_id = (SELECT id FROM record ORDER BY id LIMIT 1)");
  g_assert_false (take_back (fixture, again, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_PAID);
}

/* What the relay refused is none: the line may be recorded anew. */
static void
test_refused (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Mara");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GPtrArray) written = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) later = records_new ();
  CobroId link_id = cobro_invoice_link_id (&issued->record->invoice->id);
  CobroRecord *record;

  g_ptr_array_add (records, record_of ("a", &link_id, cobro_money (250, aud ())));
  written = record_all (fixture, records, NULL);
  exec_in_books (fixture, "UPDATE payment SET state = 8");
  record = record_of ("a", &link_id, cobro_money (250, aud ()));
  record->id = cobro_bank_line_payment_id ("a", 0, FIXTURE_NOW + COBRO_SECOND);
  g_ptr_array_add (later, record);
  again = record_all (fixture, later, NULL);
  g_assert_cmpuint (written->len + again->len, ==, 2);
}

static void
test_ignore (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) names = NULL;

  add_line (lines, "rent back", aud (), 1000);
  names = cobro_bank_line_names (lines);
  for (guint round = 0; round < 4; round++)
    {
      gboolean on = round % 2 == 0;
      g_autoptr (CobroBankBooks) books = NULL;

      ignore (fixture, names->pdata[0], on);
      ignore (fixture, names->pdata[0], on);
      books = must_load_books (fixture, lines, names);
      g_assert_cmpint (g_array_index (books->known, guint8, 0), ==, on ? 1 : 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define add(name, func) g_test_add (name, StoreFixture, NULL, invoice_fixture_set_up, func, store_fixture_tear_down)
  add ("/bank/targets", test_targets);
  add ("/bank/twice", test_twice);
  add ("/bank/all-or-nothing", test_all_or_nothing);
  add ("/bank/take-back", test_take_back);
  add ("/bank/refused", test_refused);
  add ("/bank/ignore", test_ignore);
#undef add
  return g_test_run ();
}
