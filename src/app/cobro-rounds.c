/* src/app/cobro-rounds.c — the businesses that are not open are heard of too.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-rounds.h"

#include "cobro-error.h"

#define FIRST_SECONDS 15  /* after the start, which has enough to do */
#define ROUND_SECONDS 300 /* from one round to the next */
#define LOOK_MS       250 /* how often a visit is looked at */
#define LOOKS_MAX     240 /* a visit takes no longer, whatever its relay does */

struct _CobroRounds
{
  GObject parent_instance;
  CobroBookshelf *bookshelf;
  GPtrArray *left;     /* (element-type utf8) whom this round has still to visit */
  GHashTable *put_off; /* (element-type utf8) whose books or key are not to be had until somebody acts */
  guint first_id, round_id;

  /* The visit. */
  gboolean visiting; /* from when the books are being opened until they are closed */
  char *id;
  CobroContext *context; /* NULL while they open and close */
  guint look_id, looks;

  gboolean resting;
  GTask *rest; /* waits until the visit has ended */
};

G_DEFINE_FINAL_TYPE (CobroRounds, cobro_rounds, G_TYPE_OBJECT)

enum
{
  PAID,
  NEWS,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void visit_next (CobroRounds *self);

/* ── A visit ── */

static void
end_visit (CobroRounds *self)
{
  g_autoptr (GTask) rest = g_steal_pointer (&self->rest);

  self->visiting = FALSE;
  g_clear_pointer (&self->id, g_free);
  if (rest)
    g_task_return_boolean (rest, TRUE);
  else
    visit_next (self);
}

static void
on_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRounds) self = user_data;

  cobro_context_close_finish (result);
  end_visit (self);
}

static void
leave (CobroRounds *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->context->links, self);
  g_signal_handlers_disconnect_by_data (self->context->attention, self);
  cobro_context_close_async (g_steal_pointer (&self->context), on_closed_cb, g_object_ref (self));
}

/* Somebody must unlock the keyring or pair anew: asking every few minutes would only be in their way. */
static gboolean
needs_somebody (CobroConnectionState state)
{
  return state == COBRO_CONNECTION_LOCKED || state == COBRO_CONNECTION_REFUSED;
}

/* Whether the relay has everything and we have everything of it; or it cannot be had now. */
static gboolean
is_done (CobroRounds *self)
{
  CobroConnectionState state = cobro_connection_get_state (self->context->connection);

  if (needs_somebody (state))
    g_hash_table_add (self->put_off, g_strdup (self->id));
  return needs_somebody (state) || state == COBRO_CONNECTION_OFFLINE || state == COBRO_CONNECTION_NONE ||
         cobro_sync_engine_get_last_complete (self->context->engine) != 0;
}

static gboolean
on_look_cb (gpointer data)
{
  CobroRounds *self = data;

  self->looks++;
  if (self->looks < LOOKS_MAX && !(is_done (self) && cobro_attention_is_settled (self->context->attention)))
    return G_SOURCE_CONTINUE;

  self->look_id = 0;
  leave (self);
  return G_SOURCE_REMOVE;
}

static void
on_paid_cb (CobroLinks *links, CobroPayment *payment, CobroRounds *self)
{
  g_signal_emit (self, signals[PAID], 0, self->id, links, payment);
}

static void
on_news_cb (CobroAttention *attention, GPtrArray *matters, CobroRounds *self)
{
  g_signal_emit (self, signals[NEWS], 0, self->id, self->context->links, matters);
}

/* A practice relay runs for the books that are open, and for no others. */
static gboolean
is_to_be_asked (CobroConnection *connection)
{
  return *cobro_connection_get_address (connection) && !cobro_connection_is_practice (connection) &&
         !cobro_connection_is_sample (connection);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroRounds) self = user_data;
  g_autoptr (GError) error = NULL;

  self->context = cobro_context_open_finish (result, &error);
  if (!self->context)
    {
      /* Another Cobro that has them open hears of everything itself. */
      if (!g_error_matches (error, COBRO_ERROR, COBRO_ERROR_BUSY))
        g_hash_table_add (self->put_off, g_strdup (self->id));
      return end_visit (self);
    }
  if (self->resting || !is_to_be_asked (self->context->connection))
    return leave (self);

  self->looks = 0;
  self->look_id = g_timeout_add (LOOK_MS, on_look_cb, self);
  g_signal_connect (self->context->links, "paid", G_CALLBACK (on_paid_cb), self);
  g_signal_connect (self->context->attention, "news", G_CALLBACK (on_news_cb), self);
  cobro_connection_resume (self->context->connection);
}

/* ── A round ── */

