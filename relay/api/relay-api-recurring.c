/* relay/api/relay-api-recurring.c — invoices that are issued again and again: made, listed, read, changed. Issuing them
 * is the relay's own work. Layer: relay/api. Request threads; the work function on the writer thread. */
#include "cobro-error.h"
#include "cobro-wire-recurring.h"
#include "relay-api-handlers.h"
#include "relay-api-once.h"
#include "relay-merchant-store.h"
#include "relay-recurring-store.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100

/* One schedule on its way through the writer. */
typedef struct
{
  RelayScope scope;
  CobroRecurring *recurring; /* lent: as asked; revision and times are filled in */
  gboolean is_new;
  gboolean by_key; /* its id comes from the Idempotency-Key: there already is made already */
  gint64 rev;      /* If-Match */
  CobroTime now;
  RelayRecurringRecord *record; /* (out) */
} Put;

/* ── As JSON ────────────────────────────────────────────────────────────────────────────────────── */

static void
write_record (CobroWireWriter *writer, const char *key, const RelayRecurringRecord *record)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_recurring_write (writer, "recurring", record->recurring);
  cobro_wire_put_int64 (writer, "issued", record->issued);
  cobro_wire_put_time (writer, "nextAt", record->next_at);
  cobro_wire_put_text (writer, "notice", record->notice);
  cobro_wire_end_object (writer);
}

static RelayReply *
reply_record (RelayRequest *request, const RelayRecurringRecord *record)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *etag = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", record->recurring->rev);
  RelayReply *reply;

  write_record (writer, NULL, record);
  reply = relay_reply_json (request, 200, cobro_wire_writer_take (writer));
  relay_reply_set_header (reply, "ETag", etag);
  return reply;
}

/* ── Finding ────────────────────────────────────────────────────────────────────────────────────── */

static RelayRecurringRecord *
find (const RelayContext *ctx, RelayRequest *request, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  RelayScope scope = relay_api_scope (request);
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_RECURRING, relay_request_param (request, "id"), &id, NULL))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such recurring invoice"), NULL;
  reader = relay_store_read (ctx->store, error);
  return reader != NULL ? relay_recurring_find (reader->db, &scope, &id, error) : NULL;
}

RelayReply *
relay_api_recurring_read (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayRecurringRecord) record = find (context, request, &error);

  return record != NULL ? reply_record (request, record) : relay_reply_problem (request, error);
}

static char *
pagination_to_json (const GPtrArray *records, guint limit)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  const RelayRecurringRecord *last = records->len == limit ? records->pdata[limit - 1] : NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "nextCursor", last != NULL ? last->recurring->id.text : NULL);
  cobro_wire_put_int64 (writer, "limit", limit);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* A cursor is the id of the last that was seen. */
static gboolean
parse_list (RelayRequest *request, guint *out_limit, GError **error)
{
  static const char *const names[] = { "limit", "cursor", NULL };
  const char *cursor = relay_request_query (request, "cursor");
  gint64 limit;
  CobroId id;

  if (!relay_api_check_query (request, names, error) ||
      !relay_request_query_int (request, "limit", 1, LIST_MAX, LIST_DEFAULT, &limit, error))
    return FALSE;
  *out_limit = (guint)limit;
  return cursor == NULL || cobro_id_parse (COBRO_ID_RECURRING, cursor, &id, NULL) ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "cursor", "is not from a list");
}

RelayReply *
relay_api_recurring_list (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  guint limit;

  if (!parse_list (request, &limit, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(records = relay_recurring_list (reader->db, &scope, relay_request_query (request, "cursor"), limit, &error)))
    return relay_reply_problem (request, error);
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < records->len; i++)
    write_record (writer, NULL, records->pdata[i]);
  cobro_wire_end_array (writer);
  return relay_reply_json_page (request, cobro_wire_writer_take (writer), pagination_to_json (records, limit));
}

/* ── Making and changing ────────────────────────────────────────────────────────────────────────── */

