/* src/view/cobro-language-row.h — the language that a customer reads, to be chosen. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_LANGUAGE_ROW (cobro_language_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroLanguageRow, cobro_language_row, COBRO, LANGUAGE_ROW, AdwComboRow)

/* Property "automatic" (construct only): what the choice of no language is called. */

/* "auto" or a language tag; lent. */
const char *cobro_language_row_get_tag (CobroLanguageRow *self);
/* A tag that is not among those offered ("de-AT", "nl") is offered besides, so that it is kept. */
void cobro_language_row_set_tag (CobroLanguageRow *self, const char *tag);

G_END_DECLS
