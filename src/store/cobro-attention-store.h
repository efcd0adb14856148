/* src/store/cobro-attention-store.h — what needs the merchant's attention, derived from the books, and what was decided
 * about it. Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-matter.h"
#include "cobro-refund-order-store.h"

/* How many rows of one source are looked at, at most: nobody works through more. */
#define COBRO_ATTENTION_MAX       1000
/* A decision that moves money, or that the relay is asked for, waits so long, so that it can be taken back. */
#define COBRO_ATTENTION_UNDO_TIME (10 * COBRO_SECOND)

/* (transfer full) (element-type CobroMatter) what must be looked at first comes first. */
void cobro_attention_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *cobro_attention_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);

/**
 * cobro_attention_store_announce_async:
 * @matters: (element-type CobroMatter): all that there are
 *
 * Which of those that call (cobro_matter_calls()) nobody was told of yet. They count as told from then on, also after a
 * restart; what is not there any more is forgotten.
 */
void cobro_attention_store_announce_async (CobroStore *store, GPtrArray *matters, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (element-type CobroMatter) */
GPtrArray *cobro_attention_store_announce_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* What a decision did: enough to take it back. */
typedef struct
{
  CobroMatter *about; /* owned */
  CobroMatterWay way;
  GArray *orders;    /* (element-type CobroId) refunds that were ordered */
  CobroTime due;     /* when the relay is asked; 0: it is not */
  CobroLink *before; /* (nullable) CLOSE: the link as it was */
} CobroAttentionDecision;
void cobro_attention_decision_free (CobroAttentionDecision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroAttentionDecision, cobro_attention_decision_free)

/**
 * cobro_attention_store_decide_async:
 * @about: as it was listed
 * @way: one of its ways that the books know of: not COPY, SEND, REMIND, MINE, THEIRS, nor CLOSE of an invoice
 *
 * Writes the decision down; money goes back by refund orders that wait COBRO_ATTENTION_UNDO_TIME. COBRO_ERROR_STATE: it
 * is not what it was when it was listed.
 */
void cobro_attention_store_decide_async (CobroStore *store, CobroMatter *about, CobroMatterWay way,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) */
CobroAttentionDecision *cobro_attention_store_decide_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* COBRO_ERROR_STATE: the relay was asked already. Finish with cobro_attention_store_undo_finish(). */
void cobro_attention_store_undo_async (CobroStore *store, const CobroAttentionDecision *decision,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_attention_store_undo_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (transfer full) the link as it would be with the values that the last conflict put aside. NULL with an error. Waits.
 */
CobroLink *cobro_attention_store_read_other (CobroStore *store, const CobroId *link_id, GError **error);

/* ── What the relay is still to be asked for ────────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroMatterKind kind;
  char *subject;
  char *target; /* what the relay is asked about: a payment, a delivery, an endpoint */
  CobroMatterWay way;
  CobroTime due;
} CobroAttentionErrand;
void cobro_attention_errand_free (CobroAttentionErrand *errand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroAttentionErrand, cobro_attention_errand_free)
/* (transfer full) (element-type CobroAttentionErrand) the earliest first. Waits. */
GPtrArray *cobro_attention_store_errands (CobroStore *store, GError **error);
/* @problem: (nullable): why the relay would not; %NULL: it is done. Waits; any thread but the store's. */
gboolean cobro_attention_store_settle (CobroStore *store, const CobroAttentionErrand *errand, const char *problem,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
