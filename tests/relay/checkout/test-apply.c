/* tests/relay/checkout/test-apply.c — facts: bound or quarantined, in every order, late, twice, for too much; and money
 * that goes back. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "rig.h"

/* One link with one open attempt. */
typedef struct
{
  Rig *rig;
  CobroLink *link;
  char *token;
  RelayBeginResult *begun;
} Shop;

static void
shop_open (Shop *shop, Rig *rig)
{
  g_autoptr (GError) error = NULL;

  *shop = (Shop){ .rig = rig, .link = rig_link_new (rig) };
  shop->token = rig_publish (rig, shop->link);
  shop->begun = rig_begin (rig, shop->token, NULL, &error);
  g_assert_no_error (error);
}

static void
shop_close (Shop *shop)
{
  cobro_link_unref (shop->link);
  g_free (shop->token);
  g_clear_pointer (&shop->begun, relay_begin_result_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shop, shop_close)

static CobroFact *
shop_fact (Shop *shop, CobroFactKind kind, const char *event_id)
{
  return rig_fact (shop->rig, shop->begun->payment, kind, event_id);
}

/* Applies a fact of @kind, as it should be, and says what became of it. */
static RelayVerdict
tell (Shop *shop, CobroFactKind kind, const char *event_id)
{
  g_autoptr (CobroFact) fact = shop_fact (shop, kind, event_id);

  return rig_apply (shop->rig, fact);
}

static CobroPaymentState
state_of (Shop *shop)
{
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (shop->rig, &shop->begun->payment->id);

  return record->payment->state;
}

static guint
flags_of (Shop *shop)
{
  g_autoptr (RelayPaymentRecord) record = rig_find_payment (shop->rig, &shop->begun->payment->id);

  return record->payment->flags;
}

/* ── Binding ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef void (*Bend) (Shop *shop, CobroFact *fact);

static void
bend_object (Shop *shop, CobroFact *fact)
{
  cobro_link_set_text (&fact->provider_payment_id, "obj_foreign");
}

static void
bend_reference (Shop *shop, CobroFact *fact)
{
  CobroId other = cobro_id_new (COBRO_ID_PAYMENT, shop->rig->clock, shop->rig->random);

  cobro_link_set_text (&fact->reference, other.text);
}

static void
bend_mode (Shop *shop, CobroFact *fact)
{
  fact->livemode = TRUE;
}

static void
bend_currency (Shop *shop, CobroFact *fact)
{
  CobroCurrency yen;

  g_assert_true (cobro_currency_from_code ("JPY", &yen, NULL));
  fact->amount = cobro_money (1250, yen);
}

static void
bend_no_amount (Shop *shop, CobroFact *fact)
{
  fact->amount = COBRO_MONEY_NONE;
}

static void
bend_nothing_paid (Shop *shop, CobroFact *fact)
{
  fact->amount = cobro_money (0, shop->link->currency);
}

/* A genuine event that does not fit settles nothing, is kept, and the merchant is told. */
/* proves: OPL-9 */
static void
test_binding (void)
{
  static const struct
  {
    const char *name;
    Bend bend;
    gboolean on_payment; /* known which payment it is about: that one is flagged */
  } bends[] = {
    { "object", bend_object, TRUE },     { "reference", bend_reference, TRUE }, { "mode", bend_mode, FALSE },
    { "currency", bend_currency, TRUE }, { "no amount", bend_no_amount, TRUE }, { "nothing", bend_nothing_paid, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bends); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      g_auto (Shop) shop = { NULL };
      g_autoptr (CobroFact) fact = NULL;

      shop_open (&shop, rig);
      fact = shop_fact (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
      bends[i].bend (&shop, fact);
      g_test_message ("%s", bends[i].name);
      g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_QUARANTINED);
      g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_DUPLICATE);
      g_assert_cmpint (state_of (&shop), ==, COBRO_PAYMENT_REQUIRES_ACTION);
      g_assert_cmpint ((flags_of (&shop) & COBRO_FLAG_QUARANTINED) != 0, ==, bends[i].on_payment);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM quarantine"), ==, 1);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 0);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'provider.quarantined'"), ==, 1);
      rig_assert_clean (rig);
      /* The right one still settles it. */
      g_assert_cmpint (tell (&shop, COBRO_FACT_SUCCEEDED, "evt_2"), ==, RELAY_VERDICT_APPLIED);
      g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_PAID);
      rig_assert_clean (rig);
    }
}

