/* relay/store/relay-endpoint-store.h — where merchants want to hear of events: address, filter, secrets, health.
 * Layer: relay/store. */
#pragma once
#include "relay-store.h"

typedef enum
{
  RELAY_POLICY_EXPONENTIAL,
  RELAY_POLICY_LINEAR,
  RELAY_POLICY_POLYNOMIAL,
} RelayPolicy;
/* "exponential" … */
const char *relay_policy_name (RelayPolicy policy);
gboolean relay_policy_from_name (const char *name, RelayPolicy *out_policy);

/* An endpoint. */
typedef struct
{
  gint ref_count; /* private */
  CobroId merchant_id, id;
  gboolean livemode;
  char *url;
  char *types; /* "*", or event types between blanks: " payment.succeeded refund.failed " */
  RelayPolicy policy;
  gboolean is_active;
  char *disabled_reason;   /* "" when active; "merchant", "gone" (410), "failing" (5 days), "deleted" */
  char *reason_before;     /* deleted: disabled_reason until then; "" otherwise */
  char *secret;            /* "whsec_…"; NULL when it was not asked for */
  char *old_secret;        /* (nullable) signs, too, until old_until */
  CobroTime old_until;     /* 0: there is none */
  gint64 since;            /* events after this sequence are for it */
  guint failures;          /* in a row */
  CobroTime failing_since; /* 0: it works */
  guint opened;            /* its breaker: how often in a row it opened; 0: closed */
  CobroTime pause_until;   /* nothing is sent before; 0: now */
  CobroTime next_at;       /* read only */
  CobroTime created_at, updated_at;
} RelayEndpoint;
RelayEndpoint *relay_endpoint_new (void);
/* (transfer full) without the secrets. */
RelayEndpoint *relay_endpoint_dup (const RelayEndpoint *endpoint);
RelayEndpoint *relay_endpoint_ref (RelayEndpoint *endpoint);
/* Wipes the secrets with the last reference. */
void relay_endpoint_unref (RelayEndpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayEndpoint, relay_endpoint_unref)
/* TRUE when its filter lets @type through. */
gboolean relay_endpoint_wants (const char *types, const char *type);

/* Writes a new one; the id is made here, since is the present end of the log. */
gboolean relay_endpoint_insert (RelayTx *tx, RelayEndpoint *endpoint, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes everything but the secrets, created_at and next_at. */
gboolean relay_endpoint_save (RelayTx *tx, const RelayEndpoint *endpoint, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The new secret signs from the commit on; the one before signs, too, until @old_until (0: it is forgotten). */
gboolean relay_endpoint_save_secret (RelayTx *tx, RelayEndpoint *endpoint, const char *secret, CobroTime old_until,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* failures, failing_since, opened, pause_until alone: what a try changes. */
gboolean relay_endpoint_save_health (RelayTx *tx, const RelayEndpoint *endpoint,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) without secrets; deleted ones are not found. NULL with COBRO_ERROR_NOT_FOUND. */
RelayEndpoint *relay_endpoint_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* The same, deleted or not, in either mode; locks the row where several writers work at once. */
RelayEndpoint *relay_endpoint_hold (CobroDb *db, const CobroId *merchant_id, const CobroId *id, GError **error);
/* (transfer full) (element-type RelayEndpoint) oldest first, without secrets and deleted ones. */
GPtrArray *relay_endpoint_list (CobroDb *db, const RelayScope *scope, GError **error);
/* How many there are, deleted ones not counted. */
gboolean relay_endpoint_count (CobroDb *db, const RelayScope *scope, gint64 *out_n,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the secrets from the row into @endpoint. FALSE with COBRO_ERROR_SIGNATURE when they do not open. */
gboolean relay_endpoint_open_secrets (RelayStore *store, CobroDb *db, RelayEndpoint *endpoint,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (element-type RelayEndpoint) those to look at now, merchants in turn, at most @limit; locked where
 * several writers work at once, those that others look at left out. With secrets. */
GPtrArray *relay_endpoint_list_due (RelayTx *tx, guint limit, GError **error);
/* When the next one is to be looked at; 0: nothing waits. */
gboolean relay_endpoint_next_due (CobroDb *db, CobroTime *out_next, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets next_at: what waits cannot be taken before. */
gboolean relay_endpoint_wake_at (RelayTx *tx, const RelayEndpoint *endpoint, CobroTime next_at,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Computes next_at anew from what waits. */
gboolean relay_endpoint_refresh (RelayTx *tx, const CobroId *merchant_id, const CobroId *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
