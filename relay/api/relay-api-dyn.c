/* relay/api/relay-api-dyn.c — the card-and-link API (DYN): a link is made, its data given to whoever has its reference,
 * the merchant's balance; crypto is not taken yet. Layer: relay/api. Request threads; answer_created() on the writer
 * thread. */
#include "relay-api-dyn.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-balance-store.h"
#include "relay-links.h"

#define MODES_MAX 2

static const char *const no_query[] = { NULL };

/* ── DYN-1: createPaymentLink ───────────────────────────────────────────────────────────────────── */

static char *
answer_created (const RelayLinkRecord *record, const CobroToken *token, CobroTime now, gpointer data)
{
  const RelayContext *ctx = data;
  g_autofree char *url = g_strdup_printf ("%s/pay?d=%s", ctx->public_url, token->text);
  g_autofree char *transaction = relay_dyn_transaction_id (ctx, &record->link->id);
  g_autoptr (CobroWireWriter) writer = relay_dyn_answer_begin ("Payment link created");

  cobro_wire_put_text (writer, "link_id", record->link->id.text);
  cobro_wire_put_text (writer, "payment_link", url);
  cobro_wire_put_text (writer, "transaction_id", transaction);
  cobro_wire_put_money_decimal (writer, "base_amount", record->link->amount);
  cobro_wire_put_text (writer, "base_currency", cobro_currency_code (record->link->currency));
  return relay_dyn_answer_take (writer);
}

static gboolean
parse_modes (CobroWireObject *json, guint *out_methods, GError **error)
{
  g_autoptr (GPtrArray) modes = NULL;
  guint methods = 0;

  if (!cobro_wire_get_texts (json, "modes", MODES_MAX, &modes, error))
    return FALSE;
  for (guint i = 0; i < modes->len; i++)
    {
      const char *mode = modes->pdata[i];
      guint method = strcmp (mode, "CARD") == 0     ? COBRO_METHOD_CARD
                     : strcmp (mode, "CRYPTO") == 0 ? COBRO_METHOD_CRYPTO
                                                    : 0;

      if (method == 0 || (methods & method) != 0)
        return cobro_wire_refuse (json, "modes", error,
                                  method == 0 ? "must be \"CARD\" or \"CRYPTO\"" : "must name each mode once");
      methods |= method;
    }
  *out_methods = methods;
  return methods != 0 || cobro_wire_refuse (json, "modes", error, "must name at least one mode");
}

/* A plain decimal number, exactly as it was written: 82.5 is 82.50, and nothing is rounded. */
static gboolean
parse_amount (CobroWireObject *json, CobroCurrency currency, CobroMoney *out_amount, GError **error)
{
  CobroWireKind kind = cobro_wire_kind (json, "amount");
  g_autofree char *text = cobro_wire_get_raw (json, "amount");

  if (kind == COBRO_WIRE_ABSENT || kind == COBRO_WIRE_NULL)
    return cobro_wire_refuse (json, "amount", error, "is required");
  if (kind != COBRO_WIRE_INT64 && kind != COBRO_WIRE_NUMBER)
    return cobro_wire_refuse (json, "amount", error, "must be a number");
  return cobro_money_from_decimal (text, currency, out_amount, NULL) ||
         cobro_wire_refuse (json, "amount", error,
                            "must be an amount in \"%s\": digits, with at most %u after the point",
                            cobro_currency_code (currency), cobro_currency_exponent (currency));
}

static gboolean
parse_created (CobroWireObject *json, CobroLink *link, GError **error)
{
  g_autofree char *code = NULL;
  g_autofree char *email = NULL;

  if (!cobro_wire_get_text_needed (json, "email", &email, error) ||
      !cobro_wire_get_text_needed (json, "base_currency", &code, error) || !parse_modes (json, &link->methods, error))
    return FALSE;
  if (*email == '\0')
    return cobro_wire_refuse (json, "email", error, "must not be empty");
  if (!cobro_currency_from_code (code, &link->currency, NULL))
    return cobro_wire_refuse (json, "base_currency", error, "unknown currency");
  cobro_link_set_text (&link->customer_email, email);
  return parse_amount (json, link->currency, &link->amount, error) &&
         cobro_wire_get_time (json, "expires_at", &link->expires_at, error) && cobro_wire_done (json, error);
}

/* The link's own rules speak of its fields by the names of /v1. */
static void
rename_path (GError **error, const char *from, const char *to)
{
  const char *path = error != NULL && *error != NULL ? cobro_error_get_path (*error) : NULL;
  g_autofree char *message = NULL;

  if (g_strcmp0 (path, from) != 0)
    return;
  message = g_strdup ((*error)->message);
  g_clear_error (error);
  cobro_error_set_at (error, COBRO_ERROR_INVALID, to, "%s", message);
}

