/* src/wire/cobro-wire-merchant.h — how a merchant's profile travels.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-merchant.h"
#include "cobro-wire.h"

/* Writes the object at @key (NULL: top level or element). */
void cobro_wire_merchant_write (CobroWireWriter *writer, const char *key, const CobroMerchant *merchant);
/* (transfer full) strict: what _write() wrote, no unknown keys; validated. NULL with the path and reason. */
CobroMerchant *cobro_wire_merchant_parse (CobroWireObject *object, GError **error);

/* (transfer full) the members that stand on documents (seller … logo) as one JSON object: the relay's books keep them
 * in one column. */
char *cobro_wire_merchant_papers_to_json (const CobroMerchant *merchant);
/* Reads them back into @merchant, which is new. Does not validate. */
gboolean cobro_wire_merchant_papers_read (const char *json, CobroMerchant *merchant,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