/* A new one has no revision; what is there must be the one that the change is based on. */
static gboolean
check_base (RelayTx *tx, Put *put, GError **error)
{
  GError *failure = NULL;
  g_autoptr (RelayRecurringRecord) before = relay_recurring_find (tx->db, &put->scope, &put->recurring->id, &failure);

  put->recurring->rev = 1;
  put->recurring->created_at = put->recurring->updated_at = tx->now;
  if (before == NULL && put->is_new)
    return cobro_error_forgive_not_found (failure, error);
  if (before == NULL)
    return g_propagate_error (error, failure), FALSE;
  if (put->is_new && !put->by_key)
    return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is there already");
  if (put->is_new)
    put->rev = before->recurring->rev;
  if (put->rev != before->recurring->rev)
    return cobro_error_set (error, COBRO_ERROR_REVISION, "it has been changed meanwhile");
  put->recurring->rev = before->recurring->rev + 1;
  put->recurring->created_at = before->recurring->created_at;
  return TRUE;
}

static gboolean
put_work (RelayTx *tx, gpointer data, GError **error)
{
  Put *put = data;
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &put->scope.merchant_id, NULL, error);

  g_clear_pointer (&put->record, relay_recurring_record_free);
  return merchant != NULL && check_base (tx, put, error) &&
         relay_recurring_put (tx, &put->scope, put->recurring, merchant->time_zone, NULL, error) &&
         (put->record = relay_recurring_find (tx->db, &put->scope, &put->recurring->id, error)) != NULL;
}

/* (transfer full) the schedule in the body; @id: what it is called unless it says otherwise. */
static CobroRecurring *
parse (RelayRequest *request, const CobroId *id, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  CobroRecurring *recurring = json != NULL ? cobro_wire_recurring_parse_as (json, id, error) : NULL;

  if (recurring != NULL)
    recurring->livemode = request->livemode;
  return recurring;
}

static char *
created_to_json (const RelayRecurringRecord *record)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "success", TRUE);
  write_record (writer, "data", record);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static RelayReply *
create (RelayContext *ctx, RelayRequest *request, RelayApiOnce *once, CobroRecurring *recurring, gboolean by_key,
        GError **error)
{
  Put put = { .scope = relay_api_scope (request), .recurring = recurring, .is_new = TRUE, .by_key = by_key };
  gboolean made = relay_store_write_for (ctx->store, &put.scope.merchant_id, put_work, &put, error);
  g_autoptr (RelayRecurringRecord) record = put.record;
  g_auto (RelayStoredAnswer) answer = { .status = 201 };

  if (!made)
    {
      relay_api_once_abandon (ctx, once);
      return NULL;
    }
  answer.body = created_to_json (record);
  return relay_api_once_finish (ctx, once, &answer, error) ? relay_api_once_reply (request, &answer, FALSE) : NULL;
}

/* With a key its id comes from the key: who dies in between finds it there when the request comes again. */
RelayReply *
relay_api_recurring_create (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroRecurring) recurring = NULL;
  g_auto (RelayApiOnce) once = { 0 };
  RelayReply *reply = NULL;
  CobroId id;

  if (!relay_api_once_read (request, &scope, NULL, FALSE, &once, &error))
    return relay_reply_problem (request, error);
  id = relay_api_once_is_set (&once) ? relay_api_once_id (&once, COBRO_ID_RECURRING)
                                     : cobro_id_new (COBRO_ID_RECURRING, ctx->clock, ctx->random);
  if (!(recurring = parse (request, &id, &error)) || !relay_api_once_begin (ctx, request, &once, &reply, &error))
    return relay_reply_problem (request, error);
  if (reply == NULL)
    reply = create (ctx, request, &once, recurring,
                    relay_api_once_is_set (&once) && cobro_id_equal (&recurring->id, &id), &error);
  return reply != NULL ? reply : relay_reply_problem (request, error);
}

RelayReply *
relay_api_recurring_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayRecurringRecord) current = find (ctx, request, &error);
  g_autoptr (RelayRecurringRecord) changed = NULL;
  g_autoptr (CobroRecurring) recurring = NULL;
  Put put = { .scope = relay_api_scope (request) };
  gboolean done;

  if (current == NULL || !relay_request_get_revision (request, &put.rev, &error) ||
      !(recurring = parse (request, &current->recurring->id, &error)))
    return relay_reply_problem (request, error);
  if (!cobro_id_equal (&recurring->id, &current->recurring->id))
    {
      cobro_error_set_at (&error, COBRO_ERROR_INVALID, "id", "cannot change");
      return relay_reply_problem (request, error);
    }
  put.recurring = recurring;
  done = relay_store_write_for (ctx->store, &put.scope.merchant_id, put_work, &put, &error);
  changed = put.record;
  return done ? reply_record (request, changed) : relay_reply_problem (request, error);
}
