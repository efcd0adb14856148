/* tests/relay/checkout/test-inbox.c — webhooks: what is let in, when it is believed, what happens to what cannot be
 * bound. proves: OPL-9 I3 I4 Layer: tests. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-test.h"
#include "rig.h"

/* A link with an open attempt at the provider. */
typedef struct
{
  Rig *rig;
  CobroLink *link;
  char *token;
  CobroPayment *payment;
} Open;

static void
open_clear (Open *open)
{
  g_clear_pointer (&open->payment, cobro_payment_unref);
  g_clear_pointer (&open->link, cobro_link_unref);
  g_clear_pointer (&open->token, g_free);
  g_clear_pointer (&open->rig, rig_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Open, open_clear)

static Open
open_attempt (RigBegin how)
{
  g_autoptr (RelayBeginResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Open open = { .rig = rig_new () };

  open.link = rig_link_new (open.rig);
  open.token = rig_publish (open.rig, open.link);
  open.rig->provider->begin = how;
  result = rig_begin (open.rig, open.token, NULL, &error);
  g_assert_no_error (error);
  open.payment = cobro_payment_ref (result->payment);
  return open;
}

static CobroPaymentState
state_of (Open *open)
{
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (open->rig, &open->payment->id);

  return record->payment->state;
}

static void
send (Open *open, CobroFactKind kind, const char *event_id)
{
  g_autoptr (CobroFact) fact = rig_fact (open->rig, open->payment, kind, event_id);
  g_autoptr (GError) error = NULL;

  g_assert_true (rig_webhook (open->rig, fact, "good", &error));
  g_assert_no_error (error);
}

static gint64
inbox (Open *open, const char *state)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) AS n FROM inbox WHERE state = '%s'", state);

  return rig_count (open->rig, sql);
}

static void
assert_money_once (Open *open)
{
  g_assert_cmpint (rig_count (open->rig, "SELECT count(*) AS n FROM ledger"), ==, 1);
  g_assert_cmpint (rig_view (open->rig, open->link).paid_status, ==, COBRO_PAID_PAID);
  rig_assert_clean (open->rig);
}

/* ── Let in ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_forged (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
  g_autoptr (CobroFact) fact = rig_fact (open.rig, open.payment, COBRO_FACT_SUCCEEDED, "evt_1");
  GError *error = NULL;

  g_assert_false (rig_webhook (open.rig, fact, "forged", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
  g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM inbox"), ==, 0);
  g_assert_cmpuint (rig_janitor (open.rig, 0).inbox, ==, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_REQUIRES_ACTION);
}

static void
test_nobody (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new_static ("{}", 2);
  static const char nobody[] = "00000000000000000000000000000000";
  GError *error = NULL;

  g_assert_false (relay_checkout_receive (open.rig->checkout, "nobody", open.rig->account, headers, raw, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_false (relay_checkout_receive (open.rig->checkout, "rig", nobody, headers, raw, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
}

/* The same event as often as the provider likes: one row, one effect, always "thank you". */
static void
test_repeated (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);

  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  for (int i = 0; i < 3; i++)
    {
      send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
      rig_janitor (open.rig, COBRO_SECOND);
    }
  g_assert_cmpint (inbox (&open, "applied"), ==, 1);
  assert_money_once (&open);
}

/* ── Believed ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_confirmed (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
  int before = open.rig->provider->queries;

  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_REQUIRES_ACTION); /* received is not applied */
  g_assert_cmpuint (rig_janitor (open.rig, 0).inbox, ==, 1);
  g_assert_cmpint (open.rig->provider->queries, ==, before + 1);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (inbox (&open, "applied"), ==, 1);
  assert_money_once (&open);
}

/* A genuine event that the provider itself does not confirm moves the page to "processing" and nothing else. */
static void
test_not_confirmed (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);

  send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpuint (rig_janitor (open.rig, 0).inbox, ==, 1);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_PROCESSING);
  g_assert_cmpint (inbox (&open, "pending"), ==, 1);
  g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM ledger"), ==, 0);
  rig_assert_clean (open.rig);
  g_assert_cmpuint (rig_janitor (open.rig, 0).inbox, ==, 0); /* not at once again */
  g_assert_cmpuint (rig_janitor (open.rig, 2 * COBRO_SECOND).inbox, ==, 1);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_PROCESSING);

  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  g_assert_cmpuint (rig_janitor (open.rig, COBRO_MINUTE).inbox, ==, 1);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (inbox (&open, "applied"), ==, 1);
  assert_money_once (&open);
}

