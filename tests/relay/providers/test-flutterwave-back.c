/* tests/relay/providers/test-flutterwave-back.c — money that goes back at Flutterwave, by recorded bytes: refunds
 * without keys, their state, chargebacks; and the nightly list. Layer: tests. */
#include <string.h>
#include "flutterwave-fixture.h"

#define REFUNDS "GET /v3/refunds?from=2026-11-20&to=2026-11-22&page=1"
#define NONE    "{\"status\":\"success\",\"message\":\"Refunds fetched\",\"data\":[]}"
#define MISSING "{\"status\":\"error\",\"message\":\"No transaction was found for this id\",\"data\":null}"
#define REFUSED                                                                                                        \
  "{\"status\":\"error\",\"message\":\"Refund amount is greater than the transaction amount\",\"data\":null}"

/* As the answer to making it shows a refund of 20 NGN of transaction 7. */
#define MADE(status)                                                                                                   \
  "{\"status\":\"success\",\"message\":\"Transaction refund initiated\",\"data\":{\"id\":75923,\"account_id\":73362,"  \
  "\"tx_id\":7,\"flw_ref\":\"FLW-7\",\"wallet_id\":74639,\"amount_refunded\":20,\"status\":\"" status "\","            \
  "\"destination\":\"payment_source\",\"meta\":{\"source\":\"availablebalance\"},"                                     \
  "\"created_at\":\"2026-11-21T10:20:00.000Z\"}}"

/* As lists show one; @more: further members. */
static char *
listed (gint64 id, gint64 transaction, const char *amount, const char *more)
{
  return g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"AccountId\":73362,\"TransactionId\":%" G_GINT64_FORMAT
                          ",\"FlwRef\":\"FLW-7\",\"AmountRefunded\":%s,\"createdAt\":\"2026-11-21T10:20:00.000Z\"%s}",
                          id, transaction, amount, more);
}

static char *
page_of (const char *objects, gint64 page, gint64 pages)
{
  return g_strdup_printf ("{\"status\":\"success\",\"meta\":{\"page_info\":{\"total\":3,\"current_page\":%d,"
                          "\"total_pages\":%d}},\"data\":[%s]}",
                          (int)page, (int)pages, objects);
}

static void
hears_refunds (FlutterwaveFixture *self, const char *objects)
{
  g_autofree char *body = page_of (objects, 1, 1);

  flutterwave_hears (self, 200, body);
}

static void
hears_transaction (FlutterwaveFixture *self, gint64 id, const char *status)
{
  g_autofree char *data = flutterwave_transaction (id, status, "82.5", "NGN"), *body = flutterwave_success (data);

  flutterwave_hears (self, 200, body);
}

/* Gives 20 NGN back of transaction 7. */
static void
refund (FlutterwaveFixture *self)
{
  self->target.charge_id = "7";
  self->amount = flutterwave_naira (2000);
  flutterwave_talk (self, RELAY_TALK_REFUND);
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
sends (FlutterwaveFixture *self)
{
  flutterwave_asks (self, "POST /v3/transactions/7/refund", "{\"amount\":20.00,\"comments\":\"KEYOFTHISREFUND\"}",
                    FALSE);
}

static void
test_refund (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    CobroFactKind kind;
  } cases[] = {
    { MADE ("completed"), COBRO_FACT_REFUNDED },          { MADE ("completed-momo"), COBRO_FACT_REFUNDED },
    { MADE ("pending-momo"), COBRO_FACT_REFUND_PENDING }, { MADE ("new"), COBRO_FACT_REFUND_PENDING },
    { MADE ("failed"), COBRO_FACT_REFUND_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const CobroFact *fact;

      refund (self);
      flutterwave_asks (self, REFUNDS, NULL, TRUE);
      flutterwave_hears (self, 200, NONE);
      sends (self);
      flutterwave_hears (self, 200, cases[i].answer);
      fact = flutterwave_fact (self);
      g_assert_cmpint (fact->kind, ==, cases[i].kind);
      g_assert_cmpstr (fact->refund_id, ==, "75923");
      g_assert_cmpstr (fact->charge_id, ==, "7");
      g_assert_true (cobro_money_equal (fact->amount, flutterwave_naira (2000)));
    }
}

/* The first answer got lost: our key is there, on the second page. */
static void
test_refund_found (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *others = listed (80, 6, "20", ",\"status\":\"completed\",\"comments\":\"KEYOFTHISREFUND\"");
  g_autofree char *ours = listed (79, 7, "20", ",\"status\":\"completed-momo\",\"comments\":\"KEYOFTHISREFUND\"");
  g_autofree char *first = page_of (others, 1, 2), *second = page_of (ours, 2, 2);

  refund (self);
  flutterwave_hears (self, 200, first);
  flutterwave_asks (self, "GET /v3/refunds?from=2026-11-20&to=2026-11-22&page=2", NULL, TRUE);
  flutterwave_hears (self, 200, second);
  g_assert_cmpstr (flutterwave_fact (self)->refund_id, ==, "79");
  g_assert_cmpstr (flutterwave_fact (self)->event_id, ==, "refund-79/refunded");
}

/* One of that amount without a word whose it is: nobody sends another. */
static void
test_refund_unclear (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *silent = listed (79, 7, "20.00", ",\"status\":\"completed\"");
  g_autofree char *empty = listed (79, 7, "20", ",\"status\":\"completed\",\"comments\":\"\"");
  g_autofree char *named = listed (79, 7, "20", ",\"status\":\"completed\",\"comments\":\"by phone\"");
  g_autofree char *other = listed (79, 7, "21", ",\"status\":\"completed\"");

  self->target.tried = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      refund (self);
      hears_refunds (self, i == 0 ? silent : empty);
      flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, "without saying whose it is");
    }
  refund (self);
  hears_refunds (self, named);
  sends (self);
  refund (self);
  hears_refunds (self, other);
  sends (self);
  self->target.tried = FALSE; /* never sent: it is somebody else's */
  refund (self);
  hears_refunds (self, silent);
  sends (self);
}

