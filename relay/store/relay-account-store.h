/* relay/store/relay-account-store.h — a merchant's accounts at payment providers; settings and secrets are sealed.
 * Layer: relay/store. It knows names and values, not what they mean: that is the provider's. */
#pragma once
#include "relay-account-rules.h"
#include "relay-store.h"

/* One account, opened. */
typedef struct
{
  char *id; /* 128 random bits, hex */
  CobroId merchant_id;
  char *provider;
  gboolean livemode;
  GHashTable *settings;       /* (element-type utf8 utf8) */
  GPtrArray *webhook_secrets; /* (element-type utf8) newest first */
  CobroTime old_secret_until; /* when all but the newest stop being believed; 0: not by time */
  GHashTable *set_at;         /* (element-type utf8 gint64) name of a setting, or "webhookSecret" → when it was set */
  gboolean enabled;
  char *notice;    /* what the provider last had to tell the merchant; read only: relay_account_set_notice() */
  gint64 position; /* the merchant's preference, 0 … 999: least first; then the one that was made first */
  GArray *rules;   /* (element-type RelayAccountRule) what it is used for; empty: everything */
} RelayAccountRecord;
RelayAccountRecord *relay_account_record_new (void);
void relay_account_record_free (RelayAccountRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAccountRecord, relay_account_record_free)

/* Makes or replaces; an empty id is filled in. One account per (merchant, provider, mode). */
gboolean relay_account_put (RelayTx *tx, RelayAccountRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the provider has to tell the merchant, in words of the adapter; takes the place of what it told before. */
gboolean relay_account_set_notice (RelayTx *tx, const CobroId *merchant_id, const char *id, const char *notice,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
RelayAccountRecord *relay_account_find (RelayStore *store, CobroDb *db, const char *provider, const char *id,
                                        GError **error);
/* The merchant's account at a provider. @store: (nullable): NULL leaves it shut. */
RelayAccountRecord *relay_account_find_for (RelayStore *store, CobroDb *db, const RelayScope *scope,
                                            const char *provider, GError **error);
/* Whose account that is, without opening it. FALSE with COBRO_ERROR_NOT_FOUND. */
gboolean relay_account_get_owner (CobroDb *db, const char *provider, const char *id, RelayScope *out_scope,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that @name was set at @when. */
void relay_account_note_set (RelayAccountRecord *record, const char *name, CobroTime when);
/* When @name was set; 0: unknown. */
CobroTime relay_account_get_set (const RelayAccountRecord *record, const char *name);
/* (transfer full) (element-type RelayAccountRecord) in the order of preference; without the one under which the
 * merchant records what came another way. @store: (nullable): NULL leaves them
 * shut: no settings, no secrets. */
GPtrArray *relay_account_list (RelayStore *store, CobroDb *db, const RelayScope *scope, GError **error);
