/* tests/relay/delivery/test-dialer.c — where messages may go: addresses against a table that Python's ipaddress made,
 * names whose answers change, loopback receivers. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-dialer.h"

/* ── Addresses ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* Lines "ADDRESS public|blocked" of oracle-addresses.py. */
static void
test_oracle (void)
{
  const char *const argv[] = { "/usr/bin/python3", g_getenv ("COBRO_ORACLE"), NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL;
  g_auto (GStrv) lines = NULL;
  guint blocked = 0, open = 0;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, NULL, &error));
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (out), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 2);
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (words[0]);
      gboolean is_public = g_str_equal (words[1], "public");

      g_assert_nonnull (address);
      if (relay_addresses_is_public (address) != is_public)
        g_error ("%s is %s", words[0], words[1]);
      is_public ? open++ : blocked++;
    }
  g_assert_cmpint (blocked, >, 3000);
  g_assert_cmpint (open, >, 3000);
}

static void
test_allowed (void)
{
  static const char *const networks[] = { "10.1.0.0/16", "fd00::/8", NULL };
  static const char *const nonsense[] = { "10.1.0.0/99", NULL };
  static const struct
  {
    const char *address;
    gboolean ok;
  } cases[] = {
    { "10.1.2.3", TRUE },         { "10.2.2.3", FALSE },  { "::ffff:10.1.2.3", TRUE },
    { "::ffff:10.2.2.3", FALSE }, { "fd00::1", TRUE },    { "fc00::1", FALSE },
    { "8.8.8.8", TRUE },          { "127.0.0.1", FALSE }, { "64:ff9b::10.2.0.1", FALSE },
    { "64:ff9b::8.8.8.8", TRUE },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayAddresses) addresses = relay_addresses_new (networks, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (cases[i].address);

      g_clear_error (&error);
      if (relay_addresses_check (addresses, address, &error) != cases[i].ok)
        g_error ("%s", cases[i].address);
    }
  g_clear_error (&error);
  g_assert_null (relay_addresses_new (nonsense, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
}

/* ── A resolver that is told what to say ────────────────────────────────────────────────────────────────────── */

typedef struct
{
  GResolver parent;
  const char *const *answers; /* "8.8.8.8,10.0.0.1": one text for each question, the last one for ever */
  guint asked;
} LiarResolver;
typedef GResolverClass LiarResolverClass;
GType liar_resolver_get_type (void);
G_DEFINE_TYPE (LiarResolver, liar_resolver, G_TYPE_RESOLVER)

static void
free_addresses (gpointer list)
{
  g_resolver_free_addresses (list);
}

static void
liar_lookup_async (GResolver *resolver, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer data)
{
  LiarResolver *self = (LiarResolver *)resolver;
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  const char *text = self->answers[self->asked];
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  GList *list = NULL;

  if (self->answers[self->asked + 1] != NULL)
    self->asked++;
  for (guint i = 0; words[i] != NULL; i++)
    list = g_list_append (list, g_inet_address_new_from_string (words[i]));
  g_task_return_pointer (task, list, free_addresses);
}

static GList *
liar_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
liar_resolver_class_init (LiarResolverClass *klass)
{
  klass->lookup_by_name_async = liar_lookup_async;
  klass->lookup_by_name_finish = liar_lookup_finish;
}

static void
liar_resolver_init (LiarResolver *self)
{
}

/* ── A receiver that counts ─────────────────────────────────────────────────────────────────────────────────── */

/* Waits for one result. */
typedef struct
{
  RelayPostResult *result;
  gint done;
} Wait;

static void
on_done_cb (gpointer data, RelayPostResult *take_result)
{
  Wait *wait = data;

  wait->result = take_result;
  g_atomic_int_set (&wait->done, 1);
  g_main_context_wakeup (NULL);
}

/* The receivers live on this thread's main context. */
static RelayPostResult *
post_to (RelayDialer *dialer, const char *url)
{
  RelayCarrier *carrier = relay_dialer_get_carrier (dialer);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  RelayPost post = { .url = url, .id = "evt_1", .timestamp = 1, .signature = "v1,x", .body = body };
  Wait wait = { .done = 0 };

  carrier->post (carrier, &post, on_done_cb, &wait);
  while (!g_atomic_int_get (&wait.done))
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (wait.result);
  return wait.result;
}

/* What it says, and how often it was asked. */
typedef struct
{
  const char *answer;
  gint visits;
} Host;

static gboolean
on_visited_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Host *host = data;
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char buffer[4096];
  gssize n = 0, got = 1;

  g_atomic_int_inc (&host->visits);
  while (got > 0 && (n < 2 || memcmp (buffer + n - 2, "{}", 2) != 0))
    {
      got = g_input_stream_read (in, buffer + n, sizeof buffer - (gsize)n, NULL, NULL);
      n += MAX (got, 0);
    }
  g_output_stream_write_all (out, host->answer, strlen (host->answer), NULL, NULL, NULL);
  return TRUE;
}

static GSocketService *
listen_at (guint16 *out_port, Host *host)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), place, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &bound, &error);
  g_assert_no_error (error);
  *out_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (service, "run", G_CALLBACK (on_visited_cb), host);
  return service;
}

/* One bad address among good ones refuses them all; a bad second answer is noticed; a name that was looked at is not
 * asked again at once: the connection goes to the address that was judged. */
