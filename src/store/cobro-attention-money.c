/* src/store/cobro-attention-money.c — attention that payments, their refunds and their sums raise.
 * Layer: store. Inside a job. */
#include "config.h"
#include "cobro-attention-private.h"
#include "cobro-error.h"

/* The statements below name numbers. */
G_STATIC_ASSERT (COBRO_PAYMENT_SUCCEEDED == 7 && COBRO_REFUND_FAILED == 2 && COBRO_REFUND_PENDING == 0);
G_STATIC_ASSERT (COBRO_REFUND_ORDER_WAITING == 0 && COBRO_REFUND_ORDER_ASKED == 1 && COBRO_REFUND_ORDER_ANSWERED == 2);
G_STATIC_ASSERT (COBRO_FLAG_LATE == 1 && COBRO_FLAG_DUPLICATE == 8 && COBRO_FLAG_DISPUTED == 32);
G_STATIC_ASSERT (COBRO_FLAG_QUARANTINED == 64 && COBRO_PAID_PARTIALLY == 2 && COBRO_PAID_OVERPAID == 4);
G_STATIC_ASSERT (COBRO_INVOICE_IS_PARTIALLY_PAID == 4 && COBRO_INVOICE_IS_OVERPAID == 6 && COBRO_INVOICE_IS_VOID == 9);

/* What went back or is on its way from payment p; and of that what is on its way. An order counts until the feed has
 * told its refund. */
#define ORDERED                                                                                                        \
  "(SELECT coalesce (sum (o.amount), 0) FROM refund_order AS o WHERE o.payment_id = p.id AND o.state IN (0, 1, 2) "    \
  "  AND (o.refund_id IS NULL OR o.refund_id NOT IN (SELECT id FROM refund WHERE payment_id = p.id)))"
#define GONE                                                                                                           \
  "(SELECT coalesce (sum (r.amount), 0) FROM refund AS r WHERE r.payment_id = p.id AND r.state <> 2) + " ORDERED
#define LEAVING                                                                                                        \
  "(SELECT coalesce (sum (r.amount), 0) FROM refund AS r WHERE r.payment_id = p.id AND r.state = 0) + " ORDERED
/* Whose it is, in words. */
#define FROM_PAYMENT                                                                                                   \
  "FROM payment AS p LEFT JOIN link AS l ON l.id = p.link_id LEFT JOIN invoice AS i ON i.link_id = p.link_id "         \
  "LEFT JOIN customer AS c ON c.id = p.customer_id "
#define NAMES                                                                                                          \
  "coalesce (nullif (i.number, ''), l.title, '') AS title, i.id AS invoice_id, "                                       \
  "coalesce (json_extract (i.document, '$.buyer.name'), json_extract (c.document, '$.name'), "                         \
  "  nullif (json_extract (l.document, '$.customer.name'), ''), nullif (json_extract (p.document, '$.payer.name'), "   \
  "  ''), json_extract (p.document, '$.payer.email'), '') AS who"

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value != NULL ? value : "");
}

static void
read_names (CobroDbStatement *row, CobroMatter *attention)
{
  set_text (&attention->title, cobro_db_column_text (row, "title"));
  set_text (&attention->who, cobro_db_column_text (row, "who"));
  attention->invoice_id = cobro_db_column_id (row, "invoice_id");
}

/* ── Refunds that came to nothing ───────────────────────────────────────────────────────────────────────────────── */

#define SELECT_REFUSED                                                                                                 \
  "SELECT o.id AS id, o.payment_id AS payment_id, o.link_id AS link_id, o.currency AS currency, "                      \
  "  o.amount AS amount, o.problem AS reason, o.state = 4 AS unclear, o.created_at AS since, p.manual AS manual, "     \
  "  " NAMES " FROM refund_order AS o JOIN payment AS p ON p.id = o.payment_id "                                       \
  "LEFT JOIN link AS l ON l.id = p.link_id LEFT JOIN invoice AS i ON i.link_id = p.link_id "                           \
  "LEFT JOIN customer AS c ON c.id = p.customer_id WHERE o.state <> 2 AND o.state IN (3, 4) "                          \
  "UNION ALL "                                                                                                         \
  "SELECT f.id, f.payment_id, p.link_id, f.currency, f.amount, "                                                       \
  "  coalesce (json_extract (f.document, '$.failureMessage'), json_extract (f.document, '$.failure.message'), ''), "   \
  "  0, f.updated_at, p.manual, " NAMES " FROM refund AS f JOIN payment AS p ON p.id = f.payment_id "                  \
  "LEFT JOIN link AS l ON l.id = p.link_id LEFT JOIN invoice AS i ON i.link_id = p.link_id "                           \
  "LEFT JOIN customer AS c ON c.id = p.customer_id WHERE f.state = 2 "                                                 \
  "  AND coalesce (p.received, 0) - p.lost - (" GONE ") >= f.amount "                                                  \
  "ORDER BY since DESC LIMIT :limit"

