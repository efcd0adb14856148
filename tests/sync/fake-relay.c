/* tests/sync/fake-relay.c — see fake-relay.h.
 * Layer: tests. */
#include "fake-relay.h"
#include "cobro-error.h"
#include "cobro-wire-event.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-refund.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  CobroId id;
  gint64 last_seq;
  GPtrArray *op_ids;   /* (element-type utf8) in order of seq, from 1 */
  GHashTable *results; /* (element-type utf8 utf8) op_id → JSON */
} Device;

typedef struct
{
  gint64 rev;
  char *document, *token, *edited;
} Link;

/* One row of the log, as text; types that core does not know are allowed. */
typedef struct
{
  char *json;
  gint64 sequence;
} Row;

struct _FakeRelay
{
  GSocketService *service;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  char *url;
  CobroClock *clock;
  CobroRandom *random;
  GMutex lock; /* guards everything below */
  GCond grown;
  FakeMood mood;
  CobroTime timestamp; /* 0: the clock's */
  gint64 protocol;
  gboolean closing;
  guint serving; /* connections that were accepted and are not done */
  CobroMerchant *merchant;
  char *code;
  GHashTable *devices; /* (element-type utf8 Device) by key */
  GHashTable *links;   /* (element-type utf8 Link) */
  GPtrArray *log;      /* (element-type Row) */
  char last_hash[65];
  GHashTable *requests; /* (element-type utf8 guint) by path */
  guint applied;
};

/* ── Parts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
device_free (gpointer data)
{
  Device *device = data;

  g_ptr_array_unref (device->op_ids);
  g_hash_table_unref (device->results);
  g_free (device);
}

static void
link_free (gpointer data)
{
  Link *link = data;

  g_free (link->document);
  g_free (link->token);
  g_free (link->edited);
  g_free (link);
}

static void
row_free (gpointer data)
{
  g_free (((Row *)data)->json);
  g_free (data);
}

static void
append (FakeRelay *relay, CobroEventType type, const char *object_id, const char *object)
{
  g_autoptr (CobroEvent) event = cobro_event_new ();
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  Row *row = g_new0 (Row, 1);

  event->id = cobro_id_new (COBRO_ID_EVENT, relay->clock, relay->random);
  event->merchant_id = relay->merchant->id;
  event->sequence = relay->log->len + 1;
  event->type = type;
  event->occurred_at = cobro_clock_now (relay->clock);
  g_strlcpy (event->object_id.text, object_id, sizeof event->object_id.text);
  g_free (event->object);
  event->object = g_strdup (object);
  cobro_event_seal (event, relay->log->len > 0 ? relay->last_hash : NULL);
  g_strlcpy (relay->last_hash, event->hash, sizeof relay->last_hash);
  cobro_wire_event_write (writer, NULL, event);
  row->json = cobro_wire_writer_take (writer);
  row->sequence = event->sequence;
  g_ptr_array_add (relay->log, row);
  g_cond_broadcast (&relay->grown);
}

/* (transfer full) the /v1 Link without url and token. */
static char *
link_shape (FakeRelay *relay, const char *id, Link *link)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (link->document, -1, NULL);
  g_autoptr (CobroLink) parsed = cobro_wire_link_parse (object, COBRO_WIRE_LINK_STORED, NULL);
  CobroLinkTally tally = cobro_link_tally_new (parsed->currency);
  CobroWireLinkContext context = { .tally = &tally, .now = cobro_clock_now (relay->clock) };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  parsed->rev = link->rev;
  cobro_wire_link_write (writer, NULL, parsed, &context);
  return cobro_wire_writer_take (writer);
}

static void
tell_link (FakeRelay *relay, CobroEventType type, const char *id, Link *link)
{
  g_autofree char *object = link_shape (relay, id, link);

  append (relay, type, id, object);
}

