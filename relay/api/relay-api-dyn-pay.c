/* relay/api/relay-api-dyn-pay.c — the card-and-link API (DYN): a payload encrypted for this relay begins a payment, and
 * how it went. The payload holds a provider's token or nothing: a card number is refused wherever it stands, and
 * neither kept nor logged. Layer: relay/api. Request threads. */
#include "relay-api-dyn.h"

#include <string.h>

#include "cobro-card-number.h"
#include "cobro-error.h"
#include "cobro-text.h"
#include "cobro-wire-sign.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"

#define TOKEN_MAX     2048
#define REFERENCE_MAX 255
#define KEY_MAX       255
/* Whose token it is when the payload does not say (DYN-5: card by Flutterwave). */
#define TOKEN_GATEWAY "flutterwave"

static const char *const no_query[] = { NULL };

/* ── The payload ────────────────────────────────────────────────────────────────────────────────── */

/* What stands in it; all of it is optional. */
typedef struct
{
  CobroMoney amount;
  char *gateway, *card_token, *device, *name, *email, *phone;
} Payload;

static void
payload_clear (Payload *payload)
{
  cobro_text_wipe (payload->card_token);
  cobro_text_wipe (payload->device);
  g_free (payload->gateway);
  g_free (payload->name);
  g_free (payload->email);
  g_free (payload->phone);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Payload, payload_clear)

static gboolean
refuse_card (const char *path, GError **error)
{
  return cobro_error_set_at (
    error, COBRO_ERROR_INVALID, path,
    "holds a card number: this relay takes none. Send the token that the provider's own script "
    "makes of the card, or no token, and the payer to the page of \"redirect\"");
}

/* Before anything else looks at them. A UUID holds a card number by chance too often, and a key is kept as a hash. */
static gboolean
check_no_card (RelayRequest *request, GError **error)
{
  const char *key = relay_request_header (request, "idempotency-key");
  gsize length;
  const char *body = g_bytes_get_data (request->body, &length);

  if (cobro_card_number_is_in (request->target, -1))
    return refuse_card ("query", error);
  if (key != NULL && !g_uuid_string_is_valid (key) && cobro_card_number_is_in (key, -1))
    return refuse_card ("Idempotency-Key", error);
  return body == NULL || !cobro_card_number_is_in (body, (gssize)length) || refuse_card ("data", error);
}

/* What the link asks for is what is paid; where the payer decides, it is said here. */
static gboolean
get_amount (CobroWireObject *json, const CobroLink *link, CobroMoney due, CobroMoney *out_amount, GError **error)
{
  g_autofree char *text = cobro_wire_get_raw (json, "amount");
  g_autofree char *code = NULL;

  if (!cobro_wire_get_text (json, "currency", NULL, &code, error))
    return FALSE;
  if (code != NULL && strcmp (code, cobro_currency_code (link->currency)) != 0)
    return cobro_wire_refuse (json, "currency", error, "must be the link's");
  if (text == NULL)
    return TRUE;
  if (!cobro_money_from_decimal (text, link->currency, out_amount, NULL) ||
      (cobro_money_is_set (due) && !cobro_money_equal (*out_amount, due)))
    return cobro_wire_refuse (json, "amount", error, "must be what the link asks for");
  return TRUE;
}

static gboolean
check_type (CobroWireObject *json, GError **error)
{
  g_autofree char *type = NULL;

  if (!cobro_wire_get_text (json, "paymentType", "CARD", &type, error))
    return FALSE;
  return strcmp (type, "CARD") == 0 || cobro_wire_refuse (json, "paymentType", error, "must be \"CARD\"");
}

static gboolean
get_secret (CobroWireObject *json, const char *key, char **out_secret, GError **error)
{
  if (!cobro_wire_get_text (json, key, NULL, out_secret, error))
    return FALSE;
  return *out_secret == NULL ||
         (strlen (*out_secret) <= TOKEN_MAX &&
          cobro_text_check (*out_secret, TOKEN_MAX, COBRO_TEXT_NEEDED, key, NULL)) ||
         cobro_wire_refuse (json, key, error, "must be one line of 1 to %d characters", TOKEN_MAX);
}

/* The link was made for one address; where it names none, the payer may. */
static gboolean
check_email (CobroWireObject *json, const CobroLink *link, char **out_email, GError **error)
{
  if (!cobro_wire_get_text (json, "email", NULL, out_email, error))
    return FALSE;
  return *out_email == NULL || *link->customer_email == '\0' || strcmp (*out_email, link->customer_email) == 0 ||
         cobro_wire_refuse (json, "email", error, "must be the address that the link was made for");
}

