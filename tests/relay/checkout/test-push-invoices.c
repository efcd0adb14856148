/* tests/relay/checkout/test-push-invoices.c — what desktops push about invoices: documents with their own numbers, in
 * any order; mails, money, products and the logo. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-invoices.h"
#include "relay-logo-store.h"
#include "relay-mail-store.h"
#include "relay-product-store.h"
#include "relay-recurring-store.h"
#include "rig.h"

/* One desktop. */
typedef struct
{
  Rig *rig;
  CobroId device;
  gint64 seq;
  GPtrArray *results; /* (nullable) of the last push */
  CobroToken token;   /* of the last invoice */
} Desk;

static gboolean
code_work (RelayTx *tx, gpointer data, GError **error)
{
  RelayPairCode *code = data;
  RelayScope *scope = (RelayScope *)(code + 1);

  return relay_pair_code_insert (tx, scope, code, error);
}

static void
desk_open (Desk *desk, Rig *rig)
{
  struct
  {
    RelayPairCode code;
    RelayScope scope;
  } pairing = { .scope = rig->scope };
  RelayScope scope;
  RelayKeyText key;
  g_autoptr (GError) error = NULL;

  *desk = (Desk){ .rig = rig };
  G_STATIC_ASSERT (G_STRUCT_OFFSET (typeof (pairing), scope) == sizeof (RelayPairCode));
  g_assert_true (relay_store_write (rig->store, code_work, &pairing, &error));
  g_assert_true (relay_pair (rig->store, pairing.code.text, "laptop", &scope, &desk->device, &key, &error));
  g_assert_no_error (error);
}

static void
desk_close (Desk *desk)
{
  g_clear_pointer (&desk->results, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_close)

/* Pushes one; what came of it is alive until the next. */
static const RelayOperationResult *
push (Desk *desk, RelayPushOperation operation)
{
  g_autoptr (GPtrArray) operations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  CobroId op = cobro_id_new (COBRO_ID_OPERATION, desk->rig->clock, desk->rig->random);
  gint64 expected;

  operation.op_id = op.text;
  operation.seq = ++desk->seq;
  g_ptr_array_add (operations, &operation);
  g_clear_pointer (&desk->results, g_ptr_array_unref);
  desk->results = relay_links_push (desk->rig->store, &desk->rig->scope, &desk->device, operations, &expected, &error);
  g_assert_no_error (error);
  return &((RelayPushResult *)desk->results->pdata[0])->result;
}

#define assert_applied(result) g_assert_cmpstr ((result)->reason, ==, NULL)
#define assert_rejected(given, where)                                                                                  \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    const RelayOperationResult *given_ = (given);                                                                      \
                                                                                                                       \
    g_assert_cmpstr (given_->result, ==, "rejected");                                                                  \
    g_assert_cmpstr (given_->path, ==, where);                                                                         \
  }                                                                                                                    \
  G_STMT_END

static CobroCurrency
euro (void)
{
  CobroCurrency currency = 0;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, NULL));
  return currency;
}

/* As a desktop issues it: number @sequence of its own series; 100.00 without tax. */
static CobroInvoice *
issued (Rig *rig, gint64 sequence)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("An hour");
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup_printf ("INV-2026-%05" G_GINT64_FORMAT, sequence);
  CobroDay day;

  cobro_link_set_text (&merchant->name, "Ana");
  cobro_link_set_text (&merchant->time_zone, "UTC");
  invoice->id = cobro_id_new (COBRO_ID_INVOICE, rig->clock, rig->random);
  invoice->currency = euro ();
  line->quantity = COBRO_DECIMAL_ONE;
  line->unit_price = cobro_unit_price_of (cobro_money (10000, euro ()));
  line->tax_category = COBRO_TAX_OUTSIDE;
  g_ptr_array_add (invoice->lines, line);
  cobro_link_set_text (&invoice->buyer.name, "Buyer");
  cobro_link_set_text (&invoice->buyer.email, "buyer@example.com");
  invoice->created_at = invoice->updated_at = RIG_NOW;
  g_assert_true (cobro_day_from_text ("2026-12-01", &day, NULL));
  g_assert_true (cobro_invoice_compute (invoice, &error));
  g_assert_true (
    cobro_invoice_issue (invoice, merchant, NULL, number, "dev_1/invoice/2026", sequence, day, RIG_NOW, &error));
  g_assert_no_error (error);
  return invoice;
}

