/* relay/http/relay-connection-write.c — one client: replies out, and what waits for a topic.
 * Layer: relay/http, private. Listener thread only. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "cobro-error.h"
#include "relay-connection-private.h"
#include "relay-reply-private.h"
#include "relay-request-private.h"

#define RENEW_BYTES       (64 * 1024) /* taken by the client: a new write deadline */
#define STREAM_BYTES_MAX  (64 * 1024) /* a reader of events that is further behind is let go */
#define SWEEP_AT_LEAST_US (20 * 1000)

/* ── Bytes ───────────────────────────────────────────────────────────────────────────────────────── */

static gsize
out_size (RelayConnection *self)
{
  return (self->out != NULL ? self->out->len : 0) + (self->out_body != NULL ? g_bytes_get_size (self->out_body) : 0);
}

/* sendmsg of head and body from @offset. Returns: bytes taken, 0 when the socket is full, -1 when the client is gone.
 */
static gssize
send_parts (RelayConnection *self, const void *head, gsize head_length, GBytes *body, gsize offset)
{
  gsize body_length = 0;
  const char *body_data = body != NULL ? g_bytes_get_data (body, &body_length) : NULL;
  gsize in_body = offset > head_length ? offset - head_length : 0;
  struct iovec parts[2];
  struct msghdr message = { .msg_iov = parts };
  gssize n;

  if (offset < head_length)
    parts[message.msg_iovlen++] = (struct iovec){ (char *)head + offset, head_length - offset };
  if (in_body < body_length)
    parts[message.msg_iovlen++] = (struct iovec){ (char *)body_data + in_body, body_length - in_body };
  do
    n = sendmsg (self->fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (n >= 0)
    return n;
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
}

static void
out_clear (RelayConnection *self)
{
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->out_body, g_bytes_unref);
  self->out_offset = self->out_mark = 0;
}

/* ── After a reply ───────────────────────────────────────────────────────────────────────────────── */

static void
begin_linger (RelayConnection *self)
{
  self->state = RELAY_CONNECTION_LINGERING;
  self->body_length = 0;
  self->readable = TRUE;
  shutdown (self->fd, SHUT_WR);
  relay_connection_wait (self, RELAY_WAIT_LINGER);
}

/* All of the reply is on its way. */
static void
finish (RelayConnection *self)
{
  if (self->close && self->linger && !self->ended)
    begin_linger (self);
  else if (self->close)
    relay_connection_close (self);
  else
    {
      self->state = RELAY_CONNECTION_HEAD;
      relay_connection_wait (self, RELAY_WAIT_IDLE);
    }
}

void
relay_connection_flush (RelayConnection *self)
{
  gssize n;

  if (self->out == NULL)
    return;
  n = send_parts (self, self->out->data, self->out->len, self->out_body, self->out_offset);
  if (n < 0)
    {
      relay_connection_close (self);
      return;
    }
  self->out_offset += n;
  if (self->out_offset == out_size (self))
    {
      out_clear (self);
      if (self->state == RELAY_CONNECTION_WRITING)
        finish (self);
      else
        relay_connection_wait_no_more (self);
    }
  else if (self->out_offset - self->out_mark >= RENEW_BYTES)
    {
      self->out_mark = self->out_offset;
      relay_connection_wait (self, RELAY_WAIT_WRITE);
    }
}

/* Sends @head (borrowed) and @body; keeps what the socket does not take. FALSE: the client is gone. */
static gboolean
write_out (RelayConnection *self, GString *head, GBytes *body)
{
  gssize n = send_parts (self, head->str, head->len, body, 0);

  if (n < 0)
    {
      relay_connection_close (self);
      return FALSE;
    }
  if ((gsize)n == head->len + (body != NULL ? g_bytes_get_size (body) : 0))
    return TRUE;
  self->out = g_byte_array_sized_new (head->len);
  g_byte_array_append (self->out, (const guint8 *)head->str, head->len);
  self->out_body = body != NULL ? g_bytes_ref (body) : NULL;
  self->out_offset = self->out_mark = n;
  relay_connection_wait (self, RELAY_WAIT_WRITE);
  return TRUE;
}

static void
tell_access (RelayConnection *self, const RelayReply *reply)
{
  const RelayServerConfig *config = &self->listener->server->config;
  RelayRequest *request = self->request;

  if (config->on_access == NULL)
    return;
  config->on_access (config->log_data, &(RelayAccess){
                                         .id = request->id,
                                         .method = request->method,
                                         .route = request->route != NULL ? request->route->template : "-",
                                         .peer = request->peer,
                                         .merchant = request->merchant_id.text,
                                         .trace = request->trace,
                                         .status = reply->status,
                                         .bytes = reply->body != NULL ? g_bytes_get_size (reply->body) : 0,
                                         .duration_us = g_get_monotonic_time () - request->started,
                                       });
}

static void
write_whole (RelayConnection *self, RelayReply *reply)
{
  RelayListener *listener = self->listener;
  RelayRequest *request = self->request;
  GBytes *body = relay_reply_has_body (reply, request) ? reply->body : NULL;

  self->close |= listener->stopping || request->head == NULL || !request->head->keep_alive;
  g_string_truncate (listener->out, 0);
  relay_reply_write_head (reply, request, listener->server->config.plain_http, listener->date, self->close,
                          listener->out);
  tell_access (self, reply);
  g_clear_pointer (&self->request, relay_request_free);
  g_clear_pointer (&self->body, g_byte_array_unref);
  relay_connection_wait_no_more (self);
  self->state = RELAY_CONNECTION_WRITING;
  if (write_out (self, listener->out, body) && self->out == NULL)
    finish (self);
}

