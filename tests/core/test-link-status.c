/* tests/core/test-link-status.c — what a link is now: every status, payment status and flag, and the edges of the
 * window. Layer: tests. */
#include "cobro-link-status.h"
#include "cobro-test.h"

#define NOW G_GINT64_CONSTANT (1796124600000000)

static CobroCurrency
get_eur (void)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &found, NULL));
  return found;
}

static CobroLink *
link_of (CobroUsage usage, gint64 limit)
{
  CobroLink *link = cobro_link_new ();

  link->currency = get_eur ();
  link->amount = cobro_money (1200, link->currency);
  link->usage = usage;
  link->usage_limit = limit;
  return link;
}

/* What happened, in short. */
typedef struct
{
  gint64 paid, refunded, lost, uses, open, processing;
  gboolean last_failed;
  guint flags;
} Story;

static CobroLinkView
view_of (const CobroLink *link, Story story, CobroTime now)
{
  CobroLinkTally tally = cobro_link_tally_new (link->currency);

  tally.paid = cobro_money (story.paid, link->currency);
  tally.refunded = cobro_money (story.refunded, link->currency);
  tally.lost = cobro_money (story.lost, link->currency);
  tally.uses = story.uses;
  tally.open_attempts = story.open;
  tally.processing = story.processing;
  tally.attempts = story.uses + story.open + (story.last_failed ? 1 : 0);
  tally.last_failed = story.last_failed;
  tally.flags = story.flags;
  return cobro_link_view (link, &tally, now);
}

/* proves: OPL-5 */
static void
test_payment_status (void)
{
  static const struct
  {
    const char *what;
    Story story;
    CobroPaidStatus status;
    guint flags;
  } cases[] = {
    { "untouched", { .paid = 0 }, COBRO_PAID_PENDING, 0 },
    { "somebody pays", { .open = 1 }, COBRO_PAID_PENDING, 0 },
    { "at the provider", { .open = 1, .processing = 1 }, COBRO_PAID_PROCESSING, 0 },
    { "failed", { .last_failed = TRUE }, COBRO_PAID_FAILED, 0 },
    { "failed, the next is open", { .last_failed = TRUE, .open = 1 }, COBRO_PAID_PENDING, 0 },
    { "failed, the next is at the provider",
      { .last_failed = TRUE, .open = 1, .processing = 1 },
      COBRO_PAID_PROCESSING,
      0 },
    { "paid", { .paid = 1200, .uses = 1 }, COBRO_PAID_PAID, 0 },
    { "paid, then an attempt failed", { .paid = 1200, .uses = 1, .last_failed = TRUE }, COBRO_PAID_PAID, 0 },
    { "a cent missing", { .paid = 1199, .uses = 1 }, COBRO_PAID_PARTIALLY, COBRO_FLAG_PARTIAL },
    { "a cent too much", { .paid = 1201, .uses = 1 }, COBRO_PAID_OVERPAID, COBRO_FLAG_OVER },
    { "paid twice",
      { .paid = 2400, .uses = 1, .flags = COBRO_FLAG_DUPLICATE },
      COBRO_PAID_OVERPAID,
      COBRO_FLAG_OVER | COBRO_FLAG_DUPLICATE },
    { "the second given back",
      { .paid = 2400, .refunded = 1200, .uses = 1, .flags = COBRO_FLAG_DUPLICATE },
      COBRO_PAID_PAID,
      COBRO_FLAG_DUPLICATE },
    { "all given back", { .paid = 1200, .refunded = 1200, .uses = 1 }, COBRO_PAID_REFUNDED, 0 },
    { "a part given back", { .paid = 1200, .refunded = 1, .uses = 1 }, COBRO_PAID_PARTIALLY_REFUNDED, 0 },
    { "dispute lost",
      { .paid = 1200, .lost = 1200, .uses = 1, .flags = COBRO_FLAG_DISPUTED },
      COBRO_PAID_REFUNDED,
      COBRO_FLAG_DISPUTED },
    { "half refunded, then lost",
      { .paid = 1200, .refunded = 600, .lost = 600, .uses = 1, .flags = COBRO_FLAG_DISPUTED },
      COBRO_PAID_REFUNDED,
      COBRO_FLAG_DISPUTED },
    { "quarantined",
      { .open = 1, .flags = COBRO_FLAG_QUARANTINED | COBRO_FLAG_AMOUNT_MISMATCH },
      COBRO_PAID_PENDING,
      COBRO_FLAG_QUARANTINED | COBRO_FLAG_AMOUNT_MISMATCH },
    { "came late", { .paid = 1200, .uses = 1, .flags = COBRO_FLAG_LATE }, COBRO_PAID_PAID, COBRO_FLAG_LATE },
    { "stale computed flags do not stay",
      { .paid = 1200, .uses = 1, .flags = COBRO_FLAG_PARTIAL | COBRO_FLAG_OVER },
      COBRO_PAID_PAID,
      0 },
  };
  g_autoptr (CobroLink) link = link_of (COBRO_USAGE_SINGLE, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroLinkView view = view_of (link, cases[i].story, NOW);

      if (view.paid_status != cases[i].status || view.flags != cases[i].flags)
        g_error ("%s: %s with flags %u", cases[i].what, cobro_paid_status_name (view.paid_status), view.flags);
    }
}

