/* relay/delivery/relay-mail-plan.h — what the mail server's answer means for a mail: sent, again, given up. Pure.
 * Layer: relay/delivery. Any thread. */
#pragma once
#include "cobro-random.h"
#include "relay-mail-store.h"
#include "relay-smtp.h"

#define RELAY_MAIL_TRIES_MAX 8               /* the first and one after each pause of the plan */
#define RELAY_MAIL_LIFE      (7 * COBRO_DAY) /* how long a mail waits for a server that cannot be reached */

/* 4xx: again after 1, 5, 30 min, 2, 6, 12, 24 h (±10 %). Sets state, tries, next_at, last_status and last_error of
 * @mail, which was leased. A server that is away or will not talk to us is waited for longer than one that says no to
 * this mail each time; STOPPED gives the mail back as it was.
 */
void relay_mail_plan_apply (RelayMail *mail, const RelaySmtpResult *result, CobroTime now, CobroRandom *random);
/* Whether @result says that the server is away, or somebody has to look: others need not be tried now. */
gboolean relay_mail_plan_is_away (const RelaySmtpResult *result);
