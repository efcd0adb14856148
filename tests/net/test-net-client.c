/* tests/net/test-net-client.c — the client against a server that answers slowly, never, half, too much, or elsewhere.
 * Layer: tests. The server is a thread of its own with raw sockets, so that it can misbehave byte by byte. */
#include <gio/gio.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"

typedef struct
{
  GSocketService *service;
  guint16 port;
  gint requests;      /* atomic */
  gint connections;   /* atomic */
  gint authorization; /* atomic: requests that carried a key */
} Server;

static void
say (GOutputStream *out, const char *text)
{
  g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
}

static void
answer_flood (GOutputStream *out)
{
  g_autofree char *block = g_strnfill (65536, 'x');

  say (out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  for (guint i = 0; i < 16; i++)
    if (!g_output_stream_write_all (out, block, 65536, NULL, NULL, NULL))
      return;
}

static void
answer_drip (GOutputStream *out)
{
  say (out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  for (guint i = 0; i < 1000; i++)
    {
      if (!g_output_stream_write_all (out, ".", 1, NULL, NULL, NULL))
        return;
      g_usleep (20000);
    }
}

static void
answer (const char *path, GOutputStream *out, const char *body)
{
  g_autofree char *text = NULL;

  if (g_str_equal (path, "/echo"))
    text = g_strdup_printf ("HTTP/1.1 201 Created\r\nX-Two: a\r\nX-Two: b\r\nContent-Length: %zu\r\n\r\n%s",
                            strlen (body), body);
  else if (g_str_equal (path, "/half"))
    text = g_strdup ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  else if (g_str_equal (path, "/half-head"))
    text = g_strdup ("HTTP/1.1 200 OK\r\nConte");
  else if (g_str_equal (path, "/noise"))
    text = g_strdup ("this is no HTTP at all\n\n");
  else if (g_str_equal (path, "/moved"))
    text = g_strdup ("HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_equal (path, "/loop"))
    text = g_strdup ("HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_equal (path, "/away"))
    text = g_strdup ("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_equal (path, "/elsewhere"))
    text = g_strdup ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_equal (path, "/teapot"))
    text = g_strdup ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n");
  else if (g_str_equal (path, "/kept/200"))
    text = g_strdup ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  else if (g_str_equal (path, "/kept/204"))
    text = g_strdup ("HTTP/1.1 204 No Content\r\n\r\n");
  else if (g_str_equal (path, "/kept/304"))
    text = g_strdup ("HTTP/1.1 304 Not Modified\r\n\r\n");
  else if (g_str_equal (path, "/kept/chunks"))
    text = g_strdup ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  else if (g_str_equal (path, "/kept/until-closed"))
    text = g_strdup ("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  if (text)
    say (out, text);
  else if (g_str_equal (path, "/flood"))
    answer_flood (out);
  else if (g_str_equal (path, "/drip"))
    answer_drip (out);
  else if (g_str_equal (path, "/never"))
    g_usleep (3000000);
}

/* One request; whether the connection is kept for another. */
static gboolean
serve (Server *server, GDataInputStream *in, GOutputStream *out, guint nth)
{
  g_autofree char *first = g_data_input_stream_read_line (in, NULL, NULL, NULL);
  g_auto (GStrv) words = g_strsplit (first ? first : "", " ", 3);
  const char *path = words[0] && words[1] ? words[1] : "";
  gsize length = 0;

  if (!first)
    return FALSE;
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (in, NULL, NULL, NULL);
      if (!line || !*g_strchomp (line))
        break;
      if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
        length = g_ascii_strtoull (line + 15, NULL, 10);
      if (g_ascii_strncasecmp (line, "Authorization:", 14) == 0)
        g_atomic_int_inc (&server->authorization);
    }
  g_autofree char *body = g_malloc0 (length + 1);
  g_input_stream_read_all (G_INPUT_STREAM (in), body, length, NULL, NULL, NULL);
  g_atomic_int_inc (&server->requests);
  if (g_str_equal (path, "/kept/once"))
    path = nth == 0 ? "/kept/200" : "";
  answer (path, out, body);
  return g_str_has_prefix (path, "/kept/") && !g_str_equal (path, "/kept/until-closed");
}

/* One request per connection, but those below /kept/. */
static gboolean
on_run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Server *server = data;
  GInputStream *raw = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) in = g_data_input_stream_new (raw);

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (in), FALSE);
  g_atomic_int_inc (&server->connections);
  for (guint i = 0; serve (server, in, out, i); i++)
    continue;
  return TRUE;
}

static void
server_start (Server *server)
{
  g_autoptr (GError) error = NULL;

  server->service = g_threaded_socket_service_new (32);
  server->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (server->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (server->service, "run", G_CALLBACK (on_run_cb), server);
  g_socket_service_start (server->service);
}

/* The service accepts on the default main context; a thread keeps it turning while the test waits in the client. */
static gpointer
turn (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

static CobroNetAnswer *
get (Server *server, const char *path, guint deadline_ms, guint redirects, GError **error)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", server->port, path);
  const char *headers[] = { "Authorization", "Bearer secret", NULL };
  CobroNetRequest request = { .method = "GET",
                              .url = url,
                              .headers = headers,
                              .deadline_ms = deadline_ms,
                              .max_bytes = 100000,
                              .max_redirects = redirects };

  return cobro_net_client_send (client, &request, NULL, error);
}

static void
assert_stage (Server *server, const char *path, guint deadline_ms, guint redirects, CobroError code, const char *stage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) answer_got = get (server, path, deadline_ms, redirects, &error);

  g_assert_null (answer_got);
  g_assert_error (error, COBRO_ERROR, (int)code);
  g_assert_cmpstr (cobro_error_get_path (error), ==, stage);
}

static void
test_echo (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/echo", server->port);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  CobroNetRequest request = { .method = "POST",
                              .url = url,
                              .content_type = "application/json",
                              .body = body,
                              .deadline_ms = 20000,
                              .max_bytes = 100 };

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroNetAnswer) got = cobro_net_client_send (client, &request, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (got->status, ==, 201);
      g_assert_true (g_bytes_equal (got->body, body));
      g_assert_cmpstr (cobro_net_answer_header (got, "x-two"), ==, "a, b");
      g_assert_null (cobro_net_answer_header (got, "x-none"));
    }
}

