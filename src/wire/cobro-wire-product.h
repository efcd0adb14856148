/* src/wire/cobro-wire-product.h — how a product travels.
 * Layer: wire. */
#pragma once
#include "cobro-product.h"
#include "cobro-wire.h"

void cobro_wire_product_write (CobroWireWriter *writer, const char *key, const CobroProduct *product);
/* (transfer full) parses and validates; NULL with the path and reason. */
CobroProduct *cobro_wire_product_parse (CobroWireObject *object, GError **error);
