/* src/app/cobro-sample.c — sample links.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-sample.h"

#include <glib/gi18n.h>

typedef enum
{
  AS_OPEN,
  AS_PAID,
  AS_PARTLY,
  AS_FAILED,
  AS_PAUSED,
  AS_CANCELLED,
  AS_EXPIRED,
  AS_REFUNDED
} SampleState;

static const struct
{
  const char *title;
  const char *reference;
  gint64 units; /* whole units of the currency; 0: the customer chooses */
  SampleState state;
  int days_ago;
} samples[] = {
  { N_ ("Coffee beans, 1 kg"), "A-1043", 24, AS_PAID, 0 },
  { N_ ("Table for four, deposit"), "R-0088", 40, AS_OPEN, 0 },
  { N_ ("Birthday cake"), "A-1042", 65, AS_PAID, 1 },
  { N_ ("Garden work, October"), "W-0310", 480, AS_PARTLY, 2 },
  { N_ ("Guitar lesson"), "L-0217", 35, AS_FAILED, 3 },
  { N_ ("Donation for the playground"), "D-0001", 0, AS_OPEN, 4 },
  { N_ ("Bicycle repair"), "W-0309", 90, AS_PAID, 6 },
  { N_ ("Workshop ticket"), "T-0150", 120, AS_PAUSED, 8 },
  { N_ ("Wedding photos, balance"), "P-0012", 850, AS_REFUNDED, 11 },
  { N_ ("Gift card"), "G-0007", 50, AS_CANCELLED, 15 },
  { N_ ("Early bird offer"), "T-0001", 80, AS_EXPIRED, 30 },
};

static CobroMoney
whole_units (gint64 units, CobroCurrency currency)
{
  return cobro_money (units * cobro_currency_unit (currency), currency);
}

static CobroLink *
make_link (gsize i, CobroCurrency currency, CobroTime now)
{
  CobroLink *link = cobro_link_new ();

  cobro_link_set_text (&link->title, _ (samples[i].title));
  cobro_link_set_text (&link->reference, samples[i].reference);
  link->currency = currency;
  if (samples[i].units > 0)
    link->amount = whole_units (samples[i].units, currency);
  else
    {
      link->pricing = COBRO_PRICING_OPEN;
      link->usage = COBRO_USAGE_UNLIMITED;
      link->minimum = whole_units (5, currency);
    }
  link->created_at = now - samples[i].days_ago * COBRO_DAY - (gint64)i * COBRO_HOUR;
  link->updated_at = link->created_at;
  if (samples[i].state == AS_PAUSED)
    link->decision = COBRO_DECISION_PAUSED;
  if (samples[i].state == AS_CANCELLED)
    link->decision = COBRO_DECISION_CANCELLED;
  if (samples[i].state == AS_EXPIRED)
    link->expires_at = now - COBRO_DAY;
  return link;
}

static CobroLinkTally
make_tally (gsize i, CobroCurrency currency)
{
  CobroLinkTally tally = cobro_link_tally_new (currency);

  switch (samples[i].state)
    {
    case AS_REFUNDED:
      tally.refunded = whole_units (samples[i].units, currency);
      tally.paid = whole_units (samples[i].units, currency);
      tally.uses = tally.attempts = 1;
      break;
    case AS_PAID:
      tally.paid = whole_units (samples[i].units, currency);
      tally.uses = tally.attempts = 1;
      break;
    case AS_PARTLY:
      tally.paid = whole_units (samples[i].units / 3, currency);
      tally.attempts = 1;
      break;
    case AS_FAILED:
      tally.attempts = 1;
      tally.last_failed = TRUE;
      break;
    case AS_OPEN:
    case AS_PAUSED:
    case AS_CANCELLED:
    case AS_EXPIRED:
      break;
    }
  return tally;
}

void
cobro_sample_add (CobroLinks *links, CobroCurrency currency)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_unref);
  g_autoptr (GArray) tallies = g_array_new (FALSE, FALSE, sizeof (CobroLinkTally));
  CobroTime now = cobro_links_get_now (links);

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      CobroLinkTally tally = make_tally (i, currency);

      g_ptr_array_add (array, make_link (i, currency, now));
      g_array_append_val (tallies, tally);
    }
  cobro_links_add_sample (links, array, tallies);
}
