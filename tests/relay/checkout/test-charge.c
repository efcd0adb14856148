/* tests/relay/checkout/test-charge.c — payments and refunds over the API: one key, one effect, one answer, wherever the
 * relay dies in between.
 * proves: OPF-5 I2 I12
 * Layer: tests. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-test.h"
#include "relay-charge.h"
#include "relay-refund.h"
#include "rig.h"

#define KEY_LOST (31 * COBRO_SECOND) /* a lease has ended */

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One answer: "201 {…}", with "again " before it when it was given before; "CODE" when refused. (transfer full) */
static char *
describe (gboolean ok, RelayStoredAnswer *answer, gboolean replayed, GError *take_error)
{
  g_autoptr (GError) error = take_error;
  char *text = ok ? g_strdup_printf ("%s%u %s", replayed ? "again " : "", answer->status, answer->body)
                  : g_strdup (cobro_error_code_name ((CobroError)error->code));

  relay_stored_answer_clear (answer);
  return text;
}

static char *
pay_for (Rig *rig, const char *key, gint64 amount, const char *return_url)
{
  RelayCharge charge = { .scope = rig->scope, .request = { .key = key }, .payment = cobro_payment_new () };
  RelayStoredAnswer answer = { 0 };
  CobroCurrency currency;
  gboolean replayed = FALSE, ok;
  GError *error = NULL;
  char *text;

  g_assert_true (cobro_currency_from_code ("EUR", &currency, &error));
  charge.payment->amount = cobro_money (amount, currency);
  charge.request.fingerprint[0] = (guint8)amount;
  charge.details = (RelayChargeDetails){ g_strdup ("Two tickets"), g_strdup (return_url), g_strdup ("") };
  ok = relay_charge_make (rig->checkout, &charge, &answer, &replayed, NULL, &error);
  text = describe (ok, &answer, replayed, error);
  cobro_payment_unref (charge.payment);
  relay_charge_details_clear (&charge.details);
  return text;
}

static char *
pay (Rig *rig, const char *key)
{
  return pay_for (rig, key, 5000, "");
}

static char *
give_back (Rig *rig, const char *key, const char *payment_answer, gint64 amount)
{
  RelayRefundWish wish = { .scope = rig->scope, .request = { .key = key }, .amount = amount, .reason = "" };
  g_autofree char *id = g_strndup (strstr (payment_answer, "pay_"), strlen ("pay_") + 26);
  RelayStoredAnswer answer = { 0 };
  gboolean replayed = FALSE, ok;
  GError *error = NULL;

  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, id, &wish.payment_id, NULL));
  ok = relay_refund_make (rig->checkout, &wish, &answer, &replayed, &error);
  return describe (ok, &answer, replayed, error);
}

static gboolean
says (const char *answer, const char *status)
{
  g_autofree char *member = g_strdup_printf ("\"status\":\"%s\"", status);

  return strstr (answer, member) != NULL;
}

#define count(rig, table) rig_count (rig, "SELECT count (*) AS n FROM " table)

static void
assert_again (const char *first, const char *second)
{
  g_autofree char *expected = g_strconcat ("again ", g_str_has_prefix (first, "again ") ? first + 6 : first, NULL);

  g_assert_cmpstr (second, ==, expected);
}

