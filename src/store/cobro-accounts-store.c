/* src/store/cobro-accounts-store.c — everything of a period, for the accountant.
 * Layer: store. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-statement-store.h"
#include "cobro-store-private.h"

void
cobro_accounts_free (CobroAccounts *accounts)
{
  if (accounts == NULL)
    return;
  g_ptr_array_unref (accounts->invoices);
  g_ptr_array_unref (accounts->payments);
  g_array_unref (accounts->paid_at);
  g_ptr_array_unref (accounts->refunds);
  g_ptr_array_unref (accounts->customers);
  g_free (accounts);
}

static CobroAccounts *
accounts_new (void)
{
  CobroAccounts *accounts = g_new0 (CobroAccounts, 1);

  accounts->invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_record_unref);
  accounts->payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  accounts->paid_at = g_array_new (FALSE, FALSE, sizeof (CobroTime));
  accounts->refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_unref);
  accounts->customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  return accounts;
}

typedef struct
{
  gint64 from, to; /* days, both included */
} Period;

static gboolean
add_invoice (CobroStoreTx *tx, CobroDbStatement *row, CobroAccounts *accounts, GError **error)
{
  CobroInvoiceRecord *record = cobro_invoice_row_load (tx, cobro_db_column_int64 (row, "row"), error);

  if (record != NULL)
    g_ptr_array_add (accounts->invoices, record);
  return record != NULL;
}

static gboolean
add_payment (CobroStoreTx *tx, CobroDbStatement *row, CobroAccounts *accounts, GError **error)
{
  CobroPayment *payment = tx->codec->read_payment (cobro_db_column_text (row, "document"), error);
  CobroTime paid_at = cobro_db_column_time (row, "paid_at");

  if (payment == NULL)
    return FALSE;
  g_ptr_array_add (accounts->payments, payment);
  g_array_append_val (accounts->paid_at, paid_at);
  return TRUE;
}

static gboolean
add_refund (CobroStoreTx *tx, CobroDbStatement *row, CobroAccounts *accounts, GError **error)
{
  CobroRefund *refund = tx->codec->read_refund (cobro_db_column_text (row, "document"), error);

  if (refund != NULL)
    g_ptr_array_add (accounts->refunds, refund);
  return refund != NULL;
}

static gboolean
add_customer (CobroStoreTx *tx, CobroDbStatement *row, CobroAccounts *accounts, GError **error)
{
  CobroCustomer *customer = tx->codec->read_customer (cobro_db_column_text (row, "document"), error);

  if (customer != NULL)
    g_ptr_array_add (accounts->customers, customer);
  return customer != NULL;
}

typedef gboolean (*AddRow) (CobroStoreTx *tx, CobroDbStatement *row, CobroAccounts *accounts, GError **error);

static gboolean
add_rows (CobroStoreTx *tx, const char *sql, gint64 from, gint64 to, AddRow add, CobroAccounts *accounts,
          GError **error)
{
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":from", from);
  cobro_db_bind_int64 (rows, ":to", to);
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    if (!add (tx, rows, accounts, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

#define INVOICES                                                                                                       \
  "SELECT row FROM invoice WHERE issue_day >= :from AND issue_day <= :to AND decision <> 0 AND sample = 0 "            \
  "ORDER BY issue_day, row"
#define PAYMENTS                                                                                                       \
  "SELECT document, paid_at FROM payment WHERE state = 7 AND paid_at >= :from AND paid_at < :to ORDER BY paid_at, row"
#define REFUNDS                                                                                                        \
  "SELECT document FROM refund WHERE state = 1 AND created_at >= :from AND created_at < :to ORDER BY created_at, row"
#define CUSTOMERS                                                                                                      \
  "SELECT document FROM customer WHERE id IN (SELECT customer_id FROM invoice WHERE issue_day >= :from "               \
  "AND issue_day <= :to AND decision <> 0 AND sample = 0) ORDER BY sort_name, row"

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Period *period = data;
  CobroTime begin = cobro_day_begins_at ((CobroDay)period->from, tx->zone);
  CobroTime end = cobro_day_begins_at ((CobroDay)period->to + 1, tx->zone);
  g_autoptr (CobroAccounts) accounts = accounts_new ();

  if (!add_rows (tx, INVOICES, period->from, period->to, add_invoice, accounts, error) ||
      !add_rows (tx, PAYMENTS, begin, end, add_payment, accounts, error) ||
      !add_rows (tx, REFUNDS, begin, end, add_refund, accounts, error) ||
      !add_rows (tx, CUSTOMERS, period->from, period->to, add_customer, accounts, error))
    return NULL;
  return g_steal_pointer (&accounts);
}

void
cobro_accounts_store_load_async (CobroStore *store, CobroDay from, CobroDay to, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  Period *period = g_new0 (Period, 1);

  period->from = from;
  period->to = to;
  cobro_store_list_async (store, do_load, period, g_free, (GDestroyNotify)cobro_accounts_free, cancellable, callback,
                          user_data);
}

CobroAccounts *
cobro_accounts_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