static gboolean
account_work (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (RelayAccountRecord) account = relay_account_record_new ();

  cobro_link_set_text (&merchant->name, "Somebody else");
  if (!relay_merchant_insert (tx, merchant, error))
    return FALSE;
  account->merchant_id = merchant->id;
  cobro_link_set_text (&account->provider, "rig");
  if (!relay_account_put (tx, account, error))
    return FALSE;
  g_free (rig->account);
  rig->account = g_strdup (account->id);
  return TRUE;
}

/* Another merchant's account cannot speak of this merchant's payments, not even with the right reference. */
/* proves: OPL-10 */
static void
test_other_account (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };
  g_autoptr (GError) error = NULL;

  shop_open (&shop, rig);
  g_assert_true (relay_store_write (rig->store, account_work, rig, &error));
  g_assert_cmpint (tell (&shop, COBRO_FACT_SUCCEEDED, "evt_1"), ==, RELAY_VERDICT_UNMATCHED);
  cobro_link_set_text (&rig->account, "00000000000000000000000000000000");
  g_assert_cmpint (tell (&shop, COBRO_FACT_SUCCEEDED, "evt_2"), ==, RELAY_VERDICT_UNMATCHED);
  g_assert_cmpint (state_of (&shop), ==, COBRO_PAYMENT_REQUIRES_ACTION);
  g_assert_cmpint (flags_of (&shop), ==, 0);
  rig_assert_clean (rig);
}

