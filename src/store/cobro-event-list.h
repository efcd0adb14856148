/* src/store/cobro-event-list.h — the relay's log as far as it was read, as a list.
 * Layer: store. Main context. */
#pragma once
#include "cobro-event.h"
#include "cobro-invoice-store.h"

/* One event as it was told. */
typedef struct
{
  gint ref_count;  /* private */
  gint64 sequence; /* also its row */
  char *id, *type; /* also types that this program does not know */
  CobroTime occurred_at;
  char *object_id;
  char *object; /* JSON */
} CobroEventRecord;
CobroEventRecord *cobro_event_record_ref (CobroEventRecord *record);
void cobro_event_record_unref (CobroEventRecord *record);

typedef struct
{
  const char *search; /* NULL: this list has no words to be found by */
  gint type;          /* CobroEventType; -1: all */
} CobroEventQuery;

/* As those of cobro-invoice-store.h, newest first; (element-type CobroEventRecord). */
void cobro_event_store_list_async (CobroStore *store, const CobroEventQuery *query, guint limit,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_event_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
void cobro_event_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_event_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);
