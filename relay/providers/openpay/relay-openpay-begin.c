/* relay/providers/openpay/relay-openpay-begin.c — a charge is made, once: our reference is its order number, which
 * Openpay takes only once. It is looked for before it is sent, since every call may be a repeated one, and again when
 * Openpay says that it has it. Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"

#define LOOK            "look"
#define CREATE          "create"
#define CREATE_3DS      "create with 3-D Secure"
#define AGAIN           "look again"
#define CODE_ORDER_USED 1006
#define CODE_FRAUD_RISK 3005
#define DESCRIPTION_MAX 250
#define CUSTOMER_MAX    100              /* characters of a name */
#define DUE_MAX         (30 * COBRO_DAY) /* no reference of a store or for a transfer lives longer */

/* ── What is sent ───────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
has_token (const RelayIntent *intent)
{
  return intent->token != NULL && *intent->token != '\0';
}

static const char *
three_ds (const RelayAccount *account)
{
  const char *value = relay_account_get (account, "use-3d-secure");

  return *value != '\0' ? value : "risk";
}

/* The currency of the country, and what else would be refused there in words that help nobody. */
static gboolean
check_intent (const RelayAccount *account, const RelayIntent *intent, GError **error)
{
  static const char *const taken[] = { "MXN USD", "COP", "PEN" };
  static const char *const names[] = { "México", "Colombia", "Perú" };
  RelayOpenpayCountry country = relay_openpay_country (account);

  if (strstr (taken[country], cobro_money_code (intent->amount)) == NULL)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "Openpay in %s takes %s, not %s", names[country],
                            taken[country], cobro_money_code (intent->amount));
  if (intent->method != COBRO_METHOD_CARD && strcmp (cobro_money_code (intent->amount), "USD") == 0)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "transfers and stores take Mexican pesos only, not USD");
  if (intent->method == COBRO_METHOD_BANK_TRANSFER && country != RELAY_OPENPAY_MX)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "Openpay takes transfers (SPEI) in México only");
  if (*intent->payer_email == '\0')
    return cobro_error_set (error, COBRO_ERROR_PROVIDER,
                            "Openpay needs the payer's e-mail address: ask for it on the link");
  if (has_token (intent) && (intent->device == NULL || *intent->device == '\0'))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "Openpay needs the device session of the payer's browser");
  if (*intent->return_url == '\0' && intent->method == COBRO_METHOD_CARD &&
      (!has_token (intent) || strcmp (three_ds (account), "always") == 0))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "Openpay needs an address that its page leads back to");
  return TRUE;
}

