/* src/store/cobro-overview-store.c — how the business stands. Every statement here reads a counter or a part of an
 * index, so that a million links cost what a hundred do.
 * Layer: store. */
#include "config.h"
#include "cobro-overview-store.h"
#include <string.h>
#include "cobro-link-store.h"
#include "cobro-refund.h"
#include "cobro-store-private.h"

/* What table takings counts in. */
#define SLOT             (15 * COBRO_MINUTE)
/* Events are looked for among the newest ones only: a log may hold millions that nobody wants to see here. */
#define EVENTS_LOOKED_AT 2000

/* The statements below name states by number. */
G_STATIC_ASSERT (COBRO_REFUND_SUCCEEDED == 1);

static void
event_free (gpointer data)
{
  CobroOverviewEvent *event = data;

  cobro_timeline_entry_free (event->entry);
  g_free (event->about);
  g_free (event);
}

void
cobro_overview_figures_free (CobroOverviewFigures *figures)
{
  if (figures == NULL)
    return;
  g_array_unref (figures->takings);
  g_array_unref (figures->owed);
  g_ptr_array_unref (figures->events);
  g_free (figures);
}

static CobroOverviewFigures *
figures_new (CobroStoreTx *tx)
{
  CobroOverviewFigures *figures = g_new0 (CobroOverviewFigures, 1);
  int year, month, day;

  cobro_day_to_parts (tx->today, &year, &month, &day);
  figures->today = tx->today;
  figures->takings = g_array_new (FALSE, TRUE, sizeof (CobroOverviewTakings));
  figures->owed = g_array_new (FALSE, TRUE, sizeof (CobroOverviewOwed));
  figures->events = g_ptr_array_new_with_free_func (event_free);
  for (int i = 0; i < COBRO_OVERVIEW_MONTHS; i++)
    {
      CobroOverviewMonth *at = &figures->months[i];
      CobroDay first = cobro_day_add_months (cobro_day_from_parts (year, month, 1), i - (COBRO_OVERVIEW_MONTHS - 1), 1);

      cobro_day_to_parts (first, &at->year, &at->month, &day);
      at->from = cobro_day_begins_at (first, tx->zone);
      at->to = cobro_day_begins_at (cobro_day_add_months (first, 1, 1), tx->zone);
    }
  return figures;
}

/* ── What came and went ─────────────────────────────────────────────────────────────────────────────────────────── */

#define CAME                                                                                                           \
  "SELECT currency, sum (came) AS amount, sum (n) AS n FROM takings WHERE slot >= :from AND slot < :to "               \
  "GROUP BY currency HAVING sum (n) > 0 ORDER BY currency"
/* Credit that was given back after it had paid for something is no money, either. */
#define BACK                                                                                                           \
  "SELECT currency, sum (amount) AS amount, 0 AS n FROM ("                                                             \
  "  SELECT r.currency AS currency, r.amount AS amount FROM refund AS r LEFT JOIN payment AS p ON p.id = "             \
  "r.payment_id "                                                                                                      \
  "    WHERE r.state = 1 AND r.created_at >= :from AND r.created_at < :to "                                            \
  "    AND coalesce (p.manual, 0) <> 2 AND coalesce (p.sample, 0) = 0 "                                                \
  "  UNION ALL SELECT currency, lost FROM payment "                                                                    \
  "    WHERE lost > 0 AND updated_at >= :from AND updated_at < :to AND manual <> 2 AND sample = 0) "                   \
  "GROUP BY currency ORDER BY currency"

/* The row of a currency; rows stay ordered by code. Lent until the next call. */
static CobroOverviewTakings *
takings_of (GArray *all, CobroCurrency currency)
{
  CobroOverviewTakings takings = { .currency = currency, .by_this_day = cobro_money_zero (currency) };
  guint at = 0;

  for (; at < all->len; at++)
    {
      CobroOverviewTakings *one = &g_array_index (all, CobroOverviewTakings, at);
      int order = strcmp (cobro_currency_code (one->currency), cobro_currency_code (currency));

      if (order == 0)
        return one;
      if (order > 0)
        break;
    }
  for (int i = 0; i < COBRO_OVERVIEW_MONTHS; i++)
    takings.came[i] = takings.back[i] = cobro_money_zero (currency);
  g_array_insert_val (all, at, takings);
  return &g_array_index (all, CobroOverviewTakings, at);
}

/* Where one sum of a period goes. */
typedef enum
{
  INTO_CAME,
  INTO_BACK,
  INTO_BY_THIS_DAY,
} Into;

static void
put (CobroOverviewTakings *takings, Into into, int month, CobroMoney amount, gint64 n)
{
  switch (into)
    {
    case INTO_CAME:
      takings->came[month] = amount;
      takings->n[month] = n;
      break;
    case INTO_BACK:
      takings->back[month] = amount;
      break;
    case INTO_BY_THIS_DAY:
      takings->by_this_day = amount;
      break;
    }
}

static gboolean
add_sums (CobroStoreTx *tx, CobroOverviewFigures *figures, Into into, int month, CobroTime from, CobroTime to,
          GError **error)
{
  gint64 unit = into == INTO_BACK ? 1 : SLOT;
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, into == INTO_BACK ? BACK : CAME, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":from", from / unit);
  cobro_db_bind_int64 (rows, ":to", to / unit);
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    {
      CobroCurrency currency;

      if (!cobro_currency_from_code (cobro_db_column_text (rows, "currency"), &currency, error))
        return FALSE;
      put (takings_of (figures->takings, currency), into, month, cobro_db_column_money (rows, "amount", currency),
           cobro_db_column_int64 (rows, "n"));
    }
  return step == COBRO_DB_DONE;
}

