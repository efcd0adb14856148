/* relay/api/relay-api-refunds.c — refunds: made, listed, read (OPF-2).
 * Layer: relay/api. Request threads. */
#include "relay-refund.h"

#include "cobro-error.h"
#include "cobro-wire-refund.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-api-page.h"

/* ── Make ───────────────────────────────────────────────────────────────────────────────────────── */

/* What stands in the body. */
typedef struct
{
  RelayRefundWish wish;
  char *currency, *reason;
} Body;

static void
body_clear (Body *body)
{
  g_free (body->currency);
  g_free (body->reason);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

/* Absent: all that is left. */
static gboolean
parse_amount (CobroWireObject *json, RelayRefundWish *wish, GError **error)
{
  gboolean given = cobro_wire_has (json, "amount");

  if (!cobro_wire_get_int64 (json, "amount", 0, &wish->amount, error))
    return FALSE;
  return !given || wish->amount > 0 || cobro_wire_refuse (json, "amount", error, "must be above zero");
}

static gboolean
parse_body (RelayRequest *request, Body *body, GError **error)
{
  static const char *const keys[] = { "paymentId", "amount", "currency", "reason", "merchantApiKey", NULL };
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autofree char *payment = NULL, *api_key = NULL; /* the house has looked at the key */

  if (json == NULL || !cobro_wire_only (json, keys, error) ||
      !cobro_wire_get_text_needed (json, "paymentId", &payment, error) || !parse_amount (json, &body->wish, error) ||
      !cobro_wire_get_text (json, "currency", NULL, &body->currency, error) ||
      !cobro_wire_get_text (json, "reason", "", &body->reason, error) ||
      !cobro_wire_get_text (json, "merchantApiKey", NULL, &api_key, error) || !cobro_wire_done (json, error))
    return FALSE;
  if (!cobro_id_parse (COBRO_ID_PAYMENT, payment, &body->wish.payment_id, NULL))
    return cobro_wire_refuse (json, "paymentId", error, "is not the id of a payment");
  body->wish.currency = body->currency;
  body->wish.reason = body->reason;
  return TRUE;
}

RelayReply *
relay_api_refunds_create (gpointer context, RelayRequest *request)
{
  static const char *const no_query[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiOnce) once = { 0 };
  g_auto (RelayStoredAnswer) answer = { 0 };
  g_auto (Body) body = { .wish = { .scope = scope } };
  RelayReply *reply = NULL;
  gboolean replayed;

  if (!relay_api_check_query (request, no_query, &error) ||
      !relay_api_once_read (request, &scope, NULL, TRUE, &once, &error) ||
      !relay_api_once_look (ctx, request, &once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply != NULL)
    return reply;
  body.wish.request = relay_api_once_request (&once);
  if (!parse_body (request, &body, &error) ||
      !relay_refund_make (ctx->checkout, &body.wish, &answer, &replayed, &error))
    return relay_reply_problem (request, error);
  return relay_api_once_reply (request, &answer, replayed);
}

/* ── List and read ──────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_filters (RelayRequest *request, RelayRefundQuery *query, CobroId *payment_id, GError **error)
{
  const char *status = relay_request_query (request, "status");
  const char *payment = relay_request_query (request, "paymentId");
  CobroRefundState state;

  query->state = -1;
  if (status != NULL)
    {
      if (!cobro_refund_state_from_name (status, &state))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%s\"", status);
      query->state = (int)state;
    }
  if (payment != NULL)
    {
      if (!cobro_id_parse (COBRO_ID_PAYMENT, payment, payment_id, error))
        return cobro_error_prefix_path (error, "paymentId");
      query->payment_id = payment_id;
    }
  return TRUE;
}

static gboolean
parse_query (RelayRequest *request, RelayApiPage *page, RelayRefundQuery *query, CobroId *payment_id, GError **error)
{
  static const char *const names[] = {
    "status", "paymentId", "startDate", "endDate", "limit", "offset", "cursor", NULL
  };

  if (!relay_api_check_query (request, names, error) || !parse_filters (request, query, payment_id, error) ||
      !relay_api_page_parse (request, page, error))
    return FALSE;
  query->start = page->start;
  query->end = page->end;
  query->limit = page->limit;
  query->offset = page->offset;
  query->cursor = page->cursor;
  return TRUE;
}

static char *
list_to_json (GPtrArray *records)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < records->len; i++)
    cobro_wire_refund_write (writer, NULL, ((RelayRefundRecord *)g_ptr_array_index (records, i))->refund);
  cobro_wire_end_array (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_refunds_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *cursor = NULL;
  RelayRefundQuery query = { 0 };
  RelayApiPage page;
  CobroId payment_id;
  gint64 total;
  gboolean is_minimum;

  if (!parse_query (request, &page, &query, &payment_id, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !relay_refund_count (reader->db, &scope, &query, &total, &is_minimum, &error) ||
      !(records = relay_refund_list_page (reader->db, &scope, &query, &cursor, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_page (request, list_to_json (records),
                                relay_api_page_to_json (&page, total, is_minimum, cursor));
}

RelayReply *
relay_api_refunds_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayRefundRecord) refund = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_REFUND, relay_request_param (request, "id"), &id, NULL))
    cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "no such refund");
  else if ((reader = relay_store_read (ctx->store, &error)) != NULL)
    refund = relay_refund_find (reader->db, &scope, &id, &error);
  if (refund == NULL)
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_refund_write (writer, NULL, refund->refund);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}