static char *
digits_of (const char *phone)
{
  GString *digits = g_string_new (NULL);

  for (const char *p = phone != NULL ? phone : ""; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      g_string_append_c (digits, *p);
  return g_string_free (digits, FALSE);
}

static void
put_customer (CobroWireWriter *writer, const RelayIntent *intent)
{
  const char *known =
    intent->payer_name != NULL && *intent->payer_name != '\0' ? intent->payer_name : intent->payer_email;
  g_autofree char *name = g_utf8_substring (known, 0, MIN (g_utf8_strlen (known, -1), CUSTOMER_MAX));
  g_autofree char *phone = digits_of (intent->payer_phone);

  cobro_wire_begin_object (writer, "customer");
  cobro_wire_put_text (writer, "name", name);
  cobro_wire_put_text (writer, "email", intent->payer_email);
  if (*phone != '\0')
    cobro_wire_put_text (writer, "phone_number", phone);
  cobro_wire_end_object (writer);
}

static void
put_card (CobroWireWriter *writer, const RelayIntent *intent, gboolean secure)
{
  cobro_wire_put_text (writer, "method", "card");
  if (has_token (intent))
    {
      cobro_wire_put_text (writer, "source_id", intent->token);
      cobro_wire_put_text (writer, "device_session_id", intent->device);
      if (secure)
        cobro_wire_put_bool (writer, "use_3d_secure", TRUE);
    }
  else
    {
      cobro_wire_put_bool (writer, "confirm", FALSE);
      cobro_wire_put_bool (writer, "send_email", FALSE);
    }
  if (secure || !has_token (intent))
    cobro_wire_put_text (writer, "redirect_url", intent->return_url);
}

/* A store's or bank's reference ends with the payer's time. The hosted form has no end that could be set. */
static void
put_due (CobroWireWriter *writer, const RelayTalk *talk)
{
  CobroTime due = talk->intent->expires_at;

  if (due == 0)
    return;
  due = MIN (due, talk->now + DUE_MAX);
  cobro_wire_put_time (writer, "due_date", due - due % COBRO_SECOND);
}

static void
put_method (CobroWireWriter *writer, const RelayTalk *talk, gboolean secure)
{
  if (talk->intent->method == COBRO_METHOD_BANK_TRANSFER || talk->intent->method == COBRO_METHOD_STORE)
    {
      cobro_wire_put_text (writer, "method", talk->intent->method == COBRO_METHOD_STORE ? "store" : "bank_account");
      put_due (writer, talk);
    }
  else
    put_card (writer, talk->intent, secure);
}

static RelayTalkStep
ask_create (RelayTalk *talk, RelayAsk *ask, gboolean secure, GError **error)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *amount = relay_currencies_to_decimal (&relay_openpay_currencies, intent->amount, error);
  g_autofree char *description =
    g_utf8_substring (intent->description, 0, MIN (g_utf8_strlen (intent->description, -1), DESCRIPTION_MAX));

  if (amount == NULL || !relay_openpay_ask (talk, ask, "POST", g_strdup ("/charges"), FALSE, error))
    return RELAY_TALK_FAILED;
  cobro_wire_begin_object (writer, NULL);
  put_method (writer, talk, secure);
  cobro_wire_put_raw (writer, "amount", amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (intent->amount));
  cobro_wire_put_text (writer, "description", *description != '\0' ? description : "Cobro");
  cobro_wire_put_text (writer, "order_id", intent->reference);
  if (relay_openpay_country (talk->account) == RELAY_OPENPAY_CO)
    cobro_wire_put_text (writer, "iva", "0"); /* required there, and informational: we do not know the tax */
  put_customer (writer, intent);
  cobro_wire_end_object (writer);
  relay_ask_set_body (ask, "application/json", cobro_wire_writer_take (writer));
  relay_openpay_phase (talk, secure ? CREATE_3DS : CREATE);
  return RELAY_TALK_ASK;
}

/* ── What comes back ────────────────────────────────────────────────────────────────────────────────────────── */

static void
put_detail (RelayBegun *begun, const char *name, const char *value)
{
  if (*value != '\0')
    g_hash_table_insert (begun->details, g_strdup (name), g_strdup (value));
}

/* The printable voucher: its address is not in the answer; every one of Openpay's own shop modules makes it so. */
static char *
voucher_url (const RelayTalk *talk, const RelayOpenpayCharge *charge, gboolean store)
{
  static const char *const tops[] = { "mx", "co", "pe" };

  return g_strdup_printf ("https://%sdashboard.openpay.%s/%s/%s/%s", talk->account->livemode ? "" : "sandbox-",
                          tops[relay_openpay_country (talk->account)], store ? "paynet-pdf" : "spei-pdf",
                          relay_account_get (talk->account, "merchant-id"), store ? charge->reference : charge->id);
}

static gboolean
fill_instructions (const RelayTalk *talk, RelayBegun *begun, const RelayOpenpayCharge *charge, GError **error)
{
  gboolean store = strcmp (charge->method, "store") == 0;
  g_autofree char *due = charge->due != 0 ? cobro_time_to_text (charge->due) : g_strdup ("");
  g_autofree char *voucher = voucher_url (talk, charge, store);

  if (!relay_openpay_is_id (charge->reference) || (!store && *charge->clabe == '\0'))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: nothing to pay with");
  begun->next = RELAY_NEXT_INSTRUCTIONS;
  begun->details = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  put_detail (begun, "kind", store ? "store" : "transfer");
  put_detail (begun, "reference", charge->reference);
  put_detail (begun, "bank", charge->bank);
  put_detail (begun, "clabe", charge->clabe);
  put_detail (begun, "agreement", charge->agreement);
  put_detail (begun, "barcode-url", charge->barcode);
  put_detail (begun, "due", due);
  put_detail (begun, "hosted-url", voucher);
  return TRUE;
}

/* A page over plain HTTP is a stand-in's: for test accounts only. */
static gboolean
fill_redirect (const RelayTalk *talk, RelayBegun *begun, const RelayOpenpayCharge *charge, GError **error)
{
  if (!g_str_has_prefix (charge->url, "https://") &&
      (talk->account->livemode || !g_str_has_prefix (charge->url, "http://")))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: no page to pay on");
  begun->next = RELAY_NEXT_REDIRECT;
  begun->redirect_url = g_strdup (charge->url);
  return TRUE;
}

