/* tests/store/test-invoices.c — invoices in the books: drafts, issuing, what may happen to one later, recorded money.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-outbox.h"
#include "cobro-payment-store.h"
#include "cobro-store-batch.h"
#include "invoice-fixture.h"

#include <string.h>

#define OUTBOX(kind) "SELECT count(*) AS n FROM outbox WHERE kind = '" kind "'"

/* ── Drafts ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1 */
static void
test_draft (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroInvoice) draft = new_draft (NULL, 7500);
  g_autoptr (CobroInvoiceChange) made = must_put_invoice (fixture, draft);
  g_autoptr (CobroInvoiceChange) deleted = NULL, restored = NULL;
  g_autoptr (CobroInvoiceRecord) again = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = made->record->invoice->id;

  g_assert_cmpuint (strlen (made->record->invoice->token.text), ==, 64);
  g_assert_cmpint (cobro_money_minor (made->record->invoice->totals->total), ==, 8250);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_DRAFT);
  /* It is nobody's business but the author's. */
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM outbox WHERE kind <> 'merchant.put'"), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==, 0);

  WAIT_FOR_CHANGE (fixture, deleted, &error,
                   cobro_invoice_store_delete_async (fixture->store, &id, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_null (deleted->record);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice"), ==, 0);
  restored = must_put_invoice (fixture, deleted->before);
  again = must_find (fixture, &id);
  g_assert_cmpstr (again->invoice->token.text, ==, made->record->invoice->token.text);
  g_assert_cmpint (again->invoice->created_at, ==, made->record->invoice->created_at);
}

static void
test_duplicate (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) copy = NULL;
  g_autoptr (GError) error = NULL;

  WAIT_FOR_CHANGE (
    fixture, copy, &error,
    cobro_invoice_store_duplicate_async (fixture->store, &issued->record->invoice->id, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_cmpint (copy->record->invoice->decision, ==, COBRO_INVOICE_DRAFT);
  g_assert_cmpstr (copy->record->invoice->number, ==, "");
  g_assert_cmpstr (copy->record->invoice->id.text, !=, issued->record->invoice->id.text);
  g_assert_cmpstr (copy->record->invoice->token.text, !=, issued->record->invoice->token.text);
  g_assert_cmpstr (copy->record->invoice->customer_id.text, ==, customer->id.text);
}

/* ── Issuing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1, INV-8 */
static void
test_issue (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;
  const CobroInvoice *issued;
  CobroId link_id;
  g_autoptr (CobroLinkRecord) link = NULL;
  g_autoptr (CobroInvoiceRecord) again = NULL;

  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_issue_async (fixture->store, draft, &(CobroInvoiceIssue){ .send = TRUE }, NULL,
                                                    on_result_cb, &result));
  g_assert_no_error (error);
  issued = change->record->invoice;
  g_assert_cmpstr (issued->number, ==, "INV-2023-00001");
  /* 14 November 22:13 UTC is the 15th in Melbourne. */
  g_assert_cmpstr (issued->issue_date, ==, "2023-11-15");
  g_assert_cmpstr (issued->due_date, ==, "2023-12-15");
  g_assert_cmpstr (issued->buyer.name, ==, "Zoë");
  g_assert_cmpstr (issued->seller.name, ==, "The Vacuum Shop");
  g_assert_cmpint (change->record->state, ==, COBRO_RECORD_WAITING);
  g_assert_true (change->record->sending);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.put")), ==, 1);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.send")), ==, 1);
  g_assert_true (fixture->kinds & COBRO_STORE_INVOICES);

  /* Its link: same token, fixed at the total, in no list of links. */
  link_id = cobro_invoice_link_id (&issued->id);
  link = must_load (fixture, &link_id);
  g_assert_cmpuint (strlen (issued->token.text), ==, 64);
  g_assert_cmpstr (link->link->token.text, ==, issued->token.text);
  g_assert_cmpint (cobro_money_minor (link->link->amount), ==, 8250);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("link.put")), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT n FROM row_count WHERE name = 'link'"), ==, 0);

  store_fixture_reopen (fixture);
  again = must_find (fixture, &issued->id);
  g_assert_cmpstr (again->invoice->token.text, ==, issued->token.text);
  g_assert_true (cobro_invoice_totals_equal (again->invoice->totals, issued->totals));
}

