/* src/model/cobro-row-list.c — a list of records, read as far as somebody looks.
 * Layer: model. Main thread. */
#include "cobro-row-list.h"

typedef struct
{
  guint index;      /* rows index × PAGE … */
  GPtrArray *items; /* (element-type CobroRowItem) */
  GList place;      /* in the queue of pages, most recently used at the head */
} Page;

struct _CobroRowList
{
  GObject parent_instance;
  CobroRowSource *source;
  GArray *rows;      /* (element-type gint64) the answer */
  GHashTable *pages; /* (element-type guint Page) */
  GQueue recent;
  gpointer query;
  GDestroyNotify free_query;
  GArray *coming;            /* the next answer, while its first page is read */
  GCancellable *asking;      /* the question under way */
  GCancellable *cancellable; /* everything else */
  guint limit;               /* how many rows the question under way is for; 0: all */
  gboolean asked_again;      /* the books changed while a question was under way */
};

static void cobro_row_list_model_init (GListModelInterface *iface);
static void ask (CobroRowList *self, guint limit);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroRowList, cobro_row_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, cobro_row_list_model_init))

enum
{
  ANSWERED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static CobroRowSourceClass *
class_of (CobroRowList *self)
{
  return COBRO_ROW_SOURCE_GET_CLASS (self->source);
}

/* ── Pages ── */

static void
page_free (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->items);
  g_free (page);
}

static void
drop_pages (CobroRowList *self)
{
  g_queue_init (&self->recent);
  g_hash_table_remove_all (self->pages);
}

static void
on_page_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRowList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = class_of (self)->load_rows_finish (COBRO_STORE (source), result, &error);

  if (records)
    cobro_row_source_take_records (self->source, records);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
read_page (CobroRowList *self, Page *page)
{
  guint from = page->index * COBRO_ROW_LIST_PAGE;
  guint n = MIN (COBRO_ROW_LIST_PAGE, self->rows->len - from);
  gboolean complete = TRUE;

  for (guint i = 0; i < n; i++)
    {
      CobroRowItem *item = cobro_row_source_dup_item (self->source, g_array_index (self->rows, gint64, from + i));

      g_ptr_array_add (page->items, item);
      complete &= cobro_row_item_is_filled (item);
    }
  if (!complete)
    class_of (self)->load_rows_async (cobro_row_source_get_store (self->source),
                                      &g_array_index (self->rows, gint64, from), n, self->cancellable,
                                      on_page_loaded_cb, g_object_ref (self));
}

static Page *
get_page (CobroRowList *self, guint index)
{
  Page *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (index));

  if (page)
    {
      g_queue_unlink (&self->recent, &page->place);
      g_queue_push_head_link (&self->recent, &page->place);
      return page;
    }

  while (g_queue_get_length (&self->recent) >= COBRO_ROW_LIST_PAGES)
    {
      Page *oldest = g_queue_pop_tail_link (&self->recent)->data;

      g_hash_table_remove (self->pages, GUINT_TO_POINTER (oldest->index));
    }
  page = g_new0 (Page, 1);
  page->index = index;
  page->items = g_ptr_array_new_full (COBRO_ROW_LIST_PAGE, g_object_unref);
  page->place.data = page;
  g_queue_push_head_link (&self->recent, &page->place);
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (index), page);
  read_page (self, page);
  return page;
}

/* ── The model ── */

static GType
get_item_type (GListModel *model)
{
  return class_of (COBRO_ROW_LIST (model))->item_type;
}

static guint
get_n_items (GListModel *model)
{
  return COBRO_ROW_LIST (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  CobroRowList *self = COBRO_ROW_LIST (model);
  Page *page;

  if (position >= self->rows->len)
    return NULL;

  page = get_page (self, position / COBRO_ROW_LIST_PAGE);
  return g_object_ref (page->items->pdata[position % COBRO_ROW_LIST_PAGE]);
}

static void
cobro_row_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ── Answers ── */

/* Takes a new answer, announcing no more than what lies between the beginning and the end that stayed the same: a new
 * link at the top does not make the window forget where it is. */
static void
take_rows (CobroRowList *self, GArray *rows)
{
  g_autoptr (GArray) old = self->rows;
  guint shorter = MIN (old->len, rows->len);
  guint head = 0, tail = 0;

  while (head < shorter && g_array_index (old, gint64, head) == g_array_index (rows, gint64, head))
    head++;
  while (tail < shorter - head &&
         g_array_index (old, gint64, old->len - 1 - tail) == g_array_index (rows, gint64, rows->len - 1 - tail))
    tail++;

  self->rows = g_array_ref (rows);
  if (head == old->len && head == rows->len)
    return;

  drop_pages (self);
  g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, rows->len - head - tail);
}

/* (transfer full) (element-type CobroRowItem) the first items, filled, so that what the list announces can be shown at
 * once. */
static GPtrArray *
hold_first (CobroRowList *self, GArray *rows, GPtrArray *records)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (held, cobro_row_source_dup_item (self->source, g_array_index (rows, gint64, i)));
  cobro_row_source_take_records (self->source, records);
  return held;
}

