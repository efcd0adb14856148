/* tests/relay/checkout/test-night.c — what the nightly list finds, what a refund without an answer becomes, and a clock
 * that went back: a lost webhook costs delay, not money. proves: OPF-6 I12 Layer: tests. */
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-checkout-private.h"
#include "relay-night-store.h"
#include "rig.h"

static Rig *
night_rig (void)
{
  Rig *rig = rig_new ();

  rig->provider->list = RIG_ANSWER_HONEST;
  return rig;
}

static CobroPayment *
begin (Rig *rig, CobroLink *link, RigBegin how)
{
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) result = NULL;
  g_autoptr (GError) error = NULL;

  rig->provider->begin = how;
  result = rig_begin (rig, token, NULL, &error);
  g_assert_no_error (error);
  return cobro_payment_ref (result->payment);
}

static CobroPaymentState
state_of (Rig *rig, const CobroPayment *payment)
{
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (rig, &payment->id);

  return record->payment->state;
}

/* Rounds until the next night's list has been read to its end. */
static void
sleep_a_night (Rig *rig)
{
  gint64 nights = rig_count (rig, "SELECT count(*) AS n FROM reconciliation WHERE finished_at IS NOT NULL");

  cobro_clock_advance (rig->clock, COBRO_DAY);
  for (int i = 0; i < 20; i++)
    rig_janitor (rig, COBRO_MINUTE);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM reconciliation WHERE finished_at IS NOT NULL"), ==,
                   nights + 1);
}

/* Failed here, paid there, no webhook and nobody asks any more: the list says so. */
static void
test_late_success (void)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (CobroPayment) payment = begin (rig, link, RIG_BEGIN_FAILED);

  sleep_a_night (rig);
  g_assert_cmpint (state_of (rig, payment), ==, COBRO_PAYMENT_FAILED);
  rig_object (rig, &payment->id)->kind = COBRO_FACT_SUCCEEDED;
  sleep_a_night (rig);
  g_assert_cmpint (state_of (rig, payment), ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 1);
  sleep_a_night (rig);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT sum (added) AS n FROM reconciliation"), ==, 1);
  rig_assert_clean (rig);
}

/* A night is done once, page by page, whatever dies in between. */
static void
test_once (void)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  int lists;

  link->usage = COBRO_USAGE_UNLIMITED;
  token = rig_publish (rig, link);
  rig->provider->begin = RIG_BEGIN_PAID;
  for (int i = 0; i < 40; i++)
    {
      g_autoptr (RelayBeginResult) result = rig_begin (rig, token, NULL, NULL);

      g_assert_nonnull (result);
    }
  g_assert_cmpuint (rig_janitor (rig, 0).pages, ==, 8); /* of 14 */
  rig_restart (rig, TRUE);
  g_assert_true (relay_janitor_resume (rig->checkout, NULL));
  g_assert_cmpuint (rig_janitor (rig, COBRO_MINUTE).pages, ==, 6);
  lists = rig->provider->lists;
  g_assert_cmpint (lists, ==, 14);
  for (int i = 0; i < 10; i++)
    g_assert_cmpuint (rig_janitor (rig, COBRO_MINUTE).pages, ==, 0);
  g_assert_cmpint (rig_count (rig, "SELECT seen AS n FROM reconciliation"), ==, 40);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 40);
  rig_assert_clean (rig);
}

/* A provider that does not list is asked again later, the same night. */
static void
test_silent (void)
{
  g_autoptr (Rig) rig = night_rig ();

  rig->provider->list = RIG_ANSWER_NOTHING;
  rig_janitor (rig, 0);
  rig_janitor (rig, COBRO_MINUTE);
  g_assert_cmpint (rig->provider->lists, ==, 3); /* the tries of one call */
  rig->provider->list = RIG_ANSWER_HONEST;
  g_assert_cmpuint (rig_janitor (rig, 5 * COBRO_MINUTE).pages, ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM reconciliation WHERE finished_at IS NOT NULL"), ==, 1);
}

/* Another amount than the one booked: set aside, once, and nothing moves. */
static void
test_amount (void)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (CobroPayment) payment = begin (rig, link, RIG_BEGIN_PAID);
  RigObject *object = rig_object (rig, &payment->id);

  object->amount = cobro_money (999, cobro_money_currency (object->amount));
  sleep_a_night (rig);
  sleep_a_night (rig);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM quarantine"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT sum (mismatched) AS n FROM reconciliation"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 1);
  g_assert_true ((rig_view (rig, link).flags & COBRO_FLAG_AMOUNT_MISMATCH) != 0);
  rig_assert_clean (rig);
}

/* Money that no payment of ours explains is parked, not dropped. */
static void
test_stranger (void)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (CobroPayment) payment = begin (rig, link, RIG_BEGIN_PAID);
  RigObject *object = g_new0 (RigObject, 1);

  object->object = g_strdup ("obj_of_nobody");
  object->signed_reference = g_strdup ("another shop's");
  object->amount = payment->amount;
  object->kind = COBRO_FACT_SUCCEEDED;
  g_ptr_array_add (rig->provider->objects, object);
  sleep_a_night (rig);
  sleep_a_night (rig);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM inbox WHERE state = 'unmatched'"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 1);
  rig_assert_clean (rig);
}

