/* src/model/cobro-customers.c — the merchant's customers as a service.
 * Layer: model. Main thread. */
#include "cobro-customers.h"

#include "cobro-forward.h"

struct _CobroCustomerItem
{
  CobroRowItem parent_instance;
  CobroCustomerRecord *record;
  CobroCustomer *nothing; /* what is lent before it is filled */
  GArray *no_sums;
  CobroId id; /* never changes once it is known: lent for the item's life */
};

G_DEFINE_FINAL_TYPE (CobroCustomerItem, cobro_customer_item, COBRO_TYPE_ROW_ITEM)

struct _CobroCustomers
{
  CobroRowSource parent_instance;
  CobroUndo *undo;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroCustomers, cobro_customers, COBRO_TYPE_ROW_SOURCE)

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One customer ── */

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroCustomerItem *self = COBRO_CUSTOMER_ITEM (item);
  CobroCustomerRecord *record = data;

  cobro_customer_record_ref (record);
  g_clear_pointer (&self->record, cobro_customer_record_unref);
  self->record = record;
  self->id = record->customer->id;
}

static void
cobro_customer_item_finalize (GObject *object)
{
  CobroCustomerItem *self = COBRO_CUSTOMER_ITEM (object);

  g_clear_pointer (&self->record, cobro_customer_record_unref);
  cobro_customer_unref (self->nothing);
  g_array_unref (self->no_sums);
  G_OBJECT_CLASS (cobro_customer_item_parent_class)->finalize (object);
}

static void
cobro_customer_item_class_init (CobroCustomerItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_customer_item_finalize;
  COBRO_ROW_ITEM_CLASS (klass)->fill = fill;
}

static void
cobro_customer_item_init (CobroCustomerItem *self)
{
  self->nothing = cobro_customer_new ();
  self->no_sums = g_array_new (FALSE, FALSE, sizeof (CobroCustomerSum));
}

const CobroCustomer *
cobro_customer_item_get_customer (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), NULL);

  return self->record ? self->record->customer : self->nothing;
}

const char *
cobro_customer_item_get_id (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), "");

  return self->id.text;
}

GArray *
cobro_customer_item_get_sums (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), NULL);

  return self->record ? self->record->sums : self->no_sums;
}

gint64
cobro_customer_item_get_n_invoices (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), 0);

  return self->record ? self->record->invoices : 0;
}

CobroRecordState
cobro_customer_item_get_state (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), COBRO_RECORD_LIVE);

  return self->record ? self->record->state : COBRO_RECORD_LIVE;
}

const char *
cobro_customer_item_get_reason (CobroCustomerItem *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMER_ITEM (self), "");

  return self->record ? self->record->reason : "";
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroCustomerRecord *)record)->row;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_customer_store_list_async (store, query, limit, cancellable, callback, user_data);
}

static gboolean
first_page (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows, GPtrArray **out_records,
            gint64 *out_total)
{
  g_autoptr (CobroStorePage) page = cobro_customer_store_first_page (store, query, limit, NULL);

  if (!page)
    return FALSE;

  *out_rows = g_array_ref (page->rows);
  *out_records = g_ptr_array_ref (page->records);
  *out_total = page->total;
  return TRUE;
}

static void
cobro_customers_dispose (GObject *object)
{
  CobroCustomers *self = COBRO_CUSTOMERS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->undo);
  G_OBJECT_CLASS (cobro_customers_parent_class)->dispose (object);
}

static void
cobro_customers_finalize (GObject *object)
{
  g_object_unref (COBRO_CUSTOMERS (object)->cancellable);
  G_OBJECT_CLASS (cobro_customers_parent_class)->finalize (object);
}