static const RelayOperationResult *
put (Desk *desk, CobroInvoice *invoice, gint64 base_rev)
{
  RelayPushOperation operation = {
    .kind = "invoice.put", .id = invoice->id.text, .base_rev = base_rev, .invoice = invoice
  };

  if (base_rev == 0 && invoice->kind == COBRO_INVOICE_INVOICE)
    operation.token = desk->token = cobro_token_new (desk->rig->random);
  return push (desk, operation);
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

/* ── Documents ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_put (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL };
  g_autoptr (CobroInvoice) first = issued (rig, 1), twin = issued (rig, 1), draft = issued (rig, 2);
  g_autoptr (RelayInvoiceRecord) record = NULL;
  g_autoptr (RelayBeginResult) begun = NULL;
  g_autoptr (GError) error = NULL;

  desk_open (&desk, rig);
  assert_applied (put (&desk, first, 0));
  record = find (rig, &first->id);
  g_assert_true (cobro_invoice_is_same (record->invoice, first));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'invoice.issued'"), ==, 1);
  begun = rig_begin (rig, desk.token.text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cobro_money_minor (begun->payment->amount), ==, 10000);

  /* Again: nothing new. Another document with the number: rejected. A draft, or wrong sums: rejected. */
  assert_applied (put (&desk, first, 1));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type LIKE 'invoice.%'"), ==, 1);
  assert_rejected (put (&desk, twin, 0), "number");
  draft->totals->total = cobro_money (9999, euro ());
  g_assert_cmpstr (put (&desk, draft, 0)->result, ==, "rejected");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM invoice"), ==, 1);
  rig_assert_clean (rig);
}

static void
test_put_changes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL };
  g_autoptr (CobroInvoice) first = issued (rig, 1), bent = NULL, later = NULL;
  g_autoptr (RelayInvoiceRecord) record = NULL;

  desk_open (&desk, rig);
  assert_applied (put (&desk, first, 0));
  bent = cobro_invoice_copy (first);
  cobro_link_set_text (&bent->notes, "something else");
  assert_rejected (put (&desk, bent, 1), "notes");
  later = cobro_invoice_copy (first);
  later->expires_at = RIG_NOW + COBRO_DAY;
  cobro_link_set_text (&later->private_notes, "calls");
  assert_applied (put (&desk, later, 1));
  record = find (rig, &first->id);
  g_assert_cmpint (record->invoice->rev, ==, 2);
  g_assert_cmpstr (record->invoice->private_notes, ==, "calls");
  /* Nobody else reads them. */
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE object LIKE '%calls%'"), ==, 0);
  cobro_link_set_text (&later->private_notes, "older edit");
  g_assert_cmpstr (put (&desk, later, 1)->result, ==, "conflict");
  rig_assert_clean (rig);
}

