/* src/store/cobro-invoice-row.c — an invoice and its table row: the document, the facts and words beside it, its link,
 * and what is computed from payments and credit notes.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-store-list.h"
#include "cobro-store-private.h"

#include <string.h>

#define WORDS_MAX 4000 /* bytes of lines and notes that can be found */

/* The words of the old row leave the index, the words of the new one enter it. */
#define FORGET_WORDS                                                                                                   \
  "INSERT INTO invoice_search (invoice_search, rowid, number, reference, buyer, words) "                               \
  "SELECT 'delete', row, number, reference, buyer, words FROM invoice WHERE id = :id"
#define LEARN_WORDS                                                                                                    \
  "INSERT INTO invoice_search (rowid, number, reference, buyer, words) "                                               \
  "SELECT row, number, reference, buyer, words FROM invoice WHERE id = :id"

gboolean
cobro_store_run_for (CobroStoreTx *tx, const char *sql, const char *id, const char *text, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id);
  if (strstr (sql, ":text") != NULL)
    cobro_db_bind_text (statement, ":text", text);
  return cobro_db_run (statement, error);
}

/* ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroInvoiceRecord *
cobro_invoice_record_ref (CobroInvoiceRecord *record)
{
  g_atomic_int_inc (&record->ref_count);
  return record;
}

void
cobro_invoice_record_unref (CobroInvoiceRecord *record)
{
  if (record == NULL || !g_atomic_int_dec_and_test (&record->ref_count))
    return;
  cobro_invoice_unref (record->invoice);
  g_free (record->reason);
  g_free (record->path);
  g_free (record->problem);
  g_free (record);
}

CobroInvoiceView
cobro_invoice_record_view (CobroStore *store, const CobroInvoiceRecord *record)
{
  return cobro_invoice_view (record->invoice, &record->link_tally, &record->tally, cobro_store_today (store),
                             cobro_clock_now (cobro_store_get_clock (store)));
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

static CobroInvoiceRecord *
read_row (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  CobroInvoice *invoice = tx->codec->read_invoice (cobro_db_column_text (statement, "document"), error);
  CobroInvoiceRecord *record;
  const char *token;

  if (invoice == NULL)
    {
      g_prefix_error (error, "invoice %s: ", cobro_db_column_text (statement, "id"));
      return NULL;
    }
  invoice->rev = cobro_db_column_int64 (statement, "rev");
  token = cobro_db_column_text (statement, "token");
  if (token != NULL)
    g_strlcpy (invoice->token.text, token, sizeof invoice->token.text);

  record = g_new0 (CobroInvoiceRecord, 1);
  record->ref_count = 1;
  record->row = cobro_db_column_int64 (statement, "row");
  record->invoice = invoice;
  record->link_tally = cobro_link_row_read_tally (statement, invoice->currency);
  record->tally = (CobroInvoiceTally){ .sent_at = cobro_db_column_time (statement, "sent_at"),
                                       .viewed_at = cobro_db_column_time (statement, "viewed_at"),
                                       .credited = cobro_db_column_money (statement, "credited", invoice->currency) };
  record->state = read_state (statement);
  record->reason = g_strdup (cobro_db_column_text (statement, "reason"));
  record->path = g_strdup (cobro_db_column_text (statement, "path"));
  record->problem = g_strdup (cobro_db_column_text (statement, "problem"));
  record->sending = cobro_db_column_bool (statement, "sending");
  return record;
}

#define SELECT_RECORD                                                                                                  \
  "SELECT i.row AS row, i.id AS id, i.document AS document, i.rev AS rev, i.waiting AS waiting, "                      \
  "  i.trouble AS trouble, i.reason AS reason, i.path AS path, i.problem AS problem, i.sample AS sample, "             \
  "  i.sent_at AS sent_at, i.viewed_at AS viewed_at, i.credited AS credited, "                                         \
  "  coalesce (l.token, i.draft_token) AS token, coalesce (l.paid, 0) AS paid, coalesce (l.refunded, 0) AS refunded, " \
  "  coalesce (l.lost, 0) AS lost, coalesce (l.uses, 0) AS uses, coalesce (l.open_attempts, 0) AS open_attempts, "     \
  "  coalesce (l.processing, 0) AS processing, coalesce (l.attempts, 0) AS attempts, "                                 \
  "  coalesce (l.last_failed, 0) AS last_failed, coalesce (l.flags, 0) AS flags, "                                     \
  "  EXISTS (SELECT 1 FROM outbox WHERE object_id = i.id AND kind IN ('invoice.send', 'invoice.remind')) AS sending "  \
  "FROM invoice AS i LEFT JOIN link AS l ON l.id = i.link_id "

CobroInvoiceRecord *
cobro_invoice_row_find (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE i.id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_text (statement, ":id", id->text);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? read_row (tx, statement, error) : NULL;
}

CobroInvoiceRecord *
cobro_invoice_row_load (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, SELECT_RECORD "WHERE i.row = :row", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":row", row);
  return cobro_db_step (statement, error) == COBRO_DB_ROW ? read_row (tx, statement, error) : NULL;
}

/* ── Writing a row ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
bind_day (CobroDbStatement *statement, const char *name, const char *date)
{
  CobroDay day;

  if (date[0] != '\0' && cobro_day_from_text (date, &day, NULL))
    cobro_db_bind_int64 (statement, name, day);
  else
    cobro_db_bind_null (statement, name);
}

/* (transfer full) */
static char *
words_of (const CobroInvoice *invoice)
{
  g_autoptr (GString) words = g_string_new (invoice->notes);

  g_string_append_printf (words, "\n%s\n%s", invoice->private_notes, invoice->corrects_number);
  for (guint i = 0; i < invoice->lines->len && words->len < WORDS_MAX; i++)
    g_string_append_printf (words, "\n%s", ((const CobroInvoiceLine *)invoice->lines->pdata[i])->description);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
bind_words (CobroDbStatement *statement, const CobroInvoice *invoice)
{
  g_autofree char *words = words_of (invoice);
  g_autofree char *buyer =
    g_strjoin (" ", invoice->buyer.name, invoice->buyer.contact, invoice->buyer.email, invoice->buyer.tax_id, NULL);
  g_autofree char *sort_buyer = cobro_store_sort_text (invoice->buyer.name);

  cobro_db_bind_text (statement, ":number", invoice->number);
  cobro_db_bind_text (statement, ":reference", invoice->reference);
  cobro_db_bind_text (statement, ":buyer", buyer);
  cobro_db_bind_text (statement, ":words", words);
  cobro_db_bind_text (statement, ":sort_buyer", sort_buyer);
}

static void
bind_facts (CobroDbStatement *statement, const CobroInvoice *invoice, gboolean own)
{
  CobroMoney total = cobro_invoice_asked (invoice, COBRO_MONEY_NONE);

  cobro_db_bind_int64 (statement, ":sort_total", cobro_list_sort_amount (total));
  cobro_db_bind_int64 (statement, ":created_at", invoice->created_at);
  cobro_db_bind_int64 (statement, ":updated_at", invoice->updated_at);
  cobro_db_bind_int64 (statement, ":kind", invoice->kind);
  cobro_db_bind_int64 (statement, ":decision", invoice->decision);
  cobro_db_bind_text (statement, ":series", invoice->series);
  if (own && invoice->sequence > 0)
    cobro_db_bind_int64 (statement, ":sequence", invoice->sequence);
  else
    cobro_db_bind_null (statement, ":sequence");
  bind_day (statement, ":issue_day", invoice->issue_date);
  bind_day (statement, ":due_day", invoice->due_date);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (invoice->currency));
  cobro_db_bind_int64 (statement, ":total", cobro_money_minor (total));
  cobro_db_bind_id (statement, ":customer", &invoice->customer_id);
  cobro_db_bind_id (statement, ":corrects", &invoice->corrects_id);
  cobro_db_bind_id (statement, ":recurring", &invoice->recurring_id);
  cobro_db_bind_text (statement, ":period", invoice->period);
}

