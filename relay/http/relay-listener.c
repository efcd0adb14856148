/* relay/http/relay-listener.c — the loop of a listener thread: accept, epoll, mailbox, deadlines.
 * Layer: relay/http, private. */
#include "relay-listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cobro-error.h"
#include "relay-connection.h"

#define EVENTS_PER_TURN  256
#define ACCEPTS_PER_TURN 64
#define LINGER_US        (2 * G_USEC_PER_SEC)
#define KEEP_ALIVE_US    (15 * G_USEC_PER_SEC)
#define REST_US          (100 * 1000) /* not accepting after descriptors ran out entirely */

/* ── Life ────────────────────────────────────────────────────────────────────────────────────────── */

static int
open_spare (void)
{
  return open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static gboolean
open_descriptors (RelayListener *self, GError **error)
{
  struct epoll_event wake = { .events = EPOLLIN, .data.ptr = &self->wake_fd };
  struct epoll_event fresh = { .events = EPOLLIN, .data.ptr = &self->socket };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->wake_fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  self->spare_fd = open_spare ();
  if (self->epoll_fd < 0 || self->wake_fd < 0 || epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->wake_fd, &wake) != 0 ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->socket.fd, &fresh) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot set up the listener: %s", g_strerror (errno));
  self->accepting = TRUE;
  return TRUE;
}

static void
set_waits (RelayListener *self, const RelayServerConfig *config)
{
  self->wait_us[RELAY_WAIT_HEAD] = (gint64)config->head_ms * 1000;
  self->wait_us[RELAY_WAIT_BODY] = (gint64)config->body_ms * 1000;
  self->wait_us[RELAY_WAIT_WRITE] = (gint64)config->write_ms * 1000;
  self->wait_us[RELAY_WAIT_IDLE] = (gint64)config->idle_ms * 1000;
  self->wait_us[RELAY_WAIT_LINGER] = LINGER_US;
}

RelayListener *
relay_listener_new (RelayServer *server, const char *address, gboolean shared, GError **error)
{
  RelayListener *self = g_new0 (RelayListener, 1);
  guint8 random[8];

  self->server = server;
  self->epoll_fd = self->wake_fd = self->spare_fd = self->socket.fd = -1;
  g_mutex_init (&self->lock);
  self->woken = g_ptr_array_new_with_free_func (g_free);
  self->parked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
  self->grave = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_connection_free);
  self->cache = relay_cache_new (&server->wakes, RELAY_CACHE_BYTES);
  self->out = g_string_sized_new (2048);
  self->scratch = g_malloc (RELAY_SCRATCH_BYTES);
  self->sweep_at = G_MAXINT64;
  self->second = -1;
  set_waits (self, &server->config);
  cobro_random_fill (server->config.random, random, sizeof random);
  for (guint i = 0; i < sizeof random; i++)
    g_snprintf (self->id_prefix + 2 * i, 3, "%02x", random[i]);
  if (relay_socket_listen (&self->socket, address, shared, server->config.unix_mode, error) &&
      open_descriptors (self, error))
    return self;
  relay_listener_free (self);
  return NULL;
}

static void
close_descriptor (int fd)
{
  if (fd >= 0)
    close (fd);
}

void
relay_listener_free (RelayListener *self)
{
  relay_socket_close (&self->socket);
  close_descriptor (self->epoll_fd);
  close_descriptor (self->wake_fd);
  close_descriptor (self->spare_fd);
  g_hash_table_unref (self->parked);
  g_ptr_array_unref (self->woken);
  g_ptr_array_unref (self->grave);
  relay_cache_free (self->cache);
  g_string_free (self->out, TRUE);
  g_free (self->date);
  g_free (self->scratch);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
relay_listener_next_id (RelayListener *self, char *out_id, gsize size)
{
  static const char digits[] = "0123456789abcdef";
  guint64 count = self->id_count++;

  g_return_if_fail (size > 32);
  memcpy (out_id, self->id_prefix, 16);
  for (int i = 31; i >= 16; i--, count >>= 4)
    out_id[i] = digits[count & 15];
  out_id[32] = '\0';
}

/* ── Mailbox ─────────────────────────────────────────────────────────────────────────────────────── */

/* Called with the lock, which it releases. */
static void
rouse_and_unlock (RelayListener *self)
{
  guint64 one = 1;
  gboolean asleep = self->is_asleep;
  int fd = self->wake_fd;

  self->is_asleep = FALSE;
  g_mutex_unlock (&self->lock);
  if (asleep && write (fd, &one, sizeof one) < 0)
    g_critical ("cannot wake the listener: %s", g_strerror (errno));
}

void
relay_listener_post_done (RelayListener *self, RelayJob *job)
{
  g_mutex_lock (&self->lock);
  job->next = self->done;
  self->done = job;
  rouse_and_unlock (self);
}

void
relay_listener_post_wake (RelayListener *self, const char *topic)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->woken, g_strdup (topic));
  rouse_and_unlock (self);
}

