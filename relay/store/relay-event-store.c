/* relay/store/relay-event-store.c — the merchant's log.
 * Layer: relay/store. */
#include "relay-event-store.h"

#include <string.h>

#include "relay-delivery-rows.h"
#include "relay-row.h"

#define HASH_BYTES 32
#define READ_MAX   1000

static void
hash_to_hex (const guint8 bytes[HASH_BYTES], char hex[65])
{
  static const char digits[] = "0123456789abcdef";

  for (gsize i = 0; i < HASH_BYTES; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }
  hex[64] = '\0';
}

static void
hash_from_hex (const char *hex, guint8 bytes[HASH_BYTES])
{
  for (gsize i = 0; i < HASH_BYTES; i++)
    bytes[i] = (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

static void
bind_scope (CobroDbStatement *statement, const RelayScope *scope)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
}

/* Where the log ends. @out_sequence 0 and @out_hash "" for an empty one. */
static gboolean
read_head (CobroDb *db, const RelayScope *scope, gint64 *out_sequence, char out_hash[65], GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT sequence, hash FROM event_head WHERE merchant_id = :merchant AND livemode = :livemode", error);
  guint8 bytes[HASH_BYTES];

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  *out_sequence = 0;
  out_hash[0] = '\0';
  switch (cobro_db_step (statement, error))
    {
    case COBRO_DB_ROW:
      if (!relay_row_bytes (statement, "hash", bytes, sizeof bytes, error))
        return FALSE;
      *out_sequence = cobro_db_column_int64 (statement, "sequence");
      hash_to_hex (bytes, out_hash);
      return TRUE;
    case COBRO_DB_DONE:
      return TRUE;
    case COBRO_DB_FAILED:
      break;
    }
  return FALSE;
}

static gboolean
write_head (RelayTx *tx, const RelayScope *scope, const CobroEvent *event, const guint8 hash[HASH_BYTES],
            GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO event_head (merchant_id, livemode, sequence, hash) VALUES (:merchant, :livemode, "
                      ":sequence, :hash) ON CONFLICT (merchant_id, livemode) DO UPDATE SET sequence = "
                      "excluded.sequence, hash = excluded.hash",
                      error);

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  cobro_db_bind_int64 (statement, ":sequence", event->sequence);
  cobro_db_bind_blob (statement, ":hash", hash, HASH_BYTES);
  return cobro_db_run (statement, error);
}

static gboolean
write_event (RelayTx *tx, const RelayScope *scope, const CobroEvent *event, const guint8 hash[HASH_BYTES],
             GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "INSERT INTO event (merchant_id, livemode, sequence, id, type, occurred_at, object_id, object, hash) "
    "VALUES (:merchant, :livemode, :sequence, :id, :type, :occurred_at, :object_id, :object, :hash)",
    error);

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  cobro_db_bind_int64 (statement, ":sequence", event->sequence);
  cobro_db_bind_id (statement, ":id", &event->id);
  cobro_db_bind_text (statement, ":type", cobro_event_type_name (event->type));
  cobro_db_bind_int64 (statement, ":occurred_at", event->occurred_at);
  cobro_db_bind_id (statement, ":object_id", &event->object_id);
  cobro_db_bind_text (statement, ":object", event->object);
  cobro_db_bind_blob (statement, ":hash", hash, HASH_BYTES);
  return cobro_db_run (statement, error);
}

gboolean
relay_event_append (RelayTx *tx, const RelayScope *scope, CobroEventType type, const CobroId *object_id,
                    const char *object, GError **error)
{
  g_autoptr (CobroEvent) event = cobro_event_new ();
  char previous[65];
  guint8 hash[HASH_BYTES];

  if (!read_head (tx->db, scope, &event->sequence, previous, error))
    return FALSE;
  event->sequence++;
  event->id = cobro_id_new (COBRO_ID_EVENT, relay_store_clock (tx->store), relay_store_random (tx->store));
  event->merchant_id = scope->merchant_id;
  event->type = type;
  event->occurred_at = tx->now;
  event->object_id = *object_id;
  g_free (event->object);
  event->object = g_strdup (object);
  cobro_event_seal (event, previous[0] != '\0' ? previous : NULL);
  hash_from_hex (event->hash, hash);

  if (!write_event (tx, scope, event, hash, error) || !write_head (tx, scope, event, hash, error) ||
      !relay_delivery_fan_out (tx, scope, event, error))
    return FALSE;
  relay_tx_touch (tx, "merchant", &scope->merchant_id);
  return TRUE;
}

