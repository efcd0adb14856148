/* tests/relay/http/http-faces.c — what callers see: shapes of errors, exact headers, keys, forms, revisions, limits,
 * logs. Layer: tests. */
#include <string.h>
#include <unistd.h>
#include "http-support.h"

#define POST_TO(target, fields, body) "POST " target " HTTP/1.1\r\nHost: a\r\n" fields "\r\n\r\n" body
#define WITH(target, fields)          "GET " target " HTTP/1.1\r\nHost: a\r\n" fields "\r\n\r\n"

static void
expect (Gate *gate, const char *request, guint status, const char *part)
{
  g_autofree char *reply = gate_ask (gate, request, -1);

  if (reply_status (reply) != status || strstr (reply, part) == NULL)
    g_error ("wanted %u with %s, got: %s", status, part, reply);
}

static void
expect_header (const char *reply, const char *name, const char *wanted)
{
  g_autofree char *value = reply_header (reply, name);

  if (g_strcmp0 (value, wanted) != 0)
    g_error ("%s is \"%s\" instead of \"%s\" in %s", name, value, wanted, reply);
}

/* ── Errors ──────────────────────────────────────────────────────────────────────────────────────── */

static void
test_not_found (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *api = gate_ask (gate, WITH ("/v1/nothing", "X-Request-Id: abc-1"), -1);
  g_autofree char *page = gate_ask (gate, GET ("/nothing"), -1);
  g_autofree char *public_api = gate_ask (gate, GET ("/api/public/nothing"), -1);
  g_autofree char *dyn = gate_ask (gate, GET ("/api/pay/nothing"), -1);

  g_assert_cmpstr (
    reply_body (api), ==,
    "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"there is nothing at this address\","
    "\"correlationId\":\"abc-1\"}}");
  expect_header (api, "x-request-id", "abc-1");
  expect_header (api, "Content-Type", "application/json; charset=utf-8");
  expect_header (page, "Content-Type", "text/html; charset=utf-8");
  g_assert_true (g_str_has_prefix (reply_body (public_api), "{\"success\":false,\"code\":\"NOT_FOUND\",\"message\":"));
  g_assert_true (g_str_has_prefix (reply_body (dyn), "{\"success\":false,\"code\":\"NOT_FOUND\",\"message\":"));
  g_assert_cmpuint (reply_status (api), ==, 404);
  g_assert_cmpuint (reply_status (page), ==, 404);
}

static void
test_methods (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *item = gate_ask (gate, "PUT /v1/items/1 HTTP/1.1\r\nHost: a\r\n\r\n", -1);
  g_autofree char *strict = gate_ask (gate, GET ("/v1/strict"), -1);
  g_autofree char *page = gate_ask (gate, "OPTIONS /pay/x HTTP/1.1\r\nHost: a\r\n\r\n", -1);

  g_assert_cmpuint (reply_status (item), ==, 405);
  expect_header (item, "Allow", "GET, HEAD, DELETE");
  expect_header (strict, "Allow", "POST");
  expect_header (page, "Allow", "POST, GET, HEAD");
  g_assert_nonnull (strstr (item, "\"code\":\"METHOD"));
  g_assert_nonnull (strstr (page, "<h1>405</h1>"));
}

static void
test_routes (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  expect (gate, GET ("/v1/items/a%20b"), 200, "\"data\":\"a b\"");
  expect (gate, GET ("/v1/items/special"), 200, "<p>page</p>");
  /* The literal has no DELETE, the placeholder has. */
  expect (gate, "DELETE /v1/items/special HTTP/1.1\r\nHost: a\r\n\r\n", 200, "\"data\":\"special\"");
}

