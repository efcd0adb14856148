/* relay/store/relay-audit.c — the invariants as queries: each finds the rows that break it and says what it expected.
 * Layer: relay/store. Reads only; any connection. */
#include "relay-audit.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-event-store.h"
#include "relay-row.h"

#define VIOLATIONS_KEPT 1000
#define EVENT_PAGE      1000
/* An outbox row this late has no worker; an intent this old has no janitor. */
#define OUTBOX_LATE     (60 * COBRO_SECOND)
#define INTENT_OLD      (24 * COBRO_HOUR)

typedef struct
{
  const char *invariant;
  gboolean quick;  /* part of the check after an unclean end */
  const char *sql; /* columns object, expected, found; parameters :floor (payment rows above it), :now */
} Check;

#define OF_LINK    "merchant_id = l.merchant_id AND link_id = l.id"
#define OF_PAYMENT "merchant_id = p.merchant_id AND payment_id = p.id"
#define LINKS      "FROM link AS l WHERE (:floor = 0 OR EXISTS (SELECT 1 FROM payment WHERE " OF_LINK " AND row > :floor)) "

/* A cached sum against the rows it sums. */
#define SUM_CHECK(column, query)                                                                                       \
  "SELECT 'link ' || id || ' " column "' AS object, CAST (truth AS TEXT) AS expected, CAST (cached AS TEXT) AS found " \
  "FROM (SELECT l.id AS id, l." column " AS cached, (" query ") AS truth " LINKS ") WHERE cached <> truth"

