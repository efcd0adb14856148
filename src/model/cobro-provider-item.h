/* src/model/cobro-provider-item.h — what the providers' service does with its items.
 * Layer: model, private to it. Main thread. */
#pragma once
#include "cobro-providers.h"

CobroProviderItem *cobro_provider_item_new (CobroProvider *provider);
void cobro_provider_item_set_provider (CobroProviderItem *self, CobroProvider *provider);
/* @problem: "" for none. */
void cobro_provider_item_set_way (CobroProviderItem *self, gboolean waiting, const char *problem, const char *path);
