/* src/store/cobro-bank-store.c — account statements against the books.
 * Layer: store, on the store's threads. */
#include "config.h"
#include "cobro-bank-store.h"
#include "cobro-error.h"
#include "cobro-invoice-private.h"
#include "cobro-outbox.h"
#include "cobro-payment-store.h"
#include "cobro-store-list.h"

#include <string.h>

/* Links of one amount that are looked at: of more, the amount says nothing. */
#define LINKS_OF_AMOUNT 200

void
cobro_bank_books_free (CobroBankBooks *books)
{
  if (books == NULL)
    return;
  g_ptr_array_unref (books->targets);
  g_array_unref (books->known);
  g_free (books);
}

typedef struct
{
  GPtrArray *lines, *names, *records;
  char *name;
  gboolean ignore;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->lines, g_ptr_array_unref);
  g_clear_pointer (&job->names, g_ptr_array_unref);
  g_clear_pointer (&job->records, g_ptr_array_unref);
  g_free (job->name);
  g_free (job);
}

/* ── Known lines ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A payment that the relay refused is none; neither is one of sample data. */
#define KNOWN                                                                                                          \
  "SELECT EXISTS (SELECT 1 FROM payment WHERE substr (id, -16) = :rest AND manual = 1 AND state = 7 AND sample = 0) "  \
  "OR EXISTS (SELECT 1 FROM bank_ignored WHERE rest = :rest) AS known"

static gboolean
find_known (CobroStoreTx *tx, const CobroId *id, gboolean *out_known, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, KNOWN, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":rest", cobro_bank_line_mark (id));
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_known = cobro_db_column_bool (statement, "known");
  return TRUE;
}

static gboolean
load_known (CobroStoreTx *tx, const Job *job, GArray *known, GError **error)
{
  for (guint i = 0; i < job->names->len; i++)
    {
      CobroId id = cobro_bank_line_payment_id (job->names->pdata[i], 0, tx->now);
      gboolean found = FALSE;
      guint8 mark;

      if (!find_known (tx, &id, &found, error))
        return FALSE;
      mark = found ? 1 : 0;
      g_array_append_val (known, mark);
    }
  return TRUE;
}

/* ── Invoices ───────────────────────────────────────────────────────────────────────────────────────────────────── */

#define OWED                                                                                                           \
  "SELECT i.document AS document, i.link_id AS link_id, i.currency AS currency, i.owed AS owed, "                      \
  "  coalesce (l.paid - l.refunded - l.lost, 0) AS net "                                                               \
  "FROM invoice AS i LEFT JOIN link AS l ON l.id = i.link_id WHERE i.owed > 0 AND i.sample = 0"

/* What the plan asks for after @net was paid: what is left of the first part that is not covered. */
static CobroMoney
next_part (const CobroInvoice *invoice, CobroMoney net)
{
  CobroMoney sum = cobro_money_zero (invoice->currency), left = COBRO_MONEY_NONE;

  for (guint i = 0; invoice->partial == COBRO_PARTIAL_PLAN && i < invoice->parts->len; i++)
    {
      const CobroLinkPart *part = invoice->parts->pdata[i];

      if (!cobro_money_add (sum, part->amount, &sum, NULL))
        return COBRO_MONEY_NONE;
      if (cobro_money_compare (sum, net) > 0)
        return cobro_money_subtract (sum, net, &left, NULL) ? left : COBRO_MONEY_NONE;
    }
  return COBRO_MONEY_NONE;
}

static CobroDay
day_or_none (const char *text)
{
  CobroDay day;

  return cobro_day_from_text (text, &day, NULL) ? day : 0;
}

