/* relay/providers/stripe/relay-stripe-requests.c — what we say to Stripe: forms with brackets, the pinned version, the
 * connected account, and a key on everything that changes something. Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

#define FORM             "application/x-www-form-urlencoded"
/* Stripe wants a session's end 30 minutes to 24 hours after it was made. A request may leave later than the payment was
 * made, and again with the same key and the same bytes: the bounds are taken well inside and from the payment's id. */
#define SESSION_SHORTEST COBRO_HOUR
#define SESSION_LONGEST  (23 * COBRO_HOUR)
#define ITEM_NAME_MAX    250 /* characters of a line item's name */

static void
add_headers (const RelayAccount *account, RelayAsk *ask)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", relay_account_get (account, "secret-key"), NULL);
  const char *connected = relay_account_get (account, "connected-account");

  relay_ask_add_header (ask, "Authorization", bearer);
  relay_ask_add_header (ask, "Stripe-Version", RELAY_STRIPE_VERSION);
  if (*connected != '\0')
    relay_ask_add_header (ask, "Stripe-Account", connected);
}

void
relay_stripe_get (const RelayAccount *account, RelayAsk *ask, char *take_path)
{
  relay_ask_set (ask, "GET", take_path, TRUE);
  add_headers (account, ask);
}

void
relay_stripe_post (const RelayAccount *account, RelayAsk *ask, char *take_path, const char *key, GString *form)
{
  relay_ask_set (ask, "POST", take_path, FALSE);
  add_headers (account, ask);
  relay_ask_add_header (ask, "Idempotency-Key", key);
  ask->keyed = TRUE;
  relay_ask_set_body (ask, FORM, g_strdup (form->str));
}

static void
add_unless_empty (GString *form, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    relay_form_add (form, name, value);
}

static gboolean
add_charge (GString *form, const char *amount_name, const char *currency_name, CobroMoney money, GError **error)
{
  g_autofree char *currency = g_ascii_strdown (cobro_money_code (money), -1);
  gint64 units;

  if (!relay_currencies_to_provider (&relay_stripe_currencies, money, &units, error))
    return FALSE;
  relay_form_add_int64 (form, amount_name, units);
  relay_form_add (form, currency_name, currency);
  return TRUE;
}

/* ── Begin ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_stripe_begins_intent (const RelayIntent *intent)
{
  return intent->embedded || intent->return_url == NULL || *intent->return_url == '\0';
}

/* The language of Stripe's page: what it knows of @locale, else as the browser says. */
static const char *
page_language (const char *locale)
{
  static const char *const known[] = { "bg",  "cs", "da",    "de", "el", "en-GB", "en", "es-419", "es",    "et",
                                       "fil", "fi", "fr-CA", "fr", "hr", "hu",    "id", "it",     "ja",    "ko",
                                       "lt",  "lv", "ms",    "mt", "nb", "nl",    "pl", "pt-BR",  "pt",    "ro",
                                       "ru",  "sk", "sl",    "sv", "th", "tr",    "vi", "zh-HK",  "zh-TW", "zh" };
  g_autofree char *wanted = g_strdelimit (g_strdup (locale != NULL ? locale : ""), "_", '-');

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strncasecmp (wanted, known[i], strlen (known[i])) == 0 &&
        (wanted[strlen (known[i])] == '\0' || wanted[strlen (known[i])] == '-'))
      return known[i];
  return "auto";
}

static void
add_session_end (GString *form, const RelayIntent *intent)
{
  CobroTime made = cobro_id_time (&intent->payment_id);

  if (intent->expires_at == 0 || intent->expires_at > made + SESSION_LONGEST) /* Stripe's own day */
    return;
  relay_form_add_int64 (form, "expires_at", MAX (intent->expires_at, made + SESSION_SHORTEST) / COBRO_SECOND);
}

static char *
item_name (const RelayIntent *intent)
{
  const char *said = intent->description != NULL && *intent->description != '\0' ? intent->description : "Payment";

  return g_utf8_substring (said, 0, MIN (g_utf8_strlen (said, -1), ITEM_NAME_MAX));
}