static void
test_json_bodies (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
#define JSON "Content-Type: application/json\r\nIf-Match: \"3\"\r\n"

  expect (gate, POST_TO ("/v1/strict", JSON "Content-Length: 13", "{\"amount\": 5}"), 201, "\"data\":3");
  expect (gate, POST_TO ("/v1/strict", "Content-Length: 2", "{}"), 415, "\"path\":\"Content-Type\"");
  expect (gate, POST_TO ("/v1/strict", "Content-Type: text/plain\r\nContent-Length: 2", "{}"), 415, "text/plain");
  expect (gate, POST_TO ("/v1/strict", "Content-Type: application/jsonp\r\nContent-Length: 2", "{}"), 415, "jsonp");
  expect (gate, POST_TO ("/v1/strict", "Content-Type: application/json; charset=latin1\r\nContent-Length: 2", "{}"),
          415, "UTF-8");
  expect (gate, POST_TO ("/v1/strict", JSON "Content-Encoding: gzip\r\nContent-Length: 2", "{}"), 415,
          "Content-Encoding");
  expect (gate, POST_TO ("/v1/strict", JSON, ""), 400, "\"code\":\"VALIDATION_ERROR\"");
  expect (gate, POST_TO ("/v1/strict", JSON "Content-Length: 2", "{}"), 400, "\"path\":\"amount\"");
  expect (gate, POST_TO ("/v1/strict", JSON "Content-Length: 13", "{\"amount\":5}x"), 400, "VALIDATION_ERROR");
  expect (gate, POST_TO ("/v1/strict", JSON "Content-Length: 20", "{\"amount\":5,\"b\":\"c\"}"), 400, "\"path\":\"b\"");
  expect (gate, POST_TO ("/v1/strict?limit=0", JSON "Content-Length: 13", "{\"amount\": 5}"), 400,
          "\"path\":\"limit\"");
  expect (gate, POST_TO ("/v1/strict?limit=1e1", JSON "Content-Length: 13", "{\"amount\": 5}"), 400,
          "\"path\":\"limit\"");
  expect (
    gate,
    POST_TO ("/v1/strict", "Content-Type: APPLICATION/JSON ; charset=UTF-8\r\nContent-Length: 13", "{\"amount\": 5}"),
    428, "\"path\":\"If-Match\"");
  expect (
    gate,
    POST_TO ("/v1/strict", "Content-Type: application/json\r\nIf-Match: 3\r\nContent-Length: 13", "{\"amount\": 5}"),
    400, "\"path\":\"If-Match\"");
  expect (gate,
          POST_TO ("/v1/strict", "Content-Type: application/json\r\nIf-Match: \"-1\"\r\nContent-Length: 13",
                   "{\"amount\": 5}"),
          400, "\"path\":\"If-Match\"");
  expect (gate, POST_TO ("/api/pay/getData", JSON "Content-Length: 2", "{}"), 400,
          "{\"success\":false,\"code\":\"VALIDATION_ERROR\",\"message\":\"amount: ");
}

static void
test_forms (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
  static const char with_nul[] = POST_TO ("/pay/x", FORM "Content-Length: 8", "name=a\0b");
  g_autofree char *nul = gate_ask (gate, with_nul, sizeof with_nul - 1);

  expect (gate, POST_TO ("/pay/x", FORM "Content-Length: 22", "name=Ana+Mar%C3%ADa&b="), 200, "Ana María");
  expect (gate, POST_TO ("/pay/x", FORM "Content-Length: 13", "name=a&name=b"), 400, "given twice");
  expect (gate, POST_TO ("/pay/x", FORM "Content-Length: 8", "name=%zz"), 400, "broken escape");
  expect (gate, POST_TO ("/pay/x", FORM "Content-Length: 8", "name=%ff"), 400, "broken escape");
  expect (gate, POST_TO ("/pay/x", "Content-Type: application/json\r\nContent-Length: 2", "{}"), 415, "<h1>415</h1>");
  g_assert_cmpuint (reply_status (nul), ==, 400);
}

static void
count_fault (gpointer data, const char *request_id, const GError *error)
{
  g_assert_nonnull (strstr (error->message, "secret"));
  g_atomic_int_inc ((int *)data);
}

static void
test_faults_stay_inside (void)
{
  int faults = 0;
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .on_fault = count_fault, .log_data = &faults });
  g_autofree char *reply = gate_ask (gate, GET ("/v1/fail"), -1);

  g_assert_cmpuint (reply_status (reply), ==, 500);
  g_assert_null (strstr (reply, "secret"));
  g_assert_nonnull (strstr (reply, "correlation id"));
  g_assert_cmpint (faults, ==, 1);
}

/* ── Headers ─────────────────────────────────────────────────────────────────────────────────────── */