/* ── One key ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_once (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *first = NULL, *second = NULL, *other = NULL, *another = NULL;

  rig->provider->begin = RIG_BEGIN_PAID;
  first = pay (rig, "k");
  g_assert_true (g_str_has_prefix (first, "201 ") && says (first, "succeeded"));
  second = pay (rig, "k");
  assert_again (first, second);
  other = pay_for (rig, "k", 5001, "");
  g_assert_cmpstr (other, ==, "IDEMPOTENCY_KEY_REUSED");
  another = pay (rig, "k2");
  g_assert_true (g_str_has_prefix (another, "201 "));
  g_assert_cmpint (rig->provider->objects->len, ==, 2);
  g_assert_cmpint (count (rig, "payment"), ==, 2);
  g_assert_cmpint (rig_count (rig, "SELECT CAST (sum (n) AS BIGINT) AS n FROM payment_count WHERE state = 'succeeded'"),
                   ==, 2);
  rig_assert_clean (rig);
}

/* The answer says what was known then; what becomes of the payment later does not change it. */
static void
test_unclear (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *first = NULL, *again = NULL;

  rig->provider->begin = RIG_BEGIN_LOST;
  first = pay (rig, "k");
  g_assert_true (g_str_has_prefix (first, "201 ") && says (first, "unknown"));
  g_assert_cmpint (rig->provider->objects->len, ==, 1);
  ((RigObject *)rig->provider->objects->pdata[0])->kind = COBRO_FACT_SUCCEEDED;
  rig->provider->begin = RIG_BEGIN_PAID; /* the same key again: what happened then is told now */
  rig_janitor (rig, 2 * COBRO_MINUTE);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM payment WHERE state = 'succeeded'"), ==, 1);
  again = pay (rig, "k");
  assert_again (first, again);
  g_assert_cmpint (rig->provider->objects->len, ==, 1);
  rig_assert_clean (rig);
}

/* Nothing was begun: nothing is kept. */
static void
test_not_begun (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *bad = pay_for (rig, "k", 0, "");
  g_autofree char *good = NULL;

  g_assert_cmpstr (bad, ==, "VALIDATION_ERROR");
  g_assert_cmpint (count (rig, "idempotency"), ==, 0);
  rig->provider->begin = RIG_BEGIN_PAID;
  good = pay (rig, "k");
  g_assert_true (says (good, "succeeded"));
}

/* ── A death in between ─────────────────────────────────────────────────────────────────────────────────────── */

/* The books as they were while the provider was being called. */
typedef struct
{
  Rig *rig;
  char *folder;
} Death;

static void
on_call_cb (RelayProvider *provider, RelayCallKind kind, const char *reference, guint try_number, gint64 duration_us,
            const GError *error, gpointer data)
{
  Death *death = data;

  if (death->folder == NULL)
    death->folder = rig_copy (death->rig);
}

/* From here on the process dies in the next call, after its effect and before its answer is in the books. */
static void
die_in_next_call (Rig *rig, Death *death)
{
  *death = (Death){ .rig = rig };
  rig->provider->base.watch = on_call_cb;
  rig->provider->base.watch_data = death;
}

static void
wake_up (Rig *rig, Death *death)
{
  rig->provider->base.watch = NULL;
  g_assert_nonnull (death->folder);
  rig_continue (rig, death->folder);
  g_clear_pointer (&death->folder, g_free);
}

static gboolean
skip_on_postgres (void)
{
  if (rig_is_postgres ())
    g_test_skip ("a database server's books are not copied while it runs");
  return rig_is_postgres ();
}

static Rig *
died_while_paying (RigBegin how)
{
  Rig *rig = rig_new ();
  g_autofree char *unheard = NULL;
  Death death;

  rig->provider->begin = how;
  die_in_next_call (rig, &death);
  unheard = pay (rig, "k");
  wake_up (rig, &death);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM payment WHERE state = 'created'"), ==, 1);
  rig->provider->begin = RIG_BEGIN_PAID;
  return rig;
}

/* Whoever sends the key again goes on with the payment that was begun, under the same provider key. */
static void
check_resumed_by_request (RigBegin how)
{
  g_autoptr (Rig) rig = died_while_paying (how);
  g_autofree char *held = pay (rig, "k"), *answer = NULL, *again = NULL;

  g_assert_cmpstr (held, ==, "REQUEST_IN_PROGRESS");
  cobro_clock_advance (rig->clock, KEY_LOST);
  answer = pay (rig, "k");
  g_assert_true (g_str_has_prefix (answer, "201 ") && says (answer, "succeeded"));
  again = pay (rig, "k");
  assert_again (answer, again);
  g_assert_cmpint (rig->provider->objects->len, ==, 1);
  g_assert_cmpint (count (rig, "payment"), ==, 1);
  rig_assert_clean (rig);
}

