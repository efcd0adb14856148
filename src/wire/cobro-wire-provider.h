/* src/wire/cobro-wire-provider.h — a provider's settings, and changes to them.
 * Layer: wire. Any thread. */
#pragma once
#include "cobro-provider.h"
#include "cobro-wire.h"

/* (transfer full) as the relay describes it. Members and kinds that a newer relay adds are left out. */
CobroProvider *cobro_wire_provider_parse (CobroWireObject *object, GError **error);
/* (transfer full) JSON of a change, for the relay and for the keyring: wipe it after use. */
char *cobro_wire_provider_change_to_json (const CobroProviderChange *change);
/* (transfer full) or NULL with COBRO_ERROR_INVALID. */
CobroProviderChange *cobro_wire_provider_change_parse (CobroWireObject *object, GError **error);
