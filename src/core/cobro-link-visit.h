/* src/core/cobro-link-visit.h — what is done with one link of many, as they are read one after the other.
 * Layer: core. Any thread. */
#pragma once
#include "cobro-link-status.h"

/* @url: "" where none is known. FALSE with @error ends the reading. */
typedef gboolean (*CobroLinkVisit) (const CobroLink *link, const CobroLinkTally *tally, const char *url, gpointer data,
                                    GError **error);