static void
test_page_headers (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *page = gate_ask (gate, GET ("/"), -1);
  g_autofree char *missing = gate_ask (gate, GET ("/nothing"), -1);
  g_autofree char *sources = gate_ask (gate, POST_TO ("/pay/x", FORM "Content-Length: 6", "name=a"), -1);
  const char *both[] = { page, missing };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      expect_header (
        both[i], "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
        "img-src 'self' data:; style-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
        "require-trusted-types-for 'script'; upgrade-insecure-requests");
      expect_header (both[i], "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
      expect_header (both[i], "Cross-Origin-Opener-Policy", "same-origin");
      expect_header (both[i], "Cross-Origin-Resource-Policy", "same-origin");
      expect_header (both[i], "X-Content-Type-Options", "nosniff");
      expect_header (both[i], "X-Frame-Options", "DENY");
      expect_header (both[i], "Referrer-Policy", "no-referrer");
      expect_header (both[i], "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(self)");
      expect_header (both[i], "Cache-Control", "no-store");
      expect_header (both[i], "X-Robots-Tag", "noindex, nofollow");
      expect_header (both[i], "Content-Type", "text/html; charset=utf-8");
      expect_header (both[i], "Server", NULL);
    }
  g_assert_nonnull (strstr (sources, "form-action 'self' https://bank.example; "));
  g_assert_nonnull (strstr (sources, "style-src 'self' 'sha256-x'; "));
}

static void
test_api_headers (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *good = gate_ask (gate, GET ("/v1/echo"), -1);
  g_autofree char *bad = gate_ask (gate, "nonsense\r\n\r\n", -1);
  const char *both[] = { good, bad };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      expect_header (both[i], "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
      expect_header (both[i], "Content-Type", "application/json; charset=utf-8");
      expect_header (both[i], "X-Content-Type-Options", "nosniff");
      expect_header (both[i], "Cache-Control", "no-store");
      expect_header (both[i], "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
      expect_header (both[i], "Access-Control-Allow-Origin", NULL);
      expect_header (both[i], "Server", NULL);
    }
}

/* Behind a public http address the two headers that force https are left off. */
static void
test_plain_http (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .plain_http = TRUE });
  g_autofree char *page = gate_ask (gate, GET ("/"), -1);

  expect_header (page, "Strict-Transport-Security", NULL);
  g_assert_null (strstr (page, "upgrade-insecure-requests"));
  expect_header (page, "X-Frame-Options", "DENY");
}

static void
test_assets (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *whole = gate_ask (gate, GET ("/assets/a.css"), -1);
  g_autofree char *known = gate_ask (gate, WITH ("/assets/a.css", "If-None-Match: \"v0\", W/\"v1\""), -1);

  expect_header (whole, "Cache-Control", "public, max-age=31536000, immutable");
  expect_header (whole, "Content-Type", "text/css");
  expect_header (whole, "ETag", "\"v1\"");
  g_assert_cmpstr (reply_body (whole), ==, "body{}");
  g_assert_cmpuint (reply_status (known), ==, 304);
  expect_header (known, "ETag", "\"v1\"");
  expect_header (known, "Content-Length", NULL);
  expect (gate, WITH ("/assets/a.css", "If-None-Match: \"v2\""), 200, "body{}");
}

static void
test_redirect (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *reply = gate_ask (gate, GET ("/v1/go"), -1);

  g_assert_cmpuint (reply_status (reply), ==, 303);
  expect_header (reply, "Location", "https://bank.example/%C3%BC?a=b%0D%0AX-Evil:%201");
  expect_header (reply, "X-Evil", NULL);
}

static void
test_request_ids (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *long_id = g_strnfill (128, 'i');
  g_autofree char *fits = g_strdup_printf (WITH ("/", "X-Request-Id: %s"), long_id);
  g_autofree char *too_long = g_strdup_printf (WITH ("/", "X-Request-Id: %si"), long_id);
  g_autofree char *kept = gate_ask (gate, fits, -1);
  g_autofree char *replaced = gate_ask (gate, too_long, -1);
  g_autofree char *unsafe = gate_ask (gate, WITH ("/", "X-Request-Id: a\"b<c"), -1);
  g_autofree char *id = reply_header (unsafe, "x-request-id");

  expect_header (kept, "x-request-id", long_id);
  g_assert_null (strstr (replaced, long_id));
  g_assert_cmpuint (strlen (id), ==, 32);
}

