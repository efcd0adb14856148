/* tests/relay/http/http-gate.c — what the gate does right: requests, keep-alive, pipelining, waiting, stopping.
 * Layer: tests. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "http-support.h"

static void
test_answers (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *reply = gate_ask (gate, GET ("/v1/echo?a=1"), -1);
  g_autofree char *server = reply_header (reply, "Server");
  g_autofree char *date = reply_header (reply, "Date");
  g_autofree char *id = reply_header (reply, "x-request-id");

  g_assert_cmpuint (reply_status (reply), ==, 200);
  g_assert_cmpstr (reply_body (reply), ==,
                   "{\"success\":true,\"data\":{\"target\":\"/v1/"
                   "echo?a=1\",\"length\":0,\"body\":\"\",\"peer\":\"127.0.0.1\",\"key\":null}}");
  g_assert_null (server);
  g_assert_nonnull (strstr (date, "GMT"));
  g_assert_cmpuint (strlen (id), ==, 32);
}

/* One byte at a time, each in its own packet. */
static void
test_bytewise (void)
{
  static const char request[] = "POST /v1/echo HTTP/1.1\r\nHost: pay.example\r\nContent-Length: 5\r\n\r\nhello";
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);
  g_autofree char *reply = NULL;

  for (gsize i = 0; i < sizeof request - 1; i++)
    {
      g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 0);
      client_send (fd, request + i, 1);
      g_usleep (200);
    }
  reply = client_receive (fd);
  g_assert_cmpuint (reply_status (reply), ==, 200);
  g_assert_nonnull (strstr (reply, "\"body\":\"hello\""));
  close (fd);
}

static void
test_keeps_alive (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *reply = NULL;

      client_send (fd, i % 2 == 0 ? GET ("/v1/echo") : GET ("/"), -1);
      reply = client_receive (fd);
      g_assert_cmpuint (reply_status (reply), ==, 200);
    }
  close (fd);
}

static void
test_closes_when_asked (void)
{
  static const char *const requests[] = {
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: foo , Close\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
  };
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      int fd = client_new (gate);
      g_autofree char *reply = NULL;
      g_autofree char *connection = NULL;

      client_send (fd, requests[i], -1);
      reply = client_drain (fd);
      connection = reply_header (reply, "Connection");
      g_assert_cmpuint (reply_status (reply), ==, 200);
      g_assert_cmpstr (connection, ==, "close");
      close (fd);
    }
}

/* Replies come in the order of the requests, inline, pooled and refused ones mixed, in one packet. */
static void
test_pipelining (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autoptr (GString) all = g_string_new (NULL);
  int fd = client_new (gate);

  for (int i = 0; i < 200; i++)
    switch (i % 4)
      {
      case 0:
        g_string_append_printf (all, "GET /v1/items/%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
        break;
      case 1:
        g_string_append_printf (all, "POST /v1/inline?n=%d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", i);
        break;
      case 2:
        g_string_append (all, GET ("/nowhere"));
        break;
      default:
        g_string_append (all, GET ("/v1/later"));
      }
  client_send (fd, all->str, all->len);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *reply = client_receive (fd);
      g_autofree char *wanted = i % 4 == 0   ? g_strdup_printf ("\"data\":\"%d\"", i)
                                : i % 4 == 1 ? g_strdup_printf ("/v1/inline?n=%d\"", i)
                                : i % 4 == 2 ? g_strdup ("nothing at this address")
                                             : g_strdup ("on the pool");

      g_assert_nonnull (strstr (reply, wanted));
    }
  close (fd);
}

/* The client says all it has to say and closes its side; it still gets its answers. */
static void
test_half_closed (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  client_send (fd, GET ("/v1/items/1") GET ("/v1/items/2"), -1);
  shutdown (fd, SHUT_WR);
  first = client_receive (fd);
  second = client_receive (fd);
  g_assert_nonnull (strstr (first, "\"1\""));
  g_assert_nonnull (strstr (second, "\"2\""));
  g_assert_true (client_is_closed (fd));
  close (fd);
}

static void
test_head_method (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);
  g_autofree char *reply = NULL;
  g_autofree char *length = NULL;

  client_send (fd, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", -1);
  reply = client_drain (fd);
  length = reply_header (reply, "Content-Length");
  g_assert_cmpuint (reply_status (reply), ==, 200);
  g_assert_cmpstr (length, ==, "11");
  g_assert_cmpstr (reply_body (reply), ==, "");
  close (fd);
}

