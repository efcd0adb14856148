/* relay/api/relay-api-sync.c — what desktops push (src/sync/README.md, "Push").
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-invoice.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-product.h"
#include "cobro-wire-record.h"
#include "cobro-wire-recurring.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-links.h"

#define PROTOCOL       1
#define OPERATIONS_MAX 500
#define OP_ID_MAX      64

/* One operation with the texts that it lends. */
typedef struct
{
  RelayPushOperation operation; /* first: the array of these is an array of operations */
  char *op_id, *kind, *id, *edited, *to, *media_type;
  GError *refused;
} Pushed;

static void
pushed_free (gpointer data)
{
  Pushed *pushed = data;

  g_clear_pointer (&pushed->operation.link, cobro_link_unref);
  g_clear_pointer (&pushed->operation.merchant, cobro_merchant_unref);
  g_clear_pointer (&pushed->operation.customer, cobro_customer_unref);
  g_clear_pointer (&pushed->operation.invoice, cobro_invoice_unref);
  g_clear_pointer (&pushed->operation.record, cobro_record_free);
  g_clear_pointer (&pushed->operation.product, cobro_product_unref);
  g_clear_pointer (&pushed->operation.recurring, cobro_recurring_unref);
  g_clear_pointer (&pushed->operation.logo, g_bytes_unref);
  g_clear_error (&pushed->refused);
  g_free (pushed->op_id);
  g_free (pushed->kind);
  g_free (pushed->id);
  g_free (pushed->edited);
  g_free (pushed->to);
  g_free (pushed->media_type);
  g_free (pushed);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pushed, pushed_free)

/* ── Bodies ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_link (Pushed *pushed, CobroWireObject *body, gboolean livemode, GError **error)
{
  CobroLink *link = cobro_wire_link_parse (body, COBRO_WIRE_LINK_STORED, error);

  if ((pushed->operation.link = link) == NULL)
    return FALSE;
  if (!g_str_equal (link->id.text, pushed->id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is not the operation's");
  pushed->operation.token = link->token;
  link->livemode = livemode; /* the device's key decides: what was made in practice is published as what the key is */
  return TRUE;
}

static gboolean
parse_token (Pushed *pushed, CobroWireObject *body, GError **error)
{
  g_autofree char *token = NULL;

  return cobro_wire_get_text_needed (body, "token", &token, error) && cobro_wire_done (body, error) &&
         (cobro_token_parse (token, &pushed->operation.token, error) || cobro_error_prefix_path (error, "token"));
}

static gboolean
parse_merchant (Pushed *pushed, CobroWireObject *body, GError **error)
{
  pushed->operation.merchant = cobro_wire_merchant_parse (body, error);
  return pushed->operation.merchant != NULL;
}

static gboolean
parse_customer (Pushed *pushed, CobroWireObject *body, GError **error)
{
  pushed->operation.customer = cobro_wire_customer_parse (body, error);
  if (pushed->operation.customer == NULL)
    return FALSE;
  return g_str_equal (pushed->operation.customer->id.text, pushed->id) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is not the operation's");
}

static gboolean
check_id (const Pushed *pushed, const CobroId *id, GError **error)
{
  return g_str_equal (id->text, pushed->id) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is not the operation's");
}

static gboolean
parse_invoice (Pushed *pushed, CobroWireObject *body, gboolean livemode, GError **error)
{
  CobroInvoice *invoice = cobro_wire_invoice_parse (body, COBRO_WIRE_INVOICE_STORED, error);

  if ((pushed->operation.invoice = invoice) == NULL)
    return FALSE;
  pushed->operation.token = invoice->token;
  invoice->livemode = livemode; /* as a link's */
  return check_id (pushed, &invoice->id, error);
}

static gboolean
parse_send (Pushed *pushed, CobroWireObject *body, GError **error)
{
  if (!cobro_wire_get_text (body, "to", "", &pushed->to, error) || !cobro_wire_done (body, error))
    return FALSE;
  pushed->operation.to = pushed->to;
  return TRUE;
}

