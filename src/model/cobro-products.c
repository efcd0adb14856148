/* src/model/cobro-products.c — what the merchant sells again and again, as a service.
 * Layer: model. Main thread. */
#include "cobro-products.h"

#include "cobro-forward.h"

struct _CobroProductItem
{
  CobroRowItem parent_instance;
  CobroProductRecord *record;
  CobroProduct *nothing; /* what is lent before it is filled */
  CobroId id;            /* never changes once it is known: lent for the item's life */
};

G_DEFINE_FINAL_TYPE (CobroProductItem, cobro_product_item, COBRO_TYPE_ROW_ITEM)

struct _CobroProducts
{
  CobroRowSource parent_instance;
  CobroUndo *undo;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroProducts, cobro_products, COBRO_TYPE_ROW_SOURCE)

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One product ── */

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroProductItem *self = COBRO_PRODUCT_ITEM (item);
  CobroProductRecord *record = data;

  cobro_product_record_ref (record);
  g_clear_pointer (&self->record, cobro_product_record_unref);
  self->record = record;
  self->id = record->product->id;
}

static void
cobro_product_item_finalize (GObject *object)
{
  CobroProductItem *self = COBRO_PRODUCT_ITEM (object);

  g_clear_pointer (&self->record, cobro_product_record_unref);
  cobro_product_unref (self->nothing);
  G_OBJECT_CLASS (cobro_product_item_parent_class)->finalize (object);
}

static void
cobro_product_item_class_init (CobroProductItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_product_item_finalize;
  COBRO_ROW_ITEM_CLASS (klass)->fill = fill;
}

static void
cobro_product_item_init (CobroProductItem *self)
{
  self->nothing = cobro_product_new ();
}

const CobroProduct *
cobro_product_item_get_product (CobroProductItem *self)
{
  g_return_val_if_fail (COBRO_IS_PRODUCT_ITEM (self), NULL);

  return self->record ? self->record->product : self->nothing;
}

const char *
cobro_product_item_get_id (CobroProductItem *self)
{
  g_return_val_if_fail (COBRO_IS_PRODUCT_ITEM (self), "");

  return self->id.text;
}

CobroRecordState
cobro_product_item_get_state (CobroProductItem *self)
{
  g_return_val_if_fail (COBRO_IS_PRODUCT_ITEM (self), COBRO_RECORD_LIVE);

  return self->record ? self->record->state : COBRO_RECORD_LIVE;
}

const char *
cobro_product_item_get_reason (CobroProductItem *self)
{
  g_return_val_if_fail (COBRO_IS_PRODUCT_ITEM (self), "");

  return self->record ? self->record->reason : "";
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroProductRecord *)record)->row;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_product_store_list_async (store, query, limit, cancellable, callback, user_data);
}

static gboolean
first_page (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows, GPtrArray **out_records,
            gint64 *out_total)
{
  g_autoptr (CobroStorePage) page = cobro_product_store_first_page (store, query, limit, NULL);

  if (!page)
    return FALSE;

  *out_rows = g_array_ref (page->rows);
  *out_records = g_ptr_array_ref (page->records);
  *out_total = page->total;
  return TRUE;
}

static void
cobro_products_dispose (GObject *object)
{
  CobroProducts *self = COBRO_PRODUCTS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->undo);
  G_OBJECT_CLASS (cobro_products_parent_class)->dispose (object);
}

static void
cobro_products_finalize (GObject *object)
{
  g_object_unref (COBRO_PRODUCTS (object)->cancellable);
  G_OBJECT_CLASS (cobro_products_parent_class)->finalize (object);
}

