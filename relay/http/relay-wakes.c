/* relay/http/relay-wakes.c — wake numbers by topic.
 * note() stores the number and then reads "waiting"; enter() raises "waiting" and then reads the number. With
 * sequential consistency at least one of the two sees the other. Layer: relay/http, private. Any thread. */
#include "relay-wakes.h"

static guint
slot_of (const char *topic)
{
  return g_str_hash (topic) % RELAY_WAKE_SLOTS;
}

gint64
relay_wakes_now (RelayWakes *wakes)
{
  return __atomic_load_n (&wakes->newest, __ATOMIC_SEQ_CST);
}

gboolean
relay_wakes_note (RelayWakes *wakes, const char *topic)
{
  guint slot = slot_of (topic);
  gint64 number = __atomic_add_fetch (&wakes->newest, 1, __ATOMIC_SEQ_CST);
  gint64 old = __atomic_load_n (&wakes->slots[slot], __ATOMIC_SEQ_CST);

  while (old < number &&
         !__atomic_compare_exchange_n (&wakes->slots[slot], &old, number, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    continue;
  return __atomic_load_n (&wakes->waiting[slot], __ATOMIC_SEQ_CST) > 0;
}

gboolean
relay_wakes_since (RelayWakes *wakes, const char *topic, gint64 seen)
{
  return __atomic_load_n (&wakes->slots[slot_of (topic)], __ATOMIC_SEQ_CST) > seen;
}

gboolean
relay_wakes_enter (RelayWakes *wakes, const char *topic, gint64 seen)
{
  guint slot = slot_of (topic);

  __atomic_add_fetch (&wakes->waiting[slot], 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n (&wakes->slots[slot], __ATOMIC_SEQ_CST) <= seen)
    return TRUE;
  relay_wakes_leave (wakes, topic);
  return FALSE;
}

void
relay_wakes_leave (RelayWakes *wakes, const char *topic)
{
  __atomic_sub_fetch (&wakes->waiting[slot_of (topic)], 1, __ATOMIC_SEQ_CST);
}