static const Check checks[] = {
  /* I1: what a link says was paid is what its payments, its refunds and the ledger say. */
  { "I1", TRUE,
    SUM_CHECK ("paid", "SELECT coalesce (sum (received), 0) FROM payment WHERE " OF_LINK " AND state = 'succeeded'") },
  { "I1", TRUE,
    SUM_CHECK ("refunded", "SELECT coalesce (sum (r.amount), 0) FROM refund AS r JOIN payment AS p ON "
                           "r.merchant_id = p.merchant_id AND r.payment_id = p.id WHERE p.merchant_id = "
                           "l.merchant_id AND p.link_id = l.id AND r.state = 'succeeded'") },
  { "I1", TRUE, SUM_CHECK ("lost", "SELECT coalesce (sum (lost), 0) FROM payment WHERE " OF_LINK) },
  { "I1", TRUE, SUM_CHECK ("attempts", "SELECT count (*) FROM payment WHERE " OF_LINK) },
  { "I1", TRUE,
    SUM_CHECK ("open_attempts", "SELECT count (*) FROM payment WHERE " OF_LINK
                                " AND state NOT IN ('succeeded', 'failed', 'cancelled')") },
  { "I1", TRUE,
    "SELECT 'link ' || id || ' ledger' AS object, CAST (cached AS TEXT) AS expected, CAST (booked AS TEXT) AS found "
    "FROM "
    "(SELECT l.id AS id, l.paid - l.refunded - l.lost AS cached, (SELECT coalesce (sum (amount), 0) FROM ledger WHERE "
    "payment_id IN (SELECT id FROM payment WHERE " OF_LINK ") AND merchant_id = l.merchant_id) AS booked " LINKS
    ") WHERE cached <> booked" },
  { "I1", TRUE,
    "SELECT 'payment ' || id || ' ledger' AS object, CAST (own AS TEXT) AS expected, CAST (booked AS TEXT) AS found "
    "FROM "
    "(SELECT p.id AS id, coalesce (p.received, 0) - p.refunded - p.lost AS own, (SELECT coalesce (sum (amount), 0) "
    "FROM "
    "ledger WHERE " OF_PAYMENT ") AS booked FROM payment AS p WHERE p.row > :floor) WHERE own <> booked" },
  { "I1", TRUE,
    "SELECT 'payment ' || id || ' refunded' AS object, CAST (truth AS TEXT) AS expected, CAST (cached AS TEXT) AS "
    "found "
    "FROM (SELECT p.id AS id, p.refunded AS cached, (SELECT coalesce (sum (amount), 0) FROM refund WHERE " OF_PAYMENT
    " AND state = 'succeeded') AS truth FROM payment AS p WHERE p.row > :floor) WHERE cached <> truth" },
  { "I1", TRUE,
    "SELECT 'ledger row ' || g.row AS object, p.currency AS expected, g.currency AS found FROM ledger AS g JOIN "
    "payment "
    "AS p ON p.merchant_id = g.merchant_id AND p.id = g.payment_id WHERE p.row > :floor AND g.currency <> p.currency" },
  { "I1", TRUE,
    "SELECT 'payment ' || p.id || ' currency' AS object, l.currency AS expected, p.currency AS found FROM payment AS p "
    "JOIN link AS l ON l.merchant_id = p.merchant_id AND l.id = p.link_id WHERE p.row > :floor AND "
    "p.currency <> l.currency" },
  /* I2: refunds, pending ones included, within what came in. */
  { "I2", TRUE,
    "SELECT 'payment ' || id AS object, 'refunds of at most ' || received AS expected, CAST (back AS TEXT) AS found "
    "FROM "
    "(SELECT p.id AS id, coalesce (p.received, 0) AS received, (SELECT coalesce (sum (amount), 0) FROM refund "
    "WHERE " OF_PAYMENT
    " AND state <> 'failed') AS back FROM payment AS p WHERE p.row > :floor) WHERE back > received" },
  /* I3: an object of a provider is one row. */
  { "I3", TRUE,
    "SELECT 'payments of ' || gateway || ' ' || provider_payment_id AS object, '1' AS expected, CAST (count (*) AS "
    "TEXT) "
    "AS found FROM payment WHERE provider_payment_id <> '' GROUP BY gateway, account, livemode, provider_payment_id "
    "HAVING count (*) > 1 AND max (row) > :floor" },
  { "I3", TRUE,
    "SELECT 'refunds of ' || gateway || ' ' || provider_refund_id AS object, '1' AS expected, CAST (count (*) AS TEXT) "
    "AS found FROM refund WHERE provider_refund_id <> '' GROUP BY gateway, account, livemode, provider_refund_id "
    "HAVING count (*) > 1" },
  /* I4: what happened cannot be changed: the triggers that say so are there. */
  { "I4", TRUE,
    "SELECT 'trigger ' || wanted.name AS object, 'there' AS expected, 'missing' AS found FROM (SELECT "
    "'fact_is_not_changed' AS name UNION ALL SELECT 'fact_is_kept' UNION ALL SELECT 'ledger_is_not_changed' UNION ALL "
    "SELECT 'ledger_is_kept' UNION ALL SELECT 'event_is_not_changed' UNION ALL SELECT 'event_is_kept' UNION ALL SELECT "
    "'payment_is_kept' UNION ALL SELECT 'payment_moves_by_the_table' UNION ALL SELECT 'payment_begins_as_created' "
    "UNION "
    "ALL SELECT 'refund_moves_forward' UNION ALL SELECT 'refund_fits_when_made') AS wanted WHERE NOT EXISTS (SELECT 1 "
    "FROM sqlite_master WHERE type = 'trigger' AND sqlite_master.name = wanted.name)" },
  /* I5: money is there because a provider said so. */
  { "I5", TRUE,
    "SELECT 'payment ' || p.id AS object, 'a fact \"succeeded\"' AS expected, 'none' AS found FROM payment AS p WHERE "
    "p.row > :floor AND p.state = 'succeeded' AND NOT EXISTS (SELECT 1 FROM fact WHERE " OF_PAYMENT
    " AND kind = 'succeeded' AND verdict = 'applied')" },
  { "I5", TRUE,
    "SELECT 'payment ' || p.id AS object, 'succeeded' AS expected, p.state AS found FROM payment AS p WHERE p.row > "
    ":floor AND p.state <> 'succeeded' AND EXISTS (SELECT 1 FROM fact WHERE " OF_PAYMENT
    " AND kind = 'succeeded' AND verdict = 'applied')" },
  /* I6: one numbered event for every change. */
  { "I6", FALSE,
    "SELECT 'log of ' || h.merchant_id AS object, CAST (h.sequence AS TEXT) AS expected, (SELECT count (*) || ' events "
    "up to "
    "' || coalesce (max (sequence), 0) FROM event WHERE merchant_id = h.merchant_id) AS found FROM event_head AS h "
    "WHERE "
    "h.sequence <> (SELECT count (*) FROM event WHERE merchant_id = h.merchant_id) OR h.sequence <> (SELECT coalesce "
    "(max "
    "(sequence), 0) FROM event WHERE merchant_id = h.merchant_id)" },
  { "I6", FALSE,
    "SELECT 'log of ' || merchant_id AS object, 'an end' AS expected, 'none' AS found FROM event WHERE merchant_id NOT "
    "IN "
    "(SELECT merchant_id FROM event_head) GROUP BY merchant_id" },
  { "I6", FALSE,
    "SELECT 'link ' || l.id AS object, 'link.created' AS expected, 'no event' AS found FROM link AS l WHERE l.id NOT "
    "IN "
    "(SELECT object_id FROM event WHERE type = 'link.created')" },
  { "I6", FALSE,
    "SELECT 'payment ' || id AS object, 'payment.' || state AS expected, told AS found FROM (SELECT p.id AS id, "
    "p.state AS "
    "state, (SELECT type FROM event WHERE merchant_id = p.merchant_id AND object_id = p.id AND type IN "
    "('payment.created', 'payment.requires_action', 'payment.processing', 'payment.unknown', 'payment.failed', "
    "'payment.cancelled', 'payment.succeeded') ORDER BY sequence DESC LIMIT 1) AS told FROM payment AS p) WHERE told "
    "IS "
    "NULL OR (state <> 'pending' AND told <> 'payment.' || state)" },
  /* I7: nothing is forgotten in the outbox. */
  { "I7", FALSE,
    "SELECT 'outbox row ' || row AS object, 'delivered in time' AS expected, state || ' and late' AS found FROM outbox "
    "WHERE state IN ('queued', 'leased') AND next_at IS NOT NULL AND next_at < :now - 60000000" },
  /* I12: no call without an intent, no intent forgotten. */
  { "I12", FALSE,
    "SELECT 'payment ' || p.id AS object, 'an attempt \"begin\"' AS expected, 'none' AS found FROM payment AS p WHERE "
    "p.provider_payment_id <> '' AND NOT EXISTS (SELECT 1 FROM attempt WHERE " OF_PAYMENT " AND kind = 'begin')" },
  { "I12", FALSE,
    "SELECT 'payment ' || payment_id || ' attempt ' || number AS object, 'resolved within 24 h' AS expected, outcome "
    "AS "
    "found FROM attempt WHERE outcome IN ('prepared', 'sent') AND started_at < :now - 86400000000" },
  /* D2: one payer for a use. */
  { "D2", TRUE,
    "SELECT 'link ' || link_id || ' slot ' || slot AS object, '1 holder' AS expected, CAST (count (*) AS TEXT) AS "
    "found "
    "FROM payment WHERE leased = 1 GROUP BY merchant_id, link_id, slot HAVING count (*) > 1" },
  { "D2", TRUE,
    "SELECT 'payment ' || p.id AS object, 'no lease when it is over' AS expected, p.state AS found FROM payment AS p "
    "WHERE "
    "p.row > :floor AND p.leased = 1 AND p.state IN ('failed', 'cancelled')" },
  { "D2", TRUE,
    "SELECT 'link ' || l.id || ' uses' AS object, 'at most ' || CASE l.usage WHEN 'single' THEN 1 ELSE l.usage_limit "
    "END AS "
    "expected, CAST (l.uses AS TEXT) AS found " LINKS
    "AND l.usage <> 'unlimited' AND l.uses > CASE l.usage WHEN 'single' "
    "THEN 1 ELSE l.usage_limit END" },
  /* D4: every event has a row for every reader that had subscribed. */
  { "D4", FALSE,
    "SELECT 'event ' || e.sequence || ' of ' || e.merchant_id AS object, 'told to ' || s.reader AS expected, 'no row' "
    "AS "
    "found FROM subscription AS s JOIN event AS e ON e.merchant_id = s.merchant_id AND e.sequence > s.since AND "
    "(s.until "
    "IS NULL OR e.sequence <= s.until) AND (s.types = '*' OR instr (' ' || s.types || ' ', ' ' || e.type || ' ') > 0) "
    "WHERE NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.merchant_id = s.merchant_id AND o.reader = s.reader AND "
    "o.sequence = e.sequence)" },
};
G_STATIC_ASSERT (OUTBOX_LATE == 60000000 && INTENT_OLD == 86400000000); /* as they stand in the queries */