static RelayReply *
create (RelayContext *ctx, RelayRequest *request, CobroLink *link, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  g_auto (RelayApiOnce) key = { 0 };
  RelayLinkOnce once = { .answer = answer_created, .data = ctx, .status = 200 };
  g_autoptr (RelayLinkRecord) record = NULL;
  RelayReply *reply = NULL;
  CobroToken token;

  if (!relay_api_once_read (request, &scope, NULL, FALSE, &key, error))
    return NULL;
  once.request = relay_api_once_request (&key);
  record = relay_links_publish (ctx->store, &scope, link, relay_api_once_is_set (&key) ? &once : NULL, &token, error);
  if (relay_api_once_is_set (&key) && (record != NULL || once.replayed))
    reply = relay_api_once_reply (request, &once.stored, once.replayed);
  else if (record != NULL)
    reply = relay_reply_json_bare (request, 200, answer_created (record, &token, cobro_clock_now (ctx->clock), ctx));
  relay_stored_answer_clear (&once.stored);
  return reply;
}

RelayReply *
relay_api_dyn_create_link (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLink) link = cobro_link_new ();
  CobroWireObject *json = relay_request_get_json (request, &error);
  RelayReply *reply = NULL;

  link->livemode = request->livemode;
  link->token = cobro_token_new_reference (ctx->random);
  if (json != NULL && relay_api_check_query (request, no_query, &error) && parse_created (json, link, &error))
    reply = create (ctx, request, link, &error);
  if (reply != NULL)
    return reply;
  rename_path (&error, "pricing.amount", "amount");
  rename_path (&error, "customer.email", "email");
  rename_path (&error, "expiresAt", "expires_at");
  return relay_reply_problem (request, error);
}

/* ── DYN-3: getData ─────────────────────────────────────────────────────────────────────────────── */

static char *
data_to_json (const RelayContext *ctx, const RelayLinkRecord *record, const char *ref, GError **error)
{
  const CobroLink *link = record->link;
  g_autofree char *modes = relay_dyn_modes (link->methods);
  g_autoptr (GPtrArray) keys = relay_dyn_list_keys (ctx);
  g_autofree char *jwk = cobro_wire_jwe_key_to_jwk (keys->pdata[0]);
  g_autofree char *token = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroMoney due = COBRO_MONEY_NONE;
  CobroTime expires;

  if (!relay_dyn_get_due (ctx, record, &due, error) ||
      !(token = relay_dyn_access_make (ctx, record, ref, &expires, error)))
    return NULL;
  writer = relay_dyn_answer_begin ("Payment data");
  cobro_wire_put_money_decimal (writer, "amount", due);
  cobro_wire_put_text (writer, "base_currency", cobro_currency_code (link->currency));
  cobro_wire_put_text (writer, "token", token);
  cobro_wire_put_time (writer, "token_expires_at", expires);
  cobro_wire_put_text (writer, "payment_mode", strchr (modes, ',') == NULL && *modes != '\0' ? modes : NULL);
  cobro_wire_put_text (writer, "allowedModes", modes);
  cobro_wire_put_raw (writer, "public_key", jwk);
  return relay_dyn_answer_take (writer);
}

RelayReply *
relay_api_dyn_get_data (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  CobroWireObject *json = relay_request_get_json (request, &error);
  g_autofree char *ref = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;
  char *text;

  if (json == NULL || !relay_api_check_query (request, no_query, &error) ||
      !cobro_wire_get_text_needed (json, "data", &ref, &error) || !cobro_wire_done (json, &error) ||
      !(record = relay_api_find_token (ctx, request, ref, &error)) ||
      !relay_checkout_check_open (ctx->checkout, record, &error) || !(text = data_to_json (ctx, record, ref, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_bare (request, 200, text);
}

/* ── DYN-10: the merchant's balance ─────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_dyn_balance (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GArray) sums = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (!relay_api_check_query (request, no_query, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(sums = relay_balance_list (reader->db, &scope, &error)))
    return relay_reply_problem (request, error);
  writer = relay_dyn_answer_begin ("Balance");
  cobro_wire_begin_array (writer, "balances");
  for (guint i = 0; i < sums->len; i++)
    {
      CobroMoney sum = g_array_index (sums, CobroMoney, i);

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "currency", cobro_money_code (sum));
      cobro_wire_put_money_decimal (writer, "amount", sum);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
  return relay_reply_json_bare (request, 200, relay_dyn_answer_take (writer));
}

/* ── DYN-7, DYN-8 ───────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_dyn_crypto (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (relay_request_get_json (request, &error) == NULL)
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", FALSE);
  cobro_wire_put_text (writer, "code", "NOT_IMPLEMENTED");
  cobro_wire_put_text (writer, "message", "this relay does not take crypto payments yet; nothing was begun");
  cobro_wire_put_text (writer, "correlationId", request->id);
  cobro_wire_end_object (writer);
  return relay_reply_json_bare (request, 501, cobro_wire_writer_take (writer));
}
