/* relay/providers/flutterwave/relay-flutterwave.c — the adapter put together: what Flutterwave is called and can do,
 * its settings, which conversation a call is. Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

#define STAGE_TEST "test"
#define KEY_TEST   "FLWSECK_TEST-"
#define KEY_LIVE   "FLWSECK-"

static const RelaySetting settings[] = {
  { .name = "secret-key",
    .title = "Secret key",
    .help = "From the dashboard, Settings → API keys: FLWSECK_TEST-… for test, FLWSECK-… for live.",
    .kind = RELAY_SETTING_SECRET,
    .required = TRUE },
  { .name = "fallback-email",
    .title = "E-mail for payers without one",
    .help = "Flutterwave wants an e-mail address with every payment; this one is given when the payer left none, and "
            "gets Flutterwave's receipts then.",
    .kind = RELAY_SETTING_TEXT },
  { .name = "country",
    .title = "Country of the business",
    .help = "Two letters (NG, GH, KE …); needed for charges of saved cards.",
    .kind = RELAY_SETTING_TEXT,
    .initial = "NG" },
};

static gboolean
check_key (const RelayAccount *account, GError **error)
{
  const char *key = relay_account_get (account, "secret-key");

  if (strpbrk (key, " \t\r\n") != NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret-key", "has white space in it");
  if (g_str_has_prefix (key, "FLWPUBK"))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret-key",
                               "is a public key; the secret key begins with FLWSECK");
  if (account->livemode && g_str_has_prefix (key, KEY_TEST))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret-key", "is a test key, and this is a live account");
  if (!g_str_has_prefix (key, account->livemode ? KEY_LIVE : KEY_TEST))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret-key", "a %s key begins with %s",
                               account->livemode ? "live" : "test", account->livemode ? KEY_LIVE : KEY_TEST);
  return TRUE;
}

/* Test and live have one host: the key decides, so it must be of the account's mode. */
static gboolean
check_settings (RelayProvider *self, const RelayAccount *account, GError **error)
{
  const char *country = relay_account_get (account, "country");

  if (!check_key (account, error))
    return FALSE;
  if (*country != '\0' && (strlen (country) != 2 || strspn (country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "country", "must be two capital letters");
  return cobro_text_check_email (relay_account_get (account, "fallback-email"), "fallback-email", error);
}

/* ── The connection test ────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
test (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) envelope = NULL, meta = NULL, info = NULL;
  gint64 total = 0;

  if (answer == NULL)
    return relay_flutterwave_get (talk, ask, STAGE_TEST,
                                  relay_flutterwave_pages (talk, "/v3/transactions", talk->now - COBRO_DAY, 1), TRUE);
  if ((envelope = relay_flutterwave_open (answer, TRUE, error)) == NULL)
    return RELAY_TALK_FAILED;
  meta = relay_adapter_object (envelope, "meta");
  info = meta != NULL ? relay_adapter_object (meta, "page_info") : NULL;
  if (info != NULL)
    (void)relay_adapter_int64 (info, "total", &total);
  talk->words = g_strdup_printf ("%s account: Flutterwave accepts the key and shows %" G_GINT64_FORMAT
                                 " transactions of the last days",
                                 talk->account->livemode ? "live" : "test", total);
  return RELAY_TALK_DONE;
}

/* ── Conversations ──────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  switch (talk->kind)
    {
    case RELAY_TALK_BEGIN:
      return relay_flutterwave_begin (talk, answer, ask, error);
    case RELAY_TALK_QUERY:
    case RELAY_TALK_CANCEL:
      return relay_flutterwave_query (talk, answer, ask, error);
    case RELAY_TALK_REFUND:
      return relay_flutterwave_refund (talk, answer, ask, error);
    case RELAY_TALK_QUERY_REFUND:
      return relay_flutterwave_query_refund (talk, answer, ask, error);
    case RELAY_TALK_QUERY_DISPUTE:
      return relay_flutterwave_query_dispute (talk, answer, ask, error);
    case RELAY_TALK_LIST:
      return relay_flutterwave_list (talk, answer, ask, error);
    case RELAY_TALK_TEST:
      return test (talk, answer, ask, error);
    }
  g_return_val_if_reached (RELAY_TALK_FAILED);
}

const RelayAdapterClass *
relay_flutterwave_class (void)
{
  static const RelayAdapterClass class = {
    .facts = { .name = RELAY_FLUTTERWAVE_NAME,
               .title = "Flutterwave",
               .methods = COBRO_METHOD_CARD | COBRO_METHOD_BANK_TRANSFER | COBRO_METHOD_WALLET,
               .settings = settings,
               .n_settings = G_N_ELEMENTS (settings),
               .currencies = &relay_flutterwave_currencies,
               .takes_tokens = TRUE,
               .needs = COBRO_COLLECT_EMAIL,
               .verify = relay_flutterwave_verify,
               .read = relay_flutterwave_read,
               .check_settings = check_settings },
    .test_base = "https://api.flutterwave.com",
    .live_base = "https://api.flutterwave.com",
    .has_dispute_query = TRUE,
    .next = next,
  };

  return &class;
}
