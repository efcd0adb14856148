/* src/store/cobro-attention-store.c — what needs attention, and the decisions about it.
 * Layer: store. */
#include "config.h"
#include "cobro-attention-private.h"
#include "cobro-error.h"

typedef struct
{
  char *mark, *problem;
  CobroDecisionState state;
} Decided;

static void
decided_free (gpointer data)
{
  Decided *decided = data;

  g_free (decided->mark);
  g_free (decided->problem);
  g_free (decided);
}

static char *
key_of (CobroMatterKind kind, const char *subject)
{
  return g_strdup_printf ("%d/%s", kind, subject);
}

gboolean
cobro_attention_look_add (CobroAttentionLook *look, CobroMatter *attention)
{
  g_autofree char *key = key_of (attention->kind, attention->subject);
  const Decided *decided = g_hash_table_lookup (look->decided, key);

  if (decided != NULL && g_str_equal (decided->mark, attention->mark))
    {
      if (decided->state != COBRO_DECISION_IS_REFUSED)
        {
          cobro_matter_unref (attention);
          return FALSE;
        }
      g_free (attention->problem);
      attention->problem = g_strdup (decided->problem);
    }
  g_ptr_array_add (look->found, attention);
  return TRUE;
}

/* ── Listing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_decided (CobroAttentionLook *look, GError **error)
{
  g_autoptr (CobroDbStatement) row =
    cobro_db_prepare (look->tx->db, "SELECT kind, subject, mark, state, problem FROM attention_decision", error);
  CobroDbStep step;

  if (row == NULL)
    return FALSE;
  while ((step = cobro_db_step (row, error)) == COBRO_DB_ROW)
    {
      Decided *decided = g_new0 (Decided, 1);

      decided->mark = g_strdup (cobro_db_column_text (row, "mark"));
      decided->problem = g_strdup (cobro_db_column_text (row, "problem"));
      decided->state = (CobroDecisionState)cobro_db_column_int64 (row, "state");
      g_hash_table_replace (
        look->decided,
        key_of ((CobroMatterKind)cobro_db_column_int64 (row, "kind"), cobro_db_column_text (row, "subject")), decided);
    }
  return step == COBRO_DB_DONE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return cobro_matter_compare (*(CobroMatter *const *)a, *(CobroMatter *const *)b);
}

static GPtrArray *
list (CobroStoreTx *tx, GError **error)
{
  g_autoptr (GHashTable) decided = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, decided_free);
  g_autoptr (GHashTable) refusing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_matter_unref);
  CobroAttentionLook look = { tx, found, decided, refusing };

  if (!read_decided (&look, error) || !cobro_attention_look_refunds (&look, error) ||
      !cobro_attention_look_payments (&look, error) || !cobro_attention_look_sums (&look, error) ||
      !cobro_attention_look_told (&look, error) || !cobro_attention_look_records (&look, error))
    return NULL;
  g_ptr_array_sort (found, compare);
  return g_steal_pointer (&found);
}

static gpointer
do_list (CobroStoreTx *tx, gpointer data, GError **error)
{
  return list (tx, error);
}

void
cobro_attention_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  cobro_store_list_async (store, do_list, NULL, NULL, (GDestroyNotify)g_ptr_array_unref, cancellable, callback,
                          user_data);
}

GPtrArray *
cobro_attention_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Deciding ───────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_attention_decision_free (CobroAttentionDecision *decision)
{
  if (decision == NULL)
    return;
  g_clear_pointer (&decision->about, cobro_matter_unref);
  g_clear_pointer (&decision->orders, g_array_unref);
  g_clear_pointer (&decision->before, cobro_link_unref);
  g_free (decision);
}

static void
touch (CobroStoreTx *tx)
{
  tx->change->kinds |= COBRO_STORE_EVENTS;
}

/* Somebody may have decided, or paid, or refunded, since it was listed. */
static gboolean
check_still (CobroStoreTx *tx, const CobroMatter *about, GError **error)
{
  g_autoptr (GPtrArray) now = list (tx, error);

  if (now == NULL)
    return FALSE;
  for (guint i = 0; i < now->len; i++)
    {
      const CobroMatter *one = now->pdata[i];

      if (one->kind == about->kind && g_str_equal (one->subject, about->subject) &&
          g_str_equal (one->mark, about->mark))
        return TRUE;
    }
  return cobro_error_set (error, COBRO_ERROR_STATE, "this has changed meanwhile: look at it again");
}

/* What the relay is asked about. */
static const char *
target_of (const CobroMatter *about)
{
  return about->kind == COBRO_MATTER_ENDPOINT || about->kind == COBRO_MATTER_DELIVERY ? about->subject
                                                                                      : about->payment_id.text;
}

