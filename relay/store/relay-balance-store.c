/* relay/store/relay-balance-store.c — sums of the ledger by currency. Layer: relay/store. */
#include "relay-balance-store.h"

#include "cobro-error.h"

GArray *
relay_balance_list (CobroDb *db, const RelayScope *scope, GError **error)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (CobroMoney));
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT ledger.currency AS currency, CAST (sum (ledger.amount) AS BIGINT) AS amount FROM ledger JOIN payment ON "
    "payment.merchant_id = ledger.merchant_id AND payment.id = ledger.payment_id WHERE ledger.merchant_id = :merchant "
    "AND payment.livemode = :livemode GROUP BY ledger.currency ORDER BY ledger.currency",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroCurrency currency;
      CobroMoney sum;

      if (!cobro_currency_from_code (cobro_db_column_text (statement, "currency"), &currency, error))
        return NULL;
      sum = cobro_money (cobro_db_column_int64 (statement, "amount"), currency);
      g_array_append_val (sums, sum);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&sums) : NULL;
}
