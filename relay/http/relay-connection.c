/* relay/http/relay-connection.c — one client: bytes in, whole requests.
 * What goes out stands in relay-connection-write.c.
 * Layer: relay/http, private. Listener thread only. */
#include "relay-connection.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cobro-error.h"
#include "relay-connection-private.h"
#include "relay-dispatch.h"
#include "relay-reply-private.h"
#include "relay-request-private.h"

#define REQUESTS_PER_TURN 32            /* of one connection, before others have their turn */
#define LINGER_BYTES      (1024 * 1024) /* read and dropped while closing slowly */

/* ── Life ────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_connection_new (RelayListener *listener, int fd, const char *peer)
{
  RelayConnection *self = g_new0 (RelayConnection, 1);
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = self };

  self->listener = listener;
  self->fd = fd;
  self->wait_link.data = self;
  self->ready_link.data = self;
  self->park_link.data = self;
  self->all_link.data = self;
  g_strlcpy (self->peer, peer, sizeof self->peer);
  self->trusted = relay_trust_has (listener->server->trust, peer);
  g_queue_push_tail_link (&listener->all, &self->all_link);
  relay_connection_wait (self, RELAY_WAIT_HEAD);
  if (epoll_ctl (listener->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    relay_connection_close (self);
}

void
relay_connection_free (RelayConnection *self)
{
  g_clear_pointer (&self->request, relay_request_free);
  g_clear_pointer (&self->in, g_byte_array_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->out_body, g_bytes_unref);
  g_free (self);
}

void
relay_connection_close (RelayConnection *self)
{
  RelayListener *listener = self->listener;

  if (self->state == RELAY_CONNECTION_CLOSED)
    return;
  relay_connection_wait_no_more (self);
  relay_connection_unpark (self);
  if (self->is_ready)
    g_queue_unlink (&listener->ready, &self->ready_link);
  self->is_ready = FALSE;
  g_queue_unlink (&listener->all, &self->all_link);
  relay_server_dismiss (listener->server, self->peer, !self->trusted);
  close (self->fd);
  self->fd = -1;
  /* A request thread still has the request: freed when it comes back. */
  self->orphan = self->state == RELAY_CONNECTION_RUNNING;
  self->state = RELAY_CONNECTION_CLOSED;
  if (!self->orphan)
    g_ptr_array_add (listener->grave, self);
}

/* ── Deadlines ───────────────────────────────────────────────────────────────────────────────────── */

void
relay_connection_wait_no_more (RelayConnection *self)
{
  if (self->wait_queue == NULL)
    return;
  g_queue_unlink (self->wait_queue, &self->wait_link);
  self->wait_queue = NULL;
}

void
relay_connection_wait (RelayConnection *self, RelayWait wait)
{
  RelayListener *listener = self->listener;

  relay_connection_wait_no_more (self);
  self->wait_queue = &listener->waits[wait];
  self->due = listener->now + listener->wait_us[wait];
  g_queue_push_tail_link (self->wait_queue, &self->wait_link);
}

static gboolean
waits_for (RelayConnection *self, RelayWait wait)
{
  return self->wait_queue == &self->listener->waits[wait];
}

void
relay_connection_on_deadline (RelayConnection *self, RelayWait wait)
{
  gboolean begun = self->in != NULL && self->in->len > 0;

  if (wait == RELAY_WAIT_BODY || (wait == RELAY_WAIT_HEAD && begun))
    relay_connection_refuse (self, 408, "the request did not arrive in time");
  else
    {
      /* Who does not read will not read the rest either: a reset frees what the kernel still holds for it. */
      if (wait == RELAY_WAIT_WRITE)
        setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof (struct linger));
      relay_connection_close (self);
    }
}

/* ── Running ─────────────────────────────────────────────────────────────────────────────────────── */

/* Hands the request to the pool. */
static void
run_on_pool (RelayConnection *self, gboolean must)
{
  RelayServer *server = self->listener->server;
  RelayJob *job = g_new0 (RelayJob, 1);
  gboolean is_webhook = self->request->route->lane == RELAY_LANE_WEBHOOK;

  relay_request_own_head (self->request);
  relay_connection_wait_no_more (self);
  self->request->is_inline = FALSE;
  job->request = self->request;
  job->owner = self;
  if (relay_pool_push (server->pool, job, is_webhook, must))
    {
      self->request = NULL;
      self->state = RELAY_CONNECTION_RUNNING;
      return;
    }
  g_free (job);
  {
    g_autoptr (GError) error = NULL;

    cobro_error_set (&error, COBRO_ERROR_UNAVAILABLE, "too busy at the moment");
    relay_connection_answer (self, relay_reply_problem (self->request, error));
  }
}

