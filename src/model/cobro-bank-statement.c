/* src/model/cobro-bank-statement.c — an account statement that was opened.
 * Layer: model. Main thread, except read_thread() and match_thread(). */
#include "cobro-bank-statement.h"

#include "cobro-bank-store.h"

#define NOTE_MAX 200 /* of a recorded payment */

struct _CobroBankStatement
{
  GObject parent_instance;
  CobroStore *store;
  GWeakRef undo; /* whose steps keep this */
  GCancellable *cancellable;
  CobroBankFile *file;
  GPtrArray *lines;   /* (element-type CobroBankLine) of the file, but for those of days to come */
  GPtrArray *names;   /* cobro_bank_line_names() */
  GPtrArray *targets; /* what is open */
  GPtrArray *matches; /* (element-type CobroBankMatch) */
  GHashTable *chosen; /* (element-type guint utf8) line → id of the link that somebody chose */
  GPtrArray *choices; /* (element-type CobroBankProposal) (nullable elements) by line */
  guint n_pending;
  gboolean busy, again; /* the books are being read; they have changed meanwhile */
};

G_DEFINE_FINAL_TYPE (CobroBankStatement, cobro_bank_statement, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
say_failed (CobroBankStatement *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
proposal_free (gpointer proposal)
{
  if (proposal)
    cobro_bank_proposal_free (proposal);
}

/* ── Holding it against the books ── */

/* What the matching thread works with; nobody changes any of it meanwhile. */
typedef struct
{
  GPtrArray *lines;
  CobroBankBooks *books;
} Matching;

static void
matching_free (gpointer data)
{
  Matching *matching = data;

  g_ptr_array_unref (matching->lines);
  cobro_bank_books_free (matching->books);
  g_free (matching);
}

static gpointer
match_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Matching *matching = g_task_get_task_data (task);

  g_task_return_pointer (
    task, cobro_bank_match (matching->lines, (const guint8 *)matching->books->known->data, matching->books->targets),
    (GDestroyNotify)g_ptr_array_unref);
  return NULL;
}

static gboolean
find_target (CobroBankStatement *self, const char *link_id, guint *out_target)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (g_str_equal (((CobroBankTarget *)self->targets->pdata[i])->link_id.text, link_id))
      {
        *out_target = i;
        return TRUE;
      }
  return FALSE;
}

/* What was chosen is chosen still, if it is still open. */
static void
restore_choices (CobroBankStatement *self)
{
  GHashTableIter each;
  gpointer index, link_id;

  g_clear_pointer (&self->choices, g_ptr_array_unref);
  self->choices = g_ptr_array_new_full (self->lines->len, proposal_free);
  g_ptr_array_set_size (self->choices, (gint)self->lines->len);
  g_hash_table_iter_init (&each, self->chosen);
  while (g_hash_table_iter_next (&each, &index, &link_id))
    {
      guint line = GPOINTER_TO_UINT (index), target;

      if (find_target (self, link_id, &target))
        self->choices->pdata[line] = cobro_bank_propose (self->lines->pdata[line], self->targets, target);
    }
}

static void load_books (CobroBankStatement *self, GTask *take_opening);

static void
fail (CobroBankStatement *self, GTask *opening, GError *take_error)
{
  g_autoptr (GError) error = take_error;

  self->busy = FALSE;
  if (opening)
    g_task_return_error (opening, g_steal_pointer (&error));
  else
    say_failed (self, error);
}

static void
on_matched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroBankStatement *self = COBRO_BANK_STATEMENT (source);
  g_autoptr (GTask) opening = user_data;
  GError *error = NULL;
  GPtrArray *matches = g_task_propagate_pointer (G_TASK (result), &error);
  const Matching *matching = g_task_get_task_data (G_TASK (result));

  if (!matches)
    return fail (self, opening, error);
  self->busy = FALSE;
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->matches = matches;
  self->targets = g_ptr_array_ref (matching->books->targets);
  restore_choices (self);
  if (opening)
    g_task_return_boolean (opening, TRUE);
  g_signal_emit (self, signals[CHANGED], 0);
  if (self->again && !self->busy)
    load_books (self, NULL);
}

/* Who waits for the first time that it is done. */
typedef struct
{
  CobroBankStatement *statement;
  GTask *opening; /* (nullable) */
} Loading;