static gboolean
read_refused (CobroAttentionLook *look, CobroDbStatement *row, GError **error)
{
  CobroMatter *attention;
  CobroCurrency currency;
  CobroId payment_id;

  if (!cobro_currency_from_code (cobro_db_column_text (row, "currency"), &currency, error))
    return FALSE;
  attention = cobro_matter_new (COBRO_MATTER_REFUND, cobro_db_column_text (row, "id"));
  attention->payment_id = cobro_db_column_id (row, "payment_id");
  attention->link_id = cobro_db_column_id (row, "link_id");
  attention->amount = cobro_money (cobro_db_column_int64 (row, "amount"), currency);
  attention->since = cobro_db_column_time (row, "since");
  attention->is_unclear = cobro_db_column_bool (row, "unclear");
  attention->by_hand = cobro_db_column_int64 (row, "manual") > 0;
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  read_names (row, attention);
  payment_id = attention->payment_id;
  if (cobro_attention_look_add (look, attention))
    g_hash_table_add (look->refusing, g_strdup (payment_id.text));
  return TRUE;
}

gboolean
cobro_attention_look_refunds (CobroAttentionLook *look, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (look->tx->db, SELECT_REFUSED, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":limit", COBRO_ATTENTION_MAX);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!read_refused (look, statement, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The newest message that was set aside about a payment: how much it was about, and why it did not fit. */
#define SELECT_ASIDE                                                                                                   \
  "SELECT sequence, occurred_at, json_extract (object, '$.reason') AS reason, "                                        \
  "  json_extract (object, '$.fact.kind') AS kind, json_extract (object, '$.fact.amount') AS amount, "                 \
  "  json_extract (object, '$.fact.currency') AS currency FROM event "                                                 \
  "WHERE type = 'provider.quarantined' AND object_id = :payment ORDER BY sequence DESC LIMIT 1"

/* FALSE without an error: none is known. */
static gboolean
read_aside (CobroAttentionLook *look, CobroMatter *attention, gboolean *out_charge, GError **error)
{
  g_autoptr (CobroDbStatement) row = cobro_db_prepare (look->tx->db, SELECT_ASIDE, error);
  CobroCurrency currency;
  const char *code;
  CobroDbStep step;

  *out_charge = FALSE;
  if (row == NULL)
    return FALSE;
  cobro_db_bind_id (row, ":payment", &attention->payment_id);
  if ((step = cobro_db_step (row, error)) != COBRO_DB_ROW)
    return step == COBRO_DB_DONE;
  attention->since = cobro_db_column_time (row, "occurred_at");
  g_free (attention->mark);
  attention->mark = g_strdup_printf ("%" G_GINT64_FORMAT, cobro_db_column_int64 (row, "sequence"));
  set_text (&attention->reason, cobro_db_column_text (row, "reason"));
  code = cobro_db_column_text (row, "currency");
  if (code != NULL && !cobro_db_column_is_null (row, "amount") && cobro_currency_from_code (code, &currency, NULL))
    attention->amount = cobro_money (cobro_db_column_int64 (row, "amount"), currency);
  *out_charge = g_strcmp0 (cobro_db_column_text (row, "kind"), "succeeded") == 0;
  return TRUE;
}

/* One of the kinds that a payment raises. */
static gboolean
add_payment (CobroAttentionLook *look, CobroDbStatement *row, const CobroPayment *payment, const CobroMatterPaid *paid,
             CobroMatterKind kind, GError **error)
{
  g_autoptr (CobroMatter) attention = cobro_matter_new (kind, payment->id.text);
  gboolean charge;

  attention->payment_id = payment->id;
  attention->link_id = payment->link_id;
  attention->total = payment->amount;
  attention->amount = paid->rest;
  attention->since = cobro_db_column_time (row, "since");
  attention->by_hand = cobro_db_column_int64 (row, "manual") > 0;
  read_names (row, attention);
  switch (kind)
    {
    case COBRO_MATTER_DISPUTE:
      attention->due = payment->dispute_due;
      attention->since = payment->updated_at;
      g_free (attention->mark);
      attention->mark = g_strdup_printf ("%" G_GINT64_FORMAT, payment->dispute_due);
      break;
    case COBRO_MATTER_DISPUTE_LOST:
      attention->amount = payment->lost;
      attention->since = payment->updated_at;
      break;
    case COBRO_MATTER_SECOND_CHARGE:
    case COBRO_MATTER_MISMATCH:
    case COBRO_MATTER_SET_ASIDE:
      attention->amount = COBRO_MONEY_NONE;
      if (!read_aside (look, attention, &charge, error))
        return FALSE;
      break;
    case COBRO_MATTER_DUPLICATE:
    case COBRO_MATTER_LATE:
    case COBRO_MATTER_REFUND:
    case COBRO_MATTER_OVER:
    case COBRO_MATTER_PARTIAL:
    case COBRO_MATTER_MAIL:
    case COBRO_MATTER_COMMAND:
    case COBRO_MATTER_ENDPOINT:
    case COBRO_MATTER_DELIVERY:
    case COBRO_MATTER_CONFLICT:
    case COBRO_MATTER_REJECTED:
      break;
    }
  cobro_attention_look_add (look, g_steal_pointer (&attention));
  return TRUE;
}

/* What there is to know about the payment that @row stands on. */
static gboolean
read_paid (CobroAttentionLook *look, CobroDbStatement *row, const CobroPayment *payment, CobroMatterPaid *out_paid,
           GError **error)
{
  g_autoptr (CobroMatter) aside = cobro_matter_new (COBRO_MATTER_SET_ASIDE, payment->id.text);
  CobroCurrency currency =
    cobro_money_currency (cobro_money_is_set (payment->received) ? payment->received : payment->amount);
  CobroMoney gone = cobro_money (cobro_db_column_int64 (row, "gone"), currency);

  *out_paid = (CobroMatterPaid){ .state = payment->state, .flags = payment->flags, .lost = payment->lost };
  out_paid->rest = COBRO_MONEY_NONE;
  if (cobro_money_is_set (payment->received) &&
      (!cobro_money_subtract (payment->received, gone, &out_paid->rest, error) ||
       !cobro_money_subtract (out_paid->rest, cobro_money (cobro_money_minor (payment->lost), currency),
                              &out_paid->rest, error)))
    return FALSE;
  if ((payment->flags & COBRO_FLAG_QUARANTINED) == 0)
    return TRUE;
  aside->payment_id = payment->id;
  return read_aside (look, aside, &out_paid->is_charge, error);
}

static gboolean
look_at_payment (CobroAttentionLook *look, CobroDbStatement *row, GError **error)
{
  g_autoptr (CobroPayment) payment = look->tx->codec->read_payment (cobro_db_column_text (row, "document"), error);
  CobroMatterPaid paid;
  guint raised;

  if (payment == NULL || !read_paid (look, row, payment, &paid, error))
    return FALSE;
  raised = cobro_matter_of_payment (&paid);
  if (g_hash_table_contains (look->refusing, payment->id.text)) /* said with the refund that came to nothing */
    raised &= ~(1u << COBRO_MATTER_DUPLICATE | 1u << COBRO_MATTER_LATE);
  for (guint kind = 0; kind < COBRO_MATTER_N_KINDS; kind++)
    if ((raised & 1u << kind) != 0 && !add_payment (look, row, payment, &paid, (CobroMatterKind)kind, error))
      return FALSE;
  return TRUE;
}

gboolean
cobro_attention_look_payments (CobroAttentionLook *look, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    look->tx->db,
    "SELECT p.document AS document, p.manual AS manual, coalesce (p.paid_at, p.created_at) AS since, " GONE
    " AS gone, " NAMES " " FROM_PAYMENT
    "WHERE (p.flags <> 0 OR p.state = 4) AND (p.flags & 96 <> 0 OR p.flags & 9 <> 0 "
    "  AND p.state = 7 AND p.received > p.refunded + p.lost) ORDER BY p.created_at DESC LIMIT :limit",
    error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":limit", COBRO_ATTENTION_MAX);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!look_at_payment (look, statement, error))
      return FALSE;
  return step == COBRO_DB_DONE;
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

GArray *
cobro_attention_read_held (CobroStoreTx *tx, const CobroId *link_id, CobroCurrency currency, GError **error)
{
  g_autoptr (GArray) held = g_array_new (FALSE, FALSE, sizeof (CobroAttentionHeld));
  g_autoptr (CobroDbStatement) row = cobro_db_prepare (
    tx->db,
    "SELECT p.id AS id, p.flags & 8 AS duplicate, p.manual > 0 AS manual, " LEAVING " AS leaving, "
    "  p.received - p.lost - (" GONE ") AS rest FROM payment AS p WHERE p.link_id = :link AND p.state = 7 "
    "  AND p.received_currency = :currency ORDER BY p.created_at DESC, p.row DESC LIMIT :limit",
    error);
  CobroDbStep step;

  if (row == NULL)
    return NULL;
  cobro_db_bind_id (row, ":link", link_id);
  cobro_db_bind_text (row, ":currency", cobro_currency_code (currency));
  cobro_db_bind_int64 (row, ":limit", COBRO_ATTENTION_MAX);
  while ((step = cobro_db_step (row, error)) == COBRO_DB_ROW)
    {
      CobroAttentionHeld one = { .id = cobro_db_column_id (row, "id"),
                                 .rest = cobro_money (cobro_db_column_int64 (row, "rest"), currency),
                                 .leaving = cobro_money (cobro_db_column_int64 (row, "leaving"), currency),
                                 .duplicate = cobro_db_column_bool (row, "duplicate"),
                                 .by_hand = cobro_db_column_bool (row, "manual") };

      g_array_append_val (held, one);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&held) : NULL;
}

/* What is there, and what of it is spoken for. */
static gboolean
sum_held (const GArray *held, CobroMatterSum *sum, CobroMatter *attention, GError **error)
{
  for (guint i = 0; i < held->len; i++)
    {
      const CobroAttentionHeld *one = &g_array_index (held, CobroAttentionHeld, i);

      if (!cobro_money_add (sum->leaving, one->leaving, &sum->leaving, error) ||
          (one->duplicate && !cobro_money_add (sum->apart, one->rest, &sum->apart, error)))
        return FALSE;
      if (!one->duplicate && !cobro_id_is_set (&attention->payment_id) && cobro_money_is_positive (one->rest))
        {
          attention->payment_id = one->id;
          attention->by_hand = one->by_hand;
        }
    }
  return TRUE;
}

/* Takes @attention, whose kind is not known yet. @tally: of @link_id; @asked: unset: nothing certain. */
static gboolean
look_at_sum (CobroAttentionLook *look, CobroMatter *take_attention, const CobroLinkTally *tally, CobroMoney asked,
             GError **error)
{
  g_autoptr (CobroMatter) attention = take_attention;
  CobroCurrency currency = cobro_money_currency (tally->paid);
  CobroMatterSum sum = {
    .asked = asked, .paid = tally->paid, .leaving = cobro_money_zero (currency), .apart = cobro_money_zero (currency)
  };
  g_autoptr (GArray) held = NULL;

  if (!cobro_money_is_set (asked))
    return TRUE;
  if (!(held = cobro_attention_read_held (look->tx, &attention->link_id, currency, error)) ||
      !sum_held (held, &sum, attention, error) ||
      !cobro_money_subtract (tally->paid, tally->refunded, &sum.net, error) ||
      !cobro_money_subtract (sum.net, tally->lost, &sum.net, error))
    return FALSE;
  attention->total = asked;
  if (!cobro_matter_of_sum (&sum, &attention->kind, &attention->amount))
    return TRUE;
  g_free (attention->mark);
  attention->mark = g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, cobro_money_minor (attention->amount),
                                     cobro_money_minor (asked));
  cobro_attention_look_add (look, g_steal_pointer (&attention));
  return TRUE;
}

