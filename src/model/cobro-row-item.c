/* src/model/cobro-row-item.c — one record of the books as the window shows it.
 * Layer: model. Main thread. */
#include "cobro-row-item.h"

typedef struct
{
  gint64 row;
  gboolean filled;
} CobroRowItemPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CobroRowItem, cobro_row_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static CobroRowItemPrivate *
private_of (CobroRowItem *self)
{
  return cobro_row_item_get_instance_private (self);
}

static void
cobro_row_item_class_init (CobroRowItemClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_ROW_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_row_item_init (CobroRowItem *self)
{
}

gboolean
cobro_row_item_is_filled (CobroRowItem *self)
{
  g_return_val_if_fail (COBRO_IS_ROW_ITEM (self), FALSE);

  return private_of (self)->filled;
}

void
cobro_row_item_fill (CobroRowItem *self, gpointer source, gpointer record)
{
  g_return_if_fail (COBRO_IS_ROW_ITEM (self));
  g_return_if_fail (record != NULL);

  COBRO_ROW_ITEM_GET_CLASS (self)->fill (self, source, record);
  private_of (self)->filled = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cobro_row_item_tick (CobroRowItem *self, gpointer source)
{
  CobroRowItemClass *klass;

  g_return_if_fail (COBRO_IS_ROW_ITEM (self));

  klass = COBRO_ROW_ITEM_GET_CLASS (self);
  if (private_of (self)->filled && klass->tick && klass->tick (self, source))
    g_signal_emit (self, signals[CHANGED], 0);
}

void
cobro_row_item_set_row (CobroRowItem *self, gint64 row)
{
  g_return_if_fail (COBRO_IS_ROW_ITEM (self));

  private_of (self)->row = row;
}