/* A number that was given out here stays ours whoever writes the row later. */
#define PUT_ROW                                                                                                        \
  "INSERT INTO invoice (id, link_id, document, draft_token, rev, number, reference, buyer, words, sort_buyer, "        \
  "  sort_total, created_at, updated_at, kind, decision, series, sequence, issue_day, due_day, currency, total, "      \
  "  customer_id, corrects_id, recurring_id, period) "                                                                 \
  "VALUES (:id, :link, :document, :token, :rev, :number, :reference, :buyer, :words, :sort_buyer, :sort_total, "       \
  "  :created_at, :updated_at, :kind, :decision, :series, :sequence, :issue_day, :due_day, :currency, :total, "        \
  "  :customer, :corrects, :recurring, :period) "                                                                      \
  "ON CONFLICT (id) DO UPDATE SET document = excluded.document, draft_token = excluded.draft_token, "                  \
  "  rev = excluded.rev, number = excluded.number, reference = excluded.reference, buyer = excluded.buyer, "           \
  "  words = excluded.words, sort_buyer = excluded.sort_buyer, sort_total = excluded.sort_total, "                     \
  "  created_at = excluded.created_at, updated_at = excluded.updated_at, kind = excluded.kind, "                       \
  "  decision = excluded.decision, series = excluded.series, sequence = coalesce (excluded.sequence, sequence), "      \
  "  issue_day = excluded.issue_day, due_day = excluded.due_day, currency = excluded.currency, "                       \
  "  total = excluded.total, customer_id = excluded.customer_id, corrects_id = excluded.corrects_id, "                 \
  "  recurring_id = excluded.recurring_id, period = excluded.period"

