/* relay/api/relay-api-once.h — an Idempotency-Key around work that talks to a provider: the key is claimed in one
 * transaction, the answer stored in another, and between them the work finds its own traces again.
 * Layer: relay/api (private). Request threads. */
#pragma once
#include "relay-api-common.h"
#include "relay-idempotency-store.h"

/* One claimed key. All zero: the request has none, and everything below does nothing. */
typedef struct
{
  char *key;
  RelayScope scope;
  CobroId link_id;
  guint8 fingerprint[32];
} RelayApiOnce;
void relay_api_once_clear (RelayApiOnce *once);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayApiOnce, relay_api_once_clear)

/**
 * relay_api_once_begin:
 * @record: the link that the request is about: its merchant and mode are the key's scope
 * @token: the path's value
 * @out_replay: (out): set when this request was answered before: send that
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID (not a key), %COBRO_ERROR_REUSED, %COBRO_ERROR_BUSY (still running)
 */
gboolean relay_api_once_begin (const RelayContext *context, RelayRequest *request, const RelayLinkRecord *record,
                               const char *token, RelayApiOnce *out_once, RelayReply **out_replay,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the request has a key. */
gboolean relay_api_once_is_set (const RelayApiOnce *once);
/* (transfer full) a payer's key that is always the same for this key on this link, and that nobody can guess. */
char *relay_api_once_payer (const RelayContext *context, const RelayApiOnce *once);
/* Stores the answer. */
gboolean relay_api_once_finish (const RelayContext *context, const RelayApiOnce *once, guint status, const char *body,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refused before anything began: the key is free again at once. */
void relay_api_once_abandon (const RelayContext *context, const RelayApiOnce *once);
