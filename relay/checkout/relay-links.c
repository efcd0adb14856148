/* relay/checkout/relay-links.c — publish, change, decide, replace the token: one transaction each, with its one event.
 * Layer: relay/checkout. Callers' threads; the transactions run on the writer's. */
#include "relay-links.h"

#include "cobro-error.h"
#include "cobro-wire-link.h"
#include "relay-links-private.h"
#include "relay-payment-store.h"

/* ── Shared with the push (relay-push.c) ────────────────────────────────────────────────────────────────────── */

gboolean
relay_links_is_same (const CobroLink *a, const CobroLink *b)
{
  g_autoptr (CobroLink) twin = cobro_link_copy (b);
  g_autofree char *left = NULL, *right = NULL;

  twin->rev = a->rev;
  twin->livemode = a->livemode;
  twin->created_at = a->created_at;
  twin->updated_at = a->updated_at;
  left = cobro_wire_link_to_document (a, FALSE);
  right = cobro_wire_link_to_document (twin, FALSE);
  return g_str_equal (left, right);
}

static CobroEventType
event_of (const CobroLink *from, const CobroLink *to)
{
  if (from->decision == to->decision)
    return COBRO_EVENT_LINK_UPDATED;
  switch (to->decision)
    {
    case COBRO_DECISION_PAUSED:
      return COBRO_EVENT_LINK_PAUSED;
    case COBRO_DECISION_CANCELLED:
      return COBRO_EVENT_LINK_CANCELLED;
    case COBRO_DECISION_ACTIVE:
      return from->decision == COBRO_DECISION_PAUSED ? COBRO_EVENT_LINK_RESUMED : COBRO_EVENT_LINK_UPDATED;
    case COBRO_DECISION_DRAFT:
      return COBRO_EVENT_LINK_UPDATED;
    }
  g_return_val_if_reached (COBRO_EVENT_LINK_UPDATED);
}

gboolean
relay_links_check_own (const RelayLinkRecord *record, GError **error)
{
  return !cobro_id_is_set (&record->link->invoice_id) ||
         cobro_error_set (error, COBRO_ERROR_STATE, "the link belongs to invoice %s, which decides about it",
                          record->link->invoice_id.text);
}

