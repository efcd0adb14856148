/* src/core/cobro-event.h — one row of a merchant's log: the spine that sync, webhooks, mails and timelines read.
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"

typedef enum
{
  COBRO_EVENT_LINK_CREATED,
  COBRO_EVENT_LINK_UPDATED,
  COBRO_EVENT_LINK_PAUSED,
  COBRO_EVENT_LINK_RESUMED,
  COBRO_EVENT_LINK_CANCELLED,
  COBRO_EVENT_LINK_EXPIRED,
  COBRO_EVENT_LINK_VIEWED,
  COBRO_EVENT_LINK_TOKEN_REPLACED,
  COBRO_EVENT_PAYMENT_CREATED,
  COBRO_EVENT_PAYMENT_REQUIRES_ACTION,
  COBRO_EVENT_PAYMENT_PROCESSING,
  COBRO_EVENT_PAYMENT_SUCCEEDED,
  COBRO_EVENT_PAYMENT_FAILED,
  COBRO_EVENT_PAYMENT_CANCELLED,
  COBRO_EVENT_PAYMENT_UNKNOWN,
  COBRO_EVENT_PAYMENT_FLAGGED,
  COBRO_EVENT_PAYMENT_RESOLVED,
  COBRO_EVENT_DISPUTE_OPENED, /* object: the payment */
  COBRO_EVENT_DISPUTE_CLOSED,
  COBRO_EVENT_REFUND_CREATED,
  COBRO_EVENT_REFUND_SUCCEEDED,
  COBRO_EVENT_REFUND_FAILED,
  COBRO_EVENT_MERCHANT_UPDATED,
  COBRO_EVENT_PROVIDER_QUARANTINED,
  COBRO_EVENT_MERCHANT_CARD_TESTING,
  COBRO_EVENT_WEBHOOK_TEST,
  COBRO_EVENT_DELIVERY_EXHAUSTED,
  COBRO_EVENT_DELIVERY_RECOVERED,
  COBRO_EVENT_PROVIDER_DEGRADED,
  COBRO_EVENT_PROVIDER_RECOVERED,
  COBRO_EVENT_INVOICE_ISSUED, /* object of invoice.*: the invoice with its status, without token and private notes */
  COBRO_EVENT_INVOICE_UPDATED,
  COBRO_EVENT_INVOICE_SENT,
  COBRO_EVENT_INVOICE_VIEWED,
  COBRO_EVENT_INVOICE_PARTIALLY_PAID,
  COBRO_EVENT_INVOICE_PAID,
  COBRO_EVENT_INVOICE_OVERDUE,
  COBRO_EVENT_INVOICE_VOIDED,
  COBRO_EVENT_INVOICE_REMINDED,
  COBRO_EVENT_CUSTOMER_UPDATED, /* new, or other than before; these three are for the merchant's desktops alone */
  COBRO_EVENT_PRODUCT_UPDATED,
  COBRO_EVENT_RECURRING_UPDATED,
  COBRO_EVENT_MAIL_FAILED, /* object: id of the invoice or payment, mailId, kind, to, reason */
} CobroEventType;

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  CobroId merchant_id;
  gint64 sequence; /* 1, 2, 3 … per merchant, without gaps */
  CobroEventType type;
  CobroTime occurred_at;
  CobroId object_id;      /* the link, payment or refund it tells of */
  char *object;           /* that object as it was, canonical JSON text */
  char previous_hash[65]; /* hex; 64 zeros for sequence 1 */
  char hash[65];
} CobroEvent;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroEvent *cobro_event_new (void);
CobroEvent *cobro_event_ref (CobroEvent *event);
void cobro_event_unref (CobroEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroEvent, cobro_event_unref)

const char *cobro_event_type_name (CobroEventType type); /* "link.created" … */
gboolean cobro_event_type_from_name (const char *name, CobroEventType *out_type);
/* How many there are: 0 … that are types. */
guint cobro_event_n_types (void);

/* Whether its object is for the merchant's desktops alone, and for no webhook and no key of a program: it has the
 * merchant's own notes. */
gboolean cobro_event_type_is_private (CobroEventType type);

/**
 * cobro_event_seal:
 * Fills previous_hash and hash: SHA-256 (previous hash ‖ canonical row), where the canonical row is
 * id LF merchant LF sequence LF type LF microseconds LF object id LF object.
 * @previous_hash: (nullable): the hash of the event before; %NULL for the first
 */
void cobro_event_seal (CobroEvent *event, const char *previous_hash);
/* Whether the hash fits the content and follows @previous_hash. */
gboolean cobro_event_verify (const CobroEvent *event, const char *previous_hash);
