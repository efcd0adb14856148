/* relay/checkout/relay-janitor.c — what happens by itself: webhooks applied, providers asked about open payments,
 * leases ended, refunds carried out, expiry told, old keys forgotten. Layer: relay/checkout. Threads of its own, or the
 * caller's (relay_janitor_run_once); transactions run on the writer's. */
#include "relay-janitor.h"

#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-checkout-private.h"
#include "relay-idempotency-store.h"
#include "relay-inbox-store.h"
#include "relay-invoice-clock.h"
#include "relay-metrics.h"
#include "relay-worker-beat.h"

#define INBOX_THREADS 4  /* each may wait for a provider */
#define BATCH         32 /* looked at in one go */
#define PAUSE         COBRO_SECOND
#define SWEEP_PAUSE   COBRO_MINUTE
#define CLAIM         COBRO_MINUTE        /* longer than any call: then another relay may take it up */
#define UNMATCHED_MAX (15 * COBRO_MINUTE) /* an event that waits longer than this alarms */
#define UNKNOWN_MAX   COBRO_DAY           /* so does a payment of which nobody knows how it went */
#define INBOX_LIFE    (90 * COBRO_DAY)
#define PRUNE_MAX     500
#define LOST_AFTER    (5 * COBRO_MINUTE) /* no call takes that long: its end was not written */

struct _RelayJanitor
{
  RelayCheckout *checkout;
  GMutex lock;   /* guards what follows */
  GCond arrived; /* for the inbox threads */
  GCond ended;   /* for the keeper, who has his own pace */
  guint64 wakes;
  gboolean stop;
  GThread *inbox[INBOX_THREADS];
  GThread *keeper;
};

/* One kind of work of a round: how many were done, how many were found. The first error is kept, and the rest is done
 * all the same: one that cannot be done must not stand in the way of the others. */
typedef struct
{
  RelayCheckout *checkout;
  CobroTime now;
  guint found;
  GError *failure;
} Round;

static void
note_failure (Round *round, GError *take_failure)
{
  if (round->failure == NULL)
    round->failure = take_failure;
  else
    g_clear_error (&take_failure);
}

/* Where the first error goes; nowhere when there is one already. */
static GError **
first_failure (Round *round)
{
  return round->failure == NULL ? &round->failure : NULL;
}

/* ── Webhooks ───────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  GArray *rows; /* (out) (nullable) */
} Taking;

static gboolean
take_inbox (RelayTx *tx, gpointer data, GError **error)
{
  Taking *taking = data;

  g_clear_pointer (&taking->rows, g_array_unref);
  taking->rows = relay_inbox_claim (tx, CLAIM, BATCH, error);
  return taking->rows != NULL;
}

static GArray *
list_inbox (Round *round)
{
  g_autoptr (RelayReader) reader = NULL;
  Taking taking = { 0 };

  /* With others on the same books, what is due is taken first: nobody else works on it meanwhile. */
  if (relay_store_is_shared (round->checkout->store))
    return relay_store_write_queue (round->checkout->store, take_inbox, &taking, first_failure (round)) ? taking.rows
                                                                                                        : NULL;
  reader = relay_store_read (round->checkout->store, first_failure (round));
  return reader != NULL ? relay_inbox_list_due (reader->db, round->now, BATCH, first_failure (round)) : NULL;
}

/* The row as it is now: another thread may have been faster. */
static RelayInboxRow *
find_inbox (Round *round, gint64 row)
{
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, NULL);
  g_autoptr (RelayInboxRow) fresh =
    reader != NULL ? relay_inbox_find (round->checkout->store, reader->db, row, NULL) : NULL;

  if (fresh == NULL || fresh->next_try_at == 0)
    return NULL;
  return relay_store_is_shared (round->checkout->store) || fresh->next_try_at <= round->now ? g_steal_pointer (&fresh)
                                                                                            : NULL;
}

static guint
do_inbox (Round *round)
{
  g_autoptr (GArray) rows = list_inbox (round);
  guint done = 0;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      gint64 number = g_array_index (rows, gint64, i);
      g_autofree char *flight = g_strdup_printf ("inbox:%" G_GINT64_FORMAT, number);
      g_autoptr (RelayInboxRow) row = NULL;
      GError *failure = NULL;

      if (!relay_checkout_enter (round->checkout, flight))
        continue;
      if ((row = find_inbox (round, number)) != NULL)
        {
          if (relay_inbox_apply (round->checkout, row, &failure))
            done++;
          else
            note_failure (round, failure);
        }
      relay_checkout_leave (round->checkout, flight);
    }
  round->found = rows != NULL ? rows->len : 0;
  return done;
}

