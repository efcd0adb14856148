/* src/sync/cobro-sync-engine.h — keeps the books and the relay the same: pushes what waits, pulls what happened, and
 * says honestly how it stands. README.md is the protocol.
 * Layer: sync. Lives on the main context of its store; two threads of its own do the waiting. */
#pragma once
#include "cobro-link-store.h"
#include "cobro-profile-store.h"
#include "cobro-relay-client.h"

/* How it stands. */
typedef enum
{
  COBRO_SYNC_UNPAIRED, /* no relay yet: everything works, nothing is uploaded */
  COBRO_SYNC_OFFLINE,  /* the relay cannot be reached; tries again by itself. A normal state */
  COBRO_SYNC_CONNECTING,
  COBRO_SYNC_UPLOADING, /* `waiting` operations are on their way */
  COBRO_SYNC_UP_TO_DATE,
  COBRO_SYNC_NEEDS_PAIRING, /* the relay does not know this device (any more) */
  COBRO_SYNC_REFUSED,       /* the relay answers, but not so that we could go on; `reason` says why */
} CobroSyncState;

#define COBRO_TYPE_SYNC_ENGINE (cobro_sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (CobroSyncEngine, cobro_sync_engine, COBRO, SYNC_ENGINE, GObject)

/* The codec for CobroStoreConfig: nouns by the wire format. */
const CobroStoreCodec *cobro_sync_codec (void);

/* (transfer full) stands still until it is started. Its signal "changed" (no arguments) comes on the main context
 * whenever one of the getters below would answer something else. */
CobroSyncEngine *cobro_sync_engine_new (CobroStore *store);
/* @device_key: of the pairing that the store remembers, from the keyring. NULL: paired, but the key is not to be had.
 */
void cobro_sync_engine_start (CobroSyncEngine *self, const char *device_key);
/* Ends what is under way (an unanswered push is repeated after the next start) and joins the threads. */
void cobro_sync_engine_stop (CobroSyncEngine *self);
/* Try at once: the user asked, or the network came back. */
void cobro_sync_engine_wake (CobroSyncEngine *self);
/* Puts every link, customer and the profile into the outbox: rebuilds a relay that lost its data. Finish:
 * cobro_store_finish. */
void cobro_sync_engine_publish_all_async (CobroSyncEngine *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);

CobroSyncState cobro_sync_engine_get_state (CobroSyncEngine *self);
/* Operations that wait to be uploaded. */
gint64 cobro_sync_engine_get_waiting (CobroSyncEngine *self);
/* OFFLINE, NEEDS_PAIRING, REFUSED: why; else NULL. Its path is the stage ("address", "connect", "tls", "deadline" …).
 */
const GError *cobro_sync_engine_get_reason (CobroSyncEngine *self);
/* OFFLINE: when it tries again, UTC microseconds; else 0. */
CobroTime cobro_sync_engine_get_next_try (CobroSyncEngine *self);
/* When the relay was last seen to have everything, and we everything of it; 0: never. */
CobroTime cobro_sync_engine_get_last_complete (CobroSyncEngine *self);

/* One question to the relay. Runs on a thread of its own and may wait; NULL with @error fails, NULL alone may be a
 * result. */
typedef gpointer (*CobroSyncCall) (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error);
/**
 * cobro_sync_engine_call_async:
 * @data: owned by the call; freed by @free_data on the caller's main context, as a result that nobody takes is by
 *   @free_result
 *
 * Asks the relay something directly, beside pushing and pulling. Finish with cobro_sync_engine_call_finish().
 */
void cobro_sync_engine_call_async (CobroSyncEngine *self, CobroSyncCall call, gpointer data, GDestroyNotify free_data,
                                   GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* (transfer full) what the call gave, or NULL with its error; COBRO_ERROR_UNAVAILABLE: there is no relay to ask. After
 * a cancellation the relay may have done it. */
gpointer cobro_sync_engine_call_finish (CobroSyncEngine *self, GAsyncResult *result, GError **error);

/* ── Pairing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What was wrong, so that the user can be told what to do. */
typedef enum
{
  COBRO_PAIRING_ERROR_ADDRESS,  /* not an address, or no such host */
  COBRO_PAIRING_ERROR_CONNECT,  /* nothing answers there */
  COBRO_PAIRING_ERROR_SLOW,     /* it does not answer in time */
  COBRO_PAIRING_ERROR_TLS,      /* the certificate is not good */
  COBRO_PAIRING_ERROR_NO_RELAY, /* something answers, but not a Cobro relay */
  COBRO_PAIRING_ERROR_VERSION,  /* it speaks another version of the protocol */
  COBRO_PAIRING_ERROR_CLOCK,    /* its clock and ours differ by more than five minutes */
  COBRO_PAIRING_ERROR_CODE,     /* the code is wrong, used or too old */
  COBRO_PAIRING_ERROR_RELAY,    /* the relay refused for another reason: in the message */
  COBRO_PAIRING_ERROR_BOOKS,    /* paired, but the books could not be written */
} CobroPairingError;
#define COBRO_PAIRING_ERROR (cobro_pairing_error_quark ())
GQuark cobro_pairing_error_quark (void);

/**
 * cobro_sync_engine_pair_async:
 * @address: "pay.example", "https://pay.example", or a "cobro://pair?relay=…&code=…" link (then @code may be "")
 * @code: as it was shown; case, blanks and dashes do not count
 *
 * Checks address, TLS, version and clock before the code is spent; then writes the pairing into the books. Put the key
 * into the keyring, then cobro_sync_engine_start().
 */
void cobro_sync_engine_pair_async (CobroSyncEngine *self, const char *address, const char *code,
                                   const char *device_name, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* (transfer full) the device key, shown once; NULL with a COBRO_PAIRING_ERROR or G_IO_ERROR_CANCELLED. Wipe it after
 * use. */
char *cobro_sync_engine_pair_finish (CobroSyncEngine *self, GAsyncResult *result, GError **error);
