/* src/core/cobro-token.h — link tokens: 32 bytes of randomness as 64 hex digits (DYN references: 24 bytes, 48 digits).
 * Layer: core. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-random.h"

/* By value; "" is "none". Lower-case hex. */
typedef struct
{
  char text[65];
} CobroToken;
/* SHA-256 of the token's text: what is looked up and stored. */
typedef struct
{
  guint8 bytes[32];
} CobroTokenHash;
#define COBRO_TOKEN_NONE ((CobroToken){ "" })

CobroToken cobro_token_new (CobroRandom *random);           /* 64 digits */
CobroToken cobro_token_new_reference (CobroRandom *random); /* 48 digits */
/* Exactly 48 or 64 lower-case hex digits, nothing trimmed. FALSE with COBRO_ERROR_INVALID. */
gboolean cobro_token_parse (const char *text, CobroToken *out_token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_token_is_set (const CobroToken *token);
CobroTokenHash cobro_token_hash (const CobroToken *token);
/* Constant time. */
gboolean cobro_token_hash_equal (const CobroTokenHash *a, const CobroTokenHash *b);

/* Constant-time comparison of @n bytes, for every secret in the house. */
gboolean cobro_bytes_equal_constant_time (gconstpointer a, gconstpointer b, gsize n);