void
relay_connection_write_continue (RelayConnection *self)
{
  static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";

  /* Twenty-five bytes into an empty socket buffer: if they do not fit, the client is gone or plays games. */
  if (send (self->fd, interim, sizeof interim - 1, MSG_NOSIGNAL) != sizeof interim - 1)
    relay_connection_close (self);
}

void
relay_connection_refuse (RelayConnection *self, guint status, const char *reason)
{
  if (self->request == NULL)
    {
      self->request = relay_request_new (self->listener->server);
      self->request->face = RELAY_FACE_API;
      self->request->peer = g_strdup (self->peer);
      self->request->started = self->listener->now;
      relay_listener_next_id (self->listener, self->request->id, sizeof self->request->id);
    }
  self->close = self->linger = TRUE;
  g_clear_pointer (&self->in, g_byte_array_unref);
  relay_connection_answer (self, relay_reply_fault (self->request, status, reason));
}

/* ── Parking ─────────────────────────────────────────────────────────────────────────────────────── */

void
relay_connection_unpark (RelayConnection *self)
{
  RelayListener *listener = self->listener;

  if (self->park_queue == NULL)
    return;
  g_queue_unlink (self->park_queue, &self->park_link);
  relay_wakes_leave (&listener->server->wakes, self->topic);
  if (self->park_queue->length == 0)
    g_hash_table_remove (listener->parked, self->topic);
  self->park_queue = NULL;
  g_clear_pointer (&self->topic, g_free);
}

static void
join_topic (RelayConnection *self, const RelayReply *reply)
{
  RelayListener *listener = self->listener;
  GQueue *queue = g_hash_table_lookup (listener->parked, reply->topic);

  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (listener->parked, g_strdup (reply->topic), queue);
    }
  g_queue_push_tail_link (queue, &self->park_link);
  self->park_queue = queue;
  self->topic = g_strdup (reply->topic);
  self->until = reply->until;
  self->state = RELAY_CONNECTION_PARKED;
  listener->sweep_at = MIN (listener->sweep_at, MAX (reply->until, listener->now + SWEEP_AT_LEAST_US));
}

static void
park (RelayConnection *self, const RelayReply *reply)
{
  RelayListener *listener = self->listener;
  RelayRequest *request = self->request;

  relay_request_own_head (request);
  if (self->hung_up)
    {
      relay_connection_close (self);
      return;
    }
  if (request->expired)
    {
      g_autoptr (GError) error = NULL;

      cobro_error_set (&error, COBRO_ERROR_INTERNAL, "%s parks after its time", request->route->template);
      relay_connection_answer (self, relay_reply_problem (request, error));
    }
  else if (reply->until <= listener->now || listener->stopping)
    relay_connection_look_again (self, TRUE);
  else if (!relay_wakes_enter (&listener->server->wakes, reply->topic, request->wakes_seen))
    relay_connection_look_again (self, FALSE);
  else
    join_topic (self, reply);
}

/* ── Server-sent events ──────────────────────────────────────────────────────────────────────────── */

/* Appends to what is under way and sends what the socket takes. FALSE: closed. */
static gboolean
speak (RelayConnection *self, const char *text, gsize length)
{
  if (length > 0)
    self->spoken = self->listener->now;
  if (out_size (self) - self->out_offset + length > STREAM_BYTES_MAX)
    {
      relay_connection_close (self);
      return FALSE;
    }
  if (self->out == NULL && length > 0)
    self->out = g_byte_array_new ();
  if (self->out == NULL)
    return TRUE;
  if (self->wait_queue == NULL)
    relay_connection_wait (self, RELAY_WAIT_WRITE);
  g_byte_array_append (self->out, (const guint8 *)text, length);
  relay_connection_flush (self);
  return self->state != RELAY_CONNECTION_CLOSED;
}

void
relay_connection_keep_alive (RelayConnection *self)
{
  g_autofree char *comment = relay_reply_event_text (NULL);

  speak (self, comment, strlen (comment));
}

/* The stream's head, once, and this event, if there is one. */
static void
stream (RelayConnection *self, const RelayReply *reply)
{
  RelayListener *listener = self->listener;
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length = 0;
  const char *event = reply->body != NULL ? g_bytes_get_data (reply->body, &length) : NULL;

  if (!self->stream)
    {
      relay_request_own_head (self->request);
      relay_reply_write_head (reply, self->request, listener->server->config.plain_http, listener->date, TRUE, text);
      tell_access (self, reply);
      self->stream = TRUE;
    }
  g_string_append_len (text, event, length);
  self->state = RELAY_CONNECTION_PARKED;
  if (!speak (self, text->str, text->len))
    return;
  if (reply->kind == RELAY_REPLY_STREAM && !self->request->expired)
    {
      park (self, reply);
      return;
    }
  self->close = TRUE;
  g_clear_pointer (&self->request, relay_request_free);
  self->state = RELAY_CONNECTION_WRITING;
  if (self->out == NULL)
    finish (self);
}

void
relay_connection_answer (RelayConnection *self, RelayReply *take_reply)
{
  g_autoptr (RelayReply) reply = take_reply;

  switch (reply->kind)
    {
    case RELAY_REPLY_WHOLE:
      if (self->stream) /* nothing but events can be said any more */
        relay_connection_close (self);
      else
        write_whole (self, reply);
      return;
    case RELAY_REPLY_PARK:
      park (self, reply);
      return;
    case RELAY_REPLY_STREAM:
    case RELAY_REPLY_STREAM_END:
      stream (self, reply);
      return;
    case RELAY_REPLY_LATER:
      {
        g_autoptr (GError) error = NULL;

        cobro_error_set (&error, COBRO_ERROR_INTERNAL, "%s: later, on the pool", self->request->route->template);
        relay_connection_answer (self, relay_reply_problem (self->request, error));
        return;
      }
    }
}
