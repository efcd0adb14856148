/* src/sync/cobro-relay-desk.h — what the merchant asks of the relay directly: accounts at providers, refunds, and
 * codes for another computer.
 * Layer: sync. Calls wait; one client per thread. Errors as in cobro-relay-client.h; what the relay finds wrong in a
 * field is COBRO_ERROR_INVALID with the field's path ("settings.secret-key"). */
#pragma once
#include "cobro-provider.h"
#include "cobro-refund.h"
#include "cobro-relay-client.h"

/* (transfer full) (element-type CobroProvider) @out_text: (transfer full): the answer as it came, to be shown again
 * while the relay cannot be reached; no secret is in it. */
GPtrArray *cobro_relay_providers_list (CobroRelayClient *client, char **out_text, GCancellable *cancellable,
                                       GError **error);
/* (transfer full) the same from a text that was kept. */
GPtrArray *cobro_relay_providers_read (const char *text, GError **error);
/* (transfer full) as it is then. */
CobroProvider *cobro_relay_providers_change (CobroRelayClient *client, const char *name,
                                             const CobroProviderChange *change, GCancellable *cancellable,
                                             GError **error);
/* Lets the relay ask the provider something harmless. @out_ok: whether it answered as it should; @out_words: how it
 * went. */
gboolean cobro_relay_providers_test (CobroRelayClient *client, const char *name, gboolean *out_ok, char **out_words,
                                     GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) a new webhook secret, told this once: wipe it after use. */
char *cobro_relay_providers_new_secret (CobroRelayClient *client, const char *name, CobroTime *out_before_until,
                                        GCancellable *cancellable, GError **error);
/* What connects another computer: shown to its owner, good for one use within minutes. */
typedef struct
{
  char *code;
  char *link; /* "cobro://pair?…" */
  CobroTime expires_at;
} CobroInvitation;
void cobro_invitation_free (CobroInvitation *invitation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvitation, cobro_invitation_free)
/* (transfer full) an unused one that was made before stops working. */
CobroInvitation *cobro_relay_invite (CobroRelayClient *client, GCancellable *cancellable, GError **error);

/* What the keyring keeps of an account: keys that the relay has, and a change that has not reached it. */
typedef struct
{
  CobroProviderChange *kept;
  CobroProviderChange *waiting; /* (nullable) */
} CobroKeptKeys;
CobroKeptKeys *cobro_kept_keys_new (void);
void cobro_kept_keys_free (CobroKeptKeys *keys);
/* (transfer full) Wipe it after use. */
char *cobro_kept_keys_to_text (const CobroKeptKeys *keys);
/* (transfer full) */
CobroKeptKeys *cobro_kept_keys_from_text (const char *text, GError **error);

/* What is asked for. Lent for the call. */
typedef struct
{
  const char *key; /* the same key is the same refund, however often it is asked for */
  CobroId payment_id;
  CobroMoney amount;
  const char *reason;
} CobroRefundWish;
/**
 * cobro_relay_refunds_make:
 *
 * Returns: (transfer full): how it stands after the provider was asked: pending, succeeded or failed; or %NULL. Nothing
 * was begun: %COBRO_ERROR_INVALID, _NOT_FOUND, _STATE, _FORBIDDEN, _REUSED. Ask again with the same key:
 * %COBRO_ERROR_NO_ANSWER, _UNAVAILABLE, _RATE_LIMITED, _RUNNING
 */
CobroRefund *cobro_relay_refunds_make (CobroRelayClient *client, const CobroRefundWish *wish, GCancellable *cancellable,
                                       GError **error);
