/* src/model/cobro-payments.h — every payment of the books in one list, and each as the window shows it.
 * Layer: model. Main thread. */
#pragma once
#include "cobro-payment-list.h"
#include "cobro-row-list.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PAYMENT_ENTRY (cobro_payment_entry_get_type ())
G_DECLARE_FINAL_TYPE (CobroPaymentEntry, cobro_payment_entry, COBRO, PAYMENT_ENTRY, CobroRowItem)

/* Lent until "changed": the payment with what it was for. An item that is not filled is of nothing. */
const CobroPayment *cobro_payment_entry_get_payment (CobroPaymentEntry *self);
/* Lent for the item's life; "" before it is filled. */
const char *cobro_payment_entry_get_id (CobroPaymentEntry *self);
/* When the money came; of what did not come, when it was begun. */
CobroTime cobro_payment_entry_get_when (CobroPaymentEntry *self);
/* What it was for: the invoice's number, or the link's title; "". */
const char *cobro_payment_entry_get_title (CobroPaymentEntry *self);
/* Who paid; "" when nobody is known. */
const char *cobro_payment_entry_get_customer (CobroPaymentEntry *self);
/* Whether it was recorded here and is not uploaded yet. */
gboolean cobro_payment_entry_get_waiting (CobroPaymentEntry *self);

#define COBRO_TYPE_PAYMENTS (cobro_payments_get_type ())
G_DECLARE_FINAL_TYPE (CobroPayments, cobro_payments, COBRO, PAYMENTS, CobroRowSource)

/* Items are CobroPaymentEntry. */

/* Keeps @store. */
CobroPayments *cobro_payments_new (CobroStore *store);

/* (transfer full) all, newest first; and another question for such a list. @customer_id: (nullable): of one only. */
CobroRowList *cobro_payments_list (CobroPayments *self, const CobroId *customer_id);
void cobro_payments_ask (CobroPayments *self, CobroRowList *list, const char *search, CobroPaymentFilter filter,
                         CobroPaymentSort sort, gboolean descending);
/* From now on cobro_payments_ask() asks for money that came at or after @from and before @to; 0, 0: for all. */
void cobro_payments_set_period (CobroPayments *self, CobroTime from, CobroTime to);

G_END_DECLS
