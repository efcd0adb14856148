/* src/wire/cobro-wire-jwt.h — JSON Web Tokens of our own (RFC 7519, compact, HS256 and nothing else): made and verified
 * with libjwt, behind a stricter look of ours. The only user of libjwt. Layer: wire. Any thread. */
#pragma once
#include "cobro-wire.h"

#define COBRO_WIRE_JWT_KEY_MIN 32   /* bytes (RFC 7518, 3.2) */
#define COBRO_WIRE_JWT_MAX     4096 /* characters */

/* What a token must have, besides a signature. */
typedef enum
{
  COBRO_WIRE_JWT_ANY = 0,
  COBRO_WIRE_JWT_NEEDS_EXPIRY = 1 << 0,
} CobroWireJwtRules;

/**
 * cobro_wire_jwt_make:
 * @claims: a JSON object; times as whole seconds since 1970
 * @key: (array length=n): %COBRO_WIRE_JWT_KEY_MIN bytes or more
 *
 * Returns: (transfer full): header {"alg":"HS256","typ":"JWT"}; or %NULL with %COBRO_ERROR_CONFIG (short key) or
 * %COBRO_ERROR_INVALID (claims)
 */
char *cobro_wire_jwt_make (const char *claims, gconstpointer key, gsize n, GError **error);

/**
 * cobro_wire_jwt_verify:
 *
 * Three parts of canonical base64url; a header of "alg": "HS256" and perhaps "typ": "JWT", and nothing else; strict
 * JSON without duplicate members; the signature in constant time; exp, nbf and iat whole numbers. A token is over from
 * its exp on, not there before its nbf, and issued at most five minutes after @now.
 *
 * Returns: (transfer full): the claims, exp, nbf and iat known already; or %NULL with %COBRO_ERROR_UNAUTHORIZED in
 * words that hold nothing of the token, or %COBRO_ERROR_CONFIG (short key)
 */
CobroWireObject *cobro_wire_jwt_verify (const char *token, gconstpointer key, gsize n, CobroTime now,
                                        CobroWireJwtRules rules, GError **error);
