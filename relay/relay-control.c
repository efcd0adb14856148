/* relay/relay-control.c — operations, their routes, and the client that finds the right way to them.
 * Layer: relay (composition). Threads: the control server's, or main. */
#include "relay-control.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-net-client.h"
#include "cobro-pair-link.h"
#include "cobro-wire-merchant.h"
#include "config.h"
#include "relay-account-store.h"
#include "relay-api.h"
#include "relay-app.h"
#include "relay-control-deliveries.h"
#include "relay-control-keys.h"
#include "relay-control-mail.h"
#include "relay-merchant-store.h"

#define SOCKET_PATH_MAX 107
/* The first key is for the merchant's programs and makes the others; only desktops sync. */
#define FIRST_SCOPES    "links:rw invoices:rw payments:r payments:w refunds:w webhooks:rw providers:rw keys:admin"

char *
relay_control_address (const char *data)
{
  g_autofree char *path = g_build_filename (data, "control.sock", NULL);

  return strlen (path) <= SOCKET_PATH_MAX ? g_strconcat ("unix:", path, NULL) : NULL;
}

/* ── operations ─────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroMerchant *merchant;
  RelayScope scope;
  RelayKeyText key;
  RelayPairCode code;
} Newcomer;

/* A merchant can take play money from the first minute; webhooks of the mock need a secret like any other's. */
static gboolean
add_mock_account (RelayTx *tx, const CobroId *merchant_id, GError **error)
{
  g_autoptr (RelayAccountRecord) account = relay_account_record_new ();
  guint8 secret[32];

  cobro_random_fill (relay_store_random (tx->store), secret, sizeof secret);
  account->merchant_id = *merchant_id;
  cobro_link_set_text (&account->provider, "mock");
  account->enabled = TRUE;
  g_ptr_array_add (account->webhook_secrets, g_base64_encode (secret, sizeof secret));
  return relay_account_put (tx, account, error);
}

static gboolean
insert_newcomer (RelayTx *tx, gpointer data, GError **error)
{
  static const RelayKeyOrder order = { .name = "first key", .scopes = FIRST_SCOPES, .created_by = "operator" };
  Newcomer *newcomer = data;

  if (!relay_merchant_insert (tx, newcomer->merchant, error))
    return FALSE;
  newcomer->scope.merchant_id = newcomer->merchant->id;
  return relay_key_insert (tx, &newcomer->scope, &order, &newcomer->key, error) &&
         relay_pair_code_insert (tx, &newcomer->scope, &newcomer->code, error) &&
         add_mock_account (tx, &newcomer->merchant->id, error);
}

/* {"subject", "live", "publicUrl"}: what the operations take that end with a pairing code. */
typedef struct
{
  char *subject;
  gboolean live;
  char *public_url; /* where the relay is reached, as far as the command knows; "" */
} Order;