static CobroBankTarget *
read_invoice (CobroStoreTx *tx, CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroInvoice) invoice = tx->codec->read_invoice (cobro_db_column_text (statement, "document"), error);
  CobroBankTarget *target;

  if (invoice == NULL)
    return NULL;
  target = cobro_bank_target_new ();
  target->link_id = cobro_db_column_id (statement, "link_id");
  target->is_invoice = target->takes_parts = TRUE;
  cobro_link_set_text (&target->number, invoice->number);
  cobro_link_set_text (&target->order, invoice->reference);
  cobro_link_set_text (&target->name, invoice->buyer.name);
  target->due = cobro_db_column_money (statement, "owed", invoice->currency);
  target->part = next_part (invoice, cobro_db_column_money (statement, "net", invoice->currency));
  target->issued = day_or_none (invoice->issue_date);
  target->due_day = day_or_none (invoice->due_date);
  return target;
}

static gboolean
load_invoices (CobroStoreTx *tx, GPtrArray *targets, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, OWED, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroBankTarget *target = read_invoice (tx, statement, error);

      if (target == NULL)
        return FALSE;
      g_ptr_array_add (targets, target);
    }
  return step == COBRO_DB_DONE;
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* There may be a million links: only those that a line could be for are looked at, by amount or by reference. */
#define LINKS                                                                                                          \
  "SELECT id, title, reference, coalesce (json_extract (document, '$.customer.name'), '') AS name, currency, total, "  \
  "in_parts, "                                                                                                         \
  "  paid - refunded - lost AS net FROM link "                                                                         \
  "WHERE invoice_id IS NULL AND sample = 0 AND decision IN (1, 2) AND use_limit = 1 AND has_choice = 0 "               \
  "  AND total IS NOT NULL AND used_up = 0 AND "
#define BY_AMOUNT    LINKS "sort_amount = :amount LIMIT :limit"
#define BY_REFERENCE LINKS "reference = :reference LIMIT :limit"

static gboolean
add_link (CobroDbStatement *statement, GHashTable *seen, GPtrArray *targets)
{
  CobroCurrency currency;
  CobroBankTarget *target;
  CobroMoney net;

  if (!cobro_currency_from_code (cobro_db_column_text (statement, "currency"), &currency, NULL) ||
      !g_hash_table_add (seen, g_strdup (cobro_db_column_text (statement, "id"))))
    return TRUE;
  target = cobro_bank_target_new ();
  target->link_id = cobro_db_column_id (statement, "id");
  cobro_link_set_text (&target->number, cobro_db_column_text (statement, "reference"));
  cobro_link_set_text (&target->title, cobro_db_column_text (statement, "title"));
  cobro_link_set_text (&target->name, cobro_db_column_text (statement, "name"));
  target->takes_parts = cobro_db_column_bool (statement, "in_parts");
  target->due = cobro_db_column_money (statement, "total", currency);
  net = cobro_db_column_money (statement, "net", currency);
  if (!cobro_money_subtract (target->due, net, &target->due, NULL) || !cobro_money_is_positive (target->due))
    cobro_bank_target_free (target);
  else
    g_ptr_array_add (targets, target);
  return TRUE;
}

static gboolean
add_links (CobroDbStatement *statement, GHashTable *seen, GPtrArray *targets, GError **error)
{
  CobroDbStep step;

  cobro_db_bind_int64 (statement, ":limit", LINKS_OF_AMOUNT);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    add_link (statement, seen, targets);
  return step == COBRO_DB_DONE;
}

static gboolean
add_links_of_reference (CobroStoreTx *tx, const char *reference, GHashTable *seen, GPtrArray *targets, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, BY_REFERENCE, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":reference", reference);
  return add_links (statement, seen, targets, error);
}

/* Every word that a line's writer could have meant as a reference. */
static gboolean
add_links_named (CobroStoreTx *tx, const CobroBankLine *line, GHashTable *seen, GPtrArray *targets, GError **error)
{
  g_autofree char *all = g_strjoin (" ", line->reference, line->end_to_end, line->text, NULL);
  g_auto (GStrv) words = g_strsplit_set (all, " ,;:", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) > 2 && !add_links_of_reference (tx, words[i], seen, targets, error))
      return FALSE;
  return TRUE;
}

