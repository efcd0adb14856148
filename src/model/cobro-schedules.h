/* src/model/cobro-schedules.h — invoices that are issued again and again: the schedules, as a service. The relay
 * issues. Layer: model. Main thread. */
#pragma once
#include "cobro-recurring-store.h"

G_BEGIN_DECLS

#define COBRO_TYPE_SCHEDULES (cobro_schedules_get_type ())
G_DECLARE_FINAL_TYPE (CobroSchedules, cobro_schedules, COBRO, SCHEDULES, GObject)

/* Signal "changed": the books are not what they were. */

/* Keeps @store. */
CobroSchedules *cobro_schedules_new (CobroStore *store);
/* The merchant's civil date. */
CobroDay cobro_schedules_get_today (CobroSchedules *self);
/* (transfer full) (element-type CobroRecurringRecord) all of them, newest first. */
void cobro_schedules_list_async (CobroSchedules *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *cobro_schedules_list_finish (CobroSchedules *self, GAsyncResult *result, GError **error);
/* Stores and uploads; one without id is new. (transfer full) COBRO_ERROR_INVALID with the path. */
void cobro_schedules_put_async (CobroSchedules *self, const CobroRecurring *recurring, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
CobroRecurringRecord *cobro_schedules_put_finish (CobroSchedules *self, GAsyncResult *result, GError **error);

G_END_DECLS
