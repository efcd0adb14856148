/* relay/relay-restore.h — books that come back from a copy are older than the world: what the providers know since then
 * is asked for before anything is served or sent. Layer: relay (composition). Thread: main. */
#pragma once
#include "relay-config.h"
#include "relay-store.h"

/* What came of it. */
typedef struct
{
  CobroTime last_event;               /* the newest that the copy knows; 0: none */
  gint64 open_payments, open_refunds; /* whose end is not known yet; the relay goes on asking */
  gint64 quarantined;                 /* what a provider told and the books do not believe */
  GPtrArray *parked;  /* (element-type RelayInboxRow) what a provider told and the books do not know; kept for ever */
  GPtrArray *rebuilt; /* (element-type RelayPaymentRecord) made anew from the providers' lists */
  GPtrArray *unread;  /* (element-type utf8) accounts whose lists could not be read to the end */
  char *numbers;      /* what the relay's invoice numbers begin with from now on */
  gint64 deliveries;  /* webhooks that will be sent, some of them again, with their old ids */
  gint64 violations;  /* of the audit; must be 0 */
} RelayRestoreReport;
void relay_restore_report_clear (RelayRestoreReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayRestoreReport, relay_restore_report_clear)

/* Whether a restore was begun in this folder and has not come to its end: nothing must be served from it. */
gboolean relay_restore_is_unfinished (const char *data);

/**
 * relay_restore_run:
 * @copy: a file of `backup`
 * @out_report: (out): owned by the caller
 * @out_aside: (out) (transfer full): where the books went that were there before; "" for none
 *
 * Nobody may have the folder open. Checks the copy, moves the present books aside, puts the copy in their place, asks
 * the providers, and fills the report. Until all of that is done the folder is marked, so that a relay that is started
 * on it refuses; run again, it begins anew.
 *
 * Returns: %FALSE with %COBRO_ERROR_NOT_FOUND, _CORRUPT, _BUSY or _IO; before the copy was checked nothing has changed
 */
gboolean relay_restore_run (const RelayConfig *config, const char *copy, char **out_aside,
                            RelayRestoreReport *out_report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