static void
cobro_products_class_init (CobroProductsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  object_class->dispose = cobro_products_dispose;
  object_class->finalize = cobro_products_finalize;
  source_class->item_type = COBRO_TYPE_PRODUCT_ITEM;
  source_class->kinds = COBRO_STORE_PRODUCTS;
  source_class->get_row = get_row;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_product_store_list_finish;
  source_class->load_rows_async = cobro_product_store_load_rows_async;
  source_class->load_rows_finish = cobro_product_store_load_rows_finish;
  source_class->first_page = first_page;
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_PRODUCTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_products_init (CobroProducts *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroProducts *
cobro_products_new (CobroStore *store, CobroUndo *undo)
{
  CobroProducts *self = g_object_new (COBRO_TYPE_PRODUCTS, NULL);

  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  self->undo = g_object_ref (undo);
  return self;
}

static CobroStore *
store_of (CobroProducts *self)
{
  return cobro_row_source_get_store (COBRO_ROW_SOURCE (self));
}

/* ── Lists ── */

static void
query_free (gpointer data)
{
  CobroProductQuery *query = data;

  g_free ((char *)query->search);
  g_free (query);
}

static CobroProductQuery *
query_new (const char *search, CobroProductFilter filter, CobroProductSort sort, gboolean descending)
{
  CobroProductQuery *query = g_new0 (CobroProductQuery, 1);

  *query = (CobroProductQuery){ .search = g_strdup (search), .filter = filter, .sort = sort, .descending = descending };
  return query;
}

CobroRowList *
cobro_products_list (CobroProducts *self)
{
  g_return_val_if_fail (COBRO_IS_PRODUCTS (self), NULL);

  return cobro_row_list_new (self, query_new ("", COBRO_PRODUCT_FILTER_ALL, COBRO_PRODUCT_SORT_NAME, FALSE),
                             query_free);
}

void
cobro_products_ask (CobroProducts *self, CobroRowList *list, const char *search, CobroProductFilter filter,
                    CobroProductSort sort, gboolean descending)
{
  g_return_if_fail (COBRO_IS_PRODUCTS (self));

  cobro_row_list_set_query (list, query_new (search, filter, sort, descending));
}

/* ── Reading and writing ── */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroRowSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroProductRecord) record = cobro_product_store_load_finish (COBRO_STORE (source), result, &error);

  if (record)
    g_task_return_pointer (task, cobro_row_source_dup_filled (self, record), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
cobro_products_load_async (CobroProducts *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;
  GError *error = NULL;
  CobroId parsed;

  g_return_if_fail (COBRO_IS_PRODUCTS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_products_load_async);
  if (cobro_id_parse (COBRO_ID_PRODUCT, id, &parsed, &error))
    return cobro_product_store_load_async (store_of (self), &parsed, cancellable, on_loaded_cb, task);
  g_task_return_error (task, error);
  g_object_unref (task);
}

CobroProductItem *
cobro_products_load_finish (CobroProducts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cobro_products_put_async (CobroProducts *self, CobroProduct *product, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_PRODUCTS (self));

  cobro_product_store_put_async (
    store_of (self), product, cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_product_store_put_finish,
                       (GDestroyNotify)cobro_product_unref, callback, user_data));
}

CobroProduct *
cobro_products_put_finish (CobroProducts *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}

/* ── Archiving ── */

typedef struct
{
  CobroProducts *products;
  CobroProduct *product; /* as it is to be */
  char *done_text;       /* (nullable) what can be taken back, once it is done */
} Archiving;

static void
archiving_free (gpointer data)
{
  Archiving *archiving = data;

  g_object_unref (archiving->products);
  cobro_product_unref (archiving->product);
  g_free (archiving->done_text);
  g_free (archiving);
}

static void archive (Archiving *archiving);

static void
take_back (gpointer data)
{
  const Archiving *done = data;
  Archiving *back = g_new0 (Archiving, 1);

  *back = (Archiving){ .products = g_object_ref (done->products), .product = cobro_product_copy (done->product) };
  back->product->archived = !done->product->archived;
  archive (back);
}

static void
on_archived_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Archiving *archiving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroProduct) stored = cobro_product_store_put_finish (COBRO_STORE (source), result, &error);

  if (stored && archiving->done_text && archiving->products->undo)
    {
      cobro_undo_push (archiving->products->undo, archiving->done_text, take_back, archiving, archiving_free);
      return;
    }
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (archiving->products, signals[FAILED], 0, error);
  archiving_free (archiving);
}

static void
archive (Archiving *archiving)
{
  cobro_product_store_put_async (store_of (archiving->products), archiving->product, archiving->products->cancellable,
                                 on_archived_cb, archiving);
}

void
cobro_products_archive (CobroProducts *self, const CobroProduct *product, gboolean archived, const char *done_text)
{
  Archiving *archiving = g_new0 (Archiving, 1);

  g_return_if_fail (COBRO_IS_PRODUCTS (self));

  *archiving = (Archiving){ .products = g_object_ref (self),
                            .product = cobro_product_copy (product),
                            .done_text = g_strdup (done_text) };
  archiving->product->archived = archived;
  archive (archiving);
}
