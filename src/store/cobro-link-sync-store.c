/* src/store/cobro-link-sync-store.c — see cobro-link-sync-store.h.
 * Layer: store, on the store's writing thread. */
#include "config.h"
#include "cobro-link-sync-store.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-store-private.h"

#include <string.h>

void
cobro_link_sides_clear (CobroLinkSides *sides)
{
  g_clear_pointer (&sides->ours, g_free);
  g_clear_pointer (&sides->base, g_free);
  g_clear_pointer (&sides->edited, g_free);
}

gboolean
cobro_link_sync_sides (CobroStoreTx *tx, const CobroId *id, CobroLinkSides *out_sides, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT document, CASE WHEN rev > 0 THEN coalesce(base, document) END AS base, edited, waiting "
                      "FROM link WHERE id = :id",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      out_sides->ours = g_strdup (cobro_db_column_text (statement, "document"));
      out_sides->base = g_strdup (cobro_db_column_text (statement, "base"));
      out_sides->edited = g_strdup (cobro_db_column_text (statement, "edited"));
      out_sides->waiting = cobro_db_column_bool (statement, "waiting");
      return TRUE;
    case COBRO_DB_DONE:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no link “%s”", id->text);
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

/* ── Answers to what was pushed ─────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_link_sync_applied (CobroStoreTx *tx, const CobroId *id, gint64 rev, const char *document, GError **error)
{
  /* What the relay has now is the base of whatever was written here since. */
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "UPDATE link SET rev = :rev, base = nullif(coalesce(:document, base), document) WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_int64 (statement, ":rev", rev);
  cobro_db_bind_text (statement, ":document", document);
  return cobro_db_run (statement, error) && cobro_link_row_note_waiting (tx, id, error);
}

static gboolean
set_trouble (CobroStoreTx *tx, const CobroId *id, CobroTrouble trouble, const char *reason, const char *path,
             GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "UPDATE link SET trouble = :trouble, reason = :reason, path = :path WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_int64 (statement, ":trouble", trouble);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_text (statement, ":path", path);
  return cobro_db_run (statement, error);
}

gboolean
cobro_link_sync_rejected (CobroStoreTx *tx, const CobroId *id, const char *reason, const char *path, GError **error)
{
  return set_trouble (tx, id, COBRO_TROUBLE_REJECTED, reason, path, error) &&
         cobro_link_row_note_waiting (tx, id, error);
}

static gboolean
set_base (CobroStoreTx *tx, gint64 row, gint64 rev, const char *theirs, const char *edited, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "UPDATE link SET rev = :rev, base = nullif(:theirs, document), edited = :edited WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  cobro_db_bind_int64 (statement, ":rev", rev);
  cobro_db_bind_text (statement, ":theirs", theirs);
  cobro_db_bind_text (statement, ":edited", edited);
  return cobro_db_run (statement, error);
}

gboolean
cobro_link_sync_merged (CobroStoreTx *tx, const CobroLink *merged, const char *theirs, gint64 rev, const char *edited,
                        gboolean conflict, const char *reason, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, &merged->id, error);
  g_autoptr (CobroLink) link = cobro_link_copy (merged);
  g_autofree char *document = NULL;
  g_autofree char *body = NULL;
  gboolean sent;

  if (record == NULL)
    return FALSE;
  link->token = record->link->token;
  document = tx->codec->write_link (link, FALSE);
  if (!cobro_link_row_update (tx, record->row, link, error) ||
      !set_base (tx, record->row, rev, theirs, edited, error) ||
      (conflict && !set_trouble (tx, &link->id, COBRO_TROUBLE_CONFLICT, reason, "", error)) ||
      !cobro_outbox_take_back (tx, "link.put", link->id.text, &sent, error))
    return FALSE;
  body = tx->codec->write_link (link, TRUE);
  if (strcmp (document, theirs) != 0 && !cobro_outbox_put (tx, "link.put", link->id.text, body, edited, 0, error))
    return FALSE;
  return cobro_link_row_note_waiting (tx, &link->id, error);
}

gboolean
cobro_link_sync_keep (CobroStoreTx *tx, const CobroId *id, const char *type, const char *member,
                      const char *other_value, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO history (object_id, type, occurred_at, member, other_value) "
                      "VALUES (:id, :type, :now, :member, :value)",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_text (statement, ":type", type);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_text (statement, ":member", member);
  cobro_db_bind_text (statement, ":value", other_value);
  tx->change->kinds |= COBRO_STORE_EVENTS;
  return cobro_db_run (statement, error);
}

/* ── What the feed tells ────────────────────────────────────────────────────────────────────────────────────────── */

/* What a link of the feed meets here. */
typedef struct
{
  gint64 row; /* 0: nothing */
  gint64 rev;
  gboolean busy;          /* something waits, or was refused: ours is not to be overwritten */
  gboolean token_waiting; /* a new token of ours is on its way */
  gboolean owned;         /* it belongs to an invoice, whose events tell of it */
  CobroToken token;
} Present;

static gboolean
find_present (CobroStoreTx *tx, const CobroId *id, Present *out_present, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT row, rev, token, waiting = 1 OR trouble = 1 AS busy, invoice_id IS NOT NULL AS owned, "
    "  EXISTS (SELECT 1 FROM outbox WHERE object_id = link.id AND kind = 'link.token') AS token_waiting "
    "FROM link WHERE id = :id",
    error);
  CobroDbStep step;

  *out_present = (Present){ .row = 0 };
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  step = cobro_db_step (statement, error);
  if (step != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  out_present->row = cobro_db_column_int64 (statement, "row");
  out_present->rev = cobro_db_column_int64 (statement, "rev");
  out_present->busy = cobro_db_column_bool (statement, "busy");
  out_present->token_waiting = cobro_db_column_bool (statement, "token_waiting");
  out_present->owned = cobro_db_column_bool (statement, "owned");
  if (!cobro_db_column_is_null (statement, "token"))
    g_strlcpy (out_present->token.text, cobro_db_column_text (statement, "token"), sizeof out_present->token.text);
  return TRUE;
}

