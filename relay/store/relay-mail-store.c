/* relay/store/relay-mail-store.c — the life of mails: queued with their cause, leased, settled.
 * Layer: relay/store. */
#include "relay-mail-store.h"

#include <string.h>

#include "cobro-names.h"
#include "cobro-text.h"
#include "relay-row.h"
#include "relay-store-private.h"

#define COLUMNS                                                                                                        \
  "row, merchant_id, livemode, id, kind, cause, invoice_id, payment_id, step, recipient, state, attempt, tries, "      \
  "next_at, lease_until, last_status, last_error, sent_at, created_at, updated_at"

static const char *const state_names[] = {
  [RELAY_MAIL_QUEUED] = "queued", [RELAY_MAIL_LEASED] = "leased",   [RELAY_MAIL_SENT] = "sent",
  [RELAY_MAIL_RETRY] = "retry",   [RELAY_MAIL_BOUNCED] = "bounced", [RELAY_MAIL_DROPPED] = "dropped",
};

COBRO_DEFINE_NAMES (RelayMailState, relay_mail_state, state_names)

void
relay_mail_free (RelayMail *mail)
{
  if (mail == NULL)
    return;
  g_free (mail->kind);
  g_free (mail->recipient);
  g_free (mail->last_error);
  g_free (mail);
}

static gpointer
read_mail (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayMail) mail = g_new0 (RelayMail, 1);

  if (!relay_row_enum (statement, "state", relay_mail_state_from_name, &mail->state, error))
    return NULL;
  mail->row = cobro_db_column_int64 (statement, "row");
  mail->merchant_id = cobro_db_column_id (statement, "merchant_id");
  mail->livemode = cobro_db_column_bool (statement, "livemode");
  mail->id = cobro_db_column_id (statement, "id");
  relay_row_text (statement, "kind", &mail->kind);
  mail->cause = cobro_db_column_id (statement, "cause");
  mail->invoice_id = cobro_db_column_id (statement, "invoice_id");
  mail->payment_id = cobro_db_column_id (statement, "payment_id");
  mail->step = (gint)cobro_db_column_int64 (statement, "step");
  relay_row_text (statement, "recipient", &mail->recipient);
  mail->attempt = cobro_db_column_int64 (statement, "attempt");
  mail->tries = (guint)cobro_db_column_int64 (statement, "tries");
  mail->next_at = cobro_db_column_time (statement, "next_at");
  mail->lease_until = cobro_db_column_time (statement, "lease_until");
  mail->last_status = (gint)cobro_db_column_int64 (statement, "last_status");
  relay_row_text (statement, "last_error", &mail->last_error);
  mail->sent_at = cobro_db_column_time (statement, "sent_at");
  mail->created_at = cobro_db_column_time (statement, "created_at");
  mail->updated_at = cobro_db_column_time (statement, "updated_at");
  return g_steal_pointer (&mail);
}

/* ── With the cause ─────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_mail_set_wanted (RelayStore *store, gboolean wanted)
{
  g_atomic_int_set (&store->mails, wanted);
}

gboolean
relay_mail_is_wanted (RelayStore *store)
{
  return g_atomic_int_get (&store->mails);
}

/* Crockford's letters, as ids are written. */
CobroId
relay_mail_cause_of_step (const CobroId *invoice_id, gint step)
{
  static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *text = g_strdup_printf ("%s|%d", invoice_id->text, step);
  CobroId cause = { "op_" };
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (sum, (const guint8 *)text, -1);
  g_checksum_get_digest (sum, digest, &n);
  for (guint i = 0; i < 26; i++)
    cause.text[3 + i] = letters[digest[i] & 31];
  cause.text[3] = letters[digest[0] & 7]; /* a ULID's first letter is at most 7 */
  return cause;
}

static gint64
urgency_of (const char *kind)
{
  if (strcmp (kind, "receipt") == 0 || strcmp (kind, "paid_notice") == 0)
    return 0;
  return strcmp (kind, "reminder") == 0 ? 2 : 1;
}