static void
test_refund_refused (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    CobroError code;
  } answers[] = {
    { 400, REFUSED, COBRO_ERROR_PROVIDER },
    { 200, REFUSED, COBRO_ERROR_PROVIDER },
    { 429, "", COBRO_ERROR_UNAVAILABLE },
    { 500, "", COBRO_ERROR_NO_ANSWER },
    { 200, "<html>", COBRO_ERROR_NO_ANSWER },
    { 200, "{\"status\":\"success\",\"data\":null}", COBRO_ERROR_NO_ANSWER },
    { 200, "{\"status\":\"success\",\"data\":{\"id\":1,\"tx_id\":8,\"amount_refunded\":20,\"status\":\"completed\"}}",
      COBRO_ERROR_NO_ANSWER },
    { 200, "{\"status\":\"success\",\"data\":{\"id\":1,\"tx_id\":7,\"amount_refunded\":30,\"status\":\"completed\"}}",
      COBRO_ERROR_NO_ANSWER },
    { 200, "{\"status\":\"success\",\"data\":{\"id\":1,\"tx_id\":7,\"amount_refunded\":20,\"status\":\"thinking\"}}",
      COBRO_ERROR_NO_ANSWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      refund (self);
      flutterwave_hears (self, 200, NONE);
      flutterwave_hears (self, answers[i].status, answers[i].body);
      flutterwave_fails (self, answers[i].code, NULL);
    }
}

/* A list that cannot be read does not say that nothing was given back. */
static void
test_refund_list_unreadable (FlutterwaveFixture *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"status\":\"success\",\"data\":null}",
    "{\"status\":\"success\"}",
    "{\"status\":\"success\",\"data\":{}}",
    "{\"status\":\"success\",\"data\":[[]]}",
    "{\"status\":\"success\",\"data\":[{\"id\":1,\"TransactionId\":7,\"AmountRefunded\":20,\"status\":\"odd\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      refund (self);
      flutterwave_hears (self, 200, bodies[i]);
      flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, "nonsense");
    }
}

/* The books do not know the transaction: it is found by tx_ref first. */
static void
test_refund_finds (FlutterwaveFixture *self, gconstpointer data)
{
  self->amount = flutterwave_naira (2000);
  flutterwave_talk (self, RELAY_TALK_REFUND);
  flutterwave_asks (self, "GET /v3/transactions/verify_by_reference?tx_ref=" FLUTTERWAVE_REFERENCE, NULL, TRUE);
  hears_transaction (self, 7, "successful");
  flutterwave_asks (self, REFUNDS, NULL, TRUE);
  flutterwave_hears (self, 200, NONE);
  sends (self);
  flutterwave_talk (self, RELAY_TALK_REFUND);
  hears_transaction (self, 7, "failed");
  hears_refunds (self, ""); /* of transactions, in fact: none other */
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, "holds no money");
}

static void
test_query_refund (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *more;
    CobroFactKind kind;
  } cases[] = {
    { ",\"status\":\"completed-mpgs\"", COBRO_FACT_REFUNDED },
    { ",\"status\":\"pending-momo\"", COBRO_FACT_REFUND_PENDING },
    { ",\"status\":\"failed\"", COBRO_FACT_REFUND_FAILED },
    { ",\"status\":\"completed\",\"meta\":\"{\\\"disburse_status\\\":\\\"failed\\\"}\"", COBRO_FACT_REFUND_FAILED },
    { ",\"status\":\"completed\",\"meta\":{\"disburse_status\":\"successful\"}", COBRO_FACT_REFUNDED },
    { ",\"status\":\"completed\",\"meta\":\"not JSON\"", COBRO_FACT_REFUNDED },
  };

  self->target.charge_id = "7";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *object = listed (75923, 7, "20", cases[i].more), *body = flutterwave_success (object);

      self->refund_id = "75923";
      flutterwave_talk (self, RELAY_TALK_QUERY_REFUND);
      flutterwave_asks (self, "GET /v3/refunds/75923", NULL, TRUE);
      flutterwave_hears (self, 200, body);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, cases[i].kind);
    }
}

