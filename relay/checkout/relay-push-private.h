/* relay/checkout/relay-push-private.h — what the kinds of pushed operations share.
 * Layer: relay/checkout. Inside a transaction, on the writer's thread. */
#pragma once
#include "relay-links.h"

/* One kind: writes, and says how it went in @result. FALSE: nothing of it happened, with the reason. */
typedef gboolean (*RelayPushKind) (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                                   RelayPushResult *result, GError **error);

/* It is what is here now. Always TRUE. */
gboolean relay_push_applied (RelayPushResult *result, gint64 rev);
/* Something newer is here: @document and @edited (nullable) are what the desktop merges with. Always TRUE. */
gboolean relay_push_conflict (RelayPushResult *result, gint64 rev, const char *document, const char *edited);

/* relay-push-invoices.c */
gboolean relay_push_invoice (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                             RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_push_invoice_send (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                                  RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_push_invoice_remind (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                                    RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_push_record (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                            RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* relay-push-books.c */
gboolean relay_push_product (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                             RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_push_recurring (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                               RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_push_logo (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                          RelayPushResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