/* ── Push ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *op_id, *kind, *id;
  gint64 base_rev;
  char *body, *edited;
} Operation;

static char *
result_text (const char *op_id, const char *result, gint64 rev, const char *more)
{
  return g_strdup_printf ("{\"op_id\":\"%s\",\"result\":\"%s\",\"rev\":%" G_GINT64_FORMAT "%s}", op_id, result, rev,
                          more);
}

static char *
rejected (const char *op_id, const char *path, const char *reason)
{
  g_autofree char *more = g_strdup_printf (",\"path\":\"%s\",\"reason\":\"%s\"", path, reason);

  return result_text (op_id, "rejected", 0, more);
}

static char *
apply_link (FakeRelay *relay, const Operation *operation, const CobroLink *parsed)
{
  g_autofree char *document = cobro_wire_link_to_document (parsed, FALSE);
  Link *link = g_hash_table_lookup (relay->links, operation->id);

  if (link != NULL && strcmp (link->document, document) == 0)
    return result_text (operation->op_id, "applied", link->rev, "");
  if (link != NULL && operation->base_rev < link->rev)
    {
      g_autofree char *more =
        g_strdup_printf (",\"current\":{\"rev\":%" G_GINT64_FORMAT ",\"document\":%s,\"edited\":%s}", link->rev,
                         link->document, link->edited);
      return result_text (operation->op_id, "conflict", link->rev, more);
    }
  if (link == NULL)
    {
      link = g_new0 (Link, 1);
      link->token = g_strdup (parsed->token.text);
      g_hash_table_insert (relay->links, g_strdup (operation->id), link);
    }
  link->rev = MAX (link->rev, operation->base_rev) + 1;
  g_free (link->document);
  g_free (link->edited);
  link->document = g_steal_pointer (&document);
  link->edited = g_strdup (operation->edited);
  relay->applied++;
  tell_link (relay, link->rev == 1 ? COBRO_EVENT_LINK_CREATED : COBRO_EVENT_LINK_UPDATED, operation->id, link);
  return result_text (operation->op_id, "applied", link->rev, "");
}

static char *
put_link (FakeRelay *relay, const Operation *operation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) object = cobro_wire_parse (operation->body, -1, &error);
  g_autoptr (CobroLink) parsed = cobro_wire_link_parse (object, COBRO_WIRE_LINK_STORED, &error);

  if (parsed == NULL)
    return rejected (operation->op_id, "body", "cannot be read");
  /* A rule that only this relay has. */
  if (strcmp (parsed->title, "forbidden") == 0)
    return rejected (operation->op_id, "title", "this word is not allowed here");
  return apply_link (relay, operation, parsed);
}

static char *
put_token (FakeRelay *relay, const Operation *operation)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (operation->body, -1, NULL);
  Link *link = g_hash_table_lookup (relay->links, operation->id);
  char *token = NULL;

  if (link == NULL)
    return rejected (operation->op_id, "id", "no such link");
  g_assert_true (cobro_wire_get_text_needed (object, "token", &token, NULL));
  g_free (link->token);
  link->token = token;
  link->rev++;
  relay->applied++;
  tell_link (relay, COBRO_EVENT_LINK_TOKEN_REPLACED, operation->id, link);
  return result_text (operation->op_id, "applied", link->rev, "");
}

static char *
put_merchant (FakeRelay *relay, const Operation *operation)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (operation->body, -1, NULL);
  CobroMerchant *merchant = cobro_wire_merchant_parse (object, NULL);

  if (merchant == NULL || strcmp (merchant->id.text, relay->merchant->id.text) != 0)
    {
      g_clear_pointer (&merchant, cobro_merchant_unref);
      return rejected (operation->op_id, "id", "another merchant");
    }
  if (operation->base_rev < relay->merchant->rev)
    {
      g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
      g_autofree char *document = NULL;
      g_autofree char *more = NULL;

      cobro_merchant_unref (merchant);
      cobro_wire_merchant_write (writer, NULL, relay->merchant);
      document = cobro_wire_writer_take (writer);
      more =
        g_strdup_printf (",\"current\":{\"rev\":%" G_GINT64_FORMAT ",\"document\":%s}", relay->merchant->rev, document);
      return result_text (operation->op_id, "conflict", relay->merchant->rev, more);
    }
  merchant->rev = operation->base_rev + 1;
  cobro_merchant_unref (relay->merchant);
  relay->merchant = merchant;
  relay->applied++;
  return result_text (operation->op_id, "applied", merchant->rev, "");
}

