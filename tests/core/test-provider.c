/* tests/core/test-provider.c — what keys give away, and changes that are put together.
 * Layer: tests. */
#include "cobro-provider.h"

typedef struct
{
  const char *provider;
  gboolean livemode;
  CobroKeyField field;
  const char *text;
  CobroKeyProblem problem;
  const char *owner;
} Case;

#define S COBRO_KEY_FIELD_SECRET
#define T COBRO_KEY_FIELD_TEXT
#define H COBRO_KEY_FIELD_HOOK

static const Case cases[] = {
  { "stripe", FALSE, S, "sk_test_51Nabc", COBRO_KEY_FINE, NULL },
  { "stripe", FALSE, S, "rk_test_51Nabc", COBRO_KEY_FINE, NULL },
  { "stripe", TRUE, S, "sk_live_51Nabc", COBRO_KEY_FINE, NULL },
  { "stripe", FALSE, S, "sk_live_51Nabc", COBRO_KEY_IS_LIVE, NULL },
  { "stripe", FALSE, S, "rk_live_51Nabc", COBRO_KEY_IS_LIVE, NULL },
  { "stripe", TRUE, S, "sk_test_51Nabc", COBRO_KEY_IS_TEST, NULL },
  { "stripe", FALSE, S, "pk_test_51Nabc", COBRO_KEY_IS_PUBLIC, NULL },
  { "stripe", FALSE, T, "sk_test_51Nabc", COBRO_KEY_IS_SECRET, NULL },
  { "stripe", FALSE, T, "pk_test_51Nabc", COBRO_KEY_FINE, NULL },
  { "stripe", FALSE, T, "pk_live_51Nabc", COBRO_KEY_IS_LIVE, NULL },
  { "stripe", FALSE, S, "whsec_abc", COBRO_KEY_IS_HOOK, NULL },
  { "stripe", FALSE, H, "whsec_abc", COBRO_KEY_FINE, NULL },
  { "stripe", FALSE, H, "sk_test_51Nabc", COBRO_KEY_IS_SECRET, NULL },
  { "stripe", FALSE, S, "sk_test_51N abc", COBRO_KEY_BLANK, NULL },
  { "stripe", FALSE, S, "sk_test_51Nabc\nsk_test_2", COBRO_KEY_BLANK, NULL },
  { "stripe", FALSE, S, "rzp_test_abc", COBRO_KEY_IS_OTHERS, "razorpay" },
  { "stripe", FALSE, S, "FLWSECK_TEST-abc-X", COBRO_KEY_IS_OTHERS, "flutterwave" },
  { "stripe", FALSE, S, "sk_e568c42a6c384b7ab02cd47d2e407cab", COBRO_KEY_IS_OTHERS, "openpay" },
  { "openpay", FALSE, S, "sk_e568c42a6c384b7ab02cd47d2e407cab", COBRO_KEY_FINE, NULL },
  { "openpay", TRUE, S, "sk_e568c42a6c384b7ab02cd47d2e407cab", COBRO_KEY_FINE, NULL },
  { "openpay", FALSE, S, "pk_f0660ad5a39f4912872e24a7a660370c", COBRO_KEY_IS_PUBLIC, NULL },
  { "openpay", FALSE, T, "pk_f0660ad5a39f4912872e24a7a660370c", COBRO_KEY_FINE, NULL },
  { "openpay", FALSE, S, "sk_test_51Nabc", COBRO_KEY_IS_OTHERS, "stripe" },
  { "razorpay", FALSE, T, "rzp_test_abc", COBRO_KEY_FINE, NULL },
  { "razorpay", FALSE, T, "rzp_live_abc", COBRO_KEY_IS_LIVE, NULL },
  { "razorpay", TRUE, T, "rzp_test_abc", COBRO_KEY_IS_TEST, NULL },
  { "razorpay", FALSE, S, "rzp_test_abc", COBRO_KEY_IS_PUBLIC, NULL },
  { "razorpay", FALSE, S, "EnLs21M47BllR3X8PSFtjtbd", COBRO_KEY_FINE, NULL },
  { "flutterwave", FALSE, S, "FLWSECK_TEST-abc-X", COBRO_KEY_FINE, NULL },
  { "flutterwave", FALSE, S, "FLWSECK-abc-X", COBRO_KEY_IS_LIVE, NULL },
  { "flutterwave", TRUE, S, "FLWSECK_TEST-abc-X", COBRO_KEY_IS_TEST, NULL },
  { "flutterwave", TRUE, S, "FLWSECK-abc-X", COBRO_KEY_FINE, NULL },
  { "flutterwave", FALSE, S, "FLWPUBK_TEST-abc-X", COBRO_KEY_IS_PUBLIC, NULL },
  { "somebody", FALSE, S, "sk_live_51Nabc", COBRO_KEY_FINE, NULL },
  { "somebody", FALSE, S, "two words", COBRO_KEY_BLANK, NULL },
  { "stripe", FALSE, T, "Ana's Café", COBRO_KEY_FINE, NULL },
};

