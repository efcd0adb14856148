/* tests/relay/store/test-audit.c — every rule of the audit is broken on purpose, behind the guards' back, and found.
 * Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-endpoint-store.h"
#include "relay-invoices.h"
#include "rig.h"

static gboolean
listen_work (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;
  g_autoptr (RelayEndpoint) endpoint = relay_endpoint_new ();

  endpoint->merchant_id = rig->scope.merchant_id;
  g_free (endpoint->url);
  endpoint->url = g_strdup ("https://shop.example/hook");
  endpoint->secret = g_strdup ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
  return relay_endpoint_insert (tx, endpoint, error);
}

/* Two invoices, of which one is credited in part. */
static void
fill_invoices (Rig *rig)
{
  g_autoptr (CobroInvoice) draft = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("An hour");
  g_autoptr (RelayInvoiceRecord) first = NULL, second = NULL, note = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_currency_from_code ("EUR", &draft->currency, NULL));
  draft->decision = COBRO_INVOICE_ISSUED;
  line->quantity = COBRO_DECIMAL_ONE;
  line->unit_price = cobro_unit_price_of (cobro_money (10000, draft->currency));
  g_ptr_array_add (draft->lines, line);
  cobro_link_set_text (&draft->buyer.name, "Buyer");
  first = relay_invoices_make (rig->store, &rig->scope, draft, NULL, NULL, &error);
  g_assert_no_error (error);
  second = relay_invoices_make (rig->store, &rig->scope, draft, NULL, NULL, &error);
  g_assert_no_error (error);
  note = relay_invoices_credit_note (rig->store, &rig->scope, &first->invoice->id, NULL,
                                     cobro_money (500, draft->currency), "a scratch", &error);
  g_assert_no_error (error);
}

/* Books in which everything happened: paid, refunded, disputed, failed, open, duplicate, quarantined. */
static void
fill (Rig *rig)
{
  static const RigBegin begins[] = { RIG_BEGIN_PAID, RIG_BEGIN_PAID, RIG_BEGIN_FAILED, RIG_BEGIN_REDIRECT,
                                     RIG_BEGIN_LOST };
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (rig->store, listen_work, rig, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      g_autoptr (CobroLink) link = rig_link_new (rig);
      g_autoptr (RelayBeginResult) result = NULL;
      g_autoptr (CobroFact) fact = NULL;
      g_autofree char *token = NULL;

      token = rig_publish (rig, link);
      rig->provider->begin = begins[i];
      result = rig_begin (rig, token, NULL, &error);
      g_assert_no_error (error);
      fact = rig_fact (rig, result->payment, i == 0 ? COBRO_FACT_REFUNDED : COBRO_FACT_DISPUTE_LOST, "back");
      if (i > 1)
        continue;
      g_free (fact->event_id);
      fact->event_id = g_strdup_printf ("back_%" G_GSIZE_FORMAT, i);
      cobro_link_set_text (&fact->refund_id, "re_1");
      fact->amount = cobro_money (250, link->currency);
      g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
      g_assert_true (rig_webhook (rig, fact, "good", &error));
    }
  rig_janitor (rig, 0);
  fill_invoices (rig);
  rig_assert_clean (rig);
}

