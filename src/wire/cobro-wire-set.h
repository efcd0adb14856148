/* src/wire/cobro-wire-set.h — what the codecs of the nouns share: reading into fields that own a string, ids, tokens,
 * flags. Layer: wire (private). */
#pragma once
#include "cobro-id.h"
#include "cobro-link-status.h"
#include "cobro-token.h"
#include "cobro-wire.h"

/* Clears the string and gives the place to write the next one: for getters that transfer ownership into a noun. */
char **cobro_wire_slot (char **field);
/* Text into *@field; absent and null are "". */
gboolean cobro_wire_set_text (CobroWireObject *object, const char *key, char **field, GError **error);
/* Absent and null are "none". */
gboolean cobro_wire_get_id (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id,
                            GError **error);
gboolean cobro_wire_get_id_needed (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id,
                                   GError **error);
gboolean cobro_wire_get_token (CobroWireObject *object, const char *key, CobroToken *out_token, GError **error);
gboolean cobro_wire_get_currency_needed (CobroWireObject *object, const char *key, CobroCurrency *out_currency,
                                         GError **error);
/* A list of flag names as CobroFlags. */
gboolean cobro_wire_get_flags (CobroWireObject *object, const char *key, guint *out_flags, GError **error);
/* Map into *@field. */
gboolean cobro_wire_set_map (CobroWireObject *object, const char *key, GHashTable **field, GError **error);

void cobro_wire_put_flags (CobroWireWriter *writer, const char *key, guint flags);
/* "" is written as null. */
void cobro_wire_put_text_or_null (CobroWireWriter *writer, const char *key, const char *value);
