/* relay/checkout/relay-checkout-page.c — what this payer is to be shown, from one snapshot of the books. Asks no
 * provider and writes nothing. Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-invoice-store.h"

/* How long a paid link that can be paid again shows the receipt to the one who paid, before it shows its form anew. */
#define RECEIPT_TIME     (10 * COBRO_MINUTE)
/* How soon to look again when no way to pay answers. */
#define UNAVAILABLE_WAIT 30

/* What a page is made of: one snapshot. */
typedef struct
{
  RelayCheckout *self;
  CobroDb *db;
  RelayLinkRecord *link;
  RelayPaymentRecord *own; /* (nullable) this payer's newest payment of the link */
  RelayPage *page;
} Sketch;

static void
sketch_clear (Sketch *sketch)
{
  g_clear_pointer (&sketch->link, relay_link_record_free);
  g_clear_pointer (&sketch->own, relay_payment_record_free);
  g_clear_pointer (&sketch->page, relay_page_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sketch, sketch_clear)

/* NULL without an error: this payer has not begun yet, or is nobody we know. */
static gboolean
find_own (Sketch *sketch, const char *payer_key, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CobroTokenHash payer;

  if (!relay_payer_parse (payer_key, &payer))
    return TRUE;
  sketch->own =
    relay_payment_find_by_payer (sketch->db, &sketch->link->merchant_id, &sketch->link->link->id, &payer, &failure);
  if (sketch->own != NULL || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The document behind the link, where there is one. */
static gboolean
find_invoice (Sketch *sketch, GError **error)
{
  RelayPage *page = sketch->page;
  g_autoptr (RelayInvoiceRecord) record = NULL;

  if (!cobro_id_is_set (&page->link->invoice_id))
    return TRUE;
  if (!(record = relay_invoice_of_link (sketch->db, sketch->link, error)))
    return FALSE;
  page->invoice = cobro_invoice_ref (record->invoice);
  page->invoice_tally = record->tally;
  page->invoice_view =
    relay_invoice_view (record, page->merchant->time_zone, relay_clock_expiry (sketch->self, page->now));
  return TRUE;
}

/* ── What it costs ── */

/* The next part of a plan after @paid. */
static gboolean
next_part (const CobroLink *link, CobroMoney paid, CobroMoney *out_part, GError **error)
{
  CobroMoney sum = cobro_money_zero (link->currency);

  for (guint i = 0; i < link->parts->len; i++)
    {
      if (!cobro_money_add (sum, ((const CobroLinkPart *)link->parts->pdata[i])->amount, &sum, error))
        return FALSE;
      if (cobro_money_compare (sum, paid) > 0)
        return cobro_money_subtract (sum, paid, out_part, error);
    }
  *out_part = COBRO_MONEY_NONE;
  return TRUE;
}

/* Whether the payer has no say: an invoice that is to be paid at once, also what is left of it when some came by hand.
 */
static gboolean
wants_all (const RelayPage *page)
{
  const CobroLink *link = page->link;

  return link->partial == COBRO_PARTIAL_ON && cobro_money_is_set (link->minimum_first) &&
         cobro_money_compare (link->minimum_first, page->total) >= 0;
}

/* Part payments: at least the first part, at most the rest; a plan proposes its next part. */
static gboolean
set_parts (RelayPage *page, GError **error)
{
  const CobroLink *link = page->link;
  CobroMoney rest = page->rest;

  page->choose_amount = cobro_money_is_positive (rest) && !wants_all (page);
  page->maximum = page->preset = rest;
  page->minimum = cobro_money (1, link->currency);
  if (link->partial == COBRO_PARTIAL_PLAN)
    {
      if (!next_part (link, page->paid, &page->due, error))
        return FALSE;
      page->minimum = page->preset = page->due;
    }
  else if (cobro_money_is_set (link->minimum_first) && !cobro_money_is_positive (page->paid))
    page->minimum = link->minimum_first;
  return TRUE;
}

static gboolean
set_prices (Sketch *sketch, GError **error)
{
  RelayPage *page = sketch->page;
  const CobroLink *link = page->link;
  gint64 slot;

  if (!relay_payment_present_use (sketch->db, sketch->link, &slot, &page->paid, error) ||
      !cobro_link_total (link, &page->total, error))
    return FALSE;
  page->rest = page->total;
  page->choose_quantities = link->pricing == COBRO_PRICING_LINES && cobro_link_has_choice (link);
  if (link->pricing == COBRO_PRICING_OPEN)
    {
      page->choose_amount = TRUE;
      page->minimum = link->minimum;
      page->maximum = link->maximum;
      page->preset = link->preset;
      return TRUE;
    }
  if (link->partial == COBRO_PARTIAL_OFF)
    {
      page->due = page->total;
      return TRUE;
    }
  if (!cobro_money_subtract (page->total, page->paid, &page->rest, error))
    return FALSE;
  if (cobro_money_is_negative (page->rest)) /* overpaid */
    page->rest = cobro_money_zero (link->currency);
  page->due = page->rest;
  return set_parts (page, error);
}

/* ── Which page it is ── */

/* The provider's script goes on with it, on a page of ours. */
static gboolean
is_embedded (const RelayPaymentRecord *own)
{
  return own->next == RELAY_NEXT_CLIENT_SECRET && own->next_sealed != NULL;
}

/* Whether the payer has something to do at the provider. Not where the provider told of another amount: money has moved
 * there, and it is the merchant's turn. */
static gboolean
can_continue (const RelayPaymentRecord *own, CobroTime now)
{
  return own->payment->state != COBRO_PAYMENT_PROCESSING && (*own->next_url != '\0' || is_embedded (own)) &&
         own->lease_until > now && (own->payment->flags & COBRO_FLAG_AMOUNT_MISMATCH) == 0;
}

/* Whether the payer has a reference to pay with, at their bank or in a shop. */
static gboolean
has_instructions (const RelayPaymentRecord *own, CobroTime now)
{
  return own->next == RELAY_NEXT_INSTRUCTIONS && own->next_details != NULL && own->lease_until > now &&
         own->payment->state != COBRO_PAYMENT_PROCESSING && (own->payment->flags & COBRO_FLAG_AMOUNT_MISMATCH) == 0;
}

/* What an open payment of their own means to this payer. */
static RelayPageState
open_own_state (const RelayPage *page, const RelayPaymentRecord *own)
{
  if (page->view.status == COBRO_LINK_CANCELLED)
    return RELAY_PAGE_PROCESSING;
  if (has_instructions (own, page->now))
    return RELAY_PAGE_INSTRUCTIONS;
  return can_continue (own, page->now) ? RELAY_PAGE_CONTINUE : RELAY_PAGE_PROCESSING;
}

/* Whether our call to the provider got lost before the payer was sent anywhere: they could not pay anything, and
 * pressing Pay again makes the same call with the same key. */
static gboolean
can_begin_again (const RelayPaymentRecord *own, CobroTime now)
{
  return (own->payment->state == COBRO_PAYMENT_CREATED || own->payment->state == COBRO_PAYMENT_UNKNOWN) &&
         *own->next_url == '\0' && own->next_sealed == NULL && own->lease_until > now;
}

static gboolean
is_given_back (const CobroPayment *payment)
{
  return cobro_money_is_set (payment->received) && cobro_money_is_set (payment->refunded) &&
         cobro_money_is_positive (payment->received) && cobro_money_equal (payment->received, payment->refunded);
}

/* The state that this payer's own payment makes; FALSE when the link speaks instead. */
static gboolean
own_state (const Sketch *sketch, RelayPageState *out_state)
{
  const RelayPage *page = sketch->page;
  const RelayPaymentRecord *own = sketch->own;

  if (own == NULL)
    return FALSE;
  switch (own->payment->state)
    {
    case COBRO_PAYMENT_SUCCEEDED:
      *out_state = is_given_back (own->payment) ? RELAY_PAGE_REFUNDED : RELAY_PAGE_PAID;
      return !page->view.can_pay || page->now < own->succeeded_at + RECEIPT_TIME;
    case COBRO_PAYMENT_FAILED:
    case COBRO_PAYMENT_CANCELLED:
      return FALSE;
    case COBRO_PAYMENT_CREATED:
    case COBRO_PAYMENT_PENDING:
    case COBRO_PAYMENT_REQUIRES_ACTION:
    case COBRO_PAYMENT_PROCESSING:
    case COBRO_PAYMENT_UNKNOWN:
      if (can_begin_again (own, page->now) && page->view.can_pay)
        return FALSE;
      *out_state = open_own_state (page, own);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
has_way (const RelayPage *page)
{
  for (guint i = 0; i < page->ways->len; i++)
    if (((const RelayPageWay *)page->ways->pdata[i])->available)
      return TRUE;
  return FALSE;
}

/* Whether this payer is to be told how their last attempt ended: it was declined, or its time ran out at the provider.
 * Who gave it up knows. */
static gboolean
has_failed (const CobroPayment *payment)
{
  return payment->state == COBRO_PAYMENT_FAILED ||
         (payment->state == COBRO_PAYMENT_CANCELLED && strcmp (payment->failure_code, "expired") == 0);
}

/* An open link: somebody else is paying, nobody answers, this payer was declined, or simply the form. */
static gboolean
open_state (Sketch *sketch, GError **error)
{
  RelayPage *page = sketch->page;
  gboolean has_slot = sketch->own != NULL && can_begin_again (sketch->own, page->now);
  gint64 slot = 0;
  CobroTime until = 0;

  if (!has_slot && !relay_payment_look_for_slot (sketch->db, sketch->link, &slot, &until, error))
    return FALSE;
  if (slot < 0)
    {
      page->state = until != 0 ? RELAY_PAGE_BUSY : RELAY_PAGE_USED_UP;
      page->wait_seconds = until != 0 ? relay_payer_wait (until, page->now) : 0;
      return TRUE;
    }
  if (!has_way (page))
    {
      page->state = RELAY_PAGE_UNAVAILABLE;
      page->wait_seconds = UNAVAILABLE_WAIT;
      return TRUE;
    }
  page->can_pay = TRUE;
  page->state = sketch->own != NULL && has_failed (sketch->own->payment) ? RELAY_PAGE_DECLINED : RELAY_PAGE_OPEN;
  return TRUE;
}

/* A single-use link that is paid says so to everybody; one with several uses says that they are gone. */
static RelayPageState
used_up_state (const RelayPage *page)
{
  if (page->view.paid_status == COBRO_PAID_REFUNDED)
    return RELAY_PAGE_REFUNDED;
  if (page->link->usage == COBRO_USAGE_SINGLE &&
      (page->view.paid_status == COBRO_PAID_PAID || page->view.paid_status == COBRO_PAID_OVERPAID))
    return RELAY_PAGE_PAID;
  return RELAY_PAGE_USED_UP;
}

static gboolean
set_link_state (Sketch *sketch, GError **error)
{
  RelayPage *page = sketch->page;

  switch (page->view.status)
    {
    case COBRO_LINK_OPEN:
      return open_state (sketch, error);
    case COBRO_LINK_SCHEDULED:
      page->state = RELAY_PAGE_SCHEDULED;
      return TRUE;
    case COBRO_LINK_PAUSED:
      page->state = RELAY_PAGE_PAUSED;
      return TRUE;
    case COBRO_LINK_EXPIRED:
      page->state = RELAY_PAGE_EXPIRED;
      return TRUE;
    case COBRO_LINK_USED_UP:
      page->state = used_up_state (page);
      return TRUE;
    case COBRO_LINK_CANCELLED:
      page->state = RELAY_PAGE_CANCELLED;
      return TRUE;
    case COBRO_LINK_DRAFT:
      break; /* has no page: it was answered before */
    }
  g_return_val_if_reached (FALSE);
}

/* ── What the state brings along ── */

static void
set_continue_url (RelayPage *page, const RelayPaymentRecord *own)
{
  g_free (page->continue_url);
  page->continue_url = is_embedded (own) ? g_strdup_printf ("/pay/%s/with/%s", page->token, own->payment->gateway)
                                         : g_strdup (own->next_url);
}

static void
set_own (Sketch *sketch)
{
  RelayPage *page = sketch->page;
  const RelayPaymentRecord *own = sketch->own;
  gboolean received = page->state == RELAY_PAGE_PAID || page->state == RELAY_PAGE_REFUNDED;

  if (own == NULL || (received && own->payment->state != COBRO_PAYMENT_SUCCEEDED))
    return;
  if (!received && page->state != RELAY_PAGE_PROCESSING && page->state != RELAY_PAGE_CONTINUE &&
      page->state != RELAY_PAGE_INSTRUCTIONS && page->state != RELAY_PAGE_DECLINED)
    return;
  page->payment = cobro_payment_ref (own->payment);
  page->paid_at = own->succeeded_at;
  if (page->state == RELAY_PAGE_CONTINUE)
    set_continue_url (page, own);
  if (page->state == RELAY_PAGE_INSTRUCTIONS)
    {
      page->details = g_hash_table_ref (own->next_details);
      page->due = own->payment->amount;
    }
  if (page->state == RELAY_PAGE_DECLINED || page->state == RELAY_PAGE_CONTINUE)
    cobro_link_set_text (&page->failure_code, own->payment->failure_code);
  if (page->state == RELAY_PAGE_PAID)
    cobro_link_set_text (&page->next_url, page->link->after_redirect_url);
}

/* The version must also tell of what the clock alone changes: expiry, the end of a lease or of a receipt. */
static void
finish (Sketch *sketch)
{
  RelayPage *page = sketch->page;
  gboolean gone = page->state == RELAY_PAGE_EXPIRED || page->state == RELAY_PAGE_CANCELLED;

  page->status = gone ? 410 : 200;
  page->version = (guint64)sketch->link->version * (RELAY_PAGE_UNKNOWN + 1) + page->state;
  /* What the next buyer would pay is not still due from this one. */
  if ((page->state == RELAY_PAGE_PAID || page->state == RELAY_PAGE_REFUNDED) &&
      page->link->partial == COBRO_PARTIAL_OFF)
    page->due = page->rest = COBRO_MONEY_NONE;
  set_own (sketch);
}

/* Whether the provider was asked how the payment went, and did not say. Then it is waited for: the payer may have paid
 * there, and going on or starting over would be a guess. */
static gboolean
nobody_knows (const Sketch *sketch)
{
  const RelayPaymentRecord *own = sketch->own;
  g_autoptr (GPtrArray) attempts = NULL;
  const RelayAttempt *last;

  if (relay_breakers_is_open (sketch->self->breakers, own->payment->gateway, own->account, NULL))
    return TRUE;
  attempts = relay_attempt_list (sketch->db, &own->merchant_id, &own->payment->id, NULL);
  if (attempts == NULL || attempts->len == 0)
    return FALSE;
  last = attempts->pdata[attempts->len - 1];
  return last->kind == RELAY_ATTEMPT_QUERY &&
         (last->outcome == RELAY_ATTEMPT_NO_ANSWER || last->outcome == RELAY_ATTEMPT_REFUSED);
}

/* ── The whole ── */

static gboolean
fill (Sketch *sketch, GError **error)
{
  RelayPage *page = sketch->page;
  RelayLinkRecord *link = sketch->link;

  page->link = cobro_link_ref (link->link);
  page->livemode = link->link->livemode;
  page->tally = link->tally;
  page->view = cobro_link_view (page->link, &page->tally, relay_clock_expiry (sketch->self, page->now));
  g_ptr_array_unref (page->ways);
  page->ways = NULL;
  if (find_invoice (sketch, error) && set_prices (sketch, error))
    page->ways = relay_checkout_list_ways (sketch->self, sketch->db, &link->merchant_id, page->link, page->due, error);
  if (page->ways == NULL)
    {
      page->ways = g_ptr_array_new ();
      return FALSE;
    }
  relay_embed_mark_ways (sketch->self, sketch->db, &(RelayScope){ link->merchant_id, page->livemode }, page->ways);
  if (!own_state (sketch, &page->state) && !set_link_state (sketch, error))
    return FALSE;
  if (page->state == RELAY_PAGE_CONTINUE && nobody_knows (sketch))
    page->state = RELAY_PAGE_PROCESSING;
  finish (sketch);
  return TRUE;
}

/* A replaced token says that and nothing of the link; only who paid over it, or is about to, still sees how that went.
 */
static gboolean
show_replaced (Sketch *sketch)
{
  const RelayPaymentRecord *own = sketch->own;

  if (own != NULL && own->payment->state != COBRO_PAYMENT_FAILED && own->payment->state != COBRO_PAYMENT_CANCELLED &&
      !can_continue (own, sketch->page->now))
    return FALSE;
  sketch->page->state = RELAY_PAGE_REPLACED;
  sketch->page->status = 410;
  sketch->page->version = (guint64)sketch->link->version * (RELAY_PAGE_UNKNOWN + 1) + RELAY_PAGE_REPLACED;
  return TRUE;
}

static RelayPage *
unknown_page (CobroTime now)
{
  RelayPage *page = relay_page_new (RELAY_PAGE_UNKNOWN);

  page->status = 404;
  page->now = now;
  return page;
}

/* The page with the script of @gateway, where there is one for this payer. */
static gboolean
embed (Sketch *sketch, const char *gateway, const char *payer_key, GError **error)
{
  RelayPage *page = sketch->page;
  const RelayPaymentRecord *own = sketch->own;
  const RelayPageWay *way;

  if (page->link == NULL)
    return TRUE;
  if (page->state == RELAY_PAGE_CONTINUE && is_embedded (own) && strcmp (own->payment->gateway, gateway) == 0)
    return relay_embed_go_on (sketch->self, page, own, payer_key, error);
  way = page->can_pay ? relay_embed_find_way (page, gateway) : NULL;
  if (way != NULL)
    relay_embed_offer (page, way);
  return TRUE;
}

/* @gateway: (nullable). @soon: NULL without an error where it takes longer than a few rows. */
static RelayPage *
make_page (RelayCheckout *self, const char *token, const char *payer_key, const char *gateway, gboolean soon,
           GError **error)
{
  CobroTime now = cobro_clock_now (self->clock);
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (GError) failure = NULL;
  g_auto (Sketch) sketch = { .self = self };
  gboolean replaced = FALSE;

  if (reader == NULL)
    return NULL;
  sketch.db = reader->db;
  sketch.link = relay_link_find_by_token (reader->db, token, &replaced, &failure);
  if (sketch.link == NULL && !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (sketch.link == NULL || sketch.link->link->decision == COBRO_DECISION_DRAFT)
    return unknown_page (now);
  if (soon && cobro_id_is_set (&sketch.link->link->invoice_id))
    return NULL;

  sketch.page = relay_page_new (RELAY_PAGE_OPEN);
  sketch.page->now = now;
  cobro_link_set_text (&sketch.page->token, token);
  /* Browsers hold the redirect after the form against the policy, and a relay may have more names than its public
   * one. */
  cobro_link_set_text (&sketch.page->form_hosts, self->public_url);
  if (!(sketch.page->merchant = relay_merchant_find (reader->db, &sketch.link->merchant_id, NULL, error)) ||
      !find_own (&sketch, payer_key, error))
    return NULL;
  if (!(replaced && show_replaced (&sketch)) && !fill (&sketch, error))
    return NULL;
  if (gateway != NULL && !embed (&sketch, gateway, payer_key, error))
    return NULL;
  return g_steal_pointer (&sketch.page);
}

RelayPage *
relay_checkout_page (RelayCheckout *self, const char *token, const char *payer_key, GError **error)
{
  return make_page (self, token, payer_key, NULL, FALSE, error);
}

RelayPage *
relay_checkout_page_soon (RelayCheckout *self, const char *token, const char *payer_key, GError **error)
{
  return make_page (self, token, payer_key, NULL, TRUE, error);
}

RelayPage *
relay_checkout_page_with (RelayCheckout *self, const char *token, const char *payer_key, const char *gateway,
                          GError **error)
{
  return make_page (self, token, payer_key, gateway, FALSE, error);
}