static void
test_expect_continue (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);
  g_autofree char *interim = NULL;
  g_autofree char *reply = NULL;

  client_send (fd, "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", -1);
  interim = client_receive (fd);
  g_assert_cmpuint (reply_status (interim), ==, 100);
  client_send (fd, "hi", 2);
  reply = client_receive (fd);
  g_assert_cmpuint (reply_status (reply), ==, 200);
  close (fd);

  /* A refusal comes instead of the interim answer. */
  g_assert_cmpuint (
    gate_status (gate, "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\nExpect: 100-continue\r\n\r\n",
                 -1),
    ==, 413);
  g_assert_cmpuint (gate_status (gate, "GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n", -1), ==, 417);
}

/* ── Waiting ─────────────────────────────────────────────────────────────────────────────────────── */

static void
test_parks_and_wakes (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fds[20];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = client_new (gate);
      client_send (fds[i], GET ("/v1/wait?after=0") GET ("/v1/items/next"), -1);
    }
  gate_await (&gate->executed, G_N_ELEMENTS (fds));
  relay_server_wake (gate->server, "merchant:two"); /* nobody's */
  g_atomic_int_set (&gate->version, 7);
  relay_server_wake (gate->server, "merchant:one");
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      g_autofree char *reply = client_receive (fds[i]);
      g_autofree char *next = client_receive (fds[i]);

      g_assert_cmpstr (reply_body (reply), ==, "{\"success\":true,\"data\":7}");
      g_assert_nonnull (strstr (next, "\"next\""));
      close (fds[i]);
    }
}

/* A commit may come at any moment around the parking; none is missed. */
static gpointer
bump (gpointer data)
{
  Gate *gate = data;

  for (int i = 1; i <= 2000; i++)
    {
      g_atomic_int_set (&gate->version, i);
      relay_server_wake (gate->server, "merchant:one");
      if (i % 7 == 0)
        g_usleep (50);
    }
  return NULL;
}

static void
test_misses_no_wake (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .listener_threads = 2 });
  int fd = client_new (gate);
  GThread *thread = g_thread_new ("bump", bump, gate);
  guint64 version = 0;

  while (version < 2000)
    {
      g_autofree char *request =
        g_strdup_printf ("GET /v1/wait?after=%" G_GUINT64_FORMAT " HTTP/1.1\r\nHost: a\r\n\r\n", version);
      g_autofree char *reply = NULL;
      guint64 next;

      client_send (fd, request, -1);
      reply = client_receive (fd);
      next = g_ascii_strtoull (reply_body (reply) + strlen ("{\"success\":true,\"data\":"), NULL, 10);
      g_assert_cmpuint (next, >, version);
      version = next;
    }
  g_thread_join (thread);
  close (fd);
}

static void
test_wait_ends (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *reply = gate_ask (gate, GET ("/v1/tick"), -1);

  g_assert_cmpstr (reply_body (reply), ==, "{\"success\":true,\"data\":\"over\"}");
}

/* A parked client that goes away takes its place with it. */
static void
test_parked_client_leaves (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (int i = 1; i <= 50; i++)
    {
      int fd = client_new (gate);

      client_send (fd, GET ("/v1/wait"), -1);
      gate_await (&gate->executed, i);
      close (fd);
    }
  g_atomic_int_set (&gate->version, 1);
  relay_server_wake (gate->server, "merchant:one");
  g_assert_cmpuint (gate_status (gate, GET ("/"), -1), ==, 200);
}

static char *
read_until (int fd, const char *end)
{
  GString *text = g_string_new (NULL);
  char byte;

  while (!g_str_has_suffix (text->str, end) && recv (fd, &byte, 1, 0) == 1)
    g_string_append_c (text, byte);
  return g_string_free (text, FALSE);
}

static void
test_streams (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int fd = client_new (gate);
  g_autofree char *head = NULL;
  g_autofree char *type = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *rest = NULL;

  g_atomic_int_set (&gate->version, 1);
  client_send (fd, GET ("/v1/stream"), -1);
  head = read_until (fd, "\r\n\r\n");
  type = reply_header (head, "Content-Type");
  first = read_until (fd, "\n\n");
  g_assert_cmpstr (type, ==, "text/event-stream");
  g_assert_cmpstr (first, ==, "data: version\ndata: 1\n\n");
  relay_server_wake (gate->server, "link:one"); /* nothing new: nothing said */
  g_atomic_int_set (&gate->version, 2);
  relay_server_wake (gate->server, "link:one");
  second = read_until (fd, "\n\n");
  g_assert_cmpstr (second, ==, "data: version\ndata: 2\n\n");
  g_atomic_int_set (&gate->version, 100);
  relay_server_wake (gate->server, "link:one");
  rest = client_drain (fd);
  g_assert_cmpstr (rest, ==, "data: last\n\n");
  close (fd);
}

/* ── Sharing ─────────────────────────────────────────────────────────────────────────────────────── */

static void
expect_shared (Gate *gate, const char *request, const char *data, int executed)
{
  g_autofree char *reply = gate_ask (gate, request, -1);
  g_autofree char *wanted = g_strdup_printf ("{\"success\":true,\"data\":%s}", data);

  g_assert_cmpstr (reply_body (reply), ==, wanted);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, executed);
}

