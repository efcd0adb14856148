/* tests/relay/providers/test-stripe-hooks.c — what Stripe's events say, each with the bytes that Stripe sends: which
 * object they are about, how much, and what is refused. Layer: tests. */
/* proves: OPL-9, INV-6 */
#include <string.h>
#include "cobro-test.h"
#include "relay-stripe.h"

#define REFERENCE "pay_01m7zczpdvtprk5hfzepxn3vfe.52583222d80c2f6773cc9f6917"
#define META(by)  "\"metadata\":{\"cobro_reference\":\"" REFERENCE "\",\"cobro_object\":\"" by "\"}"
#define EVENT(type, object)                                                                                            \
  "{\"id\":\"evt_1\",\"object\":\"event\",\"api_version\":\"2026-10-28.endive\",\"created\":1796119200,"               \
  "\"livemode\":false,\"pending_webhooks\":1,\"request\":{\"id\":null,\"idempotency_key\":null},\"type\":\"" type      \
  "\",\"data\":{\"object\":" object "}}"
#define INTENT(status, more, by)                                                                                       \
  "{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"amount\":4200,\"currency\":\"eur\",\"livemode\":false,"            \
  "\"created\":1796119000,\"status\":\"" status "\"," more                                                             \
  META (by) "}"
#define SESSION(status, paid, more)                                                                                    \
  "{\"id\":\"cs_test_1\",\"object\":\"checkout.session\",\"amount_total\":4200,\"currency\":\"eur\",\"livemode\":"     \
  "false,\"created\":1796119000,\"mode\":\"payment\",\"status\":\"" status "\",\"payment_status\":\"" paid             \
  "\",\"payment_intent\":\"pi_1\"," more META ("session") "}"
#define REFUND(status, more)                                                                                           \
  "{\"id\":\"re_1\",\"object\":\"refund\",\"amount\":200,\"charge\":\"ch_1\",\"created\":1796119100,\"currency\":"     \
  "\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"" status "\"" more "}"
#define DISPUTE(status)                                                                                                \
  "{\"id\":\"dp_1\",\"object\":\"dispute\",\"amount\":4200,\"charge\":\"ch_1\",\"created\":1796119100,\"currency\":"   \
  "\"eur\",\"livemode\":false,\"payment_intent\":\"pi_1\",\"reason\":\"fraudulent\",\"status\":\"" status "\"}"
#define DECLINED                                                                                                       \
  "\"last_payment_error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"decline_code\":\"insufficient_"        \
  "funds\","                                                                                                           \
  "\"message\":\"Your card has insufficient funds.\",\"charge\":\"ch_9\"},"

static RelayAccount *
make_account (const char *connected)
{
  RelayAccount *account = relay_account_new ();

  cobro_link_set_text (&account->id, "0123456789abcdef0123456789abcdef");
  cobro_link_set_text (&account->provider, "stripe");
  if (connected != NULL)
    g_hash_table_insert (account->settings, g_strdup ("connected-account"), g_strdup (connected));
  return account;
}

static GPtrArray *
read_as (const RelayAccount *account, const char *body, GError **error)
{
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));

  return relay_stripe_adapter ()->facts.read (NULL, account, raw, error);
}

