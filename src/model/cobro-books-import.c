/* src/model/cobro-books-import.c — a file becomes links, customers, products or invoices of the books.
 * Layer: model. Main thread, except read_thread(). */
#include "cobro-books-import.h"

#include "cobro-customer-store.h"
#include "cobro-error.h"
#include "cobro-forward.h"
#include "cobro-invoice-store.h"
#include "cobro-link-store.h"
#include "cobro-product-store.h"
#include "cobro-store-batch.h"

struct _CobroBooksImport
{
  GObject parent_instance;
  CobroStore *store;
  CobroBusiness *business;
  guint done; /* atomic: set by the thread that reads or writes */
  guint total;
};

G_DEFINE_FINAL_TYPE (CobroBooksImport, cobro_books_import, G_TYPE_OBJECT)

/* What the books say to each kind. */
static const struct
{
  CobroStoreTakeOne take;
  CobroStoreTakeOne check; /* (nullable) the dry run's question */
} kinds[] = {
  [COBRO_IMPORT_INVOICES] = { cobro_invoice_store_take, cobro_invoice_store_check },
  [COBRO_IMPORT_CUSTOMERS] = { cobro_customer_store_take, NULL },
  [COBRO_IMPORT_PRODUCTS] = { cobro_product_store_take, NULL },
  [COBRO_IMPORT_LINKS] = { cobro_link_store_take, cobro_link_store_check },
};

static CobroStoreBatch
batch_of (const CobroImport *import, CobroStoreTakeOne take, guint *done)
{
  return (CobroStoreBatch){
    .take = take, .items = g_ptr_array_ref (import->items), .lines = g_array_ref (import->lines), .done = done
  };
}

/* What the reading thread works with; nobody else touches it meanwhile. */
typedef struct
{
  CobroBooksImport *self;
  CobroImportKind kind;
  CobroMerchant *merchant;
  CobroLocale *locale;
  CobroTime now;
  GBytes *bytes;
  GArray *columns;     /* (nullable) */
  CobroImport *import; /* what was read */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->self);
  g_clear_pointer (&job->columns, g_array_unref);
  g_clear_pointer (&job->import, cobro_import_free);
  cobro_merchant_unref (job->merchant);
  cobro_locale_unref (job->locale);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

static void
return_import (GTask *task)
{
  Job *job = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&job->import), (GDestroyNotify)cobro_import_free);
}

static void
on_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) faults = cobro_store_check_finish (COBRO_STORE (source), result, &error);

  if (!faults)
    return g_task_return_error (task, error);
  for (guint i = 0; i < faults->len; i++)
    if (faults->pdata[i])
      cobro_import_add_problem (job->import, i, faults->pdata[i]);
  return_import (task);
}

/* What the file says for itself is right: now what the books say to it. */
static gboolean
on_read_cb (gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  CobroStoreTakeOne check = kinds[job->kind].check;
  CobroStoreBatch batch;

  if (!check || job->import->n_problems > 0)
    {
      return_import (task);
      return G_SOURCE_REMOVE;
    }
  batch = batch_of (job->import, check, NULL);
  cobro_store_check_async (job->self->store, &batch, g_task_get_cancellable (task), on_checked_cb, g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static gpointer
read_thread (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  const CobroImportSetup setup = { .merchant = job->merchant,
                                   .locale = job->locale,
                                   .now = job->now,
                                   .columns = job->columns,
                                   .cancellable = g_task_get_cancellable (task),
                                   .rows_done = &job->self->done };
  g_autoptr (GSource) source = NULL;
  GError *error = NULL;

  job->import = cobro_import_read (job->kind, job->bytes, &setup, &error);
  if (job->import)
    {
      source = g_idle_source_new ();
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, on_read_cb, task, NULL);
      g_source_attach (source, g_task_get_context (task));
      return NULL;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
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

static void
begin_count (CobroBooksImport *self, guint total)
{
  g_atomic_int_set (&self->done, 0);
  self->total = total;
}

void
cobro_books_import_read_async (CobroBooksImport *self, CobroImportKind kind, GFile *file, CobroLocale *locale,
                               const GArray *columns, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (COBRO_IS_BOOKS_IMPORT (self));

  begin_count (self, 0);
  job = g_new0 (Job, 1);
  *job = (Job){ .self = g_object_ref (self),
                .kind = kind,
                .merchant = cobro_business_dup_merchant (self->business),
                .locale = cobro_locale_ref (locale),
                .columns = columns ? g_array_copy ((GArray *)columns) : NULL,
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
  CobroStoreBatch batch;
  GTask *task;

  g_return_if_fail (COBRO_IS_BOOKS_IMPORT (self));

  task = cobro_forward_new (self, cancellable, cobro_store_finish, NULL, callback, user_data);
  if (import->n_problems > 0)
    {
      g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_STATE, "a row of the file was refused");
      g_object_unref (task);
      return;
    }
  begin_count (self, import->items->len);
  batch = batch_of (import, kinds[import->kind].take, &self->done);
  cobro_store_take_async (self->store, &batch, cancellable, cobro_forward_cb, task);
}

void
cobro_books_import_get_progress (CobroBooksImport *self, guint *out_done, guint *out_total)
{
  g_return_if_fail (COBRO_IS_BOOKS_IMPORT (self));

  *out_done = (guint)g_atomic_int_get (&self->done);
  *out_total = self->total;
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
