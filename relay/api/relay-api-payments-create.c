/* relay/api/relay-api-payments-create.c — POST /v1/payments (OPF-1): a payment of its own, or one towards a link.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-charge.h"

#define DESCRIPTION_MAX 200
#define STATUS_CREATED  201

/* What stands in the body. */
typedef struct
{
  CobroPayment *payment; /* amount, gateway, method, payer, metadata */
  RelayChargeDetails details;
  CobroId link_id;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->payment, cobro_payment_unref);
  relay_charge_details_clear (&wish->details);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
take_text (CobroWireObject *json, const char *key, char **field, GError **error)
{
  char *text = NULL;

  if (!cobro_wire_get_text (json, key, "", &text, error))
    return FALSE;
  g_free (*field);
  *field = text;
  return TRUE;
}

static gboolean
parse_amount (CobroWireObject *json, const Wish *wish, GError **error)
{
  gboolean needed = !cobro_id_is_set (&wish->link_id);
  g_autofree char *code = NULL;
  CobroCurrency currency;

  if (!cobro_wire_has (json, "currency") && !cobro_wire_has (json, "amount") && !needed)
    return TRUE;
  if (!cobro_wire_has (json, "amount"))
    return cobro_wire_refuse (json, "amount", error, "is required");
  if (!cobro_wire_get_text_needed (json, "currency", &code, error))
    return FALSE;
  if (!cobro_currency_from_code (code, &currency, NULL))
    return cobro_wire_refuse (json, "currency", error, "unknown currency \"%s\"", code);
  return cobro_wire_get_money (json, "amount", currency, &wish->payment->amount, error);
}

static gboolean
parse_payer (CobroWireObject *json, CobroPayment *payment, GError **error)
{
  g_autoptr (CobroWireObject) payer = NULL;
  gboolean is_customer = cobro_wire_has (json, "customer");
  GHashTable *fields = NULL;

  if (is_customer && cobro_wire_has (json, "payer"))
    return cobro_wire_refuse (json, "customer", error, "stands beside \"payer\": give one of them");
  if (!cobro_wire_get_object (json, is_customer ? "customer" : "payer", &payer, error))
    return FALSE;
  if (payer == NULL)
    return TRUE;
  if (!take_text (payer, "name", &payment->payer_name, error) ||
      !take_text (payer, "email", &payment->payer_email, error) ||
      !take_text (payer, "phone", &payment->payer_phone, error) ||
      !cobro_wire_get_map (payer, "fields", &fields, error))
    return FALSE;
  g_hash_table_unref (payment->payer_fields);
  payment->payer_fields = fields;
  return TRUE;
}

static gboolean
parse_method (CobroWireObject *json, CobroPayment *payment, GError **error)
{
  CobroMethods method;

  if (!take_text (json, "method", &payment->method, error))
    return FALSE;
  return *payment->method == '\0' || cobro_method_from_name (payment->method, &method) ||
         cobro_wire_refuse (json, "method", error, "unknown method \"%s\"", payment->method);
}

static gboolean
parse_details (CobroWireObject *json, RelayChargeDetails *details, GError **error)
{
  return take_text (json, "description", &details->description, error) &&
         cobro_text_check (details->description, DESCRIPTION_MAX, COBRO_TEXT_LINE, "description", error) &&
         take_text (json, "returnUrl", &details->return_url, error) &&
         cobro_text_check_url (details->return_url, "returnUrl", error) &&
         take_text (json, "locale", &details->locale, error) &&
         (*details->locale == '\0' || cobro_text_check_locale (details->locale, "locale", error));
}

static gboolean
parse_link_id (CobroWireObject *json, Wish *wish, GError **error)
{
  g_autofree char *text = NULL;

  if (!cobro_wire_get_text (json, "linkId", NULL, &text, error))
    return FALSE;
  return text == NULL || cobro_id_parse (COBRO_ID_LINK, text, &wish->link_id, NULL) ||
         cobro_wire_refuse (json, "linkId", error, "is not the id of a link");
}

static gboolean
parse_wish (RelayRequest *request, Wish *wish, GError **error)
{
  static const char *const keys[] = { "amount",    "currency", "gateway",  "method", "merchantApiKey",
                                      "metadata",  "payer",    "customer", "linkId", "description",
                                      "returnUrl", "locale",   NULL };
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autofree char *api_key = NULL; /* the house has looked at it */
  GHashTable *metadata = NULL;

  wish->payment = cobro_payment_new ();
  if (json == NULL || !cobro_wire_only (json, keys, error) || !parse_link_id (json, wish, error) ||
      !parse_amount (json, wish, error) || !take_text (json, "gateway", &wish->payment->gateway, error) ||
      !parse_method (json, wish->payment, error) ||
      !cobro_wire_get_text (json, "merchantApiKey", NULL, &api_key, error) ||
      !parse_payer (json, wish->payment, error) || !parse_details (json, &wish->details, error) ||
      !cobro_wire_get_map (json, "metadata", &metadata, error))
    return FALSE;
  g_hash_table_unref (wish->payment->metadata);
  wish->payment->metadata = metadata;
  return cobro_wire_done (json, error);
}

/* ── Towards a link ─────────────────────────────────────────────────────────────────────────────── */

