/* tests/relay/checkout/test-janitor.c — what happens by itself, step by step under a clock that stands still.
 * proves: INV-13 I12
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-attempt-store.h"
#include "rig.h"

#define LEASE_OVER (11 * COBRO_MINUTE)

/* A link and one payer's attempt. */
typedef struct
{
  Rig *rig;
  CobroLink *link;
  char *token;
  CobroId payment;
} Attempt;

static void
attempt_clear (Attempt *attempt)
{
  g_clear_pointer (&attempt->link, cobro_link_unref);
  g_clear_pointer (&attempt->token, g_free);
  g_clear_pointer (&attempt->rig, rig_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attempt, attempt_clear)

static CobroId
begin (Attempt *attempt)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBeginResult) result = rig_begin (attempt->rig, attempt->token, NULL, &error);

  g_assert_no_error (error);
  return result->payment->id;
}

static Attempt
attempt_new (RigBegin how)
{
  Attempt attempt = { .rig = rig_new () };

  attempt.link = rig_link_new (attempt.rig);
  attempt.token = rig_publish (attempt.rig, attempt.link);
  attempt.rig->provider->begin = how;
  attempt.payment = begin (&attempt);
  return attempt;
}

static CobroPaymentState
state_of (Attempt *attempt)
{
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (attempt->rig, &attempt->payment);

  return record->payment->state;
}

/* The use is free: somebody else may pay now. */
static void
assert_free (Attempt *attempt)
{
  CobroId other;

  attempt->rig->provider->begin = RIG_BEGIN_PAID;
  other = begin (attempt);
  g_assert_false (cobro_id_equal (&other, &attempt->payment));
  g_assert_cmpint (rig_view (attempt->rig, attempt->link).paid_status, ==, COBRO_PAID_PAID);
  rig_assert_clean (attempt->rig);
}

static void
assert_busy (Attempt *attempt)
{
  GError *error = NULL;

  g_assert_null (rig_begin (attempt->rig, attempt->token, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
  rig_assert_clean (attempt->rig);
}

/* ── Leases ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The payer walks away at the provider's page: asked first, then cancelled there, and only then free for others. */
static void
test_walked_away (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);

  assert_busy (&attempt);
  rig_janitor (attempt.rig, 5 * COBRO_MINUTE);
  assert_busy (&attempt);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 0);
  rig_janitor (attempt.rig, LEASE_OVER);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 1);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_CANCELLED);
  assert_free (&attempt);
}

/* The lease is over, and the money is there: nothing is cancelled. */
static void
test_paid_in_the_last_second (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);

  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_SUCCEEDED;
  rig_janitor (attempt.rig, LEASE_OVER);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 0);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_SUCCEEDED);
  rig_assert_clean (attempt.rig);
}

/* The provider is working on it, for days: the use stays taken, however long it takes. */
static void
test_processing (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);

  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_PROCESSING;
  for (int i = 0; i < 72; i++)
    rig_janitor (attempt.rig, COBRO_HOUR);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_PROCESSING);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 0);
  assert_busy (&attempt);
  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_SUCCEEDED;
  rig_janitor (attempt.rig, COBRO_DAY);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_SUCCEEDED);
  rig_assert_clean (attempt.rig);
}

/* "Too late to cancel" keeps the lease: the money may still come. */
static void
test_too_late_to_cancel (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);

  attempt.rig->provider->cancel = RIG_ANSWER_REFUSED;
  rig_janitor (attempt.rig, LEASE_OVER);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 1);
  assert_busy (&attempt);
  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_SUCCEEDED;
  rig_janitor (attempt.rig, COBRO_HOUR);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_SUCCEEDED);
  rig_assert_clean (attempt.rig);
}

/* No answer at all: nobody is told that nothing was charged, and the use stays taken. */
static void
test_silence (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_LOST);

  attempt.rig->provider->query = attempt.rig->provider->cancel = RIG_ANSWER_NOTHING;
  for (int i = 0; i < 12; i++)
    rig_janitor (attempt.rig, COBRO_HOUR);
  g_assert_false (cobro_payment_state_is_final (state_of (&attempt)));
  g_assert_null (rig_begin (attempt.rig, attempt.token, NULL, NULL)); /* taken, or the breaker is open */
  rig_assert_clean (attempt.rig);
  attempt.rig->provider->query = attempt.rig->provider->cancel = RIG_ANSWER_HONEST;
  for (int i = 0; i < 3; i++)
    rig_janitor (attempt.rig, COBRO_HOUR);
  g_assert_true (cobro_payment_state_is_final (state_of (&attempt)));
  assert_free (&attempt);
}

