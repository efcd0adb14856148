/* src/model/cobro-invoices.c — the merchant's invoices as a service.
 * Layer: model. Main thread. */
#include "cobro-invoices.h"

#include "cobro-logo-store.h"
#include "cobro-profile-store.h"

struct _CobroInvoices
{
  CobroRowSource parent_instance;
  CobroUndo *undo;
  GCancellable *cancellable;
  gboolean any;
};

G_DEFINE_FINAL_TYPE (CobroInvoices, cobro_invoices, COBRO_TYPE_ROW_SOURCE)

enum
{
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static CobroStore *
store_of (CobroInvoices *self)
{
  return cobro_row_source_get_store (COBRO_ROW_SOURCE (self));
}

/* ── The noun ── */

static gint64
get_row (gpointer record)
{
  return ((CobroInvoiceRecord *)record)->row;
}

/* A payment changes sums without naming its invoice. */
static GArray *
get_changed (const CobroStoreChange *change)
{
  return change->kinds & COBRO_STORE_PAYMENTS ? NULL : change->invoices;
}

static void
list_async (CobroStore *store, gconstpointer query, guint limit, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  cobro_invoice_store_list_async (store, query, limit, cancellable, callback, user_data);
}

static gboolean
first_page (CobroStore *store, gconstpointer query, guint limit, GArray **out_rows, GPtrArray **out_records,
            gint64 *out_total)
{
  g_autoptr (CobroStorePage) page = cobro_invoice_store_first_page (store, query, limit, NULL);

  if (!page)
    return FALSE;

  *out_rows = g_array_ref (page->rows);
  *out_records = g_ptr_array_ref (page->records);
  *out_total = page->total;
  return TRUE;
}

static void
cobro_invoices_dispose (GObject *object)
{
  CobroInvoices *self = COBRO_INVOICES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->undo);
  G_OBJECT_CLASS (cobro_invoices_parent_class)->dispose (object);
}

static void
cobro_invoices_finalize (GObject *object)
{
  g_object_unref (COBRO_INVOICES (object)->cancellable);
  G_OBJECT_CLASS (cobro_invoices_parent_class)->finalize (object);
}

static void
cobro_invoices_class_init (CobroInvoicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  CobroRowSourceClass *source_class = COBRO_ROW_SOURCE_CLASS (klass);

  object_class->dispose = cobro_invoices_dispose;
  object_class->finalize = cobro_invoices_finalize;
  source_class->item_type = COBRO_TYPE_INVOICE_ITEM;
  source_class->kinds = COBRO_STORE_INVOICES | COBRO_STORE_PAYMENTS;
  source_class->get_row = get_row;
  source_class->get_changed = get_changed;
  source_class->list_async = list_async;
  source_class->list_finish = cobro_invoice_store_list_finish;
  source_class->load_rows_async = cobro_invoice_store_load_rows_async;
  source_class->load_rows_finish = cobro_invoice_store_load_rows_finish;
  source_class->first_page = first_page;
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_INVOICES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_invoices_init (CobroInvoices *self)
{
  self->cancellable = g_cancellable_new ();
}

static gboolean
look_for_any (CobroStore *store)
{
  CobroInvoiceQuery query = { .sort = COBRO_INVOICE_SORT_CREATED, .descending = TRUE };
  g_autoptr (CobroStorePage) page = cobro_invoice_store_first_page (store, &query, 1, NULL);

  return page && page->rows->len > 0;
}

CobroInvoices *
cobro_invoices_new (CobroStore *store, CobroUndo *undo)
{
  CobroInvoices *self = g_object_new (COBRO_TYPE_INVOICES, NULL);

  cobro_row_source_set_store (COBRO_ROW_SOURCE (self), store);
  self->undo = g_object_ref (undo);
  self->any = look_for_any (store);
  return self;
}

gboolean
cobro_invoices_get_any (CobroInvoices *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICES (self), FALSE);

  return self->any;
}

CobroDay
cobro_invoices_get_today (CobroInvoices *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICES (self), 0);

  return cobro_store_today (store_of (self));
}

GBytes *
cobro_invoices_dup_logo (CobroInvoices *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICES (self), NULL);

  return cobro_logo_store_load (store_of (self), NULL);
}