/* ── What events say ────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct
{
  const char *body;
  CobroFactKind kind;
  const char *object_id, *charge_id, *reference, *event_id;
  gint64 units;
  const char *failure;
} said[] = {
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "\"amount_received\":4200,", "session")),
    COBRO_FACT_SUCCEEDED, "", "pi_1", REFERENCE, "pi_1/succeeded", 4200, "" },
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "\"amount_received\":4100,", "intent")),
    COBRO_FACT_SUCCEEDED, "pi_1", "pi_1", REFERENCE, "pi_1/succeeded", 4100, "" },
  { EVENT ("payment_intent.payment_failed", INTENT ("requires_payment_method", DECLINED, "session")),
    COBRO_FACT_PENDING, "", "pi_1", REFERENCE, "pi_1/requires_payment_method/ch_9", 4200, "insufficient_funds" },
  { EVENT ("payment_intent.processing", INTENT ("processing", "", "intent")), COBRO_FACT_PROCESSING, "pi_1", "pi_1",
    REFERENCE, "pi_1/processing", 4200, "" },
  { EVENT ("payment_intent.requires_action", INTENT ("requires_action", "", "intent")), COBRO_FACT_ACTION_NEEDED,
    "pi_1", "pi_1", REFERENCE, "pi_1/requires_action", 4200, "" },
  { EVENT ("payment_intent.partially_funded", INTENT ("requires_action", "", "intent")), COBRO_FACT_ACTION_NEEDED,
    "pi_1", "pi_1", REFERENCE, "pi_1/requires_action", 4200, "" },
  { EVENT ("payment_intent.amount_capturable_updated", INTENT ("requires_capture", "", "intent")),
    COBRO_FACT_PROCESSING, "pi_1", "pi_1", REFERENCE, "pi_1/requires_capture", 4200, "" },
  { EVENT ("payment_intent.canceled", INTENT ("canceled", "\"cancellation_reason\":\"expired\",", "intent")),
    COBRO_FACT_CANCELLED, "pi_1", "pi_1", REFERENCE, "pi_1/canceled", 4200, "expired" },
  { EVENT ("checkout.session.completed", SESSION ("complete", "paid", "")), COBRO_FACT_SUCCEEDED, "cs_test_1", "pi_1",
    REFERENCE, "cs_test_1/succeeded/complete", 4200, "" },
  { EVENT ("checkout.session.completed", SESSION ("complete", "unpaid", "")), COBRO_FACT_PROCESSING, "cs_test_1",
    "pi_1", REFERENCE, "cs_test_1/processing/complete", 4200, "" },
  { EVENT ("checkout.session.async_payment_succeeded", SESSION ("complete", "paid", "")), COBRO_FACT_SUCCEEDED,
    "cs_test_1", "pi_1", REFERENCE, "cs_test_1/succeeded/complete", 4200, "" },
  { EVENT ("checkout.session.async_payment_failed", SESSION ("complete", "unpaid", "")), COBRO_FACT_FAILED, "cs_test_1",
    "pi_1", REFERENCE, "cs_test_1/failed/complete", 4200, "" },
  { EVENT ("checkout.session.expired", SESSION ("expired", "unpaid", "")), COBRO_FACT_CANCELLED, "cs_test_1", "pi_1",
    REFERENCE, "cs_test_1/cancelled/expired", 4200, "expired" },
  { EVENT ("refund.created", REFUND ("succeeded", ",\"metadata\":{\"cobro_reference\":\"" REFERENCE "\"}")),
    COBRO_FACT_REFUNDED, "", "pi_1", REFERENCE, "re_1/succeeded", 200, "" },
  { EVENT ("refund.created", REFUND ("pending", "")), COBRO_FACT_REFUND_PENDING, "", "pi_1", "", "re_1/pending", 200,
    "" },
  { EVENT ("refund.updated", REFUND ("requires_action", "")), COBRO_FACT_REFUND_PENDING, "", "pi_1", "",
    "re_1/requires_action", 200, "" },
  { EVENT ("refund.failed", REFUND ("failed", ",\"failure_reason\":\"lost_or_stolen_card\"")), COBRO_FACT_REFUND_FAILED,
    "", "pi_1", "", "re_1/failed", 200, "lost_or_stolen_card" },
  { EVENT ("charge.refund.updated", REFUND ("canceled", "")), COBRO_FACT_REFUND_FAILED, "", "pi_1", "", "re_1/canceled",
    200, "canceled" },
  { EVENT ("charge.refunded",
           "{\"id\":\"ch_1\",\"object\":\"charge\",\"refunds\":{\"data\":[" REFUND ("succeeded", "") "]}}"),
    COBRO_FACT_REFUNDED, "", "pi_1", "", "re_1/succeeded", 200, "" },
  { EVENT ("charge.dispute.created", DISPUTE ("needs_response")), COBRO_FACT_DISPUTE_OPENED, "", "pi_1", "",
    "dp_1/needs_response", 4200, "fraudulent" },
  { EVENT ("charge.dispute.created", DISPUTE ("warning_needs_response")), COBRO_FACT_DISPUTE_OPENED, "", "pi_1", "",
    "dp_1/warning_needs_response", 4200, "fraudulent" },
  { EVENT ("charge.dispute.updated", DISPUTE ("under_review")), COBRO_FACT_DISPUTE_OPENED, "", "pi_1", "",
    "dp_1/under_review", 4200, "fraudulent" },
  { EVENT ("charge.dispute.updated", DISPUTE ("appeal_under_review")), COBRO_FACT_DISPUTE_OPENED, "", "pi_1", "",
    "dp_1/appeal_under_review", 4200, "fraudulent" },
  { EVENT ("charge.dispute.funds_withdrawn", DISPUTE ("needs_response")), COBRO_FACT_DISPUTE_OPENED, "", "pi_1", "",
    "dp_1/needs_response", 4200, "fraudulent" },
  { EVENT ("charge.dispute.closed", DISPUTE ("lost")), COBRO_FACT_DISPUTE_LOST, "", "pi_1", "", "dp_1/lost", 4200,
    "fraudulent" },
  { EVENT ("charge.dispute.closed", DISPUTE ("won")), COBRO_FACT_DISPUTE_WON, "", "pi_1", "", "dp_1/won", 4200,
    "fraudulent" },
  { EVENT ("charge.dispute.closed", DISPUTE ("warning_closed")), COBRO_FACT_DISPUTE_WON, "", "pi_1", "",
    "dp_1/warning_closed", 4200, "fraudulent" },
  { EVENT ("charge.dispute.closed", DISPUTE ("prevented")), COBRO_FACT_DISPUTE_WON, "", "pi_1", "", "dp_1/prevented",
    4200, "fraudulent" },
  { EVENT ("charge.dispute.funds_reinstated", DISPUTE ("won")), COBRO_FACT_DISPUTE_WON, "", "pi_1", "", "dp_1/won",
    4200, "fraudulent" },
};

/* Nothing about money of ours: other events, and other business on the same account. */
static const char *const nothing[] = {
  EVENT ("charge.succeeded", "{\"id\":\"ch_1\",\"object\":\"charge\",\"amount\":4200}"),
  EVENT ("charge.refunded", "{\"id\":\"ch_1\",\"object\":\"charge\",\"amount_refunded\":200}"),
  EVENT ("customer.created", "{\"id\":\"cus_1\"}"),
  EVENT ("payment_intent.succeeded",
         "{\"id\":\"pi_2\",\"status\":\"succeeded\",\"amount_received\":1,\"currency\":\"eur\",\"metadata\":{}}"),
  EVENT ("payment_intent.succeeded", "{\"id\":\"pi_2\",\"status\":\"from_the_future\",\"metadata\":[]}"),
  EVENT ("refund.created", "{\"id\":\"re_2\",\"status\":\"succeeded\",\"payment_intent\":null}"),
};

