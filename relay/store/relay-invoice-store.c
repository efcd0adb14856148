/* relay/store/relay-invoice-store.c — invoices: finding, writing, what happened to them.
 * Layer: relay/store. */
#include "relay-invoice-store.h"

#include "cobro-wire-invoice.h"
#include "relay-invoice-row.h"
#include "relay-merchant-store.h"
#include "relay-row.h"

/* ── Finding ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The link that belongs to the row. */
static gboolean
read_link (CobroDb *db, RelayInvoiceRecord *record, GError **error)
{
  RelayScope scope = { record->merchant_id, record->invoice->livemode };
  CobroId id;

  if (record->invoice->kind != COBRO_INVOICE_INVOICE)
    return TRUE;
  id = cobro_invoice_link_id (&record->invoice->id);
  record->link = relay_link_find (db, &scope, &id, error);
  return record->link != NULL;
}

static RelayInvoiceRecord *
read_one (CobroDb *db, CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record =
    relay_row_found (statement, "invoice", error) ? relay_invoice_row_read (statement, error) : NULL;

  return record != NULL && read_link (db, record, error) ? g_steal_pointer (&record) : NULL;
}

static void
bind_scope (CobroDbStatement *statement, const RelayScope *scope)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
}

RelayInvoiceRecord *
relay_invoice_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT " RELAY_INVOICE_COLUMNS " FROM invoice WHERE merchant_id = :merchant AND id = :id AND livemode = :livemode",
    error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":id", id);
  return read_one (db, statement, error);
}

RelayInvoiceRecord *
relay_invoice_find_by_number (CobroDb *db, const RelayScope *scope, const char *number, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_INVOICE_COLUMNS " FROM invoice WHERE merchant_id = :merchant AND livemode = "
                      ":livemode AND number = :number AND number <> ''",
                      error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_text (statement, ":number", number);
  return read_one (db, statement, error);
}

RelayInvoiceRecord *
relay_invoice_of_link (CobroDb *db, const RelayLinkRecord *link, GError **error)
{
  RelayScope scope = { link->merchant_id, link->link->livemode };

  if (!cobro_id_is_set (&link->link->invoice_id))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no invoice is paid by this link");
      return NULL;
    }
  return relay_invoice_find (db, &scope, &link->link->invoice_id, error);
}

RelayInvoiceRecord *
relay_invoice_find_period (CobroDb *db, const RelayScope *scope, const CobroId *recurring_id, const char *period,
                           GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_INVOICE_COLUMNS " FROM invoice WHERE merchant_id = :merchant AND livemode = "
                      ":livemode AND recurring_id = :recurring AND period = :period AND recurring_id IS NOT NULL",
                      error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":recurring", recurring_id);
  cobro_db_bind_text (statement, ":period", period);
  return read_one (db, statement, error);
}

/* The rows of a statement with their links, which are looked up when all rows have been read. */
static GPtrArray *
read_all (CobroDb *db, CobroDbStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) records =
    relay_row_all (statement, (RelayRowRead)relay_invoice_row_read, (GDestroyNotify)relay_invoice_record_free, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    if (!read_link (db, records->pdata[i], error))
      return NULL;
  return g_steal_pointer (&records);
}

GPtrArray *
relay_invoice_list_due (CobroDb *db, CobroTime now, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT " RELAY_INVOICE_COLUMNS " FROM invoice WHERE look_at <= :now AND look_at IS NOT NULL "
                      "ORDER BY look_at LIMIT :limit",
                      error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":now", now);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return read_all (db, statement, error);
}

