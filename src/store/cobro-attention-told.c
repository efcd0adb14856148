/* src/store/cobro-attention-told.c — attention that the relay's log raises beside money: mails that nobody got, webhook
 * messages that were given up; and records that the relay refused, or that were changed elsewhere too.
 * Layer: store. Inside a job. */
#include "config.h"
#include "cobro-attention-private.h"

G_STATIC_ASSERT (COBRO_TROUBLE_REJECTED == 1 && COBRO_TROUBLE_CONFLICT == 2);

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

static void
set_number (char **text, gint64 number)
{
  g_free (*text);
  *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

/* One statement with :limit; @take gets every row. */
static gboolean
each_row (CobroAttentionLook *look, const char *sql, void (*take) (CobroAttentionLook *look, CobroDbStatement *row),
          GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (look->tx->db, sql, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":limit", COBRO_ATTENTION_MAX);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    take (look, statement);
  return step == COBRO_DB_DONE;
}

/* ── Mails ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* An invoice says itself whether its last mail failed; the log says where it was to go. What else the relay would not
 * do for it has no such row. */
#define SELECT_PROBLEMS                                                                                                \
  "SELECT i.id AS id, i.link_id AS link_id, i.number AS title, json_extract (i.document, '$.buyer.name') AS who, "     \
  "i.problem AS problem, "                                                                                             \
  "  i.updated_at AS updated_at, e.sequence AS sequence, e.occurred_at AS occurred_at, "                               \
  "  json_extract (e.object, '$.to') AS recipient, json_extract (e.object, '$.reason') AS reason "                     \
  "FROM invoice AS i LEFT JOIN event AS e ON e.sequence = (SELECT max (sequence) FROM event "                          \
  "  WHERE type = 'mail.failed' AND object_id = i.id) "                                                                \
  "WHERE i.attention = 1 AND i.problem <> '' AND i.sample = 0 ORDER BY i.row DESC LIMIT :limit"

static void
take_problem (CobroAttentionLook *look, CobroDbStatement *row)
{
  const char *problem = cobro_db_column_text (row, "problem");
  gboolean mail =
    !cobro_db_column_is_null (row, "sequence") && g_strcmp0 (problem, cobro_db_column_text (row, "reason")) == 0;
  CobroMatter *attention =
    cobro_matter_new (mail ? COBRO_MATTER_MAIL : COBRO_MATTER_COMMAND, cobro_db_column_text (row, "id"));

  attention->invoice_id = cobro_db_column_id (row, "id");
  attention->link_id = cobro_db_column_id (row, "link_id");
  attention->since = cobro_db_column_time (row, mail ? "occurred_at" : "updated_at");
  set_text (&attention->title, cobro_db_column_text (row, "title"));
  set_text (&attention->who, cobro_db_column_text (row, "who"));
  set_text (&attention->reason, problem);
  if (mail)
    {
      set_text (&attention->where, cobro_db_column_text (row, "recipient"));
      set_number (&attention->mark, cobro_db_column_int64 (row, "sequence"));
    }
  else
    set_text (&attention->mark, problem);
  cobro_attention_look_add (look, attention);
}

/* Receipts, and notices to the merchant: about a payment. */
#define SELECT_RECEIPTS                                                                                                \
  "SELECT e.object_id AS id, e.sequence AS sequence, e.occurred_at AS occurred_at, p.link_id AS link_id, "             \
  "  json_extract (e.object, '$.to') AS recipient, json_extract (e.object, '$.reason') AS reason, "                    \
  "  coalesce (nullif (i.number, ''), l.title, '') AS title, json_extract (p.document, '$.payer.name') AS who "        \
  "FROM event AS e JOIN payment AS p ON p.id = e.object_id LEFT JOIN link AS l ON l.id = p.link_id "                   \
  "LEFT JOIN invoice AS i ON i.link_id = p.link_id "                                                                   \
  "WHERE e.type = 'mail.failed' AND e.sequence = (SELECT max (sequence) FROM event "                                   \
  "  WHERE type = 'mail.failed' AND object_id = e.object_id) ORDER BY e.sequence DESC LIMIT :limit"

static void
take_receipt (CobroAttentionLook *look, CobroDbStatement *row)
{
  CobroMatter *attention = cobro_matter_new (COBRO_MATTER_MAIL, cobro_db_column_text (row, "id"));

  attention->payment_id = cobro_db_column_id (row, "id");
  attention->link_id = cobro_db_column_id (row, "link_id");
  attention->since = cobro_db_column_time (row, "occurred_at");
  set_text (&attention->title, cobro_db_column_text (row, "title"));
  set_text (&attention->who, cobro_db_column_text (row, "who"));
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  set_text (&attention->where, cobro_db_column_text (row, "recipient"));
  set_number (&attention->mark, cobro_db_column_int64 (row, "sequence"));
  cobro_attention_look_add (look, attention);
}

/* ── Webhooks ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What was given up, unless its endpoint has answered since. An endpoint that was switched off is told with its own id.
 */
#define SELECT_GIVEN_UP                                                                                                \
  "SELECT e.object_id AS id, e.sequence AS sequence, e.occurred_at AS occurred_at, "                                   \
  "  json_extract (e.object, '$.url') AS url, json_extract (e.object, '$.reason') AS reason, "                         \
  "  json_extract (e.object, '$.deliveries') AS n, json_extract (e.object, '$.endpointId') IS NULL AS whole "          \
  "FROM event AS e WHERE e.type = 'delivery.exhausted' AND e.sequence = (SELECT max (sequence) FROM event "            \
  "  WHERE type = 'delivery.exhausted' AND object_id = e.object_id) "                                                  \
  "AND NOT EXISTS (SELECT 1 FROM event AS r WHERE r.type = 'delivery.recovered' AND r.sequence > e.sequence "          \
  "  AND r.object_id = e.object_id) ORDER BY e.sequence DESC LIMIT :limit"

static void
take_given_up (CobroAttentionLook *look, CobroDbStatement *row)
{
  gboolean whole = cobro_db_column_bool (row, "whole");
  CobroMatter *attention =
    cobro_matter_new (whole ? COBRO_MATTER_ENDPOINT : COBRO_MATTER_DELIVERY, cobro_db_column_text (row, "id"));

  attention->since = cobro_db_column_time (row, "occurred_at");
  attention->count = cobro_db_column_int64 (row, "n");
  set_text (&attention->where, cobro_db_column_text (row, "url"));
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  set_number (&attention->mark, cobro_db_column_int64 (row, "sequence"));
  cobro_attention_look_add (look, attention);
}

/* A provider's message that belongs to no payment at all. */
#define SELECT_FOREIGN                                                                                                 \
  "SELECT id, sequence, occurred_at, json_extract (object, '$.reason') AS reason, "                                    \
  "  json_extract (object, '$.fact.provider') AS provider FROM event "                                                 \
  "WHERE type = 'provider.quarantined' AND json_extract (object, '$.paymentId') IS NULL "                              \
  "ORDER BY sequence DESC LIMIT :limit"

static void
take_foreign (CobroAttentionLook *look, CobroDbStatement *row)
{
  CobroMatter *attention = cobro_matter_new (COBRO_MATTER_SET_ASIDE, cobro_db_column_text (row, "id"));

  attention->since = cobro_db_column_time (row, "occurred_at");
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  set_text (&attention->title, cobro_db_column_text (row, "provider"));
  set_number (&attention->mark, cobro_db_column_int64 (row, "sequence"));
  cobro_attention_look_add (look, attention);
}

gboolean
cobro_attention_look_told (CobroAttentionLook *look, GError **error)
{
  return each_row (look, SELECT_PROBLEMS, take_problem, error) &&
         each_row (look, SELECT_RECEIPTS, take_receipt, error) &&
         each_row (look, SELECT_GIVEN_UP, take_given_up, error) && each_row (look, SELECT_FOREIGN, take_foreign, error);
}

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Of a link in conflict: the field of the newest conflict whose other value was put aside, and that value. */
#define LOST(what)                                                                                                     \
  "(SELECT " what " FROM history WHERE object_id = link.id ORDER BY occurred_at DESC, row DESC LIMIT 1)"
#define SELECT_LINKS                                                                                                   \
  "SELECT id, title, json_extract (document, '$.customer.name') AS who, trouble, reason, updated_at, " LOST (          \
    "member") " AS member, " LOST ("other_value") " AS other FROM link WHERE attention = 1 AND invoice_id IS NULL "    \
                                                  "AND trouble <> 0 "                                                  \
                                                  "ORDER BY created_at DESC LIMIT :limit"
#define SELECT_INVOICES                                                                                                \
  "SELECT id, number AS title, json_extract (document, '$.buyer.name') AS who, trouble, reason, updated_at, NULL AS "  \
  "member, NULL AS other FROM invoice "                                                                                \
  "WHERE attention = 1 AND trouble <> 0 ORDER BY row DESC LIMIT :limit"
#define SELECT_PLAIN(table, title)                                                                                     \
  "SELECT id, " title " AS title, '' AS who, trouble, reason, 0 AS updated_at, NULL AS member, NULL AS other "         \
  "FROM " table " WHERE trouble <> 0 ORDER BY row DESC LIMIT :limit"

static void
take_record (CobroAttentionLook *look, CobroDbStatement *row)
{
  gboolean conflict = cobro_db_column_int64 (row, "trouble") == COBRO_TROUBLE_CONFLICT;
  CobroMatter *attention =
    cobro_matter_new (conflict ? COBRO_MATTER_CONFLICT : COBRO_MATTER_REJECTED, cobro_db_column_text (row, "id"));
  CobroId id = cobro_db_column_id (row, "id");

  if (g_str_has_prefix (id.text, "link_"))
    attention->link_id = id;
  else if (g_str_has_prefix (id.text, "inv_"))
    attention->invoice_id = id;
  attention->since = cobro_db_column_time (row, "updated_at");
  set_text (&attention->title, cobro_db_column_text (row, "title"));
  set_text (&attention->who, cobro_db_column_text (row, "who"));
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  set_text (&attention->mark, cobro_db_column_text (row, "reason"));
  if (conflict)
    {
      set_text (&attention->where, cobro_db_column_text (row, "member"));
      set_text (&attention->other, cobro_db_column_text (row, "other"));
    }
  cobro_attention_look_add (look, attention);
}

gboolean
cobro_attention_look_records (CobroAttentionLook *look, GError **error)
{
  return each_row (look, SELECT_LINKS, take_record, error) && each_row (look, SELECT_INVOICES, take_record, error) &&
         each_row (look, SELECT_PLAIN ("customer", "name"), take_record, error) &&
         each_row (look, SELECT_PLAIN ("product", "name"), take_record, error) &&
         each_row (look, SELECT_PLAIN ("recurring", "''"), take_record, error) &&
         each_row (look,
                   "SELECT 'merchant' AS id, '' AS title, '' AS who, trouble, reason, 0 AS updated_at, NULL AS member, "
                   "NULL AS other FROM merchant WHERE trouble <> 0 LIMIT :limit",
                   take_record, error);
}
