/* src/model/cobro-refunds.h — giving money back: orders are written down first, brought before the relay as soon as it
 * can be reached, and carried out once. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-connection.h"
#include "cobro-links.h"
#include "cobro-refund-order-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_REFUNDS (cobro_refunds_get_type ())
G_DECLARE_FINAL_TYPE (CobroRefunds, cobro_refunds, COBRO, REFUNDS, GObject)

/* Keeps @links and @connection. Orders that the books hold from before are taken up by itself. */
CobroRefunds *cobro_refunds_new (CobroLinks *links, CobroSyncEngine *engine, CobroConnection *connection);

/* (by value) the id of an order that is yet to be given: made when a form opens, so that the form is good for one. */
CobroId cobro_refunds_new_id (CobroRefunds *self);
/* Whether the relay can be asked now; otherwise orders wait. */
gboolean cobro_refunds_can_ask (CobroRefunds *self);

/* How an order stands after it was given. */
typedef struct
{
  CobroRefundOrderState state;
  char *problem;       /* REFUSED: why; else "" */
  CobroRefund *refund; /* (nullable) ANSWERED: pending, succeeded or failed */
  gboolean noted;      /* the credit note that was asked for is issued */
} CobroRefundOutcome;
void cobro_refund_outcome_free (CobroRefundOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRefundOutcome, cobro_refund_outcome_free)

/**
 * cobro_refunds_give_async:
 * @order: id (cobro_refunds_new_id()), payment, link, amount, reason, and the invoice to be credited with it; the same
 * id again changes nothing
 *
 * Writes the order down and, where the relay can be reached, asks it; a credit note is issued in the transaction that
 * notes the relay's refund. COBRO_ERROR_INVALID at "amount": more than is left; nothing was written then.
 */
void cobro_refunds_give_async (CobroRefunds *self, const CobroRefundOrder *order, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) */
CobroRefundOutcome *cobro_refunds_give_finish (CobroRefunds *self, GAsyncResult *result, GError **error);
/* Orders were written into the books by somebody else: those that are due go, the others in their time. */
void cobro_refunds_take_up (CobroRefunds *self);
/* Takes back an order that the relay has not been asked for, or clears away one that came to nothing. */
void cobro_refunds_drop_async (CobroRefunds *self, const CobroId *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_refunds_drop_finish (CobroRefunds *self, GAsyncResult *result, GError **error);

G_END_DECLS
