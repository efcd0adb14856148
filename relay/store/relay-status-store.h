/* relay/store/relay-status-store.h — how the books are doing, as far as it concerns one merchant: what waits, which
 * providers answer, when the books were last copied. Layer: relay/store. Only reads, apart from the note of a copy. */
#pragma once
#include "relay-store.h"

/* What waits of one merchant's, in one mode. */
typedef struct
{
  gint64 deliveries, dead_letters; /* outgoing webhooks */
  gint64 mails;
  gint64 payments; /* asked about at their provider */
  gint64 refunds;
  gint64 inbox; /* messages of providers that are not understood yet */
} RelayStatusCounts;
/* Answered from indexes of what is open. */
gboolean relay_status_count (CobroDb *db, const RelayScope *scope, RelayStatusCounts *out_counts,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One account at a provider, and its breaker. */
typedef struct
{
  char *provider;
  gboolean enabled;
  gint64 opened;                    /* how often in a row the breaker opened; 0: closed */
  CobroTime open_until, changed_at; /* 0: it never opened */
} RelayStatusProvider;
void relay_status_provider_free (RelayStatusProvider *provider);
/* (transfer full) (element-type RelayStatusProvider) by name; without the one for what came another way. */
GPtrArray *relay_status_list_providers (CobroDb *db, const RelayScope *scope, GError **error);

/* Notes in the folder that a copy of the books was made and found whole. FALSE with COBRO_ERROR_IO. */
gboolean relay_status_note_copy (RelayStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When that last was; 0: never, or the database's own tools do it. */
CobroTime relay_status_last_copy (RelayStore *store);
