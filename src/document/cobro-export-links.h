/* src/document/cobro-export-links.h — links as a table, row by row: what the import reads back, and what became of
 * them. Layer: document. Any thread. */
#pragma once
#include "cobro-csv.h"
#include "cobro-link-status.h"

/* The row of names. */
void cobro_export_links_begin (CobroCsvWriter *writer);
/* One link. @url: "" where none is known. */
void cobro_export_links_put (CobroCsvWriter *writer, const CobroLink *link, const CobroLinkTally *tally,
                             const char *url, CobroTime now);
