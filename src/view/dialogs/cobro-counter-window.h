/* src/view/dialogs/cobro-counter-window.h — for the customer on the other side of the counter: total and QR code in
 * large, and "Paid" when it is. Then the next sale: Ctrl+N, the amount, Enter. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-links.h"

G_BEGIN_DECLS

#define COBRO_TYPE_COUNTER_WINDOW (cobro_counter_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroCounterWindow, cobro_counter_window, COBRO, COUNTER_WINDOW, AdwWindow)

/* Actions: "counter.next" asks for the next sale's amount, "counter.back" leaves that, else the window. */

/* Shows @item and follows it; without one (nullable) it asks for the first sale's amount. @sound: whether it is also
 * heard when it is paid. The caller makes it full-screen. */
CobroCounterWindow *cobro_counter_window_new (GtkWindow *parent, CobroLinks *links, CobroBusiness *business,
                                              CobroLinkItem *item, gboolean sound);
/* (nullable) Lent: the sale that is shown. */
CobroLinkItem *cobro_counter_window_get_item (CobroCounterWindow *self);

G_END_DECLS
