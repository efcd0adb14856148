/* tests/relay/http/http-support.c — the sample server and the raw client of the gate's tests.
 * Layer: tests. */
#include "http-support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE (60 * G_USEC_PER_SEC)

/* ── Sample routes ───────────────────────────────────────────────────────────────────────────────── */

static void
note (Gate *gate, RelayRequest *request)
{
  gsize length;
  const char *body = g_bytes_get_data (request->body, &length);

  g_mutex_lock (&gate->lock);
  g_ptr_array_add (gate->seen, g_strdup_printf ("%s %s %.*s", request->method, request->target, (int)length, body));
  g_mutex_unlock (&gate->lock);
  g_atomic_int_inc (&gate->executed);
}

static RelayReply *
echo (gpointer context, RelayRequest *request)
{
  gsize length;
  const char *body = g_bytes_get_data (request->body, &length);
  g_autoptr (CobroWireWriter) json = cobro_wire_writer_new ();
  g_autofree char *text = g_strndup (body != NULL ? body : "", length);

  note (context, request);
  cobro_wire_begin_object (json, NULL);
  cobro_wire_put_text (json, "target", request->target);
  cobro_wire_put_int64 (json, "length", length);
  if (length < 1024)
    cobro_wire_put_text (json, "body", text);
  cobro_wire_put_text (json, "peer", request->peer);
  cobro_wire_put_text (json, "key", request->key_id);
  cobro_wire_end_object (json);
  return relay_reply_json (request, 200, cobro_wire_writer_take (json));
}

static RelayReply *
item (gpointer context, RelayRequest *request)
{
  note (context, request);
  return relay_reply_json (request, 200, g_strdup_printf ("\"%s\"", relay_request_param (request, "id")));
}

static RelayReply *
strict (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  CobroWireObject *json = relay_request_get_json (request, &error);
  gint64 amount, rev = 0, limit;

  note (context, request);
  if (json == NULL || !relay_request_query_int (request, "limit", 1, 100, 50, &limit, &error) ||
      !cobro_wire_get_int64_needed (json, "amount", &amount, &error) || !cobro_wire_done (json, &error) ||
      !relay_request_get_revision (request, &rev, &error))
    return relay_reply_problem (request, error);
  return relay_reply_json (request, 201, g_strdup_printf ("%" G_GINT64_FORMAT, rev));
}

static RelayReply *
form (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  GHashTable *fields = relay_request_get_form (request, &error);

  note (context, request);
  if (fields == NULL)
    return relay_reply_problem (request, error);
  return relay_reply_html (request, 200, g_strdup (g_hash_table_lookup (fields, "name")), "https://bank.example",
                           "'sha256-x'");
}

static RelayReply *
slow (gpointer context, RelayRequest *request)
{
  Gate *gate = context;
  gint64 patience = g_get_monotonic_time () + PATIENCE;

  note (gate, request);
  g_atomic_int_inc (&gate->running);
  g_mutex_lock (&gate->lock);
  while (!gate->go)
    if (!g_cond_wait_until (&gate->may_go, &gate->lock, patience))
      break;
  g_mutex_unlock (&gate->lock);
  return relay_reply_json (request, 200, g_strdup ("\"slow\""));
}

static RelayReply *
big (gpointer context, RelayRequest *request)
{
  gint64 size;
  g_autoptr (GBytes) bytes = NULL;

  if (!relay_request_query_int (request, "size", 0, 64 * 1024 * 1024, 8 * 1024 * 1024, &size, NULL))
    size = 0;
  bytes = g_bytes_new_take (g_malloc0 (size), size);
  note (context, request);
  return relay_reply_bytes (request, 200, "application/octet-stream", bytes);
}

static RelayReply *
wait_for_version (gpointer context, RelayRequest *request)
{
  Gate *gate = context;
  gint64 after;
  int version = g_atomic_int_get (&gate->version);

  if (!relay_request_query_int (request, "after", 0, 1000000, 0, &after, NULL))
    after = 0;
  g_atomic_int_inc (&gate->executed);
  if (version <= after && !request->expired)
    return relay_reply_park (request, "merchant:one", request->started + PATIENCE);
  return relay_reply_json (request, 200, g_strdup_printf ("%d", version));
}

static RelayReply *
tick (gpointer context, RelayRequest *request)
{
  if (request->expired)
    return relay_reply_json (request, 200, g_strdup ("\"over\""));
  return relay_reply_park (request, "merchant:nobody", request->started + 50 * 1000);
}

static RelayReply *
stream (gpointer context, RelayRequest *request)
{
  Gate *gate = context;
  int version = g_atomic_int_get (&gate->version);
  gboolean is_news = version > request->cursor;

  g_atomic_int_inc (&gate->executed);
  request->cursor = version;
  if (version >= 100)
    return relay_reply_stream_end (request, g_strdup ("last"));
  return relay_reply_stream (request, "link:one", is_news ? g_strdup_printf ("version\n%d", version) : NULL,
                             request->started + PATIENCE);
}

