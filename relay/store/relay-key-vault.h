/* relay/store/relay-key-vault.h — where keys are in memory: pages of their own, locked (never swapped), left out of
 * core files, wiped at the end. Layer: relay/store, private to it. Under the keyring's lock. */
#pragma once
#include "relay-keyring.h"

#define RELAY_VAULT_KEKS    8
#define RELAY_VAULT_ENTRIES 1024 /* unwrapped data keys at once; others are unwrapped when they are needed */

/* A key-encryption key. */
typedef struct
{
  char id[RELAY_KEYRING_ID];
  guint8 key[32];
} RelayKek;

/* A data key. */
typedef struct
{
  char owner[32];
  guint32 number; /* 0: this place is free */
  gboolean is_current;
  guint8 key[32];
  gint64 used;   /* when it was last lent; by a counter */
  gint64 loaded; /* monotonic microseconds */
  gint64 uses;   /* values sealed that the books do not know of */
} RelayVaultEntry;

typedef struct
{
  RelayKek keks[RELAY_VAULT_KEKS];
  guint n_keks;
  guint8 shared[2][32]; /* by RelayShared */
  RelayVaultEntry entries[RELAY_VAULT_ENTRIES];
} RelayVault;

/* Aborts when there is no memory; where pages cannot be locked they are used as they are. */
RelayVault *relay_vault_new (void);
void relay_vault_free (RelayVault *vault);