/* Each decision × window × uses, against the precedence written down once more: the first true line wins. */
static void
test_precedence (void)
{
  static const CobroTime windows[][2] = {
    { 0, 0 }, { NOW + 1, 0 }, { 0, NOW }, { NOW - 9, NOW - 1 }, { NOW + 1, NOW + 2 }
  };

  for (guint decision = COBRO_DECISION_DRAFT; decision <= COBRO_DECISION_CANCELLED; decision++)
    for (gsize w = 0; w < G_N_ELEMENTS (windows); w++)
      for (gint64 uses = 0; uses <= 1; uses++)
        {
          g_autoptr (CobroLink) link = link_of (COBRO_USAGE_SINGLE, 0);
          CobroLinkStatus expected;
          CobroLinkView view;

          link->decision = (CobroDecision)decision;
          link->not_before = windows[w][0];
          link->expires_at = windows[w][1];
          expected = decision == COBRO_DECISION_CANCELLED ? COBRO_LINK_CANCELLED
                     : decision == COBRO_DECISION_DRAFT   ? COBRO_LINK_DRAFT
                     : uses == 1                          ? COBRO_LINK_USED_UP
                     : w == 2 || w == 3                   ? COBRO_LINK_EXPIRED
                     : decision == COBRO_DECISION_PAUSED  ? COBRO_LINK_PAUSED
                     : w == 1 || w == 4                   ? COBRO_LINK_SCHEDULED
                                                          : COBRO_LINK_OPEN;
          view = view_of (link, (Story){ .paid = 1200 * uses, .uses = uses }, NOW);
          g_assert_cmpint (view.status, ==, expected);
          g_assert_true (view.can_pay == (expected == COBRO_LINK_OPEN));
        }
}

/* proves: INV-13, DYN-11 */
static void
test_window_edges (void)
{
  g_autoptr (CobroLink) link = link_of (COBRO_USAGE_SINGLE, 0);

  link->not_before = NOW;
  link->expires_at = NOW + COBRO_DAY;
  g_assert_cmpint (view_of (link, (Story){ 0 }, NOW - 1).status, ==, COBRO_LINK_SCHEDULED);
  g_assert_cmpint (view_of (link, (Story){ 0 }, NOW).status, ==, COBRO_LINK_OPEN);
  g_assert_cmpint (view_of (link, (Story){ 0 }, NOW + COBRO_DAY - 1).status, ==, COBRO_LINK_OPEN);
  g_assert_cmpint (view_of (link, (Story){ 0 }, NOW + COBRO_DAY).status, ==, COBRO_LINK_EXPIRED);
  g_assert_cmpint (view_of (link, (Story){ 0 }, G_MAXINT64).status, ==, COBRO_LINK_EXPIRED);
  g_assert_cmpint (view_of (link, (Story){ .paid = 1200, .uses = 1 }, NOW + COBRO_DAY).status, ==, COBRO_LINK_USED_UP);
}

static void
test_uses (void)
{
  g_autoptr (CobroLink) three = link_of (COBRO_USAGE_LIMITED, 3), endless = link_of (COBRO_USAGE_UNLIMITED, 0);

  for (gint64 uses = 0; uses <= 3; uses++)
    {
      CobroLinkView view = view_of (three, (Story){ .paid = 1200 * uses, .uses = uses }, NOW);

      g_assert_true (view.can_pay == (uses < 3));
      g_assert_cmpint (view.paid_status, ==, uses == 0 ? COBRO_PAID_PENDING : COBRO_PAID_PAID);
      g_assert_cmpuint (view.flags, ==, 0);
    }
  g_assert_true (view_of (endless, (Story){ .paid = G_GINT64_CONSTANT (1200000000), .uses = 1000000 }, NOW).can_pay);
  g_assert_cmpint (view_of (three, (Story){ .paid = 2399, .uses = 2 }, NOW).paid_status, ==, COBRO_PAID_PARTIALLY);
  g_assert_cmpint (view_of (three, (Story){ .paid = 2401, .uses = 2 }, NOW).paid_status, ==, COBRO_PAID_OVERPAID);
  /* A refund does not open a used-up link again. */
  g_assert_cmpint (view_of (three, (Story){ .paid = 3600, .refunded = 3600, .uses = 3 }, NOW).status, ==,
                   COBRO_LINK_USED_UP);
}