/* ── Open payments ──────────────────────────────────────────────────────────────────────────────────────────── */

/* An intent that is sent once more. */
typedef struct
{
  RelayPaymentRecord *record;
  gint64 number;
} Resend;

static gboolean
start_resend (RelayTx *tx, gpointer data, GError **error)
{
  Resend *resend = data;
  g_autofree char *key = relay_call_key_of_begin (tx->store, tx->db, resend->record, error);

  return key != NULL &&
         relay_attempt_start (tx, resend->record, RELAY_ATTEMPT_BEGIN, NULL, key, &resend->number, error);
}

static gboolean
find_link (RelayCheckout *self, const RelayPaymentRecord *record, RelayLinkRecord **out_link, CobroToken *out_token)
{
  RelayScope scope = { record->merchant_id, record->payment->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (self->store, NULL);
  g_autoptr (RelayLinkRecord) link =
    reader != NULL ? relay_link_find (reader->db, &scope, &record->payment->link_id, NULL) : NULL;

  if (link == NULL || !relay_link_get_token (self->store, link, out_token, NULL))
    return FALSE;
  *out_link = g_steal_pointer (&link);
  return TRUE;
}

/* The same call with the same key: at the provider it is one payment. */
static gboolean
send_again (RelayCheckout *self, RelayPaymentRecord **record, GError **error)
{
  g_autoptr (RelayLinkRecord) link = NULL;
  g_autofree char *return_url = NULL;
  Resend resend = { .record = *record };
  RelayCallBegin begin = { 0 };
  CobroToken token;

  if (!cobro_id_is_set (&(*record)->payment->link_id))
    return relay_charge_go_on (self, record, NULL, NULL, error);
  if (!find_link (self, *record, &link, &token))
    return relay_call_query (self, record, error);
  if (!relay_store_write_for (self->store, &(*record)->merchant_id, start_resend, &resend, error))
    return FALSE;
  return_url = relay_call_return_url (self, token.text, "");
  begin = (RelayCallBegin){ .title = link->link->title, .return_url = return_url, .number = resend.number };
  return relay_call_begin (self, record, &begin, error);
}

/* The payer has not come back in time (or the link was cancelled): nobody waits any longer. */
static gboolean
is_overdue (const RelayPaymentRecord *record, CobroTime now)
{
  CobroPaymentState state = record->payment->state;

  return !cobro_payment_state_is_final (state) && state != COBRO_PAYMENT_PROCESSING && record->lease_until <= now;
}

static gboolean
poll_payment (Round *round, RelayPaymentRecord **record, GError **error)
{
  if (relay_call_may_resend (*record, round->now))
    return send_again (round->checkout, record, error);
  if (!relay_call_query (round->checkout, record, error))
    return FALSE;
  return !is_overdue (*record, round->now) || relay_call_cancel (round->checkout, record, error);
}

static GPtrArray *
list_payments (Round *round)
{
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, first_failure (round));

  return reader != NULL ? relay_payment_list_due (reader->db, round->now, BATCH, first_failure (round)) : NULL;
}

/* A row that is due, taken from other relays for a while. */
typedef gboolean (*ClaimFunc) (RelayTx *tx, gint64 row, CobroTime seen, CobroTime until, gboolean *out_mine,
                               GError **error);
typedef struct
{
  ClaimFunc func;
  gint64 row;
  CobroTime seen;
  gboolean mine;
} Claim;

static gboolean
claim_work (RelayTx *tx, gpointer data, GError **error)
{
  Claim *claim = data;

  return claim->func (tx, claim->row, claim->seen, tx->now + CLAIM, &claim->mine, error);
}

/* Alone on the books nobody else can be at it: single flight is enough. */
static gboolean
claim (Round *round, ClaimFunc func, gint64 row, CobroTime seen)
{
  Claim claiming = { func, row, seen, FALSE };
  GError *failure = NULL;

  if (!relay_store_is_shared (round->checkout->store))
    return TRUE;
  if (relay_store_write_queue (round->checkout->store, claim_work, &claiming, &failure))
    return claiming.mine;
  note_failure (round, failure);
  return FALSE;
}

/* The payment as it is now, if it is still due. */
static RelayPaymentRecord *
find_due (Round *round, const RelayPaymentRecord *listed)
{
  RelayScope scope = { listed->merchant_id, listed->payment->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, NULL);
  g_autoptr (RelayPaymentRecord) fresh =
    reader != NULL ? relay_payment_find (reader->db, &scope, &listed->payment->id, NULL) : NULL;

  if (fresh == NULL || fresh->next_poll_at == 0 || fresh->next_poll_at > round->now)
    return NULL;
  return claim (round, relay_payment_claim, fresh->row, fresh->next_poll_at) ? g_steal_pointer (&fresh) : NULL;
}