/* What is done to the books, and what must be found. */
static const struct
{
  const char *name, *invariant;
  const char *sql;
} breaks[] = {
  { "link-paid", "I1", "UPDATE link SET paid = paid + 1 WHERE paid > 0" },
  { "link-refunded", "I1", "UPDATE link SET refunded = refunded + 1 WHERE refunded > 0" },
  { "link-lost", "I1", "UPDATE link SET lost = 0 WHERE lost > 0" },
  { "link-uses", "I1", "UPDATE link SET uses = 7 WHERE uses = 1" },
  { "link-open", "I1", "UPDATE link SET open_attempts = 0" },
  { "link-processing", "I1", "UPDATE link SET processing = 0" },
  { "link-attempts", "I1", "UPDATE link SET attempts = 0" },
  { "link-failed", "I1", "UPDATE link SET last_failed = 0" },
  { "payment-received", "I1", "UPDATE payment SET received = received - 1 WHERE received > 0" },
  { "payment-refunded", "I1", "UPDATE payment SET refunded = 0" },
  { "ledger-missing", "I1", "DROP TRIGGER ledger_is_kept; DELETE FROM ledger WHERE kind = 'payment'" },
  { "ledger-amount", "I1", "DROP TRIGGER ledger_is_not_changed; UPDATE ledger SET amount = amount + 1" },
  { "ledger-currency", "I1", "DROP TRIGGER ledger_is_not_changed; UPDATE ledger SET currency = 'USD'" },
  { "ledger-link", "I1", "DROP TRIGGER ledger_is_not_changed; UPDATE ledger SET link_id = 'link_other'" },
  { "refund-too-much", "I2",
    "DROP TRIGGER refund_fits_when_changed; UPDATE refund SET amount = 99999 WHERE state <> 'failed'" },
  { "object-twice", "I3",
    "DROP INDEX payment_by_object; UPDATE payment SET provider_payment_id = 'obj_1' WHERE provider_payment_id <> ''" },
  { "refund-twice", "I3",
    "DROP INDEX refund_by_object; INSERT INTO refund SELECT 99, merchant_id, 'ref_other', payment_id, livemode, "
    "currency, 1, "
    "state, origin, reason, account, gateway, provider_refund_id, failure_message, next_try_at, tries, created_at, "
    "updated_at FROM refund" },
  { "fact-twice", "I3",
    "ALTER TABLE fact RENAME TO facts; CREATE TABLE fact AS SELECT * FROM facts; INSERT INTO fact SELECT * FROM "
    "facts" },
  { "webhook-twice", "I3",
    "ALTER TABLE inbox RENAME TO box; CREATE TABLE inbox AS SELECT * FROM box; INSERT INTO inbox SELECT * FROM box" },
  { "fact-changed", "I4", "DROP TRIGGER fact_is_not_changed; UPDATE fact SET amount = amount + 1 WHERE amount > 0" },
  { "fact-deleted", "I4",
    "DROP TRIGGER fact_is_kept; DELETE FROM fact WHERE kind = 'failed' OR row = (SELECT min (row) FROM fact)" },
  { "guard-missing", "I4", "DROP TRIGGER fact_is_not_changed" },
  { "event-guard-missing", "I4", "DROP TRIGGER event_is_kept" },
  { "state-jumped", "I5",
    "DROP TRIGGER payment_moves_by_the_table; UPDATE payment SET state = 'cancelled' WHERE state = 'failed'" },
  { "state-guard-missing", "I5", "DROP TRIGGER payment_moves_by_the_table" },
  { "transition-added", "I5", "INSERT INTO payment_transition VALUES ('succeeded', 'failed')" },
  { "event-missing", "I6",
    "DROP TRIGGER event_is_kept; DELETE FROM event WHERE sequence = (SELECT max (sequence) FROM event)" },
  { "event-gap", "I6", "DROP TRIGGER event_is_kept; DELETE FROM event WHERE sequence = 2" },
  { "event-untold", "I6",
    "DROP TRIGGER event_is_not_changed; UPDATE event SET type = 'link.updated' WHERE type = 'payment.succeeded'" },
  { "event-of-other-mode", "I6",
    "DROP TRIGGER event_is_not_changed; UPDATE event SET livemode = 1; UPDATE event_head SET livemode = 1" },
  { "head-wrong", "I6", "UPDATE event_head SET sequence = sequence + 1" },
  { "log-cut-off", "I6", "DROP TRIGGER event_is_kept; DELETE FROM event" },
  { "number-missing", "I8", "UPDATE series SET next = next + 1" },
  { "number-to-come-again", "I8", "DROP TRIGGER series_goes_forward; UPDATE series SET next = 2" },
  { "series-missing", "I8", "DROP TRIGGER series_is_kept; DELETE FROM series" },
  { "number-before-its-day", "I8",
    "DROP TRIGGER invoice_keeps_what_was_issued; UPDATE invoice SET issue_date = '2026-11-01' WHERE sequence = 2" },
  { "invoice-asks-more", "I8", "UPDATE link SET amount = amount + 1 WHERE invoice_id IS NOT NULL" },
  { "invoice-of-no-link", "I8", "UPDATE link SET invoice_id = 'inv_other' WHERE invoice_id IS NOT NULL" },
  { "invoice-credited", "I8", "UPDATE invoice SET credited = credited - 1 WHERE credited > 0" },
  { "invoice-guard-missing", "I4", "DROP TRIGGER invoice_keeps_what_was_issued" },
  { "invoice-steps-missing", "I5", "DROP TRIGGER invoice_moves_forward" },
  { "delivery-overdue", "I7", "UPDATE delivery SET next_at = 1" },
  { "delivery-lease-forgotten", "I7", "UPDATE delivery SET state = 'leased', next_at = NULL, lease_until = 1" },
  { "delivery-asleep", "I7", "UPDATE endpoint SET next_at = NULL" },
  { "delivery-of-other-mode", "I9", "UPDATE delivery SET livemode = 1" },
  { "delivery-missing", "D4", "DELETE FROM delivery WHERE sequence = 3" },
  { "foreign-link", "I9", "UPDATE link SET merchant_id = 'mer_other'" },
  { "foreign-account", "I9", "UPDATE account SET livemode = 1" },
  { "foreign-refund", "I9", "UPDATE refund SET merchant_id = 'mer_other'" },
  { "foreign-attempt", "I9", "UPDATE attempt SET payment_id = 'pay_other' WHERE row = 1" },
  { "token-missing", "I9", "DELETE FROM token" },
  { "token-other", "I9", "UPDATE link SET token_hash = zeroblob (32)" },
  { "event-changed", "I11", "DROP TRIGGER event_is_not_changed; UPDATE event SET object = '{}' WHERE sequence = 3" },
  { "event-rehashed", "I11",
    "DROP TRIGGER event_is_not_changed; UPDATE event SET hash = zeroblob (32) WHERE sequence = 3" },
  { "intent-forgotten", "I12", "UPDATE attempt SET outcome = 'sent', started_at = 1" },
  { "intent-missing", "I12", "DELETE FROM attempt WHERE kind = 'begin'" },
  { "refund-intent-missing", "I12", "UPDATE refund SET origin = 'merchant'" },
  { "slot-twice", "D2",
    "DROP INDEX payment_lease; DROP TRIGGER payment_keeps_what_was_asked; UPDATE payment SET slot = 1, leased = 1, "
    "link_id = (SELECT min (link_id) FROM payment)" },
  { "slot-let-go", "D2", "UPDATE payment SET leased = 0 WHERE leased = 1" },
  { "slot-beyond", "D2", "UPDATE payment SET slot = 9 WHERE leased = 1" },
};

