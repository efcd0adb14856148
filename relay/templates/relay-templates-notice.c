/* relay/templates/relay-templates-notice.c — what happened, in words: one table for the states, one for declined
 * payments, one for errors. Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"

#define PROCESSING_REFRESH 4     /* seconds, without scripts */
#define CONTINUE_REFRESH   20    /* seconds, without scripts: time enough to read and to choose */
#define SLIP_REFRESH       60    /* seconds, without scripts: money takes its time */
#define ASK_AGAIN          5     /* seconds until a page with scripts has the provider asked again */
#define SCHEDULED_WAIT_MAX 86400 /* seconds; timers of a day are long enough */

typedef struct
{
  RelayName icon;
  const char *tone, *title, *words;
} Notice;

static const Notice open_page = { NAME_ICON_CHECK, "", NULL, NULL };

/* NULL title: the bill itself is the headline. */
static Notice
notice_of (RelayPageState state)
{
  switch (state)
    {
    case RELAY_PAGE_OPEN:
      return open_page;
    case RELAY_PAGE_CONTINUE:
      return (Notice){ NAME_ICON_CLOCK, "", "continue-title", "continue-words" };
    case RELAY_PAGE_INSTRUCTIONS:
      return (Notice){ NAME_ICON_CLOCK, "", "transfer-title", "transfer-words" };
    case RELAY_PAGE_EMBEDDED:
      return open_page;
    case RELAY_PAGE_PROCESSING:
      return (Notice){ NAME_ICON_SPIN, "", "processing-title", "processing-words" };
    case RELAY_PAGE_PAID:
      return (Notice){ NAME_ICON_CHECK, "good", "paid-title", "paid-words" };
    case RELAY_PAGE_DECLINED:
      return (Notice){ NAME_ICON_CROSS, "bad", "declined-title", "declined-words" };
    case RELAY_PAGE_BUSY:
      return (Notice){ NAME_ICON_CLOCK, "", "busy-title", "busy-words" };
    case RELAY_PAGE_UNAVAILABLE:
      return (Notice){ NAME_ICON_CLOCK, "", "unavailable-title", "unavailable-words" };
    case RELAY_PAGE_SCHEDULED:
      return (Notice){ NAME_ICON_CLOCK, "", "scheduled-title", "scheduled-words" };
    case RELAY_PAGE_PAUSED:
      return (Notice){ NAME_ICON_PAUSE, "", "paused-title", "paused-words" };
    case RELAY_PAGE_EXPIRED:
      return (Notice){ NAME_ICON_CLOCK, "", "expired-title", "expired-words" };
    case RELAY_PAGE_USED_UP:
      return (Notice){ NAME_ICON_CHECK, "", "used-title", "used-words" };
    case RELAY_PAGE_CANCELLED:
      return (Notice){ NAME_ICON_CROSS, "", "cancelled-title", "cancelled-words" };
    case RELAY_PAGE_REPLACED:
      return (Notice){ NAME_ICON_BACK, "", "replaced-title", "replaced-words" };
    case RELAY_PAGE_REFUNDED:
      return (Notice){ NAME_ICON_BACK, "good", "refunded-title", "refunded-words" };
    case RELAY_PAGE_UNKNOWN:
      return (Notice){ NAME_ICON_ASK, "", "unknown-title", "unknown-words" };
    }
  return open_page;
}

/* Paid by this buyer, in part, or by somebody else. */
static void
refine_paid (const RelayPage *page, Notice *notice)
{
  if (page->payment == NULL)
    {
      notice->title = "already-title";
      notice->words = "already-words";
    }
  else if (cobro_money_is_set (page->rest) && cobro_money_is_positive (page->rest))
    {
      notice->title = "part-title";
      notice->words = "part-words";
    }
}

/* An invoice is withdrawn, settled, or paid too much: a link is only closed. */
static void
refine_invoice (const RelayPage *page, Notice *notice)
{
  CobroMoney credit = page->invoice_view.credit;
  gboolean given_back = page->view.paid_status == COBRO_PAID_PARTIALLY_REFUNDED;

  if (page->state == RELAY_PAGE_CANCELLED)
    *notice = (Notice){ NAME_ICON_CROSS, "", "void-title", "void-words" };
  else if (page->state == RELAY_PAGE_USED_UP || (page->state == RELAY_PAGE_PAID && page->payment == NULL))
    *notice = (Notice){ NAME_ICON_CHECK, "good", "settled-title", given_back ? "given-back-words" : "settled-words" };
  if (page->state == RELAY_PAGE_PAID && cobro_money_is_set (credit) && cobro_money_is_positive (credit))
    notice->words = "credit-words";
}

