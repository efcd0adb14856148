/* relay/relay-control-keys.c — an operator's hand on keys: merchants' API keys, and the keys of secrets at rest.
 * Layer: relay (composition). Threads: the control server's, or main. */
#include "relay-control-keys.h"

#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-key-rotation.h"
#include "relay-merchant-store.h"

/* What a program of the merchant's needs, unless something else is said; none that makes further keys. */
#define USUAL_SCOPES "links:rw invoices:rw payments:r payments:w refunds:w webhooks:rw"

/* One operation. */
typedef struct
{
  RelayScope scope;
  char *name, *scopes, *networks, *id;
  RelayKeyText text;
} Order;

static void
order_clear (Order *order)
{
  g_free (order->name);
  g_free (order->scopes);
  g_free (order->networks);
  g_free (order->id);
  explicit_bzero (&order->text, sizeof order->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static gboolean
find_merchant (RelayStore *store, Order *order, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (CobroMerchant) merchant =
    reader ? relay_merchant_find (reader->db, &order->scope.merchant_id, NULL, error) : NULL;

  return merchant != NULL;
}

static gboolean
read_order (RelayStore *store, CobroWireObject *arguments, gboolean with_id, Order *order, GError **error)
{
  g_autofree char *merchant = NULL;

  return cobro_wire_get_text_needed (arguments, "merchant", &merchant, error) &&
         cobro_wire_get_bool (arguments, "live", FALSE, &order->scope.livemode, error) &&
         (!with_id || cobro_wire_get_text_needed (arguments, "id", &order->id, error)) &&
         cobro_id_parse (COBRO_ID_MERCHANT, merchant, &order->scope.merchant_id, error) &&
         find_merchant (store, order, error);
}

static char *
key_to_json (const Order *order)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *id = relay_key_text_dup_id (&order->text);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchantId", order->scope.merchant_id.text);
  cobro_wire_put_text (writer, "id", id);
  cobro_wire_put_text (writer, "key", order->text.text);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
insert_work (RelayTx *tx, gpointer data, GError **error)
{
  Order *order = data;
  RelayKeyOrder key = { .name = order->name,
                        .scopes = order->scopes,
                        .networks = *order->networks ? order->networks : NULL,
                        .created_by = "operator" };

  return relay_key_insert (tx, &order->scope, &key, &order->text, error);
}

char *
relay_control_key_add (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Order) order = { .name = NULL };

  if (!cobro_wire_get_text_needed (arguments, "name", &order.name, error) ||
      !cobro_wire_get_text (arguments, "scopes", USUAL_SCOPES, &order.scopes, error) ||
      !cobro_wire_get_text (arguments, "networks", "", &order.networks, error) ||
      !cobro_text_check (order.name, 100, COBRO_TEXT_NEEDED, "name", error) ||
      !relay_key_check_scopes (order.scopes, error) ||
      (*order.networks && !relay_key_check_networks (order.networks, error)) ||
      !read_order (store, arguments, FALSE, &order, error) || !cobro_wire_done (arguments, error) ||
      !relay_store_write_for (store, &order.scope.merchant_id, insert_work, &order, error))
    return NULL;
  return key_to_json (&order);
}

static void
write_record (CobroWireWriter *writer, const RelayKeyRecord *key)
{
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", key->id);
  cobro_wire_put_text (writer, "name", key->name);
  cobro_wire_put_text (writer, "scopes", key->scopes);
  cobro_wire_put_text (writer, "networks", key->networks);
  cobro_wire_put_text (writer, "createdBy", key->created_by);
  cobro_wire_put_time (writer, "createdAt", key->created_at);
  cobro_wire_put_time (writer, "expiresAt", key->expires_at);
  cobro_wire_put_time (writer, "revokedAt", key->revoked_at);
  cobro_wire_put_text (writer, "successor", key->successor);
  cobro_wire_end_object (writer);
}

char *
relay_control_key_list (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Order) order = { .name = NULL };
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  if (!read_order (store, arguments, FALSE, &order, error) || !cobro_wire_done (arguments, error) ||
      !(reader = relay_store_read (store, error)) || !(keys = relay_key_list (reader->db, &order.scope, error)))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_begin_array (writer, "keys");
  for (guint i = 0; i < keys->len; i++)
    write_record (writer, keys->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
rotate_work (RelayTx *tx, gpointer data, GError **error)
{
  Order *order = data;

  return relay_key_rotate (tx, &order->scope, order->id, RELAY_KEY_OVERLAP_MAX, "operator", &order->text, error);
}

char *
relay_control_key_rotate (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Order) order = { .name = NULL };

  if (!read_order (store, arguments, TRUE, &order, error) || !cobro_wire_done (arguments, error) ||
      !relay_store_write_for (store, &order.scope.merchant_id, rotate_work, &order, error))
    return NULL;
  return key_to_json (&order);
}

static gboolean
revoke_work (RelayTx *tx, gpointer data, GError **error)
{
  Order *order = data;

  return relay_key_revoke (tx, &order->scope, order->id, error);
}

char *
relay_control_key_revoke (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Order) order = { .name = NULL };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  if (!read_order (store, arguments, TRUE, &order, error) || !cobro_wire_done (arguments, error) ||
      !relay_store_write_for (store, &order.scope.merchant_id, revoke_work, &order, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", order.id);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── Secrets at rest ────────────────────────────────────────────────────────────────────────────────────────── */

static char *
status_to_json (RelayStore *store, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  RelayKeyStatus status;

  if (!relay_key_status_read (store, &status, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "file", status.file);
  cobro_wire_put_text (writer, "wrapper", status.wrapper);
  cobro_wire_put_int64 (writer, "dataKeys", status.data_keys);
  cobro_wire_put_int64 (writer, "elsewhere", status.elsewhere);
  cobro_wire_put_int64 (writer, "lost", status.lost);
  cobro_wire_put_bool (writer, "running", status.running);
  cobro_wire_put_bool (writer, "fileLate", status.file_late);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

char *
relay_control_secret_status (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  return cobro_wire_done (arguments, error) ? status_to_json (store, error) : NULL;
}

char *
relay_control_secret_rotate (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  gint64 moved;

  if (!cobro_wire_done (arguments, error) || !relay_key_rotation_run (store, &moved, error))
    return NULL;
  return status_to_json (store, error);
}

/* ── On the control socket ──────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_control_answer_key_add (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_key_add);
}

RelayReply *
relay_control_answer_key_list (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_key_list);
}

RelayReply *
relay_control_answer_key_rotate (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_key_rotate);
}

RelayReply *
relay_control_answer_key_revoke (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_key_revoke);
}

RelayReply *
relay_control_answer_secret_status (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_secret_status);
}

RelayReply *
relay_control_answer_secret_rotate (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_secret_rotate);
}
