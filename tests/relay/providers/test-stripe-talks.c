/* tests/relay/providers/test-stripe-talks.c — whole conversations of the adapter with the stand-in, which holds every
 * request against Stripe's own document. Layer: tests. */
/* proves: OPF-3, INV-6 */
#include <string.h>
#include "cobro-test.h"
#include "stripe-fixture.h"

static void
assert_money (CobroMoney money, gint64 minor, const char *code)
{
  g_assert_cmpint (cobro_money_minor (money), ==, minor);
  g_assert_cmpstr (cobro_money_code (money), ==, code);
}

static guint
count_requests (StripeFixture *self, const char *operation)
{
  g_autofree char *members = g_strdup_printf ("\"operation\": \"%s\"", operation);
  g_autoptr (CobroWireObject) said = stripe_control (self, "requests_now", members);
  g_autoptr (GPtrArray) requests = relay_adapter_objects (said, "result");

  return requests->len;
}

static void
fault (StripeFixture *self, const char *operation, const char *kind, const char *more)
{
  g_autofree char *members =
    g_strdup_printf ("\"operation\": \"%s\", \"kind\": \"%s\"%s%s", operation, kind, *more != '\0' ? ", " : "", more);
  g_autoptr (CobroWireObject) said = stripe_control (self, "fault", members);

  g_assert_nonnull (said);
}

/* ── Paying ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_session_paid (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) begun = stripe_begin (self, payment, &error);
  g_autoptr (CobroFact) before = NULL, after = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (begun->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_true (g_str_has_prefix (begun->redirect_url, self->url));
  g_assert_true (g_str_has_prefix (payment->object_id, "cs_test_"));
  g_assert_cmpstr (payment->charge_id, ==, ""); /* Stripe makes the intent when the payer pays */
  before = stripe_query (self, payment);
  g_assert_cmpint (before->kind, ==, COBRO_FACT_PENDING);
  stripe_do (self, payment, "pay", "");
  after = stripe_query (self, payment);
  g_assert_cmpint (after->kind, ==, COBRO_FACT_SUCCEEDED);
  assert_money (after->amount, 4200, "EUR");
  g_assert_cmpstr (after->method_detail, ==, "visa •••• 4242");
  g_assert_true (g_str_has_prefix (after->charge_id, "pi_"));
}

static void
test_intent_paid (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (TRUE); /* on a connected account */
  g_autoptr (StripePayment) payment = stripe_payment_new (self, 500, "JPY");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) begun = NULL;
  g_autoptr (CobroFact) after = NULL;

  payment->embedded = TRUE;
  begun = stripe_begin (self, payment, &error);
  g_assert_no_error (error);
  g_assert_cmpint (begun->next, ==, RELAY_NEXT_CLIENT_SECRET);
  g_assert_true (g_str_has_prefix (begun->client_secret, payment->object_id));
  g_assert_true (g_str_has_prefix (begun->publishable_key, "pk_test_"));
  g_assert_cmpstr (begun->account, ==, self->account_id);
  stripe_do (self, payment, "pay", "\"card\": \"asks\"");
  after = stripe_query (self, payment);
  g_assert_cmpint (after->kind, ==, COBRO_FACT_SUCCEEDED);
  assert_money (after->amount, 500, "JPY");
}

/* A decline is not the end; the bank's words are kept for the payer. */
static void
test_declined (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) first = NULL, second = NULL, refused = NULL, paid = NULL;

  stripe_do (self, payment, "pay", "\"card\": \"declines\"");
  first = stripe_query (self, payment);
  g_assert_cmpint (first->kind, ==, COBRO_FACT_PENDING);
  g_assert_cmpstr (first->failure_code, ==, "card_declined");
  g_assert_cmpstr (first->failure_message, ==, "Your card was declined.");
  stripe_do (self, payment, "pay", "\"card\": \"4000000000009995\"");
  second = stripe_query (self, payment);
  g_assert_cmpstr (second->failure_code, ==, "insufficient_funds");
  g_assert_cmpstr (second->event_id, !=, first->event_id); /* two tries are two pieces of news */
  stripe_do (self, payment, "pay", "\"card\": \"asks\", \"answer\": \"refuse\"");
  refused = stripe_query (self, payment);
  g_assert_cmpint (refused->kind, ==, COBRO_FACT_PENDING);
  stripe_do (self, payment, "pay", "");
  paid = stripe_query (self, payment);
  g_assert_cmpint (paid->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpstr (paid->failure_message, ==, "");
}

