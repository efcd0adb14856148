/* src/model/cobro-practice.c — practice mode: one subprocess and what it prints.
 * Layer: model. Main thread. */
#include "cobro-practice.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "cobro-error.h"

/* A relay that has said nothing for this long is not going to. */
#define START_TIMEOUT_SECONDS 20
/* What it said last, for the error message. */
#define LAST_WORDS_MAX        400
/* It ends within moments of being asked; one that does not is ended. */
#define STOP_TIMEOUT_SECONDS  10

struct _CobroPractice
{
  GObject parent_instance;
  char *program;
  char *data;
  GSubprocess *process;
  GDataInputStream *output;
  GString *last_words;
  char *address;
  char *code;
  guint16 port;
  gboolean ready;
  GTask *starting; /* waits for "ready:" */
  guint timeout_id;
};

G_DEFINE_FINAL_TYPE (CobroPractice, cobro_practice, G_TYPE_OBJECT)

enum
{
  STOPPED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void read_line (CobroPractice *self);

static void
forget_process (CobroPractice *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->process);
  g_clear_object (&self->output);
  self->ready = FALSE;
}

static void
cobro_practice_dispose (GObject *object)
{
  CobroPractice *self = COBRO_PRACTICE (object);

  cobro_practice_stop (self);
  forget_process (self);
  g_clear_object (&self->starting);
  G_OBJECT_CLASS (cobro_practice_parent_class)->dispose (object);
}

static void
cobro_practice_finalize (GObject *object)
{
  CobroPractice *self = COBRO_PRACTICE (object);

  g_free (self->program);
  g_free (self->data);
  g_free (self->address);
  g_free (self->code);
  g_string_free (self->last_words, TRUE);
  G_OBJECT_CLASS (cobro_practice_parent_class)->finalize (object);
}

static void
cobro_practice_class_init (CobroPracticeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_practice_dispose;
  object_class->finalize = cobro_practice_finalize;

  /* CobroPractice::stopped: it ended after it had served: by itself, or because it was told to. */
  signals[STOPPED] =
    g_signal_new ("stopped", COBRO_TYPE_PRACTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_practice_init (CobroPractice *self)
{
  self->address = g_strdup ("");
  self->code = g_strdup ("");
  self->last_words = g_string_new (NULL);
}

CobroPractice *
cobro_practice_new (const char *program, const char *data)
{
  CobroPractice *self = g_object_new (COBRO_TYPE_PRACTICE, NULL);

  self->program = g_strdup (program);
  self->data = g_strdup (data);
  return self;
}

static void
fail_start (CobroPractice *self, const char *reason)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->starting);
  g_autofree char *words = g_strstrip (g_strdup (self->last_words->str));

  cobro_practice_stop (self);
  if (task)
    g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE, "%s%s%s", reason, *words ? ": " : "", words);
}

static gboolean
on_start_timed_out_cb (gpointer data)
{
  CobroPractice *self = data;

  self->timeout_id = 0;
  fail_start (self, "the practice relay did not become ready");
  return G_SOURCE_REMOVE;
}

static gboolean
keep_word (char **field, const char *line, const char *key)
{
  if (!g_str_has_prefix (line, key))
    return FALSE;

  g_free (*field);
  *field = g_strstrip (g_strdup (line + strlen (key)));
  return TRUE;
}

static void
take_line (CobroPractice *self, const char *line)
{
  if (keep_word (&self->code, line, "pair:") || g_str_has_prefix (line, "pair link:") ||
      g_str_has_prefix (line, "api key:") || g_str_has_prefix (line, "link:"))
    return;
  if (!keep_word (&self->address, line, "ready:"))
    {
      if (self->last_words->len < LAST_WORDS_MAX)
        g_string_append_printf (self->last_words, "%s\n", line);
      return;
    }

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->ready = TRUE;
  if (self->starting)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->starting);
      g_autoptr (GUri) uri = g_uri_parse (self->address, G_URI_FLAGS_NONE, NULL);

      if (uri && g_uri_get_port (uri) > 0)
        self->port = (guint16)g_uri_get_port (uri);
      g_task_return_boolean (task, TRUE);
    }
}