static char *
apply (FakeRelay *relay, const Operation *operation)
{
  if (strcmp (operation->kind, "link.put") == 0)
    return put_link (relay, operation);
  if (strcmp (operation->kind, "link.token") == 0)
    return put_token (relay, operation);
  if (strcmp (operation->kind, "merchant.put") == 0)
    return put_merchant (relay, operation);
  relay->applied++;
  return result_text (operation->op_id, "applied", operation->base_rev + 1, "");
}

/* @stopped: why nothing more is taken. */
static char *
take (FakeRelay *relay, Device *device, CobroWireObject *object, const char **stopped)
{
  g_autofree char *op_id = NULL, *kind = NULL, *id = NULL, *body = NULL, *edited = NULL;
  gint64 seq, base_rev;
  const char *known;
  char *result;
  Operation operation;

  g_assert_true (cobro_wire_get_text_needed (object, "op_id", &op_id, NULL));
  g_assert_true (cobro_wire_get_text_needed (object, "kind", &kind, NULL));
  g_assert_true (cobro_wire_get_text_needed (object, "id", &id, NULL));
  g_assert_true (cobro_wire_get_int64_needed (object, "seq", &seq, NULL));
  g_assert_true (cobro_wire_get_int64_needed (object, "base_rev", &base_rev, NULL));
  body = cobro_wire_get_raw (object, "body");
  edited = cobro_wire_get_raw (object, "edited");
  if (*stopped != NULL)
    return rejected (op_id, "seq", *stopped);
  if ((known = g_hash_table_lookup (device->results, op_id)) != NULL)
    return g_strdup (known);
  if (seq != device->last_seq + 1)
    {
      *stopped = seq > device->last_seq ? "sequence_gap" : "sequence_reused";
      return rejected (op_id, "seq", *stopped);
    }
  operation = (Operation){ op_id, kind, id, base_rev, body, edited };
  result = apply (relay, &operation);
  device->last_seq = seq;
  g_ptr_array_add (device->op_ids, g_strdup (op_id));
  g_hash_table_insert (device->results, g_strdup (op_id), g_strdup (result));
  return result;
}

static char *
serve_push (FakeRelay *relay, Device *device, const char *body, guint *out_status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) json = cobro_wire_parse (body, -1, &error);
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GString) results = g_string_new (NULL);
  const char *stopped = NULL;

  g_assert_no_error (error);
  g_assert_true (cobro_wire_get_objects (json, "operations", 500, &objects, &error));
  if (relay->mood == FAKE_TOO_LARGE && objects->len > 3)
    {
      *out_status = 413;
      return g_strdup ("{\"success\":false,\"error\":{\"code\":\"TOO_LARGE\",\"message\":\"too large\"}}");
    }
  for (guint i = 0; i < objects->len; i++)
    {
      g_autofree char *result = take (relay, device, g_ptr_array_index (objects, i), &stopped);

      g_string_append_printf (results, "%s%s", i > 0 ? "," : "", result);
    }
  return g_strdup_printf ("{\"success\":true,\"data\":{\"expectedSeq\":%" G_GINT64_FORMAT ",\"results\":[%s]}}",
                          device->last_seq + 1, results->str);
}