void
relay_listener_stop (RelayListener *self, guint ms)
{
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  self->stop_at = g_get_monotonic_time () + (gint64)ms * 1000;
  rouse_and_unlock (self);
}

/* ── Accepting ───────────────────────────────────────────────────────────────────────────────────── */

/* Best effort, without reading: there is no descriptor or no room to do more. */
static void
refuse_socket (int fd)
{
  static const char text[] =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  char drop[4096];

  (void)!send (fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown (fd, SHUT_WR);
  (void)!recv (fd, drop, sizeof drop, MSG_DONTWAIT); /* unread bytes would turn the answer into a reset */
  close (fd);
}

static void
set_accepting (RelayListener *self, gboolean accepting)
{
  struct epoll_event fresh = { .events = accepting ? EPOLLIN : 0, .data.ptr = &self->socket };

  if (self->accepting == accepting)
    return;
  self->accepting = accepting;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, self->socket.fd, &fresh);
}

/* No descriptor left: the spare one lets us take and refuse one client, so that it does not wait for nothing. */
static gboolean
refuse_with_spare (RelayListener *self)
{
  int fd;

  if (self->spare_fd >= 0)
    {
      close (self->spare_fd);
      fd = accept4 (self->socket.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0)
        refuse_socket (fd);
      self->spare_fd = open_spare ();
    }
  if (self->spare_fd >= 0)
    return TRUE;
  self->spare_fd = open_spare ();
  self->rest_until = self->now + REST_US;
  set_accepting (self, FALSE);
  return FALSE;
}

static void
peer_text (const struct sockaddr_storage *address, char *out_text, gsize size)
{
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

  if (address->ss_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out_text, size);
  else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr))
    inet_ntop (AF_INET, v6->sin6_addr.s6_addr + 12, out_text, size);
  else if (address->ss_family == AF_INET6)
    inet_ntop (AF_INET6, &v6->sin6_addr, out_text, size);
  else
    g_strlcpy (out_text, RELAY_PEER_UNIX, size);
}

static void
accept_some (RelayListener *self)
{
  for (guint i = 0; i < ACCEPTS_PER_TURN; i++)
    {
      struct sockaddr_storage address = { 0 };
      socklen_t length = sizeof address;
      char peer[INET6_ADDRSTRLEN];
      int fd = accept4 (self->socket.fd, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
        {
          if (!refuse_with_spare (self))
            return;
          continue;
        }
      if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return;
      if (fd < 0) /* this client is gone already (ECONNABORTED and its kin) */
        continue;
      peer_text (&address, peer, sizeof peer);
      if (relay_server_admit (self->server, peer, !relay_trust_has (self->server->trust, peer)))
        relay_connection_new (self, fd, peer);
      else
        refuse_socket (fd);
    }
}

/* ── One turn ────────────────────────────────────────────────────────────────────────────────────── */

static void
tell_time (RelayListener *self)
{
  gint64 second = cobro_clock_now (self->server->config.clock) / COBRO_SECOND;
  g_autoptr (GDateTime) time = NULL;

  self->now = g_get_monotonic_time ();
  if (second == self->second)
    return;
  self->second = second;
  time = g_date_time_new_from_unix_utc (second);
  g_free (self->date);
  self->date = soup_date_time_to_string (time, SOUP_DATE_HTTP);
}

static void
wake_topic (RelayListener *self, const char *topic)
{
  GQueue *queue = g_hash_table_lookup (self->parked, topic);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();

  for (GList *link = queue != NULL ? queue->head : NULL; link != NULL; link = link->next)
    g_ptr_array_add (waiting, link->data);
  for (guint i = 0; i < waiting->len; i++) /* the queue goes away with its last member */
    relay_connection_look_again (waiting->pdata[i], FALSE);
}

/* Parked connections whose time has come look again; quiet streams say something. */
static void
sweep (RelayListener *self, gboolean everybody)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new ();
  g_autoptr (GPtrArray) quiet = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  self->sweep_at = g_hash_table_size (self->parked) == 0 ? G_MAXINT64 : self->now + G_USEC_PER_SEC;
  g_hash_table_iter_init (&iter, self->parked);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (GList *link = ((GQueue *)value)->head; link != NULL; link = link->next)
      {
        RelayConnection *connection = link->data;

        if (everybody || connection->until <= self->now)
          g_ptr_array_add (due, connection);
        else if (connection->stream && connection->spoken + KEEP_ALIVE_US <= self->now)
          g_ptr_array_add (quiet, connection);
        else
          self->sweep_at = MIN (self->sweep_at, connection->until);
      }
  for (guint i = 0; i < due->len; i++)
    relay_connection_look_again (due->pdata[i], TRUE);
  for (guint i = 0; i < quiet->len; i++)
    relay_connection_keep_alive (quiet->pdata[i]);
}

static void
expire (RelayListener *self)
{
  for (guint wait = 0; wait < RELAY_WAITS; wait++)
    for (GList *first = self->waits[wait].head; first != NULL; first = self->waits[wait].head)
      {
        RelayConnection *connection = first->data;

        if (connection->due > self->now)
          break;
        relay_connection_on_deadline (connection, wait);
      }
}

