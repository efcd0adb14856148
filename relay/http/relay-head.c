/* relay/http/relay-head.c — the strict parser of request heads (RFC 9110, 9112, minus everything ambiguous).
 * Layer: relay/http, private. Any thread. */
#include "relay-head.h"

#include <string.h>

#define IS_TOKEN  (1 << 0) /* RFC 9110 tchar */
#define IS_VALUE  (1 << 1) /* inside a field value: visible, space, tab, bytes ≥ 0x80 */
#define IS_TARGET (1 << 2) /* inside a request target: visible ASCII without " # < > \ */
#define IS_HOST   (1 << 3) /* reg-name without escapes */

#define T IS_TOKEN
#define V IS_VALUE
#define R IS_TARGET
#define H IS_HOST
static const guint8 classes[256] = {
  ['\t'] = V,
  [' '] = V,
  ['!'] = T | V | R,
  ['"'] = V,
  ['#'] = T | V,
  ['$' ... '\''] = T | V | R,
  ['(' ... ')'] = V | R,
  ['*' ... '+'] = T | V | R,
  [','] = V | R,
  ['-' ... '.'] = T | V | R | H,
  ['/'] = V | R,
  ['0' ... '9'] = T | V | R | H,
  [':' ... ';'] = V | R,
  ['<'] = V,
  ['='] = V | R,
  ['>'] = V,
  ['?' ... '@'] = V | R,
  ['A' ... 'Z'] = T | V | R | H,
  ['['] = V | R,
  ['\\'] = V,
  [']'] = V | R,
  ['^'] = T | V | R,
  ['_'] = T | V | R | H,
  ['`'] = T | V | R,
  ['a' ... 'z'] = T | V | R | H,
  ['{'] = V | R,
  ['|'] = T | V | R,
  ['}'] = V | R,
  ['~'] = T | V | R | H,
  [0x80 ... 0xff] = V,
};
#undef T
#undef V
#undef R
#undef H

static gboolean
fault (RelayFault *out_fault, guint status, const char *reason)
{
  *out_fault = (RelayFault){ status, reason };
  return FALSE;
}

static gsize
span (const char *from, const char *end, guint8 class)
{
  const char *at = from;

  while (at < end && (classes[(guint8)*at] & class) != 0)
    at++;
  return at - from;
}

gsize
relay_head_find_end (const char *bytes, gsize length, gsize *scanned, RelayFault *out_fault)
{
  gsize at = *scanned;
  gsize limit = MIN (length, RELAY_HEAD_BYTES_MAX);

  *out_fault = (RelayFault){ 0, NULL };
  if (length > 0 && !g_ascii_isupper (bytes[0]))
    {
      fault (out_fault, 400, "a request must begin with a method");
      return 0;
    }
  while (at < limit)
    {
      const char *newline = memchr (bytes + at, '\n', limit - at);

      if (newline == NULL)
        break;
      at = newline - bytes;
      if (at == 0 || bytes[at - 1] != '\r')
        {
          fault (out_fault, 400, "lines must end with CR LF");
          return 0;
        }
      if (at >= 3 && bytes[at - 2] == '\n')
        return *scanned = at + 1;
      at++;
    }
  *scanned = limit;
  if (limit == RELAY_HEAD_BYTES_MAX && memchr (bytes, '\n', limit) == NULL)
    fault (out_fault, 414, "the request target is too long");
  else if (limit == RELAY_HEAD_BYTES_MAX)
    fault (out_fault, 431, "the request head is larger than 16 KiB");
  return 0;
}

/* ── The request line ────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_version (RelayHead *head, const char *text, gsize length, RelayFault *out_fault)
{
  if (length != 8 || memcmp (text, "HTTP/", 5) != 0 || !g_ascii_isdigit (text[5]) || text[6] != '.' ||
      !g_ascii_isdigit (text[7]))
    return fault (out_fault, 400, "the request line must end with HTTP/1.1");
  if (text[5] != '1')
    return fault (out_fault, 505, "only HTTP/1.1 is spoken here");

  /* 1.0 is answered without keep-alive; a higher minor version is spoken to as 1.1 (RFC 9110, 2.5). */
  head->keep_alive = text[7] != '0';
  return TRUE;
}

