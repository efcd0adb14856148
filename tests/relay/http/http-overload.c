/* tests/relay/http/http-overload.c — too slow, too large, too many: the gate lets go in time and keeps serving.
 * Layer: tests. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http-support.h"

/* AddressSanitizer pads what it watches. */
#ifdef __SANITIZE_ADDRESS__
#define PADDING 4
#else
#define PADDING 1
#endif

/* Memory of this process, in KiB. */
static gint64
resident (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, "VmRSS:");
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen ("VmRSS:"), NULL, 10);
}

/* ── Too slow ────────────────────────────────────────────────────────────────────────────────────── */

/* The head's deadline begins with the connection: it leaves a busy machine time to send. */
static const RelayServerConfig hasty = { .head_ms = 3000, .body_ms = 300, .write_ms = 300, .idle_ms = 300 };

/* Sends @bytes, then drips one more now and then until the server has had enough. */
static char *
drip (Gate *gate, const char *bytes, const char *drop)
{
  int fd = client_new (gate);
  GString *reply = g_string_new (NULL);
  struct timeval patience = { .tv_usec = 20 * 1000 };
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  char byte;

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  client_send (fd, bytes, -1);
  for (;;)
    {
      ssize_t n = recv (fd, &byte, 1, 0);

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (n == 1)
        g_string_append_c (reply, byte);
      else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
        break;
      else
        client_send (fd, drop, -1);
    }
  close (fd);
  return g_string_free (reply, FALSE);
}

static void
test_slow_clients (void)
{
  g_autoptr (Gate) gate = gate_new (hasty);
  g_autofree char *nothing = drip (gate, "", "");
  g_autofree char *head = drip (gate, "GET / HTTP/1.1\r\nHost: a\r\nX: ", "y");
  g_autofree char *fields = drip (gate, "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n");
  g_autofree char *body = drip (gate, "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n", "y");
  g_autofree char *idle = drip (gate, GET ("/"), "");

  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpuint (reply_status (head), ==, 408);
  g_assert_true (reply_status (fields) == 408 || reply_status (fields) == 431);
  g_assert_cmpuint (reply_status (body), ==, 408);
  g_assert_cmpuint (reply_status (idle), ==, 200);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 1);
}

/* Asks for 16 MiB and does not read. */
static void
test_slow_reader (void)
{
  g_autoptr (Gate) gate = gate_new (hasty);
  int fd = client_new (gate);
  int small = 4096;
  g_autofree char *got = NULL;

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  client_send (fd, GET ("/v1/big?size=16777216") GET ("/v1/items/after"), -1);
  gate_await (&gate->executed, 1);
  g_assert_cmpint (poll (&(struct pollfd){ .fd = fd }, 1, 60 * 1000), ==, 1); /* hung up, without being read from */
  got = client_drain (fd);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 1); /* the second was never run */
  close (fd);
}

/* One that reads slowly but steadily gets everything, however long it takes. */
static void
test_steady_reader (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .write_ms = 2500 });
  int fd = client_new (gate);
  gint64 begun = g_get_monotonic_time ();
  gsize total = 0;
  char bytes[32 * 1024];
  ssize_t n;

  client_send (fd, "GET /v1/big?size=25165824 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", -1);
  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0)
    {
      total += n;
      g_usleep (5000); /* 3.8 s in all */
    }
  g_assert_cmpint (g_get_monotonic_time () - begun, >, 2500 * 1000); /* longer than the deadline of one piece */
  g_assert_cmpuint (total, >, 25165824);
  close (fd);
}

/* ── Too large ───────────────────────────────────────────────────────────────────────────────────── */

/* 300 MB announced and sent without waiting: refused at the head, nothing is kept. */
static void
test_huge_body (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *chunk = g_malloc0 (1024 * 1024);
  int fd = client_new (gate);
  gint64 before = resident ();
  g_autofree char *reply = NULL;

  client_send (fd, "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 314572800\r\n\r\n", -1);
  for (int i = 0; i < 300; i++)
    if (send (fd, chunk, 1024 * 1024, MSG_NOSIGNAL) <= 0)
      break;
  reply = client_drain (fd);
  g_assert_true (reply_status (reply) == 413 || reply[0] == '\0'); /* a reset may overtake it: we did not listen */
  g_assert_cmpint (resident () - before, <, PADDING * 16 * 1024);
  close (fd);
  /* A client that listens gets to see it. */
  g_assert_cmpuint (gate_status (gate, "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 314572800\r\n\r\nabc", -1),
                    ==, 413);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 0);
}

/* Many that announce much and send little cost what they send. */
static void
test_announced_bodies (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .connections_per_peer = 1000 });
  gint64 before = resident ();
  int fds[500];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = client_new (gate);
      client_send (fds[i], "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\nab", -1);
    }
  g_assert_cmpuint (gate_status (gate, GET ("/"), -1), ==, 200);
  g_assert_cmpint (resident () - before, <, PADDING * 16 * 1024); /* 125 MiB were announced */
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
}

/* ── Too many ────────────────────────────────────────────────────────────────────────────────────── */

#define CROWD 4000

static gboolean
raise_descriptors (rlim_t wanted)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = MIN (limit.rlim_max, MAX (limit.rlim_cur, wanted));
  return setrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted;
}

