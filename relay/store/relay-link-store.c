/* relay/store/relay-link-store.c — links: finding, listing, writing, tokens.
 * Layer: relay/store. */
#include "relay-link-store.h"

#include <string.h>

#include "cobro-wire-link.h"
#include "relay-link-row.h"
#include "relay-row.h"

#define PREFIX_BYTES 16
#define LIST_MAX     100
/* A list that filters by status looks at no more rows than this for one page. */
#define LOOK_MAX     20000

/* ── Finding ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayLinkRecord *
read_one (CobroDbStatement *statement, GError **error)
{
  return relay_row_found (statement, "link", error) ? relay_link_row_read (statement, error) : NULL;
}

RelayLinkRecord *
relay_link_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_LINK_COLUMNS " FROM link "
                      "WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  return read_one (statement, error);
}

RelayLinkRecord *
relay_link_find_by_reference (CobroDb *db, const RelayScope *scope, const char *reference, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_LINK_COLUMNS " FROM link WHERE merchant_id = :merchant AND "
                      "livemode = :livemode AND reference = :reference AND reference <> ''",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":reference", reference);
  return read_one (statement, error);
}

/* Whether @hash is the token in the row the statement stands on: all of it, in constant time. */
static gboolean
is_same_hash (CobroDbStatement *statement, const CobroTokenHash *hash)
{
  gsize n;
  gconstpointer rest = cobro_db_column_blob (statement, "rest", &n);

  return n == PREFIX_BYTES && cobro_bytes_equal_constant_time (rest, hash->bytes + PREFIX_BYTES, PREFIX_BYTES);
}

RelayLinkRecord *
relay_link_find_by_token (CobroDb *db, const char *token, gboolean *out_replaced, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;
  CobroToken parsed = COBRO_TOKEN_NONE;
  CobroTokenHash hash;

  if (!cobro_token_parse (token, &parsed, NULL))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such link");
      return NULL;
    }
  hash = cobro_token_hash (&parsed);
  if (!(statement = cobro_db_prepare (db,
                                      "SELECT rest, replaced, " RELAY_LINK_COLUMNS
                                      " FROM token JOIN link ON link.row = token.link WHERE prefix = :prefix",
                                      error)))
    return NULL;
  cobro_db_bind_blob (statement, ":prefix", hash.bytes, PREFIX_BYTES);
  if (!(record = read_one (statement, error)))
    return NULL;
  if (!is_same_hash (statement, &hash))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such link");
      return NULL;
    }
  *out_replaced = cobro_db_column_bool (statement, "replaced");
  return g_steal_pointer (&record);
}

/* The sealed token opens in its own row only. */
static RelayPlace
token_place (const CobroId *merchant_id, const CobroLink *link)
{
  return (RelayPlace){ "link", "token_sealed", link->id.text, merchant_id, link->livemode };
}

