/* tests/relay/checkout/test-invoices.c — invoices in the relay's books: numbers, issuing, paying, voiding, money
 * recorded by hand, credit; what is issued never changes. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-invoices.h"
#include "relay-refund.h"
#include "relay-series-store.h"
#include "rig.h"

static CobroCurrency
euro (void)
{
  CobroCurrency currency = 0;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, NULL));
  return currency;
}

static CobroMoney
eur (gint64 minor)
{
  return cobro_money (minor, euro ());
}

/* One line of 75.00 with 10 % on top: 82.50. */
static CobroInvoice *
draft_new (CobroInvoiceDecision decision)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("A vacuum cleaner");

  invoice->currency = euro ();
  invoice->decision = decision;
  line->quantity = COBRO_DECIMAL_ONE;
  line->unit_price = cobro_unit_price_of (eur (7500));
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 10 * COBRO_DECIMAL_ONE;
  cobro_link_set_text (&line->tax_name, "VAT");
  g_ptr_array_add (invoice->lines, line);
  cobro_link_set_text (&invoice->buyer.name, "The Vacuum Shop");
  cobro_link_set_text (&invoice->buyer.email, "buyer@example.com");
  return invoice;
}

static RelayInvoiceRecord *
make (Rig *rig, CobroInvoiceDecision decision, char **out_token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoice) draft = draft_new (decision);
  CobroToken token = COBRO_TOKEN_NONE;
  RelayInvoiceRecord *record = relay_invoices_make (rig->store, &rig->scope, draft, NULL, &token, &error);

  g_assert_no_error (error);
  if (out_token != NULL)
    *out_token = g_strdup (token.text);
  return record;
}

static RelayInvoiceRecord *
find (Rig *rig, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  RelayInvoiceRecord *record = relay_invoice_find (reader->db, &rig->scope, id, &error);

  g_assert_no_error (error);
  return record;
}

static CobroInvoiceView
view (Rig *rig, const CobroId *id)
{
  g_autoptr (RelayInvoiceRecord) record = find (rig, id);

  return relay_invoice_view (record, "UTC", cobro_clock_now (rig->clock));
}

static gint64
events (Rig *rig, const char *type)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM event WHERE type = '%s'", type);

  return rig_count (rig, sql);
}

/* ── Numbers ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-1 */
static void
test_numbers (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) draft = make (rig, COBRO_INVOICE_DRAFT, &token);
  g_autoptr (RelayInvoiceRecord) first = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_autoptr (RelayInvoiceRecord) second = NULL;
  g_autoptr (RelayInvoiceRecord) refused = NULL;
  g_autoptr (CobroInvoice) to = cobro_invoice_copy (draft->invoice);
  g_autoptr (CobroInvoice) nothing = draft_new (COBRO_INVOICE_ISSUED);

  g_assert_cmpuint (strlen (token), ==, 64);
  g_assert_cmpstr (draft->invoice->number, ==, "");
  g_assert_cmpstr (first->invoice->number, ==, "RINV-2026-00001");
  g_assert_cmpint (cobro_money_minor (first->invoice->totals->total), ==, 8250);

  /* What is refused gives its number back. */
  g_ptr_array_set_size (nothing->lines, 0);
  refused = relay_invoices_make (rig->store, &rig->scope, nothing, NULL, NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);

  to->decision = COBRO_INVOICE_ISSUED;
  second = relay_invoices_change (rig->store, &rig->scope, &draft->invoice->id, draft->invoice->rev, to, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->invoice->number, ==, "RINV-2026-00002");
  g_assert_cmpint (second->invoice->sequence, ==, 2);
  g_assert_cmpstr (second->invoice->series, ==, "relay/invoice/2026");
  g_assert_cmpint (events (rig, "invoice.issued"), ==, 2);
  rig_assert_clean (rig);
}

static gboolean
begin_anew (RelayTx *tx, gpointer data, GError **error)
{
  return relay_series_begin_anew (tx, error);
}

/* Books that came back from a copy give numbers that nobody can have seen. */
static void
test_numbers_after_restore (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayInvoiceRecord) before = make (rig, COBRO_INVOICE_ISSUED, NULL), after = NULL;

  g_assert_true (relay_store_write (rig->store, begin_anew, NULL, &error));
  after = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_assert_cmpstr (before->invoice->number, ==, "RINV-2026-00001");
  g_assert_cmpstr (after->invoice->number, ==, "RABKO-INV-2026-00001");
  g_assert_cmpint (after->invoice->sequence, ==, 1);
  rig_assert_clean (rig);
}