static guint
do_payments (Round *round)
{
  g_autoptr (GPtrArray) listed = list_payments (round);
  guint done = 0;

  for (guint i = 0; listed != NULL && i < listed->len; i++)
    {
      const RelayPaymentRecord *one = listed->pdata[i];
      g_autofree char *flight = g_strconcat ("payment:", one->payment->id.text, NULL);
      g_autoptr (RelayPaymentRecord) record = NULL;
      GError *failure = NULL;

      if (!relay_checkout_enter (round->checkout, flight))
        continue;
      if ((record = find_due (round, one)) != NULL)
        {
          if (poll_payment (round, &record, &failure))
            done++;
          else
            note_failure (round, failure);
        }
      relay_checkout_leave (round->checkout, flight);
    }
  round->found += listed != NULL ? listed->len : 0;
  return done;
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
list_refunds (Round *round)
{
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, first_failure (round));

  return reader != NULL ? relay_refund_list_due (reader->db, round->now, BATCH, first_failure (round)) : NULL;
}

/* The refund as it is now, if it is still due. */
static RelayRefundRecord *
find_due_refund (Round *round, const RelayRefundRecord *listed)
{
  RelayScope scope = { listed->merchant_id, listed->refund->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, NULL);
  g_autoptr (RelayRefundRecord) fresh =
    reader != NULL ? relay_refund_find (reader->db, &scope, &listed->refund->id, NULL) : NULL;

  if (fresh == NULL || fresh->next_try_at == 0 || fresh->next_try_at > round->now)
    return NULL;
  return claim (round, relay_refund_claim, fresh->row, fresh->next_try_at) ? g_steal_pointer (&fresh) : NULL;
}

static guint
do_refunds (Round *round)
{
  g_autoptr (GPtrArray) refunds = list_refunds (round);
  guint done = 0;

  for (guint i = 0; refunds != NULL && i < refunds->len; i++)
    {
      const RelayRefundRecord *one = refunds->pdata[i];
      g_autofree char *flight = g_strconcat ("refund:", one->refund->id.text, NULL);
      g_autoptr (RelayRefundRecord) refund = NULL;
      GError *failure = NULL;

      if (!relay_checkout_enter (round->checkout, flight))
        continue;
      if ((refund = find_due_refund (round, one)) != NULL)
        {
          if (relay_call_refund (round->checkout, &refund, NULL, &failure))
            done++;
          else
            note_failure (round, failure);
        }
      relay_checkout_leave (round->checkout, flight);
    }
  round->found += refunds != NULL ? refunds->len : 0;
  return done;
}

/* ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static guint
do_left (Round *round)
{
  GError *failure = NULL;
  guint done = 0;

  if (!relay_left_run_once (round->checkout, round->now, BATCH, &done, &failure))
    note_failure (round, failure);
  return done;
}

/* ── Expiry ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Told once per link; a draft or a cancelled link has nobody to tell. */
static gboolean
tell_expiry (RelayTx *tx, gpointer data, GError **error)
{
  const RelayLinkRecord *listed = data;
  RelayScope scope = { listed->merchant_id, listed->link->livemode };
  g_autoptr (RelayLinkRecord) record = relay_link_find (tx->db, &scope, &listed->link->id, error);
  CobroDecision decision;

  if (record == NULL)
    return FALSE;
  if (record->expiry_told || record->link->expires_at == 0 || record->link->expires_at > tx->now)
    return TRUE;
  decision = record->link->decision;
  record->expiry_told = TRUE;
  return relay_link_save_sums (tx, record, error) &&
         (decision == COBRO_DECISION_DRAFT || decision == COBRO_DECISION_CANCELLED ||
          relay_link_append_event (tx, record, COBRO_EVENT_LINK_EXPIRED, error));
}

static GPtrArray *
list_expired (Round *round)
{
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, first_failure (round));

  return reader != NULL ? relay_link_list_expired (reader->db, round->now, BATCH, first_failure (round)) : NULL;
}

static guint
do_expired (Round *round)
{
  g_autoptr (GPtrArray) links = list_expired (round);
  guint done = 0;

  for (guint i = 0; links != NULL && i < links->len; i++)
    {
      RelayLinkRecord *link = links->pdata[i];
      GError *failure = NULL;

      if (relay_store_write_for (round->checkout->store, &link->merchant_id, tell_expiry, link, &failure))
        done++;
      else
        note_failure (round, failure);
    }
  round->found += links != NULL ? links->len : 0;
  return done;
}