/* Methods that take days: complete is not paid, and may fail for good. */
static void
test_bank (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) good = stripe_begun (self, 4200, "EUR"), bad = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) waiting = NULL, paid = NULL, failed = NULL;

  stripe_do (self, good, "pay", "\"card\": \"bank\"");
  stripe_do (self, bad, "pay", "\"card\": \"bank\"");
  waiting = stripe_query (self, good);
  g_assert_cmpint (waiting->kind, ==, COBRO_FACT_PROCESSING);
  stripe_do (self, good, "settle_bank", "");
  stripe_do (self, bad, "settle_bank", "\"ok\": false");
  paid = stripe_query (self, good);
  g_assert_cmpint (paid->kind, ==, COBRO_FACT_SUCCEEDED);
  failed = stripe_query (self, bad);
  g_assert_cmpint (failed->kind, ==, COBRO_FACT_FAILED);
  g_assert_cmpstr (failed->failure_message, !=, "");
}

/* Stripe's units are not ours: each way, whatever the currency. */
static void
test_units (void)
{
  static const struct
  {
    const char *code;
    gint64 units; /* ours */
  } amounts[] = { { "ISK", 500 },   { "UGX", 5000 }, { "KWD", 12340 }, { "MGA", 500000 },
                  { "VND", 50000 }, { "BHD", 1230 }, { "HUF", 17500 }, { "CLP", 1000 } };
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autoptr (StripePayment) payment = stripe_begun (self, amounts[i].units, amounts[i].code);
      g_autoptr (CobroFact) fact = NULL;

      stripe_do (self, payment, "pay", "");
      fact = stripe_query (self, payment);
      assert_money (fact->amount, amounts[i].units, amounts[i].code);
    }
}

/* ── Getting lost ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_lost_begin (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) begun = NULL;
  g_autoptr (CobroFact) found = NULL;
  RelayTarget target;

  fault (self, "begin", "lost", "\"times\": 3");
  begun = stripe_begin (self, payment, &error);
  g_assert_null (begun);
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  target = stripe_target (payment); /* no id: only our reference */
  found = relay_provider_query (self->provider, self->account, &target, stripe_deadline (self), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (found->provider_payment_id, "cs_"));
  begun = stripe_begin (self, payment, &error); /* the same key again: the same session */
  g_assert_no_error (error);
  g_assert_cmpstr (begun->fact->provider_payment_id, ==, found->provider_payment_id);
}

