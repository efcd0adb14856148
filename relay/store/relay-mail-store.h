/* relay/store/relay-mail-store.h — mails that wait, left, bounced: one row each, written in the transaction of what
 * they tell about. Rendered when they are sent, from the books as they are then. Layer: relay/store. */
#pragma once
#include "relay-store.h"

typedef struct
{
  const char *kind;      /* cobro_mail_kind_name() */
  CobroId invoice_id;    /* what it is about … */
  CobroId payment_id;    /* … or, for receipts and notices, the payment */
  CobroId cause;         /* the event (or operation) that asked for it: (cause, kind) is sent at most once */
  gint step;             /* reminder: days relative to the due date */
  const char *recipient; /* one checked address */
  CobroTime due;         /* not before; 0: now */
} RelayMailOrder;
/* TRUE also when (cause, kind) is there already: nothing is sent twice. Merchant and mode are the scope's. */
gboolean relay_mail_queue (RelayTx *tx, const RelayScope *scope, const RelayMailOrder *order,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