static gboolean
parse_members (CobroWireObject *json, const CobroLink *link, CobroMoney due, Payload *payload, GError **error)
{
  if (!check_type (json, error) || !get_amount (json, link, due, &payload->amount, error) ||
      !cobro_wire_get_text (json, "gateway", NULL, &payload->gateway, error) ||
      !get_secret (json, "token", &payload->card_token, error) ||
      !get_secret (json, "device", &payload->device, error) ||
      !cobro_wire_get_text (json, "name", NULL, &payload->name, error) ||
      !check_email (json, link, &payload->email, error) ||
      !cobro_wire_get_text (json, "phone", NULL, &payload->phone, error) || !cobro_wire_done (json, error))
    return FALSE;
  if (payload->card_token != NULL && payload->gateway == NULL)
    payload->gateway = g_strdup (TOKEN_GATEWAY);
  return TRUE;
}

/* A token that nobody can use must not become a payment by other means. */
static gboolean
check_gateway (RelayContext *ctx, const Payload *payload, GError **error)
{
  RelayProvider *provider;

  if (payload->card_token == NULL)
    return TRUE;
  provider = relay_providers_find (ctx->providers, payload->gateway);
  return (provider != NULL && provider->class->takes_tokens) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "gateway", "takes no tokens here: send none");
}

static gboolean
parse_payload (RelayContext *ctx, GBytes *plain, const RelayLinkRecord *link, Payload *payload, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (plain, &length);
  g_autoptr (CobroWireObject) json = NULL;
  CobroMoney due = COBRO_MONEY_NONE;

  if (cobro_card_number_is_in (text, (gssize)length))
    return refuse_card ("data", error);
  if (!relay_dyn_get_due (ctx, link, &due, error))
    return FALSE;
  if (!(json = cobro_wire_parse (text, (gssize)length, NULL)))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "must be a JSON object, encrypted");
  return (parse_members (json, link->link, due, payload, error) && check_gateway (ctx, payload, error)) ||
         cobro_error_prefix_path (error, "data");
}

/* The JWE of the body, opened. Wipe it. */
static GBytes *
open_payload (RelayContext *ctx, const char *jwe, GError **error)
{
  g_autoptr (GPtrArray) keys = relay_dyn_list_keys (ctx);
  g_autoptr (GError) failure = NULL;
  GBytes *plain = cobro_wire_jwe_open (jwe, keys, &failure);

  if (plain == NULL)
    cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "%s", failure->message);
  return plain;
}

static gboolean
read_body (RelayRequest *request, const char *member, char **out_text, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);

  return json != NULL && relay_api_check_query (request, no_query, error) &&
         cobro_wire_get_text_needed (json, member, out_text, error) && cobro_wire_done (json, error);
}

/* ── Answers ────────────────────────────────────────────────────────────────────────────────────── */

/* DYN's three words for an attempt. */
static const char *
status_of (CobroPaymentState state)
{
  switch (state)
    {
    case COBRO_PAYMENT_SUCCEEDED:
      return "successful";
    case COBRO_PAYMENT_FAILED:
    case COBRO_PAYMENT_CANCELLED:
      return "failed";
    case COBRO_PAYMENT_CREATED:
    case COBRO_PAYMENT_PENDING:
    case COBRO_PAYMENT_REQUIRES_ACTION:
    case COBRO_PAYMENT_PROCESSING:
    case COBRO_PAYMENT_UNKNOWN:
      return "pending";
    }
  return "pending";
}

static CobroWireWriter *
begin_answer (RelayContext *ctx, const CobroId *link_id, const CobroPayment *payment)
{
  CobroWireWriter *writer = relay_dyn_answer_begin (relay_api_payment_words (payment->state));
  g_autofree char *transaction = relay_dyn_transaction_id (ctx, link_id);

  cobro_wire_put_text (writer, "transaction_id", transaction);
  cobro_wire_put_text (writer, "transaction_reference", payment->id.text);
  cobro_wire_put_text (writer, "status", status_of (payment->state));
  cobro_wire_put_money_decimal (writer, "amount", payment->amount);
  cobro_wire_put_text (writer, "base_currency", cobro_money_code (payment->amount));
  return writer;
}

/* ── DYN-5: addPayment ──────────────────────────────────────────────────────────────────────────── */

/* One request. */
typedef struct
{
  RelayDynAccess access;
  RelayApiOnce once;
  char *jwe;
  Payload payload;
} Adding;