/* Books that are not there are not begun. */
static gboolean
may_visit (CobroRounds *self, const char *id)
{
  const char *folder = cobro_bookshelf_get_folder (self->bookshelf, id);
  g_autofree char *books = folder ? cobro_context_dup_books (folder) : NULL;

  return books && !g_str_equal (id, COBRO_BOOKSHELF_SAMPLE) && !g_hash_table_contains (self->put_off, id) &&
         !g_str_equal (id, cobro_bookshelf_get_current (self->bookshelf)) &&
         g_file_test (books, G_FILE_TEST_IS_REGULAR);
}

static void
visit_next (CobroRounds *self)
{
  while (!self->visiting && !self->resting && self->left->len > 0)
    {
      g_autofree char *id = g_ptr_array_steal_index (self->left, 0);

      if (!may_visit (self, id))
        continue;
      self->visiting = TRUE;
      self->id = g_steal_pointer (&id);
      cobro_context_open_async (cobro_bookshelf_get_folder (self->bookshelf, self->id), on_opened_cb,
                                g_object_ref (self));
    }
}

static void
begin_round (CobroRounds *self)
{
  g_ptr_array_set_size (self->left, 0);
  for (guint i = 0; i < cobro_bookshelf_get_n (self->bookshelf); i++)
    g_ptr_array_add (self->left, g_strdup (cobro_bookshelf_get_id (self->bookshelf, i)));
  visit_next (self);
}

static gboolean
on_first_cb (gpointer data)
{
  CobroRounds *self = data;

  self->first_id = 0;
  begin_round (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_round_cb (gpointer data)
{
  begin_round (data);
  return G_SOURCE_CONTINUE;
}

void
cobro_rounds_begin (CobroRounds *self)
{
  g_return_if_fail (COBRO_IS_ROUNDS (self));

  if (self->round_id)
    return;
  self->first_id = g_timeout_add_seconds (FIRST_SECONDS, on_first_cb, self);
  self->round_id = g_timeout_add_seconds (ROUND_SECONDS, on_round_cb, self);
}

void
cobro_rounds_now (CobroRounds *self)
{
  g_return_if_fail (COBRO_IS_ROUNDS (self));

  g_hash_table_remove_all (self->put_off);
  begin_round (self);
}

void
cobro_rounds_rest_async (CobroRounds *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (COBRO_IS_ROUNDS (self) && !self->rest);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cobro_rounds_rest_async);
  self->resting = TRUE;
  if (!self->visiting)
    return g_task_return_boolean (task, TRUE);

  self->rest = g_steal_pointer (&task);
  if (self->context)
    leave (self);
}

void
cobro_rounds_rest_finish (CobroRounds *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

void
cobro_rounds_go_on (CobroRounds *self)
{
  g_return_if_fail (COBRO_IS_ROUNDS (self));

  self->resting = FALSE;
  g_hash_table_remove_all (self->put_off); /* what was open may be another now, and mended */
  visit_next (self);
}

/* ── The object ── */

/* What waits to be uploaded waits in the books; what came is in them. */
static void
cobro_rounds_dispose (GObject *object)
{
  CobroRounds *self = COBRO_ROUNDS (object);

  self->resting = TRUE;
  g_clear_handle_id (&self->first_id, g_source_remove);
  g_clear_handle_id (&self->round_id, g_source_remove);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_pointer (&self->context, cobro_context_free);
  G_OBJECT_CLASS (cobro_rounds_parent_class)->dispose (object);
}

static void
cobro_rounds_finalize (GObject *object)
{
  CobroRounds *self = COBRO_ROUNDS (object);

  g_ptr_array_unref (self->left);
  g_hash_table_unref (self->put_off);
  g_object_unref (self->bookshelf);
  g_free (self->id);
  G_OBJECT_CLASS (cobro_rounds_parent_class)->finalize (object);
}

static void
cobro_rounds_class_init (CobroRoundsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cobro_rounds_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_rounds_finalize;
  signals[PAID] = g_signal_new ("paid", COBRO_TYPE_ROUNDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                G_TYPE_STRING, COBRO_TYPE_LINKS, G_TYPE_POINTER);
  signals[NEWS] = g_signal_new ("news", COBRO_TYPE_ROUNDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                G_TYPE_STRING, COBRO_TYPE_LINKS, G_TYPE_PTR_ARRAY);
}

static void
cobro_rounds_init (CobroRounds *self)
{
  self->left = g_ptr_array_new_with_free_func (g_free);
  self->put_off = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CobroRounds *
cobro_rounds_new (CobroBookshelf *bookshelf)
{
  CobroRounds *self = g_object_new (COBRO_TYPE_ROUNDS, NULL);

  self->bookshelf = g_object_ref (bookshelf);
  return self;
}
