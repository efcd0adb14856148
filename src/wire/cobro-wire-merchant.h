/* src/wire/cobro-wire-merchant.h — how a merchant's profile travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-merchant.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_merchant_write (CobroWireWriter *writer, const char *key, const CobroMerchant *merchant);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroMerchant *cobro_wire_merchant_parse (CobroWireObject *object, GError **error);
