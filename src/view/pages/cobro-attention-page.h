/* src/view/pages/cobro-attention-page.h — the place "Needs Attention".
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-attention.h"
#include "cobro-connection.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ATTENTION_PAGE (cobro_attention_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroAttentionPage, cobro_attention_page, COBRO, ATTENTION_PAGE, AdwBin)

/* Once; keeps them. */
void cobro_attention_page_set_models (CobroAttentionPage *self, CobroAttention *attention, CobroConnection *connection);
/* Scrolls to one of them and puts the keyboard on it, as soon as the books are read; nothing when it is settled. @key:
 * cobro_matter_dup_key(). */
void cobro_attention_page_show (CobroAttentionPage *self, const char *key);

G_END_DECLS