static void
test_statuses_are_answers (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) busy = get (server, "/teapot", 20000, 0, &error);
  g_autoptr (CobroNetAnswer) moved = get (server, "/moved", 20000, 0, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (busy->status, ==, 503);
  g_assert_cmpstr (cobro_net_answer_header (busy, "retry-after"), ==, "3");
  g_assert_cmpuint (moved->status, ==, 302);
}

static void
test_redirects_when_asked (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) got = get (server, "/moved", 20000, 1, &error);
  int keys;

  g_assert_no_error (error);
  g_assert_cmpuint (got->status, ==, 201);
  g_clear_pointer (&got, cobro_net_answer_free);
  got = get (server, "/loop", 20000, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (got->status, ==, 302);
  assert_stage (server, "/away", 20000, 3, COBRO_ERROR_NO_ANSWER, "redirect");
  keys = g_atomic_int_get (&server->authorization);
  assert_stage (server, "/elsewhere", 20000, 3, COBRO_ERROR_NO_ANSWER, "connect");
  g_assert_cmpint (g_atomic_int_get (&server->authorization), ==, keys + 1);
}

static void
test_cut_off (gconstpointer data)
{
  Server *server = (Server *)data;
  assert_stage (server, "/half", 20000, 0, COBRO_ERROR_NO_ANSWER, "answer");
  assert_stage (server, "/half-head", 20000, 0, COBRO_ERROR_NO_ANSWER, "answer");
  assert_stage (server, "/noise", 20000, 0, COBRO_ERROR_NO_ANSWER, "answer");
  assert_stage (server, "/nothing", 20000, 0, COBRO_ERROR_NO_ANSWER, "answer");
}