static gboolean
write_down (CobroStoreTx *tx, CobroAttentionDecision *decision, GError **error)
{
  const CobroMatter *about = decision->about;
  gboolean asks = cobro_matter_way_asks_relay (decision->way);
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO attention_decision (kind, subject, mark, way, state, due, problem, target, decided_at) "
    "VALUES (:kind, :subject, :mark, :way, :state, :due, '', :target, :now) ON CONFLICT (kind, subject) DO UPDATE SET "
    "mark = excluded.mark, way = excluded.way, state = excluded.state, due = excluded.due, problem = '', "
    "target = excluded.target, decided_at = excluded.decided_at",
    error);

  if (statement == NULL)
    return FALSE;
  decision->due = asks ? tx->now + COBRO_ATTENTION_UNDO_TIME : 0;
  cobro_db_bind_int64 (statement, ":kind", about->kind);
  cobro_db_bind_text (statement, ":subject", about->subject);
  cobro_db_bind_text (statement, ":mark", about->mark);
  cobro_db_bind_int64 (statement, ":way", decision->way);
  cobro_db_bind_int64 (statement, ":state", asks ? COBRO_DECISION_IS_OPEN : COBRO_DECISION_IS_DONE);
  cobro_db_bind_int64 (statement, ":due", decision->due);
  cobro_db_bind_text (statement, ":target", target_of (about));
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

static gboolean
order (CobroStoreTx *tx, CobroAttentionDecision *decision, const CobroId *payment_id, CobroMoney amount,
       const char *reason, GError **error)
{
  g_autoptr (CobroRefundOrder) wanted = cobro_refund_order_new ();

  wanted->id = cobro_id_new (COBRO_ID_OPERATION, tx->clock, tx->random);
  wanted->payment_id = *payment_id;
  wanted->link_id = decision->about->link_id;
  wanted->amount = amount;
  wanted->due = decision->due = tx->now + COBRO_ATTENTION_UNDO_TIME;
  cobro_link_set_text (&wanted->reason, reason);
  g_array_append_val (decision->orders, wanted->id);
  return cobro_refund_order_put (tx, wanted, error);
}

/* What is too much comes from the newest payments that hold money of their own; what lacks too much to be worth it goes
 * back whole. */
static gboolean
order_from_sum (CobroStoreTx *tx, CobroAttentionDecision *decision, GError **error)
{
  const CobroMatter *about = decision->about;
  gboolean over = about->kind == COBRO_MATTER_OVER;
  g_autoptr (GArray) held =
    cobro_attention_read_held (tx, &about->link_id, cobro_money_currency (about->amount), error);
  g_autofree CobroMoney *rests = NULL;
  g_autofree CobroMoney *parts = NULL;

  if (held == NULL)
    return FALSE;
  rests = g_new0 (CobroMoney, held->len + 1);
  parts = g_new0 (CobroMoney, held->len + 1);
  for (guint i = 0; i < held->len; i++)
    {
      const CobroAttentionHeld *one = &g_array_index (held, CobroAttentionHeld, i);

      parts[i] = rests[i] = one->duplicate ? cobro_money_zero (cobro_money_currency (about->amount)) : one->rest;
    }
  if (over && !cobro_matter_spread (about->amount, rests, held->len, parts))
    return cobro_error_set (error, COBRO_ERROR_STATE, "the payments of this link hold less than that");
  for (guint i = 0; i < held->len; i++)
    if (cobro_money_is_positive (parts[i]) &&
        !order (tx, decision, &g_array_index (held, CobroAttentionHeld, i).id, parts[i],
                over ? "more than was asked" : "only a part came", error))
      return FALSE;
  return TRUE;
}

/* The order that came to nothing gives way to a new one. */
static gboolean
order_again (CobroStoreTx *tx, CobroAttentionDecision *decision, GError **error)
{
  const CobroMatter *about = decision->about;
  CobroId id = COBRO_ID_NONE;

  if (cobro_id_parse (COBRO_ID_OPERATION, about->subject, &id, NULL) && !cobro_refund_order_drop (tx, &id, error))
    return FALSE;
  return order (tx, decision, &about->payment_id, about->amount, "", error);
}

/* No more is asked for. */
static gboolean
close_link (CobroStoreTx *tx, CobroAttentionDecision *decision, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, &decision->about->link_id, error);
  g_autoptr (CobroLinkChange) change = NULL;
  g_autoptr (CobroLink) closed = NULL;

  if (record == NULL)
    return FALSE;
  if (record->link->decision == COBRO_DECISION_CANCELLED)
    return TRUE;
  closed = cobro_link_copy (record->link);
  closed->decision = COBRO_DECISION_CANCELLED;
  if (!(change = cobro_link_store_put (tx, closed, error)))
    return FALSE;
  decision->before = cobro_link_ref (record->link);
  return TRUE;
}

