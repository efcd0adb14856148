/* relay/store/relay-payment-row.c — one row of the table payment.
 * Layer: relay/store. */
#include "relay-payment-row.h"

#include <string.h>

#include "cobro-wire.h"
#include "relay-row.h"

RelayPaymentRecord *
relay_payment_record_new (void)
{
  RelayPaymentRecord *record = g_new0 (RelayPaymentRecord, 1);

  record->payment = cobro_payment_new ();
  record->account = g_strdup ("");
  record->charge_id = g_strdup ("");
  record->receipt = g_strdup ("");
  record->next_url = g_strdup ("");
  record->quantities = g_strdup ("");
  return record;
}

void
relay_payment_record_free (RelayPaymentRecord *record)
{
  if (record == NULL)
    return;
  cobro_payment_unref (record->payment);
  g_clear_pointer (&record->next_sealed, g_bytes_unref);
  g_clear_pointer (&record->next_details, g_hash_table_unref);
  g_free (record->account);
  g_free (record->charge_id);
  g_free (record->receipt);
  g_free (record->next_url);
  g_free (record->quantities);
  g_free (record);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_maps (CobroDbStatement *statement, CobroPayment *payment, GError **error)
{
  GHashTable *map;

  if (!cobro_db_column_is_null (statement, "metadata"))
    {
      if (!(map = relay_row_map_from_json (cobro_db_column_text (statement, "metadata"), error)))
        return FALSE;
      g_hash_table_unref (payment->metadata);
      payment->metadata = map;
    }
  if (!cobro_db_column_is_null (statement, "payer_fields"))
    {
      if (!(map = relay_row_map_from_json (cobro_db_column_text (statement, "payer_fields"), error)))
        return FALSE;
      g_hash_table_unref (payment->payer_fields);
      payment->payer_fields = map;
    }
  return TRUE;
}

static gboolean
read_payment (CobroDbStatement *statement, CobroPayment *payment, GError **error)
{
  CobroCurrency currency;

  payment->id = cobro_db_column_id (statement, "id");
  payment->link_id = cobro_db_column_id (statement, "link_id");
  payment->livemode = cobro_db_column_bool (statement, "livemode");
  if (!relay_row_currency (statement, "currency", &currency, error) ||
      !relay_row_enum (statement, "state", cobro_payment_state_from_name, &payment->state, error))
    return FALSE;
  payment->amount = cobro_db_column_money (statement, "amount", currency);
  payment->received = cobro_db_column_money (statement, "received", currency);
  payment->refunded = cobro_db_column_money (statement, "refunded", currency);
  payment->lost = cobro_db_column_money (statement, "lost", currency);
  payment->flags = (guint)cobro_db_column_int64 (statement, "flags");
  payment->dispute_due = cobro_db_column_time (statement, "dispute_due");
  relay_row_text (statement, "gateway", &payment->gateway);
  relay_row_text (statement, "provider_payment_id", &payment->provider_payment_id);
  relay_row_text (statement, "idempotency_key", &payment->idempotency_key);
  relay_row_text (statement, "payer_name", &payment->payer_name);
  relay_row_text (statement, "payer_email", &payment->payer_email);
  relay_row_text (statement, "payer_phone", &payment->payer_phone);
  relay_row_text (statement, "method", &payment->method);
  relay_row_text (statement, "method_detail", &payment->method_detail);
  relay_row_text (statement, "failure_code", &payment->failure_code);
  relay_row_text (statement, "failure_message", &payment->failure_message);
  payment->created_at = cobro_db_column_time (statement, "created_at");
  payment->updated_at = cobro_db_column_time (statement, "updated_at");
  return read_maps (statement, payment, error);
}

RelayPaymentRecord *
relay_payment_row_read (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = relay_payment_record_new ();
  gconstpointer sealed;
  gsize n;

  record->row = cobro_db_column_int64 (statement, "row");
  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  if (!read_payment (statement, record->payment, error) ||
      !relay_row_bytes (statement, "payer", record->payer.bytes, sizeof record->payer.bytes, error))
    {
      g_prefix_error (error, "payment %s: ", record->payment->id.text);
      return NULL;
    }
  record->second_of = cobro_db_column_id (statement, "second_of");
  relay_row_text (statement, "account", &record->account);
  relay_row_text (statement, "charge_id", &record->charge_id);
  relay_row_text (statement, "receipt", &record->receipt);
  relay_row_text (statement, "quantities", &record->quantities);
  record->slot = cobro_db_column_int64 (statement, "slot");
  record->leased = cobro_db_column_bool (statement, "leased");
  record->lease_until = cobro_db_column_time (statement, "lease_until");
  record->next_poll_at = cobro_db_column_time (statement, "next_poll_at");
  record->polls = cobro_db_column_int64 (statement, "polls");
  record->next = (int)cobro_db_column_int64 (statement, "next");
  relay_row_text (statement, "next_url", &record->next_url);
  sealed = cobro_db_column_blob (statement, "next_sealed", &n);
  record->next_sealed = n > 0 ? g_bytes_new (sealed, n) : NULL;
  if (!cobro_db_column_is_null (statement, "next_details") &&
      !(record->next_details = relay_row_map_from_json (cobro_db_column_text (statement, "next_details"), error)))
    return NULL;
  record->succeeded_at = cobro_db_column_time (statement, "succeeded_at");
  return g_steal_pointer (&record);
}

/* ── Binding ────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_payment_row_bind_fixed (CobroDbStatement *statement, const RelayPaymentRecord *record)
{
  const CobroPayment *payment = record->payment;
  g_autofree char *metadata = relay_row_map_to_json (payment->metadata);
  g_autofree char *fields = relay_row_map_to_json (payment->payer_fields);

  cobro_db_bind_id (statement, ":merchant", &record->merchant_id);
  cobro_db_bind_id (statement, ":id", &payment->id);
  cobro_db_bind_id (statement, ":link_id", &payment->link_id);
  cobro_db_bind_bool (statement, ":livemode", payment->livemode);
  cobro_db_bind_text (statement, ":currency", cobro_money_code (payment->amount));
  cobro_db_bind_money (statement, ":amount", payment->amount);
  cobro_db_bind_text (statement, ":gateway", payment->gateway);
  cobro_db_bind_text (statement, ":account", record->account);
  cobro_db_bind_text (statement, ":idempotency_key", payment->idempotency_key);
  cobro_db_bind_text (statement, ":metadata", metadata);
  cobro_db_bind_text (statement, ":payer_name", payment->payer_name);
  cobro_db_bind_text (statement, ":payer_email", payment->payer_email);
  cobro_db_bind_text (statement, ":payer_phone", payment->payer_phone);
  cobro_db_bind_text (statement, ":payer_fields", fields);
  cobro_db_bind_text (statement, ":method", payment->method);
  cobro_db_bind_text (statement, ":quantities", record->quantities);
  cobro_db_bind_hash (statement, ":payer", &record->payer);
  cobro_db_bind_text (statement, ":second_of", record->second_of.text);
  cobro_db_bind_int64 (statement, ":created_at", payment->created_at);
}

/* 0 is null. */
static void
bind_optional (CobroDbStatement *statement, const char *name, gint64 value)
{
  if (value == 0)
    cobro_db_bind_null (statement, name);
  else
    cobro_db_bind_int64 (statement, name, value);
}

void
relay_payment_row_bind_changes (CobroDbStatement *statement, const RelayPaymentRecord *record)
{
  const CobroPayment *payment = record->payment;
  g_autofree char *details = record->next_details != NULL ? relay_row_map_to_json (record->next_details) : NULL;

  cobro_db_bind_text (statement, ":state", cobro_payment_state_name (payment->state));
  cobro_db_bind_money (statement, ":received", payment->received);
  cobro_db_bind_int64 (statement, ":refunded", cobro_money_minor (payment->refunded));
  cobro_db_bind_int64 (statement, ":lost", cobro_money_minor (payment->lost));
  cobro_db_bind_int64 (statement, ":flags", payment->flags);
  bind_optional (statement, ":dispute_due", payment->dispute_due);
  cobro_db_bind_text (statement, ":provider_payment_id", payment->provider_payment_id);
  cobro_db_bind_text (statement, ":charge_id", record->charge_id);
  cobro_db_bind_text (statement, ":receipt", record->receipt);
  cobro_db_bind_text (statement, ":next_details", details);
  cobro_db_bind_text (statement, ":method_detail", payment->method_detail);
  cobro_db_bind_text (statement, ":failure_code", payment->failure_code);
  cobro_db_bind_text (statement, ":failure_message", payment->failure_message);
  bind_optional (statement, ":slot", record->slot);
  cobro_db_bind_bool (statement, ":leased", record->leased);
  bind_optional (statement, ":lease_until", record->lease_until);
  bind_optional (statement, ":next_poll_at", record->next_poll_at);
  cobro_db_bind_int64 (statement, ":polls", record->polls);
  cobro_db_bind_int64 (statement, ":next", record->next);
  cobro_db_bind_text (statement, ":next_url", record->next_url);
  if (record->next_sealed == NULL)
    cobro_db_bind_null (statement, ":next_sealed");
  else
    cobro_db_bind_blob (statement, ":next_sealed", g_bytes_get_data (record->next_sealed, NULL),
                        g_bytes_get_size (record->next_sealed));
  cobro_db_bind_int64 (statement, ":updated_at", payment->updated_at);
  bind_optional (statement, ":succeeded_at", record->succeeded_at);
}

/* ── Secrets ────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_payment_secrets_clear (RelayPaymentSecrets *secrets)
{
  g_clear_pointer (&secrets->client_secret, g_free);
  g_clear_pointer (&secrets->publishable_key, g_free);
  g_clear_pointer (&secrets->connected_account, g_free);
}

static gboolean
is_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static RelayPlace
secrets_place (const RelayPaymentRecord *record)
{
  return (RelayPlace){ "payment", "next_sealed", record->payment->id.text, &record->merchant_id,
                       record->payment->livemode };
}

gboolean
relay_payment_set_secrets (RelayTx *tx, RelayPaymentRecord *record, const RelayPaymentSecrets *secrets, GError **error)
{
  g_autoptr (CobroWireWriter) writer = NULL;
  RelayPlace place = secrets_place (record);
  g_autofree char *json = NULL;

  g_clear_pointer (&record->next_sealed, g_bytes_unref);
  if (!is_text (secrets->client_secret) && !is_text (secrets->publishable_key) && !is_text (secrets->connected_account))
    return TRUE;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "clientSecret", secrets->client_secret);
  cobro_wire_put_text (writer, "publishableKey", secrets->publishable_key);
  cobro_wire_put_text (writer, "account", secrets->connected_account);
  cobro_wire_end_object (writer);
  json = cobro_wire_writer_take (writer);
  record->next_sealed = relay_store_seal (tx->store, tx->db, &place, json, error);
  explicit_bzero (json, strlen (json));
  return record->next_sealed != NULL;
}

gboolean
relay_payment_get_secrets (RelayStore *store, const RelayPaymentRecord *record, RelayPaymentSecrets *out_secrets,
                           GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  RelayPlace place = secrets_place (record);
  g_autofree char *json = NULL;
  RelayPaymentSecrets secrets = { NULL };

  if (record->next_sealed == NULL)
    {
      *out_secrets = (RelayPaymentSecrets){ g_strdup (""), g_strdup (""), g_strdup ("") };
      return TRUE;
    }
  if (!(json = relay_store_unseal (store, NULL, &place, g_bytes_get_data (record->next_sealed, NULL),
                                   g_bytes_get_size (record->next_sealed), error)) ||
      !(object = cobro_wire_parse (json, -1, error)) ||
      !cobro_wire_get_text (object, "clientSecret", "", &secrets.client_secret, error) ||
      !cobro_wire_get_text (object, "publishableKey", "", &secrets.publishable_key, error) ||
      !cobro_wire_get_text (object, "account", "", &secrets.connected_account, error))
    {
      relay_payment_secrets_clear (&secrets);
      return FALSE;
    }
  *out_secrets = secrets;
  return TRUE;
}
