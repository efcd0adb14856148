/* relay/http/relay-request.h — one complete, validated request as a value.
 * Layer: relay/http. Thread: owned by the one thread that runs its handler; nobody else looks at it meanwhile. */
#pragma once
#include <glib.h>
#include "cobro-id.h"
#include "cobro-wire.h"
#include "relay-trace.h"

typedef struct _RelayRoute RelayRoute;
typedef struct _RelayServer RelayServer;
typedef struct _RelayHead RelayHead;

/* The shape in which a route's callers expect errors. */
typedef enum
{
  RELAY_FACE_PAGE,
  RELAY_FACE_API,
  RELAY_FACE_PUBLIC_API,
  RELAY_FACE_DYN
} RelayFace;

/* Rate-limit lanes (semantics.md, "Rate limits and trusted proxies"). A route names the lane that is taken before its
 * handler runs; the lanes marked "by the handler" are taken with relay_request_limit(). */
typedef enum
{
  RELAY_LANE_FREE,             /* not limited */
  RELAY_LANE_CHECKOUT,         /* address: 60, 1 per s */
  RELAY_LANE_ATTEMPT,          /* address: 10 per h */
  RELAY_LANE_API,              /* key: 100, 50 per s */
  RELAY_LANE_MONEY,            /* key: 20, 10 per s */
  RELAY_LANE_PAIRING,          /* address: 5, 1 per min */
  RELAY_LANE_WEBHOOK,          /* address: 200 per s; workers of its own, last to be shed */
  RELAY_LANE_UNKNOWN_TOKEN,    /* by the handler, address /48: 20, 1 per 10 s */
  RELAY_LANE_ATTEMPT_LINK,     /* by the handler, link id: 5 per 10 min */
  RELAY_LANE_ATTEMPT_MERCHANT, /* by the handler, merchant id: 300 per h */
  RELAY_LANE_FAILED,           /* by the handler, address: 10 per h */
} RelayLane;

typedef struct
{
  const RelayRoute *route; /* (nullable) only while the error is that there is none */
  const char *method;      /* "GET" … */
  const char *target;      /* as sent: "/pay/abc?x=1"; holds tokens: never log it */
  GBytes *body;            /* never NULL */
  char *peer;              /* the client's address after the trusted-proxy rules; "unix" */
  char id[129];            /* x-request-id */
  gint64 started;          /* g_get_monotonic_time() when the request was complete; the same in every attempt */
  gint64 deadline;         /* monotonic microseconds: be done by then */
  RelayServer *server;     /* for relay_server_get_url() and the like */

  CobroId merchant_id; /* set by authentication on routes that need it */
  gboolean livemode;   /* of the key */
  char *key_id;        /* public id of the API key or device; NULL */
  char *scopes;        /* what the key may, words separated by blanks; NULL */

  /* Waiting (relay_reply_park, relay_reply_stream): the handler is run again with the same request. */
  guint attempt;      /* 0 the first time */
  gboolean expired;   /* the wait is over (its time came, or the server stops): answer now */
  gint64 cursor;      /* the handler's own, 0 at first; kept from attempt to attempt */
  gboolean is_inline; /* this run is on the listener thread: do not block, or return relay_reply_later() */

  /*< private >*/
  const RelayHead *head; /* (nullable) only while the error is that there is no valid one */
  RelayHead *owned_head; /* NULL: borrowed from the listener, who is running us */
  RelayFace face;        /* the route's, or that of the nearest route */
  char *params[8];       /* in the order of the template */
  GHashTable *query;
  GHashTable *headers;
  CobroWireObject *json;
  GHashTable *form;
  guint retry_after; /* seconds, set with RATE_LIMITED, BUSY and UNAVAILABLE */
  guint limit;       /* capacity of the bucket that was empty */
  const char *allow; /* for a 405 */
  gint64 wakes_seen;
  RelayTraceContext trace;         /* where it stands in a trace, once its handler has begun */
  struct _RelayListener *listener; /* whose connection it came over */
  gboolean checked;                /* limits and authentication are behind it */
} RelayRequest;

void relay_request_free (RelayRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRequest, relay_request_free)

/* (transfer none) the decoded part of the path; never NULL for a name in the template ("{id}", and "{rest*}" for all
 * that follows). */
const char *relay_request_param (RelayRequest *request, const char *name);
/* (transfer none) (nullable) a decoded query parameter; a name given twice was refused before we got here. */
const char *relay_request_query (RelayRequest *request, const char *name);
/* (transfer none) (element-type utf8 utf8) all decoded query parameters. */
GHashTable *relay_request_get_query (RelayRequest *request);
/* (transfer none) (nullable) repeated fields are joined with ", ". */
const char *relay_request_header (RelayRequest *request, const char *lower_case_name);
/* (transfer none) (element-type utf8 utf8) all fields under lower-case names; made at the first call. */
GHashTable *relay_request_get_headers (RelayRequest *request);
/* Integer query parameter in [minimum, maximum]; absent: fallback. FALSE with COBRO_ERROR_INVALID at the name. */
gboolean relay_request_query_int (RelayRequest *request, const char *name, gint64 minimum, gint64 maximum,
                                  gint64 fallback, gint64 *out_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer none) the body as one strict JSON object; checks Content-Type. NULL with MEDIA_TYPE or INVALID. */
CobroWireObject *relay_request_get_json (RelayRequest *request, GError **error);
/* (transfer none) (element-type utf8 utf8) an application/x-www-form-urlencoded body; a name given twice, a broken
 * escape or text that is not UTF-8 is refused. NULL with MEDIA_TYPE or INVALID. */
GHashTable *relay_request_get_form (RelayRequest *request, GError **error);
/* If-Match as a revision: "\"3\"" → 3. FALSE with COBRO_ERROR_PRECONDITION when absent, INVALID when not ours. */
gboolean relay_request_get_revision (RelayRequest *request, gint64 *out_rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE if If-None-Match names @etag (with its quotes) or "*": answer relay_reply_not_modified(). */
gboolean relay_request_has_etag (RelayRequest *request, const char *etag);
/* TRUE if the client takes gzip. */
gboolean relay_request_accepts_gzip (RelayRequest *request);

/**
 * relay_request_limit:
 * @key: (nullable): whose bucket (a link id, a merchant id); %NULL: the client's address
 *
 * Takes one token from a lane. Cheap, any thread, no I/O.
 *
 * Returns: %FALSE with %COBRO_ERROR_RATE_LIMITED; relay_reply_problem() then says Retry-After
 */
gboolean relay_request_limit (RelayRequest *request, RelayLane lane, const char *key,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a bucket of one's own size: @capacity tokens, one back every @per_token microseconds. */
gboolean relay_request_limit_by (RelayRequest *request, RelayLane lane, const char *key, guint capacity,
                                 gint64 per_token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a token is there, without taking it. FALSE with COBRO_ERROR_RATE_LIMITED. */
gboolean relay_request_has_left (RelayRequest *request, RelayLane lane, const char *key, guint capacity,
                                 gint64 per_token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says the same of a bucket that is kept elsewhere. Always FALSE. */
gboolean relay_request_refuse (RelayRequest *request, RelayLane lane, guint capacity, guint wait, GError **error);
/* FALSE where the operator has switched limits off. */
gboolean relay_request_is_limited (const RelayRequest *request);
