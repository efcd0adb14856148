/* src/view/rows/cobro-attention-row.h — one thing that needs attention: what happened, what it means, and its buttons.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-attention.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ATTENTION_ROW (cobro_attention_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroAttentionRow, cobro_attention_row, COBRO, ATTENTION_ROW, GtkListBoxRow)

/* Signal "chosen" (guint): a CobroMatterWay was pressed. @now: the books' clock. */
GtkWidget *cobro_attention_row_new (CobroAttentionItem *item, CobroTime now);
/* Lent. */
CobroAttentionItem *cobro_attention_row_get_item (CobroAttentionRow *self);

G_END_DECLS
