/* relay/store/relay-breaker-store.h — provider accounts that do not answer, for every relay on these books.
 * Layer: relay/store. */
#pragma once
#include "relay-account-store.h"

typedef struct
{
  char *provider, *account;
  gint64 opened; /* how often in a row; 0: closed */
  CobroTime open_until, changed_at;
} RelayBreakerRow;
void relay_breaker_row_free (RelayBreakerRow *row);

/* (transfer full) (element-type RelayBreakerRow) */
GPtrArray *relay_breaker_list (CobroDb *db, GError **error);
/* Writes how it stands. The merchant is told when it opens for the first time in a row, and when it closes. */
gboolean relay_breaker_put (RelayTx *tx, const RelayScope *owner, const char *provider, const char *account,
                            gint64 opened, CobroTime open_until, CobroTime changed_at,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Half-open: one of several relays may try. In relay_store_write_queue(). */
gboolean relay_breaker_take_probe (RelayTx *tx, const char *provider, const char *account, CobroTime until,
                                   gboolean *out_mine, GError **error) G_GNUC_WARN_UNUSED_RESULT;
