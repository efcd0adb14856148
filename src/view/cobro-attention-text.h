/* src/view/cobro-attention-text.h — what the window says about something that needs attention: what happened, what it
 * means for the money, by when; and what its buttons are called. Layer: view. Main thread. Results that are not const
 * are (transfer full). */
#pragma once
#include "cobro-attention.h"

G_BEGIN_DECLS

/* "Paid twice: €12.00" */
char *cobro_attention_title (const CobroMatter *matter);
/* "Coffee beans · Ana · Dec 1, 2026" */
char *cobro_attention_subtitle (const CobroMatter *matter);
/* Sentences. */
char *cobro_attention_words (const CobroMatter *matter);
/* "Answer by Dec 1, 2026"; "" without a date. @now: the books' clock. */
char *cobro_attention_due (const CobroMatter *matter, CobroTime now);
const char *cobro_attention_icon (const CobroMatter *matter);
/* The button's label, and what is said when it was pressed. */
char *cobro_attention_way_label (const CobroMatter *matter, CobroMatterWay way);
char *cobro_attention_way_done (const CobroMatter *matter, CobroMatterWay way);

G_END_DECLS
