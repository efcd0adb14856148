/* relay/store/relay-audit-log.c — the parts of the audit that fold rows: states from facts, the log's chain.
 * Layer: relay/store. */
#include <string.h>

#include "cobro-event.h"
#include "cobro-payment.h"
#include "relay-audit-private.h"
#include "relay-row.h"

#define NUMBER(n) g_strdup_printf ("%" G_GINT64_FORMAT, (gint64)(n))

/* ── I5 ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The transition table in the database is the one of core. */
static gboolean
check_table (RelayAudit *self, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (self->db, "SELECT from_state, to_state FROM payment_transition", error);
  gboolean allowed[COBRO_PAYMENT_SUCCEEDED + 1][COBRO_PAYMENT_SUCCEEDED + 1] = { { FALSE } };
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  for (int from = 0; from <= COBRO_PAYMENT_SUCCEEDED; from++)
    for (int fact = 0; fact <= COBRO_FACT_DISPUTE_LOST; fact++)
      allowed[from][cobro_payment_step ((CobroPaymentState)from, (CobroFactKind)fact).to] = TRUE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroPaymentState from, to;

      if (!relay_row_enum (statement, "from_state", cobro_payment_state_from_name, &from, error) ||
          !relay_row_enum (statement, "to_state", cobro_payment_state_from_name, &to, error))
        return FALSE;
      if (!allowed[from][to])
        relay_audit_note (self, "I5", g_strdup ("table payment_transition"),
                          g_strdup ("what cobro_payment_step() allows"),
                          g_strdup_printf ("%s to %s", cobro_payment_state_name (from), cobro_payment_state_name (to)));
    }
  return step == COBRO_DB_DONE;
}

/* The state that a set of facts leads to does not depend on their order; still a fold in any order can stop short only
 * of facts that outrank it, so it is repeated until nothing moves. */
static CobroPaymentState
fold (guint kinds)
{
  CobroPaymentState state = COBRO_PAYMENT_CREATED, before;

  do
    {
      before = state;
      for (int fact = 0; fact <= COBRO_FACT_DISPUTE_LOST; fact++)
        if ((kinds & (1u << fact)) != 0)
          state = cobro_payment_step (state, (CobroFactKind)fact).to;
    }
  while (state != before);
  return state;
}

/* One payment while its facts are read. */
typedef struct
{
  gint64 row; /* 0: none yet */
  CobroId id;
  CobroPaymentState state;
  guint kinds;
} Folded;

static void
check_state (RelayAudit *self, const Folded *payment)
{
  CobroPaymentState expected = fold (payment->kinds);

  if (payment->row != 0 && expected != payment->state)
    relay_audit_note (self, "I5", g_strdup_printf ("payment %s state", payment->id.text),
                      g_strdup_printf ("%s, by its facts", cobro_payment_state_name (expected)),
                      g_strdup (cobro_payment_state_name (payment->state)));
}

/* One row: a payment and one of its facts, if there is one. */
static gboolean
take_fact (RelayAudit *self, CobroDbStatement *statement, Folded *payment, GError **error)
{
  gint64 row = cobro_db_column_int64 (statement, "row");
  CobroFactKind kind;

  if (row != payment->row)
    {
      check_state (self, payment);
      *payment = (Folded){ .row = row, .id = cobro_db_column_id (statement, "id") };
      if (!relay_row_enum (statement, "state", cobro_payment_state_from_name, &payment->state, error))
        return FALSE;
    }
  if (cobro_db_column_is_null (statement, "kind"))
    return TRUE;
  if (cobro_fact_kind_from_name (cobro_db_column_text (statement, "kind"), &kind))
    payment->kinds |= 1u << kind;
  return TRUE;
}