/* @n: rows that came. Whoever asks something else sees its first rows before all of them are known. */
static void
finish_asking (CobroRowList *self, guint n)
{
  g_clear_object (&self->asking);
  if (self->asked_again || (self->limit > 0 && n == self->limit))
    ask (self, 0);
  else
    g_signal_emit (self, signals[ANSWERED], 0);
}

static void
on_first_page_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRowList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = class_of (self)->load_rows_finish (COBRO_STORE (source), result, &error);
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GPtrArray) held = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  rows = g_steal_pointer (&self->coming);
  if (records)
    held = hold_first (self, rows, records);
  take_rows (self, rows);
  finish_asking (self, rows->len);
}

static void
on_rows_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRowList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = class_of (self)->list_finish (COBRO_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!rows)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return finish_asking (self, 0);
    }
  if (rows->len == 0)
    {
      take_rows (self, rows);
      return finish_asking (self, 0);
    }

  g_clear_pointer (&self->coming, g_array_unref);
  self->coming = g_array_ref (rows);
  class_of (self)->load_rows_async (COBRO_STORE (source), (const gint64 *)(gconstpointer)rows->data,
                                    MIN (rows->len, COBRO_ROW_LIST_PAGE), self->asking, on_first_page_loaded_cb,
                                    g_object_ref (self));
}

static void
ask (CobroRowList *self, guint limit)
{
  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->asking = g_cancellable_new ();
  self->asked_again = FALSE;
  self->limit = limit;
  class_of (self)->list_async (cobro_row_source_get_store (self->source), self->query, limit, self->asking,
                               on_rows_listed_cb, g_object_ref (self));
}

/* The books changed: what was asked last is asked again, once for however many changes come meanwhile. */
static void
on_source_changed_cb (CobroRowList *self)
{
  if (self->asking)
    self->asked_again = TRUE;
  else
    ask (self, 0);
}

/* ── The object ── */

static void
cobro_row_list_dispose (GObject *object)
{
  CobroRowList *self = COBRO_ROW_LIST (object);

  g_cancellable_cancel (self->cancellable);
  if (self->asking)
    g_cancellable_cancel (self->asking);
  if (self->source)
    g_signal_handlers_disconnect_by_data (self->source, self);
  drop_pages (self);
  g_clear_object (&self->asking);
  g_clear_object (&self->source);
  G_OBJECT_CLASS (cobro_row_list_parent_class)->dispose (object);
}

static void
cobro_row_list_finalize (GObject *object)
{
  CobroRowList *self = COBRO_ROW_LIST (object);

  g_hash_table_unref (self->pages);
  g_array_unref (self->rows);
  g_clear_pointer (&self->coming, g_array_unref);
  if (self->free_query)
    self->free_query (self->query);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_row_list_parent_class)->finalize (object);
}

static void
cobro_row_list_class_init (CobroRowListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_row_list_dispose;
  object_class->finalize = cobro_row_list_finalize;
  signals[ANSWERED] =
    g_signal_new ("answered", COBRO_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_ROW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_row_list_init (CobroRowList *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, page_free);
  self->cancellable = g_cancellable_new ();
}

CobroRowList *
cobro_row_list_new (gpointer source, gpointer take_query, GDestroyNotify free_query)
{
  CobroRowList *self;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GPtrArray) records = NULL;
  gint64 total = -1;

  g_return_val_if_fail (COBRO_IS_ROW_SOURCE (source), NULL);

  self = g_object_new (COBRO_TYPE_ROW_LIST, NULL);
  self->source = g_object_ref (source);
  self->query = take_query;
  self->free_query = free_query;
  if (class_of (self)->first_page && class_of (self)->first_page (cobro_row_source_get_store (source), take_query,
                                                                  COBRO_ROW_LIST_PAGE, &rows, &records, &total))
    {
      g_autoptr (GPtrArray) held = hold_first (self, rows, records);

      g_array_append_vals (self->rows, rows->data, rows->len);
      if (rows->len > 0)
        get_page (self, 0);
    }
  if (!rows || total != (gint64)rows->len)
    ask (self, 0);
  g_signal_connect_swapped (source, "changed", G_CALLBACK (on_source_changed_cb), self);
  return self;
}

void
cobro_row_list_set_query (CobroRowList *self, gpointer take_query)
{
  g_return_if_fail (COBRO_IS_ROW_LIST (self));

  if (self->free_query)
    self->free_query (self->query);
  self->query = take_query;
  ask (self, COBRO_ROW_LIST_PAGE);
}

gboolean
cobro_row_list_get_loading (CobroRowList *self)
{
  g_return_val_if_fail (COBRO_IS_ROW_LIST (self), FALSE);

  return self->asking != NULL;
}

guint
cobro_row_list_count_pages (CobroRowList *self)
{
  g_return_val_if_fail (COBRO_IS_ROW_LIST (self), 0);

  return g_hash_table_size (self->pages);
}