/* What may be given again is, until its topic is woken: then never again. Other languages, targets and people with
 * cookies are other questions. Ids and dates are always fresh. */
static void
test_shares (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *first = gate_ask (gate, GET ("/v1/shared"), -1);
  g_autofree char *second = gate_ask (gate, GET ("/v1/shared"), -1);
  g_autofree char *first_id = reply_header (first, "x-request-id");
  g_autofree char *second_id = reply_header (second, "x-request-id");
  g_autofree char *head = gate_ask (gate, "HEAD /v1/shared HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", -1);

  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 1);
  g_assert_cmpstr (first_id, !=, second_id);
  g_assert_cmpstr (reply_body (head), ==, "");
  g_atomic_int_set (&gate->version, 1);
  relay_server_wake (gate->server, "link:another");
  expect_shared (gate, GET ("/v1/shared"), "0", 1);
  relay_server_wake (gate->server, "link:shared");
  expect_shared (gate, GET ("/v1/shared"), "1", 2);
  expect_shared (gate, GET ("/v1/shared"), "1", 2);
  expect_shared (gate, GET ("/v1/shared?a=1"), "1", 3);
  expect_shared (gate, "GET /v1/shared HTTP/1.1\r\nHost: a\r\nAccept-Language: es\r\n\r\n", "1", 4);
  expect_shared (gate, "GET /v1/shared HTTP/1.1\r\nHost: b\r\nAccept-Language: es\r\n\r\n", "1", 4);
  expect_shared (gate, "GET /v1/shared HTTP/1.1\r\nHost: a\r\nCookie: payer=1\r\n\r\n", "1", 5);
  expect_shared (gate, "GET /v1/shared HTTP/1.1\r\nHost: a\r\nCookie: payer=1\r\n\r\n", "1", 6);
}

/* Whoever changed something sees it at once: as soon as the wake has returned, the old reply is gone. */
static void
test_shares_nothing_old (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .listener_threads = 2 });
  int fd = client_new (gate);

  for (int i = 1; i <= 500; i++)
    {
      g_autofree char *reply = NULL;
      g_autofree char *wanted = g_strdup_printf ("{\"success\":true,\"data\":%d}", i);

      g_atomic_int_set (&gate->version, i);
      relay_server_wake (gate->server, "link:shared");
      client_send (fd, GET ("/v1/shared"), -1);
      reply = client_receive (fd);
      g_assert_cmpstr (reply_body (reply), ==, wanted);
    }
  close (fd);
}

/* ── Stopping ────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
stop (gpointer data)
{
  relay_server_stop (((Gate *)data)->server, 30 * 1000);
  return NULL;
}

/* What runs is finished, what is parked answers, idle connections go, nobody new comes in. */
static void
test_stops_gently (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  int idle = client_new (gate);
  int parked = client_new (gate);
  int streaming = client_new (gate);
  int running = client_new (gate);
  GThread *thread;
  g_autofree char *wait_reply = NULL;
  g_autofree char *slow_reply = NULL;
  g_autofree char *stream_reply = NULL;

  client_send (idle, GET ("/"), -1);
  g_free (client_receive (idle));
  client_send (parked, GET ("/v1/wait"), -1);
  client_send (streaming, GET ("/v1/stream"), -1);
  client_send (running, GET ("/v1/slow"), -1);
  gate_await (&gate->running, 1);
  gate_await (&gate->executed, 4);
  thread = g_thread_new ("stop", stop, gate);
  wait_reply = client_drain (parked);
  stream_reply = client_drain (streaming);
  g_assert_cmpuint (reply_status (wait_reply), ==, 200);
  g_assert_cmpuint (reply_status (stream_reply), ==, 200);
  g_assert_true (client_is_closed (idle));
  gate_release (gate);
  slow_reply = client_drain (running);
  g_assert_cmpuint (reply_status (slow_reply), ==, 200);
  g_thread_join (thread);
  close (idle);
  close (parked);
  close (streaming);
  close (running);
}

/* A handler that does not end in time: its client is let go, nothing is freed under it. */
static gpointer
stop_at_once (gpointer data)
{
  relay_server_stop (((Gate *)data)->server, 0);
  return NULL;
}

static void
test_stops_at_once (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .request_threads = 1 });
  int running = client_new (gate);
  int queued = client_new (gate);
  GThread *thread;

  client_send (running, GET ("/v1/slow"), -1);
  gate_await (&gate->running, 1);
  client_send (queued, GET ("/v1/echo"), -1);
  thread = g_thread_new ("stop", stop_at_once, gate);
  g_assert_true (client_is_closed (running));
  g_assert_true (client_is_closed (queued));
  gate_release (gate);
  g_thread_join (thread);
  close (running);
  close (queued);
}