/* A credit note and the void of its invoice come in any order; an invoice may come void already. */
static void
test_put_void (void)
{
  for (int note_first = 0; note_first < 2; note_first++)
    {
      g_autoptr (Rig) rig = rig_new ();
      g_auto (Desk) desk = { NULL };
      g_autoptr (CobroInvoice) invoice = issued (rig, 1), gone = issued (rig, 2), note = NULL, voided = NULL,
                               more = NULL, taken_back = NULL;
      g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
      g_autoptr (RelayInvoiceRecord) record = NULL;
      g_autoptr (GError) error = NULL;
      CobroDay day;

      desk_open (&desk, rig);
      cobro_link_set_text (&merchant->name, "Ana");
      g_assert_true (cobro_day_from_text ("2026-12-01", &day, NULL));
      note = cobro_invoice_credit (invoice, COBRO_MONEY_NONE, "wrong", &error);
      note->id = cobro_id_new (COBRO_ID_INVOICE, rig->clock, rig->random);
      note->created_at = RIG_NOW;
      g_assert_true (cobro_invoice_issue (note, merchant, NULL, "CN-1", "dev_1/credit_note", 1, day, RIG_NOW, &error));
      voided = cobro_invoice_copy (invoice);
      voided->decision = COBRO_INVOICE_VOID;
      cobro_link_set_text (&voided->void_reason, "wrong");
      gone->decision = COBRO_INVOICE_VOID;

      assert_rejected (put (&desk, note, 0), "corrects");
      assert_applied (put (&desk, invoice, 0));
      assert_applied (note_first ? put (&desk, note, 0) : put (&desk, voided, 1));
      assert_applied (note_first ? put (&desk, voided, 1) : put (&desk, note, 0));
      assert_applied (put (&desk, gone, 0));
      record = find (rig, &invoice->id);
      g_assert_cmpint (record->invoice->decision, ==, COBRO_INVOICE_VOID);
      g_assert_cmpint (cobro_money_minor (record->tally.credited), ==, 10000);

      /* What was given back is not taken back by a word. */
      taken_back = cobro_invoice_copy (note);
      taken_back->decision = COBRO_INVOICE_VOID;
      assert_rejected (put (&desk, taken_back, 1), "decision");

      /* Void stays void; nothing is left to be credited. */
      g_assert_cmpstr (put (&desk, invoice, 5)->result, ==, "rejected");
      more = cobro_invoice_copy (note);
      more->id = cobro_id_new (COBRO_ID_INVOICE, rig->clock, rig->random);
      more->sequence = 2;
      cobro_link_set_text (&more->number, "CN-2");
      g_assert_cmpstr (put (&desk, more, 0)->result, ==, "rejected");
      rig_assert_clean (rig);
    }
}

/* A relay that lost its books gets them back from a desktop, in any order: its own series goes on above. */
static void
test_put_back (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL };
  g_autoptr (CobroInvoice) second = issued (rig, 2), first = issued (rig, 1), draft = NULL;
  g_autoptr (RelayInvoiceRecord) third = NULL;
  g_autoptr (GError) error = NULL;

  desk_open (&desk, rig);
  cobro_link_set_text (&first->series, "relay/invoice/2026");
  cobro_link_set_text (&second->series, "relay/invoice/2026");
  assert_applied (put (&desk, second, 0));
  assert_applied (put (&desk, first, 0));
  draft = cobro_invoice_duplicate (first);
  draft->decision = COBRO_INVOICE_ISSUED;
  third = relay_invoices_make (rig->store, &rig->scope, draft, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (third->invoice->sequence, ==, 3);
  g_assert_cmpstr (third->invoice->number, ==, "RINV-2026-00003");
  rig_assert_clean (rig);
}

/* ── Mails and money ────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_send (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL };
  g_autoptr (CobroInvoice) invoice = issued (rig, 1);
  RelayPushOperation send = { .kind = "invoice.send", .id = invoice->id.text };

  desk_open (&desk, rig);
  assert_applied (put (&desk, invoice, 0));
  g_assert_cmpstr (push (&desk, send)->code, ==, cobro_error_code_name (COBRO_ERROR_STATE)); /* sends no mail */
  relay_mail_set_wanted (rig->store, TRUE);
  assert_applied (push (&desk, send));
  send.to = "other@example.com";
  assert_applied (push (&desk, send));
  send.to = "a@example.com, b@example.com";
  assert_rejected (push (&desk, send), "to");
  send.kind = "invoice.remind";
  send.to = NULL;
  assert_applied (push (&desk, send));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM mail"), ==, 3);
}