static gboolean
parse_request_line (RelayHead *head, char *line, char *end, RelayFault *out_fault)
{
  gsize method = span (line, end, IS_TOKEN);
  char *target = line + method + 1;
  gsize length;
  const char *query;

  if (method == 0 || method > 16 || line + method >= end || line[method] != ' ')
    return fault (out_fault, 400, "the request line must begin with a method and one space");
  if (target >= end || *target != '/')
    return fault (out_fault, 400, "the request target must be a path");
  length = span (target, end, IS_TARGET);
  if (length > RELAY_HEAD_TARGET_MAX)
    return fault (out_fault, 414, "the request target is too long");
  if (target + length >= end || target[length] != ' ')
    return fault (out_fault, 400, "the request target holds a character that must be escaped");
  if (!parse_version (head, target + length + 1, end - (target + length + 1), out_fault))
    return FALSE;

  line[method] = '\0';
  target[length] = '\0';
  head->method = line;
  head->target = target;
  query = memchr (target, '?', length);
  head->path_length = query == NULL ? length : (gsize)(query - target);
  return TRUE;
}

/* ── Fields ──────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
port_is_valid (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= 5 && strspn (text, "0123456789") == length &&
         g_ascii_strtoull (text, NULL, 10) <= 65535;
}

/* host[":"port]; a name, an IPv4 address or a bracketed IPv6 address. */
static gboolean
host_is_valid (const char *text)
{
  const char *end = text + strlen (text);
  gsize length;

  if (text[0] == '[')
    {
      length = strspn (text + 1, "0123456789abcdefABCDEF:.");
      if (length < 2 || text[1 + length] != ']')
        return FALSE;
      length += 2;
    }
  else
    {
      length = span (text, end, IS_HOST);
      if (length == 0 || length > 253)
        return FALSE;
    }
  return text[length] == '\0' || (text[length] == ':' && port_is_valid (text + length + 1));
}

static gboolean
parse_length (RelayHead *head, const char *value, gsize length, RelayFault *out_fault)
{
  if (head->has_length)
    return fault (out_fault, 400, "Content-Length is given twice");
  if (length == 0 || strspn (value, "0123456789") != length)
    return fault (out_fault, 400, "Content-Length must be digits only");
  if (length > 15)
    return fault (out_fault, 413, "the body is too large");
  head->has_length = TRUE;
  head->content_length = g_ascii_strtoll (value, NULL, 10);
  return TRUE;
}

static gboolean
parse_connection (RelayHead *head, const char *value)
{
  g_auto (GStrv) options = NULL;

  if (g_ascii_strcasecmp (value, "keep-alive") == 0)
    return TRUE;
  options = g_strsplit (value, ",", -1);
  for (guint i = 0; options[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (options[i]), "close") == 0)
      head->keep_alive = FALSE;
  return TRUE;
}

/* Fields that mean something to us and would mean two things if they came twice. Bits of a "seen" set. */
static const struct
{
  const char *name;
  const char *twice;
} singles[] = {
  { "host", "Host is given twice" },
  { "expect", "Expect is given twice" },
  { "content-type", "Content-Type is given twice" },
  { "authorization", "Authorization is given twice" },
  { "idempotency-key", "Idempotency-Key is given twice" },
  { "if-match", "If-Match is given twice" },
  { "x-request-id", "X-Request-Id is given twice" },
  { "origin", "Origin is given twice" },
};
#define SEEN_HOST (1 << 0)

static gboolean
note_single (const char *name, guint *seen, RelayFault *out_fault)
{
  for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
    {
      if (strcmp (name, singles[i].name) != 0)
        continue;
      if ((*seen & (1 << i)) != 0)
        return fault (out_fault, 400, singles[i].twice);
      *seen |= 1 << i;
      return TRUE;
    }
  return TRUE;
}

