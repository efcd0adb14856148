/* src/wire/cobro-wire-payment.h — how a payment (relay-http.md, OPF's names) travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-payment.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_payment_write (CobroWireWriter *writer, const char *key, const CobroPayment *payment);
/* The members without the braces, so that the single view can add attempts[] and refunds[]. */
void cobro_wire_payment_write_members (CobroWireWriter *writer, const CobroPayment *payment);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroPayment *cobro_wire_payment_parse (CobroWireObject *object, GError **error);