static void
test_said (void)
{
  g_autoptr (RelayAccount) account = make_account (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) facts = read_as (account, said[i].body, &error);
      const CobroFact *fact;

      g_test_message ("%.200s", said[i].body);
      g_assert_no_error (error);
      g_assert_cmpuint (facts->len, ==, 1);
      fact = facts->pdata[0];
      g_assert_cmpint (fact->kind, ==, said[i].kind);
      g_assert_cmpstr (fact->provider_payment_id, ==, said[i].object_id);
      g_assert_cmpstr (fact->charge_id, ==, said[i].charge_id);
      g_assert_cmpstr (fact->reference, ==, said[i].reference);
      g_assert_cmpstr (fact->event_id, ==, said[i].event_id);
      g_assert_cmpstr (fact->failure_code, ==, said[i].failure);
      g_assert_cmpint (cobro_money_minor (fact->amount), ==, said[i].units);
      g_assert_cmpint (fact->occurred_at, ==, 1796119200 * COBRO_SECOND);
      g_assert_cmpstr (fact->account, ==, account->id);
      g_assert_false (fact->livemode);
    }
}

static void
test_nothing (void)
{
  g_autoptr (RelayAccount) account = make_account (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) facts = read_as (account, nothing[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (facts->len, ==, 0);
    }
}

/* ── What is not believed ───────────────────────────────────────────────────────────────────────────────────────── */

/* INVALID: it waits for a relay that understands it. FORBIDDEN: it is not ours at all. */
static const struct
{
  const char *body;
  CobroError code;
} bad[] = {
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded_perhaps", "\"amount_received\":4200,", "intent")),
    COBRO_ERROR_INVALID },
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "", "intent")), COBRO_ERROR_INVALID },
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "\"amount_received\":0,", "intent")), COBRO_ERROR_INVALID },
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "\"amount_received\":-4200,", "intent")),
    COBRO_ERROR_INVALID },
  { EVENT ("payment_intent.succeeded", INTENT ("succeeded", "\"amount_received\":42.5,", "intent")),
    COBRO_ERROR_INVALID },
  { EVENT ("checkout.session.completed", SESSION ("complete", "no_payment_required", "")), COBRO_ERROR_INVALID },
  { EVENT ("checkout.session.completed", SESSION ("open", "paid", "")), COBRO_ERROR_INVALID },
  { EVENT ("checkout.session.completed", SESSION ("expired", "paid", "")), COBRO_ERROR_INVALID },
  { EVENT ("checkout.session.completed", SESSION ("complete", "probably", "")), COBRO_ERROR_INVALID },
  { EVENT ("refund.created", REFUND ("sent_by_owl", "")), COBRO_ERROR_INVALID },
  { EVENT ("charge.dispute.closed", DISPUTE ("settled")), COBRO_ERROR_INVALID },
  { EVENT ("payment_intent.succeeded", "null"), COBRO_ERROR_INVALID },
  { "{\"id\":\"evt_1\",\"object\":\"event\",\"livemode\":false}", COBRO_ERROR_INVALID },
  { "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"x\"}", COBRO_ERROR_INVALID },
  { "{\"id\":\"evt_1\",\"object\":\"list\",\"livemode\":false}", COBRO_ERROR_INVALID },
  { "[]", COBRO_ERROR_INVALID },
  { "", COBRO_ERROR_INVALID },
  { "{\"id\":\"evt_1\",\"object\":\"v2.core.event\",\"livemode\":false,\"type\":\"v1.payment_intent.succeeded\"}",
    COBRO_ERROR_FORBIDDEN },
};