static gboolean
look_at_link (CobroAttentionLook *look, const CobroId *id, CobroTime since, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_row_find (look->tx, id, error);
  CobroMatter *attention;
  CobroMoney asked = COBRO_MONEY_NONE, total;

  if (record == NULL)
    return FALSE;
  if (record->state == COBRO_RECORD_SAMPLE)
    return TRUE;
  if (!cobro_link_has_choice (record->link) && cobro_link_total (record->link, &total, NULL) &&
      !cobro_money_scale (total, MAX (record->tally.uses, 1), 1, COBRO_ROUND_HALF_UP, &asked, NULL))
    return TRUE;
  attention = cobro_matter_new (COBRO_MATTER_OVER, id->text);
  attention->link_id = *id;
  attention->since = since;
  set_text (&attention->title, record->link->title);
  set_text (&attention->who, record->link->customer_name);
  if (record->link->decision == COBRO_DECISION_ACTIVE)
    attention->due = record->link->expires_at > look->tx->now ? record->link->expires_at : 0;
  return look_at_sum (look, attention, &record->tally, asked, error);
}

/* Whether part payments are what was agreed on, and none is late. */
static gboolean
is_on_time (CobroAttentionLook *look, const CobroInvoiceRecord *record)
{
  CobroDay late;
  CobroMoney paid = record->link_tally.paid;

  return record->invoice->parts->len > 0 && cobro_invoice_late_after (record->invoice, paid, &late) &&
         late >= look->tx->today;
}

