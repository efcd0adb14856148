/* relay/store/relay-key-store.h — API keys and device keys: who may do what for a merchant, from where, until when.
 * Keys look like cob_test_<10 id>_<43 secret><6 crc32>; only SHA-256 of the secret is kept. Test and live keys are
 * different rows and open different data. Layer: relay/store. */
#pragma once
#include "relay-store.h"

/* A key as it is shown once: longest is 70 characters. */
typedef struct
{
  char text[80];
} RelayKeyText;

/* Who a key belongs to. */
typedef struct
{
  RelayScope scope;
  char *key_id;      /* public part */
  CobroId device_id; /* none: an API key */
  char *scopes;      /* "links:rw payments:r sync …" */
  char *networks;    /* (nullable) "192.0.2.0/24 2001:db8::/32"; NULL: from everywhere */
  gint64 used_on;    /* the last day of use that the books know, days since 1970 in UTC; 0: never */
} RelayKeyHolder;
void relay_key_holder_clear (RelayKeyHolder *holder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayKeyHolder, relay_key_holder_clear)

/* Everything a key can be allowed, and the most that one may have ("keys:admin" only hands on what it has itself). */
#define RELAY_KEY_ALL_SCOPES                                                                                           \
  "links:rw invoices:rw payments:r payments:w refunds:w webhooks:rw providers:rw sync keys:admin"
#define RELAY_KEY_NETWORKS_MAX 32
/* A merchant's keys that are not revoked or over, per mode. */
#define RELAY_KEY_COUNT_MAX    200
/* Both keys of a rotation are good for so long at most. */
#define RELAY_KEY_OVERLAP_MAX  COBRO_DAY

/* A key to be made; all lent. */
typedef struct
{
  const char *name;
  const char *scopes;       /* words separated by blanks */
  const char *networks;     /* (nullable) as in RelayKeyHolder */
  const CobroId *device_id; /* (nullable) whose key it is */
  const char *created_by;   /* a key's or a device's id, "operator", "pairing" */
  CobroTime expires_at;     /* 0: in a year; a device's key: never */
} RelayKeyOrder;
/* FALSE with COBRO_ERROR_INVALID at "scopes" or "networks": unknown word, none at all, not a network. */
gboolean relay_key_check_scopes (const char *scopes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean relay_key_check_networks (const char *networks, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether every word of @some is one of @all. */
gboolean relay_key_scopes_within (const char *some, const char *all);
/* Whether a client of that address is in one of the networks; "unix" is in none. */
gboolean relay_key_is_in_networks (const char *networks, const char *address);

/* A new API key or device key. The text is shown once and not kept. FALSE with COBRO_ERROR_STATE when there are
 * RELAY_KEY_COUNT_MAX. */
gboolean relay_key_insert (RelayTx *tx, const RelayScope *scope, const RelayKeyOrder *order, RelayKeyText *out_key,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A test key with a text of one's own: the demo's "demo". At most 16 of [a-z0-9]; never for live. */
gboolean relay_key_insert_literal (RelayTx *tx, const CobroId *merchant_id, const char *text,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_key_find:
 * @now: for expiry
 * Fills @out_holder; the secret's hash is compared in constant time. There is no cache: a revoked key is refused from
 * its commit on, by every relay on these books.
 * Returns: %FALSE with %COBRO_ERROR_UNAUTHORIZED: malformed, unknown, expired, revoked; one text for all
 */
gboolean relay_key_find (CobroDb *db, const char *key, CobroTime now, RelayKeyHolder *out_holder,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes down that the key was used on that day. */
gboolean relay_key_note_use (RelayTx *tx, const CobroId *merchant_id, const char *key_id, gint64 day,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One API key as its merchant sees it. */
typedef struct
{
  char *id, *name, *scopes;
  char *networks; /* (nullable) */
  char *created_by;
  char *successor; /* (nullable) id of the key that follows it */
  gboolean livemode;
  gint64 used_on; /* as in RelayKeyHolder */
  CobroTime created_at, expires_at, revoked_at;
} RelayKeyRecord;
void relay_key_record_free (RelayKeyRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayKeyRecord, relay_key_record_free)
/* (transfer full) (element-type RelayKeyRecord) API keys of one mode, oldest first; devices' keys are not among them.
 */
GPtrArray *relay_key_list (CobroDb *db, const RelayScope *scope, GError **error);
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND; also for the other mode's and for devices' keys. */
RelayKeyRecord *relay_key_read (CobroDb *db, const RelayScope *scope, const char *id, GError **error);
/**
 * relay_key_rotate:
 * @overlap: microseconds that the old key stays good, at most RELAY_KEY_OVERLAP_MAX
 *
 * Makes the successor: same name, scopes and networks, a new year. The old one ends after the overlap.
 *
 * Returns: %FALSE with %COBRO_ERROR_NOT_FOUND, or _STATE: revoked, over, or rotated already
 */
gboolean relay_key_rotate (RelayTx *tx, const RelayScope *scope, const char *id, gint64 overlap, const char *created_by,
                           RelayKeyText *out_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By public id, at once; again is no error. FALSE with COBRO_ERROR_NOT_FOUND. */
gboolean relay_key_revoke (RelayTx *tx, const RelayScope *scope, const char *key_id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The public id inside the text of a key. (transfer full) */
char *relay_key_text_dup_id (const RelayKeyText *key);