static void
adding_clear (Adding *adding)
{
  relay_dyn_access_clear (&adding->access);
  relay_api_once_clear (&adding->once);
  payload_clear (&adding->payload);
  g_free (adding->jwe);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Adding, adding_clear)

static gboolean
is_key (const char *key)
{
  gsize length = strlen (key);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (key[i]))
      return FALSE;
  return length > 0 && length <= KEY_MAX;
}

/* The same JWE is the same payment, with or without an Idempotency-Key. Keys of payers are apart from the merchant's
 * own, and those of one link from another's: what is stored is a hash over both. */
static gboolean
read_once (RelayRequest *request, Adding *adding, GError **error)
{
  const RelayLinkRecord *link = adding->access.link;
  RelayScope scope = { .merchant_id = link->merchant_id, .livemode = link->link->livemode };
  RelayApiOnce *once = &adding->once;
  g_autofree char *named = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sum = NULL;
  gsize size = sizeof once->fingerprint;
  g_autoptr (GChecksum) print = g_checksum_new (G_CHECKSUM_SHA256);

  if (!relay_api_once_read (request, &scope, NULL, FALSE, once, error))
    return FALSE;
  named = g_steal_pointer (&once->key);
  if (named != NULL && !is_key (named))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "Idempotency-Key", "must be 1 to %d visible characters",
                               KEY_MAX);
  text = g_strdup_printf ("%s|%s|%s", link->link->id.text, named != NULL ? "key" : "payload",
                          named != NULL ? named : adding->jwe);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  once->key = g_strconcat ("dyn-", sum, NULL);
  once->scope = scope;
  g_checksum_update (print, (const guchar *)adding->jwe, -1);
  g_checksum_get_digest (print, once->fingerprint, &size);
  return TRUE;
}

static char *
begin_payment (RelayContext *ctx, RelayRequest *request, const Adding *adding, gint64 *out_wait, GError **error)
{
  const CobroLink *link = adding->access.link->link;
  const Payload *payload = &adding->payload;
  g_autofree char *payer = relay_api_once_payer (ctx, &adding->once, &link->id);
  RelayBegin begin = { .token = adding->access.ref.text,
                       .payer_key = payer,
                       .amount = payload->amount,
                       .method = COBRO_METHOD_CARD,
                       .gateway = payload->gateway,
                       .payer_name = payload->name,
                       .payer_email = payload->email,
                       .payer_phone = payload->phone,
                       .card_token = payload->card_token,
                       .device = payload->device,
                       .locale = relay_request_header (request, "accept-language"),
                       .once = TRUE };
  g_autoptr (RelayBeginResult) result = relay_checkout_begin (ctx->checkout, &begin, out_wait, error);
  g_autoptr (CobroWireWriter) writer = NULL;

  if (result == NULL)
    return NULL;
  if (result->payment == NULL)
    return cobro_error_set (error, COBRO_ERROR_STATE, "there is nothing to pay"), NULL;
  if (result->payment->state == COBRO_PAYMENT_FAILED)
    relay_api_note_failure (request, &adding->access.link->merchant_id);
  writer = begin_answer (ctx, &link->id, result->payment);
  cobro_wire_put_text (writer, "redirect", result->next == RELAY_NEXT_REDIRECT ? result->url : NULL);
  return relay_dyn_answer_take (writer);
}

/* The key is claimed. */
static RelayReply *
add_claimed (RelayContext *ctx, RelayRequest *request, const Adding *adding, GError **error)
{
  g_auto (RelayStoredAnswer) answer = { .status = 200 };
  gint64 wait = 0;

  if (relay_api_limit_attempt (ctx, request, adding->access.link, error))
    answer.body = begin_payment (ctx, request, adding, &wait, error);
  if (answer.body == NULL)
    {
      relay_api_once_abandon (ctx, &adding->once);
      return relay_api_refuse_for_now (request, *error, wait);
    }
  return relay_api_once_finish (ctx, &adding->once, &answer, error) ? relay_api_once_reply (request, &answer, FALSE)
                                                                    : NULL;
}

static gboolean
check_mode (const CobroLink *link, GError **error)
{
  return (link->methods & COBRO_METHOD_CARD) != 0 ||
         cobro_error_set (error, COBRO_ERROR_STATE, "this link takes no cards: see allowedModes of getData");
}

static gboolean
read_payload (RelayContext *ctx, Adding *adding, GError **error)
{
  GBytes *plain = open_payload (ctx, adding->jwe, error);
  gboolean ok = plain != NULL && parse_payload (ctx, plain, adding->access.link, &adding->payload, error);

  cobro_wire_wipe (plain);
  return ok;
}

