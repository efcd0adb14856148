/* relay/providers/razorpay/relay-razorpay-talk.c — one request after the other: how they are made, what a refusal
 * means, and who hears which answer. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

#define NAME "Razorpay"

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_razorpay_note (RelayTalk *talk, guint which, const char *text)
{
  char *copy = g_strdup (text); /* it may be the same note */

  g_free (talk->notes[which]);
  talk->notes[which] = copy;
}

const char *
relay_razorpay_noted (const RelayTalk *talk, guint which)
{
  return talk->notes[which] != NULL ? talk->notes[which] : "";
}

RelayTalkStep
relay_razorpay_ask (RelayTalk *talk, RelayAsk *ask, const char *step, const char *method, char *take_path,
                    gboolean safe)
{
  const RelayAccount *account = talk->account;
  const char *partner = relay_account_get (account, "partner-account");

  relay_razorpay_note (talk, RELAY_RAZORPAY_STEP, step);
  relay_ask_set (ask, method, take_path, safe);
  /* "Basic" with a capital: Razorpay refuses the scheme in lower case. */
  relay_ask_add_basic (ask, relay_account_get (account, "key-id"), relay_account_get (account, "key-secret"));
  if (*partner != '\0')
    relay_ask_add_header (ask, "X-Razorpay-Account", partner);
  return RELAY_TALK_ASK;
}

/* ── Hearing ────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_razorpay_is_good (const CobroNetAnswer *answer)
{
  return answer->status >= 200 && answer->status < 300;
}

/* (transfer full) (nullable) what Razorpay says about a refusal: "Authentication failed (input_validation_failed)". */
static char *
read_words (const CobroNetAnswer *answer)
{
  g_autoptr (CobroWireObject) object = relay_adapter_parse (NAME, answer, NULL);
  g_autoptr (CobroWireObject) said = object != NULL ? relay_adapter_object (object, "error") : NULL;
  g_autofree char *words = said != NULL ? relay_adapter_text (said, "description") : NULL;
  g_autofree char *reason = said != NULL ? relay_adapter_text (said, "reason") : NULL;

  if (words == NULL || *words == '\0')
    return NULL;
  if (*reason == '\0' || strcmp (reason, "NA") == 0)
    return g_steal_pointer (&words);
  return g_strdup_printf ("%s (%s)", words, reason);
}

gboolean
relay_razorpay_was_refused (const CobroNetAnswer *answer, char **out_words)
{
  if (answer->status != 400)
    return FALSE;
  *out_words = read_words (answer);
  if (*out_words == NULL)
    *out_words = g_strdup ("Razorpay gave no reason");
  return TRUE;
}

/* An id that Razorpay does not know is a 400 with these words, not a 404. */
static gboolean
is_unknown_id (const CobroNetAnswer *answer, const char *words)
{
  return answer->status == 400 && words != NULL &&
         (strstr (words, "does not exist") != NULL || strstr (words, "is not a valid id") != NULL);
}

static void
refuse (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  g_autofree char *words = read_words (answer);

  if (answer->status == 401)
    cobro_error_set (error, COBRO_ERROR_PROVIDER, "Razorpay does not take the keys: %.200s",
                     words != NULL ? words : "authentication failed");
  else if (answer->status == 409) /* the same request is under way there */
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Razorpay is still busy with the same request");
  else if (!safe && (answer->status == 408 || answer->status / 100 == 3)) /* somebody in between answered */
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Razorpay did not answer itself (%u)", answer->status);
  else if (!safe && answer->status == 404)
    relay_adapter_refuse (400, safe, words != NULL ? words : "Razorpay does not know this address", error);
  else if (is_unknown_id (answer, words))
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Razorpay does not know it: %.200s", words);
  else
    relay_adapter_refuse (answer->status, safe, words, error);
}

CobroWireObject *
relay_razorpay_hear (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  if (relay_razorpay_is_good (answer))
    return relay_adapter_parse (NAME, answer, error);
  refuse (answer, safe, error);
  return NULL;
}

RelayTalkStep
relay_razorpay_nonsense (GError **error, const char *what)
{
  g_autofree char *reason = error != NULL && *error != NULL ? g_strdup ((*error)->message) : NULL;

  g_clear_error (error);
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Razorpay answered nonsense: %s%s%s", what, reason != NULL ? ": " : "",
                   reason != NULL ? reason : "");
  return RELAY_TALK_FAILED;
}

