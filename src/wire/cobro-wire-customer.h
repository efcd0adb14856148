/* src/wire/cobro-wire-customer.h — how a customer travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-customer.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_customer_write (CobroWireWriter *writer, const char *key, const CobroCustomer *customer);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroCustomer *cobro_wire_customer_parse (CobroWireObject *object, GError **error);
