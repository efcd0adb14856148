/* relay/providers/openpay/relay-openpay.c — Openpay put together: settings, currencies, addresses, and which talk is
 * held where. Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"

#define ID_MAX        45
#define REFERENCE_LEN 57 /* "pay_", 26 characters, '.', 26 hex digits */

/* ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────── */

static const RelaySetting settings[] = {
  { "merchant-id", "Merchant ID", "From the dashboard of Openpay, under API credentials", RELAY_SETTING_TEXT, TRUE,
    NULL, 0, 0 },
  { "private-key", "Private key", "Begins with sk_", RELAY_SETTING_SECRET, TRUE, NULL, 0, 0 },
  { "public-key", "Public key", "Begins with pk_; needed only for card fields on the payment page itself",
    RELAY_SETTING_TEXT, FALSE, NULL, 0, 0 },
  { "country", "Country", "Where the account is: mx (México), co (Colombia) or pe (Perú)", RELAY_SETTING_TEXT, FALSE,
    "mx", 0, 0 },
  { "checkout", "Card form", "redirect: on a page of Openpay's; embedded: on the payment page, with Openpay's script",
    RELAY_SETTING_TEXT, FALSE, "redirect", 0, 0 },
  { "use-3d-secure", "3-D Secure",
    "With embedded card fields. risk: when the fraud check asks for it; always: with every card; never",
    RELAY_SETTING_TEXT, FALSE, "risk", 0, 0 },
};

static const char *const countries[] = { "mx", "co", "pe" };
static const char *const checkouts[] = { "redirect", "embedded" };
static const char *const securities[] = { "risk", "always", "never" };

static gboolean
check_word (const RelayAccount *account, const char *name, const char *const *words, gsize n, GError **error)
{
  const char *value = relay_account_get (account, name);
  g_autofree char *all = NULL;

  for (gsize i = 0; i < n; i++)
    if (*value == '\0' || strcmp (value, words[i]) == 0)
      return TRUE;
  all = n == 2 ? g_strjoin (" or ", words[0], words[1], NULL) : g_strjoin (", ", words[0], words[1], words[2], NULL);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must be one of: %s", all);
}

static gboolean
check_key (const RelayAccount *account, const char *name, const char *prefix, GError **error)
{
  const char *key = relay_account_get (account, name);

  if (*key == '\0' || (g_str_has_prefix (key, prefix) && relay_openpay_is_id (key)))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "begins with %s and has letters and digits only",
                             prefix);
}

/* The script that is known here (js.openpay.mx) makes tokens in México only. */
static gboolean
check_embedded (const RelayAccount *account, GError **error)
{
  if (strcmp (relay_account_get (account, "checkout"), "embedded") != 0)
    return TRUE;
  if (*relay_account_get (account, "public-key") == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "public-key", "is needed for embedded card fields");
  if (relay_openpay_country (account) != RELAY_OPENPAY_MX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "checkout", "embedded is for accounts in México only");
  return TRUE;
}

static gboolean
check_all (const RelayAccount *account, GError **error)
{
  const char *merchant = relay_account_get (account, "merchant-id");

  if (*merchant != '\0' && !relay_openpay_is_id (merchant))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "merchant-id", "has letters and digits only");
  if (!check_key (account, "private-key", "sk_", error) || !check_key (account, "public-key", "pk_", error) ||
      !check_word (account, "country", countries, G_N_ELEMENTS (countries), error) ||
      !check_word (account, "checkout", checkouts, G_N_ELEMENTS (checkouts), error) ||
      !check_word (account, "use-3d-secure", securities, G_N_ELEMENTS (securities), error))
    return FALSE;
  return check_embedded (account, error);
}

static gboolean
check_settings (RelayProvider *self, const RelayAccount *account, GError **error)
{
  return check_all (account, error) || cobro_error_prefix_path (error, "settings");
}

RelayOpenpayCountry
relay_openpay_country (const RelayAccount *account)
{
  const char *country = relay_account_get (account, "country");

  if (strcmp (country, "co") == 0)
    return RELAY_OPENPAY_CO;
  return strcmp (country, "pe") == 0 ? RELAY_OPENPAY_PE : RELAY_OPENPAY_MX;
}