static void
test_bad (void)
{
  g_autoptr (RelayAccount) account = make_account (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%.200s", bad[i].body);
      g_assert_null (read_as (account, bad[i].body, &error));
      g_assert_error (error, COBRO_ERROR, (int)bad[i].code);
    }
}

/* The same event for an account, a connected account, and another one. */
static void
test_connected (void)
{
  static const char *const plain = EVENT ("checkout.session.expired", SESSION ("expired", "unpaid", ""));
  g_autofree char *ours = g_strconcat ("{\"account\":\"acct_1ours\",", plain + 1, NULL);
  g_autofree char *theirs = g_strconcat ("{\"account\":\"acct_1theirs\",", plain + 1, NULL);
  g_autoptr (RelayAccount) own = make_account (NULL), connected = make_account ("acct_1ours");
  g_autoptr (GPtrArray) facts = read_as (own, plain, NULL), on_behalf = read_as (connected, ours, NULL);
  const struct
  {
    RelayAccount *account;
    const char *body;
  } wrong[] = { { own, ours }, { own, theirs }, { connected, plain }, { connected, theirs } };

  g_assert_cmpuint (facts->len, ==, 1);
  g_assert_cmpuint (on_behalf->len, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_as (wrong[i].account, wrong[i].body, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_FORBIDDEN);
    }
}

static void
test_modes (void)
{
  g_autoptr (RelayAccount) live = make_account (NULL);
  g_autoptr (GError) error = NULL;

  live->livemode = TRUE;
  g_assert_null (read_as (live, EVENT ("checkout.session.expired", SESSION ("expired", "unpaid", "")), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_FORBIDDEN);
}

/* ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_settings (void)
{
  static const struct
  {
    gboolean live;
    const char *secret, *publishable, *connected, *checkout;
    const char *wrong; /* the setting that is refused; NULL: good */
  } cases[] = {
    { FALSE, "sk_test_4eC39Hq", NULL, NULL, NULL, NULL },
    { FALSE, "rk_test_4eC39Hq", "pk_test_1", "acct_1", "embedded", NULL },
    { TRUE, "sk_live_4eC39Hq", "pk_live_1", NULL, "redirect", NULL },
    { FALSE, NULL, NULL, NULL, NULL, "secret-key" },
    { FALSE, "sk_test_", NULL, NULL, NULL, "secret-key" },
    { FALSE, "pk_test_1", NULL, NULL, NULL, "secret-key" },
    { FALSE, "sk_live_1", NULL, NULL, NULL, "secret-key" },
    { TRUE, "sk_test_1", NULL, NULL, NULL, "secret-key" },
    { FALSE, "sk_test_1\r\nX: y", NULL, NULL, NULL, "secret-key" },
    { FALSE, "sk_test_1", "pk_live_1", NULL, NULL, "publishable-key" },
    { FALSE, "sk_test_1", "sk_test_1", NULL, NULL, "publishable-key" },
    { FALSE, "sk_test_1", NULL, NULL, "embedded", "publishable-key" },
    { FALSE, "sk_test_1", NULL, "1234", NULL, "connected-account" },
    { FALSE, "sk_test_1", NULL, NULL, "popup", "checkout" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *names[] = { "secret-key", "publishable-key", "connected-account", "checkout" };
      const char *values[] = { cases[i].secret, cases[i].publishable, cases[i].connected, cases[i].checkout };
      g_autoptr (RelayAccount) account = make_account (NULL);
      g_autoptr (GError) error = NULL;

      account->livemode = cases[i].live;
      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        if (values[k] != NULL)
          g_hash_table_insert (account->settings, g_strdup (names[k]), g_strdup (values[k]));
      g_assert_true (relay_stripe_adapter ()->facts.check_settings (NULL, account, &error) == (cases[i].wrong == NULL));
      if (cases[i].wrong != NULL)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, cases[i].wrong);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stripe/hooks/said", test_said);
  g_test_add_func ("/stripe/hooks/nothing", test_nothing);
  g_test_add_func ("/stripe/hooks/bad", test_bad);
  g_test_add_func ("/stripe/hooks/connected", test_connected);
  g_test_add_func ("/stripe/hooks/modes", test_modes);
  g_test_add_func ("/stripe/hooks/settings", test_settings);
  return g_test_run ();
}