static gboolean
parse_record (Pushed *pushed, CobroWireObject *body, GError **error)
{
  pushed->operation.record = cobro_wire_record_parse (body, error);
  return pushed->operation.record != NULL && check_id (pushed, &pushed->operation.record->id, error);
}

static gboolean
parse_product (Pushed *pushed, CobroWireObject *body, GError **error)
{
  pushed->operation.product = cobro_wire_product_parse (body, error);
  return pushed->operation.product != NULL && check_id (pushed, &pushed->operation.product->id, error);
}

static gboolean
parse_recurring (Pushed *pushed, CobroWireObject *body, GError **error)
{
  pushed->operation.recurring = cobro_wire_recurring_parse (body, error);
  return pushed->operation.recurring != NULL && check_id (pushed, &pushed->operation.recurring->id, error);
}

static gboolean
parse_logo (Pushed *pushed, CobroWireObject *body, GError **error)
{
  g_autofree char *text = NULL, *again = NULL;
  guchar *bytes;
  gsize n;

  if (!cobro_wire_get_text_needed (body, "mediaType", &pushed->media_type, error) ||
      !cobro_wire_get_text_needed (body, "data", &text, error) || !cobro_wire_done (body, error))
    return FALSE;
  bytes = g_base64_decode (text, &n);
  pushed->operation.logo = g_bytes_new_take (bytes, n);
  pushed->operation.media_type = pushed->media_type;
  again = g_base64_encode (bytes, n);
  return g_str_equal (text, again) || cobro_wire_refuse (body, "data", error, "must be base64");
}

/* By kind; kinds that we do not know are the store's to refuse and keep. @text: the body alone, so that paths are the
 * document's own. */
static gboolean
parse_body (Pushed *pushed, const char *text, gboolean livemode, GError **error)
{
  g_autoptr (CobroWireObject) body = cobro_wire_parse (text, -1, error);

  if (body == NULL)
    return FALSE;
  if (g_str_equal (pushed->kind, "link.put"))
    return parse_link (pushed, body, livemode, error);
  if (g_str_equal (pushed->kind, "link.token"))
    return parse_token (pushed, body, error);
  if (g_str_equal (pushed->kind, "merchant.put"))
    return parse_merchant (pushed, body, error);
  if (g_str_equal (pushed->kind, "customer.put"))
    return parse_customer (pushed, body, error);
  if (g_str_equal (pushed->kind, "invoice.put"))
    return parse_invoice (pushed, body, livemode, error);
  if (g_str_equal (pushed->kind, "invoice.send"))
    return parse_send (pushed, body, error);
  if (g_str_equal (pushed->kind, "invoice.remind"))
    return cobro_wire_done (body, error);
  if (g_str_equal (pushed->kind, "payment.record"))
    return parse_record (pushed, body, error);
  if (g_str_equal (pushed->kind, "product.put"))
    return parse_product (pushed, body, error);
  if (g_str_equal (pushed->kind, "recurring.put"))
    return parse_recurring (pushed, body, error);
  if (g_str_equal (pushed->kind, "logo.put"))
    return parse_logo (pushed, body, error);
  return TRUE;
}

/* ── Operations ─────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_op_id (CobroWireObject *object, const char *op_id, GError **error)
{
  gsize n = 0;

  for (const char *p = op_id; *p != '\0'; p++, n++)
    if (!g_ascii_isgraph (*p))
      return cobro_wire_refuse (object, "op_id", error, "must be visible ASCII characters");
  return (n >= 1 && n <= OP_ID_MAX) ||
         cobro_wire_refuse (object, "op_id", error, "must have 1 to %d characters", OP_ID_MAX);
}

/* What must hold for the whole request: a malformed operation refuses it; a document that breaks a rule is that
 * operation's own result. */
