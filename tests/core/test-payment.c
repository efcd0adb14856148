/* tests/core/test-payment.c — the payment's state table: forward-only, and the same end in every order of facts.
 * Layer: tests. */
#include "cobro-payment.h"
#include "cobro-event.h"
#include "cobro-test.h"

#define STATES  (COBRO_PAYMENT_SUCCEEDED + 1)
#define FACTS   (COBRO_FACT_DISPUTE_LOST + 1)
#define LONGEST 6

/* What the documents say, written independently of the table (domain.md: Payment; semantics.md: Late success). */
static CobroPaymentState
expected_end (const CobroFactKind *facts, guint n)
{
  static const struct
  {
    CobroFactKind fact;
    CobroPaymentState end;
  } strongest_first[] = {
    { COBRO_FACT_SUCCEEDED, COBRO_PAYMENT_SUCCEEDED },   { COBRO_FACT_CANCELLED, COBRO_PAYMENT_CANCELLED },
    { COBRO_FACT_FAILED, COBRO_PAYMENT_FAILED },         { COBRO_FACT_NO_ANSWER, COBRO_PAYMENT_UNKNOWN },
    { COBRO_FACT_PROCESSING, COBRO_PAYMENT_PROCESSING }, { COBRO_FACT_ACTION_NEEDED, COBRO_PAYMENT_REQUIRES_ACTION },
    { COBRO_FACT_PENDING, COBRO_PAYMENT_PENDING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (strongest_first); i++)
    for (guint j = 0; j < n; j++)
      if (facts[j] == strongest_first[i].fact)
        return strongest_first[i].end;
  return COBRO_PAYMENT_CREATED;
}

/* Every sequence of up to six facts of every kind is walked, so every permutation with every duplicate is among them.
 * All orders of a multiset end in expected_end(), which looks at the set only. */
static guint64
walk (CobroPaymentState state, CobroFactKind *facts, guint n, guint n_kinds)
{
  guint64 walked = 1;

  if (state != expected_end (facts, n))
    g_error ("%u facts, the last is %s: %s instead of %s", n, cobro_fact_kind_name (facts[n - 1]),
             cobro_payment_state_name (state), cobro_payment_state_name (expected_end (facts, n)));
  if (n == LONGEST)
    return walked;
  for (guint kind = 0; kind < n_kinds; kind++)
    {
      facts[n] = (CobroFactKind)kind;
      walked += walk (cobro_payment_step (state, facts[n]).to, facts, n + 1, n_kinds);
    }
  return walked;
}

/* proves: OPF-6 */
static void
test_every_order (void)
{
  CobroFactKind facts[LONGEST] = { 0 };
  guint64 walked = walk (COBRO_PAYMENT_CREATED, facts, 0, FACTS);

  g_test_message ("%" G_GUINT64_FORMAT " sequences", walked);
  g_assert_cmpuint (walked, ==, 1 + 13 + 169 + 2197 + 28561 + 371293 + 4826809);
}

/* Longer stories with duplicates, at random: shuffled, they end the same. */
static void
test_shuffled (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint round = 0; round < 20000; round++)
    {
      CobroFactKind facts[24];
      guint n = 7 + (guint)cobro_random_below (random, 18);
      CobroPaymentState ends[2];

      for (guint i = 0; i < n; i++)
        facts[i] = (CobroFactKind)cobro_random_below (random, FACTS);
      for (guint order = 0; order < 2; order++)
        {
          ends[order] = COBRO_PAYMENT_CREATED;
          for (guint i = 0; i < n; i++)
            ends[order] = cobro_payment_step (ends[order], facts[i]).to;
          for (guint i = n - 1; i > 0; i--)
            {
              guint j = (guint)cobro_random_below (random, i + 1);
              CobroFactKind kept = facts[i];

              facts[i] = facts[j];
              facts[j] = kept;
            }
        }
      g_assert_cmpint (ends[0], ==, ends[1]);
    }
}

/* A broken table must be noticed by the same comparison: one where the last word wins is not the same in every order.
 */
static void
test_harness_bites (void)
{
  const CobroFactKind story[] = { COBRO_FACT_SUCCEEDED, COBRO_FACT_FAILED };
  CobroPaymentState last_wins = COBRO_PAYMENT_CREATED;

  for (gsize i = 0; i < G_N_ELEMENTS (story); i++)
    last_wins = expected_end (&story[i], 1);
  g_assert_cmpint (last_wins, !=, expected_end (story, G_N_ELEMENTS (story)));
}

