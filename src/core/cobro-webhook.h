/* src/core/cobro-webhook.h — where the relay tells of events, what it sent there, and what came back.
 * Layer: core. Same sharing rule as cobro-link.h: filled once, then shared between threads. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"

/* One address that hears of events. */
typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  char *url;
  GStrv events; /* names of types; "*" alone is all of them */
  gboolean is_active;
  char *disabled_reason;   /* "" while it is active; else "merchant", "gone", "failing" */
  CobroTime failing_since; /* 0: the last try succeeded, or there was none */
  CobroTime created_at;
} CobroWebhookEndpoint;
/* (transfer full) every text is "". _ref and _unref are atomic. */
CobroWebhookEndpoint *cobro_webhook_endpoint_new (void);
CobroWebhookEndpoint *cobro_webhook_endpoint_ref (CobroWebhookEndpoint *endpoint);
void cobro_webhook_endpoint_unref (CobroWebhookEndpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWebhookEndpoint, cobro_webhook_endpoint_unref)
/* Whether it hears of everything. */
gboolean cobro_webhook_endpoint_wants_all (const CobroWebhookEndpoint *endpoint);

typedef enum
{
  COBRO_DELIVERY_PENDING,
  COBRO_DELIVERY_DELIVERED,
  COBRO_DELIVERY_FAILED,    /* in vain so far: tried again */
  COBRO_DELIVERY_ABANDONED, /* a dead letter */
} CobroDeliveryStatus;
const char *cobro_delivery_status_name (CobroDeliveryStatus status);
gboolean cobro_delivery_status_from_name (const char *name, CobroDeliveryStatus *out_status);

/* One try. */
typedef struct
{
  gint64 number;
  CobroTime started_at;
  gint64 duration_ms;
  gint64 status; /* of HTTP; 0: no answer */
  char *error;   /* what happened instead of an answer; "" */
  char *headers; /* of the answer, a line each, cut */
  char *answer;  /* its body, cut */
} CobroWebhookAttempt;
CobroWebhookAttempt *cobro_webhook_attempt_new (void);
void cobro_webhook_attempt_free (CobroWebhookAttempt *attempt);

/* One event for one endpoint. */
typedef struct
{
  gint ref_count; /* private */
  CobroId id, endpoint_id;
  char *event_id, *event_type;
  gint64 sequence;
  CobroDeliveryStatus status;
  gint64 attempt_count;
  CobroTime next_retry_at; /* 0: none */
  gint64 last_status;      /* 0: no answer */
  char *last_error;
  CobroTime created_at, updated_at;
  GPtrArray *attempts; /* (element-type CobroWebhookAttempt) oldest first; empty unless it was asked for alone */
} CobroWebhookDelivery;
CobroWebhookDelivery *cobro_webhook_delivery_new (void);
CobroWebhookDelivery *cobro_webhook_delivery_ref (CobroWebhookDelivery *delivery);
void cobro_webhook_delivery_unref (CobroWebhookDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWebhookDelivery, cobro_webhook_delivery_unref)
