/* relay/providers/flutterwave/relay-flutterwave-begin.c — a payment begun: the hosted page ("Standard"), or a charge by
 * the token of a card. Both look first what their tx_ref has become: there are no idempotency keys in v3.
 * Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

#define STAGE_LINK     "link"
#define STAGE_CHARGE   "charge"
#define STAGE_CONFIRM  "after the charge"
#define STAGE_DISABLE  "close the page"
#define STAGE_DISABLED "the page is closed"

#define SESSION_MAX (24 * 60) /* minutes */
#define LOOK_BACK   (2 * COBRO_DAY)

/* ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Flutterwave wants an address. */
static const char *
email_of (const RelayTalk *talk)
{
  const char *email = talk->intent->payer_email;

  return email != NULL && *email != '\0' ? email : relay_account_get (talk->account, "fallback-email");
}

static void
put_text_if_any (CobroWireWriter *writer, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    cobro_wire_put_text (writer, key, text);
}

/* Whole minutes, so that it ends with the payer's time and not after it. */
static gint64
session_minutes (const RelayTalk *talk)
{
  CobroTime expires_at = talk->intent->expires_at;

  return expires_at == 0 ? SESSION_MAX : CLAMP ((expires_at - talk->now) / COBRO_MINUTE, 1, SESSION_MAX);
}

static const char *
payment_options (CobroMethods method)
{
  if (method == COBRO_METHOD_CARD)
    return "card";
  return method == COBRO_METHOD_BANK_TRANSFER ? "banktransfer" : "";
}

static void
put_payment (CobroWireWriter *writer, const RelayIntent *intent, const char *amount)
{
  cobro_wire_put_text (writer, "tx_ref", intent->reference);
  cobro_wire_put_raw (writer, "amount", amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (intent->amount)); /* left out it would be NGN */
}

/* It is required. Where no payer is on the way to us, whoever opens the page is left at our front door. */
static char *
redirect_url (const RelayIntent *intent)
{
  const char *webhooks = strstr (intent->webhook_url, "/webhooks/");

  if (*intent->return_url != '\0' || webhooks == NULL)
    return g_strdup (intent->return_url);
  return g_strdup_printf ("%.*s/", (int)(webhooks - intent->webhook_url), intent->webhook_url);
}

static char *
write_link (const RelayTalk *talk, const char *amount)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *where = redirect_url (intent);

  cobro_wire_begin_object (writer, NULL);
  put_payment (writer, intent, amount);
  cobro_wire_put_text (writer, "redirect_url", where);
  put_text_if_any (writer, "payment_options", payment_options (intent->method));
  cobro_wire_begin_object (writer, "customer");
  cobro_wire_put_text (writer, "email", email_of (talk));
  put_text_if_any (writer, "name", intent->payer_name);
  put_text_if_any (writer, "phonenumber", intent->payer_phone);
  cobro_wire_end_object (writer);
  if (intent->description != NULL && *intent->description != '\0')
    {
      cobro_wire_begin_object (writer, "customizations");
      cobro_wire_put_text (writer, "title", intent->description);
      cobro_wire_end_object (writer);
    }
  cobro_wire_begin_object (writer, "meta");
  cobro_wire_put_text (writer, "payment", intent->payment_id.text);
  cobro_wire_end_object (writer);
  cobro_wire_put_int64 (writer, "session_duration", session_minutes (talk));
  cobro_wire_put_int64 (writer, "max_retry_attempt", RELAY_FLUTTERWAVE_RETRIES);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static char *
write_charge (const RelayTalk *talk, const char *amount)
{
  const RelayIntent *intent = talk->intent;
  const char *country = relay_account_get (talk->account, "country");
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  put_payment (writer, intent, amount);
  cobro_wire_put_text (writer, "token", intent->token);
  cobro_wire_put_text (writer, "country", *country != '\0' ? country : "NG");
  cobro_wire_put_text (writer, "email", email_of (talk)); /* the card's first charge was made with it */
  put_text_if_any (writer, "full_name", intent->payer_name);
  put_text_if_any (writer, "redirect_url", intent->return_url);
  cobro_wire_put_text (writer, "narration",
                       intent->description != NULL && *intent->description != '\0' ? intent->description : "Payment");
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static RelayTalkStep
ask_for_payment (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  g_autofree char *amount = NULL;
  g_autoptr (GError) failure = NULL;

  if (!(amount = relay_currencies_to_decimal (&relay_flutterwave_currencies, talk->intent->amount, &failure)))
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "Flutterwave does not take this amount: %s", failure->message);
      return RELAY_TALK_FAILED;
    }
  if (talk->intent->token != NULL)
    return relay_flutterwave_post (talk, ask, STAGE_CHARGE, g_strdup ("/v3/tokenized-charges"),
                                   write_charge (talk, amount));
  return relay_flutterwave_post (talk, ask, STAGE_LINK, g_strdup ("/v3/payments"), write_link (talk, amount));
}

