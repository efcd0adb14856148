/* src/store/cobro-recurring-store.h — schedules of invoices in the books. The relay issues what they ask for; what it
 * issued comes back by its feed.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-link-store.h"
#include "cobro-recurring.h"

typedef struct
{
  gint ref_count; /* private */
  gint64 row;
  CobroRecurring *recurring; /* rev is the relay's */
  gint64 issued;             /* how many documents came of it so far */
  CobroRecordState state;
  char *reason; /* REJECTED: in words, else "" */
  char *path;
} CobroRecurringRecord;
CobroRecurringRecord *cobro_recurring_record_ref (CobroRecurringRecord *record);
void cobro_recurring_record_unref (CobroRecurringRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRecurringRecord, cobro_recurring_record_unref)

/* Stores and uploads it; one without id is new. Pausing: put with paused set. COBRO_ERROR_INVALID with the path. */
void cobro_recurring_store_put_async (CobroStore *store, const CobroRecurring *recurring, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
CobroRecurringRecord *cobro_recurring_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (element-type CobroRecurringRecord) all of them, newest first. */
void cobro_recurring_store_list_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *cobro_recurring_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
