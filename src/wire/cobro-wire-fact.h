/* src/wire/cobro-wire-fact.h — how a provider's fact (kept in the log of facts) travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-fact.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_fact_write (CobroWireWriter *writer, const char *key, const CobroFact *fact);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroFact *cobro_wire_fact_parse (CobroWireObject *object, GError **error);
