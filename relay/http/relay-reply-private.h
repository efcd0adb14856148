/* relay/http/relay-reply-private.h — what the gate does with a reply: seal it into bytes, or keep the request waiting.
 * Layer: relay/http, private. */
#pragma once
#include "relay-reply.h"

typedef enum
{
  RELAY_REPLY_WHOLE,
  RELAY_REPLY_PARK,
  RELAY_REPLY_STREAM,
  RELAY_REPLY_STREAM_END,
  RELAY_REPLY_LATER,
} RelayReplyKind;

/* Which of the exact header sets of semantics.md goes on. */
typedef enum
{
  RELAY_HEADERS_API,
  RELAY_HEADERS_PAGE,
  RELAY_HEADERS_BYTES,
} RelayHeaderSet;

struct _RelayReply
{
  gint ref_count;
  RelayReplyKind kind;
  guint status;
  RelayHeaderSet set;
  char *content_type;    /* (nullable) of bytes; the other sets know theirs */
  RelayCsp policy;       /* of a page */
  GPtrArray *headers;    /* (nullable) (element-type utf8) "Name: value" */
  GBytes *body;          /* (nullable) */
  gboolean without_type; /* nothing is described: 204, 303, 304 */
  char *share_topics[2]; /* (nullable) */
  gint64 share_for;      /* microseconds; 0: for nobody else */
  char *topic;
  gint64 until;
};

/**
 * relay_reply_write_head:
 * @date: the Date value of this second
 * @close: whether the connection ends with this reply
 *
 * Appends status line, headers and the empty line.
 */
void relay_reply_write_head (const RelayReply *reply, const RelayRequest *request, gboolean plain_http,
                             const char *date, gboolean close, GString *out);
/* (transfer full) the bytes of one server-sent event; NULL data: a comment that keeps the line alive. */
char *relay_reply_event_text (const char *data);
/* Body or not: HEAD, 204 and 304 have none. */
gboolean relay_reply_has_body (const RelayReply *reply, const RelayRequest *request);

/* relay-problem.c: a problem that the gate itself found. */
RelayReply *relay_reply_fault (RelayRequest *request, guint status, const char *reason);