static void
test_query_refund_by_key (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *ours = listed (79, 7, "20", ",\"status\":\"completed\",\"comments\":\"KEYOFTHISREFUND\"");
  g_autofree char *silent = listed (79, 7, "20", ",\"status\":\"completed\"");

  self->target.charge_id = "7";
  flutterwave_talk (self, RELAY_TALK_QUERY_REFUND);
  hears_refunds (self, ours);
  g_assert_cmpstr (flutterwave_fact (self)->refund_id, ==, "79");
  flutterwave_talk (self, RELAY_TALK_QUERY_REFUND);
  hears_refunds (self, "");
  flutterwave_fails (self, COBRO_ERROR_NOT_FOUND, NULL);
  flutterwave_talk (self, RELAY_TALK_QUERY_REFUND);
  hears_refunds (self, silent);
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
}

/* ── Chargebacks ────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
chargeback (gint64 id, const char *status)
{
  return g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"amount\":82.5,\"flw_ref\":\"FLW-7\",\"status\":\"%s\","
                          "\"transaction_id\":7,\"tx_ref\":\"" FLUTTERWAVE_REFERENCE "\","
                          "\"created_at\":\"2026-11-21T09:00:00.000Z\"}",
                          id, status);
}

static void
test_dispute (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } cases[] = {
    { "initiated", COBRO_FACT_DISPUTE_OPENED }, { "declined", COBRO_FACT_DISPUTE_OPENED },
    { "won", COBRO_FACT_DISPUTE_WON },          { "lost", COBRO_FACT_DISPUTE_LOST },
    { "accepted", COBRO_FACT_DISPUTE_LOST },
  };

  self->target.charge_id = "7";
  self->target.reference = ""; /* whoever asks about what a webhook said has only the ids */
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *older = chargeback (3, "initiated"), *newer = chargeback (4, cases[i].status);
      g_autofree char *both = g_strdup_printf ("%s,%s", i % 2 == 0 ? older : newer, i % 2 == 0 ? newer : older);

      flutterwave_talk (self, RELAY_TALK_QUERY_DISPUTE);
      flutterwave_asks (self, "GET /v3/transactions/7/verify", NULL, TRUE);
      hears_transaction (self, 7, "successful");
      flutterwave_asks (self, "GET /v3/chargebacks?flw_ref=FLW-7", NULL, TRUE);
      hears_refunds (self, both);
      g_assert_cmpint (flutterwave_fact (self)->kind, ==, cases[i].kind);
      g_assert_cmpstr (flutterwave_fact (self)->charge_id, ==, "7");
      g_assert_true (cobro_money_equal (flutterwave_fact (self)->amount, flutterwave_naira (8250)));
    }
  flutterwave_talk (self, RELAY_TALK_QUERY_DISPUTE);
  hears_transaction (self, 7, "successful");
  hears_refunds (self, "");
  flutterwave_fails (self, COBRO_ERROR_NOT_FOUND, NULL);
}

/* ── The list ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
lists (FlutterwaveFixture *self, const char *cursor)
{
  self->cursor = cursor;
  flutterwave_talk (self, RELAY_TALK_LIST);
}

static const CobroFact *
nth (FlutterwaveFixture *self, guint n, guint of)
{
  g_assert_no_error (self->error);
  g_assert_cmpint (self->step, ==, RELAY_TALK_DONE);
  g_assert_cmpuint (self->talk.listing->facts->len, ==, of);
  return of > 0 ? g_ptr_array_index (self->talk.listing->facts, n) : NULL;
}

static void
test_list_transactions (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *one = flutterwave_transaction (12, "successful", "82.5", "NGN");
  g_autofree char *two = flutterwave_transaction (11, "failed", "82.5", "NGN");
  g_autofree char *all =
    g_strdup_printf ("%s,{\"id\":\"10\",\"tx_ref\":\"another-shop-1\",\"amount\":1,\"currency\":\"QQQ\"},%s", one, two);
  g_autofree char *first = page_of (all, 1, 2), *last = page_of ("", 2, 2);

  lists (self, NULL);
  flutterwave_asks (self, "GET /v3/transactions?from=2026-11-19&to=2026-11-22&page=1", NULL, TRUE);
  flutterwave_hears (self, 200, first);
  g_assert_cmpstr (nth (self, 0, 2)->charge_id, ==, "12");
  g_assert_cmpstr (nth (self, 1, 2)->event_id, ==, "11/declined");
  g_assert_cmpstr (self->talk.listing->next, ==, "t2");
  lists (self, "t2");
  flutterwave_asks (self, "GET /v3/transactions?from=2026-11-19&to=2026-11-22&page=2", NULL, TRUE);
  flutterwave_hears (self, 200, last);
  (void)nth (self, 0, 0);
  g_assert_cmpstr (self->talk.listing->next, ==, "r1");
}

/* Two successes of one tx_ref: both are there, each with its own number. */
static void
test_list_twice_paid (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *one = flutterwave_transaction (12, "successful", "82.5", "NGN");
  g_autofree char *two = flutterwave_transaction (13, "successful", "82.5", "NGN");
  g_autofree char *both = g_strdup_printf ("%s,%s", two, one);

  lists (self, "t1");
  hears_refunds (self, both);
  g_assert_cmpstr (nth (self, 0, 2)->charge_id, ==, "13");
  g_assert_cmpstr (nth (self, 1, 2)->charge_id, ==, "12");
  g_assert_cmpstr (nth (self, 1, 2)->event_id, ==, "12/successful");
}

