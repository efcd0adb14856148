/* relay/store/relay-night-store.h — nightly reconciliation: which account's list is read by whom, up to where; each
 * (account, day) once. And the latest time that the relay has seen. Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* One account's night. */
typedef struct
{
  CobroId merchant_id;
  char *provider, *account;
  gboolean livemode;
  gint64 day; /* days since 1970 */
  CobroTime since;
  char *cursor; /* (nullable) of the next page; NULL: the first */
  gint64 turn;  /* fencing: whoever took over since has a higher one */
} RelayNight;
void relay_night_free (RelayNight *night);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayNight, relay_night_free)

/* What a page brought. */
typedef struct
{
  gint64 seen, added, parked, mismatched;
} RelayNightCount;

/* Takes an account whose @day is not done, for @lease. Its list begins @overlap before the last night that was done, or
 * with the account. @all: also accounts that are switched off. (transfer full) *@out_night NULL: nothing to do. In
 * relay_store_write_queue(). */
gboolean relay_night_claim (RelayTx *tx, gint64 day, gint64 lease, gint64 overlap, gboolean all, RelayNight **out_night,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A page was worked through. @next: (nullable) NULL ends the night. FALSE with COBRO_ERROR_STATE when somebody else has
 * taken over. */
gboolean relay_night_advance (RelayTx *tx, const RelayNight *night, const char *next, gint64 lease,
                              const RelayNightCount *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type utf8) "mock 3f…": accounts, also those switched off, whose list has not been read to
 * its end since @since. */
GPtrArray *relay_night_list_unread (CobroDb *db, CobroTime since, GError **error);
/* Nights that were begun before @before and are still not done. */
gboolean relay_night_count_late (CobroDb *db, CobroTime before, gint64 *out_count,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 0: never noted. */
gboolean relay_clock_mark_get (CobroDb *db, CobroTime *out_high, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Never goes down. */
gboolean relay_clock_mark_raise (RelayTx *tx, CobroTime high, GError **error) G_GNUC_WARN_UNUSED_RESULT;