gboolean
relay_links_end_leases (RelayTx *tx, const RelayLinkRecord *record, GError **error)
{
  g_autoptr (GPtrArray) payments = NULL;

  if (record->tally.open_attempts == 0)
    return TRUE;
  if (!(payments = relay_payment_list_of_link (tx->db, &record->merchant_id, &record->link->id, error)))
    return FALSE;
  for (guint i = 0; i < payments->len; i++)
    {
      RelayPaymentRecord *payment = payments->pdata[i];

      if (cobro_payment_state_is_final (payment->payment->state))
        continue;
      payment->lease_until = tx->now;
      payment->next_poll_at = tx->now;
      if (!relay_payment_save (tx, payment, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
relay_links_put_over (RelayTx *tx, RelayLinkRecord *record, CobroLink *to, const char *edited, GError **error)
{
  g_autoptr (CobroLink) from = cobro_link_ref (record->link);
  gboolean ends = to->decision == COBRO_DECISION_CANCELLED && from->decision != COBRO_DECISION_CANCELLED;

  if (!cobro_link_validate (to, error) || !cobro_link_validate_change (from, to, record->tally.attempts > 0, error) ||
      !relay_link_update (tx, record, to, edited, error))
    return FALSE;
  if (ends && !relay_links_end_leases (tx, record, error))
    return FALSE;
  return relay_link_append_event (tx, record, event_of (from, to), error);
}

gboolean
relay_links_insert (RelayTx *tx, const RelayScope *scope, CobroLink *link, const CobroToken *token, const char *edited,
                    RelayLinkRecord **out_record, GError **error)
{
  g_autoptr (RelayLinkRecord) record = NULL;

  if (cobro_id_is_set (&link->invoice_id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "invoiceId", "comes with its invoice, not by itself");
  if (!cobro_link_validate (link, error) ||
      !(record = relay_link_insert (tx, &scope->merchant_id, link, token, edited, error)) ||
      !relay_link_append_event (tx, record, COBRO_EVENT_LINK_CREATED, error))
    return FALSE;
  *out_record = g_steal_pointer (&record);
  return TRUE;
}

gboolean
relay_links_put_token (RelayTx *tx, RelayLinkRecord *record, const CobroToken *token, GError **error)
{
  CobroLink *link = cobro_link_copy (record->link);

  link->rev++;
  link->updated_at = tx->now;
  cobro_link_unref (record->link);
  record->link = link;
  return relay_link_set_token (tx, record, token, error) &&
         relay_link_append_event (tx, record, COBRO_EVENT_LINK_TOKEN_REPLACED, error);
}

/* ── Publish ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  CobroLink *link; /* id and times are filled in */
  CobroToken token;
  RelayLinkOnce *once;
  RelayLinkRecord *record; /* (out) */
} Publish;

/* The caller repeats a request that was answered already, or it is claimed for this transaction. */
static gboolean
claim (RelayTx *tx, Publish *publish, gboolean *out_replayed, GError **error)
{
  RelayIdempotencyAnswer answer = RELAY_IDEMPOTENCY_NEW;

  *out_replayed = FALSE;
  if (publish->once == NULL)
    return TRUE;
  relay_stored_answer_clear (&publish->once->stored);
  if (!relay_idempotency_claim (tx, publish->scope, &publish->once->request, NULL, &answer, NULL,
                                &publish->once->stored, error))
    return FALSE;
  *out_replayed = publish->once->replayed = answer == RELAY_IDEMPOTENCY_REPLAY;
  return TRUE;
}

static gboolean
finish (RelayTx *tx, const Publish *publish, GError **error)
{
  RelayLinkOnce *once = publish->once;

  if (once == NULL)
    return TRUE;
  once->stored.status = once->status;
  once->stored.body = once->answer (publish->record, &publish->token, tx->now, once->data);
  return relay_idempotency_finish (tx, publish->scope, once->request.key, &once->stored, error);
}

static gboolean
publish_work (RelayTx *tx, gpointer data, GError **error)
{
  Publish *publish = data;
  gboolean replayed;

  g_clear_pointer (&publish->record, relay_link_record_free);
  if (publish->link->decision != COBRO_DECISION_DRAFT && publish->link->decision != COBRO_DECISION_ACTIVE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "decision", "a new link is \"draft\" or \"active\"");
  if (!claim (tx, publish, &replayed, error) || replayed)
    return replayed;
  publish->link->created_at = publish->link->updated_at = tx->now;
  return relay_links_insert (tx, publish->scope, publish->link, &publish->token, NULL, &publish->record, error) &&
         finish (tx, publish, error);
}

RelayLinkRecord *
relay_links_publish (RelayStore *store, const RelayScope *scope, const CobroLink *link, RelayLinkOnce *once,
                     CobroToken *out_token, GError **error)
{
  g_autoptr (CobroLink) copy = cobro_link_copy (link);
  Publish publish = { .scope = scope, .link = copy, .once = once };
  g_autoptr (RelayLinkRecord) record = NULL;
  gboolean published;

  copy->livemode = scope->livemode;
  copy->rev = 1;
  if (!cobro_id_is_set (&copy->id))
    copy->id = cobro_id_new (COBRO_ID_LINK, relay_store_clock (store), relay_store_random (store));
  publish.token = cobro_token_is_set (&link->token) ? link->token : cobro_token_new (relay_store_random (store));
  copy->token = COBRO_TOKEN_NONE;
  published = relay_store_write_for (store, &scope->merchant_id, publish_work, &publish, error);
  record = g_steal_pointer (&publish.record);
  if (!published)
    return NULL;
  if (out_token != NULL)
    *out_token = publish.token;
  return g_steal_pointer (&record);
}

/* ── Change, decide, replace ────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const RelayScope *scope;
  const CobroId *id;
  gint64 rev;             /* 0: any */
  const CobroLink *link;  /* (nullable) the new decisions, whole */
  CobroDecision decision; /* without link */
  CobroToken token;
  RelayLinkRecord *record; /* (out) */
} Change;

static gboolean
find_at_revision (RelayTx *tx, Change *change, GError **error)
{
  g_clear_pointer (&change->record, relay_link_record_free);
  if (!(change->record = relay_link_find (tx->db, change->scope, change->id, error)))
    return FALSE;
  if (change->rev != 0 && change->rev != change->record->link->rev)
    return cobro_error_set (error, COBRO_ERROR_REVISION, "the link has revision %" G_GINT64_FORMAT " by now",
                            change->record->link->rev);
  return TRUE;
}

static gboolean
change_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;
  g_autoptr (CobroLink) to = NULL;
  const CobroLink *from;

  if (!find_at_revision (tx, change, error) || !relay_links_check_own (change->record, error))
    return FALSE;
  from = change->record->link;
  to = cobro_link_copy (change->link != NULL ? change->link : from);
  to->id = from->id;
  to->token = COBRO_TOKEN_NONE;
  to->livemode = from->livemode;
  to->created_at = from->created_at;
  if (change->link == NULL)
    to->decision = change->decision;
  if (relay_links_is_same (from, to))
    return TRUE;
  to->rev = from->rev + 1;
  to->updated_at = tx->now;
  return relay_links_put_over (tx, change->record, to, change->record->edited, error);
}

static gboolean
token_work (RelayTx *tx, gpointer data, GError **error)
{
  Change *change = data;

  return find_at_revision (tx, change, error) && relay_links_put_token (tx, change->record, &change->token, error);
}

static RelayLinkRecord *
run_change (RelayStore *store, RelayWork work, Change *change, GError **error)
{
  g_autoptr (RelayLinkRecord) record = NULL;
  gboolean changed = relay_store_write_for (store, &change->scope->merchant_id, work, change, error);

  record = g_steal_pointer (&change->record);
  return changed ? g_steal_pointer (&record) : NULL;
}

RelayLinkRecord *
relay_links_change (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev, const CobroLink *link,
                    GError **error)
{
  Change change = { .scope = scope, .id = id, .rev = rev, .link = link };

  return run_change (store, change_work, &change, error);
}

RelayLinkRecord *
relay_links_decide (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev, CobroDecision decision,
                    GError **error)
{
  Change change = { .scope = scope, .id = id, .rev = rev, .decision = decision };

  return run_change (store, change_work, &change, error);
}

RelayLinkRecord *
relay_links_replace_token (RelayStore *store, const RelayScope *scope, const CobroId *id, const CobroToken *token,
                           CobroToken *out_token, GError **error)
{
  Change change = { .scope = scope, .id = id };
  RelayLinkRecord *record;

  change.token = token != NULL ? *token : cobro_token_new (relay_store_random (store));
  record = run_change (store, token_work, &change, error);
  if (record != NULL && out_token != NULL)
    *out_token = change.token;
  return record;
}
