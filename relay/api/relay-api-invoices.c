/* relay/api/relay-api-invoices.c — invoices: made, listed, read, changed.
 * Layer: relay/api. Request threads; answer_created() on the writer thread. */
#include "cobro-error.h"
#include "cobro-wire-invoice.h"
#include "relay-api-handlers.h"
#include "relay-api-invoice.h"
#include "relay-api-once.h"
#include "relay-invoices.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100

/* What the answer to a creation is made with. Lent. */
typedef struct
{
  const RelayContext *context;
  const char *zone;
} Maker;

/* ── Create ─────────────────────────────────────────────────────────────────────────────────────── */

/* The new invoice with its token, in the envelope: what is sent is what is stored with the key, byte for byte. */
static char *
answer_created (const RelayInvoiceRecord *record, const CobroToken *token, CobroTime now, gpointer data)
{
  const Maker *maker = data;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  relay_api_write_invoice (maker->context, writer, "data", record, maker->zone, token, TRUE);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static CobroInvoice *
parse_created (RelayRequest *request, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  CobroInvoice *invoice = json != NULL ? cobro_wire_invoice_parse (json, COBRO_WIRE_INVOICE_CREATE, error) : NULL;

  if (invoice != NULL)
    invoice->livemode = request->livemode;
  return invoice;
}

static RelayReply *
create_once (Maker *maker, RelayRequest *request, const CobroInvoice *invoice, const RelayApiOnce *key, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  RelayInvoiceOnce once = {
    .request = relay_api_once_request (key), .answer = answer_created, .data = maker, .status = 201
  };
  g_autoptr (RelayInvoiceRecord) record =
    relay_invoices_make (maker->context->store, &scope, invoice, &once, NULL, error);
  RelayReply *reply = NULL;

  if (record != NULL || once.replayed)
    reply = relay_api_once_reply (request, &once.stored, once.replayed);
  relay_stored_answer_clear (&once.stored);
  return reply;
}

static RelayReply *
create_plainly (Maker *maker, RelayRequest *request, const CobroInvoice *invoice, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  CobroToken token = { "" };
  g_autoptr (RelayInvoiceRecord) record =
    relay_invoices_make (maker->context->store, &scope, invoice, NULL, &token, error);

  if (record == NULL)
    return NULL;
  return relay_reply_json_bare (request, 201, answer_created (record, &token, 0, maker));
}

RelayReply *
relay_api_invoices_create (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoice) invoice = parse_created (request, &error);
  g_autoptr (CobroMerchant) merchant = NULL;
  g_auto (RelayApiOnce) once = { 0 };
  Maker maker = { .context = ctx };
  RelayReply *reply;

  if (invoice == NULL || !relay_api_once_read (request, &scope, NULL, FALSE, &once, &error) ||
      !(merchant = relay_api_invoice_merchant (ctx, request, &error)))
    return relay_reply_problem (request, error);
  maker.zone = merchant->time_zone;
  reply = relay_api_once_is_set (&once) ? create_once (&maker, request, invoice, &once, &error)
                                        : create_plainly (&maker, request, invoice, &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* ── List and read ──────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_query (RelayContext *ctx, RelayRequest *request, RelayInvoiceQuery *query, GError **error)
{
  static const char *const names[] = { "status", "customerId", "q", "limit", "cursor", NULL };
  const char *status = relay_request_query (request, "status");
  const char *customer = relay_request_query (request, "customerId");
  CobroInvoiceStatus known;
  gint64 limit;

  query->status = -1;
  if (!relay_api_check_query (request, names, error) ||
      !relay_request_query_int (request, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit, error))
    return FALSE;
  if (status != NULL && !cobro_invoice_status_from_name (status, &known))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%s\"", status);
  if (status != NULL)
    query->status = (int)known;
  if (customer != NULL && !cobro_id_parse (COBRO_ID_CUSTOMER, customer, &query->customer_id, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "customerId", "must be a customer's id");
  query->text = relay_request_query (request, "q");
  query->cursor = relay_request_query (request, "cursor");
  query->now = cobro_clock_now (ctx->clock);
  query->limit = (guint)limit;
  return TRUE;
}

static char *
list_to_json (RelayContext *ctx, RelayRequest *request, GPtrArray *records, const char *zone)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < records->len; i++)
    relay_api_put_invoice (ctx, request, writer, NULL, g_ptr_array_index (records, i), zone);
  cobro_wire_end_array (writer);
  return cobro_wire_writer_take (writer);
}