static void
test_crowd (void)
{
  g_autoptr (Gate) gate = NULL;
  g_autofree int *fds = g_new (int, CROWD);
  gint64 before;
  guint closed = 0;

  if (!raise_descriptors (2 * CROWD + 200))
    {
      g_test_skip ("not enough descriptors allowed here");
      return;
    }
  gate = gate_new ((RelayServerConfig){ .connections_per_peer = CROWD + 100, .head_ms = 3000 });
  before = resident ();
  for (guint i = 0; i < CROWD; i++)
    {
      fds[i] = client_new (gate);
      if (i % 2 == 0)
        client_send (fds[i], "GET /v1/echo HTTP/1.1\r\nHos", -1);
    }
  for (int i = 0; i < 200; i++)
    g_assert_cmpuint (gate_status (gate, i % 2 == 0 ? GET ("/") : GET ("/v1/items/1"), -1), ==, 200);
  g_assert_cmpint (resident () - before, <, PADDING * CROWD * 3 / 2); /* KiB: 1.5 each */
  for (guint i = 0; i < CROWD; i++)
    {
      g_autofree char *rest = client_drain (fds[i]); /* blocks until the deadline has closed it */

      closed += reply_status (rest) == (i % 2 == 0 ? 408 : 0) ? 1 : 0;
      close (fds[i]);
    }
  g_assert_cmpuint (closed, ==, CROWD);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 200);
}

static void
test_caps (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .connections_per_peer = 5 });
  int fds[5];
  guint status;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = client_new (gate);
      client_send (fds[i], GET ("/"), -1);
      g_free (client_receive (fds[i]));
    }
  status = gate_status (gate, GET ("/"), -1);
  g_assert_true (status == 503 || status == 0);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  do /* the gate notices in its own time */
    status = gate_status (gate, GET ("/"), -1);
  while (status != 200);
}

/* No descriptor left: who comes is told so, and as soon as there are some again it goes on. */
static void
test_no_descriptors (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  struct rlimit old, low;
  int fds[60];
  guint refused = 0, served = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  low = old;
  low.rlim_cur = fds[G_N_ELEMENTS (fds) - 1] + 20;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      client_connect (gate, fds[i]);
      client_send (fds[i], GET ("/"), -1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      g_autofree char *reply = client_receive (fds[i]);

      served += reply_status (reply) == 200 ? 1 : 0;
      refused += reply_status (reply) == 503 || reply[0] == '\0' ? 1 : 0;
    }
  g_assert_cmpuint (served, >, 0);
  g_assert_cmpuint (refused, >, 0);
  g_assert_cmpuint (served + refused, ==, G_N_ELEMENTS (fds));
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  while (gate_status (gate, GET ("/"), -1) != 200)
    g_usleep (1000);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &old), ==, 0);
}

/* The queue is full: 503 at once with Retry-After; webhooks still get in, and are served by workers of their own. */
static void
test_shedding (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .request_threads = 2, .webhook_threads = 1, .queue_max = 3 });
  int busy[5];
  g_autofree char *shed = NULL;
  g_autofree char *retry = NULL;
  g_autofree char *hook = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (busy); i++)
    {
      busy[i] = client_new (gate);
      client_send (busy[i], GET ("/v1/slow"), -1);
      if (i == 1)
        gate_await (&gate->running, 2); /* both workers busy, so that the rest queues */
    }
  do
    {
      g_free (shed);
      shed = gate_ask (gate, "GET /v1/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", -1);
    }
  while (reply_status (shed) != 503);
  retry = reply_header (shed, "Retry-After");
  g_assert_nonnull (retry);
  g_assert_nonnull (strstr (shed, "\"code\":\"UNAVAILABLE\""));
  hook = gate_ask (gate, "POST /webhooks/mock/acc HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", -1);
  g_assert_cmpuint (reply_status (hook), ==, 200);
  g_assert_cmpuint (gate_status (gate, GET ("/"), -1), ==, 200); /* and so is memory */
  gate_release (gate);
  for (guint i = 0; i < G_N_ELEMENTS (busy); i++)
    {
      g_autofree char *reply = client_receive (busy[i]);

      g_assert_cmpuint (reply_status (reply), ==, 200);
      close (busy[i]);
    }
}

/* A reader of events that never reads is let go, without growing. */
static void
test_deaf_stream (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .write_ms = 300 });
  int fd = client_new (gate);
  int small = 4096;
  gint64 patience = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  char byte;

  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  client_send (fd, "GET /v1/flood HTTP/1.1\r\nHost: a\r\n\r\n", -1);
  gate_await (&gate->executed, 1);
  while (recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0 && g_get_monotonic_time () < patience)
    {
      int before = g_atomic_int_get (&gate->executed);

      relay_server_wake (gate->server, "link:flood");
      g_usleep (2000);
      if (before == g_atomic_int_get (&gate->executed))
        break; /* nobody is parked any more */
    }
  g_assert_cmpint (g_get_monotonic_time (), <, patience);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/overload/slow-clients", test_slow_clients);
  g_test_add_func ("/http/overload/slow-reader", test_slow_reader);
  g_test_add_func ("/http/overload/steady-reader", test_steady_reader);
  g_test_add_func ("/http/overload/huge-body", test_huge_body);
  g_test_add_func ("/http/overload/announced-bodies", test_announced_bodies);
  g_test_add_func ("/http/overload/crowd", test_crowd);
  g_test_add_func ("/http/overload/caps", test_caps);
  g_test_add_func ("/http/overload/no-descriptors", test_no_descriptors);
  g_test_add_func ("/http/overload/shedding", test_shedding);
  g_test_add_func ("/http/overload/deaf-stream", test_deaf_stream);
  return g_test_run ();
}