static void
on_books_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (CobroBankStatement) self = loading->statement;
  g_autoptr (GTask) opening = loading->opening;
  GError *error = NULL;
  CobroBankBooks *books = cobro_bank_store_load_finish (COBRO_STORE (source), result, &error);
  Matching *matching;
  GTask *task;

  if (!books)
    return fail (self, opening, error);
  matching = g_new (Matching, 1);
  *matching = (Matching){ g_ptr_array_ref (self->lines), books };
  task = g_task_new (self, self->cancellable, on_matched_cb, g_steal_pointer (&opening));
  g_task_set_source_tag (task, on_books_loaded_cb);
  g_task_set_task_data (task, matching, matching_free);
  g_thread_unref (g_thread_new ("match", match_thread, task));
}

static void
load_books (CobroBankStatement *self, GTask *take_opening)
{
  Loading *loading = g_new (Loading, 1);

  *loading = (Loading){ g_object_ref (self), take_opening };
  self->busy = TRUE;
  self->again = FALSE;
  cobro_bank_store_load_async (self->store, self->lines, self->names, self->cancellable, on_books_loaded_cb, loading);
}

/* Soon: what is ignored changes nothing that the store tells of. */
static void
reload (CobroBankStatement *self)
{
  self->again = self->busy;
  if (!self->busy && self->store)
    load_books (self, NULL);
}

static void
on_store_changed_cb (CobroBankStatement *self, const CobroStoreChange *change)
{
  if (change->kinds & (COBRO_STORE_LINKS | COBRO_STORE_INVOICES | COBRO_STORE_PAYMENTS))
    reload (self);
}

/* ── Opening ── */

/* What the reading thread works with. */
typedef struct
{
  CobroBankStatement *statement; /* not touched by the thread */
  CobroBankSetup setup;
  CobroDay today;
  GBytes *bytes;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_object (&opening->statement);
  g_clear_pointer (&opening->bytes, g_bytes_unref);
  g_free (opening);
}

static gpointer
read_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  const Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  CobroBankFile *file = cobro_bank_read (opening->bytes, &opening->setup, &error);

  if (file)
    g_task_return_pointer (task, file, (GDestroyNotify)cobro_bank_file_free);
  else
    g_task_return_error (task, error);
  return NULL;
}

/* What the bank expects for tomorrow has not come. */
static void
take_file (CobroBankStatement *self, CobroBankFile *take_file, CobroDay today)
{
  CobroBankFile *file = take_file;
  CobroDay day;

  self->file = file;
  self->n_pending = file->n_pending;
  self->lines = g_ptr_array_new ();
  for (guint i = 0; i < file->lines->len; i++)
    if (cobro_day_from_text (((CobroBankLine *)file->lines->pdata[i])->date, &day, NULL) && day > today)
      self->n_pending++;
    else
      g_ptr_array_add (self->lines, file->lines->pdata[i]);
  self->names = cobro_bank_line_names (self->lines);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Opening *opening = g_task_get_task_data (task);
  CobroBankStatement *self = opening->statement;
  GError *error = NULL;
  CobroBankFile *file = g_task_propagate_pointer (G_TASK (result), &error);

  if (!file)
    return g_task_return_error (task, error);
  take_file (self, file, opening->today);
  if (*file->unclear)
    return g_task_return_boolean (task, TRUE);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_store_changed_cb), self, G_CONNECT_SWAPPED);
  load_books (self, g_steal_pointer (&task));
}

static void
on_bytes_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  GTask *reading;
  Opening *copy;

  opening->bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
  if (!opening->bytes)
    return g_task_return_error (task, error);
  copy = g_new0 (Opening, 1);
  *copy = (Opening){ .setup = opening->setup, .bytes = g_bytes_ref (opening->bytes) };
  reading = g_task_new (NULL, g_task_get_cancellable (task), on_read_cb, g_object_ref (task));
  g_task_set_source_tag (reading, on_bytes_loaded_cb);
  g_task_set_task_data (reading, copy, opening_free);
  g_thread_unref (g_thread_new ("statement", read_thread, reading));
}

