/* relay/store/relay-idempotency-store.h — the same request twice has one effect and one answer (semantics: Idempotency
 * keys). Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* What a key means for the present request. */
typedef enum
{
  RELAY_IDEMPOTENCY_NEW,    /* go ahead; the key is claimed in this transaction */
  RELAY_IDEMPOTENCY_REPLAY, /* done before: the stored answer */
} RelayIdempotencyAnswer;

/* A request's key. Lent for the call. */
typedef struct
{
  const char *key;        /* 1–255 visible ASCII */
  guint8 fingerprint[32]; /* SHA-256 (method LF route template LF path values LF raw body) */
} RelayIdempotency;

/* A stored answer. */
typedef struct
{
  guint status;
  char *body; /* owned */
} RelayStoredAnswer;
void relay_stored_answer_clear (RelayStoredAnswer *answer);

/**
 * relay_idempotency_claim:
 * @lease_until: until when another request with this key is told to wait; taken over afterwards
 *
 * Returns: %FALSE with %COBRO_ERROR_REUSED at "Idempotency-Key" (the key was used for another request; status 422) or
 * %COBRO_ERROR_BUSY (still running; 409 and Retry-After: 1)
 */
gboolean relay_idempotency_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request,
                                  CobroTime lease_until, RelayIdempotencyAnswer *out_answer,
                                  RelayStoredAnswer *out_stored, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores the answer, in the transaction of the effect. */
gboolean relay_idempotency_finish (RelayTx *tx, const RelayScope *scope, const char *key, guint status,
                                   const char *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Frees a claimed key that has no answer: nothing began (semantics: validation, rate-limit and 503 answers are not
 * stored). A key with a stored answer stays. */
gboolean relay_idempotency_release (RelayTx *tx, const RelayScope *scope, const char *key,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets what is older than 30 days; at most @limit rows. */
gboolean relay_idempotency_prune (RelayTx *tx, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