/* What a link decides by itself must not be asked for beside it. */
static gboolean
check_link_wish (const Wish *wish, GError **error)
{
  if (*wish->details.return_url != '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "returnUrl", "a link's payer comes back to its page");
  if (*wish->details.description != '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "description", "the link has its title");
  return cobro_text_check_metadata (wish->payment->metadata, "metadata", error);
}

/* (transfer full) the link and the token of its page. */
static RelayLinkRecord *
find_link (RelayContext *ctx, RelayRequest *request, const Wish *wish, CobroToken *out_token, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  g_autoptr (RelayLinkRecord) record =
    reader != NULL ? relay_link_find (reader->db, &scope, &wish->link_id, error) : NULL;

  return record != NULL && relay_link_get_token (ctx->store, record, out_token, error) ? g_steal_pointer (&record)
                                                                                       : NULL;
}

static char *
payment_to_json (RelayContext *ctx, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  g_autoptr (RelayPaymentRecord) record = reader != NULL ? relay_payment_find (reader->db, scope, id, error) : NULL;

  return record != NULL ? relay_charge_to_json (ctx->store, reader->db, record, error) : NULL;
}

/* The key is the payer: whoever sends it again comes back to the same attempt. */
static char *
begin_for_link (RelayContext *ctx, const RelayApiOnce *once, const RelayLinkRecord *link, const CobroToken *token,
                const Wish *wish, gint64 *out_wait, GError **error)
{
  const CobroPayment *payment = wish->payment;
  g_autofree char *payer = relay_api_once_payer (ctx, once, &link->link->id);
  CobroMethods method = 0;
  RelayBegin begin = { .token = token->text,
                       .payer_key = payer,
                       .amount = payment->amount,
                       .gateway = *payment->gateway != '\0' ? payment->gateway : NULL,
                       .payer_name = payment->payer_name,
                       .payer_email = payment->payer_email,
                       .payer_phone = payment->payer_phone,
                       .payer_fields = payment->payer_fields,
                       .metadata = payment->metadata,
                       .idempotency_key = once->key,
                       .once = TRUE,
                       .locale = *wish->details.locale != '\0' ? wish->details.locale : NULL };
  g_autoptr (RelayBeginResult) result = NULL;

  if (*payment->method != '\0' && cobro_method_from_name (payment->method, &method))
    begin.method = method;
  result = relay_checkout_begin (ctx->checkout, &begin, out_wait, error);
  if (result != NULL && result->payment == NULL)
    cobro_error_set (error, COBRO_ERROR_STATE, "there is nothing to pay");
  return result != NULL && result->payment != NULL ? payment_to_json (ctx, &once->scope, &result->payment->id, error)
                                                   : NULL;
}

static RelayReply *
create_for_link (RelayContext *ctx, RelayRequest *request, const RelayApiOnce *once, const Wish *wish, gint64 *out_wait,
                 GError **error)
{
  g_auto (RelayStoredAnswer) answer = { .status = STATUS_CREATED };
  g_autoptr (RelayLinkRecord) link = NULL;
  RelayReply *reply = NULL;
  CobroToken token;

  if (!check_link_wish (wish, error) || !(link = find_link (ctx, request, wish, &token, error)) ||
      !relay_api_once_begin (ctx, request, once, &reply, error))
    return NULL;
  if (reply != NULL)
    return reply;
  answer.body = begin_for_link (ctx, once, link, &token, wish, out_wait, error);
  if (answer.body == NULL)
    {
      relay_api_once_abandon (ctx, once);
      return NULL;
    }
  return relay_api_once_finish (ctx, once, &answer, error) ? relay_api_once_reply (request, &answer, FALSE) : NULL;
}

/* ── By itself ──────────────────────────────────────────────────────────────────────────────────── */

static RelayReply *
create_charge (RelayContext *ctx, RelayRequest *request, const RelayApiOnce *once, Wish *wish, gint64 *out_wait,
               GError **error)
{
  RelayCharge charge = {
    .scope = once->scope, .request = relay_api_once_request (once), .payment = wish->payment, .details = wish->details
  };
  g_auto (RelayStoredAnswer) answer = { 0 };
  gboolean replayed;

  return relay_charge_make (ctx->checkout, &charge, &answer, &replayed, out_wait, error)
           ? relay_api_once_reply (request, &answer, replayed)
           : NULL;
}

RelayReply *
relay_api_payments_create (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiOnce) once = { 0 };
  g_auto (Wish) wish = { 0 };
  RelayReply *reply = NULL;
  gint64 wait = 0;

  if (!relay_api_check_query (request, no_query, &error) ||
      !relay_api_once_read (request, &scope, NULL, TRUE, &once, &error) ||
      !relay_api_once_look (ctx, request, &once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply != NULL)
    return reply;
  if (!parse_wish (request, &wish, &error))
    return relay_reply_problem (request, error);
  reply = cobro_id_is_set (&wish.link_id) ? create_for_link (ctx, request, &once, &wish, &wait, &error)
                                          : create_charge (ctx, request, &once, &wish, &wait, &error);
  return reply != NULL ? reply : relay_api_refuse_for_now (request, error, wait);
}