/* ── Sweeping ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
sweep_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_attempt_mark_lost (tx, tx->now - LOST_AFTER, data, error) &&
         relay_idempotency_prune (tx, PRUNE_MAX, error) &&
         relay_inbox_prune (tx, tx->now - INBOX_LIFE, PRUNE_MAX, error);
}

/* What waits for too long. */
static gboolean
look_after (Round *round, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (round->checkout->store, error);
  gint64 waiting, unknown;
  CobroTime oldest;

  if (reader == NULL || !relay_inbox_count_unmatched (reader->db, &waiting, &oldest, error) ||
      !relay_payment_count_unknown (reader->db, round->now - UNKNOWN_MAX, &unknown, error))
    return FALSE;
  if (waiting > 0 && oldest < round->now - UNMATCHED_MAX)
    relay_alarm ("inbox_unmatched", "%" G_GINT64_FORMAT " events of providers wait for a payment they belong to",
                 waiting);
  if (unknown > 0)
    relay_alarm ("payment_unknown", "%" G_GINT64_FORMAT " payments are unknown for more than a day", unknown);
  return relay_reconcile_check (round->checkout, reader->db, round->now, error);
}

static gboolean
is_time_to_sweep (RelayCheckout *self, CobroTime now)
{
  gboolean is;

  g_mutex_lock (&self->lock);
  is = now >= self->next_sweep;
  if (is)
    self->next_sweep = now + SWEEP_PAUSE;
  g_mutex_unlock (&self->lock);
  return is;
}

static guint
do_sweep (Round *round)
{
  GError *failure = NULL;
  gint64 lost = 0;

  if (!is_time_to_sweep (round->checkout, round->now))
    return 0;
  if (!relay_store_write (round->checkout->store, sweep_work, &lost, &failure) || !look_after (round, &failure))
    note_failure (round, failure);
  return (guint)lost;
}

/* ── The calendar ───────────────────────────────────────────────────────────────────────────────────────────── */

/* Books that just came back from a copy issue and remind nothing: what they do not know yet may have happened. */
static void
do_calendar (Round *round, RelayJanitorRound *done)
{
  GError *failure = NULL;

  if (round->checkout->restoring)
    return;
  if (!relay_invoice_clock_run_once (round->checkout, round->now, BATCH, &done->looked, &failure))
    note_failure (round, g_steal_pointer (&failure));
  if (!relay_recurring_run_once (round->checkout, round->now, BATCH, &done->issued, &failure))
    note_failure (round, failure);
}

/* ── Clock, nights ──────────────────────────────────────────────────────────────────────────────────────────── */

static void
watch_clock (Round *round)
{
  GError *failure = NULL;
  gboolean jumped = FALSE;

  relay_breakers_refresh (round->checkout->breakers);
  if (!relay_clock_watch_run_once (round->checkout, round->now, &jumped, &failure))
    note_failure (round, failure);
  if (jumped)
    relay_count (RELAY_METRIC_CLOCK_JUMPS);
}

static void
check_books (Round *round)
{
  GError *failure = NULL;

  if (!relay_books_check_run_once (round->checkout, round->now, &failure))
    note_failure (round, failure);
}

static guint
do_nights (Round *round)
{
  GError *failure = NULL;
  guint pages = 0;

  /* A list that does not come is no failure of the round: its turn comes again. */
  if (!relay_reconcile_run_once (round->checkout, &pages, &failure))
    {
      if (!relay_call_is_trouble (failure) && !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_PROVIDER))
        note_failure (round, failure);
      else
        g_error_free (failure);
    }
  return pages;
}

/* ── Rounds ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
keep_house (Round *round, RelayJanitorRound *done)
{
  done->polls = do_payments (round);
  done->refunds = do_refunds (round);
  done->left = do_left (round);
  watch_clock (round);
  if (!relay_clock_is_behind (round->checkout, round->now))
    {
      done->expired = do_expired (round);
      do_calendar (round, done);
    }
  done->lost = do_sweep (round);
  done->pages = do_nights (round);
  check_books (round);
}

gboolean
relay_janitor_run_once (RelayCheckout *checkout, CobroTime now, RelayJanitorRound *out_round, GError **error)
{
  Round round = { .checkout = checkout, .now = now };
  RelayJanitorRound done = { 0 };

  done.inbox = do_inbox (&round);
  keep_house (&round, &done);
  if (out_round != NULL)
    *out_round = done;
  if (round.failure == NULL)
    return TRUE;
  g_propagate_error (error, round.failure);
  return FALSE;
}

static gboolean
resume_work (RelayTx *tx, gpointer data, GError **error)
{
  CobroTime left = relay_store_is_shared (tx->store) ? tx->now - LOST_AFTER : tx->now + 1; /* others may be calling */
  gint64 lost;

  return relay_attempt_mark_lost (tx, left, &lost, error) && relay_payment_make_due (tx, error) &&
         relay_inbox_make_due (tx, error) && relay_idempotency_end_leases (tx, error);
}

