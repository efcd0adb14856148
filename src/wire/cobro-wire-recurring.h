/* src/wire/cobro-wire-recurring.h — how a schedule of invoices travels; "invoice" is a draft document.
 * Layer: wire. */
#pragma once
#include "cobro-recurring.h"
#include "cobro-wire.h"

void cobro_wire_recurring_write (CobroWireWriter *writer, const char *key, const CobroRecurring *recurring);
/* (transfer full) parses and validates; NULL with the path and reason. */
CobroRecurring *cobro_wire_recurring_parse (CobroWireObject *object, GError **error);
/* The same for one that has no id yet: @id is what it is called unless it says otherwise. */
CobroRecurring *cobro_wire_recurring_parse_as (CobroWireObject *object, const CobroId *id, GError **error);
