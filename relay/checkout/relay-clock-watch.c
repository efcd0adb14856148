/* relay/checkout/relay-clock-watch.c — a clock that is not believed blindly: the latest time ever seen is kept, so that
 * a relay that starts in the past decides nothing about expiry; jumps are noticed (semantics: Time).
 * Layer: relay/checkout. The janitor's thread, except where it says otherwise. */
#include "relay-checkout-private.h"

#include "relay-alarm.h"
#include "relay-log.h"
#include "relay-night-store.h"

#define BEHIND_MAX (60 * COBRO_SECOND)
#define JUMP_MIN   (2 * COBRO_SECOND)
#define MARK_PAUSE COBRO_MINUTE

gboolean
relay_clock_watch_begin (RelayCheckout *self, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  CobroTime now = cobro_clock_now (self->clock), high = 0;

  if (reader == NULL || !relay_clock_mark_get (reader->db, &high, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  self->high = MAX (self->high, high);
  self->clock_offset = now - cobro_clock_monotonic (self->clock);
  g_mutex_unlock (&self->lock);
  if (now < high - BEHIND_MAX)
    relay_alarm ("clock_behind",
                 "the clock is %" G_GINT64_FORMAT
                 " seconds behind what was seen before: nothing expires until it is right",
                 (high - now) / COBRO_SECOND);
  return TRUE;
}

gboolean
relay_clock_is_behind (RelayCheckout *self, CobroTime now)
{
  gboolean behind;

  g_mutex_lock (&self->lock);
  behind = now < self->high - BEHIND_MAX;
  g_mutex_unlock (&self->lock);
  return behind;
}

CobroTime
relay_clock_expiry (RelayCheckout *self, CobroTime now)
{
  CobroTime latest;

  g_mutex_lock (&self->lock);
  latest = MAX (now, self->high);
  g_mutex_unlock (&self->lock);
  return latest;
}

static gboolean
raise_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_clock_mark_raise (tx, *(CobroTime *)data, error);
}

/* Wall clock and monotonic clock ran apart: every timer of ours is a time in the books, so looking again is all. */
static gboolean
note_jump (RelayCheckout *self, CobroTime now)
{
  gint64 offset = now - cobro_clock_monotonic (self->clock), jump;

  g_mutex_lock (&self->lock);
  jump = offset - self->clock_offset;
  self->clock_offset = offset;
  if (ABS (jump) > JUMP_MIN)
    self->next_sweep = self->next_mark = 0;
  g_mutex_unlock (&self->lock);
  if (ABS (jump) <= JUMP_MIN)
    return FALSE;
  {
    g_autofree char *text = g_strdup_printf ("by %" G_GINT64_FORMAT " ms", jump / 1000);

    relay_log_notice ("clock_jump", text, now);
  }
  return TRUE;
}

gboolean
relay_clock_watch_run_once (RelayCheckout *self, CobroTime now, gboolean *out_jumped, GError **error)
{
  gboolean due;

  *out_jumped = note_jump (self, now);
  g_mutex_lock (&self->lock);
  due = now >= self->next_mark && now > self->high;
  if (due)
    {
      self->next_mark = now + MARK_PAUSE;
      self->high = now;
    }
  g_mutex_unlock (&self->lock);
  return !due || relay_store_write (self->store, raise_work, &now, error);
}
