/* relay/http/relay-reply.c — replies as values, and how they become bytes.
 * Layer: relay/http. Thread: that of the handler; sealed on the listener thread. */
#include "relay-reply.h"

#include <libsoup/soup.h>
#include <string.h>
#include "relay-reply-private.h"

static RelayReply *
reply_new (guint status, RelayHeaderSet set, GBytes *take_body)
{
  RelayReply *reply = g_new0 (RelayReply, 1);

  reply->ref_count = 1;
  reply->status = status;
  reply->set = set;
  reply->body = take_body;
  return reply;
}

RelayReply *
relay_reply_ref (RelayReply *reply)
{
  g_atomic_int_inc (&reply->ref_count);
  return reply;
}

void
relay_reply_free (RelayReply *reply)
{
  if (!g_atomic_int_dec_and_test (&reply->ref_count))
    return;
  g_free (reply->share_topics[0]);
  g_free (reply->share_topics[1]);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->headers, g_ptr_array_unref);
  g_free (reply->content_type);
  relay_csp_clear (&reply->policy);
  g_free (reply->topic);
  g_free (reply);
}

guint
relay_reply_get_status (const RelayReply *reply)
{
  return reply->status;
}

/* ── Constructors ────────────────────────────────────────────────────────────────────────────────── */

static GBytes *
bytes_of (char *take_text)
{
  return g_bytes_new_take (take_text, strlen (take_text));
}

RelayReply *
relay_reply_json_bare (RelayRequest *request, guint status, char *take_json)
{
  return reply_new (status, RELAY_HEADERS_API, bytes_of (take_json));
}

RelayReply *
relay_reply_json (RelayRequest *request, guint status, char *take_data_json)
{
  g_autofree char *data = take_data_json;

  return relay_reply_json_bare (request, status, g_strconcat ("{\"success\":true,\"data\":", data, "}", NULL));
}

RelayReply *
relay_reply_json_page (RelayRequest *request, char *take_data_json, char *take_pagination_json)
{
  g_autofree char *data = take_data_json;
  g_autofree char *pagination = take_pagination_json;

  return relay_reply_json_bare (
    request, SOUP_STATUS_OK,
    g_strconcat ("{\"success\":true,\"data\":", data, ",\"pagination\":", pagination, "}", NULL));
}

RelayReply *
relay_reply_html (RelayRequest *request, guint status, char *take_html, const char *form_hosts,
                  const char *style_sources)
{
  g_autoptr (GBytes) html = bytes_of (take_html);

  return relay_reply_html_bytes (request, status, html, form_hosts, style_sources);
}

RelayReply *
relay_reply_html_bytes (RelayRequest *request, guint status, GBytes *html, const char *form_hosts,
                        const char *style_sources)
{
  RelayReply *reply = reply_new (status, RELAY_HEADERS_PAGE, g_bytes_ref (html));

  relay_csp_copy (&reply->policy, &(RelayCsp){ .form_action = (char *)form_hosts, .style_src = (char *)style_sources });
  return reply;
}

RelayReply *
relay_reply_html_for (RelayRequest *request, guint status, char *take_html, const RelayCsp *policy)
{
  RelayReply *reply = reply_new (status, RELAY_HEADERS_PAGE, bytes_of (take_html));

  relay_csp_copy (&reply->policy, policy);
  return reply;
}

RelayReply *
relay_reply_bytes (RelayRequest *request, guint status, const char *content_type, GBytes *bytes)
{
  RelayReply *reply = reply_new (status, RELAY_HEADERS_BYTES, g_bytes_ref (bytes));

  reply->content_type = g_strdup (content_type);
  return reply;
}

RelayReply *
relay_reply_redirect (RelayRequest *request, const char *location)
{
  RelayReply *reply = relay_reply_empty (request, SOUP_STATUS_SEE_OTHER);
  g_autoptr (GString) safe = g_string_new (NULL);

  /* Addresses may come from merchants and providers: only visible ASCII reaches the header. */
  for (const guchar *at = (const guchar *)location; *at != '\0'; at++)
    if (*at > 0x20 && *at < 0x7f)
      g_string_append_c (safe, *at);
    else
      g_string_append_printf (safe, "%%%02X", *at);
  relay_reply_set_header (reply, "Location", safe->str);
  return reply;
}

