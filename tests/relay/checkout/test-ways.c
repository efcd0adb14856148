/* tests/relay/checkout/test-ways.c — several providers for one merchant: preference, rules, currencies, and what
 * happens when the first does not answer. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-adapter.h"
#include "relay-settings.h"
#include "rig.h"

/* A second company: takes euros from 10.00 to 500.00, and sends everybody to its page. */
static RelayTalkStep
next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer == NULL)
    {
      relay_ask_set (ask, "POST", g_strdup ("/pay"), FALSE);
      return RELAY_TALK_ASK;
    }
  talk->begun = g_new0 (RelayBegun, 1);
  talk->begun->fact =
    relay_adapter_fact (talk->account, COBRO_FACT_ACTION_NEEDED, talk->intent->payment_id.text, "new");
  talk->begun->next = RELAY_NEXT_REDIRECT;
  talk->begun->redirect_url = g_strdup ("https://second.example/page");
  return RELAY_TALK_DONE;
}

static const RelayCurrencyRule euros[] = { { "EUR", 2, 1000, 50000, 1 } };
static const RelayCurrencies only_euros = { euros, G_N_ELEMENTS (euros), { "", RELAY_CURRENCY_ISO, 0, 0, 1 } };
static const RelayAdapterClass second = {
  .facts = { .name = "second", .title = "Second", .methods = COBRO_METHOD_CARD, .currencies = &only_euros },
  .test_base = "https://second.example",
  .live_base = "https://second.example",
  .next = next,
};

static CobroNetAnswer *
carry (const CobroNetRequest *request, gpointer data, GError **error)
{
  CobroNetAnswer *answer = g_new0 (CobroNetAnswer, 1);

  answer->status = 200;
  answer->headers = g_hash_table_new (g_str_hash, g_str_equal);
  answer->body = g_bytes_new (NULL, 0);
  return answer;
}

/* ── Setting up ─────────────────────────────────────────────────────────────────────────────────────────────── */

static GArray *
rules_of (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) object = cobro_wire_parse (json, -1, &error);
  GArray *rules = object != NULL ? relay_account_rules_read (object, "rules", &error) : NULL;

  g_assert_no_error (error);
  return rules;
}

/* @json: (nullable) {"rules": […]}. */
static void
set_up (Rig *rig, const char *provider, gint64 position, const char *json)
{
  g_autoptr (GArray) rules = rules_of (json != NULL ? json : "{}");
  RelayAccountChange change = { .enabled = 1, .position = position, .rules = rules };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayAccountRecord) record = relay_settings_change (rig->checkout, &rig->scope, provider, &change, &error);

  g_assert_no_error (error);
  g_assert_cmpint (record->position, ==, position);
}

static Rig *
shop_new (void)
{
  Rig *rig = rig_new ();
  RelayAdapterConfig config = { .clock = rig->clock, .random = rig->random, .transport = carry };

  relay_providers_add (rig->providers, relay_adapter_new (&second, &config));
  set_up (rig, "second", 0, NULL);
  return rig;
}

static char *
sell (Rig *rig, gint64 minor)
{
  g_autoptr (CobroLink) link = rig_link_new (rig);

  link->amount = cobro_money (minor, link->currency);
  return rig_publish (rig, link);
}

/* "rig second!": the gateways offered, those that do not answer marked. */
static char *
offered (Rig *rig, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page = relay_checkout_page (rig->checkout, token, NULL, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < page->ways->len; i++)
    {
      const RelayPageWay *way = page->ways->pdata[i];

      if (way->method == COBRO_METHOD_CARD)
        g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", way->gateway, way->available ? "" : "!");
    }
  return g_string_free (text, FALSE);
}

static void
assert_offered (Rig *rig, gint64 minor, const char *expected)
{
  g_autofree char *token = sell (rig, minor);
  g_autofree char *text = offered (rig, token);

  g_assert_cmpstr (text, ==, expected);
}

/* ── Tests ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* proves: OPF-3 */
static void
test_preference (void)
{
  g_autoptr (Rig) rig = shop_new ();

  assert_offered (rig, 2000, "rig second"); /* equal preference: the older account first */
  set_up (rig, "rig", 5, NULL);
  assert_offered (rig, 2000, "second rig");
}

