/* src/model/cobro-link-item.h — one link as the window shows it: the merchant's decisions, what became of it, and
 * whether the relay has it. There is one item per link; "changed" says that it is not what it was, so whoever shows it
 * stays live. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-link-status.h"
#include "cobro-link-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LINK_ITEM (cobro_link_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkItem, cobro_link_item, COBRO, LINK_ITEM, GObject)

/* An item that is not read yet: everything about it is empty until it is filled. */
CobroLinkItem *cobro_link_item_new (gint64 row);
/* Takes what the books say now, and says "changed" where that differs from before. */
void cobro_link_item_fill (CobroLinkItem *self, CobroLinkRecord *record, const char *url, CobroTime now);
/* Looks at the clock again: a link may have expired or become payable meanwhile. */
void cobro_link_item_tick (CobroLinkItem *self, CobroTime now);

/* Whether it was read. */
gboolean cobro_link_item_is_filled (CobroLinkItem *self);
/* Its number in the books. */
gint64 cobro_link_item_get_row (CobroLinkItem *self);
/* Lent until "changed". Never NULL. */
const CobroLink *cobro_link_item_get_link (CobroLinkItem *self);
/* Lent for the item's life; "" before it was read. */
const char *cobro_link_item_get_id (CobroLinkItem *self);
const CobroLinkTally *cobro_link_item_get_tally (CobroLinkItem *self);
CobroLinkView cobro_link_item_get_view (CobroLinkItem *self);
CobroRecordState cobro_link_item_get_state (CobroLinkItem *self);
/* Whether the relay has had some version of it: then its address works. */
gboolean cobro_link_item_get_ever_live (CobroLinkItem *self);
/* Why it was refused or is in conflict, in words; "" otherwise. */
const char *cobro_link_item_get_reason (CobroLinkItem *self);
/* The address that a customer opens, final from the moment the link was made; "" where no relay was ever known. */
const char *cobro_link_item_get_url (CobroLinkItem *self);

G_END_DECLS
