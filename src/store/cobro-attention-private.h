/* src/store/cobro-attention-private.h — what the files that derive attention share.
 * Layer: store, private to it. Inside a job. */
#pragma once
#include "cobro-attention-store.h"
#include "cobro-store-private.h"

/* How a decision stands. */
typedef enum
{
  COBRO_DECISION_IS_DONE,
  COBRO_DECISION_IS_OPEN,    /* the relay is to be asked */
  COBRO_DECISION_IS_REFUSED, /* it would not: shown again, with the reason */
} CobroDecisionState;

typedef struct
{
  CobroStoreTx *tx;
  GPtrArray *found;     /* (element-type CobroMatter) */
  GHashTable *decided;  /* "kind/subject" → Decided */
  GHashTable *refusing; /* (element-type utf8) payments with a refund that came to nothing */
} CobroAttentionLook;

/* Adds it, unless it was decided as it stands: then FALSE. Takes @attention. */
gboolean cobro_attention_look_add (CobroAttentionLook *look, CobroMatter *attention);

/* What a payment of a link holds. */
typedef struct
{
  CobroId id;
  CobroMoney rest;    /* received − what went or is on its way − lost */
  CobroMoney leaving; /* on its way */
  gboolean duplicate, by_hand;
} CobroAttentionHeld;
/* (transfer full) (element-type CobroAttentionHeld) the succeeded payments of a link, in @currency, newest first. */
GArray *cobro_attention_read_held (CobroStoreTx *tx, const CobroId *link_id, CobroCurrency currency, GError **error);

/* The sources. */
gboolean cobro_attention_look_refunds (CobroAttentionLook *look, GError **error);
gboolean cobro_attention_look_payments (CobroAttentionLook *look, GError **error);
gboolean cobro_attention_look_sums (CobroAttentionLook *look, GError **error);
gboolean cobro_attention_look_told (CobroAttentionLook *look, GError **error);
gboolean cobro_attention_look_records (CobroAttentionLook *look, GError **error);
