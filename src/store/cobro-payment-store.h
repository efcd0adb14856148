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