/* The same key with another language: Stripe refuses, and what it made is found. */
static void
test_key_reused (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (CobroWireObject) excused = stripe_control (self, "excuse", "\"pattern\": \"stands for another request\"");

  for (guint embedded = 0; embedded < 2; embedded++)
    {
      g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
      g_autoptr (RelayBegun) first = NULL, second = NULL;
      g_autoptr (GError) error = NULL;

      payment->embedded = embedded;
      first = stripe_begin (self, payment, &error);
      g_assert_no_error (error);
      if (embedded)
        payment->amount = cobro_money (4201, cobro_money_currency (payment->amount));
      else
        payment->created_at -= 29 * COBRO_DAY + 12 * COBRO_HOUR; /* another end of the payer's time */
      second = stripe_begin (self, payment, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (second->fact->provider_payment_id, ==, first->fact->provider_payment_id);
      g_assert_cmpstr (second->redirect_url, ==, first->redirect_url);
      g_assert_cmpstr (second->client_secret, ==, first->client_secret);
    }
}

static void
test_never_sent (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
  RelayTarget target = stripe_target (payment);
  g_autoptr (GError) error = NULL;

  g_assert_null (relay_provider_query (self->provider, self->account, &target, stripe_deadline (self), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
}

/* Found on a later page of the list, among many others. */
static void
test_pages (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autofree char *known = g_strdup (payment->object_id);
  g_autoptr (CobroFact) found = NULL;

  for (guint i = 0; i < 205; i++)
    stripe_payment_free (stripe_begun (self, 100 + i, "EUR"));
  cobro_link_set_text (&payment->object_id, "");
  found = stripe_query (self, payment);
  g_assert_cmpstr (found->provider_payment_id, ==, known);
  g_assert_cmpuint (count_requests (self, "query"), ==, 3);
}

static void
test_answers (void)
{
  static const struct
  {
    const char *kind, *more;
    CobroError expected; /* of begin */
  } cases[] = {
    { "429", "\"times\": 3", COBRO_ERROR_UNAVAILABLE },
    { "500", "\"times\": 3", COBRO_ERROR_NO_ANSWER },
    { "503", "\"times\": 3", COBRO_ERROR_UNAVAILABLE },
    { "nonsense", "\"times\": 3", COBRO_ERROR_NO_ANSWER },
    { "cut", "\"times\": 3", COBRO_ERROR_NO_ANSWER },
    { "reset", "\"times\": 3", COBRO_ERROR_NO_ANSWER },
    { "error-200", "\"times\": 3", COBRO_ERROR_NO_ANSWER },
    { "refuse",
      "\"times\": 3, \"status\": 409, \"body\": {\"error\": {\"type\": \"api_error\", \"code\": \"lock_timeout\"}}",
      COBRO_ERROR_UNAVAILABLE },
    { "refuse",
      "\"times\": 3, \"status\": 409, \"body\": {\"error\": {\"type\": \"api_error\", \"code\": "
      "\"idempotency_key_in_use\"}}",
      COBRO_ERROR_NO_ANSWER },
    { "refuse", "\"status\": 429, \"headers\": {\"stripe-should-retry\": \"false\"}", COBRO_ERROR_PROVIDER },
    { "refuse", "\"status\": 500, \"times\": 3, \"headers\": {\"stripe-should-retry\": \"false\"}",
      COBRO_ERROR_NO_ANSWER },
    { "refuse", "\"status\": 400, \"times\": 3, \"headers\": {\"stripe-should-retry\": \"true\"}",
      COBRO_ERROR_UNAVAILABLE },
    { "refuse", "\"status\": 400, \"body\": {\"error\": {\"message\": \"no\"}}", COBRO_ERROR_PROVIDER },
    { "refuse", "\"status\": 402, \"body\": {\"error\": {\"type\": \"card_error\"}}", COBRO_ERROR_PROVIDER },
    { "refuse", "\"status\": 404, \"times\": 3", COBRO_ERROR_NO_ANSWER },
  };
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", cases[i].kind, cases[i].more);
      fault (self, "begin", cases[i].kind, cases[i].more);
      g_assert_null (stripe_begin (self, payment, &error));
      cobro_test_assert_error (&error, cases[i].expected, NULL);
    }
}

/* A key that Stripe does not know: its words, which quote the key, are not repeated. */
static void
test_wrong_key (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_payment_new (self, 4200, "EUR");
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (self->account->settings, g_strdup ("secret-key"), g_strdup ("sk_test_nobody"));
  g_assert_null (stripe_begin (self, payment, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_PROVIDER);
  g_assert_null (strstr (error->message, "sk_test"));
}

/* ── Ending ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroFact *
cancel (StripeFixture *self, const StripePayment *payment)
{
  RelayTarget target = stripe_target (payment);
  g_autoptr (GError) error = NULL;
  CobroFact *fact = relay_provider_cancel (self->provider, self->account, &target, stripe_deadline (self), &error);

  g_assert_no_error (error);
  return fact;
}

static void
test_cancel (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);

  for (guint embedded = 0; embedded < 2; embedded++)
    {
      g_autoptr (StripePayment) open = stripe_payment_new (self, 4200, "EUR"),
                                paid = stripe_payment_new (self, 1, "EUR");
      g_autoptr (RelayBegun) begun = NULL, other = NULL;
      g_autoptr (CobroFact) stopped = NULL, again = NULL, late = NULL, lost = NULL;

      open->embedded = paid->embedded = embedded;
      paid->amount = open->amount;
      begun = stripe_begin (self, open, NULL);
      other = stripe_begin (self, paid, NULL);
      stopped = cancel (self, open);
      g_assert_cmpint (stopped->kind, ==, COBRO_FACT_CANCELLED);
      again = cancel (self, open);
      g_assert_cmpint (again->kind, ==, COBRO_FACT_CANCELLED);
      g_assert_cmpstr (again->event_id, ==, stopped->event_id);
      stripe_do (self, paid, "pay", "");
      late = cancel (self, paid); /* the truth: it is paid */
      g_assert_cmpint (late->kind, ==, COBRO_FACT_SUCCEEDED);
      cobro_link_set_text (&paid->object_id, "");
      lost = cancel (self, paid);
      g_assert_cmpint (lost->kind, ==, COBRO_FACT_SUCCEEDED);
    }
}

/* An id that was never told: found by the reference, then stopped. */
static void
test_cancel_lost (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) fact = NULL, after = NULL;

  cobro_link_set_text (&payment->object_id, "");
  fact = cancel (self, payment);
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_CANCELLED);
  after = stripe_query (self, payment);
  g_assert_cmpint (after->kind, ==, COBRO_FACT_CANCELLED);
  g_assert_cmpstr (after->failure_code, ==, "expired");
}

