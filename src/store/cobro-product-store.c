/* src/store/cobro-product-store.c — products: written, listed, found while somebody types.
 * Layer: store. */
#include "config.h"
#include "cobro-product-store.h"
#include "cobro-error.h"
#include "cobro-plain-private.h"
#include "cobro-store-list.h"

CobroProductRecord *
cobro_product_record_ref (CobroProductRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_product_record_unref (CobroProductRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  g_clear_pointer (&record->product, cobro_product_unref);
  g_free (record->reason);
  g_free (record->path);
  g_free (record);
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The words of the old row leave the index, the words of the new one enter it. */
#define FORGET_WORDS                                                                                                   \
  "INSERT INTO product_search (product_search, rowid, name, code, words) "                                             \
  "SELECT 'delete', row, name, code, words FROM product WHERE id = :id"
#define LEARN_WORDS                                                                                                    \
  "INSERT INTO product_search (rowid, name, code, words) SELECT row, name, code, words FROM product WHERE id = :id"

CobroProduct *
cobro_product_store_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT document, rev FROM product WHERE id = :id", error);
  CobroProduct *product;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      if ((product = tx->codec->read_product (cobro_db_column_text (statement, "document"), error)) != NULL)
        product->rev = cobro_db_column_int64 (statement, "rev");
      return product;
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no product “%s”", id->text);
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

/* The price in 1/10000 of the major unit, so that currencies can stand in one order. */
static gint64
sort_price (const CobroProduct *product)
{
  gint64 price = product->unit_price;

  for (guint i = 0; i < cobro_currency_exponent (product->currency); i++)
    price /= 10;
  return price;
}

#define PUT_ROW                                                                                                        \
  "INSERT INTO product (id, document, rev, sort_name, name, code, words, currency, sort_price, archived, created_at) " \
  "VALUES (:id, :document, :rev, :sort_name, :name, :code, :words, :currency, :sort_price, :archived, :created_at) "   \
  "ON CONFLICT (id) DO UPDATE SET document = excluded.document, sort_name = excluded.sort_name, "                      \
  "  name = excluded.name, code = excluded.code, words = excluded.words, currency = excluded.currency, "               \
  "  sort_price = excluded.sort_price, archived = excluded.archived, created_at = excluded.created_at, trouble = 0, "  \
  "  reason = '', path = ''"

static gboolean
put_row (CobroStoreTx *tx, const CobroProduct *product, const char *document, GError **error)
{
  g_autofree char *sort_name = cobro_store_sort_text (product->name);
  CobroDbStatement *statement = cobro_db_prepare (tx->db, PUT_ROW, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &product->id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":rev", product->rev);
  cobro_db_bind_text (statement, ":sort_name", sort_name);
  cobro_db_bind_text (statement, ":name", product->name);
  cobro_db_bind_text (statement, ":code", product->code);
  cobro_db_bind_text (statement, ":words", product->description);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (product->currency));
  cobro_db_bind_int64 (statement, ":sort_price", sort_price (product));
  cobro_db_bind_bool (statement, ":archived", product->archived);
  cobro_db_bind_int64 (statement, ":created_at", product->created_at);
  return cobro_db_run (statement, error);
}

gboolean
cobro_product_row_write (CobroStoreTx *tx, const char *document, GError **error)
{
  g_autoptr (CobroProduct) product = tx->codec->read_product (document, error);

  return product != NULL && cobro_store_run_for (tx, FORGET_WORDS, product->id.text, NULL, error) &&
         put_row (tx, product, document, error) && cobro_store_run_for (tx, LEARN_WORDS, product->id.text, NULL, error);
}

static gboolean
check_code (CobroStoreTx *tx, const CobroProduct *product, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (product->code[0] == '\0')
    return TRUE;
  statement = cobro_db_prepare (tx->db, "SELECT name FROM product WHERE code = :code AND id <> :id LIMIT 1", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":code", product->code);
  cobro_db_bind_text (statement, ":id", product->id.text);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "code", "“%s” is the code of “%s”", product->code,
                                 cobro_db_column_text (statement, "name"));
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

CobroProduct *
cobro_product_store_put (CobroStoreTx *tx, CobroProduct *product, GError **error)
{
  g_autoptr (CobroProduct) before = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *document = NULL;

  if (!cobro_id_is_set (&product->id))
    product->id = cobro_id_new (COBRO_ID_PRODUCT, tx->clock, tx->random);
  else if (!(before = cobro_product_store_find (tx, &product->id, &failure)) &&
           !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  product->rev = before != NULL ? before->rev : 0;
  product->created_at = before != NULL ? before->created_at : tx->now;
  product->updated_at = tx->now;
  if (!cobro_product_validate (product, error) || !check_code (tx, product, error))
    return NULL;
  document = tx->codec->write_product (product);
  return cobro_plain_put (tx, COBRO_PLAIN_PRODUCT, product->id.text, document, error) ? cobro_product_ref (product)
                                                                                      : NULL;
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SELECT_RECORD                                                                                                  \
  "SELECT row, document, rev, trouble, reason, path, "                                                                 \
  "  EXISTS (SELECT 1 FROM outbox WHERE object_id = product.id) AS waiting FROM product "

static CobroProductRecord *
read_record (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroProduct *product = tx->codec->read_product (cobro_db_column_text (statement, "document"), error);
  CobroProductRecord *record;

  if (product == NULL)
    return NULL;
  product->rev = cobro_db_column_int64 (statement, "rev");
  record = g_new0 (CobroProductRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->product = product;
  record->state = cobro_plain_read_state (statement);
  record->reason = g_strdup (cobro_db_column_text (statement, "reason"));
  record->path = g_strdup (cobro_db_column_text (statement, "path"));
  return record;
}

static gpointer
load (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE row = :row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? read_record (tx, statement, error) : NULL;
}

static const char *
filter_predicate (CobroProductFilter filter)
{
  switch (filter)
    {
    case COBRO_PRODUCT_FILTER_ALL:
      return "archived = 0";
    case COBRO_PRODUCT_FILTER_ARCHIVED:
      return "archived = 1";
    case COBRO_PRODUCT_FILTER_ATTENTION:
      return "trouble <> 0";
    }
  return "1";
}

static const char *
sort_key (CobroProductSort sort)
{
  switch (sort)
    {
    case COBRO_PRODUCT_SORT_NAME:
      return "sort_name";
    case COBRO_PRODUCT_SORT_CODE:
      return "product.code";
    case COBRO_PRODUCT_SORT_PRICE:
      return "sort_price";
    case COBRO_PRODUCT_SORT_CREATED:
      return "created_at";
    }
  return "sort_name";
}

static GArray *
list (CobroStoreTx *tx, gconstpointer data, guint limit, GError **error)
{
  const CobroProductQuery *query = data;

  return cobro_list_run (tx,
                         &(CobroListPlan){ .table = "product",
                                           .predicate = filter_predicate (query->filter),
                                           .key = sort_key (query->sort),
                                           .descending = query->descending,
                                           .search = query->search,
                                           .limit = limit },
                         error);
}

static void
unref_or_null (gpointer record)
{
  cobro_product_record_unref (record);
}

static const CobroListNoun noun = { sizeof (CobroProductQuery), list, load, unref_or_null };

void
cobro_product_store_list_async (CobroStore *store, const CobroProductQuery *query, guint limit,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_async (store, &noun, query, limit, cancellable, callback, user_data);
}

GArray *
cobro_product_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

void
cobro_product_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_list_load_rows_async (store, &noun, rows, n, cancellable, callback, user_data);
}

GPtrArray *
cobro_product_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

CobroStorePage *
cobro_product_store_first_page (CobroStore *store, const CobroProductQuery *query, guint limit, GError **error)
{
  return cobro_list_first_page (store, &noun, query, limit, error);
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroId *id = data;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id->text);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return read_record (tx, statement, error);
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no product “%s”", id->text);
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

void
cobro_product_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_load, g_memdup2 (id, sizeof *id), g_free, unref_or_null, cancellable, callback,
                          user_data);
}

CobroProductRecord *
cobro_product_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_product_store_put (tx, data, error);
}

