/* relay/checkout/relay-links-private.h — the steps that commands over the API and pushed operations share.
 * Layer: relay/checkout. Inside a transaction, on the writer's thread. */
#pragma once
#include "relay-link-store.h"

/* Whether two links say the same, revision, mode and times apart. */
gboolean relay_links_is_same (const CobroLink *a, const CobroLink *b);
/* Checks, stores @to (its rev and times are set) over the record, ends leases when that cancels it, one event. */
gboolean relay_links_put_over (RelayTx *tx, RelayLinkRecord *record, CobroLink *to, const char *edited,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE with COBRO_ERROR_STATE for a link that follows its invoice. */
gboolean relay_links_check_own (const RelayLinkRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who is still paying a cancelled link is not waited for: the janitor cancels at the provider, now. */
gboolean relay_links_end_leases (RelayTx *tx, const RelayLinkRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new link with one event; rev and times are set. */
gboolean relay_links_insert (RelayTx *tx, const RelayScope *scope, CobroLink *link, const CobroToken *token,
                             const char *edited, RelayLinkRecord **out_record,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next revision, with this token; one event. */
gboolean relay_links_put_token (RelayTx *tx, RelayLinkRecord *record, const CobroToken *token,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
