/* src/model/cobro-books-import.c — a file becomes customers, products or invoices of the books.
 * Layer: model. Main thread, except read_thread(). */
#include "cobro-books-import.h"

#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-forward.h"
#include "cobro-product-store.h"

struct _CobroBooksImport
{
  GObject parent_instance;
  CobroStore *store;
  CobroBusiness *business;
};

G_DEFINE_FINAL_TYPE (CobroBooksImport, cobro_books_import, G_TYPE_OBJECT)

/* What the reading thread works with; nobody else touches it meanwhile. */
typedef struct
{
  CobroImportKind kind;
  CobroMerchant *merchant;
  CobroLocale *locale;
  CobroTime now;
  GBytes *bytes;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  cobro_merchant_unref (job->merchant);
  cobro_locale_unref (job->locale);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

static gpointer
read_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Job *job = g_task_get_task_data (task);
  const CobroImportSetup setup = { .merchant = job->merchant, .locale = job->locale, .now = job->now };
  GError *error = NULL;
  CobroImport *import = cobro_import_read (job->kind, job->bytes, &setup, &error);

  if (import)
    g_task_return_pointer (task, import, (GDestroyNotify)cobro_import_free);
  else
    g_task_return_error (task, error);
  return NULL;
}

static void
on_bytes_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
  if (job->bytes)
    {
      g_thread_unref (g_thread_new ("import", read_thread, task));
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
cobro_books_import_read_async (CobroBooksImport *self, CobroImportKind kind, GFile *file, CobroLocale *locale,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (COBRO_IS_BOOKS_IMPORT (self));

  job = g_new0 (Job, 1);
  *job = (Job){ .kind = kind,
                .merchant = cobro_business_dup_merchant (self->business),
                .locale = cobro_locale_ref (locale),
                .now = cobro_clock_now (cobro_store_get_clock (self->store)) };
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_books_import_read_async);
  g_task_set_task_data (task, job, job_free);
  g_file_load_bytes_async (file, cancellable, on_bytes_loaded_cb, task);
}

CobroImport *
cobro_books_import_read_finish (CobroBooksImport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cobro_books_import_take_async (CobroBooksImport *self, const CobroImport *import, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (COBRO_IS_BOOKS_IMPORT (self));

  task = cobro_forward_new (self, cancellable, cobro_store_finish, NULL, callback, user_data);
  if (import->n_problems > 0)
    {
      g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_STATE, "a row of the file was refused");
      g_object_unref (task);
      return;
    }
  switch (import->kind)
    {
    case COBRO_IMPORT_INVOICES:
      return cobro_invoice_store_import_async (self->store, import->items, cancellable, cobro_forward_cb, task);
    case COBRO_IMPORT_CUSTOMERS:
      return cobro_customer_store_import_async (self->store, import->items, cancellable, cobro_forward_cb, task);
    case COBRO_IMPORT_PRODUCTS:
      return cobro_product_store_import_async (self->store, import->items, cancellable, cobro_forward_cb, task);
    }
}

gboolean
cobro_books_import_take_finish (CobroBooksImport *self, GAsyncResult *result, GError **error)
{
  return cobro_forward_finish (self, result, error) != NULL;
}

static void
cobro_books_import_finalize (GObject *object)
{
  CobroBooksImport *self = COBRO_BOOKS_IMPORT (object);

  g_clear_object (&self->store);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_books_import_parent_class)->finalize (object);
}

static void
cobro_books_import_class_init (CobroBooksImportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_books_import_finalize;
}

static void
cobro_books_import_init (CobroBooksImport *self)
{
}

CobroBooksImport *
cobro_books_import_new (CobroStore *store, CobroBusiness *business)
{
  CobroBooksImport *self = g_object_new (COBRO_TYPE_BOOKS_IMPORT, NULL);

  self->store = g_object_ref (store);
  self->business = g_object_ref (business);
  return self;
}
