/* src/net/cobro-net-client.c — one exchange: connect, send, read under a cap, all within one deadline; sync is async on
 * a private main context. Layer: net. Thread: the client's own. */
#include "cobro-net-client.h"

#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>

#include "cobro-error.h"

#define READ_SIZE 16384

struct _CobroNetClient
{
  char *user_agent;
  GSocketConnectable *peer; /* NULL: whom the URL names */
  guint connections;        /* at most, all and per host */
  guint per_host;
  SoupSession *session;       /* made by the first async call, on its main context */
  GMainContext *sync_context; /* of the sync session */
  SoupSession *sync_session;
  CobroNetTransport transport; /* NULL: the network */
  gpointer transport_data;
};

typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  GBytes *body;
  char *content_type;
  GPtrArray *headers; /* name, value, name, value */
  char *method;
  GCancellable *stop; /* the caller's cancellation and the deadline, joined */
  GCancellable *caller;
  gulong caller_id;
  GSource *timer;
  gboolean late;
  guint deadline_ms;
  gsize max_bytes;
  gboolean cut, repeatable;
  gboolean kept; /* the message goes over a connection that others went over before */
  guint redirects_left;
  GByteArray *bytes;
} Exchange;

static void exchange_start (GTask *task);
static void exchange_read (GTask *task, GInputStream *stream);

void
cobro_net_answer_free (CobroNetAnswer *answer)
{
  if (!answer)
    return;
  g_clear_pointer (&answer->headers, g_hash_table_unref);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer);
}

const char *
cobro_net_answer_header (const CobroNetAnswer *answer, const char *lower_case_name)
{
  return g_hash_table_lookup (answer->headers, lower_case_name);
}

CobroNetClient *
cobro_net_client_new (const char *user_agent)
{
  CobroNetClient *client = g_new0 (CobroNetClient, 1);

  client->user_agent = g_strdup (user_agent);
  client->connections = 128;
  client->per_host = 64;
  return client;
}

CobroNetClient *
cobro_net_client_new_at (const char *user_agent, GSocketAddress *address, guint connections)
{
  CobroNetClient *client = cobro_net_client_new (user_agent);

  client->peer = G_SOCKET_CONNECTABLE (g_object_ref (address));
  client->connections = client->per_host = connections;
  return client;
}

CobroNetClient *
cobro_net_client_new_unix (const char *user_agent, const char *path)
{
  CobroNetClient *client = cobro_net_client_new (user_agent);

  client->peer = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
  return client;
}

CobroNetClient *
cobro_net_client_new_over (CobroNetTransport transport, gpointer data)
{
  CobroNetClient *client = g_new0 (CobroNetClient, 1);

  client->connections = client->per_host = 1;
  client->transport = transport;
  client->transport_data = data;
  return client;
}

void
cobro_net_client_free (CobroNetClient *client)
{
  if (!client)
    return;
  g_clear_object (&client->session);
  if (client->sync_session)
    {
      g_main_context_push_thread_default (client->sync_context);
      g_clear_object (&client->sync_session);
      while (g_main_context_iteration (client->sync_context, FALSE))
        continue;
      g_main_context_pop_thread_default (client->sync_context);
    }
  g_clear_pointer (&client->sync_context, g_main_context_unref);
  g_clear_object (&client->peer);
  g_free (client->user_agent);
  g_free (client);
}

/* Without a decoder nothing can unpack to more than it weighs on the wire; without cookies no call depends on another,
 * and without a proxy the environment does not decide where payments are sent.
 */
static SoupSession *
session_new (const CobroNetClient *client)
{
  SoupSession *session = soup_session_new_with_options (
    "user-agent", client->user_agent, "max-conns", client->connections, "max-conns-per-host", client->per_host,
    "proxy-resolver", NULL, "remote-connectable", client->peer, NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  return session;
}

static void
on_connection_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer data)
{
  ((Exchange *)data)->kept = FALSE;
}

