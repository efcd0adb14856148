/* relay/store/relay-recurring-store.h — invoices that are issued again and again: the schedule, and how far it has
 * come. Layer: relay/store. */
#pragma once
#include "cobro-recurring.h"
#include "relay-store.h"

typedef struct
{
  CobroId merchant_id;
  CobroRecurring *recurring;
  gint64 issued;     /* how many periods were issued: the next is that number, counted from 0 */
  CobroTime next_at; /* when the next is due; 0: none is left, or it rests */
  char *notice;      /* why the last could not be issued; "" */
  char *edited;      /* (nullable) the desktops' edit times */
} RelayRecurringRecord;
void relay_recurring_record_free (RelayRecurringRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRecurringRecord, relay_recurring_record_free)

/* Makes or replaces the schedule; how far it has come stays. @zone: the merchant's, in which a day begins. FALSE with
 * COBRO_ERROR_EXISTS at "id": one of the other mode has it. */
gboolean relay_recurring_put (RelayTx *tx, const RelayScope *scope, const CobroRecurring *recurring, const char *zone,
                              const char *edited, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
RelayRecurringRecord *relay_recurring_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* (transfer full) (element-type RelayRecurringRecord) newest first, at most @limit older than @cursor. */
GPtrArray *relay_recurring_list (CobroDb *db, const RelayScope *scope, const char *cursor, guint limit, GError **error);
/* (transfer full) (element-type RelayRecurringRecord) everybody's whose time has come; at most @limit. */
GPtrArray *relay_recurring_list_due (CobroDb *db, CobroTime now, guint limit, GError **error);
/* @issued periods are done now; the next comes when its day begins. @notice: "" or why one could not be issued. */
gboolean relay_recurring_advance (RelayTx *tx, RelayRecurringRecord *record, gint64 issued, const char *zone,
                                  const char *notice, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Looked at again at @when, with what was wrong. */
gboolean relay_recurring_put_off (RelayTx *tx, RelayRecurringRecord *record, CobroTime when, const char *notice,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
