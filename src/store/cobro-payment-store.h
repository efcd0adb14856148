/* src/store/cobro-payment-store.h — payments, refunds and the timeline: what the relay has told. Copies, never changed
 * by this side.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-event.h"
#include "cobro-store.h"

/* (element-type CobroPayment) of a link, newest first. */
void cobro_payment_store_list_async (CobroStore *store, const CobroId *link_id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_payment_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* One entry of a link's timeline. */
typedef struct
{
  gint64 sequence; /* the relay's; 0: something that happened here (a conflict) */
  char *type;      /* "payment.succeeded" …; here also "conflict.merged", "conflict.copied" */
  CobroTime occurred_at;
  CobroId object_id;     /* the link, payment or refund */
  CobroPayment *payment; /* payment.*: as it was then; else NULL */
  CobroRefund *refund;   /* refund.*: as it was then; else NULL */
  char *member;          /* conflict.merged: the field, else "" */
  char *other_value;     /* conflict.merged: the value that lost, as JSON text, else "" */
} CobroTimelineEntry;
void cobro_timeline_entry_free (CobroTimelineEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroTimelineEntry, cobro_timeline_entry_free)

/* (element-type CobroTimelineEntry) of a link, newest first, at most @limit. */
void cobro_timeline_list_async (CobroStore *store, const CobroId *link_id, guint limit, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_timeline_list_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Inside a writing job, for sync ─────────────────────────────────────────────────────────────────────────────── */

/* Takes over what an event tells. @document: the event's object as it came. */
gboolean cobro_payment_store_heard (CobroStoreTx *tx, CobroPayment *payment, const char *document,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores it without telling anybody. @known: the user knows of it already, and is not told later, either. */
gboolean cobro_payment_store_keep (CobroStoreTx *tx, const CobroPayment *payment, const char *document, gboolean known,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what was recorded here and never told to anybody. The sums of its link are to be made anew. */
gboolean cobro_payment_store_forget (CobroStoreTx *tx, const CobroId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @out_link_id: (out): the link of its payment; none when the payment has none. */
gboolean cobro_refund_store_heard (CobroStoreTx *tx, const CobroRefund *refund, const char *document,
                                   CobroId *out_link_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of the relay's log; also of a type that this program does not know. */
typedef struct
{
  gint64 sequence;
  const char *id;
  const char *type;
  CobroTime occurred_at;
  CobroId link_id; /* the link it has to do with, or none */
  CobroId object_id;
  const char *object; /* JSON as it came */
  const char *hash;
} CobroHeardEvent;
gboolean cobro_event_store_append (CobroStoreTx *tx, const CobroHeardEvent *event,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The log begins anew: another relay, or the same one with another log. */
gboolean cobro_event_store_forget (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
