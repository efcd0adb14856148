/* relay/api/relay-api-keys.c — /v1/api-keys: made, listed, rotated, revoked; the text is shown once.
 * A key hands on what it has itself and never more, in its own mode. Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-key-store.h"

#define NAME_MAX_LENGTH 100
#define WORDS_MAX       32

/* ── The /v1 shape ──────────────────────────────────────────────────────────────────────────────────────────── */

static void
write_words (CobroWireWriter *writer, const char *key, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words != NULL ? words : "", " ", -1);

  cobro_wire_begin_array (writer, key);
  for (guint i = 0; parts[i] != NULL; i++)
    cobro_wire_put_text (writer, NULL, parts[i]);
  cobro_wire_end_array (writer);
}

static void
write_key (CobroWireWriter *writer, const RelayKeyRecord *record, const char *text)
{
  g_autofree char *used = relay_api_dup_day (record->used_on);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", record->id);
  if (text != NULL)
    cobro_wire_put_text (writer, "key", text);
  cobro_wire_put_text (writer, "name", record->name);
  write_words (writer, "scopes", record->scopes);
  write_words (writer, "networks", record->networks);
  cobro_wire_put_bool (writer, "livemode", record->livemode);
  cobro_wire_put_text (writer, "createdBy", record->created_by);
  cobro_wire_put_time (writer, "createdAt", record->created_at);
  cobro_wire_put_time (writer, "expiresAt", record->expires_at);
  cobro_wire_put_text (writer, "lastUsedOn", used);
  cobro_wire_put_time (writer, "revokedAt", record->revoked_at);
  cobro_wire_put_text (writer, "successor", record->successor);
  cobro_wire_end_object (writer);
}

/* The key as the books have it now; @text: (nullable): only in the answer that made it. */
static RelayReply *
reply_key (RelayContext *ctx, RelayRequest *request, guint status, const char *id, const char *text, GError **error)
{
  RelayScope scope = relay_api_scope (request);
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  g_autoptr (RelayKeyRecord) record = reader != NULL ? relay_key_read (reader->db, &scope, id, error) : NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (record == NULL)
    return NULL;
  writer = cobro_wire_writer_new ();
  write_key (writer, record, text);
  return relay_reply_json (request, status, cobro_wire_writer_take (writer));
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_keys_list (gpointer context, RelayRequest *request)
{
  static const char *const no_names[] = { NULL };
  RelayContext *ctx = context;
  RelayScope scope = relay_api_scope (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (CobroWireWriter) writer = NULL;

  if (!relay_api_check_query (request, no_names, &error) || !(reader = relay_store_read (ctx->store, &error)) ||
      !(keys = relay_key_list (reader->db, &scope, &error)))
    return relay_reply_problem (request, error);
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_array (writer, NULL);
  for (guint i = 0; i < keys->len; i++)
    write_key (writer, keys->pdata[i], NULL);
  cobro_wire_end_array (writer);
  return relay_reply_json (request, 200, cobro_wire_writer_take (writer));
}

RelayReply *
relay_api_keys_read (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  RelayReply *reply = reply_key (context, request, 200, relay_request_param (request, "id"), NULL, &error);

  return reply != NULL ? reply : relay_reply_problem (request, error);
}

/* ── Making ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One change of the keys. */
typedef struct
{
  RelayScope scope;
  RelayKeyOrder order;
  const char *id; /* of the key that is rotated or revoked */
  gint64 overlap;
  RelayKeyText text;
} Change;

static gboolean
insert_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  return relay_key_insert (tx, &change->scope, &change->order, &change->text, error);
}

static gboolean
rotate_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  return relay_key_rotate (tx, &change->scope, change->id, change->overlap, change->order.created_by, &change->text,
                           error);
}

static gboolean
revoke_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  return relay_key_revoke (tx, &change->scope, change->id, error);
}

/* A list of words as one text; a word holds no blank. NULL with COBRO_ERROR_INVALID. */
static gboolean
read_words (CobroWireObject *json, const char *key, char **out_text, GError **error)
{
  g_autoptr (GPtrArray) words = NULL;

  if (!cobro_wire_get_texts (json, key, WORDS_MAX, &words, error))
    return FALSE;
  for (guint i = 0; i < words->len; i++)
    if (*(const char *)words->pdata[i] == '\0' || strpbrk (words->pdata[i], " \t\r\n") != NULL)
      return cobro_wire_refuse (json, key, error, "must be words without blanks");
  g_ptr_array_add (words, NULL);
  *out_text = g_strjoinv (" ", (char **)words->pdata);
  return TRUE;
}

