/* src/store/cobro-refund-order-store.h — refunds that the merchant asked for here, and how the relay took them:
 * commands, each with an id of its own, so that none is carried out twice. Layer: store. Main context, unless a
 * function takes a CobroStoreTx. */
#pragma once
#include "cobro-store.h"

typedef enum
{
  COBRO_REFUND_ORDER_WAITING,  /* the relay has never been asked: may be withdrawn */
  COBRO_REFUND_ORDER_ASKED,    /* it was asked, and no answer is here yet: asked again with the same id */
  COBRO_REFUND_ORDER_ANSWERED, /* `refund_id` is the relay's; its feed tells the rest */
  COBRO_REFUND_ORDER_REFUSED,  /* nothing was begun; `problem` says why */
  COBRO_REFUND_ORDER_UNCLEAR,  /* asked too long ago to be asked again: only the list of refunds can tell */
} CobroRefundOrderState;

typedef struct
{
  CobroId id; /* COBRO_ID_OPERATION */
  CobroId payment_id, link_id;
  CobroMoney amount;
  char *reason;
  CobroRefundOrderState state;
  CobroTime asked_at, created_at;
  CobroTime due; /* the relay is not asked before; 0: at once */
  CobroId refund_id;
  char *problem;
  CobroId credit_id; /* the invoice that gets a credit note over the same amount; unset: none */
  CobroId note_id;   /* that credit note: issued in the transaction that notes the relay's answer */
} CobroRefundOrder;
CobroRefundOrder *cobro_refund_order_new (void);
void cobro_refund_order_free (CobroRefundOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRefundOrder, cobro_refund_order_free)

/* A payment with everything that went back, or is to go back. */
typedef struct
{
  CobroPayment *payment;
  GPtrArray *refunds; /* (element-type CobroRefund) newest first */
  GPtrArray *orders;  /* (element-type CobroRefundOrder) newest first, without those whose refund is in the list */
  CobroMoney rest;    /* what may still be given back; unset: nothing was received */
} CobroPaymentDetail;
void cobro_payment_detail_free (CobroPaymentDetail *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPaymentDetail, cobro_payment_detail_free)
/* COBRO_ERROR_NOT_FOUND: no such payment. */
void cobro_payment_detail_async (CobroStore *store, const CobroId *payment_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
CobroPaymentDetail *cobro_payment_detail_finish (CobroStore *store, GAsyncResult *result, GError **error);

/**
 * cobro_refund_order_put_async:
 * @order: its id is the caller's, so that the same order twice is one
 *
 * Writes the order down. COBRO_ERROR_INVALID at "amount": nothing, or more than is left, or more than is left to
 * credit; COBRO_ERROR_STATE: the payment has not succeeded, the invoice cannot be credited. Finish with
 * cobro_refund_order_finish().
 */
void cobro_refund_order_put_async (CobroStore *store, const CobroRefundOrder *order, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* Takes away what was never asked for, or was refused, or is unclear. COBRO_ERROR_STATE: the relay was asked. */
void cobro_refund_order_drop_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_refund_order_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (transfer full) (element-type CobroRefundOrder) that the relay is to be asked for: WAITING (also such that are not
 * due yet) and ASKED, oldest first. Waits; any thread. */
GPtrArray *cobro_refund_order_list_open (CobroStore *store, GError **error);

/* ── Inside a job, for sync ─────────────────────────────────────────────────────────────────────────────────────── */

/* As cobro_refund_order_put_async(), and cobro_refund_order_drop_async(). */
gboolean cobro_refund_order_put (CobroStoreTx *tx, const CobroRefundOrder *order,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_refund_order_drop (CobroStoreTx *tx, const CobroId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroPaymentDetail *cobro_payment_detail_read (CobroStoreTx *tx, const CobroId *payment_id, GError **error);
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroRefundOrder *cobro_refund_order_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* How it stands now: state, asked_at, refund_id, problem. */
gboolean cobro_refund_order_update (CobroStoreTx *tx, const CobroRefundOrder *order,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The relay has @refund: notes it, and issues the credit note that was asked for with it, once, unless the refund has
 * failed already. An invoice that cannot be credited any more says so; the refund is noted all the same. */
gboolean cobro_refund_order_answer (CobroStoreTx *tx, CobroRefundOrder *order, const CobroRefund *refund,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the books know the relay's refund of that id. */
gboolean cobro_refund_is_known (CobroStoreTx *tx, const CobroId *refund_id, gboolean *out_known,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
