/* src/sync/cobro-invoice-merge.h — two versions of an issued document become one again. Pure (README.md, "Merge").
 * Layer: sync. Any thread. */
#pragma once
#include "cobro-invoice.h"

/**
 * cobro_invoice_merge:
 * @theirs: the relay's
 * @out_strange: (out): ours is another document under the same id: theirs stands, and ours is lost
 *
 * What was issued is the same on both sides. Void wins over everything; of the rest (given up or not, reminders,
 * expiry) the later edit wins whole. Private notes that only one side has stay.
 *
 * Returns: (transfer full): the outcome, with theirs' revision
 */
CobroInvoice *cobro_invoice_merge (const CobroInvoice *ours, const CobroInvoice *theirs, gboolean *out_strange);
