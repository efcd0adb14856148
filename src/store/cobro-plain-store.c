/* src/store/cobro-plain-store.c — see cobro-plain-store.h.
 * Layer: store, on the store's writing thread. */
#include "config.h"
#include "cobro-plain-store.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-plain-private.h"

#include <string.h>

typedef struct
{
  const char *kind;
  const char *name;
  guint change; /* CobroStoreKinds */
  gboolean (*write) (CobroStoreTx *tx, const char *document, GError **error);
  const char *keep_base, *applied, *rejected, *sides, *set_base, *all, *standing;
} Noun;

#define STATEMENTS(table)                                                                                              \
  "UPDATE " table " SET base = document WHERE id = :id AND base IS NULL AND rev > 0",                                  \
    "UPDATE " table " SET rev = :rev, trouble = 0, reason = '', path = '', "                                           \
    "base = nullif (:document, document) WHERE id = :id",                                                              \
    "UPDATE " table " SET trouble = 1, reason = :reason, path = :path WHERE id = :id",                                 \
    "SELECT document, base FROM " table " WHERE id = :id",                                                             \
    "UPDATE " table " SET rev = :rev, base = nullif (:theirs, document), trouble = 0, reason = '', path = '' "         \
    "WHERE id = :id",                                                                                                  \
    "SELECT id, document FROM " table " ORDER BY row",                                                                 \
    "SELECT rev, trouble, EXISTS (SELECT 1 FROM outbox WHERE object_id = " table ".id) AS waiting FROM " table " "     \
    "WHERE id = :id"

/* By CobroPlain. */
static const Noun nouns[] = {
  { "customer.put", "customer", COBRO_STORE_CUSTOMERS, cobro_customer_row_write, STATEMENTS ("customer") },
  { "product.put", "product", COBRO_STORE_PRODUCTS, cobro_product_row_write, STATEMENTS ("product") },
  { "recurring.put", "schedule", COBRO_STORE_RECURRING, cobro_recurring_row_write, STATEMENTS ("recurring") },
};

gboolean
cobro_plain_from_kind (const char *kind, CobroPlain *out_plain)
{
  for (guint i = 0; i < G_N_ELEMENTS (nouns); i++)
    if (strcmp (nouns[i].kind, kind) == 0)
      {
        *out_plain = (CobroPlain)i;
        return TRUE;
      }
  return FALSE;
}

CobroRecordState
cobro_plain_read_state (CobroDbStatement *statement)
{
  switch ((CobroTrouble)cobro_db_column_int64 (statement, "trouble"))
    {
    case COBRO_TROUBLE_REJECTED:
      return COBRO_RECORD_REJECTED;
    case COBRO_TROUBLE_CONFLICT:
      return COBRO_RECORD_CONFLICT;
    case COBRO_TROUBLE_NONE:
      break;
    }
  return cobro_db_column_bool (statement, "waiting") ? COBRO_RECORD_WAITING : COBRO_RECORD_LIVE;
}

gboolean
cobro_plain_put (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *document, GError **error)
{
  const Noun *noun = &nouns[plain];

  tx->change->kinds |= noun->change;
  return cobro_store_run_for (tx, noun->keep_base, id, NULL, error) && noun->write (tx, document, error) &&
         cobro_outbox_put (tx, noun->kind, id, document, "{}", 0, error);
}

/* ── Answers of the relay ───────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_plain_sync_applied (CobroStoreTx *tx, CobroPlain plain, const char *id, gint64 rev, const char *document,
                          GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, nouns[plain].applied, error);

  tx->change->kinds |= nouns[plain].change;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_int64 (statement, ":rev", rev);
  cobro_db_bind_text (statement, ":document", document);
  return cobro_db_run (statement, error);
}

gboolean
cobro_plain_sync_rejected (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *reason, const char *path,
                           GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, nouns[plain].rejected, error);

  tx->change->kinds |= nouns[plain].change;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_text (statement, ":path", path);
  return cobro_db_run (statement, error);
}

gboolean
cobro_plain_sync_sides (CobroStoreTx *tx, CobroPlain plain, const char *id, char **out_ours, char **out_base,
                        GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, nouns[plain].sides, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      *out_ours = g_strdup (cobro_db_column_text (statement, "document"));
      *out_base = g_strdup (cobro_db_column_text (statement, "base"));
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no %s “%s”", nouns[plain].name, id);
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

static gboolean
set_base (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *theirs, gint64 rev, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, nouns[plain].set_base, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  cobro_db_bind_text (statement, ":theirs", theirs);
  cobro_db_bind_int64 (statement, ":rev", rev);
  return cobro_db_run (statement, error);
}

/* Whether what the relay tells takes the place of what is here: it is newer, and nothing was written here since. */
static gboolean
gives_way (CobroStoreTx *tx, CobroPlain plain, const char *id, gint64 rev, gboolean *out_gives_way, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, nouns[plain].standing, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      *out_gives_way = rev > cobro_db_column_int64 (statement, "rev") && !cobro_db_column_bool (statement, "waiting") &&
                       cobro_db_column_int64 (statement, "trouble") != COBRO_TROUBLE_REJECTED;
      return TRUE;
    case COBRO_DB_DONE:
      *out_gives_way = TRUE;
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

gboolean
cobro_plain_sync_heard (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *theirs, gint64 rev,
                        GError **error)
{
  gboolean newer;

  if (!gives_way (tx, plain, id, rev, &newer, error))
    return FALSE;
  if (!newer)
    return TRUE;
  tx->change->kinds |= nouns[plain].change;
  return nouns[plain].write (tx, theirs, error) && set_base (tx, plain, id, theirs, rev, error);
}

gboolean
cobro_plain_sync_merged (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *merged, const char *theirs,
                         gint64 rev, GError **error)
{
  gboolean sent;

  tx->change->kinds |= nouns[plain].change;
  return nouns[plain].write (tx, merged, error) && set_base (tx, plain, id, theirs, rev, error) &&
         (strcmp (merged, theirs) != 0 ? cobro_outbox_put (tx, nouns[plain].kind, id, merged, "{}", 0, error)
                                       : cobro_outbox_take_back (tx, nouns[plain].kind, id, &sent, error));
}

gboolean
cobro_plain_sync_publish_all (CobroStoreTx *tx, CobroPlain plain, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, nouns[plain].all, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!cobro_outbox_put (tx, nouns[plain].kind, cobro_db_column_text (statement, "id"),
                           cobro_db_column_text (statement, "document"), "{}", 0, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}