gboolean
relay_audit_states (RelayAudit *self, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;
  Folded payment = { 0 };
  CobroDbStep step;

  if (!check_table (self, error) ||
      !(statement = cobro_db_prepare (self->db,
                                      "SELECT payment.row AS row, payment.id AS id, payment.state AS state, fact.kind "
                                      "AS kind FROM payment LEFT JOIN fact ON fact.merchant_id = payment.merchant_id "
                                      "AND fact.payment_id = payment.id AND fact.verdict <> 'quarantined' "
                                      "WHERE payment.row > :floor ORDER BY payment.row",
                                      error)))
    return FALSE;
  cobro_db_bind_int64 (statement, ":floor", self->payment_floor);
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    if (!take_fact (self, statement, &payment, error))
      return FALSE;
  check_state (self, &payment);
  return step == COBRO_DB_DONE;
}

/* ── I6, I11 ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One log while it is read. */
typedef struct
{
  CobroId merchant_id;
  gboolean livemode;
  gint64 sequence;
  char hash[65];
} Chain;

static char *
name_log (const char *merchant_id, gboolean livemode)
{
  return g_strdup_printf ("%s %s", merchant_id, livemode ? "live" : "test");
}

static void
check_head (RelayAudit *self, const Chain *chain, GHashTable *heads)
{
  g_autofree char *end = NULL;
  g_autofree char *name = NULL;
  const char *head;

  if (!cobro_id_is_set (&chain->merchant_id))
    return;
  end = g_strdup_printf ("%s/%" G_GINT64_FORMAT, chain->hash, chain->sequence);
  name = name_log (chain->merchant_id.text, chain->livemode);
  head = g_hash_table_lookup (heads, name);
  if (g_strcmp0 (head, end) != 0)
    relay_audit_note (self, "I6", g_strdup_printf ("head of the log of %s", name), g_steal_pointer (&end),
                      g_strdup (head != NULL ? head : "nothing"));
  g_hash_table_remove (heads, name);
}

static void
read_hash (CobroDbStatement *statement, char hex[65])
{
  gsize n;
  const guint8 *bytes = cobro_db_column_blob (statement, "hash", &n);

  hex[0] = '\0';
  for (gsize i = 0; i < n && i < 32; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", bytes[i]);
}

/* (element-type utf8 utf8) name of the log → "hash/sequence". */
static GHashTable *
read_heads (CobroDb *db, GError **error)
{
  g_autoptr (GHashTable) heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT merchant_id, livemode, sequence, hash FROM event_head", error);
  CobroDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      char hash[65];

      read_hash (statement, hash);
      g_hash_table_insert (
        heads, name_log (cobro_db_column_text (statement, "merchant_id"), cobro_db_column_bool (statement, "livemode")),
        g_strdup_printf ("%s/%" G_GINT64_FORMAT, hash, cobro_db_column_int64 (statement, "sequence")));
    }
  return step == COBRO_DB_DONE ? g_steal_pointer (&heads) : NULL;
}

static char *
told_key (const char *object_id, const char *type, gboolean livemode)
{
  return g_strdup_printf ("%s %s %s", object_id, type, livemode ? "live" : "test");
}

/* The event in the row: does it follow @chain? Counts it for its object: "pay_… payment.succeeded live" → n. */
static void
check_event (RelayAudit *self, CobroDbStatement *statement, Chain *chain, GHashTable *told)
{
  g_autoptr (CobroEvent) event = cobro_event_new ();
  const char *type = cobro_db_column_text (statement, "type");
  char *key;
  int n;

  event->id = cobro_db_column_id (statement, "id");
  event->merchant_id = chain->merchant_id;
  event->sequence = cobro_db_column_int64 (statement, "sequence");
  event->occurred_at = cobro_db_column_time (statement, "occurred_at");
  event->object_id = cobro_db_column_id (statement, "object_id");
  relay_row_text (statement, "object", &event->object);
  read_hash (statement, event->hash);
  if (event->sequence != chain->sequence + 1)
    relay_audit_note (self, "I6", g_strdup_printf ("log of %s", chain->merchant_id.text), NUMBER (chain->sequence + 1),
                      NUMBER (event->sequence));
  g_strlcpy (event->previous_hash, chain->hash, sizeof event->previous_hash);
  if (!cobro_event_type_from_name (type, &event->type) || !cobro_event_verify (event, chain->hash))
    relay_audit_note (self, "I11",
                      g_strdup_printf ("event %s of %s (%" G_GINT64_FORMAT ")", event->id.text, chain->merchant_id.text,
                                       event->sequence),
                      g_strdup ("the hash of its content and the event before"), g_strdup (event->hash));
  chain->sequence = event->sequence;
  g_strlcpy (chain->hash, event->hash, sizeof chain->hash);
  if (!g_str_has_prefix (type, "payment.") && !g_str_has_prefix (type, "refund."))
    return;
  key = told_key (event->object_id.text, type, chain->livemode);
  n = GPOINTER_TO_INT (g_hash_table_lookup (told, key));
  g_hash_table_insert (told, key, GINT_TO_POINTER (n + 1));
}