CobroInvoiceView
relay_invoice_view (const RelayInvoiceRecord *record, const char *zone, CobroTime now)
{
  CobroLinkTally none = cobro_link_tally_new (record->invoice->currency);

  return cobro_invoice_view (record->invoice, record->link != NULL ? &record->link->tally : &none, &record->tally,
                             cobro_day_of_time (now, zone), now);
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

#define LIST_MAX 100
/* A list that filters by status looks at no more rows than this for one page. */
#define LOOK_MAX 20000

/* One page under way. */
typedef struct
{
  CobroDb *db;
  const RelayScope *scope;
  const RelayInvoiceQuery *query;
  GPtrArray *records; /* (element-type RelayInvoiceRecord) */
  guint limit;
  char before[64]; /* the id of the last row looked at */
  guint looked;
} Page;

static CobroDbStatement *
prepare_list (Page *page, guint limit, GError **error)
{
  const RelayInvoiceQuery *query = page->query;
  g_autofree char *pattern = relay_row_like (query->text);
  CobroDbStatement *statement =
    cobro_db_prepare (page->db,
                      "SELECT " RELAY_INVOICE_COLUMNS " FROM invoice WHERE merchant_id = :merchant AND id < :before "
                      "AND livemode = :livemode AND (customer_id = :customer OR :customer IS NULL) "
                      "AND (decision = :decision OR :decision IS NULL) AND (kind = :kind OR :kind IS NULL) "
                      "AND (lower (number) LIKE :pattern ESCAPE '\\' OR lower (reference) LIKE :pattern ESCAPE '\\' "
                      "OR lower (buyer_name) LIKE :pattern ESCAPE '\\' OR lower (buyer_email) LIKE :pattern ESCAPE "
                      "'\\' OR :pattern IS NULL) ORDER BY id DESC LIMIT :limit",
                      error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, page->scope);
  cobro_db_bind_text (statement, ":before", page->before);
  cobro_db_bind_id (statement, ":customer", &query->customer_id);
  /* Some statuses are decisions: the database can tell. The others need the clock and the sums. */
  cobro_db_bind_text (statement, ":decision",
                      query->status == COBRO_INVOICE_IS_DRAFT           ? "draft"
                      : query->status == COBRO_INVOICE_IS_VOID          ? "void"
                      : query->status == COBRO_INVOICE_IS_UNCOLLECTIBLE ? "uncollectible"
                                                                        : NULL);
  cobro_db_bind_text (statement, ":kind", query->status == COBRO_INVOICE_IS_CREDIT_NOTE ? "credit_note" : NULL);
  cobro_db_bind_text (statement, ":pattern", pattern);
  cobro_db_bind_int64 (statement, ":limit", limit);
  return statement;
}

static gboolean
is_wanted (const RelayInvoiceRecord *record, const RelayInvoiceQuery *query)
{
  return query->status < 0 || (int)relay_invoice_view (record, query->zone, query->now).status == query->status;
}

/* Looks at the next @n rows; @out_more: the page wants more, and there may be some. */
static gboolean
read_rows (Page *page, guint n, gboolean *out_more, GError **error)
{
  g_autoptr (CobroDbStatement) statement = prepare_list (page, n, error);
  g_autoptr (GPtrArray) rows = statement != NULL ? read_all (page->db, statement, error) : NULL;
  guint taken = 0;

  if (rows == NULL)
    return FALSE;
  for (; taken < rows->len && page->records->len < page->limit; taken++)
    {
      RelayInvoiceRecord *record = rows->pdata[taken];

      g_strlcpy (page->before, record->invoice->id.text, sizeof page->before);
      if (is_wanted (record, page->query))
        g_ptr_array_add (page->records, g_steal_pointer (&rows->pdata[taken]));
    }
  page->looked += taken;
  *out_more = rows->len == n || taken < rows->len;
  return TRUE;
}

GPtrArray *
relay_invoice_list (CobroDb *db, const RelayScope *scope, const RelayInvoiceQuery *query, char **out_cursor,
                    GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_invoice_record_free);
  Page page = { db, scope, query, records, CLAMP (query->limit, 1, LIST_MAX), "~", 0 };
  gboolean more = TRUE;
  CobroId cursor;

  if (query->cursor != NULL && !cobro_id_parse (COBRO_ID_INVOICE, query->cursor, &cursor, NULL))
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

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
number_taken (const CobroInvoice *invoice, GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "number", "is another document's: \"%s\"", invoice->number);
}

/* Why an INSERT was refused: what is taken, in the caller's words. */
static gboolean
explain_taken (CobroDb *db, const RelayScope *scope, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (RelayInvoiceRecord) holder = NULL;

  if (*invoice->number != '\0')
    holder = relay_invoice_find_by_number (db, scope, invoice->number, NULL);
  if (holder != NULL && !cobro_id_equal (&holder->invoice->id, &invoice->id))
    return number_taken (invoice, error);
  g_clear_pointer (&holder, relay_invoice_record_free);
  if (cobro_id_is_set (&invoice->recurring_id))
    holder = relay_invoice_find_period (db, scope, &invoice->recurring_id, invoice->period, NULL);
  if (holder != NULL && !cobro_id_equal (&holder->invoice->id, &invoice->id))
    return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "period", "has its invoice already: \"%s\"",
                               holder->invoice->number);
  return cobro_error_set_at (error, COBRO_ERROR_EXISTS, "id", "is there already, or its place in the series is taken");
}