static RelayTalkStep
finish (RelayTalk *talk, const RelayOpenpayCharge *charge, GError **error)
{
  g_autoptr (CobroFact) fact = relay_openpay_charge_fact (talk->account, charge, error);
  RelayBegun *begun;
  gboolean card = strcmp (charge->method, "card") == 0;

  if (fact == NULL)
    return RELAY_TALK_FAILED;
  begun = talk->begun = g_new0 (RelayBegun, 1);
  begun->fact = g_steal_pointer (&fact);
  if (begun->fact->kind == COBRO_FACT_PENDING && !card)
    return fill_instructions (talk, begun, charge, error) ? RELAY_TALK_DONE : RELAY_TALK_FAILED;
  if (begun->fact->kind == COBRO_FACT_ACTION_NEEDED)
    return fill_redirect (talk, begun, charge, error) ? RELAY_TALK_DONE : RELAY_TALK_FAILED;
  return RELAY_TALK_DONE;
}

/* The card is to blame: an answer like any other. Openpay does not say which charge it was. */
static RelayTalkStep
finish_declined (RelayTalk *talk, const RelayOpenpayError *said)
{
  g_autofree char *state = g_strdup_printf ("declined/%" G_GINT64_FORMAT, said->code);
  CobroFact *fact = relay_adapter_fact (talk->account, COBRO_FACT_FAILED, talk->intent->reference, state);

  cobro_link_set_text (&fact->reference, talk->intent->reference);
  cobro_link_set_text (&fact->failure_code, said->ours);
  cobro_link_set_text (&fact->failure_message, said->words);
  fact->amount = talk->intent->amount;
  fact->occurred_at = talk->now;
  talk->begun = g_new0 (RelayBegun, 1);
  talk->begun->fact = fact;
  return RELAY_TALK_DONE;
}

/* ── The talk ───────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
hear_look (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  gboolean again = relay_openpay_is_phase (talk, AGAIN);
  g_autoptr (GPtrArray) charges = NULL;
  const RelayOpenpayCharge *charge;

  if (!relay_openpay_is_good (answer))
    {
      if (!again) /* nothing has been sent yet */
        relay_openpay_refuse (answer, TRUE, error);
      else
        cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay has this order, and does not say how it stands");
      return RELAY_TALK_FAILED;
    }
  if (!(charges = relay_openpay_charges_parse (answer, FALSE, NULL, error)))
    return RELAY_TALK_FAILED;
  if ((charge = relay_openpay_charges_find (charges, talk->intent->reference)) != NULL)
    return finish (talk, charge, error);
  if (!again)
    return ask_create (talk, ask, has_token (talk->intent) && strcmp (three_ds (talk->account), "always") == 0, error);
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay has this order, and does not show it");
  return RELAY_TALK_FAILED;
}

static RelayTalkStep
hear_create (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (RelayOpenpayCharge) charge = NULL;
  g_auto (RelayOpenpayError) said = { 0 };

  if (relay_openpay_is_good (answer))
    {
      if (!(charge = relay_openpay_charge_parse (answer, error)))
        return RELAY_TALK_FAILED;
      if (strcmp (charge->order_id, talk->intent->reference) == 0)
        return finish (talk, charge, error);
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: another order");
      return RELAY_TALK_FAILED;
    }
  relay_openpay_error_read (&said, answer);
  if (said.code == CODE_ORDER_USED || answer->status == 409)
    {
      relay_openpay_phase (talk, AGAIN);
      return relay_openpay_ask_order (talk, ask, talk->intent->reference, error);
    }
  if (said.code == CODE_FRAUD_RISK && has_token (talk->intent) && relay_openpay_is_phase (talk, CREATE) &&
      strcmp (three_ds (talk->account), "never") != 0 && *talk->intent->return_url != '\0')
    return ask_create (talk, ask, TRUE, error);
  if (*said.ours != '\0' && answer->status >= 400 && answer->status < 500)
    return finish_declined (talk, &said);
  relay_openpay_refuse (answer, FALSE, error);
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_openpay_begin (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  if (answer == NULL)
    {
      if (!check_intent (talk->account, talk->intent, error))
        return RELAY_TALK_FAILED;
      relay_openpay_phase (talk, LOOK);
      return relay_openpay_ask_order (talk, ask, talk->intent->reference, error);
    }
  if (relay_openpay_is_phase (talk, CREATE) || relay_openpay_is_phase (talk, CREATE_3DS))
    return hear_create (talk, answer, ask, error);
  return hear_look (talk, answer, ask, error);
}
