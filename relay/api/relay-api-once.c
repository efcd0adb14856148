/* relay/api/relay-api-once.c — the Idempotency-Key of a request: read, looked up, replayed; claimed before and answered
 * after where the work has no transaction of its own. Layer: relay/api (private). Request threads; the work functions
 * on the writer thread. */
#include "relay-api-once.h"

#include <string.h>

#include "cobro-error.h"

#define API_VERSION  "1"
#define PAYER_DIGITS 48
#define ULID_DIGITS  26

/* A claim on its way through the writer. */
typedef struct
{
  const RelayApiOnce *once;
  RelayIdempotencyAnswer answer;
  RelayStoredAnswer stored;
} Claim;

/* An answer on its way through the writer. */
typedef struct
{
  const RelayApiOnce *once;
  RelayStoredAnswer *answer;
} Finish;

void
relay_api_once_clear (RelayApiOnce *once)
{
  g_clear_pointer (&once->key, g_free);
}

gboolean
relay_api_once_is_set (const RelayApiOnce *once)
{
  return once->key != NULL;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────── */

/* The field is a structured string in quotes (the IETF draft) or bare (what everybody sends): one meaning. NULL: it
 * begins with a quote and is no structured string (RFC 9651, 3.3.3), or there are two of them. */
static char *
unquote_key (const char *field)
{
  g_autoptr (GString) key = g_string_new (NULL);
  const char *at = field + 1;

  if (field[0] != '"')
    return g_strdup (field);
  for (; *at != '"'; at++)
    {
      if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
        at++;
      else if (*at == '\\' || *at < ' ' || *at > '~')
        return NULL;
      g_string_append_c (key, *at);
    }
  return at[1] == '\0' ? g_string_free (g_steal_pointer (&key), FALSE) : NULL;
}

static void
add_line (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *)text, -1);
  g_checksum_update (sum, (const guchar *)"\n", 1);
}

static void
take_fingerprint (RelayRequest *request, const char *const *params, guint8 out[32])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = 32;

  add_line (sum, API_VERSION);
  add_line (sum, request->method);
  add_line (sum, request->route->template);
  for (; params != NULL && *params != NULL; params++)
    add_line (sum, *params);
  g_checksum_update (sum, g_bytes_get_data (request->body, NULL), (gssize)g_bytes_get_size (request->body));
  g_checksum_get_digest (sum, out, &size);
}

gboolean
relay_api_once_read (RelayRequest *request, const RelayScope *scope, const char *const *params, gboolean needed,
                     RelayApiOnce *out_once, GError **error)
{
  const char *field = relay_request_header (request, "idempotency-key");

  if (field == NULL)
    return !needed || cobro_error_set_at (error, COBRO_ERROR_KEYLESS, "Idempotency-Key",
                                          "is required: send the same one again when you repeat the request");
  if ((out_once->key = unquote_key (field)) == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "Idempotency-Key", "must be one key, bare or in quotes");
  out_once->scope = *scope;
  take_fingerprint (request, params, out_once->fingerprint);
  return TRUE;
}

RelayIdempotency
relay_api_once_request (const RelayApiOnce *once)
{
  RelayIdempotency request = { .key = once->key };

  memcpy (request.fingerprint, once->fingerprint, sizeof request.fingerprint);
  return request;
}

/* As a ULID: the first of its 26 digits is below 8. */
CobroId
relay_api_once_id (const RelayApiOnce *once, CobroIdKind kind)
{
  static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  char text[ULID_DIGITS + 1] = "";
  guint8 hash[32];
  gsize size = sizeof hash;
  CobroId id = COBRO_ID_NONE;

  add_line (sum, cobro_id_prefix (kind));
  add_line (sum, once->scope.merchant_id.text);
  add_line (sum, once->scope.livemode ? "live" : "test");
  add_line (sum, once->key);
  g_checksum_get_digest (sum, hash, &size);
  for (guint i = 0; i < ULID_DIGITS; i++)
    text[i] = digits[hash[i] & (i == 0 ? 7 : 31)];
  g_snprintf (id.text, sizeof id.text, "%s%s", cobro_id_prefix (kind), text);
  return id;
}