/* The first "stop": no new clients, idle ones go, parked ones answer. */
static void
begin_to_stop (RelayListener *self)
{
  g_autoptr (GPtrArray) idle = g_ptr_array_new ();

  self->stopping = TRUE;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, self->socket.fd, NULL);
  relay_socket_close (&self->socket);
  for (GList *link = self->all.head; link != NULL; link = link->next)
    {
      RelayConnection *connection = link->data;

      if (connection->state == RELAY_CONNECTION_HEAD && (connection->in == NULL || connection->in->len == 0))
        g_ptr_array_add (idle, connection);
    }
  for (guint i = 0; i < idle->len; i++)
    relay_connection_close (idle->pdata[i]);
  sweep (self, TRUE);
}

static void
close_all (RelayListener *self)
{
  while (self->all.head != NULL)
    relay_connection_close (self->all.head->data);
}

/* What other threads have left for us. @out_stop: asked to stop. */
static RelayJob *
open_mailbox (RelayListener *self, GPtrArray **out_woken, gboolean *out_stop)
{
  RelayJob *done;
  RelayJob *oldest_first = NULL;

  g_mutex_lock (&self->lock);
  self->is_asleep = FALSE;
  done = g_steal_pointer (&self->done);
  *out_woken = self->woken->len > 0 ? g_steal_pointer (&self->woken) : NULL;
  if (*out_woken != NULL)
    self->woken = g_ptr_array_new_with_free_func (g_free);
  *out_stop = self->stop;
  g_mutex_unlock (&self->lock);
  while (done != NULL)
    {
      RelayJob *next = done->next;

      done->next = oldest_first;
      oldest_first = done;
      done = next;
    }
  return oldest_first;
}

static void
read_mailbox (RelayListener *self)
{
  g_autoptr (GPtrArray) woken = NULL;
  gboolean stop;
  RelayJob *job = open_mailbox (self, &woken, &stop);

  while (job != NULL)
    {
      g_autofree RelayJob *one = job;

      job = job->next;
      relay_connection_on_done (one->owner, one);
    }
  for (guint i = 0; woken != NULL && i < woken->len; i++)
    wake_topic (self, woken->pdata[i]);
  if (stop && !self->stopping)
    begin_to_stop (self);
}

/* Milliseconds until something is due, -1: nothing is; 0: there is mail, or a connection is ready. */
static int
time_to_sleep (RelayListener *self)
{
  gint64 next = self->sweep_at;
  gboolean mail;

  for (guint wait = 0; wait < RELAY_WAITS; wait++)
    if (self->waits[wait].head != NULL)
      next = MIN (next, ((RelayConnection *)self->waits[wait].head->data)->due);
  if (!self->accepting)
    next = MIN (next, self->rest_until);
  if (self->stopping)
    next = MIN (next, self->stop_at);

  g_mutex_lock (&self->lock);
  mail = self->done != NULL || self->woken->len > 0 || (self->stop && !self->stopping);
  self->is_asleep = !mail && self->ready.length == 0;
  g_mutex_unlock (&self->lock);
  if (mail || self->ready.length > 0)
    return 0;
  return next == G_MAXINT64 ? -1 : (int)CLAMP ((next - self->now + 999) / 1000, 0, 60 * 1000);
}

static void
take_events (RelayListener *self)
{
  struct epoll_event events[EVENTS_PER_TURN];
  int n = epoll_wait (self->epoll_fd, events, EVENTS_PER_TURN, time_to_sleep (self));
  gboolean fresh = FALSE;
  guint64 drop;

  tell_time (self);
  for (int i = 0; i < n; i++)
    if (events[i].data.ptr == &self->wake_fd)
      (void)!read (self->wake_fd, &drop, sizeof drop);
    else if (events[i].data.ptr == &self->socket)
      fresh = TRUE;
    else
      relay_connection_on_events (events[i].data.ptr, events[i].events);
  if (fresh && !self->stopping)
    accept_some (self);
}

static void
turn (RelayListener *self)
{
  guint ready;

  take_events (self);
  read_mailbox (self);
  for (ready = self->ready.length; ready > 0 && self->ready.head != NULL; ready--)
    relay_connection_resume (self->ready.head->data);
  expire (self);
  if (self->sweep_at <= self->now)
    sweep (self, FALSE);
  if (!self->accepting && !self->stopping && self->rest_until <= self->now)
    set_accepting (self, TRUE);
  if (self->stopping && self->stop_at <= self->now)
    close_all (self);
  g_ptr_array_set_size (self->grave, 0);
}

static gpointer
listen_thread (gpointer data)
{
  RelayListener *self = data;

  tell_time (self);
  while (!self->stopping || self->all.head != NULL)
    turn (self);
  return NULL;
}

void
relay_listener_start (RelayListener *self)
{
  self->thread = g_thread_new ("listener", listen_thread, self);
}

void
relay_listener_join (RelayListener *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
}
