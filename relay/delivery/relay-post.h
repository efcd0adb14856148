/* relay/delivery/relay-post.h — one message on its way, as values; and who carries it: the dialer, or a test.
 * Layer: relay/delivery. Any thread. */
#pragma once
#include <gio/gio.h>

#define RELAY_POST_DEADLINE_MS 15000 /* connect to last byte */
#define RELAY_POST_READ_MAX    (64 * 1024)
#define RELAY_POST_HEADERS_MAX 1024 /* bytes of the answer's that are kept; a line that does not fit is left out */

/* What is sent, by POST. Lent for the call. */
typedef struct
{
  const char *url;
  const char *id;          /* webhook-id: the event */
  gint64 timestamp;        /* webhook-timestamp: seconds, of this try */
  const char *signature;   /* webhook-signature */
  const char *traceparent; /* (nullable) */
  GBytes *body;            /* JSON */
} RelayPost;

/* What came of it. */
typedef struct
{
  gint status;       /* 0: no answer */
  char *error;       /* "" with an answer; else what happened, for the merchant to read */
  char *retry_after; /* (nullable) the field as it came */
  char *headers;     /* (nullable) of the answer, "name: value" a line, for the merchant to read */
  GBytes *answer;    /* (nullable) what was read of the body */
} RelayPostResult;
/* (transfer full) no answer, for a reason. */
RelayPostResult *relay_post_result_new_failure (const char *error);
/* (transfer full) an answer with this status and body. */
RelayPostResult *relay_post_result_new (gint status, const char *retry_after, GBytes *answer);
void relay_post_result_free (RelayPostResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPostResult, relay_post_result_free)

/* Called once per post, on any thread, maybe before post() returned. */
typedef void (*RelayPostDone) (gpointer data, RelayPostResult *take_result);

/* Who carries messages out. */
typedef struct _RelayCarrier RelayCarrier;
struct _RelayCarrier
{
  void (*post) (RelayCarrier *self, const RelayPost *post, RelayPostDone done, gpointer data);
};