/* Each step: never down, effects only with a change, and the effects that the change needs. */
static void
test_effects (void)
{
  for (guint from = 0; from < STATES; from++)
    for (guint fact = 0; fact < FACTS; fact++)
      {
        CobroPaymentStep step = cobro_payment_step ((CobroPaymentState)from, (CobroFactKind)fact);
        gboolean moved = step.to != from;

        g_assert_cmpint (step.to, >=, from);
        if (!moved)
          {
            g_assert_cmpuint (step.effects, ==, 0);
            continue;
          }
        g_assert_true (((step.effects & COBRO_EFFECT_EVENT) != 0) == (cobro_payment_event_type (step.to) != NULL));
        g_assert_true (((step.effects & COBRO_EFFECT_RECEIPT) != 0) == (step.to == COBRO_PAYMENT_SUCCEEDED));
        g_assert_true (((step.effects & COBRO_EFFECT_LATE) != 0) ==
                       (step.to == COBRO_PAYMENT_SUCCEEDED && cobro_payment_state_is_final ((CobroPaymentState)from)));
        g_assert_true (((step.effects & COBRO_EFFECT_SLOT) != 0) ==
                       (step.to == COBRO_PAYMENT_SUCCEEDED && !cobro_payment_state_is_final ((CobroPaymentState)from)));
        g_assert_true (((step.effects & COBRO_EFFECT_RELEASE) != 0) ==
                       ((step.to == COBRO_PAYMENT_FAILED || step.to == COBRO_PAYMENT_CANCELLED) &&
                        !cobro_payment_state_is_final ((CobroPaymentState)from)));
      }
}

/* The slot is taken or given back exactly once, whatever comes: what the effects of any walk add up to. */
static void
test_slot_balance (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint round = 0; round < 50000; round++)
    {
      CobroPaymentState state = COBRO_PAYMENT_CREATED;
      guint taken = 0, released = 0, late = 0, receipts = 0;

      for (guint i = 0; i < 12; i++)
        {
          CobroPaymentStep step = cobro_payment_step (state, (CobroFactKind)cobro_random_below (random, FACTS));

          taken += (step.effects & COBRO_EFFECT_SLOT) != 0;
          released += (step.effects & COBRO_EFFECT_RELEASE) != 0;
          late += (step.effects & COBRO_EFFECT_LATE) != 0;
          receipts += (step.effects & COBRO_EFFECT_RECEIPT) != 0;
          state = step.to;
        }
      g_assert_cmpuint (taken + released, ==, cobro_payment_state_is_final (state) ? 1 : 0);
      g_assert_cmpuint (receipts, ==, state == COBRO_PAYMENT_SUCCEEDED ? 1 : 0);
      g_assert_cmpuint (late, <=, released);
    }
}

static void
test_names (void)
{
  for (guint i = 0; i < STATES; i++)
    {
      CobroPaymentState state;
      CobroEventType type;
      const char *event = cobro_payment_event_type ((CobroPaymentState)i);

      g_assert_true (cobro_payment_state_from_name (cobro_payment_state_name ((CobroPaymentState)i), &state));
      g_assert_cmpint (state, ==, i);
      g_assert_true (event == NULL || cobro_event_type_from_name (event, &type));
    }
  for (guint i = 0; i < FACTS; i++)
    {
      CobroFactKind kind;

      g_assert_true (cobro_fact_kind_from_name (cobro_fact_kind_name ((CobroFactKind)i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_cmpstr (cobro_payment_state_public_name (COBRO_PAYMENT_CREATED), ==, "pending");
  g_assert_cmpstr (cobro_payment_state_public_name (COBRO_PAYMENT_REQUIRES_ACTION), ==, "requires_action");
  g_assert_cmpstr (cobro_payment_state_name (COBRO_PAYMENT_CREATED), ==, "created");
  g_assert_cmpstr (cobro_fact_kind_name (COBRO_FACT_ACTION_NEEDED), ==, "action_needed");
  g_assert_cmpstr (cobro_fact_kind_name (COBRO_FACT_DISPUTE_LOST), ==, "dispute_lost");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/payment/every-order", test_every_order);
  g_test_add_func ("/core/payment/shuffled", test_shuffled);
  g_test_add_func ("/core/payment/harness-bites", test_harness_bites);
  g_test_add_func ("/core/payment/effects", test_effects);
  g_test_add_func ("/core/payment/slot-balance", test_slot_balance);
  g_test_add_func ("/core/payment/names", test_names);
  return g_test_run ();
}
