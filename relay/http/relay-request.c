/* relay/http/relay-request.c — requests as values: what is parsed lazily from head and body.
 * Layer: relay/http. Thread: that of the handler. */
#include "relay-request.h"

#include <libsoup/soup.h>
#include <string.h>
#include "cobro-error.h"
#include "relay-head.h"
#include "relay-request-private.h"
#include "relay-route.h"
#include "relay-router.h"

RelayRequest *
relay_request_new (RelayServer *server)
{
  RelayRequest *request = g_new0 (RelayRequest, 1);

  request->server = server;
  request->method = "-";
  request->target = "";
  return request;
}

void
relay_request_free (RelayRequest *request)
{
  for (guint i = 0; i < RELAY_ROUTER_PARAMS_MAX; i++)
    g_free (request->params[i]);
  g_clear_pointer (&request->owned_head, relay_head_free);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_clear_pointer (&request->query, g_hash_table_unref);
  g_clear_pointer (&request->headers, g_hash_table_unref);
  g_clear_pointer (&request->form, g_hash_table_unref);
  g_clear_pointer (&request->json, cobro_wire_object_unref);
  g_free (request->key_id);
  g_free (request->scopes);
  g_free (request->peer);
  g_free (request);
}

void
relay_request_own_head (RelayRequest *request)
{
  if (request->owned_head != NULL)
    return;
  request->owned_head = relay_head_copy (request->head);
  request->head = request->owned_head;
  request->method = request->head->method;
  request->target = request->head->target;
}

/* ── Path and query ──────────────────────────────────────────────────────────────────────────────── */

const char *
relay_request_param (RelayRequest *request, const char *name)
{
  int index = relay_router_param_index (request->route->template, name);

  g_return_val_if_fail (index >= 0, "");
  return request->params[index];
}

/* Text from a URL or form: escapes decoded, UTF-8, no NUL. */
static char *
decode (const char *from, gsize length)
{
  g_autofree char *plain = g_strndup (from, length);
  g_autofree char *text = NULL;

  if (memchr (from, '\0', length) != NULL)
    return NULL;
  for (char *at = plain; *at != '\0'; at++)
    if (*at == '+')
      *at = ' ';
  text = g_uri_unescape_string (plain, NULL);
  return text != NULL && g_utf8_validate (text, -1, NULL) ? g_steal_pointer (&text) : NULL;
}

/* name=value&name=value… without soup_form_decode(), which drops what it cannot read and keeps the last of two. */
static GHashTable *
decode_pairs (const char *text, gsize length, GError **error)
{
  g_autoptr (GHashTable) pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *end = text + length;

  for (const char *at = text; at < end;)
    {
      const char *stop = memchr (at, '&', end - at);
      const char *equals;
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      stop = stop != NULL ? stop : end;
      equals = memchr (at, '=', stop - at);
      equals = equals != NULL ? equals : stop;
      name = decode (at, equals - at);
      value = equals < stop ? decode (equals + 1, stop - equals - 1) : g_strdup ("");
      at = stop + 1;
      if (name == NULL || value == NULL)
        {
          cobro_error_set (error, COBRO_ERROR_INVALID, "a parameter holds a broken escape or is not UTF-8");
          return NULL;
        }
      if (name[0] == '\0' && value[0] == '\0')
        continue;
      if (g_hash_table_contains (pairs, name))
        {
          cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "is given twice");
          return NULL;
        }
      g_hash_table_insert (pairs, g_steal_pointer (&name), g_steal_pointer (&value));
    }
  return g_steal_pointer (&pairs);
}

gboolean
relay_request_parse_query (RelayRequest *request, GError **error)
{
  const char *mark = request->target + request->head->path_length;

  if (*mark == '\0')
    return TRUE;
  request->query = decode_pairs (mark + 1, strlen (mark + 1), error);
  return request->query != NULL;
}

GHashTable *
relay_request_get_query (RelayRequest *request)
{
  if (request->query == NULL)
    request->query = g_hash_table_new (g_str_hash, g_str_equal);
  return request->query;
}

const char *
relay_request_query (RelayRequest *request, const char *name)
{
  return request->query == NULL ? NULL : g_hash_table_lookup (request->query, name);
}

gboolean
relay_request_query_int (RelayRequest *request, const char *name, gint64 minimum, gint64 maximum, gint64 fallback,
                         gint64 *out_value, GError **error)
{
  const char *text = relay_request_query (request, name);
  g_autoptr (GError) cause = NULL;

  if (text == NULL)
    {
      *out_value = fallback;
      return TRUE;
    }
  if (!g_ascii_string_to_signed (text, 10, minimum, maximum, out_value, &cause))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name,
                               "must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, minimum,
                               maximum);
  return TRUE;
}

/* ── Header fields ───────────────────────────────────────────────────────────────────────────────── */

GHashTable *
relay_request_get_headers (RelayRequest *request)
{
  if (request->headers != NULL)
    return request->headers;
  request->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; request->head != NULL && i < request->head->n_fields; i++)
    {
      const char *name = relay_head_name (request->head, i);
      const char *value = relay_head_value (request->head, i);
      const char *before = g_hash_table_lookup (request->headers, name);

      g_hash_table_insert (request->headers, g_strdup (name),
                           before == NULL ? g_strdup (value) : g_strconcat (before, ", ", value, NULL));
    }
  return request->headers;
}