static gboolean
parse_operation (Pushed *pushed, CobroWireObject *object, gboolean livemode, GError **error)
{
  RelayPushOperation *operation = &pushed->operation;
  g_autofree char *body = NULL;

  if (!cobro_wire_get_text_needed (object, "op_id", &pushed->op_id, error) ||
      !check_op_id (object, pushed->op_id, error) ||
      !cobro_wire_get_int64_needed (object, "seq", &operation->seq, error) ||
      !cobro_wire_get_text_needed (object, "kind", &pushed->kind, error) ||
      !cobro_wire_get_text_needed (object, "id", &pushed->id, error) ||
      !cobro_wire_get_int64_needed (object, "base_rev", &operation->base_rev, error))
    return FALSE;
  if (operation->seq < 1)
    return cobro_wire_refuse (object, "seq", error, "must be at least 1");
  if (operation->base_rev < 0)
    return cobro_wire_refuse (object, "base_rev", error, "must not be negative");
  if (cobro_wire_kind (object, "body") != COBRO_WIRE_OBJECT)
    return cobro_wire_refuse (object, "body", error, "must be an object");
  if (cobro_wire_has (object, "edited") && cobro_wire_kind (object, "edited") != COBRO_WIRE_OBJECT)
    return cobro_wire_refuse (object, "edited", error, "must be an object");

  body = cobro_wire_get_raw (object, "body");
  pushed->edited = cobro_wire_has (object, "edited") ? cobro_wire_get_raw (object, "edited") : NULL;
  if (!parse_body (pushed, body, livemode, &pushed->refused))
    operation->refused = pushed->refused;
  operation->op_id = pushed->op_id;
  operation->kind = pushed->kind;
  operation->id = pushed->id;
  operation->edited = pushed->edited;
  return TRUE;
}

/* (transfer full) (element-type Pushed) */
static GPtrArray *
parse_operations (RelayRequest *request, CobroWireObject *json, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) operations = g_ptr_array_new_with_free_func (pushed_free);

  if (!cobro_wire_get_objects (json, "operations", OPERATIONS_MAX, &objects, error))
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    {
      Pushed *pushed = g_new0 (Pushed, 1);

      g_ptr_array_add (operations, pushed);
      if (!parse_operation (pushed, g_ptr_array_index (objects, i), request->livemode, error))
        return NULL;
    }
  return cobro_wire_done (json, error) ? g_steal_pointer (&operations) : NULL;
}

static gboolean
check_protocol (CobroWireObject *json, GError **error)
{
  gint64 protocol;

  if (!cobro_wire_get_int64_needed (json, "protocol", &protocol, error))
    return FALSE;
  return protocol == PROTOCOL ||
         cobro_error_set_at (error, COBRO_ERROR_PROTOCOL, "protocol",
                             "this relay speaks protocol %d, not %" G_GINT64_FORMAT ": update %s", PROTOCOL, protocol,
                             protocol < PROTOCOL ? "the desktop" : "the relay");
}

/* ── The answer ─────────────────────────────────────────────────────────────────────────────────── */

static void
write_result (CobroWireWriter *writer, const RelayPushOperation *operation, const RelayPushResult *result)
{
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "op_id", operation->op_id);
  cobro_wire_put_text (writer, "result", result->result.result);
  cobro_wire_put_int64 (writer, "rev", result->result.rev);
  if (result->result.reason != NULL)
    cobro_wire_put_text (writer, "reason", result->result.reason);
  if (result->result.path != NULL)
    cobro_wire_put_text (writer, "path", result->result.path);
  if (result->result.code != NULL)
    cobro_wire_put_text (writer, "code", result->result.code);
  if (result->current != NULL)
    cobro_wire_put_raw (writer, "current", result->current);
  cobro_wire_end_object (writer);
}

static char *
results_to_json (GPtrArray *operations, GPtrArray *results, gint64 expected_seq)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "expectedSeq", expected_seq);
  cobro_wire_begin_array (writer, "results");
  for (guint i = 0; i < results->len; i++)
    write_result (writer, g_ptr_array_index (operations, i), g_ptr_array_index (results, i));
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_push (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) operations = NULL;
  g_autoptr (GPtrArray) results = NULL;
  CobroWireObject *json;
  gint64 expected_seq;
  CobroId device;

  if (!relay_api_device (request, &device, &error) || !(json = relay_request_get_json (request, &error)) ||
      !check_protocol (json, &error) || !(operations = parse_operations (request, json, &error)) ||
      !(results = relay_links_push (ctx->store, &scope, &device, operations, &expected_seq, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 200, results_to_json (operations, results, expected_seq));
}
