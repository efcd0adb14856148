/* relay/api/relay-api-docs.c — the API's description for programs, and as a page for people; all of it from memory.
 * Layer: relay/api. Listener threads. */
#include <string.h>

#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"
#include "relay-docs-resources.h"

#define FOLDER     "/app/cobro/relay/docs/"
#define FILE_MAX   32
#define ETAG_CHARS 24

/* Browsers ask whether it is still the same; a new relay has new pages. */
#define ASK_AGAIN "no-cache"

/* (transfer full) (nullable) a file of ours. */
static GBytes *
find_file (const char *name, const char *suffix)
{
  g_autofree char *path = g_strconcat (FOLDER, name, suffix, NULL);

  return strlen (name) <= FILE_MAX
           ? g_resource_lookup_data (relay_docs_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL)
           : NULL;
}

/* Of the bytes that are sent: the compressed form has another than the plain one. */
static char *
etag_of (GBytes *bytes)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  sum[ETAG_CHARS] = '\0';
  return g_strdup_printf ("\"%s\"", sum);
}

static RelayReply *
reply_bytes (RelayRequest *request, const char *type, GBytes *bytes)
{
  return type != NULL ? relay_reply_bytes (request, 200, type, bytes)
                      : relay_reply_html_bytes (request, 200, bytes, NULL, NULL);
}

/* @type: (nullable): %NULL is our page. */
static RelayReply *
reply_file (RelayRequest *request, const char *name, const char *type)
{
  g_autoptr (GBytes) plain = find_file (name, "");
  g_autoptr (GBytes) packed = relay_request_accepts_gzip (request) ? find_file (name, ".gz") : NULL;
  g_autofree char *etag = etag_of (packed != NULL ? packed : plain);
  RelayReply *reply;

  if (relay_request_has_etag (request, etag))
    reply = relay_reply_not_modified (request, etag);
  else
    reply = reply_bytes (request, type, packed != NULL ? packed : plain);
  if (relay_reply_get_status (reply) == 200)
    relay_reply_set_header (reply, "ETag", etag);
  if (relay_reply_get_status (reply) == 200 && packed != NULL)
    relay_reply_set_header (reply, "Content-Encoding", "gzip");
  relay_reply_set_header (reply, "Vary", "Accept-Encoding");
  relay_reply_set_header (reply, "Cache-Control", ASK_AGAIN);
  return reply;
}

RelayReply *
relay_api_docs_page (gpointer context, RelayRequest *request)
{
  return reply_file (request, "index.html", NULL);
}

RelayReply *
relay_api_docs_json (gpointer context, RelayRequest *request)
{
  return reply_file (request, "openapi.json", "application/json; charset=utf-8");
}

RelayReply *
relay_api_docs_file (gpointer context, RelayRequest *request)
{
  const char *name = relay_request_param (request, "file");
  g_autoptr (GError) error = NULL;

  if (g_str_equal (name, "docs.css"))
    return reply_file (request, name, "text/css; charset=utf-8");
  if (g_str_equal (name, "docs.js"))
    return reply_file (request, name, "text/javascript; charset=utf-8");
  cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "no such file");
  return relay_reply_problem (request, error);
}
