/* src/model/cobro-link-item.h — one link as the window shows it: the merchant's decisions, what became of it, and
 * whether the relay has it. There is one item per link; "changed" says that it is not what it was, so whoever shows it
 * stays live. Layer: model. Main thread. */
#pragma once
#include "cobro-link-status.h"
#include "cobro-link-store.h"
#include "cobro-row-item.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LINK_ITEM (cobro_link_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinkItem, cobro_link_item, COBRO, LINK_ITEM, CobroRowItem)

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
