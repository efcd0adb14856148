/* relay/store/relay-audit-private.h — what the parts of the audit share.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-audit.h"

/* One audit under way. */
typedef struct
{
  CobroDb *db;
  RelayAuditReport *report;
  gint64 payment_floor; /* rows above it are looked at */
  gint64 fact_floor;
  gint64 ledger_floor;
  CobroTime now;
} RelayAudit;

/* Takes the texts. */
void relay_audit_note (RelayAudit *self, const char *invariant, char *take_object, char *take_expected,
                       char *take_found);
/* I5: every payment's state is what its facts lead to. */
gboolean relay_audit_states (RelayAudit *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* I6, I11: the log has no gap, its chain holds, and every state of a payment was told exactly once. */
gboolean relay_audit_log (RelayAudit *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
