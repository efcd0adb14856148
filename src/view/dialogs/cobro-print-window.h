/* src/view/dialogs/cobro-print-window.h — what will come out of the printer, before it does. Of our own: the system's
 * dialog starts a program for it that need not be there, and says nothing when it is not. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-paper.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PRINT_WINDOW (cobro_print_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroPrintWindow, cobro_print_window, COBRO, PRINT_WINDOW, AdwWindow)

/* Draws @paper at once and does not keep it. Signal "print" (parent): the button was pressed; the window has closed,
 * and printing belongs to its parent. */
CobroPrintWindow *cobro_print_window_new (GtkWindow *parent, CobroPaper *paper, const char *name);

G_END_DECLS