gboolean
relay_event_append_both (RelayTx *tx, const CobroId *merchant_id, CobroEventType type, const CobroId *object_id,
                         const char *object, GError **error)
{
  RelayScope test = { *merchant_id, FALSE }, live = { *merchant_id, TRUE };

  return relay_event_append (tx, &test, type, object_id, object, error) &&
         relay_event_append (tx, &live, type, object_id, object, error);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroEvent *
read_event (CobroDbStatement *statement, const CobroId *merchant_id, GError **error)
{
  g_autoptr (CobroEvent) event = cobro_event_new ();
  guint8 hash[HASH_BYTES];

  if (!relay_row_enum (statement, "type", cobro_event_type_from_name, &event->type, error) ||
      !relay_row_bytes (statement, "hash", hash, sizeof hash, error))
    return NULL;
  event->merchant_id = *merchant_id;
  event->sequence = cobro_db_column_int64 (statement, "sequence");
  event->id = cobro_db_column_id (statement, "id");
  event->occurred_at = cobro_db_column_time (statement, "occurred_at");
  event->object_id = cobro_db_column_id (statement, "object_id");
  relay_row_text (statement, "object", &event->object);
  hash_to_hex (hash, event->hash);
  return g_steal_pointer (&event);
}

/* Each event's previous hash is that of the row before; the first of the page needs the one before the page. */
static gboolean
read_page (CobroDbStatement *statement, const CobroId *merchant_id, gint64 after, GPtrArray *events, GError **error)
{
  char previous[65];
  CobroDbStep step;

  memset (previous, '0', 64);
  previous[64] = '\0';
  while ((step = cobro_db_step (statement, error)) == COBRO_DB_ROW)
    {
      CobroEvent *event = read_event (statement, merchant_id, error);

      if (event == NULL)
        return FALSE;
      g_strlcpy (event->previous_hash, previous, sizeof event->previous_hash);
      g_strlcpy (previous, event->hash, sizeof previous);
      if (event->sequence > after)
        g_ptr_array_add (events, event);
      else
        cobro_event_unref (event);
    }
  return step == COBRO_DB_DONE;
}

GPtrArray *
relay_event_read (CobroDb *db, const RelayScope *scope, gint64 after, guint limit, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_event_unref);
  g_autoptr (CobroDbStatement) statement = NULL;
  gint64 head = relay_event_head (db, scope, error);

  if (head < 0)
    return NULL;
  if (after > head || after < 0)
    {
      cobro_error_set_at (error, COBRO_ERROR_GONE, "after",
                          "the log ends at %" G_GINT64_FORMAT ": read it from the beginning", head);
      return NULL;
    }
  if (after == head)
    return g_steal_pointer (&events);
  statement = cobro_db_prepare (db,
                                "SELECT sequence, id, type, occurred_at, object_id, object, hash FROM event "
                                "WHERE merchant_id = :merchant AND livemode = :livemode AND sequence >= :first AND "
                                "sequence <= :last ORDER BY sequence",
                                error);
  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  cobro_db_bind_int64 (statement, ":first", after);
  cobro_db_bind_int64 (statement, ":last", after + CLAMP (limit, 1, READ_MAX));
  if (!read_page (statement, &scope->merchant_id, after, events, error))
    return NULL;
  return g_steal_pointer (&events);
}

gint64
relay_event_head (CobroDb *db, const RelayScope *scope, GError **error)
{
  gint64 sequence;
  char hash[65];

  return read_head (db, scope, &sequence, hash, error) ? sequence : -1;
}
