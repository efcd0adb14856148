/* relay/api/relay-api-public.c — the public payment API of INV-3 to INV-5: a link as a bill, an attempt to pay it, and
 * asking the provider how that went. Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"

#define PAYER_PATH    "/api/public/pay"
#define OBJECT_ID_MAX 255
#define LINES_MAX     COBRO_LINK_LINES_MAX

/* ── INV-3: what is to be paid ──────────────────────────────────────────────────────────────────── */

static void
write_line (CobroWireWriter *writer, const CobroLinkLine *line)
{
  CobroMoney total = COBRO_MONEY_NONE;
  g_autofree char *rate = cobro_decimal_to_text (line->tax_rate);

  if (!cobro_link_line_total (line, &total, NULL))
    total = COBRO_MONEY_NONE; /* cannot be: a stored link was validated; null is still the truth */
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "description", line->name);
  cobro_wire_put_int64 (writer, "quantity", line->quantity);
  cobro_wire_put_money_decimal (writer, "unit_price", line->unit_amount);
  cobro_wire_put_raw (writer, "tax_rate", rate);
  cobro_wire_put_money_decimal (writer, "amount", total);
  cobro_wire_end_object (writer);
}

static void
write_items (CobroWireWriter *writer, const RelayPage *page)
{
  const CobroLink *link = page->link;

  cobro_wire_begin_array (writer, "items");
  for (guint i = 0; i < link->lines->len; i++)
    write_line (writer, g_ptr_array_index (link->lines, i));
  if (link->pricing == COBRO_PRICING_FIXED)
    {
      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "description", link->title);
      cobro_wire_put_int64 (writer, "quantity", 1);
      cobro_wire_put_money_decimal (writer, "unit_price", page->total);
      cobro_wire_put_int64 (writer, "tax_rate", 0);
      cobro_wire_put_money_decimal (writer, "amount", page->total);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

/* The one rate of all lines, or null where there are several. */
static void
write_tax_rate (CobroWireWriter *writer, const CobroLink *link)
{
  CobroDecimal rate = link->lines->len > 0 ? ((CobroLinkLine *)g_ptr_array_index (link->lines, 0))->tax_rate : 0;
  g_autofree char *text = cobro_decimal_to_text (rate);

  for (guint i = 1; i < link->lines->len; i++)
    if (((CobroLinkLine *)g_ptr_array_index (link->lines, i))->tax_rate != rate)
      {
        cobro_wire_put_null (writer, "tax_rate");
        return;
      }
  cobro_wire_put_raw (writer, "tax_rate", text);
}

static gboolean
write_sums (CobroWireWriter *writer, const RelayPage *page, GError **error)
{
  CobroMoney tax = COBRO_MONEY_NONE, subtotal = COBRO_MONEY_NONE;

  if (cobro_money_is_set (page->total) &&
      (!cobro_link_tax (page->link, &tax, error) || !cobro_money_subtract (page->total, tax, &subtotal, error)))
    return FALSE;
  cobro_wire_put_money_decimal (writer, "subtotal", subtotal);
  write_tax_rate (writer, page->link);
  cobro_wire_put_money_decimal (writer, "tax_amount", tax);
  cobro_wire_put_money_decimal (writer, "total", page->total);
  return TRUE;
}

static char *
page_to_json (const RelayPage *page, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  gboolean can_pay = page->can_pay || page->state == RELAY_PAGE_CONTINUE;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "invoice_id", page->link->id.text);
  cobro_wire_put_text (writer, "currency", cobro_currency_code (page->link->currency));
  if (!write_sums (writer, page, error))
    return NULL;
  cobro_wire_put_text (writer, "payment_status", cobro_paid_status_name (page->view.paid_status));
  cobro_wire_put_text (writer, "status", cobro_link_status_name (page->view.status));
  cobro_wire_put_text (writer, "customer_name", page->link->customer_name);
  write_items (writer, page);
  cobro_wire_put_bool (writer, "canPay", can_pay);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
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
  if (page->link == NULL) /* replaced or withdrawn in this very moment */
    {
      cobro_error_set (&error, COBRO_ERROR_GONE, "this link was replaced");
      return relay_reply_problem (request, error);
    }
  if (!(json = page_to_json (page, &error)))
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
  cobro_wire_put_text (writer, "invoice_id", record->link->id.text);
  cobro_wire_end_object (writer);
  return relay_reply_json_bare (request, 200, cobro_wire_writer_take (writer));
}