/* What is asked for; texts are (transfer full). */
typedef struct
{
  char *name, *scopes, *networks;
  CobroTime expires_at;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->name);
  g_free (wish->scopes);
  g_free (wish->networks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
parse_wish (RelayRequest *request, CobroTime now, Wish *wish, GError **error)
{
  CobroWireObject *json = relay_request_get_json (request, error);

  if (json == NULL || !cobro_wire_get_text_needed (json, "name", &wish->name, error) ||
      !read_words (json, "scopes", &wish->scopes, error) || !read_words (json, "networks", &wish->networks, error) ||
      !cobro_wire_get_time (json, "expiresAt", &wish->expires_at, error) || !cobro_wire_done (json, error))
    return FALSE;
  if (!cobro_text_check (wish->name, NAME_MAX_LENGTH, COBRO_TEXT_NEEDED, "name", error) ||
      !relay_key_check_scopes (wish->scopes, error))
    return FALSE;
  if (*wish->networks == '\0')
    g_clear_pointer (&wish->networks, g_free);
  if (wish->networks != NULL && !relay_key_check_networks (wish->networks, error))
    return FALSE;
  if (wish->expires_at != 0 && wish->expires_at <= now)
    return cobro_wire_refuse (json, "expiresAt", error, "must be in the future");
  if (!relay_key_scopes_within (wish->scopes, request->scopes))
    return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "a key cannot allow more than the key that makes it");
  return TRUE;
}

static RelayReply *
reply_new_key (RelayContext *ctx, RelayRequest *request, Change *change, GError **error)
{
  g_autofree char *id = relay_key_text_dup_id (&change->text);
  RelayReply *reply = reply_key (ctx, request, 201, id, change->text.text, error);

  explicit_bzero (&change->text, sizeof change->text);
  return reply;
}

RelayReply *
relay_api_keys_create (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  Change change = { .scope = relay_api_scope (request) };
  g_auto (Wish) wish = { NULL };
  g_autoptr (GError) error = NULL;
  RelayReply *reply;

  if (!parse_wish (request, cobro_clock_now (ctx->clock), &wish, &error))
    return relay_reply_problem (request, error);
  change.order = (RelayKeyOrder){ .name = wish.name,
                                  .scopes = wish.scopes,
                                  .networks = wish.networks,
                                  .created_by = request->key_id,
                                  .expires_at = wish.expires_at };
  if (!relay_store_write_for (ctx->store, &change.scope.merchant_id, insert_work, &change, &error) ||
      !(reply = reply_new_key (ctx, request, &change, &error)))
    return relay_reply_problem (request, error);
  return reply;
}

/* {"overlapSeconds": 3600}: how long the old key stays good; a day when nothing is said. */
static gboolean
parse_overlap (RelayRequest *request, gint64 *out_overlap, GError **error)
{
  gint64 seconds = RELAY_KEY_OVERLAP_MAX / COBRO_SECOND;
  CobroWireObject *json;

  *out_overlap = RELAY_KEY_OVERLAP_MAX;
  if (g_bytes_get_size (request->body) == 0)
    return TRUE;
  if (!(json = relay_request_get_json (request, error)) ||
      !cobro_wire_get_int64 (json, "overlapSeconds", seconds, &seconds, error) || !cobro_wire_done (json, error))
    return FALSE;
  if (seconds < 0 || seconds > RELAY_KEY_OVERLAP_MAX / COBRO_SECOND)
    return cobro_wire_refuse (json, "overlapSeconds", error, "must be 0 to 86400");
  *out_overlap = seconds * COBRO_SECOND;
  return TRUE;
}

/* Whose successor is made must not be allowed more than who asks for it. */
static gboolean
may_rotate (RelayContext *ctx, RelayRequest *request, const Change *change, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  g_autoptr (RelayKeyRecord) record =
    reader != NULL ? relay_key_read (reader->db, &change->scope, change->id, error) : NULL;

  return record != NULL &&
         (relay_key_scopes_within (record->scopes, request->scopes) ||
          cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "a key cannot allow more than the key that makes it"));
}

RelayReply *
relay_api_keys_rotate (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  Change change = { .scope = relay_api_scope (request),
                    .id = relay_request_param (request, "id"),
                    .order.created_by = request->key_id };
  g_autoptr (GError) error = NULL;
  RelayReply *reply;

  if (!parse_overlap (request, &change.overlap, &error) || !may_rotate (ctx, request, &change, &error) ||
      !relay_store_write_for (ctx->store, &change.scope.merchant_id, rotate_work, &change, &error) ||
      !(reply = reply_new_key (ctx, request, &change, &error)))
    return relay_reply_problem (request, error);
  return reply;
}

RelayReply *
relay_api_keys_revoke (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  Change change = { .scope = relay_api_scope (request), .id = relay_request_param (request, "id") };
  g_autoptr (GError) error = NULL;
  RelayReply *reply;

  if (!relay_api_check_no_body (request, &error) ||
      !relay_store_write_for (ctx->store, &change.scope.merchant_id, revoke_work, &change, &error) ||
      !(reply = reply_key (ctx, request, 200, change.id, NULL, &error)))
    return relay_reply_problem (request, error);
  return reply;
}
