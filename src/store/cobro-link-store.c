/* src/store/cobro-link-store.c — writing links: the row and the outbox in one transaction, with what is needed to take
 * it back.
 * Layer: store. */
#include "config.h"
#include "cobro-link-store.h"
#include "cobro-error.h"
#include "cobro-outbox.h"
#include "cobro-store-private.h"

#include <string.h>

void
cobro_link_change_free (CobroLinkChange *change)
{
  if (change == NULL)
    return;
  cobro_link_record_unref (change->record);
  g_clear_pointer (&change->before, cobro_link_unref);
  g_free (change);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroLinkRecord *
cobro_link_store_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CobroLinkRecord *record = cobro_link_row_find (tx, id, &failure);

  if (record == NULL && failure == NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no link “%s”", id->text);
  else if (record == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return record;
}

static CobroLinkChange *
change_of (CobroStoreTx *tx, const CobroId *id, CobroLink *take_before, GError **error)
{
  CobroLinkRecord *record = cobro_link_store_find (tx, id, error);
  CobroLinkChange *change;

  if (record == NULL)
    {
      g_clear_pointer (&take_before, cobro_link_unref);
      return NULL;
    }
  change = g_new0 (CobroLinkChange, 1);
  change->record = record;
  change->before = take_before;
  return change;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_reference (CobroStoreTx *tx, const CobroLink *link, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (link->reference[0] == '\0')
    return TRUE;
  statement = cobro_db_prepare (
    tx->db,
    "SELECT title FROM link WHERE reference = :reference AND invoice_id IS NULL AND id <> :id AND sample = 0 LIMIT 1",
    error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":reference", link->reference);
  cobro_db_bind_text (statement, ":id", link->id.text);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "reference", "“%s” is the reference of the link “%s”",
                                 link->reference, cobro_db_column_text (statement, "title"));
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

/* Before the first change of a link that both sides had alike, what both had is kept: a merge needs it. */
static gboolean
keep_base (CobroStoreTx *tx, gint64 row, GError **error)
{
  CobroDbStatement *statement =
    cobro_db_prepare (tx->db, "UPDATE link SET base = document WHERE row = :row AND base IS NULL AND rev > 0", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}

/* Stores @link over @record and clears what was wrong with it; @edited comes back for the outbox. */
static gboolean
store_over (CobroStoreTx *tx, const CobroLinkRecord *record, const CobroLink *link, char **out_edited, GError **error)
{
  g_autofree char *before = tx->codec->write_link (record->link, FALSE);
  g_autofree char *after = tx->codec->write_link (link, FALSE);
  g_autofree char *edited = NULL;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!keep_base (tx, record->row, error) || !cobro_link_row_update (tx, record->row, link, error))
    return FALSE;
  statement = cobro_db_prepare (tx->db, "SELECT edited FROM link WHERE row = :row", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  edited = tx->codec->stamp_edits (cobro_db_column_text (statement, "edited"), before, after, tx->now);
  g_clear_pointer (&statement, cobro_db_reset);

  statement = cobro_db_prepare (
    tx->db, "UPDATE link SET edited = :edited, trouble = 0, reason = '', path = '' WHERE row = :row", error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_edited = g_steal_pointer (&edited);
  return TRUE;
}

static gboolean
queue_put (CobroStoreTx *tx, const CobroLink *link, const char *edited, CobroTime due, GError **error)
{
  g_autofree char *body = tx->codec->write_link (link, TRUE);

  return cobro_outbox_put (tx, "link.put", link->id.text, body, edited, due, error) &&
         cobro_link_row_note_waiting (tx, &link->id, error);
}

static gboolean
insert_new (CobroStoreTx *tx, CobroLink *link, GError **error)
{
  g_autofree char *body = NULL;
  gint64 row;

  if (!cobro_id_is_set (&link->id))
    link->id = cobro_id_new (COBRO_ID_LINK, tx->clock, tx->random);
  if (!cobro_token_is_set (&link->token))
    link->token = cobro_token_new (tx->random);
  link->rev = 0;
  link->created_at = tx->now;
  link->updated_at = tx->now;
  if (!cobro_link_validate (link, error) || !check_reference (tx, link, error))
    return FALSE;
  /* In this order the row says by itself that it waits. */
  body = tx->codec->write_link (link, TRUE);
  return cobro_outbox_put (tx, "link.put", link->id.text, body, "{}", 0, error) &&
         cobro_link_row_insert (tx, link, FALSE, &row, error);
}

static CobroLinkChange *
put_new (CobroStoreTx *tx, CobroLink *link, GError **error)
{
  return insert_new (tx, link, error) ? change_of (tx, &link->id, NULL, error) : NULL;
}

gboolean
cobro_link_store_take (CobroStoreTx *tx, gpointer link, GError **error)
{
  return insert_new (tx, link, error);
}

gboolean
cobro_link_store_check (CobroStoreTx *tx, gpointer link, GError **error)
{
  return check_reference (tx, link, error);
}

static gboolean
is_same_decision (CobroStoreTx *tx, const CobroLink *a, CobroLink *b)
{
  CobroTime updated_at = b->updated_at;
  g_autofree char *ours = tx->codec->write_link (a, FALSE);
  g_autofree char *theirs = NULL;

  b->updated_at = a->updated_at;
  theirs = tx->codec->write_link (b, FALSE);
  b->updated_at = updated_at;
  return strcmp (ours, theirs) == 0;
}

/* What belongs to an invoice follows it. */
static gboolean
check_free (const CobroLinkRecord *record, GError **error)
{
  return !cobro_id_is_set (&record->link->invoice_id) ||
         cobro_error_set (error, COBRO_ERROR_STATE, "this link belongs to the invoice “%s”", record->link->title);
}

static CobroLinkChange *
put_over (CobroStoreTx *tx, CobroLinkRecord *record, CobroLink *link, GError **error)
{
  CobroLink *before = record->link;
  CobroTime due = 0;
  g_autofree char *edited = NULL;

  if (!check_free (record, error))
    return NULL;

  link->token = before->token; /* only replace_token() changes it */
  link->rev = before->rev;
  link->created_at = before->created_at;
  link->updated_at = MAX (tx->now, before->updated_at + 1);
  if (is_same_decision (tx, before, link))
    return change_of (tx, &link->id, cobro_link_copy (before), error);
  if (!cobro_link_validate (link, error) ||
      !cobro_link_validate_change (before, link, record->tally.attempts > 0, error) ||
      !check_reference (tx, link, error) || !store_over (tx, record, link, &edited, error))
    return NULL;
  if (link->decision == COBRO_DECISION_CANCELLED)
    due = tx->now + COBRO_LINK_UNDO_TIME;
  if (record->state != COBRO_RECORD_SAMPLE && !queue_put (tx, link, edited, due, error))
    return NULL;
  return change_of (tx, &link->id, cobro_link_copy (before), error);
}

CobroLinkChange *
cobro_link_store_put (CobroStoreTx *tx, const CobroLink *link, GError **error)
{
  g_autoptr (CobroLink) copy = cobro_link_copy (link);
  g_autoptr (CobroLinkRecord) record = NULL;
  g_autoptr (GError) failure = NULL;

  if (cobro_id_is_set (&link->id))
    record = cobro_link_row_find (tx, &link->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  return record != NULL ? put_over (tx, record, copy, error) : put_new (tx, copy, error);
}

/* ── Token ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
store_token (CobroStoreTx *tx, const CobroLinkRecord *record, const CobroToken *token, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE link SET token = :token WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":token", token->text);
  cobro_db_bind_int64 (statement, ":row", record->row);
  cobro_store_tx_touch_link (tx, record->row);
  return cobro_db_run (statement, error);
}

/* A link that was never sent simply gets another token; the relay must be told to replace one that it may have. */
static gboolean
queue_token (CobroStoreTx *tx, const CobroLinkRecord *record, const CobroToken *token, GError **error)
{
  g_autofree char *body = g_strdup_printf ("{\"token\":\"%s\"}", token->text);
  g_autoptr (CobroLink) link = NULL;
  gboolean sent;

  if (record->link->rev == 0)
    {
      if (!cobro_outbox_take_back (tx, "link.put", record->link->id.text, &sent, error))
        return FALSE;
      link = cobro_link_copy (record->link);
      link->token = *token;
      if (!queue_put (tx, link, "{}", 0, error))
        return FALSE;
      if (!sent)
        return TRUE;
    }
  return cobro_outbox_put (tx, "link.token", record->link->id.text, body, "{}", 0, error) &&
         cobro_link_row_note_waiting (tx, &record->link->id, error);
}

CobroLinkChange *
cobro_link_store_replace_token (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, id, error);
  CobroToken token = cobro_token_new (tx->random);

  if (record == NULL || !check_free (record, error))
    return NULL;
  if (record->link->decision == COBRO_DECISION_CANCELLED)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "a cancelled link gets no new address");
      return NULL;
    }
  if (!store_token (tx, record, &token, error) ||
      (record->state != COBRO_RECORD_SAMPLE && !queue_token (tx, record, &token, error)))
    return NULL;
  return change_of (tx, id, cobro_link_copy (record->link), error);
}

/* ── Undo ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The link was made by the change: it goes, as if it had never been. */
static gboolean
remove_unsent (CobroStoreTx *tx, const CobroLinkRecord *record, gboolean *out_removed, GError **error)
{
  gboolean sent;

  *out_removed = FALSE;
  if (record->link->rev > 0 || record->tally.attempts > 0)
    return TRUE;
  if (!cobro_outbox_take_back (tx, "link.put", record->link->id.text, &sent, error))
    return FALSE;
  if (sent)
    return TRUE;
  *out_removed = TRUE;
  return cobro_link_row_delete (tx, record->row, error);
}

static CobroLinkChange *
undo_creation (CobroStoreTx *tx, CobroLinkRecord *record, GError **error)
{
  g_autoptr (CobroLink) cancelled = NULL;
  CobroLinkChange *change;
  gboolean removed;

  if (!remove_unsent (tx, record, &removed, error))
    return NULL;
  if (removed)
    {
      change = g_new0 (CobroLinkChange, 1);
      change->before = cobro_link_copy (record->link);
      return change;
    }
  cancelled = cobro_link_copy (record->link);
  cancelled->decision = COBRO_DECISION_CANCELLED;
  return put_over (tx, record, cancelled, error);
}

/* Whether the relay has exactly this document: then nothing needs to be sent. */
static gboolean
relay_has (CobroStoreTx *tx, const CobroLinkRecord *record, const CobroLink *link, gboolean *out_has, GError **error)
{
  g_autofree char *document = tx->codec->write_link (link, FALSE);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT rev > 0 AND coalesce(base, document) = :document AS has FROM link WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_has = cobro_db_column_bool (statement, "has");
  return TRUE;
}

static gboolean
forget_base (CobroStoreTx *tx, gint64 row, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, "UPDATE link SET base = NULL WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}

/* The change was not sent yet: the row becomes what it was, and only what differs from the relay is queued. */
static gboolean
restore_unsent (CobroStoreTx *tx, const CobroLinkRecord *record, const CobroLink *before, GError **error)
{
  g_autofree char *edited = NULL;
  gboolean has;

  if (!relay_has (tx, record, before, &has, error) || !store_over (tx, record, before, &edited, error))
    return FALSE;
  if (has)
    return forget_base (tx, record->row, error) && cobro_link_row_note_waiting (tx, &before->id, error);
  return queue_put (tx, before, edited, 0, error);
}

static CobroLinkChange *
undo_change (CobroStoreTx *tx, CobroLinkRecord *record, const CobroLink *before, GError **error)
{
  g_autoptr (CobroLink) copy = cobro_link_copy (before);
  g_autoptr (CobroLink) now = cobro_link_copy (record->link);
  gboolean sent = FALSE;

  if (strcmp (before->token.text, record->link->token.text) != 0)
    {
      cobro_error_set (error, COBRO_ERROR_STATE, "an address that was replaced does not come back");
      return NULL;
    }
  copy->rev = record->link->rev;
  if (record->state != COBRO_RECORD_SAMPLE && !cobro_outbox_take_back (tx, "link.put", before->id.text, &sent, error))
    return NULL;
  /* Nothing went out since: rev says that no answer came, either. */
  if (sent || before->rev != record->link->rev)
    return put_over (tx, record, copy, error);
  if (!check_reference (tx, copy, error) || !restore_unsent (tx, record, copy, error))
    return NULL;
  return change_of (tx, &before->id, g_steal_pointer (&now), error);
}

CobroLinkChange *
cobro_link_store_undo (CobroStoreTx *tx, const CobroId *id, const CobroLink *before, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, id, error);

  if (record == NULL || !check_free (record, error))
    return NULL;
  return before == NULL ? undo_creation (tx, record, error) : undo_change (tx, record, before, error);
}

/* ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroId id;
  CobroLink *link; /* owned */
  CobroDecision decision;
} LinkJob;

static void
link_job_free (gpointer data)
{
  LinkJob *job = data;

  g_clear_pointer (&job->link, cobro_link_unref);
  g_free (job);
}

static LinkJob *
link_job_new (const CobroId *id, const CobroLink *link)
{
  LinkJob *job = g_new0 (LinkJob, 1);

  job->id = *id;
  job->link = link != NULL ? cobro_link_copy (link) : NULL;
  return job;
}

static void
write_change (CobroStore *store, CobroStoreWork work, LinkJob *job, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_write_async (store, work, job, link_job_free, (GDestroyNotify)cobro_link_change_free, cancellable,
                           callback, user_data);
}

static gpointer
do_put (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_link_store_put (tx, ((LinkJob *)data)->link, error);
}

void
cobro_link_store_put_async (CobroStore *store, const CobroLink *link, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  write_change (store, do_put, link_job_new (&link->id, link), cancellable, callback, user_data);
}

CobroLinkChange *
cobro_link_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_decide (CobroStoreTx *tx, gpointer data, GError **error)
{
  LinkJob *job = data;
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, &job->id, error);
  g_autoptr (CobroLink) link = NULL;

  if (record == NULL)
    return NULL;
  link = cobro_link_copy (record->link);
  link->decision = job->decision;
  return put_over (tx, record, link, error);
}

void
cobro_link_store_decide_async (CobroStore *store, const CobroId *id, CobroDecision decision, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  LinkJob *job = link_job_new (id, NULL);

  job->decision = decision;
  write_change (store, do_decide, job, cancellable, callback, user_data);
}

static gpointer
do_replace_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_link_store_replace_token (tx, &((LinkJob *)data)->id, error);
}

