/* relay/api/relay-api-guard.c — how often somebody may try to pay, and the step more while cards are being tested.
 * While more than 70 % of more than 50 payments of a merchant fail, paying on the page takes a second press of the
 * button, at least three seconds after the first, from the same browser and address; the limits are a fraction of the
 * usual ones. It needs no script and no third party, and it is not proof of a person: it slows machines, the limits
 * stop them. Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-alarm.h"
#include "relay-api-common.h"
#include "relay-limit-store.h"

#define PER_LINK        5 /* in ten minutes */
#define WINDOW          (10 * COBRO_MINUTE)
#define WARY_PER_PEER   3  /* in an hour, while cards are being tested */
#define WARY_SHARE      5  /* and that part of the merchant's attempts */
#define FAILED_PER_PEER 10 /* in an hour, per merchant */
#define MISSES_PER_S    50
#define CONFIRM_AFTER   3 /* seconds */
#define CONFIRM_UNTIL   600

/* In memory where one relay has the books to itself; in the books where several share them. */
static gboolean
take (RelayContext *ctx, RelayRequest *request, const CobroId *merchant_id, RelayLane lane, const char *name,
      const char *key, guint capacity, gint64 period, GError **error)
{
  gboolean passed;
  guint wait;

  if (!relay_request_is_limited (request))
    return TRUE;
  if (!relay_store_is_shared (ctx->store))
    return relay_request_limit_by (request, lane, key, capacity, period / capacity, error);
  if (!relay_limit_take (ctx->store, merchant_id, name, key, capacity, period, &passed, &wait, error))
    return FALSE;
  return passed || relay_request_refuse (request, lane, capacity, wait, error);
}

/* A link for many payers must not be shut by five of them: there the bucket is one payer's share of it, and the link as
 * a whole has room for a busy hour; not so while cards are being tested. */
static gboolean
take_link (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, guint per_hour, gboolean wary,
           GError **error)
{
  const char *id = record->link->id.text;
  g_autofree char *own = g_strdup_printf ("%s %s", id, request->peer);

  if (record->link->usage == COBRO_USAGE_SINGLE || wary)
    return take (ctx, request, &record->merchant_id, RELAY_LANE_ATTEMPT_LINK, "link", id, PER_LINK, WINDOW, error);
  return take (ctx, request, &record->merchant_id, RELAY_LANE_ATTEMPT_LINK, "link+address", own, PER_LINK, WINDOW,
               error) &&
         take (ctx, request, &record->merchant_id, RELAY_LANE_ATTEMPT_LINK, "link", id, MAX (PER_LINK, per_hour / 6),
               WINDOW, error);
}

static char *
failures_key (RelayRequest *request, const RelayLinkRecord *record)
{
  return g_strdup_printf ("%s %s", request->peer, record->merchant_id.text);
}

gboolean
relay_api_limit_attempt (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, GError **error)
{
  RelayScope scope = { record->merchant_id, record->link->livemode };
  g_autofree char *failures = failures_key (request, record);
  guint per_hour;
  gboolean wary;

  if (!relay_request_is_limited (request))
    return TRUE;
  if (!relay_limit_look (ctx->store, &scope, &per_hour, &wary, error) ||
      !relay_request_has_left (request, RELAY_LANE_FAILED, failures, FAILED_PER_PEER, COBRO_HOUR / FAILED_PER_PEER,
                               error))
    return FALSE;
  if (wary && !take (ctx, request, &scope.merchant_id, RELAY_LANE_ATTEMPT, "address", request->peer, WARY_PER_PEER,
                     COBRO_HOUR, error))
    return FALSE;
  return take_link (ctx, request, record, per_hour, wary, error) &&
         take (ctx, request, &scope.merchant_id, RELAY_LANE_ATTEMPT_MERCHANT, wary ? "merchant-wary" : "merchant",
               scope.merchant_id.text, wary ? MAX (1, per_hour / WARY_SHARE) : per_hour, COBRO_HOUR, error);
}

void
relay_api_note_failure (RelayRequest *request, const CobroId *merchant_id)
{
  g_autofree char *key = g_strdup_printf ("%s %s", request->peer, merchant_id->text);

  if (relay_request_is_limited (request) &&
      !relay_request_limit_by (request, RELAY_LANE_FAILED, key, FAILED_PER_PEER, COBRO_HOUR / FAILED_PER_PEER, NULL))
    g_debug ("too many failures from one address");
}

void
relay_api_note_miss (RelayRequest *request)
{
  if (relay_request_is_limited (request) && !relay_request_limit_by (request, RELAY_LANE_UNKNOWN_TOKEN, "everybody",
                                                                     MISSES_PER_S, COBRO_SECOND / MISSES_PER_S, NULL))
    relay_alarm ("token_guessing", "more than %d unknown link tokens a second", MISSES_PER_S);
}

/* ── The step more ──────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_api_is_wary (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record)
{
  RelayScope scope = { record->merchant_id, record->link->livemode };
  guint per_hour;
  gboolean wary = FALSE;

  return relay_request_is_limited (request) && relay_limit_look (ctx->store, &scope, &per_hour, &wary, NULL) && wary;
}

/* Signed by us, for this link, browser, address and moment. */
static char *
sign (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, const char *payer, gint64 at)
{
  g_autofree char *text =
    g_strdup_printf ("confirm|%s|%s|%s|%" G_GINT64_FORMAT, record->link->id.text, payer, request->peer, at);
  g_autofree char *mac = relay_store_sign (ctx->store, text);

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s", at, mac);
}

char *
relay_api_make_confirmation (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, const char *payer)
{
  return sign (ctx, request, record, payer, cobro_clock_now (ctx->clock) / COBRO_SECOND);
}

gboolean
relay_api_is_confirmed (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, const char *payer,
                        const char *code)
{
  gint64 age, at = code != NULL ? g_ascii_strtoll (code, NULL, 10) : 0;
  g_autofree char *right = NULL;

  if (payer == NULL || at <= 0)
    return FALSE;
  age = cobro_clock_now (ctx->clock) / COBRO_SECOND - at;
  right = sign (ctx, request, record, payer, at);
  return age >= CONFIRM_AFTER && age <= CONFIRM_UNTIL && g_str_equal (right, code);
}