RelayReply *
relay_reply_empty (RelayRequest *request, guint status)
{
  RelayHeaderSet set = request->face == RELAY_FACE_PAGE ? RELAY_HEADERS_PAGE : RELAY_HEADERS_API;
  RelayReply *reply = reply_new (status, set, NULL);

  reply->without_type = TRUE;
  return reply;
}

RelayReply *
relay_reply_not_modified (RelayRequest *request, const char *etag)
{
  RelayReply *reply = relay_reply_empty (request, SOUP_STATUS_NOT_MODIFIED);

  relay_reply_set_header (reply, "ETag", etag);
  return reply;
}

void
relay_reply_share (RelayReply *reply, const char *topic, const char *other_topic, gint64 for_us)
{
  reply->share_topics[0] = g_strdup (topic);
  reply->share_topics[1] = g_strdup (other_topic);
  reply->share_for = for_us;
}

/* ── Waiting ─────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_reply_park (RelayRequest *request, const char *topic, gint64 until_monotonic)
{
  RelayReply *reply = reply_new (0, RELAY_HEADERS_API, NULL);

  reply->kind = RELAY_REPLY_PARK;
  reply->topic = g_strdup (topic);
  reply->until = until_monotonic;
  return reply;
}

char *
relay_reply_event_text (const char *data)
{
  g_auto (GStrv) lines = NULL;
  GString *text = g_string_new (NULL);

  if (data == NULL)
    return g_string_free (g_string_append (text, ":\n\n"), FALSE);
  lines = g_strsplit_set (data, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "data: %s\n", lines[i]);
  return g_string_free (g_string_append_c (text, '\n'), FALSE);
}

static RelayReply *
stream_new (RelayReplyKind kind, char *take_event_data)
{
  g_autofree char *data = take_event_data;
  RelayReply *reply = reply_new (SOUP_STATUS_OK, RELAY_HEADERS_BYTES, NULL);

  reply->kind = kind;
  reply->content_type = g_strdup ("text/event-stream");
  if (data != NULL)
    reply->body = bytes_of (relay_reply_event_text (data));
  return reply;
}

RelayReply *
relay_reply_stream (RelayRequest *request, const char *topic, char *take_event_data, gint64 until_monotonic)
{
  RelayReply *reply = stream_new (RELAY_REPLY_STREAM, take_event_data);

  reply->topic = g_strdup (topic);
  reply->until = until_monotonic;
  return reply;
}

RelayReply *
relay_reply_stream_end (RelayRequest *request, char *take_event_data)
{
  return stream_new (RELAY_REPLY_STREAM_END, take_event_data);
}

RelayReply *
relay_reply_later (RelayRequest *request)
{
  RelayReply *reply = reply_new (0, RELAY_HEADERS_API, NULL);

  reply->kind = RELAY_REPLY_LATER;
  return reply;
}

/* ── Headers ─────────────────────────────────────────────────────────────────────────────────────── */

/* Whether @line ("Name: value") is a header of that name. */
static gboolean
is_header (const char *line, const char *name, gsize length)
{
  return g_ascii_strncasecmp (line, name, length) == 0 && line[length] == ':';
}

void
relay_reply_set_header (RelayReply *reply, const char *name, const char *value)
{
  g_return_if_fail (name[0] != '\0' && name[strcspn (name, ": \r\n")] == '\0');
  g_return_if_fail (value[strcspn (value, "\r\n")] == '\0');

  if (reply->headers == NULL)
    reply->headers = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < reply->headers->len; i++)
    if (is_header (reply->headers->pdata[i], name, strlen (name)))
      g_ptr_array_remove_index (reply->headers, i--);
  g_ptr_array_add (reply->headers, g_strconcat (name, ": ", value, NULL));
}

/* semantics.md, "Response headers (exact)". Lines that only make sense behind TLS are marked. */
#define LINE_TLS (1 << 0)
typedef struct
{
  const char *line;
  guint flags;
} HeaderLine;

static const HeaderLine api_lines[] = {
  { "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", 0 },
  { "Strict-Transport-Security: max-age=63072000; includeSubDomains", LINE_TLS },
  { "X-Content-Type-Options: nosniff", 0 },
  { "Cache-Control: no-store", 0 },
  { NULL, 0 },
};

