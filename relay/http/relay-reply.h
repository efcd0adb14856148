/* relay/http/relay-reply.h — one answer as a value. A handler cannot forget to answer: it has a return type.
 * Layer: relay/http. */
#pragma once
#include "relay-request.h"

typedef struct _RelayReply RelayReply;
void relay_reply_free (RelayReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayReply, relay_reply_free)

/* {"success": true, "data": <json>}; takes the text. */
RelayReply *relay_reply_json (RelayRequest *request, guint status, char *take_data_json);
/* The same with "pagination": <json>. */
RelayReply *relay_reply_json_page (RelayRequest *request, char *take_data_json, char *take_pagination_json);
/* Exactly this JSON, without envelope (public payment API, DYN). */
RelayReply *relay_reply_json_bare (RelayRequest *request, guint status, char *take_json);
/* The problem table: GError → status, code, message, correlationId, details[] (shape by the route's face). */
RelayReply *relay_reply_problem (RelayRequest *request, const GError *error);
/* A page with the checkout headers of semantics.md; @form_hosts: (nullable) extra form-action sources. */
RelayReply *relay_reply_html (RelayRequest *request, guint status, char *take_html, const char *form_hosts);
RelayReply *relay_reply_bytes (RelayRequest *request, guint status, const char *content_type, GBytes *bytes);
RelayReply *relay_reply_redirect (RelayRequest *request, const char *location);      /* 303 */
RelayReply *relay_reply_empty (RelayRequest *request, guint status);
void relay_reply_add_header (RelayReply *reply, const char *name, const char *value);

/* Parking: the reply is "not yet". The listener keeps the request without a thread and runs the handler again (with
 * request->attempt + 1) when the merchant's log moved past @after or at @until. For long polls. */
RelayReply *relay_reply_park (RelayRequest *request, const char *topic, gint64 after, gint64 until_monotonic);
/* A server-sent event stream: the handler is run again on every wake of @topic and its body is written as the next event;
 * kept alive with comments, closed at @until. */
RelayReply *relay_reply_stream (RelayRequest *request, const char *topic, char *take_event_data, gint64 after, gint64 until_monotonic);

guint relay_reply_get_status (const RelayReply *reply);
