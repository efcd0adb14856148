/* src/model/cobro-row-item.h — one record of the books as the window shows it. Derived once per noun.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_ROW_ITEM (cobro_row_item_get_type ())
G_DECLARE_DERIVABLE_TYPE (CobroRowItem, cobro_row_item, COBRO, ROW_ITEM, GObject)

struct _CobroRowItemClass
{
  GObjectClass parent_class;

  /* Takes what a record says; @source: the CobroRowSource that it comes from. */
  void (*fill) (CobroRowItem *self, gpointer source, gpointer record);
  /* (nullable) time has passed: TRUE where it shows. */
  gboolean (*tick) (CobroRowItem *self, gpointer source);
};

/* Signal "changed": it says something else than before. An item that is not filled yet says nothing. */

/* Its number in the books, and whether it was read already. */
gboolean cobro_row_item_is_filled (CobroRowItem *self);

/* ── For CobroRowSource ── */

/* Takes a record; looks at the clock; says which row it is. */
void cobro_row_item_fill (CobroRowItem *self, gpointer source, gpointer record);
void cobro_row_item_tick (CobroRowItem *self, gpointer source);
void cobro_row_item_set_row (CobroRowItem *self, gint64 row);

G_END_DECLS
