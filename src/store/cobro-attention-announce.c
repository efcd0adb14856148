/* src/store/cobro-attention-announce.c — of what needs attention the merchant is told once. Layer: store. */
#include "cobro-attention-store.h"
#include "cobro-store-private.h"

/* (transfer full) (element-type utf8) what was told and is there still; the rest is forgotten. */
static GHashTable *
take_told (CobroStoreTx *tx, GHashTable *there, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "DELETE FROM attention_told RETURNING matter", error);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      const char *matter = cobro_db_column_text (statement, "matter");

      if (g_hash_table_contains (there, matter))
        g_hash_table_add (told, g_strdup (matter));
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&told) : NULL;
}

static gboolean
write_told (CobroStoreTx *tx, GHashTable *there, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, there);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!cobro_store_run_for (tx, "INSERT INTO attention_told (matter) VALUES (:id)", key, NULL, error))
      return FALSE;
  return TRUE;
}

static gpointer
do_announce (CobroStoreTx *tx, gpointer data, GError **error)
{
  GPtrArray *matters = data;
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_matter_unref);
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) told = NULL;

  for (guint i = 0; i < matters->len; i++)
    if (cobro_matter_calls (matters->pdata[i]))
      g_hash_table_add (there, cobro_matter_dup_key (matters->pdata[i]));
  told = take_told (tx, there, error);
  if (told == NULL || !write_told (tx, there, error))
    return NULL;
  for (guint i = 0; i < matters->len; i++)
    {
      g_autofree char *key = cobro_matter_dup_key (matters->pdata[i]);

      if (g_hash_table_contains (there, key) && !g_hash_table_contains (told, key))
        g_ptr_array_add (news, cobro_matter_ref (matters->pdata[i]));
    }
  return g_steal_pointer (&news);
}

void
cobro_attention_store_announce_async (CobroStore *store, GPtrArray *matters, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, do_announce, g_ptr_array_ref (matters), (GDestroyNotify)g_ptr_array_unref,
                           (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
cobro_attention_store_announce_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
