/* src/store/cobro-find.c — anything with these words in it.
 * Layer: store. */
#include "cobro-find.h"

#include "cobro-store-list.h"

typedef struct
{
  char *words;
  guint limit;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->words);
  g_free (question);
}

/* What can be found, in the order of the answer. */
static const struct
{
  const char *table;
  const char *predicate;
  const char *id_of_row;
} nouns[] = {
  { "link", "invoice_id IS NULL", "SELECT id FROM link WHERE row = :row" },
  { "invoice", "1", "SELECT id FROM invoice WHERE row = :row" },
  { "customer", "archived = 0", "SELECT id FROM customer WHERE row = :row" },
};

static gboolean
add_ids (CobroStoreTx *tx, GArray *rows, const char *sql, GPtrArray *ids, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);
      CobroDbStep step;

      if (!statement)
        return FALSE;
      cobro_db_bind_int64 (statement, ":row", g_array_index (rows, gint64, i));
      step = cobro_db_step (statement, error);
      if (step == COBRO_DB_FAILED)
        return FALSE;
      if (step == COBRO_DB_ROW)
        g_ptr_array_add (ids, g_strdup (cobro_db_column_text (statement, "id")));
    }
  return TRUE;
}

static gpointer
find (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Question *question = data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *match = cobro_list_match_of (question->words);

  for (gsize i = 0; match && i < G_N_ELEMENTS (nouns); i++)
    {
      CobroListPlan plan = { .table = nouns[i].table,
                             .predicate = nouns[i].predicate,
                             .descending = TRUE,
                             .search = question->words,
                             .limit = question->limit };
      g_autoptr (GArray) rows = cobro_list_run (tx, &plan, error);

      if (!rows || !add_ids (tx, rows, nouns[i].id_of_row, ids, error))
        return NULL;
    }
  return g_steal_pointer (&ids);
}

static void
ids_free (gpointer ids)
{
  g_ptr_array_unref (ids);
}

void
cobro_find_async (CobroStore *store, const char *words, guint limit, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  *question = (Question){ .words = g_strdup (words), .limit = limit };
  cobro_store_read_async (store, find, question, question_free, ids_free, cancellable, callback, user_data);
}

GPtrArray *
cobro_find_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