/* ── Keys ────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_keys (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *none = gate_ask (gate, GET ("/v1/private"), -1);

  g_assert_cmpuint (reply_status (none), ==, 401);
  expect_header (none, "WWW-Authenticate", "Bearer realm=\"cobro\"");
  expect (gate, WITH ("/v1/private", "Authorization: Bearer good"), 200, "\"key\":\"k1\"");
  expect (gate, WITH ("/v1/private", "Authorization: bearer  good"), 200, "\"key\":\"k1\"");
  expect (gate, WITH ("/v1/private", "Authorization: Bearer bad"), 401, "unknown key");
  expect (gate, WITH ("/v1/private", "Authorization: Basic good"), 401, "Bearer");
  expect (gate, WITH ("/v1/private", "Authorization: Bearer"), 401, "Bearer");
  expect (gate, GET ("/v1/private?api_key=good"), 401, "URLs");
  expect (gate, WITH ("/v1/private?apiKey=good", "Authorization: Bearer good"), 401, "URLs");
  expect (gate, GET ("/v1/echo?x=cob_live_abc"), 401, "URLs");
  expect (
    gate,
    POST_TO ("/v1/private", "Content-Type: application/json\r\nContent-Length: 25", "{\"merchantApiKey\": \"good\"}"),
    400, "");
  expect (
    gate,
    POST_TO ("/v1/private", "Content-Type: application/json\r\nContent-Length: 26", "{\"merchantApiKey\": \"good\"}"),
    200, "\"key\":\"k1\"");
  expect (
    gate,
    POST_TO ("/v1/private", "Content-Type: application/json\r\nContent-Length: 25", "{\"merchantApiKey\": \"bad\"}"),
    401, "unknown key");
  expect (gate,
          POST_TO ("/v1/private", "Content-Type: application/json\r\nContent-Length: 21", "{\"merchantApiKey\": 1}"),
          400, "merchantApiKey");
  /* One place takes keys in the body; the others do not. */
  expect (gate, POST_TO ("/v1/private", "Content-Length: 0", ""), 415, "Content-Type");
}

/* ── Limits ──────────────────────────────────────────────────────────────────────────────────────── */

static void
test_limits (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (1700000000 * COBRO_SECOND);
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .rate_limits = TRUE, .clock = clock });
  int fd = client_new (gate);
  g_autofree char *last = NULL;

  for (int i = 0; i < 60; i++)
    {
      g_autofree char *reply = NULL;

      client_send (fd, GET ("/pay/x"), -1);
      reply = client_receive (fd);
      g_assert_cmpuint (reply_status (reply), ==, 200);
    }
  client_send (fd, GET ("/pay/x"), -1);
  last = client_receive (fd);
  g_assert_cmpuint (reply_status (last), ==, 429);
  expect_header (last, "Retry-After", "2");
  expect_header (last, "RateLimit-Limit", "60");
  expect_header (last, "RateLimit-Remaining", "0");
  expect (gate, GET ("/v1/echo"), 200, ""); /* another lane */
  cobro_clock_advance (clock, 3 * COBRO_SECOND);
  expect (gate, GET ("/pay/x"), 200, "");
  close (fd);
}

static void
test_proxies (void)
{
  static const char *const proxies[] = { "127.0.0.0/8", "10.0.0.0/8", "2001:db8::/32", NULL };
  g_autoptr (Gate) trusting = gate_new ((RelayServerConfig){ .trusted_proxies = proxies });
  g_autoptr (Gate) plain = gate_new ((RelayServerConfig){ 0 });

#define FORWARDED(value) WITH ("/v1/echo", "X-Forwarded-For: " value)
  expect (plain, FORWARDED ("203.0.113.9"), 200, "\"peer\":\"127.0.0.1\"");
  expect (trusting, GET ("/v1/echo"), 200, "\"peer\":\"127.0.0.1\"");
  expect (trusting, FORWARDED ("203.0.113.9"), 200, "\"peer\":\"203.0.113.9\"");
  expect (trusting, FORWARDED ("6.6.6.6, 203.0.113.9, 10.1.2.3"), 200, "\"peer\":\"203.0.113.9\"");
  expect (trusting, FORWARDED ("203.0.113.9\r\nX-Forwarded-For: 10.1.2.3"), 200, "\"peer\":\"203.0.113.9\"");
  expect (trusting, FORWARDED ("2001:0db8::1"), 200, "\"peer\":\"2001:db8::1\"");
  expect (trusting, FORWARDED ("::ffff:203.0.113.9"), 200, "\"peer\":\"203.0.113.9\"");
  expect (trusting, FORWARDED ("nonsense"), 200, "\"peer\":\"127.0.0.1\"");
  expect (trusting, FORWARDED ("203.0.113.9, nonsense"), 200, "\"peer\":\"127.0.0.1\"");
  expect (trusting, FORWARDED ("203.0.113.9:1234"), 200, "\"peer\":\"127.0.0.1\"");
  expect (trusting, FORWARDED (""), 200, "\"peer\":\"127.0.0.1\"");
}

