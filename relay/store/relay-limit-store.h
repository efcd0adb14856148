/* relay/store/relay-limit-store.h — limits that the books know of: what a merchant has set, buckets that several relays
 * share, and merchants whose links are being used to test cards.
 *
 * Layer: relay/store. Any thread, not the writer's. */
#pragma once
#include "relay-store.h"

#define RELAY_LIMIT_ATTEMPTS_PER_HOUR 300 /* per merchant, unless it has set another number */

/* One token of a bucket that all relays share. @capacity tokens, back after @period microseconds. @out_wait: seconds
 * until a refused take would pass. */
gboolean relay_limit_take (RelayStore *store, const CobroId *merchant_id, const char *lane, const char *key,
                           guint capacity, gint64 period, gboolean *out_passed, guint *out_wait,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_limit_look:
 * @out_challenged: whether this merchant's links are being used to test cards, as far as its payments of the last ten
 * minutes say: more than 50 ended, more than 70 % of them without money. Once it is so, it stays so for half an hour
 * after it was so last; the merchant's log and an alarm tell of the beginning.
 *
 * Returns: %FALSE with the database's error
 */
gboolean relay_limit_look (RelayStore *store, const RelayScope *scope, guint *out_attempts_per_hour,
                           gboolean *out_challenged, GError **error) G_GNUC_WARN_UNUSED_RESULT;
