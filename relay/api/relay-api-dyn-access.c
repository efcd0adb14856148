/* relay/api/relay-api-dyn-access.c — access tokens and keys of the card-and-link API. The keys are derived from one
 * that all relays of these books share, for thirty days each: the one before is good for as long as a token lives. They
 * rest nowhere. Layer: relay/api. Request threads. */
#include "relay-api-dyn.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-jwt.h"

#define PERIOD    (30 * COBRO_DAY)
#define SKEW      (5 * COBRO_MINUTE) /* clocks of several relays differ */
#define PATH_TYPE "createLink"
#define KEY       32

void
relay_dyn_access_clear (RelayDynAccess *access)
{
  g_clear_pointer (&access->link, relay_link_record_free);
}

/* ── Keys ───────────────────────────────────────────────────────────────────────────────────────── */

/* The periods whose keys may be in use, the present one first. */
static guint
list_periods (const RelayContext *ctx, gint64 out_periods[2])
{
  CobroTime now = cobro_clock_now (ctx->clock);
  gint64 present = now / PERIOD;
  CobroTime age = now % PERIOD;

  out_periods[0] = present;
  if (age < RELAY_DYN_TOKEN_LIFE + SKEW)
    out_periods[1] = present - 1;
  else if (PERIOD - age < SKEW)
    out_periods[1] = present + 1;
  else
    return 1;
  return 2;
}

static void
derive (const RelayContext *ctx, const char *what, gint64 period, guint8 out_key[KEY])
{
  g_autofree char *purpose = g_strdup_printf ("dyn %s|%" G_GINT64_FORMAT, what, period);

  relay_store_derive (ctx->store, purpose, out_key);
}

GPtrArray *
relay_dyn_list_keys (const RelayContext *ctx)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_jwe_key_free);
  guint8 seed[COBRO_WIRE_JWE_SEED];
  gint64 periods[2];
  guint n = list_periods (ctx, periods);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *kid = g_strdup_printf ("%" G_GINT64_FORMAT, periods[i]);

      derive (ctx, "payload 1", periods[i], seed);
      derive (ctx, "payload 2", periods[i], seed + KEY);
      g_ptr_array_add (keys, cobro_wire_jwe_key_new (seed, kid));
    }
  explicit_bzero (seed, sizeof seed);
  return keys;
}

/* ── What a link is called ──────────────────────────────────────────────────────────────────────── */

char *
relay_dyn_transaction_id (const RelayContext *ctx, const CobroId *link_id)
{
  g_autofree char *purpose = g_strdup_printf ("dyn transaction|%s", link_id->text);
  guint8 b[KEY];

  relay_store_derive (ctx->store, purpose, b);
  b[6] = (b[6] & 0x0f) | 0x80; /* version 8: made as we like */
  b[8] = (b[8] & 0x3f) | 0x80; /* the variant of the RFC */
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                          b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

char *
relay_dyn_modes (guint methods)
{
  g_autoptr (GString) modes = g_string_new (NULL);

  if ((methods & COBRO_METHOD_CARD) != 0)
    g_string_append (modes, "CARD");
  if ((methods & COBRO_METHOD_CRYPTO) != 0)
    g_string_append (modes, modes->len > 0 ? ",CRYPTO" : "CRYPTO");
  return g_string_free (g_steal_pointer (&modes), FALSE);
}

gboolean
relay_dyn_get_due (const RelayContext *ctx, const RelayLinkRecord *link, CobroMoney *out_due, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  CobroMoney paid;
  gint64 slot;

  if (!cobro_link_total (link->link, out_due, error))
    return FALSE;
  return !cobro_money_is_set (*out_due) || ((reader = relay_store_read (ctx->store, error)) != NULL &&
                                            relay_payment_present_use (reader->db, link, &slot, &paid, error) &&
                                            cobro_money_subtract (*out_due, paid, out_due, error));
}

/* ── Answers ────────────────────────────────────────────────────────────────────────────────────── */

CobroWireWriter *
relay_dyn_answer_begin (const char *message)
{
  CobroWireWriter *writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "message", message);
  cobro_wire_begin_object (writer, "data");
  return writer;
}

