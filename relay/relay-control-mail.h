/* relay/relay-control-mail.h — whose address a merchant's mails come from: the operator's to allow.
 * Layer: relay (composition). */
#pragma once
#include "relay-control.h"

/* {"merchant", "address"}: "" takes it back. The result: {"merchantId", "mailFrom"}, null for the relay's own. */
char *relay_control_mail_from (RelayStore *store, CobroWireObject *arguments, GError **error);
/* POST /control/mail-from */
RelayReply *relay_control_answer_mail_from (gpointer context, RelayRequest *request);