gboolean
cobro_invoices_get_relay_is_mute (CobroInvoices *self)
{
  g_autoptr (CobroPairing) pairing = NULL;

  g_return_val_if_fail (COBRO_IS_INVOICES (self), FALSE);

  pairing = cobro_pairing_load (store_of (self), NULL);
  return pairing && cobro_id_is_set (&pairing->device_id) && !pairing->mail;
}

/* ── Lists ── */

static void
query_free (gpointer data)
{
  CobroInvoiceQuery *query = data;

  g_free ((char *)query->search);
  g_free (query);
}

static CobroInvoiceQuery *
query_new (const char *search, CobroInvoiceFilter filter, CobroInvoiceSort sort, gboolean descending)
{
  CobroInvoiceQuery *query = g_new0 (CobroInvoiceQuery, 1);

  *query = (CobroInvoiceQuery){ .search = g_strdup (search), .filter = filter, .sort = sort, .descending = descending };
  return query;
}

static CobroInvoiceQuery *
query_new_all (void)
{
  return query_new ("", COBRO_INVOICE_FILTER_ALL, COBRO_INVOICE_SORT_CREATED, TRUE);
}

CobroRowList *
cobro_invoices_list (CobroInvoices *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICES (self), NULL);

  return cobro_row_list_new (self, query_new_all (), query_free);
}

CobroRowList *
cobro_invoices_list_of_customer (CobroInvoices *self, const CobroId *customer_id)
{
  CobroInvoiceQuery *query = query_new_all ();

  g_return_val_if_fail (COBRO_IS_INVOICES (self), NULL);

  query->customer_id = *customer_id;
  return cobro_row_list_new (self, query, query_free);
}

void
cobro_invoices_ask (CobroInvoices *self, CobroRowList *list, const char *search, CobroInvoiceFilter filter,
                    CobroInvoiceSort sort, gboolean descending)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_row_list_set_query (list, query_new (search, filter, sort, descending));
}

/* ── Writing ── */

static GTask *
task_new (CobroInvoices *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, cobro_invoices_finish);
  return task;
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CobroRowSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_finish (COBRO_STORE (source), result, &error);
  g_autoptr (CobroInvoiceItem) credit_note = NULL;
  CobroInvoiceItem *item = NULL;

  if (!change)
    return g_task_return_error (task, error);

  COBRO_INVOICES (self)->any = TRUE;
  if (change->record)
    item = cobro_row_source_dup_filled (self, change->record);
  if (change->credit_note) /* whoever holds it sees it */
    credit_note = cobro_row_source_dup_filled (self, change->credit_note);
  g_task_return_pointer (task, item, item ? g_object_unref : NULL);
}