static gboolean
carry_out (CobroStoreTx *tx, CobroAttentionDecision *decision, GError **error)
{
  const CobroMatter *about = decision->about;

  switch (decision->way)
    {
    case COBRO_WAY_REFUND:
      if (about->kind == COBRO_MATTER_OVER || about->kind == COBRO_MATTER_PARTIAL)
        return order_from_sum (tx, decision, error);
      return order (tx, decision, &about->payment_id, about->amount,
                    about->kind == COBRO_MATTER_LATE ? "paid after the link was closed" : "paid twice", error);
    case COBRO_WAY_AGAIN:
      return order_again (tx, decision, error);
    case COBRO_WAY_CLOSE:
      return close_link (tx, decision, error) && write_down (tx, decision, error);
    case COBRO_WAY_DISMISS:
    case COBRO_WAY_KEEP:
    case COBRO_WAY_CREDIT:
    case COBRO_WAY_ANSWERED:
    case COBRO_WAY_ACCEPT:
    case COBRO_WAY_RETURN:
    case COBRO_WAY_RELEASE:
    case COBRO_WAY_REPLAY:
    case COBRO_WAY_ENABLE:
      return write_down (tx, decision, error);
    case COBRO_WAY_REMIND:
    case COBRO_WAY_COPY:
    case COBRO_WAY_SEND:
    case COBRO_WAY_MINE:
    case COBRO_WAY_THEIRS:
      break;
    }
  return cobro_error_set (error, COBRO_ERROR_STATE, "this is not decided in the books");
}

static gpointer
do_decide (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroAttentionDecision *asked = data;
  g_autoptr (CobroAttentionDecision) decision = g_new0 (CobroAttentionDecision, 1);

  decision->about = cobro_matter_ref (asked->about);
  decision->way = asked->way;
  decision->orders = g_array_new (FALSE, FALSE, sizeof (CobroId));
  touch (tx);
  if (!check_still (tx, decision->about, error) || !carry_out (tx, decision, error))
    return NULL;
  return g_steal_pointer (&decision);
}

void
cobro_attention_store_decide_async (CobroStore *store, CobroMatter *about, CobroMatterWay way,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CobroAttentionDecision *asked = g_new0 (CobroAttentionDecision, 1);

  asked->about = cobro_matter_ref (about);
  asked->way = way;
  cobro_store_write_async (store, do_decide, asked, (GDestroyNotify)cobro_attention_decision_free,
                           (GDestroyNotify)cobro_attention_decision_free, cancellable, callback, user_data);
}

CobroAttentionDecision *
cobro_attention_store_decide_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}

/* ── Taking back ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
forget (CobroStoreTx *tx, const CobroAttentionDecision *decision, GError **error)
{
  CobroDbStatement *statement = cobro_db_prepare (
    tx->db, "DELETE FROM attention_decision WHERE kind = :kind AND subject = :subject AND (due = 0 OR state = 1)",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":kind", decision->about->kind);
  cobro_db_bind_text (statement, ":subject", decision->about->subject);
  if (!cobro_db_run (statement, error))
    return FALSE;
  return cobro_db_changes (tx->db) > 0 || decision->due == 0 ||
         cobro_error_set (error, COBRO_ERROR_STATE, "the relay has done it already");
}

static gpointer
do_undo (CobroStoreTx *tx, gpointer data, GError **error)
{
  const CobroAttentionDecision *decision = data;

  touch (tx);
  if (decision->before != NULL)
    {
      g_autoptr (CobroLinkChange) change =
        cobro_link_store_undo (tx, &decision->about->link_id, decision->before, error);

      if (change == NULL)
        return NULL;
    }
  for (guint i = 0; i < decision->orders->len; i++)
    if (!cobro_refund_order_drop (tx, &g_array_index (decision->orders, CobroId, i), error))
      return NULL;
  return GINT_TO_POINTER (decision->orders->len > 0 || forget (tx, decision, error));
}

void
cobro_attention_store_undo_async (CobroStore *store, const CobroAttentionDecision *decision,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  CobroAttentionDecision *copy = g_memdup2 (decision, sizeof *decision);

  cobro_matter_ref (copy->about);
  g_array_ref (copy->orders);
  if (copy->before != NULL)
    cobro_link_ref (copy->before);
  cobro_store_write_async (store, do_undo, copy, (GDestroyNotify)cobro_attention_decision_free, NULL, NULL, callback,
                           user_data);
}

gboolean
cobro_attention_store_undo_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error) != NULL;
}

/* ── The other side of a conflict ───────────────────────────────────────────────────────────────────────────────── */

