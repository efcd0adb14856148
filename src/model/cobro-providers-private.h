/* src/model/cobro-providers-private.h — what the two halves of the providers' service share: what the relay says, and
 * what is on its way there. Layer: model, private to it. Main thread. */
#pragma once
#include "cobro-link-store.h"
#include "cobro-provider-item.h"

struct _CobroProviders
{
  GObject parent_instance;
  CobroStore *store;
  CobroSyncEngine *engine;
  CobroConnection *connection;
  CobroKeyring *keyring;
  GListStore *list;
  GHashTable *saving; /* (element-type utf8) names of providers that a change is being saved of */
  GCancellable *cancellable;
  char *place; /* whose providers these are: dup_place() of "" */
  gboolean asking;
  gboolean was_reachable;
};

/* (transfer full) what a provider's keys are filed under in the keyring: relay, name, mode. */
char *cobro_providers_dup_place (CobroProviders *self, const char *name);
/* What the books remember about a change on its way. */
void cobro_providers_load_way (CobroProviders *self, CobroProviderItem *item);
/* Sends what waits. */
void cobro_providers_send_waiting (CobroProviders *self);
/* The relay says how one stands now. */
void cobro_providers_take (CobroProviders *self, CobroProvider *provider);