/* Every text says whether something was charged: that is the first thing one wants to know. */
static void
refine_declined (const RelayPage *page, Notice *notice)
{
  static const struct
  {
    const char *code, *title, *words;
  } reasons[] = {
    { "insufficient_funds", "declined-title", "declined-funds" },
    { "insufficient_fund", "declined-title", "declined-funds" },
    { "expired_card", "declined-title", "declined-expired" },
    { "card_expired", "declined-title", "declined-expired" },
    { "expired", "ran-out-title", "ran-out-words" },
    { "payment_timed_out", "ran-out-title", "ran-out-words" },
    { "authentication_required", "unconfirmed-title", "unconfirmed-words" },
    { "payment_intent_authentication_failure", "unconfirmed-title", "unconfirmed-words" },
    { "payment_cancelled", "given-up-title", "given-up-words" },
    { "authentication_failed", "unconfirmed-title", "unconfirmed-words" },
    { "cancelled", "given-up-title", "given-up-words" },
    { "provider_unavailable", "unavailable-title", "unavailable-words" }, /* no bank was asked */
    { "provider_refused", "refused-title", "refused-words" },
    { "processing_error", "declined-title", "declined-error" },
  };

  if (page->payment != NULL && page->payment->state == COBRO_PAYMENT_CANCELLED)
    *notice = (Notice){ NAME_ICON_CROSS, "", "given-up-title", "given-up-words" };
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (page->failure_code, reasons[i].code) == 0)
      {
        notice->title = reasons[i].title;
        notice->words = reasons[i].words;
      }
}

/* A try failed, and the payment is open all the same: the payer goes on with it. */
static gboolean
failed_before (const RelayPage *page)
{
  return page->state == RELAY_PAGE_CONTINUE && *page->failure_code != '\0';
}

/* Longer than one likes to count in seconds. */
static gboolean
is_long_wait (const RelayPage *page)
{
  return page->wait_seconds > 120;
}

static char *
fill_words (RelayFilling *self, const char *key)
{
  const RelayPage *page = self->page;
  const char *text = relay_filling_text (self, key);
  const char *seller = page->merchant != NULL ? page->merchant->name : "";
  CobroTime time = page->link == NULL                    ? 0
                   : page->state == RELAY_PAGE_SCHEDULED ? page->link->not_before
                                                         : page->link->expires_at;
  g_autofree char *date = cobro_date_time_text (time, self->locale);
  g_autofree char *due = cobro_money_text (page->rest, self->locale);
  g_autofree char *credit = cobro_money_text (page->invoice_view.credit, self->locale);
  g_autofree char *wait = is_long_wait (page)
                            ? cobro_duration_text ((page->wait_seconds + 59) / 60, COBRO_DURATION_MINUTES, self->locale)
                            : cobro_duration_text (MAX (page->wait_seconds, 1), COBRO_DURATION_SECONDS, self->locale);

  return relay_templates_fill (text, "seller", seller, "date", date, "due", due, "credit", credit, "time", wait, NULL);
}

/* After a bank said no: that it can be tried again, where it can. */
static char *
add_encouragement (RelayFilling *self, char *take_words)
{
  g_autofree char *words = take_words;

  if (!((self->page->state == RELAY_PAGE_DECLINED && self->page->can_pay) || failed_before (self->page)) ||
      g_str_has_prefix (self->page->failure_code, "provider_"))
    return g_steal_pointer (&words);
  return g_strdup_printf ("%s %s", words, relay_filling_text (self, "try-again-below"));
}

/* What the seller wrote for this occasion. */
static const char *
own_words (const RelayPage *page)
{
  if (page->link == NULL)
    return NULL;
  switch (page->state)
    {
    case RELAY_PAGE_PAID:
      return page->payment != NULL ? page->link->after_message : NULL;
    case RELAY_PAGE_CANCELLED:
      return page->invoice != NULL ? page->invoice->void_reason : page->link->closed_message;
    case RELAY_PAGE_PAUSED:
    case RELAY_PAGE_EXPIRED:
    case RELAY_PAGE_USED_UP:
    case RELAY_PAGE_SCHEDULED:
      return page->link->closed_message;
    case RELAY_PAGE_OPEN:
    case RELAY_PAGE_CONTINUE:
    case RELAY_PAGE_INSTRUCTIONS:
    case RELAY_PAGE_EMBEDDED:
    case RELAY_PAGE_PROCESSING:
    case RELAY_PAGE_DECLINED:
    case RELAY_PAGE_BUSY:
    case RELAY_PAGE_UNAVAILABLE:
    case RELAY_PAGE_REPLACED:
    case RELAY_PAGE_REFUNDED:
    case RELAY_PAGE_UNKNOWN:
      break;
    }
  return NULL;
}

static void
set_refresh (RelayFilling *self, gint64 seconds, gboolean ask)
{
  relay_values_take (
    self->values, NAME_REFRESH,
    g_strdup_printf ("%" G_GINT64_FORMAT ";url=/pay/%s%s", seconds, self->page->token, ask ? "?back=1" : ""));
}

static void
set_wait (RelayFilling *self, gint64 seconds)
{
  relay_values_take (self->values, NAME_WAIT, g_strdup_printf ("%" G_GINT64_FORMAT, seconds));
}

