/* tests/relay/http/http-probes.c — what must not work: request smuggling, truncation, abuse of every rule of the head.
 * Layer: tests. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "http-support.h"

#define HEAD(line)         line "\r\nHost: a\r\n\r\n"
#define FIELD(field)       "GET /v1/echo HTTP/1.1\r\nHost: a\r\n" field "\r\n\r\n"
#define POST(fields, body) "POST /v1/echo HTTP/1.1\r\nHost: a\r\n" fields "\r\n" body

typedef struct
{
  const char *name;
  const char *bytes;
  guint status; /* 0: any refusal */
} Probe;

/* A request hidden in each of these would run if any part of it were believed: /v1/items/smuggled must never be seen.
 */
#define HIDDEN "GET /v1/items/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

static const Probe smuggling[] = {
  { "CL.CL equal", POST ("Content-Length: 3\r\nContent-Length: 3\r\n", "abc" HIDDEN), 400 },
  { "CL.CL different", POST ("Content-Length: 3\r\nContent-Length: 0\r\n", "abc" HIDDEN), 400 },
  { "CL list", POST ("Content-Length: 3, 3\r\n", "abc" HIDDEN), 400 },
  { "CL.TE", POST ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE.CL", POST ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE.TE", POST ("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE identity", POST ("Transfer-Encoding: identity\r\nContent-Length: 0\r\n", HIDDEN), 411 },
  { "TE with tab", POST ("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE xchunked", POST ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE upper", POST ("TRANSFER-ENCODING: CHUNKED\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "TE chunk size 0x5", POST ("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n" HIDDEN), 411 },
  { "TE chunk size +5", POST ("Transfer-Encoding: chunked\r\n", "+5\r\nhello\r\n0\r\n\r\n" HIDDEN), 411 },
  { "TE chunk extension", POST ("Transfer-Encoding: chunked\r\n", "5;a=\n\r\nhello\r\n0\r\n\r\n" HIDDEN), 411 },
  { "TE endless chunk size", POST ("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n" HIDDEN), 411 },
  { "space before colon, CL", POST ("Content-Length : 3\r\n", "abc" HIDDEN), 400 },
  { "space before colon, TE", POST ("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" HIDDEN), 400 },
  { "tab before colon", POST ("Content-Length\t: 3\r\n", "abc" HIDDEN), 400 },
  { "obs-fold CL", POST ("X: y\r\n Content-Length: 3\r\n", "abc" HIDDEN), 400 },
  { "obs-fold TE", POST ("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" HIDDEN), 411 },
  { "fold by tab", POST ("X: y\r\n\tz\r\n", HIDDEN), 400 },
  { "fold in first line", "POST /v1/echo HTTP/1.1\r\n Host: a\r\n\r\n" HIDDEN, 400 },
  { "CR alone ends CL", POST ("X: y\rContent-Length: 3\r\n", "abc" HIDDEN), 400 },
  { "LF alone ends CL", POST ("X: y\nContent-Length: 3\r\n", "abc" HIDDEN), 400 },
  { "LF LF", "POST /v1/echo HTTP/1.1\nHost: a\n\n" HIDDEN, 400 },
  { "CRLF LF", "POST /v1/echo HTTP/1.1\r\nHost: a\r\n\n" HIDDEN, 400 },
  { "LF CRLF", "POST /v1/echo HTTP/1.1\r\nHost: a\n\r\n" HIDDEN, 400 },
  { "CR CR LF", "POST /v1/echo HTTP/1.1\r\nHost: a\r\r\n\r\n" HIDDEN, 400 },
  { "CL negative", POST ("Content-Length: -1\r\n", HIDDEN), 400 },
  { "CL plus", POST ("Content-Length: +3\r\n", "abc" HIDDEN), 400 },
  { "CL hex", POST ("Content-Length: 0x3\r\n", "abc" HIDDEN), 400 },
  { "CL exponent", POST ("Content-Length: 3e0\r\n", "abc" HIDDEN), 400 },
  { "CL underscore", POST ("Content-Length: 1_0\r\n", "abc" HIDDEN), 400 },
  { "CL empty", POST ("Content-Length:\r\n", HIDDEN), 400 },
  { "CL quoted", POST ("Content-Length: \"3\"\r\n", "abc" HIDDEN), 400 },
  { "CL inner space", POST ("Content-Length: 1 0\r\n", "abc" HIDDEN), 400 },
  { "CL vertical tab",
    POST ("Content-Length: \x0b"
          "3\r\n",
          "abc" HIDDEN),
    400 },
  { "CL overflow", POST ("Content-Length: 18446744073709551619\r\n", "abc" HIDDEN), 413 },
  { "CL above int64", POST ("Content-Length: 9223372036854775808\r\n", "abc" HIDDEN), 413 },
  { "CL with a long tail of zeroes", POST ("Content-Length: 00000000000000000003\r\n", "abc" HIDDEN), 413 },
  { "no colon", POST ("Content-Length 3\r\n", "abc" HIDDEN), 400 },
  { "empty name", POST (": 3\r\n", "abc" HIDDEN), 400 },
  { "underscore is another name", POST ("Content_Length: 3\r\n", ""), 200 },
  { "body for GET", "GET /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nGET " HIDDEN, 413 },
};

static const Probe heads[] = {
  { "absolute form", HEAD ("GET http://a/v1/echo HTTP/1.1"), 400 },
  { "authority form", HEAD ("CONNECT a:443 HTTP/1.1"), 400 },
  { "asterisk form", HEAD ("OPTIONS * HTTP/1.1"), 400 },
  { "HTTP/0.9", "GET /v1/echo\r\n\r\n", 400 },
  { "HTTP/0.9 with version", HEAD ("GET /v1/echo HTTP/0.9"), 505 },
  { "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400 },
  { "HTTP/2.0", HEAD ("GET /v1/echo HTTP/2.0"), 505 },
  { "HTTP/1.1.1", HEAD ("GET /v1/echo HTTP/1.1.1"), 400 },
  { "HTTP/11", HEAD ("GET /v1/echo HTTP/11"), 400 },
  { "lower case http", HEAD ("GET /v1/echo http/1.1"), 400 },
  { "two spaces", HEAD ("GET  /v1/echo HTTP/1.1"), 400 },
  { "two spaces before version", HEAD ("GET /v1/echo  HTTP/1.1"), 400 },
  { "tab for space", HEAD ("GET\t/v1/echo HTTP/1.1"), 400 },
  { "space at the end", HEAD ("GET /v1/echo HTTP/1.1 "), 400 },
  { "space in front", " " HEAD ("GET /v1/echo HTTP/1.1"), 400 },
  { "empty line in front", "\r\n" HEAD ("GET /v1/echo HTTP/1.1"), 400 },
  { "no method", HEAD ("/v1/echo HTTP/1.1"), 400 },
  { "no target", HEAD ("GET HTTP/1.1"), 400 },
  { "method with a colon", HEAD ("GET: /v1/echo HTTP/1.1"), 400 },
  { "very long method", HEAD ("GETGETGETGETGETGETGET /v1/echo HTTP/1.1"), 400 },
  { "fragment", HEAD ("GET /v1/echo#x HTTP/1.1"), 400 },
  { "raw quote in target", HEAD ("GET /v1/echo?\" HTTP/1.1"), 400 },
  { "raw UTF-8 in target", HEAD ("GET /v1/ech\xc3\xb6 HTTP/1.1"), 400 },
  { "DEL in target", HEAD ("GET /v1/echo\x7f HTTP/1.1"), 400 },
  { "backslash in target", HEAD ("GET \\v1\\echo HTTP/1.1"), 400 },
  { "TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400 },
  { "no Host", "GET /v1/echo HTTP/1.1\r\n\r\n", 400 },
  { "no Host in 1.0", "GET /v1/echo HTTP/1.0\r\n\r\n", 400 },
  { "empty Host", "GET /v1/echo HTTP/1.1\r\nHost:\r\n\r\n", 400 },
  { "Host twice", FIELD ("Host: a"), 400 },
  { "Host twice, different", FIELD ("hOST: b"), 400 },
  { "Host with path", "GET /v1/echo HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
  { "Host with user", "GET /v1/echo HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
  { "Host with comma", "GET /v1/echo HTTP/1.1\r\nHost: a, b\r\n\r\n", 400 },
  { "Host with space", "GET /v1/echo HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
  { "Host with empty port", "GET /v1/echo HTTP/1.1\r\nHost: a:\r\n\r\n", 400 },
  { "Host with big port", "GET /v1/echo HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400 },
  { "Host with text port", "GET /v1/echo HTTP/1.1\r\nHost: a:http\r\n\r\n", 400 },
  { "Host with open bracket", "GET /v1/echo HTTP/1.1\r\nHost: [::1\r\n\r\n", 400 },
  { "Host IPv6", "GET /v1/echo HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200 },
  { "Host with port", "GET /v1/echo HTTP/1.1\r\nHost: pay.example:443\r\n\r\n", 200 },
  { "ESC in value", FIELD ("X: \x1b[31m"), 400 },
  { "DEL in value", FIELD ("X: a\x7f"), 400 },
  { "value not UTF-8", FIELD ("X: \xff\xfe"), 400 },
  { "value in UTF-8", FIELD ("X: \xc3\xb6"), 200 },
  { "name with space", FIELD ("X Y: 1"), 400 },
  { "name with bracket", FIELD ("X(: 1"), 400 },
  { "name not ASCII", FIELD ("\xc3\xb6: 1"), 400 },
  { "empty value", FIELD ("X:"), 200 },
  { "much white space", FIELD ("X: \t  y \t "), 200 },
  { "Content-Type twice", FIELD ("Content-Type: a/b\r\nContent-Type: a/b"), 400 },
  { "Authorization twice", FIELD ("Authorization: Bearer good\r\nAuthorization: Bearer good"), 400 },
  { "Idempotency-Key twice", FIELD ("Idempotency-Key: a\r\nidempotency-key: b"), 400 },
  { "Expect twice", FIELD ("Expect: 100-continue\r\nExpect: 100-continue"), 400 },
  { "Accept twice is fine", FIELD ("Accept: a/b\r\nAccept: c/d"), 200 },
  { "dot segments", HEAD ("GET /v1/items/../echo HTTP/1.1"), 400 },
  { "escaped dot segments", HEAD ("GET /v1/items/%2e%2E HTTP/1.1"), 400 },
  { "escaped slash", HEAD ("GET /v1/items/a%2fb HTTP/1.1"), 400 },
  { "escaped NUL", HEAD ("GET /v1/items/a%00b HTTP/1.1"), 400 },
  { "escaped newline", HEAD ("GET /v1/items/a%0d%0ab HTTP/1.1"), 400 },
  { "broken escape", HEAD ("GET /v1/items/%zz HTTP/1.1"), 400 },
  { "half an escape", HEAD ("GET /v1/items/a% HTTP/1.1"), 400 },
  { "escape not UTF-8", HEAD ("GET /v1/items/%ff HTTP/1.1"), 400 },
  { "query name twice", HEAD ("GET /v1/echo?a=1&a=2 HTTP/1.1"), 400 },
  { "query escape broken", HEAD ("GET /v1/echo?a=%zz HTTP/1.1"), 400 },
  { "query not UTF-8", HEAD ("GET /v1/echo?a=%ff HTTP/1.1"), 400 },
  { "query with NUL", HEAD ("GET /v1/echo?a=%00 HTTP/1.1"), 400 },
  { "empty segment", HEAD ("GET /v1//echo HTTP/1.1"), 404 },
  { "slash at the end", HEAD ("GET /v1/echo/ HTTP/1.1"), 404 },
  { "deep path", HEAD ("GET /1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20 HTTP/1.1"), 404 },
};

/* The probe and, on the same connection, whatever it hides; then the server must close, having run nothing. */
static void
run_probe (Gate *gate, const Probe *probe)
{
  int fd = client_new (gate);
  int before = g_atomic_int_get (&gate->executed);
  g_autofree char *all = NULL;
  g_autofree char *length = NULL;

  client_send (fd, probe->bytes, -1);
  shutdown (fd, SHUT_WR);
  all = client_drain (fd);
  if (reply_status (all) != probe->status)
    g_error ("%s: %u instead of %u", probe->name, reply_status (all), probe->status);
  g_assert_cmpint (g_atomic_int_get (&gate->executed) - before, ==, probe->status == 200 ? 1 : 0);
  length = reply_header (all, "Content-Length");
  if (strlen (reply_body (all)) != g_ascii_strtoull (length, NULL, 10))
    g_error ("%s: something comes after the reply: %s", probe->name, all);
  close (fd);
}

static void
test_smuggling (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (guint i = 0; i < G_N_ELEMENTS (smuggling); i++)
    run_probe (gate, &smuggling[i]);
  for (guint i = 0; i < gate->seen->len; i++)
    g_assert_null (strstr (gate->seen->pdata[i], "smuggled"));
  /* The detector works: the same bytes without a trick do run. */
  g_assert_cmpuint (gate_status (gate, HIDDEN, -1), ==, 200);
  g_assert_nonnull (strstr (gate->seen->pdata[gate->seen->len - 1], "smuggled"));
}

static void
test_heads (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    run_probe (gate, &heads[i]);
}

/* NUL cannot stand in a C string literal table: every position of a head gets one, and every other control character.
 */
static void
test_controls_everywhere (void)
{
  static const char good[] = "GET /v1/echo HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  static const char controls[] = { 0, 1, 8, 11, 12, 14, 27, 31, 127 };
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (gsize at = 0; at < sizeof good - 5; at++)
    for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
      {
        char bytes[sizeof good];

        memcpy (bytes, good, sizeof good);
        if (bytes[at] == '\r' || bytes[at] == '\n')
          continue;
        bytes[at] = controls[i];
        g_assert_cmpuint (gate_status (gate, bytes, sizeof good - 1), ==, 400);
      }
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 0);
}

/* ── Sizes ───────────────────────────────────────────────────────────────────────────────────────── */

static char *
head_with_fields (guint n, gsize value_length)
{
  GString *text = g_string_new ("GET /v1/echo HTTP/1.1\r\nHost: a\r\n");
  g_autofree char *value = g_strnfill (value_length, 'v');

  for (guint i = 1; i < n; i++)
    g_string_append_printf (text, "X-%u: %s\r\n", i, value);
  g_string_append (text, "\r\n");
  return g_string_free (text, FALSE);
}

static void
test_sizes (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *fields_64 = head_with_fields (64, 1);
  g_autofree char *fields_65 = head_with_fields (65, 1);
  g_autofree char *large = head_with_fields (40, 500);
  g_autofree char *path_7000 = g_strnfill (7000, 'a');
  g_autofree char *path_9000 = g_strnfill (9000, 'a');
  g_autofree char *path_20000 = g_strnfill (20000, 'a');
  g_autofree char *fits = g_strdup_printf ("GET /v1/items/%s HTTP/1.1\r\nHost: a\r\n\r\n", path_7000);
  g_autofree char *long_line = g_strdup_printf ("GET /v1/items/%s HTTP/1.1\r\nHost: a\r\n\r\n", path_9000);
  g_autofree char *endless = g_strdup_printf ("GET /%s", path_20000);
  g_autofree char *long_field = g_strdup_printf ("GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", path_20000);

  g_assert_cmpuint (gate_status (gate, fields_64, -1), ==, 200);
  g_assert_cmpuint (gate_status (gate, fields_65, -1), ==, 431);
  g_assert_cmpuint (gate_status (gate, large, -1), ==, 431);
  g_assert_cmpuint (gate_status (gate, fits, -1), ==, 200);
  g_assert_cmpuint (gate_status (gate, long_line, -1), ==, 414);
  g_assert_cmpuint (gate_status (gate, endless, -1), ==, 414);
  g_assert_cmpuint (gate_status (gate, long_field, -1), ==, 431);
}

static void
test_body_caps (void)
{
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  g_autofree char *body = g_strnfill (256 * 1024, 'b');
  g_autofree char *full =
    g_strdup_printf ("POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n%s", body);
  g_autofree char *reply = gate_ask (gate, full, -1);

  g_assert_cmpuint (reply_status (reply), ==, 200);
  g_assert_nonnull (strstr (reply, "\"length\":262144"));
  g_assert_cmpuint (gate_status (gate, POST ("Content-Length: 262145\r\n", "x"), -1), ==, 413);
  g_assert_cmpuint (gate_status (gate, "POST /v1/inline HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n", -1), ==,
                    413);
}

/* ── Truncation ──────────────────────────────────────────────────────────────────────────────────── */

/* A valid request cut off after every byte: by the end of the stream, and by a reset. Nothing runs. */
static void
test_truncation (void)
{
  static const char good[] =
    "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\n"
    "pay 10 euro";
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });
  struct linger reset = { .l_onoff = 1 };

  for (gsize length = 0; length < sizeof good - 1; length++)
    {
      int fd = client_new (gate);
      g_autofree char *rest = NULL;

      client_send (fd, good, length);
      shutdown (fd, SHUT_WR);
      rest = client_drain (fd);
      g_assert_cmpstr (rest, ==, "");
      close (fd);

      fd = client_new (gate);
      client_send (fd, good, length);
      setsockopt (fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      close (fd);
    }
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 0);
  g_assert_cmpuint (gate_status (gate, good, -1), ==, 200);
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, 1);
}

/* A valid request in two packets, cut at every byte: runs once. */
static void
test_two_packets (void)
{
  static const char good[] = "POST /v1/inline HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  g_autoptr (Gate) gate = gate_new ((RelayServerConfig){ 0 });

  for (gsize cut = 1; cut < sizeof good - 1; cut++)
    {
      int fd = client_new (gate);
      g_autofree char *reply = NULL;

      client_send (fd, good, cut);
      g_usleep (300);
      client_send (fd, good + cut, sizeof good - 1 - cut);
      reply = client_receive (fd);
      g_assert_nonnull (strstr (reply, "\"body\":\"hello\""));
      close (fd);
    }
  g_assert_cmpint (g_atomic_int_get (&gate->executed), ==, sizeof good - 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http/probes/smuggling", test_smuggling);
  g_test_add_func ("/http/probes/heads", test_heads);
  g_test_add_func ("/http/probes/controls", test_controls_everywhere);
  g_test_add_func ("/http/probes/sizes", test_sizes);
  g_test_add_func ("/http/probes/body-caps", test_body_caps);
  g_test_add_func ("/http/probes/truncation", test_truncation);
  g_test_add_func ("/http/probes/two-packets", test_two_packets);
  return g_test_run ();
}
