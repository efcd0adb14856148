/* src/view/dialogs/cobro-rescue-window.h — books that cannot be opened: what happened, what it means for the money, and
 * the ways on. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-backup-files.h"

G_BEGIN_DECLS

#define COBRO_TYPE_RESCUE_WINDOW (cobro_rescue_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroRescueWindow, cobro_rescue_window, COBRO, RESCUE_WINDOW, AdwWindow)

/**
 * cobro_rescue_window_new:
 * @reason: what the program met, as a sentence
 * @copies: (nullable) (element-type CobroBackup): those that are there; %NULL: where another file would not help
 *
 * Signals: "again": open the same file once more. "restore" (char *path, gint64 made): put this copy in the place of
 * the books; made: 0: not known. "empty": begin with empty books.
 */
CobroRescueWindow *cobro_rescue_window_new (const char *heading, const char *advice, const char *reason,
                                            const GPtrArray *copies);
/* While a copy is looked into, nothing else can be chosen. */
void cobro_rescue_window_set_working (CobroRescueWindow *self, gboolean working);
/* What was tried did not work: why. */
void cobro_rescue_window_show_problem (CobroRescueWindow *self, const char *sentence);

G_END_DECLS
