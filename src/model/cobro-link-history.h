/* src/model/cobro-link-history.h — what happened to one link: its payments and its timeline, live.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-links.h"
#include "cobro-payment-store.h"

G_BEGIN_DECLS

/* One payment. */
#define COBRO_TYPE_PAYMENT_ITEM (cobro_payment_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroPaymentItem, cobro_payment_item, COBRO, PAYMENT_ITEM, GObject)
/* Lent. */
const CobroPayment *cobro_payment_item_get_payment (CobroPaymentItem *self);

/* One thing that happened. */
#define COBRO_TYPE_TIMELINE_ITEM (cobro_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroTimelineItem, cobro_timeline_item, COBRO, TIMELINE_ITEM, GObject)
/* Lent. */
const CobroTimelineEntry *cobro_timeline_item_get_entry (CobroTimelineItem *self);

/* How much of a timeline is shown. */
#define COBRO_LINK_HISTORY_MAX 200

#define COBRO_TYPE_LINK_HISTORY (cobro_link_history_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkHistory, cobro_link_history, COBRO, LINK_HISTORY, GObject)

/* Signal "failed" (GError). Reads at once and again whenever the link changes. */
CobroLinkHistory *cobro_link_history_new (CobroLinks *links, const CobroId *link_id);
/* Lent: CobroPaymentItem and CobroTimelineItem, newest first. */
GListModel *cobro_link_history_get_payments (CobroLinkHistory *self);
GListModel *cobro_link_history_get_timeline (CobroLinkHistory *self);

G_END_DECLS
