/* src/model/cobro-payments.c — every payment of the books.
 * Layer: model. Main thread. */
#include "cobro-payments.h"

struct _CobroPaymentEntry
{
  CobroRowItem parent_instance;
  CobroPaymentRecord *record;
  CobroPayment *nothing; /* what is lent before it is filled */
  CobroId id;            /* never changes once it is known: lent for the item's life */
};

G_DEFINE_FINAL_TYPE (CobroPaymentEntry, cobro_payment_entry, COBRO_TYPE_ROW_ITEM)

struct _CobroPayments
{
  CobroRowSource parent_instance;
  CobroTime from, to; /* what is asked for; 0: everything */
};

G_DEFINE_FINAL_TYPE (CobroPayments, cobro_payments, COBRO_TYPE_ROW_SOURCE)

/* ── One payment ── */

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroPaymentEntry *self = COBRO_PAYMENT_ENTRY (item);
  CobroPaymentRecord *record = data;

  cobro_payment_record_ref (record);
  g_clear_pointer (&self->record, cobro_payment_record_unref);
  self->record = record;
  self->id = record->payment->id;
}

static void
cobro_payment_entry_finalize (GObject *object)
{
  CobroPaymentEntry *self = COBRO_PAYMENT_ENTRY (object);

  g_clear_pointer (&self->record, cobro_payment_record_unref);
  cobro_payment_unref (self->nothing);
  G_OBJECT_CLASS (cobro_payment_entry_parent_class)->finalize (object);
}

static void
cobro_payment_entry_class_init (CobroPaymentEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_payment_entry_finalize;
  COBRO_ROW_ITEM_CLASS (klass)->fill = fill;
}

static void
cobro_payment_entry_init (CobroPaymentEntry *self)
{
  self->nothing = cobro_payment_new ();
}

const CobroPayment *
cobro_payment_entry_get_payment (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), NULL);

  return self->record ? self->record->payment : self->nothing;
}

const char *
cobro_payment_entry_get_id (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), "");

  return self->id.text;
}

CobroTime
cobro_payment_entry_get_when (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), 0);

  if (!self->record)
    return 0;
  return self->record->paid_at ? self->record->paid_at : self->record->payment->created_at;
}

const char *
cobro_payment_entry_get_title (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), "");

  if (!self->record)
    return "";
  return *self->record->number ? self->record->number : self->record->title;
}

const char *
cobro_payment_entry_get_customer (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), "");

  return self->record ? self->record->customer : "";
}

gboolean
cobro_payment_entry_get_waiting (CobroPaymentEntry *self)
{
  g_return_val_if_fail (COBRO_IS_PAYMENT_ENTRY (self), FALSE);

  return self->record && self->record->waiting;
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroPaymentRecord *)record)->row;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_payment_store_list_all_async (store, query, limit, cancellable, callback, user_data);
}

static gboolean
first_page (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows, GPtrArray **out_records,
            gint64 *out_total)
{
  g_autoptr (CobroStorePage) page = cobro_payment_store_first_page (store, query, limit, NULL);

  if (!page)
    return FALSE;

  *out_rows = g_array_ref (page->rows);
  *out_records = g_ptr_array_ref (page->records);
  *out_total = page->total;
  return TRUE;
}

static void
cobro_payments_class_init (CobroPaymentsClass *klass)
{
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  source_class->item_type = COBRO_TYPE_PAYMENT_ENTRY;
  source_class->kinds = COBRO_STORE_PAYMENTS | COBRO_STORE_INVOICES | COBRO_STORE_LINKS;
  source_class->get_row = get_row;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_payment_store_list_all_finish;
  source_class->load_rows_async = cobro_payment_store_load_rows_async;
  source_class->load_rows_finish = cobro_payment_store_load_rows_finish;
  source_class->first_page = first_page;
}

static void
cobro_payments_init (CobroPayments *self)
{
}

CobroPayments *
cobro_payments_new (CobroStore *store)
{
  CobroPayments *self = g_object_new (COBRO_TYPE_PAYMENTS, NULL);

  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  return self;
}

/* ── Lists ── */

static void
query_free (gpointer data)
{
  CobroPaymentQuery *query = data;

  g_free ((char *)query->search);
  g_free (query);
}

static CobroPaymentQuery *
query_new (const CobroId *customer_id, const char *search, CobroPaymentFilter filter, CobroPaymentSort sort,
           gboolean descending)
{
  CobroPaymentQuery *query = g_new0 (CobroPaymentQuery, 1);

  *query = (CobroPaymentQuery){ .search = g_strdup (search), .filter = filter, .sort = sort, .descending = descending };
  if (customer_id)
    query->customer_id = *customer_id;
  return query;
}

CobroRowList *
cobro_payments_list (CobroPayments *self, const CobroId *customer_id)
{
  g_return_val_if_fail (COBRO_IS_PAYMENTS (self), NULL);

  return cobro_row_list_new (self, query_new (customer_id, "", COBRO_PAYMENT_FILTER_ALL, COBRO_PAYMENT_SORT_WHEN, TRUE),
                             query_free);
}

void
cobro_payments_ask (CobroPayments *self, CobroRowList *list, const char *search, CobroPaymentFilter filter,
                    CobroPaymentSort sort, gboolean descending)
{
  CobroPaymentQuery *query;

  g_return_if_fail (COBRO_IS_PAYMENTS (self));

  query = query_new (NULL, search, filter, sort, descending);
  query->from = self->from;
  query->to = self->to;
  cobro_row_list_set_query (list, query);
}

void
cobro_payments_set_period (CobroPayments *self, CobroTime from, CobroTime to)
{
  g_return_if_fail (COBRO_IS_PAYMENTS (self));

  self->from = from;
  self->to = to;
}
