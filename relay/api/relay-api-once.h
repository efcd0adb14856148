/* relay/api/relay-api-once.h — the Idempotency-Key of a request: read, looked up, replayed; and, for work that has no
 * transaction of its own to keep it in, claimed before and answered after. The one room for it: links, payments,
 * refunds, the public payment API. Layer: relay/api (private). Request threads. */
#pragma once
#include "relay-api-common.h"
#include "relay-idempotency-store.h"

/* One request's key. Without one everything below does nothing. */
typedef struct
{
  char *key; /* (nullable) as it is meant: "abc" in quotes and bare abc are the same */
  RelayScope scope;
  guint8 fingerprint[32]; /* as RelayIdempotency has it */
} RelayApiOnce;
void relay_api_once_clear (RelayApiOnce *once);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayApiOnce, relay_api_once_clear)

/**
 * relay_api_once_read:
 * @scope: whose key it is
 * @params: (nullable): the path's values in order, NULL-terminated
 * @needed: the request creates or moves money
 *
 * Returns: %FALSE with %COBRO_ERROR_KEYLESS, or %COBRO_ERROR_INVALID at "Idempotency-Key": not a structured string, or
 * given twice
 */
gboolean relay_api_once_read (RelayRequest *request, const RelayScope *scope, const char *const *params,
                              gboolean needed, RelayApiOnce *out_once, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_api_once_is_set (const RelayApiOnce *once);
/* For the commands that keep the key in their own transactions. Lent. */
RelayIdempotency relay_api_once_request (const RelayApiOnce *once);
/* Without writing: *@out_reply is set when this very request was answered before. FALSE with COBRO_ERROR_REUSED,
 * _RUNNING, or _INVALID (not 1 to 255 visible ASCII characters). */
gboolean relay_api_once_look (const RelayContext *context, RelayRequest *request, const RelayApiOnce *once,
                              RelayReply **out_reply, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The stored answer, byte for byte; an old one is marked as such. Takes the contents of @answer. */
RelayReply *relay_api_once_reply (RelayRequest *request, RelayStoredAnswer *answer, gboolean replayed);

/* ── Work without a transaction of its own ── */

/* Claims the key. @out_replay: (out): set when this request was answered before: send that. Errors as with look(). */
gboolean relay_api_once_begin (const RelayContext *context, RelayRequest *request, const RelayApiOnce *once,
                               RelayReply **out_replay, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same id for the same key of the same merchant: what is made under it, or because of it, is made once. */
CobroId relay_api_once_id (const RelayApiOnce *once, CobroIdKind kind);
/* (transfer full) a payer's key that is always the same for this key on @link_id, and that nobody can guess: what
 * makes the work find its own traces again. */
char *relay_api_once_payer (const RelayContext *context, const RelayApiOnce *once, const CobroId *link_id);
/* Stores @answer; it is replaced by the one that is stored when somebody was faster after our lease had ended. */
gboolean relay_api_once_finish (const RelayContext *context, const RelayApiOnce *once, RelayStoredAnswer *answer,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refused before anything began: the key is free again at once. */
void relay_api_once_abandon (const RelayContext *context, const RelayApiOnce *once);