static void
test_record (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL }, live = { NULL };
  g_autoptr (CobroInvoice) invoice = issued (rig, 1);
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autoptr (RelayInvoiceRecord) found = NULL;
  RelayPushOperation operation = { .kind = "payment.record", .record = record };

  desk_open (&desk, rig);
  record->id = cobro_id_new (COBRO_ID_PAYMENT, rig->clock, rig->random);
  record->link_id = cobro_invoice_link_id (&invoice->id);
  record->amount = cobro_money (4000, euro ());
  g_strlcpy (record->date, "2026-11-30", sizeof record->date);
  cobro_link_set_text (&record->note, "in the shop");
  operation.id = record->id.text;
  g_assert_cmpstr (push (&desk, operation)->result, ==, "rejected"); /* for what? */
  assert_applied (put (&desk, invoice, 0));
  assert_applied (push (&desk, operation));
  assert_applied (push (&desk, operation));
  found = find (rig, &invoice->id);
  g_assert_cmpint (cobro_money_minor (found->link->tally.paid), ==, 4000);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment WHERE gateway = 'manual'"), ==, 1);

  /* The id is somebody's already, in the other mode: refused, and what is pushed with it goes on. */
  rig->scope.livemode = TRUE;
  desk_open (&live, rig);
  assert_rejected (push (&live, operation), "id");
  rig->scope.livemode = FALSE;

  record->id = cobro_id_new (COBRO_ID_PAYMENT, rig->clock, rig->random);
  g_strlcpy (record->date, "2027-01-01", sizeof record->date);
  assert_rejected (push (&desk, operation), "date");
  rig_assert_clean (rig);
}

/* ── The rest ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_books (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Desk) desk = { NULL }, live = { NULL };
  g_autoptr (CobroProduct) product = cobro_product_new ();
  g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();
  g_autoptr (CobroInvoice) model = issued (rig, 9);
  g_autoptr (GBytes) png = g_bytes_new_static ("\x89PNG\r\n\x1a\n…", 11);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GPtrArray) due = NULL;
  RelayReader *reader;
  RelayPushOperation put_product = { .kind = "product.put", .product = product, .id = product->id.text };
  RelayPushOperation put_recurring = { .kind = "recurring.put", .recurring = recurring, .id = recurring->id.text };
  RelayPushOperation put_logo = { .kind = "logo.put", .id = "", .media_type = "image/jpeg", .logo = png };

  desk_open (&desk, rig);
  product->id = cobro_id_new (COBRO_ID_PRODUCT, rig->clock, rig->random);
  product->currency = euro ();
  cobro_link_set_text (&product->name, "An hour");
  g_assert_cmpint (push (&desk, put_product)->rev, ==, 1);
  g_assert_cmpint (push (&desk, put_product)->rev, ==, 1);
  cobro_link_set_text (&product->name, "Two hours");
  g_assert_cmpstr (push (&desk, put_product)->result, ==, "conflict");
  put_product.base_rev = 1;
  g_assert_cmpint (push (&desk, put_product)->rev, ==, 2);

  recurring->id = cobro_id_new (COBRO_ID_RECURRING, rig->clock, rig->random);
  cobro_link_set_text (&recurring->name, "Rent");
  g_strlcpy (recurring->start, "2026-11-30", sizeof recurring->start);
  g_clear_pointer (&recurring->invoice, cobro_invoice_unref);
  recurring->invoice = cobro_invoice_duplicate (model);
  assert_applied (push (&desk, put_recurring));
  reader = relay_store_read (rig->store, NULL);
  due = relay_recurring_list_due (reader->db, RIG_NOW, 10, NULL);
  g_assert_cmpuint (due->len, ==, 1);
  relay_reader_release (reader);

  rig->scope.livemode = TRUE;
  desk_open (&live, rig);
  assert_rejected (push (&live, put_recurring), "id");
  rig->scope.livemode = FALSE;

  assert_rejected (push (&desk, put_logo), "data");
  put_logo.media_type = "image/png";
  assert_applied (push (&desk, put_logo));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM logo"), ==, 1);
  put_logo.media_type = "";
  put_logo.logo = nothing;
  assert_applied (push (&desk, put_logo));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM logo"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/push-invoices/put", test_put);
  g_test_add_func ("/relay/push-invoices/put-changes", test_put_changes);
  g_test_add_func ("/relay/push-invoices/put-void", test_put_void);
  g_test_add_func ("/relay/push-invoices/put-back", test_put_back);
  g_test_add_func ("/relay/push-invoices/send", test_send);
  g_test_add_func ("/relay/push-invoices/record", test_record);
  g_test_add_func ("/relay/push-invoices/books", test_books);
  return g_test_run ();
}