static gboolean
insert_row (RelayTx *tx, RelayInvoiceRecord *record, GError **error)
{
  const CobroInvoice *invoice = record->invoice;
  RelayScope scope = { record->merchant_id, invoice->livemode };
  CobroId link_id = COBRO_ID_NONE;
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!relay_row_next (tx->db, "invoice", &record->row, error) ||
      !(statement = cobro_db_prepare (
          tx->db,
          "INSERT INTO invoice (row, merchant_id, id, livemode, kind, "
          "link_id, " RELAY_INVOICE_FROZEN ", " RELAY_INVOICE_LATER ") VALUES (:row, :merchant, :id, :livemode, :kind, "
          ":link_id, " RELAY_INVOICE_FROZEN_VALUES ", " RELAY_INVOICE_LATER_VALUES ") ON CONFLICT DO NOTHING",
          error)))
    return FALSE;
  if (record->link != NULL)
    link_id = record->link->link->id;
  bind_scope (statement, &scope);
  cobro_db_bind_int64 (statement, ":row", record->row);
  cobro_db_bind_id (statement, ":id", &invoice->id);
  cobro_db_bind_text (statement, ":kind", cobro_invoice_kind_name (invoice->kind));
  cobro_db_bind_id (statement, ":link_id", &link_id);
  relay_invoice_row_bind (statement, invoice);
  relay_invoice_row_bind_later (statement, invoice, record->edited, record->look_at);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || explain_taken (tx->db, &scope, invoice, error);
}

/* Reminders and the due date are looked at while somebody still owes it. */
static CobroTime
first_look (const CobroInvoice *invoice, CobroTime now)
{
  return invoice->kind == COBRO_INVOICE_INVOICE && invoice->decision == COBRO_INVOICE_ISSUED ? now : 0;
}

/* The link is written first: the document refers to it. */
static gboolean
insert_link (RelayTx *tx, RelayInvoiceRecord *record, const CobroToken *token, GError **error)
{
  g_autoptr (CobroLink) link = cobro_invoice_to_link (record->invoice, record->tally.credited);

  if (link == NULL)
    return TRUE;
  link->rev = MAX (record->invoice->rev, 1);
  link->token = COBRO_TOKEN_NONE;
  record->link = relay_link_insert (tx, &record->merchant_id, link, token, NULL, error);
  return record->link != NULL;
}