static gboolean
load_links (CobroStoreTx *tx, const Job *job, GPtrArray *targets, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) amounts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < job->lines->len; i++)
    {
      const CobroBankLine *line = job->lines->pdata[i];
      gint64 amount = cobro_list_sort_amount (line->amount);
      g_autoptr (CobroDbStatement) statement = NULL;

      if (!cobro_money_is_positive (line->amount))
        continue;
      if (!add_links_named (tx, line, seen, targets, error))
        return FALSE;
      if (!g_hash_table_add (amounts, g_memdup2 (&amount, sizeof amount)))
        continue;
      if (!(statement = cobro_db_prepare (tx->db, BY_AMOUNT, error)))
        return FALSE;
      cobro_db_bind_int64 (statement, ":amount", amount);
      if (!add_links (statement, seen, targets, error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroBankBooks) books = g_new0 (CobroBankBooks, 1);

  books->targets = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_target_free);
  books->known = g_array_new (FALSE, FALSE, 1);
  if (!load_known (tx, data, books->known, error) || !load_invoices (tx, books->targets, error) ||
      !load_links (tx, data, books->targets, error))
    return NULL;
  return g_steal_pointer (&books);
}

void
cobro_bank_store_load_async (CobroStore *store, GPtrArray *lines, GPtrArray *names, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->lines = g_ptr_array_ref (lines);
  job->names = g_ptr_array_ref (names);
  cobro_store_list_async (store, do_load, job, job_free, (GDestroyNotify)cobro_bank_books_free, cancellable, callback,
                          user_data);
}

CobroBankBooks *
cobro_bank_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Recording ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_record (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_record_free);

  for (guint i = 0; i < job->records->len; i++)
    {
      const CobroRecord *record = job->records->pdata[i];
      g_autoptr (CobroInvoiceChange) change = NULL;
      gboolean known = FALSE;

      if (!find_known (tx, &record->id, &known, error))
        return NULL;
      if (known)
        continue;
      change = cobro_invoice_store_record_later (tx, record, tx->now + COBRO_LINK_UNDO_TIME, error);
      if (change == NULL)
        return NULL;
      g_ptr_array_add (written, cobro_record_copy (record));
    }
  return g_steal_pointer (&written);
}

void
cobro_bank_store_record_async (CobroStore *store, GPtrArray *records, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->records = g_ptr_array_ref (records);
  cobro_store_write_async (store, do_record, job, job_free, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                           user_data);
}

GPtrArray *
cobro_bank_store_record_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

static gpointer
do_take_back (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Job *job = data;

  for (guint i = 0; i < job->records->len; i++)
    {
      const CobroRecord *record = job->records->pdata[i];

      if (!cobro_invoice_store_unrecord (tx, &record->id, &record->link_id, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

void
cobro_bank_store_take_back_async (CobroStore *store, GPtrArray *records, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->records = g_ptr_array_ref (records);
  cobro_store_write_async (store, do_take_back, job, job_free, NULL, cancellable, callback, user_data);
}

/* ── Ignoring ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_ignore (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Job *job = data;
  CobroId id = cobro_bank_line_payment_id (job->name, 0, tx->now);
  const char *sql = job->ignore ? "INSERT INTO bank_ignored (rest) VALUES (:id) ON CONFLICT DO NOTHING"
                                : "DELETE FROM bank_ignored WHERE rest = :id";

  return GINT_TO_POINTER (cobro_store_run_for (tx, sql, cobro_bank_line_mark (&id), NULL, error));
}

void
cobro_bank_store_ignore_async (CobroStore *store, const char *name, gboolean ignore, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->name = g_strdup (name);
  job->ignore = ignore;
  cobro_store_write_async (store, do_ignore, job, job_free, NULL, cancellable, callback, user_data);
}
