/* src/sync/cobro-sync-push.c — the outbox to the relay, and what its answers mean for the books.
 * Layer: sync. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-invoice-merge.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-link-sync-store.h"
#include "cobro-logo-sync-store.h"
#include "cobro-merge.h"
#include "cobro-outbox.h"
#include "cobro-plain-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-steps.h"

#include <string.h>

/* A batch on its way, and its answer. */
typedef struct
{
  guint limit;
  GPtrArray *operations; /* (element-type CobroOperation) */
  CobroPairing *pairing;
  CobroTime next_due;
  CobroPushAnswer *answer;
  gboolean rewound; /* these books are older than what the relay has heard from this device */
} Batch;

/* ── Answers: links ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
link_applied (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, const CobroId *id,
              GError **error)
{
  g_autoptr (CobroLink) link = NULL;
  g_autofree char *document = NULL;

  if (strcmp (operation->kind, "link.put") == 0)
    {
      if (!(link = tx->codec->read_link (operation->body, error)))
        return FALSE;
      document = tx->codec->write_link (link, FALSE);
    }
  return cobro_link_sync_applied (tx, id, result->rev, document, error);
}

/* What the relay did not take lives on as a draft of its own, with an address of its own. */
static gboolean
make_copy (CobroStoreTx *tx, const CobroId *id, const char *ours, GError **error)
{
  g_autoptr (CobroLink) copy = tx->codec->read_link (ours, error);
  g_autoptr (CobroLinkChange) made = NULL;
  g_autofree char *title = NULL;
  g_autofree char *short_title = NULL;
  g_autofree char *value = NULL;

  if (copy == NULL)
    return FALSE;
  title = g_strconcat ("Conflict copy: ", copy->title, NULL);
  short_title = g_utf8_substring (title, 0, MIN (g_utf8_strlen (title, -1), COBRO_LINK_TITLE_MAX));
  cobro_link_set_text (&copy->title, short_title);
  cobro_link_set_text (&copy->reference, "");
  copy->id = COBRO_ID_NONE;
  copy->token = COBRO_TOKEN_NONE;
  copy->decision = COBRO_DECISION_DRAFT;
  if (!(made = cobro_link_store_put (tx, copy, error)))
    return FALSE;
  value = g_strdup_printf ("\"%s\"", made->record->link->id.text);
  return cobro_link_sync_keep (tx, id, "conflict.copied", "", value, error);
}

static gboolean
keep_losses (CobroStoreTx *tx, const CobroId *id, GPtrArray *losses, GError **error)
{
  for (guint i = 0; i < losses->len; i++)
    {
      const CobroMergeLoss *loss = g_ptr_array_index (losses, i);

      if (!cobro_link_sync_keep (tx, id, "conflict.merged", loss->member, loss->value, error))
        return FALSE;
    }
  return TRUE;
}

/* Members that are good each by itself may not go together: then the relay's document stands, and ours becomes a copy.
 */
static CobroLink *
read_merged (CobroStoreTx *tx, CobroMergeResult *merge, const char *theirs, GError **error)
{
  g_autoptr (CobroLink) link = tx->codec->read_link (merge->document, NULL);

  if (link != NULL && cobro_link_validate (link, NULL))
    return g_steal_pointer (&link);
  merge->copy = TRUE;
  return tx->codec->read_link (theirs, error);
}

static gboolean
store_merge (CobroStoreTx *tx, const CobroId *id, CobroMergeResult *merge, const char *ours, const char *theirs,
             gint64 rev, GError **error)
{
  g_autoptr (CobroLink) merged = read_merged (tx, merge, theirs, error);
  gboolean conflict = merge->copy || merge->losses->len > 0;
  const char *reason = merge->copy ? "the amount was changed elsewhere too; what was written here is kept as a draft"
                                   : "it was changed elsewhere too; the later change of each field stands";

  return merged != NULL &&
         cobro_link_sync_merged (tx, merged, theirs, rev, merge->edited, conflict, conflict ? reason : "", error) &&
         keep_losses (tx, id, merge->losses, error) && (!merge->copy || make_copy (tx, id, ours, error));
}

static gboolean
link_conflict (CobroStoreTx *tx, const CobroPushResult *result, const CobroId *id, GError **error)
{
  g_auto (CobroLinkSides) sides = { NULL };
  g_autoptr (CobroLink) current = tx->codec->read_link (result->current, error);
  g_autofree char *theirs = NULL;
  g_autoptr (CobroMergeResult) merge = NULL;

  if (current == NULL || !cobro_link_sync_sides (tx, id, &sides, error))
    return FALSE;
  theirs = tx->codec->write_link (current, FALSE);
  merge = cobro_merge (COBRO_MERGE_LINK, sides.base, &(CobroMergeSide){ sides.ours, sides.edited },
                       &(CobroMergeSide){ theirs, result->edited }, error);
  return merge != NULL && store_merge (tx, id, merge, sides.ours, theirs, result->current_rev, error);
}

