/* src/store/cobro-profile-store.h — who the merchant is, and which relay these books are paired with.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-store.h"

/* (transfer full) the merchant's profile; of a new book one without name. Waits; any thread. */
CobroMerchant *cobro_merchant_store_load (CobroStore *store, GError **error);
/* Stores and uploads it. COBRO_ERROR_INVALID with the path. Finish with cobro_merchant_store_put_finish(). */
void cobro_merchant_store_put_async (CobroStore *store, CobroMerchant *merchant, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
CobroMerchant *cobro_merchant_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* The relay these books belong to. The device key is not here: it lives in the keyring. */
typedef struct
{
  CobroId device_id; /* none: never paired */
  CobroId merchant_id;
  char *address;    /* of the relay, as it was given: "https://pay.example" */
  char *public_url; /* links are {public_url}/pay/{token}; "" before the first pairing */
  gboolean livemode;
  GStrv gateways; /* provider names that the relay offers */
  guint methods;  /* CobroMethods that it offers */
  gboolean mail;  /* it sends mails */
  CobroTime paired_at;
  gint64 cursor;   /* sequence of the last event that was read */
  char *last_hash; /* its hash; "" at the beginning */
} CobroPairing;
void cobro_pairing_free (CobroPairing *pairing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPairing, cobro_pairing_free)

/* (transfer full) Waits; any thread. */
CobroPairing *cobro_pairing_load (CobroStore *store, GError **error);
/* Disconnects: nothing is uploaded or heard any more; links stay as they are, with their URLs. */
void cobro_pairing_forget_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cobro_pairing_forget_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (transfer full) the URL of a link by its token: final from the moment the link is made. "" where the token is not
 * known here or no relay was ever paired. From memory. */
char *cobro_store_dup_link_url (CobroStore *store, const CobroLink *link);
/* Where links live before the first pairing, so that their URLs can be shown: the practice relay's address. */
gboolean cobro_store_set_practice_url (CobroStore *store, const char *public_url,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Inside a job, for sync ─────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) as cobro_merchant_store_load(). */
CobroMerchant *cobro_merchant_store_find (CobroStoreTx *tx, GError **error);
/* (transfer full) as cobro_merchant_store_put_async(). @merchant gets its id, revision and times. */
CobroMerchant *cobro_merchant_store_put (CobroStoreTx *tx, CobroMerchant *merchant, GError **error);
/* The feed tells its profile: taken over if it is newer, unless a change of ours waits to be uploaded. */
gboolean cobro_merchant_sync_heard (CobroStoreTx *tx, const CobroMerchant *merchant,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At a pairing: what was written here before goes up as a change of the relay's profile; an empty one is filled by it.
 */
gboolean cobro_merchant_sync_adopt (CobroStoreTx *tx, const CobroMerchant *merchant,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The relay has taken it as revision @rev. */
gboolean cobro_merchant_sync_applied (CobroStoreTx *tx, gint64 rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_merchant_sync_rejected (CobroStoreTx *tx, const char *reason, const char *path,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Documents for the merge; (transfer full); @out_base is NULL when it is not known. */
gboolean cobro_merchant_sync_sides (CobroStoreTx *tx, char **out_ours, char **out_base,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The outcome of a merge: stored, and queued unless it is @theirs. */
gboolean cobro_merchant_sync_merged (CobroStoreTx *tx, const char *merged, const char *theirs, gint64 rev,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues the profile, if there is one. */
gboolean cobro_merchant_sync_publish (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) as cobro_pairing_load(). */
CobroPairing *cobro_pairing_find (CobroStoreTx *tx, GError **error);
/* A new device of @pairing's relay: operations are numbered from 1; another merchant's log is read from its beginning.
 */
gboolean cobro_pairing_put (CobroStoreTx *tx, const CobroPairing *pairing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_pairing_set_cursor (CobroStoreTx *tx, gint64 cursor, const char *last_hash,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the relay sends mails, which may change while it is paired. */
gboolean cobro_pairing_set_mail (CobroStoreTx *tx, gboolean mail, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After cobro_pairing_put() was committed: links have the new address from now on. Any thread; waits. */
gboolean cobro_pairing_refresh_public_url (CobroStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