/* ── Refunds that got no answer ─────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayPaymentRecord *payment;
  RelayRefundRecord *refund;
} Refunding;

static gboolean
refund_work (RelayTx *tx, gpointer data, GError **error)
{
  Refunding *refunding = data;

  refunding->refund = relay_refund_insert (tx, refunding->payment, refunding->payment->payment->received,
                                           RELAY_REFUND_BY_MERCHANT, "", "", error);
  return refunding->refund != NULL &&
         relay_refund_append_event (tx, refunding->refund, COBRO_EVENT_REFUND_CREATED, error);
}

static CobroRefundState
refund_silently (RigAnswer how, RigAnswer asked, int *out_sent)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (CobroPayment) payment = begin (rig, link, RIG_BEGIN_PAID);
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (rig, &payment->id);
  g_autoptr (RelayRefundRecord) refund = NULL, after = NULL;
  g_autoptr (RelayReader) reader = NULL;
  Refunding refunding = { record, NULL };

  g_assert_true (relay_store_write (rig->store, refund_work, &refunding, NULL));
  refund = refunding.refund;
  rig->provider->refund = how;
  rig->provider->list = RIG_ANSWER_NOTHING;
  for (int i = 0; i < 46; i++)
    rig_janitor (rig, 30 * COBRO_MINUTE);
  *out_sent = rig->provider->refunds;
  rig->provider->query = asked;
  for (int i = 0; i < 8; i++)
    rig_janitor (rig, COBRO_HOUR);
  g_assert_cmpint (rig->provider->refunds, ==, *out_sent); /* never sent again */
  rig_assert_clean (rig);
  reader = relay_store_read (rig->store, NULL);
  after = relay_refund_find (reader->db, &rig->scope, &refund->refund->id, NULL);
  return after->refund->state;
}

static void
test_old_refund (void)
{
  int sent;

  g_assert_cmpint (refund_silently (RIG_ANSWER_LOST, RIG_ANSWER_HONEST, &sent), ==, COBRO_REFUND_SUCCEEDED);
  g_assert_cmpint (sent, >, 3);
  g_assert_cmpint (refund_silently (RIG_ANSWER_NOTHING, RIG_ANSWER_HONEST, &sent), ==, COBRO_REFUND_FAILED);
  g_assert_cmpint (refund_silently (RIG_ANSWER_LOST, RIG_ANSWER_NOTHING, &sent), ==, COBRO_REFUND_PENDING);
}

/* ── The clock ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
raise_mark (RelayTx *tx, gpointer data, GError **error)
{
  return relay_clock_mark_raise (tx, *(CobroTime *)data, error);
}

/* Started an hour in the past: nothing expires until the clock is right again. */
static void
test_clock_behind (void)
{
  g_autoptr (Rig) rig = night_rig ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  CobroTime high = RIG_NOW + COBRO_HOUR;

  link->expires_at = RIG_NOW + COBRO_MINUTE;
  token = rig_publish (rig, link);
  g_assert_true (relay_store_write (rig->store, raise_mark, &high, NULL));
  rig_restart (rig, FALSE);
  g_assert_true (relay_janitor_resume (rig->checkout, NULL));
  g_assert_true (relay_clock_is_behind (rig->checkout, RIG_NOW));
  g_assert_cmpint (relay_clock_expiry (rig->checkout, RIG_NOW), ==, high);
  g_assert_cmpuint (rig_janitor (rig, 2 * COBRO_MINUTE).expired, ==, 0);
  g_assert_cmpuint (rig_janitor (rig, COBRO_HOUR).expired, ==, 1);
}

/* The mark follows the clock by the minute, and never goes back. */
static void
test_clock_mark (void)
{
  g_autoptr (Rig) rig = night_rig ();

  rig_janitor (rig, 0);
  g_assert_cmpint (rig_count (rig, "SELECT high AS n FROM clock_mark"), ==, RIG_NOW);
  rig_janitor (rig, COBRO_SECOND);
  g_assert_cmpint (rig_count (rig, "SELECT high AS n FROM clock_mark"), ==, RIG_NOW);
  rig_janitor (rig, COBRO_MINUTE);
  g_assert_cmpint (rig_count (rig, "SELECT high AS n FROM clock_mark"), ==, RIG_NOW + 61 * COBRO_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/night/late-success", test_late_success);
  g_test_add_func ("/relay/night/once", test_once);
  g_test_add_func ("/relay/night/silent", test_silent);
  g_test_add_func ("/relay/night/amount", test_amount);
  g_test_add_func ("/relay/night/stranger", test_stranger);
  g_test_add_func ("/relay/night/old-refund", test_old_refund);
  g_test_add_func ("/relay/night/clock-behind", test_clock_behind);
  g_test_add_func ("/relay/night/clock-mark", test_clock_mark);
  return g_test_run ();
}
