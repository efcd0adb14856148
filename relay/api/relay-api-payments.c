/* relay/api/relay-api-payments.c — payments: listed with filters, and one with its calls and refunds.
 * Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-text.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-refund.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-attempt-store.h"
#include "relay-refund-store.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100
#define OFFSET_MAX   10000000

/* ── List ───────────────────────────────────────────────────────────────────────────────────────── */

/* An instant, or a civil date in UTC; @end: a date means all of that day. */
static gboolean
parse_date (RelayRequest *request, const char *name, gboolean end, CobroTime *out_time, GError **error)
{
  const char *text = relay_request_query (request, name);
  g_autofree char *midnight = NULL;
  CobroTime time;

  *out_time = 0;
  if (text == NULL)
    return TRUE;
  if (cobro_time_from_text (text, out_time, NULL))
    return TRUE;
  midnight = g_strconcat (text, "T00:00:00Z", NULL);
  if (!cobro_text_check_date (text, name, NULL) || !cobro_time_from_text (midnight, &time, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must be a date or an RFC 3339 time");
  *out_time = end ? time + COBRO_DAY : time;
  return TRUE;
}

static gboolean
parse_filters (RelayRequest *request, RelayPaymentQuery *query, CobroId *link_id, GError **error)
{
  const char *status = relay_request_query (request, "status");
  const char *link = relay_request_query (request, "linkId");
  CobroPaymentState state;

  query->state = -1;
  if (status != NULL)
    {
      if (!cobro_payment_state_from_name (status, &state))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%s\"", status);
      query->state = (int)state;
    }
  if (link != NULL)
    {
      if (!cobro_id_parse (COBRO_ID_LINK, link, link_id, error))
        return cobro_error_prefix_path (error, "linkId");
      query->link_id = link_id;
    }
  query->gateway = relay_request_query (request, "gateway");
  return parse_date (request, "startDate", FALSE, &query->start, error) &&
         parse_date (request, "endDate", TRUE, &query->end, error);
}

static gboolean
parse_query (RelayRequest *request, RelayPaymentQuery *query, CobroId *link_id, GError **error)
{
  static const char *const names[] = { "status", "gateway", "linkId", "startDate", "endDate",
                                       "limit",  "offset",  "cursor", NULL };
  gint64 limit;

  if (!relay_api_check_query (request, names, error) || !parse_filters (request, query, link_id, error) ||
      !relay_request_query_int (request, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit, error) ||
      !relay_request_query_int (request, "offset", 0, OFFSET_MAX, 0, &query->offset, error))
    return FALSE;
  query->limit = (guint)limit;
  query->cursor = relay_request_query (request, "cursor");
  return query->cursor == NULL || query->offset == 0 ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "offset", "stands beside cursor: give one of them");
}

static char *
list_to_json (GPtrArray *records)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < records->len; i++)
    {
      const RelayPaymentRecord *record = g_ptr_array_index (records, i);

      cobro_wire_payment_write (writer, NULL, record->payment);
    }
  cobro_wire_end_array (writer);
  return cobro_wire_writer_take (writer);
}

static char *
pagination_to_json (const RelayPaymentQuery *query, gint64 total, const char *next_cursor)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "total", total);
  cobro_wire_put_int64 (writer, "limit", query->limit);
  cobro_wire_put_int64 (writer, "offset", query->offset);
  cobro_wire_put_bool (writer, "hasMore", next_cursor != NULL);
  cobro_wire_put_text (writer, "nextCursor", next_cursor);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_payments_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *cursor = NULL;
  RelayPaymentQuery query = { 0 };
  CobroId link_id;
  gint64 total;

  if (!parse_query (request, &query, &link_id, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(records = relay_payment_list (reader->db, &scope, &query, &total, &cursor, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_page (request, list_to_json (records), pagination_to_json (&query, total, cursor));
}

/* ── Read ───────────────────────────────────────────────────────────────────────────────────────── */

/* A payment with all that belongs to it. */
typedef struct
{
  RelayPaymentRecord *record;
  GPtrArray *attempts;
  GPtrArray *refunds;
} Whole;

static void
whole_clear (Whole *whole)
{
  g_clear_pointer (&whole->record, relay_payment_record_free);
  g_clear_pointer (&whole->attempts, g_ptr_array_unref);
  g_clear_pointer (&whole->refunds, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Whole, whole_clear)

static gboolean
parse_id (RelayRequest *request, CobroId *out_id, GError **error)
{
  return cobro_id_parse (COBRO_ID_PAYMENT, relay_request_param (request, "id"), out_id, NULL) ||
         cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
}

static gboolean
find_whole (RelayContext *ctx, RelayRequest *request, Whole *whole, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (RelayReader) reader = NULL;
  CobroId id;

  return parse_id (request, &id, error) && (reader = relay_store_read (ctx->store, error)) != NULL &&
         (whole->record = relay_payment_find (reader->db, &scope, &id, error)) != NULL &&
         (whole->attempts = relay_attempt_list (reader->db, &scope.merchant_id, &id, error)) != NULL &&
         (whole->refunds = relay_refund_list (reader->db, &scope.merchant_id, &id, error)) != NULL;
}

static void
write_attempt (CobroWireWriter *writer, const RelayAttempt *attempt)
{
  gboolean finished = attempt->finished_at != 0;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "number", attempt->number);
  cobro_wire_put_text (writer, "kind", relay_attempt_kind_name (attempt->kind));
  cobro_wire_put_text (writer, "outcome", relay_attempt_outcome_name (attempt->outcome));
  cobro_wire_put_text (writer, "errorCode", *attempt->error_code != '\0' ? attempt->error_code : NULL);
  cobro_wire_put_text (writer, "errorMessage", *attempt->error_message != '\0' ? attempt->error_message : NULL);
  cobro_wire_put_time (writer, "startedAt", attempt->started_at);
  cobro_wire_put_time (writer, "finishedAt", attempt->finished_at);
  if (finished)
    cobro_wire_put_int64 (writer, "durationMs", (attempt->finished_at - attempt->started_at) / 1000);
  else
    cobro_wire_put_null (writer, "durationMs");
  cobro_wire_end_object (writer);
}

static char *
whole_to_json (const Whole *whole)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_payment_write_members (writer, whole->record->payment);
  cobro_wire_begin_array (writer, "attempts");
  for (guint i = 0; i < whole->attempts->len; i++)
    write_attempt (writer, g_ptr_array_index (whole->attempts, i));
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "refunds");
  for (guint i = 0; i < whole->refunds->len; i++)
    cobro_wire_refund_write (writer, NULL, ((RelayRefundRecord *)g_ptr_array_index (whole->refunds, i))->refund);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_payments_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_auto (Whole) whole = { 0 };
  g_autoptr (GError) error = NULL;

  if (!find_whole (ctx, request, &whole, &error))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 200, whole_to_json (&whole));
}

/* ── Cancel ─────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_payments_cancel (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error) ||
      !(payment = relay_checkout_cancel (ctx->checkout, &scope, &id, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_payment_write (writer, NULL, payment);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}
