/* relay/api/relay-api-invoices-do.c — what is done with an invoice: sent, reminded of, credited in full, given another
 * address, printed. Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "cobro-wire-invoice.h"
#include "relay-api-handlers.h"
#include "relay-api-order.h"
#include "relay-invoices.h"

#define REASON_MAX 500 /* characters */

/* @cause of a mail: the same for every repetition of a request with a key, else a new one. */
static CobroId
make_cause (const RelayApiOrder *order)
{
  return relay_api_once_is_set (&order->once)
           ? relay_api_once_id (&order->once, COBRO_ID_OPERATION)
           : cobro_id_new (COBRO_ID_OPERATION, order->ctx->clock, order->ctx->random);
}

static const CobroId *
id_of (const RelayApiOrder *order)
{
  return &order->invoice.record->invoice->id;
}

/* The invoice as it is now, in the envelope. */
static char *
answer_invoice (RelayApiOrder *order, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_auto (RelayApiInvoice) now = { 0 };

  if (!relay_api_find_invoice (order->ctx, order->request, &now, error))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  relay_api_put_invoice (order->ctx, order->request, writer, "data", now.record, now.merchant->time_zone);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── By mail ────────────────────────────────────────────────────────────────────────────────────── */

/* {"to": address}, {} or nothing. */
static gboolean
parse_to (RelayRequest *request, char **out_to, GError **error)
{
  CobroWireObject *json;

  *out_to = NULL;
  if (g_bytes_get_size (request->body) == 0)
    return TRUE;
  return (json = relay_request_get_json (request, error)) != NULL &&
         cobro_wire_get_text (json, "to", NULL, out_to, error) && cobro_wire_done (json, error);
}

static char *
send (RelayApiOrder *order, GError **error)
{
  g_autofree char *to = NULL;
  CobroId cause = make_cause (order);

  if (!parse_to (order->request, &to, error) ||
      !relay_invoices_send (order->ctx->store, &order->scope, id_of (order), to, &cause, error))
    return NULL;
  return answer_invoice (order, error);
}

RelayReply *
relay_api_invoices_send (gpointer context, RelayRequest *request)
{
  return relay_api_order_run (context, request, 202, FALSE, send);
}

static char *
remind (RelayApiOrder *order, GError **error)
{
  CobroId cause = make_cause (order);

  if (!relay_api_check_no_body (order->request, error) ||
      !relay_invoices_remind (order->ctx->store, &order->scope, id_of (order), &cause, error))
    return NULL;
  return answer_invoice (order, error);
}

RelayReply *
relay_api_invoices_remind (gpointer context, RelayRequest *request)
{
  return relay_api_order_run (context, request, 202, FALSE, remind);
}

/* ── Credited in full ───────────────────────────────────────────────────────────────────────────── */

static char *
parse_reason (RelayRequest *request, GError **error)
{
  g_autofree char *reason = NULL;
  CobroWireObject *json;

  if (g_bytes_get_size (request->body) == 0)
    return g_strdup ("");
  if (!(json = relay_request_get_json (request, error)) || !cobro_wire_get_text (json, "reason", "", &reason, error) ||
      !cobro_wire_done (json, error))
    return NULL;
  if (g_utf8_strlen (reason, -1) > REASON_MAX)
    return cobro_wire_refuse (json, "reason", error, "must have at most %d characters", REASON_MAX), NULL;
  return g_steal_pointer (&reason);
}

static char *
withdraw (RelayApiOrder *order, GError **error)
{
  g_autofree char *reason = parse_reason (order->request, error);
  g_autoptr (CobroWireWriter) writer = NULL;
  g_autoptr (RelayInvoiceRecord) record = NULL, note = NULL;
  const char *zone = order->invoice.merchant->time_zone;

  if (reason == NULL ||
      !(record = relay_invoices_void (order->ctx->store, &order->scope, id_of (order), reason, &note, error)))
    return NULL;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_begin_object (writer, "data");
  relay_api_put_invoice (order->ctx, order->request, writer, "invoice", record, zone);
  if (note != NULL)
    relay_api_put_invoice (order->ctx, order->request, writer, "creditNote", note, zone);
  else
    cobro_wire_put_null (writer, "creditNote");
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_invoices_void (gpointer context, RelayRequest *request)
{
  return relay_api_order_run (context, request, 200, FALSE, withdraw);
}

/* ── Another address ────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_invoices_replace_token (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiInvoice) current = { 0 };
  g_autoptr (RelayInvoiceRecord) changed = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroToken token;

  if (!relay_api_find_invoice (ctx, request, &current, &error) || !relay_api_check_no_body (request, &error) ||
      !(changed = relay_invoices_replace_token (ctx->store, &scope, &current.record->invoice->id, &token, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  relay_api_write_invoice (ctx, writer, NULL, changed, current.merchant->time_zone, &token, TRUE);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

/* ── On paper ───────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_invoices_pdf (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiInvoice) found = { 0 };
  g_autofree char *url = NULL;
  CobroInvoiceView view;
  CobroToken token;

  if (!relay_api_find_invoice (ctx, request, &found, &error))
    return relay_reply_problem (request, error);
  view = relay_invoice_view (found.record, found.merchant->time_zone, cobro_clock_now (ctx->clock));
  if (found.record->link != NULL && found.record->invoice->decision != COBRO_INVOICE_DRAFT &&
      relay_link_get_token (ctx->store, found.record->link, &token, NULL))
    url = relay_api_link_url (ctx, &token);
  return relay_api_reply_paper (ctx, request, found.record->invoice, &view, found.merchant, url);
}
