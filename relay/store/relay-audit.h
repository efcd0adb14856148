/* relay/store/relay-audit.h — checks the books against the invariants (semantics I1–I12, domain's four) and says
 * exactly what is wrong. Reads only. I10 is about desktops: nothing of it is in these books.
 * Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* One thing that is wrong. */
typedef struct
{
  const char *invariant; /* "I1" … "I12"; "D2" and "D4" of the domain's (D1 is I1, D3 is I6). I8 is also that an
                            invoice, its link and its credit notes say the same. */
  char *object;          /* what: "link link_01… paid", "payment pay_01… slot" */
  char *expected, *found;
} RelayViolation;
void relay_violation_free (RelayViolation *violation);

/* The outcome. */
typedef struct
{
  GPtrArray *violations;                 /* (element-type RelayViolation); at most 1,000 are kept */
  gint64 count;                          /* all of them */
  gint64 links, payments, events, facts; /* in the books */
} RelayAuditReport;
void relay_audit_report_free (RelayAuditReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAuditReport, relay_audit_report_free)

/**
 * relay_audit_run:
 * @newest: 0 for everything; else only this many of the newest payments, facts and ledger rows, and only I1–I5: the
 * check after an unclean end
 * @now: the present: I7 and I12 know deadlines
 *
 * Returns: (transfer full): the report, also when something is wrong; %NULL only when the books cannot be read
 */
RelayAuditReport *relay_audit_run (CobroDb *db, gint64 newest, CobroTime now, GError **error);
/* (transfer full) {"ok": false, "violations": [{"invariant","object","expected","found"}], "counts": {…}} */
char *relay_audit_report_to_json (const RelayAuditReport *report);