gboolean
relay_link_get_token (RelayStore *store, const RelayLinkRecord *record, CobroToken *out_token, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (CobroDbStatement) statement = NULL;
  RelayPlace place = token_place (&record->merchant_id, record->link);
  g_autofree char *text = NULL;
  gconstpointer blob;
  gsize n;

  if (reader == NULL ||
      !(statement = cobro_db_prepare (reader->db, "SELECT token_sealed FROM link WHERE row = :row", error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  blob = cobro_db_column_blob (statement, "token_sealed", &n);
  return (text = relay_store_unseal (store, reader->db, &place, blob, n, error)) &&
         cobro_token_parse (text, out_token, error);
}

gboolean
relay_link_net (const RelayLinkRecord *record, CobroMoney *out_net, GError **error)
{
  const CobroLinkTally *tally = &record->tally;
  CobroMoney net;

  if (!cobro_money_subtract (tally->paid, tally->refunded, &net, error) ||
      !cobro_money_subtract (net, tally->lost, &net, error))
    return FALSE;
  *out_net = net;
  return TRUE;
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroDbStatement *
prepare_list (CobroDb *db, const RelayScope *scope, const RelayLinkQuery *query, const char *before, guint limit,
              GError **error)
{
  g_autofree char *pattern = relay_row_like (query->text);
  CobroDbStatement *statement = cobro_db_prepare (
    db,
    "SELECT " RELAY_LINK_COLUMNS " FROM link WHERE merchant_id = :merchant AND id < :before "
    "AND livemode = :livemode AND invoice_id IS NULL AND (reference = :reference OR :reference IS NULL) "
    "AND (decision = :decision OR :decision IS NULL) "
    "AND (lower (title) LIKE :pattern ESCAPE '\\' OR lower (reference) LIKE :pattern ESCAPE '\\' "
    "OR lower (description) LIKE :pattern ESCAPE '\\' OR lower (customer_name) LIKE :pattern "
    "ESCAPE '\\' OR lower (customer_email) LIKE :pattern ESCAPE '\\' OR :pattern IS NULL) "
    "ORDER BY id DESC LIMIT :limit",
    error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_text (statement, ":before", before);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_text (statement, ":reference", query->reference);
  /* Two statuses are decisions: the database can tell. The others need the clock and the sums. */
  cobro_db_bind_text (statement, ":decision",
                      query->status == COBRO_LINK_CANCELLED ? "cancelled"
                      : query->status == COBRO_LINK_DRAFT   ? "draft"
                                                            : NULL);
  cobro_db_bind_text (statement, ":pattern", pattern);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return statement;
}

static gboolean
is_wanted (const RelayLinkRecord *record, const RelayLinkQuery *query)
{
  CobroLinkView view;

  if (query->status < 0 && query->paid_status < 0)
    return TRUE;
  view = cobro_link_view (record->link, &record->tally, query->now);
  return (query->status < 0 || (int)view.status == query->status) &&
         (query->paid_status < 0 || (int)view.paid_status == query->paid_status);
}

/* One page under way. */
typedef struct
{
  CobroDb *db;
  const RelayScope *scope;
  const RelayLinkQuery *query;
  GPtrArray *records; /* (element-type RelayLinkRecord) */
  guint limit;
  char before[64]; /* the id of the last row looked at */
  guint looked;
} Page;

/* Looks at the next @n rows; @out_more: the page wants more, and there may be some. */
static gboolean
read_rows (Page *page, guint n, gboolean *out_more, GError **error)
{
  g_autoptr (CobroDbStatement) statement = prepare_list (page->db, page->scope, page->query, page->before, n, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (statement == NULL)
    return FALSE;
  while (page->records->len < page->limit && (step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      g_autoptr (RelayLinkRecord) record = relay_link_row_read (statement, error);

      if (record == NULL)
        return FALSE;
      page->looked++;
      g_strlcpy (page->before, record->link->id.text, sizeof page->before);
      if (is_wanted (record, page->query))
        g_ptr_array_add (page->records, g_steal_pointer (&record));
      n--;
    }
  *out_more = n == 0 || page->records->len == page->limit;
  return step != COBRO_DB_FAILED;
}

GPtrArray *
relay_link_list (CobroDb *db, const RelayScope *scope, const RelayLinkQuery *query, char **out_cursor, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_link_record_free);
  Page page = { db, scope, query, records, CLAMP (query->limit, 1, LIST_MAX), "~", 0 };
  gboolean more = TRUE;
  CobroId cursor;

  if (query->cursor != NULL && !cobro_id_parse (COBRO_ID_LINK, query->cursor, &cursor, NULL))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "cursor", "is not one that this list gave");
      return NULL;
    }
  if (query->cursor != NULL)
    g_strlcpy (page.before, query->cursor, sizeof page.before);
  while (more && records->len < page.limit && page.looked < LOOK_MAX)
    if (!read_rows (&page, page.limit, &more, error))
      return NULL;
  *out_cursor = more ? g_strdup (page.before) : NULL;
  return g_steal_pointer (&records);
}

GPtrArray *
relay_link_list_expired (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_link_record_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_LINK_COLUMNS " FROM link WHERE expires_at <= :now AND expires_at IS NOT NULL AND "
                      "expiry_told = 0 AND invoice_id IS NULL ORDER BY expires_at LIMIT :limit",
                      error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      RelayLinkRecord *record = relay_link_row_read (statement, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&records) : NULL;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Why an INSERT was refused: what is taken, in the caller's words. */
static gboolean
reference_taken (const CobroLink *link, GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "reference", "is used by another link: \"%s\"",
                             link->reference);
}

static gboolean
explain_taken (CobroDb *db, const RelayScope *scope, const CobroLink *link, GError **error)
{
  g_autoptr (RelayLinkRecord) same_reference = NULL;

  if (*link->reference != '\0')
    same_reference = relay_link_find_by_reference (db, scope, link->reference, NULL);
  if (same_reference != NULL && !cobro_id_equal (&same_reference->link->id, &link->id))
    return reference_taken (link, error);
  return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is there already");
}

static gboolean
insert_token (RelayTx *tx, gint64 row, const CobroTokenHash *hash, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "INSERT INTO token (prefix, rest, link) VALUES (:prefix, :rest, :link)", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_blob (statement, ":prefix", hash->bytes, PREFIX_BYTES);
  cobro_db_bind_blob (statement, ":rest", hash->bytes + PREFIX_BYTES, PREFIX_BYTES);
  cobro_db_bind_int64 (statement, ":link", row);
  if (cobro_db_run (statement, &failure))
    return TRUE;
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_EXISTS))
    return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "token", "is used by another link");
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
insert_row (RelayTx *tx, RelayLinkRecord *record, const CobroTokenHash *hash, GBytes *sealed, GError **error)
{
  const CobroLink *link = record->link;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!relay_row_next (tx->db, "link", &record->row, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "INSERT INTO link (row, merchant_id, id, livemode, token_hash, token_sealed, " RELAY_LINK_DECISIONS
          ") VALUES (:row, :merchant, :id, :livemode, :token_hash, "
          ":token_sealed, " RELAY_LINK_DECISION_VALUES ") ON CONFLICT DO NOTHING",
          error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", record->row);
  cobro_db_bind_id (statement, ":merchant", &record->merchant_id);
  cobro_db_bind_id (statement, ":id", &link->id);
  cobro_db_bind_bool (statement, ":livemode", link->livemode);
  cobro_db_bind_hash (statement, ":token_hash", hash);
  cobro_db_bind_blob (statement, ":token_sealed", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  relay_link_row_bind (statement, link, record->edited);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 ||
         explain_taken (tx->db, &(RelayScope){ record->merchant_id, link->livemode }, link, error);
}

RelayLinkRecord *
relay_link_insert (RelayTx *tx, const CobroId *merchant_id, const CobroLink *link, const CobroToken *token,
                   const char *edited, GError **error)
{
  CobroTokenHash hash = cobro_token_hash (token);
  RelayPlace place = token_place (merchant_id, link);
  g_autoptr (GBytes) sealed = relay_store_seal (tx->store, tx->db, &place, token->text, error);
  g_autoptr (RelayLinkRecord) record = g_new0 (RelayLinkRecord, 1);

  if (sealed == NULL)
    return NULL;
  record->link = cobro_link_copy (link);
  record->link->token = COBRO_TOKEN_NONE;
  record->merchant_id = *merchant_id;
  record->tally = cobro_link_tally_new (link->currency);
  record->version = 1;
  record->edited = g_strdup (edited);
  if (!insert_row (tx, record, &hash, sealed, error) || !insert_token (tx, record->row, &hash, error))
    return NULL;
  return g_steal_pointer (&record);
}

gboolean
relay_link_update (RelayTx *tx, RelayLinkRecord *record, CobroLink *link, const char *edited, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE link SET (" RELAY_LINK_DECISIONS ") = (" RELAY_LINK_DECISION_VALUES
                      "), expiry_told = :expiry_told, version = version + 1 WHERE row = :row",
                      error);

  if (statement == NULL)
    return FALSE;
  /* A later end makes the link open again; it may then expire once more. */
  record->expiry_told = record->expiry_told && link->expires_at == record->link->expires_at;
  relay_link_row_bind (statement, link, edited);
  cobro_db_bind_bool (statement, ":expiry_told", record->expiry_told);
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (!cobro_db_run (statement, &failure))
    {
      if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_EXISTS))
        return reference_taken (link, error);
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  cobro_link_ref (link);
  cobro_link_unref (record->link);
  record->link = link;
  if (edited != record->edited)
    {
      g_free (record->edited);
      record->edited = g_strdup (edited);
    }
  record->version++;
  relay_tx_touch (tx, "link", &link->id);
  return TRUE;
}

static gboolean
retire_tokens (RelayTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE token SET replaced = 1 WHERE prefix = (SELECT substr (token_hash, 1, 16) FROM link WHERE row = :row)",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}

gboolean
relay_link_set_token (RelayTx *tx, RelayLinkRecord *record, const CobroToken *token, GError **error)
{
  CobroTokenHash hash = cobro_token_hash (token);
  RelayPlace place = token_place (&record->merchant_id, record->link);
  g_autoptr (GBytes) sealed = relay_store_seal (tx->store, tx->db, &place, token->text, error);
  g_autoptr (CobroDbStatement) statement = NULL;

  if (sealed == NULL || !retire_tokens (tx, record->row, error) || !insert_token (tx, record->row, &hash, error) ||
      !(statement = cobro_db_prepare (tx->db,
                                      "UPDATE link SET token_hash = :hash, token_sealed = :sealed, rev = :rev, "
                                      "updated_at = :updated_at, version = version + 1 WHERE row = :row",
                                      error)))
    return FALSE;
  cobro_db_bind_hash (statement, ":hash", &hash);
  cobro_db_bind_blob (statement, ":sealed", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  cobro_db_bind_int64 (statement, ":rev", record->link->rev);
  cobro_db_bind_int64 (statement, ":updated_at", record->link->updated_at);
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (!cobro_db_run (statement, error))
    return FALSE;
  record->version++;
  relay_tx_touch (tx, "link", &record->link->id);
  return TRUE;
}

gboolean
relay_link_save_sums (RelayTx *tx, RelayLinkRecord *record, GError **error)
{
  const CobroLinkTally *tally = &record->tally;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE link SET paid = :paid, refunded = :refunded, lost = :lost, uses = :uses, "
                      "open_attempts = :open_attempts, processing = :processing, attempts = :attempts, "
                      "last_failed = :last_failed, flags = :flags, newest_payment = :newest_payment, "
                      "slots_given = :slots_given, expiry_told = :expiry_told, version = version + 1 WHERE row = :row",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_money (statement, ":paid", tally->paid);
  cobro_db_bind_money (statement, ":refunded", tally->refunded);
  cobro_db_bind_money (statement, ":lost", tally->lost);
  cobro_db_bind_int64 (statement, ":uses", tally->uses);
  cobro_db_bind_int64 (statement, ":open_attempts", tally->open_attempts);
  cobro_db_bind_int64 (statement, ":processing", tally->processing);
  cobro_db_bind_int64 (statement, ":attempts", tally->attempts);
  cobro_db_bind_bool (statement, ":last_failed", tally->last_failed);
  cobro_db_bind_int64 (statement, ":flags", tally->flags);
  cobro_db_bind_int64 (statement, ":newest_payment", record->newest_payment);
  cobro_db_bind_int64 (statement, ":slots_given", record->slots_given);
  cobro_db_bind_bool (statement, ":expiry_told", record->expiry_told);
  cobro_db_bind_int64 (statement, ":row", record->row);
  if (!cobro_db_run (statement, error))
    return FALSE;
  record->version++;
  relay_tx_touch (tx, "link", &record->link->id);
  return TRUE;
}

gboolean
relay_link_append_event (RelayTx *tx, const RelayLinkRecord *record, CobroEventType type, GError **error)
{
  RelayScope scope = { record->merchant_id, record->link->livemode };
  CobroWireLinkContext context = { .tally = &record->tally, .now = tx->now };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_link_write (writer, NULL, record->link, &context);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, type, &record->link->id, object, error);
}