/* Less came than was asked, or more: nothing settles, it is flagged, and nobody else may pay meanwhile. */
static void
test_other_amount (void)
{
  static const gint64 amounts[] = { 1, 1249, 1251, 1000000000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      g_auto (Shop) shop = { NULL };
      g_autoptr (CobroFact) fact = NULL;
      g_autoptr (GError) error = NULL;

      shop_open (&shop, rig);
      fact = shop_fact (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
      fact->amount = cobro_money (amounts[i], shop.link->currency);
      g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_QUARANTINED);
      g_assert_cmpint (flags_of (&shop), ==, COBRO_FLAG_AMOUNT_MISMATCH | COBRO_FLAG_QUARANTINED);
      g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_PENDING);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM ledger"), ==, 0);
      g_assert_null (rig_begin (rig, shop.token, NULL, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
      rig_assert_clean (rig);
    }
}

/* ── Orders ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What two orders of the same facts must agree on. */
typedef struct
{
  CobroPaymentState state;
  guint flags;
  gint64 paid, uses, open;
} Outcome;

static Outcome
outcome_of (Shop *shop)
{
  g_autoptr (RelayLinkRecord) link = rig_find_link (shop->rig, shop->link);

  return (Outcome){ state_of (shop), flags_of (shop), cobro_money_minor (link->tally.paid), link->tally.uses,
                    link->tally.open_attempts };
}

static void
next_permutation (guint *order, guint n)
{
  guint i = n - 1, j = n - 1;

  while (i > 0 && order[i - 1] >= order[i])
    i--;
  if (i == 0)
    return;
  while (order[j] <= order[i - 1])
    j--;
  for (guint swap = order[i - 1]; order[i - 1] == swap; order[j] = swap)
    order[i - 1] = order[j];
  for (guint a = i, b = n - 1; a < b; a++, b--)
    {
      guint swap = order[a];

      order[a] = order[b];
      order[b] = swap;
    }
}

/* Every order of five facts, each told twice: one outcome. */
static void
test_orders (void)
{
  static const CobroFactKind sets[][5] = {
    { COBRO_FACT_ACTION_NEEDED, COBRO_FACT_PROCESSING, COBRO_FACT_FAILED, COBRO_FACT_SUCCEEDED, COBRO_FACT_NO_ANSWER },
    { COBRO_FACT_PENDING, COBRO_FACT_FAILED, COBRO_FACT_CANCELLED, COBRO_FACT_PROCESSING, COBRO_FACT_NO_ANSWER },
    { COBRO_FACT_CANCELLED, COBRO_FACT_SUCCEEDED, COBRO_FACT_SUCCEEDED, COBRO_FACT_FAILED, COBRO_FACT_PENDING },
  };
  g_autoptr (Rig) rig = rig_new ();

  for (gsize set = 0; set < G_N_ELEMENTS (sets); set++)
    {
      guint order[5] = { 0, 1, 2, 3, 4 };
      Outcome first = { 0 };

      for (guint round = 0; round < 120; round++, next_permutation (order, 5))
        {
          g_auto (Shop) shop = { NULL };
          Outcome outcome;

          shop_open (&shop, rig);
          for (guint i = 0; i < 10; i++)
            {
              g_autofree char *event = g_strdup_printf ("%" G_GSIZE_FORMAT "-%u-%u", set, round, order[i % 5]);

              tell (&shop, sets[set][order[i % 5]], event);
            }
          outcome = outcome_of (&shop);
          if (round == 0)
            first = outcome;
          g_assert_cmpmem (&outcome, sizeof outcome, &first, sizeof first);
        }
    }
  rig_assert_clean (rig);
}

/* ── Late and double ────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_late (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };
  g_autoptr (GError) error = NULL;

  shop_open (&shop, rig);
  tell (&shop, COBRO_FACT_CANCELLED, "evt_1");
  relay_link_record_free (
    relay_links_decide (rig->store, &rig->scope, &shop.link->id, 0, COBRO_DECISION_CANCELLED, &error));
  g_assert_no_error (error);
  g_assert_cmpint (tell (&shop, COBRO_FACT_SUCCEEDED, "evt_2"), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (flags_of (&shop), ==, COBRO_FLAG_LATE);
  g_assert_cmpint (rig_view (rig, shop.link).flags, ==, COBRO_FLAG_LATE);
  g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_PAID);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'payment.flagged'"), ==, 1);
  rig_assert_clean (rig);
}

/* It was paid in time; only the news came late. */
static void
test_late_news (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { .rig = rig, .link = rig_link_new (rig) };
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (GError) error = NULL;

  shop.link->expires_at = RIG_NOW + COBRO_HOUR;
  shop.token = rig_publish (rig, shop.link);
  shop.begun = rig_begin (rig, shop.token, NULL, &error);
  fact = shop_fact (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
  cobro_clock_advance (rig->clock, COBRO_DAY);
  g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (flags_of (&shop), ==, 0);
  rig_assert_clean (rig);
}

/* The first attempt was given up and succeeds after all, while a second payer is at it: money that came goes before
 * money that may come. If the second pays too, that is the duplicate. */
static void
test_overtaken (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };
  g_autoptr (RelayBeginResult) second = NULL;
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (RelayPaymentRecord) record = NULL;
  g_autoptr (GError) error = NULL;

  shop_open (&shop, rig);
  tell (&shop, COBRO_FACT_CANCELLED, "evt_1");
  second = rig_begin (rig, shop.token, NULL, &error);
  g_assert_no_error (error);
  tell (&shop, COBRO_FACT_SUCCEEDED, "evt_2");
  g_assert_cmpint (flags_of (&shop), ==, 0);
  g_assert_cmpint (rig_view (rig, shop.link).status, ==, COBRO_LINK_USED_UP);
  rig_assert_clean (rig);

  fact = rig_fact (rig, second->payment, COBRO_FACT_SUCCEEDED, "evt_3");
  g_assert_cmpint (rig_apply (rig, fact), ==, RELAY_VERDICT_APPLIED);
  record = rig_find_payment (rig, &second->payment->id);
  g_assert_cmpint (record->payment->flags, ==, COBRO_FLAG_DUPLICATE);
  g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_OVERPAID);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM refund"), ==, 0);
  rig_assert_clean (rig);
}