static gboolean
run_sql (RelayTx *tx, gpointer data, GError **error)
{
  return cobro_db_exec (tx->db, data, error);
}

static void
test_immutable (void)
{
  static const char *const attempts[] = {
    "UPDATE invoice SET document = '{}'",
    "UPDATE invoice SET number = 'X'",
    "UPDATE invoice SET total = total + 1",
    "UPDATE invoice SET issue_date = '2020-01-01'",
    "UPDATE invoice SET buyer_name = 'Somebody else'",
    "UPDATE invoice SET series = 'other'",
    "UPDATE invoice SET sequence = 9",
    "UPDATE invoice SET currency = 'USD'",
    "UPDATE invoice SET livemode = 1",
    "UPDATE invoice SET decision = 'draft'",
    "DELETE FROM invoice",
    "UPDATE series SET next = next - 1",
    "DELETE FROM series",
  };
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_autoptr (RelayInvoiceRecord) after = NULL;
  g_autofree char *before = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", attempts[i]);
      g_assert_false (relay_store_write (rig->store, run_sql, (gpointer)attempts[i], &error));
      g_assert_nonnull (error);
    }
  after = find (rig, &record->invoice->id);
  g_assert_true (cobro_invoice_is_same (record->invoice, after->invoice));
  rig_assert_clean (rig);
}

/* What may change does, and nothing else. */
static void
test_changes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_autoptr (CobroInvoice) to = cobro_invoice_copy (record->invoice);
  g_autoptr (RelayInvoiceRecord) changed = NULL, found = NULL, stale = NULL;

  to->decision = COBRO_INVOICE_UNCOLLECTIBLE;
  to->expires_at = RIG_NOW + COBRO_DAY;
  to->reminders = (CobroReminders){ .custom = TRUE, .n = 2, .days = { -1, 5 } };
  cobro_link_set_text (&to->private_notes, "calls on Mondays");
  changed = relay_invoices_change (rig->store, &rig->scope, &to->id, 1, to, &error);
  g_assert_no_error (error);
  found = find (rig, &to->id);
  g_assert_cmpint (found->invoice->rev, ==, 2);
  g_assert_cmpint (found->invoice->decision, ==, COBRO_INVOICE_UNCOLLECTIBLE);
  g_assert_cmpint (found->invoice->expires_at, ==, RIG_NOW + COBRO_DAY);
  g_assert_cmpint (found->invoice->reminders.n, ==, 2);
  g_assert_cmpint (found->invoice->reminders.days[0], ==, -1);
  g_assert_cmpstr (found->invoice->private_notes, ==, "calls on Mondays");
  g_assert_cmpint (found->link->link->expires_at, ==, RIG_NOW + COBRO_DAY);
  stale = relay_invoices_change (rig->store, &rig->scope, &to->id, 1, to, &error);
  g_assert_null (stale);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_REVISION);
  rig_assert_clean (rig);
}