/* ── The other routes ───────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
query_number (const char *path, const char *name)
{
  g_autofree char *needle = g_strconcat (name, "=", NULL);
  const char *at = strstr (path, needle);

  return at != NULL ? g_ascii_strtoll (at + strlen (needle), NULL, 10) : 0;
}

static char *
serve_events (FakeRelay *relay, const char *path, guint *out_status)
{
  gint64 after = query_number (path, "after"), limit = query_number (path, "limit");
  gint64 until = g_get_monotonic_time () + query_number (path, "wait") * G_USEC_PER_SEC;
  g_autoptr (GString) rows = g_string_new (NULL);
  gint64 next = after;

  if (after > (gint64)relay->log->len)
    {
      *out_status = 410;
      return g_strdup ("{\"success\":false,\"error\":{\"code\":\"GONE\",\"message\":\"the log is shorter\"}}");
    }
  while (after == (gint64)relay->log->len && !relay->closing)
    if (!g_cond_wait_until (&relay->grown, &relay->lock, until))
      break;
  for (guint i = (guint)after; i < relay->log->len && (gint64)i < after + limit; i++)
    {
      g_string_append_printf (rows, "%s%s", next > after ? "," : "", ((Row *)g_ptr_array_index (relay->log, i))->json);
      next++;
    }
  return g_strdup_printf ("{\"success\":true,\"data\":[%s],\"pagination\":{\"next\":%" G_GINT64_FORMAT "}}", rows->str,
                          next);
}

static char *
serve_link (FakeRelay *relay, const char *path, guint *out_status)
{
  const char *id = path + strlen ("/v1/links/");
  Link *link = g_hash_table_lookup (relay->links, id);

  if (link == NULL)
    {
      *out_status = 404;
      return g_strdup ("{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no such link\"}}");
    }
  return g_strdup_printf ("{\"success\":true,\"data\":{\"id\":\"%s\",\"token\":\"%s\"}}", id, link->token);
}

static char *
serve_health (FakeRelay *relay)
{
  g_autofree char *time =
    cobro_time_to_text (relay->timestamp != 0 ? relay->timestamp : cobro_clock_now (relay->clock));

  return g_strdup_printf ("{\"success\":true,\"data\":{\"status\":\"healthy\",\"timestamp\":\"%s\",\"uptime\":1,"
                          "\"protocol\":%" G_GINT64_FORMAT "}}",
                          time, relay->protocol);
}

static char *
add_device (FakeRelay *relay, CobroId *out_id)
{
  CobroToken token = cobro_token_new (relay->random);
  Device *device = g_new0 (Device, 1);

  device->id = cobro_id_new (COBRO_ID_DEVICE, relay->clock, relay->random);
  device->op_ids = g_ptr_array_new_with_free_func (g_free);
  device->results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (relay->devices, g_strdup (token.text), device);
  *out_id = device->id;
  return g_strdup (token.text);
}

static char *
serve_pair (FakeRelay *relay, const char *body, guint *out_status)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (body, -1, NULL);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *code = NULL, *key = NULL, *merchant = NULL;
  CobroId id;

  g_assert_true (cobro_wire_get_text_needed (json, "code", &code, NULL));
  if (g_strcmp0 (code, relay->code) != 0)
    {
      *out_status = 401;
      return g_strdup (
        "{\"success\":false,\"error\":{\"code\":\"UNAUTHORIZED\",\"message\":\"the pairing code is not right\"}}");
    }
  g_clear_pointer (&relay->code, g_free);
  key = add_device (relay, &id);
  cobro_wire_merchant_write (writer, NULL, relay->merchant);
  merchant = cobro_wire_writer_take (writer);
  return g_strdup_printf ("{\"success\":true,\"data\":{\"deviceId\":\"%s\",\"deviceKey\":\"%s\",\"merchant\":%s,"
                          "\"livemode\":false,\"capabilities\":{\"protocol\":1,\"publicUrl\":\"%s\","
                          "\"gateways\":[\"mock\"],\"methods\":[\"card\",\"magic\"]}}}",
                          id.text, key, merchant, relay->url);
}

/* ── HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
count_request (FakeRelay *relay, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "?", 2);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (relay->requests, parts[0]));

  g_hash_table_insert (relay->requests, g_strdup (parts[0]), GUINT_TO_POINTER (n + 1));
}

/* With the lock held. (transfer full) */
static char *
route (FakeRelay *relay, const char *path, const char *key, const char *body, guint *out_status)
{
  Device *device = key != NULL ? g_hash_table_lookup (relay->devices, key) : NULL;

  if (strcmp (path, "/v1/healthz") == 0)
    return serve_health (relay);
  if (strcmp (path, "/v1/pair") == 0)
    return serve_pair (relay, body, out_status);
  if (device == NULL)
    {
      *out_status = 401;
      return g_strdup (
        "{\"success\":false,\"error\":{\"code\":\"UNAUTHORIZED\",\"message\":\"this device is not known\"}}");
    }
  if (strcmp (path, "/v1/sync/push") == 0)
    return serve_push (relay, device, body, out_status);
  if (g_str_has_prefix (path, "/v1/events?"))
    return serve_events (relay, path, out_status);
  if (g_str_has_prefix (path, "/v1/links/"))
    return serve_link (relay, path, out_status);
  *out_status = 404;
  return g_strdup ("{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no such route\"}}");
}