static gboolean
put_row (CobroStoreTx *tx, const CobroInvoice *invoice, gboolean own, GError **error)
{
  g_autofree char *document = tx->codec->write_invoice (invoice, FALSE);
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  CobroDbStatement *statement = cobro_db_prepare (tx->db, PUT_ROW, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":id", &invoice->id);
  cobro_db_bind_id (statement, ":link", &link_id);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_text (statement, ":token", cobro_token_is_set (&invoice->token) ? invoice->token.text : NULL);
  cobro_db_bind_int64 (statement, ":rev", invoice->rev);
  bind_words (statement, invoice);
  bind_facts (statement, invoice, own);
  return cobro_db_run (statement, error);
}

gboolean
cobro_invoice_row_write (CobroStoreTx *tx, const CobroInvoice *invoice, gboolean own, GError **error)
{
  return cobro_store_run_for (tx, FORGET_WORDS, invoice->id.text, NULL, error) && put_row (tx, invoice, own, error) &&
         cobro_store_run_for (tx, LEARN_WORDS, invoice->id.text, NULL, error) &&
         cobro_invoice_row_settle (tx, &invoice->id, error) &&
         (!cobro_id_is_set (&invoice->corrects_id) || cobro_invoice_row_settle (tx, &invoice->corrects_id, error));
}

gboolean
cobro_invoice_row_delete (CobroStoreTx *tx, gint64 row, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_row_load (tx, row, error);

  if (record == NULL)
    return FALSE;
  cobro_store_tx_touch_invoice (tx, row);
  return cobro_store_run_for (tx, FORGET_WORDS, record->invoice->id.text, NULL, error) &&
         cobro_store_run_for (tx, "DELETE FROM invoice WHERE id = :id", record->invoice->id.text, NULL, error);
}

/* ── What follows from it ───────────────────────────────────────────────────────────────────────────────────────── */

/* The link by which it is paid: there as soon as it is issued. From then on it has the token. */
static gboolean
write_link (CobroStoreTx *tx, const CobroInvoiceRecord *record, GError **error)
{
  g_autoptr (CobroLink) link = cobro_invoice_to_link (record->invoice, record->tally.credited);
  g_autoptr (CobroLinkRecord) known = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 row;

  if (link == NULL || record->invoice->decision == COBRO_INVOICE_DRAFT)
    return TRUE;
  known = cobro_link_row_find (tx, &link->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!cobro_store_run_for (tx, "UPDATE invoice SET draft_token = NULL WHERE id = :id", record->invoice->id.text, NULL,
                            error))
    return FALSE;
  if (known == NULL) /* its payments may have been heard of first */
    return cobro_link_row_insert (tx, link, FALSE, &row, error) && cobro_link_row_sum_up (tx, &link->id, error);
  return cobro_link_row_update (tx, known->row, link, error);
}

#define SET_STANDING                                                                                                   \
  "UPDATE invoice SET paid = :paid, refunded = :refunded, lost = :lost, processing = :processing, flags = :flags, "    \
  "  standing = :standing, owed = :owed, sort_owed = :sort_owed, credit = :credit, late_day = :late "                  \
  "WHERE row = :row"

/* At the beginning of the calendar nothing is overdue: what comes out is the standing apart from it. */
static gboolean
write_standing (CobroStoreTx *tx, const CobroInvoiceRecord *record, GError **error)
{
  CobroInvoiceView view = cobro_invoice_view (record->invoice, &record->link_tally, &record->tally, 0, tx->now);
  gboolean owing = view.status >= COBRO_INVOICE_IS_OPEN && view.status <= COBRO_INVOICE_IS_PARTIALLY_PAID;
  CobroDbStatement *statement = cobro_db_prepare (tx->db, SET_STANDING, error);
  CobroDay late;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", record->row);
  cobro_db_bind_int64 (statement, ":paid", cobro_money_minor (record->link_tally.paid));
  cobro_db_bind_int64 (statement, ":refunded", cobro_money_minor (record->link_tally.refunded));
  cobro_db_bind_int64 (statement, ":lost", cobro_money_minor (record->link_tally.lost));
  cobro_db_bind_int64 (statement, ":processing", record->link_tally.processing);
  cobro_db_bind_int64 (statement, ":flags", record->link_tally.flags);
  cobro_db_bind_int64 (statement, ":standing", view.status);
  cobro_db_bind_int64 (statement, ":owed", owing ? cobro_money_minor (view.due) : 0);
  cobro_db_bind_int64 (statement, ":sort_owed", owing ? cobro_list_sort_amount (view.due) : 0);
  cobro_db_bind_int64 (statement, ":credit", cobro_money_minor (view.credit));
  if (owing && cobro_invoice_late_after (record->invoice, view.paid, &late))
    cobro_db_bind_int64 (statement, ":late", late);
  else
    cobro_db_bind_null (statement, ":late");
  cobro_store_tx_touch_invoice (tx, record->row);
  return cobro_db_run (statement, error);
}

