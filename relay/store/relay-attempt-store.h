/* relay/store/relay-attempt-store.h — every call to a provider is one row. Calls that move money are committed as an
 * intent before they leave (I12), so that whatever happens, somebody finds them again. Layer: relay/store. */
#pragma once
#include "relay-payment-store.h"

/* What was asked. */
typedef enum
{
  RELAY_ATTEMPT_BEGIN,
  RELAY_ATTEMPT_QUERY,
  RELAY_ATTEMPT_CANCEL,
  RELAY_ATTEMPT_REFUND
} RelayAttemptKind;
/* How it went. PREPARED: not called yet. SENT: may have arrived. The rest is the end. */
typedef enum
{
  RELAY_ATTEMPT_PREPARED,
  RELAY_ATTEMPT_SENT,
  RELAY_ATTEMPT_ANSWERED,
  RELAY_ATTEMPT_REFUSED,
  RELAY_ATTEMPT_NO_ANSWER,
  RELAY_ATTEMPT_NOT_FOUND,
  RELAY_ATTEMPT_LOST /* we died before the answer came */
} RelayAttemptOutcome;

/* One row. */
typedef struct
{
  CobroId payment_id;
  CobroId refund_id; /* REFUND only */
  gint64 number;     /* 1, 2 … per payment */
  RelayAttemptKind kind;
  RelayAttemptOutcome outcome;
  char *provider_key; /* the idempotency key that the provider got; "" for queries */
  char *error_code;   /* "" or a CobroError name */
  char *error_message;
  CobroTime started_at, finished_at;
} RelayAttempt;
void relay_attempt_free (RelayAttempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAttempt, relay_attempt_free)

const char *relay_attempt_kind_name (RelayAttemptKind kind);
const char *relay_attempt_outcome_name (RelayAttemptOutcome outcome);
/* Writes the intent; @out_number is its number. */
gboolean relay_attempt_start (RelayTx *tx, const RelayPaymentRecord *payment, RelayAttemptKind kind,
                              const CobroId *refund_id, const char *provider_key, gint64 *out_number,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the end. @failure: (nullable) what went wrong. */
gboolean relay_attempt_finish (RelayTx *tx, const CobroId *merchant_id, const CobroId *payment_id, gint64 number,
                               RelayAttemptOutcome outcome, const GError *failure,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The key that the first call of this kind went out with, which every later one must carry, too; NULL in @out_key:
 * there was none. @refund_id: (nullable) of this refund alone. */
gboolean relay_attempt_first_key (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id,
                                  RelayAttemptKind kind, const CobroId *refund_id, char **out_key,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type RelayAttempt) of one payment, in order. */
GPtrArray *relay_attempt_list (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id, GError **error);
/* Marks intents that a process left behind as lost; their payments are due at once. @started_before: younger ones may
 * still run. */
gboolean relay_attempt_mark_lost (RelayTx *tx, CobroTime started_before, gint64 *out_count,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
