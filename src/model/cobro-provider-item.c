/* src/model/cobro-provider-item.c — one provider, and what is on its way to the relay.
 * Layer: model. Main thread. */
#include "cobro-provider-item.h"

struct _CobroProviderItem
{
  GObject parent_instance;
  CobroProvider *provider;
  gboolean waiting;
  char *problem, *path;
};

G_DEFINE_FINAL_TYPE (CobroProviderItem, cobro_provider_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
cobro_provider_item_finalize (GObject *object)
{
  CobroProviderItem *self = COBRO_PROVIDER_ITEM (object);

  cobro_provider_unref (self->provider);
  g_free (self->problem);
  g_free (self->path);
  G_OBJECT_CLASS (cobro_provider_item_parent_class)->finalize (object);
}

static void
cobro_provider_item_class_init (CobroProviderItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_provider_item_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_PROVIDER_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_provider_item_init (CobroProviderItem *self)
{
  self->problem = g_strdup ("");
  self->path = g_strdup ("");
}

CobroProviderItem *
cobro_provider_item_new (CobroProvider *provider)
{
  CobroProviderItem *self = g_object_new (COBRO_TYPE_PROVIDER_ITEM, NULL);

  self->provider = cobro_provider_ref (provider);
  return self;
}

void
cobro_provider_item_set_provider (CobroProviderItem *self, CobroProvider *provider)
{
  CobroProvider *before = self->provider;

  self->provider = cobro_provider_ref (provider);
  cobro_provider_unref (before);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cobro_provider_item_set_way (CobroProviderItem *self, gboolean waiting, const char *problem, const char *path)
{
  self->waiting = waiting;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_free (self->path);
  self->path = g_strdup (path);
  g_signal_emit (self, signals[CHANGED], 0);
}

const CobroProvider *
cobro_provider_item_get_provider (CobroProviderItem *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_ITEM (self), NULL);

  return self->provider;
}

gboolean
cobro_provider_item_get_waiting (CobroProviderItem *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_ITEM (self), FALSE);

  return self->waiting;
}

const char *
cobro_provider_item_get_problem (CobroProviderItem *self)
{
  g_return_val_if_fail (COBRO_IS_PROVIDER_ITEM (self), "");

  return self->problem;
}

CobroProviderState
cobro_provider_item_get_state (CobroProviderItem *self)
{
  const CobroProvider *provider;

  g_return_val_if_fail (COBRO_IS_PROVIDER_ITEM (self), COBRO_PROVIDER_STATE_NOT_SET_UP);

  provider = self->provider;
  if (*self->problem)
    return COBRO_PROVIDER_STATE_ATTENTION;
  if (self->waiting)
    return COBRO_PROVIDER_STATE_WAITING;
  if (!provider->enabled)
    return cobro_provider_has_keys (provider) ? COBRO_PROVIDER_STATE_OFF : COBRO_PROVIDER_STATE_NOT_SET_UP;
  /* Without its webhooks a payment is only heard of by asking: late. */
  if (!provider->secret_is_set || !cobro_provider_is_complete (provider))
    return COBRO_PROVIDER_STATE_ATTENTION;
  if (provider->status == COBRO_PROVIDER_DEGRADED)
    return COBRO_PROVIDER_STATE_DEGRADED;
  return provider->livemode ? COBRO_PROVIDER_STATE_LIVE : COBRO_PROVIDER_STATE_TEST;
}