/* libsoup may hold it longer than we do. */
static void
message_drop (Exchange *exchange)
{
  if (exchange->message)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_clear_object (&exchange->message);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  if (exchange->timer)
    {
      g_source_destroy (exchange->timer);
      g_source_unref (exchange->timer);
    }
  if (exchange->caller)
    g_cancellable_disconnect (exchange->caller, exchange->caller_id);
  g_clear_object (&exchange->caller);
  g_clear_object (&exchange->stop);
  g_clear_object (&exchange->session);
  message_drop (exchange);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_pointer (&exchange->headers, g_ptr_array_unref);
  g_clear_pointer (&exchange->bytes, g_byte_array_unref);
  g_free (exchange->content_type);
  g_free (exchange->method);
  g_free (exchange);
}

/* Which part of the way to the answer failed: connecting helps the user, "was it carried out?" helps the money. */
static const char *
stage_of (const GError *failure)
{
  if (failure->domain == G_RESOLVER_ERROR)
    return "address";
  if (failure->domain == G_TLS_ERROR)
    return "tls";
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
      g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
      g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return "connect";
  return "answer";
}

static void
exchange_fail (GTask *task, GError *take_failure)
{
  g_autoptr (GError) failure = take_failure;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  if (exchange->caller && g_cancellable_is_cancelled (exchange->caller))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  else if (exchange->late)
    cobro_error_set_at (&error, COBRO_ERROR_NO_ANSWER, "deadline", "no complete answer within %u ms",
                        exchange->deadline_ms);
  else if (failure->domain == COBRO_ERROR)
    error = g_steal_pointer (&failure);
  else
    cobro_error_set_at (&error, COBRO_ERROR_NO_ANSWER, stage_of (failure), "%s", failure->message);
  g_task_return_error (task, error);
}

static void
exchange_refuse (GTask *task, CobroError code, const char *path, const char *reason)
{
  GError *error = NULL;

  cobro_error_set_at (&error, code, path, "%s", reason);
  exchange_fail (task, error);
}

static void
collect_header (const char *name, const char *value, gpointer data)
{
  GHashTable *headers = data;
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *before = g_hash_table_lookup (headers, key);

  if (before)
    g_hash_table_insert (headers, g_strdup (key), g_strconcat (before, ", ", value, NULL));
  else
    g_hash_table_insert (headers, g_strdup (key), g_strdup (value));
}

static void
exchange_finish (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  CobroNetAnswer *answer = g_new0 (CobroNetAnswer, 1);

  answer->status = soup_message_get_status (exchange->message);
  answer->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  soup_message_headers_foreach (soup_message_get_response_headers (exchange->message), collect_header, answer->headers);
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&exchange->bytes));
  g_task_return_pointer (task, answer, (GDestroyNotify)cobro_net_answer_free);
}

static void
on_bytes_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (!chunk)
    {
      exchange_fail (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      g_input_stream_close (G_INPUT_STREAM (source), NULL, NULL); /* who sends next, sends over this connection */
      exchange_finish (task);
      return;
    }
  if (exchange->cut && exchange->bytes->len + g_bytes_get_size (chunk) >= exchange->max_bytes)
    {
      g_byte_array_append (exchange->bytes, g_bytes_get_data (chunk, NULL), exchange->max_bytes - exchange->bytes->len);
      exchange_finish (task);
      g_cancellable_cancel (exchange->stop); /* the rest is not read: the connection is not kept */
      return;
    }
  if (exchange->bytes->len + g_bytes_get_size (chunk) > exchange->max_bytes)
    {
      g_autofree char *reason =
        g_strdup_printf ("the answer is larger than %" G_GSIZE_FORMAT " bytes", exchange->max_bytes);
      exchange_refuse (task, COBRO_ERROR_TOO_LARGE, "answer", reason);
      return;
    }
  g_byte_array_append (exchange->bytes, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  exchange_read (task, G_INPUT_STREAM (source));
}

static void
exchange_read (GTask *task, GInputStream *stream)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (stream, READ_SIZE, G_PRIORITY_DEFAULT, exchange->stop, on_bytes_read_cb,
                                   g_object_ref (task));
}

