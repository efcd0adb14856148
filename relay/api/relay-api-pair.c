/* relay/api/relay-api-pair.c — a one-time code becomes a device with a key of its own, and a device makes a code for
 * the next one.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-pair-link.h"
#include "cobro-text.h"
#include "cobro-wire-merchant.h"
#include "relay-account-store.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-mail-store.h"
#include "relay-merchant-store.h"

#define PROTOCOL        1
#define CODE_MAX        64 /* characters of a code with every blank and dash */
#define DEVICE_NAME_MAX 80

/* What pairing brings together. */
typedef struct
{
  RelayScope scope;
  CobroId device_id;
  RelayKeyText key;
  CobroMerchant *merchant;
  GPtrArray *accounts;
} Paired;

static void
paired_clear (Paired *paired)
{
  g_clear_pointer (&paired->merchant, cobro_merchant_unref);
  g_clear_pointer (&paired->accounts, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paired, paired_clear)

static gboolean
parse (RelayRequest *request, char **out_code, char **out_name, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);

  return json != NULL && cobro_wire_get_text_needed (json, "code", out_code, error) &&
         cobro_wire_get_text_needed (json, "deviceName", out_name, error) && cobro_wire_done (json, error) &&
         cobro_text_check (*out_code, CODE_MAX, COBRO_TEXT_NEEDED, "code", error) &&
         cobro_text_check (*out_name, DEVICE_NAME_MAX, COBRO_TEXT_NEEDED, "deviceName", error);
}

/* What the desktop wants to know at once; the code is spent by now. */
static gboolean
look_around (RelayContext *ctx, Paired *paired, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);

  return reader != NULL &&
         (paired->merchant = relay_merchant_find (reader->db, &paired->scope.merchant_id, NULL, error)) != NULL &&
         (paired->accounts = relay_account_list (ctx->store, reader->db, &paired->scope, error)) != NULL;
}

static void
write_capabilities (RelayContext *ctx, CobroWireWriter *writer, const Paired *paired)
{
  guint methods = 0;

  cobro_wire_begin_object (writer, "capabilities");
  cobro_wire_put_int64 (writer, "protocol", PROTOCOL);
  cobro_wire_put_text (writer, "publicUrl", ctx->public_url);
  cobro_wire_put_bool (writer, "mail", relay_mail_is_wanted (ctx->store));
  cobro_wire_begin_array (writer, "gateways");
  for (guint i = 0; i < paired->accounts->len; i++)
    {
      const RelayAccountRecord *account = g_ptr_array_index (paired->accounts, i);
      const RelayProvider *provider = relay_providers_find (ctx->providers, account->provider);

      if (provider == NULL || !account->enabled)
        continue;
      cobro_wire_put_text (writer, NULL, account->provider);
      methods |= provider->class->methods;
    }
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "methods");
  for (guint bit = 1; bit != 0 && bit <= methods; bit <<= 1)
    if ((methods & bit) != 0)
      cobro_wire_put_text (writer, NULL, cobro_method_name (bit));
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
}

RelayReply *
relay_api_pair (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_auto (Paired) paired = { 0 };
  g_autofree char *code = NULL;
  g_autofree char *name = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse (request, &code, &name, &error) ||
      !relay_pair (ctx->store, code, name, &paired.scope, &paired.device_id, &paired.key, &error) ||
      !look_around (ctx, &paired, &error))
    return relay_reply_problem (request, error);

  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "deviceId", paired.device_id.text);
  cobro_wire_put_text (writer, "deviceKey", paired.key.text);
  cobro_wire_merchant_write (writer, "merchant", paired.merchant);
  cobro_wire_put_bool (writer, "livemode", paired.scope.livemode);
  write_capabilities (ctx, writer, &paired);
  cobro_wire_end_object (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

/* ── A code for another desktop ── */

typedef struct
{
  RelayScope scope;
  RelayPairCode code;
} NewCode;

static gboolean
insert_code (RelayTx *tx, gpointer data, GError **error)
{
  NewCode *made = data;

  return relay_pair_code_insert (tx, &made->scope, &made->code, error);
}

RelayReply *
relay_api_pair_code (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  NewCode made = { .scope = relay_api_scope (request) };
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;

  /* A program's key must not become a desktop, which may do everything. */
  if (!relay_api_device (request, &(CobroId){ "" }, &error) || !relay_api_check_no_body (request, &error) ||
      !relay_store_write_for (ctx->store, &made.scope.merchant_id, insert_code, &made, &error))
    return relay_reply_problem (request, error);

  link = cobro_pair_link_new (ctx->public_url, made.code.text);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "code", made.code.text);
  cobro_wire_put_text (writer, "link", link);
  cobro_wire_put_bool (writer, "livemode", made.scope.livemode);
  cobro_wire_put_time (writer, "expiresAt", made.code.expires_at);
  cobro_wire_end_object (writer);
  return relay_reply_json (request, 201, cobro_wire_writer_take (writer));
}