/* What a provider cannot take is not offered, and not begun. */
static void
test_currencies (void)
{
  g_autoptr (Rig) rig = shop_new ();
  g_autofree char *token = sell (rig, 999);
  RelayBegin begin = { .token = token, .gateway = "second" };
  g_autoptr (GError) error = NULL;

  assert_offered (rig, 999, "rig");
  assert_offered (rig, 1000, "rig second");
  assert_offered (rig, 50000, "rig second");
  assert_offered (rig, 50001, "rig");
  set_up (rig, "rig", 0, "{\"rules\":[{\"currency\":\"USD\"}]}");
  g_assert_null (rig_begin (rig, token, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  set_up (rig, "rig", 0, NULL);
  g_assert_null (relay_checkout_begin (rig->checkout, &begin, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "method");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment"), ==, 0);
}

static void
test_rules (void)
{
  g_autoptr (Rig) rig = shop_new ();

  set_up (rig, "rig", 0, "{\"rules\":[{\"currency\":\"USD\"},{\"currency\":\"EUR\",\"minimum\":3000}]}");
  assert_offered (rig, 2000, "second");
  assert_offered (rig, 3000, "rig second");
  set_up (rig, "rig", 0, "{\"rules\":[{\"methods\":[\"wallet\"]}]}");
  assert_offered (rig, 3000, "second");
  set_up (rig, "rig", 0, NULL);
  assert_offered (rig, 2000, "rig second");
}

static void
assert_bad_rule (const char *json, const char *path)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (json, -1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (relay_account_rules_read (object, "rules", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, path);
}

static void
test_bad_rules (void)
{
  assert_bad_rule ("{\"rules\":[{\"minimum\":5}]}", "rules[0].minimum");
  assert_bad_rule ("{\"rules\":[{\"currency\":\"EUR\",\"minimum\":5,\"maximum\":4}]}", "rules[0].maximum");
  assert_bad_rule ("{\"rules\":[{\"currency\":\"EUR\",\"maximum\":0}]}", "rules[0].maximum");
  assert_bad_rule ("{\"rules\":[{\"currency\":7}]}", "rules[0].currency");
  assert_bad_rule ("{\"rules\":[{},{\"methods\":[\"cheque\"]}]}", "rules[1].methods");
  assert_bad_rule ("{\"rules\":[{\"country\":\"MX\"}]}", "rules[0].country");
}

/* Where the first does not answer, the next begins; an attempt that has begun stays where it is.
 * proves: OPF-3, OPF-10 */
static void
test_fail_over (void)
{
  g_autoptr (Rig) rig = shop_new ();
  g_autofree char *first = sell (rig, 2000), *token = sell (rig, 2000);
  g_autoptr (RelayBeginResult) begun = rig_begin (rig, first, NULL, NULL);
  g_autoptr (RelayBeginResult) other = NULL;
  g_autoptr (RelayBeginResult) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (begun->payment->gateway, ==, "rig");
  rig->provider->begin = RIG_BEGIN_OVERLOADED;
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *lost = sell (rig, 2000);
      g_autoptr (RelayBeginResult) failed = rig_begin (rig, lost, NULL, NULL);
      g_autofree char *ways = offered (rig, lost);

      if (g_str_equal (ways, "rig! second"))
        break;
      g_assert_cmpuint (i, <, 39);
    }
  other = rig_begin (rig, token, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other->payment->gateway, ==, "second");
  g_assert_cmpstr (other->url, ==, "https://second.example/page");
  again = rig_begin (rig, first, begun->payer_key, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_id_equal (&again->payment->id, &begun->payment->id));
  g_assert_cmpstr (again->payment->gateway, ==, "rig");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ways/preference", test_preference);
  g_test_add_func ("/ways/currencies", test_currencies);
  g_test_add_func ("/ways/rules", test_rules);
  g_test_add_func ("/ways/bad-rules", test_bad_rules);
  g_test_add_func ("/ways/fail-over", test_fail_over);
  return g_test_run ();
}
