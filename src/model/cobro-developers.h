/* src/model/cobro-developers.h — what developers look at and do at the relay: webhook endpoints, deliveries, dead
 * letters, API keys, how the relay is doing. Nothing of it is in the books. Layer: model. Main thread. */
#pragma once
#include "cobro-api-key.h"
#include "cobro-asked.h"
#include "cobro-device.h"
#include "cobro-undo.h"
#include "cobro-webhook.h"

G_BEGIN_DECLS

#define COBRO_TYPE_DEVELOPERS (cobro_developers_get_type ())
G_DECLARE_FINAL_TYPE (CobroDevelopers, cobro_developers, COBRO, DEVELOPERS, GObject)

/* Signal "failed" (GError): something could not be taken back. */

/* @undo: where deleted endpoints can be taken back. */
CobroDevelopers *cobro_developers_new (CobroStore *store, CobroSyncEngine *engine, CobroConnection *connection,
                                       CobroUndo *undo);
CobroConnection *cobro_developers_get_connection (CobroDevelopers *self);

/* Lent. Records: CobroWebhookEndpoint, CobroWebhookDelivery (twice), CobroApiKey, CobroDevice, CobroRelayState (one).
 */
CobroAsked *cobro_developers_get_endpoints (CobroDevelopers *self);
CobroAsked *cobro_developers_get_deliveries (CobroDevelopers *self);
CobroAsked *cobro_developers_get_dead_letters (CobroDevelopers *self);
CobroAsked *cobro_developers_get_keys (CobroDevelopers *self);
CobroAsked *cobro_developers_get_devices (CobroDevelopers *self);
CobroAsked *cobro_developers_get_state (CobroDevelopers *self);

/* What came of an order. */
typedef struct
{
  char *secret;                   /* (nullable) shown once: wiped when this is freed */
  CobroTime old_until;            /* until then the secret before signs, too; 0: no longer */
  CobroId endpoint_id;            /* that was made or changed */
  CobroId delivery_id;            /* of a test event */
  CobroWebhookDelivery *delivery; /* (nullable) with its tries */
  GStrv dead_letters;             /* (nullable) ids, the oldest first */
  gint64 n;                       /* deliveries that are sent again */
  gint64 refused;                 /* and those that cannot be: their endpoint is not there or not active */
} CobroDeveloperAnswer;
void cobro_developer_answer_free (CobroDeveloperAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDeveloperAnswer, cobro_developer_answer_free)

/* All of these finish with cobro_developers_finish(). What is lent to them is not needed after the call returned. */

/* @id: (nullable): a new one; @url: (nullable), @events: (nullable), @is_active -1: stay as they are. */
void cobro_developers_put_endpoint_async (CobroDevelopers *self, const char *id, const char *url,
                                          const char *const *events, gint is_active, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
void cobro_developers_rotate_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
void cobro_developers_test_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* @done: what is said about it, beside the way to take it back. */
void cobro_developers_delete_endpoint_async (CobroDevelopers *self, const char *id, const char *done,
                                             GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer user_data);
void cobro_developers_get_delivery_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* How far it is with many of them; both are atomic. */
typedef struct
{
  gint done; /* sent again, or refused */
  gint stop; /* set: those that are left stay as they are, and the answer counts the others */
} CobroReplay;
/* Sends these again, one after the other. @replay: (nullable): lives until the callback has come. */
void cobro_developers_retry_async (CobroDevelopers *self, const char *const *ids, CobroReplay *replay,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Asks for all dead letters there are, however many. */
void cobro_developers_list_dead_letters_async (CobroDevelopers *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
void cobro_developers_make_key_async (CobroDevelopers *self, const char *name, const char *const *scopes,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void cobro_developers_revoke_key_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
/* The computer is not paired any more; not the one that asks. */
void cobro_developers_revoke_device_async (CobroDevelopers *self, const char *id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) or NULL: COBRO_ERROR_INVALID with the path of a field, or as cobro_sync_engine_call_finish(). */
CobroDeveloperAnswer *cobro_developers_finish (CobroDevelopers *self, GAsyncResult *result, GError **error);

G_END_DECLS