/* ── Results ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayTalkStep
done (RelayTalk *talk, CobroFact *take_fact, const char *redirect_url)
{
  RelayBegun *begun = g_new0 (RelayBegun, 1);

  begun->fact = take_fact;
  begun->next = redirect_url != NULL ? RELAY_NEXT_REDIRECT : RELAY_NEXT_NOTHING;
  begun->redirect_url = g_strdup (redirect_url);
  talk->begun = begun;
  return RELAY_TALK_DONE;
}

/* The payer is sent there: an address of the web, without a name in it. */
static gboolean
is_address (const char *url)
{
  return *url != '\0' && cobro_text_check_url (url, NULL, NULL);
}

static RelayTalkStep
hear_link (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, FALSE, error), data = NULL;
  g_autofree char *link = NULL;

  if (envelope == NULL)
    return RELAY_TALK_FAILED;
  data = relay_adapter_object (envelope, "data");
  link = data != NULL ? relay_adapter_text (data, "link") : g_strdup ("");
  if (!is_address (link))
    {
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Flutterwave answered nonsense: success without a page to go to");
      return RELAY_TALK_FAILED;
    }
  return done (
    talk, relay_flutterwave_bare_fact (talk->account, COBRO_FACT_PENDING, intent->reference, intent->amount, talk->now),
    link);
}

/* Where the bank wants to see the payer: {"meta": {"authorization": {"mode": "redirect", "redirect": "https://…"}}},
 * beside data or in it. */
static char *
read_redirect (CobroWireObject *envelope, CobroWireObject *data)
{
  CobroWireObject *places[] = { envelope, data };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (CobroWireObject) meta = relay_adapter_object (places[i], "meta");
      g_autoptr (CobroWireObject) how = meta != NULL ? relay_adapter_object (meta, "authorization") : NULL;
      g_autofree char *url = how != NULL ? relay_adapter_text (how, "redirect") : NULL;

      if (url != NULL && is_address (url))
        return g_steal_pointer (&url);
    }
  return NULL;
}

static RelayTalkStep
look (RelayTalk *talk, const char *charge_id, gboolean safe, const CobroNetAnswer *answer, RelayAsk *ask,
      CobroFact **out_fact, GError **error)
{
  return relay_flutterwave_look (talk, talk->intent->reference, charge_id, talk->now - LOOK_BACK, safe, answer, ask,
                                 out_fact, error);
}

/* From here on nobody may say that nothing happened. */
static RelayTalkStep
confirm (RelayTalk *talk, const char *charge_id, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const char *words = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_WORDS);
  CobroFact *fact = NULL;
  GError *failure = NULL;

  switch (look (talk, charge_id, FALSE, answer, ask, &fact, &failure))
    {
    case RELAY_TALK_ASK:
      return RELAY_TALK_ASK;
    case RELAY_TALK_DONE:
      return done (talk, fact, NULL);
    case RELAY_TALK_FAILED:
      break;
    }
  if (*words == '\0' || !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return relay_flutterwave_unclear (failure, error);
  g_clear_error (&failure); /* it was refused, and there is nothing there */
  cobro_error_set (error, COBRO_ERROR_PROVIDER, "%s", words);
  return RELAY_TALK_FAILED;
}

