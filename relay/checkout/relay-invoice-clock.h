/* relay/checkout/relay-invoice-clock.h — what the calendar does to invoices: the due date passes, reminders go out,
 * schedules issue the next one. Layer: relay/checkout. Steps for the janitor, who knows the time. */
#pragma once
#include "relay-checkout.h"

/**
 * relay_invoice_clock_run_once:
 * @limit: at most this many in this step
 * @out_done: (out): how many were looked at
 *
 * invoice.overdue is told once, after the due date in the merchant's zone. A reminder is queued for nine o'clock there:
 * the newest step that has come, each step once, only for invoices that went out by mail before, never while money is
 * on its way; whoever sends it looks again. FALSE with the first error; the others were looked at all the same.
 */
gboolean relay_invoice_clock_run_once (RelayCheckout *checkout, CobroTime now, guint limit, guint *out_done,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_recurring_run_once:
 * @limit: at most this many schedules in this step
 * @out_issued: (out): how many invoices were issued
 *
 * Issues what is due: each period exactly once, those that were missed in their order, each in a transaction of its
 * own. What cannot be issued is tried again later, and its reason is kept for the merchant to read.
 */
gboolean relay_recurring_run_once (RelayCheckout *checkout, CobroTime now, guint limit, guint *out_issued,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