static char *
base (const RelayAccount *account)
{
  return g_strdup_printf ("https://%s.openpay.%s", account->livemode ? "api" : "sandbox-api",
                          countries[relay_openpay_country (account)]);
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Decimal numbers of major units with at most two digits after the point. No least amount is published. */
static const RelayCurrencyRule rules[] = {
  { "MXN", 2, 1, COBRO_MONEY_LIMIT, 1 },
  { "USD", 2, 1, COBRO_MONEY_LIMIT, 1 },
  { "COP", 2, 1, COBRO_MONEY_LIMIT, 1 },
  { "PEN", 2, 1, COBRO_MONEY_LIMIT, 1 },
};

const RelayCurrencies relay_openpay_currencies = { rules, G_N_ELEMENTS (rules), { "", RELAY_CURRENCY_ISO, 1, 0, 1 } };
/* Money of any other currency is what it is, too: nobody settles anything with it, but it has to be said. */
const RelayCurrencies relay_openpay_heard = { rules,
                                              G_N_ELEMENTS (rules),
                                              { "", RELAY_CURRENCY_ISO, 1, G_MAXINT64, 1 } };

/* ── Talking ────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_openpay_is_id (const char *id)
{
  gsize length = strlen (id);

  return length > 0 && length <= ID_MAX &&
         strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

gboolean
relay_openpay_is_ours (const char *order_id)
{
  return strlen (order_id) == REFERENCE_LEN && g_str_has_prefix (order_id, "pay_") && order_id[30] == '.' &&
         strspn (order_id + 31, "0123456789abcdef") == 26;
}

gboolean
relay_openpay_ask (const RelayTalk *talk, RelayAsk *ask, const char *method, char *take_tail, gboolean safe,
                   GError **error)
{
  g_autofree char *tail = take_tail;
  const char *merchant = relay_account_get (talk->account, "merchant-id");
  const char *key = relay_account_get (talk->account, "private-key");

  if (!relay_openpay_is_id (merchant) || *key == '\0')
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "the merchant ID and the private key are not set");
  relay_ask_set (ask, method, g_strdup_printf ("/v1/%s%s", merchant, tail), safe);
  relay_ask_add_basic (ask, key, "");
  return TRUE;
}

void
relay_openpay_phase (RelayTalk *talk, const char *phase)
{
  g_free (talk->notes[0]);
  talk->notes[0] = g_strdup (phase);
}

gboolean
relay_openpay_is_phase (const RelayTalk *talk, const char *phase)
{
  return g_strcmp0 (talk->notes[0], phase) == 0;
}

static RelayTalkStep
test (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  static const char *const names[] = { "México", "Colombia", "Perú" };
  g_autoptr (CobroWireObject) list = NULL;

  if (answer == NULL)
    return relay_openpay_ask (talk, ask, "GET", g_strdup ("/charges?limit=1"), TRUE, error) ? RELAY_TALK_ASK
                                                                                            : RELAY_TALK_FAILED;
  if (!relay_openpay_is_good (answer))
    {
      relay_openpay_refuse (answer, TRUE, error);
      return RELAY_TALK_FAILED;
    }
  if (!(list = relay_adapter_parse_list ("Openpay", answer, error)))
    return RELAY_TALK_FAILED;
  talk->words = g_strdup_printf ("Openpay in %s knows merchant %s: %s", names[relay_openpay_country (talk->account)],
                                 relay_account_get (talk->account, "merchant-id"),
                                 talk->account->livemode ? "live account" : "sandbox");
  return RELAY_TALK_DONE;
}

static RelayTalkStep
next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  switch (talk->kind)
    {
    case RELAY_TALK_BEGIN:
      return relay_openpay_begin (talk, answer, ask, error);
    case RELAY_TALK_QUERY:
      return relay_openpay_query (talk, answer, ask, error);
    case RELAY_TALK_CANCEL:
      return relay_openpay_cancel (talk, answer, ask, error);
    case RELAY_TALK_REFUND:
      return relay_openpay_refund (talk, answer, ask, error);
    case RELAY_TALK_QUERY_REFUND:
      return relay_openpay_query_refund (talk, answer, ask, error);
    case RELAY_TALK_QUERY_DISPUTE:
      return relay_openpay_dispute (talk, answer, ask, error);
    case RELAY_TALK_LIST:
      return relay_openpay_list (talk, answer, ask, error);
    case RELAY_TALK_TEST:
      return test (talk, answer, ask, error);
    }
  g_return_val_if_reached (RELAY_TALK_FAILED);
}

static const RelayAdapterClass openpay_class = {
  .facts = { .name = RELAY_OPENPAY_NAME,
             .title = "Openpay",
             .methods = COBRO_METHOD_CARD | COBRO_METHOD_BANK_TRANSFER | COBRO_METHOD_STORE,
             .settings = settings,
             .n_settings = G_N_ELEMENTS (settings),
             .currencies = &relay_openpay_currencies,
             .embeds = TRUE,
             .takes_tokens = TRUE,
             .token_key = "public-key",
             .token_account = "merchant-id",
             .needs = COBRO_COLLECT_EMAIL,
             .verify = relay_openpay_verify,
             .read = relay_openpay_read,
             .tell = relay_openpay_tell,
             .check_settings = check_settings },
  .test_base = "https://sandbox-api.openpay.mx",
  .live_base = "https://api.openpay.mx",
  .base = base,
  .has_dispute_query = TRUE,
  .next = next,
};

const RelayAdapterClass *
relay_openpay_adapter (void)
{
  return &openpay_class;
}