static const HeaderLine page_lines[] = {
  { "Strict-Transport-Security: max-age=63072000; includeSubDomains", LINE_TLS },
  { "Cross-Origin-Opener-Policy: same-origin", 0 },
  { "Cross-Origin-Resource-Policy: same-origin", 0 },
  { "X-Content-Type-Options: nosniff", 0 },
  { "X-Frame-Options: DENY", 0 },
  { "Referrer-Policy: no-referrer", 0 },
  { "Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(self)", 0 },
  { "Cache-Control: no-store", 0 },
  { "X-Robots-Tag: noindex, nofollow", 0 },
  { NULL, 0 },
};

static const HeaderLine bytes_lines[] = {
  { "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", 0 },
  { "Strict-Transport-Security: max-age=63072000; includeSubDomains", LINE_TLS },
  { "Cross-Origin-Resource-Policy: same-origin", 0 },
  { "X-Content-Type-Options: nosniff", 0 },
  { "Referrer-Policy: no-referrer", 0 },
  { "Cache-Control: no-store", 0 },
  { NULL, 0 },
};

static const HeaderLine *const sets[] = {
  [RELAY_HEADERS_API] = api_lines,
  [RELAY_HEADERS_PAGE] = page_lines,
  [RELAY_HEADERS_BYTES] = bytes_lines,
};

#define POLICY "Content-Security-Policy: "

static gboolean
is_replaced (const RelayReply *reply, const char *line)
{
  gsize length = strcspn (line, ":");

  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    if (is_header (reply->headers->pdata[i], line, length))
      return TRUE;
  return FALSE;
}

static void
append_set (const RelayReply *reply, gboolean plain_http, GString *out)
{
  if (reply->set == RELAY_HEADERS_PAGE && !is_replaced (reply, POLICY))
    {
      g_string_append (out, POLICY);
      relay_csp_append (&reply->policy, plain_http, out);
      g_string_append (out, "\r\n");
    }
  for (const HeaderLine *line = sets[reply->set]; line->line != NULL; line++)
    if (!((line->flags & LINE_TLS) != 0 && plain_http) && !is_replaced (reply, line->line))
      g_string_append (g_string_append (out, line->line), "\r\n");
}

static const char *
content_type (const RelayReply *reply)
{
  switch (reply->set)
    {
    case RELAY_HEADERS_API:
      return "application/json; charset=utf-8";
    case RELAY_HEADERS_PAGE:
      return "text/html; charset=utf-8";
    case RELAY_HEADERS_BYTES:
      return reply->content_type;
    }
  return reply->content_type;
}

static const char *
phrase (guint status)
{
  switch (status)
    {
    case 428: /* RFC 6585, newer than libsoup's list */
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return soup_status_get_phrase (status);
    }
}

gboolean
relay_reply_has_body (const RelayReply *reply, const RelayRequest *request)
{
  return reply->body != NULL && reply->status != SOUP_STATUS_NO_CONTENT && reply->status != SOUP_STATUS_NOT_MODIFIED &&
         strcmp (request->method, "HEAD") != 0;
}

static void
append_number (GString *out, gsize number)
{
  char digits[24];
  char *at = digits + sizeof digits;

  do
    *--at = '0' + number % 10;
  while ((number /= 10) > 0);
  g_string_append_len (out, at, digits + sizeof digits - at);
}

void
relay_reply_write_head (const RelayReply *reply, const RelayRequest *request, gboolean plain_http, const char *date,
                        gboolean close, GString *out)
{
  g_string_append (out, "HTTP/1.1 ");
  append_number (out, reply->status);
  g_string_append (g_string_append_c (out, ' '), phrase (reply->status));
  g_string_append (g_string_append (out, "\r\nDate: "), date);
  if (!reply->without_type)
    g_string_append (g_string_append (out, "\r\nContent-Type: "), content_type (reply));
  if (reply->kind == RELAY_REPLY_WHOLE && reply->status != SOUP_STATUS_NO_CONTENT &&
      reply->status != SOUP_STATUS_NOT_MODIFIED)
    {
      g_string_append (out, "\r\nContent-Length: ");
      append_number (out, reply->body != NULL ? g_bytes_get_size (reply->body) : 0);
    }
  g_string_append (g_string_append (out, "\r\nx-request-id: "), request->id);
  g_string_append (out, "\r\n");
  append_set (reply, plain_http, out);
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    g_string_append (g_string_append (out, reply->headers->pdata[i]), "\r\n");
  g_string_append (out, close ? "Connection: close\r\n\r\n" : "\r\n");
}