static void
on_line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroPractice) self = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (self->output != G_DATA_INPUT_STREAM (source))
    return;

  if (line)
    {
      take_line (self, line);
      read_line (self);
    }
  else if (self->starting)
    fail_start (self, "the practice relay ended");
  else
    {
      forget_process (self);
      g_signal_emit (self, signals[STOPPED], 0);
    }
}

static void
read_line (CobroPractice *self)
{
  if (self->output)
    g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, NULL, on_line_read_cb, g_object_ref (self));
}

/* Runs in the child, between fork and exec: the relay must not outlive a window that was killed. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static GSubprocess *
spawn (CobroPractice *self, guint16 port, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *listen = g_strdup_printf ("127.0.0.1:%u", port);

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawn (launcher, error, self->program, "demo", "--data", self->data, "--listen", listen,
                                      NULL);
}

void
cobro_practice_start_async (CobroPractice *self, guint16 port, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (COBRO_IS_PRACTICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cobro_practice_start_async);
  if (self->ready)
    return g_task_return_boolean (task, TRUE);
  if (self->starting)
    return g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_BUSY, "the practice relay is starting already");
  if (g_mkdir_with_parents (self->data, 0700) != 0)
    return g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_IO, "cannot make the folder “%s”: %s", self->data,
                                    g_strerror (errno));

  g_string_truncate (self->last_words, 0);
  self->process = spawn (self, port, &error);
  if (!self->process)
    return g_task_return_new_error (task, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE, "cannot start “%s”: %s", self->program,
                                    error->message);

  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->starting = g_steal_pointer (&task);
  self->timeout_id = g_timeout_add_seconds (START_TIMEOUT_SECONDS, on_start_timed_out_cb, self);
  read_line (self);
}

gboolean
cobro_practice_start_finish (CobroPractice *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cobro_practice_stop (CobroPractice *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (COBRO_IS_PRACTICE (self));

  task = g_steal_pointer (&self->starting);
  if (self->process)
    g_subprocess_send_signal (self->process, SIGTERM);
  forget_process (self);
  if (task)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the practice relay was stopped");
}

typedef struct
{
  GSubprocess *process;
  guint timeout_id;
} Stopping;

static void
stopping_free (gpointer data)
{
  Stopping *stopping = data;

  g_clear_handle_id (&stopping->timeout_id, g_source_remove);
  g_object_unref (stopping->process);
  g_free (stopping);
}

static gboolean
on_stop_timed_out_cb (gpointer data)
{
  Stopping *stopping = data;

  stopping->timeout_id = 0;
  g_subprocess_force_exit (stopping->process);
  return G_SOURCE_REMOVE;
}

static void
on_process_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

void
cobro_practice_stop_async (CobroPractice *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Stopping *stopping;

  g_return_if_fail (COBRO_IS_PRACTICE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cobro_practice_stop_async);
  if (!self->process)
    return g_task_return_boolean (task, TRUE);

  stopping = g_new0 (Stopping, 1);
  stopping->process = g_object_ref (self->process);
  stopping->timeout_id = g_timeout_add_seconds (STOP_TIMEOUT_SECONDS, on_stop_timed_out_cb, stopping);
  g_task_set_task_data (task, stopping, stopping_free);
  cobro_practice_stop (self);
  g_subprocess_wait_async (stopping->process, NULL, on_process_ended_cb, g_steal_pointer (&task));
}

void
cobro_practice_stop_finish (CobroPractice *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}

gboolean
cobro_practice_is_running (CobroPractice *self)
{
  g_return_val_if_fail (COBRO_IS_PRACTICE (self), FALSE);

  return self->ready;
}

const char *
cobro_practice_get_address (CobroPractice *self)
{
  g_return_val_if_fail (COBRO_IS_PRACTICE (self), "");

  return self->address;
}

const char *
cobro_practice_get_code (CobroPractice *self)
{
  g_return_val_if_fail (COBRO_IS_PRACTICE (self), "");

  return self->code;
}

guint16
cobro_practice_get_port (CobroPractice *self)
{
  g_return_val_if_fail (COBRO_IS_PRACTICE (self), 0);

  return self->port;
}
