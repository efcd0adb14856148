/* src/core/cobro-event.c — one row of a merchant's log, and the chain of hashes that binds the rows.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-event.h"
#include "cobro-names.h"

#include <string.h>

static const char *const type_names[] = {
  [COBRO_EVENT_LINK_CREATED] = "link.created",
  [COBRO_EVENT_LINK_UPDATED] = "link.updated",
  [COBRO_EVENT_LINK_PAUSED] = "link.paused",
  [COBRO_EVENT_LINK_RESUMED] = "link.resumed",
  [COBRO_EVENT_LINK_CANCELLED] = "link.cancelled",
  [COBRO_EVENT_LINK_EXPIRED] = "link.expired",
  [COBRO_EVENT_LINK_VIEWED] = "link.viewed",
  [COBRO_EVENT_LINK_TOKEN_REPLACED] = "link.token_replaced",
  [COBRO_EVENT_PAYMENT_CREATED] = "payment.created",
  [COBRO_EVENT_PAYMENT_REQUIRES_ACTION] = "payment.requires_action",
  [COBRO_EVENT_PAYMENT_PROCESSING] = "payment.processing",
  [COBRO_EVENT_PAYMENT_SUCCEEDED] = "payment.succeeded",
  [COBRO_EVENT_PAYMENT_FAILED] = "payment.failed",
  [COBRO_EVENT_PAYMENT_CANCELLED] = "payment.cancelled",
  [COBRO_EVENT_PAYMENT_UNKNOWN] = "payment.unknown",
  [COBRO_EVENT_PAYMENT_FLAGGED] = "payment.flagged",
  [COBRO_EVENT_PAYMENT_RESOLVED] = "payment.resolved",
  [COBRO_EVENT_DISPUTE_OPENED] = "dispute.opened",
  [COBRO_EVENT_DISPUTE_CLOSED] = "dispute.closed",
  [COBRO_EVENT_REFUND_CREATED] = "refund.created",
  [COBRO_EVENT_REFUND_SUCCEEDED] = "refund.succeeded",
  [COBRO_EVENT_REFUND_FAILED] = "refund.failed",
  [COBRO_EVENT_MERCHANT_UPDATED] = "merchant.updated",
  [COBRO_EVENT_PROVIDER_QUARANTINED] = "provider.quarantined",
  [COBRO_EVENT_MERCHANT_CARD_TESTING] = "merchant.card_testing",
  [COBRO_EVENT_WEBHOOK_TEST] = "webhook.test",
  [COBRO_EVENT_DELIVERY_EXHAUSTED] = "delivery.exhausted",
  [COBRO_EVENT_DELIVERY_RECOVERED] = "delivery.recovered",
  [COBRO_EVENT_PROVIDER_DEGRADED] = "provider.degraded",
  [COBRO_EVENT_PROVIDER_RECOVERED] = "provider.recovered",
  [COBRO_EVENT_INVOICE_ISSUED] = "invoice.issued",
  [COBRO_EVENT_INVOICE_UPDATED] = "invoice.updated",
  [COBRO_EVENT_INVOICE_SENT] = "invoice.sent",
  [COBRO_EVENT_INVOICE_VIEWED] = "invoice.viewed",
  [COBRO_EVENT_INVOICE_PARTIALLY_PAID] = "invoice.partially_paid",
  [COBRO_EVENT_INVOICE_PAID] = "invoice.paid",
  [COBRO_EVENT_INVOICE_OVERDUE] = "invoice.overdue",
  [COBRO_EVENT_INVOICE_VOIDED] = "invoice.voided",
  [COBRO_EVENT_INVOICE_REMINDED] = "invoice.reminded",
  [COBRO_EVENT_CUSTOMER_UPDATED] = "customer.updated",
  [COBRO_EVENT_PRODUCT_UPDATED] = "product.updated",
  [COBRO_EVENT_RECURRING_UPDATED] = "recurring.updated",
  [COBRO_EVENT_MAIL_FAILED] = "mail.failed",
};

COBRO_DEFINE_NAMES (CobroEventType, cobro_event_type, type_names)

guint
cobro_event_n_types (void)
{
  return G_N_ELEMENTS (type_names);
}

gboolean
cobro_event_type_is_private (CobroEventType type)
{
  return type == COBRO_EVENT_CUSTOMER_UPDATED || type == COBRO_EVENT_PRODUCT_UPDATED ||
         type == COBRO_EVENT_RECURRING_UPDATED;
}

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

CobroEvent *
cobro_event_new (void)
{
  CobroEvent *event = g_new0 (CobroEvent, 1);

  event->ref_count = 1;
  event->object = g_strdup ("");
  return event;
}

CobroEvent *
cobro_event_ref (CobroEvent *event)
{
  g_atomic_int_inc (&event->ref_count);
  return event;
}

void
cobro_event_unref (CobroEvent *event)
{
  if (event == NULL || !g_atomic_int_dec_and_test (&event->ref_count))
    return;
  g_free (event->object);
  g_free (event);
}

static void
add_text (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text));
}

static void
compute_hash (const CobroEvent *event, const char *previous_hash, char out_hash[65])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *head = g_strdup_printf (
    "%s\n%s\n%" G_GINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT "\n%s\n", event->id.text, event->merchant_id.text,
    event->sequence, cobro_event_type_name (event->type), event->occurred_at, event->object_id.text);

  add_text (checksum, previous_hash);
  add_text (checksum, head);
  add_text (checksum, event->object);
  g_strlcpy (out_hash, g_checksum_get_string (checksum), 65);
}

void
cobro_event_seal (CobroEvent *event, const char *previous_hash)
{
  g_strlcpy (event->previous_hash, previous_hash != NULL ? previous_hash : NO_HASH, sizeof event->previous_hash);
  compute_hash (event, event->previous_hash, event->hash);
}

gboolean
cobro_event_verify (const CobroEvent *event, const char *previous_hash)
{
  const char *previous = previous_hash != NULL ? previous_hash : NO_HASH;
  char hash[65];

  compute_hash (event, previous, hash);
  return strcmp (event->previous_hash, previous) == 0 && strcmp (event->hash, hash) == 0;
}
