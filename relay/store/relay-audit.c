/* relay/store/relay-audit.c — the audit: a table of questions whose every answer row is a violation, and the parts that
 * need more than SQL (relay-audit-log.c).
 * Layer: relay/store. */
#include "relay-audit-private.h"

#include "cobro-wire.h"
#include "relay-row.h"

#define KEPT_MAX 1000

/* What a question needs to know. */
enum
{
  PAYMENTS = 1 << 0, /* :payment_floor */
  FACTS = 1 << 1,    /* :fact_floor */
  LEDGER = 1 << 2,   /* :ledger_floor */
  NOW = 1 << 3,      /* :now */
  QUICK = 1 << 4,    /* also after an unclean end */
  SQLITE = 1 << 5,   /* asked of this engine alone */
  POSTGRES = 1 << 6,
};

/* The links that the newest payments belong to; all links in a whole audit. */
#define LINKS                                                                                                          \
  "FROM link WHERE link.row IN (SELECT l.row FROM payment AS p JOIN link AS l ON l.merchant_id = p.merchant_id AND "   \
  "l.id = p.link_id WHERE p.row > :payment_floor UNION SELECT row FROM link WHERE :payment_floor < 0) "
#define OF_LINK "payment.merchant_id = link.merchant_id AND payment.link_id = link.id "

/* A cached sum of a link against its recomputation. */
#define CACHE(name, recomputed)                                                                                        \
  {                                                                                                                    \
    "I1", PAYMENTS | QUICK,                                                                                            \
      "SELECT * FROM (SELECT 'link ' || link.id || ' " name "' AS object, " recomputed " AS expected, " name           \
      " AS found " LINKS ") AS link WHERE expected <> found"                                                           \
  }

/* The guards that are not there, or switched off. */
#define GUARDS(names, present)                                                                                         \
  "SELECT 'trigger ' || column1 AS object, 'present' AS expected, 'missing' AS found FROM (VALUES " names              \
  ") AS guard WHERE column1 NOT IN (" present ")"
#define IN_SQLITE   "SELECT name FROM sqlite_master WHERE type = 'trigger'"
#define IN_POSTGRES "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
#define KEEPERS                                                                                                        \
  "('fact_is_not_changed'), ('fact_is_kept'), ('ledger_is_not_changed'), ('ledger_is_kept'), "                         \
  "('event_is_not_changed'), ('event_is_kept'), ('payment_is_kept'), ('refund_is_kept'), "                             \
  "('payment_keeps_what_was_asked'), ('invoice_keeps_what_was_issued'), ('invoice_is_kept'), ('series_is_kept'), "     \
  "('series_goes_forward')"
#define MOVERS                                                                                                         \
  "('payment_begins_as_created'), ('payment_moves_by_the_table'), ('refund_moves_forward'), "                          \
  "('invoice_moves_forward')"