/* The relay tells only that it was a conflict, not with what (an answer from its memory): asked once more, it says so.
 */
static gboolean
ask_again (CobroStoreTx *tx, const CobroOperation *operation, GError **error)
{
  return cobro_outbox_put (tx, operation->kind, operation->object_id, operation->body, operation->edited, 0, error);
}

static gboolean
settle_link (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  CobroId id = COBRO_ID_NONE;

  g_strlcpy (id.text, operation->object_id, sizeof id.text);
  switch (result->outcome)
    {
    case COBRO_PUSH_APPLIED:
      return link_applied (tx, operation, result, &id, error);
    case COBRO_PUSH_MERGED:
    case COBRO_PUSH_CONFLICT:
      return result->current != NULL ? link_conflict (tx, result, &id, error) : ask_again (tx, operation, error);
    case COBRO_PUSH_REJECTED:
      return cobro_link_sync_rejected (tx, &id, result->reason, result->path, error);
    }
  return FALSE;
}

/* ── Answers: profile and customers ─────────────────────────────────────────────────────────────────────────────── */

static CobroMergeResult *
merge_sides (CobroMergeKind kind, const char *ours, const char *base, const CobroPushResult *result, GError **error)
{
  return cobro_merge (kind, base, &(CobroMergeSide){ ours, NULL }, &(CobroMergeSide){ result->current, result->edited },
                      error);
}

static gboolean
settle_merchant (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  g_autofree char *ours = NULL, *base = NULL;
  g_autoptr (CobroMergeResult) merge = NULL;

  switch (result->outcome)
    {
    case COBRO_PUSH_APPLIED:
      return cobro_merchant_sync_applied (tx, result->rev, error);
    case COBRO_PUSH_MERGED:
    case COBRO_PUSH_CONFLICT:
      if (result->current == NULL)
        return ask_again (tx, operation, error);
      return cobro_merchant_sync_sides (tx, &ours, &base, error) &&
             (merge = merge_sides (COBRO_MERGE_MERCHANT, ours, base, result, error)) != NULL &&
             cobro_merchant_sync_merged (tx, merge->document, result->current, result->current_rev, error);
    case COBRO_PUSH_REJECTED:
      return cobro_merchant_sync_rejected (tx, result->reason, result->path, error);
    }
  return FALSE;
}

/* By CobroPlain. */
static const CobroMergeKind merge_kinds[] = { COBRO_MERGE_CUSTOMER, COBRO_MERGE_PRODUCT, COBRO_MERGE_RECURRING };

static gboolean
is_readable (CobroStoreTx *tx, CobroPlain plain, const char *document)
{
  g_autoptr (CobroCustomer) customer = NULL;
  g_autoptr (CobroProduct) product = NULL;
  g_autoptr (CobroRecurring) recurring = NULL;

  switch (plain)
    {
    case COBRO_PLAIN_CUSTOMER:
      return (customer = tx->codec->read_customer (document, NULL)) != NULL;
    case COBRO_PLAIN_PRODUCT:
      return (product = tx->codec->read_product (document, NULL)) != NULL;
    case COBRO_PLAIN_RECURRING:
      return (recurring = tx->codec->read_recurring (document, NULL)) != NULL;
    }
  return FALSE;
}

/* Members that are good each by itself may not go together: then the relay's document stands. */
static gboolean
merge_plain (CobroStoreTx *tx, CobroPlain plain, const char *id, const CobroPushResult *result, GError **error)
{
  g_autofree char *ours = NULL, *base = NULL;
  g_autoptr (CobroMergeResult) merge = NULL;
  gboolean good;

  if (!cobro_plain_sync_sides (tx, plain, id, &ours, &base, error) ||
      !(merge = merge_sides (merge_kinds[plain], ours, base, result, error)))
    return FALSE;
  good = is_readable (tx, plain, merge->document);
  return cobro_plain_sync_merged (tx, plain, id, good ? merge->document : result->current, result->current,
                                  result->current_rev, error);
}

static gboolean
settle_plain (CobroStoreTx *tx, CobroPlain plain, const CobroOperation *operation, const CobroPushResult *result,
              GError **error)
{
  const char *id = operation->object_id;

  switch (result->outcome)
    {
    case COBRO_PUSH_APPLIED:
      return cobro_plain_sync_applied (tx, plain, id, result->rev, operation->body, error);
    case COBRO_PUSH_MERGED:
    case COBRO_PUSH_CONFLICT:
      return result->current != NULL ? merge_plain (tx, plain, id, result, error) : ask_again (tx, operation, error);
    case COBRO_PUSH_REJECTED:
      return cobro_plain_sync_rejected (tx, plain, id, result->reason, result->path, error);
    }
  return FALSE;
}