/* ── Logs ────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  GMutex lock;
  GPtrArray *lines;
} Log;

static void
log_access (gpointer data, const RelayAccess *access)
{
  Log *log = data;

  g_mutex_lock (&log->lock);
  g_ptr_array_add (log->lines, relay_access_to_json (access, 1700000000 * COBRO_SECOND));
  g_mutex_unlock (&log->lock);
}

/* Tokens, bodies and keys do not reach the log; the caller's id does, harmless. */
static void
test_access_log (void)
{
  Log log = { .lines = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .on_access = log_access, .log_data = &log });

  expect (gate, WITH ("/pay/0123456789abcdef?x=secret", "X-Request-Id: r1\r\nCookie: secret"), 200, "");
  expect (gate, "broken\r\n\r\n", 400, "");
  expect (gate, GET ("/secret"), 404, "");
  g_mutex_lock (&log.lock);
  g_assert_cmpuint (log.lines->len, ==, 3);
  g_assert_true (g_str_has_prefix (
    log.lines->pdata[0], "{\"time\":\"2023-11-14T22:13:20Z\",\"event\":\"request\",\"requestId\":\"r1\","
                         "\"method\":\"GET\",\"route\":\"/pay/{token}\",\"peer\":\"127.0.0.1\",\"status\":200,"
                         "\"bytes\":11,\"microseconds\":"));
  g_assert_nonnull (
    strstr (log.lines->pdata[1], "\"method\":\"-\",\"route\":\"-\",\"peer\":\"127.0.0.1\",\"status\":400"));
  g_assert_nonnull (strstr (log.lines->pdata[2], "\"route\":\"-\""));
  for (guint i = 0; i < log.lines->len; i++)
    g_assert_null (strstr (log.lines->pdata[i], "secret"));
  g_mutex_unlock (&log.lock);
  g_ptr_array_unref (log.lines);
}

static RelayReply *
own_page (gpointer context, RelayRequest *request, guint status, const char *code, const char *message)
{
  const char *language = relay_request_header (request, "accept-language");

  return relay_reply_html (request, status, g_strdup_printf ("own %u %s %s", status, code, language), NULL, NULL);
}

static void
test_own_error_page (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ .error_page = own_page });

  expect (gate, WITH ("/nothing", "Accept-Language: es"), 404, "own 404 NOT_FOUND es");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/faces/not-found", test_not_found);
  g_test_add_func ("/http/faces/methods", test_methods);
  g_test_add_func ("/http/faces/routes", test_routes);
  g_test_add_func ("/http/faces/json", test_json_bodies);
  g_test_add_func ("/http/faces/forms", test_forms);
  g_test_add_func ("/http/faces/faults", test_faults_stay_inside);
  g_test_add_func ("/http/faces/page-headers", test_page_headers);
  g_test_add_func ("/http/faces/api-headers", test_api_headers);
  g_test_add_func ("/http/faces/plain-http", test_plain_http);
  g_test_add_func ("/http/faces/assets", test_assets);
  g_test_add_func ("/http/faces/redirect", test_redirect);
  g_test_add_func ("/http/faces/request-ids", test_request_ids);
  g_test_add_func ("/http/faces/keys", test_keys);
  g_test_add_func ("/http/faces/limits", test_limits);
  g_test_add_func ("/http/faces/proxies", test_proxies);
  g_test_add_func ("/http/faces/access-log", test_access_log);
  g_test_add_func ("/http/faces/error-page", test_own_error_page);
  return g_test_run ();
}
