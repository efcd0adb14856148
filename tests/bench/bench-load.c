/* tests/bench/bench-load.c — a closed-loop HTTP/1.1 client: N connections, each sends its next request when the answer
 * to the last one is whole. Prints one line of JSON: requests per second and latencies. Usage: bench-load HOST PORT
 * FILE --connections N --seconds S [--once] [--expect STATUS] FILE holds requests, each preceded by its length in
 * decimal and a newline. With --once each is sent at most once. Layer: tests. One thread. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER (256 * 1024)

typedef struct
{
  const char *bytes;
  gsize length;
} Request;

typedef struct
{
  int fd;
  gint64 sent_at;
  gsize have; /* bytes of the answer so far */
  gsize need; /* of the whole answer; 0: the head is not complete */
  char *bytes;
} Client;

typedef struct
{
  struct sockaddr_in address;
  GArray *requests; /* (element-type Request) */
  guint next;
  gboolean once;
  guint expect;
  int epoll_fd;
  GArray *latencies; /* (element-type guint32) microseconds */
  guint64 wrong;
  guint64 reconnects;
  guint open;
  gint64 end;
} Load;

static void
fail (const char *what)
{
  fprintf (stderr, "bench-load: %s: %s\n", what, g_strerror (errno));
  exit (1);
}

static GArray *
read_requests (const char *path)
{
  GArray *requests = g_array_new (FALSE, FALSE, sizeof (Request));
  char *text; /* as long as the process */
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    fail (path);
  for (char *at = text; at < text + length;)
    {
      char *bytes;
      gsize size = g_ascii_strtoull (at, &bytes, 10);
      Request request = { bytes + 1, size };

      g_array_append_val (requests, request);
      at = bytes + 1 + size;
    }
  return requests;
}

/* The next request goes out. FALSE: there is none left, or time is up. */
static gboolean
send_next (Load *load, Client *client)
{
  Request *request;
  gsize sent = 0;

  if (load->next == load->requests->len)
    {
      if (load->once)
        return FALSE;
      load->next = 0;
    }
  request = &g_array_index (load->requests, Request, load->next++);
  client->have = client->need = 0;
  client->sent_at = g_get_monotonic_time ();
  if (client->sent_at >= load->end)
    return FALSE;
  while (sent < request->length)
    {
      ssize_t n = send (client->fd, request->bytes + sent, request->length - sent, MSG_NOSIGNAL);

      if (n < 0)
        return FALSE;
      sent += n;
    }
  return TRUE;
}

static void
dial (Load *load, Client *client)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
  int on = 1;

  client->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client->fd < 0 || connect (client->fd, (struct sockaddr *)&load->address, sizeof load->address) != 0)
    fail ("connect");
  setsockopt (client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl (load->epoll_fd, EPOLL_CTL_ADD, client->fd, &event);
  load->open++;
}

static void
hang_up (Load *load, Client *client)
{
  close (client->fd);
  load->open--;
}

/* How long the whole answer is, once its head is there. */
static gsize
answer_length (const char *bytes, gsize have)
{
  const char *end = memmem (bytes, have, "\r\n\r\n", 4);
  const char *field;

  if (end == NULL)
    return 0;
  field = strcasestr (bytes, "\r\ncontent-length:");
  if (field == NULL || field > end)
    return end + 4 - bytes;
  return end + 4 - bytes + g_ascii_strtoull (field + strlen ("\r\ncontent-length:"), NULL, 10);
}

static void
on_answer (Load *load, Client *client)
{
  guint32 took = g_get_monotonic_time () - client->sent_at;
  guint status = g_ascii_strtoull (client->bytes + strlen ("HTTP/1.1 "), NULL, 10);

  if (status == load->expect)
    g_array_append_val (load->latencies, took);
  else if (load->wrong++ == 0)
    fprintf (stderr, "bench-load: unexpected answer: %.*s\n", (int)MIN (client->have, 600), client->bytes);
  if (!send_next (load, client))
    hang_up (load, client);
}

static void
on_readable (Load *load, Client *client)
{
  ssize_t n = recv (client->fd, client->bytes + client->have, BUFFER - 1 - client->have, 0);

  if (n <= 0)
    {
      load->reconnects++;
      hang_up (load, client);
      dial (load, client);
      if (!send_next (load, client))
        hang_up (load, client);
      return;
    }
  client->have += n;
  client->bytes[client->have] = '\0';
  if (client->need == 0)
    client->need = answer_length (client->bytes, client->have);
  if (client->need > 0 && client->have >= client->need)
    on_answer (load, client);
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

  return x < y ? -1 : x > y;
}

static guint32
percentile (GArray *sorted, guint per_mille)
{
  return sorted->len == 0 ? 0 : g_array_index (sorted, guint32, (guint64)(sorted->len - 1) * per_mille / 1000);
}

static void
report (Load *load, gint64 took)
{
  g_array_sort (load->latencies, by_size);
  printf ("{\"requests\": %u, \"seconds\": %.3f, \"per_second\": %.1f, \"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u, "
          "\"wrong\": %" G_GUINT64_FORMAT ", \"reconnects\": %" G_GUINT64_FORMAT "}\n",
          load->latencies->len, took / 1e6, load->latencies->len * 1e6 / took, percentile (load->latencies, 500),
          percentile (load->latencies, 990), percentile (load->latencies, 1000), load->wrong, load->reconnects);
}

int
main (int argc, char **argv)
{
  int connections = 64;
  double seconds = 5;
  int expect = 200;
  gboolean once = FALSE;
  const GOptionEntry entries[] = {
    { "connections", 'c', 0, G_OPTION_ARG_INT, &connections, "clients at once", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_DOUBLE, &seconds, "how long", "S" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &once, "each request at most once", NULL },
    { "expect", 0, 0, G_OPTION_ARG_INT, &expect, "the status that counts", "STATUS" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("HOST PORT FILE");
  g_autoptr (GError) error = NULL;
  Load load = { .address.sin_family = AF_INET };
  Client *clients;
  gint64 start;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 4)
    {
      fprintf (stderr, "bench-load: %s\n", error != NULL ? error->message : "HOST PORT FILE are needed");
      return 2;
    }
  inet_pton (AF_INET, argv[1], &load.address.sin_addr);
  load.address.sin_port = g_htons (g_ascii_strtoull (argv[2], NULL, 10));
  load.requests = read_requests (argv[3]);
  load.once = once;
  load.expect = expect;
  load.epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  load.latencies = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 1 << 20);
  clients = g_new0 (Client, connections);
  for (int i = 0; i < connections; i++)
    {
      clients[i].bytes = g_malloc (BUFFER);
      dial (&load, &clients[i]);
    }
  start = g_get_monotonic_time ();
  load.end = start + (gint64)(seconds * G_USEC_PER_SEC);
  for (int i = 0; i < connections; i++)
    if (!send_next (&load, &clients[i]))
      hang_up (&load, &clients[i]);
  while (load.open > 0)
    {
      struct epoll_event events[256];
      int n = epoll_wait (load.epoll_fd, events, 256, 1000);

      for (int i = 0; i < n; i++)
        on_readable (&load, events[i].data.ptr);
      if (n == 0 && g_get_monotonic_time () > load.end + 10 * G_USEC_PER_SEC)
        break; /* a server that never answers is not waited for */
    }
  report (&load, g_get_monotonic_time () - start);
  return 0;
}