void
relay_violation_free (RelayViolation *violation)
{
  if (violation == NULL)
    return;
  g_free (violation->object);
  g_free (violation->expected);
  g_free (violation->found);
  g_free (violation);
}

void
relay_audit_report_free (RelayAuditReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->violations);
  g_free (report);
}

static void
note (RelayAuditReport *report, const char *invariant, const char *object, const char *expected, const char *found)
{
  RelayViolation *violation;

  if (report->count++ >= VIOLATIONS_KEPT)
    return;
  violation = g_new0 (RelayViolation, 1);
  violation->invariant = invariant;
  violation->object = g_strdup (object != NULL ? object : "?");
  violation->expected = g_strdup (expected != NULL ? expected : "nothing");
  violation->found = g_strdup (found != NULL ? found : "nothing");
  g_ptr_array_add (report->violations, violation);
}

/* ── Queries ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
run_check (CobroDb *db, const Check *check, gint64 floor, CobroTime now, RelayAuditReport *report, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, check->sql, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  if (strstr (check->sql, ":floor") != NULL)
    cobro_db_bind_int64 (statement, ":floor", floor);
  if (strstr (check->sql, ":now") != NULL)
    cobro_db_bind_int64 (statement, ":now", now);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    note (report, check->invariant, cobro_db_column_text (statement, "object"),
          cobro_db_column_text (statement, "expected"), cobro_db_column_text (statement, "found"));
  return step == COBRO_DB_DONE;
}

/* I9: composite foreign keys bind every row to its parent's merchant; the engine checks them all. */
static gboolean
check_parents (CobroDb *db, RelayAuditReport *report, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT \"table\" AS child, coalesce (rowid, 0) AS row, parent FROM pragma_foreign_key_check", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      g_autofree char *object = g_strdup_printf ("%s row %" G_GINT64_FORMAT, cobro_db_column_text (statement, "child"),
                                                 cobro_db_column_int64 (statement, "row"));
      g_autofree char *expected =
        g_strdup_printf ("its %s of the same merchant", cobro_db_column_text (statement, "parent"));

      note (report, "I9", object, expected, "none");
    }
  return step == COBRO_DB_DONE;
}

