/* relay/store/relay-list.h — what the lists of payments and refunds share: conditions put together from the filters
 * that are set, so that every combination has its index; newest first by id, which is by time. Layer: relay/store,
 * private to it. */
#pragma once
#include "relay-store.h"

/* The filters. NULL and 0: any. */
typedef struct
{
  const RelayScope *scope;
  const char *state, *other_state; /* either of them */
  const char *gateway;
  const char *parent_column, *parent; /* "link_id" and the id, "payment_id" and the id */
  CobroTime start, end;               /* created in [start, end) */
  const char *cursor;                 /* an id: only older ones */
} RelayListFilter;

/* Appends " WHERE …". */
void relay_list_append_where (GString *sql, const RelayListFilter *filter);
void relay_list_bind (CobroDbStatement *statement, const RelayListFilter *filter, CobroIdKind kind);
/* Counts what matches, up to RELAY_LIST_COUNT_MAX. */
gboolean relay_list_count (CobroDb *db, const char *table, const RelayListFilter *filter, CobroIdKind kind,
                           gint64 *out_total, gboolean *out_is_minimum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the prepared page: limit + 1 rows. */
CobroDbStatement *relay_list_prepare (CobroDb *db, const char *columns, const char *table,
                                      const RelayListFilter *filter, CobroIdKind kind, guint limit, gint64 offset,
                                      GError **error);
