/* src/wire/cobro-wire-jwe.h — opening of JSON Web Encryption (RFC 7516, compact) made for a key of ours: ECDH-ES on
 * P-256 with A256GCM, and nothing else. Layer: wire. Any thread. */
#pragma once
#include <glib.h>

#define COBRO_WIRE_JWE_SEED 64   /* bytes that a key is made of */
#define COBRO_WIRE_JWE_MAX  8192 /* characters */

typedef struct _CobroWireJweKey CobroWireJweKey;

/**
 * cobro_wire_jwe_key_new:
 * @seed: secret and uniform; the same seed makes the same key (FIPS 186-5, A.2.1: the remainder of more bits than
 * needed)
 * @kid: the key's public name: visible ASCII
 *
 * Returns: (transfer full)
 */
CobroWireJweKey *cobro_wire_jwe_key_new (const guint8 seed[COBRO_WIRE_JWE_SEED], const char *kid);
void cobro_wire_jwe_key_free (CobroWireJweKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWireJweKey, cobro_wire_jwe_key_free)
/* (transfer full) the public key as a JWK (RFC 7517): kty, crv, x, y, use, alg, kid. */
char *cobro_wire_jwe_key_to_jwk (const CobroWireJweKey *key);

/**
 * cobro_wire_jwe_open:
 * @keys: (element-type CobroWireJweKey): those that may be meant; the header's kid picks one, without it all are tried
 *
 * Five parts of canonical base64url, the second empty. The header is strict JSON of alg "ECDH-ES", enc "A256GCM", epk
 * (kty, crv "P-256", x, y: a point on the curve) and perhaps kid, apu, apv, typ, cty; everything else is refused: crit,
 * zip and members nobody knows.
 *
 * Returns: (transfer full): the content, with a NUL behind it: cobro_wire_wipe() it; or %NULL with
 * %COBRO_ERROR_INVALID in words that hold nothing of the text
 */
GBytes *cobro_wire_jwe_open (const char *jwe, GPtrArray *keys, GError **error);