/* Head and body are complete. */
static void
run (RelayConnection *self)
{
  RelayServer *server = self->listener->server;
  RelayRequest *request = self->request;
  RelayReply *reply;

  request->listener = self->listener;
  request->started = self->listener->now;
  request->deadline = request->started + (gint64)server->config.request_ms * 1000;
  request->wakes_seen = relay_wakes_now (&server->wakes);
  if ((request->route->flags & RELAY_ROUTE_INLINE) == 0)
    {
      run_on_pool (self, FALSE);
      return;
    }
  request->is_inline = TRUE;
  reply = relay_dispatch_run (server, request);
  if (reply->kind != RELAY_REPLY_LATER)
    {
      relay_connection_answer (self, reply);
      return;
    }
  relay_reply_free (reply);
  run_on_pool (self, FALSE);
}

void
relay_connection_look_again (RelayConnection *self, gboolean expired)
{
  relay_connection_unpark (self);
  self->request->attempt++;
  self->request->expired = expired;
  self->request->wakes_seen = relay_wakes_now (&self->listener->server->wakes);
  run_on_pool (self, TRUE);
}

void
relay_connection_on_done (RelayConnection *self, RelayJob *job)
{
  if (self->orphan)
    {
      g_clear_pointer (&job->reply, relay_reply_free);
      relay_request_free (job->request);
      g_ptr_array_add (self->listener->grave, self);
      return;
    }
  self->request = job->request;
  self->state = RELAY_CONNECTION_WRITING; /* ours again: closing may free it */
  relay_connection_answer (self, g_steal_pointer (&job->reply));
  if (self->state == RELAY_CONNECTION_HEAD)
    relay_connection_resume (self);
}

/* ── Whole requests out of bytes ─────────────────────────────────────────────────────────────────── */

static void
body_complete (RelayConnection *self)
{
  self->request->body =
    self->body != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&self->body)) : g_bytes_new_static ("", 0);
  run (self);
}

static void
begin_body (RelayConnection *self, gboolean more_is_here)
{
  self->body_length = self->request->head->content_length;
  if (self->body_length == 0)
    {
      body_complete (self);
      return;
    }
  relay_request_own_head (self->request);
  self->state = RELAY_CONNECTION_BODY;
  self->body = g_byte_array_new (); /* grows with what arrives, not with what is announced */
  relay_connection_wait (self, RELAY_WAIT_BODY);
  if (self->request->head->expects_continue && !more_is_here)
    relay_connection_write_continue (self);
}

/* A whole head stands at @bytes. */
static void
on_head (RelayConnection *self, char *bytes, gsize length, gboolean more_is_here)
{
  RelayListener *listener = self->listener;
  RelayHead head;
  RelayFault fault;
  RelayReply *refusal = NULL;
  char id[48];

  if (!relay_head_parse (&head, bytes, length, &fault))
    {
      relay_connection_refuse (self, fault.status, fault.reason);
      return;
    }
  relay_listener_next_id (listener, id, sizeof id);
  self->request = relay_dispatch_begin (listener->server, &head, self->peer, self->trusted, id, &refusal);
  if (refusal != NULL)
    {
      self->request->started = listener->now;
      self->close = self->linger = head.content_length > 0; /* the body is not wanted any more */
      relay_connection_answer (self, refusal);
    }
  else
    begin_body (self, more_is_here);
  /* The head lives on our caller's stack: whoever keeps the request has made it its own by now. */
}

/* One step with @n bytes; how many were used. 0: more has to come, or the connection is busy. */
static gsize
step (RelayConnection *self, char *bytes, gsize n)
{
  RelayFault fault;
  gsize used;

  if (self->state == RELAY_CONNECTION_BODY)
    {
      used = MIN (n, self->body_length - self->body->len);
      g_byte_array_append (self->body, (const guint8 *)bytes, used);
      if (self->body->len == self->body_length)
        body_complete (self);
      return used;
    }
  used = relay_head_find_end (bytes, n, &self->scanned, &fault);
  if (fault.status != 0)
    {
      relay_connection_refuse (self, fault.status, fault.reason);
      return 0;
    }
  if (used == 0)
    return 0;
  self->scanned = 0;
  on_head (self, bytes, used, n > used);
  return used;
}

static gboolean
takes_bytes (RelayConnection *self)
{
  return self->state == RELAY_CONNECTION_HEAD || self->state == RELAY_CONNECTION_BODY;
}

/* Works through @n bytes and returns how many were used; the rest has to be kept. */
static gsize
digest (RelayConnection *self, char *bytes, gsize n)
{
  gsize used = 0;
  guint turns = 0;

  while (takes_bytes (self) && used < n)
    {
      gsize stepped;

      if (turns++ == REQUESTS_PER_TURN)
        {
          self->is_ready = TRUE;
          g_queue_push_tail_link (&self->listener->ready, &self->ready_link);
          break;
        }
      stepped = step (self, bytes + used, n - used);
      if (stepped == 0)
        break;
      used += stepped;
    }
  return used;
}

