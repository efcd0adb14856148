/* relay/store/relay-inbox-store.h — authentic webhooks as they came in, before anything was made of them; and what
 * could not be bound to a payment (quarantine). Layer: relay/store. */
#pragma once
#include "cobro-fact.h"
#include "relay-store.h"

/* What became of a webhook. */
typedef enum
{
  RELAY_INBOX_PENDING,
  RELAY_INBOX_UNMATCHED,
  RELAY_INBOX_APPLIED,
  RELAY_INBOX_QUARANTINED
} RelayInboxState;

/* One webhook. */
typedef struct
{
  gint64 row;
  CobroId merchant_id;
  char *provider, *account;
  gboolean livemode;
  char *event_id;
  GBytes *raw;      /* the body as it came */
  GPtrArray *facts; /* (nullable) (element-type CobroFact) what a list said; NULL: what raw says */
  RelayInboxState state;
  gint64 tries;
  CobroTime received_at, next_try_at;
} RelayInboxRow;
void relay_inbox_row_free (RelayInboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayInboxRow, relay_inbox_row_free)

/* @facts: (nullable): of a list, their references opened. @out_row: 0 when this event is there already (nothing
 * written). */
gboolean relay_inbox_insert (RelayTx *tx, const CobroId *merchant_id, const char *provider, const char *account,
                             gboolean livemode, const char *event_id, GBytes *raw, GPtrArray *facts, gint64 *out_row,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
RelayInboxRow *relay_inbox_find (RelayStore *store, CobroDb *db, gint64 row, GError **error);
/* (transfer full) (element-type gint64) the rows of pending and unmatched ones whose time has come, oldest first. */
GArray *relay_inbox_list_due (CobroDb *db, CobroTime now, guint limit, GError **error);
/* (transfer full) (element-type RelayInboxRow) all that are not settled, in the order they came. */
GPtrArray *relay_inbox_list_waiting (CobroDb *db, GError **error);
/* Every webhook that is not settled is due at once. */
gboolean relay_inbox_make_due (RelayTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes due ones for @lease: nobody else sees them until then. (transfer full) (element-type gint64) */
GArray *relay_inbox_claim (RelayTx *tx, gint64 lease, guint limit, GError **error);
/* Forgets settled ones that came before @before, at most @limit. What is not settled stays for ever. */
gboolean relay_inbox_prune (RelayTx *tx, CobroTime before, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @next_try_at: 0 when it is done. @reason: "" or why not. */
gboolean relay_inbox_settle (RelayTx *tx, gint64 row, RelayInboxState state, CobroTime next_try_at, const char *reason,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many wait unmatched, and the oldest: for metrics and alarms. */
gboolean relay_inbox_count_unmatched (CobroDb *db, gint64 *out_count, CobroTime *out_oldest,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A genuine fact that may not settle anything: kept with its reason; event provider.quarantined in the log of
 * @scope, the account's. @payment_id, @link_id: (nullable). */
gboolean relay_quarantine_insert (RelayTx *tx, const RelayScope *scope, const CobroFact *fact,
                                  const CobroId *payment_id, const CobroId *link_id, const char *reason,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One that nobody has decided about yet. */
typedef struct
{
  gint64 row;
  CobroFact *fact;
} RelayQuarantined;
void relay_quarantined_free (RelayQuarantined *quarantined);
/* (transfer full) (element-type RelayQuarantined) of one payment, newest first. */
GPtrArray *relay_quarantine_list_open (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id,
                                       GError **error);
/* Settles all of a payment's. @resolution: "accepted", "refunded" or "released". */
gboolean relay_quarantine_resolve (RelayTx *tx, const CobroId *merchant_id, const CobroId *payment_id,
                                   const char *resolution, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many of a link's are still open. */
gboolean relay_quarantine_count_link (CobroDb *db, const CobroId *merchant_id, const CobroId *link_id,
                                      gint64 *out_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
