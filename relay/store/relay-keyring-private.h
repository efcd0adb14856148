/* relay/store/relay-keyring-private.h — what the files of the keyring share. Layer: relay/store, private to them. */
#pragma once
#include "relay-key-vault.h"

struct _RelayKeyring
{
  char *file;
  CobroClock *clock;
  CobroRandom *random;

  GMutex lock; /* guards what follows */
  RelayVault *vault;
  GHashTable *by_number; /* (element-type RelayVaultEntry) by owner and number */
  GHashTable *current;   /* owner → RelayVaultEntry */
  gint64 lends;
};

/* Called with the lock. NULL: not there. */
const RelayKek *relay_keyring_find_kek (RelayKeyring *self, const char *id);
/* Called with the lock. FALSE with COBRO_ERROR_SIGNATURE. */
gboolean relay_keyring_unwrap (RelayKeyring *self, const char *kek, const char *owner, guint32 number,
                               gconstpointer wrapped, gsize n, guint8 out_key[32], GError **error);
/* A new current data key, in a transaction. */
gboolean relay_keyring_insert (RelayKeyring *self, CobroDb *db, const char *owner, guint32 number, const char *purpose,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes what belongs to this owner out of memory. */
void relay_keyring_forget_owner (RelayKeyring *self, const char *owner);
