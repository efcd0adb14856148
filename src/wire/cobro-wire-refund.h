/* src/wire/cobro-wire-refund.h — how a refund travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-refund.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_refund_write (CobroWireWriter *writer, const char *key, const CobroRefund *refund);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroRefund *cobro_wire_refund_parse (CobroWireObject *object, GError **error);
