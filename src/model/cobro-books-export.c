/* src/model/cobro-books-export.c — the books of a period as a file for the accountant.
 * Layer: model. Main thread, except write_thread(). */
#include "cobro-books-export.h"

#include "cobro-accounts-zip.h"
#include "cobro-statement-store.h"

struct _CobroBooksExport
{
  GObject parent_instance;
  CobroStore *store;
  CobroBusiness *business;
  guint done, total; /* atomic: the writing thread sets them */
};

G_DEFINE_FINAL_TYPE (CobroBooksExport, cobro_books_export, G_TYPE_OBJECT)

/* What the writing thread works with; nobody else touches it meanwhile. */
typedef struct
{
  CobroBooksExport *export;
  CobroAccounts *accounts;
  CobroMerchant *merchant;
  GPtrArray *invoices; /* (element-type CobroInvoice) lent by @accounts */
  GArray *views;       /* (element-type CobroInvoiceView) */
  GBytes *logo;
  char *path;
  CobroDay from, to;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->export);
  g_clear_pointer (&job->accounts, cobro_accounts_free);
  g_clear_pointer (&job->merchant, cobro_merchant_unref);
  g_clear_pointer (&job->invoices, g_ptr_array_unref);
  g_clear_pointer (&job->views, g_array_unref);
  g_clear_pointer (&job->logo, g_bytes_unref);
  g_free (job->path);
  g_free (job);
}

static void
on_progress (guint done, guint total, gpointer data)
{
  CobroBooksExport *self = data;

  g_atomic_int_set (&self->total, total);
  g_atomic_int_set (&self->done, done);
}

static gpointer
write_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Job *job = g_task_get_task_data (task);
  const CobroAccountsPeriod period = { .from = job->from,
                                       .to = job->to,
                                       .merchant = job->merchant,
                                       .invoices = job->invoices,
                                       .views = job->views,
                                       .payments = job->accounts->payments,
                                       .paid_at = job->accounts->paid_at,
                                       .refunds = job->accounts->refunds,
                                       .customers = job->accounts->customers,
                                       .logo = job->logo };
  GError *error = NULL;

  if (cobro_accounts_zip_write (job->path, &period, g_task_get_cancellable (task), on_progress, job->export, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return NULL;
}

static void
on_accounts_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->accounts = cobro_accounts_store_load_finish (COBRO_STORE (source), result, &error);
  if (!job->accounts)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  for (guint i = 0; i < job->accounts->invoices->len; i++)
    {
      const CobroInvoiceRecord *record = job->accounts->invoices->pdata[i];
      CobroInvoiceView view = cobro_invoice_record_view (COBRO_STORE (source), record);

      g_ptr_array_add (job->invoices, record->invoice);
      g_array_append_val (job->views, view);
    }
  g_thread_unref (g_thread_new ("accounts", write_thread, task));
}

void
cobro_books_export_write_async (CobroBooksExport *self, CobroDay from, CobroDay to, const char *path,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (COBRO_IS_BOOKS_EXPORT (self));

  on_progress (0, 0, self);
  job = g_new0 (Job, 1);
  *job = (Job){ .export = g_object_ref (self),
                .merchant = cobro_business_dup_merchant (self->business),
                .invoices = g_ptr_array_new (),
                .views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView)),
                .logo = cobro_business_dup_logo (self->business),
                .path = g_strdup (path),
                .from = from,
                .to = to };
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_books_export_write_async);
  g_task_set_task_data (task, job, job_free);
  cobro_accounts_store_load_async (self->store, from, to, cancellable, on_accounts_loaded_cb, task);
}

gboolean
cobro_books_export_write_finish (CobroBooksExport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cobro_books_export_get_progress (CobroBooksExport *self, guint *out_done, guint *out_total)
{
  g_return_if_fail (COBRO_IS_BOOKS_EXPORT (self));

  *out_done = (guint)g_atomic_int_get (&self->done);
  *out_total = (guint)g_atomic_int_get (&self->total);
}

static void
cobro_books_export_finalize (GObject *object)
{
  CobroBooksExport *self = COBRO_BOOKS_EXPORT (object);

  g_clear_object (&self->store);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_books_export_parent_class)->finalize (object);
}

static void
cobro_books_export_class_init (CobroBooksExportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_books_export_finalize;
}

static void
cobro_books_export_init (CobroBooksExport *self)
{
}

CobroBooksExport *
cobro_books_export_new (CobroStore *store, CobroBusiness *business)
{
  CobroBooksExport *self = g_object_new (COBRO_TYPE_BOOKS_EXPORT, NULL);

  self->store = g_object_ref (store);
  self->business = g_object_ref (business);
  return self;
}
