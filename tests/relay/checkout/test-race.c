/* tests/relay/checkout/test-race.c — payers on threads race for the same use of a link, and facts race with them.
 * Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "rig.h"

#define THREADS 4
#define ROUNDS  1000

/* The race: everybody tries until the rounds are over. */
typedef struct
{
  Rig *rig;
  const char *token;
  gint rounds;  /* atomic: begun so far */
  gint holders; /* atomic: who thinks to hold the one use */
  gint busy;    /* atomic: were told to wait */
} Race;

static void
check_alone (Race *race)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (race->rig->store, &error);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (reader->db, "SELECT count(*) AS n FROM payment WHERE leased = 1", &error);

  g_assert_no_error (error);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  g_assert_cmpint (cobro_db_column_int64 (statement, "n"), ==, 1);
}

static void
try_once (Race *race)
{
  RelayBegin begin = { .token = race->token };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBeginResult) result = relay_checkout_begin (race->rig->checkout, &begin, NULL, &error);
  CobroPayment *ended;

  if (result == NULL)
    {
      cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
      g_atomic_int_inc (&race->busy);
      return;
    }
  g_assert_cmpint (g_atomic_int_add (&race->holders, 1), ==, 0);
  g_atomic_int_inc (&race->rounds);
  check_alone (race);
  g_atomic_int_add (&race->holders, -1); /* from here on somebody else may have it */
  ended = relay_checkout_cancel (race->rig->checkout, &race->rig->scope, &result->payment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ended->state, ==, COBRO_PAYMENT_CANCELLED);
  cobro_payment_unref (ended);
}

static gpointer
racer (gpointer data)
{
  Race *race = data;

  while (g_atomic_int_get (&race->rounds) < ROUNDS)
    try_once (race);
  return NULL;
}

static void
run (GThreadFunc func, gpointer data)
{
  GThread *threads[THREADS];

  for (int i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("payer", func, data);
  for (int i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

/* A thousand times one use: at every moment at most one attempt holds it. */
/* proves: OPL-6 */
static void
test_one_lease (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  Race race = { .rig = rig, .token = token };

  run (racer, &race);
  g_test_message ("%d begun, %d told to wait", race.rounds, race.busy);
  g_assert_cmpint (race.busy, >, 0);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment"), >=, ROUNDS);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment WHERE leased = 1"), ==, 0);
  rig_assert_clean (rig);
}

/* Everybody pays at once, as often as the link allows. */
typedef struct
{
  Rig *rig;
  const char *token;
  gint paid; /* atomic */
} Rush;

static gpointer
buyer (gpointer data)
{
  Rush *rush = data;

  for (int i = 0; i < 50; i++)
    {
      RelayBegin begin = { .token = rush->token };
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayBeginResult) result = relay_checkout_begin (rush->rig->checkout, &begin, NULL, &error);

      if (result == NULL)
        g_assert_true (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_GONE) ||
                       g_error_matches (error, COBRO_ERROR, COBRO_ERROR_BUSY));
      else if (result->payment->state == COBRO_PAYMENT_SUCCEEDED)
        g_atomic_int_inc (&rush->paid);
    }
  return NULL;
}

static void
test_uses (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  Rush rush = { .rig = rig };

  link->usage = COBRO_USAGE_LIMITED;
  link->usage_limit = 37;
  rush.token = token = rig_publish (rig, link);
  rig->provider->begin = RIG_BEGIN_PAID;
  run (buyer, &rush);
  g_assert_cmpint (rush.paid, ==, 37);
  g_assert_cmpint (rig_count (rig, "SELECT count(DISTINCT slot) AS n FROM payment WHERE state = 'succeeded'"), ==, 37);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_USED_UP);
  rig_assert_clean (rig);
}

/* One payer presses the button many times: one payment. */
typedef struct
{
  Rig *rig;
  const char *token, *payer_key;
  gint begun; /* atomic */
} Clicks;

static gpointer
clicker (gpointer data)
{
  Clicks *clicks = data;

  for (int i = 0; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayBeginResult) result = rig_begin (clicks->rig, clicks->token, clicks->payer_key, &error);

      if (result == NULL)
        cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
      else
        g_atomic_int_inc (&clicks->begun);
    }
  return NULL;
}

static void
test_clicks (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  Clicks clicks = { .rig = rig, .token = token, .payer_key = "0123456789abcdef0123456789abcdef0123456789abcdef" };

  run (clicker, &clicks);
  g_assert_cmpint (clicks.begun, >, 0);
  g_assert_cmpint (rig->provider->begins, ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment"), ==, 1);
  rig_assert_clean (rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/race/one-lease", test_one_lease);
  g_test_add_func ("/relay/race/uses", test_uses);
  g_test_add_func ("/relay/race/clicks", test_clicks);
  return g_test_run ();
}