RelayReply *
relay_api_dyn_add_payment (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_auto (Adding) adding = { .jwe = NULL };
  RelayReply *reply = NULL;

  if (!check_no_card (request, &error) || relay_request_get_json (request, &error) == NULL ||
      !relay_dyn_access_check (ctx, request, &adding.access, &error) ||
      !check_mode (adding.access.link->link, &error) || !read_body (request, "data", &adding.jwe, &error) ||
      !read_payload (ctx, &adding, &error) || !read_once (request, &adding, &error) ||
      !relay_api_once_begin (ctx, request, &adding.once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply != NULL)
    return reply;
  reply = add_claimed (ctx, request, &adding, &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* ── DYN-6: verifyPayment ───────────────────────────────────────────────────────────────────────── */

/* What came in by this payment and stayed: the sum of its rows in the ledger. */
static gboolean
credited_of (const CobroPayment *payment, CobroMoney *out_credited, GError **error)
{
  *out_credited = cobro_money_zero (cobro_money_currency (payment->amount));
  return !cobro_money_is_set (payment->received) ||
         (cobro_money_subtract (payment->received, payment->refunded, out_credited, error) &&
          cobro_money_subtract (*out_credited, payment->lost, out_credited, error));
}

/* A link's transaction is its newest payment; where many pay, nobody learns of the others. */
static const char *
name_of (RelayContext *ctx, const CobroLink *link, const char *name)
{
  g_autofree char *transaction = relay_dyn_transaction_id (ctx, &link->id);

  return link->usage == COBRO_USAGE_SINGLE && strcmp (name, transaction) == 0 ? NULL : name;
}

/* The provider is asked; money that came is told whatever became of the link. */
static CobroPayment *
find_payment (RelayContext *ctx, const RelayDynAccess *access, const char *name, GError **error)
{
  g_autoptr (CobroPayment) payment =
    relay_checkout_confirm_named (ctx->checkout, access->ref.text, name_of (ctx, access->link->link, name), error);
  CobroLinkStatus status;

  if (payment == NULL || payment->state == COBRO_PAYMENT_SUCCEEDED)
    return g_steal_pointer (&payment);
  status = cobro_link_view (access->link->link, &access->link->tally, cobro_clock_now (ctx->clock)).status;
  if ((status == COBRO_LINK_CANCELLED || status == COBRO_LINK_EXPIRED) &&
      !relay_checkout_check_open (ctx->checkout, access->link, error))
    return NULL;
  return g_steal_pointer (&payment);
}

/* The link and its sums after the question. */
static RelayLinkRecord *
read_link (RelayContext *ctx, const RelayDynAccess *access, GError **error)
{
  RelayScope scope = { access->link->merchant_id, access->link->link->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);

  return reader != NULL ? relay_link_find (reader->db, &scope, &access->link->link->id, error) : NULL;
}

static char *
verified_to_json (RelayContext *ctx, const RelayLinkRecord *link, const CobroPayment *payment, GError **error)
{
  CobroLinkView view = cobro_link_view (link->link, &link->tally, cobro_clock_now (ctx->clock));
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroMoney credited;

  if (!credited_of (payment, &credited, error))
    return NULL;
  writer = begin_answer (ctx, &link->link->id, payment);
  cobro_wire_put_text (writer, "link_id", link->link->id.text);
  cobro_wire_put_text (writer, "link_status", cobro_paid_status_dyn_name (view.paid_status));
  cobro_wire_put_money_decimal (writer, "credited", credited);
  return relay_dyn_answer_take (writer);
}

static gboolean
check_name (const char *name, GError **error)
{
  return (*name != '\0' && strlen (name) <= REFERENCE_MAX) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "transaction_reference", "must have 1 to %d characters",
                             REFERENCE_MAX);
}

RelayReply *
relay_api_dyn_verify_payment (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_auto (RelayDynAccess) access = { 0 };
  g_autofree char *name = NULL;
  g_autoptr (CobroPayment) payment = NULL;
  g_autoptr (RelayLinkRecord) link = NULL;
  char *json;

  if (relay_request_get_json (request, &error) == NULL || !relay_dyn_access_check (ctx, request, &access, &error) ||
      !read_body (request, "transaction_reference", &name, &error) || !check_name (name, &error) ||
      !(payment = find_payment (ctx, &access, name, &error)) || !(link = read_link (ctx, &access, &error)) ||
      !(json = verified_to_json (ctx, link, payment, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_bare (request, 200, json);
}