typedef struct
{
  char *method, *path, *key, *body;
} HttpRequest;

static gboolean
read_request (GInputStream *stream, HttpRequest *request)
{
  g_autoptr (GDataInputStream) in = g_data_input_stream_new (stream);
  g_autofree char *line = NULL;
  g_auto (GStrv) parts = NULL;
  gsize length = 0, got;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (in), FALSE);
  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  if (g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (in), -1, NULL, NULL) <= 0 ||
      *(const guint8 *)g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (in), &got) == 0x16)
    return FALSE; /* a TLS hello: we speak none */
  if (!(line = g_data_input_stream_read_line (in, NULL, NULL, NULL)))
    return FALSE;
  parts = g_strsplit (line, " ", 3);
  request->method = g_strdup (parts[0]);
  request->path = g_strdup (parts[1]);
  for (;;)
    {
      g_autofree char *field = g_data_input_stream_read_line (in, NULL, NULL, NULL);

      if (field == NULL || field[0] == '\0')
        break;
      if (g_ascii_strncasecmp (field, "authorization: bearer ", 22) == 0)
        request->key = g_strdup (field + 22);
      if (g_ascii_strncasecmp (field, "content-length: ", 16) == 0)
        length = g_ascii_strtoull (field + 16, NULL, 10);
    }
  request->body = g_malloc0 (length + 1);
  return g_input_stream_read_all (G_INPUT_STREAM (in), request->body, length, &got, NULL, NULL) && got == length;
}

static void
request_clear (HttpRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->key);
  g_free (request->body);
}

static void
send_answer (GOutputStream *out, guint status, const char *body, gsize length)
{
  g_autofree char *head =
    g_strdup_printf ("HTTP/1.1 %u X\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n"
                     "Connection: close\r\n\r\n",
                     status, status == 503 ? "Retry-After: 1\r\n" : "", strlen (body));

  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (out, body, length, NULL, NULL, NULL);
}

static void
send_whole (GOutputStream *out, guint status, const char *body)
{
  send_answer (out, status, body, strlen (body));
}

static FakeMood
mood_of_now (FakeRelay *relay)
{
  static const FakeMood moods[] = { FAKE_LOST, FAKE_DEAF, FAKE_HALF, FAKE_BUSY };
  guint64 dice;

  if (relay->mood != FAKE_CHAOS)
    return relay->mood;
  dice = cobro_random_below (relay->random, 8);
  return dice < G_N_ELEMENTS (moods) ? moods[dice] : FAKE_FINE;
}

