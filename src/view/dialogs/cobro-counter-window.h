/* src/view/dialogs/cobro-counter-window.h — for the customer on the other side of the counter: total and QR code in
 * large, and "Paid" when it is. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-link-item.h"

G_BEGIN_DECLS

#define COBRO_TYPE_COUNTER_WINDOW (cobro_counter_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroCounterWindow, cobro_counter_window, COBRO, COUNTER_WINDOW, AdwWindow)

/* Shows @item and follows it. The caller makes it full-screen. */
CobroCounterWindow *cobro_counter_window_new (GtkWindow *parent, CobroBusiness *business, CobroLinkItem *item);

G_END_DECLS
