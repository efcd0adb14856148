/* src/store/cobro-accounts-store.c — what leaves the books as a file: everything of a period, or everything.
 * Layer: store. */
#include "config.h"
#include "cobro-accounts-store.h"
#include "cobro-error.h"
#include "cobro-profile-store.h"
#include "cobro-store-private.h"

#include <string.h>

struct _CobroAccountsReading
{
  CobroStore *store;
  CobroStoreTx *tx;
  CobroAccountsQuery query;
};

static void
accounts_free (CobroAccounts *accounts)
{
  g_ptr_array_unref (accounts->invoices);
  g_ptr_array_unref (accounts->drafts);
  g_ptr_array_unref (accounts->payments);
  g_array_unref (accounts->paid_at);
  g_ptr_array_unref (accounts->refunds);
  g_ptr_array_unref (accounts->customers);
  g_ptr_array_unref (accounts->products);
  g_ptr_array_unref (accounts->recurring);
  g_free (accounts);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroAccounts, accounts_free)

static CobroAccounts *
accounts_new (CobroAccountsReading *reading)
{
  CobroAccounts *accounts = g_new0 (CobroAccounts, 1);

  accounts->invoices = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_record_unref);
  accounts->drafts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_record_unref);
  accounts->payments = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  accounts->paid_at = g_array_new (FALSE, FALSE, sizeof (CobroTime));
  accounts->refunds = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_refund_unref);
  accounts->customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  accounts->products = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_product_unref);
  accounts->recurring = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_recurring_unref);
  accounts->now = reading->tx->now;
  accounts->reading = reading;
  return accounts;
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef gboolean (*AddRow) (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error);

static gboolean
add_record (CobroStoreTx *tx, CobroDbStatement *row, GPtrArray *records, GError **error)
{
  CobroInvoiceRecord *record = cobro_invoice_row_load (tx, cobro_db_column_int64 (row, "row"), error);

  if (record != NULL)
    g_ptr_array_add (records, record);
  return record != NULL;
}

static gboolean
add_invoice (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;

  return add_record (tx, row, accounts->invoices, error);
}

static gboolean
add_draft (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;

  return add_record (tx, row, accounts->drafts, error);
}

static gboolean
add_payment (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;
  CobroPayment *payment = tx->codec->read_payment (cobro_db_column_text (row, "document"), error);
  CobroTime paid_at = cobro_db_column_time (row, "paid_at");

  if (payment == NULL)
    return FALSE;
  g_ptr_array_add (accounts->payments, payment);
  g_array_append_val (accounts->paid_at, paid_at);
  return TRUE;
}

static gboolean
add_refund (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;
  CobroRefund *refund = tx->codec->read_refund (cobro_db_column_text (row, "document"), error);

  if (refund != NULL)
    g_ptr_array_add (accounts->refunds, refund);
  return refund != NULL;
}

static gboolean
add_customer (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;
  CobroCustomer *customer = tx->codec->read_customer (cobro_db_column_text (row, "document"), error);

  if (customer != NULL)
    g_ptr_array_add (accounts->customers, customer);
  return customer != NULL;
}

static gboolean
add_product (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;
  CobroProduct *product = tx->codec->read_product (cobro_db_column_text (row, "document"), error);

  if (product != NULL)
    g_ptr_array_add (accounts->products, product);
  return product != NULL;
}

static gboolean
add_recurring (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;
  CobroRecurring *recurring = tx->codec->read_recurring (cobro_db_column_text (row, "document"), error);

  if (recurring != NULL)
    g_ptr_array_add (accounts->recurring, recurring);
  return recurring != NULL;
}

static gboolean
note_count (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  CobroAccounts *accounts = data;

  accounts->n_links = cobro_db_column_int64 (row, "n");
  return TRUE;
}

/* With everything, the time is no reason. */
#define IN_TIME(time) "(:all OR (" time " >= :begin AND " time " < :end))"
#define IN_DAYS       "(:all OR (issue_day >= :from AND issue_day <= :to))"
#define LINKS         "FROM link WHERE invoice_id IS NULL AND sample = 0 AND " IN_TIME ("created_at")

