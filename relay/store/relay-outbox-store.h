/* relay/store/relay-outbox-store.h — who is told of events besides the feed: subscriptions, and one queued row per
 * (reader, event) written with the event. Rows stay queued until a reader takes them. Layer: relay/store. */
#pragma once
#include "relay-event-store.h"

/* @reader: a name unique per merchant ("notice", "webhook:<id>"); @types: "*" or event types between spaces. Events
 * from now on. */
gboolean relay_outbox_subscribe (RelayTx *tx, const CobroId *merchant_id, const char *reader, const char *types,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_outbox_unsubscribe (RelayTx *tx, const CobroId *merchant_id, const char *reader,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One queued row. */
typedef struct
{
  CobroId merchant_id;
  char *reader;
  gint64 sequence; /* of the event */
} RelayOutboxRow;
void relay_outbox_row_free (RelayOutboxRow *row);
/* (transfer full) (element-type RelayOutboxRow) queued rows, oldest first. */
GPtrArray *relay_outbox_queued (CobroDb *db, const CobroId *merchant_id, guint limit, GError **error);