/* Every field of the newest conflict that lost gets the value that was put aside. */
static char *
read_other_document (CobroStoreTx *tx, const CobroId *id, GError **error)
{
  g_autoptr (CobroDbStatement) row =
    cobro_db_prepare (tx->db,
                      "WITH RECURSIVE lost AS (SELECT row_number () OVER (ORDER BY row) AS n, member, other_value "
                      "  FROM history WHERE object_id = :id AND type = 'conflict.merged' AND occurred_at = "
                      "  (SELECT max (occurred_at) FROM history WHERE object_id = :id)), "
                      "swapped (n, document) AS (SELECT 0, document FROM link WHERE id = :id UNION ALL "
                      "  SELECT lost.n, json_set (document, '$.' || member, json (other_value)) "
                      "  FROM swapped JOIN lost ON lost.n = swapped.n + 1) "
                      "SELECT document FROM swapped ORDER BY n DESC LIMIT 1",
                      error);

  if (row == NULL)
    return NULL;
  cobro_db_bind_id (row, ":id", id);
  switch (cobro_db_step (row, error))
    {
    case COBRO_DB_ROW:
      return g_strdup (cobro_db_column_text (row, "document"));
    case COBRO_DB_DONE:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no such link");
      return NULL;
    case COBRO_DB_FAILED:
      return NULL;
    }
  return NULL;
}

static gpointer
do_read_other (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLinkRecord) record = cobro_link_store_find (tx, data, error);
  g_autofree char *document = record != NULL ? read_other_document (tx, data, error) : NULL;
  CobroLink *link = document != NULL ? tx->codec->read_link (document, error) : NULL;

  if (link != NULL)
    {
      link->token = record->link->token;
      link->rev = record->link->rev;
    }
  return link;
}

CobroLink *
cobro_attention_store_read_other (CobroStore *store, const CobroId *link_id, GError **error)
{
  CobroId id = *link_id;

  return cobro_store_read (store, do_read_other, &id, error);
}

/* ── What the relay is still to be asked for ────────────────────────────────────────────────────────────────────── */

void
cobro_attention_errand_free (CobroAttentionErrand *errand)
{
  if (errand == NULL)
    return;
  g_free (errand->subject);
  g_free (errand->target);
  g_free (errand);
}

static gpointer
do_list_errands (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) errands = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_attention_errand_free);
  g_autoptr (CobroDbStatement) row = cobro_db_prepare (
    tx->db, "SELECT kind, subject, target, way, due FROM attention_decision WHERE state = 1 ORDER BY due", error);
  CobroDbStep step;

  if (row == NULL)
    return NULL;
  while ((step = cobro_db_step (row, error)) == COBRO_DB_ROW)
    {
      CobroAttentionErrand *errand = g_new0 (CobroAttentionErrand, 1);

      *errand = (CobroAttentionErrand){ .kind = (CobroMatterKind)cobro_db_column_int64 (row, "kind"),
                                        .subject = g_strdup (cobro_db_column_text (row, "subject")),
                                        .target = g_strdup (cobro_db_column_text (row, "target")),
                                        .way = (CobroMatterWay)cobro_db_column_int64 (row, "way"),
                                        .due = cobro_db_column_int64 (row, "due") };
      g_ptr_array_add (errands, errand);
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&errands) : NULL;
}

GPtrArray *
cobro_attention_store_errands (CobroStore *store, GError **error)
{
  return cobro_store_read (store, do_list_errands, NULL, error);
}

typedef struct
{
  const CobroAttentionErrand *errand;
  const char *problem;
} Settling;

static gpointer
do_settle (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Settling *settling = data;
  CobroDbStatement *statement = cobro_db_prepare (tx->db,
                                                  "UPDATE attention_decision SET state = :state, problem = :problem "
                                                  "WHERE kind = :kind AND subject = :subject AND state = 1",
                                                  error);

  touch (tx);
  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":state",
                       settling->problem != NULL ? COBRO_DECISION_IS_REFUSED : COBRO_DECISION_IS_DONE);
  cobro_db_bind_text (statement, ":problem", settling->problem != NULL ? settling->problem : "");
  cobro_db_bind_int64 (statement, ":kind", settling->errand->kind);
  cobro_db_bind_text (statement, ":subject", settling->errand->subject);
  return GINT_TO_POINTER (cobro_db_run (statement, error));
}

gboolean
cobro_attention_store_settle (CobroStore *store, const CobroAttentionErrand *errand, const char *problem,
                              GError **error)
{
  Settling settling = { errand, problem };

  return cobro_store_write (store, do_settle, &settling, error) != NULL;
}