static const struct
{
  const char *invariant;
  guint needs;
  const char *sql; /* columns: object, expected, found */
} questions[] = {
  CACHE ("paid", "(SELECT coalesce (sum (received), 0) FROM payment WHERE " OF_LINK "AND state = 'succeeded')"),
  CACHE ("refunded",
         "(SELECT coalesce (sum (refund.amount), 0) FROM payment CROSS JOIN refund WHERE refund.merchant_id = "
         "payment.merchant_id AND refund.payment_id = payment.id AND " OF_LINK "AND refund.state = 'succeeded')"),
  CACHE ("lost", "(SELECT coalesce (sum (payment.lost), 0) FROM payment WHERE " OF_LINK ")"),
  CACHE ("uses",
         "(CASE partial WHEN 'off' THEN (SELECT count(*) FROM payment WHERE " OF_LINK
         "AND state = 'succeeded' AND (payment.flags & 8) = 0) ELSE (SELECT count(*) FROM payment WHERE " OF_LINK
         "AND state = 'succeeded' AND leased = 1) END)"),
  CACHE ("open_attempts",
         "(SELECT count(*) FROM payment WHERE " OF_LINK "AND state NOT IN ('succeeded', 'failed', 'cancelled'))"),
  CACHE ("processing", "(SELECT count(*) FROM payment WHERE " OF_LINK "AND state IN ('processing', 'unknown'))"),
  CACHE ("attempts", "(SELECT count(*) FROM payment WHERE " OF_LINK ")"),
  CACHE ("last_failed",
         "coalesce ((SELECT CASE WHEN state IN ('failed', 'cancelled') THEN 1 ELSE 0 END FROM payment WHERE " OF_LINK
         "ORDER BY payment.row DESC LIMIT 1), 0)"),
  { "I1", PAYMENTS | QUICK,
    "SELECT * FROM (SELECT 'link ' || link.id || ' ledger' AS object, paid - refunded - lost AS expected, "
    "(SELECT coalesce (sum (ledger.amount), 0) FROM payment CROSS JOIN ledger WHERE ledger.merchant_id = "
    "payment.merchant_id AND ledger.payment_id = payment.id AND " OF_LINK
    "AND ledger.currency = link.currency) AS found " LINKS ") AS link WHERE expected <> found" },
  { "I1", PAYMENTS | QUICK,
    "SELECT * FROM (SELECT 'payment ' || payment.id || ' ledger' AS object, "
    "coalesce (received, 0) - refunded - lost AS expected, (SELECT coalesce (sum (ledger.amount), 0) FROM ledger "
    "WHERE ledger.merchant_id = payment.merchant_id AND ledger.payment_id = payment.id) AS found FROM payment "
    "WHERE row > :payment_floor) AS payment WHERE expected <> found" },
  { "I1", PAYMENTS | QUICK,
    "SELECT * FROM (SELECT 'payment ' || payment.id || ' refunded' AS object, "
    "(SELECT coalesce (sum (refund.amount), 0) FROM refund WHERE refund.merchant_id = payment.merchant_id AND "
    "refund.payment_id = payment.id AND refund.state = 'succeeded') AS expected, refunded AS found FROM payment "
    "WHERE row > :payment_floor) AS payment WHERE expected <> found" },
  { "I1", LEDGER | QUICK,
    "SELECT 'ledger row ' || ledger.row || ' currency' AS object, payment.currency AS expected, ledger.currency AS "
    "found "
    "FROM ledger JOIN payment ON payment.merchant_id = ledger.merchant_id AND payment.id = ledger.payment_id "
    "WHERE ledger.row > :ledger_floor AND (payment.currency <> ledger.currency OR payment.link_id IS DISTINCT "
    "FROM ledger.link_id)" },
  { "I2", PAYMENTS | QUICK,
    "SELECT * FROM (SELECT 'payment ' || payment.id || ' refunds' AS object, 'at most ' || coalesce (received, 0) AS "
    "expected, (SELECT coalesce (sum (refund.amount), 0) FROM refund WHERE refund.merchant_id = payment.merchant_id "
    "AND refund.payment_id = payment.id AND refund.state <> 'failed') AS found, coalesce (received, 0) AS most "
    "FROM payment WHERE row > :payment_floor) AS payment WHERE found > most" },
  { "I3", PAYMENTS | QUICK,
    "SELECT 'payments of ' || gateway || ' object ' || provider_payment_id AS object, '1' AS expected, count(*) AS "
    "found "
    "FROM payment WHERE row > :payment_floor AND provider_payment_id <> '' "
    "GROUP BY gateway, account, livemode, provider_payment_id HAVING count(*) > 1" },
  { "I3", FACTS | QUICK,
    "SELECT 'facts of ' || provider || ' event ' || event_id AS object, '1' AS expected, count(*) AS found "
    "FROM fact WHERE row > :fact_floor GROUP BY provider, account, livemode, event_id HAVING count(*) > 1" },
  { "I3", 0,
    "SELECT 'refunds of ' || gateway || ' object ' || provider_refund_id AS object, '1' AS expected, count(*) AS found "
    "FROM refund WHERE provider_refund_id <> '' GROUP BY gateway, account, livemode, provider_refund_id "
    "HAVING count(*) > 1" },
  { "I3", 0,
    "SELECT 'webhooks of ' || provider || ' event ' || event_id AS object, '1' AS expected, count(*) AS found "
    "FROM inbox GROUP BY provider, account, livemode, event_id HAVING count(*) > 1" },
  /* The guards are there, … */
  { "I4", QUICK | SQLITE, GUARDS (KEEPERS, IN_SQLITE) },
  { "I4", QUICK | POSTGRES, GUARDS (KEEPERS, IN_POSTGRES) },
  /* … no row is missing (PostgreSQL's numbers have gaps where something was refused), … */
  { "I4", SQLITE,
    "SELECT 'rows of fact' AS object, max (row) AS expected, count(*) AS found FROM fact HAVING max (row) <> "
    "count(*)" },
  { "I4", SQLITE,
    "SELECT 'rows of ledger' AS object, max (row) AS expected, count(*) AS found FROM ledger "
    "HAVING max (row) <> count(*)" },
  /* … and what was derived from a fact still fits it. */
  { "I4", LEDGER | QUICK,
    "SELECT 'ledger row ' || ledger.row AS object, coalesce (CAST (fact.amount AS TEXT), 'the amount of fact ' || "
    "ledger.source) AS "
    "expected, ledger.amount AS found FROM ledger JOIN payment ON payment.merchant_id = ledger.merchant_id AND "
    "payment.id = ledger.payment_id LEFT JOIN fact ON fact.provider = payment.gateway AND "
    "fact.account = payment.account AND fact.livemode = payment.livemode AND fact.event_id = ledger.source "
    "WHERE ledger.row > :ledger_floor AND (fact.row IS NULL OR fact.payment_id <> payment.id OR "
    "fact.amount <> abs (ledger.amount) OR fact.currency <> ledger.currency)" },
  { "I5", QUICK | SQLITE, GUARDS (MOVERS, IN_SQLITE) },
  { "I5", QUICK | POSTGRES, GUARDS (MOVERS, IN_POSTGRES) },
  { "I1", 0,
    "SELECT 'payments of ' || coalesce (told.merchant_id, counted.merchant_id) || ' ' || coalesce (told.gateway, "
    "counted.gateway) || ' ' || coalesce (told.state, counted.state) AS object, coalesce (counted.n, 0) AS expected, "
    "coalesce (told.n, 0) AS found FROM payment_count AS told FULL JOIN (SELECT merchant_id, livemode, gateway, state, "
    "count(*) AS n FROM payment GROUP BY merchant_id, livemode, gateway, state) AS counted ON counted.merchant_id = "
    "told.merchant_id AND counted.livemode = told.livemode AND counted.gateway = told.gateway AND counted.state = "
    "told.state "
    "WHERE coalesce (counted.n, 0) <> coalesce (told.n, 0)" },
  { "I7", NOW,
    "SELECT 'delivery ' || delivery.id AS object, 'taken, or due later' AS expected, 'due since ' || delivery.next_at "
    "AS found FROM delivery JOIN endpoint ON endpoint.merchant_id = delivery.merchant_id AND endpoint.id = "
    "delivery.endpoint_id WHERE delivery.next_at < :now - 60000000 AND coalesce (pause_until, 0) < :now - 60000000" },
  { "I7", NOW,
    "SELECT 'delivery ' || id AS object, 'ended, or leased for longer' AS expected, 'leased until ' || lease_until AS "
    "found FROM delivery WHERE lease_until < :now - 60000000" },
  { "I7", 0,
    "SELECT 'delivery ' || delivery.id AS object, 'an endpoint that is looked at by then' AS expected, "
    "CASE WHEN is_active = 1 THEN 'never' ELSE 'inactive' END AS found FROM delivery JOIN endpoint ON "
    "endpoint.merchant_id = delivery.merchant_id AND endpoint.id = delivery.endpoint_id WHERE "
    "delivery.next_at IS NOT NULL AND endpoint.next_at IS NULL" },
  { "I9", 0,
    "SELECT 'delivery ' || delivery.id AS object, 'an event and an endpoint of ' || delivery.merchant_id AS expected, "
    "'none of its mode' AS found FROM delivery LEFT JOIN endpoint ON endpoint.merchant_id = delivery.merchant_id AND "
    "endpoint.id = delivery.endpoint_id AND endpoint.livemode = delivery.livemode LEFT JOIN event ON "
    "event.merchant_id = delivery.merchant_id AND event.livemode = delivery.livemode AND event.sequence = "
    "delivery.sequence AND event.id = delivery.event_id WHERE endpoint.id IS NULL OR event.id IS NULL" },
  { "I9", 0,
    "SELECT 'payment ' || payment.id AS object, 'a link of ' || payment.merchant_id AS expected, "
    "coalesce ((SELECT 'one of ' || merchant_id FROM link WHERE id = payment.link_id), 'none') AS found FROM payment "
    "LEFT JOIN link ON link.merchant_id = payment.merchant_id AND link.id = payment.link_id AND "
    "link.livemode = payment.livemode AND link.currency = payment.currency "
    "WHERE payment.link_id IS NOT NULL AND link.row IS NULL" },
  { "I9", 0,
    "SELECT 'payment ' || payment.id AS object, 'an account of ' || payment.merchant_id AS expected, payment.account "
    "AS "
    "found FROM payment LEFT JOIN account ON account.merchant_id = payment.merchant_id AND account.id = "
    "payment.account "
    "AND account.livemode = payment.livemode AND account.provider = payment.gateway WHERE account.row IS NULL" },
  { "I9", 0,
    "SELECT kind || ' row ' || child.row AS object, 'a payment of ' || child.merchant_id AS expected, "
    "child.payment_id AS found FROM (SELECT 'refund' AS kind, row, merchant_id, payment_id FROM refund UNION ALL "
    "SELECT 'ledger', row, merchant_id, payment_id FROM ledger UNION ALL "
    "SELECT 'attempt', row, merchant_id, payment_id FROM attempt UNION ALL "
    "SELECT 'fact', row, merchant_id, payment_id FROM fact WHERE payment_id IS NOT NULL) AS child LEFT JOIN payment ON "
    "payment.merchant_id = child.merchant_id AND payment.id = child.payment_id WHERE payment.row IS NULL" },
  { "I9", 0,
    "SELECT 'link ' || link.id || ' token' AS object, 'its row in token' AS expected, 'none' AS found FROM link "
    "WHERE NOT EXISTS (SELECT 1 FROM token WHERE prefix = substr (token_hash, 1, 16) AND rest = substr (token_hash, "
    "17) "
    "AND token.link = link.row AND replaced = 0)" },
  { "I12", NOW,
    "SELECT 'payment ' || payment_id || ' attempt ' || number AS object, 'resolved within a day' AS expected, "
    "outcome || ' since ' || started_at AS found FROM attempt WHERE outcome IN ('prepared', 'sent') AND "
    "started_at < :now - 86400000000" },
  { "I12", 0,
    "SELECT 'payment ' || payment.id AS object, 'an intent' AS expected, 'none, but the provider knows it as ' || "
    "provider_payment_id AS found FROM payment WHERE provider_payment_id <> '' AND NOT EXISTS (SELECT 1 FROM attempt "
    "WHERE attempt.merchant_id = payment.merchant_id AND attempt.payment_id = payment.id AND kind = 'begin')" },
  { "I12", 0,
    "SELECT 'refund ' || refund.id AS object, 'an intent' AS expected, 'none, but the provider knows it as ' || "
    "provider_refund_id AS found FROM refund WHERE origin <> 'provider' AND provider_refund_id <> '' AND NOT EXISTS "
    "(SELECT 1 FROM attempt WHERE attempt.merchant_id = refund.merchant_id AND attempt.payment_id = refund.payment_id "
    "AND kind = 'refund')" },
  /* Numbers of the relay's own series: 1, 2, 3 … up to the next one, in the order of their dates. A desktop's may leave
   * out a number that another computer gave; no number is there twice. */
  { "I8", 0,
    "SELECT 'series ' || name AS object, (next - 1) || ' numbers, 1 to ' || (next - 1) AS expected, coalesce (n, 0) || "
    "' numbers, ' || coalesce (lowest, 0) || ' to ' || coalesce (highest, 0) AS found FROM series LEFT JOIN (SELECT "
    "merchant_id, livemode, series AS own, count(*) AS n, min (sequence) AS lowest, max (sequence) AS highest FROM "
    "invoice WHERE sequence > 0 GROUP BY merchant_id, livemode, series) AS given ON given.merchant_id = "
    "series.merchant_id AND "
    "given.livemode = series.livemode AND given.own = series.name WHERE (name LIKE 'relay/%' OR name LIKE 'relay-%') "
    "AND (coalesce (n, 0) <> next - 1 OR coalesce (highest, 0) <> next - 1)" },
  { "I8", 0,
    "SELECT 'invoice ' || later.id || ' issueDate' AS object, 'not before ' || earlier.issue_date AS expected, "
    "later.issue_date AS found FROM invoice AS later JOIN invoice AS earlier ON earlier.merchant_id = "
    "later.merchant_id AND earlier.livemode = later.livemode AND earlier.series = later.series AND earlier.sequence = "
    "later.sequence - 1 AND earlier.sequence > 0 WHERE later.sequence > 1 AND later.issue_date < earlier.issue_date" },
  { "I8", 0,
    "SELECT 'series ' || invoice.series AS object, 'next above ' || invoice.sequence AS expected, coalesce "
    "(CAST (series.next AS TEXT), 'none') AS found FROM invoice LEFT JOIN series ON series.merchant_id = "
    "invoice.merchant_id AND series.livemode = invoice.livemode AND series.name = invoice.series WHERE "
    "invoice.sequence > 0 AND (series.next IS NULL OR series.next <= invoice.sequence)" },
  /* An invoice and its link ask for the same. */
  { "I8", 0,
    "SELECT 'invoice ' || invoice.id || ' link' AS object, invoice.currency || ' ' || CASE WHEN total > credited THEN "
    "total - credited ELSE total END || ' of ' || invoice.id AS expected, coalesce (link.currency || ' ' || coalesce "
    "(link.amount, 0) || ' of ' || coalesce (link.invoice_id, 'none'), 'none') AS found FROM invoice LEFT JOIN link ON "
    "link.merchant_id = invoice.merchant_id AND link.id = invoice.link_id WHERE kind = 'invoice' AND "
    "invoice.decision <> 'draft' AND (link.row IS NULL OR link.livemode <> invoice.livemode OR link.currency <> "
    "invoice.currency OR link.invoice_id IS DISTINCT FROM invoice.id OR coalesce (link.amount, 0) <> CASE WHEN total > "
    "credited THEN total - credited ELSE total END OR (link.decision = 'cancelled') <> (invoice.decision = 'void'))" },
  { "I8", 0,
    "SELECT 'link ' || link.id AS object, 'an invoice of ' || link.merchant_id AS expected, link.invoice_id AS found "
    "FROM link LEFT JOIN invoice ON invoice.merchant_id = link.merchant_id AND invoice.id = link.invoice_id AND "
    "invoice.link_id = link.id WHERE link.invoice_id IS NOT NULL AND invoice.row IS NULL" },
  { "I8", 0,
    "SELECT * FROM (SELECT 'invoice ' || invoice.id || ' credited' AS object, (SELECT coalesce (sum (note.total), 0) "
    "FROM invoice AS note WHERE note.merchant_id = invoice.merchant_id AND note.corrects_id = invoice.id AND "
    "note.decision <> 'draft') AS expected, credited AS found FROM invoice WHERE kind = 'invoice') AS invoice WHERE "
    "expected <> found" },
  { "D2", PAYMENTS,
    "SELECT 'link ' || link_id || ' slot ' || slot AS object, '1 attempt' AS expected, count(*) || ' attempts' AS "
    "found "
    "FROM payment WHERE row > :payment_floor AND leased = 1 GROUP BY merchant_id, link_id, slot HAVING count(*) > 1" },
  /* An open attempt whose lease is over may have lost its slot to money that came. */
  { "D2", NOW,
    "SELECT 'payment ' || payment.id || ' slot' AS object, 'leased' AS expected, 'not leased, slot ' || slot AS found "
    "FROM payment JOIN link ON link.merchant_id = payment.merchant_id AND link.id = payment.link_id WHERE leased = 0 "
    "AND slot IS NOT NULL AND ((state NOT IN ('succeeded', 'failed', 'cancelled') AND lease_until > :now) OR "
    "(state = 'succeeded' AND partial = 'off' AND (payment.flags & 8) = 0))" },
  { "D2", 0,
    "SELECT 'payment ' || payment.id || ' slot' AS object, 'within 1 and ' || CASE usage WHEN 'single' THEN 1 ELSE "
    "usage_limit END AS expected, slot AS found FROM payment JOIN link ON link.merchant_id = payment.merchant_id AND "
    "link.id = payment.link_id WHERE leased = 1 AND state <> 'succeeded' AND "
    "slot > slots_given AND slot > CASE usage WHEN 'single' THEN 1 ELSE usage_limit END" },
  { "D4", 0,
    "SELECT 'event ' || event.sequence || ' for ' || endpoint.id AS object, 'a delivery' AS expected, 'none' AS found "
    "FROM endpoint JOIN event ON event.merchant_id = endpoint.merchant_id AND event.livemode = endpoint.livemode AND "
    "event.sequence > endpoint.since AND event.type <> 'webhook.test' AND (types = '*' OR "
    "replace (types, ' ' || event.type || ' ', '') <> types) LEFT JOIN delivery ON "
    "delivery.merchant_id = endpoint.merchant_id AND delivery.endpoint_id = endpoint.id AND "
    "delivery.sequence = event.sequence WHERE is_active = 1 AND delivery.row IS NULL" },
};

