/* src/wire/cobro-wire-record.h — how a recorded payment travels: {"id", "linkId", "amount", "currency", "how", "date",
 * "note"}. Layer: wire. */
#pragma once
#include "cobro-record.h"
#include "cobro-wire.h"

void cobro_wire_record_write (CobroWireWriter *writer, const char *key, const CobroRecord *record);
/* (transfer full) parses and validates; NULL with the path and reason. */
CobroRecord *cobro_wire_record_parse (CobroWireObject *object, GError **error);
