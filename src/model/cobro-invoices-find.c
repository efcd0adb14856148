/* src/model/cobro-invoices-find.c — looking up invoices, and what an invoice is made of.
 * Layer: model. Main thread. */
#include "cobro-invoices.h"

#define SUGGESTIONS 8

static CobroStore *
store_of (CobroInvoices *self)
{
  return cobro_row_source_get_store (COBRO_ROW_SOURCE (self));
}

static GTask *
task_new (CobroInvoices *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cobro_invoices_find_finish);
  return task;
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (CobroInvoiceRecord) record = cobro_invoice_store_load_finish (COBRO_STORE (source), result, &error);

  if (record)
    g_task_return_pointer (task, cobro_row_source_dup_filled (g_task_get_source_object (task), record), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
cobro_invoices_load_async (CobroInvoices *self, const char *text, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  task = task_new (self, cancellable, callback, user_data);
  if (!cobro_id_parse (COBRO_ID_INVOICE, text, &id, &error))
    return g_task_return_error (task, error);

  cobro_invoice_store_load_async (store_of (self), &id, cancellable, on_loaded_cb, g_steal_pointer (&task));
}

static void
on_credits_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) records = cobro_invoice_store_load_rows_finish (COBRO_STORE (source), result, &error);
  GPtrArray *items;

  if (!records)
    return g_task_return_error (task, error);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (items, cobro_row_source_dup_filled (g_task_get_source_object (task), records->pdata[i]));
  g_task_return_pointer (task, items, (GDestroyNotify)g_ptr_array_unref);
}

void
cobro_invoices_load_credits_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_list_credits_async (store_of (self), id, cancellable, on_credits_loaded_cb,
                                          task_new (self, cancellable, callback, user_data));
}

GPtrArray *
cobro_invoices_load_credits_finish (CobroInvoices *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
return_found (GTask *task, GPtrArray *found, GError *error)
{
  if (found)
    g_task_return_pointer (task, found, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_customers_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *found = cobro_customer_store_search_finish (COBRO_STORE (source), result, &error);

  return_found (task, found, error);
}

static void
on_products_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *found = cobro_product_store_search_finish (COBRO_STORE (source), result, &error);

  return_found (task, found, error);
}

void
cobro_invoices_find_customers_async (CobroInvoices *self, const char *text, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_customer_store_search_async (store_of (self), text, SUGGESTIONS, cancellable, on_customers_found_cb,
                                     task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_find_products_async (CobroInvoices *self, const char *text, CobroCurrency currency,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_product_store_search_async (store_of (self), text, currency, SUGGESTIONS, cancellable, on_products_found_cb,
                                    task_new (self, cancellable, callback, user_data));
}

GPtrArray *
cobro_invoices_find_finish (CobroInvoices *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_customer_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CobroCustomerRecord *record = cobro_customer_store_load_finish (COBRO_STORE (source), result, &error);

  if (record)
    g_task_return_pointer (task, record, (GDestroyNotify)cobro_customer_record_unref);
  else
    g_task_return_error (task, error);
}

void
cobro_invoices_load_customer_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_customer_store_load_async (store_of (self), id, cancellable, on_customer_loaded_cb,
                                   task_new (self, cancellable, callback, user_data));
}

CobroCustomerRecord *
cobro_invoices_load_customer_finish (CobroInvoices *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
