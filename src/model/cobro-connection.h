/* src/model/cobro-connection.h — the line to the relay as people see it: which one, whether it answers, what waits, and
 * how to connect, practise or disconnect. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-keyring.h"
#include "cobro-practice.h"
#include "cobro-relay-desk.h"
#include "cobro-sync-engine.h"

G_BEGIN_DECLS

typedef enum
{
  COBRO_CONNECTION_NONE,     /* no relay: links wait */
  COBRO_CONNECTION_STARTING, /* keyring, practice relay or first contact under way */
  COBRO_CONNECTION_ONLINE,   /* everything is uploaded */
  COBRO_CONNECTION_SYNCING,  /* something is on its way */
  COBRO_CONNECTION_OFFLINE,  /* does not answer; tried again by itself */
  COBRO_CONNECTION_REFUSED,  /* answers and refuses: key revoked, too old … */
  COBRO_CONNECTION_LOCKED,   /* the key cannot be had from the keyring */
} CobroConnectionState;

/* What stands between these books and their relay: what the person can do about it differs. */
typedef enum
{
  COBRO_LINE_NONE,
  COBRO_LINE_ADDRESS,  /* not an address, or no such host */
  COBRO_LINE_DOWN,     /* nothing listens there */
  COBRO_LINE_SLOW,     /* does not answer in time */
  COBRO_LINE_TLS,      /* the certificate is not trusted */
  COBRO_LINE_NO_RELAY, /* answers, but is no Cobro relay */
  COBRO_LINE_VERSION,  /* a Cobro relay of another version */
  COBRO_LINE_CLOCK,    /* the two clocks differ too much */
  COBRO_LINE_CODE,     /* wrong, used or expired */
  COBRO_LINE_UNPAIRED, /* the relay does not know this computer any more */
  COBRO_LINE_KEYRING_LOCKED,
  COBRO_LINE_KEYRING_ABSENT,
  COBRO_LINE_KEYRING_REFUSED,
  COBRO_LINE_OTHER,
} CobroLineTrouble;

#define COBRO_TYPE_CONNECTION (cobro_connection_get_type ())
G_DECLARE_FINAL_TYPE (CobroConnection, cobro_connection, COBRO, CONNECTION, GObject)

/* Signal "changed": one of the getters would answer something else. */

/**
 * cobro_connection_new:
 * @practice: (nullable): the practice relay; %NULL where there is none to be had
 */
CobroConnection *cobro_connection_new (CobroStore *store, CobroSyncEngine *engine, CobroKeyring *keyring,
                                       CobroPractice *practice);
/* Takes up the connection that the books remember. Also: tries again after a failure. */
void cobro_connection_resume (CobroConnection *self);
/* Ends what runs: called before the program leaves. */
void cobro_connection_stop (CobroConnection *self);
/* The same, and waits until nothing runs any more: before the books are exchanged. */
void cobro_connection_stop_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data);
void cobro_connection_stop_finish (CobroConnection *self, GAsyncResult *result);

CobroConnectionState cobro_connection_get_state (CobroConnection *self);
/* Why it is offline, refused or locked, as it was told; "" otherwise. Lent. */
const char *cobro_connection_get_reason (CobroConnection *self);
/* What kind of reason it is. */
CobroLineTrouble cobro_connection_get_trouble (CobroConnection *self);
/* "" for none. Lent. */
const char *cobro_connection_get_address (CobroConnection *self);
/* Whose books these are at the relay: address, merchant and mode, as one word; "" for none. Lent. */
const char *cobro_connection_get_account (CobroConnection *self);
/* Whether the relay takes real money for these books. */
gboolean cobro_connection_get_livemode (CobroConnection *self);
/* Whether the relay is the practice relay on this computer; whether there could be one. */
gboolean cobro_connection_is_practice (CobroConnection *self);
gboolean cobro_connection_can_practise (CobroConnection *self);
/* Whether these are the books of the sample shop: they are never connected. */
gboolean cobro_connection_is_sample (CobroConnection *self);
/* Changes that wait to be uploaded. */
guint cobro_connection_get_waiting (CobroConnection *self);

/**
 * cobro_connection_pair_async:
 * @address: of the relay, or a whole "cobro://pair?…" link (then @code may be "")
 *
 * Connects with a relay by a one-time code, and keeps its key in the keyring.
 */
void cobro_connection_pair_async (CobroConnection *self, const char *address, const char *code,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_connection_pair_finish (CobroConnection *self, GAsyncResult *result, CobroLineTrouble *out_trouble,
                                       GError **error);
/* Asks the relay for a code that connects another computer with the same merchant. */
void cobro_connection_invite_async (CobroConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* (transfer full) */
CobroInvitation *cobro_connection_invite_finish (CobroConnection *self, GAsyncResult *result, GError **error);
/* Starts the practice relay and pairs with it. Finish with cobro_connection_pair_finish(). */
void cobro_connection_practise_async (CobroConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Everything goes up once more, with the addresses and numbers it has: for a relay that is empty. COBRO_ERROR_STATE
 * without a relay. */
void cobro_connection_publish_again_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_connection_publish_again_finish (CobroConnection *self, GAsyncResult *result, GError **error);
/* Forgets relay and key. Links stay as they are: what is live stays live, what waits goes on waiting. */
void cobro_connection_forget_async (CobroConnection *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_connection_forget_finish (CobroConnection *self, GAsyncResult *result, GError **error);
/* Tries now instead of later. */
void cobro_connection_sync_now (CobroConnection *self);

G_END_DECLS
