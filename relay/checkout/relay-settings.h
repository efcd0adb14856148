/* relay/checkout/relay-settings.h — a merchant's account at a provider: what is set, changing it, trying it out.
 * Layer: relay/checkout. Any thread; relay_settings_test() blocks up to the call's deadline. */
#pragma once
#include "relay-account-store.h"
#include "relay-checkout.h"

/* What is asked for. */
typedef struct
{
  int enabled;                /* 0, 1; -1: as it is */
  GHashTable *settings;       /* (nullable) (element-type utf8 utf8) "" takes a setting away */
  gint64 position;            /* 0 … 999; -1: as it is */
  GArray *rules;              /* (nullable) (element-type RelayAccountRule) the new ones */
  const char *webhook_secret; /* (nullable) the new one; what was active stays so for 24 h. "": none, closed */
} RelayAccountChange;

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND: this relay has no such provider. An account that was never made
 * comes with an empty id, not enabled. */
RelayAccountRecord *relay_settings_read (RelayCheckout *self, const RelayScope *scope, const char *provider,
                                         GError **error);
/* (transfer full) as it is then. COBRO_ERROR_INVALID at "settings.<name>", "webhookSecret" or "enabled"; nothing is
 * changed then. */
RelayAccountRecord *relay_settings_change (RelayCheckout *self, const RelayScope *scope, const char *provider,
                                           const RelayAccountChange *change, GError **error);
/* (transfer full) a new webhook secret of ours, shown this once; what was active stays so for 24 h. */
char *relay_settings_new_secret (RelayCheckout *self, const RelayScope *scope, const char *provider,
                                 CobroTime *out_old_until, GError **error);
/* Asks the provider something harmless. @out_ok: whether it answered as it should; @out_words: for the merchant. FALSE
 * only when there is nothing to try (NOT_FOUND) or the books failed. */
gboolean relay_settings_test (RelayCheckout *self, const RelayScope *scope, const char *provider, gboolean *out_ok,
                              char **out_words, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether calls to the account are held back now. @out_wait: seconds. */
gboolean relay_settings_is_degraded (RelayCheckout *self, const RelayAccountRecord *record, gint64 *out_wait);
