/* tests/fuzz/fuzz-http-head.c — the gate's parser of request heads, its router and its query decoder.
 * Promises: what arrives in pieces is read as what arrives at once; a head that is accepted has exactly one Host, no
 * Transfer-Encoding, no control character anywhere, and all its parts lie inside its bytes.
 * Layer: tests. */
#include <glib.h>
#include <string.h>
#include "fuzz-replay.h"
#include "relay-head.h"
#include "relay-request-private.h"
#include "relay-router.h"

static RelayReply *
handler (gpointer context, RelayRequest *request)
{
  return NULL;
}

static const RelayRoute routes[] = {
  { .method = "GET", .template = "/", .handler = handler },
  { .method = "GET", .template = "/v1/links/{id}", .handler = handler },
  { .method = "POST", .template = "/webhooks/{provider}/{account}", .handler = handler },
  { .method = "GET", .template = "/mock/{rest*}", .handler = handler },
  { .method = NULL },
};

/* The end of the head must be found at the same place, whatever the pieces. */
static gsize
find_end (const char *bytes, gsize size, RelayFault *out_fault)
{
  gsize scanned = 0;
  gsize at_once = relay_head_find_end (bytes, size, &scanned, out_fault);
  gsize in_pieces = 0;
  RelayFault fault = { 0, NULL };

  scanned = 0;
  for (gsize n = 1; n <= size && in_pieces == 0 && fault.status == 0; n += n < 64 ? 1 : 61)
    in_pieces = relay_head_find_end (bytes, n, &scanned, &fault);
  if (in_pieces == 0 && fault.status == 0)
    in_pieces = relay_head_find_end (bytes, size, &scanned, &fault);
  g_assert_cmpuint (in_pieces, ==, at_once);
  g_assert_cmpint (fault.status != 0, ==, out_fault->status != 0);
  return at_once;
}

static void
check_text (const RelayHead *head, const char *text, gsize length)
{
  g_assert_true (text >= head->bytes && text + length < head->bytes + head->length);
  g_assert_cmpuint (strlen (text), ==, length);
  g_assert_true (g_utf8_validate (text, length, NULL));
  for (gsize i = 0; i < length; i++)
    g_assert_true (text[i] == '\t' || !g_ascii_iscntrl (text[i]));
}

static void
check_head (const RelayHead *head)
{
  guint hosts = 0, lengths = 0;

  g_assert_cmpuint (head->n_fields, <=, RELAY_HEAD_FIELDS_MAX);
  g_assert_cmpint (head->content_length, >=, 0);
  g_assert_cmpint (head->target[0], ==, '/');
  check_text (head, head->method, strlen (head->method));
  check_text (head, head->target, strlen (head->target));
  g_assert_cmpuint (head->path_length, <=, strlen (head->target));
  for (guint i = 0; i < head->n_fields; i++)
    {
      const char *name = relay_head_name (head, i);

      check_text (head, name, head->fields[i].name_length);
      check_text (head, relay_head_value (head, i), head->fields[i].value_length);
      g_assert_cmpuint (head->fields[i].name_length, >, 0);
      g_assert_cmpstr (name, !=, "transfer-encoding");
      hosts += strcmp (name, "host") == 0 ? 1 : 0;
      lengths += strcmp (name, "content-length") == 0 ? 1 : 0;
    }
  g_assert_cmpuint (hosts, ==, 1);
  g_assert_cmpuint (lengths, <=, 1);
}

static void
use_head (RelayRouter *router, const RelayHead *head)
{
  g_autoptr (RelayRequest) request = relay_request_new (NULL);
  RelayMatch match;

  request->head = head;
  request->method = head->method;
  request->target = head->target;
  relay_request_own_head (request);
  g_assert_cmpstr (request->target, ==, head->target);
  if (relay_router_match (router, head->method, head->target, head->path_length, &match) == RELAY_MATCH_FOUND)
    {
      request->route = match.route;
      memcpy (request->params, match.params, sizeof match.params);
      for (guint i = 0; i < RELAY_ROUTER_PARAMS_MAX && request->params[i] != NULL; i++)
        g_assert_true (g_utf8_validate (request->params[i], -1, NULL) && request->params[i][0] != '\0');
    }
  (void)!relay_request_parse_query (request, NULL);
  relay_request_accepts_gzip (request);
  relay_request_has_etag (request, "\"a\"");
  relay_request_get_headers (request);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RelayRouter) router = relay_router_new (routes, NULL);
  RelayFault fault;
  RelayHead head;
  gsize length = find_end ((const char *)data, size, &fault);
  g_autofree char *bytes = NULL;

  g_assert_true (length == 0 || fault.status == 0);
  if (length == 0)
    return 0;
  bytes = g_memdup2 (data, length);
  if (!relay_head_parse (&head, bytes, length, &fault))
    {
      g_assert_cmpuint (fault.status, >=, 400);
      return 0;
    }
  check_head (&head);
  use_head (router, &head);
  return 0;
}