/* Bytes that are left wait in self->in; a first byte of a head starts its deadline. */
static void
keep (RelayConnection *self, const char *bytes, gsize n)
{
  if (n > 0)
    {
      if (self->in == NULL)
        self->in = g_byte_array_new ();
      g_byte_array_append (self->in, (const guint8 *)bytes, n);
      if (self->state == RELAY_CONNECTION_HEAD && waits_for (self, RELAY_WAIT_IDLE))
        relay_connection_wait (self, RELAY_WAIT_HEAD);
    }
}

/* @bytes: fresh from the socket, (nullable) with 0. */
static void
feed (RelayConnection *self, char *bytes, gsize n)
{
  gsize used;

  if (self->in == NULL)
    {
      used = digest (self, bytes, n);
      if (self->state != RELAY_CONNECTION_CLOSED && self->state != RELAY_CONNECTION_LINGERING)
        keep (self, bytes + used, n - used);
      return;
    }
  {
    g_autoptr (GByteArray) all = g_steal_pointer (&self->in);

    g_byte_array_append (all, (const guint8 *)bytes, n);
    used = digest (self, (char *)all->data, all->len);
    if (self->state == RELAY_CONNECTION_CLOSED || self->state == RELAY_CONNECTION_LINGERING)
      return;
    if (used == all->len)
      return;
    g_byte_array_remove_range (all, 0, used);
    self->in = g_steal_pointer (&all);
    if (self->state == RELAY_CONNECTION_HEAD && waits_for (self, RELAY_WAIT_IDLE))
      relay_connection_wait (self, RELAY_WAIT_HEAD);
  }
}

/* ── The socket ──────────────────────────────────────────────────────────────────────────────────── */

/* The client will send no more. Half a request is no request. */
static void
on_end (RelayConnection *self)
{
  self->ended = TRUE;
  if (takes_bytes (self) || self->state == RELAY_CONNECTION_LINGERING)
    relay_connection_close (self);
}

/* One recv. FALSE: nothing more for now. */
static gboolean
read_some (RelayConnection *self)
{
  RelayListener *listener = self->listener;
  ssize_t n = recv (self->fd, listener->scratch, RELAY_SCRATCH_BYTES, 0);

  if (n < 0 && errno == EINTR)
    return TRUE;
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    {
      self->readable = FALSE;
      return FALSE;
    }
  if (n < 0)
    {
      relay_connection_close (self);
      return FALSE;
    }
  if (n == 0)
    {
      self->readable = FALSE;
      on_end (self);
      return FALSE;
    }
  /* A short read means that the socket is empty, unless the end of the stream is what comes next. */
  if (n < RELAY_SCRATCH_BYTES && !self->hung_up)
    self->readable = FALSE;
  if (self->state != RELAY_CONNECTION_LINGERING)
    feed (self, listener->scratch, n);
  else if ((self->body_length += n) > LINGER_BYTES)
    relay_connection_close (self);
  return TRUE;
}

static void
read_all (RelayConnection *self)
{
  while (self->readable && !self->is_ready && (takes_bytes (self) || self->state == RELAY_CONNECTION_LINGERING))
    if (!read_some (self))
      return;
}

void
relay_connection_resume (RelayConnection *self)
{
  if (self->is_ready)
    g_queue_unlink (&self->listener->ready, &self->ready_link);
  self->is_ready = FALSE;
  if (self->in != NULL && takes_bytes (self))
    feed (self, "", 0);
  if (self->ended && takes_bytes (self) && !self->is_ready)
    relay_connection_close (self);
  read_all (self);
}

void
relay_connection_on_events (RelayConnection *self, guint events)
{
  if (self->state == RELAY_CONNECTION_CLOSED)
    return;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    self->hung_up = TRUE;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    self->readable = TRUE;
  switch (self->state)
    {
    case RELAY_CONNECTION_HEAD:
    case RELAY_CONNECTION_BODY:
    case RELAY_CONNECTION_LINGERING:
      read_all (self);
      break;
    case RELAY_CONNECTION_WRITING:
      if ((events & EPOLLOUT) != 0)
        relay_connection_flush (self);
      if (self->state == RELAY_CONNECTION_HEAD)
        relay_connection_resume (self);
      break;
    case RELAY_CONNECTION_PARKED:
      if (self->hung_up) /* nobody is there any more to be told */
        relay_connection_close (self);
      else if ((events & EPOLLOUT) != 0)
        relay_connection_flush (self);
      break;
    case RELAY_CONNECTION_RUNNING: /* noted; seen when the reply is written */
    case RELAY_CONNECTION_CLOSED:
      break;
    }
}