static const struct
{
  const char *sql;
  AddRow add;
} parts[] = {
  { "SELECT row FROM invoice WHERE " IN_DAYS " AND decision <> 0 AND sample = 0 ORDER BY issue_day, row", add_invoice },
  { "SELECT row FROM invoice WHERE :all AND decision = 0 AND sample = 0 ORDER BY row", add_draft },
  { "SELECT document, paid_at FROM payment WHERE state = 7 AND sample = 0 AND " IN_TIME (
      "paid_at") " ORDER BY paid_at, row",
    add_payment },
  { "SELECT document FROM refund WHERE state = 1 AND " IN_TIME (
      "created_at") " AND payment_id NOT IN (SELECT id FROM payment WHERE sample = 1) ORDER BY created_at, row",
    add_refund },
  { "SELECT document FROM customer WHERE :all OR id IN (SELECT customer_id FROM invoice WHERE " IN_DAYS
    " AND decision <> 0 AND sample = 0) ORDER BY sort_name, row",
    add_customer },
  { "SELECT document FROM product ORDER BY sort_name, row", add_product },
  { "SELECT document FROM recurring ORDER BY row", add_recurring },
  { "SELECT count(*) AS n " LINKS, note_count },
};

static gboolean
read_rows (const CobroAccountsReading *reading, const char *sql, AddRow add, gpointer data, GError **error)
{
  CobroStoreTx *tx = reading->tx;
  const CobroAccountsQuery *query = &reading->query;
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, sql, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  if (strstr (sql, ":all") != NULL)
    cobro_db_bind_int64 (rows, ":all", query->everything);
  if (strstr (sql, ":from") != NULL)
    {
      cobro_db_bind_int64 (rows, ":from", query->from);
      cobro_db_bind_int64 (rows, ":to", query->to);
    }
  if (strstr (sql, ":begin") != NULL)
    {
      cobro_db_bind_int64 (rows, ":begin", cobro_day_begins_at (query->from, tx->zone));
      cobro_db_bind_int64 (rows, ":end", cobro_day_begins_at (query->to + 1, tx->zone));
    }
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    if (!add (tx, rows, data, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroStore *store;
  CobroLinkVisit visit;
  gpointer data;
} Visiting;

static gboolean
visit_link (CobroStoreTx *tx, CobroDbStatement *row, gpointer data, GError **error)
{
  const Visiting *visiting = data;
  g_autoptr (CobroLinkRecord) record = cobro_link_row_read (tx, row, error);
  g_autofree char *url = NULL;

  if (record == NULL)
    return FALSE;
  url = cobro_store_dup_link_url (visiting->store, record->link);
  return visiting->visit (record->link, &record->tally, url, visiting->data, error);
}

gboolean
cobro_accounts_each_link (const CobroAccounts *accounts, CobroLinkVisit visit, gpointer data, GError **error)
{
  Visiting visiting = { accounts->reading->store, visit, data };

  return read_rows (accounts->reading, "SELECT " COBRO_LINK_COLUMNS " " LINKS " ORDER BY created_at, row", visit_link,
                    &visiting, error);
}

/* ── The visit ──────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroStore *store; /* lives as long as its jobs */
  CobroAccountsQuery query;
  CobroAccountsWork work;
  gpointer data;
  GDestroyNotify free_data;
} Visit;

static void
visit_free (gpointer data)
{
  Visit *visit = data;

  if (visit->free_data != NULL)
    visit->free_data (visit->data);
  g_free (visit);
}

static gpointer
do_visit (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Visit *visit = data;
  CobroAccountsReading reading = { visit->store, tx, visit->query };
  g_autoptr (CobroAccounts) accounts = accounts_new (&reading);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!read_rows (&reading, parts[i].sql, parts[i].add, accounts, error))
      return NULL;
  return GINT_TO_POINTER (visit->work (accounts, visit->data, error));
}

void
cobro_accounts_store_visit_async (CobroStore *store, const CobroAccountsQuery *query, CobroAccountsWork work,
                                  gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  Visit *visit = g_new0 (Visit, 1);

  *visit = (Visit){ store, *query, work, data, free_data };
  cobro_store_aside_async (store, do_visit, visit, visit_free, NULL, cancellable, callback, user_data);
}

gboolean
cobro_accounts_store_visit_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}
