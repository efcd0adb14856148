/* relay/http/relay-request.h — one complete, validated request as a value.
 * Layer: relay/http. Owned by the request thread that handles it. */
#pragma once
#include <glib.h>
#include "cobro-id.h"
#include "cobro-wire.h"

typedef struct _RelayRoute RelayRoute;

typedef enum { RELAY_FACE_PAGE, RELAY_FACE_API, RELAY_FACE_PUBLIC_API, RELAY_FACE_DYN } RelayFace;   /* the shape of errors */

typedef struct {
  const RelayRoute *route;
  const char       *method;           /* "GET" … */
  char             *target;           /* as sent: "/pay/abc?x=1" */
  char             *path;             /* decoded, without query */
  GHashTable       *params;           /* (element-type utf8 utf8) {name} parts of the route's template */
  GHashTable       *query;            /* (element-type utf8 utf8) decoded; a key given twice is refused before we get here */
  GHashTable       *headers;          /* (element-type utf8 utf8) lower-case names */
  GBytes           *body;             /* never NULL */
  char             *peer;             /* the client's address after trusted-proxy rules; "unix" */
  char              id[129];          /* x-request-id */
  gint64            deadline;         /* monotonic microseconds */
  CobroId           merchant_id;      /* set by authentication on routes that need it */
  gboolean          livemode;         /* of the key */
  char             *key_id;           /* public id of the API key or device; NULL */
  CobroWireObject  *json;             /* parsed lazily */
  GHashTable       *form;             /* parsed lazily */
} RelayRequest;

void relay_request_free (RelayRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRequest, relay_request_free)

const char *relay_request_param (RelayRequest *request, const char *name);     /* never NULL for a name in the template */
const char *relay_request_query (RelayRequest *request, const char *name);     /* (nullable) */
const char *relay_request_header (RelayRequest *request, const char *lower_case_name);  /* (nullable) */
/* Integer query parameter in [minimum, maximum]; absent: fallback. FALSE with COBRO_ERROR_INVALID at the name. */
gboolean relay_request_query_int (RelayRequest *request, const char *name, gint64 minimum, gint64 maximum, gint64 fallback, gint64 *out_value, GError **error);
/* (transfer none) the body as one strict JSON object; checks Content-Type. NULL with MEDIA_TYPE or INVALID. */
CobroWireObject *relay_request_get_json (RelayRequest *request, GError **error);
/* (transfer none) (element-type utf8 utf8) an application/x-www-form-urlencoded body; NULL with MEDIA_TYPE or INVALID. */
GHashTable *relay_request_get_form (RelayRequest *request, GError **error);
/* If-Match as a revision: "\"3\"" → 3. FALSE with COBRO_ERROR_PRECONDITION when absent, INVALID when not ours. */
gboolean relay_request_get_revision (RelayRequest *request, gint64 *out_rev, GError **error);