static void
answer (FakeRelay *relay, HttpRequest *request, GOutputStream *out)
{
  g_autofree char *body = NULL;
  guint status = 200;
  FakeMood mood;

  g_mutex_lock (&relay->lock);
  mood = mood_of_now (relay);
  count_request (relay, request->path);
  if (mood != FAKE_DEAF && mood != FAKE_BUSY && mood != FAKE_OLD && !relay->closing)
    body = route (relay, request->path, request->key, request->body, &status);
  g_mutex_unlock (&relay->lock);

  if (mood == FAKE_BUSY)
    send_whole (out, 503, "{\"success\":false,\"error\":{\"code\":\"UNAVAILABLE\",\"message\":\"later\"}}");
  else if (mood == FAKE_OLD)
    send_whole (out, 426, "{\"success\":false,\"error\":{\"code\":\"PROTOCOL\",\"message\":\"update\"}}");
  else if (mood == FAKE_NONSENSE)
    send_whole (out, 200, "<html>Welcome to the hotel</html>");
  else if (mood == FAKE_HALF && body != NULL)
    send_answer (out, status, body, strlen (body) / 2);
  else if (mood != FAKE_LOST && mood != FAKE_DEAF && body != NULL)
    send_whole (out, status, body);
}

static gboolean
on_run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  FakeRelay *relay = data;
  HttpRequest request = { NULL };

  if (read_request (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &request))
    answer (relay, &request, g_io_stream_get_output_stream (G_IO_STREAM (connection)));
  request_clear (&request);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_mutex_lock (&relay->lock);
  relay->serving--;
  g_cond_broadcast (&relay->grown);
  g_mutex_unlock (&relay->lock);
  return TRUE;
}

/* ── For tests ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
on_incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  FakeRelay *relay = data;

  g_mutex_lock (&relay->lock);
  relay->serving++;
  g_mutex_unlock (&relay->lock);
  return FALSE; /* its own handler hands it to a thread */
}

/* Connections are accepted on a main context of its own: the tests' one is busy waiting. */
static gpointer
serve (gpointer data)
{
  FakeRelay *relay = data;
  g_autoptr (GError) error = NULL;
  guint16 port;

  g_main_context_push_thread_default (relay->context);
  relay->service = g_threaded_socket_service_new (16);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (relay->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (relay->service, "incoming", G_CALLBACK (on_incoming_cb), relay);
  g_signal_connect (relay->service, "run", G_CALLBACK (on_run_cb), relay);
  g_mutex_lock (&relay->lock);
  relay->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_cond_broadcast (&relay->grown);
  g_mutex_unlock (&relay->lock);
  g_main_loop_run (relay->loop);
  g_socket_service_stop (relay->service);
  g_socket_listener_close (G_SOCKET_LISTENER (relay->service));
  g_object_unref (relay->service);
  g_main_context_pop_thread_default (relay->context);
  return NULL;
}

FakeRelay *
fake_relay_new (CobroClock *clock, guint32 seed)
{
  FakeRelay *relay = g_new0 (FakeRelay, 1);

  g_mutex_init (&relay->lock);
  g_cond_init (&relay->grown);
  relay->clock = cobro_clock_ref (clock);
  relay->random = cobro_random_new_seeded (seed);
  relay->protocol = 1;
  relay->merchant = cobro_merchant_new ();
  relay->merchant->id = cobro_id_new (COBRO_ID_MERCHANT, clock, relay->random);
  relay->merchant->rev = 1;
  relay->merchant->created_at = relay->merchant->updated_at = cobro_clock_now (clock);
  cobro_link_set_text (&relay->merchant->name, "Relay's name");
  relay->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, device_free);
  relay->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, link_free);
  relay->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  relay->log = g_ptr_array_new_with_free_func (row_free);
  relay->context = g_main_context_new ();
  relay->loop = g_main_loop_new (relay->context, FALSE);
  relay->thread = g_thread_new ("fake-relay", serve, relay);
  g_mutex_lock (&relay->lock);
  while (relay->url == NULL)
    g_cond_wait (&relay->grown, &relay->lock);
  g_mutex_unlock (&relay->lock);
  return relay;
}

