/* relay/store/relay-keyring.h — the keys of secrets at rest: key-encryption keys from files, data keys from the table
 * data_key, unwrapped in memory that is neither swapped nor dumped.
 * A value is sealed under its merchant's data key; that key is wrapped under the key-encryption key with
 * "kek|owner|number|v1" as associated data. Layer: relay/store, private to it. Any thread. */
#pragma once
#include "relay-store.h"

typedef struct _RelayKeyring RelayKeyring;

#define RELAY_KEYRING_ID 17 /* room for the id of a key-encryption key: 16 hex digits of a MAC of its own */

/* @key_file: the key-encryption key; others may stand beside it: <file>.next (a rotation's new one) and
 * <file>.old-<id>. */
RelayKeyring *relay_keyring_new (const char *key_file, CobroClock *clock, CobroRandom *random);
void relay_keyring_free (RelayKeyring *self); /* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayKeyring, relay_keyring_free)

/**
 * relay_keyring_load:
 * @may_create: the books are new, or the old key is lost: make the file when it is not there
 *
 * Reads the files. Returns: %FALSE with %COBRO_ERROR_CONFIG (missing, damaged, or others may read it) or _IO
 */
gboolean relay_keyring_load (RelayKeyring *self, gboolean may_create, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_keyring_open:
 * @db: in no transaction; not written to when @read_only
 * @replace_lost: data keys whose key-encryption key is gone are given up, and new ones made
 *
 * Sees that every data key can be unwrapped, and makes the keys that all relays share, once.
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG when a key-encryption key is not there; the text says which
 */
gboolean relay_keyring_open (RelayKeyring *self, CobroDb *db, gboolean read_only, gboolean replace_lost,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In the transaction that makes the merchant: its first data key. */
gboolean relay_keyring_add_owner (RelayKeyring *self, CobroDb *db, const char *owner,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A data key as it is lent for one use: wipe it. */
typedef struct
{
  guint32 number;
  guint8 key[32];
} RelayDataKey;
/* @number: 0: the owner's current key, and one use of it is counted. @db: where to look when it is not in memory.
 * FALSE with COBRO_ERROR_SIGNATURE (lost, or there is none) or the database's error. */
gboolean relay_keyring_lend (RelayKeyring *self, CobroDb *db, const char *owner, guint32 number, RelayDataKey *out_key,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* HMAC-SHA256 under a key that all relays of these books share. */
typedef enum
{
  RELAY_SHARED_PROVIDER_KEY, /* k_idem: the idempotency keys that providers get */
  RELAY_SHARED_REFERENCE,    /* references that come back in a provider's metadata */
} RelayShared;
void relay_keyring_mac (RelayKeyring *self, RelayShared which, const char *text, guint8 out[32]);

/* Adds the uses counted in memory to the books, and gives every key its successor that is a year old or near the number
 * of values one key may seal. In a transaction over all merchants. */
gboolean relay_keyring_tend (RelayKeyring *self, CobroDb *db, CobroTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The store's. */
RelayKeyring *relay_store_keyring (RelayStore *store);

/* For the rotation: */
const char *relay_keyring_get_file (RelayKeyring *self);
/* Id of the key in the file itself, and of <file>.next; "" when there is none. */
void relay_keyring_get_ids (RelayKeyring *self, char own[RELAY_KEYRING_ID], char next[RELAY_KEYRING_ID]);
/* A wrapped data key, wrapped anew. (transfer full) NULL with COBRO_ERROR_SIGNATURE or _CONFIG. */
GBytes *relay_keyring_wrap_anew (RelayKeyring *self, const char *from, const char *to, const char *owner,
                                 guint32 number, gconstpointer wrapped, gsize n, GError **error);
