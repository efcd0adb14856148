/* relay/store/relay-key-text.h — API keys as text. Layer: relay/store, private to it. */
#pragma once
#include "relay-key-store.h"

#define RELAY_KEY_LITERAL_MAX 16

/* What a presented key says. */
typedef struct
{
  char id[RELAY_KEY_LITERAL_MAX + 1];
  CobroTokenHash hash; /* SHA-256 of the secret part */
  gboolean livemode;
} RelayKeyParts;

/* A key that nobody had before: 60 random bits find it, 256 prove it. */
RelayKeyText relay_key_text_new (gboolean livemode, CobroRandom *random);
/* Takes a presented key apart. FALSE when it cannot be one: then no database is asked. */
gboolean relay_key_text_parse (const char *key, RelayKeyParts *out_parts);