static void
cobro_customers_class_init (CobroCustomersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  object_class->dispose = cobro_customers_dispose;
  object_class->finalize = cobro_customers_finalize;
  source_class->item_type = COBRO_TYPE_CUSTOMER_ITEM;
  source_class->kinds = COBRO_STORE_CUSTOMERS | COBRO_STORE_INVOICES | COBRO_STORE_PAYMENTS;
  source_class->get_row = get_row;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_customer_store_list_finish;
  source_class->load_rows_async = cobro_customer_store_load_rows_async;
  source_class->load_rows_finish = cobro_customer_store_load_rows_finish;
  source_class->first_page = first_page;
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_CUSTOMERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_customers_init (CobroCustomers *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroCustomers *
cobro_customers_new (CobroStore *store, CobroUndo *undo)
{
  CobroCustomers *self = g_object_new (COBRO_TYPE_CUSTOMERS, NULL);

  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  self->undo = g_object_ref (undo);
  return self;
}

static CobroStore *
store_of (CobroCustomers *self)
{
  return cobro_row_source_get_store (COBRO_ROW_SOURCE (self));
}

/* ── Lists ── */

static void
query_free (gpointer data)
{
  CobroCustomerQuery *query = data;

  g_free ((char *)query->search);
  g_free (query);
}

static CobroCustomerQuery *
query_new (const char *search, CobroCustomerFilter filter, CobroCustomerSort sort, gboolean descending)
{
  CobroCustomerQuery *query = g_new0 (CobroCustomerQuery, 1);

  *query =
    (CobroCustomerQuery){ .search = g_strdup (search), .filter = filter, .sort = sort, .descending = descending };
  return query;
}

CobroRowList *
cobro_customers_list (CobroCustomers *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMERS (self), NULL);

  return cobro_row_list_new (self, query_new ("", COBRO_CUSTOMER_FILTER_ALL, COBRO_CUSTOMER_SORT_NAME, FALSE),
                             query_free);
}

void
cobro_customers_ask (CobroCustomers *self, CobroRowList *list, const char *search, CobroCustomerFilter filter,
                     CobroCustomerSort sort, gboolean descending)
{
  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  cobro_row_list_set_query (list, query_new (search, filter, sort, descending));
}

/* ── Reading and writing ── */

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroRowSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroCustomerRecord) record = cobro_customer_store_load_finish (COBRO_STORE (source), result, &error);

  if (record)
    g_task_return_pointer (task, cobro_row_source_dup_filled (self, record), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
cobro_customers_load_async (CobroCustomers *self, const char *id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  GError *error = NULL;
  CobroId parsed;

  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_customers_load_async);
  if (cobro_id_parse (COBRO_ID_CUSTOMER, id, &parsed, &error))
    return cobro_customer_store_load_async (store_of (self), &parsed, cancellable, on_loaded_cb, task);
  g_task_return_error (task, error);
  g_object_unref (task);
}

CobroCustomerItem *
cobro_customers_load_finish (CobroCustomers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cobro_customers_put_async (CobroCustomers *self, CobroCustomer *customer, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  cobro_customer_store_put_async (
    store_of (self), customer, cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_customer_store_put_finish,
                       (GDestroyNotify)cobro_customer_unref, callback, user_data));
}

CobroCustomer *
cobro_customers_put_finish (CobroCustomers *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}

/* ── Archiving ── */

typedef struct
{
  CobroCustomers *customers;
  CobroCustomer *customer; /* as it is to be */
  char *done_text;         /* (nullable) what can be taken back, once it is done */
} Archiving;

static void
archiving_free (gpointer data)
{
  Archiving *archiving = data;

  g_object_unref (archiving->customers);
  cobro_customer_unref (archiving->customer);
  g_free (archiving->done_text);
  g_free (archiving);
}

static void archive (Archiving *archiving);

static void
take_back (gpointer data)
{
  const Archiving *done = data;
  Archiving *back = g_new0 (Archiving, 1);

  *back = (Archiving){ .customers = g_object_ref (done->customers), .customer = cobro_customer_copy (done->customer) };
  back->customer->archived = !done->customer->archived;
  archive (back);
}

static void
on_archived_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Archiving *archiving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroCustomer) stored = cobro_customer_store_put_finish (COBRO_STORE (source), result, &error);

  if (stored && archiving->done_text && archiving->customers->undo)
    {
      cobro_undo_push (archiving->customers->undo, archiving->done_text, take_back, archiving, archiving_free);
      return;
    }
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (archiving->customers, signals[FAILED], 0, error);
  archiving_free (archiving);
}

static void
archive (Archiving *archiving)
{
  cobro_customer_store_put_async (store_of (archiving->customers), archiving->customer,
                                  archiving->customers->cancellable, on_archived_cb, archiving);
}

void
cobro_customers_archive (CobroCustomers *self, const CobroCustomer *customer, gboolean archived, const char *done_text)
{
  Archiving *archiving = g_new0 (Archiving, 1);

  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  *archiving = (Archiving){ .customers = g_object_ref (self),
                            .customer = cobro_customer_copy (customer),
                            .done_text = g_strdup (done_text) };
  archiving->customer->archived = archived;
  archive (archiving);
}

/* ── Accounts ── */

CobroDay
cobro_customers_get_today (CobroCustomers *self)
{
  g_return_val_if_fail (COBRO_IS_CUSTOMERS (self), 0);

  return cobro_store_today (store_of (self));
}

void
cobro_customers_state_async (CobroCustomers *self, const CobroId *id, CobroCurrency currency, CobroDay from,
                             CobroDay to, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  cobro_statement_store_load_async (
    store_of (self), id, currency, from, to, cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_statement_store_load_finish,
                       (GDestroyNotify)cobro_statement_free, callback, user_data));
}

CobroStatement *
cobro_customers_state_finish (CobroCustomers *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}

void
cobro_customers_age_async (CobroCustomers *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (COBRO_IS_CUSTOMERS (self));

  cobro_ageing_store_list_async (
    store_of (self), cancellable, cobro_forward_cb,
    cobro_forward_new (self, cancellable, (CobroForwardFinish)cobro_ageing_store_list_finish,
                       (GDestroyNotify)g_ptr_array_unref, callback, user_data));
}

GPtrArray *
cobro_customers_age_finish (CobroCustomers *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error);
}
