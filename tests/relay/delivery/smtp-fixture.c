/* tests/relay/delivery/smtp-fixture.c — starting and reading smtp_sink.py.
 * Layer: tests. */
#include "smtp-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

void
sink_free (Sink *sink)
{
  g_subprocess_force_exit (sink->process);
  g_thread_join (sink->reader);
  g_async_queue_unref (sink->mails);
  g_object_unref (sink->process);
  g_remove (sink->certificate);
  g_rmdir (sink->folder);
  g_free (sink->folder);
  g_free (sink->certificate);
  g_free (sink->url);
  g_free (sink);
}

static gpointer
read_lines (gpointer data)
{
  Sink *sink = data;
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (sink->process));
  char *line;

  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL)) != NULL)
    g_async_queue_push (sink->mails, line);
  g_async_queue_push (sink->mails, g_strdup (""));
  return NULL;
}

Sink *
sink_new (const char *how, const char *scheme, const char *host)
{
  Sink *sink = g_new0 (Sink, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_auto (GStrv) options = g_strsplit (how, " ", -1);
  g_autofree char *first = NULL;

  sink->folder = g_dir_make_tmp ("cobro-smtp-XXXXXX", &error);
  g_assert_no_error (error);
  sink->certificate = g_build_filename (sink->folder, "ca.pem", NULL);
  g_ptr_array_add (argv, (char *)"/usr/bin/python3");
  g_ptr_array_add (argv, (char *)g_getenv ("COBRO_SMTP_SINK"));
  g_ptr_array_add (argv, (char *)"--certificate");
  g_ptr_array_add (argv, sink->certificate);
  for (guint i = 0; options[i] != NULL; i++)
    if (*options[i] != '\0')
      g_ptr_array_add (argv, options[i]);
  g_ptr_array_add (argv, NULL);
  sink->process = g_subprocess_newv ((const char *const *)argv->pdata,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  sink->mails = g_async_queue_new_full (g_free);
  sink->reader = g_thread_new ("sink", read_lines, sink);
  first = sink_next (sink);
  g_assert_true (g_str_has_prefix (first, "PORT "));
  sink->url = g_strdup_printf ("%s://%s:%s", scheme, host, first + strlen ("PORT "));
  return sink;
}

char *
sink_next (Sink *sink)
{
  char *line = g_async_queue_timeout_pop (sink->mails, 30 * G_USEC_PER_SEC);

  g_assert_nonnull (line);
  g_assert_cmpstr (line, !=, "");
  return line;
}

void
sink_kill (Sink *sink)
{
  g_subprocess_force_exit (sink->process);
  g_subprocess_wait (sink->process, NULL, NULL);
}