/* A provider that says nothing for hours costs delay, not money. */
static void
test_silent (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);

  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  open.rig->provider->query = RIG_ANSWER_NOTHING;
  open.rig->provider->cancel = RIG_ANSWER_NOTHING;
  send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
  for (int i = 0; i < 60; i++)
    rig_janitor (open.rig, 5 * COBRO_MINUTE);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_PROCESSING);
  g_assert_cmpint (inbox (&open, "pending"), ==, 1);
  rig_assert_clean (open.rig);

  open.rig->provider->query = RIG_ANSWER_HONEST;
  for (int i = 0; i < 6 && state_of (&open) != COBRO_PAYMENT_SUCCEEDED; i++)
    rig_janitor (open.rig, 10 * COBRO_MINUTE);
  assert_money_once (&open);
  g_assert_cmpint (inbox (&open, "applied"), ==, 1);
}

/* Said and done are the same for what moves no money to us. */
static void
test_failure (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
  int before = open.rig->provider->queries;

  send (&open, COBRO_FACT_FAILED, "evt_1");
  rig_janitor (open.rig, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_FAILED);
  g_assert_cmpint (open.rig->provider->queries, ==, before);
  rig_assert_clean (open.rig);

  /* Late success overtakes it. */
  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  send (&open, COBRO_FACT_SUCCEEDED, "evt_2");
  rig_janitor (open.rig, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  assert_money_once (&open);

  /* And nothing leads back. */
  send (&open, COBRO_FACT_FAILED, "evt_3");
  send (&open, COBRO_FACT_CANCELLED, "evt_4");
  rig_janitor (open.rig, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (inbox (&open, "applied"), ==, 4);
  assert_money_once (&open);
}

/* ── Bound ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The webhook is faster than the answer to our call, which got lost: found by our reference. */
static void
test_before_the_answer (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_LOST);

  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_UNKNOWN);
  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
  rig_janitor (open.rig, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  assert_money_once (&open);
}

/* No payment of ours: kept, tried again for ever, never an error to the provider. */
static void
test_unmatched (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
  g_autoptr (CobroPayment) stranger = cobro_payment_new ();
  g_autoptr (CobroFact) success = NULL, failure = NULL;
  gint64 tries;

  stranger->id = cobro_id_new (COBRO_ID_PAYMENT, open.rig->clock, open.rig->random);
  stranger->amount = open.payment->amount;
  success = rig_fact (open.rig, stranger, COBRO_FACT_SUCCEEDED, "evt_1");
  failure = rig_fact (open.rig, stranger, COBRO_FACT_FAILED, "evt_2");
  cobro_link_set_text (&success->provider_payment_id, "obj_of_nobody");
  cobro_link_set_text (&failure->provider_payment_id, "obj_of_nobody");
  g_assert_true (rig_webhook (open.rig, success, "good", NULL) && rig_webhook (open.rig, failure, "good", NULL));
  for (int i = 0; i < 20; i++)
    rig_janitor (open.rig, 5 * COBRO_MINUTE);
  g_assert_cmpint (inbox (&open, "unmatched"), ==, 2);
  tries = rig_count (open.rig, "SELECT min (tries) AS n FROM inbox");
  g_assert_cmpint (tries, ==, 20);
  g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM inbox WHERE next_try_at IS NULL"), ==, 0);
  rig_assert_clean (open.rig);
}

typedef void (*Spoil) (Open *open, CobroFact *fact);

static void
spoil_amount (Open *open, CobroFact *fact)
{
  fact->amount = cobro_money (cobro_money_minor (fact->amount) - 1, cobro_money_currency (fact->amount));
}

static void
spoil_currency (Open *open, CobroFact *fact)
{
  CobroCurrency other;
  gboolean known = cobro_currency_from_code ("USD", &other, NULL);

  g_assert_true (known);
  fact->amount = cobro_money (cobro_money_minor (fact->amount), other);
}

static void
spoil_object (Open *open, CobroFact *fact)
{
  cobro_link_set_text (&fact->provider_payment_id, "obj_of_another");
}

static void
spoil_reference (Open *open, CobroFact *fact)
{
  CobroId id = cobro_id_new (COBRO_ID_PAYMENT, open->rig->clock, open->rig->random);

  cobro_link_set_text (&fact->reference, id.text);
}

/* Authentic is not valid: a genuine event that does not fit settles nothing, whatever the provider says when asked. */
static void
test_quarantine (void)
{
  static const Spoil spoils[] = { spoil_amount, spoil_currency, spoil_object, spoil_reference };

  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);
      g_autoptr (CobroFact) fact = rig_fact (open.rig, open.payment, COBRO_FACT_SUCCEEDED, "evt_1");

      spoils[i](&open, fact);
      g_assert_true (rig_webhook (open.rig, fact, "good", NULL));
      rig_janitor (open.rig, 0);
      g_assert_cmpint (inbox (&open, "quarantined"), ==, 1);
      g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM quarantine"), ==, 1);
      g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM event WHERE type = 'provider.quarantined'"), ==,
                       1);
      g_assert_cmpint (rig_count (open.rig, "SELECT count(*) AS n FROM ledger"), ==, 0);
      g_assert_cmpint (state_of (&open), !=, COBRO_PAYMENT_SUCCEEDED);
      g_assert_true ((rig_view (open.rig, open.link).flags & COBRO_FLAG_QUARANTINED) != 0);
      rig_assert_clean (open.rig);
    }
}

