/* src/net/cobro-net-client.h — the one HTTP client: a total deadline, a byte cap, no redirects unless asked.
 * Layer: net. One client per thread for the sync call; the async call runs on the caller's main context. */
#pragma once
#include <gio/gio.h>

typedef struct _CobroNetClient CobroNetClient;

typedef struct
{
  const char *method;         /* "GET" … */
  const char *url;            /* http or https */
  const char *const *headers; /* name, value, name, value, NULL; (nullable) */
  const char *content_type;   /* (nullable) */
  GBytes *body;               /* (nullable) */
  guint deadline_ms;          /* whole exchange, connect to last byte; needed */
  gsize max_bytes;            /* of the answer's body; needed */
  gboolean cut;               /* the answer ends at max_bytes; otherwise a longer one is an error */
  gboolean repeatable;        /* may be sent again when a kept connection turns out to be closed */
  guint max_redirects;        /* 0: a 3xx is the answer */
} CobroNetRequest;

typedef struct
{
  guint status;
  GHashTable *headers; /* (element-type utf8 utf8) lower-case names */
  GBytes *body;
} CobroNetAnswer;
/* Frees an answer; NULL is fine. */
void cobro_net_answer_free (CobroNetAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroNetAnswer, cobro_net_answer_free)
/* (transfer none) (nullable) the value of a header field; several of one name are joined with ", ". */
const char *cobro_net_answer_header (const CobroNetAnswer *answer, const char *lower_case_name);

/* (transfer full) a client without cookies, caches or content decoding; connections are kept for re-use. */
CobroNetClient *cobro_net_client_new (const char *user_agent);
/* (transfer full) the same over the unix socket at @path, whatever host the URLs name. */
CobroNetClient *cobro_net_client_new_unix (const char *user_agent, const char *path);
/* What carries requests where there is no network: a simulation, a test. Answers or fails as cobro_net_client_send().
 */
typedef CobroNetAnswer *(*CobroNetTransport) (const CobroNetRequest *request, gpointer data, GError **error);
/* (transfer full) a client whose waiting calls go through @transport; async calls are not for it. */
CobroNetClient *cobro_net_client_new_over (CobroNetTransport transport, gpointer data);
/* (transfer full) the same to @address and nowhere else, whatever the URLs' hosts resolve to (name and TLS identity
 * stay those of the URL); at most @connections at once. */
CobroNetClient *cobro_net_client_new_at (const char *user_agent, GSocketAddress *address, guint connections);
/* Closes its connections. No call may be under way. */
void cobro_net_client_free (CobroNetClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroNetClient, cobro_net_client_free)

/**
 * cobro_net_client_send:
 *
 * Sends @request and waits for the whole answer. Any HTTP status is an answer.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID (not a URL we speak), %COBRO_ERROR_TOO_LARGE,
 * %G_IO_ERROR_CANCELLED, or %COBRO_ERROR_NO_ANSWER, whose path (cobro_error_get_path()) is the stage that failed:
 * "address", "connect", "tls", "deadline", "answer" (cut off or not HTTP) or "redirect". After NO_ANSWER the request
 * may have been carried out, unless the stage is "address" or "tls".
 */
CobroNetAnswer *cobro_net_client_send (CobroNetClient *client, const CobroNetRequest *request,
                                       GCancellable *cancellable, GError **error);

/**
 * cobro_net_client_send_async:
 *
 * The same without waiting; @request and what it points to are not needed after the call returned. @callback runs on
 * the thread-default main context of the client's first call, which must be the caller's.
 */
void cobro_net_client_send_async (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* Finishes cobro_net_client_send_async(); results as cobro_net_client_send(). */
CobroNetAnswer *cobro_net_client_send_finish (CobroNetClient *client, GAsyncResult *result, GError **error);
