/* relay/store/relay-charge-store.c — what an API caller gave for a payment besides what the payment itself keeps.
 * Layer: relay/store. */
#include "relay-charge-store.h"

#include "relay-row.h"

void
relay_charge_details_clear (RelayChargeDetails *details)
{
  g_clear_pointer (&details->description, g_free);
  g_clear_pointer (&details->return_url, g_free);
  g_clear_pointer (&details->locale, g_free);
}

gboolean
relay_charge_details_insert (RelayTx *tx, const RelayPaymentRecord *payment, const RelayChargeDetails *details,
                             GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (*details->description == '\0' && *details->return_url == '\0' && *details->locale == '\0')
    return TRUE;
  statement = cobro_db_prepare (tx->db,
                                "INSERT INTO charge (merchant_id, payment_id, description, return_url, locale) "
                                "VALUES (:merchant, :payment, :description, :url, :locale)",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &payment->merchant_id);
  cobro_db_bind_id (statement, ":payment", &payment->payment->id);
  cobro_db_bind_text (statement, ":description", details->description);
  cobro_db_bind_text (statement, ":url", details->return_url);
  cobro_db_bind_text (statement, ":locale", details->locale);
  return cobro_db_run (statement, error);
}

gboolean
relay_charge_details_find (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id,
                           RelayChargeDetails *out_details, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT description, return_url, locale FROM charge WHERE merchant_id = :merchant AND "
                      "payment_id = :payment",
                      error);
  RelayChargeDetails details = { NULL };
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":payment", payment_id);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_FAILED)
    return FALSE;
  details.description = step == COBRO_DB_ROW ? relay_row_dup_text (statement, "description") : g_strdup ("");
  details.return_url = step == COBRO_DB_ROW ? relay_row_dup_text (statement, "return_url") : g_strdup ("");
  details.locale = step == COBRO_DB_ROW ? relay_row_dup_text (statement, "locale") : g_strdup ("");
  *out_details = details;
  return TRUE;
}
