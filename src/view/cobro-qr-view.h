/* src/view/cobro-qr-view.h — a QR code as a widget: black on white in every theme, quiet zone included, crisp at any
 * size. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_QR_VIEW (cobro_qr_view_get_type ())
G_DECLARE_FINAL_TYPE (CobroQrView, cobro_qr_view, COBRO, QR_VIEW, GtkWidget)

/* Property "text": what the code says; "" draws nothing. */
void cobro_qr_view_set_text (CobroQrView *self, const char *text);
const char *cobro_qr_view_get_text (CobroQrView *self);

G_END_DECLS
