/* tests/relay/checkout/test-resolve.c — the merchant decides about money in quarantine. Layer: tests. proves: OPL-9 */
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-resolve.h"
#include "rig.h"

/* A payment of 12.50 for which 9.99 came. */
typedef struct
{
  Rig *rig;
  CobroLink *link;
  char *token;
  CobroPayment *payment;
} Odd;

static void
odd_clear (Odd *odd)
{
  cobro_payment_unref (odd->payment);
  cobro_link_unref (odd->link);
  g_free (odd->token);
  rig_free (odd->rig);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Odd, odd_clear)

static Odd
odd_new (void)
{
  g_autoptr (RelayBeginResult) result = NULL;
  g_autoptr (CobroFact) fact = NULL;
  Odd odd = { .rig = rig_new () };

  odd.link = rig_link_new (odd.rig);
  odd.token = rig_publish (odd.rig, odd.link);
  result = rig_begin (odd.rig, odd.token, NULL, NULL);
  odd.payment = cobro_payment_ref (result->payment);
  fact = rig_fact (odd.rig, odd.payment, COBRO_FACT_SUCCEEDED, "evt_odd");
  fact->amount = cobro_money (999, cobro_money_currency (fact->amount));
  g_assert_cmpint (rig_apply (odd.rig, fact), ==, RELAY_VERDICT_QUARANTINED);
  return odd;
}

static CobroPayment *
resolve (Odd *odd, RelayResolution resolution, GError **error)
{
  return relay_checkout_resolve (odd->rig->checkout, &odd->rig->scope, &odd->payment->id, resolution, error);
}

static void
assert_resolved (Odd *odd, const char *word)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM quarantine WHERE resolution = '%s'", word);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (rig_count (odd->rig, sql), ==, 1);
  g_assert_cmpint (rig_count (odd->rig, "SELECT count(*) AS n FROM event WHERE type = 'payment.resolved'"), ==, 1);
  g_assert_true ((rig_view (odd->rig, odd->link).flags & COBRO_FLAG_QUARANTINED) == 0);
  rig_assert_clean (odd->rig);
  g_assert_null (resolve (odd, RELAY_RESOLVE_ACCEPT, &error)); /* decided is decided */
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
}

static void
test_accept (void)
{
  g_auto (Odd) odd = odd_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = resolve (&odd, RELAY_RESOLVE_ACCEPT, &error);

  g_assert_no_error (error);
  g_assert_cmpint (payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (cobro_money_minor (payment->received), ==, 999);
  g_assert_true ((payment->flags & COBRO_FLAG_AMOUNT_MISMATCH) != 0);
  g_assert_cmpint (rig_count (odd.rig, "SELECT sum (amount) AS n FROM ledger"), ==, 999);
  assert_resolved (&odd, "accepted");
}

static void
test_refund (void)
{
  g_auto (Odd) odd = odd_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = resolve (&odd, RELAY_RESOLVE_REFUND, &error);
  g_autoptr (RelayBeginResult) again = NULL;

  g_assert_no_error (error);
  rig_object (odd.rig, &odd.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  for (int i = 0; i < 3; i++)
    rig_janitor (odd.rig, COBRO_MINUTE);
  g_assert_cmpint (odd.rig->provider->refunds, ==, 1);
  g_assert_cmpint (rig_count (odd.rig, "SELECT sum (amount) AS n FROM ledger"), ==, 0);
  g_assert_cmpint (rig_count (odd.rig, "SELECT count(*) AS n FROM ledger"), ==, 2);
  assert_resolved (&odd, "refunded");
  again = rig_begin (odd.rig, odd.token, NULL, &error); /* the use is free: the bill is still to be paid */
  g_assert_no_error (error);
  g_assert_nonnull (again);
}

static void
test_release (void)
{
  g_auto (Odd) odd = odd_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = NULL;
  g_autoptr (RelayBeginResult) again = NULL;

  g_assert_null (rig_begin (odd.rig, odd.token, NULL, &error)); /* it holds the only use */
  g_clear_error (&error);
  payment = resolve (&odd, RELAY_RESOLVE_RELEASE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (payment->state, ==, COBRO_PAYMENT_CANCELLED);
  g_assert_cmpint (rig_count (odd.rig, "SELECT count(*) AS n FROM ledger"), ==, 0);
  assert_resolved (&odd, "released");
  again = rig_begin (odd.rig, odd.token, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
}

static void
test_nothing (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) result = rig_begin (rig, token, NULL, NULL);
  RelayScope live = { rig->scope.merchant_id, TRUE };
  g_autoptr (GError) error = NULL;

  g_assert_null (
    relay_checkout_resolve (rig->checkout, &rig->scope, &result->payment->id, RELAY_RESOLVE_RELEASE, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (relay_checkout_resolve (rig->checkout, &live, &result->payment->id, RELAY_RESOLVE_RELEASE, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/resolve/accept", test_accept);
  g_test_add_func ("/relay/resolve/refund", test_refund);
  g_test_add_func ("/relay/resolve/release", test_release);
  g_test_add_func ("/relay/resolve/nothing", test_nothing);
  return g_test_run ();
}