/* ── The chain (I11) ────────────────────────────────────────────────────────────────────────────────────────── */

static void
check_links_of_chain (GPtrArray *events, char *previous, gsize size, RelayAuditReport *report)
{
  for (guint i = 0; i < events->len; i++)
    {
      const CobroEvent *event = events->pdata[i];

      if (!cobro_event_verify (event, *previous != '\0' ? previous : NULL))
        {
          g_autofree char *object =
            g_strdup_printf ("event %" G_GINT64_FORMAT " of %s", event->sequence, event->merchant_id.text);
          note (report, "I11", object, "a hash that follows from the one before", event->hash);
        }
      g_strlcpy (previous, event->hash, size);
    }
}

static gboolean
check_chain (CobroDb *db, const CobroId *merchant_id, RelayAuditReport *report, GError **error)
{
  gint64 head = relay_event_head (db, merchant_id, error);
  char previous[65] = "";

  if (head < 0)
    return FALSE;
  for (gint64 after = 0; after < head;)
    {
      g_autoptr (GPtrArray) events = relay_event_read (db, merchant_id, after, EVENT_PAGE, error);

      if (events == NULL)
        return FALSE;
      if (events->len == 0)
        break; /* a gap: I6 tells */
      check_links_of_chain (events, previous, sizeof previous, report);
      after = ((CobroEvent *)events->pdata[events->len - 1])->sequence;
    }
  return TRUE;
}