static gboolean
has_invariant (const RelayAuditReport *report, const char *invariant)
{
  for (guint i = 0; i < report->violations->len; i++)
    if (g_str_equal (((RelayViolation *)report->violations->pdata[i])->invariant, invariant))
      return TRUE;
  return FALSE;
}

/* A trigger of PostgreSQL's belongs to its table, whose name ours begin with. */
static char *
to_postgres (const char *sql)
{
  g_autoptr (GRegex) trigger = g_regex_new ("DROP TRIGGER ([a-z]+)(_[a-z_]+)", 0, 0, NULL);
  g_autofree char *owned = g_regex_replace (trigger, sql, -1, 0, "DROP TRIGGER \\1\\2 ON \\1", 0, NULL);
  g_autoptr (GString) text = g_string_new (owned);

  g_string_replace (text, "zeroblob (32)", "decode (repeat ('00', 32), 'hex')", 0);
  return g_strdup (text->str);
}

/* The books as they would be if somebody had reached into the file: a copy, or a transaction that nobody commits. */
static CobroDb *
open_broken (Rig *rig, const char *folder, const char *sql)
{
  g_autofree char *twin = to_postgres (sql);
  g_autoptr (GError) error = NULL;
  CobroDb *db = rig_connect (rig, folder);
  gboolean ok;

  if (rig_is_postgres ())
    ok = cobro_db_exec (db, "SET session_replication_role = replica", &error) && cobro_db_begin (db, &error) &&
         cobro_db_exec (db, twin, &error);
  else
    ok = cobro_db_exec (db, "PRAGMA foreign_keys = OFF", &error) && cobro_db_exec (db, sql, &error);
  if (!ok)
    g_error ("%s: %s", sql, error->message);
  return db;
}

/* What is broken in PostgreSQL is rolled back: all tests break one rig. */
static Rig *shared;

static Rig *
filled_rig (void)
{
  Rig *rig = shared != NULL ? shared : rig_new ();

  if (shared == NULL)
    fill (rig);
  if (rig_is_postgres ())
    shared = rig;
  return rig;
}

static void
let_go (Rig *rig)
{
  if (rig != shared)
    rig_free (rig);
}

static void
test_break (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  Rig *rig = filled_rig ();
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDb) db = NULL;
  g_autoptr (RelayAuditReport) report = NULL;
  g_autofree char *json = NULL;

  folder = rig_copy (rig);
  db = open_broken (rig, folder, breaks[i].sql);
  report = relay_audit_run (db, 0, cobro_clock_now (rig->clock), &error);
  g_assert_no_error (error);
  json = relay_audit_report_to_json (report);
  if (!has_invariant (report, breaks[i].invariant))
    g_error ("%s was not found in: %s", breaks[i].invariant, json);
  g_assert_nonnull (strstr (json, "\"ok\":false"));
  g_clear_pointer (&db, cobro_db_close);
  rig_remove_folder (folder);
  let_go (rig);
}

/* Looked at by a whole audit only. */
static const char *const whole_only[] = { "fact-deleted", "refund-twice", "webhook-twice", NULL };

/* After an unclean end I1–I5 are looked at, and find the same. */
static void
test_quick (void)
{
  Rig *rig = filled_rig ();

  for (gsize i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *folder = NULL;
      g_autoptr (CobroDb) db = NULL;
      g_autoptr (RelayAuditReport) report = NULL;
      g_autoptr (GError) error = NULL;

      if (breaks[i].invariant[0] != 'I' || breaks[i].invariant[1] > '5' || breaks[i].invariant[2] != '\0' ||
          g_strv_contains (whole_only, breaks[i].name))
        continue;
      folder = rig_copy (rig);
      db = open_broken (rig, folder, breaks[i].sql);
      report = relay_audit_run (db, 10000, cobro_clock_now (rig->clock), &error);
      g_assert_no_error (error);
      if (!has_invariant (report, breaks[i].invariant))
        g_error ("%s: %s was not found", breaks[i].name, breaks[i].invariant);
      g_clear_pointer (&db, cobro_db_close);
      rig_remove_folder (folder);
    }
  let_go (rig);
}

int
main (int argc, char **argv)
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/relay/audit/%s/%s", breaks[i].invariant, breaks[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_break);
    }
  g_test_add_func ("/relay/audit/quick", test_quick);
  failed = g_test_run ();
  g_clear_pointer (&shared, rig_free);
  return failed;
}