gboolean
relay_stripe_ask_session (const RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (GString) form = g_string_new (NULL);
  g_autofree char *name = item_name (intent);

  relay_form_add (form, "mode", "payment");
  if (!add_charge (form, "line_items[0][price_data][unit_amount]", "line_items[0][price_data][currency]",
                   intent->amount, error))
    return FALSE;
  relay_form_add (form, "line_items[0][price_data][product_data][name]", name);
  relay_form_add (form, "line_items[0][quantity]", "1");
  relay_form_add (form, "success_url", intent->return_url);
  relay_form_add (form, "cancel_url", intent->return_url);
  relay_form_add (form, "client_reference_id", intent->reference);
  relay_form_add (form, "metadata[" META_REFERENCE "]", intent->reference);
  relay_form_add (form, "metadata[" META_OBJECT "]", OBJECT_SESSION);
  relay_form_add (form, "payment_intent_data[metadata][" META_REFERENCE "]", intent->reference);
  relay_form_add (form, "payment_intent_data[metadata][" META_OBJECT "]", OBJECT_SESSION);
  relay_form_add (form, "payment_intent_data[description]", name);
  add_unless_empty (form, "customer_email", intent->payer_email);
  relay_form_add (form, "locale", page_language (intent->locale));
  add_session_end (form, intent);
  relay_stripe_post (talk->account, ask, g_strdup ("/v1/checkout/sessions"), intent->idempotency_key, form);
  return TRUE;
}

gboolean
relay_stripe_ask_intent (const RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (GString) form = g_string_new (NULL);
  g_autofree char *name = item_name (intent);

  if (!add_charge (form, "amount", "currency", intent->amount, error))
    return FALSE;
  relay_form_add (form, "automatic_payment_methods[enabled]", "true");
  relay_form_add (form, "description", name);
  add_unless_empty (form, "receipt_email", intent->payer_email);
  relay_form_add (form, "metadata[" META_REFERENCE "]", intent->reference);
  relay_form_add (form, "metadata[" META_OBJECT "]", OBJECT_INTENT);
  relay_stripe_post (talk->account, ask, g_strdup ("/v1/payment_intents"), intent->idempotency_key, form);
  return TRUE;
}

/* ── One object ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_stripe_ask_object (const RelayAccount *account, RelayAsk *ask, const char *object_id)
{
  g_autofree char *id = relay_adapter_escape (object_id);

  relay_stripe_get (account, ask,
                    g_str_has_prefix (object_id, "cs_")
                      ? g_strconcat ("/v1/checkout/sessions/", id, "?" EXPAND "payment_intent.latest_charge", NULL)
                      : g_strconcat ("/v1/payment_intents/", id, "?" EXPAND "latest_charge", NULL));
}

/* Asking again is asking anew: the key of an earlier "not possible now" would bring that answer back. */
void
relay_stripe_ask_stop (const RelayTalk *talk, RelayAsk *ask, const char *object_id)
{
  g_autoptr (GString) form = g_string_new (NULL);
  g_autofree char *id = relay_adapter_escape (object_id);
  g_autofree char *key = g_strdup_printf ("stop-%s-%" G_GINT64_FORMAT, object_id, talk->now);
  gboolean session = g_str_has_prefix (object_id, "cs_");

  if (!session)
    relay_form_add (form, "cancellation_reason", "abandoned");
  relay_form_add (form, "expand[]", session ? "payment_intent.latest_charge" : "latest_charge");
  relay_stripe_post (talk->account, ask,
                     session ? g_strdup_printf ("/v1/checkout/sessions/%s/expire", id)
                             : g_strdup_printf ("/v1/payment_intents/%s/cancel", id),
                     key, form);
}

gboolean
relay_stripe_ask_refund (const RelayTalk *talk, RelayAsk *ask, const char *intent_id, GError **error)
{
  g_autoptr (GString) form = g_string_new (NULL);
  gint64 units;

  if (!relay_currencies_part_to_provider (&relay_stripe_currencies, talk->amount, &units, error))
    return FALSE;
  relay_form_add (form, "payment_intent", intent_id);
  relay_form_add_int64 (form, "amount", units);
  relay_form_add (form, "metadata[" META_REFERENCE "]", talk->target->reference);
  relay_form_add (form, "metadata[" META_REFUND "]", talk->key);
  relay_stripe_post (talk->account, ask, g_strdup ("/v1/refunds"), talk->key, form);
  return TRUE;
}