/* The call never arrived, and the payer is gone: nothing was charged. */
static void
test_never_came (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_NEVER_CAME);

  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_UNKNOWN);
  assert_busy (&attempt);
  rig_janitor (attempt.rig, LEASE_OVER);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_FAILED);
  assert_free (&attempt);
}

/* A merchant who cancels the link does not wait for who is paying. */
static void
test_cancelled_link (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_links_decide (attempt.rig->store, &attempt.rig->scope, &attempt.link->id,
                                                           0, COBRO_DECISION_CANCELLED, &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);
  rig_janitor (attempt.rig, 0);
  g_assert_cmpint (attempt.rig->provider->cancels, ==, 1);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_CANCELLED);
  rig_assert_clean (attempt.rig);
}

/* ── Resuming ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* The answer got lost: the same call with the same key brings it back, and the payer can go on. */
static void
test_sent_again (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_LOST);
  g_autoptr (RelayPaymentRecord) record = NULL;
  int begins = attempt.rig->provider->begins;

  rig_restart (attempt.rig, TRUE);
  g_assert_true (relay_janitor_resume (attempt.rig->checkout, NULL));
  attempt.rig->provider->begin = RIG_BEGIN_REDIRECT;
  rig_janitor (attempt.rig, 0);
  g_assert_cmpint (attempt.rig->provider->begins, ==, begins + 1);
  g_assert_cmpuint (attempt.rig->provider->objects->len, ==, 1); /* one payment there, however often it is sent */
  record = rig_find_payment (attempt.rig, &attempt.payment);
  g_assert_cmpint (record->payment->state, ==, COBRO_PAYMENT_UNKNOWN); /* forward only; the page says "go on" */
  g_assert_cmpstr (record->payment->provider_payment_id, ==, "obj_1");
  g_assert_cmpstr (record->next_url, ==, "https://rig.example/obj_1");
  rig_assert_clean (attempt.rig);
}

/* After a start everything open is asked about at once, whatever its schedule said. */
static void
test_resume_asks (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);

  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_SUCCEEDED;
  g_assert_cmpuint (rig_janitor (attempt.rig, 0).polls, ==, 0);
  rig_restart (attempt.rig, TRUE);
  g_assert_true (relay_janitor_resume (attempt.rig->checkout, NULL));
  g_assert_cmpuint (rig_janitor (attempt.rig, 0).polls, ==, 1);
  g_assert_cmpint (state_of (&attempt), ==, COBRO_PAYMENT_SUCCEEDED);
  rig_assert_clean (attempt.rig);
}

/* An intent whose end was never written is found and asked about. */
static gboolean
start_and_die (RelayTx *tx, gpointer data, GError **error)
{
  gint64 number;

  return relay_attempt_start (tx, data, RELAY_ATTEMPT_CANCEL, NULL, "key", &number, error);
}

static void
test_lost_intent (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (attempt.rig, &attempt.payment);

  rig_janitor (attempt.rig, 0);
  g_assert_true (relay_store_write (attempt.rig->store, start_and_die, record, NULL));
  g_assert_cmpuint (rig_janitor (attempt.rig, 2 * COBRO_MINUTE).lost, ==, 0);
  g_assert_cmpuint (rig_janitor (attempt.rig, 4 * COBRO_MINUTE).lost, ==, 1);
  g_assert_cmpint (rig_count (attempt.rig, "SELECT count(*) AS n FROM attempt WHERE outcome = 'lost'"), ==, 1);
  rig_assert_clean (attempt.rig);
}

/* ── Schedule ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* 1, 2, 5, 15 minutes, then hourly to a day, daily to 30 days, then never (semantics: Inbound provider events, 8). */
static void
test_schedule (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);
  int hours, days;

  rig_object (attempt.rig, &attempt.payment)->kind = COBRO_FACT_PROCESSING;
  for (int minute = 0; minute < 60; minute++)
    rig_janitor (attempt.rig, COBRO_MINUTE);
  g_assert_cmpint (attempt.rig->provider->queries, >=, 4);
  g_assert_cmpint (attempt.rig->provider->queries, <=, 7);
  hours = attempt.rig->provider->queries;
  for (int minute = 0; minute < 22 * 60; minute += 10)
    rig_janitor (attempt.rig, 10 * COBRO_MINUTE);
  g_assert_cmpint (attempt.rig->provider->queries - hours, >=, 18);
  g_assert_cmpint (attempt.rig->provider->queries - hours, <=, 23);
  days = attempt.rig->provider->queries;
  for (int hour = 0; hour < 40 * 24; hour += 4)
    rig_janitor (attempt.rig, 4 * COBRO_HOUR);
  g_assert_cmpint (attempt.rig->provider->queries - days, >=, 23);
  g_assert_cmpint (attempt.rig->provider->queries - days, <=, 31);
  rig_assert_clean (attempt.rig);
}

