/* relay/delivery/relay-signature.h — Standard Webhooks: secrets, and the signature of one message.
 * Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md. Layer: relay/delivery. Any thread.
 */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "relay-endpoint-store.h"

/* (transfer full) "whsec_" and 32 random bytes in base64. Wipe it after use. */
char *relay_signature_new_secret (CobroRandom *random);
/* Whether @secret is "whsec_" and padded base64 of 24 to 64 bytes. FALSE with COBRO_ERROR_INVALID at "secret": other
 * texts are not taken for keys, because libraries disagree about what their bytes are. */
gboolean relay_signature_check_secret (const char *secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the value of webhook-signature: "v1,<base64>" for the present secret, and another one for the old
 * secret while it is valid. @timestamp: seconds. NULL when the endpoint's secret is not there. */
char *relay_signature_make (const RelayEndpoint *endpoint, const char *id, gint64 timestamp, const char *body,
                            CobroTime now);