static void
test_parts (void)
{
  g_autoptr (CobroLink) link = link_of (COBRO_USAGE_SINGLE, 0);
  CobroLinkView view;

  link->partial = COBRO_PARTIAL_ON;
  view = view_of (link, (Story){ .paid = 500, .uses = 1 }, NOW);
  g_assert_true (view.can_pay);
  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PARTIALLY);
  g_assert_cmpuint (view.flags, ==, COBRO_FLAG_PARTIAL);
  view = view_of (link, (Story){ .paid = 1200 }, NOW);
  g_assert_cmpint (view.status, ==, COBRO_LINK_USED_UP);
  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PAID);
  view = view_of (link, (Story){ .paid = 500, .refunded = 500 }, NOW);
  g_assert_true (view.can_pay);
  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_REFUNDED);
}

/* Where the payer decides, there is no "too little" and no "too much". */
static void
test_choice (void)
{
  g_autoptr (CobroLink) open = link_of (COBRO_USAGE_SINGLE, 0), lines = link_of (COBRO_USAGE_SINGLE, 0);
  CobroLink *both[2] = { open, lines };

  open->pricing = COBRO_PRICING_OPEN;
  lines->pricing = COBRO_PRICING_LINES;
  g_ptr_array_add (lines->lines, cobro_link_line_new ("Cup", cobro_money (400, lines->currency), 3, 9, 0));
  for (guint i = 0; i < 2; i++)
    {
      CobroLinkView view = view_of (both[i], (Story){ .paid = 400, .uses = 1 }, NOW);

      g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PAID);
      g_assert_cmpint (view.status, ==, COBRO_LINK_USED_UP);
      g_assert_cmpuint (view.flags, ==, 0);
      view = view_of (both[i], (Story){ .paid = 400, .refunded = 100, .uses = 1 }, NOW);
      g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PARTIALLY_REFUNDED);
    }
}

/* Sums that do not fit 64 bits must not wrap into a paid or unpaid link. */
static void
test_extremes (void)
{
  g_autoptr (CobroLink) link = link_of (COBRO_USAGE_UNLIMITED, 0);
  CobroLinkView view = view_of (link, (Story){ .paid = G_MAXINT64, .uses = G_MAXINT64 }, NOW);

  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PAID);
  view = view_of (link, (Story){ .paid = 5, .refunded = G_MAXINT64, .lost = G_MAXINT64 }, NOW);
  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_REFUNDED);
}

static void
test_names (void)
{
  static const char *const dyn[] = { "pending",    "pending",    "pending",    "successful",
                                     "successful", "successful", "successful", "failed" };

  for (guint i = 0; i <= COBRO_LINK_CANCELLED; i++)
    {
      CobroLinkStatus back;

      g_assert_true (cobro_link_status_from_name (cobro_link_status_name ((CobroLinkStatus)i), &back));
      g_assert_cmpint (back, ==, i);
    }
  for (guint i = 0; i <= COBRO_PAID_FAILED; i++)
    {
      CobroPaidStatus back;

      g_assert_true (cobro_paid_status_from_name (cobro_paid_status_name ((CobroPaidStatus)i), &back));
      g_assert_cmpint (back, ==, i);
      g_assert_cmpstr (cobro_paid_status_dyn_name ((CobroPaidStatus)i), ==, dyn[i]);
    }
  for (guint bit = 0; bit <= 6; bit++)
    {
      CobroFlags back;

      g_assert_true (cobro_flag_from_name (cobro_flag_name ((CobroFlags)(1u << bit)), &back));
      g_assert_cmpuint (back, ==, 1u << bit);
    }
  g_assert_cmpstr (cobro_flag_name (COBRO_FLAG_AMOUNT_MISMATCH), ==, "amount_mismatch");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/link-status/payment-status", test_payment_status);
  g_test_add_func ("/core/link-status/precedence", test_precedence);
  g_test_add_func ("/core/link-status/window-edges", test_window_edges);
  g_test_add_func ("/core/link-status/uses", test_uses);
  g_test_add_func ("/core/link-status/parts", test_parts);
  g_test_add_func ("/core/link-status/choice", test_choice);
  g_test_add_func ("/core/link-status/extremes", test_extremes);
  g_test_add_func ("/core/link-status/names", test_names);
  return g_test_run ();
}
