/* src/view/cobro-suggest.h — type-ahead below an entry: what was known before is offered while somebody types.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_SUGGEST (cobro_suggest_get_type ())
G_DECLARE_FINAL_TYPE (CobroSuggest, cobro_suggest, COBRO, SUGGEST, GObject)

/* Signals:
 * "wanted" (char *text): somebody typed; suggestions are to be given.
 * "chosen" (gpointer data): one of them was taken: by Enter (the marked one; the first is marked by itself), or by a
 *   click. Tab and Escape leave what was typed. */

/* Belongs to @entry (any widget that is a GtkEditable) and lives as long as it. */
CobroSuggest *cobro_suggest_new (GtkWidget *entry);
/* Sets the entry's text without asking for suggestions. */
void cobro_suggest_set_text (CobroSuggest *self, const char *text);
/* Suggestions: _clear, then _add each, then _show, which pops up if there is any and the entry has the keyboard.
 * @detail: (nullable) smaller, below; @extra: (nullable) at the end; @data is freed by @free_data. */
void cobro_suggest_clear (CobroSuggest *self);
void cobro_suggest_add (CobroSuggest *self, const char *title, const char *detail, const char *extra, gpointer data,
                        GDestroyNotify free_data);
void cobro_suggest_show (CobroSuggest *self);
gboolean cobro_suggest_get_shown (CobroSuggest *self);

G_END_DECLS