void
cobro_link_store_replace_token_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  write_change (store, do_replace_token, link_job_new (id, NULL), cancellable, callback, user_data);
}

static gpointer
do_undo (CobroStoreTx *tx, gpointer data, GError **error)
{
  LinkJob *job = data;

  return cobro_link_store_undo (tx, &job->id, job->link, error);
}

void
cobro_link_store_undo_async (CobroStore *store, const CobroId *id, const CobroLink *before, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  write_change (store, do_undo, link_job_new (id, before), cancellable, callback, user_data);
}

static gpointer
do_mark_seen (CobroStoreTx *tx, gpointer data, GError **error)
{
  LinkJob *job = data;
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, &job->id, error);
  CobroDbStatement *statement;

  if (record == NULL)
    return NULL;
  statement =
    cobro_db_prepare (tx->db, "UPDATE link SET trouble = 0, reason = '' WHERE row = :row AND trouble = 2", error);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (!cobro_db_run (statement, error))
    return NULL;
  cobro_store_tx_touch_link (tx, record->row);
  return change_of (tx, &job->id, cobro_link_copy (record->link), error);
}

void
cobro_link_store_mark_seen_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  write_change (store, do_mark_seen, link_job_new (id, NULL), cancellable, callback, user_data);
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_link_store_find (tx, data, error);
}

void
cobro_link_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_store_read_async (store, do_load, g_memdup2 (id, sizeof *id), g_free, (GDestroyNotify)cobro_link_record_unref,
                          cancellable, callback, user_data);
}

CobroLinkRecord *
cobro_link_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
