/* src/app/cobro-sample.h — sample links to look around in, in the reader's language.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-links.h"

G_BEGIN_DECLS

/* Puts them into the books, marked as samples. */
void cobro_sample_add (CobroLinks *links, CobroCurrency currency);

G_END_DECLS