RelayInvoiceRecord *
relay_invoice_insert (RelayTx *tx, const CobroId *merchant_id, const CobroInvoice *invoice, const CobroToken *token,
                      const char *edited, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = g_new0 (RelayInvoiceRecord, 1);

  record->merchant_id = *merchant_id;
  record->invoice = cobro_invoice_copy (invoice);
  record->invoice->token = COBRO_TOKEN_NONE;
  record->invoice->rev = MAX (invoice->rev, 1);
  record->edited = g_strdup (edited);
  record->last_reminder = G_MININT;
  record->tally.credited = cobro_money_zero (invoice->currency);
  record->look_at = first_look (invoice, tx->now);
  if (!insert_link (tx, record, token, error) || !insert_row (tx, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

/* What was issued is not written again, not even as it is. */
static gboolean
update_issued (RelayTx *tx, RelayInvoiceRecord *record, const CobroInvoice *invoice, const char *edited, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "UPDATE invoice SET (" RELAY_INVOICE_LATER ") = (" RELAY_INVOICE_LATER_VALUES ") WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  relay_invoice_row_bind_later (statement, invoice, edited, record->look_at);
  cobro_db_bind_int64 (statement, ":row", record->row);
  return cobro_db_run (statement, error);
}

/* A failed statement ends PostgreSQL's transaction: what is taken is looked for before. */
static gboolean
check_number (RelayTx *tx, RelayInvoiceRecord *record, const CobroInvoice *invoice, GError **error)
{
  RelayScope scope = { record->merchant_id, invoice->livemode };
  GError *failure = NULL;
  g_autoptr (RelayInvoiceRecord) holder = relay_invoice_find_by_number (tx->db, &scope, invoice->number, &failure);

  if (holder != NULL && holder->row != record->row)
    return number_taken (invoice, error);
  return cobro_error_forgive_not_found (failure, error);
}

static gboolean
update_draft (RelayTx *tx, RelayInvoiceRecord *record, const CobroInvoice *invoice, const char *edited, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (!check_number (tx, record, invoice, error) ||
      !(statement =
          cobro_db_prepare (tx->db,
                            "UPDATE invoice SET (" RELAY_INVOICE_FROZEN ", " RELAY_INVOICE_LATER
                            ") = (" RELAY_INVOICE_FROZEN_VALUES ", " RELAY_INVOICE_LATER_VALUES ") WHERE row = :row",
                            error)))
    return FALSE;
  relay_invoice_row_bind (statement, invoice);
  relay_invoice_row_bind_later (statement, invoice, edited, record->look_at);
  cobro_db_bind_int64 (statement, ":row", record->row);
  return cobro_db_run (statement, error);
}

static gboolean
update_link (RelayTx *tx, RelayInvoiceRecord *record, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroLink) link = cobro_invoice_to_link (invoice, record->tally.credited);

  if (link == NULL)
    return TRUE;
  link->rev = MAX (record->link->link->rev + 1, invoice->rev);
  link->token = COBRO_TOKEN_NONE;
  return relay_link_update (tx, record->link, link, NULL, error);
}

gboolean
relay_invoice_update (RelayTx *tx, RelayInvoiceRecord *record, CobroInvoice *invoice, const char *edited,
                      GError **error)
{
  record->look_at = first_look (invoice, tx->now);
  if (!(record->invoice->decision == COBRO_INVOICE_DRAFT ? update_draft : update_issued) (tx, record, invoice, edited,
                                                                                          error) ||
      !update_link (tx, record, invoice, error))
    return FALSE;
  cobro_invoice_ref (invoice);
  cobro_invoice_unref (record->invoice);
  record->invoice = invoice;
  if (edited != record->edited)
    {
      g_free (record->edited);
      record->edited = g_strdup (edited);
    }
  return TRUE;
}

/* ── What happened ──────────────────────────────────────────────────────────────────────────────────────────── */

/* @sql: a literal with :value and :row. */
static gboolean
set_number (RelayTx *tx, const RelayInvoiceRecord *record, const char *sql, gint64 value, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":value", value);
  cobro_db_bind_int64 (statement, ":row", record->row);
  return cobro_db_run (statement, error);
}

gboolean
relay_invoice_add_credit (RelayTx *tx, RelayInvoiceRecord *record, CobroMoney amount, GError **error)
{
  CobroMoney credited;

  if (!cobro_money_add (record->tally.credited, amount, &credited, error))
    return FALSE;
  if (cobro_money_compare (credited, record->invoice->totals->total) > 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "totals.total", "is more than is left of %s",
                               record->invoice->number);
  record->tally.credited = credited;
  return set_number (tx, record, "UPDATE invoice SET credited = :value WHERE row = :row", cobro_money_minor (credited),
                     error) &&
         update_link (tx, record, record->invoice, error) && relay_invoice_set_look_at (tx, record, tx->now, error);
}

/* What its page and its readers see has changed. */
static gboolean
tell (RelayTx *tx, const RelayInvoiceRecord *record, CobroEventType type, GError **error)
{
  if (record->link != NULL)
    relay_tx_touch (tx, "link", &record->link->link->id);
  return relay_invoice_append_event (tx, record, type, error);
}

gboolean
relay_invoice_set_look_at (RelayTx *tx, RelayInvoiceRecord *record, CobroTime when, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "UPDATE invoice SET look_at = :look_at WHERE row = :row", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_time (statement, ":look_at", when);
  cobro_db_bind_int64 (statement, ":row", record->row);
  record->look_at = when;
  return cobro_db_run (statement, error);
}

gboolean
relay_invoice_mark_sent (RelayTx *tx, RelayInvoiceRecord *record, GError **error)
{
  if (record->tally.sent_at == 0)
    record->tally.sent_at = tx->now;
  if (!set_number (tx, record, "UPDATE invoice SET sent_at = :value WHERE row = :row", record->tally.sent_at, error))
    return FALSE;
  return tell (tx, record, COBRO_EVENT_INVOICE_SENT, error);
}

gboolean
relay_invoice_mark_viewed (RelayTx *tx, RelayInvoiceRecord *record, GError **error)
{
  if (record->tally.viewed_at != 0)
    return TRUE;
  record->tally.viewed_at = tx->now;
  return set_number (tx, record, "UPDATE invoice SET viewed_at = :value WHERE row = :row", tx->now, error) &&
         tell (tx, record, COBRO_EVENT_INVOICE_VIEWED, error);
}

gboolean
relay_invoice_mark_reminded (RelayTx *tx, RelayInvoiceRecord *record, gint step, GError **error)
{
  record->last_reminder = MAX (record->last_reminder, step);
  return set_number (tx, record, "UPDATE invoice SET last_reminder = :value WHERE row = :row", record->last_reminder,
                     error) &&
         tell (tx, record, COBRO_EVENT_INVOICE_REMINDED, error);
}

gboolean
relay_invoice_mark_overdue (RelayTx *tx, RelayInvoiceRecord *record, GError **error)
{
  if (record->overdue_told)
    return TRUE;
  record->overdue_told = TRUE;
  return set_number (tx, record, "UPDATE invoice SET overdue_told = :value WHERE row = :row", 1, error) &&
         tell (tx, record, COBRO_EVENT_INVOICE_OVERDUE, error);
}

gboolean
relay_invoice_append_event (RelayTx *tx, const RelayInvoiceRecord *record, CobroEventType type, GError **error)
{
  RelayScope scope = { record->merchant_id, record->invoice->livemode };
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &record->merchant_id, NULL, error);
  g_autoptr (CobroInvoice) told = cobro_invoice_copy (record->invoice);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;
  CobroInvoiceView view;
  CobroWireInvoiceContext context = { .view = &view, .tally = &record->tally };

  if (merchant == NULL)
    return FALSE;
  cobro_link_set_text (&told->private_notes, "");
  view = relay_invoice_view (record, merchant->time_zone, tx->now);
  cobro_wire_invoice_write (writer, NULL, told, &context);
  object = cobro_wire_writer_take (writer);
  return relay_event_append (tx, &scope, type, &record->invoice->id, object, error);
}

