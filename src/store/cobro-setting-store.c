/* src/store/cobro-setting-store.c — small things that the books remember by name.
 * Layer: store. See cobro-store.h for threads. */
#include "config.h"
#include "cobro-store-private.h"

typedef struct
{
  const char *name;
  const char *value;
} Setting;

static gpointer
read_setting (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_setting_read (tx, data, error);
}

char *
cobro_setting_read (CobroStoreTx *tx, const char *name, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT value FROM setting WHERE name = :name", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":name", name);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? g_strdup (cobro_db_column_text (statement, "value")) : NULL;
}

gboolean
cobro_setting_write (CobroStoreTx *tx, const char *name, const char *value, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      value != NULL ? "INSERT INTO setting (name, value) VALUES (:name, :value) "
                                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                                    : "DELETE FROM setting WHERE name = :name",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":name", name);
  if (value != NULL)
    cobro_db_bind_text (statement, ":value", value);
  return cobro_db_run (statement, error);
}

static gpointer
write_setting (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Setting *setting = data;

  return GINT_TO_POINTER (cobro_setting_write (tx, setting->name, setting->value, error));
}

char *
cobro_store_dup_setting (CobroStore *self, const char *name, GError **error)
{
  return cobro_store_read (self, read_setting, (gpointer)name, error);
}

gboolean
cobro_store_set_setting (CobroStore *self, const char *name, const char *value, GError **error)
{
  Setting setting = { name, value };

  return cobro_store_write (self, write_setting, &setting, error) != NULL;
}
