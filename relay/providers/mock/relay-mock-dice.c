/* relay/providers/mock/relay-mock-dice.c — what the amount decides, and what the seed decides.
 * Layer: relay/providers (mock). Pure; any thread. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-wire-sign.h"

RelayMockTrigger
relay_mock_trigger (CobroMoney amount)
{
  static const RelayMockTrigger triggers[] = {
    RELAY_MOCK_TRIGGER_DECLINE,      RELAY_MOCK_TRIGGER_CHALLENGE,   RELAY_MOCK_TRIGGER_SLOW,
    RELAY_MOCK_TRIGGER_LOST_ANSWER,  RELAY_MOCK_TRIGGER_TOO_MANY,    RELAY_MOCK_TRIGGER_TWO_ERRORS,
    RELAY_MOCK_TRIGGER_HOOK_TWICE,   RELAY_MOCK_TRIGGER_HOOK_FIRST,  RELAY_MOCK_TRIGGER_NO_HOOK,
    RELAY_MOCK_TRIGGER_LATE_SUCCESS, RELAY_MOCK_TRIGGER_DISPUTE_WON, RELAY_MOCK_TRIGGER_DISPUTE_LOST,
  };
  gint64 cents = cobro_money_minor (amount) % 100;

  for (guint i = 0; i < G_N_ELEMENTS (triggers); i++)
    if ((gint64)triggers[i] == cents)
      return triggers[i];
  return RELAY_MOCK_TRIGGER_NONE;
}

/* HMAC-SHA256 as a random function of (seed, number, purpose): no stream to fall out of step when threads or restarts
 * change the order. The bias of the remainder is below 2^-50 for the small bounds used here. */
guint64
relay_mock_throw (const RelayMockOptions *options, gint64 number, const char *purpose, guint64 bound)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "|%s", number, purpose);
  guint64 seed = GUINT64_TO_BE (options->seed);
  guint8 digest[32];
  guint64 value;

  cobro_wire_hmac_sha256 (&seed, sizeof seed, text, strlen (text), digest);
  memcpy (&value, digest, sizeof value);
  return GUINT64_FROM_BE (value) % bound;
}

gboolean
relay_mock_chance (const RelayMockOptions *options, gint64 number, const char *purpose, guint percent)
{
  return percent > 0 && relay_mock_throw (options, number, purpose, 100) < percent;
}

gint64
relay_mock_delay (const RelayMockOptions *options, gint64 number, const char *purpose, guint minimum, guint maximum)
{
  guint64 ms = minimum;

  if (maximum > minimum)
    ms += relay_mock_throw (options, number, purpose, (guint64)(maximum - minimum) + 1);
  return (gint64)ms * (COBRO_SECOND / 1000);
}