static gboolean
check_chains (CobroDb *db, RelayAuditReport *report, GError **error)
{
  g_autoptr (GPtrArray) merchants = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, "SELECT merchant_id FROM event_head", error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId id = cobro_db_column_id (statement, "merchant_id");
      g_ptr_array_add (merchants, g_memdup2 (&id, sizeof id));
    }
  if (step == COBRO_DB_FAILED)
    return FALSE;
  for (guint i = 0; i < merchants->len; i++)
    if (!check_chain (db, merchants->pdata[i], report, error))
      return FALSE;
  return TRUE;
}

/* ── All of it ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
count (CobroDb *db, const char *sql, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  return statement != NULL && relay_row_count (statement, out_n, error);
}

static gboolean
count_all (CobroDb *db, RelayAuditReport *report, GError **error)
{
  return count (db, "SELECT count (*) AS n FROM link", &report->links, error) &&
         count (db, "SELECT count (*) AS n FROM payment", &report->payments, error) &&
         count (db, "SELECT count (*) AS n FROM event", &report->events, error) &&
         count (db, "SELECT count (*) AS n FROM fact", &report->facts, error);
}

static gboolean
run_all (CobroDb *db, gint64 newest, CobroTime now, RelayAuditReport *report, GError **error)
{
  gint64 floor = 0;

  if (newest > 0)
    {
      if (!count (db, "SELECT coalesce (max (row), 0) AS n FROM payment", &floor, error))
        return FALSE;
      floor = MAX (floor - newest, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if ((newest == 0 || checks[i].quick) && !run_check (db, &checks[i], floor, now, report, error))
      return FALSE;
  return newest > 0 ||
         (check_parents (db, report, error) && check_chains (db, report, error) && count_all (db, report, error));
}

RelayAuditReport *
relay_audit_run (CobroDb *db, gint64 newest, CobroTime now, GError **error)
{
  g_autoptr (RelayAuditReport) report = g_new0 (RelayAuditReport, 1);

  report->violations = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_violation_free);
  if (!run_all (db, newest, now, report, error))
    return NULL;
  return g_steal_pointer (&report);
}

char *
relay_audit_report_to_json (const RelayAuditReport *report)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "ok", report->count == 0);
  cobro_wire_put_int64 (writer, "violationCount", report->count);
  cobro_wire_begin_array (writer, "violations");
  for (guint i = 0; i < report->violations->len; i++)
    {
      const RelayViolation *violation = report->violations->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "invariant", violation->invariant);
      cobro_wire_put_text (writer, "object", violation->object);
      cobro_wire_put_text (writer, "expected", violation->expected);
      cobro_wire_put_text (writer, "found", violation->found);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
  cobro_wire_begin_object (writer, "counts");
  cobro_wire_put_int64 (writer, "links", report->links);
  cobro_wire_put_int64 (writer, "payments", report->payments);
  cobro_wire_put_int64 (writer, "facts", report->facts);
  cobro_wire_put_int64 (writer, "events", report->events);
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}