/* ── Replaying ──────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_once_reply (RelayRequest *request, RelayStoredAnswer *answer, gboolean replayed)
{
  RelayReply *reply = relay_reply_json_bare (request, answer->status, g_steal_pointer (&answer->body));

  if (replayed)
    relay_reply_set_header (reply, "Idempotent-Replayed", "true");
  return reply;
}

gboolean
relay_api_once_look (const RelayContext *context, RelayRequest *request, const RelayApiOnce *once,
                     RelayReply **out_reply, GError **error)
{
  RelayIdempotency wanted = relay_api_once_request (once);
  g_auto (RelayStoredAnswer) stored = { 0 };
  g_autoptr (RelayReader) reader = NULL;
  RelayIdempotencyAnswer answer;

  *out_reply = NULL;
  if (once->key == NULL)
    return TRUE;
  if (!(reader = relay_store_read (context->store, error)) ||
      !relay_idempotency_look (context->store, reader->db, &once->scope, &wanted, cobro_clock_now (context->clock),
                               &answer, &stored, error))
    return FALSE;
  if (answer == RELAY_IDEMPOTENCY_REPLAY)
    *out_reply = relay_api_once_reply (request, &stored, TRUE);
  return TRUE;
}

/* ── Claiming and answering ─────────────────────────────────────────────────────────────────────── */

static gboolean
claim_key (RelayTx *tx, gpointer data, GError **error)
{
  Claim *claim = data;
  RelayIdempotency request = relay_api_once_request (claim->once);

  relay_stored_answer_clear (&claim->stored);
  return relay_idempotency_claim (tx, &claim->once->scope, &request, NULL, &claim->answer, NULL, &claim->stored, error);
}

gboolean
relay_api_once_begin (const RelayContext *context, RelayRequest *request, const RelayApiOnce *once,
                      RelayReply **out_replay, GError **error)
{
  Claim claim = { .once = once };

  if (!relay_api_once_look (context, request, once, out_replay, error))
    return FALSE;
  if (once->key == NULL || *out_replay != NULL)
    return TRUE;
  if (!relay_store_write_for (context->store, &once->scope.merchant_id, claim_key, &claim, error))
    return FALSE;
  if (claim.answer == RELAY_IDEMPOTENCY_REPLAY)
    *out_replay = relay_api_once_reply (request, &claim.stored, TRUE);
  relay_stored_answer_clear (&claim.stored);
  return TRUE;
}

char *
relay_api_once_payer (const RelayContext *context, const RelayApiOnce *once, const CobroId *link_id)
{
  g_autofree char *step = g_strconcat ("payer ", once->key, NULL);
  g_autofree char *secret = relay_store_provider_key (context->store, link_id, step);
  char *digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, secret, -1);

  digits[PAYER_DIGITS] = '\0';
  return digits;
}

static gboolean
store_answer (RelayTx *tx, gpointer data, GError **error)
{
  Finish *finish = data;

  return relay_idempotency_finish (tx, &finish->once->scope, finish->once->key, finish->answer, error);
}

gboolean
relay_api_once_finish (const RelayContext *context, const RelayApiOnce *once, RelayStoredAnswer *answer, GError **error)
{
  Finish finish = { .once = once, .answer = answer };

  return once->key == NULL ||
         relay_store_write_for (context->store, &once->scope.merchant_id, store_answer, &finish, error);
}

static gboolean
free_key (RelayTx *tx, gpointer data, GError **error)
{
  const RelayApiOnce *once = data;

  return relay_idempotency_release (tx, &once->scope, once->key, error);
}

/* If this fails, too, the key is free when its lease ends. */
void
relay_api_once_abandon (const RelayContext *context, const RelayApiOnce *once)
{
  g_autoptr (GError) error = NULL;

  if (once->key != NULL &&
      !relay_store_write_for (context->store, &once->scope.merchant_id, free_key, (gpointer)once, &error))
    g_debug ("idempotency key stays leased: %s", error->message);
}