static void
order_clear (Order *order)
{
  g_free (order->subject);
  g_free (order->public_url);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static gboolean
read_order (CobroWireObject *arguments, Order *out_order, GError **error)
{
  return cobro_wire_get_text_needed (arguments, "subject", &out_order->subject, error) &&
         cobro_wire_get_bool (arguments, "live", FALSE, &out_order->live, error) &&
         cobro_wire_get_text (arguments, "publicUrl", "", &out_order->public_url, error) &&
         cobro_wire_done (arguments, error);
}

static void
put_code (CobroWireWriter *writer, const RelayPairCode *code, const char *public_url)
{
  g_autofree char *link = public_url && *public_url ? cobro_pair_link_new (public_url, code->text) : NULL;

  cobro_wire_put_text (writer, "pairCode", code->text);
  if (link)
    cobro_wire_put_text (writer, "pairLink", link);
}

static char *
add_merchant (RelayStore *store, const char *name, gboolean live, const char *public_url, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  Newcomer newcomer = { .merchant = merchant, .scope.livemode = live };

  g_free (merchant->name);
  merchant->name = g_strdup (name);
  if (!cobro_merchant_validate (merchant, error) || !relay_store_write (store, insert_newcomer, &newcomer, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchantId", merchant->id.text);
  cobro_wire_put_text (writer, "name", merchant->name);
  cobro_wire_put_bool (writer, "livemode", live);
  cobro_wire_put_text (writer, "apiKey", newcomer.key.text);
  put_code (writer, &newcomer.code, public_url);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* @own_url: of the relay that runs; "": as the command says. */
static char *
make_merchant (RelayStore *store, const char *own_url, CobroWireObject *arguments, GError **error)
{
  g_auto (Order) order = { 0 };

  return read_order (arguments, &order, error)
           ? add_merchant (store, order.subject, order.live, *own_url ? own_url : order.public_url, error)
           : NULL;
}

char *
relay_control_make_merchant (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  return make_merchant (store, "", arguments, error);
}

char *
relay_control_add_merchant (RelayStore *store, const char *name, gboolean live, GError **error)
{
  return add_merchant (store, name, live, NULL, error);
}

static gboolean
insert_code (RelayTx *tx, gpointer data, GError **error)
{
  Newcomer *known = data;
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &known->scope.merchant_id, NULL, error);

  return merchant && relay_pair_code_insert (tx, &known->scope, &known->code, error);
}

static char *
make_pair_code (RelayStore *store, const char *own_url, CobroWireObject *arguments, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_auto (Order) order = { 0 };
  Newcomer known = { 0 };

  if (!read_order (arguments, &order, error) ||
      !cobro_id_parse (COBRO_ID_MERCHANT, order.subject, &known.scope.merchant_id, error))
    return NULL;
  known.scope.livemode = order.live;
  if (!relay_store_write_for (store, &known.scope.merchant_id, insert_code, &known, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchantId", order.subject);
  cobro_wire_put_bool (writer, "livemode", order.live);
  put_code (writer, &known.code, *own_url ? own_url : order.public_url);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

char *
relay_control_make_pair_code (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  return make_pair_code (store, "", arguments, error);
}

/* ── routes ─────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_control_answer (RelayContext *context, RelayRequest *request, RelayControlWork work)
{
  g_autoptr (GError) error = NULL;
  CobroWireObject *json = relay_request_get_json (request, &error);
  char *result = json ? work (context->store, json, &error) : NULL;

  return result ? relay_reply_json (request, 201, result) : relay_reply_problem (request, error);
}

typedef char *(*WorkWithUrl) (RelayStore *store, const char *own_url, CobroWireObject *arguments, GError **error);

/* For operations that say where the relay is: it knows better than the command. */
static RelayReply *
answer_with_url (RelayContext *context, RelayRequest *request, WorkWithUrl work)
{
  g_autoptr (GError) error = NULL;
  CobroWireObject *json = relay_request_get_json (request, &error);
  char *result = json ? work (context->store, context->public_url, json, &error) : NULL;

  return result ? relay_reply_json (request, 201, result) : relay_reply_problem (request, error);
}

static RelayReply *
answer_add_merchant (gpointer context, RelayRequest *request)
{
  return answer_with_url (context, request, make_merchant);
}

static RelayReply *
answer_make_pair_code (gpointer context, RelayRequest *request)
{
  return answer_with_url (context, request, make_pair_code);
}

#define CONTROL_ROUTE(path, handler)                                                                                   \
  {                                                                                                                    \
    "POST", path, handler, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 4096, 0                                   \
  }

static const RelayRoute routes[] = {
  CONTROL_ROUTE ("/control/merchants", answer_add_merchant),
  CONTROL_ROUTE ("/control/mail-from", relay_control_answer_mail_from),
  CONTROL_ROUTE ("/control/pair-codes", answer_make_pair_code),
  CONTROL_ROUTE ("/control/api-keys/add", relay_control_answer_key_add),
  CONTROL_ROUTE ("/control/api-keys/list", relay_control_answer_key_list),
  CONTROL_ROUTE ("/control/api-keys/rotate", relay_control_answer_key_rotate),
  CONTROL_ROUTE ("/control/api-keys/revoke", relay_control_answer_key_revoke),
  CONTROL_ROUTE ("/control/deliveries", relay_control_answer_deliveries),
  CONTROL_ROUTE ("/control/replay", relay_control_answer_replay),
  CONTROL_ROUTE ("/control/key/status", relay_control_answer_secret_status),
  CONTROL_ROUTE ("/control/key/rotate", relay_control_answer_secret_rotate),
  { NULL, NULL, NULL, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
};

const RelayRoute *
relay_control_routes (void)
{
  return routes;
}

/* ── client ─────────────────────────────────────────────────────────────────────────────────────── */

static char *
read_answer (const CobroNetAnswer *net_answer, GError **error)
{
  g_autoptr (CobroWireObject) envelope =
    cobro_wire_parse (g_bytes_get_data (net_answer->body, NULL), g_bytes_get_size (net_answer->body), error);
  g_autoptr (CobroWireObject) problem = NULL;
  g_autofree char *message = NULL;

  if (!envelope)
    return NULL;
  if (net_answer->status < 300)
    return cobro_wire_get_raw (envelope, "data");
  if (!cobro_wire_get_object (envelope, "error", &problem, error) || !problem ||
      !cobro_wire_get_text_needed (problem, "message", &message, error))
    return NULL;
  cobro_error_set (error, net_answer->status == 404 ? COBRO_ERROR_NOT_FOUND : COBRO_ERROR_INVALID, "%s", message);
  return NULL;
}

static char *
ask_running_relay (const char *socket, const char *path, const char *arguments, GError **error)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new_unix ("cobro-relay/" COBRO_VERSION, socket);
  g_autoptr (CobroNetAnswer) net_answer = NULL;
  g_autoptr (GBytes) body = g_bytes_new (arguments, strlen (arguments));
  g_autofree char *url = g_strconcat ("http://localhost", path, NULL);

  net_answer = cobro_net_client_send (client,
                                      &(CobroNetRequest){ .method = "POST",
                                                          .url = url,
                                                          .content_type = "application/json",
                                                          .body = body,
                                                          .deadline_ms = 20000,
                                                          .max_bytes = 1024 * 1024 },
                                      NULL, error);
  return net_answer ? read_answer (net_answer, error) : NULL;
}

char *
relay_control_run (const RelayConfig *config, const char *path, RelayControlWork work, const char *arguments,
                   GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayStore) store = relay_app_open_store (config, FALSE, &failure);
  g_autofree char *address = relay_control_address (config->data);

  if (store)
    {
      g_autoptr (CobroWireObject) json = cobro_wire_parse (arguments, -1, error);

      return json ? work (store, json, error) : NULL;
    }
  if (address && g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY))
    return ask_running_relay (address + strlen ("unix:"), path, arguments, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
