/* tests/model/test-practice.c — the practice relay as a process: starts, says where it is, ends; or says why it does
 * not. Relays of every kind are played by small shell scripts. Layer: tests. */
#include "cobro-error.h"
#include "model-fixture.h"
#include "cobro-practice.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *program;
  CobroPractice *practice;
} Fixture;

static void
set_up (Fixture *self, gconstpointer script)
{
  g_autofree char *data = NULL;
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", (const char *)script);

  self->folder = g_dir_make_tmp ("cobro-practice-XXXXXX", NULL);
  self->program = g_build_filename (self->folder, "relay", NULL);
  data = g_build_filename (self->folder, "data", NULL);
  g_assert_true (g_file_set_contents_full (self->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  self->practice = cobro_practice_new (self->program, data);
}

static void
tear_down (Fixture *self, gconstpointer script)
{
  g_autofree char *data = g_build_filename (self->folder, "data", NULL);

  g_object_unref (self->practice);
  g_unlink (self->program);
  g_rmdir (data);
  g_rmdir (self->folder);
  g_free (self->program);
  g_free (self->folder);
}

static gboolean
start (Fixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_practice_start_async (self->practice, 0, NULL, on_result_cb, &result);
  return cobro_practice_start_finish (self->practice, wait_for_result (&result), error);
}

static void
note_stopped (CobroPractice *practice, gboolean *stopped)
{
  *stopped = TRUE;
}

static void
test_starts (Fixture *self, gconstpointer script)
{
  g_autoptr (GError) error = NULL;
  gboolean stopped = FALSE;

  g_assert_true (start (self, &error));
  g_assert_no_error (error);
  g_assert_true (cobro_practice_is_running (self->practice));
  g_assert_cmpstr (cobro_practice_get_address (self->practice), ==, "http://127.0.0.1:40123");
  g_assert_cmpstr (cobro_practice_get_code (self->practice), ==, "AAAA-BBBB-CCCC-DDDD");
  g_assert_cmpuint (cobro_practice_get_port (self->practice), ==, 40123);
  g_assert_true (start (self, &error)); /* it runs already */

  g_signal_connect (self->practice, "stopped", G_CALLBACK (note_stopped), &stopped);
  cobro_practice_stop (self->practice);
  g_assert_false (cobro_practice_is_running (self->practice));
}

static void
test_says_why (Fixture *self, gconstpointer script)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (start (self, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "address already in use"));
  g_assert_false (cobro_practice_is_running (self->practice));
}

static void
test_missing (Fixture *self, gconstpointer script)
{
  g_autoptr (GError) error = NULL;

  g_unlink (self->program);
  g_assert_false (start (self, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
}

static void
test_ends_by_itself (Fixture *self, gconstpointer script)
{
  gboolean stopped = FALSE;

  g_signal_connect (self->practice, "stopped", G_CALLBACK (note_stopped), &stopped);
  g_assert_true (start (self, NULL));
  wait_until (stopped);
  g_assert_false (cobro_practice_is_running (self->practice));
}

#define GREETING                                                                                                       \
  "echo 'api key: demo'; echo 'pair: AAAA-BBBB-CCCC-DDDD'; "                                                           \
  "echo 'pair link: cobro://pair?relay=x&code=y'; echo 'link: http://127.0.0.1:40123/pay/x';"                          \
  "echo 'ready: http://127.0.0.1:40123'\n"

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/practice/starts", Fixture, GREETING "exec sleep 600", set_up, test_starts, tear_down);
  g_test_add ("/practice/says-why", Fixture, "echo 'cobro-relay: address already in use' >&2; exit 69", set_up,
              test_says_why, tear_down);
  g_test_add ("/practice/missing", Fixture, "exit 0", set_up, test_missing, tear_down);
  g_test_add ("/practice/ends-by-itself", Fixture, GREETING "exit 0", set_up, test_ends_by_itself, tear_down);
  return g_test_run ();
}
