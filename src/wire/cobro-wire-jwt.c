/* src/wire/cobro-wire-jwt.c — JSON Web Tokens: a strict look first, then libjwt. libjwt alone takes padding, other
 * tails of base64, duplicate members, tokens that are over, and keys of any length. Layer: wire. Any thread. */
#include "cobro-wire-jwt.h"

#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-token.h"
#include "cobro-wire-base64url.h"
#include "cobro-wire-sign.h"

#define MAC_LENGTH   32
#define FUTURE_MAX   (5 * COBRO_MINUTE)                /* clocks of several relays differ */
#define SECONDS_MAX  (G_MAXINT64 / (4 * COBRO_SECOND)) /* what our times can hold, with room to add */
#define PART_HEADER  0
#define PART_PAYLOAD 1
#define PART_MAC     2

G_DEFINE_AUTOPTR_CLEANUP_FUNC (jwt_t, jwt_free)

static gboolean
refuse (GError **error, const char *reason)
{
  return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the access token %s", reason);
}

static gboolean
check_key (gsize n, GError **error)
{
  return n >= COBRO_WIRE_JWT_KEY_MIN ||
         cobro_error_set (error, COBRO_ERROR_CONFIG, "a key for HS256 has %d bytes or more", COBRO_WIRE_JWT_KEY_MIN);
}

/* ── Making ─────────────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_wire_jwt_make (const char *claims, gconstpointer key, gsize n, GError **error)
{
  g_autoptr (CobroWireObject) checked = NULL;
  g_autoptr (jwt_t) jwt = NULL;
  char *made, *token = NULL;

  if (!check_key (n, error) || !(checked = cobro_wire_parse (claims, -1, error)))
    return NULL;
  if (jwt_new (&jwt) != 0 || jwt_add_grants_json (jwt, claims) != 0 ||
      jwt_set_alg (jwt, JWT_ALG_HS256, key, (int)n) != 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "these claims make no token"), NULL;
  made = jwt_encode_str (jwt);
  token = g_strdup (made);
  free (made);
  if (token == NULL)
    cobro_error_set (error, COBRO_ERROR_INVALID, "these claims make no token");
  return token;
}

/* ── A strict look ──────────────────────────────────────────────────────────────────────────────────────────── */

/* Cuts at the two dots and decodes. */
static gboolean
split (const char *token, GBytes *out_parts[3], gsize *out_signed, GError **error)
{
  const char *at = token;

  if (*token == '\0' || strlen (token) > COBRO_WIRE_JWT_MAX)
    return refuse (error, *token == '\0' ? "is empty" : "is too long");
  for (guint i = 0; i < 3; i++)
    {
      gsize length = strcspn (at, ".");
      gboolean is_last = i == PART_MAC;

      if ((at[length] == '\0') != is_last)
        return refuse (error, "must have three parts");
      if (length == 0)
        return refuse (error, is_last ? "is not signed" : "has an empty part");
      if (!(out_parts[i] = cobro_wire_base64url_decode (at, length)))
        return refuse (error, "is not base64url without padding");
      if (i == PART_PAYLOAD)
        *out_signed = (gsize)(at + length - token);
      at += length + 1;
    }
  return TRUE;
}

static CobroWireObject *
parse_part (GBytes *part, const char *reason, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (part, &length);
  CobroWireObject *object = cobro_wire_parse (text, (gssize)length, NULL);

  if (object == NULL)
    refuse (error, reason);
  return object;
}

/* The algorithm is ours to say; whoever names another is refused before anything is computed. */
static gboolean
check_header (GBytes *part, GError **error)
{
  g_autoptr (CobroWireObject) header = parse_part (part, "has a header that is not one JSON object", error);
  g_autofree char *alg = NULL;
  g_autofree char *typ = NULL;

  if (header == NULL)
    return FALSE;
  if (!cobro_wire_get_text_needed (header, "alg", &alg, NULL) || strcmp (alg, "HS256") != 0)
    return refuse (error, "is not signed with HS256");
  if (cobro_wire_kind (header, "typ") == COBRO_WIRE_NULL || !cobro_wire_get_text (header, "typ", "JWT", &typ, NULL) ||
      strcmp (typ, "JWT") != 0)
    return refuse (error, "is of another type");
  return cobro_wire_done (header, NULL) || refuse (error, "has a header with unknown members");
}

static gboolean
check_mac (const char *token, gsize n_signed, GBytes *mac, gconstpointer key, gsize n, GError **error)
{
  guint8 right[MAC_LENGTH];
  gboolean ok;

  cobro_wire_hmac_sha256 (key, n, token, n_signed, right);
  ok = g_bytes_get_size (mac) == MAC_LENGTH &&
       cobro_bytes_equal_constant_time (g_bytes_get_data (mac, NULL), right, MAC_LENGTH);
  explicit_bzero (right, sizeof right);
  return ok || refuse (error, "has a signature that is not ours");
}

/* Once more by the library: both must agree. */
static gboolean
ask_library (const char *token, gconstpointer key, gsize n, GError **error)
{
  g_autoptr (jwt_t) jwt = NULL;

  return (jwt_decode (&jwt, token, key, (int)n) == 0 && jwt_get_alg (jwt) == JWT_ALG_HS256) ||
         refuse (error, "has a signature that is not ours");
}

/* ── Times ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* @out_time: 0 when it is not there. */
static gboolean
get_time (CobroWireObject *claims, const char *name, CobroTime *out_time, GError **error)
{
  gint64 seconds = 0;

  *out_time = 0;
  if (cobro_wire_kind (claims, name) == COBRO_WIRE_ABSENT)
    return TRUE;
  if (!cobro_wire_get_int64_needed (claims, name, &seconds, NULL) || seconds <= 0 || seconds > SECONDS_MAX)
    return refuse (error, "has a time that is not one");
  *out_time = seconds * COBRO_SECOND;
  return TRUE;
}

static gboolean
check_times (CobroWireObject *claims, CobroTime now, CobroWireJwtRules rules, GError **error)
{
  CobroTime expires, begins, issued;

  if (!get_time (claims, "exp", &expires, error) || !get_time (claims, "nbf", &begins, error) ||
      !get_time (claims, "iat", &issued, error))
    return FALSE;
  if (expires == 0 && (rules & COBRO_WIRE_JWT_NEEDS_EXPIRY) != 0)
    return refuse (error, "does not say when it is over");
  if (expires != 0 && now >= expires)
    return refuse (error, "is over: ask for a new one with getData");
  if (begins > now)
    return refuse (error, "is not valid yet");
  return issued <= now + FUTURE_MAX || refuse (error, "was issued in the future");
}

CobroWireObject *
cobro_wire_jwt_verify (const char *token, gconstpointer key, gsize n, CobroTime now, CobroWireJwtRules rules,
                       GError **error)
{
  GBytes *parts[3] = { NULL };
  CobroWireObject *claims = NULL;
  gsize n_signed = 0;

  if (check_key (n, error) && split (token, parts, &n_signed, error) && check_header (parts[PART_HEADER], error) &&
      check_mac (token, n_signed, parts[PART_MAC], key, n, error) && ask_library (token, key, n, error) &&
      (claims = parse_part (parts[PART_PAYLOAD], "has claims that are not one JSON object", error)) != NULL &&
      !check_times (claims, now, rules, error))
    g_clear_pointer (&claims, cobro_wire_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_clear_pointer (&parts[i], g_bytes_unref);
  return claims;
}