/* Whatever the answer says, the transaction is asked for itself: a refusal may be one of a repeated tx_ref. */
static RelayTalkStep
hear_charge (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) envelope = NULL, data = NULL;
  g_auto (RelayFlutterwaveTransaction) made = { 0 };
  g_autofree char *redirect = NULL;
  GError *failure = NULL;

  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_STAGE, STAGE_CONFIRM);
  if ((envelope = relay_flutterwave_open (answer, FALSE, &failure)) == NULL)
    {
      g_autoptr (GError) refusal = failure;

      if (!g_error_matches (refusal, COBRO_ERROR, COBRO_ERROR_PROVIDER) &&
          !g_error_matches (refusal, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&refusal));
          return RELAY_TALK_FAILED;
        }
      relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_WORDS, refusal->message);
      return confirm (talk, "", answer, ask, error);
    }
  data = relay_adapter_object (envelope, "data");
  if (data == NULL || !relay_flutterwave_read_transaction (data, &made, NULL) ||
      strcmp (made.tx_ref, talk->intent->reference) != 0)
    return confirm (talk, "", answer, ask, error);
  redirect = made.kind == COBRO_FACT_PROCESSING ? read_redirect (envelope, data) : NULL;
  if (redirect == NULL)
    return confirm (talk, made.id, answer, ask, error);
  return done (
    talk, relay_flutterwave_bare_fact (talk->account, COBRO_FACT_ACTION_NEEDED, made.tx_ref, made.amount, talk->now),
    redirect);
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* Before anything is sent: nothing is open if this fails. */
static RelayTalkStep
look_before (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  CobroFact *fact = NULL;
  GError *failure = NULL;

  switch (look (talk, "", TRUE, answer, ask, &fact, &failure))
    {
    case RELAY_TALK_ASK:
      return RELAY_TALK_ASK;
    case RELAY_TALK_DONE:
      return done (talk, fact, NULL);
    case RELAY_TALK_FAILED:
      break;
    }
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_clear_error (&failure);
      return ask_for_payment (talk, ask, error);
    }
  g_propagate_error (error, failure);
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_flutterwave_begin (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  gboolean charged = talk->notes[RELAY_FLUTTERWAVE_NOTE_REST] != NULL;

  if (*email_of (talk) == '\0')
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "Flutterwave wants the payer's e-mail address");
      return RELAY_TALK_FAILED;
    }
  if (answer == NULL)
    return look_before (talk, NULL, ask, error);
  if (relay_flutterwave_is_at (talk, STAGE_LINK))
    return hear_link (talk, answer, error);
  if (relay_flutterwave_is_at (talk, STAGE_CHARGE))
    {
      relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, "charged");
      return hear_charge (talk, answer, ask, error);
    }
  return charged ? confirm (talk, "", answer, ask, error) : look_before (talk, answer, ask, error);
}

/* ── query, cancel ──────────────────────────────────────────────────────────────────────────────────────────── */

/* The hosted page makes no transaction before the payer has paid: what we began and Flutterwave does not know is
 * pending, and when it is to be cancelled nobody has paid. */
static CobroFact *
nobody_paid (const RelayTalk *talk)
{
  const RelayTarget *target = talk->target;

  return relay_flutterwave_bare_fact (talk->account,
                                      talk->kind == RELAY_TALK_CANCEL ? COBRO_FACT_CANCELLED : COBRO_FACT_PENDING,
                                      target->object_id, target->amount, talk->now);
}

static char *
write_disable (const char *link)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "link", link);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* Closed, or refused because it is closed or over: either way it is asked what became of it. FALSE: trouble. */
static gboolean
hear_disable (RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  GError *failure = NULL;
  g_autoptr (CobroWireObject) envelope = relay_flutterwave_open (answer, FALSE, &failure);

  if (envelope == NULL && !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_PROVIDER))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_STAGE, STAGE_DISABLED);
  return TRUE;
}

RelayTalkStep
relay_flutterwave_query (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const RelayTarget *target = talk->target;
  const char *page = talk->kind == RELAY_TALK_CANCEL ? relay_flutterwave_page (target) : NULL;
  GError *failure = NULL;
  RelayTalkStep step;

  if (answer == NULL && page != NULL)
    return relay_flutterwave_post (talk, ask, STAGE_DISABLE, g_strdup ("/v3/payments/link/disable"),
                                   write_disable (page));
  if (relay_flutterwave_is_at (talk, STAGE_DISABLE) && !hear_disable (talk, answer, error))
    return RELAY_TALK_FAILED;
  step = relay_flutterwave_look (talk, relay_flutterwave_tx_ref (target), target->charge_id, target->created_at, TRUE,
                                 answer, ask, &talk->fact, &failure);
  if (step == RELAY_TALK_FAILED && *target->object_id != '\0' &&
      g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_clear_error (&failure);
      talk->fact = nobody_paid (talk);
      return RELAY_TALK_DONE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return step;
}