/* The deadline is for the whole exchange: a byte now and then does not extend it. */
static void
test_deadline (gconstpointer data)
{
  Server *server = (Server *)data;
  assert_stage (server, "/never", 300, 0, COBRO_ERROR_NO_ANSWER, "deadline");
  assert_stage (server, "/drip", 300, 0, COBRO_ERROR_NO_ANSWER, "deadline");
}

static void
test_too_large (gconstpointer data)
{
  Server *server = (Server *)data;
  assert_stage (server, "/flood", 20000, 0, COBRO_ERROR_TOO_LARGE, "answer");
}

static void
test_addresses (gconstpointer data)
{
  const char *urls[] = { "ftp://127.0.0.1/", "http://", "nonsense", "", "file:///etc/passwd" };
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  CobroNetRequest request = { .method = "GET", .deadline_ms = 5000, .max_bytes = 10 };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;
      request.url = urls[i];
      g_assert_null (cobro_net_client_send (client, &request, NULL, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
      g_assert_cmpstr (cobro_error_get_path (error), ==, "url");
    }
  g_autoptr (GError) error = NULL;
  request.url = "http://127.0.0.1:1/";
  g_assert_null (cobro_net_client_send (client, &request, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NO_ANSWER);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "connect");
}

static void
test_no_tls_there (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/noise", server->port);
  CobroNetRequest request = { .method = "GET", .url = url, .deadline_ms = 20000, .max_bytes = 10 };
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_net_client_send (client, &request, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NO_ANSWER);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "tls");
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
  CobroNetAnswer *answer;
} Waiting;

static void
on_answer_arrived_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  waiting->answer = cobro_net_client_send_finish (NULL, result, &waiting->error);
  g_main_loop_quit (waiting->loop);
}

static gboolean
on_time_to_cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
send_and_wait (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable, Waiting *waiting)
{
  waiting->loop = g_main_loop_new (g_main_context_get_thread_default (), FALSE);
  cobro_net_client_send_async (client, request, cancellable, on_answer_arrived_cb, waiting);
  g_main_loop_run (waiting->loop);
  g_main_loop_unref (waiting->loop);
}

static void
test_async_and_cancel (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *echo = g_strdup_printf ("http://127.0.0.1:%u/echo", server->port);
  g_autofree char *never = g_strdup_printf ("http://127.0.0.1:%u/never", server->port);
  CobroNetRequest request = { .method = "GET", .url = echo, .deadline_ms = 20000, .max_bytes = 10 };
  Waiting first = { 0 }, second = { 0 }, third = { 0 };
  g_autoptr (GSource) timer = g_timeout_source_new (50);

  send_and_wait (client, &request, cancellable, &first);
  g_assert_no_error (first.error);
  g_assert_cmpuint (first.answer->status, ==, 201);
  cobro_net_answer_free (first.answer);

  request.url = never;
  g_source_set_callback (timer, on_time_to_cancel_cb, cancellable, NULL);
  g_source_attach (timer, context);
  send_and_wait (client, &request, cancellable, &second);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&second.error);

  request.url = echo;
  send_and_wait (client, &request, cancellable, &third);
  g_assert_error (third.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&third.error);
}

/* How many connections @n requests in a row take. */
static gint
count_connections (Server *server, const char *path, const char *method, gboolean repeatable, guint n)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", server->port, path);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gboolean has_body = g_str_equal (method, "POST");
  gint before = g_atomic_int_get (&server->connections);
  CobroNetRequest request = { .method = method,
                              .url = url,
                              .content_type = has_body ? "application/json" : NULL,
                              .body = has_body ? body : NULL,
                              .deadline_ms = 20000,
                              .max_bytes = 100,
                              .repeatable = repeatable };

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroNetAnswer) got = cobro_net_client_send (client, &request, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (got->body), ==, got->status == 200 ? 2 : 0);
    }
  return g_atomic_int_get (&server->connections) - before;
}

