/* relay/store/relay-operation-store.h — what desktops have pushed: per device the last number, per operation its
 * result, for ever (src/sync/README.md, "Push"). Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* A result as it is kept and answered. */
typedef struct
{
  char *result; /* "applied", "merged", "conflict", "rejected"; owned */
  gint64 rev;
  char *reason; /* (nullable) */
  char *path;   /* (nullable) */
  char *code;   /* (nullable) CobroError name */
} RelayOperationResult;
void relay_operation_result_clear (RelayOperationResult *result);

/* What to do with an operation that comes in. */
typedef enum
{
  RELAY_OPERATION_NEXT,   /* the expected one: apply and relay_operation_insert() */
  RELAY_OPERATION_KNOWN,  /* done before: its result */
  RELAY_OPERATION_GAP,    /* some before it are missing here */
  RELAY_OPERATION_REUSED, /* this number was another operation */
} RelayOperationPlace;
gboolean relay_operation_place (CobroDb *db, const CobroId *merchant_id, const CobroId *device_id, const char *op_id,
                                gint64 seq, RelayOperationPlace *out_place, RelayOperationResult *out_known,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_operation_insert (RelayTx *tx, const CobroId *merchant_id, const CobroId *device_id, const char *op_id,
                                 gint64 seq, const char *kind, const RelayOperationResult *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number that this device's next operation must have. */
gboolean relay_operation_expected (CobroDb *db, const CobroId *merchant_id, const CobroId *device_id, gint64 *out_seq,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