/* What the field tells the gate itself. */
static gboolean
apply_field (RelayHead *head, const char *name, const char *value, gsize value_length, guint *seen,
             RelayFault *out_fault)
{
  if (!note_single (name, seen, out_fault))
    return FALSE;
  if (strcmp (name, "content-length") == 0)
    return parse_length (head, value, value_length, out_fault);
  if (strcmp (name, "transfer-encoding") == 0)
    return fault (out_fault, 411, "Transfer-Encoding is not taken here: send a Content-Length");
  if (strcmp (name, "host") == 0 && !host_is_valid (value))
    return fault (out_fault, 400, "Host is not valid");
  if (strcmp (name, "connection") == 0)
    return parse_connection (head, value);
  if (strcmp (name, "expect") == 0)
    {
      if (g_ascii_strcasecmp (value, "100-continue") != 0)
        return fault (out_fault, 417, "only Expect: 100-continue is known");
      head->expects_continue = TRUE;
    }
  return TRUE;
}

static gboolean
parse_field (RelayHead *head, char *line, char *end, guint *seen, RelayFault *out_fault)
{
  gsize name_length = span (line, end, IS_TOKEN);
  char *value = line + name_length + 1;
  char *value_end = end;

  if (*line == ' ' || *line == '\t')
    return fault (out_fault, 400, "folded header lines are not taken");
  if (name_length == 0 || line + name_length >= end || line[name_length] != ':')
    return fault (out_fault, 400, "a header line must be a name, a colon and a value");
  if (head->n_fields == RELAY_HEAD_FIELDS_MAX)
    return fault (out_fault, 431, "more than 64 header lines");
  if (span (value, end, IS_VALUE) != (gsize)(end - value))
    return fault (out_fault, 400, "a header value holds a control character");

  while (value < value_end && (*value == ' ' || *value == '\t'))
    value++;
  while (value_end > value && (value_end[-1] == ' ' || value_end[-1] == '\t'))
    value_end--;
  line[name_length] = '\0';
  *value_end = '\0';
  for (gsize i = 0; i < name_length; i++)
    line[i] = g_ascii_tolower (line[i]);
  if (!g_utf8_validate (value, value_end - value, NULL))
    return fault (out_fault, 400, "a header value is not UTF-8");

  head->fields[head->n_fields++] = (RelayField){
    .name = line - head->bytes,
    .value = value - head->bytes,
    .name_length = name_length,
    .value_length = value_end - value,
  };
  return apply_field (head, line, value, value_end - value, seen, out_fault);
}

gboolean
relay_head_parse (RelayHead *head, char *bytes, gsize length, RelayFault *out_fault)
{
  char *line = bytes;
  char *stop = bytes + length - 2; /* the empty line */
  char *end;
  guint seen = 0;

  g_return_val_if_fail (length >= 4 && length <= RELAY_HEAD_BYTES_MAX, FALSE);

  *out_fault = (RelayFault){ 0, NULL };
  head->bytes = bytes;
  head->length = length;
  head->n_fields = 0;
  head->content_length = 0;
  head->has_length = FALSE;
  head->expects_continue = FALSE;

  end = (char *)memchr (line, '\n', length) - 1;
  if (!parse_request_line (head, line, end, out_fault))
    return FALSE;
  for (line = end + 2; line < stop; line = end + 2)
    {
      end = (char *)memchr (line, '\n', stop - line) - 1;
      if (!parse_field (head, line, end, &seen, out_fault))
        return FALSE;
    }
  if ((seen & SEEN_HOST) == 0)
    return fault (out_fault, 400, "Host is missing");
  return TRUE;
}

/* ── Copies and look-ups ─────────────────────────────────────────────────────────────────────────── */

RelayHead *
relay_head_copy (const RelayHead *head)
{
  gsize size = G_STRUCT_OFFSET (RelayHead, fields) + head->n_fields * sizeof (RelayField);
  RelayHead *copy = g_malloc (size);

  memcpy (copy, head, size);
  copy->bytes = g_memdup2 (head->bytes, head->length);
  copy->method = copy->bytes + (head->method - head->bytes);
  copy->target = copy->bytes + (head->target - head->bytes);
  return copy;
}

void
relay_head_free (RelayHead *head)
{
  g_free (head->bytes);
  g_free (head);
}

const char *
relay_head_get (const RelayHead *head, const char *name)
{
  gsize length = strlen (name);

  for (guint i = 0; i < head->n_fields; i++)
    if (head->fields[i].name_length == length && memcmp (relay_head_name (head, i), name, length) == 0)
      return relay_head_value (head, i);
  return NULL;
}