/* Requests in a row share a connection, whether or not the answers have bodies; what may not be sent twice gets a
 * connection that nobody can have closed. */
static void
test_kept_connections (gconstpointer data)
{
  Server *server = (Server *)data;
  const char *paths[] = { "/kept/200", "/kept/204", "/kept/304", "/kept/chunks" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_cmpint (count_connections (server, paths[i], "GET", FALSE, 20), ==, 1);
      g_assert_cmpint (count_connections (server, paths[i], "POST", TRUE, 20), ==, 1);
    }
  g_assert_cmpint (count_connections (server, "/kept/until-closed", "POST", TRUE, 3), ==, 3);
  g_assert_cmpint (count_connections (server, "/kept/204", "POST", FALSE, 3), ==, 3);
}

/* Closed in the moment of the second request: that is sent again, once, and not if it must not be. */
static void
test_kept_and_closed (gconstpointer data)
{
  Server *server = (Server *)data;
  gint before = g_atomic_int_get (&server->requests);

  g_assert_cmpint (count_connections (server, "/kept/once", "POST", TRUE, 2), ==, 2);
  g_assert_cmpint (g_atomic_int_get (&server->requests), ==, before + 3);
  g_assert_cmpint (count_connections (server, "/kept/once", "POST", FALSE, 2), ==, 2);
  g_assert_cmpint (g_atomic_int_get (&server->requests), ==, before + 5);
}

/* Sends the next one from the callback of the one before. */
typedef struct
{
  CobroNetClient *client;
  const CobroNetRequest *request;
  guint left;
} Chain;

static void
on_link_answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Chain *chain = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) got = cobro_net_client_send_finish (chain->client, result, &error);

  g_assert_no_error (error);
  if (--chain->left > 0)
    cobro_net_client_send_async (chain->client, chain->request, NULL, on_link_answered_cb, chain);
}

static void
test_kept_from_callbacks (gconstpointer data)
{
  Server *server = (Server *)data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/kept/204", server->port);
  CobroNetRequest request = { .method = "GET", .url = url, .deadline_ms = 20000, .max_bytes = 10 };
  Chain chain = { client, &request, 20 };
  gint before = g_atomic_int_get (&server->connections);

  cobro_net_client_send_async (client, &request, NULL, on_link_answered_cb, &chain);
  while (chain.left > 0)
    g_main_context_iteration (context, TRUE);
  g_assert_cmpint (g_atomic_int_get (&server->connections), ==, before + 1);
}

int
main (int argc, char **argv)
{
  Server server = { 0 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GThread *thread;
  int result;

  g_test_init (&argc, &argv, NULL);
  server_start (&server);
  thread = g_thread_new ("server", turn, loop);
  g_test_add_data_func ("/net/client/echo", &server, test_echo);
  g_test_add_data_func ("/net/client/statuses-are-answers", &server, test_statuses_are_answers);
  g_test_add_data_func ("/net/client/redirects", &server, test_redirects_when_asked);
  g_test_add_data_func ("/net/client/cut-off", &server, test_cut_off);
  g_test_add_data_func ("/net/client/deadline", &server, test_deadline);
  g_test_add_data_func ("/net/client/too-large", &server, test_too_large);
  g_test_add_data_func ("/net/client/addresses", &server, test_addresses);
  g_test_add_data_func ("/net/client/no-tls-there", &server, test_no_tls_there);
  g_test_add_data_func ("/net/client/async-and-cancel", &server, test_async_and_cancel);
  g_test_add_data_func ("/net/client/kept-connections", &server, test_kept_connections);
  g_test_add_data_func ("/net/client/kept-and-closed", &server, test_kept_and_closed);
  g_test_add_data_func ("/net/client/kept-from-callbacks", &server, test_kept_from_callbacks);
  result = g_test_run ();
  g_socket_service_stop (server.service);
  g_main_loop_quit (loop);
  g_thread_join (thread);
  g_object_unref (server.service);
  return result;
}