/* The link is the invoice's: it is in no list, and not changed by itself. */
static void
test_link (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) links = NULL;
  g_autofree char *cursor = NULL;
  RelayLinkQuery query = { .status = -1, .paid_status = -1, .now = RIG_NOW, .limit = 100 };

  g_assert_null (
    relay_links_decide (rig->store, &rig->scope, &record->link->link->id, 0, COBRO_DECISION_CANCELLED, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);
  reader = relay_store_read (rig->store, &error);
  links = relay_link_list (reader->db, &rig->scope, &query, &cursor, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (links->len, ==, 0);
}

/* proves: INV-9 */
static void
test_token_replaced (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *old = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &old);
  g_autoptr (RelayInvoiceRecord) replaced = NULL;
  g_autoptr (RelayBeginResult) begun = NULL;
  CobroToken token = COBRO_TOKEN_NONE;

  replaced = relay_invoices_replace_token (rig->store, &rig->scope, &record->invoice->id, &token, &error);
  g_assert_no_error (error);
  g_assert_null (rig_begin (rig, old, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_GONE);
  g_clear_error (&error);
  begun = rig_begin (rig, token.text, NULL, &error);
  g_assert_no_error (error);
  rig_assert_clean (rig);
}

/* ── Money ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
record_money (Rig *rig, const RelayInvoiceRecord *invoice, CobroRecordHow how, gint64 minor, CobroId *id,
              GError **error)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();

  record->id = id != NULL && cobro_id_is_set (id) ? *id : cobro_id_new (COBRO_ID_PAYMENT, rig->clock, rig->random);
  if (id != NULL)
    *id = record->id;
  record->link_id = invoice->link->link->id;
  record->amount = eur (minor);
  record->how = how;
  g_strlcpy (record->date, "2026-12-01", sizeof record->date);
  return relay_invoices_record (rig->store, &rig->scope, record, error);
}

static void
test_paid_by_card (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayBeginResult) begun = rig_begin (rig, token, NULL, &error);
  g_autoptr (CobroFact) fact = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (begun->payment->amount), ==, 8250);
  fact = rig_fact (rig, begun->payment, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (view (rig, &record->invoice->id).status, ==, COBRO_INVOICE_IS_PAID);
  g_assert_cmpint (events (rig, "invoice.paid"), ==, 1);
  g_assert_null (rig_begin (rig, token, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_GONE);
  rig_assert_clean (rig);
}

/* Part in cash, the rest by card; the same record twice is one payment. */
static void
test_recorded (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayBeginResult) begun = NULL;
  g_autoptr (CobroFact) fact = NULL;
  CobroId id = COBRO_ID_NONE;
  CobroInvoiceView now;

  g_assert_true (record_money (rig, record, COBRO_RECORD_CASH, 3000, &id, &error));
  g_assert_no_error (error);
  g_assert_true (record_money (rig, record, COBRO_RECORD_CASH, 3000, &id, &error));
  g_assert_no_error (error);
  g_assert_false (record_money (rig, record, COBRO_RECORD_CASH, 4000, &id, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  now = view (rig, &record->invoice->id);
  g_assert_cmpint (now.status, ==, COBRO_INVOICE_IS_PARTIALLY_PAID);
  g_assert_cmpint (cobro_money_minor (now.due), ==, 5250);
  g_assert_cmpint (events (rig, "invoice.partially_paid"), ==, 1);

  begun = rig_begin (rig, token, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (begun->payment->amount), ==, 5250);
  fact = rig_fact (rig, begun->payment, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (view (rig, &record->invoice->id).status, ==, COBRO_INVOICE_IS_PAID);
  g_assert_cmpint (events (rig, "invoice.paid"), ==, 1);
  rig_assert_clean (rig);
}

/* Cash comes while somebody is at the provider: the slot is taken from them, and their money, if it comes, is too much.
 */
static void
test_recorded_against_payment (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayBeginResult) begun = rig_begin (rig, token, NULL, &error);
  g_autoptr (CobroFact) fact = NULL;

  g_assert_no_error (error);
  g_assert_true (record_money (rig, record, COBRO_RECORD_BANK, 8250, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (view (rig, &record->invoice->id).status, ==, COBRO_INVOICE_IS_PAID);
  fact = rig_fact (rig, begun->payment, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (view (rig, &record->invoice->id).status, ==, COBRO_INVOICE_IS_OVERPAID);
  rig_assert_clean (rig);
}

static RelayStoredAnswer
refund (Rig *rig, const CobroId *payment_id, gint64 minor, gboolean *out_replayed)
{
  g_autoptr (GError) error = NULL;
  RelayStoredAnswer answer = { 0 };
  RelayRefundWish wish = {
    .scope = rig->scope, .payment_id = *payment_id, .amount = minor, .reason = "", .request = { .key = "refund-1" }
  };

  g_assert_true (relay_refund_make (rig->checkout, &wish, &answer, out_replayed, &error));
  g_assert_no_error (error);
  return answer;
}

/* Money recorded by hand goes back on the merchant's word, at once, and once for each key. */
static void
test_refunded_by_hand (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, NULL);
  g_auto (RelayStoredAnswer) first = { 0 }, again = { 0 };
  CobroId id = COBRO_ID_NONE;
  gboolean replayed;

  g_assert_true (record_money (rig, record, COBRO_RECORD_CHEQUE, 8250, &id, &error));
  g_assert_no_error (error);
  first = refund (rig, &id, 250, &replayed);
  g_assert_false (replayed);
  g_assert_nonnull (strstr (first.body, "succeeded"));
  again = refund (rig, &id, 250, &replayed);
  g_assert_true (replayed);
  g_assert_cmpstr (first.body, ==, again.body);
  g_assert_cmpint (cobro_money_minor (view (rig, &record->invoice->id).due), ==, 250);
  g_assert_cmpint (rig->provider->refunds, ==, 0);
  rig_assert_clean (rig);
}

/* ── Void and credit ────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: INV-7 */
static void
test_void (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayInvoiceRecord) note = NULL, voided = NULL, again = NULL;

  voided = relay_invoices_void (rig->store, &rig->scope, &record->invoice->id, "wrong address", &note, &error);
  g_assert_no_error (error);
  g_assert_cmpint (voided->invoice->decision, ==, COBRO_INVOICE_VOID);
  g_assert_cmpstr (voided->invoice->void_reason, ==, "wrong address");
  g_assert_cmpstr (voided->invoice->number, ==, "RINV-2026-00001");
  g_assert_cmpstr (note->invoice->number, ==, "RCN-2026-00001");
  g_assert_cmpstr (note->invoice->corrects_number, ==, "RINV-2026-00001");
  g_assert_cmpint (cobro_money_minor (note->invoice->totals->total), ==, 8250);
  g_assert_null (note->link);
  g_assert_cmpint (view (rig, &record->invoice->id).status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_cmpint (events (rig, "invoice.voided"), ==, 1);

  g_assert_null (rig_begin (rig, token, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_GONE);
  g_clear_error (&error);
  again = relay_invoices_void (rig->store, &rig->scope, &record->invoice->id, "", NULL, &error);
  g_assert_null (again);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM invoice WHERE kind = 'credit_note'"), ==, 1);
  rig_assert_clean (rig);
}

/* Somebody is paying: what is at the provider is waited for; a page that is only open is not, and its late money is the
 * customer's. */
static void
test_void_against_payment (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayBeginResult) begun = rig_begin (rig, token, NULL, &error);
  g_autoptr (CobroFact) processing = NULL, succeeded = NULL, failed = NULL;
  g_autoptr (RelayInvoiceRecord) refused = NULL, voided = NULL;
  CobroInvoiceView now;

  g_assert_no_error (error);
  processing = rig_fact (rig, begun->payment, COBRO_FACT_PROCESSING, "evt_1");
  g_assert_cmpint (rig_apply (rig, processing), ==, RELAY_VERDICT_APPLIED);
  refused = relay_invoices_void (rig->store, &rig->scope, &record->invoice->id, "", NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);

  failed = rig_fact (rig, begun->payment, COBRO_FACT_FAILED, "evt_2");
  g_assert_cmpint (rig_apply (rig, failed), ==, RELAY_VERDICT_APPLIED);
  voided = relay_invoices_void (rig->store, &rig->scope, &record->invoice->id, "", NULL, &error);
  g_assert_no_error (error);
  succeeded = rig_fact (rig, begun->payment, COBRO_FACT_SUCCEEDED, "evt_3");
  g_assert_cmpint (rig_apply (rig, succeeded), ==, RELAY_VERDICT_APPLIED);
  now = view (rig, &record->invoice->id);
  g_assert_cmpint (now.status, ==, COBRO_INVOICE_IS_VOID);
  g_assert_cmpint (cobro_money_minor (now.credit), ==, 8250);
  g_assert_true ((now.flags & COBRO_FLAG_LATE) != 0);
  rig_assert_clean (rig);
}

/* Part is credited: the rest is asked for; more than is left is refused. */
static void
test_credit_note (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token);
  g_autoptr (RelayInvoiceRecord) note = NULL, second = NULL, rest = NULL, voided = NULL;
  g_autoptr (RelayBeginResult) begun = NULL;

  note =
    relay_invoices_credit_note (rig->store, &rig->scope, &record->invoice->id, NULL, eur (1100), "a scratch", &error);
  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (note->invoice->totals->total), ==, 1100);
  g_assert_cmpint (cobro_money_minor (note->invoice->totals->tax), ==, 100);
  begun = rig_begin (rig, token, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (begun->payment->amount), ==, 7150);
  second = relay_invoices_credit_note (rig->store, &rig->scope, &record->invoice->id, NULL, eur (7151), "", &error);
  g_assert_null (second);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  voided = relay_invoices_void (rig->store, &rig->scope, &record->invoice->id, "", &rest, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (rest->invoice->totals->total), ==, 7150);
  g_assert_cmpint (cobro_money_minor (voided->tally.credited), ==, 8250);
  rig_assert_clean (rig);
}

/* What a customer overpaid pays the next invoice: no more than there is, no more than is due, and once. */
static void
test_customer_credit (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  CobroId customer = cobro_id_new (COBRO_ID_CUSTOMER, rig->clock, rig->random);
  g_autoptr (CobroInvoice) draft = draft_new (COBRO_INVOICE_ISSUED);
  g_autoptr (RelayInvoiceRecord) first = NULL, second = NULL;
  g_autoptr (RelayReader) reader = NULL;
  CobroMoney credit;

  draft->customer_id = customer;
  first = relay_invoices_make (rig->store, &rig->scope, draft, NULL, NULL, &error);
  g_assert_no_error (error);
  second = relay_invoices_make (rig->store, &rig->scope, draft, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (record_money (rig, first, COBRO_RECORD_CASH, 10000, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (view (rig, &first->invoice->id).status, ==, COBRO_INVOICE_IS_OVERPAID);
  g_assert_false (record_money (rig, second, COBRO_RECORD_CREDIT, 1751, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (record_money (rig, second, COBRO_RECORD_CREDIT, 1750, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (record_money (rig, second, COBRO_RECORD_CREDIT, 1, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  reader = relay_store_read (rig->store, &error);
  g_assert_true (relay_invoices_credit (reader->db, &rig->scope, &customer, euro (), &credit, &error));
  g_assert_cmpint (cobro_money_minor (credit), ==, 0);
  g_clear_pointer (&reader, relay_reader_release);
  rig_assert_clean (rig);
}

/* ── Races ──────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  Rig *rig;
  CobroId id;
  gint voided, refused;
} Voids;

static gpointer
void_it (gpointer data)
{
  Voids *voids = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayInvoiceRecord) record =
    relay_invoices_void (voids->rig->store, &voids->rig->scope, &voids->id, "twice", NULL, &error);

  g_atomic_int_inc (record != NULL ? &voids->voided : &voids->refused);
  return NULL;
}

/* Many say it, one does it: one credit note. */
static void
test_two_voids (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, NULL);
  Voids voids = { .rig = rig, .id = record->invoice->id };
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("void", void_it, &voids);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (voids.voided, ==, 1);
  g_assert_cmpint (voids.refused, ==, 7);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM invoice WHERE kind = 'credit_note'"), ==, 1);
  rig_assert_clean (rig);
}

/* One invoice that everybody wants something of at once. */
typedef struct
{
  Rig *rig;
  const RelayInvoiceRecord *record;
  CobroFact *fact;
  gint ready;
} Crowd;

static void
wait_for_all (Crowd *crowd)
{
  g_atomic_int_inc (&crowd->ready);
  while (g_atomic_int_get (&crowd->ready) < 4)
    g_thread_yield ();
}

static gpointer
crowd_voids (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (RelayInvoiceRecord) record = NULL;

  wait_for_all (crowd);
  record = relay_invoices_void (crowd->rig->store, &crowd->rig->scope, &crowd->record->invoice->id, "", NULL, NULL);
  return NULL;
}

static gpointer
crowd_credits (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (RelayInvoiceRecord) note = NULL;

  wait_for_all (crowd);
  note = relay_invoices_credit_note (crowd->rig->store, &crowd->rig->scope, &crowd->record->invoice->id, NULL,
                                     eur (2000), "", NULL);
  return NULL;
}

static gpointer
crowd_records (gpointer data)
{
  Crowd *crowd = data;

  wait_for_all (crowd);
  g_assert_true (record_money (crowd->rig, crowd->record, COBRO_RECORD_CASH, 8250, NULL, NULL));
  return NULL;
}

static gpointer
crowd_pays (gpointer data)
{
  Crowd *crowd = data;

  wait_for_all (crowd);
  g_assert_cmpint (rig_apply (crowd->rig, crowd->fact), ==, RELAY_VERDICT_APPLIED);
  return NULL;
}

/* Void, credit, cash and a card's success at the same moment, in any order: all the money is there, nothing is credited
 * twice, and the books hold. */
static void
test_crowd (void)
{
  static const GThreadFunc all[] = { crowd_voids, crowd_credits, crowd_records, crowd_pays };
  g_autoptr (Rig) rig = rig_new ();

  for (int round = 0; round < 12; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *token = NULL;
      g_autofree char *event_id = g_strdup_printf ("evt_%d", round);
      g_autoptr (RelayInvoiceRecord) record = make (rig, COBRO_INVOICE_ISSUED, &token), after = NULL;
      g_autoptr (RelayBeginResult) begun = rig_begin (rig, token, NULL, &error);
      g_autoptr (CobroFact) fact = NULL;
      Crowd crowd = { .rig = rig, .record = record };
      GThread *threads[G_N_ELEMENTS (all)];

      g_assert_no_error (error);
      crowd.fact = fact = rig_fact (rig, begun->payment, COBRO_FACT_SUCCEEDED, event_id);
      for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        threads[i] = g_thread_new ("crowd", all[(i + (guint)round) % G_N_ELEMENTS (all)], &crowd);
      for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        g_thread_join (threads[i]);
      after = find (rig, &record->invoice->id);
      g_assert_cmpint (cobro_money_minor (after->link->tally.paid), ==, 2 * 8250);
      g_assert_cmpint (after->invoice->decision, ==, COBRO_INVOICE_VOID);
      g_assert_cmpint (cobro_money_minor (after->tally.credited), ==, 8250);
    }
  rig_assert_clean (rig);
}

typedef struct
{
  Rig *rig;
  gint issued, rolled_back;
} Writers;

/* Every third is refused after its number was given. */
static gpointer
issue_some (gpointer data)
{
  Writers *writers = data;

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroInvoice) draft = draft_new (COBRO_INVOICE_ISSUED);
      g_autoptr (RelayInvoiceRecord) record = NULL;

      if (i % 3 == 2)
        cobro_link_set_text (&draft->buyer.name, "");
      record = relay_invoices_make (writers->rig->store, &writers->rig->scope, draft, NULL, NULL, &error);
      g_atomic_int_inc (record != NULL ? &writers->issued : &writers->rolled_back);
    }
  return NULL;
}

static void
test_no_gaps (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Writers writers = { .rig = rig };
  GThread *threads[64];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("issue", issue_some, &writers);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (writers.issued, ==, 64 * 4);
  g_assert_cmpint (writers.rolled_back, ==, 64 * 2);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM invoice"), ==, 64 * 4);
  g_assert_cmpint (rig_count (rig, "SELECT max (sequence) AS n FROM invoice"), ==, 64 * 4);
  g_assert_cmpint (rig_count (rig, "SELECT count (DISTINCT number) AS n FROM invoice"), ==, 64 * 4);
  rig_assert_clean (rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/invoices/numbers", test_numbers);
  g_test_add_func ("/relay/invoices/numbers-after-restore", test_numbers_after_restore);
  g_test_add_func ("/relay/invoices/immutable", test_immutable);
  g_test_add_func ("/relay/invoices/changes", test_changes);
  g_test_add_func ("/relay/invoices/link", test_link);
  g_test_add_func ("/relay/invoices/token-replaced", test_token_replaced);
  g_test_add_func ("/relay/invoices/paid-by-card", test_paid_by_card);
  g_test_add_func ("/relay/invoices/recorded", test_recorded);
  g_test_add_func ("/relay/invoices/recorded-against-payment", test_recorded_against_payment);
  g_test_add_func ("/relay/invoices/refunded-by-hand", test_refunded_by_hand);
  g_test_add_func ("/relay/invoices/void", test_void);
  g_test_add_func ("/relay/invoices/void-against-payment", test_void_against_payment);
  g_test_add_func ("/relay/invoices/credit-note", test_credit_note);
  g_test_add_func ("/relay/invoices/customer-credit", test_customer_credit);
  g_test_add_func ("/relay/invoices/two-voids", test_two_voids);
  g_test_add_func ("/relay/invoices/crowd", test_crowd);
  g_test_add_func ("/relay/invoices/no-gaps", test_no_gaps);
  return g_test_run ();
}