static gboolean
take_over (CobroStoreTx *tx, const CobroLink *heard, const Present *present, gboolean token_replaced, GError **error)
{
  g_autoptr (CobroLink) link = cobro_link_copy (heard);
  g_auto (CobroLinkSides) sides = { NULL };
  g_autofree char *document = NULL;
  g_autofree char *edited = NULL;

  if (!cobro_link_sync_sides (tx, &heard->id, &sides, error))
    return FALSE;
  link->token = token_replaced ? COBRO_TOKEN_NONE : present->token;
  document = tx->codec->write_link (link, FALSE);
  edited = tx->codec->stamp_edits (sides.edited, sides.ours, document, heard->updated_at);
  return cobro_link_row_update (tx, present->row, link, error) &&
         set_base (tx, present->row, heard->rev, document, edited, error);
}

static gboolean
forget_token (CobroStoreTx *tx, gint64 row, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE link SET token = NULL WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  cobro_store_tx_touch_link (tx, row);
  return cobro_db_run (statement, error) && cobro_invoice_row_settle_link (tx, row, error);
}

gboolean
cobro_link_sync_heard (CobroStoreTx *tx, const CobroLink *link, gboolean token_replaced, GError **error)
{
  Present present;
  gint64 row;

  if (!find_present (tx, &link->id, &present, error))
    return FALSE;
  if (present.owned || cobro_id_is_set (&link->invoice_id))
    return present.row == 0 || !token_replaced || present.token_waiting || forget_token (tx, present.row, error);
  if (present.row == 0)
    {
      g_autoptr (CobroLink) copy = cobro_link_copy (link);

      copy->token = COBRO_TOKEN_NONE;
      /* Its payments may have been heard of first. */
      return cobro_link_row_insert (tx, copy, FALSE, &row, error) && cobro_link_row_sum_up (tx, &link->id, error);
    }
  if (link->rev <= present.rev)
    return TRUE; /* our own change, or old news */
  if (!present.busy)
    return take_over (tx, link, &present, token_replaced, error) && cobro_link_row_sum_up (tx, &link->id, error);
  return !token_replaced || present.token_waiting || forget_token (tx, present.row, error);
}

GArray *
cobro_link_sync_without_token (CobroStoreTx *tx, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT id FROM link WHERE token IS NULL AND rev > 0 AND sample = 0 ORDER BY row DESC LIMIT :limit", error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (CobroId));
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId id = cobro_db_column_id (statement, "id");

      g_array_append_val (ids, id);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&ids) : NULL;
}

gboolean
cobro_link_sync_set_token (CobroStoreTx *tx, const CobroId *id, const CobroToken *token, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE link SET token = :token WHERE id = :id AND token IS NULL RETURNING row", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_text (statement, ":token", token->text);
  step = cobro_db_step (statement, error);
  if (step == COBRO_DB_ROW)
    {
      gint64 row = cobro_db_column_int64 (statement, "row");

      cobro_store_tx_touch_link (tx, row);
      if (!cobro_invoice_row_settle_link (tx, row, error))
        return FALSE;
      step = cobro_db_step (statement, error);
    }
  return step == COBRO_DB_DONE;
}

/* ── Publishing again ───────────────────────────────────────────────────────────────────────────────────────────── */

static GArray *
list_published (CobroStoreTx *tx, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT id FROM link WHERE sample = 0 AND token IS NOT NULL AND invoice_id IS NULL ORDER BY row", error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (CobroId));
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId id = cobro_db_column_id (statement, "id");

      g_array_append_val (ids, id);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&ids) : NULL;
}

static gboolean
publish (CobroStoreTx *tx, const CobroId *id, gboolean livemode, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, id, error);
  g_autoptr (CobroLink) link = NULL;
  g_auto (CobroLinkSides) sides = { NULL };
  g_autofree char *body = NULL;

  if (record == NULL || !cobro_link_sync_sides (tx, id, &sides, error))
    return FALSE;
  link = cobro_link_copy (record->link);
  if (link->livemode != livemode)
    {
      link->livemode = livemode;
      if (!cobro_link_row_update (tx, record->row, link, error))
        return FALSE;
    }
  body = tx->codec->write_link (link, TRUE);
  return cobro_outbox_put (tx, "link.put", id->text, body, sides.edited, 0, error) &&
         cobro_link_row_note_waiting (tx, id, error);
}

gboolean
cobro_link_sync_publish_all (CobroStoreTx *tx, gboolean livemode, gint64 *out_n, GError **error)
{
  g_autoptr (GArray) ids = list_published (tx, error);

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!publish (tx, &g_array_index (ids, CobroId, i), livemode, error))
      return FALSE;
  *out_n = ids->len;
  return TRUE;
}

gboolean
cobro_link_sync_make_samples (CobroStoreTx *tx, CobroTime since, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "UPDATE link SET sample = 1, waiting = 0 "
                                                  "WHERE (rev > 0 OR created_at >= :since) AND invoice_id IS NULL",
                                                  error);

  tx->change->kinds |= COBRO_STORE_LINKS | COBRO_STORE_OUTBOX;
  tx->change->all = TRUE;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":since", since);
  return cobro_db_run (statement, error) &&
         cobro_db_exec (tx->db, "DELETE FROM outbox WHERE object_id IN (SELECT id FROM link WHERE sample = 1)", error);
}

gboolean
cobro_link_sync_sum_up (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  return cobro_link_row_sum_up (tx, id, error);
}