static gboolean
add_takings (CobroStoreTx *tx, CobroOverviewFigures *figures, GError **error)
{
  CobroDay same_day = cobro_day_add_months (tx->today, -1, 0);

  for (int i = 0; i < COBRO_OVERVIEW_MONTHS; i++)
    if (!add_sums (tx, figures, INTO_CAME, i, figures->months[i].from, figures->months[i].to, error) ||
        !add_sums (tx, figures, INTO_BACK, i, figures->months[i].from, figures->months[i].to, error))
      return FALSE;
  return add_sums (tx, figures, INTO_BY_THIS_DAY, 0, figures->months[COBRO_OVERVIEW_MONTHS - 2].from,
                   cobro_day_begins_at (same_day + 1, tx->zone), error);
}

/* ── What is owed ───────────────────────────────────────────────────────────────────────────────────────────────── */

#define OWED                                                                                                           \
  "SELECT currency, sum (owed) AS open, count (*) AS n_open, "                                                         \
  "  coalesce (sum (owed) FILTER (WHERE late_day < :today), 0) AS overdue, "                                           \
  "  count (*) FILTER (WHERE late_day < :today) AS n_overdue "                                                         \
  "FROM invoice INDEXED BY invoice_unpaid WHERE owed > 0 AND sample = 0 GROUP BY currency ORDER BY currency"

static gboolean
add_owed (CobroStoreTx *tx, CobroOverviewFigures *figures, GError **error)
{
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, OWED, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":today", tx->today);
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    {
      CobroOverviewOwed owed = { 0 };

      if (!cobro_currency_from_code (cobro_db_column_text (rows, "currency"), &owed.currency, error))
        return FALSE;
      owed.open = cobro_db_column_money (rows, "open", owed.currency);
      owed.overdue = cobro_db_column_money (rows, "overdue", owed.currency);
      owed.n_open = cobro_db_column_int64 (rows, "n_open");
      owed.n_overdue = cobro_db_column_int64 (rows, "n_overdue");
      g_array_append_val (figures->owed, owed);
    }
  return step == COBRO_DB_DONE;
}

static gboolean
count_links (CobroStoreTx *tx, CobroOverviewFigures *figures, GError **error)
{
  CobroLinkQuery query = { .filter = COBRO_LINK_FILTER_OPEN, .sort = COBRO_LINK_SORT_CREATED, .descending = TRUE };
  g_autoptr (GArray) rows = cobro_link_store_list (tx, &query, COBRO_OVERVIEW_LINKS_MAX, error);

  if (rows == NULL)
    return FALSE;
  figures->n_links = rows->len;
  return TRUE;
}

/* ── What happened ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* What customers and their banks did, and what went wrong; not what the merchant did at this desk a moment ago. */
#define EVENTS                                                                                                         \
  "SELECT e.sequence AS sequence, e.type AS type, e.occurred_at AS occurred_at, e.object_id AS object_id, "            \
  "  e.object AS object, '' AS member, '' AS other_value, e.link_id AS link_id, l.title AS title, i.id AS "            \
  "invoice_id, "                                                                                                       \
  "  i.number AS number FROM event AS e LEFT JOIN link AS l ON l.id = e.link_id "                                      \
  "LEFT JOIN invoice AS i ON i.link_id = e.link_id "                                                                   \
  "WHERE e.sequence > (SELECT coalesce (max (sequence), 0) FROM event) - :span AND e.type IN ("                        \
  "  'payment.succeeded', 'payment.failed', 'payment.flagged', 'payment.unknown', 'refund.succeeded', "                \
  "  'refund.failed', 'dispute.opened', 'dispute.closed', 'invoice.sent', 'invoice.viewed', 'invoice.overdue', "       \
  "  'invoice.reminded', 'mail.failed', 'link.created', 'link.viewed', 'link.expired', 'delivery.exhausted', "         \
  "  'provider.degraded', 'provider.recovered', 'provider.quarantined') ORDER BY e.sequence DESC LIMIT :limit"

static gboolean
add_events (CobroStoreTx *tx, CobroOverviewFigures *figures, GError **error)
{
  g_autoptr (CobroDbStatement) rows = cobro_db_prepare (tx->db, EVENTS, error);
  CobroDbStep step = COBRO_DB_FAILED;

  if (rows == NULL)
    return FALSE;
  cobro_db_bind_int64 (rows, ":span", EVENTS_LOOKED_AT);
  cobro_db_bind_int64 (rows, ":limit", COBRO_OVERVIEW_EVENTS);
  while ((step = cobro_db_step (rows, error)) == COBRO_DB_ROW)
    {
      CobroOverviewEvent *event = g_new0 (CobroOverviewEvent, 1);
      const char *number = cobro_db_column_text (rows, "number");
      const char *title = cobro_db_column_text (rows, "title");

      event->entry = cobro_timeline_read_entry (tx, rows);
      event->about = g_strdup (number != NULL ? number : title != NULL ? title : "");
      event->link_id = cobro_db_column_id (rows, "link_id");
      event->invoice_id = cobro_db_column_id (rows, "invoice_id");
      g_ptr_array_add (figures->events, event);
    }
  return step == COBRO_DB_DONE;
}

static gpointer
do_load (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroOverviewFigures) figures = figures_new (tx);

  if (!add_takings (tx, figures, error) || !add_owed (tx, figures, error) || !count_links (tx, figures, error) ||
      !add_events (tx, figures, error))
    return NULL;
  return g_steal_pointer (&figures);
}

void
cobro_overview_store_load_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  cobro_store_list_async (store, do_load, NULL, NULL, (GDestroyNotify)cobro_overview_figures_free, cancellable,
                          callback, user_data);
}

CobroOverviewFigures *
cobro_overview_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error)
{
  return cobro_store_finish (store, result, error);
}