static void
test_resumed_by_request (void)
{
  if (skip_on_postgres ())
    return;
  check_resumed_by_request (RIG_BEGIN_PAID);       /* it had happened */
  check_resumed_by_request (RIG_BEGIN_NEVER_CAME); /* it had not */
}

/* A start frees the keys of the dead process at once, and the janitor answers what nobody asks for again. */
static void
test_resumed_by_janitor (void)
{
  g_autoptr (Rig) rig = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  RelayJanitorRound round;

  if (skip_on_postgres ())
    return;
  rig = died_while_paying (RIG_BEGIN_PAID);
  g_assert_true (relay_janitor_resume (rig->checkout, &error));
  round = rig_janitor (rig, 0);
  g_assert_cmpint (round.left, ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM idempotency WHERE state = 'done'"), ==, 1);
  answer = pay (rig, "k");
  g_assert_true (g_str_has_prefix (answer, "again 201 ") && says (answer, "succeeded"));
  g_assert_cmpint (rig->provider->objects->len, ==, 1);
  rig_assert_clean (rig);
}

/* Providers forget keys after a day: then it is only asked about. */
static void
test_never_resent_late (void)
{
  g_autoptr (Rig) rig = NULL;
  g_autofree char *answer = NULL;
  int begins;

  if (skip_on_postgres ())
    return;
  rig = died_while_paying (RIG_BEGIN_NEVER_CAME);
  begins = rig->provider->begins;
  cobro_clock_advance (rig->clock, 24 * COBRO_HOUR);
  answer = pay (rig, "k");
  g_assert_cmpint (rig->provider->begins, ==, begins);
  g_assert_cmpint (rig->provider->objects->len, ==, 0);
  g_assert_true (g_str_has_prefix (answer, "201 ") && says (answer, "failed"));
  rig_assert_clean (rig);
}

/* The key file is lost while calls are on their way: what the provider knows them by stays the same, so that neither
 * the payment nor the refund is made twice, and a query and a webhook still find it. */
static void
test_key_lost (void)
{
  g_autoptr (Rig) rig = NULL;
  g_autofree char *answer = NULL, *again = NULL, *unheard = NULL;
  Death death;

  if (skip_on_postgres ())
    return;
  rig = died_while_paying (RIG_BEGIN_PAID); /* it had happened: another key fails in the provider */
  rig_lose_key (rig);
  cobro_clock_advance (rig->clock, KEY_LOST);
  answer = pay (rig, "k");
  g_assert_true (g_str_has_prefix (answer, "201 ") && says (answer, "succeeded"));
  g_assert_cmpint (rig->provider->begins, ==, 2);
  g_assert_cmpint (rig->provider->objects->len, ==, 1);

  die_in_next_call (rig, &death);
  unheard = give_back (rig, "r", answer, 1200);
  wake_up (rig, &death);
  rig_lose_key (rig);
  cobro_clock_advance (rig->clock, KEY_LOST);
  again = give_back (rig, "r", answer, 1200);
  g_assert_true (g_str_has_prefix (again, "201 ") && says (again, "succeeded"));
  g_assert_cmpint (rig->provider->refunds, ==, 2);
  g_assert_cmpint (rig->provider->given->len, ==, 1);
  rig_assert_clean (rig);
}

/* Too late for the same call: the question and the webhook carry the reference of then. */
static void
test_key_lost_asked (gconstpointer by_webhook)
{
  g_autoptr (Rig) rig = NULL;
  g_autoptr (RelayPaymentRecord) record = NULL;
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (GError) error = NULL;
  RigObject *object;

  if (skip_on_postgres ())
    return;
  rig = died_while_paying (RIG_BEGIN_PAID);
  object = rig->provider->objects->pdata[0];
  rig_lose_key (rig);
  record = rig_find_payment (rig, &object->reference);
  if (by_webhook != NULL)
    {
      fact = rig_fact (rig, record->payment, COBRO_FACT_SUCCEEDED, "evt_1");
      cobro_link_set_text (&fact->provider_payment_id, object->object);
      cobro_link_set_text (&fact->reference, object->signed_reference);
      g_assert_true (rig_webhook (rig, fact, "good", &error));
      g_assert_no_error (error);
      rig_janitor (rig, 0);
      g_assert_cmpint (
        rig_count (rig, "SELECT count (*) AS n FROM fact WHERE source = 'webhook' AND payment_id IS NOT NULL"), ==, 1);
    }
  else
    rig_janitor (rig, 24 * COBRO_HOUR);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM payment WHERE state = 'succeeded'"), ==, 1);
  rig_assert_clean (rig);
}

static void
test_refund_resumed (void)
{
  g_autoptr (Rig) rig = NULL;
  g_autofree char *paid = NULL, *unheard = NULL, *answer = NULL, *again = NULL;
  Death death;

  if (skip_on_postgres ())
    return;
  rig = rig_new ();
  rig->provider->begin = RIG_BEGIN_PAID;
  paid = pay (rig, "k");
  die_in_next_call (rig, &death);
  unheard = give_back (rig, "r", paid, 1200);
  wake_up (rig, &death);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM refund WHERE state = 'pending'"), ==, 1);
  cobro_clock_advance (rig->clock, KEY_LOST);
  answer = give_back (rig, "r", paid, 1200);
  g_assert_true (g_str_has_prefix (answer, "201 ") && says (answer, "succeeded"));
  again = give_back (rig, "r", paid, 1200);
  assert_again (answer, again);
  g_assert_cmpint (rig->provider->given->len, ==, 1);
  g_assert_cmpint (count (rig, "refund"), ==, 1);
  rig_assert_clean (rig);
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_refunds (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *paid = NULL, *part = NULL, *much = NULL, *rest = NULL, *none = NULL;

  rig->provider->begin = RIG_BEGIN_PAID;
  paid = pay (rig, "k");
  part = give_back (rig, "r1", paid, 1200);
  much = give_back (rig, "r2", paid, 3801);
  rest = give_back (rig, "r3", paid, 0);
  none = give_back (rig, "r4", paid, 0);
  g_assert_true (says (part, "succeeded") && says (rest, "succeeded"));
  g_assert_nonnull (strstr (rest, "\"amount\":3800"));
  g_assert_cmpstr (much, ==, "VALIDATION_ERROR");
  g_assert_cmpstr (none, ==, "VALIDATION_ERROR");
  g_assert_cmpint (rig_count (rig, "SELECT refunded AS n FROM payment"), ==, 5000);
  rig_assert_clean (rig);
}

/* No answer: it stays pending, and the janitor asks with the same key until it is known. */
static void
test_refund_unclear (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *paid = NULL, *answer = NULL, *again = NULL;

  rig->provider->begin = RIG_BEGIN_PAID;
  paid = pay (rig, "k");
  rig->provider->refund = RIG_ANSWER_LOST;
  answer = give_back (rig, "r", paid, 1200);
  g_assert_true (g_str_has_prefix (answer, "201 ") && says (answer, "pending"));
  rig->provider->refund = RIG_ANSWER_HONEST;
  rig_janitor (rig, COBRO_MINUTE);
  rig_janitor (rig, COBRO_HOUR);
  g_assert_cmpint (rig_count (rig, "SELECT count (*) AS n FROM refund WHERE state = 'succeeded'"), ==, 1);
  g_assert_cmpint (rig->provider->given->len, ==, 1);
  again = give_back (rig, "r", paid, 1200);
  assert_again (answer, again);
  rig_assert_clean (rig);
}

/* A repeated call is refused: what the provider says about the refund itself decides. */
static void
check_refused_again (RigAnswer first, RigAnswer asked, const char *state)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *paid = NULL, *answer = NULL, *sql = NULL;
  int refunds;

  rig->provider->begin = RIG_BEGIN_PAID;
  paid = pay (rig, "k");
  rig->provider->refund = first;
  answer = give_back (rig, "r", paid, 1200);
  g_assert_true (says (answer, "pending"));
  refunds = rig->provider->refunds;
  rig->provider->refund = RIG_ANSWER_REFUSED;
  rig->provider->query = asked;
  rig_janitor (rig, COBRO_MINUTE);
  g_assert_cmpint (rig->provider->refunds, ==, refunds + 1);
  g_assert_cmpint (rig->provider->queries, >, 0);
  sql = g_strdup_printf ("SELECT count (*) AS n FROM refund WHERE state = '%s'", state);
  g_assert_cmpint (rig_count (rig, sql), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT refunded AS n FROM payment"), ==,
                   g_str_equal (state, "succeeded") ? 1200 : 0);
  rig_assert_clean (rig);
}

static void
test_refund_refused_again (void)
{
  check_refused_again (RIG_ANSWER_LOST, RIG_ANSWER_HONEST, "succeeded"); /* the first one had arrived */
  check_refused_again (RIG_ANSWER_NOTHING, RIG_ANSWER_HONEST, "failed"); /* it had not */
  check_refused_again (RIG_ANSWER_LOST, RIG_ANSWER_NOTHING, "pending");  /* nobody says */
  check_refused_again (RIG_ANSWER_LOST, RIG_ANSWER_REFUSED, "pending");  /* "no" to a question is no answer */
}

/* Threads that want more than there is: what they get together is never more than came in. */
static gpointer
take_back (gpointer data)
{
  gpointer *pair = data;
  g_autofree char *key = g_strdup_printf ("r-%p", (gpointer)g_thread_self ());

  return give_back (pair[0], key, pair[1], 1100);
}

static void
test_refunds_at_once (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *paid = NULL;
  GThread *threads[8];
  gpointer pair[2];
  int given = 0;

  rig->provider->begin = RIG_BEGIN_PAID;
  paid = pay (rig, "k"); /* 50.00: four times 11.00, and a rest */
  pair[0] = rig;
  pair[1] = paid;
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("refund", take_back, pair);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *answer = g_thread_join (threads[i]);

      given += g_str_has_prefix (answer, "201 ");
    }
  g_assert_cmpint (given, ==, 4);
  g_assert_cmpint (rig_count (rig, "SELECT refunded AS n FROM payment"), ==, 4400);
  g_assert_cmpint (rig->provider->given->len, ==, 4);
  rig_assert_clean (rig);
}

