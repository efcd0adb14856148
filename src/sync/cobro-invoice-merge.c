/* src/sync/cobro-invoice-merge.c — see cobro-invoice-merge.h.
 * Layer: sync. Any thread. */
#include "config.h"
#include "cobro-invoice-merge.h"

/* Whether ours is theirs with nothing but what may change. */
static gboolean
is_same_document (const CobroInvoice *ours, const CobroInvoice *theirs)
{
  g_autoptr (CobroInvoice) as_ours = cobro_invoice_copy (ours);

  as_ours->decision = theirs->decision;
  as_ours->rev = theirs->rev;
  as_ours->token = theirs->token;
  return cobro_invoice_validate_change (theirs, as_ours, NULL);
}

static void
take_void (CobroInvoice *merged, const CobroInvoice *ours)
{
  if (ours->decision != COBRO_INVOICE_VOID || merged->decision == COBRO_INVOICE_VOID)
    return;
  merged->decision = COBRO_INVOICE_VOID;
  cobro_link_set_text (&merged->void_reason, ours->void_reason);
}

CobroInvoice *
cobro_invoice_merge (const CobroInvoice *ours, const CobroInvoice *theirs, gboolean *out_strange)
{
  CobroInvoice *merged = cobro_invoice_copy (theirs);

  *out_strange = !is_same_document (ours, theirs);
  if (*out_strange)
    return merged;
  if (merged->private_notes[0] == '\0' || (ours->updated_at > theirs->updated_at && ours->private_notes[0] != '\0'))
    cobro_link_set_text (&merged->private_notes, ours->private_notes);
  if (ours->updated_at > theirs->updated_at)
    {
      if (merged->decision != COBRO_INVOICE_VOID && ours->decision != COBRO_INVOICE_VOID)
        merged->decision = ours->decision;
      merged->reminders = ours->reminders;
      merged->expires_at = ours->expires_at;
      merged->updated_at = ours->updated_at;
    }
  take_void (merged, ours);
  return merged;
}