void
cobro_product_store_put_async (CobroStore *store, CobroProduct *product, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_put, cobro_product_ref (product), (GDestroyNotify)cobro_product_unref,
                           (GDestroyNotify)cobro_product_unref, cancellable, callback, user_data);
}

CobroProduct *
cobro_product_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

gboolean
cobro_product_store_take (CobroStoreTx *tx, gpointer product, GError **error)
{
  g_autoptr (CobroProduct) stored = cobro_product_store_put (tx, product, error);

  return stored != NULL;
}

/* ── Type-ahead ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
append_rows (CobroStoreTx *tx, GArray *rows, GPtrArray *products, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (CobroProductRecord) record = load (tx, g_array_index (rows, gint64, i), error);

      if (record == NULL)
        return FALSE;
      g_ptr_array_add (products, cobro_product_ref (record->product));
    }
  return TRUE;
}

static gpointer
do_search (CobroStoreTx *tx, gpointer data, GError **error)
{
  CobroListWords *words = data;
  const char *predicate = words->currency != NULL ? "archived = 0 AND currency = :currency" : "archived = 0";
  g_autoptr (GPtrArray) products = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_product_unref);
  g_autoptr (GArray) rows = cobro_list_type_ahead (tx, "product", predicate, words, error);

  return rows != NULL && append_rows (tx, rows, products, error) ? g_steal_pointer (&products) : NULL;
}

void
cobro_product_store_search_async (CobroStore *store, const char *text, CobroCurrency currency, guint limit,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const char *code = currency != COBRO_CURRENCY_NONE ? cobro_currency_code (currency) : NULL;

  cobro_store_read_async (store, do_search, cobro_list_words_new (text, code, limit), cobro_list_words_free,
                          (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cobro_product_store_search_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