/* ── Any order of events ────────────────────────────────────────────────────────────────────────────────────── */

/* What a model of the store says about one key. */
typedef struct
{
  gboolean there, done;
  guint8 fingerprint;
  guint status;
  CobroTime lease;
} Model;

typedef struct
{
  Rig *rig;
  RelayIdempotency request;
  CobroId object;
  int what; /* 0: claim, 1: finish, 2: release */
  guint status;
  RelayIdempotencyAnswer answer;
  RelayStoredAnswer stored;
} Move;

static gboolean
move_work (RelayTx *tx, gpointer data, GError **error)
{
  Move *move = data;
  const RelayScope *scope = &move->rig->scope;
  CobroId begun;

  if (move->what == 0)
    return relay_idempotency_claim (tx, scope, &move->request, &move->object, &move->answer, &begun, &move->stored,
                                    error);
  if (move->what == 2)
    return relay_idempotency_release (tx, scope, move->request.key, error);
  move->stored = (RelayStoredAnswer){ .status = move->status, .body = g_strdup_printf ("%u", move->status) };
  return relay_idempotency_finish (tx, scope, move->request.key, &move->stored, error);
}

/* What the model expects of a claim: a code, or -1 and the answer. */
static int
expect_claim (Model *model, guint8 fingerprint, CobroTime now, RelayIdempotencyAnswer *out_answer)
{
  *out_answer = RELAY_IDEMPOTENCY_NEW;
  if (!model->there)
    *model = (Model){ .there = TRUE, .fingerprint = fingerprint };
  else if (model->fingerprint != fingerprint)
    return COBRO_ERROR_REUSED;
  else if (model->done)
    *out_answer = RELAY_IDEMPOTENCY_REPLAY;
  else if (model->lease > now)
    return COBRO_ERROR_RUNNING;
  else
    *out_answer = RELAY_IDEMPOTENCY_RESUME;
  if (!model->done)
    model->lease = now + RELAY_IDEMPOTENCY_LEASE;
  return -1;
}