static gboolean
look_at_invoice (CobroAttentionLook *look, gint64 row, CobroTime since, GError **error)
{
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_row_load (look->tx, row, error);
  CobroMatter *attention;
  CobroMoney asked;
  CobroDay late;

  if (record == NULL)
    return FALSE;
  if (record->state == COBRO_RECORD_SAMPLE || is_on_time (look, record))
    return TRUE;
  asked = record->invoice->totals->total;
  if (cobro_money_is_set (record->tally.credited) &&
      !cobro_money_subtract (asked, record->tally.credited, &asked, error))
    return FALSE;
  attention = cobro_matter_new (COBRO_MATTER_OVER, record->invoice->id.text);
  attention->invoice_id = record->invoice->id;
  attention->link_id = cobro_invoice_link_id (&record->invoice->id);
  attention->since = since;
  attention->has_customer = cobro_id_is_set (&record->invoice->customer_id);
  attention->may_remind = record->tally.sent_at != 0;
  set_text (&attention->title, record->invoice->number);
  set_text (&attention->who, record->invoice->buyer.name);
  if (cobro_invoice_late_after (record->invoice, record->link_tally.paid, &late))
    attention->due = cobro_day_begins_at (late + 1, look->tx->zone);
  return look_at_sum (look, attention, &record->link_tally, asked, error);
}