void
fake_relay_free (FakeRelay *relay)
{
  if (relay == NULL)
    return;
  g_mutex_lock (&relay->lock);
  relay->closing = TRUE;
  g_cond_broadcast (&relay->grown);
  g_mutex_unlock (&relay->lock);
  g_main_loop_quit (relay->loop);
  g_thread_join (relay->thread);
  g_mutex_lock (&relay->lock);
  while (relay->serving > 0)
    g_cond_wait (&relay->grown, &relay->lock);
  g_mutex_unlock (&relay->lock);
  g_main_loop_unref (relay->loop);
  g_main_context_unref (relay->context);
  g_hash_table_unref (relay->devices);
  g_hash_table_unref (relay->links);
  g_hash_table_unref (relay->requests);
  g_ptr_array_unref (relay->log);
  cobro_merchant_unref (relay->merchant);
  cobro_clock_unref (relay->clock);
  cobro_random_unref (relay->random);
  g_cond_clear (&relay->grown);
  g_mutex_clear (&relay->lock);
  g_free (relay->code);
  g_free (relay->url);
  g_free (relay);
}

const char *
fake_relay_url (FakeRelay *relay)
{
  return relay->url;
}

void
fake_relay_set_mood (FakeRelay *relay, FakeMood mood)
{
  g_mutex_lock (&relay->lock);
  relay->mood = mood;
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_set_health (FakeRelay *relay, CobroTime timestamp, gint64 protocol)
{
  g_mutex_lock (&relay->lock);
  relay->timestamp = timestamp;
  relay->protocol = protocol;
  g_mutex_unlock (&relay->lock);
}

const char *
fake_relay_new_code (FakeRelay *relay)
{
  g_mutex_lock (&relay->lock);
  g_free (relay->code);
  relay->code = g_strdup ("1A2B-3C4D-5E6F-7G8H");
  g_mutex_unlock (&relay->lock);
  return "1A2B-3C4D-5E6F-7G8H";
}

char *
fake_relay_new_device (FakeRelay *relay, CobroId *out_id)
{
  char *key;

  g_mutex_lock (&relay->lock);
  key = add_device (relay, out_id);
  g_mutex_unlock (&relay->lock);
  return key;
}

CobroId
fake_relay_merchant_id (FakeRelay *relay)
{
  return relay->merchant->id;
}

void
fake_relay_revoke_all (FakeRelay *relay)
{
  g_mutex_lock (&relay->lock);
  g_hash_table_remove_all (relay->devices);
  g_mutex_unlock (&relay->lock);
}

static void
forget_results (Device *device, guint n)
{
  while (n-- > 0 && device->op_ids->len > 0)
    {
      g_hash_table_remove (device->results, g_ptr_array_index (device->op_ids, device->op_ids->len - 1));
      g_ptr_array_remove_index (device->op_ids, device->op_ids->len - 1);
      device->last_seq--;
    }
}

void
fake_relay_forget_operations (FakeRelay *relay, guint n)
{
  GHashTableIter iter;
  gpointer device;

  g_mutex_lock (&relay->lock);
  g_hash_table_iter_init (&iter, relay->devices);
  while (g_hash_table_iter_next (&iter, NULL, &device))
    forget_results (device, n);
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_empty (FakeRelay *relay)
{
  fake_relay_forget_operations (relay, G_MAXUINT);
  g_mutex_lock (&relay->lock);
  g_hash_table_remove_all (relay->links);
  g_ptr_array_set_size (relay->log, 0);
  g_mutex_unlock (&relay->lock);
}

guint
fake_relay_n_links (FakeRelay *relay)
{
  guint n;

  g_mutex_lock (&relay->lock);
  n = g_hash_table_size (relay->links);
  g_mutex_unlock (&relay->lock);
  return n;
}

char *
fake_relay_document (FakeRelay *relay, const CobroId *id, gint64 *out_rev)
{
  Link *link;
  char *document;

  g_mutex_lock (&relay->lock);
  link = g_hash_table_lookup (relay->links, id->text);
  document = link != NULL ? g_strdup (link->document) : NULL;
  if (out_rev != NULL)
    *out_rev = link != NULL ? link->rev : 0;
  g_mutex_unlock (&relay->lock);
  return document;
}

char *
fake_relay_token (FakeRelay *relay, const CobroId *id)
{
  Link *link;
  char *token;

  g_mutex_lock (&relay->lock);
  link = g_hash_table_lookup (relay->links, id->text);
  token = link != NULL ? g_strdup (link->token) : NULL;
  g_mutex_unlock (&relay->lock);
  return token;
}

char *
fake_relay_merchant (FakeRelay *relay)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  g_mutex_lock (&relay->lock);
  cobro_wire_merchant_write (writer, NULL, relay->merchant);
  g_mutex_unlock (&relay->lock);
  return cobro_wire_writer_take (writer);
}

guint
fake_relay_n_requests (FakeRelay *relay, const char *path)
{
  guint n;

  g_mutex_lock (&relay->lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (relay->requests, path));
  g_mutex_unlock (&relay->lock);
  return n;
}

guint
fake_relay_n_applied (FakeRelay *relay)
{
  guint n;

  g_mutex_lock (&relay->lock);
  n = relay->applied;
  g_mutex_unlock (&relay->lock);
  return n;
}

gint64
fake_relay_log_length (FakeRelay *relay)
{
  gint64 n;

  g_mutex_lock (&relay->lock);
  n = relay->log->len;
  g_mutex_unlock (&relay->lock);
  return n;
}

void
fake_relay_put_link (FakeRelay *relay, const CobroLink *link)
{
  Link *there;
  gboolean made;

  g_mutex_lock (&relay->lock);
  there = g_hash_table_lookup (relay->links, link->id.text);
  made = there == NULL;
  if (made)
    {
      there = g_new0 (Link, 1);
      there->token = g_strdup (link->token.text);
      g_hash_table_insert (relay->links, g_strdup (link->id.text), there);
    }
  g_free (there->document);
  g_free (there->edited);
  there->document = cobro_wire_link_to_document (link, FALSE);
  there->edited = g_strdup ("{}");
  there->rev++;
  tell_link (relay, made ? COBRO_EVENT_LINK_CREATED : COBRO_EVENT_LINK_UPDATED, link->id.text, there);
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_payment (FakeRelay *relay, CobroEventType type, const CobroPayment *payment)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_payment_write (writer, NULL, payment);
  object = cobro_wire_writer_take (writer);
  g_mutex_lock (&relay->lock);
  append (relay, type, payment->id.text, object);
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_refund (FakeRelay *relay, CobroEventType type, const CobroRefund *refund)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *object = NULL;

  cobro_wire_refund_write (writer, NULL, refund);
  object = cobro_wire_writer_take (writer);
  g_mutex_lock (&relay->lock);
  append (relay, type, refund->id.text, object);
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_unknown_event (FakeRelay *relay, const char *object)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, object, -1);
  Row *row = g_new0 (Row, 1);

  g_mutex_lock (&relay->lock);
  row->sequence = relay->log->len + 1;
  row->json = g_strdup_printf ("{\"id\":\"evt_01h00000000000000000000000\",\"sequence\":%" G_GINT64_FORMAT
                               ",\"type\":\"comet.seen\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"object\":%s,"
                               "\"hash\":\"%s\",\"previousHash\":\"%s\"}",
                               row->sequence, object, hash, relay->last_hash);
  g_strlcpy (relay->last_hash, hash, sizeof relay->last_hash);
  g_ptr_array_add (relay->log, row);
  g_cond_broadcast (&relay->grown);
  g_mutex_unlock (&relay->lock);
}

void
fake_relay_tamper (FakeRelay *relay, gint64 sequence)
{
  Row *row;
  char *at;

  g_mutex_lock (&relay->lock);
  row = g_ptr_array_index (relay->log, (guint)sequence - 1);
  at = strstr (row->json, "\"amount\":");
  g_assert_nonnull (at);
  at[9] = at[9] == '9' ? '8' : '9';
  g_mutex_unlock (&relay->lock);
}