/* A buyer who was typed into the editor is written in the same transaction, or not at all. */
static void
test_new_buyer (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) typed = cobro_customer_new ();
  g_autoptr (CobroInvoice) draft = new_draft (NULL, 7500);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;
  CobroInvoiceIssue wish = { .customer = typed };

  cobro_link_set_text (&typed->party.name, "Mara");
  g_ptr_array_set_size (draft->lines, 0);
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_issue_async (fixture->store, draft, &wish, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM customer"), ==, 0);

  g_ptr_array_add (draft->lines, cobro_invoice_line_new ("Repair"));
  ((CobroInvoiceLine *)draft->lines->pdata[0])->unit_price = cobro_unit_price_of (cobro_money (5000, aud ()));
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_issue_async (fixture->store, draft, &wish, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_cmpstr (change->record->invoice->buyer.name, ==, "Mara");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM customer"), ==, 1);
  g_assert_cmpstr (change->record->invoice->number, ==, "INV-2023-00001");
}

/* What was issued stays as it is. */
static void
test_immutable (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoice) other = cobro_invoice_copy (issued->record->invoice);
  g_autoptr (CobroInvoice) later = cobro_invoice_copy (issued->record->invoice);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&other->notes, "something else");
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_put_async (fixture->store, other, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "notes");
  g_clear_error (&error);
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_delete_async (fixture->store, &other->id, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);

  later->reminders.custom = TRUE;
  later->reminders.n = 0;
  cobro_link_set_text (&later->private_notes, "asks for time");
  change = must_put_invoice (fixture, later);
  g_assert_cmpstr (change->record->invoice->private_notes, ==, "asks for time");
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.put")), ==, 1);
}

/* ── Credit notes ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-7 */
static void
test_void (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = NULL, part = NULL, change = NULL;
  g_autoptr (GError) error = NULL;
  CobroInvoiceView view;
  CobroId id;

  WAIT_FOR_CHANGE (fixture, issued, &error,
                   cobro_invoice_store_issue_async (fixture->store, draft, &(CobroInvoiceIssue){ .send = TRUE }, NULL,
                                                    on_result_cb, &result));
  id = issued->record->invoice->id;
  part = must_credit (fixture, &id, 1000);
  g_assert_cmpstr (part->credit_note->invoice->number, ==, "CN-2023-00001");
  g_assert_cmpint (cobro_money_minor (view_of (fixture, &id).due), ==, 7250);

  change = must_void (fixture, &id, "sent twice");
  view = view_of (fixture, &id);
  g_assert_cmpint (view.status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_false (view.can_pay);
  g_assert_cmpint (cobro_money_minor (view.due), ==, 0);
  g_assert_cmpstr (change->record->invoice->number, ==, "INV-2023-00001");
  g_assert_cmpstr (change->record->invoice->void_reason, ==, "sent twice");
  g_assert_cmpint (cobro_money_minor (change->credit_note->invoice->totals->total), ==, 7250);
  g_assert_cmpstr (change->credit_note->invoice->corrects_number, ==, "INV-2023-00001");
  /* Nobody is sent what is void; both credit notes and the invoice go up. */
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.send")), ==, 0);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.put")), ==, 3);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM link"), ==, 1);
}

static gpointer
do_reject_document (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_invoice_sync_rejected (tx, data, "more than is left", "amount", error));
}

/* A credit note that the relay refuses gives nothing back. */
static void
test_refused_credit (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) part = must_credit (fixture, &issued->record->invoice->id, 1000);
  CobroId id = part->credit_note->invoice->id;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (cobro_money_minor (view_of (fixture, &issued->record->invoice->id).due), ==, 7250);
  g_assert_nonnull (cobro_store_write (fixture->store, do_reject_document, &id, &error));
  g_assert_cmpint (cobro_money_minor (view_of (fixture, &issued->record->invoice->id).due), ==, 8250);
}