static gboolean
insert (RelayTx *tx, const RelayScope *scope, const RelayMailOrder *order, GError **error)
{
  CobroId id = cobro_id_new (COBRO_ID_MAIL, relay_store_clock (tx->store), relay_store_random (tx->store));
  g_autofree char *mailbox = g_utf8_strdown (order->recipient, -1);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO mail (merchant_id, livemode, id, kind, cause, invoice_id, payment_id, step, recipient, mailbox, "
    "urgency, state, next_at, created_at, updated_at) VALUES (:merchant, :livemode, :id, :kind, :cause, :invoice, "
    ":payment, :step, :recipient, :mailbox, :urgency, 'queued', :due, :now, :now) "
    "ON CONFLICT (merchant_id, livemode, cause, kind) DO NOTHING",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_id (statement, ":id", &id);
  cobro_db_bind_text (statement, ":kind", order->kind);
  cobro_db_bind_id (statement, ":cause", &order->cause);
  cobro_db_bind_id (statement, ":invoice", &order->invoice_id);
  cobro_db_bind_id (statement, ":payment", &order->payment_id);
  cobro_db_bind_int64 (statement, ":step", order->step);
  cobro_db_bind_text (statement, ":recipient", order->recipient);
  cobro_db_bind_text (statement, ":mailbox", mailbox);
  cobro_db_bind_int64 (statement, ":urgency", urgency_of (order->kind));
  cobro_db_bind_int64 (statement, ":due", order->due > tx->now ? order->due : tx->now);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_mail_queue (RelayTx *tx, const RelayScope *scope, const RelayMailOrder *order, GError **error)
{
  if (!relay_mail_is_wanted (tx->store))
    return TRUE;
  if (!cobro_text_check (order->recipient, 254, COBRO_TEXT_NEEDED, "to", error) ||
      !cobro_text_check_email (order->recipient, "to", error) || !insert (tx, scope, order, error))
    return FALSE;
  if (cobro_db_changes (tx->db) > 0)
    relay_tx_touch (tx, "mail", &scope->merchant_id);
  return TRUE;
}

/* ── Leases ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const RelayMail *one = *(RelayMail *const *)a, *other = *(RelayMail *const *)b;

  return (one->row > other->row) - (one->row < other->row);
}

static GPtrArray *
lease (RelayTx *tx, const char *worker, guint room, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE mail SET state = 'leased', attempt = attempt + 1, lease_until = :until, worker = :worker, next_at = NULL, "
    "updated_at = :now WHERE row IN (SELECT row FROM mail WHERE next_at <= :now ORDER BY urgency, next_at, row LIMIT "
    ":room " COBRO_DB_SKIP_LOCKED ") RETURNING " COLUMNS,
    error);
  GPtrArray *claimed;

  if (statement == NULL)
    return NULL;
  cobro_db_bind_int64 (statement, ":until", tx->now + RELAY_MAIL_LEASE);
  cobro_db_bind_text (statement, ":worker", worker);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":room", room);
  claimed = relay_row_all (statement, read_mail, (GDestroyNotify)relay_mail_free, error);
  if (claimed != NULL)
    g_ptr_array_sort (claimed, compare_rows);
  return claimed;
}

/* What was sent to @mailbox within the hour, at most @most of it: how many, and the oldest of those. */
static gboolean
look_back (RelayTx *tx, const char *mailbox, guint most, gint64 *out_n, CobroTime *out_oldest, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT count(*) AS n, min (sent_at) AS oldest FROM (SELECT sent_at FROM mail WHERE mailbox = :mailbox AND "
    "sent_at > :since ORDER BY sent_at DESC LIMIT :most) AS sent",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":mailbox", mailbox);
  cobro_db_bind_int64 (statement, ":since", tx->now - COBRO_HOUR);
  cobro_db_bind_int64 (statement, ":most", most);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_n = cobro_db_column_int64 (statement, "n");
  *out_oldest = cobro_db_column_time (statement, "oldest");
  return TRUE;
}

/* How many to @mailbox are on their way. */
static gboolean
count_leased (RelayTx *tx, const char *mailbox, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db, "SELECT count(*) AS n FROM mail WHERE lease_until IS NOT NULL AND mailbox = :mailbox", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":mailbox", mailbox);
  return relay_row_count (statement, out_n, error);
}

/* Back into the queue as it was, for later. */
static gboolean
postpone (RelayTx *tx, RelayMail *mail, CobroTime until, GError **error)
{
  gboolean held;

  mail->state = mail->tries == 0 ? RELAY_MAIL_QUEUED : RELAY_MAIL_RETRY;
  mail->next_at = until;
  return relay_mail_settle (tx, mail, &held, error);
}

/* Nobody is buried in mail, whoever asks for it. */
static gboolean
keep_to_share (RelayTx *tx, RelayMail *mail, gboolean *out_goes, GError **error)
{
  guint most = strcmp (mail->kind, "paid_notice") == 0 ? RELAY_NOTICE_PER_HOUR : RELAY_MAIL_PER_HOUR;
  g_autofree char *mailbox = g_utf8_strdown (mail->recipient, -1);
  gint64 sent, flying;
  CobroTime oldest;

  if (!look_back (tx, mailbox, most, &sent, &oldest, error) || !count_leased (tx, mailbox, &flying, error))
    return FALSE;
  *out_goes = sent + flying <= (gint64)most; /* this one flies, too */
  if (*out_goes)
    return TRUE;
  return postpone (tx, mail, MAX (oldest + COBRO_HOUR, tx->now + COBRO_MINUTE), error);
}

GPtrArray *
relay_mail_claim (RelayTx *tx, const char *worker, guint room, GError **error)
{
  g_autoptr (GPtrArray) claimed = lease (tx, worker, room, error);

  if (claimed == NULL)
    return NULL;
  for (guint i = claimed->len; i-- > 0;) /* the newest wait */
    {
      gboolean goes;

      if (!keep_to_share (tx, claimed->pdata[i], &goes, error))
        return NULL;
      if (!goes)
        g_ptr_array_remove_index (claimed, i);
    }
  return g_steal_pointer (&claimed);
}

gboolean
relay_mail_settle (RelayTx *tx, const RelayMail *mail, gboolean *out_held, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "UPDATE mail SET state = :state, tries = :tries, next_at = :next, lease_until = NULL, "
                      "worker = NULL, last_status = :status, last_error = :error, sent_at = :sent, updated_at = :now "
                      "WHERE row = :row AND attempt = :attempt AND state = 'leased'",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_text (statement, ":state", relay_mail_state_name (mail->state));
  cobro_db_bind_int64 (statement, ":tries", mail->tries);
  cobro_db_bind_time (statement, ":next", mail->next_at);
  cobro_db_bind_null (statement, ":status");
  if (mail->last_status != 0)
    cobro_db_bind_int64 (statement, ":status", mail->last_status);
  cobro_db_bind_text (statement, ":error", mail->last_error);
  cobro_db_bind_time (statement, ":sent", mail->state == RELAY_MAIL_SENT ? tx->now : 0);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_int64 (statement, ":row", mail->row);
  cobro_db_bind_int64 (statement, ":attempt", mail->attempt);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_held = cobro_db_changes (tx->db) > 0;
  return TRUE;
}

gboolean
relay_mail_reap (RelayTx *tx, const char *worker, guint limit, gint64 *out_n, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "UPDATE mail SET state = CASE WHEN tries = 0 THEN 'queued' ELSE 'retry' END, next_at = :now, lease_until = NULL, "
    "worker = NULL, updated_at = :now WHERE row IN (SELECT row FROM mail WHERE lease_until IS NOT NULL AND "
    "(lease_until <= :now OR worker = :worker) ORDER BY lease_until LIMIT :limit " COBRO_DB_SKIP_LOCKED ")",
    error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_int64 (statement, ":now", tx->now);
  cobro_db_bind_text (statement, ":worker", worker != NULL ? worker : "");
  cobro_db_bind_int64 (statement, ":limit", limit);
  if (!cobro_db_run (statement, error))
    return FALSE;
  *out_n = cobro_db_changes (tx->db);
  return TRUE;
}

gboolean
relay_mail_next_due (CobroDb *db, CobroTime *out_due, CobroTime *out_expiry, GError **error)
{
  g_autoptr (CobroDbStatement) due =
    cobro_db_prepare (db, "SELECT min (next_at) AS n FROM mail WHERE next_at IS NOT NULL", error);
  g_autoptr (CobroDbStatement) expiry = NULL;

  if (due == NULL || !relay_row_count (due, out_due, error))
    return FALSE;
  expiry = cobro_db_prepare (db, "SELECT min (lease_until) AS n FROM mail WHERE lease_until IS NOT NULL", error);
  return expiry != NULL && relay_row_count (expiry, out_expiry, error);
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

GPtrArray *
relay_mail_list (CobroDb *db, const RelayScope *scope, const CobroId *invoice_id, guint limit, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT " COLUMNS " FROM mail WHERE merchant_id = :merchant AND livemode = :livemode AND (:all = 1 OR "
    "invoice_id = :invoice) ORDER BY row DESC LIMIT :limit",
    error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
  cobro_db_bind_bool (statement, ":all", invoice_id == NULL);
  cobro_db_bind_text (statement, ":invoice", invoice_id != NULL ? invoice_id->text : "");
  cobro_db_bind_int64 (statement, ":limit", limit);
  return relay_row_all (statement, read_mail, (GDestroyNotify)relay_mail_free, error);
}

/* ── Senders ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
forget_sender (RelayTx *tx, const CobroId *merchant_id, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db, "DELETE FROM mail_sender WHERE merchant_id = :merchant", error);

  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  return cobro_db_run (statement, error);
}

gboolean
relay_mail_sender_set (RelayTx *tx, const CobroId *merchant_id, const char *address, GError **error)
{
  g_autoptr (CobroDbStatement) statement = NULL;

  if (address == NULL)
    return forget_sender (tx, merchant_id, error);
  if (!cobro_text_check (address, 254, COBRO_TEXT_NEEDED, "address", error) ||
      !cobro_text_check_email (address, "address", error))
    return FALSE;
  statement = cobro_db_prepare (tx->db,
                                "INSERT INTO mail_sender (merchant_id, address, created_at) VALUES (:merchant, "
                                ":address, :now) ON CONFLICT (merchant_id) DO UPDATE SET address = :address",
                                error);
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_text (statement, ":address", address);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error);
}

gboolean
relay_mail_sender_get (CobroDb *db, const CobroId *merchant_id, char **out_address, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db, "SELECT address FROM mail_sender WHERE merchant_id = :merchant", error);
  CobroDbStep step;

  *out_address = NULL;
  if (statement == NULL)
    return FALSE;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  step = cobro_db_step (statement, error);
  if (step == COBRO_DB_ROW)
    *out_address = relay_row_dup_text (statement, "address");
  return step != COBRO_DB_FAILED;
}