/* ── Addresses ───────────────────────────────────────────────────────────────────────────────────── */

static RelayServer *
try_listen (const char *address, GError **error)
{
  static const RelayRoute none[] = { { .method = NULL } };
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();

  return relay_server_new (&(RelayServerConfig){ .listen = address, .routes = none, .clock = clock, .random = random },
                           error);
}

static void
test_bad_addresses (void)
{
  static const char *const bad[] = {
    "",      "8080",          "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "[::1:8080", "localhost:1",
    "unix:", "unix:relative", ":8080",     "[]:1",       "1.2.3.4.5:1"
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (try_listen (bad[i], &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, bad[i]));
    }
}

static void
test_address_in_use (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", gate->port);
  g_autoptr (GError) error = NULL;

  g_assert_null (try_listen (address, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_IO);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_nonnull (strstr (error->message, "address already in use"));
}

static void
test_ipv6 (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Gate) gate = NULL;

  if (socket (AF_INET6, SOCK_STREAM, 0) < 0)
    {
      g_test_skip ("this kernel has no IPv6");
      return;
    }
  gate = gate_new ((RelayServerConfig){ .listen = "[::1]:0" });
  g_assert_true (g_str_has_prefix (relay_server_get_url (gate->server), "http://[::1]:"));
  g_assert_cmpuint (gate->port, >, 0);
}

static char *
ask_unix (const char *path, const char *request)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char *reply;

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  client_send (fd, request, -1);
  reply = client_receive (fd);
  close (fd);
  return reply;
}

static void
test_unix_socket (void)
{
  g_autofree char *folder = g_dir_make_tmp ("cobro-http-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "relay.sock", NULL);
  g_autofree char *listen = g_strconcat ("unix:", path, NULL);
  g_autofree char *plain = NULL;
  g_autofree char *forwarded = NULL;
  g_autoptr (GError) in_use = NULL;
  struct sockaddr_un stale = { .sun_family = AF_UNIX };
  struct stat info;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Gate *gate;

  /* What a killed relay leaves behind is replaced … */
  g_strlcpy (stale.sun_path, path, sizeof stale.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *)&stale, sizeof stale), ==, 0);
  close (fd);
  gate = gate_new ((RelayServerConfig){ .listen = listen, .unix_mode = 0600 });
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  plain = ask_unix (path, GET ("/v1/echo"));
  g_assert_nonnull (strstr (plain, "\"peer\":\"unix\""));
  forwarded = ask_unix (path, "GET /v1/echo HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
  g_assert_nonnull (strstr (forwarded, "\"peer\":\"203.0.113.9\""));

  /* … but not one that answers, and nothing that is not a socket. */
  g_assert_null (try_listen (listen, &in_use));
  g_assert_nonnull (strstr (in_use->message, "already in use"));
  gate_free (gate);
  g_assert_cmpint (stat (path, &info), !=, 0);
  g_clear_error (&in_use);
  g_assert_true (g_file_set_contents (path, "precious", -1, NULL));
  g_assert_null (try_listen (listen, &in_use));
  g_assert_error (in_use, COBRO_ERROR, COBRO_ERROR_IO);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/gate/answers", test_answers);
  g_test_add_func ("/http/gate/one-byte-at-a-time", test_bytewise);
  g_test_add_func ("/http/gate/keep-alive", test_keeps_alive);
  g_test_add_func ("/http/gate/close", test_closes_when_asked);
  g_test_add_func ("/http/gate/pipelining", test_pipelining);
  g_test_add_func ("/http/gate/half-closed", test_half_closed);
  g_test_add_func ("/http/gate/head", test_head_method);
  g_test_add_func ("/http/gate/expect", test_expect_continue);
  g_test_add_func ("/http/gate/park", test_parks_and_wakes);
  g_test_add_func ("/http/gate/park-misses-nothing", test_misses_no_wake);
  g_test_add_func ("/http/gate/park-ends", test_wait_ends);
  g_test_add_func ("/http/gate/park-leaves", test_parked_client_leaves);
  g_test_add_func ("/http/gate/stream", test_streams);
  g_test_add_func ("/http/gate/share", test_shares);
  g_test_add_func ("/http/gate/share-nothing-old", test_shares_nothing_old);
  g_test_add_func ("/http/gate/stop", test_stops_gently);
  g_test_add_func ("/http/gate/stop-at-once", test_stops_at_once);
  g_test_add_func ("/http/gate/bad-addresses", test_bad_addresses);
  g_test_add_func ("/http/gate/in-use", test_address_in_use);
  g_test_add_func ("/http/gate/ipv6", test_ipv6);
  g_test_add_func ("/http/gate/unix", test_unix_socket);
  return g_test_run ();
}