static void
test_decide (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id;

  WAIT_FOR_CHANGE (
    fixture, change, &error,
    cobro_invoice_store_decide_async (fixture->store, &id, COBRO_INVOICE_UNCOLLECTIBLE, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_UNCOLLECTIBLE);
  g_assert_cmpint (count_in_books (fixture, "SELECT owed AS n FROM invoice"), ==, 0);
  g_clear_pointer (&change, cobro_invoice_change_free);
  WAIT_FOR_CHANGE (
    fixture, change, &error,
    cobro_invoice_store_decide_async (fixture->store, &id, COBRO_INVOICE_DRAFT, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

/* ── Token ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-9 */
static void
test_token (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (CobroLinkRecord) link = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id, link_id = cobro_invoice_link_id (&id);

  /* The relay has it: it is told to replace the token. */
  exec_in_books (fixture, "UPDATE invoice SET rev = 1; DELETE FROM outbox");
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_replace_token_async (fixture->store, &id, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_cmpstr (change->record->invoice->token.text, !=, issued->record->invoice->token.text);
  link = must_load (fixture, &link_id);
  g_assert_cmpstr (link->link->token.text, ==, change->record->invoice->token.text);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("link.token")), ==, 1);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.put")), ==, 0);
}

/* The link of an invoice is not edited by itself. */
static void
test_link_is_owned (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroId link_id = cobro_invoice_link_id (&issued->record->invoice->id);

  cobro_link_store_decide_async (fixture->store, &link_id, COBRO_DECISION_CANCELLED, NULL, on_result_cb, &result);
  g_assert_null (cobro_link_store_put_finish (fixture->store, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

/* ── Mails ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_mails (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id;
  static const char *const to[] = { NULL, NULL, "other@example.com", "two@example.com\r\nBcc: x@example.com" };

  for (guint i = 0; i < G_N_ELEMENTS (to); i++)
    {
      g_autoptr (CobroInvoiceChange) change = NULL;

      g_clear_error (&error);
      WAIT_FOR_CHANGE (fixture, change, &error,
                       cobro_invoice_store_send_async (fixture->store, &id, to[i], NULL, on_result_cb, &result));
    }
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  /* The same twice while it waits is one; another address is another mail. */
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.send")), ==, 2);

  paid = must_record (fixture, &id, COBRO_RECORD_CASH, 8250);
  g_clear_pointer (&paid, cobro_invoice_change_free);
  WAIT_FOR_CHANGE (fixture, paid, &error,
                   cobro_invoice_store_remind_async (fixture->store, &id, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

/* ── Recorded money ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_reject (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_record_sync_rejected (tx, data, "not this time", error));
}

static gpointer
do_read_record_id (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT id FROM record ORDER BY id DESC LIMIT 1", error);

  g_assert_cmpint (cobro_db_step (statement, error), ==, COBRO_DB_ROW);
  return g_strdup (cobro_db_column_text (statement, "id"));
}

/* proves: INV-15 */
static void
test_record (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) first = NULL, second = NULL;
  g_autoptr (CobroInvoiceRecord) after = NULL;
  g_autofree char *record_id = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id;

  first = must_record (fixture, &id, COBRO_RECORD_CASH, 3000);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  g_assert_cmpint (cobro_money_minor (view_of (fixture, &id).due), ==, 5250);
  second = must_record (fixture, &id, COBRO_RECORD_BANK, 5250);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_PAID);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("payment.record")), ==, 2);
  g_assert_cmpuint (fixture->paid->len, ==, 0); /* who typed it knows */

  /* The relay refuses the second: it never came, and says why. */
  record_id = cobro_store_read (fixture->store, do_read_record_id, NULL, &error);
  g_assert_nonnull (cobro_store_write (fixture->store, do_reject, record_id, &error));
  after = must_find (fixture, &id);
  g_assert_cmpint (view_of (fixture, &id).status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  g_assert_nonnull (strstr (after->problem, "not this time"));
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM payment WHERE state = 5"), ==, 1);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM record"), ==, 1);
}

static gpointer
do_credit_of (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroMoney credit;

  g_assert_true (cobro_customer_store_credit (tx, data, aud (), &credit, error));
  return g_memdup2 (&credit, sizeof credit);
}

static gint64
credit_of (StoreFixture *fixture, const CobroCustomer *customer)
{
  g_autofree CobroMoney *credit = cobro_store_read (fixture->store, do_credit_of, (gpointer)&customer->id, NULL);

  return cobro_money_minor (*credit);
}

static void
record_fails (StoreFixture *fixture, const CobroId *id, CobroRecordHow how, gint64 minor, const char *date,
              const char *path)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;

  record->link_id = cobro_invoice_link_id (id);
  record->how = how;
  record->amount = cobro_money (minor, aud ());
  g_strlcpy (record->date, date, sizeof record->date);
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_record_async (fixture->store, record, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, path);
}

/* What was paid too much pays for something else, once. */
static void
test_credit (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 7500);
  g_autoptr (CobroInvoiceChange) one = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) two = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) paid = NULL, used = NULL;
  CobroId first = one->record->invoice->id, second = two->record->invoice->id;

  paid = must_record (fixture, &first, COBRO_RECORD_BANK, 10000);
  g_assert_cmpint (view_of (fixture, &first).status, ==, COBRO_INVOICE_IS_OVERPAID);
  g_assert_cmpint (credit_of (fixture, customer), ==, 1750);
  record_fails (fixture, &second, COBRO_RECORD_CREDIT, 1751, "2023-11-15", "amount");
  record_fails (fixture, &second, COBRO_RECORD_CASH, 100, "2023-11-16", "date");
  record_fails (fixture, &second, COBRO_RECORD_CASH, 0, "2023-11-15", "amount");
  used = must_record (fixture, &second, COBRO_RECORD_CREDIT, 1750);
  g_assert_cmpint (credit_of (fixture, customer), ==, 0);
  g_assert_cmpint (cobro_money_minor (view_of (fixture, &second).due), ==, 6500);
}

