/* src/view/cobro-provider-text.c — what the window says about providers and refunds.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-provider-text.h"

#include <glib/gi18n.h>
#include "cobro-link.h"

/* ── Where things are to be found ── */

static const struct
{
  const char *provider, *name;
  const char *keys_test, *keys_live, *hooks_test, *hooks_live;
  const char *keys_steps, *hooks_steps;
  const char *hooks_user;
  gboolean makes_secret;
} guides[] = {
  { "stripe", "Stripe", "https://dashboard.stripe.com/test/apikeys", "https://dashboard.stripe.com/apikeys",
    "https://dashboard.stripe.com/test/webhooks", "https://dashboard.stripe.com/webhooks",
    N_ ("Open the API keys in Stripe's dashboard.\n"
        "Copy the publishable key (pk_…) and the secret key (sk_…) and paste them here."),
    N_ ("In Stripe's dashboard, add an endpoint with this address and choose all events of payments, refunds, "
        "disputes and checkout.\n"
        "Stripe then shows a signing secret (whsec_…): paste it here."),
    "", TRUE },
  { "openpay", "Openpay", "https://sandbox-dashboard.openpay.mx/", "https://dashboard.openpay.mx/",
    "https://sandbox-dashboard.openpay.mx/", "https://dashboard.openpay.mx/",
    N_ ("Open Openpay's dashboard; its settings show the merchant id, the private key (sk_…) and the public key "
        "(pk_…).\n"
        "Copy all three and paste them here."),
    N_ ("In Openpay's dashboard, add a webhook with this address, this user and this password.\n"
        "Openpay sends a verification code at once: it appears on this page, and Openpay's dashboard asks for it."),
    "cobro", FALSE },
  { "razorpay", "Razorpay", "https://dashboard.razorpay.com/app/website-app-settings/api-keys",
    "https://dashboard.razorpay.com/app/website-app-settings/api-keys",
    "https://dashboard.razorpay.com/app/website-app-settings/webhooks",
    "https://dashboard.razorpay.com/app/website-app-settings/webhooks",
    N_ ("Choose test or live mode in Razorpay's dashboard and make an API key.\n"
        "Razorpay shows the key id (rzp_…) and, once only, the key secret: paste both here."),
    N_ ("In Razorpay's dashboard, add a webhook with this address and this secret, and choose the events of payments, "
        "orders, refunds and disputes."),
    "", FALSE },
  { "flutterwave", "Flutterwave", "https://app.flutterwave.com/dashboard/settings/apis",
    "https://app.flutterwave.com/dashboard/settings/apis", "https://app.flutterwave.com/dashboard/settings/webhooks",
    "https://app.flutterwave.com/dashboard/settings/webhooks",
    N_ ("Choose test or live mode in Flutterwave's dashboard and open Settings, API keys.\n"
        "Copy the secret key (FLWSECK…) and paste it here."),
    N_ ("In Flutterwave's dashboard, under Settings, Webhooks, enter this address and this secret hash, and switch on "
        "retries."),
    "", FALSE },
};

CobroProviderGuide
cobro_view_provider_guide (const CobroProvider *provider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (guides); i++)
    if (g_str_equal (guides[i].provider, provider->name))
      return (CobroProviderGuide){
        .keys_steps = _ (guides[i].keys_steps),
        .keys_url = provider->livemode ? guides[i].keys_live : guides[i].keys_test,
        .hooks_steps = _ (guides[i].hooks_steps),
        .hooks_url = provider->livemode ? guides[i].hooks_live : guides[i].hooks_test,
        .hooks_user = guides[i].hooks_user,
        .makes_secret = guides[i].makes_secret,
      };
  return (CobroProviderGuide){ "", "", "", "", "", FALSE };
}

/* (nullable) */
static const char *
known_name (const char *provider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (guides); i++)
    if (g_strcmp0 (guides[i].provider, provider) == 0)
      return guides[i].name;
  return g_strcmp0 (provider, "mock") == 0 ? _ ("Test Gateway") : NULL;
}

const char *
cobro_view_gateway_name (const char *gateway)
{
  const char *known = known_name (gateway);

  return known ? known : gateway;
}

const char *
cobro_view_provider_name (const CobroProvider *provider)
{
  const char *known = known_name (provider->name);

  if (known)
    return known;
  return *provider->title ? provider->title : provider->name;
}

/* ── How it stands ── */

