/* src/model/cobro-providers.h — the merchant's accounts at payment providers: what the relay says about them, and what
 * was typed here and is on its way there. Keys are kept in the keyring, sent to the relay once and never shown again.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-connection.h"
#include "cobro-provider.h"
#include "cobro-store.h"

G_BEGIN_DECLS

/* One provider. Signal "changed". */
#define COBRO_TYPE_PROVIDER_ITEM (cobro_provider_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroProviderItem, cobro_provider_item, COBRO, PROVIDER_ITEM, GObject)
/* As the relay last described it. Lent until the next "changed". */
const CobroProvider *cobro_provider_item_get_provider (CobroProviderItem *self);
/* Whether something that was typed here has not reached the relay. */
gboolean cobro_provider_item_get_waiting (CobroProviderItem *self);
/* Why the relay refused what had waited: "" when it did not. Lent. */
const char *cobro_provider_item_get_problem (CobroProviderItem *self);

/* How it stands, in one word. */
typedef enum
{
  COBRO_PROVIDER_STATE_NOT_SET_UP,
  COBRO_PROVIDER_STATE_OFF,
  COBRO_PROVIDER_STATE_WAITING,   /* for the relay */
  COBRO_PROVIDER_STATE_ATTENTION, /* something is missing, or was refused */
  COBRO_PROVIDER_STATE_DEGRADED,
  COBRO_PROVIDER_STATE_TEST,
  COBRO_PROVIDER_STATE_LIVE,
} CobroProviderState;
CobroProviderState cobro_provider_item_get_state (CobroProviderItem *self);

#define COBRO_TYPE_PROVIDERS (cobro_providers_get_type ())
G_DECLARE_FINAL_TYPE (CobroProviders, cobro_providers, COBRO, PROVIDERS, GObject)

/* Signals: "changed": one of the getters would answer something else. */

CobroProviders *cobro_providers_new (CobroStore *store, CobroSyncEngine *engine, CobroConnection *connection,
                                     CobroKeyring *keyring);
/* Lent: CobroProviderItem, those that are offered in their order, then the others. What is known from before while the
 * relay cannot be reached. */
GListModel *cobro_providers_get_list (CobroProviders *self);
/* (nullable) Lent. */
CobroProviderItem *cobro_providers_find (CobroProviders *self, const char *name);
/* Whether the relay can be asked now. */
gboolean cobro_providers_can_ask (CobroProviders *self);
/* Whether there is a relay at all. */
gboolean cobro_providers_get_paired (CobroProviders *self);
/* Whether the books belong to real money. */
gboolean cobro_providers_get_livemode (CobroProviders *self);
/* Asks the relay anew. */
void cobro_providers_refresh (CobroProviders *self);

/**
 * cobro_providers_save_async:
 * @change: what is to be otherwise; not needed after the call returned
 *
 * Keeps the change in the keyring and sends it to the relay, now or as soon as that can be reached. COBRO_ERROR_INVALID
 * with the path of a field: the relay refused, and nothing was kept. COBRO_ERROR_UNAVAILABLE: the keyring did.
 * COBRO_ERROR_BUSY: the last change is still on its way.
 */
void cobro_providers_save_async (CobroProviders *self, const char *name, const CobroProviderChange *change,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* @out_sent: whether the relay has it; otherwise it waits. */
gboolean cobro_providers_save_finish (CobroProviders *self, GAsyncResult *result, gboolean *out_sent, GError **error);
/* Takes every key away, here and at the relay, and switches it off. Finish with cobro_providers_save_finish(). */
void cobro_providers_remove_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);

/* How many stand at the beginning of the list because they are offered: those can be moved. */
guint cobro_providers_get_n_offered (CobroProviders *self);
/* Puts one of those at place @index among them: seen at once, sent as any change. */
void cobro_providers_move (CobroProviders *self, const char *name, guint index);

/* Lets the relay try the keys. @out_ok: whether the provider took them; @out_words: (transfer full): how it went. */
void cobro_providers_test_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_providers_test_finish (CobroProviders *self, GAsyncResult *result, gboolean *out_ok, char **out_words,
                                      GError **error);
/* (transfer full) lets the relay make a webhook secret: told this once. What was active stays so for a day. */
void cobro_providers_new_secret_async (CobroProviders *self, const char *name, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
char *cobro_providers_new_secret_finish (CobroProviders *self, GAsyncResult *result, GError **error);

/* How many links can be paid through this provider alone, and are open. */
void cobro_providers_count_links_async (CobroProviders *self, const char *name, GAsyncReadyCallback callback,
                                        gpointer user_data);
/* -1 with an error. */
gint64 cobro_providers_count_links_finish (CobroProviders *self, GAsyncResult *result, GError **error);

G_END_DECLS