/* ── Import ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1 */
static void
test_import (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_unref);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    {
      CobroInvoice *old = new_draft (NULL, 7500);
      g_autofree char *number = g_strdup_printf ("#%d", 500 + i);

      cobro_link_set_text (&old->buyer.name, "Zoë");
      cobro_link_set_text (&old->number, number);
      g_strlcpy (old->issue_date, "2022-03-01", sizeof old->issue_date);
      g_ptr_array_add (invoices, old);
    }
  cobro_link_set_text (&((CobroInvoice *)invoices->pdata[2])->number, "#500");
  for (int attempt = 0; attempt < 2; attempt++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      const CobroStoreBatch batch = { .take = cobro_invoice_store_take, .items = g_ptr_array_ref (invoices) };

      cobro_store_take_async (fixture->store, &batch, NULL, on_result_cb, &result);
      if (cobro_store_take_finish (fixture->store, wait_for_result (&result), &error))
        continue;
      /* All or none. */
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
      g_assert_true (g_str_has_prefix (error->message, "line 3: "));
      g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice"), ==, 0);
      cobro_link_set_text (&((CobroInvoice *)invoices->pdata[2])->number, "#502");
    }
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice"), ==, 3);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(DISTINCT token) AS n FROM link WHERE length(token) = 64"), ==,
                   3);
  g_assert_cmpint (count_in_books (fixture, OUTBOX ("invoice.put")), ==, 3);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM series"), ==, 0);
}

int
main (int argc, char **argv)
{
#define ADD(path, test) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, test, store_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("/invoices/draft", test_draft);
  ADD ("/invoices/duplicate", test_duplicate);
  ADD ("/invoices/issue", test_issue);
  ADD ("/invoices/new-buyer", test_new_buyer);
  ADD ("/invoices/immutable", test_immutable);
  ADD ("/invoices/void", test_void);
  ADD ("/invoices/refused-credit", test_refused_credit);
  ADD ("/invoices/decide", test_decide);
  ADD ("/invoices/token", test_token);
  ADD ("/invoices/link-is-owned", test_link_is_owned);
  ADD ("/invoices/mails", test_mails);
  ADD ("/invoices/record", test_record);
  ADD ("/invoices/credit", test_credit);
  ADD ("/invoices/import", test_import);
  return g_test_run ();
}
