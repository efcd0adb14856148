/* src/model/cobro-attention.h — what needs the merchant's attention, live: a list of CobroAttentionItem, what must be
 * looked at first comes first; and what is decided about it. Layer: model. Main thread. */
#pragma once
#include "cobro-invoices.h"
#include "cobro-matter.h"
#include "cobro-refunds.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ATTENTION_ITEM (cobro_attention_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroAttentionItem, cobro_attention_item, COBRO, ATTENTION_ITEM, GObject)
/* Lent for the item's life; what changes becomes another item. */
const CobroMatter *cobro_attention_item_get_matter (CobroAttentionItem *self);

#define COBRO_TYPE_ATTENTION (cobro_attention_get_type ())
G_DECLARE_FINAL_TYPE (CobroAttention, cobro_attention, COBRO, ATTENTION, GObject)

/* A GListModel. Property "count" (guint): how many there are. Signals: "answered": the books were read; "failed"
 * (GError): something that nobody waits for went wrong; "news" (GPtrArray of CobroMatter): the merchant should hear of
 * these wherever they are, each once, ever. */

/* Keeps all of them. What is decided can be taken back by the undo of @links. */
CobroAttention *cobro_attention_new (CobroLinks *links, CobroInvoices *invoices, CobroRefunds *refunds,
                                     CobroSyncEngine *engine);
guint cobro_attention_get_count (CobroAttention *self);
/* Whether the books were read yet. */
gboolean cobro_attention_is_read (CobroAttention *self);
/* Whether the books were read since they last changed, and whoever should hear of it has been told. */
gboolean cobro_attention_is_settled (CobroAttention *self);
/* The books' clock. */
CobroTime cobro_attention_get_now (CobroAttention *self);
/* Time has passed: dates may have come. */
void cobro_attention_look_again (CobroAttention *self);
/**
 * cobro_attention_decide:
 * @way: one of cobro_matter_ways(), apart from COPY and SEND
 * @done_text: what the person reads when it is done, and may be taken back
 *
 * Money and whatever the relay is asked for goes after COBRO_ATTENTION_UNDO_TIME, also when the program was closed
 * meanwhile; without a relay, as soon as there is one. Failures are announced by "failed".
 */
void cobro_attention_decide (CobroAttention *self, CobroAttentionItem *item, CobroMatterWay way, const char *done_text);
/* The mail again, to @to. The item goes when it is queued. */
void cobro_attention_send (CobroAttention *self, CobroAttentionItem *item, const char *to);

G_END_DECLS