static char *
pagination_to_json (const char *next_cursor, guint limit)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "nextCursor", next_cursor);
  cobro_wire_put_int64 (writer, "limit", limit);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_invoices_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroMerchant) merchant = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *cursor = NULL;
  RelayInvoiceQuery query = { 0 };

  if (!parse_query (ctx, request, &query, &error) || !(merchant = relay_api_invoice_merchant (ctx, request, &error)))
    return relay_reply_problem (request, error);
  query.zone = merchant->time_zone;
  if (!(reader = relay_store_read (ctx->store, &error)) ||
      !(records = relay_invoice_list (reader->db, &scope, &query, &cursor, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json_page (request, list_to_json (ctx, request, records, query.zone),
                                pagination_to_json (cursor, query.limit));
}

/* With the revision where HTTP clients look for it. */
static RelayReply *
reply_invoice (RelayContext *ctx, RelayRequest *request, const RelayInvoiceRecord *record, const char *zone)
{
  RelayReply *reply = relay_reply_json (request, 200, relay_api_invoice_to_json (ctx, request, record, zone));
  g_autofree char *etag = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", record->invoice->rev);

  relay_reply_set_header (reply, "ETag", etag);
  return reply;
}

RelayReply *
relay_api_invoices_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiInvoice) found = { 0 };

  if (!relay_api_find_invoice (ctx, request, &found, &error))
    return relay_reply_problem (request, error);
  return reply_invoice (ctx, request, found.record, found.merchant->time_zone);
}

/* ── Change ─────────────────────────────────────────────────────────────────────────────────────── */

/* A 412 carries what is there now. */
static RelayReply *
reply_problem (RelayContext *ctx, RelayRequest *request, const GError *error)
{
  g_auto (RelayApiInvoice) current = { 0 };

  if (!g_error_matches (error, COBRO_ERROR, COBRO_ERROR_REVISION) ||
      !relay_api_find_invoice (ctx, request, &current, NULL))
    return relay_reply_problem (request, error);
  return relay_reply_problem_current (
    request, error, relay_api_invoice_to_json (ctx, request, current.record, current.merchant->time_zone));
}

static void
copy_text (char **into, const char *from)
{
  g_free (*into);
  *into = g_strdup (from);
}

/* What came with the issue does not come with a PUT: everything else must be as it was. */
static void
keep_issue (const CobroInvoice *from, CobroInvoice *into)
{
  copy_text (&into->number, from->number);
  copy_text (&into->series, from->series);
  into->sequence = from->sequence;
  g_strlcpy (into->issue_date, from->issue_date, sizeof into->issue_date);
  into->corrects_id = from->corrects_id;
  copy_text (&into->corrects_number, from->corrects_number);
  g_strlcpy (into->corrects_date, from->corrects_date, sizeof into->corrects_date);
  cobro_party_copy (&from->seller, &into->seller);
  copy_text (&into->iban, from->iban);
  copy_text (&into->bic, from->bic);
  copy_text (&into->bank_note, from->bank_note);
  copy_text (&into->void_reason, from->void_reason);
  into->recurring_id = from->recurring_id;
  g_strlcpy (into->period, from->period, sizeof into->period);
  into->issued_at = from->issued_at;
}

/* The whole document as asked; what only the relay decides is taken from the present one. */
static CobroInvoice *
parse_changed (RelayRequest *request, const CobroInvoice *current, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autoptr (CobroInvoice) invoice =
    json != NULL ? cobro_wire_invoice_parse (json, COBRO_WIRE_INVOICE_UPDATE, error) : NULL;

  if (invoice == NULL)
    return NULL;
  if (cobro_id_is_set (&invoice->id) && !cobro_id_equal (&invoice->id, &current->id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "cannot change"), NULL;
  invoice->id = current->id;
  invoice->rev = current->rev;
  invoice->livemode = current->livemode;
  invoice->created_at = current->created_at;
  invoice->updated_at = current->updated_at;
  if (current->decision != COBRO_INVOICE_DRAFT)
    keep_issue (current, invoice);
  return cobro_invoice_validate_change (current, invoice, error) ? g_steal_pointer (&invoice) : NULL;
}

RelayReply *
relay_api_invoices_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_auto (RelayApiInvoice) current = { 0 };
  g_autoptr (RelayInvoiceRecord) changed = NULL;
  g_autoptr (CobroInvoice) invoice = NULL;
  gint64 rev;

  if (!relay_api_find_invoice (ctx, request, &current, &error) || !relay_request_get_revision (request, &rev, &error) ||
      !(invoice = parse_changed (request, current.record->invoice, &error)) ||
      !(changed = relay_invoices_change (ctx->store, &scope, &invoice->id, rev, invoice, &error)))
    return reply_problem (ctx, request, error);
  return reply_invoice (ctx, request, changed, current.merchant->time_zone);
}
