/* relay/store/relay-idempotency-store.h — the same request twice has one effect and one answer (semantics: Idempotency
 * keys). Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* What a key means for the present request. */
typedef enum
{
  RELAY_IDEMPOTENCY_NEW,    /* go ahead; the key is claimed in this transaction */
  RELAY_IDEMPOTENCY_RESUME, /* claimed, too; whoever had it died on the way: go on with what they had begun */
  RELAY_IDEMPOTENCY_REPLAY, /* done before: the stored answer */
} RelayIdempotencyAnswer;

/* A request's key. Lent for the call. */
typedef struct
{
  const char *key;        /* 1–255 visible ASCII */
  guint8 fingerprint[32]; /* SHA-256 (API version LF method LF route template LF path values LF raw body) */
} RelayIdempotency;

/* A stored answer. */
typedef struct
{
  guint status;
  char *body; /* owned */
} RelayStoredAnswer;
void relay_stored_answer_clear (RelayStoredAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayStoredAnswer, relay_stored_answer_clear)

/* How long a request may hold its key; whoever is slower than that has lost it. Longer than any request may run. */
#define RELAY_IDEMPOTENCY_LEASE (30 * COBRO_SECOND)

/**
 * relay_idempotency_claim:
 * @object_id: (nullable): what the request is about to make; on record with the key, so that others can go on with it
 * @out_object_id: (out) (nullable): with RESUME, what was begun under this key; none otherwise
 *
 * A key that is running is claimed once its lease (%RELAY_IDEMPOTENCY_LEASE) is over.
 *
 * Returns: %FALSE with %COBRO_ERROR_REUSED at "Idempotency-Key" (the key was used for another request; status 422) or
 * %COBRO_ERROR_RUNNING (409 and Retry-After: 1)
 */
gboolean relay_idempotency_claim (RelayTx *tx, const RelayScope *scope, const RelayIdempotency *request,
                                  const CobroId *object_id, RelayIdempotencyAnswer *out_answer, CobroId *out_object_id,
                                  RelayStoredAnswer *out_stored, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without claiming, on any connection: REPLAY or an error is the last word; NEW and RESUME only mean that a
 * claim may be tried. What most repeated requests need, and it writes nothing. */
gboolean relay_idempotency_look (RelayStore *store, CobroDb *db, const RelayScope *scope,
                                 const RelayIdempotency *request, CobroTime now, RelayIdempotencyAnswer *out_answer,
                                 RelayStoredAnswer *out_stored, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is being made under a claimed key, once it is known. */
gboolean relay_idempotency_bind (RelayTx *tx, const RelayScope *scope, const char *key, const CobroId *object_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores the answer, in the transaction of the effect. @answer: in: what to store; out: what is stored: that of
 * somebody else who was faster after the lease had ended. */
gboolean relay_idempotency_finish (RelayTx *tx, const RelayScope *scope, const char *key, RelayStoredAnswer *answer,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Frees a claimed key that has no answer: nothing began (semantics: validation, rate-limit and 503 answers are not
 * stored). A key with a stored answer stays. */
gboolean relay_idempotency_release (RelayTx *tx, const RelayScope *scope, const char *key,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets what is older than 30 days; at most @limit rows. */
gboolean relay_idempotency_prune (RelayTx *tx, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A key that somebody left behind with something begun under it. */
typedef struct
{
  RelayScope scope;
  char *key;
  CobroId object_id;
} RelayLeftKey;
void relay_left_key_free (RelayLeftKey *left);
/* (transfer full) (element-type RelayLeftKey) keys whose lease is over and under which something was begun, oldest
 * first. */
GPtrArray *relay_idempotency_list_left (CobroDb *db, CobroTime now, guint limit, GError **error);
/* As a claim by the janitor. @out_claimed: FALSE when somebody else has it, or it is done. */
gboolean relay_idempotency_take_over (RelayTx *tx, const RelayLeftKey *left, gboolean *out_claimed,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends every lease: this process is the only one and has just begun, so whoever held them is dead. */
gboolean relay_idempotency_end_leases (RelayTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
