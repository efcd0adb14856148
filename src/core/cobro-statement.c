/* src/core/cobro-statement.c — a customer's account over a period, and how old debts are.
 * Layer: core. Any thread: a statement is its maker's. */
#include "cobro-statement.h"
#include "cobro-error.h"

static void
entry_free (CobroStatementEntry *entry)
{
  g_free (entry->text);
  g_free (entry);
}

CobroStatement *
cobro_statement_new (CobroCurrency currency, CobroDay from, CobroDay to)
{
  CobroStatement *statement = g_new0 (CobroStatement, 1);

  statement->currency = currency;
  statement->from = from;
  statement->to = to;
  statement->opening = statement->closing = cobro_money_zero (currency);
  statement->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  statement->ageing = cobro_ageing_new (currency);
  return statement;
}

void
cobro_statement_free (CobroStatement *statement)
{
  if (statement == NULL)
    return;
  g_ptr_array_unref (statement->entries);
  g_free (statement);
}

static gboolean
apply (CobroMoney balance, CobroStatementKind kind, CobroMoney amount, CobroMoney *out_balance, GError **error)
{
  switch (kind)
    {
    case COBRO_STATEMENT_INVOICE:
    case COBRO_STATEMENT_REFUND: /* what was given back is owed again */
      return cobro_money_add (balance, amount, out_balance, error);
    case COBRO_STATEMENT_CREDIT_NOTE:
    case COBRO_STATEMENT_PAYMENT:
      return cobro_money_subtract (balance, amount, out_balance, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
cobro_statement_add (CobroStatement *statement, CobroStatementKind kind, CobroDay date, const char *text,
                     CobroMoney amount, GError **error)
{
  CobroStatementEntry *entry;

  if (cobro_money_currency (amount) != statement->currency)
    return cobro_error_set (error, COBRO_ERROR_CURRENCY, "a statement in %s cannot hold %s",
                            cobro_currency_code (statement->currency), cobro_money_code (amount));
  if (date > statement->to)
    return TRUE;
  if (date < statement->from)
    return apply (statement->opening, kind, amount, &statement->opening, error);

  entry = g_new0 (CobroStatementEntry, 1);
  *entry = (CobroStatementEntry){ kind, date, g_strdup (text), amount, cobro_money_zero (statement->currency) };
  g_ptr_array_add (statement->entries, entry);
  return TRUE;
}

/* Stable: a merge sort inside of GLib keeps what is equal as it was added. */
static int
compare_dates (gconstpointer a, gconstpointer b, gpointer data)
{
  const CobroStatementEntry *left = *(CobroStatementEntry *const *)a, *right = *(CobroStatementEntry *const *)b;

  return (left->date > right->date) - (left->date < right->date);
}

gboolean
cobro_statement_close (CobroStatement *statement, GError **error)
{
  CobroMoney balance = statement->opening;

  g_ptr_array_sort_with_data (statement->entries, compare_dates, NULL);
  for (guint i = 0; i < statement->entries->len; i++)
    {
      CobroStatementEntry *entry = statement->entries->pdata[i];

      if (!apply (balance, entry->kind, entry->amount, &balance, error))
        return FALSE;
      entry->balance = balance;
    }
  statement->closing = balance;
  return TRUE;
}

CobroAgeing
cobro_ageing_new (CobroCurrency currency)
{
  CobroMoney zero = cobro_money_zero (currency);

  return (CobroAgeing){ zero, zero, zero, zero, zero, zero };
}

gboolean
cobro_ageing_add (CobroAgeing *ageing, CobroMoney due, CobroDay due_date, CobroDay today, GError **error)
{
  CobroDay late = today - due_date;
  CobroMoney *bucket = late <= 0    ? &ageing->current
                       : late <= 30 ? &ageing->days_30
                       : late <= 60 ? &ageing->days_60
                       : late <= 90 ? &ageing->days_90
                                    : &ageing->older;
  CobroMoney total;

  if (!cobro_money_add (ageing->total, due, &total, error) || !cobro_money_add (*bucket, due, bucket, error))
    return FALSE;
  ageing->total = total;
  return TRUE;
}
