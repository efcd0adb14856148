/* tests/support/cobro-test-postgres.c — see cobro-test-postgres.h.
 * Layer: tests. */
#include "cobro-test-postgres.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

static GSubprocess *helper; /* reads commands until its input ends: with this process at the latest */
static GDataInputStream *answers;

/* The helper drops what it made, and goes. */
static void
end_helper (void)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (helper), NULL, NULL);
  g_subprocess_wait (helper, NULL, NULL);
  g_clear_object (&answers);
  g_clear_object (&helper);
}

static void
start_helper (void)
{
  g_autofree char *script = g_build_filename (COBRO_TEST_SUPPORT, "postgres.py", NULL);
  g_autoptr (GError) error = NULL;

  helper = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/usr/bin/python3",
                             script, "serve", NULL);
  g_assert_no_error (error);
  answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (helper));
  atexit (end_helper);
}

/* (transfer full) the answer to one command; the test fails when it is an error. */
static char *
ask (const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command = NULL;
  char *answer;
  va_list arguments;

  if (helper == NULL)
    start_helper ();
  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (helper), command, strlen (command), NULL, NULL, &error);
  g_assert_no_error (error);
  answer = g_data_input_stream_read_line (answers, NULL, NULL, &error);
  g_assert_no_error (error);
  if (answer == NULL || g_str_has_prefix (answer, "error: "))
    g_error ("PostgreSQL for tests: %s: %s", command, answer != NULL ? answer : "no answer");
  return answer;
}

char *
cobro_test_postgres_database (void)
{
  return ask ("database\n");
}

void
cobro_test_postgres_drop (const char *uri)
{
  g_free (ask ("drop %s\n", uri));
}

char *
cobro_test_postgres_own (const char *setting)
{
  return ask ("own %s\n", setting != NULL ? setting : "");
}

void
cobro_test_postgres_stop (const char *mode)
{
  g_free (ask ("stop %s\n", mode));
}

void
cobro_test_postgres_start (void)
{
  g_free (ask ("start\n"));
}
