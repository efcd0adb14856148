/* relay/http/relay-reply.h — one answer as a value. A handler cannot forget to answer: it has a return type.
 * The exact response headers of semantics.md are put on by the constructors; nobody has to remember them.
 * Layer: relay/http. Thread: made on the thread that runs the handler, then given away. */
#pragma once
#include "relay-csp.h"
#include "relay-request.h"

typedef struct _RelayReply RelayReply;
/* Replies are counted: one may be on its way to several clients. */
RelayReply *relay_reply_ref (RelayReply *reply);
void relay_reply_free (RelayReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayReply, relay_reply_free)

/* {"success": true, "data": <json>}; takes the text. */
RelayReply *relay_reply_json (RelayRequest *request, guint status, char *take_data_json);
/* The same with "pagination": <json>. */
RelayReply *relay_reply_json_page (RelayRequest *request, char *take_data_json, char *take_pagination_json);
/* Exactly this JSON, without envelope (public payment API, DYN). */
RelayReply *relay_reply_json_bare (RelayRequest *request, guint status, char *take_json);

/* The problem table: GError → status, code, message, correlationId, details[], in the shape of the route's face.
 * Errors that are ours (IO, CORRUPT, INTERNAL, foreign domains) tell the caller nothing but the correlation id; their
 * text goes to RelayServerConfig.on_fault. */
RelayReply *relay_reply_problem (RelayRequest *request, const GError *error);
/* As before, with "current": <json> in the error: what a 412 carries. API face only. */
RelayReply *relay_reply_problem_current (RelayRequest *request, const GError *error, char *take_current_json);

/* A page with the checkout headers. @form_hosts: (nullable) extra form-action sources, "https://a.example
 * https://b.example";
 * @style_sources: (nullable) extra style-src sources, "'sha256-…' 'sha256-…'". */
RelayReply *relay_reply_html (RelayRequest *request, guint status, char *take_html, const char *form_hosts,
                              const char *style_sources);
/* The same with all that it may use besides its own host; @policy is copied. */
RelayReply *relay_reply_html_for (RelayRequest *request, guint status, char *take_html, const RelayCsp *policy);
/* The same page from bytes that are shared or precompressed. */
RelayReply *relay_reply_html_bytes (RelayRequest *request, guint status, GBytes *html, const char *form_hosts,
                                    const char *style_sources);
/* Static files, QR codes. Cache-Control is no-store unless set with relay_reply_set_header(). */
RelayReply *relay_reply_bytes (RelayRequest *request, guint status, const char *content_type, GBytes *bytes);
RelayReply *relay_reply_redirect (RelayRequest *request, const char *location); /* 303 */
RelayReply *relay_reply_empty (RelayRequest *request, guint status);
/* 304 with the ETag. */
RelayReply *relay_reply_not_modified (RelayRequest *request, const char *etag);
/* Sets or replaces a header. CR, LF and NUL cannot be smuggled in: such a value is a programmer error. */
void relay_reply_set_header (RelayReply *reply, const char *name, const char *value);

/**
 * relay_reply_share:
 * @topic: (nullable), @other_topic: (nullable): wakes that end it (relay_server_wake)
 * @for_us: and its longest life, for what changes with time alone
 *
 * The reply depends on nothing but the request's target, its Accept-Language and rows whose every change wakes one of
 * the topics: the listener may give it to others meanwhile. For inline GET routes without key; requests with cookies
 * are never answered from it, nor are replies to them kept. Do not call it for a reply that says who asked.
 */
void relay_reply_share (RelayReply *reply, const char *topic, const char *other_topic, gint64 for_us);

/* "Not yet": the listener keeps the request without a thread and runs the handler again, with request->attempt + 1,
 * when
 * @topic is woken (relay_server_wake), or with request->expired when @until_monotonic has come or the server stops. A
 * commit between the handler's look at the database and its parking is not missed. @until must not move from attempt
 * to attempt: compute it from request->started. For long polls. */
RelayReply *relay_reply_park (RelayRequest *request, const char *topic, gint64 until_monotonic);
/* A server-sent event stream. @take_event_data (nullable: nothing new) is written as one event; then the handler is
 * run again on every wake of @topic and, with request->expired, at @until. Kept alive with comments. request->cursor
 * remembers what was said. */
RelayReply *relay_reply_stream (RelayRequest *request, const char *topic, char *take_event_data,
                                gint64 until_monotonic);
/* The last event of a stream (nullable: just end it); the connection closes. */
RelayReply *relay_reply_stream_end (RelayRequest *request, char *take_event_data);
/* Only from a RELAY_ROUTE_INLINE handler with request->is_inline: this one needs the pool after all; the handler is run
 * again there. */
RelayReply *relay_reply_later (RelayRequest *request);

/* 0 for a reply that keeps the request waiting. */
guint relay_reply_get_status (const RelayReply *reply);
