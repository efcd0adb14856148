/* tests/store/attention-fixture.h — books in which things have gone wrong, as the relay's feed tells it.
 * Layer: tests. */
#pragma once
#include "cobro-attention-store.h"
#include "store-fixture.h"

/* The relay tells of a payment of a link, in EUR: @received of @asked came (0: nothing yet). Its id. */
CobroId attention_pay (StoreFixture *self, const CobroId *link_id, gint64 asked, gint64 received, guint flags);
/* One that came whole and is disputed; @lost: what the bank has taken back; @due: by when to answer. */
CobroId attention_dispute (StoreFixture *self, const CobroId *link_id, gint64 minor, gint64 lost, CobroTime due);
/* An event of the relay's log; @object: JSON. */
void attention_tell (StoreFixture *self, const char *type, const char *object_id, const CobroId *link_id,
                     const char *object);
/* A link that was made, of EUR @minor; may be paid in parts. */
CobroId attention_link (StoreFixture *self, const char *title, gint64 minor, gboolean in_parts);
/* One of every kind that needs no invoice. */
void attention_fill (StoreFixture *self);

/* (transfer full) (element-type CobroMatter). */
GPtrArray *attention_list (StoreFixture *self);
/* (transfer full) (nullable) the first one of that kind. */
CobroMatter *attention_find (StoreFixture *self, CobroMatterKind kind);
/* (transfer full) it must succeed. */
CobroAttentionDecision *attention_decide (StoreFixture *self, CobroMatter *matter, CobroMatterWay way);