static void
test_names (void)
{
  static const char *const loopback[] = { "127.0.0.0/8", NULL };
  static const char *const mixed[] = { "127.0.0.1,10.0.0.1", NULL };
  static const char *const rebound[] = { "127.0.0.1", "10.0.0.1", NULL };
  static const char *const turned[] = { "10.0.0.1", "127.0.0.1", NULL };
  LiarResolver *resolver = g_object_new (liar_resolver_get_type (), NULL);
  RelayDialerConfig config = { .allow_targets = loopback, .resolver = G_RESOLVER (resolver), .user_agent = "test" };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayDialer) dialer = relay_dialer_new (&config, &error);
  g_autoptr (RelayPostResult) result = NULL;
  Host host = { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", 0 };
  guint16 port;
  GSocketService *service = listen_at (&port, &host);
  g_autofree char *a = g_strdup_printf ("http://mixed.example:%u/", port);
  g_autofree char *b = g_strdup_printf ("http://rebound.example:%u/", port);
  g_autofree char *c = g_strdup_printf ("http://turned.example:%u/", port);

  resolver->answers = mixed;
  result = post_to (dialer, a);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->error, "not public"));
  g_clear_pointer (&result, relay_post_result_free);

  resolver->answers = rebound;
  resolver->asked = 0;
  for (int i = 0; i < 3; i++)
    {
      result = post_to (dialer, b);
      g_assert_cmpstr (result->error, ==, "");
      g_assert_cmpint (result->status, ==, 200);
      g_clear_pointer (&result, relay_post_result_free);
    }
  g_assert_cmpint (resolver->asked, ==, 1);
  g_assert_cmpint (host.visits, ==, 3);

  resolver->answers = turned;
  resolver->asked = 0;
  result = post_to (dialer, c);
  g_assert_cmpint (result->status, ==, 0);
  g_clear_pointer (&result, relay_post_result_free);
  result = post_to (dialer, c);
  g_assert_cmpint (result->status, ==, 200);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
  g_object_unref (resolver);
}

/* Answers every message of a connection; most receivers do so, with 204 and no length. */
static gboolean
on_caller_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  static const char *const answer = "HTTP/1.1 204 No Content\r\n\r\n";
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize got;

  g_atomic_int_inc ((gint *)data);
  while ((got = g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      g_string_append_len (text, buffer, got);
      if (!g_str_has_suffix (text->str, "\r\n\r\n{}"))
        continue;
      g_string_truncate (text, 0);
      g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
    }
  return TRUE;
}

/* Messages in a row to one host take one connection. */
static void
test_kept_connection (void)
{
  static const char *const loopback[] = { "127.0.0.0/8", NULL };
  RelayDialerConfig config = { .allow_targets = loopback, .user_agent = "test" };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayDialer) dialer = relay_dialer_new (&config, &error);
  guint16 port;
  gint connections = 0;
  Host unused = { "", 0 };
  GSocketService *service = listen_at (&port, &unused);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);

  g_signal_handlers_disconnect_by_data (service, &unused);
  g_signal_connect (service, "run", G_CALLBACK (on_caller_cb), &connections);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (RelayPostResult) result = post_to (dialer, url);

      g_assert_cmpstr (result->error, ==, "");
      g_assert_cmpint (result->status, ==, 204);
    }
  g_assert_cmpint (g_atomic_int_get (&connections), ==, 1);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
}

/* A redirect is an answer like any other: nobody goes where it points. */
static void
test_redirect (void)
{
  static const char *const loopback[] = { "127.0.0.0/8", NULL };
  RelayDialerConfig config = { .allow_targets = loopback, .user_agent = "test" };
  Host host = { "HTTP/1.1 307 Elsewhere\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayDialer) dialer = relay_dialer_new (&config, &error);
  g_autoptr (RelayPostResult) result = NULL;
  guint16 port;
  GSocketService *service = listen_at (&port, &host);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);

  result = post_to (dialer, url);
  g_assert_cmpint (result->status, ==, 307);
  g_assert_cmpint (host.visits, ==, 1);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
}

/* Spellings of loopback, some of which only getaddrinfo() understands, end at the same address, and are judged by it.
 */
static void
test_spellings (void)
{
  static const char *const urls[] = { "https://127.1/",           "https://2130706433/",         "https://0x7f.1/",
                                      "https://0177.0.0.1/",      "https://localhost/",          "https://[::1]/",
                                      "https://[::ffff:7f00:1]/", "https://[::ffff:127.0.0.1]/", "https://0/" };
  RelayDialerConfig config = { .user_agent = "test" };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayDialer) dialer = relay_dialer_new (&config, &error);

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (RelayPostResult) result = post_to (dialer, urls[i]);

      g_assert_cmpint (result->status, ==, 0);
      /* not every getaddrinfo() reads every spelling */
      if (strstr (result->error, "not public") == NULL && strstr (result->error, "no address") == NULL)
        g_error ("%s: %s", urls[i], result->error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/dialer/oracle", test_oracle);
  g_test_add_func ("/delivery/dialer/allowed", test_allowed);
  g_test_add_func ("/delivery/dialer/names", test_names);
  g_test_add_func ("/delivery/dialer/kept-connection", test_kept_connection);
  g_test_add_func ("/delivery/dialer/redirect", test_redirect);
  g_test_add_func ("/delivery/dialer/spellings", test_spellings);
  return g_test_run ();
}
