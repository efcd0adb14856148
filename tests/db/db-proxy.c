/* tests/db/db-proxy.c — see db-proxy.h.
 * Layer: tests. One thread that accepts, one per connection. */
#include "db-proxy.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET ".s.PGSQL.5432"

struct _DbProxy
{
  char *folder, *path, *server, *uri;
  int listener;
  GThread *thread;
  GPtrArray *threads; /* (element-type GThread) of connections; the accepting thread's until it has ended */
  int closing;        /* atomic, as the next three are */
  int cut, has_cut, closed;
};

typedef struct
{
  DbProxy *proxy;
  int client, server;
} Pair;

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

static gboolean
send_all (int fd, const char *bytes, gsize n)
{
  while (n > 0)
    {
      ssize_t sent = send (fd, bytes, n, MSG_NOSIGNAL);

      if (sent <= 0)
        return FALSE;
      bytes += sent;
      n -= (gsize)sent;
    }
  return TRUE;
}

static void
close_client (Pair *pair)
{
  close (pair->client);
  pair->client = -1;
}

/* @bytes hold the COMMIT. */
static void
cut (Pair *pair, DbProxyCut how, const char *bytes, gsize n)
{
  char answer[4096];

  if (how == DB_PROXY_CUT_AND_CLOSE)
    g_atomic_int_set (&pair->proxy->closed, 1);
  if (how == DB_PROXY_CUT_LATE)
    {
      close_client (pair);
      g_usleep (G_USEC_PER_SEC);
    }
  /* The server has done it, and said so, before anybody hears that the line is dead. */
  if (how != DB_PROXY_CUT_BEFORE && send_all (pair->server, bytes, n))
    g_assert_cmpint (recv (pair->server, answer, sizeof answer, 0), >, 0);
  g_atomic_int_set (&pair->proxy->has_cut, 1);
}

/* FALSE: this connection is over. */
static gboolean
pass_on (Pair *pair, int from, int to)
{
  char bytes[65536];
  ssize_t n = recv (from, bytes, sizeof bytes, 0);
  int how;

  if (n <= 0)
    return FALSE;
  if (from == pair->client && memmem (bytes, (gsize)n, "writer_lane", 11) != NULL &&
      memmem (bytes, (gsize)n, "; COMMIT", 8) != NULL &&
      (how = g_atomic_int_get (&pair->proxy->cut)) != DB_PROXY_CUT_NOT)
    {
      g_atomic_int_set (&pair->proxy->cut, DB_PROXY_CUT_NOT);
      cut (pair, how, bytes, (gsize)n);
      return FALSE;
    }
  return send_all (to, bytes, (gsize)n);
}

static gpointer
connection_thread (gpointer data)
{
  g_autofree Pair *pair = data;
  gboolean open = pair->server >= 0;

  while (open && !g_atomic_int_get (&pair->proxy->closing))
    {
      struct pollfd fds[2] = { { .fd = pair->client, .events = POLLIN }, { .fd = pair->server, .events = POLLIN } };

      if (poll (fds, 2, 50) <= 0)
        continue;
      if (fds[0].revents != 0)
        open = pass_on (pair, pair->client, pair->server);
      if (open && fds[1].revents != 0)
        open = pass_on (pair, pair->server, pair->client);
    }
  if (pair->client >= 0)
    close_client (pair);
  if (pair->server >= 0)
    close (pair->server);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  DbProxy *self = data;

  while (!g_atomic_int_get (&self->closing))
    {
      struct pollfd fd = { .fd = self->listener, .events = POLLIN };
      Pair *pair;

      if (poll (&fd, 1, 50) <= 0)
        continue;
      pair = g_new0 (Pair, 1);
      pair->proxy = self;
      pair->client = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
      pair->server = g_atomic_int_get (&self->closed) ? -1 : connect_to (self->server);
      g_ptr_array_add (self->threads, g_thread_new ("proxy", connection_thread, pair));
    }
  return NULL;
}

/* "…@/name?host=<where the server's socket is>": the same with our folder. */
static void
read_uri (DbProxy *self, const char *uri)
{
  const char *host = strstr (uri, "?host=");
  g_autofree char *folder = NULL, *ours = g_uri_escape_string (self->folder, NULL, FALSE);

  g_assert_nonnull (host);
  folder = g_uri_unescape_string (host + strlen ("?host="), NULL);
  self->server = g_build_filename (folder, SOCKET, NULL);
  self->uri = g_strdup_printf ("%.*s?host=%s", (int)(host - uri), uri, ours);
}

DbProxy *
db_proxy_new (const char *folder, const char *uri)
{
  DbProxy *self = g_new0 (DbProxy, 1);
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, SOCKET, NULL);
  read_uri (self, uri);
  g_strlcpy (address.sun_path, self->path, sizeof address.sun_path);
  self->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->listener, 16), ==, 0);
  self->threads = g_ptr_array_new ();
  self->thread = g_thread_new ("proxy", accept_thread, self);
  return self;
}

void
db_proxy_free (DbProxy *self)
{
  g_atomic_int_set (&self->closing, 1);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);
  close (self->listener);
  unlink (self->path);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->server);
  g_free (self->uri);
  g_free (self);
}

const char *
db_proxy_uri (DbProxy *self)
{
  return self->uri;
}

void
db_proxy_cut_next (DbProxy *self, DbProxyCut how)
{
  g_atomic_int_set (&self->has_cut, 0);
  g_atomic_int_set (&self->cut, how);
}

gboolean
db_proxy_has_cut (DbProxy *self)
{
  return g_atomic_int_get (&self->has_cut);
}
