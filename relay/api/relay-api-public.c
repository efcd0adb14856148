/* relay/api/relay-api-public.c — the public payment API of INV-3 to INV-5: a link as a bill, an attempt to pay it, and
 * asking the provider how that went. Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "relay-api-bill.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"

#define PAYER_PATH    "/api/public/pay"
#define OBJECT_ID_MAX 255
#define LINES_MAX     COBRO_LINK_LINES_MAX

/* ── INV-3: what is to be paid ──────────────────────────────────────────────────────────────────── */

/* Replaced or withdrawn in this very moment; and what was in an invoice is nobody's business once its link is over. */
static gboolean
check_shown (const RelayPage *page, GError **error)
{
  if (page->link == NULL)
    return cobro_error_set (error, COBRO_ERROR_GONE, "this link was replaced");
  return page->invoice == NULL || page->state != RELAY_PAGE_EXPIRED ||
         cobro_error_set (error, COBRO_ERROR_GONE, "this link has expired");
}

RelayReply *
relay_api_public_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_token (ctx, request, token, &error);
  g_autofree char *payer = relay_api_get_payer (request);
  g_autoptr (RelayPage) page = NULL;
  char *json;

  if (record == NULL || !(page = relay_checkout_page (ctx->checkout, token, payer, &error)))
    return relay_reply_problem (request, error);
  if (!check_shown (page, &error))
    return relay_reply_problem (request, error);
  if (!(json = relay_api_bill_to_json (page, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_bare (request, 200, json);
}

/* ── INV-4: begin to pay ────────────────────────────────────────────────────────────────────────── */

/* What may stand in the body; all of it is optional. */
typedef struct
{
  RelayBegin begin;
  GArray *quantities; /* (element-type gint64) */
  char *gateway, *name, *email, *phone;
  GHashTable *fields;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->quantities, g_array_unref);
  g_clear_pointer (&wish->fields, g_hash_table_unref);
  g_free (wish->gateway);
  g_free (wish->name);
  g_free (wish->email);
  g_free (wish->phone);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
parse_method (CobroWireObject *json, RelayBegin *begin, GError **error)
{
  g_autofree char *name = NULL;
  CobroMethods method;

  if (!cobro_wire_get_text (json, "method", NULL, &name, error))
    return FALSE;
  if (name == NULL)
    return TRUE;
  if (!cobro_method_from_name (name, &method))
    return cobro_wire_refuse (json, "method", error, "unknown method \"%s\"", name);
  begin->method = method;
  return TRUE;
}

static gboolean
parse_wish (RelayRequest *request, CobroCurrency currency, Wish *wish, GError **error)
{
  CobroWireObject *json;

  if (g_bytes_get_size (request->body) == 0)
    return TRUE;
  if (!(json = relay_request_get_json (request, error)) ||
      !cobro_wire_get_money (json, "amount", currency, &wish->begin.amount, error) ||
      !cobro_wire_get_int64s (json, "quantities", LINES_MAX, &wish->quantities, error) ||
      !parse_method (json, &wish->begin, error) ||
      !cobro_wire_get_text (json, "gateway", NULL, &wish->gateway, error) ||
      !cobro_wire_get_text (json, "name", NULL, &wish->name, error) ||
      !cobro_wire_get_text (json, "email", NULL, &wish->email, error) ||
      !cobro_wire_get_text (json, "phone", NULL, &wish->phone, error) ||
      !cobro_wire_get_map (json, "fields", &wish->fields, error) || !cobro_wire_done (json, error))
    return FALSE;
  if (wish->quantities->len > 0)
    {
      wish->begin.quantities = (const gint64 *)wish->quantities->data;
      wish->begin.n_quantities = wish->quantities->len;
    }
  wish->begin.gateway = wish->gateway;
  wish->begin.payer_name = wish->name;
  wish->begin.payer_email = wish->email;
  wish->begin.payer_phone = wish->phone;
  wish->begin.payer_fields = wish->fields;
  return TRUE;
}

static void
put_known (CobroWireWriter *writer, const char *key, const char *text)
{
  cobro_wire_put_text (writer, key, text != NULL && *text != '\0' ? text : NULL);
}

static char *
begun_to_json (const RelayBeginResult *result)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  const CobroPayment *payment = result->payment;
  g_autofree char *currency = g_ascii_strdown (cobro_money_code (payment->amount), -1);

  cobro_wire_begin_object (writer, NULL);
  put_known (writer, "clientSecret", result->client_secret);
  put_known (writer, "publishableKey", result->publishable_key);
  put_known (writer, "stripeAccount", result->connected_account);
  cobro_wire_put_money (writer, "amount", payment->amount);
  cobro_wire_put_text (writer, "currency", currency);
  put_known (writer, "paymentIntentId", payment->provider_payment_id);
  put_known (writer, "redirectUrl", result->next == RELAY_NEXT_REDIRECT ? result->url : NULL);
  cobro_wire_put_text (writer, "status", cobro_payment_state_public_name (payment->state));
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* Begins; NULL with the reason. @out_wait: seconds, with BUSY and UNAVAILABLE. */
static char *
begin_payment (RelayContext *ctx, const Wish *wish, char **out_payer, gint64 *out_wait, GError **error)
{
  g_autoptr (RelayBeginResult) result = relay_checkout_begin (ctx->checkout, &wish->begin, out_wait, error);

  if (result == NULL)
    return NULL;
  if (result->payment == NULL)
    return cobro_error_set (error, COBRO_ERROR_STATE, "there is nothing to pay"), NULL;
  *out_payer = g_strdup (result->payer_key);
  return begun_to_json (result);
}

/* With an Idempotency-Key the payer is whoever sent it: the same key comes back to the same attempt, also when we died
 * between the provider's answer and ours. */
static RelayReply *
create (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, RelayApiOnce *once, Wish *wish,
        GError **error)
{
  g_autofree char *payer =
    relay_api_once_is_set (once) ? relay_api_once_payer (ctx, once, &record->link->id) : relay_api_get_payer (request);
  g_autofree char *begun_payer = NULL;
  g_auto (RelayStoredAnswer) answer = { .status = 200 };
  gint64 wait = 0;
  RelayReply *reply;

  wish->begin.payer_key = payer;
  wish->begin.once = relay_api_once_is_set (once);
  wish->begin.embedded = TRUE; /* a client secret, wherever the gateway has such */
  answer.body = begin_payment (ctx, wish, &begun_payer, &wait, error);
  if (answer.body == NULL)
    {
      relay_api_once_abandon (ctx, once);
      return relay_api_refuse_for_now (request, *error, wait);
    }
  if (!relay_api_once_finish (ctx, once, &answer, error))
    return NULL;
  reply = relay_api_once_reply (request, &answer, FALSE);
  relay_api_set_payer (ctx, reply, begun_payer, PAYER_PATH);
  return reply;
}

static gboolean
begin_once (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, RelayApiOnce *once,
            RelayReply **out_replay, GError **error)
{
  RelayScope scope = { .merchant_id = record->merchant_id, .livemode = record->link->livemode };
  const char *params[] = { relay_request_param (request, "token"), NULL };

  return relay_api_once_read (request, &scope, params, FALSE, once, error) &&
         relay_api_once_begin (ctx, request, once, out_replay, error);
}

RelayReply *
relay_api_public_create_payment (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_token (ctx, request, token, &error);
  g_auto (Wish) wish = { .begin = { .token = token, .locale = relay_request_header (request, "accept-language") } };
  g_auto (RelayApiOnce) once = { 0 };
  RelayReply *reply = NULL;

  if (record == NULL || !parse_wish (request, record->link->currency, &wish, &error) ||
      !begin_once (ctx, request, record, &once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply != NULL)
    return reply;
  if (!relay_api_limit_attempt (ctx, request, record, &error))
    {
      relay_api_once_abandon (ctx, &once);
      return relay_reply_problem (request, error);
    }
  reply = create (ctx, request, record, &once, &wish, &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* ── INV-5: how did it go ───────────────────────────────────────────────────────────────────────── */

static char *
parse_intent (RelayRequest *request, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autofree char *id = NULL;

  if (json == NULL || !cobro_wire_get_text_needed (json, "paymentIntentId", &id, error) ||
      !cobro_wire_done (json, error))
    return NULL;
  if (*id == '\0' || strlen (id) > OBJECT_ID_MAX)
    return cobro_wire_refuse (json, "paymentIntentId", error, "must have 1 to %d characters", OBJECT_ID_MAX), NULL;
  return g_steal_pointer (&id);
}

RelayReply *
relay_api_public_confirm_payment (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_token (ctx, request, token, &error);
  g_autofree char *id = record != NULL ? parse_intent (request, &error) : NULL;
  g_autoptr (CobroPayment) payment = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (id == NULL || !(payment = relay_checkout_confirm_object (ctx->checkout, token, id, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", payment->state == COBRO_PAYMENT_SUCCEEDED);
  cobro_wire_put_text (writer, "message", relay_api_payment_words (payment->state));
  cobro_wire_put_text (writer, "invoice_id", relay_api_bill_id (record->link).text);
  cobro_wire_end_object (writer);
  return relay_reply_json_bare (request, 200, cobro_wire_writer_take (writer));
}