static gboolean
choose_refunds_work (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &rig->scope.merchant_id, NULL, error);

  merchant->refund_duplicates = TRUE;
  merchant->rev++;
  return relay_merchant_update (tx, merchant, NULL, error);
}

/* The merchant chose to give duplicates back: made in the same transaction, carried out by the janitor, once. */
static void
test_duplicate_refunded (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };
  g_autoptr (RelayBeginResult) second = NULL;
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (rig->store, choose_refunds_work, rig, &error));
  shop_open (&shop, rig);
  tell (&shop, COBRO_FACT_CANCELLED, "evt_1");
  second = rig_begin (rig, shop.token, NULL, &error);
  tell (&shop, COBRO_FACT_SUCCEEDED, "evt_2");
  fact = rig_fact (rig, second->payment, COBRO_FACT_SUCCEEDED, "evt_3");
  rig_object (rig, &second->payment->id)->kind = COBRO_FACT_SUCCEEDED;
  rig_apply (rig, fact);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM refund WHERE state = 'pending'"), ==, 1);
  rig_assert_clean (rig);

  rig->provider->refund = RIG_ANSWER_NOTHING;
  g_assert_cmpint (rig_janitor (rig, 0).refunds, ==, 1);
  rig->provider->refund = RIG_ANSWER_HONEST;
  g_assert_cmpint (rig_janitor (rig, COBRO_MINUTE).refunds, ==, 1);
  g_assert_cmpint (rig_janitor (rig, COBRO_HOUR).refunds, ==, 0);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM refund WHERE state = 'succeeded'"), ==, 1);
  g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_PAID);
  rig_assert_clean (rig);
}

/* ── Money back ─────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroFact *
money_back (Shop *shop, CobroFactKind kind, gint64 amount, const char *refund_id, const char *event_id)
{
  CobroFact *fact = shop_fact (shop, kind, event_id);

  fact->amount = cobro_money (amount, shop->link->currency);
  cobro_link_set_text (&fact->refund_id, refund_id);
  return fact;
}

static RelayVerdict
give_back (Shop *shop, CobroFactKind kind, gint64 amount, const char *refund_id, const char *event_id)
{
  g_autoptr (CobroFact) fact = money_back (shop, kind, amount, refund_id, event_id);

  return rig_apply (shop->rig, fact);
}

/* Refunds made in the provider's dashboard: before the payment is known, twice, too much. */
static void
test_refund_facts (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };

  shop_open (&shop, rig);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 250, "re_1", "r1"), ==, RELAY_VERDICT_UNMATCHED);
  tell (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 250, "re_1", "r1"), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 250, "re_1", "r1"), ==, RELAY_VERDICT_DUPLICATE);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 250, "re_1", "r1-again"), ==, RELAY_VERDICT_NO_CHANGE);
  g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_PARTIALLY_REFUNDED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 1001, "re_2", "r2"), ==, RELAY_VERDICT_QUARANTINED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUND_FAILED, 10, "re_9", "r9"), ==, RELAY_VERDICT_QUARANTINED);
  rig_assert_clean (rig);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_REFUNDED, 1000, "re_3", "r3"), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (rig_view (rig, shop.link).paid_status, ==, COBRO_PAID_REFUNDED);
  g_assert_cmpint (rig_count (rig, "SELECT sum(amount) AS n FROM ledger"), ==, 0);
  rig_assert_clean (rig);
}

static void
test_disputes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Shop) shop = { NULL };

  shop_open (&shop, rig);
  tell (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
  g_assert_cmpint (give_back (&shop, COBRO_FACT_DISPUTE_OPENED, 1250, "", "d1"), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (flags_of (&shop), ==, COBRO_FLAG_DISPUTED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_DISPUTE_LOST, 1251, "", "d2"), ==, RELAY_VERDICT_QUARANTINED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_DISPUTE_LOST, 1250, "", "d3"), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_DISPUTE_LOST, 1250, "", "d4"), ==, RELAY_VERDICT_NO_CHANGE);
  g_assert_cmpint (give_back (&shop, COBRO_FACT_DISPUTE_WON, 1250, "", "d5"), ==, RELAY_VERDICT_NO_CHANGE);
  g_assert_cmpint (rig_count (rig, "SELECT sum(amount) AS n FROM ledger"), ==, 0);
  rig_assert_clean (rig);
}