static RelayReply *
flood (gpointer context, RelayRequest *request)
{
  g_atomic_int_inc (&((Gate *)context)->executed);
  return relay_reply_stream (request, "link:flood", g_strnfill (30000, 'x'), request->started + PATIENCE);
}

static RelayReply *
page (gpointer context, RelayRequest *request)
{
  note (context, request);
  return relay_reply_html (request, 200, g_strdup ("<p>page</p>"), NULL, NULL);
}

static RelayReply *
asset (gpointer context, RelayRequest *request)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("body{}", 6);
  RelayReply *reply;

  note (context, request);
  if (relay_request_has_etag (request, "\"v1\""))
    return relay_reply_not_modified (request, "\"v1\"");
  reply = relay_reply_bytes (request, 200, "text/css", bytes);
  relay_reply_set_header (reply, "ETag", "\"v1\"");
  relay_reply_set_header (reply, "Cache-Control", "public, max-age=31536000, immutable");
  return reply;
}

/* The same for everybody until link:shared is woken, or for an hour. */
static RelayReply *
shared (gpointer context, RelayRequest *request)
{
  Gate *gate = context;
  RelayReply *reply;

  g_atomic_int_inc (&gate->executed);
  reply = relay_reply_json (request, 200, g_strdup_printf ("%d", g_atomic_int_get (&gate->version)));
  if (relay_request_header (request, "cookie") == NULL)
    relay_reply_share (reply, "link:shared", NULL, COBRO_HOUR);
  return reply;
}

static RelayReply *
maybe_inline (gpointer context, RelayRequest *request)
{
  if (request->is_inline)
    return relay_reply_later (request);
  note (context, request);
  return relay_reply_json (request, 200, g_strdup ("\"on the pool\""));
}

static RelayReply *
fail (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error =
    g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "/var/lib/secret/path is not there");

  note (context, request);
  return relay_reply_problem (request, error);
}

static RelayReply *
go_away (gpointer context, RelayRequest *request)
{
  return relay_reply_redirect (request, "https://bank.example/ü?a=b\r\nX-Evil: 1");
}

static gboolean
authenticate (gpointer context, RelayRequest *request, const char *key, GError **error)
{
  if (strcmp (key, "good") != 0)
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "unknown key");
  request->key_id = g_strdup ("k1");
  return TRUE;
}

static const RelayRoute routes[] = {
  { "GET", "/", page, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, RELAY_ROUTE_INLINE },
  { "GET", "/v1/echo", echo, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "POST", "/v1/echo", echo, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 256 * 1024, 0 },
  { "POST", "/v1/inline", echo, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 1024, RELAY_ROUTE_INLINE },
  { "GET", "/v1/later", maybe_inline, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, RELAY_ROUTE_INLINE },
  { "GET", "/v1/shared", shared, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, RELAY_ROUTE_INLINE },
  { "GET", "/v1/items/{id}", item, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "DELETE", "/v1/items/{id}", item, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/items/special", page, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "POST", "/v1/strict", strict, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 4096, 0 },
  { "GET", "/v1/private", echo, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, 0, 0 },
  { "POST", "/v1/private", echo, RELAY_FACE_API, RELAY_AUTH_KEY, RELAY_LANE_API, 1024, RELAY_ROUTE_KEY_IN_BODY },
  { "GET", "/v1/slow", slow, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/big", big, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/wait", wait_for_version, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/tick", tick, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/stream", stream, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/flood", flood, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/fail", fail, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/v1/go", go_away, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "POST", "/pay/{token}", form, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, 4096, 0 },
  { "GET", "/pay/{token}", page, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_CHECKOUT, 0, 0 },
  { "POST", "/webhooks/{provider}/{account}", echo, RELAY_FACE_API, RELAY_AUTH_NONE, RELAY_LANE_WEBHOOK, 65536, 0 },
  { "GET", "/assets/{name}", asset, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, RELAY_ROUTE_INLINE },
  { "GET", "/mock/{rest*}", item, RELAY_FACE_PAGE, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "GET", "/api/public/pay/{token}", item, RELAY_FACE_PUBLIC_API, RELAY_AUTH_NONE, RELAY_LANE_FREE, 0, 0 },
  { "POST", "/api/pay/getData", strict, RELAY_FACE_DYN, RELAY_AUTH_NONE, RELAY_LANE_FREE, 1024, 0 },
  { .method = NULL },
};

/* ── The server ──────────────────────────────────────────────────────────────────────────────────── */

Gate *
gate_new (RelayServerConfig config)
{
  Gate *gate = g_new0 (Gate, 1);
  g_autoptr (GError) error = NULL;
  const char *colon;

  g_mutex_init (&gate->lock);
  g_cond_init (&gate->may_go);
  gate->seen = g_ptr_array_new_with_free_func (g_free);
  gate->clock = cobro_clock_new_system ();
  gate->random = cobro_random_new_system ();
  config.listen = config.listen != NULL ? config.listen : "127.0.0.1:0";
  config.routes = routes;
  config.context = gate;
  config.authenticate = authenticate;
  config.clock = config.clock != NULL ? config.clock : gate->clock;
  config.random = gate->random;
  gate->server = relay_server_new (&config, &error);
  g_assert_no_error (error);
  colon = strrchr (relay_server_get_url (gate->server), ':');
  gate->port = g_ascii_strtoull (colon + 1, NULL, 10);
  return gate;
}

void
gate_free (Gate *gate)
{
  gate_release (gate);
  relay_server_free (gate->server);
  cobro_clock_unref (gate->clock);
  cobro_random_unref (gate->random);
  g_ptr_array_unref (gate->seen);
  g_mutex_clear (&gate->lock);
  g_cond_clear (&gate->may_go);
  g_free (gate);
}

void
gate_release (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->go = TRUE;
  g_cond_broadcast (&gate->may_go);
  g_mutex_unlock (&gate->lock);
}

void
gate_await (int *value, int wanted)
{
  gint64 patience = g_get_monotonic_time () + PATIENCE;

  while (g_atomic_int_get (value) < wanted)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, patience);
      g_usleep (1000);
    }
}