/* proves: OPL-13 */
static void
test_keys (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *owner = NULL;
      CobroKeyProblem problem =
        cobro_key_check (cases[i].provider, cases[i].livemode, cases[i].field, cases[i].text, &owner);

      g_test_message ("%s %s", cases[i].provider, cases[i].text);
      g_assert_cmpint (problem, ==, cases[i].problem);
      g_assert_cmpstr (owner, ==, cases[i].owner);
    }
}

static void
test_changes (void)
{
  g_autoptr (CobroProviderChange) first = cobro_provider_change_new ();
  g_autoptr (CobroProviderChange) second = cobro_provider_change_new ();

  cobro_provider_change_set (first, "secret-key", "one");
  cobro_provider_change_set (first, "country", "mx");
  first->enabled = 1;
  first->webhook_secret = g_strdup ("hook");
  cobro_provider_change_set (second, "secret-key", "two");
  second->position = 3;
  second->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);
  g_ptr_array_add (second->rules, cobro_provider_rule_new ("EUR", 1, 100, 0));
  cobro_provider_change_merge (first, second);

  g_assert_cmpstr (g_hash_table_lookup (first->settings, "secret-key"), ==, "two");
  g_assert_cmpstr (g_hash_table_lookup (first->settings, "country"), ==, "mx");
  g_assert_cmpint (first->enabled, ==, 1);
  g_assert_cmpstr (first->webhook_secret, ==, "hook");
  g_assert_cmpint (first->position, ==, 3);
  g_assert_true (cobro_provider_rules_equal (first->rules, second->rules));
  g_assert_true (first->rules != second->rules);
}

static void
test_complete (void)
{
  g_autoptr (CobroProvider) provider = cobro_provider_new ();
  CobroSetting *needed = cobro_setting_new (), *other = cobro_setting_new ();

  g_assert_true (cobro_provider_is_complete (provider));
  g_assert_false (cobro_provider_has_keys (provider));
  needed->required = TRUE;
  g_free (needed->name);
  needed->name = g_strdup ("secret-key");
  g_ptr_array_add (provider->settings, needed);
  g_ptr_array_add (provider->settings, other);
  g_assert_false (cobro_provider_is_complete (provider));
  other->is_set = TRUE;
  g_assert_true (cobro_provider_has_keys (provider));
  g_assert_false (cobro_provider_is_complete (provider));
  needed->is_set = TRUE;
  g_assert_true (cobro_provider_is_complete (provider));
  g_assert_true (cobro_provider_find_setting (provider, "secret-key") == needed);
  g_assert_null (cobro_provider_find_setting (provider, "nothing"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/keys", test_keys);
  g_test_add_func ("/provider/changes", test_changes);
  g_test_add_func ("/provider/complete", test_complete);
  return g_test_run ();
}
