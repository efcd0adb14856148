/* relay/checkout/relay-janitor.h — what happens by itself: webhooks applied, providers asked about open payments,
 * leases ended, refunds carried out, expiry told, old keys forgotten. Layer: relay/checkout. */
#pragma once
#include "relay-checkout.h"

/* Counts of one round. */
typedef struct
{
  guint inbox, polls, refunds, left, expired, lost, pages;
  guint looked, issued; /* invoices that the calendar looked at; that schedules issued */
} RelayJanitorRound;

/**
 * relay_janitor_resume:
 * Once at start, before anything else: intents that the last process left behind are marked lost, every open payment
 * and unsettled webhook is due at once, and idempotency keys that were held are free to be gone on with. Among several
 * relays that is done only where one was killed: the calls of the others are under way. The clock is compared with the
 * latest time that was seen.
 */
gboolean relay_janitor_resume (RelayCheckout *checkout, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_janitor_run_once:
 * @now: the time it is; tests and the simulator step it
 * Does what is due, on this thread, provider calls included.
 */
gboolean relay_janitor_run_once (RelayCheckout *checkout, CobroTime now, RelayJanitorRound *out_round,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same on threads of its own: woken by webhooks and once a second. Stopped by relay_janitor_stop() or with the
 * checkout. */
void relay_janitor_start (RelayCheckout *checkout);
void relay_janitor_stop (RelayCheckout *checkout);
