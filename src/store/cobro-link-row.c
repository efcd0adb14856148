/* src/store/cobro-link-row.c — a link and its table row: the document, the facts and words beside it, the sums of its
 * payments.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-payment.h"
#include "cobro-refund.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

/* The words of the old row leave the index, the words of the new one enter it. What belongs to an invoice is found by
 * the invoice. */
#define FORGET_WORDS                                                                                                   \
  "INSERT INTO link_search (link_search, rowid, title, reference, description, customer) "                             \
  "SELECT 'delete', row, title, reference, description, customer FROM link WHERE row = :row AND invoice_id IS NULL"
#define LEARN_WORDS                                                                                                    \
  "INSERT INTO link_search (rowid, title, reference, description, customer) "                                          \
  "SELECT row, title, reference, description, customer FROM link WHERE invoice_id IS NULL AND row "
#define LEARN_ROW      LEARN_WORDS "= :row"
#define LEARN_FROM_ROW LEARN_WORDS ">= :row"

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroLinkRecord *
cobro_link_record_ref (CobroLinkRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_link_record_unref (CobroLinkRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  cobro_link_unref (record->link);
  g_free (record->reason);
  g_free (record->path);
  g_free (record);
}

static CobroRecordState
read_state (CobroDbStatement *statement)
{
  gint64 trouble = cobro_db_column_int64 (statement, "trouble");

  if (cobro_db_column_bool (statement, "sample"))
    return COBRO_RECORD_SAMPLE;
  if (trouble == COBRO_TROUBLE_REJECTED)
    return COBRO_RECORD_REJECTED;
  if (trouble == COBRO_TROUBLE_CONFLICT)
    return COBRO_RECORD_CONFLICT;
  return cobro_db_column_bool (statement, "waiting") ? COBRO_RECORD_WAITING : COBRO_RECORD_LIVE;
}

CobroLinkTally
cobro_link_row_read_tally (CobroDbStatement *statement, CobroCurrency currency)
{
  return (CobroLinkTally){
    .paid = cobro_db_column_money (statement, "paid", currency),
    .refunded = cobro_db_column_money (statement, "refunded", currency),
    .lost = cobro_db_column_money (statement, "lost", currency),
    .uses = cobro_db_column_int64 (statement, "uses"),
    .open_attempts = cobro_db_column_int64 (statement, "open_attempts"),
    .processing = cobro_db_column_int64 (statement, "processing"),
    .attempts = cobro_db_column_int64 (statement, "attempts"),
    .last_failed = cobro_db_column_bool (statement, "last_failed"),
    .flags = (guint)cobro_db_column_int64 (statement, "flags"),
  };
}

CobroLinkRecord *
cobro_link_row_read (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroLink *link = tx->codec->read_link (cobro_db_column_text (statement, "document"), error);
  CobroLinkRecord *record;
  const char *token;

  if (link == NULL)
    {
      g_prefix_error (error, "link %s: ", cobro_db_column_text (statement, "id"));
      return NULL;
    }
  link->rev = cobro_db_column_int64 (statement, "rev");
  link->invoice_id = cobro_db_column_id (statement, "invoice_id");
  token = cobro_db_column_text (statement, "token");
  if (token != NULL)
    g_strlcpy (link->token.text, token, sizeof link->token.text);

  record = g_new0 (CobroLinkRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->link = link;
  record->tally = cobro_link_row_read_tally (statement, link->currency);
  record->state = read_state (statement);
  record->reason = g_strdup (cobro_db_column_text (statement, "reason"));
  record->path = g_strdup (cobro_db_column_text (statement, "path"));
  return record;
}

CobroLinkRecord *
cobro_link_row_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT " COBRO_LINK_COLUMNS " FROM link WHERE id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id->text);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? cobro_link_row_read (tx, statement, error) : NULL;
}

/* ── Writing a row ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* What one use costs; 0: the payer decides. */
static gint64
sort_amount (const CobroLink *link)
{
  CobroMoney total = COBRO_MONEY_NONE;

  if (link->pricing == COBRO_PRICING_OPEN)
    total = cobro_money_is_set (link->preset) ? link->preset : link->minimum;
  else if (!cobro_link_total (link, &total, NULL))
    return 0;
  return cobro_list_sort_amount (total);
}

static void
bind_facts (CobroDbStatement *statement, const CobroLink *link)
{
  CobroMoney total = COBRO_MONEY_NONE;

  if (!cobro_link_total (link, &total, NULL))
    total = COBRO_MONEY_NONE;
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (link->currency));
  cobro_db_bind_int64 (statement, ":decision", link->decision);
  cobro_db_bind_bool (statement, ":in_parts", link->partial != COBRO_PARTIAL_OFF);
  cobro_db_bind_int64 (statement, ":use_limit", cobro_link_use_limit (link));
  cobro_db_bind_money (statement, ":total", total);
  cobro_db_bind_bool (statement, ":has_choice", cobro_link_has_choice (link));
  cobro_db_bind_time (statement, ":not_before", link->not_before);
  cobro_db_bind_time (statement, ":expires_at", link->expires_at);
}