CobroViewStatus
cobro_view_provider_status (CobroProviderState state)
{
  switch (state)
    {
    case COBRO_PROVIDER_STATE_NOT_SET_UP:
      return (CobroViewStatus){ _ ("Not Set Up"), "list-add-symbolic", "dim-label" };
    case COBRO_PROVIDER_STATE_OFF:
      return (CobroViewStatus){ _ ("Off"), "media-playback-pause-symbolic", "dim-label" };
    case COBRO_PROVIDER_STATE_WAITING:
      return (CobroViewStatus){ _ ("Waiting to Upload"), "document-send-symbolic", "warning" };
    case COBRO_PROVIDER_STATE_ATTENTION:
      return (CobroViewStatus){ _ ("Needs Attention"), "dialog-warning-symbolic", "error" };
    case COBRO_PROVIDER_STATE_DEGRADED:
      return (CobroViewStatus){ _ ("Does Not Answer"), "network-error-symbolic", "warning" };
    case COBRO_PROVIDER_STATE_TEST:
      return (CobroViewStatus){ _ ("Test"), "applications-science-symbolic", "warning" };
    case COBRO_PROVIDER_STATE_LIVE:
      return (CobroViewStatus){ _ ("Live"), "emblem-ok-symbolic", "success" };
    }
  return (CobroViewStatus){ "", "", "dim-label" };
}

static char *
attention_reason (CobroProviderItem *item)
{
  const CobroProvider *provider = cobro_provider_item_get_provider (item);
  const char *problem = cobro_provider_item_get_problem (item);

  if (*problem)
    /* Translators: %s is the relay's own reason. */
    return g_strdup_printf (_ ("The relay did not take what was typed here: %s. Change it and save again."), problem);
  if (!cobro_provider_is_complete (provider))
    return g_strdup (_ ("A key is missing. Customers cannot pay with it yet."));
  return g_strdup (_ ("Its webhook has no secret yet, so that payments are noticed late: set the webhook up below."));
}

char *
cobro_view_provider_reason (CobroProviderItem *item)
{
  switch (cobro_provider_item_get_state (item))
    {
    case COBRO_PROVIDER_STATE_NOT_SET_UP:
      return g_strdup (_ ("Customers cannot pay with it. Paste your keys to set it up."));
    case COBRO_PROVIDER_STATE_OFF:
      return g_strdup (_ ("Its keys are there, but customers are not offered it. Refunds of earlier payments work."));
    case COBRO_PROVIDER_STATE_WAITING:
      return g_strdup (
        _ ("What you typed is kept in the keyring of this computer and sent as soon as the relay can be reached."));
    case COBRO_PROVIDER_STATE_ATTENTION:
      return attention_reason (item);
    case COBRO_PROVIDER_STATE_DEGRADED:
      return g_strdup (_ ("It does not answer at the moment and is left alone for a while. Nothing is lost: customers "
                          "are offered other ways, and open payments are asked about later."));
    case COBRO_PROVIDER_STATE_TEST:
      return g_strdup (_ ("It works with test cards. No real money moves."));
    case COBRO_PROVIDER_STATE_LIVE:
      return g_strdup (_ ("Customers pay real money with it."));
    }
  return g_strdup ("");
}

char *
cobro_view_key_problem (const CobroProvider *provider, CobroKeyProblem problem, const char *owner)
{
  switch (problem)
    {
    case COBRO_KEY_FINE:
      return NULL;
    case COBRO_KEY_BLANK:
      return g_strdup (_ ("There is a blank inside: copy it once more, without anything around it."));
    case COBRO_KEY_IS_LIVE:
      return g_strdup (
        _ ("This key moves real money, and you are in test mode. Paste the test key, or go live first."));
    case COBRO_KEY_IS_TEST:
      return g_strdup (_ ("This is a test key, and you are live: with it nobody could pay. Paste the live key."));
    case COBRO_KEY_IS_PUBLIC:
      return g_strdup (_ ("This is the public key. The secret one belongs here."));
    case COBRO_KEY_IS_SECRET:
      return g_strdup (_ ("This is a secret key. It belongs into the field for it; what stands here is not hidden."));
    case COBRO_KEY_IS_HOOK:
      return g_strdup (_ ("This is the webhook's signing secret. It belongs below, under Webhook."));
    case COBRO_KEY_IS_OTHERS:
      /* Translators: the first %s is the provider that the key is of, the second the one that is being set up. */
      return g_strdup_printf (_ ("This is a key of %s, not of %s."), cobro_view_gateway_name (owner),
                              cobro_view_provider_name (provider));
    }
  return NULL;
}