static void
test_list_refunds (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *done = listed (80, 7, "20.5", ",\"status\":\"completed\",\"comments\":\"by phone\"");
  g_autofree char *open = listed (79, 8, "5", ",\"status\":\"pending-momo\"");
  g_autofree char *both = g_strdup_printf ("%s,%s", done, open);

  lists (self, "r1");
  flutterwave_asks (self, "GET /v3/refunds?from=2026-11-19&to=2026-11-22&page=1", NULL, TRUE);
  hears_refunds (self, both);
  flutterwave_asks (self, "GET /v3/transactions/7/verify", NULL, TRUE);
  hears_transaction (self, 7, "successful");
  flutterwave_asks (self, "GET /v3/transactions/8/verify", NULL, TRUE);
  hears_transaction (self, 8, "successful");
  g_assert_cmpstr (nth (self, 0, 2)->refund_id, ==, "80");
  g_assert_true (cobro_money_equal (nth (self, 0, 2)->amount, flutterwave_naira (2050)));
  g_assert_cmpstr (nth (self, 0, 2)->reference, ==, FLUTTERWAVE_REFERENCE);
  g_assert_cmpint (nth (self, 1, 2)->kind, ==, COBRO_FACT_REFUND_PENDING);
  g_assert_cmpstr (self->talk.listing->next, ==, "c1");
}

static void
test_list_disputes (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *object = chargeback (4, "lost");

  lists (self, "c1");
  flutterwave_asks (self, "GET /v3/chargebacks?from=2026-11-19&to=2026-11-22&page=1", NULL, TRUE);
  hears_refunds (self, object);
  hears_transaction (self, 7, "successful");
  g_assert_cmpint (nth (self, 0, 1)->kind, ==, COBRO_FACT_DISPUTE_LOST);
  g_assert_cmpstr (nth (self, 0, 1)->refund_id, ==, "");
  g_assert_null (self->talk.listing->next);
}

static void
test_list_nonsense (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *done = listed (80, 7, "20.5", ",\"status\":\"completed\"");

  lists (self, "x1");
  flutterwave_fails (self, COBRO_ERROR_PROVIDER, "not a cursor");
  lists (self, "t1");
  flutterwave_hears (self, 200, "{\"status\":\"success\",\"data\":null}");
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
  lists (self, "r1");
  hears_refunds (self, done);
  hears_transaction (self, 8, "successful"); /* another one */
  flutterwave_fails (self, COBRO_ERROR_NO_ANSWER, NULL);
  lists (self, "r1");
  hears_refunds (self, done);
  flutterwave_hears (self, 400, MISSING);
  flutterwave_fails (self, COBRO_ERROR_NOT_FOUND, NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (FlutterwaveFixture *self, gconstpointer data);
  } tests[] = {
    { "refund/made", test_refund },
    { "refund/found", test_refund_found },
    { "refund/unclear", test_refund_unclear },
    { "refund/refused", test_refund_refused },
    { "refund/list-unreadable", test_refund_list_unreadable },
    { "refund/finds", test_refund_finds },
    { "query-refund/one", test_query_refund },
    { "query-refund/by-key", test_query_refund_by_key },
    { "dispute", test_dispute },
    { "list/transactions", test_list_transactions },
    { "list/twice-paid", test_list_twice_paid },
    { "list/refunds", test_list_refunds },
    { "list/disputes", test_list_disputes },
    { "list/nonsense", test_list_nonsense },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/flutterwave/", tests[i].name, NULL);

      g_test_add (path, FlutterwaveFixture, NULL, flutterwave_set_up, tests[i].run, flutterwave_tear_down);
    }
  return g_test_run ();
}
