/* relay/providers/razorpay/relay-razorpay-begin.c — a payment is begun: a payment link, whose page the payer is sent
 * to, or an order for checkout.js in our page. Never two: a link's reference_id is unique at Razorpay, an order's
 * receipt is looked for before one is made, and of two orders the older counts. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

#define LINK_TIME_MIN   (16 * COBRO_MINUTE) /* Razorpay wants 15 at least, by its clock */
#define LINK_TIME       COBRO_DAY           /* where the payer's time has no end */
#define LINK_TIME_MAX   (180 * COBRO_DAY)   /* Razorpay allows six months */
#define DESCRIPTION_MAX 2048
#define CONTACT_MIN     8
#define CONTACT_MAX     15

/* ── What is asked for ──────────────────────────────────────────────────────────────────────────────────────── */

static CobroTime
link_end (const RelayTalk *talk)
{
  CobroTime wanted = talk->intent->expires_at != 0 ? talk->intent->expires_at : talk->now + LINK_TIME;

  return CLAMP (wanted, talk->now + LINK_TIME_MIN, talk->now + LINK_TIME_MAX);
}

/* (transfer full) a phone number as Razorpay takes it, "" if it is none: it must not refuse a payment for it. */
static char *
clean_contact (const char *phone)
{
  GString *digits = g_string_new (NULL);

  for (const char *p = phone; *p != '\0'; p++)
    if (g_ascii_isdigit (*p) || (*p == '+' && digits->len == 0))
      g_string_append_c (digits, *p);
    else if (strchr (" -().", *p) == NULL)
      {
        g_string_truncate (digits, 0);
        break;
      }
  if (digits->len < CONTACT_MIN || digits->len > CONTACT_MAX)
    g_string_truncate (digits, 0);
  return g_string_free (digits, FALSE);
}

static void
put_customer (CobroWireWriter *writer, const RelayIntent *intent, gboolean bare)
{
  g_autofree char *contact = clean_contact (intent->payer_phone != NULL && !bare ? intent->payer_phone : "");

  cobro_wire_begin_object (writer, "customer");
  if (!bare && intent->payer_name != NULL && *intent->payer_name != '\0')
    cobro_wire_put_text (writer, "name", intent->payer_name);
  if (!bare && intent->payer_email != NULL && *intent->payer_email != '\0')
    cobro_wire_put_text (writer, "email", intent->payer_email);
  if (*contact != '\0')
    cobro_wire_put_text (writer, "contact", contact);
  cobro_wire_end_object (writer);
}

static void
put_notes (CobroWireWriter *writer, const RelayIntent *intent)
{
  cobro_wire_begin_object (writer, "notes");
  cobro_wire_put_text (writer, RELAY_RAZORPAY_REFERENCE, intent->reference);
  cobro_wire_end_object (writer);
}

/* The second try, without the payer's name and addresses: Razorpay took exception to them. */
static gboolean
is_bare (const RelayTalk *talk)
{
  return strcmp (relay_razorpay_noted (talk, RELAY_RAZORPAY_MORE), "bare") == 0;
}

static char *
make_link_body (const RelayTalk *talk, gint64 units)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *description =
    g_utf8_substring (intent->description, 0, MIN (g_utf8_strlen (intent->description, -1), DESCRIPTION_MAX));

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "amount", units);
  cobro_wire_put_text (writer, "currency", cobro_money_code (intent->amount));
  cobro_wire_put_bool (writer, "accept_partial", FALSE);
  cobro_wire_put_text (writer, "description", description);
  cobro_wire_put_text (writer, "reference_id", intent->payment_id.text);
  cobro_wire_put_int64 (writer, "expire_by", link_end (talk) / COBRO_SECOND);
  put_customer (writer, intent, is_bare (talk));
  /* The payer is in our page already: no mail, no message, no reminder of theirs. */
  cobro_wire_begin_object (writer, "notify");
  cobro_wire_put_bool (writer, "sms", FALSE);
  cobro_wire_put_bool (writer, "email", FALSE);
  cobro_wire_end_object (writer);
  cobro_wire_put_bool (writer, "reminder_enable", FALSE);
  put_notes (writer, intent);
  if (*intent->return_url != '\0')
    {
      cobro_wire_put_text (writer, "callback_url", intent->return_url);
      cobro_wire_put_text (writer, "callback_method", "get");
    }
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static char *
make_order_body (const RelayTalk *talk, gint64 units)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "amount", units);
  cobro_wire_put_text (writer, "currency", cobro_money_code (intent->amount));
  cobro_wire_put_text (writer, "receipt", intent->payment_id.text);
  put_notes (writer, intent);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static RelayTalkStep