static void
bind_link (CobroStoreTx *tx, CobroDbStatement *statement, const CobroLink *link)
{
  g_autofree char *document = tx->codec->write_link (link, FALSE);
  g_autofree char *customer = g_strconcat (link->customer_name, " ", link->customer_email, NULL);
  g_autofree char *sort_title = cobro_store_sort_text (link->title);

  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_text (statement, ":token", cobro_token_is_set (&link->token) ? link->token.text : NULL);
  cobro_db_bind_text (statement, ":title", link->title);
  cobro_db_bind_text (statement, ":reference", link->reference);
  cobro_db_bind_text (statement, ":description", link->description);
  cobro_db_bind_text (statement, ":customer", customer);
  cobro_db_bind_text (statement, ":sort_title", sort_title);
  cobro_db_bind_int64 (statement, ":sort_amount", sort_amount (link));
  cobro_db_bind_int64 (statement, ":created_at", link->created_at);
  cobro_db_bind_int64 (statement, ":updated_at", link->updated_at);
  cobro_db_bind_id (statement, ":invoice", &link->invoice_id);
  bind_facts (statement, link);
}

static gboolean
run_on_row (CobroStoreTx *tx, const char *sql, gint64 row, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_run (statement, error);
}

/* Every statement that runs while the index has news makes it write them to the file, in pieces that must be merged
 * later. So new rows, which are always the last ones, wait until the job is done. */
static void
learn_later (CobroStoreTx *tx, gint64 row)
{
  if (tx->unlearned == 0)
    tx->unlearned = row;
}

gboolean
cobro_link_row_learn (CobroStoreTx *tx, GError **error)
{
  gint64 first = tx->unlearned;

  tx->unlearned = 0;
  return first == 0 || run_on_row (tx, LEARN_FROM_ROW, first, error);
}

/* What is still to be learned would be forgotten in vain. */
static gboolean
forget (CobroStoreTx *tx, gint64 row, GError **error)
{
  return cobro_link_row_learn (tx, error) && run_on_row (tx, FORGET_WORDS, row, error);
}

gboolean
cobro_link_row_insert (CobroStoreTx *tx, const CobroLink *link, gboolean sample, gint64 *out_row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO link (id, document, token, rev, sample, title, reference, description, customer, sort_title, "
    "  sort_amount, created_at, updated_at, currency, decision, in_parts, use_limit, total, has_choice, not_before, "
    "  expires_at, invoice_id, waiting) "
    "VALUES (:id, :document, :token, :rev, :sample, :title, :reference, :description, :customer, :sort_title, "
    "  :sort_amount, :created_at, :updated_at, :currency, :decision, :in_parts, :use_limit, :total, :has_choice, "
    "  :not_before, :expires_at, :invoice, EXISTS (SELECT 1 FROM outbox WHERE object_id = :id)) RETURNING row",
    error);
  gint64 row;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &link->id);
  cobro_db_bind_int64 (statement, ":rev", link->rev);
  cobro_db_bind_bool (statement, ":sample", sample);
  bind_link (tx, statement, link);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  row = cobro_db_column_int64 (statement, "row");
  if (cobro_db_step (statement, error) != COBRO_DB_DONE)
    return FALSE;
  learn_later (tx, row);
  *out_row = row;
  cobro_store_tx_touch_link (tx, row);
  return TRUE;
}

gboolean
cobro_link_row_update (CobroStoreTx *tx, gint64 row, const CobroLink *link, GError **error)
{
  CobroDbStatement *statement;

  if (!forget (tx, row, error))
    return FALSE;
  statement = cobro_db_prepare (
    tx->db,
    "UPDATE link SET document = :document, token = :token, title = :title, reference = :reference, "
    "  description = :description, customer = :customer, sort_title = :sort_title, sort_amount = :sort_amount, "
    "  created_at = :created_at, updated_at = :updated_at, currency = :currency, decision = :decision, "
    "  in_parts = :in_parts, use_limit = :use_limit, total = :total, has_choice = :has_choice, "
    "  not_before = :not_before, expires_at = :expires_at, invoice_id = :invoice WHERE row = :row",
    error);
  if (statement == NULL)
    return FALSE;
  bind_link (tx, statement, link);
  cobro_db_bind_int64 (statement, ":row", row);
  if (!cobro_db_run (statement, error) || !run_on_row (tx, LEARN_ROW, row, error))
    return FALSE;
  cobro_store_tx_touch_link (tx, row);
  return TRUE;
}

gboolean
cobro_link_row_delete (CobroStoreTx *tx, gint64 row, GError **error)
{
  if (!forget (tx, row, error) || !run_on_row (tx, "DELETE FROM link WHERE row = :row", row, error))
    return FALSE;
  cobro_store_tx_touch_link (tx, row);
  return TRUE;
}

gboolean
cobro_link_row_note_waiting (CobroStoreTx *tx, const CobroId *link_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE link SET waiting = EXISTS (SELECT 1 FROM outbox WHERE object_id = :id) WHERE id = :id RETURNING row",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", link_id);
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      cobro_store_tx_touch_link (tx, cobro_db_column_int64 (statement, "row"));
      return cobro_db_step (statement, error) != COBRO_DB_FAILED;
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      return FALSE;
    }
  return FALSE;
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

