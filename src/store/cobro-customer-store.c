/* src/store/cobro-customer-store.c — customers in the books.
 * Layer: store. */
#include "config.h"
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-store-private.h"

#include <string.h>

static CobroCustomer *
read_row (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroCustomer *customer = tx->codec->read_customer (cobro_db_column_text (statement, "document"), error);

  if (customer != NULL)
    customer->rev = cobro_db_column_int64 (statement, "rev");
  return customer;
}

CobroCustomer *
cobro_customer_store_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT document, rev FROM customer WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_row (tx, statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no customer “%s”", id->text);
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

static gboolean
write_row (CobroStoreTx *tx, const CobroCustomer *customer, GError **error)
{
  g_autofree char *document = tx->codec->write_customer (customer);
  g_autofree char *sort_name = cobro_store_sort_text (customer->party.name);
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO customer (id, document, rev, sort_name, email) VALUES (:id, :document, :rev, :sort_name, :email) "
    "ON CONFLICT (id) DO UPDATE SET base = CASE WHEN rev > 0 THEN coalesce(base, document) END, "
    "  document = excluded.document, sort_name = excluded.sort_name, email = excluded.email, trouble = 0, "
    "  reason = '', path = ''",
    error);

  tx->change->kinds |= COBRO_STORE_CUSTOMERS;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &customer->id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":rev", customer->rev);
  cobro_db_bind_text (statement, ":sort_name", sort_name);
  cobro_db_bind_text (statement, ":email", customer->party.email);
  return cobro_db_run (statement, error) &&
         cobro_outbox_put (tx, "customer.put", customer->id.text, document, "{}", 0, error);
}

CobroCustomer *
cobro_customer_store_put (CobroStoreTx *tx, CobroCustomer *customer, GError **error)
{
  g_autoptr (CobroCustomer) before = NULL;
  g_autoptr (GError) failure = NULL;

  if (!cobro_id_is_set (&customer->id))
    customer->id = cobro_id_new (COBRO_ID_CUSTOMER, tx->clock, tx->random);
  else if (!(before = cobro_customer_store_find (tx, &customer->id, &failure)) &&
           !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  customer->rev = before != NULL ? before->rev : 0;
  customer->created_at = before != NULL ? before->created_at : tx->now;
  customer->updated_at = tx->now;
  if (!cobro_customer_validate (customer, error) || !write_row (tx, customer, error))
    return NULL;
  return cobro_customer_ref (customer);
}

static gboolean
run_for (CobroStoreTx *tx, const char *sql, const char *id, const char *name, gint64 number, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, sql, error);

  tx->change->kinds |= COBRO_STORE_CUSTOMERS;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_int64 (statement, name, number);
  return cobro_db_run (statement, error);
}

gboolean
cobro_customer_sync_applied (CobroStoreTx *tx, const char *id, gint64 rev, GError **error)
{
  return run_for (tx, "UPDATE customer SET rev = :rev, base = NULL, trouble = 0, reason = '', path = '' WHERE id = :id",
                  id, ":rev", rev, error);
}

gboolean
cobro_customer_sync_rejected (CobroStoreTx *tx, const char *id, const char *reason, const char *path, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "UPDATE customer SET trouble = 1, reason = :reason, path = :path WHERE id = :id", error);

  tx->change->kinds |= COBRO_STORE_CUSTOMERS;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_text (statement, ":path", path);
  return cobro_db_run (statement, error);
}

gboolean
cobro_customer_sync_sides (CobroStoreTx *tx, const char *id, char **out_ours, char **out_base, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT document, base FROM customer WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no customer “%s”", id);
  *out_ours = g_strdup (cobro_db_column_text (statement, "document"));
  *out_base = g_strdup (cobro_db_column_text (statement, "base"));
  return TRUE;
}

static gboolean
set_base (CobroStoreTx *tx, const CobroId *id, const char *theirs, gint64 rev, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "UPDATE customer SET rev = :rev, base = nullif(:theirs, document) WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_text (statement, ":theirs", theirs);
  cobro_db_bind_int64 (statement, ":rev", rev);
  return cobro_db_run (statement, error);
}

gboolean
cobro_customer_sync_merged (CobroStoreTx *tx, const char *merged, const char *theirs, gint64 rev, GError **error)
{
  g_autoptr (CobroCustomer) customer = tx->codec->read_customer (merged, error);
  gboolean sent;

  if (customer == NULL || !write_row (tx, customer, error) || !set_base (tx, &customer->id, theirs, rev, error))
    return FALSE;
  return strcmp (merged, theirs) != 0 || cobro_outbox_take_back (tx, "customer.put", customer->id.text, &sent, error);
}

gboolean
cobro_customer_sync_publish_all (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT id, document FROM customer ORDER BY row", error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!cobro_outbox_put (tx, "customer.put", cobro_db_column_text (statement, "id"),
                           cobro_db_column_text (statement, "document"), "{}", 0, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_customer_store_put (tx, data, error);
}

void
cobro_customer_store_put_async (CobroStore *store, CobroCustomer *customer, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_put, cobro_customer_ref (customer), (GDestroyNotify)cobro_customer_unref,
                           (GDestroyNotify)cobro_customer_unref, cancellable, callback, user_data);
}

CobroCustomer *
cobro_customer_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

typedef struct
{
  char *from; /* sorted text that names begin with */
  guint limit;
} SearchJob;

static void
search_job_free (gpointer data)
{
  g_free (((SearchJob *)data)->from);
  g_free (data);
}

static gpointer
do_search (CobroStoreTx *tx, gpointer data, GError **error)
{
  SearchJob *job = data;
  /* U+10FFFF sorts behind everything that a name may go on with. */
  g_autofree char *to = g_strconcat (job->from, "\364\217\277\277", NULL);
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT document, rev FROM customer WHERE sort_name >= :from AND sort_name < :to "
                      "ORDER BY sort_name, row LIMIT :limit",
                      error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":from", job->from);
  cobro_db_bind_text (statement, ":to", to);
  cobro_db_bind_int64 (statement, ":limit", job->limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroCustomer *customer = read_row (tx, statement, error);

      if (customer == NULL)
        return NULL;
      g_ptr_array_add (customers, customer);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&customers) : NULL;
}

void
cobro_customer_store_search_async (CobroStore *store, const char *text, guint limit, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  SearchJob *job = g_new0 (SearchJob, 1);

  job->from = cobro_store_sort_text (text);
  job->limit = limit;
  cobro_store_read_async (store, do_search, job, search_job_free, (GDestroyNotify)g_ptr_array_unref, cancellable,
                          callback, user_data);
}

GPtrArray *
cobro_customer_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