/* ── The client ──────────────────────────────────────────────────────────────────────────────────── */

void
client_connect (Gate *gate, int fd)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = g_htons (gate->port) };
  struct timeval patience = { .tv_sec = 20 };

  g_assert_cmpint (fd, >=, 0);
  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
}

int
client_new (Gate *gate)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  client_connect (gate, fd);
  return fd;
}

void
client_send (int fd, const char *bytes, gssize length)
{
  gsize left = length >= 0 ? (gsize)length : strlen (bytes);

  while (left > 0)
    {
      ssize_t n = send (fd, bytes, left, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0) /* the server has closed: what it said is what counts */
        return;
      bytes += n;
      left -= n;
    }
}

/* Whether @text holds a whole reply; its length then. */
static gsize
whole_reply (const GString *text)
{
  const char *end = strstr (text->str, "\r\n\r\n");
  g_autofree char *length = NULL;
  gsize head;

  if (end == NULL)
    return 0;
  head = end + 4 - text->str;
  if (g_str_has_prefix (text->str, "HTTP/1.1 100"))
    return head;
  length = reply_header (text->str, "Content-Length");
  if (length == NULL)
    return reply_status (text->str) == 304 || reply_status (text->str) == 204 ? head : 0;
  head += g_ascii_strtoull (length, NULL, 10);
  return head <= text->len ? head : 0;
}

char *
client_receive (int fd)
{
  GString *text = g_string_new (NULL);
  char byte;

  while (whole_reply (text) == 0)
    {
      ssize_t n = recv (fd, &byte, 1, 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      g_string_append_c (text, byte);
    }
  return g_string_free (text, FALSE);
}

char *
client_drain (int fd)
{
  GString *text = g_string_new (NULL);
  char bytes[4096];
  ssize_t n;

  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_string_append_len (text, bytes, n);
  return g_string_free (text, FALSE);
}

gboolean
client_is_closed (int fd)
{
  char byte;
  ssize_t n = recv (fd, &byte, 1, 0);

  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

guint
reply_status (const char *reply)
{
  return g_str_has_prefix (reply, "HTTP/1.1 ") ? g_ascii_strtoull (reply + 9, NULL, 10) : 0;
}

char *
reply_header (const char *reply, const char *name)
{
  const char *end = strstr (reply, "\r\n\r\n");

  for (const char *line = strstr (reply, "\r\n"); line != NULL && line < end; line = strstr (line + 2, "\r\n"))
    if (g_ascii_strncasecmp (line + 2, name, strlen (name)) == 0 && line[2 + strlen (name)] == ':')
      return g_strstrip (g_strndup (line + 3 + strlen (name), strcspn (line + 3 + strlen (name), "\r")));
  return NULL;
}

const char *
reply_body (const char *reply)
{
  const char *end = strstr (reply, "\r\n\r\n");

  return end != NULL ? end + 4 : "";
}

char *
gate_ask (Gate *gate, const char *bytes, gssize length)
{
  int fd = client_new (gate);
  char *reply;

  client_send (fd, bytes, length);
  reply = client_receive (fd);
  close (fd);
  return reply;
}

guint
gate_status (Gate *gate, const char *bytes, gssize length)
{
  g_autofree char *reply = gate_ask (gate, bytes, length);

  return reply_status (reply);
}
