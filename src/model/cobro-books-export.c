/* src/model/cobro-books-export.c — the books of a period, or everything, as a file.
 * Layer: model. Main thread, unless it says otherwise. */
#include "cobro-books-export.h"

#include "cobro-accounts-zip.h"

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
  CobroMerchant *merchant;
  GBytes *logo;
  char *path;
  CobroAccountsQuery query;
  GCancellable *cancellable;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->export);
  g_clear_pointer (&job->merchant, cobro_merchant_unref);
  g_clear_pointer (&job->logo, g_bytes_unref);
  g_clear_object (&job->cancellable);
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

/* ── On the thread for copies and exports ── */

static gboolean
each_link (gpointer links, CobroLinkVisit visit, gpointer data, GError **error)
{
  return cobro_accounts_each_link (links, visit, data, error);
}

/* (transfer container) (element-type CobroInvoice) lent by @records, and what each of them is now. */
static GPtrArray *
split_records (CobroStore *store, const GPtrArray *records, GArray *views)
{
  GPtrArray *invoices = g_ptr_array_new ();

  for (guint i = 0; i < records->len; i++)
    {
      const CobroInvoiceRecord *record = records->pdata[i];
      CobroInvoiceView view = cobro_invoice_record_view (store, record);

      g_ptr_array_add (invoices, record->invoice);
      g_array_append_val (views, view);
    }
  return invoices;
}

static gboolean
write_file (const CobroAccounts *accounts, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (GArray) views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView));
  g_autoptr (GArray) draft_views = g_array_new (FALSE, FALSE, sizeof (CobroInvoiceView));
  g_autoptr (GPtrArray) invoices = split_records (job->export->store, accounts->invoices, views);
  g_autoptr (GPtrArray) drafts = split_records (job->export->store, accounts->drafts, draft_views);
  const CobroAccountsPeriod period = { .from = job->query.from,
                                       .to = job->query.to,
                                       .everything = job->query.everything,
                                       .now = accounts->now,
                                       .merchant = job->merchant,
                                       .invoices = invoices,
                                       .views = views,
                                       .drafts = drafts,
                                       .draft_views = draft_views,
                                       .payments = accounts->payments,
                                       .paid_at = accounts->paid_at,
                                       .refunds = accounts->refunds,
                                       .customers = accounts->customers,
                                       .products = accounts->products,
                                       .recurring = accounts->recurring,
                                       .logo = job->logo,
                                       .n_links = accounts->n_links,
                                       .each_link = each_link,
                                       .links = (gpointer)accounts };

  return cobro_accounts_zip_write (job->path, &period, job->cancellable, on_progress, job->export, error);
}

/* ── On the main thread ── */

static void
on_visited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cobro_accounts_store_visit_finish (COBRO_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cobro_books_export_write_async (CobroBooksExport *self, const CobroAccountsQuery *query, const char *path,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (COBRO_IS_BOOKS_EXPORT (self));

  on_progress (0, 0, self);
  job = g_new0 (Job, 1);
  *job = (Job){ .export = g_object_ref (self),
                .merchant = cobro_business_dup_merchant (self->business),
                .logo = cobro_business_dup_logo (self->business),
                .path = g_strdup (path),
                .query = *query };
  g_set_object (&job->cancellable, cancellable);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_books_export_write_async);
  cobro_accounts_store_visit_async (self->store, query, write_file, job, job_free, cancellable, on_visited_cb, task);
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
