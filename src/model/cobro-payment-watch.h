/* src/model/cobro-payment-watch.h — one payment with all that went back, or is to go back, live.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-links.h"
#include "cobro-refund-order-store.h"

G_BEGIN_DECLS

/* Signal "changed": it was read (again). */
#define COBRO_TYPE_PAYMENT_WATCH (cobro_payment_watch_get_type ())
G_DECLARE_FINAL_TYPE (CobroPaymentWatch, cobro_payment_watch, COBRO, PAYMENT_WATCH, GObject)
CobroPaymentWatch *cobro_payment_watch_new (CobroLinks *links, const CobroId *payment_id);
/* (nullable) Lent until the next "changed"; NULL before the first. */
const CobroPaymentDetail *cobro_payment_watch_get_detail (CobroPaymentWatch *self);

G_END_DECLS
