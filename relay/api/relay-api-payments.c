/* relay/api/relay-api-payments.c — payments: listed with filters, and one with its calls and refunds.
 * Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-refund.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-api-page.h"
#include "relay-attempt-store.h"
#include "relay-charge.h"
#include "relay-refund-store.h"

/* ── List ───────────────────────────────────────────────────────────────────────────────────────── */

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
  return TRUE;
}

static gboolean
parse_query (RelayRequest *request, RelayApiPage *page, RelayPaymentQuery *query, CobroId *link_id, GError **error)
{
  static const char *const names[] = { "status", "gateway", "linkId", "startDate", "endDate",
                                       "limit",  "offset",  "cursor", NULL };

  if (!relay_api_check_query (request, names, error) || !parse_filters (request, query, link_id, error) ||
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
    {
      const RelayPaymentRecord *record = g_ptr_array_index (records, i);

      cobro_wire_payment_write (writer, NULL, record->payment);
    }
  cobro_wire_end_array (writer);
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
  RelayApiPage page;
  CobroId link_id;
  gint64 total;
  gboolean is_minimum;

  if (!parse_query (request, &page, &query, &link_id, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !relay_payment_count (reader->db, &scope, &query, &total, &is_minimum, &error) ||
      !(records = relay_payment_list (reader->db, &scope, &query, &cursor, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_page (request, list_to_json (records),
                                relay_api_page_to_json (&page, total, is_minimum, cursor));
}

/* ── Read ───────────────────────────────────────────────────────────────────────────────────────── */

/* A payment with all that belongs to it. */
typedef struct
{
  RelayReader *reader;
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
  g_clear_pointer (&whole->reader, relay_reader_release);
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
  CobroDb *db;
  CobroId id;

  if (!parse_id (request, &id, error) || !(whole->reader = relay_store_read (ctx->store, error)))
    return FALSE;
  db = whole->reader->db;
  return (whole->record = relay_payment_find (db, &scope, &id, error)) != NULL &&
         (whole->attempts = relay_attempt_list (db, &scope.merchant_id, &id, error)) != NULL &&
         (whole->refunds = relay_refund_list (db, &scope.merchant_id, &id, error)) != NULL;
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

/* NULL only for faults of ours. */
static char *
whole_to_json (RelayContext *ctx, const Whole *whole, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_payment_write_members (writer, whole->record->payment);
  if (!relay_charge_write_members (writer, ctx->store, whole->reader->db, whole->record, FALSE, error))
    return NULL;
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
  char *json;

  if (!find_whole (ctx, request, &whole, &error) || !(json = whole_to_json (ctx, &whole, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 200, json);
}

/* ── Cancel ─────────────────────────────────────────────────────────────────────────────────────── */

/* In the envelope: what is sent is what is stored with the key, byte for byte. */
static char *
cancelled_to_json (const CobroPayment *payment)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  cobro_wire_payment_write (writer, "data", payment);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* A payment that could not be cancelled stays as it was: the same key may try again. */
static RelayReply *
cancel (RelayContext *ctx, RelayRequest *request, const RelayApiOnce *once, const CobroId *id, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (CobroPayment) payment = relay_checkout_cancel (ctx->checkout, &scope, id, error);
  g_auto (RelayStoredAnswer) answer = { .status = 200 };

  if (payment == NULL)
    {
      relay_api_once_abandon (ctx, once);
      return NULL;
    }
  answer.body = cancelled_to_json (payment);
  return relay_api_once_finish (ctx, once, &answer, error) ? relay_api_once_reply (request, &answer, FALSE) : NULL;
}

RelayReply *
relay_api_payments_cancel (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  const char *params[] = { relay_request_param (request, "id"), NULL };
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiOnce) once = { 0 };
  RelayReply *reply = NULL;
  CobroId id;

  if (!parse_id (request, &id, &error) || !relay_api_check_no_body (request, &error) ||
      !relay_api_once_read (request, &scope, params, FALSE, &once, &error) ||
      !relay_api_once_begin (ctx, request, &once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply == NULL)
    reply = cancel (ctx, request, &once, &id, &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}
