/* tests/store/test-refund-note.c — money given back on an invoice and the credit note for it are one thing: noted in
 * one transaction, once, and only when the money really goes back. Layer: tests. */
#include "cobro-error.h"
#include "cobro-refund-order-store.h"
#include "invoice-fixture.h"

typedef struct
{
  CobroId invoice_id;
  CobroRefundOrder *order;
  CobroRefund *refund;
} Given;

static void
given_clear (Given *given)
{
  cobro_refund_order_free (given->order);
  cobro_refund_unref (given->refund);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Given, given_clear)

static gboolean
put (StoreFixture *fixture, const CobroRefundOrder *order, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_refund_order_put_async (fixture->store, order, NULL, on_result_cb, &result);
  return cobro_refund_order_finish (fixture->store, wait_for_result (&result), error);
}

/* An invoice over 82.50 that was paid by card, and an order to give 20.00 of it back, with a credit note. */
static void
pay_and_order (StoreFixture *fixture, Given *given)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 7500);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  CobroId payment_id = cobro_id_new (COBRO_ID_PAYMENT, fixture->clock, fixture->random);
  CobroId link_id = cobro_invoice_link_id (&issued->record->invoice->id);
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO payment (id, link_id, document, state, currency, amount, received, received_currency, paid_at, "
    "created_at, updated_at) VALUES ('%s', '%s', '{\"id\":\"%s\",\"linkId\":\"%s\",\"amount\":8250,\"received\":"
    "{\"amount\":8250,\"currency\":\"AUD\"},\"currency\":\"AUD\",\"status\":\"succeeded\",\"gateway\":\"stripe\","
    "\"createdAt\":\"2023-11-14T09:30:00Z\"}', 7, 'AUD', 8250, 8250, 'AUD', 1700000000000000, 1, 1)",
    payment_id.text, link_id.text, payment_id.text, link_id.text);

  exec_in_books (fixture, sql);
  given->invoice_id = issued->record->invoice->id;
  given->order = cobro_refund_order_new ();
  given->order->id = cobro_id_new (COBRO_ID_OPERATION, fixture->clock, fixture->random);
  given->order->payment_id = payment_id;
  given->order->link_id = link_id;
  given->order->amount = cobro_money (2000, aud ());
  given->order->credit_id = given->invoice_id;
  cobro_link_set_text (&given->order->reason, "broken cup");
  given->refund = cobro_refund_new ();
  given->refund->id = cobro_id_new (COBRO_ID_REFUND, fixture->clock, fixture->random);
  given->refund->payment_id = payment_id;
  given->refund->amount = given->order->amount;
  given->refund->state = COBRO_REFUND_PENDING;
}

static gpointer
do_answer (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Given *given = data;
  g_autoptr (CobroRefundOrder) order = cobro_refund_order_find (tx, &given->order->id, error);

  return GINT_TO_POINTER (order != NULL && cobro_refund_order_answer (tx, order, given->refund, error));
}

static void
answer (StoreFixture *fixture, Given *given)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (cobro_store_write (fixture->store, do_answer, given, &error));
  g_assert_no_error (error);
}

static gint64
notes (StoreFixture *fixture)
{
  return count_in_books (fixture, "SELECT count (*) AS n FROM invoice WHERE kind = 1 AND total = 2000 AND corrects_id "
                                  "IS NOT NULL AND number <> ''");
}

static void
test_with_the_answer (StoreFixture *fixture, gconstpointer data)
{
  g_auto (Given) given = { .order = NULL };

  pay_and_order (fixture, &given);
  g_assert_true (put (fixture, given.order, NULL));
  g_assert_true (put (fixture, given.order, NULL));
  g_assert_cmpint (notes (fixture), ==, 0); /* nothing has gone back yet */
  answer (fixture, &given);
  g_assert_cmpint (notes (fixture), ==, 1);
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM refund_order AS o JOIN invoice AS i ON "
                                            "i.id = o.note_id WHERE o.state = 2 AND i.corrects_id = o.credit_id"),
                   ==, 1);
  exec_in_books (fixture,
                 "UPDATE refund_order SET state = 1, refund_id = NULL"); /* the answer was lost, and comes again */
  answer (fixture, &given);
  g_assert_cmpint (notes (fixture), ==, 1);
}

static void
test_not_for_a_failure (StoreFixture *fixture, gconstpointer data)
{
  g_auto (Given) given = { .order = NULL };

  pay_and_order (fixture, &given);
  g_assert_true (put (fixture, given.order, NULL));
  given.refund->state = COBRO_REFUND_FAILED;
  answer (fixture, &given);
  g_assert_cmpint (notes (fixture), ==, 0);
}

/* What cannot be credited is said before anybody is asked for money; what became so meanwhile is said on the invoice,
 * and the money that went back is noted all the same. */
static void
test_void_meanwhile (StoreFixture *fixture, gconstpointer data)
{
  g_auto (Given) given = { .order = NULL };
  g_autoptr (CobroInvoiceChange) voided = NULL;
  g_autoptr (CobroInvoiceRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRefundOrder) late = cobro_refund_order_new ();

  pay_and_order (fixture, &given);
  g_assert_true (put (fixture, given.order, NULL));
  voided = must_void (fixture, &given.invoice_id, "a mistake");
  answer (fixture, &given);
  g_assert_cmpint (notes (fixture), ==, 0); /* the one of the voiding is over everything */
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM refund_order WHERE state = 2"), ==, 1);
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM invoice WHERE problem LIKE 'money was given "
                                            "back, but no credit note%' AND attention = 1"),
                   ==, 1);

  late->id = cobro_id_new (COBRO_ID_OPERATION, fixture->clock, fixture->random);
  late->payment_id = given.order->payment_id;
  late->amount = given.order->amount;
  late->credit_id = given.invoice_id;
  g_assert_false (put (fixture, late, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM refund_order"), ==, 1);
}

#define ADD(path, func) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/refund-note/with-the-answer", test_with_the_answer);
  ADD ("/refund-note/not-for-a-failure", test_not_for_a_failure);
  ADD ("/refund-note/void-meanwhile", test_void_meanwhile);
  return g_test_run ();
}