#define SET_SUMS                                                                                                       \
  "UPDATE link SET paid = :paid, refunded = :refunded, lost = :lost, uses = :uses, open_attempts = :open_attempts, "   \
  "  processing = :processing, attempts = :attempts, last_failed = :last_failed, flags = :flags WHERE row = :row"

gboolean
cobro_link_row_set_tally (CobroStoreTx *tx, gint64 row, const CobroLinkTally *tally, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, SET_SUMS, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", row);
  cobro_db_bind_int64 (statement, ":paid", cobro_money_minor (tally->paid));
  cobro_db_bind_int64 (statement, ":refunded", cobro_money_minor (tally->refunded));
  cobro_db_bind_int64 (statement, ":lost", cobro_money_minor (tally->lost));
  cobro_db_bind_int64 (statement, ":uses", tally->uses);
  cobro_db_bind_int64 (statement, ":open_attempts", tally->open_attempts);
  cobro_db_bind_int64 (statement, ":processing", tally->processing);
  cobro_db_bind_int64 (statement, ":attempts", tally->attempts);
  cobro_db_bind_bool (statement, ":last_failed", tally->last_failed);
  cobro_db_bind_int64 (statement, ":flags", tally->flags);
  if (!cobro_db_run (statement, error))
    return FALSE;
  cobro_store_tx_touch_link (tx, row);
  return cobro_invoice_row_settle_link (tx, row, error);
}

/* The statement below names states and a flag by number. */
G_STATIC_ASSERT (COBRO_PAYMENT_SUCCEEDED == 7 && COBRO_PAYMENT_CANCELLED == 6 && COBRO_PAYMENT_FAILED == 5);
G_STATIC_ASSERT (COBRO_PAYMENT_PROCESSING == 3 && COBRO_PAYMENT_UNKNOWN == 4 && COBRO_REFUND_SUCCEEDED == 1);
G_STATIC_ASSERT (COBRO_FLAG_DUPLICATE == 8 && COBRO_FLAG_QUARANTINED == 64);

/* Money of another currency is flagged by the relay; it cannot be added up. What was given back is what the payment
 * says or what its refunds come to, whichever was heard of. */
#define SUM_UP                                                                                                         \
  "WITH p AS (SELECT state, flags, coalesce(received, amount) AS captured, lost, "                                     \
  "    max(refunded, coalesce((SELECT sum(r.amount) FROM refund AS r WHERE r.payment_id = payment.id AND r.state = "   \
  "1), 0)) "                                                                                                           \
  "      AS given_back, "                                                                                              \
  "    state = 7 AND coalesce(received_currency, currency) = :currency AS counts "                                     \
  "  FROM payment WHERE link_id = :link) "                                                                             \
  "SELECT count(*) AS attempts, coalesce(sum(state < 5), 0) AS open_attempts, "                                        \
  "  coalesce(sum(state IN (3, 4)), 0) AS processing, coalesce(sum(state = 7 AND flags & 8 = 0), 0) AS uses, "         \
  "  coalesce(sum(CASE WHEN counts THEN captured END), 0) AS paid, "                                                   \
  "  coalesce(sum(CASE WHEN counts THEN given_back END), 0) AS refunded, "                                             \
  "  coalesce(sum(CASE WHEN counts THEN lost END), 0) AS lost, "                                                       \
  "  coalesce(max(flags & 1) | max(flags & 2) | max(flags & 4) | max(flags & 8) | max(flags & 16) | max(flags & 32) "  \
  "| "                                                                                                                 \
  "    max(flags & 64), 0) AS flags, "                                                                                 \
  "  coalesce((SELECT state IN (5, 6) FROM payment WHERE link_id = :link ORDER BY created_at DESC, id DESC LIMIT 1), " \
  "0) "                                                                                                                \
  "    AS last_failed FROM p"

static gboolean
read_payments (CobroStoreTx *tx, const CobroId *link_id, CobroLinkTally *tally, CobroCurrency currency, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SUM_UP, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":link", link_id);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (currency));
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *tally = cobro_link_row_read_tally (statement, currency);
  return TRUE;
}

/* A link that is paid in parts has been used once its total is there (domain: Link). */
static void
count_uses_in_parts (const CobroLink *link, CobroLinkTally *tally)
{
  CobroMoney total;

  if (link->partial != COBRO_PARTIAL_OFF)
    tally->uses = cobro_link_total (link, &total, NULL) && cobro_money_is_positive (tally->paid) &&
                  cobro_money_compare (tally->paid, total) >= 0;
}

gboolean
cobro_link_row_sum_up (CobroStoreTx *tx, const CobroId *link_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroLinkRecord) record = cobro_link_row_find (tx, link_id, &failure);
  CobroLinkTally tally;

  if (record == NULL && failure == NULL)
    return TRUE; /* its own event will come */
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!read_payments (tx, link_id, &tally, record->link->currency, error))
    return FALSE;
  count_uses_in_parts (record->link, &tally);
  return cobro_link_row_set_tally (tx, record->row, &tally, error);
}
