/* relay/api/relay-api-merchant.c — the profile that buyers see.
 * Layer: relay/api. Request threads; change_profile() on the writer thread. */
#include "cobro-error.h"
#include "cobro-wire-merchant.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-logo-store.h"
#include "relay-merchant-store.h"

/* A change on its way through the writer. */
typedef struct
{
  CobroId id;
  gint64 rev;              /* If-Match; 0: any */
  CobroMerchant *merchant; /* as asked; what only the relay decides is filled in */
  CobroMerchant *current;  /* (nullable) with COBRO_ERROR_REVISION: what is there */
} Change;

static char *
to_json (const CobroMerchant *merchant)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_merchant_write (writer, NULL, merchant);
  return cobro_wire_writer_take (writer);
}

RelayReply *
relay_api_merchant_read (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, &error);
  g_autoptr (CobroMerchant) merchant = NULL;

  if (reader == NULL || !(merchant = relay_merchant_find (reader->db, &request->merchant_id, NULL, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 200, to_json (merchant));
}

static gboolean
change_profile (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;
  g_autofree char *edited = NULL;
  g_autoptr (CobroMerchant) current = relay_merchant_find (tx->db, &change->id, &edited, error);

  if (current == NULL)
    return FALSE;
  if (change->rev != 0 && change->rev != current->rev)
    {
      g_clear_pointer (&change->current, cobro_merchant_unref);
      change->current = g_steal_pointer (&current);
      return cobro_error_set (error, COBRO_ERROR_REVISION, "the profile has been changed meanwhile");
    }
  change->merchant->id = change->id;
  change->merchant->rev = current->rev + 1;
  change->merchant->created_at = current->created_at;
  change->merchant->updated_at = tx->now;
  return relay_merchant_update (tx, change->merchant, edited, error);
}

/* The profile in the body; an id that is not this merchant's is refused. */
static CobroMerchant *
parse (RelayRequest *request, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);
  g_autoptr (CobroMerchant) merchant = json != NULL ? cobro_wire_merchant_parse (json, error) : NULL;

  if (merchant == NULL)
    return NULL;
  if (cobro_id_is_set (&merchant->id) && !cobro_id_equal (&merchant->id, &request->merchant_id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "cannot change"), NULL;
  return g_steal_pointer (&merchant);
}

RelayReply *
relay_api_merchant_change (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroMerchant) merchant = parse (request, &error);
  g_autoptr (CobroMerchant) current = NULL;
  Change change = { .id = request->merchant_id, .merchant = merchant };
  gboolean done;

  if (merchant == NULL || !relay_api_get_revision (request, &change.rev, &error))
    return relay_reply_problem (request, error);
  done = relay_store_write_for (ctx->store, &change.id, change_profile, &change, &error);
  current = change.current;
  if (!done)
    return relay_reply_problem_current (request, error, current != NULL ? to_json (current) : NULL);
  return relay_reply_json (request, 200, to_json (merchant));
}

/* The picture on documents: for another desktop of the same shop. */
RelayReply *
relay_api_merchant_logo (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, &error);
  g_autoptr (GBytes) logo = NULL;
  g_autofree char *media_type = NULL;

  if (reader == NULL || !(logo = relay_logo_find (reader->db, &request->merchant_id, &media_type, &error)))
    return relay_reply_problem (request, error);
  return relay_reply_bytes (request, 200, media_type, logo);
}