make (RelayTalk *talk, RelayAsk *ask, gboolean order, GError **error)
{
  gint64 units;

  if (!relay_currencies_to_provider (&relay_razorpay_currencies, talk->intent->amount, &units, error))
    return RELAY_TALK_FAILED;
  relay_razorpay_ask (talk, ask, order ? "make-order" : "make-link", "POST",
                      g_strdup (order ? "/v1/orders" : "/v1/payment_links"), FALSE);
  relay_ask_set_body (ask, "application/json", order ? make_order_body (talk, units) : make_link_body (talk, units));
  return RELAY_TALK_ASK;
}

/* ── What came of it ────────────────────────────────────────────────────────────────────────────────────────── */

/* The payer goes on: at the link's page, or with the order in ours. */
static RelayTalkStep
begun (RelayTalk *talk, const char *object_id, const char *url, GError **error)
{
  const RelayIntent *intent = talk->intent;
  CobroFact *fact = relay_razorpay_object_fact (talk->account, object_id, "created", intent->reference, intent->amount);

  relay_razorpay_done (talk, fact);
  if (url != NULL)
    {
      talk->begun->next = RELAY_NEXT_REDIRECT;
      talk->begun->redirect_url = g_strdup (url);
      return RELAY_TALK_DONE;
    }
  talk->begun->next = RELAY_NEXT_CLIENT_SECRET;
  talk->begun->client_secret = g_strdup (object_id);
  talk->begun->publishable_key = g_strdup (relay_account_get (talk->account, "key-id"));
  talk->begun->account = g_strdup (relay_account_get (talk->account, "partner-account"));
  return RELAY_TALK_DONE;
}

/* Plain http only to a stand-in on this machine, which has no live accounts. */
static gboolean
is_page (const RelayAccount *account, const char *url)
{
  return g_str_has_prefix (url, "https://") || (!account->livemode && g_str_has_prefix (url, "http://127.0.0.1:"));
}

/* A link of ours, new or found again: what it asks for must be what we ask for. */
static RelayTalkStep
go_on_with_link (RelayTalk *talk, const RelayRazorpayLink *link, RelayAsk *ask, GError **error)
{
  const RelayIntent *intent = talk->intent;

  if (strcmp (link->reference_id, intent->payment_id.text) != 0 || !cobro_money_equal (link->amount, intent->amount) ||
      (*link->reference != '\0' && strcmp (link->reference, intent->reference) != 0))
    return relay_razorpay_nonsense (error, "another payment link than the one asked for");
  if (strcmp (link->status, "created") != 0)
    return relay_razorpay_see_link (talk, link, ask, error);
  if (!is_page (talk->account, link->short_url))
    return relay_razorpay_nonsense (error, "a payment link without an address");
  return begun (talk, link->id, link->short_url, error);
}

RelayTalkStep
relay_razorpay_heard_link_made (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (RelayRazorpayLink) link = NULL;
  g_autofree char *words = NULL;

  /* Refused, or there already because an answer got lost: the reference_id tells. */
  if (relay_razorpay_was_refused (answer, &words))
    {
      relay_razorpay_note (talk, RELAY_RAZORPAY_WORDS, words);
      return relay_razorpay_find_link (talk, ask);
    }
  if (!(object = relay_razorpay_hear (answer, FALSE, error)))
    return RELAY_TALK_FAILED;
  if (!(link = relay_razorpay_link_read (object, error)))
    return relay_razorpay_nonsense (error, "not a payment link");
  return go_on_with_link (talk, link, ask, error);
}

RelayTalkStep
relay_razorpay_heard_order_made (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  const RelayIntent *intent = talk->intent;
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, FALSE, error);
  g_autoptr (RelayRazorpayOrder) order = NULL;

  if (object == NULL)
    return RELAY_TALK_FAILED;
  if (!(order = relay_razorpay_order_read (object, error)))
    return relay_razorpay_nonsense (error, "not an order");
  if (strcmp (order->receipt, intent->payment_id.text) != 0 || !cobro_money_equal (order->amount, intent->amount))
    return relay_razorpay_nonsense (error, "another order than the one asked for");
  return begun (talk, order->id, NULL, error);
}