/* How the page keeps itself fresh: the stream and a timer with scripts, a refresh without. */
static void
keep_fresh (RelayFilling *self)
{
  const RelayPage *page = self->page;
  gint64 left = page->link != NULL ? (page->link->not_before - page->now) / COBRO_SECOND + 1 : 0;

  if (page->token == NULL || *page->token == '\0')
    return;
  if (page->state == RELAY_PAGE_PROCESSING || page->state == RELAY_PAGE_CONTINUE)
    {
      relay_values_set_bool (self->values, NAME_ASK, TRUE);
      set_wait (self, ASK_AGAIN);
    }
  if (page->state == RELAY_PAGE_PROCESSING || page->state == RELAY_PAGE_CONTINUE)
    set_refresh (self, page->state == RELAY_PAGE_PROCESSING ? PROCESSING_REFRESH : CONTINUE_REFRESH, TRUE);
  else if (page->state == RELAY_PAGE_INSTRUCTIONS)
    set_refresh (self, SLIP_REFRESH, FALSE);
  else if (page->state == RELAY_PAGE_BUSY || page->state == RELAY_PAGE_UNAVAILABLE)
    {
      set_refresh (self, MAX (page->wait_seconds, 1), FALSE);
      set_wait (self, MAX (page->wait_seconds, 1));
    }
  else if (page->state == RELAY_PAGE_SCHEDULED && left > 0 && left <= SCHEDULED_WAIT_MAX)
    set_wait (self, left);
  relay_values_set_bool (self->values, NAME_LIVE,
                         page->state == RELAY_PAGE_PROCESSING || page->state == RELAY_PAGE_CONTINUE ||
                           page->state == RELAY_PAGE_INSTRUCTIONS || page->state == RELAY_PAGE_BUSY ||
                           page->state == RELAY_PAGE_DECLINED);
  if (page->state == RELAY_PAGE_DECLINED)
    relay_values_set (self->values, NAME_STEADY, relay_page_state_name (page->state));
}

void
relay_filling_notice (RelayFilling *self)
{
  const RelayPage *page = self->page;
  Notice notice = notice_of (page->state);

  keep_fresh (self);
  relay_filling_set (self, NAME_OWN_WORDS, own_words (page));
  if (page->state == RELAY_PAGE_PAID)
    refine_paid (page, &notice);
  if (page->invoice != NULL)
    refine_invoice (page, &notice);
  if (failed_before (page))
    notice = (Notice){ NAME_ICON_CROSS, "bad", "declined-title", "declined-words" };
  if (page->state == RELAY_PAGE_DECLINED || failed_before (page))
    refine_declined (page, &notice);
  if (page->state == RELAY_PAGE_INSTRUCTIONS && page->details != NULL &&
      g_strcmp0 (g_hash_table_lookup (page->details, "kind"), "store") == 0)
    notice = (Notice){ NAME_ICON_CLOCK, "", "store-title", "store-words" };
  if (page->state == RELAY_PAGE_BUSY && is_long_wait (page))
    notice.words = "busy-minutes";
  if (page->state == RELAY_PAGE_EXPIRED && (page->link == NULL || page->link->expires_at == 0))
    notice.words = "unknown-words";
  if (notice.title == NULL)
    return;
  relay_values_set_bool (self->values, NAME_NOTICE, TRUE);
  relay_values_set_bool (self->values, notice.icon, TRUE);
  relay_filling_set (self, NAME_TONE, notice.tone);
  relay_filling_set (self, NAME_HEADING, relay_filling_text (self, notice.title));
  relay_values_take (self->values, NAME_WORDS, add_encouragement (self, fill_words (self, notice.words)));
}

void
relay_filling_error (RelayFilling *self, guint status)
{
  static const struct
  {
    guint from, to;
    RelayName icon;
    const char *title, *words;
  } errors[] = {
    { 404, 404, NAME_ICON_ASK, "error-404-title", "error-404-words" },
    { 413, 413, NAME_ICON_CROSS, "error-413-title", "error-413-words" },
    { 429, 429, NAME_ICON_CLOCK, "error-429-title", "error-429-words" },
    { 401, 403, NAME_ICON_CROSS, "error-403-title", "error-403-words" },
    { 400, 499, NAME_ICON_CROSS, "error-400-title", "error-400-words" },
    { 502, 504, NAME_ICON_CLOCK, "error-503-title", "error-503-words" },
    { 0, 999, NAME_ICON_CROSS, "error-500-title", "error-500-words" },
  };
  guint i = 0;

  while (status < errors[i].from || status > errors[i].to)
    i++;
  relay_values_set_bool (self->values, NAME_NOTICE, TRUE);
  relay_values_set_bool (self->values, errors[i].icon, TRUE);
  relay_filling_set (self, NAME_HEADING, relay_filling_text (self, errors[i].title));
  relay_filling_set (self, NAME_WORDS, relay_filling_text (self, errors[i].words));
}
