/* relay/checkout/relay-reconcile.c — once a night every account's list at its provider is read, with an overlap, and
 * compared with the books: what nobody told us becomes a fact, what we do not know is parked, other amounts are set
 * aside. A lost webhook costs delay, not money. Layer: relay/checkout. The janitor's thread; transactions run on the
 * writer's. */
#include "relay-checkout-private.h"

#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-inbox-store.h"
#include "relay-night-store.h"

#define NIGHT      (2 * COBRO_HOUR) /* after midnight UTC */
#define OVERLAP    (3 * COBRO_DAY)
#define LEASE      (5 * COBRO_MINUTE) /* also the pause after a list that did not come */
#define PAGES_MAX  8                  /* of one round */
#define LATE_AFTER COBRO_DAY

/* One night's page at work. */
typedef struct
{
  RelayCheckout *checkout;
  RelayNight *night; /* owned */
  RelayListing *listing;
  RelayNightCount count;
} Page;

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->night, relay_night_free);
  g_clear_pointer (&page->listing, relay_listing_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static gboolean
claim_work (RelayTx *tx, gpointer data, GError **error)
{
  Page *page = data;

  return relay_night_claim (tx, (tx->now - NIGHT) / COBRO_DAY, LEASE, OVERLAP, page->checkout->restoring, &page->night,
                            error);
}

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
fetch (Page *page, GError **error)
{
  RelayCheckout *self = page->checkout;
  const RelayNight *night = page->night;
  RelayProvider *provider = relay_providers_find (self->providers, night->provider);
  g_autoptr (RelayOpenAccount) opened = NULL;
  GError *failure = NULL;

  if (provider == NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "this relay has no gateway \"%s\"", night->provider);
  if (!(opened = relay_accounts_get (self, night->provider, night->account, error)) ||
      !relay_breakers_enter (self->breakers, night->provider, night->account, NULL, error))
    return FALSE;
  page->listing = relay_provider_list (provider, opened->account, night->since, night->cursor,
                                       cobro_clock_monotonic (self->clock) + self->call_deadline, &failure);
  relay_breakers_leave (self->breakers, night->provider, night->account, relay_call_is_trouble (failure));
  if (page->listing == NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  for (guint i = 0; i < page->listing->facts->len; i++)
    if (!relay_reference_open (self->store, &opened->merchant_id, page->listing->facts->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* ── Comparing ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
moves_money (CobroFactKind kind)
{
  return kind >= COBRO_FACT_SUCCEEDED;
}

/* Kept for whoever finds out what it is: tried again like a webhook. */
static gboolean
park (RelayTx *tx, Page *page, CobroFact *fact, GError **error)
{
  const RelayNight *night = page->night;
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autofree char *event_id = g_strconcat ("list:", fact->event_id, NULL);
  gint64 row;

  g_ptr_array_add (facts, fact);
  if (!relay_inbox_insert (tx, &night->merchant_id, night->provider, night->account, night->livemode, event_id, none,
                           facts, &row, error))
    return FALSE;
  page->count.parked += row != 0;
  return TRUE;
}

/* Money that no payment here explains: made anew where we may and can, else parked. */
static gboolean
explain (RelayTx *tx, Page *page, CobroFact *fact, GError **error)
{
  gboolean made = FALSE;

  if (page->checkout->restoring && !relay_rebuild_payment (tx, &page->night->merchant_id, fact, &made, error))
    return FALSE;
  page->count.added += made;
  return made || park (tx, page, fact, error);
}

/* The amount that we booked, against what the provider says now. @out_differs. */
static gboolean
compare (RelayTx *tx, const CobroFact *fact, gboolean *out_differs, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = NULL;
  GError *failure = NULL;

  *out_differs = FALSE;
  if (fact->kind != COBRO_FACT_SUCCEEDED)
    return TRUE;
  record = relay_payment_find_by_object (tx->db, fact->provider, fact->account, fact->livemode,
                                         fact->provider_payment_id, &failure);
  if (record == NULL && !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  *out_differs = record != NULL && record->payment->state == COBRO_PAYMENT_SUCCEEDED &&
                 !cobro_money_equal (record->payment->received, fact->amount);
  return TRUE;
}

/* A success that we have, for another amount: a fact of its own, which cannot settle anything. */
static gboolean
set_aside (RelayTx *tx, Page *page, CobroFact *fact, GError **error)
{
  g_autofree char *event_id =
    g_strdup_printf ("%s/amount/%" G_GINT64_FORMAT, fact->event_id, cobro_money_minor (fact->amount));
  RelayVerdict verdict;

  cobro_link_set_text (&fact->event_id, event_id);
  if (!relay_checkout_apply (tx, fact, &verdict, error))
    return FALSE;
  page->count.mismatched += verdict != RELAY_VERDICT_DUPLICATE;
  return TRUE;
}

static gboolean
take_fact (RelayTx *tx, Page *page, CobroFact *fact, GError **error)
{
  RelayVerdict verdict;
  gboolean differs;

  page->count.seen++;
  if (!relay_checkout_apply (tx, fact, &verdict, error))
    return FALSE;
  switch (verdict)
    {
    case RELAY_VERDICT_UNMATCHED:
      return !moves_money (fact->kind) || explain (tx, page, fact, error);
    case RELAY_VERDICT_APPLIED:
      page->count.added++;
      return TRUE;
    case RELAY_VERDICT_QUARANTINED:
      page->count.mismatched++;
      return TRUE;
    case RELAY_VERDICT_NO_CHANGE:
    case RELAY_VERDICT_DUPLICATE:
      return compare (tx, fact, &differs, error) && (!differs || set_aside (tx, page, fact, error));
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
take_work (RelayTx *tx, gpointer data, GError **error)
{
  Page *page = data;

  page->count = (RelayNightCount){ 0 };
  for (guint i = 0; i < page->listing->facts->len; i++)
    if (!take_fact (tx, page, page->listing->facts->pdata[i], error))
      return FALSE;
  return relay_night_advance (tx, page->night, page->listing->next, 0, &page->count, error);
}

/* ── Rounds ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
raise_alarms (const Page *page)
{
  const RelayNight *night = page->night;

  if (page->count.parked > 0)
    relay_alarm ("reconcile_unmatched",
                 "%s account %s lists %" G_GINT64_FORMAT " movements that no payment here explains", night->provider,
                 night->account, page->count.parked);
  if (page->count.mismatched > 0)
    relay_alarm ("reconcile_mismatch", "%s account %s lists %" G_GINT64_FORMAT " payments that do not fit the books",
                 night->provider, night->account, page->count.mismatched);
}

/* @out_more: there was a page. */
static gboolean
run_page (RelayCheckout *self, gboolean *out_more, GError **error)
{
  g_auto (Page) page = { .checkout = self };

  *out_more = FALSE;
  if (!relay_store_write_queue (self->store, claim_work, &page, error))
    return FALSE;
  if (page.night == NULL)
    return TRUE;
  *out_more = TRUE;
  if (!fetch (&page, error) || !relay_store_write_for (self->store, &page.night->merchant_id, take_work, &page, error))
    return FALSE;
  raise_alarms (&page);
  return TRUE;
}

gboolean
relay_reconcile_run_once (RelayCheckout *self, guint *out_pages, GError **error)
{
  gboolean more = TRUE, ok = TRUE;

  for (*out_pages = 0; ok && more && *out_pages < PAGES_MAX; *out_pages += more)
    ok = run_page (self, &more, error);
  return ok;
}

gboolean
relay_reconcile_check (RelayCheckout *self, CobroDb *db, CobroTime now, GError **error)
{
  gint64 late;

  if (!relay_night_count_late (db, now - LATE_AFTER, &late, error))
    return FALSE;
  if (late > 0)
    relay_alarm ("reconcile_late", "%" G_GINT64_FORMAT " nightly comparisons with providers are more than a day late",
                 late);
  return TRUE;
}
