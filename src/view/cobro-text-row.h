/* src/view/cobro-text-row.h — a text of several lines in a list of rows: notes, greetings, footers.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_TEXT_ROW (cobro_text_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroTextRow, cobro_text_row, COBRO, TEXT_ROW, AdwPreferencesRow)

/* Signal "changed": what stands there is other than before. */

/* (transfer full) without blanks around it. */
char *cobro_text_row_dup_text (CobroTextRow *self);
void cobro_text_row_set_text (CobroTextRow *self, const char *text);

G_END_DECLS
