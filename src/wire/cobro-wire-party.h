/* src/wire/cobro-wire-party.h — how sellers, buyers and addresses travel, inside of other documents.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-party.h"
#include "cobro-wire.h"

/* {"name", "contact", "email", "phone", "taxId", "registration", "address": {…}} at @key. */
void cobro_wire_party_write (CobroWireWriter *writer, const char *key, const CobroParty *party);
/* The members without the braces. */
void cobro_wire_party_write_members (CobroWireWriter *writer, const CobroParty *party);
/* @party: initialised; absent members, or no object at all, leave it empty. Does not validate. */
gboolean cobro_wire_party_read (CobroWireObject *object, const char *key, CobroParty *party,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_wire_party_read_members (CobroWireObject *object, CobroParty *party,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"street", "city", "postalCode", "region", "country"} at @key. */
void cobro_wire_address_write (CobroWireWriter *writer, const char *key, const CobroAddress *address);
gboolean cobro_wire_address_read (CobroWireObject *object, const char *key, CobroAddress *address,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