/* ── Customers' credit ──────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
ask_sum (CobroDb *db, const char *sql, const RelayScope *scope, const CobroId *customer_id, CobroCurrency currency,
         gint64 *out_sum, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  cobro_db_bind_id (statement, ":customer", customer_id);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (currency));
  return relay_row_count (statement, out_sum, error);
}

#define OF_CUSTOMER                                                                                                    \
  "invoice.merchant_id = :merchant AND invoice.customer_id = :customer AND invoice.livemode = :livemode AND "          \
  "invoice.currency = :currency "

gboolean
relay_invoice_credit_of (CobroDb *db, const RelayScope *scope, const CobroId *customer_id, CobroCurrency currency,
                         CobroMoney *out_credit, GError **error)
{
  gint64 over, used;

  /* What came above what was asked, document by document … */
  if (
    !ask_sum (
      db,
      "SELECT CAST (coalesce (sum (paid - refunded - lost + invoice.credited - total), 0) AS BIGINT) AS n FROM invoice "
      "JOIN link ON link.merchant_id = invoice.merchant_id AND link.id = invoice.link_id "
      "WHERE " OF_CUSTOMER "AND paid - refunded - lost > 0 AND paid - refunded - lost + invoice.credited > total",
      scope, customer_id, currency, &over, error) ||
    /* … less what was taken from it to pay others. */
    !ask_sum (db,
              "SELECT CAST (coalesce (sum (payment.received - payment.refunded), 0) AS BIGINT) AS n FROM invoice JOIN "
              "payment ON payment.merchant_id = invoice.merchant_id AND payment.link_id = invoice.link_id "
              "WHERE " OF_CUSTOMER "AND payment.state = 'succeeded' AND payment.gateway = 'manual' AND "
              "payment.method = 'credit'",
              scope, customer_id, currency, &used, error))
    return FALSE;
  *out_credit = cobro_money (MAX (over - used, 0), currency);
  return TRUE;
}
