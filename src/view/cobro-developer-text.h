/* src/view/cobro-developer-text.h — what the window says about webhooks, keys and the relay, in words.
 * Layer: view. Main thread. Results that are not const are (transfer full). */
#pragma once
#include "cobro-api-key.h"
#include "cobro-device.h"
#include "cobro-relay-state.h"
#include "cobro-view-text.h"
#include "cobro-webhook.h"

G_BEGIN_DECLS

CobroViewStatus cobro_view_endpoint_status (const CobroWebhookEndpoint *endpoint);
/* What it hears of, and why it does not: "All events", "3 kinds of events · Switched off by you". */
char *cobro_view_endpoint_detail (const CobroWebhookEndpoint *endpoint);

CobroViewStatus cobro_view_delivery_status (CobroDeliveryStatus status);
/* "HTTP 500", or what happened instead of an answer; "" for nothing yet. */
char *cobro_view_delivery_answer (gint64 status, const char *error);
/* "HTTP 500 · 3 tries · next at 9:30 AM". */
char *cobro_view_delivery_detail (const CobroWebhookDelivery *delivery);

/* What a key may do. */
typedef struct
{
  const char *scope; /* "links:rw" */
  const char *title; /* N_() */
  const char *help;  /* N_() */
} CobroViewScope;
/* In the order they are offered; the last one has no scope. */
const CobroViewScope *cobro_view_scopes (void);
/* "Links, Payments (read)". */
char *cobro_view_scopes_text (const char *const *scopes);
CobroViewStatus cobro_view_api_key_status (const CobroApiKey *key);
CobroViewStatus cobro_view_device_status (const CobroDevice *device);

/* "Stripe answers", "Stripe does not answer …". */
CobroViewStatus cobro_view_breaker (const CobroRelayProvider *provider);
/* A length of time in its two largest units: "3 days 4 hours". */
char *cobro_view_seconds (gint64 seconds);

G_END_DECLS