const char *
relay_request_header (RelayRequest *request, const char *lower_case_name)
{
  guint found = 0;
  guint at = 0;

  if (request->headers != NULL)
    return g_hash_table_lookup (request->headers, lower_case_name);
  if (request->head == NULL)
    return NULL;
  for (guint i = 0; i < request->head->n_fields; i++)
    if (strcmp (relay_head_name (request->head, i), lower_case_name) == 0)
      {
        found++;
        at = i;
      }
  if (found > 1)
    return g_hash_table_lookup (relay_request_get_headers (request), lower_case_name);
  return found == 1 ? relay_head_value (request->head, at) : NULL;
}

gboolean
relay_request_get_revision (RelayRequest *request, gint64 *out_rev, GError **error)
{
  const char *text = relay_request_header (request, "if-match");
  g_autofree char *digits = NULL;
  gsize length;

  if (text == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_PRECONDITION, "If-Match", "is required: the revision in quotes");
  length = strlen (text);
  if (length >= 3 && text[0] == '"' && text[length - 1] == '"')
    digits = g_strndup (text + 1, length - 2);
  if (digits == NULL || !g_ascii_string_to_signed (digits, 10, 0, G_MAXINT64, out_rev, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "If-Match", "must be one revision in quotes, as in \"3\"");
  return TRUE;
}

/* Compares one member of a list, without its "W/". */
static gboolean
etag_equal (const char *member, const char *etag)
{
  return strcmp (g_str_has_prefix (member, "W/") ? member + 2 : member, etag) == 0;
}

gboolean
relay_request_has_etag (RelayRequest *request, const char *etag)
{
  const char *text = relay_request_header (request, "if-none-match");
  g_auto (GStrv) members = NULL;

  if (text == NULL)
    return FALSE;
  if (etag_equal (text, etag) || strcmp (text, "*") == 0)
    return TRUE;
  members = g_strsplit (text, ",", -1); /* our own tags hold no commas */
  for (guint i = 0; members[i] != NULL; i++)
    if (etag_equal (g_strstrip (members[i]), etag))
      return TRUE;
  return FALSE;
}

gboolean
relay_request_accepts_gzip (RelayRequest *request)
{
  const char *text = relay_request_header (request, "accept-encoding");
  GSList *takes;
  gboolean found;

  if (text == NULL || strstr (text, "gzip") == NULL)
    return FALSE;
  takes = soup_header_parse_quality_list (text, NULL); /* without what has q=0 */
  found = g_slist_find_custom (takes, "gzip", (GCompareFunc)g_ascii_strcasecmp) != NULL;
  soup_header_free_list (takes);
  return found;
}

/* ── Body ────────────────────────────────────────────────────────────────────────────────────────── */

/* The media type, without parameters, must be @wanted; a charset other than UTF-8 and encodings are refused. */
static gboolean
check_media_type (RelayRequest *request, const char *wanted, GError **error)
{
  const char *type = relay_request_header (request, "content-type");
  const char *encoding = relay_request_header (request, "content-encoding");
  gsize length = strlen (wanted);
  const char *rest;

  if (type == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_MEDIA_TYPE, "Content-Type", "is required: %s", wanted);
  rest = type + MIN (length, strlen (type));
  rest += strspn (rest, " \t");
  if (g_ascii_strncasecmp (type, wanted, length) != 0 || (*rest != '\0' && *rest != ';'))
    return cobro_error_set_at (error, COBRO_ERROR_MEDIA_TYPE, "Content-Type", "must be %s, not \"%s\"", wanted, type);
  if (*rest == ';' && g_ascii_strncasecmp (rest + 1 + strspn (rest + 1, " \t"), "charset=", 8) == 0 &&
      strstr (rest, "utf-8") == NULL && strstr (rest, "UTF-8") == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_MEDIA_TYPE, "Content-Type", "must be in UTF-8");
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    return cobro_error_set_at (error, COBRO_ERROR_MEDIA_TYPE, "Content-Encoding", "\"%s\" is not taken here", encoding);
  return TRUE;
}

CobroWireObject *
relay_request_get_json (RelayRequest *request, GError **error)
{
  gsize length;
  const char *text;

  if (request->json != NULL)
    return request->json;
  if (!check_media_type (request, "application/json", error))
    return NULL;
  text = g_bytes_get_data (request->body, &length);
  request->json = cobro_wire_parse (text != NULL ? text : "", length, error);
  /* The strict reader of the body knows the name, also when the header has a key. */
  if (request->json != NULL && request->route != NULL && (request->route->flags & RELAY_ROUTE_KEY_IN_BODY) != 0)
    cobro_wire_has (request->json, "merchantApiKey");
  return request->json;
}

GHashTable *
relay_request_get_form (RelayRequest *request, GError **error)
{
  gsize length;
  const char *text;

  if (request->form != NULL)
    return request->form;
  if (!check_media_type (request, "application/x-www-form-urlencoded", error))
    return NULL;
  text = g_bytes_get_data (request->body, &length);
  request->form = decode_pairs (text != NULL ? text : "", length, error);
  return request->form;
}