/* A credit note that the relay has refused, and never had, gives nothing back. */
#define SET_CREDITED                                                                                                   \
  "UPDATE invoice SET credited = (SELECT coalesce (sum (n.total), 0) FROM invoice AS n "                               \
  "  WHERE n.corrects_id = invoice.id AND n.kind = 1 AND n.decision <> 0 AND NOT (n.trouble = 1 AND n.rev = 0)) "      \
  "WHERE id = :id"

/* One that is not here yet is left to its own event. */
static CobroInvoiceRecord *
find_or_null (CobroStoreTx *tx, const CobroId *id, gboolean *out_failed, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CobroInvoiceRecord *record = cobro_invoice_row_find (tx, id, &failure);

  *out_failed = failure != NULL;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return record;
}

gboolean
cobro_invoice_row_settle (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = NULL, settled = NULL;
  gboolean failed;

  if (!cobro_store_run_for (tx, SET_CREDITED, id->text, NULL, error))
    return FALSE;
  if (!(record = find_or_null (tx, id, &failed, error)))
    return !failed;
  return write_link (tx, record, error) && (settled = cobro_invoice_row_load (tx, record->row, error)) != NULL &&
         write_standing (tx, settled, error);
}

gboolean
cobro_invoice_row_settle_link (CobroStoreTx *tx, gint64 link_row, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT i.row AS row FROM link AS l JOIN invoice AS i ON i.link_id = l.id WHERE l.row = :row AND l.invoice_id "
    "IS NOT NULL",
    error);
  g_autoptr (CobroInvoiceRecord) record = NULL;
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":row", link_row);
  if ((step = cobro_db_step (statement, error)) != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  record = cobro_invoice_row_load (tx, cobro_db_column_int64 (statement, "row"), error);
  return record != NULL && write_standing (tx, record, error);
}

/* ── Small things ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
touch (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, "SELECT row FROM invoice WHERE id = :id", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  if ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    cobro_store_tx_touch_invoice (tx, cobro_db_column_int64 (statement, "row"));
  return step != COBRO_DB_FAILED;
}

gboolean
cobro_invoice_row_note_waiting (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  return cobro_store_run_for (tx,
                              "UPDATE invoice SET waiting = EXISTS (SELECT 1 FROM outbox WHERE object_id = :id AND "
                              "kind = 'invoice.put') WHERE id = :id",
                              id->text, NULL, error) &&
         touch (tx, id, error);
}

gboolean
cobro_invoice_row_set_problem (CobroStoreTx *tx, const CobroId *id, const char *problem, GError **error)
{
  return cobro_store_run_for (tx, "UPDATE invoice SET problem = :text WHERE id = :id", id->text, problem, error) &&
         touch (tx, id, error);
}

static gboolean
settle_corrected (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "SELECT corrects_id FROM invoice WHERE id = :id AND corrects_id IS NOT NULL", error);
  CobroDbStep step;
  CobroId corrected;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  if ((step = cobro_db_step (statement, error)) != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  corrected = cobro_db_column_id (statement, "corrects_id");
  return cobro_invoice_row_settle (tx, &corrected, error);
}

gboolean
cobro_invoice_row_set_trouble (CobroStoreTx *tx, const CobroId *id, CobroTrouble trouble, const char *reason,
                               const char *path, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "UPDATE invoice SET trouble = :trouble, reason = :reason, path = :path WHERE id = :id", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":id", id->text);
  cobro_db_bind_int64 (statement, ":trouble", trouble);
  cobro_db_bind_text (statement, ":reason", reason);
  cobro_db_bind_text (statement, ":path", path);
  return cobro_db_run (statement, error) && touch (tx, id, error) && settle_corrected (tx, id, error);
}
