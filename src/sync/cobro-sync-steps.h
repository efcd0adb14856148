/* src/sync/cobro-sync-steps.h — the single steps of syncing: one push, one pull, one pairing. The engine repeats them;
 * tests drive them one by one. Layer: sync, private to it. They wait; any thread but the store's. */
#pragma once
#include "cobro-relay-client.h"
#include "cobro-store.h"
#include "cobro-sync-engine.h"

#define COBRO_PUSH_OPERATIONS_MAX 500
#define COBRO_PUSH_BYTES_MAX      (1024 * 1024)
#define COBRO_PULL_LIMIT          1000

/* What came of a push. */
typedef struct
{
  guint sent;         /* operations that were answered */
  gboolean more;      /* there is more to send now */
  CobroTime next_due; /* when something that is held back may go; 0: nothing is */
} CobroPushStep;

/**
 * cobro_sync_push_once:
 * @limit: operations at most
 *
 * Sends the next batch of the outbox and writes down the answers. With an empty outbox nothing is sent.
 *
 * Returns: %FALSE with the relay client's errors; %COBRO_ERROR_UNAUTHORIZED also when this device was restored from a
 * copy
 */
gboolean cobro_sync_push_once (CobroStore *store, CobroRelayClient *client, guint limit, CobroPushStep *out_step,
                               GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_sync_pull_once:
 * @wait: seconds to wait for something to come
 * @out_n: (out): events that were read
 *
 * Reads the next page of the feed and writes it into the books with the new cursor, in one transaction; checks that it
 * follows what was read before.
 *
 * Returns: %FALSE with the relay client's errors, or %COBRO_ERROR_CORRUPT: the log does not fit, nothing was written
 */
gboolean cobro_sync_pull_once (CobroStore *store, CobroRelayClient *client, guint wait, guint *out_n,
                               GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks for the tokens of links that were made elsewhere, at most @limit. @out_n: how many came. */
gboolean cobro_sync_fetch_tokens (CobroStore *store, CobroRelayClient *client, guint limit, guint *out_n,
                                  GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks what the relay can do now that it could not, or no longer, since it was paired: send mails. */
gboolean cobro_sync_refresh (CobroStore *store, CobroRelayClient *client, GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks for the merchant's picture, if the profile names one that is not here. */
gboolean cobro_sync_fetch_logo (CobroStore *store, CobroRelayClient *client, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) the device key. As cobro_sync_engine_pair_async(). */
char *cobro_sync_pair (CobroStore *store, const char *address, const char *code, const char *device_name,
                       GCancellable *cancellable, GError **error);
/* (transfer full) (nullable) the address as the client wants it; @out_code: (nullable): of a cobro: link. NULL with
 * COBRO_PAIRING_ERROR_ADDRESS. */
char *cobro_sync_normalise_address (const char *address, char **out_code, GError **error);
/* (transfer full) "XXXX-XXXX-XXXX-XXXX", or NULL with COBRO_PAIRING_ERROR_CODE. */
char *cobro_sync_normalise_code (const char *code, GError **error);
/* In a writing job: puts everything into the outbox. @out_n: links. */
gboolean cobro_sync_publish_all (CobroStoreTx *tx, gint64 *out_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same without the profile, as of @livemode. */
gboolean cobro_sync_publish_records (CobroStoreTx *tx, gboolean livemode, gint64 *out_n,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (nullable) another client for the relay that the engine talks to; NULL while it stands still. Main
 * context. */
CobroRelayClient *cobro_sync_engine_new_client (CobroSyncEngine *self);
