/* src/net/cobro-net-client.h — the one HTTP client: a total deadline, a byte cap, no redirects unless asked.
 * Layer: net. One client per thread for the sync call; the async call runs on the caller's main context. */
#pragma once
#include <gio/gio.h>

typedef struct _CobroNetClient CobroNetClient;

typedef struct {
  const char        *method;           /* "GET" … */
  const char        *url;              /* http or https */
  const char *const *headers;          /* name, value, name, value, NULL; (nullable) */
  const char        *content_type;     /* (nullable) */
  GBytes            *body;             /* (nullable) */
  guint              deadline_ms;      /* whole exchange, connect to last byte; needed */
  gsize              max_bytes;        /* of the answer's body; needed */
  guint              max_redirects;    /* 0: a 3xx is the answer */
} CobroNetRequest;

typedef struct {
  guint       status;
  GHashTable *headers;                 /* (element-type utf8 utf8) lower-case names */
  GBytes     *body;
} CobroNetAnswer;
void cobro_net_answer_free (CobroNetAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroNetAnswer, cobro_net_answer_free)
const char *cobro_net_answer_header (const CobroNetAnswer *answer, const char *lower_case_name);

CobroNetClient *cobro_net_client_new (const char *user_agent);
void cobro_net_client_free (CobroNetClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroNetClient, cobro_net_client_free)

/* Any HTTP status is an answer. NULL with COBRO_ERROR_NO_ANSWER (connect, TLS, timeout, cut off; the message says which),
 * COBRO_ERROR_TOO_LARGE, or G_IO_ERROR_CANCELLED. */
CobroNetAnswer *cobro_net_client_send (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable, GError **error);
void cobro_net_client_send_async (CobroNetClient *client, const CobroNetRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
CobroNetAnswer *cobro_net_client_send_finish (CobroNetClient *client, GAsyncResult *result, GError **error);
