/* relay/templates/relay-templates-texts.h — every word that buyers read, in one place.
 * Layer: relay/templates. Private. */
#pragma once
#include "relay-template-loader.h"

/* All texts of the checkout and error pages; ends with key NULL. */
extern const RelayText relay_templates_texts[];

/**
 * relay_templates_fill:
 * @text: a text of the catalogue
 * @...: pairs of name and value, ends with NULL
 *
 * Puts values in the place of "{name}", each between directional isolates (U+2068 … U+2069), so that a name in another
 * script does not turn the sentence around.
 *
 * Returns: (transfer full): plain text
 */
char *relay_templates_fill (const char *text, ...) G_GNUC_NULL_TERMINATED;