/* A redirect may not leave TLS, and takes the caller's headers (keys!) only to the same origin. */
static gboolean
exchange_follow (Exchange *exchange, GError **error)
{
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (exchange->message), "Location");
  GUri *from = soup_message_get_uri (exchange->message);
  g_autoptr (GUri) to = NULL;

  if (!location || !(to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL)))
    return cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "redirect", "redirected to nowhere");
  if (g_strcmp0 (g_uri_get_scheme (to), "https") != 0 &&
      g_strcmp0 (g_uri_get_scheme (to), g_uri_get_scheme (from)) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "redirect", "redirected away from https");
  if (g_strcmp0 (g_uri_get_host (to), g_uri_get_host (from)) != 0 || g_uri_get_port (to) != g_uri_get_port (from))
    g_ptr_array_set_size (exchange->headers, 0);
  message_drop (exchange);
  exchange->message = soup_message_new_from_uri (exchange->method, to);
  exchange->redirects_left--;
  return TRUE;
}

static gboolean
wants_redirect (Exchange *exchange)
{
  guint status = soup_message_get_status (exchange->message);

  return exchange->redirects_left > 0 && g_str_equal (exchange->method, "GET") && status >= 301 && status <= 308 &&
         status != SOUP_STATUS_NOT_MODIFIED;
}

/* The other side closed a kept connection in the moment that we wrote to it. libsoup sends what is safe by its method
 * again; here is the rest that may be, once, over a connection of its own.
 */
static gboolean
exchange_repeat (GTask *task, const GError *failure)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GUri) uri = NULL;

  if (!exchange->repeatable || !exchange->kept ||
      (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) &&
       !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED)))
    return FALSE;
  uri = g_uri_ref (soup_message_get_uri (exchange->message));
  message_drop (exchange);
  exchange->message = soup_message_new_from_uri (exchange->method, uri);
  soup_message_add_flags (exchange->message, SOUP_MESSAGE_NEW_CONNECTION);
  exchange_start (task);
  return TRUE;
}

static void
on_head_arrived_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (!stream && exchange_repeat (task, error))
    g_error_free (error);
  else if (!stream)
    exchange_fail (task, error);
  else if (!wants_redirect (exchange))
    exchange_read (task, stream);
  else if (exchange_follow (exchange, &error))
    exchange_start (task);
  else
    exchange_fail (task, error);
}

/* These answers have no body, and most servers give them no length, either; libsoup 3.2 takes that for an answer that
 * lasts until the connection ends, and closes it. Transfer codings and lengths that were sent stay as they are.
 */
static void
on_head_parsed_cb (SoupMessage *message, gpointer data)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);

  if ((status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED) &&
      soup_message_headers_get_encoding (headers) == SOUP_ENCODING_EOF)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_NONE);
}

static void
exchange_start (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_request_headers (exchange->message);

  exchange->kept = TRUE;
  g_signal_connect (exchange->message, "got-headers", G_CALLBACK (on_head_parsed_cb), NULL);
  g_signal_connect (exchange->message, "network-event", G_CALLBACK (on_connection_event_cb), exchange);
  for (guint i = 0; i + 1 < exchange->headers->len; i += 2)
    soup_message_headers_replace (headers, exchange->headers->pdata[i], exchange->headers->pdata[i + 1]);
  if (exchange->body)
    soup_message_set_request_body_from_bytes (exchange->message, exchange->content_type, exchange->body);
  soup_message_add_flags (exchange->message,
                          SOUP_MESSAGE_NO_REDIRECT | (exchange->repeatable ? SOUP_MESSAGE_IDEMPOTENT : 0));
  soup_session_send_async (exchange->session, exchange->message, G_PRIORITY_DEFAULT, exchange->stop, on_head_arrived_cb,
                           g_object_ref (task));
}

