/* relay/http/relay-head.h — the head of a request: the only place that parses HTTP. Strict on purpose: what two parsers
 * could read in two ways is refused, because that is what request smuggling lives from.
 * Layer: relay/http, private. Pure functions over bytes; any thread. Fuzzed by tests/fuzz. */
#pragma once
#include <glib.h>

#define RELAY_HEAD_BYTES_MAX  (16 * 1024)
#define RELAY_HEAD_FIELDS_MAX 64
#define RELAY_HEAD_TARGET_MAX 8000

/* Why a head was refused; the text is constant. status 0: nothing is wrong. */
typedef struct
{
  guint status;
  const char *reason;
} RelayFault;

/* Offsets into the bytes of the head; name (lower case) and value are NUL-terminated there. */
typedef struct
{
  guint16 name;
  guint16 value;
  guint16 name_length;
  guint16 value_length;
} RelayField;

typedef struct _RelayHead RelayHead;
struct _RelayHead
{
  char *bytes; /* borrowed from whoever parsed, owned in a copy */
  gsize length;
  const char *method;
  const char *target; /* origin-form, visible ASCII */
  gsize path_length;  /* of the target, up to '?' */
  gint64 content_length;
  guint n_fields;
  gboolean has_length;
  gboolean keep_alive; /* HTTP/1.1 without "Connection: close" */
  gboolean expects_continue;
  RelayField fields[RELAY_HEAD_FIELDS_MAX];
};

/**
 * relay_head_find_end:
 * @bytes: what has arrived so far
 * @scanned: (inout): how far earlier calls have looked; 0 at first
 * @out_fault: (out): set when the bytes can never become a valid head
 *
 * Returns: the length of the head with its empty line, or 0 when more has to come or @out_fault says why not
 */
gsize relay_head_find_end (const char *bytes, gsize length, gsize *scanned, RelayFault *out_fault);

/**
 * relay_head_parse:
 * @bytes: a whole head as found by relay_head_find_end(); is changed (names in lower case, NULs after each part)
 *
 * Returns: %FALSE with @out_fault, and then @head is not to be used
 */
gboolean relay_head_parse (RelayHead *head, char *bytes, gsize length, RelayFault *out_fault);

/* (transfer full) with bytes of its own. */
RelayHead *relay_head_copy (const RelayHead *head);
void relay_head_free (RelayHead *head);

/* (nullable) the first field of that lower-case name. */
const char *relay_head_get (const RelayHead *head, const char *name);
static inline const char *
relay_head_name (const RelayHead *head, guint i)
{
  return head->bytes + head->fields[i].name;
}
static inline const char *
relay_head_value (const RelayHead *head, guint i)
{
  return head->bytes + head->fields[i].value;
}