GPtrArray *
relay_razorpay_items (CobroWireObject *object, const char *key, GError **error)
{
  CobroWireKind kind = cobro_wire_kind (object, key);
  g_autoptr (GPtrArray) items = relay_adapter_objects (object, key);
  g_autofree char *raw = kind == COBRO_WIRE_ARRAY ? cobro_wire_get_raw (object, key) : g_strdup ("[]");
  gint64 count = 0;

  (void)relay_adapter_int64 (object, "count", &count);
  if ((kind == COBRO_WIRE_ARRAY || kind == COBRO_WIRE_NULL) &&
      (items->len > 0 || (strcmp (raw, "[]") == 0 && count == 0)))
    return g_steal_pointer (&items);
  relay_razorpay_nonsense (error, "a list without its members");
  return NULL;
}

RelayTalkStep
relay_razorpay_done (RelayTalk *talk, CobroFact *take_fact)
{
  if (talk->kind != RELAY_TALK_BEGIN)
    {
      talk->fact = take_fact;
      return RELAY_TALK_DONE;
    }
  talk->begun = g_new0 (RelayBegun, 1);
  talk->begun->fact = take_fact;
  talk->begun->next = RELAY_NEXT_NOTHING;
  return RELAY_TALK_DONE;
}

char *
relay_razorpay_receipt (const RelayTalk *talk)
{
  const CobroId *id = talk->kind == RELAY_TALK_BEGIN ? &talk->intent->payment_id : &talk->target->payment_id;

  return g_strdup (id->text);
}

/* ── Who hears what ─────────────────────────────────────────────────────────────────────────────────────────── */

static const struct
{
  const char *step;
  RelayRazorpayHear hear;
} hearers[] = {
  { "make-link", relay_razorpay_heard_link_made },
  { "make-order", relay_razorpay_heard_order_made },
  { "find-links", relay_razorpay_heard_links },
  { "find-orders", relay_razorpay_heard_orders },
  { "link", relay_razorpay_heard_link },
  { "cancel-link", relay_razorpay_heard_cancelled },
  { "payments", relay_razorpay_heard_payments },
  { "payment", relay_razorpay_heard_payment },
  { "capture", relay_razorpay_heard_capture },
  { "refund", relay_razorpay_heard_refund },
  { "one-refund", relay_razorpay_heard_one_refund },
  { "refunds", relay_razorpay_heard_refunds },
  { "disputes", relay_razorpay_heard_disputes },
  { "list", relay_razorpay_heard_list },
  { "test", relay_razorpay_heard_test },
};

static RelayTalkStep
start (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  switch (talk->kind)
    {
    case RELAY_TALK_BEGIN:
      return relay_razorpay_begin (talk, ask, error);
    case RELAY_TALK_QUERY:
      return relay_razorpay_look (talk, ask, error);
    case RELAY_TALK_CANCEL:
      return relay_razorpay_cancel (talk, ask, error);
    case RELAY_TALK_REFUND:
    case RELAY_TALK_QUERY_REFUND:
    case RELAY_TALK_QUERY_DISPUTE:
      /* Money hangs on a payment, pay_…; while the books do not know which, the order or link says it. */
      return *talk->target->charge_id != '\0' ? relay_razorpay_about_charge (talk, talk->target->charge_id, ask, error)
                                              : relay_razorpay_look (talk, ask, error);
    case RELAY_TALK_LIST:
      return relay_razorpay_list (talk, ask, error);
    case RELAY_TALK_TEST:
      return relay_razorpay_test (talk, ask, error);
    }
  g_return_val_if_reached (RELAY_TALK_FAILED);
}

static RelayTalkStep
talk_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer == NULL)
    return start (talk, ask, error);
  for (guint i = 0; i < G_N_ELEMENTS (hearers); i++)
    if (strcmp (hearers[i].step, relay_razorpay_noted (talk, RELAY_RAZORPAY_STEP)) == 0)
      return hearers[i].hear (talk, answer, ask, error);
  g_return_val_if_reached (RELAY_TALK_FAILED);
}