void
cobro_bank_statement_open_async (CobroPayments *payments, CobroBusiness *business, CobroUndo *undo, GFile *file,
                                 CobroBankOrder order, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CobroStore *store = cobro_row_source_get_store (COBRO_ROW_SOURCE (payments));
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  *opening = (Opening){ .statement = g_object_new (COBRO_TYPE_BANK_STATEMENT, NULL),
                        .setup = { .order = order },
                        .today = cobro_store_today (store) };
  opening->statement->store = g_object_ref (store);
  g_weak_ref_set (&opening->statement->undo, undo);
  if (!cobro_currency_from_code (cobro_business_get_merchant (business)->currency, &opening->setup.currency, NULL))
    opening->setup.currency = COBRO_CURRENCY_NONE;
  g_task_set_source_tag (task, cobro_bank_statement_open_async);
  g_task_set_task_data (task, opening, opening_free);
  g_file_load_bytes_async (file, cancellable, on_bytes_loaded_cb, task);
}

CobroBankStatement *
cobro_bank_statement_open_finish (GAsyncResult *result, GError **error)
{
  const Opening *opening = g_task_get_task_data (G_TASK (result));

  return g_task_propagate_boolean (G_TASK (result), error) ? g_object_ref (opening->statement) : NULL;
}

/* ── Entries ── */

const char *
cobro_bank_statement_get_unclear (CobroBankStatement *self)
{
  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), "");

  return self->file ? self->file->unclear : "";
}

static const CobroBankProposal *
proposal_of (CobroBankStatement *self, guint index)
{
  const CobroBankMatch *match = self->matches->pdata[index];

  if (self->choices->pdata[index])
    return self->choices->pdata[index];
  return match->proposals->len > 0 ? match->proposals->pdata[0] : NULL;
}

GArray *
cobro_bank_statement_list (CobroBankStatement *self, CobroBankVerdict verdict)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (CobroBankEntry));

  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), list);

  for (guint i = 0; self->matches && i < self->matches->len; i++)
    {
      const CobroBankMatch *match = self->matches->pdata[i];
      CobroBankEntry entry = { i, self->lines->pdata[i], match, proposal_of (self, i),
                               self->choices->pdata[i] != NULL };

      if (match->verdict == verdict)
        g_array_append_val (list, entry);
    }
  return list;
}

guint
cobro_bank_statement_count (CobroBankStatement *self, CobroBankVerdict verdict)
{
  guint n = 0;

  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), 0);

  for (guint i = 0; self->matches && i < self->matches->len; i++)
    n += ((CobroBankMatch *)self->matches->pdata[i])->verdict == verdict ? 1 : 0;
  return n;
}

guint
cobro_bank_statement_get_n_pending (CobroBankStatement *self)
{
  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), 0);

  return self->n_pending;
}

GPtrArray *
cobro_bank_statement_get_targets (CobroBankStatement *self)
{
  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), NULL);

  return self->targets;
}

gboolean
cobro_bank_statement_choose (CobroBankStatement *self, guint index, guint target)
{
  CobroBankProposal *proposal;

  g_return_val_if_fail (COBRO_IS_BANK_STATEMENT (self), FALSE);
  g_return_val_if_fail (index < self->lines->len && target < self->targets->len, FALSE);

  proposal = cobro_bank_propose (self->lines->pdata[index], self->targets, target);
  if (!proposal)
    return FALSE;
  proposal_free (self->choices->pdata[index]);
  self->choices->pdata[index] = proposal;
  g_hash_table_insert (self->chosen, GUINT_TO_POINTER (index),
                       g_strdup (((CobroBankTarget *)self->targets->pdata[target])->link_id.text));
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

/* ── Recording ── */

/* What can be taken back. */
typedef struct
{
  CobroBankStatement *statement;
  GPtrArray *records; /* (nullable) */
  char *name;         /* (nullable) of a line that was ignored */
  char *done_text;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->statement);
  g_clear_pointer (&step->records, g_ptr_array_unref);
  g_free (step->name);
  g_free (step->done_text);
  g_free (step);
}

static void
on_taken_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBankStatement) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_store_finish (COBRO_STORE (source), result, &error))
    return say_failed (self, error);
  reload (self);
}

static void
take_back (gpointer data)
{
  Step *step = data;
  CobroBankStatement *self = step->statement;

  if (step->records)
    cobro_bank_store_take_back_async (self->store, step->records, NULL, on_taken_back_cb, g_object_ref (self));
  else
    cobro_bank_store_ignore_async (self->store, step->name, FALSE, NULL, on_taken_back_cb, g_object_ref (self));
}

