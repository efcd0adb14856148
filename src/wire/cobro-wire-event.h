/* src/wire/cobro-wire-event.h — how one row of the feed: "object" is byte for byte what was sealed, so the hash can be
 * checked. The merchant does not travel; set merchant_id before cobro_event_verify() travels. Layer: wire. Any thread.
 */
#pragma once
#include "cobro-event.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_event_write (CobroWireWriter *writer, const char *key, const CobroEvent *event);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroEvent *cobro_wire_event_parse (CobroWireObject *object, GError **error);
