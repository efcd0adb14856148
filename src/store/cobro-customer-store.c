/* src/store/cobro-customer-store.c — writing customers. Lists and sums are in cobro-customer-list.c.
 * Layer: store. */
#include "config.h"
#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-plain-private.h"

#include <string.h>

/* The words of the old row leave the index, the words of the new one enter it. */
#define FORGET_WORDS                                                                                                   \
  "INSERT INTO customer_search (customer_search, rowid, name, words) "                                                 \
  "SELECT 'delete', row, name, words FROM customer WHERE id = :id"
#define LEARN_WORDS                                                                                                    \
  "INSERT INTO customer_search (rowid, name, words) SELECT row, name, words FROM customer WHERE id = :id"

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

#define PUT_ROW                                                                                                        \
  "INSERT INTO customer (id, document, rev, sort_name, name, words, archived, created_at) "                            \
  "VALUES (:id, :document, :rev, :sort_name, :name, :words, :archived, :created_at) "                                  \
  "ON CONFLICT (id) DO UPDATE SET document = excluded.document, sort_name = excluded.sort_name, "                      \
  "  name = excluded.name, words = excluded.words, archived = excluded.archived, created_at = excluded.created_at, "   \
  "  trouble = 0, reason = '', path = ''"

static gboolean
put_row (CobroStoreTx *tx, const CobroCustomer *customer, const char *document, GError **error)
{
  const CobroParty *party = &customer->party;
  g_autofree char *sort_name = cobro_store_sort_text (party->name);
  g_autofree char *words =
    g_strjoin (" ", party->contact, party->email, party->phone, party->tax_id, party->address.city, NULL);
  CobroDbStatement *statement = cobro_db_prepare (tx->db, PUT_ROW, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &customer->id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":rev", customer->rev);
  cobro_db_bind_text (statement, ":sort_name", sort_name);
  cobro_db_bind_text (statement, ":name", party->name);
  cobro_db_bind_text (statement, ":words", words);
  cobro_db_bind_bool (statement, ":archived", customer->archived);
  cobro_db_bind_int64 (statement, ":created_at", customer->created_at);
  return cobro_db_run (statement, error);
}

gboolean
cobro_customer_row_write (CobroStoreTx *tx, const char *document, GError **error)
{
  g_autoptr (CobroCustomer) customer = tx->codec->read_customer (document, error);

  return customer != NULL && cobro_store_run_for (tx, FORGET_WORDS, customer->id.text, NULL, error) &&
         put_row (tx, customer, document, error) &&
         cobro_store_run_for (tx, LEARN_WORDS, customer->id.text, NULL, error);
}

CobroCustomer *
cobro_customer_store_put (CobroStoreTx *tx, CobroCustomer *customer, GError **error)
{
  g_autoptr (CobroCustomer) before = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *document = NULL;

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
  if (!cobro_customer_validate (customer, error))
    return NULL;
  document = tx->codec->write_customer (customer);
  return cobro_plain_put (tx, COBRO_PLAIN_CUSTOMER, customer->id.text, document, error) ? cobro_customer_ref (customer)
                                                                                        : NULL;
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

gboolean
cobro_customer_store_take (CobroStoreTx *tx, gpointer customer, GError **error)
{
  g_autoptr (CobroCustomer) stored = cobro_customer_store_put (tx, customer, error);

  return stored != NULL;
}
