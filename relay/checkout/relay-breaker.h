/* relay/checkout/relay-breaker.h — keeps a provider that does not answer from taking everything with it: a breaker per
 * (provider, account) and a limit on calls at once per provider (semantics: Provider calls and breaker).
 * Layer: relay/checkout. Any thread. A breaker postpones work; it never drops or fails a fact. */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "relay-store.h"

typedef struct _RelayBreakers RelayBreakers;

/* @store: (nullable) lent: where others read what is found out, and merchants are told of it (provider.degraded,
 * provider.recovered). (transfer full) */
RelayBreakers *relay_breakers_new (CobroClock *clock, CobroRandom *random, RelayStore *store);
/* Takes over what others have found out since. */
void relay_breakers_refresh (RelayBreakers *self);
void relay_breakers_free (RelayBreakers *self);

/**
 * relay_breakers_enter:
 * @out_wait: (out) (optional): seconds after which trying again makes sense
 *
 * Before a call. In the half-open state one caller passes as the probe.
 *
 * Returns: %FALSE with %COBRO_ERROR_UNAVAILABLE; else relay_breakers_leave() must follow
 */
gboolean relay_breakers_enter (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the call. @failed: no connection, no answer in time, 5xx, 429; a refusal of the provider's is an answer. */
void relay_breakers_leave (RelayBreakers *self, const char *provider, const char *account, gboolean failed);
/* Whether a call would be refused now; changes nothing. */
gboolean relay_breakers_is_open (RelayBreakers *self, const char *provider, const char *account, gint64 *out_wait);