CobroInvoiceItem *
cobro_invoices_finish (CobroInvoices *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cobro_invoices_put_async (CobroInvoices *self, const CobroInvoice *invoice, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_put_async (store_of (self), invoice, cancellable, on_written_cb,
                                 task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_issue_async (CobroInvoices *self, const CobroInvoice *draft, CobroCustomer *new_customer, gboolean send,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CobroInvoiceIssue issue = { .customer = new_customer, .send = send };

  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_issue_async (store_of (self), draft, &issue, cancellable, on_written_cb,
                                   task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_duplicate_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_duplicate_async (store_of (self), id, cancellable, on_written_cb,
                                       task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_void_async (CobroInvoices *self, const CobroId *id, const char *reason, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_void_async (store_of (self), id, reason, cancellable, on_written_cb,
                                  task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_send_async (CobroInvoices *self, const CobroId *id, const char *to, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_send_async (store_of (self), id, to, cancellable, on_written_cb,
                                  task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_remind_async (CobroInvoices *self, const CobroId *id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_remind_async (store_of (self), id, cancellable, on_written_cb,
                                    task_new (self, cancellable, callback, user_data));
}

void
cobro_invoices_record_async (CobroInvoices *self, const CobroRecord *record, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (COBRO_IS_INVOICES (self));

  cobro_invoice_store_record_async (store_of (self), record, cancellable, on_written_cb,
                                    task_new (self, cancellable, callback, user_data));
}

/* ── What nobody waits for, and taking back ── */

typedef struct
{
  CobroInvoices *invoices; /* not owned: the undo list goes before it */
  CobroInvoice *before;
  gboolean was_deleted;
} TakeBack;

static void
take_back_free (gpointer data)
{
  TakeBack *step = data;

  cobro_invoice_unref (step->before);
  g_free (step);
}

static void
say_failed (CobroInvoices *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
on_quietly_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInvoices) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_finish (COBRO_STORE (source), result, &error);

  if (!change)
    say_failed (self, error);
  else if (change->record)
    g_object_unref (cobro_row_source_dup_filled (COBRO_ROW_SOURCE (self), change->record));
}

static void
take_back (gpointer data)
{
  TakeBack *step = data;
  CobroInvoices *self = step->invoices;

  if (step->was_deleted)
    cobro_invoice_store_put_async (store_of (self), step->before, self->cancellable, on_quietly_written_cb,
                                   g_object_ref (self));
  else
    cobro_invoice_store_decide_async (store_of (self), &step->before->id, step->before->decision, self->cancellable,
                                      on_quietly_written_cb, g_object_ref (self));
}

typedef struct
{
  CobroInvoices *invoices;
  char *done_text;
} Undoable;

static void
on_undoably_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Undoable *undoable = user_data;
  g_autoptr (CobroInvoices) self = undoable->invoices;
  g_autofree char *done_text = undoable->done_text;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_finish (COBRO_STORE (source), result, &error);
  TakeBack *step;

  if (!change)
    return say_failed (self, error);
  if (change->record)
    g_object_unref (cobro_row_source_dup_filled (COBRO_ROW_SOURCE (self), change->record));
  if (!change->before || !self->undo)
    return;

  step = g_new0 (TakeBack, 1);
  *step =
    (TakeBack){ .invoices = self, .before = cobro_invoice_ref (change->before), .was_deleted = change->record == NULL };
  cobro_undo_push (self->undo, done_text, take_back, step, take_back_free);
}

/* Ids that come back from actions and notifications are checked like any text from outside. */
static gboolean
read_id (CobroInvoices *self, const char *text, CobroId *out_id)
{
  g_autoptr (GError) error = NULL;

  if (cobro_id_parse (COBRO_ID_INVOICE, text, out_id, &error))
    return TRUE;

  say_failed (self, error);
  return FALSE;
}

static Undoable *
undoable_new (CobroInvoices *self, const char *done_text)
{
  Undoable *undoable = g_new0 (Undoable, 1);

  *undoable = (Undoable){ .invoices = g_object_ref (self), .done_text = g_strdup (done_text) };
  return undoable;
}

void
cobro_invoices_discard (CobroInvoices *self, const char *text, const char *done_text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  if (read_id (self, text, &id))
    cobro_invoice_store_delete_async (store_of (self), &id, self->cancellable, on_undoably_written_cb,
                                      undoable_new (self, done_text));
}

void
cobro_invoices_decide (CobroInvoices *self, const char *text, CobroInvoiceDecision decision, const char *done_text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  if (read_id (self, text, &id))
    cobro_invoice_store_decide_async (store_of (self), &id, decision, self->cancellable, on_undoably_written_cb,
                                      undoable_new (self, done_text));
}

void
cobro_invoices_replace_token (CobroInvoices *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  if (read_id (self, text, &id))
    cobro_invoice_store_replace_token_async (store_of (self), &id, self->cancellable, on_quietly_written_cb,
                                             g_object_ref (self));
}

void
cobro_invoices_renumber (CobroInvoices *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  if (read_id (self, text, &id))
    cobro_invoice_store_renumber_async (store_of (self), &id, self->cancellable, on_quietly_written_cb,
                                        g_object_ref (self));
}

void
cobro_invoices_mark_seen (CobroInvoices *self, const char *text)
{
  CobroId id;

  g_return_if_fail (COBRO_IS_INVOICES (self));

  if (read_id (self, text, &id))
    cobro_invoice_store_mark_seen_async (store_of (self), &id, self->cancellable, on_quietly_written_cb,
                                         g_object_ref (self));
}