static void
test_expired (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroWireObject) moved = stripe_control (self, "advance", "\"seconds\": 90000");
  g_autoptr (CobroFact) fact = stripe_query (self, payment);

  g_assert_cmpint (fact->kind, ==, COBRO_FACT_CANCELLED);
  g_assert_cmpstr (fact->failure_code, ==, "expired");
}

/* ── Money back ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroFact *
query_refund (StripeFixture *self, const StripePayment *payment, const char *id, const char *key, GError **error)
{
  RelayTarget target = stripe_target (payment);

  return relay_provider_query_refund (self->provider, self->account, &target, id, key, stripe_deadline (self), error);
}

static void
test_refund (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) part = NULL, again = NULL, by_id = NULL, by_key = NULL;
  g_autoptr (GError) error = NULL;

  stripe_do (self, payment, "pay", "");
  part =
    stripe_refund (self, payment, 10, "refund-1", &error); /* less than the least charge; the intent not known yet */
  g_assert_no_error (error);
  g_assert_cmpint (part->kind, ==, COBRO_FACT_REFUNDED);
  assert_money (part->amount, 10, "EUR");
  again = stripe_refund (self, payment, 10, "refund-1", &error);
  g_assert_cmpstr (again->refund_id, ==, part->refund_id); /* the same key: no second refund */
  by_id = query_refund (self, payment, part->refund_id, "", &error);
  g_assert_cmpstr (by_id->event_id, ==, part->event_id);
  by_key = query_refund (self, payment, "", "refund-1", &error);
  g_assert_cmpstr (by_key->refund_id, ==, part->refund_id);
  g_assert_null (query_refund (self, payment, "", "refund-2", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_null (stripe_refund (self, payment, 4191, "refund-3", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
}

static void
test_refund_lost (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) paid = NULL, found = NULL;
  g_autoptr (CobroWireObject) forgotten = NULL;
  g_autoptr (GError) error = NULL;

  stripe_do (self, payment, "pay", "");
  paid = stripe_query (self, payment);
  fault (self, "refund", "lost", "\"times\": 99"); /* kept connections try once more by themselves */
  g_assert_null (stripe_refund (self, payment, 4200, "refund-1", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  forgotten = stripe_control (self, "forget", "");
  found = query_refund (self, payment, "", "refund-1", &error);
  g_assert_cmpint (found->kind, ==, COBRO_FACT_REFUNDED);
  assert_money (found->amount, 4200, "EUR");
}

static void
test_refund_slow (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroWireObject) scripted = stripe_control (self, "refunds_as", "\"statuses\": [\"pending\", \"failed\"]");
  g_autoptr (CobroFact) slow = NULL, failed = NULL, settled = NULL;
  g_autoptr (GError) error = NULL;

  stripe_do (self, payment, "pay", "");
  slow = stripe_refund (self, payment, 1000, "refund-1", &error);
  g_assert_no_error (error);
  g_assert_cmpint (slow->kind, ==, COBRO_FACT_REFUND_PENDING);
  failed = stripe_refund (self, payment, 1000, "refund-2", &error);
  g_assert_cmpint (failed->kind, ==, COBRO_FACT_REFUND_FAILED);
  g_assert_cmpstr (failed->failure_code, ==, "expired_or_canceled_card");
  g_assert_true (g_str_has_prefix (failed->failure_message, "The card has expired or was cancelled"));
  stripe_do (self, payment, "settle_refund", "\"status\": \"succeeded\"");
  settled = query_refund (self, payment, slow->refund_id, "", &error);
  g_assert_cmpint (settled->kind, ==, COBRO_FACT_REFUNDED);
}

static void
test_refund_unpaid (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (GError) error = NULL;

  g_assert_null (stripe_refund (self, payment, 4200, "refund-1", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
  g_assert_cmpuint (count_requests (self, "refund"), ==, 0);
}

static CobroFact *
query_dispute (StripeFixture *self, const StripePayment *payment, GError **error)
{
  RelayTarget target = stripe_target (payment);

  return relay_provider_query_dispute (self->provider, self->account, &target, stripe_deadline (self), error);
}

static void
test_dispute (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroFact) opened = NULL, lost = NULL;
  g_autoptr (GError) error = NULL;

  stripe_do (self, payment, "pay", "");
  g_assert_null (query_dispute (self, payment, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  stripe_do (self, payment, "dispute", "\"state\": \"opened\"");
  opened = query_dispute (self, payment, &error);
  g_assert_cmpint (opened->kind, ==, COBRO_FACT_DISPUTE_OPENED);
  stripe_do (self, payment, "dispute", "\"state\": \"lost\"");
  lost = query_dispute (self, payment, &error);
  g_assert_cmpint (lost->kind, ==, COBRO_FACT_DISPUTE_LOST);
  assert_money (lost->amount, 4200, "EUR");
}

/* ── Lists, test ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Everything since @since; the facts of all pages. */
static GPtrArray *
list_all (StripeFixture *self, CobroTime since)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayListing) listing =
        relay_provider_list (self->provider, self->account, since, cursor, stripe_deadline (self), &error);

      g_assert_no_error (error);
      for (guint i = 0; i < listing->facts->len; i++)
        g_ptr_array_add (facts, cobro_fact_ref (listing->facts->pdata[i]));
      g_free (cursor);
      cursor = g_strdup (listing->next);
    }
  while (cursor != NULL);
  return facts;
}

static guint
count_facts (GPtrArray *facts, CobroFactKind kind, const char *reference)
{
  guint n = 0;

  for (guint i = 0; i < facts->len; i++)
    {
      const CobroFact *fact = facts->pdata[i];

      n += fact->kind == kind && (reference == NULL || strcmp (fact->reference, reference) == 0);
    }
  return n;
}

static void
test_list (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR"), left = stripe_begun (self, 4300, "EUR");
  g_autoptr (CobroFact) refund = NULL;
  g_autoptr (GPtrArray) facts = NULL;

  stripe_do (self, payment, "pay", "");
  refund = stripe_refund (self, payment, 200, "refund-1", NULL);
  stripe_do (self, payment, "dashboard_refund", "\"amount\": 300");
  stripe_do (self, payment, "dispute", "\"state\": \"won\"");
  stripe_do (self, left, "close_payment", "");
  facts = list_all (self, payment->created_at - COBRO_DAY);
  g_assert_cmpuint (count_facts (facts, COBRO_FACT_SUCCEEDED, payment->reference), >=, 1);
  g_assert_cmpuint (count_facts (facts, COBRO_FACT_REFUNDED, payment->reference), >=, 2); /* the dashboard's, too */
  g_assert_cmpuint (count_facts (facts, COBRO_FACT_DISPUTE_WON, NULL), >=, 1);
  g_assert_cmpuint (count_facts (facts, COBRO_FACT_CANCELLED, left->reference), ==, 1);
  for (guint i = 0; i < facts->len; i++)
    {
      const CobroFact *fact = facts->pdata[i];

      g_assert_true (*fact->provider_payment_id == '\0' || g_str_has_prefix (fact->provider_payment_id, "cs_"));
    }
}

/* What changed lately, however old it is. */
static void
test_list_late_change (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR");
  g_autoptr (CobroWireObject) moved = NULL;
  g_autoptr (GPtrArray) facts = NULL;

  stripe_do (self, payment, "pay", "\"card\": \"bank\"");
  moved = stripe_control (self, "advance", "\"seconds\": 864000");
  stripe_do (self, payment, "settle_bank", "");
  facts = list_all (self, payment->created_at + 7 * COBRO_DAY);
  g_assert_cmpuint (count_facts (facts, COBRO_FACT_SUCCEEDED, payment->reference), >=, 1);
}

static void
test_test (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_provider_test (self->provider, self->account, stripe_deadline (self), &words, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (words, "test account “Anna’s Bakery” (acct_"));
  g_assert_true (g_str_has_suffix (words, "charges enabled"));
}

/* Answers about another mode or another amount are never a payment of ours. */
static void
test_lies (void)
{
  g_autoptr (StripeFixture) self = stripe_fixture_new (FALSE);
  g_autoptr (StripePayment) payment = stripe_begun (self, 4200, "EUR"), short_of = stripe_begun (self, 4200, "EUR");
  RelayTarget target = stripe_target (payment);
  g_autoptr (CobroFact) less = NULL;
  g_autoptr (GError) error = NULL;

  stripe_do (self, payment, "pay", "");
  stripe_do (self, payment, "change", "\"livemode\": true");
  g_assert_null (relay_provider_query (self->provider, self->account, &target, stripe_deadline (self), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  stripe_do (self, short_of, "pay", "");
  stripe_do (self, short_of, "change", "\"amount\": 4100");
  less = stripe_query (self, short_of);
  assert_money (less->amount, 4100, "EUR"); /* told as it is: checkout sets it aside */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe/talks/session-paid", test_session_paid);
  g_test_add_func ("/stripe/talks/intent-paid", test_intent_paid);
  g_test_add_func ("/stripe/talks/declined", test_declined);
  g_test_add_func ("/stripe/talks/bank", test_bank);
  g_test_add_func ("/stripe/talks/units", test_units);
  g_test_add_func ("/stripe/talks/lost-begin", test_lost_begin);
  g_test_add_func ("/stripe/talks/key-reused", test_key_reused);
  g_test_add_func ("/stripe/talks/never-sent", test_never_sent);
  g_test_add_func ("/stripe/talks/pages", test_pages);
  g_test_add_func ("/stripe/talks/answers", test_answers);
  g_test_add_func ("/stripe/talks/wrong-key", test_wrong_key);
  g_test_add_func ("/stripe/talks/cancel", test_cancel);
  g_test_add_func ("/stripe/talks/cancel-lost", test_cancel_lost);
  g_test_add_func ("/stripe/talks/expired", test_expired);
  g_test_add_func ("/stripe/talks/refund", test_refund);
  g_test_add_func ("/stripe/talks/refund-lost", test_refund_lost);
  g_test_add_func ("/stripe/talks/refund-slow", test_refund_slow);
  g_test_add_func ("/stripe/talks/refund-unpaid", test_refund_unpaid);
  g_test_add_func ("/stripe/talks/dispute", test_dispute);
  g_test_add_func ("/stripe/talks/list", test_list);
  g_test_add_func ("/stripe/talks/list-late-change", test_list_late_change);
  g_test_add_func ("/stripe/talks/test", test_test);
  g_test_add_func ("/stripe/talks/lies", test_lies);
  return g_test_run ();
}
