/* relay/api/relay-api-once.c — Idempotency-Key in two transactions, for work that talks to a provider.
 * Layer: relay/api (private). Request threads; the work functions on the writer thread. */
#include "relay-api-once.h"

#include <string.h>

#include "cobro-error.h"

#define LEASE        (30 * COBRO_SECOND) /* longer than any request may run */
#define PAYER_DIGITS 48

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
  guint status;
  const char *body;
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

static RelayIdempotency
request_of (const RelayApiOnce *once)
{
  RelayIdempotency request = { .key = once->key };

  memcpy (request.fingerprint, once->fingerprint, sizeof request.fingerprint);
  return request;
}

static gboolean
claim_key (RelayTx *tx, gpointer data, GError **error)
{
  Claim *claim = data;
  RelayIdempotency request = request_of (claim->once);

  relay_stored_answer_clear (&claim->stored);
  return relay_idempotency_claim (tx, &claim->once->scope, &request, tx->now + LEASE, &claim->answer, &claim->stored,
                                  error);
}

gboolean
relay_api_once_begin (const RelayContext *context, RelayRequest *request, const RelayLinkRecord *record,
                      const char *token, RelayApiOnce *out_once, RelayReply **out_replay, GError **error)
{
  const char *params[] = { token, NULL };
  Claim claim = { .once = out_once };

  *out_replay = NULL;
  if (!relay_api_get_idempotency (request, params, &out_once->key, out_once->fingerprint, error))
    return FALSE;
  if (out_once->key == NULL)
    return TRUE;
  out_once->scope = (RelayScope){ .merchant_id = record->merchant_id, .livemode = record->link->livemode };
  out_once->link_id = record->link->id;
  if (!relay_store_write (context->store, claim_key, &claim, error))
    return FALSE;
  if (claim.answer == RELAY_IDEMPOTENCY_REPLAY)
    *out_replay = relay_api_replay (request, claim.stored.status, g_steal_pointer (&claim.stored.body));
  relay_stored_answer_clear (&claim.stored);
  return TRUE;
}

char *
relay_api_once_payer (const RelayContext *context, const RelayApiOnce *once)
{
  g_autofree char *step = g_strconcat ("payer ", once->key, NULL);
  g_autofree char *secret = relay_store_provider_key (context->store, &once->link_id, step);
  char *digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, secret, -1);

  digits[PAYER_DIGITS] = '\0';
  return digits;
}

static gboolean
store_answer (RelayTx *tx, gpointer data, GError **error)
{
  Finish *finish = data;

  return relay_idempotency_finish (tx, &finish->once->scope, finish->once->key, finish->status, finish->body, error);
}

gboolean
relay_api_once_finish (const RelayContext *context, const RelayApiOnce *once, guint status, const char *body,
                       GError **error)
{
  Finish finish = { .once = once, .status = status, .body = body };

  return once->key == NULL || relay_store_write (context->store, store_answer, &finish, error);
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

  if (once->key != NULL && !relay_store_write (context->store, free_key, (gpointer)once, &error))
    g_debug ("idempotency key stays leased: %s", error->message);
}
