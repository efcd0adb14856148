/* relay/store/relay-link-store.h — links as the relay keeps them: the decisions, the sums of what happened, the token.
 * Layer: relay/store. Reads take any connection; writes take a transaction. */
#pragma once
#include "cobro-link-status.h"
#include "relay-event-store.h"

/* One link. The sums (tally) are a cache on the row that the audit recomputes from payments, refunds and the ledger. */
typedef struct
{
  gint64 row; /* internal number; stable */
  CobroId merchant_id;
  CobroLink *link; /* without token; use relay_link_dup_token() */
  CobroLinkTally tally;
  gint64 newest_payment; /* row of the newest attempt; 0 none */
  gint64 slots_given;    /* highest slot ever leased */
  gint64 version;        /* grows with everything that may change the page: document, sums, leases */
  gboolean expiry_told;  /* link.expired is in the log */
  char *edited;          /* (nullable) what the desktop keeps beside the document, JSON, untouched */
} RelayLinkRecord;
void relay_link_record_free (RelayLinkRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayLinkRecord, relay_link_record_free)

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND: no such link, another merchant's, or of the other mode. */
RelayLinkRecord *relay_link_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* By the merchant's own reference. */
RelayLinkRecord *relay_link_find_by_reference (CobroDb *db, const RelayScope *scope, const char *reference,
                                               GError **error);
/**
 * relay_link_find_by_token:
 * @token: as it came in the URL; anything that is not a token is simply not found
 * @out_replaced: (out): whether this token was replaced by a newer one (the record is then returned as well)
 *
 * Looked up by 16 bytes of its SHA-256; the whole hash is compared in constant time.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_NOT_FOUND
 */
RelayLinkRecord *relay_link_find_by_token (CobroDb *db, const char *token, gboolean *out_replaced, GError **error);
/* The present token, opened. FALSE when the key that sealed it was lost. */
gboolean relay_link_get_token (RelayStore *store, const RelayLinkRecord *record, CobroToken *out_token,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is there of an invoice's money: paid − refunded − lost. FALSE with COBRO_ERROR_OVERFLOW. */
gboolean relay_link_net (const RelayLinkRecord *record, CobroMoney *out_net, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A list, newest first, page by page; without the links of invoices. */
typedef struct
{
  const char *text;      /* (nullable) part of title, reference, description or customer, any case */
  const char *reference; /* (nullable) exactly */
  int status;            /* CobroLinkStatus, or -1 */
  int paid_status;       /* CobroPaidStatus, or -1 */
  CobroTime now;         /* statuses are computed at this time */
  const char *cursor;    /* (nullable) from the page before */
  guint limit;           /* 1 … 100 */
} RelayLinkQuery;
/* (transfer full) (element-type RelayLinkRecord); @out_cursor: (nullable) of the next page. NULL with
 * COBRO_ERROR_INVALID (path "cursor") or the database's error. */
GPtrArray *relay_link_list (CobroDb *db, const RelayScope *scope, const RelayLinkQuery *query, char **out_cursor,
                            GError **error);

/* Writes below keep every index, write no event and decide nothing: relay/checkout/relay-links.h does. */

/* FALSE with COBRO_ERROR_EXISTS: id, reference (path "reference") or token (path "token") is taken. */
RelayLinkRecord *relay_link_insert (RelayTx *tx, const CobroId *merchant_id, const CobroLink *link,
                                    const CobroToken *token, const char *edited, GError **error);
/* Stores @link's decisions over @record (id, token and sums stay), bumps version, replaces record->link. */
gboolean relay_link_update (RelayTx *tx, RelayLinkRecord *record, CobroLink *link, const char *edited,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The old token answers "replaced" from the commit on. */
gboolean relay_link_set_token (RelayTx *tx, RelayLinkRecord *record, const CobroToken *token,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores tally, newest_payment, slots_given, expiry_told; bumps version; wakes the page's topic. */
gboolean relay_link_save_sums (RelayTx *tx, RelayLinkRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One event with the /v1 Link (no url, no token) as it is now. */
gboolean relay_link_append_event (RelayTx *tx, const RelayLinkRecord *record, CobroEventType type,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type RelayLinkRecord) links whose expiry has come and was not told yet; at most @limit. */
GPtrArray *relay_link_list_expired (CobroDb *db, CobroTime now, guint limit, GError **error);
