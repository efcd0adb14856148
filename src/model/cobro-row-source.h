/* src/model/cobro-row-source.h — one noun of the books, live: whatever changed, from here or from the relay, reaches
 * every item that somebody holds. Derived once per noun; lists over it are CobroRowList. Layer: model. Main thread. */
#pragma once
#include "cobro-row-item.h"
#include "cobro-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ROW_SOURCE (cobro_row_source_get_type ())
G_DECLARE_DERIVABLE_TYPE (CobroRowSource, cobro_row_source, COBRO, ROW_SOURCE, GObject)

struct _CobroRowSourceClass
{
  GObjectClass parent_class;

  GType item_type; /* a CobroRowItem */
  guint kinds;     /* CobroStoreKinds that concern it */
  /* The number of a record. */
  gint64 (*get_row) (gpointer record);
  /* (nullable) the rows that changed; %NULL, or no function: any of them. */
  GArray *(*get_changed) (const CobroStoreChange *change);
  /* As the store's functions of the noun; @query is what CobroRowList was given. @limit: so many first rows; 0: all. */
  void (*list_async) (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
  GArray *(*list_finish) (CobroStore *store, GAsyncResult *result, GError **error);
  void (*load_rows_async) (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*load_rows_finish) (CobroStore *store, GAsyncResult *result, GError **error);
  /* (nullable) waits; for the first frame. FALSE: ask for it. */
  gboolean (*first_page) (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows,
                          GPtrArray **out_records, gint64 *out_total);
};

/* Signals: "changed": lists must ask again; "item-changed" (CobroRowItem *): a held item was read anew. */

/* Keeps @store; called once by the derived class's constructor. */
void cobro_row_source_set_store (CobroRowSource *self, CobroStore *store);
CobroStore *cobro_row_source_get_store (CobroRowSource *self);
/* (transfer full) the one item of a row: perhaps not filled yet. */
gpointer cobro_row_source_dup_item (CobroRowSource *self, gint64 row);
/* (transfer full) the item of a record, filled with it. */
gpointer cobro_row_source_dup_filled (CobroRowSource *self, gpointer record);
/* Fills the items that somebody holds of these records; %NULL elements are passed over. */
void cobro_row_source_take_records (CobroRowSource *self, GPtrArray *records);

G_END_DECLS