static gboolean
settle_logo (CobroStoreTx *tx, const CobroPushResult *result, GError **error)
{
  return result->outcome != COBRO_PUSH_REJECTED || cobro_merchant_sync_rejected (tx, result->reason, "logo", error);
}

/* ── Answers: invoices and recorded money ───────────────────────────────────────────────────────────────────────── */

static gboolean
invoice_conflict (CobroStoreTx *tx, const CobroPushResult *result, const CobroId *id, GError **error)
{
  g_autoptr (CobroInvoiceRecord) ours = cobro_invoice_store_find (tx, id, error);
  g_autoptr (CobroInvoice) theirs = ours != NULL ? tx->codec->read_invoice (result->current, error) : NULL;
  g_autoptr (CobroInvoice) merged = NULL;
  g_autofree char *ours_now = NULL;
  g_autofree char *theirs_now = NULL;
  gboolean strange;

  if (theirs == NULL)
    return FALSE;
  theirs->rev = result->current_rev;
  merged = cobro_invoice_merge (ours->invoice, theirs, &strange);
  ours_now = tx->codec->write_invoice (merged, FALSE);
  theirs_now = tx->codec->write_invoice (theirs, FALSE);
  return cobro_invoice_sync_merged (tx, merged, result->current_rev, strcmp (ours_now, theirs_now) != 0,
                                    strange ? "the relay has another document of this name; it stands" : "", error);
}

static gboolean
settle_invoice (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  CobroId id = COBRO_ID_NONE;

  g_strlcpy (id.text, operation->object_id, sizeof id.text);
  switch (result->outcome)
    {
    case COBRO_PUSH_APPLIED:
      return cobro_invoice_sync_applied (tx, &id, result->rev, error);
    case COBRO_PUSH_MERGED:
    case COBRO_PUSH_CONFLICT:
      return result->current != NULL ? invoice_conflict (tx, result, &id, error) : ask_again (tx, operation, error);
    case COBRO_PUSH_REJECTED:
      return cobro_invoice_sync_rejected (tx, &id, result->reason, result->path, error);
    }
  return FALSE;
}

/* A command was carried out, or it was not: it is never merged. */
static gboolean
settle_mail (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  CobroId id = COBRO_ID_NONE;

  g_strlcpy (id.text, operation->object_id, sizeof id.text);
  return cobro_invoice_sync_mail_failed (tx, &id, result->outcome == COBRO_PUSH_REJECTED ? result->reason : "", error);
}

static gboolean
settle_record (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  tx->change->kinds |= COBRO_STORE_PAYMENTS;
  return result->outcome != COBRO_PUSH_REJECTED ||
         cobro_record_sync_rejected (tx, operation->object_id, result->reason, error);
}

/* ── A batch ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_take_batch (CobroStoreTx *tx, gpointer data, GError **error)
{
  Batch *batch = data;

  if (!(batch->pairing = cobro_pairing_find (tx, error)))
    return NULL;
  if (!cobro_id_is_set (&batch->pairing->device_id))
    {
      cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "these books are not paired with a relay");
      return NULL;
    }
  batch->operations = cobro_outbox_take (tx, batch->limit, COBRO_PUSH_BYTES_MAX, &batch->next_due, error);
  return batch->operations;
}

/* The profile has no id of its own here: it is the merchant's of the pairing. */
static void
name_merchant (Batch *batch)
{
  for (guint i = 0; i < batch->operations->len; i++)
    {
      CobroOperation *operation = g_ptr_array_index (batch->operations, i);

      if (operation->object_id[0] != '\0')
        continue;
      g_free (operation->object_id);
      operation->object_id = g_strdup (batch->pairing->merchant_id.text);
    }
}

static gboolean
settle (CobroStoreTx *tx, const CobroOperation *operation, const CobroPushResult *result, GError **error)
{
  CobroPlain plain;

  if (!cobro_outbox_remove (tx, operation->op_id, error))
    return FALSE;
  if (strcmp (operation->kind, "merchant.put") == 0)
    return settle_merchant (tx, operation, result, error);
  if (strcmp (operation->kind, "logo.put") == 0)
    return settle_logo (tx, result, error);
  if (cobro_plain_from_kind (operation->kind, &plain))
    return settle_plain (tx, plain, operation, result, error);
  if (strcmp (operation->kind, "invoice.put") == 0)
    return settle_invoice (tx, operation, result, error);
  if (strcmp (operation->kind, "payment.record") == 0)
    return settle_record (tx, operation, result, error);
  if (g_str_has_prefix (operation->kind, "invoice."))
    return settle_mail (tx, operation, result, error);
  return settle_link (tx, operation, result, error);
}

