/* relay/delivery/relay-mail-plan.c — the plan of retries.
 * Layer: relay/delivery. Any thread. */
#include "relay-mail-plan.h"

#include "cobro-net-retry.h"

#define JITTER 10 /* percent */

static const gint64 pauses[RELAY_MAIL_TRIES_MAX - 1] = {
  COBRO_MINUTE, 5 * COBRO_MINUTE, 30 * COBRO_MINUTE, 2 * COBRO_HOUR, 6 * COBRO_HOUR, 12 * COBRO_HOUR, 24 * COBRO_HOUR,
};

/* After @failed tries in vain (1 …); 0: no more. */
static gint64
delay_after (guint failed)
{
  return failed >= 1 && failed <= G_N_ELEMENTS (pauses) ? pauses[failed - 1] : 0;
}

gboolean
relay_mail_plan_is_away (const RelaySmtpResult *result)
{
  return result->outcome == RELAY_SMTP_TROUBLE || (result->outcome == RELAY_SMTP_LATER && result->status == 0);
}

static void
try_again (RelayMail *mail, const RelaySmtpResult *result, CobroTime now, CobroRandom *random)
{
  gint64 delay = delay_after (mail->tries);

  if (relay_mail_plan_is_away (result) && now - mail->created_at < RELAY_MAIL_LIFE)
    delay = MIN (delay != 0 ? delay : G_MAXINT64, 2 * COBRO_HOUR);
  mail->state = delay != 0 ? RELAY_MAIL_RETRY : RELAY_MAIL_BOUNCED;
  mail->next_at = delay != 0 ? now + cobro_net_retry_spread (delay, JITTER, random) : 0;
}

void
relay_mail_plan_apply (RelayMail *mail, const RelaySmtpResult *result, CobroTime now, CobroRandom *random)
{
  if (result->outcome == RELAY_SMTP_STOPPED)
    {
      mail->state = mail->tries == 0 ? RELAY_MAIL_QUEUED : RELAY_MAIL_RETRY;
      mail->next_at = now;
      return;
    }
  mail->tries++;
  mail->next_at = 0;
  mail->last_status = result->status;
  g_free (mail->last_error);
  mail->last_error = g_strdup (result->outcome == RELAY_SMTP_TAKEN ? "" : result->text);
  switch (result->outcome)
    {
    case RELAY_SMTP_TAKEN:
      mail->state = RELAY_MAIL_SENT;
      return;
    case RELAY_SMTP_REFUSED:
      mail->state = RELAY_MAIL_BOUNCED;
      return;
    case RELAY_SMTP_LATER:
    case RELAY_SMTP_TROUBLE:
      try_again (mail, result, now, random);
      return;
    case RELAY_SMTP_STOPPED:
      break;
    }
  g_return_if_reached ();
}