static gboolean
on_deadline_passed_cb (gpointer data)
{
  Exchange *exchange = data;

  exchange->late = TRUE;
  g_cancellable_cancel (exchange->stop);
  return G_SOURCE_REMOVE;
}

static void
on_caller_cancelled_cb (GCancellable *caller, gpointer data)
{
  g_cancellable_cancel (data);
}

static SoupMessage *
message_new (const CobroNetRequest *request, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (request->url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri ? g_uri_get_scheme (uri) : "";
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  if ((!g_str_equal (scheme, "http") && !g_str_equal (scheme, "https")) || !host || !*host)
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "url", "\"%s\" is not an http or https address", request->url);
      return NULL;
    }
  return soup_message_new_from_uri (request->method, uri);
}

static void
exchange_begin (SoupSession *session, const CobroNetRequest *request, SoupMessage *take_message,
                GCancellable *cancellable, GTask *task)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->session = g_object_ref (session);
  exchange->message = take_message;
  exchange->method = g_strdup (request->method);
  exchange->content_type = g_strdup (request->content_type);
  exchange->body = request->body ? g_bytes_ref (request->body) : NULL;
  exchange->headers = g_ptr_array_new_with_free_func (g_free);
  for (const char *const *header = request->headers; header && header[0] && header[1]; header += 2)
    {
      g_ptr_array_add (exchange->headers, g_strdup (header[0]));
      g_ptr_array_add (exchange->headers, g_strdup (header[1]));
    }
  exchange->deadline_ms = request->deadline_ms;
  exchange->max_bytes = request->max_bytes;
  exchange->cut = request->cut;
  exchange->repeatable = request->repeatable;
  exchange->redirects_left = request->max_redirects;
  exchange->bytes = g_byte_array_new ();
  exchange->stop = g_cancellable_new ();
  g_task_set_task_data (task, exchange, exchange_free);

  exchange->timer = g_timeout_source_new (request->deadline_ms);
  g_source_set_callback (exchange->timer, on_deadline_passed_cb, exchange, NULL);
  g_source_attach (exchange->timer, g_main_context_get_thread_default ());
  if (cancellable)
    {
      exchange->caller = g_object_ref (cancellable);
      exchange->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled_cb),
                                                   g_object_ref (exchange->stop), g_object_unref);
    }
  exchange_start (task);
}

void
cobro_net_client_send_async (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;
  SoupMessage *message = NULL;

  g_return_if_fail (request->deadline_ms > 0 && request->max_bytes > 0);

  g_task_set_source_tag (task, cobro_net_client_send_async);
  if (!(message = message_new (request, &error)))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!client->session)
    client->session = session_new (client);
  exchange_begin (client->session, request, message, cancellable, task);
}

CobroNetAnswer *
cobro_net_client_send_finish (CobroNetClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, cobro_net_client_send_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

CobroNetAnswer *
cobro_net_client_send (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GTask) task = NULL;
  SoupMessage *message = NULL;
  CobroNetAnswer *answer;

  g_return_val_if_fail (request->deadline_ms > 0 && request->max_bytes > 0, NULL);

  if (client->transport)
    return client->transport (request, client->transport_data, error);
  if (!(message = message_new (request, error)))
    return NULL;
  if (!client->sync_context)
    client->sync_context = g_main_context_new ();
  g_main_context_push_thread_default (client->sync_context);
  if (!client->sync_session)
    client->sync_session = session_new (client);
  task = g_task_new (NULL, NULL, NULL, NULL);
  exchange_begin (client->sync_session, request, message, cancellable, task);
  while (!g_task_get_completed (task))
    g_main_context_iteration (client->sync_context, TRUE);
  answer = g_task_propagate_pointer (task, error);
  g_clear_object (&task);
  g_main_context_pop_thread_default (client->sync_context);
  return answer;
}