static const CobroOperation *
operation_of (Batch *batch, const CobroPushResult *result)
{
  for (guint i = 0; i < batch->operations->len; i++)
    {
      const CobroOperation *operation = g_ptr_array_index (batch->operations, i);

      if (strcmp (operation->op_id, result->op_id) == 0)
        return operation;
    }
  return NULL;
}

static gboolean
is_out_of_order (const CobroPushResult *result)
{
  return result->outcome == COBRO_PUSH_REJECTED && strcmp (result->path, "seq") == 0;
}

/* The relay has lost operations, or has heard of later ones than these books know (README.md, "Order"). */
static gboolean
put_in_order (CobroStoreTx *tx, Batch *batch, const CobroPushResult *result, GError **error)
{
  gint64 n;

  if (strcmp (result->reason, "sequence_reused") == 0)
    {
      batch->rewound = TRUE;
      return TRUE;
    }
  return cobro_outbox_renumber (tx, batch->answer->expected_seq, error) && cobro_sync_publish_all (tx, &n, error);
}

static gpointer
do_settle_batch (CobroStoreTx *tx, gpointer data, GError **error)
{
  Batch *batch = data;
  g_autoptr (CobroPairing) pairing = cobro_pairing_find (tx, error);

  if (pairing == NULL)
    return NULL;
  /* Paired anew meanwhile: the answer is another relay's, and what was sent goes to the new one, too. */
  if (!cobro_id_equal (&pairing->device_id, &batch->pairing->device_id))
    return GINT_TO_POINTER (TRUE);
  for (guint i = 0; i < batch->answer->results->len; i++)
    {
      const CobroPushResult *result = g_ptr_array_index (batch->answer->results, i);
      const CobroOperation *operation = operation_of (batch, result);

      if (operation == NULL)
        continue;
      if (is_out_of_order (result))
        return GINT_TO_POINTER (put_in_order (tx, batch, result, error));
      if (!settle (tx, operation, result, error))
        {
          g_prefix_error (error, "%s of %s: ", operation->kind, operation->object_id);
          return NULL;
        }
    }
  return GINT_TO_POINTER (TRUE);
}

static gboolean
send_batch (CobroStore *store, CobroRelayClient *client, Batch *batch, GCancellable *cancellable, GError **error)
{
  name_merchant (batch);
  batch->answer = cobro_relay_client_push (client, batch->operations, cancellable, error);
  if (batch->answer == NULL || cobro_store_write (store, do_settle_batch, batch, error) == NULL)
    return FALSE;
  if (batch->rewound)
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED,
                            "these books were restored from a copy: pair this computer again");
  return TRUE;
}

gboolean
cobro_sync_push_once (CobroStore *store, CobroRelayClient *client, guint limit, CobroPushStep *out_step,
                      GCancellable *cancellable, GError **error)
{
  Batch batch = { .limit = limit };
  gboolean ok = cobro_store_write (store, do_take_batch, &batch, error) != NULL;

  if (ok && batch.operations->len > 0)
    ok = send_batch (store, client, &batch, cancellable, error);
  if (ok)
    *out_step =
      (CobroPushStep){ .sent = batch.operations->len, .more = batch.operations->len > 0, .next_due = batch.next_due };
  g_clear_pointer (&batch.operations, g_ptr_array_unref);
  g_clear_pointer (&batch.pairing, cobro_pairing_free);
  g_clear_pointer (&batch.answer, cobro_push_answer_free);
  return ok;
}

/* ── Everything again ───────────────────────────────────────────────────────────────────────────────────────────── */

/* What others name comes before what names it. */
gboolean
cobro_sync_publish_records (CobroStoreTx *tx, gboolean livemode, gint64 *out_n, GError **error)
{
  return cobro_logo_sync_publish (tx, error) && cobro_plain_sync_publish_all (tx, COBRO_PLAIN_CUSTOMER, error) &&
         cobro_plain_sync_publish_all (tx, COBRO_PLAIN_PRODUCT, error) &&
         cobro_plain_sync_publish_all (tx, COBRO_PLAIN_RECURRING, error) &&
         cobro_link_sync_publish_all (tx, livemode, out_n, error) &&
         cobro_invoice_sync_publish_all (tx, livemode, error);
}

gboolean
cobro_sync_publish_all (CobroStoreTx *tx, gint64 *out_n, GError **error)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_find (tx, error);

  return pairing != NULL && cobro_merchant_sync_publish (tx, error) &&
         cobro_sync_publish_records (tx, pairing->livemode, out_n, error);
}