/* A dispute that is won leaves nothing to look at, in whichever order it is told; the merchant hears of both ends.
 * proves: OPL-5 */
static void
test_dispute_won (void)
{
  for (guint backwards = 0; backwards < 2; backwards++)
    {
      g_autoptr (Rig) rig = rig_new ();
      g_auto (Shop) shop = { NULL };

      shop_open (&shop, rig);
      tell (&shop, COBRO_FACT_SUCCEEDED, "evt_1");
      give_back (&shop, backwards ? COBRO_FACT_DISPUTE_WON : COBRO_FACT_DISPUTE_OPENED, 1250, "", "d1");
      g_assert_cmpint (flags_of (&shop), ==, backwards ? 0 : COBRO_FLAG_DISPUTED);
      give_back (&shop, backwards ? COBRO_FACT_DISPUTE_OPENED : COBRO_FACT_DISPUTE_WON, 1250, "", "d2");
      g_assert_cmpint (flags_of (&shop), ==, 0);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type = 'dispute.closed'"), ==,
                       backwards ? 0 : 1);
      g_assert_cmpint (rig_count (rig, "SELECT sum(amount) AS n FROM ledger"), ==, 1250);
      rig_assert_clean (rig);
    }
}

/* Parts of a partly payable link: the last one fills it, one more is a duplicate. */
static void
test_parts (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  RelayBeginResult *begun[3] = { NULL };
  g_autoptr (GError) error = NULL;

  link->partial = COBRO_PARTIAL_ON;
  token = rig_publish (rig, link);
  for (int i = 0; i < 3; i++)
    {
      RelayBegin begin = { .token = token, .amount = cobro_money (625, link->currency) };
      g_autoptr (CobroFact) cancelled = NULL;

      begun[i] = relay_checkout_begin (rig->checkout, &begin, NULL, &error);
      g_assert_no_error (error);
      cancelled = rig_fact (rig, begun[i]->payment, COBRO_FACT_CANCELLED, "cancelled");
      g_free (cancelled->event_id);
      cancelled->event_id = g_strdup_printf ("cancelled-%d", i);
      rig_apply (rig, cancelled);
    }
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (CobroFact) late = rig_fact (rig, begun[i]->payment, COBRO_FACT_SUCCEEDED, "late");
      g_autoptr (RelayPaymentRecord) record = NULL;

      g_free (late->event_id);
      late->event_id = g_strdup_printf ("late-%d", i);
      g_assert_cmpint (rig_apply (rig, late), ==, RELAY_VERDICT_APPLIED);
      record = rig_find_payment (rig, &begun[i]->payment->id);
      g_assert_cmpint (record->payment->flags, ==, i < 2 ? 0 : COBRO_FLAG_DUPLICATE);
      rig_assert_clean (rig);
      relay_begin_result_free (begun[i]);
    }
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_OVERPAID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/apply/binding", test_binding);
  g_test_add_func ("/relay/apply/other-account", test_other_account);
  g_test_add_func ("/relay/apply/other-amount", test_other_amount);
  g_test_add_func ("/relay/apply/orders", test_orders);
  g_test_add_func ("/relay/apply/late", test_late);
  g_test_add_func ("/relay/apply/late-news", test_late_news);
  g_test_add_func ("/relay/apply/overtaken", test_overtaken);
  g_test_add_func ("/relay/apply/duplicate-refunded", test_duplicate_refunded);
  g_test_add_func ("/relay/apply/refund-facts", test_refund_facts);
  g_test_add_func ("/relay/apply/disputes", test_disputes);
  g_test_add_func ("/relay/apply/dispute-won", test_dispute_won);
  g_test_add_func ("/relay/apply/parts", test_parts);
  return g_test_run ();
}
