/* relay/store/relay-merchant-store.c — merchants, customers and devices.
 * Layer: relay/store. Keys stand in relay-key-store.c, pairing codes in relay-pair-store.c. */
#include "relay-merchant-store.h"

#include "cobro-wire-customer.h"
#include "cobro-wire-merchant.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define COLUMNS                                                                                                        \
  "id, rev, name, email, website, support, accent, locale, currency, time_zone, refund_duplicates, papers, edited, "   \
  "created_at, updated_at"

/* ── Merchants ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
bind_merchant (CobroDbStatement *statement, const CobroMerchant *merchant)
{
  g_autofree char *papers = cobro_wire_merchant_papers_to_json (merchant);

  cobro_db_bind_id (statement, ":id", &merchant->id);
  cobro_db_bind_int64 (statement, ":rev", merchant->rev);
  cobro_db_bind_text (statement, ":name", merchant->name);
  cobro_db_bind_text (statement, ":email", merchant->email);
  cobro_db_bind_text (statement, ":website", merchant->website);
  cobro_db_bind_text (statement, ":support", merchant->support);
  cobro_db_bind_text (statement, ":accent", merchant->accent);
  cobro_db_bind_text (statement, ":locale", merchant->locale);
  cobro_db_bind_text (statement, ":currency", merchant->currency);
  cobro_db_bind_text (statement, ":time_zone", merchant->time_zone);
  cobro_db_bind_bool (statement, ":refund_duplicates", merchant->refund_duplicates);
  cobro_db_bind_text (statement, ":papers", papers);
  cobro_db_bind_int64 (statement, ":updated_at", merchant->updated_at);
}

gboolean
relay_merchant_insert (RelayTx *tx, CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!cobro_id_is_set (&merchant->id))
    merchant->id = cobro_id_new (COBRO_ID_MERCHANT, relay_store_clock (tx->store), relay_store_random (tx->store));
  merchant->rev = MAX (merchant->rev, 1);
  merchant->created_at = merchant->updated_at = tx->now;
  if (!cobro_merchant_validate (merchant, error) ||
      !(statement =
          cobro_db_prepare (tx->db,
                            "INSERT INTO merchant (id, rev, name, email, website, support, accent, locale, "
                            "currency, time_zone, refund_duplicates, papers, created_at, updated_at) VALUES (:id, "
                            ":rev, :name, :email, :website, :support, :accent, :locale, :currency, "
                            ":time_zone, :refund_duplicates, :papers, :created_at, :updated_at)",
                            error)))
    return FALSE;
  bind_merchant (statement, merchant);
  cobro_db_bind_int64 (statement, ":created_at", merchant->created_at);
  return cobro_db_run (statement, error) && relay_tx_add_data_key (tx, &merchant->id, error);
}

static gboolean
append_events (RelayTx *tx, const CobroMerchant *merchant, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_merchant_write (writer, NULL, merchant);
  object = cobro_wire_writer_take (writer);
  return relay_event_append_both (tx, &merchant->id, COBRO_EVENT_MERCHANT_UPDATED, &merchant->id, object, error);
}

gboolean
relay_merchant_update (RelayTx *tx, CobroMerchant *merchant, const char *edited, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!cobro_merchant_validate (merchant, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "UPDATE merchant SET rev = :rev, name = :name, email = :email, website = "
          ":website, support = :support, accent = :accent, locale = :locale, currency = "
          ":currency, time_zone = :time_zone, refund_duplicates = :refund_duplicates, papers = :papers, "
          "edited = :edited, updated_at = :updated_at WHERE id = :id",
          error)))
    return FALSE;
  bind_merchant (statement, merchant);
  cobro_db_bind_text (statement, ":edited", edited);
  if (!cobro_db_run (statement, error))
    return FALSE;
  if (cobro_db_changes (tx->db) == 0)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such merchant");
  return append_events (tx, merchant, error);
}

static CobroMerchant *
read_merchant (CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();

  merchant->id = cobro_db_column_id (statement, "id");
  merchant->rev = cobro_db_column_int64 (statement, "rev");
  relay_row_text (statement, "name", &merchant->name);
  relay_row_text (statement, "email", &merchant->email);
  relay_row_text (statement, "website", &merchant->website);
  relay_row_text (statement, "support", &merchant->support);
  relay_row_text (statement, "accent", &merchant->accent);
  relay_row_text (statement, "locale", &merchant->locale);
  relay_row_text (statement, "currency", &merchant->currency);
  relay_row_text (statement, "time_zone", &merchant->time_zone);
  merchant->refund_duplicates = cobro_db_column_bool (statement, "refund_duplicates");
  merchant->created_at = cobro_db_column_time (statement, "created_at");
  merchant->updated_at = cobro_db_column_time (statement, "updated_at");
  if (!cobro_wire_merchant_papers_read (cobro_db_column_text (statement, "papers"), merchant, error))
    {
      g_prefix_error (error, "merchant %s: ", merchant->id.text);
      return NULL;
    }
  return g_steal_pointer (&merchant);
}

CobroMerchant *
relay_merchant_find (CobroDb *db, const CobroId *id, char **out_edited, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT " COLUMNS " FROM merchant WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      if (out_edited != NULL)
        *out_edited = relay_row_dup_text (statement, "edited");
      return read_merchant (statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such merchant");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

GPtrArray *
relay_merchant_list (CobroDb *db, GError **error)
{
  g_autoptr (GPtrArray) merchants = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_merchant_unref);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, "SELECT " COLUMNS " FROM merchant ORDER BY id", error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroMerchant *merchant = read_merchant (statement, error);

      if (merchant == NULL)
        return NULL;
      g_ptr_array_add (merchants, merchant);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&merchants) : NULL;
}

/* ── Devices ────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_device_free (RelayDevice *device)
{
  if (device == NULL)
    return;
  g_free (device->name);
  g_free (device);
}

GPtrArray *
relay_device_list (CobroDb *db, const CobroId *merchant_id, GError **error)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_device_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT id, name, livemode, paired_at, revoked_at, (SELECT max (used_on) FROM api_key AS k "
                      "  WHERE k.merchant_id = device.merchant_id AND k.device_id = device.id) AS used_on "
                      "FROM device WHERE merchant_id = :merchant ORDER BY id",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayDevice *device = g_new0 (RelayDevice, 1);

      device->id = cobro_db_column_id (statement, "id");
      device->name = relay_row_dup_text (statement, "name");
      device->livemode = cobro_db_column_bool (statement, "livemode");
      device->paired_at = cobro_db_column_time (statement, "paired_at");
      device->revoked_at = cobro_db_column_time (statement, "revoked_at");
      device->used_on = cobro_db_column_int64 (statement, "used_on");
      g_ptr_array_add (devices, device);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&devices) : NULL;
}

static gboolean
revoke_keys_of (RelayTx *tx, const CobroId *merchant_id, const CobroId *device_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE api_key SET revoked_at = :now WHERE merchant_id = :merchant AND device_id = :device AND "
                      "revoked_at IS NULL",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":device", device_id);
  return cobro_db_run (statement, error);
}

gboolean
relay_device_revoke (RelayTx *tx, const RelayScope *scope, const CobroId *device_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE device SET revoked_at = coalesce (revoked_at, :now) WHERE merchant_id = :merchant AND "
                      "livemode = :livemode AND id = :device",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_id (statement, ":device", device_id);
  if (!cobro_db_run (statement, error))
    return FALSE;
  if (cobro_db_changes (tx->db) == 0)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such device");
  return revoke_keys_of (tx, &scope->merchant_id, device_id, error);
}

/* ── Customers ──────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_customer_put (RelayTx *tx, const CobroId *merchant_id, const CobroCustomer *customer, const char *edited,
                    GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *document = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO customer (merchant_id, id, rev, document, edited, updated_at) VALUES (:merchant, "
                      ":id, :rev, :document, :edited, :now) ON CONFLICT (merchant_id, id) DO UPDATE SET rev = :rev, "
                      "document = :document, edited = :edited, updated_at = :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_wire_customer_write (writer, NULL, customer);
  document = cobro_wire_writer_take (writer);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", &customer->id);
  cobro_db_bind_int64 (statement, ":rev", customer->rev);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) &&
         relay_event_append_both (tx, merchant_id, COBRO_EVENT_CUSTOMER_UPDATED, &customer->id, document, error);
}

CobroCustomer *
relay_customer_find (CobroDb *db, const CobroId *merchant_id, const CobroId *id, char **out_edited, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (CobroCustomer) customer = NULL;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT rev, document, edited FROM customer WHERE merchant_id = :merchant AND id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      break;
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such customer");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  if (!(object = cobro_wire_parse (cobro_db_column_text (statement, "document"), -1, error)) ||
      !(customer = cobro_wire_customer_parse (object, error)))
    return NULL;
  customer->rev = cobro_db_column_int64 (statement, "rev");
  if (out_edited != NULL)
    *out_edited = relay_row_dup_text (statement, "edited");
  return g_steal_pointer (&customer);
}
