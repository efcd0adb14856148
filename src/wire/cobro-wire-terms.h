/* src/wire/cobro-wire-terms.h — how something may be paid: methods, gateways, in parts. What link and invoice share.
 * Layer: wire (private). */
#pragma once
#include "cobro-link.h"
#include "cobro-wire.h"

/* Lent places of the noun. */
typedef struct
{
  CobroCurrency currency;
  guint *methods;
  GPtrArray **gateways;
  CobroPartial *partial;
  CobroMoney *minimum_first;
  GPtrArray *parts;
} CobroWireTerms;

/* "methods", "gateways", "partial". FALSE with the path. */
gboolean cobro_wire_terms_read (CobroWireObject *object, const CobroWireTerms *terms,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cobro_wire_terms_write (CobroWireWriter *writer, guint methods, const GPtrArray *gateways, CobroPartial partial,
                             CobroMoney minimum_first, const GPtrArray *parts);
/* "usage": "single" is short for {"type": "single"}; the same for "partial". @out_child is NULL for the short form. */
gboolean cobro_wire_get_choice (CobroWireObject *object, const char *key, const char *fallback,
                                CobroWireObject **out_child, char **out_type, GError **error);