/* ── Looking for what is there already ──────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_razorpay_find_link (RelayTalk *talk, RelayAsk *ask)
{
  g_autofree char *receipt = relay_razorpay_receipt (talk);

  return relay_razorpay_ask (talk, ask, "find-links", "GET",
                             g_strdup_printf ("/v1/payment_links?reference_id=%s", receipt), TRUE);
}

RelayTalkStep
relay_razorpay_find_order (RelayTalk *talk, RelayAsk *ask)
{
  g_autofree char *receipt = relay_razorpay_receipt (talk);

  return relay_razorpay_ask (talk, ask, "find-orders", "GET",
                             g_strdup_printf ("/v1/orders?receipt=%s&count=100", receipt), TRUE);
}

/* Whether Razorpay refused because of what the payer wrote: nobody must be kept from paying by an odd name. */
static gboolean
is_about_payer (const char *words)
{
  static const char *const hints[] = { "customer", "email", "contact", "phone", "name" };
  g_autofree char *lower = g_ascii_strdown (words, -1);

  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    if (strstr (lower, hints[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* No link of ours: for BEGIN the refusal stands; whoever looks tries the orders. */
static RelayTalkStep
no_link (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  if (talk->kind != RELAY_TALK_BEGIN)
    return relay_razorpay_find_order (talk, ask);
  if (!is_bare (talk) && is_about_payer (relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS)))
    {
      relay_razorpay_note (talk, RELAY_RAZORPAY_MORE, "bare");
      return make (talk, ask, FALSE, error);
    }
  relay_adapter_refuse (400, FALSE, relay_razorpay_noted (talk, RELAY_RAZORPAY_WORDS), error);
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_razorpay_heard_links (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (GPtrArray) links = object != NULL ? relay_razorpay_items (object, "payment_links", error) : NULL;
  g_autofree char *receipt = relay_razorpay_receipt (talk);

  if (links == NULL)
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < links->len; i++)
    {
      g_autofree char *reference_id = relay_adapter_text (links->pdata[i], "reference_id");
      g_autoptr (RelayRazorpayLink) link = NULL;

      if (strcmp (reference_id, receipt) != 0)
        continue;
      if (!(link = relay_razorpay_link_read (links->pdata[i], error)))
        return relay_razorpay_nonsense (error, "not a payment link");
      return talk->kind == RELAY_TALK_BEGIN ? go_on_with_link (talk, link, ask, error)
                                            : relay_razorpay_see_link (talk, link, ask, error);
    }
  return no_link (talk, ask, error);
}

/* The order with our receipt; of several the oldest, of equally old ones the first by name: whoever asks, the answer
 * is the same. (transfer full) (nullable) */
static RelayRazorpayOrder *
choose_order (const RelayTalk *talk, GPtrArray *items, GError **error)
{
  const char *reference = talk->kind == RELAY_TALK_BEGIN ? talk->intent->reference : talk->target->reference;
  g_autofree char *receipt = relay_razorpay_receipt (talk);
  g_autoptr (RelayRazorpayOrder) best = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr (RelayRazorpayOrder) order = NULL;
      g_autofree char *said = relay_adapter_text (items->pdata[i], "receipt");
      g_autofree char *note = relay_razorpay_reference (items->pdata[i]);

      if (strcmp (said, receipt) != 0 || (*note != '\0' && strcmp (note, reference) != 0))
        continue;
      if (!(order = relay_razorpay_order_read (items->pdata[i], error)))
        return NULL;
      if (best == NULL || order->created_at < best->created_at ||
          (order->created_at == best->created_at && strcmp (order->id, best->id) < 0))
        {
          relay_razorpay_order_free (best);
          best = g_steal_pointer (&order);
        }
    }
  return g_steal_pointer (&best);
}

static RelayTalkStep
no_order (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  if (talk->kind == RELAY_TALK_BEGIN)
    return make (talk, ask, TRUE, error);
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Razorpay has neither a payment link nor an order for it");
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_razorpay_heard_orders (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (GPtrArray) items = object != NULL ? relay_razorpay_items (object, "items", error) : NULL;
  g_autoptr (RelayRazorpayOrder) order = NULL;
  GError *failure = NULL;

  if (items == NULL)
    return RELAY_TALK_FAILED;
  order = choose_order (talk, items, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return relay_razorpay_nonsense (error, "not an order");
    }
  if (order == NULL)
    return no_order (talk, ask, error);
  if (talk->kind != RELAY_TALK_BEGIN)
    return relay_razorpay_see_order (talk, order->id, order->status, ask);
  if (!cobro_money_equal (order->amount, talk->intent->amount))
    return relay_razorpay_nonsense (error, "an order with our receipt for another amount");
  return strcmp (order->status, "paid") == 0 ? relay_razorpay_see_order (talk, order->id, order->status, ask)
                                             : begun (talk, order->id, NULL, error);
}

/* An order has no key that makes it once, so it is looked for first; a link's reference_id is taken only once. */
RelayTalkStep
relay_razorpay_begin (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  return talk->intent->embedded ? relay_razorpay_find_order (talk, ask) : make (talk, ask, FALSE, error);
}