static void
check_move (Move *move, Model *model, GError **error)
{
  CobroTime now = cobro_clock_now (move->rig->clock);
  RelayIdempotencyAnswer expected = RELAY_IDEMPOTENCY_NEW;
  gboolean ok = relay_store_write_for (move->rig->store, &move->rig->scope.merchant_id, move_work, move, error);
  int code = move->what == 0 ? expect_claim (model, move->request.fingerprint[0], now, &expected) : -1;

  g_assert_cmpint (ok ? -1 : (*error)->code, ==, code);
  if (!ok)
    return;
  if (move->what == 0)
    g_assert_cmpint (move->answer, ==, expected);
  if (move->what == 0 && expected == RELAY_IDEMPOTENCY_REPLAY)
    g_assert_cmpuint (move->stored.status, ==, model->status);
  if (move->what == 2 && model->there && !model->done)
    *model = (Model){ 0 };
  if (move->what != 1 || !model->there)
    return;
  if (!model->done)
    model->status = move->status;
  model->done = TRUE;
  g_assert_cmpuint (move->stored.status, ==, model->status); /* the first answer is the answer */
}

static gboolean
forget_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_idempotency_prune (tx, 100, error);
}

static void
test_any_order (void)
{
  g_autoptr (Rig) rig = rig_new ();
  static const char *const keys[] = { "a", "b", "c" };
  Model models[G_N_ELEMENTS (keys)] = { 0 };

  for (guint i = 0; i < 1500; i++)
    {
      guint k = g_test_rand_int_range (0, G_N_ELEMENTS (keys));
      Move move = {
        .rig = rig, .request = { .key = keys[k] }, .what = g_test_rand_int_range (0, 3), .status = 200 + i
      };
      g_autoptr (GError) error = NULL;

      move.request.fingerprint[0] = (guint8)g_test_rand_int_range (0, 4) == 0;
      move.object = cobro_id_new (COBRO_ID_PAYMENT, rig->clock, rig->random);
      if (move.what == 2 && g_test_rand_int_range (0, 4) > 0)
        move.what = 0;
      check_move (&move, &models[k], &error);
      relay_stored_answer_clear (&move.stored);
      cobro_clock_advance (rig->clock, g_test_rand_int_range (0, 20) * COBRO_SECOND);
      if (models[k].done && g_test_rand_int_range (0, 8) == 0) /* a month later it is forgotten */
        {
          cobro_clock_advance (rig->clock, 31 * COBRO_DAY);
          g_assert_true (relay_store_write (rig->store, forget_work, NULL, &error));
          memset (models, 0, sizeof models);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/charge/once", test_once);
  g_test_add_func ("/relay/charge/unclear", test_unclear);
  g_test_add_func ("/relay/charge/not-begun", test_not_begun);
  g_test_add_func ("/relay/charge/resumed-by-request", test_resumed_by_request);
  g_test_add_func ("/relay/charge/resumed-by-janitor", test_resumed_by_janitor);
  g_test_add_func ("/relay/charge/never-resent-late", test_never_resent_late);
  g_test_add_func ("/relay/charge/key-lost", test_key_lost);
  g_test_add_data_func ("/relay/charge/key-lost-asked", NULL, test_key_lost_asked);
  g_test_add_data_func ("/relay/charge/key-lost-webhook", "", test_key_lost_asked);
  g_test_add_func ("/relay/charge/any-order", test_any_order);
  g_test_add_func ("/relay/refund/resumed", test_refund_resumed);
  g_test_add_func ("/relay/refund/parts", test_refunds);
  g_test_add_func ("/relay/refund/unclear", test_refund_unclear);
  g_test_add_func ("/relay/refund/refused-again", test_refund_refused_again);
  g_test_add_func ("/relay/refund/at-once", test_refunds_at_once);
  return g_test_run ();
}
