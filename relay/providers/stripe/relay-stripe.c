/* relay/providers/stripe/relay-stripe.c — Stripe put together: its settings, and which conversation goes on.
 * Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

static const RelaySetting settings[] = {
  { .name = "secret-key",
    .title = "Secret key",
    .help = "From Stripe’s dashboard, Developers → API keys: sk_test_… or sk_live_…, or a restricted key (rk_…)",
    .kind = RELAY_SETTING_SECRET,
    .required = TRUE },
  { .name = "publishable-key",
    .title = "Publishable key",
    .help = "pk_test_… or pk_live_…; needed where the card form is on Cobro’s page",
    .kind = RELAY_SETTING_TEXT },
  { .name = "connected-account",
    .title = "Connected account",
    .help = "acct_…, for platforms that charge on behalf of it; empty for your own account",
    .kind = RELAY_SETTING_TEXT },
  { .name = "checkout",
    .title = "Card form",
    .help =
      "“redirect”: on Stripe’s page, no script of others on yours; “embedded”: on Cobro’s page, by Stripe’s script",
    .kind = RELAY_SETTING_TEXT,
    .initial = "redirect" },
};

/* ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Letters, digits and '_' after one of the prefixes: what goes into a header. */
static gboolean
is_key (const char *value, const char *prefix, const char *mode)
{
  g_autofree char *start = g_strconcat (prefix, mode, NULL);

  return g_str_has_prefix (value, start) && strlen (value) > strlen (start) && strlen (value) <= 255 &&
         strspn (value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen (value);
}

static gboolean
check_keys (const RelayAccount *account, GError **error)
{
  const char *mode = account->livemode ? "live_" : "test_";
  const char *secret = relay_account_get (account, "secret-key");
  const char *publishable = relay_account_get (account, "publishable-key");

  if (!is_key (secret, "sk_", mode) && !is_key (secret, "rk_", mode))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "secret-key",
                               "must be a secret key of Stripe's %s mode: sk_%s… or rk_%s…",
                               account->livemode ? "live" : "test", mode, mode);
  if (*publishable != '\0' && !is_key (publishable, "pk_", mode))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "publishable-key",
                               "must be a publishable key of Stripe's %s mode: pk_%s…",
                               account->livemode ? "live" : "test", mode);
  return TRUE;
}

static gboolean
check_settings (RelayProvider *self, const RelayAccount *account, GError **error)
{
  const char *connected = relay_account_get (account, "connected-account");
  const char *checkout = relay_account_get (account, "checkout");

  (void)self;
  if (!check_keys (account, error))
    return FALSE;
  if (*connected != '\0' && !is_key (connected, "acct_", ""))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "connected-account", "must be acct_… or empty");
  if (*checkout != '\0' && strcmp (checkout, "redirect") != 0 && strcmp (checkout, "embedded") != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "checkout", "must be \"redirect\" or \"embedded\"");
  if (strcmp (checkout, "embedded") == 0 && *relay_account_get (account, "publishable-key") == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "publishable-key",
                               "is needed where the card form is on Cobro's page");
  return TRUE;
}

/* ── Conversations ──────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  switch (talk->kind)
    {
    case RELAY_TALK_BEGIN:
      return relay_stripe_begin_next (talk, answer, ask, error);
    case RELAY_TALK_QUERY:
      return relay_stripe_query_next (talk, answer, ask, error);
    case RELAY_TALK_CANCEL:
      return relay_stripe_cancel_next (talk, answer, ask, error);
    case RELAY_TALK_REFUND:
      return relay_stripe_refund_next (talk, answer, ask, error);
    case RELAY_TALK_QUERY_REFUND:
      return relay_stripe_query_refund_next (talk, answer, ask, error);
    case RELAY_TALK_QUERY_DISPUTE:
      return relay_stripe_query_dispute_next (talk, answer, ask, error);
    case RELAY_TALK_LIST:
      return relay_stripe_list_next (talk, answer, ask, error);
    case RELAY_TALK_TEST:
      return relay_stripe_test_next (talk, answer, ask, error);
    }
  g_return_val_if_reached (RELAY_TALK_FAILED);
}

static const RelayAdapterClass stripe_class = {
  .facts = { .name = RELAY_STRIPE_NAME,
             .title = "Stripe",
             .methods = COBRO_METHOD_CARD,
             .settings = settings,
             .n_settings = G_N_ELEMENTS (settings),
             .currencies = &relay_stripe_currencies,
             .embeds = TRUE,
             .verify = relay_stripe_verify,
             .read = relay_stripe_read,
             .check_settings = check_settings },
  .test_base = "https://api.stripe.com",
  .live_base = "https://api.stripe.com",
  .answer_max = 4 * 1024 * 1024,
  .has_dispute_query = TRUE,
  .next = next,
};

const RelayAdapterClass *
relay_stripe_adapter (void)
{
  return &stripe_class;
}