/* ── Threads ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Workers of their own, woken by what comes in: many payments at once, each settled once. */
static void
test_workers (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  link->usage = COBRO_USAGE_UNLIMITED;
  token = rig_publish (rig, link);
  relay_janitor_start (rig->checkout);
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (RelayBeginResult) result = rig_begin (rig, token, NULL, NULL);
      g_autofree char *event_id = g_strdup_printf ("evt_%d", i);
      g_autoptr (CobroFact) fact = rig_fact (rig, result->payment, COBRO_FACT_SUCCEEDED, event_id);

      g_mutex_lock (&rig->provider->lock);
      rig_object (rig, &result->payment->id)->kind = COBRO_FACT_SUCCEEDED;
      g_mutex_unlock (&rig->provider->lock);
      g_assert_true (rig_webhook (rig, fact, "good", NULL));
    }
  while (rig_count (rig, "SELECT count(*) AS n FROM inbox WHERE state = 'applied'") < 100)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (1000);
    }
  relay_janitor_stop (rig->checkout);
  relay_janitor_stop (rig->checkout);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 100);
  rig_assert_clean (rig);
}

/* What came in and was not applied before the end is applied after the start. */
static void
test_restart (void)
{
  g_auto (Open) open = open_attempt (RIG_BEGIN_REDIRECT);

  rig_object (open.rig, &open.payment->id)->kind = COBRO_FACT_SUCCEEDED;
  send (&open, COBRO_FACT_SUCCEEDED, "evt_1");
  rig_restart (open.rig, TRUE);
  g_assert_true (relay_janitor_resume (open.rig->checkout, NULL));
  rig_janitor (open.rig, 0);
  g_assert_cmpint (state_of (&open), ==, COBRO_PAYMENT_SUCCEEDED);
  assert_money_once (&open);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/inbox/forged", test_forged);
  g_test_add_func ("/relay/inbox/nobody", test_nobody);
  g_test_add_func ("/relay/inbox/repeated", test_repeated);
  g_test_add_func ("/relay/inbox/confirmed", test_confirmed);
  g_test_add_func ("/relay/inbox/not-confirmed", test_not_confirmed);
  g_test_add_func ("/relay/inbox/silent", test_silent);
  g_test_add_func ("/relay/inbox/failure", test_failure);
  g_test_add_func ("/relay/inbox/before-the-answer", test_before_the_answer);
  g_test_add_func ("/relay/inbox/unmatched", test_unmatched);
  g_test_add_func ("/relay/inbox/quarantine", test_quarantine);
  g_test_add_func ("/relay/inbox/workers", test_workers);
  g_test_add_func ("/relay/inbox/restart", test_restart);
  return g_test_run ();
}