static void
push_step (Step *take_step)
{
  g_autoptr (CobroUndo) undo = g_weak_ref_get (&take_step->statement->undo);

  if (undo)
    cobro_undo_push (undo, take_step->done_text, take_back, take_step, step_free);
  else
    step_free (take_step);
}

static void
add_records (CobroBankStatement *self, guint index, GPtrArray *records)
{
  const CobroBankLine *line = self->lines->pdata[index];
  const CobroBankProposal *proposal = proposal_of (self, index);
  CobroTime now = cobro_clock_now (cobro_store_get_clock (self->store));

  for (guint i = 0; proposal && i < proposal->shares->len; i++)
    {
      const CobroBankShare *share = &g_array_index (proposal->shares, CobroBankShare, i);
      CobroRecord *record = cobro_record_new ();

      record->id = cobro_bank_line_payment_id (self->names->pdata[index], i, now);
      record->link_id = ((CobroBankTarget *)self->targets->pdata[share->target])->link_id;
      record->amount = share->amount;
      record->how = COBRO_RECORD_BANK;
      g_strlcpy (record->date, line->date, sizeof record->date);
      g_free (record->note);
      record->note = cobro_bank_line_note (line, NOTE_MAX);
      g_ptr_array_add (records, record);
    }
}

static void
on_recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Step *step;
  GPtrArray *written = cobro_bank_store_record_finish (COBRO_STORE (source), result, &error);

  if (!written)
    return g_task_return_error (task, error);
  step = g_new0 (Step, 1);
  *step = (Step){ .statement = g_object_ref (g_task_get_source_object (task)),
                  .records = written,
                  .done_text = g_strdup (g_task_get_task_data (task)) };
  if (written->len > 0)
    push_step (step);
  else
    step_free (step);
  g_task_return_boolean (task, TRUE);
}

void
cobro_bank_statement_accept_async (CobroBankStatement *self, GArray *indexes, const char *done_text,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_record_free);
  GTask *task;

  g_return_if_fail (COBRO_IS_BANK_STATEMENT (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cobro_bank_statement_accept_async);
  g_task_set_task_data (task, g_strdup (done_text), g_free);
  for (guint i = 0; i < indexes->len; i++)
    add_records (self, g_array_index (indexes, guint, i), records);
  cobro_bank_store_record_async (self->store, records, NULL, on_recorded_cb, task);
}

gboolean
cobro_bank_statement_accept_finish (CobroBankStatement *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_ignored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Step *step = user_data;
  CobroBankStatement *self = step->statement;
  g_autoptr (GError) error = NULL;

  if (!cobro_store_finish (COBRO_STORE (source), result, &error))
    {
      say_failed (self, error);
      return step_free (step);
    }
  reload (self);
  push_step (step);
}

void
cobro_bank_statement_ignore (CobroBankStatement *self, guint index, const char *done_text)
{
  Step *step;

  g_return_if_fail (COBRO_IS_BANK_STATEMENT (self));
  g_return_if_fail (index < self->names->len);

  step = g_new0 (Step, 1);
  *step = (Step){ .statement = g_object_ref (self),
                  .name = g_strdup (self->names->pdata[index]),
                  .done_text = g_strdup (done_text) };
  cobro_bank_store_ignore_async (self->store, step->name, TRUE, NULL, on_ignored_cb, step);
}

/* ── The object ── */

static void
cobro_bank_statement_dispose (GObject *object)
{
  CobroBankStatement *self = COBRO_BANK_STATEMENT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_bank_statement_parent_class)->dispose (object);
}

static void
cobro_bank_statement_finalize (GObject *object)
{
  CobroBankStatement *self = COBRO_BANK_STATEMENT (object);

  g_object_unref (self->cancellable);
  g_weak_ref_clear (&self->undo);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_hash_table_unref (self->chosen);
  g_clear_pointer (&self->file, cobro_bank_file_free);
  G_OBJECT_CLASS (cobro_bank_statement_parent_class)->finalize (object);
}

static void
cobro_bank_statement_class_init (CobroBankStatementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_bank_statement_dispose;
  object_class->finalize = cobro_bank_statement_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_BANK_STATEMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", COBRO_TYPE_BANK_STATEMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_bank_statement_init (CobroBankStatement *self)
{
  self->cancellable = g_cancellable_new ();
  g_weak_ref_init (&self->undo, NULL);
  self->chosen = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}