/* ── The report ─────────────────────────────────────────────────────────────────────────────────────────────── */

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

void
relay_audit_note (RelayAudit *self, const char *invariant, char *take_object, char *take_expected, char *take_found)
{
  RelayViolation *violation = g_new (RelayViolation, 1);

  *violation = (RelayViolation){ invariant, take_object, take_expected, take_found };
  self->report->count++;
  if (self->report->violations->len < KEPT_MAX)
    g_ptr_array_add (self->report->violations, violation);
  else
    relay_violation_free (violation);
}

char *
relay_audit_report_to_json (const RelayAuditReport *report)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_bool (writer, "ok", report->count == 0);
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
  cobro_wire_put_int64 (writer, "violations", report->count);
  cobro_wire_put_int64 (writer, "links", report->links);
  cobro_wire_put_int64 (writer, "payments", report->payments);
  cobro_wire_put_int64 (writer, "facts", report->facts);
  cobro_wire_put_int64 (writer, "events", report->events);
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── Running ────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
dup_column (CobroDbStatement *statement, const char *name)
{
  const char *text = cobro_db_column_text (statement, name);

  return g_strdup (text != NULL ? text : "nothing");
}

static gboolean
ask (RelayAudit *self, const char *invariant, guint needs, const char *sql, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (self->db, sql, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  if ((needs & PAYMENTS) != 0)
    cobro_db_bind_int64 (statement, ":payment_floor", self->payment_floor);
  if ((needs & FACTS) != 0)
    cobro_db_bind_int64 (statement, ":fact_floor", self->fact_floor);
  if ((needs & LEDGER) != 0)
    cobro_db_bind_int64 (statement, ":ledger_floor", self->ledger_floor);
  if ((needs & NOW) != 0)
    cobro_db_bind_int64 (statement, ":now", self->now);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    relay_audit_note (self, invariant, dup_column (statement, "object"), dup_column (statement, "expected"),
                      dup_column (statement, "found"));
  return step == COBRO_DB_DONE;
}

static gboolean
read_count (CobroDb *db, const char *sql, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (db, sql, error);

  return statement != NULL && relay_row_count (statement, out_n, error);
}

static gboolean
prepare (RelayAudit *self, gint64 newest, GError **error)
{
  RelayAuditReport *report = self->report;
  gint64 payments, facts, ledger;

  if (!read_count (self->db, "SELECT coalesce (max (row), 0) AS n FROM payment", &payments, error) ||
      !read_count (self->db, "SELECT coalesce (max (row), 0) AS n FROM fact", &facts, error) ||
      !read_count (self->db, "SELECT coalesce (max (row), 0) AS n FROM ledger", &ledger, error) ||
      !read_count (self->db, "SELECT coalesce (max (row), 0) AS n FROM link", &report->links, error) ||
      !read_count (self->db, "SELECT coalesce (max (row), 0) AS n FROM event", &report->events, error))
    return FALSE;
  report->payments = payments;
  report->facts = facts;
  self->payment_floor = newest > 0 ? MAX (payments - newest, 0) : -1;
  self->fact_floor = newest > 0 ? MAX (facts - newest, 0) : -1;
  self->ledger_floor = newest > 0 ? MAX (ledger - newest, 0) : -1;
  return TRUE;
}

/* Whether a question is meant for this engine, and for an audit of this size. */
static gboolean
is_asked (RelayAudit *self, guint needs, gint64 newest)
{
  guint other = cobro_db_is_postgres (self->db) ? SQLITE : POSTGRES;

  return (needs & other) == 0 && (newest == 0 || (needs & QUICK) != 0);
}

static gboolean
run (RelayAudit *self, gint64 newest, GError **error)
{
  if (!prepare (self, newest, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    if (is_asked (self, questions[i].needs, newest) &&
        !ask (self, questions[i].invariant, questions[i].needs, questions[i].sql, error))
      return FALSE;
  return relay_audit_states (self, error) && (newest > 0 || relay_audit_log (self, error));
}

RelayAuditReport *
relay_audit_run (CobroDb *db, gint64 newest, CobroTime now, GError **error)
{
  g_autoptr (RelayAuditReport) report = g_new0 (RelayAuditReport, 1);
  RelayAudit audit = { .db = db, .report = report, .now = now };

  report->violations = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_violation_free);
  if (!run (&audit, newest, error))
    return NULL;
  return g_steal_pointer (&report);
}
