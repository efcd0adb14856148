/* tests/sync/relay-fixture.c — see relay-fixture.h.
 * Layer: tests. */
#include "relay-fixture.h"
#include "cobro-net-client.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

/* ── The relay's program ────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) what follows @name on the line of the output that begins with it. */
static char *
read_line (GDataInputStream *out, const char *name)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (g_str_has_prefix (line, name))
        return g_strdup (line + strlen (name));
    }
}

/* The relay goes with the test, however that ends. */
static void
on_child_setup_cb (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* (transfer full) the first code of a fresh relay; of one that was there before, a code that is not used. */
char *
relay_fixture_start (RelayFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GDataInputStream) out = NULL;
  char *code;

  g_subprocess_launcher_set_child_setup (launcher, on_child_setup_cb, NULL, NULL);
  fixture->process = g_subprocess_launcher_spawn (launcher, &error, fixture->program, "demo", "--listen",
                                                  fixture->listen != NULL ? fixture->listen : "127.0.0.1:0", "--data",
                                                  fixture->folder, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->process));
  code = read_line (out, "pair: ");
  g_free (fixture->url);
  fixture->url = read_line (out, "ready: ");
  g_free (fixture->listen);
  fixture->listen = g_strdup (fixture->url + strlen ("http://"));
  return code;
}

void
relay_fixture_kill (RelayFixture *fixture)
{
  g_subprocess_send_signal (fixture->process, SIGKILL);
  g_assert_true (g_subprocess_wait (fixture->process, NULL, NULL));
  g_clear_object (&fixture->process);
}

/* (transfer full) another code, from the command line. */
char *
relay_fixture_new_code_for (RelayFixture *fixture, const char *mode)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_load (fixture->ana.store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, fixture->program, "pair-code", "--json", "--data",
                      fixture->folder, pairing->merchant_id.text, mode, NULL);
  g_autofree char *text = NULL;
  g_autoptr (CobroWireObject) json = NULL;
  char *code = NULL;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, &error));
  json = cobro_wire_parse (g_strstrip (text), -1, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_wire_get_text_needed (json, "pairCode", &code, &error));
  return code;
}

char *
relay_fixture_new_code (RelayFixture *fixture)
{
  return relay_fixture_new_code_for (fixture, NULL);
}

/* ── RelayFixture
 * ────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_fixture_pair (RelayFixture *fixture, Desktop *desktop, const char *code)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&desktop->client, cobro_relay_client_free);
  g_clear_pointer (&desktop->key, g_free);
  desktop->key = cobro_sync_pair (desktop->store, fixture->url, code, "Test", NULL, &error);
  g_assert_no_error (error);
  desktop->client = cobro_relay_client_new (fixture->url, desktop->key);
}

void
relay_fixture_set_up (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  fixture->program = data;
  fixture->folder = g_dir_make_tmp ("cobro-relay-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->clock = cobro_clock_new_system ();
  first = relay_fixture_start (fixture);
  desktop_open (&fixture->ana, fixture->clock, 1);
  desktop_open (&fixture->ben, fixture->clock, 2);
  relay_fixture_pair (fixture, &fixture->ana, first);
  second = relay_fixture_new_code (fixture);
  relay_fixture_pair (fixture, &fixture->ben, second);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_remove (child) != 0)
        remove_tree (child);
    }
  g_rmdir (path);
}

void
relay_fixture_tear_down (RelayFixture *fixture, gconstpointer data)
{
  relay_fixture_kill (fixture);
  desktop_tear_down (&fixture->ana);
  desktop_tear_down (&fixture->ben);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->url);
  g_free (fixture->listen);
  cobro_clock_unref (fixture->clock);
}

/* (transfer full) the member "data" of what the API answers to the merchant's own key. */
CobroWireObject *
relay_fixture_call_api (RelayFixture *fixture, const char *method, const char *path, const char *body)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strconcat (fixture->url, path, NULL);
  g_autofree char *key = g_strdup_printf ("%s-%u", path, body != NULL ? g_str_hash (body) : 0);
  const char *headers[] = { "Authorization", "Bearer demo", "Idempotency-Key", key, NULL };
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new_static (body, strlen (body)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) answer =
    cobro_net_client_send (client,
                           &(CobroNetRequest){ .method = method,
                                               .url = url,
                                               .headers = headers,
                                               .content_type = body != NULL ? "application/json" : NULL,
                                               .body = bytes,
                                               .deadline_ms = 30000,
                                               .max_bytes = 1 << 20 },
                           NULL, &error);
  g_autoptr (CobroWireObject) json = NULL;
  CobroWireObject *object = NULL;

  g_assert_no_error (error);
  g_test_message ("%s %s: %u %.300s", method, path, answer->status,
                  (const char *)g_bytes_get_data (answer->body, NULL));
  g_assert_cmpuint (answer->status / 100, ==, 2);
  json = cobro_wire_parse (g_bytes_get_data (answer->body, NULL), (gssize)g_bytes_get_size (answer->body), &error);
  g_assert_no_error (error);
  g_assert_true (cobro_wire_get_object (json, "data", &object, &error));
  return object;
}

char *
wire_member (CobroWireObject *object, const char *name)
{
  char *text = NULL;

  g_assert_true (cobro_wire_get_text_needed (object, name, &text, NULL));
  return text;
}
