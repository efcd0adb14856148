/* tests/relay/observe/test-observe-log.c — what a line may show, and how much may be written in a day.
 * Layer: tests. */
#include <string.h>

#include "relay-log-private.h"

static void
test_redact (void)
{
  static const struct
  {
    const char *text, *shown;
  } cases[] = {
    { "", "" },
    { "payment pay_01k2j8y4t5m6n7p8q9r0s1t2v3 of link_01k2j8y4t5m6n7p8q9r0s1t2v3",
      "payment pay_01k2j8y4t5m6n7p8q9r0s1t2v3 of link_01k2j8y4t5m6n7p8q9r0s1t2v3" },
    { "cannot reach https://api.stripe.com/v1/payment_intents/pi_3NabcdEFGH: timed out",
      "cannot reach https://api.stripe.com/v1/payment_intents/pi_3NabcdEFGH: timed out" },
    { "account 0af7651916cd43dd8448eb211c80319c", "account 0af7651916cd43dd8448eb211c80319c" },
    { "mail to ana@example.com failed", "mail to <address> failed" },
    { "mail to \"ana+shop.1@mail.example.co.uk\", again", "mail to \"<address>\", again" },
    { "josé@exämple.com!", "<address>!" },
    { "@nobody and a@ and @", "<address> and a@ and @" },
    { "a@b@c", "<address><address>" },
    { "key cob_live_abc", "key <secret:8e580c35>" },
    { "Bearer sk_test_123.", "Bearer <secret:" },
    { "secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLwSw", "<secret:" },
    { "a task_force is no secret, nor is whsec_ alone", "a task_force is no secret, nor is whsec_ alone" },
    { "/pay/0af7651916cd43dd8448eb211c80319c0af7651916cd43dd8448eb211c80319c?x", "<secret:" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = relay_log_redact (cases[i].text);

      if (g_str_has_suffix (cases[i].shown, "<secret:"))
        g_assert_true (g_str_has_prefix (shown, cases[i].shown));
      else
        g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

/* Bytes of any kind come in; no secret goes out, and nothing is read beyond the end. */
static void
test_redact_anything (void)
{
  static const char secret[] = "cob_live_0123456789_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLM";
  g_autoptr (GRand) dice = g_rand_new_with_seed (11);

  for (guint round = 0; round < 20000; round++)
    {
      char noise[32];
      g_autofree char *text = NULL;
      g_autofree char *shown = NULL;

      for (guint i = 0; i < sizeof noise - 1; i++)
        noise[i] = (char)g_rand_int_range (dice, 1, 256);
      noise[sizeof noise - 1] = '\0';
      text = g_strconcat (noise, " ", secret, " ", noise, NULL);
      shown = relay_log_redact (text);
      g_assert_null (strstr (shown, "abcdefghijklmnop"));
    }
}

#define DAY   (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define START (G_GINT64_CONSTANT (1000000))

/* Whoever writes as much as there is: never more than 20 MB in any 24 hours. */
static void
test_budget (void)
{
  RelayLogBudget budget = { 0 };
  gint64 written[30] = { 0 }; /* by hour */
  gint64 most = 0;

  for (gint64 now = START; now < START + 30 * DAY / 24; now += G_USEC_PER_SEC / 2)
    while (relay_log_budget_take (&budget, now, 300, 0))
      written[(now - START) * 24 / DAY] += 300;
  for (guint first = 0; first + 24 <= 30; first++)
    {
      gint64 sum = 0;

      for (guint i = first; i < first + 24; i++)
        sum += written[i];
      most = MAX (most, sum);
    }
  g_assert_cmpint (most, <=, 20 * 1000 * 1000);
  g_assert_cmpint (most, >, 19 * 1000 * 1000);
  g_assert_cmpint (written[29], >, 600 * 1000); /* it does come back */
}

static void
test_reserve (void)
{
  RelayLogBudget budget = { 0 };

  while (relay_log_budget_take (&budget, START, 1000, RELAY_LOG_BURST / 8))
    continue;
  g_assert_cmpint (relay_log_budget_left (&budget, START), >=, RELAY_LOG_BURST / 8);
  g_assert_true (relay_log_budget_take (&budget, START, 1000, 0));
  g_assert_cmpint (relay_log_budget_left (&budget, START - 5), ==, relay_log_budget_left (&budget, START));
  g_assert_cmpint (relay_log_budget_left (&budget, START + 40 * DAY), ==, RELAY_LOG_BURST);
}

/* Once the budget gets short, good requests have fewer lines, then none; bad ones still have theirs. */
static void
test_share (void)
{
  guint whole = 0, sampled = 0, none = 0;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  for (guint i = 0; i < 200000; i++)
    {
      guint share = relay_log_share (200);

      whole += share == 1;
      sampled += share == 16;
      none += share == 0;
      if (share > 0)
        relay_log_access (
          "{\"a line\":\"of some length, as requests have them, with a route, an id, a status and a time\"}");
    }
  g_assert_cmpuint (whole, >, 10000);
  g_assert_cmpuint (sampled, >, 1000);
  g_assert_cmpuint (none, >, 10 * sampled);
  g_assert_cmpuint (relay_log_share (500), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/redact", test_redact);
  g_test_add_func ("/log/redact-anything", test_redact_anything);
  g_test_add_func ("/log/budget", test_budget);
  g_test_add_func ("/log/reserve", test_reserve);
  g_test_add_func ("/log/share", test_share);
  return g_test_run ();
}
