/* src/core/cobro-invoice-status.h — the one pure function that says what an invoice is now. Computed, never stored.
 * Layer: core. Any thread. */
#pragma once
#include "cobro-invoice.h"
#include "cobro-link-status.h"

typedef enum
{
  COBRO_INVOICE_IS_DRAFT,
  COBRO_INVOICE_IS_OPEN, /* issued, not sent by mail yet */
  COBRO_INVOICE_IS_SENT,
  COBRO_INVOICE_IS_VIEWED,
  COBRO_INVOICE_IS_PARTIALLY_PAID,
  COBRO_INVOICE_IS_PAID,
  COBRO_INVOICE_IS_OVERPAID,
  COBRO_INVOICE_IS_OVERDUE, /* due before today and not paid; wins over open, sent, viewed and partially paid */
  COBRO_INVOICE_IS_REFUNDED,
  COBRO_INVOICE_IS_VOID,
  COBRO_INVOICE_IS_UNCOLLECTIBLE,
  COBRO_INVOICE_IS_CREDIT_NOTE, /* an issued credit note: nothing is due */
} CobroInvoiceStatus;

/* What happened beside payments. */
typedef struct
{
  CobroTime sent_at, viewed_at; /* 0: never */
  CobroMoney credited;          /* Σ issued credit notes; unset: none */
} CobroInvoiceTally;

typedef struct
{
  CobroInvoiceStatus status;
  CobroPaidStatus paid_status;
  guint flags;       /* CobroFlags, as the link's */
  gboolean can_pay;  /* somebody may pay it now */
  CobroMoney paid;   /* what is there: paid − refunded − lost */
  CobroMoney due;    /* total − credited − paid; never below zero */
  CobroMoney credit; /* overpaid: what the customer has to their credit from it; never below zero */
  gint days_overdue; /* > 0 where OVERDUE */
} CobroInvoiceView;

/* @link_tally: of its link; @today: the merchant's civil date. */
CobroInvoiceView cobro_invoice_view (const CobroInvoice *invoice, const CobroLinkTally *link_tally,
                                     const CobroInvoiceTally *tally, CobroDay today, CobroTime now);
/* The day after which what is left is late: that of the first part of the plan that @paid does not cover, or the due
 * date. FALSE while there is none (a draft). */
gboolean cobro_invoice_late_after (const CobroInvoice *invoice, CobroMoney paid, CobroDay *out_day);
/* "draft", "open", "sent", "viewed", "partially_paid", "paid", "overpaid", "overdue", "refunded", "void",
 * "uncollectible", "credit_note" */
const char *cobro_invoice_status_name (CobroInvoiceStatus status);
gboolean cobro_invoice_status_from_name (const char *name, CobroInvoiceStatus *out_status);
