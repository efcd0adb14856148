/* tests/relay/providers/test-mock.c — the mock gateway from the outside: paying, declining, asking, refunding, its
 * faults, its memory. Layer: tests. */
#include <signal.h>
#include <string.h>
#include "cobro-test.h"
#include "mock-fixture.h"

static RelayBegun *
try_begin (MockFixture *self, const RelayIntent *intent, GError **error)
{
  return relay_provider_begin (self->provider, self->account, intent, mock_deadline (self, 10 * COBRO_SECOND), error);
}

static void
test_begin (MockFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) first = mock_begin (self, 1, 1250), again = NULL, other = NULL;
  RelayIntent intent = mock_intent (self, 1, 1250);
  g_autofree char *url = g_strconcat ("http://pay.example/mock/pay/", first->fact->provider_payment_id, NULL);

  g_assert_cmpint (first->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (first->redirect_url, ==, url);
  g_assert_cmpint (first->fact->kind, ==, COBRO_FACT_PENDING);
  g_assert_cmpstr (first->fact->reference, ==, intent.payment_id.text);
  g_assert_false (first->fact->livemode);

  again = mock_begin (self, 1, 1250);
  g_assert_cmpstr (again->redirect_url, ==, first->redirect_url);
  g_assert_cmpstr (again->client_secret, ==, first->client_secret);
  g_assert_true (g_str_has_prefix (first->client_secret, first->fact->provider_payment_id));
  g_assert_cmpstr (first->publishable_key, ==, "pk_test_mock");
  intent.amount = mock_euros (1251);
  g_assert_null (try_begin (self, &intent, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);

  intent = mock_intent (self, 3, 1250);
  intent.idempotency_key = mock_intent (self, 1, 1250).idempotency_key; /* somebody else's */
  g_assert_null (try_begin (self, &intent, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);

  other = mock_begin (self, 2, 1250);
  g_assert_cmpstr (other->redirect_url, !=, first->redirect_url);
}

static void
test_live_refused (MockFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  RelayIntent intent = mock_intent (self, 1, 1250);

  intent.livemode = TRUE;
  g_assert_null (try_begin (self, &intent, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  self->account->livemode = TRUE;
  g_assert_null (try_begin (self, &intent, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  g_assert_false (relay_provider_check_settings (self->provider, self->account, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
}

static void
assert_paid (MockFixture *self, const char *id, guint number, gint64 minor)
{
  g_autoptr (CobroFact) fact = mock_query (self, id, number);

  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_true (cobro_money_equal (fact->amount, mock_euros (minor)));
}

static void
assert_state (MockFixture *self, const char *id, guint number, CobroFactKind kind, const char *failure)
{
  g_autoptr (CobroFact) fact = mock_query (self, id, number);

  g_assert_cmpstr (cobro_fact_kind_name (fact->kind), ==, cobro_fact_kind_name (kind));
  g_assert_cmpstr (fact->failure_code, ==, failure);
}

/* The file and its log, as they lie on the disk. */
static gboolean
books_contain (MockFixture *self, const char *text)
{
  static const char *const endings[] = { "", "-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (self->path, endings[i], NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      if (g_file_get_contents (path, &bytes, &size, NULL) && memmem (bytes, size, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_card_pays (MockFixture *self, gconstpointer data)
{
  g_autofree char *id = mock_pay (self, 1, 1250, CARD_PAYS);
  g_autoptr (CobroFact) fact = mock_query (self, id, 1);
  g_autoptr (RelayVisitAnswer) second = mock_type_card (self, id, CARD_DECLINES);

  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpstr (fact->method_detail, ==, "visa •••• 4242");
  /* a second press of the button finds a finished payment and changes nothing */
  g_assert_cmpstr (second->redirect_url, ==, "http://pay.example/pay/abc?back=1&payer=1f");
  assert_paid (self, id, 1, 1250);
  /* proves: OPL-4 */
  g_assert_true (books_contain (self, "mp_"));
  g_assert_false (books_contain (self, "4242424242424242"));
  g_assert_false (books_contain (self, CARD_PAYS));
}

static void
test_declined (MockFixture *self, gconstpointer data)
{
  g_autofree char *declined = mock_pay (self, 1, 1250, CARD_DECLINES);
  g_autofree char *funds = mock_pay (self, 2, 1250, "4000000000009995");

  assert_state (self, declined, 1, COBRO_FACT_FAILED, "card_declined");
  assert_state (self, funds, 2, COBRO_FACT_FAILED, "insufficient_funds");
}

static void
test_challenge (MockFixture *self, gconstpointer data)
{
  g_autofree char *approved = mock_pay (self, 1, 1250, CARD_ASKS), *declined = mock_pay (self, 2, 1250, CARD_ASKS);
  g_autofree char *left = mock_pay (self, 3, 1250, CARD_ASKS);
  g_autofree char *approve = g_strconcat ("challenge/", approved, NULL),
                  *decline = g_strconcat ("challenge/", declined, NULL);
  g_autofree char *leave = g_strconcat ("challenge/", left, NULL), *form = g_strconcat ("pay/", left, NULL);
  g_autoptr (RelayVisitAnswer) yes = NULL, late_no = NULL, no = NULL, look = NULL, back = NULL;

  assert_state (self, approved, 1, COBRO_FACT_ACTION_NEEDED, "");
  yes = mock_visit (self, TRUE, approve, "answer", "approve", NULL);
  late_no = mock_visit (self, TRUE, approve, "answer", "decline", NULL);
  assert_paid (self, approved, 1, 1250);
  no = mock_visit (self, TRUE, decline, "answer", "decline", NULL);
  assert_state (self, declined, 2, COBRO_FACT_FAILED, "authentication_failed");
  /* who leaves without answering finds the challenge again, also by way of the card form */
  look = mock_visit (self, FALSE, leave, NULL);
  g_assert_cmpuint (look->status, ==, 200);
  g_assert_nonnull (strstr (look->html, "href=\"http://pay.example/pay/abc?back=1&amp;payer=1f\""));
  back = mock_visit (self, FALSE, form, NULL);
  g_assert_true (g_str_has_suffix (back->redirect_url, leave));
  assert_state (self, left, 3, COBRO_FACT_ACTION_NEEDED, "");
}

static void
test_card_form_errors (MockFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *number, *expiry, *cvc, *says;
  } cases[] = {
    { "", "12/34", "123", "Enter the card number." },
    { "4242 4242 4242 4241", "12/34", "123", "This is not a card number." },
    { "42424242", "12/34", "123", "This is not a card number." },
    { "4242x4242y4242z4242", "12/34", "123", "This is not a card number." },
    { "4242 4242 4242 4242 4242 4242", "12/34", "123", "This is not a card number." },
    { "4111 1111 1111 1111", "12/34", "123", "Only test cards work here." },
    { CARD_PAYS, "", "123", "Enter the expiry date." },
    { CARD_PAYS, "13/34", "123", "Enter month and year" },
    { CARD_PAYS, "00/34", "123", "Enter month and year" },
    { CARD_PAYS, "12/99", "123", "Enter month and year" },
    { CARD_PAYS, "12/1934", "123", "Enter month and year" },
    { CARD_PAYS, "10/26", "123", "This card has expired." },
    { CARD_PAYS, "12/34", "", "Enter the CVC." },
    { CARD_PAYS, "12/34", "12", "Enter the 3 or 4 digits" },
    { CARD_PAYS, "12/34", "1234", "Enter the 3 or 4 digits" },
    { "3782 822463 10005", "12/34", "123", "Enter the 3 or 4 digits" },
    { "\xff\xfe", "12/34", "123", "This is not a card number." },
  };
  g_autoptr (RelayBegun) begun = mock_begin (self, 1, 1250);
  g_autofree char *path = g_strconcat ("pay/", begun->fact->provider_payment_id, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelayVisitAnswer) answer =
        mock_visit (self, TRUE, path, "number", cases[i].number, "expiry", cases[i].expiry, "cvc", cases[i].cvc, NULL);

      g_test_message ("%s %s %s", cases[i].number[0] == '\xff' ? "(not UTF-8)" : cases[i].number, cases[i].expiry,
                      cases[i].cvc);
      g_assert_cmpuint (answer->status, ==, 422);
      g_assert_nonnull (strstr (answer->html, cases[i].says));
      g_assert_nonnull (strstr (answer->html, "TEST: no real money moves"));
      if (strlen (cases[i].number) > 12)
        g_assert_null (strstr (answer->html, "4111"));
      assert_state (self, begun->fact->provider_payment_id, 1, COBRO_FACT_PENDING, "");
    }
}

static void
test_card_form_takes (MockFixture *self, gconstpointer data)
{
  static const char *const expiries[] = { "12/34", "12 / 34", "1234", "12/2034", "11/26", "١٢/٣٤" };

  for (guint i = 0; i < G_N_ELEMENTS (expiries); i++)
    {
      g_autoptr (RelayBegun) begun = mock_begin (self, i, 1250);
      g_autofree char *path = g_strconcat ("pay/", begun->fact->provider_payment_id, NULL);
      g_autoptr (RelayVisitAnswer) answer =
        mock_visit (self, TRUE, path, "number", i % 2 == 0 ? "4242-4242-4242-4242" : "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "expiry",
                    expiries[i], "cvc", "123", NULL);

      g_assert_cmpuint (answer->status, ==, 303);
      assert_paid (self, begun->fact->provider_payment_id, i, 1250);
    }
}

static void
test_unknown_pages (MockFixture *self, gconstpointer data)
{
  static const char *const paths[] = { "",           "pay",   "pay/",  "pay/mp_unknown", "challenge/mp_unknown",
                                       "challenge/", "other", "../pay" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      RelayVisit visit = { .path = paths[i] };

      g_assert_null (relay_provider_serve (self->provider, &visit, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
    }
}

static void
test_trigger_states (MockFixture *self, gconstpointer data)
{
  g_autofree char *declined = mock_pay (self, 1, 1202, CARD_PAYS), *asks = mock_pay (self, 2, 1205, CARD_PAYS);
  g_autofree char *slow = mock_pay (self, 3, 1219, CARD_PAYS), *late = mock_pay (self, 4, 1295, CARD_PAYS);

  assert_state (self, declined, 1, COBRO_FACT_FAILED, "card_declined");
  assert_state (self, asks, 2, COBRO_FACT_ACTION_NEEDED, "");
  assert_state (self, slow, 3, COBRO_FACT_PROCESSING, "");
  assert_state (self, late, 4, COBRO_FACT_FAILED, "processing_error");
  mock_fixture_run (self, 2 * COBRO_SECOND);
  assert_state (self, slow, 3, COBRO_FACT_PROCESSING, "");
  mock_fixture_run (self, 2 * COBRO_SECOND);
  assert_paid (self, slow, 3, 1219);
  assert_paid (self, late, 4, 1295);
  assert_state (self, declined, 1, COBRO_FACT_FAILED, "card_declined");
}

typedef struct
{
  guint tries, failed;
} Watched;

static void
watch (RelayProvider *provider, RelayCallKind kind, const char *reference, guint try_number, gint64 duration_us,
       const GError *error, gpointer data)
{
  Watched *watched = data;

  watched->tries = MAX (watched->tries, try_number);
  watched->failed += error != NULL;
}

static void
test_trigger_faults (MockFixture *self, gconstpointer data)
{
  static const struct
  {
    gint64 cents;
    guint failed;
  } cases[] = { { 1250, 0 }, { 1227, 1 }, { 1241, 1 }, { 1255, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Watched watched = { 0, 0 };
      g_autoptr (RelayBegun) begun = NULL;

      self->provider->watch = watch;
      self->provider->watch_data = &watched;
      begun = mock_begin (self, i, cases[i].cents); /* the wrapper tries again */
      self->provider->watch = NULL;
      g_assert_cmpuint (watched.failed, ==, cases[i].failed);
      g_assert_cmpuint (watched.tries, ==, cases[i].failed + 1);
    }
}

static void
test_lost_answer (MockFixture *self, gconstpointer data)
{
  RelayTarget target;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) begun = NULL, again = NULL;
  g_autoptr (RelayVisitAnswer) answer = NULL;
  g_autoptr (CobroFact) fact = NULL;
  RelayIntent intent = mock_intent (self, 1, 1227);

  /* one single try: the payment is there although nobody heard of it */
  begun =
    self->provider->class->begin (self->provider, self->account, &intent, mock_deadline (self, COBRO_SECOND), &error);
  g_assert_null (begun);
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  fact = mock_query (self, "", 1); /* by our reference */
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_PENDING);
  again = try_begin (self, &intent, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->fact->provider_payment_id, ==, fact->provider_payment_id);

  answer = mock_type_card (self, again->fact->provider_payment_id, CARD_PAYS);
  g_clear_pointer (&fact, cobro_fact_unref);
  target = mock_target (again->fact->provider_payment_id, intent.reference);
  fact =
    self->provider->class->query (self->provider, self->account, &target, mock_deadline (self, COBRO_SECOND), &error);
  g_assert_null (fact);
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  assert_paid (self, again->fact->provider_payment_id, 1, 1227);
}

static void
test_latency (MockFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  RelayIntent intent = mock_intent (self, 1, 1250);
  gint64 before;

  self->options.latency_min = self->options.latency_max = 4000;
  mock_fixture_reopen (self);
  before = cobro_clock_monotonic (self->clock);
  g_assert_null (self->provider->class->begin (self->provider, self->account, &intent, before + COBRO_SECOND, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  g_assert_cmpint (cobro_clock_monotonic (self->clock) - before, ==, COBRO_SECOND); /* and not a moment longer */
  g_assert_nonnull (self->provider->class->query);
  before = cobro_clock_monotonic (self->clock);
  g_clear_pointer (&(CobroFact *){ mock_query (self, "", 1) }, cobro_fact_unref);
  g_assert_cmpint (cobro_clock_monotonic (self->clock) - before, ==, 4 * COBRO_SECOND);
}

static void
test_unknown_payment (MockFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  RelayIntent intent = mock_intent (self, 9, 1);
  RelayTarget target;
  g_autoptr (RelayAccount) stranger = relay_account_new ();
  g_autofree char *id = mock_pay (self, 1, 1250, CARD_PAYS);

  target = mock_target ("", intent.reference);
  g_assert_null (
    relay_provider_query (self->provider, self->account, &target, mock_deadline (self, COBRO_SECOND), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_free (stranger->id);
  stranger->id = g_strdup ("another");
  g_free (stranger->provider);
  stranger->provider = g_strdup ("mock");
  intent = mock_intent (self, 1, 1);
  target = mock_target (id, intent.reference);
  g_assert_null (relay_provider_query (self->provider, stranger, &target, mock_deadline (self, COBRO_SECOND), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
}

static void
test_cancel (MockFixture *self, gconstpointer data)
{
  g_autoptr (RelayBegun) begun = mock_begin (self, 1, 1250);
  g_autofree char *paid = mock_pay (self, 2, 1250, CARD_PAYS), *slow = mock_pay (self, 3, 1219, CARD_PAYS);
  g_autofree char *path = g_strconcat ("pay/", begun->fact->provider_payment_id, NULL);
  g_autoptr (RelayVisitAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  const char *ids[] = { begun->fact->provider_payment_id, paid, slow };
  const CobroFactKind kinds[] = { COBRO_FACT_CANCELLED, COBRO_FACT_SUCCEEDED, COBRO_FACT_PROCESSING };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      RelayTarget target = mock_target (ids[i], "");
      g_autoptr (CobroFact) fact =
        relay_provider_cancel (self->provider, self->account, &target, mock_deadline (self, COBRO_SECOND), &error);

      g_assert_no_error (error);
      g_assert_cmpint (fact->kind, ==, kinds[i]);
    }
  answer = mock_visit (self, FALSE, path, NULL); /* its form is closed */
  g_assert_cmpuint (answer->status, ==, 303);
}

static CobroFact *
refund (MockFixture *self, const char *id, gint64 minor, const char *key, GError **error)
{
  RelayTarget target = mock_target (id, "");

  return relay_provider_refund (self->provider, self->account, &target, mock_euros (minor), key,
                                mock_deadline (self, COBRO_SECOND), error);
}

static void
test_refund (MockFixture *self, gconstpointer data)
{
  g_autofree char *id = mock_pay (self, 1, 1250, CARD_PAYS), *declined = mock_pay (self, 2, 1250, CARD_DECLINES);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroFact) part = refund (self, id, 250, "key-1", &error), again = NULL, failed = NULL, rest = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (part->kind, ==, COBRO_FACT_REFUNDED);
  again = refund (self, id, 250, "key-1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->refund_id, ==, part->refund_id);
  g_assert_null (refund (self, id, 251, "key-1", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
  g_assert_null (refund (self, id, 1001, "key-2", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
  failed = refund (self, id, 102, "key-3", &error);
  g_assert_no_error (error);
  g_assert_cmpint (failed->kind, ==, COBRO_FACT_REFUND_FAILED);
  rest = refund (self, id, 1000, "key-4", &error);
  g_assert_no_error (error);
  g_assert_cmpint (rest->kind, ==, COBRO_FACT_REFUNDED);
  g_assert_null (refund (self, id, 1, "key-5", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
  g_assert_null (refund (self, declined, 1, "key-6", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_PROVIDER, NULL);
  g_assert_null (refund (self, id, 0, "key-7", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
}

/* The states of 40 payments of one seed, as letters. */
static char *
play (MockFixture *self, guint64 seed)
{
  MockFixture fresh = { 0 };
  GString *states = g_string_new (NULL);

  mock_fixture_set_up (&fresh, NULL);
  fresh.options.seed = seed;
  fresh.options.success_rate = 70;
  fresh.options.wrong_amounts = 10;
  mock_fixture_reopen (&fresh);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *id = mock_pay (&fresh, i, 1250, CARD_PAYS);
      g_autoptr (CobroFact) fact = mock_query (&fresh, id, i);

      if (fact->kind != COBRO_FACT_SUCCEEDED)
        g_string_append_c (states, 'f');
      else
        g_string_append_c (states, cobro_money_equal (fact->amount, mock_euros (1250)) ? 'p' : 'w');
    }
  mock_fixture_tear_down (&fresh, NULL);
  return g_string_free (states, FALSE);
}

static guint
count (const char *text, char letter)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == letter;
  return n;
}

/* proves: OPF-4 */
static void
test_seed (MockFixture *self, gconstpointer data)
{
  g_autofree char *first = play (self, 42), *second = play (self, 42), *other = play (self, 43);

  g_test_message ("42: %s", first);
  g_test_message ("43: %s", other);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
  g_assert_cmpuint (count (first, 'p'), >=, 15);
  g_assert_cmpuint (count (first, 'f'), >=, 4);
  g_assert_cmpuint (count (first, 'f') + count (first, 'p') + count (first, 'w'), ==, 40);
}

static void
test_options (void)
{
  static const char *const wrong[][2] = {
    { "success-rate", "101" },   { "success-rate", "-1" }, { "success-rate", "" },  { "success-rate", "80%" },
    { "success-rate", "10-20" }, { "latency", "300-50" },  { "latency", "1-2-3" },  { "latency", "x" },
    { "seed", "abc" },           { "seed", "-1" },         { "sucess-rate", "80" },
  };
  RelayMockOptions options = relay_mock_options_default ();
  g_autoptr (GError) error = NULL;
  g_autofree char *before = relay_mock_options_to_text (&options), *after = NULL, *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (relay_mock_options_set (&options, wrong[i][0], wrong[i][1], &error));
      cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, wrong[i][0]);
    }
  after = relay_mock_options_to_text (&options);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (relay_mock_options_set (&options, "seed", "18446744073709551615", &error));
  g_assert_true (relay_mock_options_set (&options, "success-rate", "0", &error));
  g_assert_true (relay_mock_options_set (&options, "latency", "50-300", &error));
  g_assert_true (relay_mock_options_set (&options, "hook-delay", "20", &error));
  g_assert_no_error (error);
  text = relay_mock_options_to_text (&options);
  g_assert_cmpstr (text, ==, "seed=18446744073709551615 success-rate=0 latency=50-300 hook-delay=20");
}

static void
test_starting (void)
{
  MockFixture fresh = { 0 };
  g_autoptr (GError) error = NULL;
  RelayIntent intent;

  mock_fixture_set_up (&fresh, NULL);
  relay_mock_set_urls (fresh.provider, NULL, NULL);
  intent = mock_intent (&fresh, 1, 1250);
  g_assert_null (fresh.provider->class->begin (fresh.provider, fresh.account, &intent, G_MAXINT64, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_UNAVAILABLE, NULL);
  mock_fixture_tear_down (&fresh, NULL);
}

/* Killed between the payment and its webhook: the next process sends it. The child is this program again. */
static void
test_killed_child (void)
{
  const char *path = g_getenv ("MOCK_TEST_PATH");
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  RelayMockConfig config = { .path = path, .clock = clock, .random = random, .options = relay_mock_options_default () };
  MockFixture fixture = { .clock = clock };
  g_autofree char *id = NULL;

  if (path == NULL)
    return;
  fixture.provider = relay_mock_new (&config, NULL);
  relay_mock_set_urls (fixture.provider, "http://pay.example", NULL);
  fixture.account = relay_account_new ();
  g_free (fixture.account->id);
  fixture.account->id = g_strdup ("0123456789abcdef0123456789abcdef");
  g_free (fixture.account->provider);
  fixture.account->provider = g_strdup ("mock");
  g_ptr_array_add (fixture.account->webhook_secrets, g_strdup (MOCK_SECRET));
  id = mock_pay (&fixture, 1, 1250, CARD_PAYS);
  kill (getpid (), SIGKILL);
}

static void
test_killed (MockFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) facts = NULL;
  g_autoptr (GError) error = NULL;
  CobroFact *fact;

  g_clear_pointer (&self->provider, relay_provider_free);
  g_setenv ("MOCK_TEST_PATH", self->path, TRUE);
  g_test_trap_subprocess ("/mock/killed/child", 0, 0);
  g_unsetenv ("MOCK_TEST_PATH");
  g_assert_false (g_test_trap_has_passed ());
  mock_fixture_reopen (self);
  g_assert_cmpint (relay_mock_next_due (self->provider), !=, 0);
  cobro_clock_advance (self->clock, 400 * 365 * COBRO_DAY); /* the child lived by the system's clock */
  mock_fixture_run (self, 0);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 2); /* created, succeeded */
  facts = mock_fixture_read_hook (self, 1, &error);
  g_assert_no_error (error);
  fact = g_ptr_array_index (facts, 0);
  g_assert_cmpint (fact->kind, ==, COBRO_FACT_SUCCEEDED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, MockFixture, NULL, mock_fixture_set_up, func, mock_fixture_tear_down)
  ADD ("/mock/begin", test_begin);
  ADD ("/mock/live-refused", test_live_refused);
  ADD ("/mock/card/pays", test_card_pays);
  ADD ("/mock/card/declined", test_declined);
  ADD ("/mock/card/challenge", test_challenge);
  ADD ("/mock/card/errors", test_card_form_errors);
  ADD ("/mock/card/takes", test_card_form_takes);
  ADD ("/mock/pages/unknown", test_unknown_pages);
  ADD ("/mock/trigger/states", test_trigger_states);
  ADD ("/mock/trigger/faults", test_trigger_faults);
  ADD ("/mock/trigger/lost-answer", test_lost_answer);
  ADD ("/mock/latency", test_latency);
  ADD ("/mock/query/unknown", test_unknown_payment);
  ADD ("/mock/cancel", test_cancel);
  ADD ("/mock/refund", test_refund);
  ADD ("/mock/chaos/seed", test_seed);
  g_test_add_func ("/mock/chaos/options", test_options);
  g_test_add_func ("/mock/starting", test_starting);
  g_test_add_func ("/mock/killed/child", test_killed_child);
  ADD ("/mock/killed/parent", test_killed);
#undef ADD
  return g_test_run ();
}