/* ── Expiry, refunds ────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
count_expired (Rig *rig)
{
  return rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'link.expired'");
}

static void
test_expiry (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (CobroLink) draft = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autofree char *draft_token = NULL;

  link->expires_at = draft->expires_at = RIG_NOW + COBRO_HOUR;
  draft->decision = COBRO_DECISION_DRAFT;
  token = rig_publish (rig, link);
  draft_token = rig_publish (rig, draft);
  g_assert_cmpuint (rig_janitor (rig, COBRO_HOUR - 1).expired, ==, 0);
  g_assert_cmpuint (rig_janitor (rig, 1).expired, ==, 2);
  g_assert_cmpint (count_expired (rig), ==, 1); /* nobody knew of the draft */
  g_assert_cmpuint (rig_janitor (rig, COBRO_DAY).expired, ==, 0);
  rig_restart (rig, TRUE);
  g_assert_cmpuint (rig_janitor (rig, COBRO_DAY).expired, ==, 0);
  g_assert_cmpint (count_expired (rig), ==, 1);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_EXPIRED);
  rig_assert_clean (rig);
}

static gboolean
ask_for_refund (RelayTx *tx, gpointer data, GError **error)
{
  const RelayPaymentRecord *payment = data;
  g_autoptr (RelayRefundRecord) refund =
    relay_refund_insert (tx, payment, payment->payment->received, RELAY_REFUND_BY_MERCHANT, "broken", "", error);

  return refund != NULL && relay_refund_append_event (tx, refund, COBRO_EVENT_REFUND_CREATED, error);
}

static void
test_refund (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_PAID);
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (attempt.rig, &attempt.payment);

  g_assert_true (relay_store_write (attempt.rig->store, ask_for_refund, record, NULL));
  attempt.rig->provider->refund = RIG_ANSWER_NOTHING;
  for (int i = 0; i < 3; i++)
    rig_janitor (attempt.rig, 5 * COBRO_SECOND);
  g_assert_cmpint (rig_view (attempt.rig, attempt.link).paid_status, ==, COBRO_PAID_PAID);
  attempt.rig->provider->refund = RIG_ANSWER_HONEST;
  for (int i = 0; i < 4; i++)
    rig_janitor (attempt.rig, 10 * COBRO_MINUTE);
  g_assert_cmpint (rig_view (attempt.rig, attempt.link).paid_status, ==, COBRO_PAID_REFUNDED);
  g_assert_cmpint (rig_count (attempt.rig, "SELECT count(*) AS n FROM refund WHERE state = 'succeeded'"), ==, 1);
  rig_assert_clean (attempt.rig);
}

/* One thing that cannot be done does not stand in the way of the others. */
static void
test_others_go_on (void)
{
  g_auto (Attempt) attempt = attempt_new (RIG_BEGIN_REDIRECT);
  g_autoptr (CobroLink) link = rig_link_new (attempt.rig);
  g_autofree char *token = NULL;

  link->expires_at = RIG_NOW + COBRO_HOUR;
  token = rig_publish (attempt.rig, link);
  attempt.rig->provider->query = attempt.rig->provider->cancel = RIG_ANSWER_NOTHING;
  g_assert_cmpuint (rig_janitor (attempt.rig, 2 * COBRO_HOUR).expired, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/janitor/walked-away", test_walked_away);
  g_test_add_func ("/relay/janitor/paid-in-the-last-second", test_paid_in_the_last_second);
  g_test_add_func ("/relay/janitor/processing", test_processing);
  g_test_add_func ("/relay/janitor/too-late-to-cancel", test_too_late_to_cancel);
  g_test_add_func ("/relay/janitor/silence", test_silence);
  g_test_add_func ("/relay/janitor/never-came", test_never_came);
  g_test_add_func ("/relay/janitor/cancelled-link", test_cancelled_link);
  g_test_add_func ("/relay/janitor/sent-again", test_sent_again);
  g_test_add_func ("/relay/janitor/resume-asks", test_resume_asks);
  g_test_add_func ("/relay/janitor/lost-intent", test_lost_intent);
  g_test_add_func ("/relay/janitor/schedule", test_schedule);
  g_test_add_func ("/relay/janitor/expiry", test_expiry);
  g_test_add_func ("/relay/janitor/refund", test_refund);
  g_test_add_func ("/relay/janitor/others-go-on", test_others_go_on);
  return g_test_run ();
}