char *
relay_dyn_answer_take (CobroWireWriter *writer)
{
  cobro_wire_end_object (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* ── Access tokens ──────────────────────────────────────────────────────────────────────────────── */

char *
relay_dyn_access_make (const RelayContext *ctx, const RelayLinkRecord *link, const char *ref, CobroTime *out_expires,
                       GError **error)
{
  gint64 now = cobro_clock_now (ctx->clock) / COBRO_SECOND;
  gint64 over = now + RELAY_DYN_TOKEN_LIFE / COBRO_SECOND;
  g_autofree char *id = relay_dyn_transaction_id (ctx, &link->link->id);
  g_autoptr (CobroWireWriter) claims = cobro_wire_writer_new ();
  g_autofree char *text = NULL;
  gint64 periods[2];
  guint8 key[KEY];
  char *token;

  cobro_wire_begin_object (claims, NULL);
  cobro_wire_put_text (claims, "email", link->link->customer_email);
  cobro_wire_put_text (claims, "ref", ref);
  cobro_wire_put_text (claims, "pathType", PATH_TYPE);
  cobro_wire_put_text (claims, "id", id);
  cobro_wire_put_int64 (claims, "iat", now);
  cobro_wire_put_int64 (claims, "exp", over);
  cobro_wire_end_object (claims);
  text = cobro_wire_writer_take (claims);
  list_periods (ctx, periods);
  derive (ctx, "access", periods[0], key);
  token = cobro_wire_jwt_make (text, key, sizeof key, error);
  explicit_bzero (key, sizeof key);
  *out_expires = over * COBRO_SECOND;
  return token;
}

/* (transfer none) (nullable) exactly one blank, and nothing but the token behind it. */
static const char *
find_bearer (RelayRequest *request)
{
  const char *field = relay_request_header (request, "authorization");

  return field != NULL && g_ascii_strncasecmp (field, "Bearer ", 7) == 0 ? field + 7 : NULL;
}

static CobroWireObject *
verify (const RelayContext *ctx, const char *token, GError **error)
{
  CobroTime now = cobro_clock_now (ctx->clock);
  CobroWireObject *claims = NULL;
  gint64 periods[2];
  guint n = list_periods (ctx, periods);
  guint8 key[KEY];

  for (guint i = 0; i < n && claims == NULL; i++)
    {
      g_clear_error (error);
      derive (ctx, "access", periods[i], key);
      claims = cobro_wire_jwt_verify (token, key, sizeof key, now, COBRO_WIRE_JWT_NEEDS_EXPIRY, error);
    }
  explicit_bzero (key, sizeof key);
  return claims;
}

typedef struct
{
  char *email, *ref, *path_type, *id;
} Claims;

static void
claims_clear (Claims *claims)
{
  g_free (claims->email);
  g_free (claims->ref);
  g_free (claims->path_type);
  g_free (claims->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Claims, claims_clear)

/* Nothing that we do not put there. */
static gboolean
read_claims (CobroWireObject *json, Claims *claims, GError **error)
{
  return (cobro_wire_get_text_needed (json, "email", &claims->email, NULL) &&
          cobro_wire_get_text_needed (json, "ref", &claims->ref, NULL) &&
          cobro_wire_get_text_needed (json, "pathType", &claims->path_type, NULL) &&
          cobro_wire_get_text_needed (json, "id", &claims->id, NULL) && strcmp (claims->path_type, PATH_TYPE) == 0 &&
          cobro_wire_done (json, NULL)) ||
         cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED, "the access token is not one of getData's");
}

static gboolean
equal (const char *a, const char *b)
{
  gsize n = strlen (a);

  return n == strlen (b) && cobro_bytes_equal_constant_time (a, b, n);
}

/* The link as it is now, not as it was when the token was made. */
static gboolean
check_link (const RelayContext *ctx, const Claims *claims, const RelayLinkRecord *link, GError **error)
{
  g_autofree char *id = relay_dyn_transaction_id (ctx, &link->link->id);

  return (equal (claims->id, id) && equal (claims->email, link->link->customer_email)) ||
         cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED,
                          "the access token is for another link than its reference: ask for a new one with getData");
}

gboolean
relay_dyn_access_check (const RelayContext *ctx, RelayRequest *request, RelayDynAccess *out_access, GError **error)
{
  const char *token = find_bearer (request);
  g_autoptr (CobroWireObject) json = NULL;
  g_auto (Claims) claims = { 0 };

  if (token == NULL)
    return cobro_error_set (error, COBRO_ERROR_UNAUTHORIZED,
                            "send \"Authorization: Bearer <access token>\" from getData");
  if (!(json = verify (ctx, token, error)) || !read_claims (json, &claims, error) ||
      !(out_access->link = relay_api_find_token (ctx, request, claims.ref, error)))
    return FALSE;
  return check_link (ctx, &claims, out_access->link, error) && cobro_token_parse (claims.ref, &out_access->ref, error);
}