char *
cobro_view_methods (guint methods)
{
  const struct
  {
    guint method;
    const char *name;
  } names[] = { { COBRO_METHOD_CARD, _ ("card") },
                { COBRO_METHOD_BANK_TRANSFER, _ ("bank transfer") },
                { COBRO_METHOD_STORE, _ ("cash in a store") },
                { COBRO_METHOD_WALLET, _ ("wallet") },
                { COBRO_METHOD_CRYPTO, _ ("crypto") } };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (methods & names[i].method)
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", names[i].name);
  return g_string_free (text, FALSE);
}

/* ── Refunds ── */

CobroViewStatus
cobro_view_refund_status (CobroRefundState state)
{
  switch (state)
    {
    case COBRO_REFUND_PENDING:
      return (CobroViewStatus){ _ ("Under Way"), "content-loading-symbolic", "accent" };
    case COBRO_REFUND_SUCCEEDED:
      return (CobroViewStatus){ _ ("Given Back"), "emblem-ok-symbolic", "success" };
    case COBRO_REFUND_FAILED:
      return (CobroViewStatus){ _ ("Refused"), "dialog-error-symbolic", "error" };
    }
  return (CobroViewStatus){ "", "", "dim-label" };
}

CobroViewStatus
cobro_view_order_status (CobroRefundOrderState state)
{
  switch (state)
    {
    case COBRO_REFUND_ORDER_WAITING:
      return (CobroViewStatus){ _ ("Waiting to Upload"), "document-send-symbolic", "warning" };
    case COBRO_REFUND_ORDER_ASKED:
    case COBRO_REFUND_ORDER_ANSWERED:
      return (CobroViewStatus){ _ ("Being Asked About"), "content-loading-symbolic", "accent" };
    case COBRO_REFUND_ORDER_REFUSED:
      return (CobroViewStatus){ _ ("Refused"), "dialog-error-symbolic", "error" };
    case COBRO_REFUND_ORDER_UNCLEAR:
      return (CobroViewStatus){ _ ("Unclear"), "dialog-question-symbolic", "warning" };
    }
  return (CobroViewStatus){ "", "", "dim-label" };
}

char *
cobro_view_refund_answer (const CobroRefund *refund, const char *provider)
{
  switch (refund->state)
    {
    case COBRO_REFUND_PENDING:
      /* Translators: %s is a provider, such as Stripe. */
      return g_strdup_printf (_ ("%s has been asked and has not said yet how it ended. It is asked again by itself, "
                                 "and the outcome appears here. Do not refund it another time."),
                              provider);
    case COBRO_REFUND_SUCCEEDED:
      return g_strdup_printf (_ ("%s has taken the refund. Banks need a few days until the customer sees the money."),
                              provider);
    case COBRO_REFUND_FAILED:
      if (*refund->failure_message)
        /* Translators: the first %s is a provider, the second its own reason. */
        return g_strdup_printf (_ ("%s refused the refund: %s. No money moved."), provider, refund->failure_message);
      return g_strdup_printf (_ ("%s refused the refund. No money moved."), provider);
    }
  return g_strdup ("");
}

char *
cobro_view_order_answer (CobroRefundOrderState state, const char *problem)
{
  switch (state)
    {
    case COBRO_REFUND_ORDER_WAITING:
      return g_strdup (
        _ ("The relay cannot be reached. The refund is written down and asked for once, as soon as there "
           "is a connection. Until then you can take it back."));
    case COBRO_REFUND_ORDER_ASKED:
    case COBRO_REFUND_ORDER_ANSWERED:
      return g_strdup (_ ("The relay was asked, and its answer got lost. It is asked again by itself; the refund is "
                          "carried out once at most."));
    case COBRO_REFUND_ORDER_REFUSED:
      /* Translators: %s is the relay's own reason. */
      return g_strdup_printf (_ ("The relay refused: %s. No money moved."), problem);
    case COBRO_REFUND_ORDER_UNCLEAR:
      return g_strdup (_ ("The relay was asked days ago and its answer never came. Look at the payment in the "
                          "provider's dashboard before you refund it again."));
    }
  return g_strdup ("");
}
