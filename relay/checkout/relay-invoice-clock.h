/* relay/checkout/relay-invoice-clock.h — what the calendar does to invoices: the due date passes, reminders go
 * out. Layer: relay/checkout. Steps for the janitor, who knows the time. */
#pragma once
#include "relay-checkout.h"

/**
 * relay_invoice_clock_run_once:
 * @limit: at most this many in this step
 * @out_found: (out): how many were looked at
 *
 * invoice.overdue is told once, after the due date in the merchant's zone. A reminder is queued for nine o'clock there:
 * the newest step that has come, each step once, only for invoices that went out by mail before, never while money is
 * on its way; whoever sends it looks again. FALSE with the first error; the others were looked at all the same.
 */
gboolean relay_invoice_clock_run_once (RelayCheckout *checkout, CobroTime now, guint limit, guint *out_found,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