/* ── The provider ───────────────────────────────────────────────────────────────────────────────────────────── */

static const RelaySetting settings[] = {
  { .name = "key-id",
    .title = "Key id",
    .help = "Account & Settings → API Keys in Razorpay's dashboard; begins with rzp_test_ or rzp_live_.",
    .kind = RELAY_SETTING_TEXT,
    .required = TRUE },
  { .name = "key-secret",
    .title = "Key secret",
    .help = "Shown once by Razorpay when the key is made.",
    .kind = RELAY_SETTING_SECRET,
    .required = TRUE },
  { .name = "checkout",
    .title = "Checkout",
    .help = "redirect: the buyer pays on a page at Razorpay; embedded: Razorpay's script runs in the payment page.",
    .kind = RELAY_SETTING_TEXT,
    .initial = "redirect" },
  { .name = "capture",
    .title = "Capture",
    .help = "automatic: as Razorpay's dashboard is set; relay: whatever stays authorised is captured by this relay.",
    .kind = RELAY_SETTING_TEXT,
    .initial = "automatic" },
  { .name = "account-id",
    .title = "Account id",
    .help = "acc_…: when it is set, webhooks of any other account are refused.",
    .kind = RELAY_SETTING_TEXT },
  { .name = "partner-account",
    .title = "Partner: account of the business",
    .help = "acc_…: only for Razorpay's partners, who act for another business with their own keys.",
    .kind = RELAY_SETTING_TEXT },
};

static gboolean
check_choice (const RelayAccount *account, const char *name, const char *const *choices, GError **error)
{
  const char *value = relay_account_get (account, name);

  if (*value == '\0' || g_strv_contains (choices, value))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must be \"%s\" or \"%s\"", choices[0], choices[1]);
}

static gboolean
check_account_id (const RelayAccount *account, const char *name, GError **error)
{
  const char *value = relay_account_get (account, name);

  if (*value == '\0' || relay_razorpay_is_id (value, "acc_"))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "is not an account id of Razorpay (acc_…)");
}

/* Test and live differ by the key alone, so a key in the wrong place is found here and not by a buyer. */
static gboolean
check_key (const RelayAccount *account, GError **error)
{
  const char *key = relay_account_get (account, "key-id");
  gboolean is_test = g_str_has_prefix (key, "rzp_test_"), is_live = g_str_has_prefix (key, "rzp_live_");

  if (!is_test && !is_live)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key-id", "must begin with rzp_test_ or rzp_live_");
  if (is_live != account->livemode)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key-id", "is a %s key, and this is the %s account",
                               is_live ? "live" : "test", account->livemode ? "live" : "test");
  if (strlen (key) < strlen ("rzp_test_") + 4 || strchr (key, ':') != NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key-id", "is not a key id");
  return TRUE;
}

static gboolean
check_settings (RelayProvider *self, const RelayAccount *account, GError **error)
{
  static const char *const checkouts[] = { "redirect", "embedded", NULL };
  static const char *const captures[] = { "automatic", "relay", NULL };

  if (!check_key (account, error))
    return FALSE;
  if (*relay_account_get (account, "key-secret") == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key-secret", "is required");
  return check_choice (account, "checkout", checkouts, error) && check_choice (account, "capture", captures, error) &&
         check_account_id (account, "account-id", error) && check_account_id (account, "partner-account", error);
}

static const RelayAdapterClass razorpay_class = {
  .facts = {
    .name = RELAY_RAZORPAY_NAME,
    .title = "Razorpay",
    .methods = COBRO_METHOD_CARD | COBRO_METHOD_BANK_TRANSFER | COBRO_METHOD_WALLET,
    .settings = settings,
    .n_settings = G_N_ELEMENTS (settings),
    .currencies = &relay_razorpay_currencies,
    .embeds = TRUE,
    .verify = relay_razorpay_verify,
    .read = relay_razorpay_read,
    .check_settings = check_settings,
  },
  .test_base = "https://api.razorpay.com",
  .live_base = "https://api.razorpay.com",
  .has_dispute_query = TRUE,
  .next = talk_next,
};

const RelayAdapterClass *
relay_razorpay_adapter (void)
{
  return &razorpay_class;
}
