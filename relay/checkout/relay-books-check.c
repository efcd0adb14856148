/* relay/checkout/relay-books-check.c — every day one relay looks whether the newest entries of the books hold the
 * invariants, and says so in the metrics: an alarm that must never come.
 * Layer: relay/checkout. The janitor's thread. */
#include "relay-checkout-private.h"

#include <string.h>

#include "relay-alarm.h"
#include "relay-audit.h"
#include "relay-metrics.h"

#define NEWEST 10000

/* (transfer full) the day in UTC, as the leader's jobs are named: "2026-12-01". */
static char *
day_of (CobroTime now)
{
  g_autofree char *text = cobro_time_to_text (now);

  return g_strndup (text, strlen ("2026-12-01"));
}

static void
tell (const RelayAuditReport *report)
{
  const RelayViolation *first = report->count > 0 ? report->violations->pdata[0] : NULL;

  relay_gauge_set (RELAY_METRIC_INVARIANTS, report->count);
  if (first != NULL)
    relay_alarm ("invariant_broken",
                 "the books break %" G_GINT64_FORMAT " invariants, the first: %s of %s; run cobro-relay audit",
                 report->count, first->invariant, first->object);
}

gboolean
relay_books_check_run_once (RelayCheckout *self, CobroTime now, GError **error)
{
  g_autofree char *day = day_of (now);
  g_autoptr (RelayAuditReport) report = NULL;
  RelayReader *reader;
  gboolean is_mine;

  if (now < self->next_check)
    return TRUE;
  self->next_check = (now / COBRO_DAY + 1) * COBRO_DAY;
  if (!relay_leader_begin (self->leader, "check", day, &is_mine, error))
    return FALSE;
  if (!is_mine)
    return TRUE;
  if (!(reader = relay_store_read (self->store, error)))
    return FALSE;
  report = relay_audit_run (reader->db, NEWEST, now, error);
  relay_reader_release (reader);
  if (report == NULL)
    return FALSE;
  tell (report);
  return relay_leader_end (self->leader, "check", day, error);
}