/* @sql gives row or id, and since. */
static gboolean
look_through (CobroAttentionLook *look, const char *sql, gboolean invoices, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (look->tx->db, sql, error);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (CobroId));
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":limit", COBRO_ATTENTION_MAX);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId id = cobro_db_column_id (statement, "id");
      gint64 row = cobro_db_column_int64 (statement, "row"), since = cobro_db_column_int64 (statement, "since");

      g_array_append_val (found, id);
      g_array_append_val (rows, row);
      g_array_append_val (times, since);
    }
  for (guint i = 0; step == COBRO_DB_DONE && i < found->len; i++)
    if (!(invoices ? look_at_invoice (look, g_array_index (rows, gint64, i), g_array_index (times, gint64, i), error)
                   : look_at_link (look, &g_array_index (found, CobroId, i), g_array_index (times, gint64, i), error)))
      return FALSE;
  return step == COBRO_DB_DONE;
}

#define LAST_PAID(link)                                                                                                \
  "coalesce ((SELECT max (coalesce (paid_at, created_at)) FROM payment WHERE link_id = " link                          \
  " AND state = 7), created_at)"

gboolean
cobro_attention_look_sums (CobroAttentionLook *look, GError **error)
{
  return look_through (
           look,
           "SELECT row, id, " LAST_PAID (
             "link.id") " AS since FROM link WHERE attention = 1 AND "
                        "invoice_id IS NULL AND paid_status IN (2, 4) AND sample = 0 ORDER BY created_at DESC "
                        "LIMIT :limit",
           FALSE, error) &&
         look_through (
           look,
           "SELECT row, id, " LAST_PAID (
             "invoice.link_id") " AS since FROM invoice "
                                "WHERE standing IN (4, 6, 9) AND paid > refunded + lost AND kind = 0 AND sample = 0 "
                                "ORDER BY row DESC LIMIT :limit",
           TRUE, error);
}
