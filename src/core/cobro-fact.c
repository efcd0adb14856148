/* src/core/cobro-fact.c — what a provider told us, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-fact.h"
#include "cobro-names.h"

static const char *const source_names[] = { "answer", "webhook", "janitor", "merchant" };

COBRO_DEFINE_NAMES (CobroFactSource, cobro_fact_source, source_names)

static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroFact, provider),      G_STRUCT_OFFSET (CobroFact, account),
  G_STRUCT_OFFSET (CobroFact, event_id),      G_STRUCT_OFFSET (CobroFact, provider_payment_id),
  G_STRUCT_OFFSET (CobroFact, reference),     G_STRUCT_OFFSET (CobroFact, refund_id),
  G_STRUCT_OFFSET (CobroFact, failure_code),  G_STRUCT_OFFSET (CobroFact, failure_message),
  G_STRUCT_OFFSET (CobroFact, method_detail), G_STRUCT_OFFSET (CobroFact, charge_id),
  G_STRUCT_OFFSET (CobroFact, receipt),
};

CobroFact *
cobro_fact_new (void)
{
  CobroFact *fact = g_new0 (CobroFact, 1);

  fact->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, fact, texts[i]) = g_strdup ("");
  return fact;
}

CobroFact *
cobro_fact_ref (CobroFact *fact)
{
  g_atomic_int_inc (&fact->ref_count);
  return fact;
}

void
cobro_fact_unref (CobroFact *fact)
{
  if (fact == NULL || !g_atomic_int_dec_and_test (&fact->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, fact, texts[i]));
  g_free (fact);
}