gboolean
relay_janitor_resume (RelayCheckout *checkout, GError **error)
{
  gboolean alone = !relay_store_is_shared (checkout->store) || relay_store_was_unclean (checkout->store);

  return (!alone || relay_store_write (checkout->store, resume_work, NULL, error)) &&
         relay_clock_watch_begin (checkout, error);
}

/* ── Threads ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Until a webhook has come, or a second has passed. FALSE: stop. */
static gboolean
wait_for_webhook (RelayJanitor *self, gboolean more, guint64 *seen)
{
  gint64 until = g_get_monotonic_time () + PAUSE;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->stop && !more && self->wakes == *seen)
    if (!g_cond_wait_until (&self->arrived, &self->lock, until))
      break;
  *seen = self->wakes;
  go_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return go_on;
}

/* A second. FALSE: stop. */
static gboolean
wait_for_round (RelayJanitor *self, gboolean more)
{
  gint64 until = g_get_monotonic_time () + PAUSE;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->stop && !more)
    if (!g_cond_wait_until (&self->ended, &self->lock, until))
      break;
  go_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return go_on;
}

/* What fails in a round is due again in the next: nothing is lost by not hearing why here; faults of the books stop the
 * relay through the store. */
static gpointer
run_inbox (gpointer data)
{
  RelayJanitor *self = data;
  guint64 seen = 0;
  gboolean more = FALSE;

  while (wait_for_webhook (self, more, &seen))
    {
      Round round = { .checkout = self->checkout, .now = cobro_clock_now (self->checkout->clock) };

      more = do_inbox (&round) > 0 && round.found == BATCH;
      g_clear_error (&round.failure);
    }
  return NULL;
}

static gpointer
run_keeper (gpointer data)
{
  RelayJanitor *self = data;
  gboolean more = FALSE;

  while (wait_for_round (self, more))
    {
      Round round = { .checkout = self->checkout, .now = cobro_clock_now (self->checkout->clock) };
      RelayJanitorRound done = { 0 };

      relay_worker_beat ("janitor");
      keep_house (&round, &done);
      more = done.polls == BATCH || done.expired == BATCH || done.looked == BATCH || done.issued >= BATCH;
      g_clear_error (&round.failure);
    }
  relay_worker_rest ("janitor");
  return NULL;
}

void
relay_janitor_start (RelayCheckout *checkout)
{
  RelayJanitor *self = g_new0 (RelayJanitor, 1);

  g_return_if_fail (checkout->janitor == NULL);
  self->checkout = checkout;
  g_mutex_init (&self->lock);
  g_cond_init (&self->arrived);
  g_cond_init (&self->ended);
  for (guint i = 0; i < INBOX_THREADS; i++)
    self->inbox[i] = g_thread_new ("inbox", run_inbox, self);
  self->keeper = g_thread_new ("janitor", run_keeper, self);
  g_mutex_lock (&checkout->lock);
  checkout->janitor = self;
  g_mutex_unlock (&checkout->lock);
}

void
relay_janitor_wake (RelayCheckout *checkout)
{
  g_mutex_lock (&checkout->lock);
  if (checkout->janitor != NULL)
    {
      g_mutex_lock (&checkout->janitor->lock);
      checkout->janitor->wakes++;
      g_cond_signal (&checkout->janitor->arrived); /* one of them: the others have not lost anything */
      g_mutex_unlock (&checkout->janitor->lock);
    }
  g_mutex_unlock (&checkout->lock);
}

void
relay_janitor_stop (RelayCheckout *checkout)
{
  RelayJanitor *self;

  g_mutex_lock (&checkout->lock);
  self = g_steal_pointer (&checkout->janitor);
  g_mutex_unlock (&checkout->lock);
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->arrived);
  g_cond_broadcast (&self->ended);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < INBOX_THREADS; i++)
    g_thread_join (self->inbox[i]);
  g_thread_join (self->keeper);
  g_cond_clear (&self->arrived);
  g_cond_clear (&self->ended);
  g_mutex_clear (&self->lock);
  g_free (self);
}