static gboolean
read_log (RelayAudit *self, GHashTable *heads, GHashTable *told, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (self->db,
                      "SELECT merchant_id, livemode, sequence, id, type, occurred_at, object_id, object, hash "
                      "FROM event ORDER BY merchant_id, livemode, sequence",
                      error);
  Chain chain = { COBRO_ID_NONE, FALSE, 0, "" };
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroId merchant_id = cobro_db_column_id (statement, "merchant_id");
      gboolean livemode = cobro_db_column_bool (statement, "livemode");

      if (!cobro_id_equal (&merchant_id, &chain.merchant_id) || livemode != chain.livemode)
        {
          check_head (self, &chain, heads);
          chain = (Chain){ .merchant_id = merchant_id, .livemode = livemode };
          memset (chain.hash, '0', 64);
        }
      check_event (self, statement, &chain, told);
    }
  check_head (self, &chain, heads);
  return step == COBRO_DB_DONE;
}

/* A head without its log: the log was cut off. */
static void
check_left_heads (RelayAudit *self, GHashTable *heads)
{
  GHashTableIter iter;
  gpointer merchant, head;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &merchant, &head))
    relay_audit_note (self, "I6", g_strdup_printf ("log of %s", (char *)merchant), g_strdup (head),
                      g_strdup ("nothing"));
}

/* Rows of @sql (id, state, livemode): its state was told exactly once, and so was its beginning, in the log of its
 * mode. */
static gboolean
check_told (RelayAudit *self, const char *noun, const char *first, const char *sql, GHashTable *told, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (self->db, sql, error);
  CobroDbStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      const char *id = cobro_db_column_text (statement, "id");
      const char *state = cobro_db_column_text (statement, "state");
      gboolean livemode = cobro_db_column_bool (statement, "livemode");
      g_autofree char *begun = g_strdup_printf ("%s.created", noun);
      g_autofree char *now = g_strdup_printf ("%s.%s", noun, state);
      g_autofree char *created = told_key (id, begun, livemode);
      g_autofree char *reached = told_key (id, now, livemode);
      int n = GPOINTER_TO_INT (g_hash_table_lookup (told, created));

      if (n != 1)
        relay_audit_note (self, "I6", g_strdup_printf ("event %s", created), g_strdup ("1"), NUMBER (n));
      if (g_str_equal (state, first) || g_str_equal (state, "pending"))
        continue;
      n = GPOINTER_TO_INT (g_hash_table_lookup (told, reached));
      if (n != 1)
        relay_audit_note (self, "I6", g_strdup_printf ("event %s", reached), g_strdup ("1"), NUMBER (n));
    }
  return step == COBRO_DB_DONE;
}

gboolean
relay_audit_log (RelayAudit *self, GError **error)
{
  g_autoptr (GHashTable) heads = read_heads (self->db, error);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (heads == NULL || !read_log (self, heads, told, error))
    return FALSE;
  check_left_heads (self, heads);
  return check_told (self, "payment", "created", "SELECT id, state, livemode FROM payment", told, error) &&
         check_told (self, "refund", "pending", "SELECT id, state, livemode FROM refund", told, error);
}
