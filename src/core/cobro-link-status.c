/* src/core/cobro-link-status.c — what a link is now: one pure function over decisions, sums and the clock.
 * Layer: core. Any thread. */
#include "cobro-link-status.h"
#include "cobro-names.h"

static const char *const status_names[] = { "draft", "scheduled", "open", "paused", "expired", "used_up", "cancelled" };
static const char *const paid_names[] = {
  "pending", "processing", "partially_paid", "paid", "overpaid", "refunded", "partially_refunded", "failed",
};
static const char *const flag_names[] = {
  "late", "partial", "over", "duplicate", "amount_mismatch", "disputed", "quarantined",
};

COBRO_DEFINE_NAMES (CobroLinkStatus, cobro_link_status, status_names)
COBRO_DEFINE_NAMES (CobroPaidStatus, cobro_paid_status, paid_names)
COBRO_DEFINE_BIT_NAMES (CobroFlags, cobro_flag, flag_names)

CobroLinkTally
cobro_link_tally_new (CobroCurrency currency)
{
  CobroMoney zero = cobro_money_zero (currency);

  return (CobroLinkTally){ .paid = zero, .refunded = zero, .lost = zero };
}

/* What @tally's payments should come to; unset where the payer decides or where the product does not fit. */
static CobroMoney
get_asked (const CobroLink *link, const CobroLinkTally *tally)
{
  CobroMoney total, asked;

  if (cobro_link_has_choice (link) || !cobro_link_total (link, &total, NULL) ||
      !cobro_money_scale (total, MAX (tally->uses, 1), 1, COBRO_ROUND_HALF_UP, &asked, NULL))
    return COBRO_MONEY_NONE;
  return asked;
}

/* What is still there: paid − refunded − lost disputes (semantics: ledger, I1). */
static CobroMoney
get_net (const CobroLinkTally *tally)
{
  CobroMoney net = tally->paid;

  if (cobro_money_is_set (tally->refunded) && !cobro_money_subtract (net, tally->refunded, &net, NULL))
    return cobro_money_zero (cobro_money_currency (net));
  if (cobro_money_is_set (tally->lost) && !cobro_money_subtract (net, tally->lost, &net, NULL))
    return cobro_money_zero (cobro_money_currency (net));
  return net;
}

static CobroPaidStatus
get_unpaid_status (const CobroLinkTally *tally)
{
  if (tally->processing > 0)
    return COBRO_PAID_PROCESSING;
  if (tally->last_failed && tally->open_attempts == 0)
    return COBRO_PAID_FAILED;
  return COBRO_PAID_PENDING;
}

static CobroPaidStatus
get_paid_status (const CobroLink *link, const CobroLinkTally *tally)
{
  CobroMoney asked = get_asked (link, tally), net = get_net (tally);
  int order;

  if (!cobro_money_is_positive (tally->paid))
    return get_unpaid_status (tally);
  if (!cobro_money_is_positive (net))
    return COBRO_PAID_REFUNDED;
  if (!cobro_money_is_set (asked))
    return cobro_money_equal (net, tally->paid) ? COBRO_PAID_PAID : COBRO_PAID_PARTIALLY_REFUNDED;
  order = cobro_money_compare (net, asked);
  if (order > 0)
    return COBRO_PAID_OVERPAID;
  if (order == 0)
    return COBRO_PAID_PAID;
  return cobro_money_compare (tally->paid, asked) < 0 ? COBRO_PAID_PARTIALLY : COBRO_PAID_PARTIALLY_REFUNDED;
}

static gboolean
is_used_up (const CobroLink *link, const CobroLinkTally *tally)
{
  CobroMoney total;

  if (link->partial == COBRO_PARTIAL_OFF)
    return tally->uses >= cobro_link_use_limit (link);
  return cobro_link_total (link, &total, NULL) && cobro_money_is_positive (tally->paid) &&
         cobro_money_compare (tally->paid, total) >= 0;
}

static CobroLinkStatus
get_status (const CobroLink *link, const CobroLinkTally *tally, CobroTime now)
{
  if (link->decision == COBRO_DECISION_CANCELLED)
    return COBRO_LINK_CANCELLED;
  if (link->decision == COBRO_DECISION_DRAFT)
    return COBRO_LINK_DRAFT;
  if (is_used_up (link, tally))
    return COBRO_LINK_USED_UP;
  if (link->expires_at != 0 && now >= link->expires_at)
    return COBRO_LINK_EXPIRED;
  if (link->decision == COBRO_DECISION_PAUSED)
    return COBRO_LINK_PAUSED;
  if (link->not_before != 0 && now < link->not_before)
    return COBRO_LINK_SCHEDULED;
  return COBRO_LINK_OPEN;
}

CobroLinkView
cobro_link_view (const CobroLink *link, const CobroLinkTally *tally, CobroTime now)
{
  CobroLinkView view = {
    .status = get_status (link, tally, now),
    .paid_status = get_paid_status (link, tally),
    .flags = tally->flags & ~(guint)(COBRO_FLAG_PARTIAL | COBRO_FLAG_OVER),
  };

  if (view.paid_status == COBRO_PAID_PARTIALLY)
    view.flags |= COBRO_FLAG_PARTIAL;
  if (view.paid_status == COBRO_PAID_OVERPAID)
    view.flags |= COBRO_FLAG_OVER;
  view.can_pay = view.status == COBRO_LINK_OPEN;
  return view;
}

const char *
cobro_paid_status_dyn_name (CobroPaidStatus status)
{
  switch (status)
    {
    case COBRO_PAID_PENDING:
    case COBRO_PAID_PROCESSING:
    case COBRO_PAID_PARTIALLY:
      return "pending";
    case COBRO_PAID_PAID:
    case COBRO_PAID_OVERPAID:
    case COBRO_PAID_REFUNDED:
    case COBRO_PAID_PARTIALLY_REFUNDED:
      return "successful";
    case COBRO_PAID_FAILED:
      return "failed";
    }
  g_return_val_if_reached ("pending");
}
