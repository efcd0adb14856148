/* src/wire/cobro-wire-payment.h — how payments, refunds, customers, facts and merchants travel.
 * Layer: wire. */
#pragma once
#include "cobro-customer.h"
#include "cobro-event.h"
#include "cobro-fact.h"
#include "cobro-merchant.h"
#include "cobro-payment.h"
#include "cobro-refund.h"
#include "cobro-wire.h"

void cobro_wire_payment_write (CobroWireWriter *writer, const char *key, const CobroPayment *payment);
CobroPayment *cobro_wire_payment_parse (CobroWireObject *object, GError **error);     /* strict, what _write wrote; desktop feed */
/* Members without the braces, so that the single view can add attempts[] and refunds[]. */
void cobro_wire_payment_write_members (CobroWireWriter *writer, const CobroPayment *payment);
void cobro_wire_refund_write (CobroWireWriter *writer, const char *key, const CobroRefund *refund);
CobroRefund *cobro_wire_refund_parse (CobroWireObject *object, GError **error);
void cobro_wire_customer_write (CobroWireWriter *writer, const char *key, const CobroCustomer *customer);
CobroCustomer *cobro_wire_customer_parse (CobroWireObject *object, GError **error);
void cobro_wire_merchant_write (CobroWireWriter *writer, const char *key, const CobroMerchant *merchant);
CobroMerchant *cobro_wire_merchant_parse (CobroWireObject *object, GError **error);
void cobro_wire_fact_write (CobroWireWriter *writer, const char *key, const CobroFact *fact);
CobroFact *cobro_wire_fact_parse (CobroWireObject *object, GError **error);
void cobro_wire_event_write (CobroWireWriter *writer, const char *key, const CobroEvent *event);
CobroEvent *cobro_wire_event_parse (CobroWireObject *object, GError **error);
