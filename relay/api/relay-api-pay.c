/* relay/api/relay-api-pay.c — the checkout page: shown, posted, watched; and its QR code.
 * Layer: relay/api. Request threads; showing a page, also the listener thread. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-qr.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"

#define PAYER_PATH     "/pay"
#define STREAM_SECONDS 300 /* a browser comes back by itself */

/* How long a page may be shown to the next stranger without a look at the books, unless its link changes before. */
#define SHARE_TIME COBRO_SECOND

/* ── The page ───────────────────────────────────────────────────────────────────────────────────── */

/* Whose browser it is: who comes back from a provider carries the key in the URL, cookies or not. */
static char *
payer_of (RelayRequest *request)
{
  const char *carried = relay_request_query (request, "payer");

  return relay_api_is_payer (carried) ? g_strdup (carried) : relay_api_get_payer (request);
}

/* Wallets of the browser, in the provider's frames: as the usual header, and these besides. */
static void
allow_payment (RelayReply *reply, const char *frames)
{
  g_auto (GStrv) origins = g_strsplit (frames, " ", -1);
  g_autoptr (GString) value = g_string_new ("camera=(), microphone=(), geolocation=(), payment=(self");

  for (guint i = 0; origins[i] != NULL; i++)
    if (strchr (origins[i], '*') == NULL)
      g_string_append_printf (value, " \"%s\"", origins[i]);
  g_string_append_c (value, ')');
  relay_reply_set_header (reply, "Permissions-Policy", value->str);
}

static RelayReply *
reply_page (RelayContext *ctx, RelayRequest *request, const RelayPage *page)
{
  const char *language = relay_request_header (request, "accept-language");
  g_autoptr (RelayRendered) rendered = relay_templates_checkout (ctx->templates, page, language);
  RelayReply *reply =
    relay_reply_html_for (request, rendered->status, g_steal_pointer (&rendered->html), &rendered->csp);

  if (rendered->csp.frame_src != NULL && *rendered->csp.frame_src != '\0')
    allow_payment (reply, rendered->csp.frame_src);
  if (rendered->popups)
    relay_reply_set_header (reply, "Cross-Origin-Opener-Policy", "same-origin-allow-popups");
  relay_reply_set_header (reply, "Content-Language", rendered->content_language);
  relay_reply_set_header (reply, "Vary", "Accept-Language, Cookie");
  return reply;
}

/* A GET asks and never decides; only somebody who comes back from the provider makes the relay ask there (INV-5). What
 * the provider does not answer now, its webhook or the janitor brings. */
static gboolean
comes_back (RelayRequest *request, const char *payer)
{
  return payer != NULL && g_strcmp0 (relay_request_query (request, "back"), "1") == 0;
}

/* A failure that the payer is told of for the first time counts against their address. */
static void
ask_provider (RelayContext *ctx, RelayRequest *request, const char *token, const char *payer)
{
  g_autoptr (CobroPayment) payment = relay_checkout_confirm (ctx->checkout, token, payer, NULL);
  g_autoptr (RelayLinkRecord) record =
    payment != NULL && payment->state == COBRO_PAYMENT_FAILED ? relay_api_find_token (ctx, request, token, NULL) : NULL;

  if (record != NULL)
    relay_api_note_failure (request, &record->merchant_id);
}

/* What providers and others put behind the address stays there: nothing of it is believed, and a browser's history
 * needs none of it. The key moves from the address into the cookie, also in a browser that did not have it. */
static RelayReply *
go_clean (RelayContext *ctx, RelayRequest *request, const char *token, const char *payer)
{
  g_autofree char *path = g_strconcat ("/pay/", token, NULL);
  RelayReply *reply = relay_reply_redirect (request, path);

  if (payer != NULL)
    relay_api_set_payer (ctx, reply, payer, PAYER_PATH);
  return reply;
}

/* What strangers see of a link is the same for all of them. */
static void
share (RelayReply *reply, const RelayPage *page)
{
  g_autofree char *topic = g_strdup_printf ("link:%s", page->link->id.text);

  relay_reply_share (reply, topic, NULL, SHARE_TIME);
}

static RelayReply *
show (RelayContext *ctx, RelayRequest *request, const char *token)
{
  g_autofree char *payer = payer_of (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page = NULL;
  gboolean anew = g_strcmp0 (relay_request_query (request, "again"), "1") == 0; /* past the own receipt */
  RelayReply *reply;

  /* A page is a few rows: the listener thread shows it by itself. Asking a provider takes its time, and so does a
   * document with a thousand lines. */
  if (request->is_inline && comes_back (request, payer))
    return relay_reply_later (request);
  if (comes_back (request, payer))
    ask_provider (ctx, request, token, payer);
  if (payer != NULL && relay_request_query (request, "payer") != NULL)
    return go_clean (ctx, request, token, payer);
  page = request->is_inline ? relay_checkout_page_soon (ctx->checkout, token, anew ? NULL : payer, &error)
                            : relay_checkout_page (ctx->checkout, token, anew ? NULL : payer, &error);
  if (page == NULL)
    return error != NULL ? relay_reply_problem (request, error) : relay_reply_later (request);
  if (page->state == RELAY_PAGE_UNKNOWN)
    relay_api_note_miss (request);
  if (page->state == RELAY_PAGE_UNKNOWN && !relay_request_limit (request, RELAY_LANE_UNKNOWN_TOKEN, NULL, &error))
    return relay_reply_problem (request, error);
  reply = reply_page (ctx, request, page);
  if (payer == NULL && page->link != NULL)
    share (reply, page);
  return reply;
}

RelayReply *
relay_api_pay_page (gpointer context, RelayRequest *request)
{
  return show (context, request, relay_request_param (request, "token"));
}

/* DYN-2: {checkout}/pay?d={48 hex digits}. Without d there is no link. */
RelayReply *
relay_api_pay_page_by_query (gpointer context, RelayRequest *request)
{
  const char *token = relay_request_query (request, "d");

  return show (context, request, token != NULL ? token : "");
}

/* The way back from a provider: by GET with whatever it adds, or, from Razorpay, by a POST from its own site, with
 * which browsers send no cookie. Neither query nor body is read; the provider is asked. */
RelayReply *
relay_api_pay_back (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token"), *payer = relay_request_param (request, "payer");
  gboolean known = relay_api_is_payer (payer);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_token (ctx, request, token, &error);

  /* Over a link that was replaced meanwhile one still learns how it went. */
  if (record == NULL && !g_error_matches (error, COBRO_ERROR, COBRO_ERROR_GONE))
    return relay_reply_problem (request, error);
  if (known)
    ask_provider (ctx, request, token, payer);
  return go_clean (ctx, request, token, known ? payer : NULL);
}

/* The page on which the provider's script takes the card; there is none, and the link's own page is shown, when nothing
 * can be paid that way now. */
RelayReply *
relay_api_pay_with (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autofree char *payer = relay_api_get_payer (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page =
    relay_checkout_page_with (ctx->checkout, token, payer, relay_request_param (request, "gateway"), &error);

  if (page != NULL && page->state == RELAY_PAGE_UNKNOWN)
    relay_api_miss (request, &error);
  if (error != NULL)
    return relay_reply_problem (request, error);
  return page->state == RELAY_PAGE_EMBEDDED ? reply_page (ctx, request, page) : go_clean (ctx, request, token, NULL);
}

/* ── Begin to pay ───────────────────────────────────────────────────────────────────────────────── */

/* Whether the page's policy lets its form lead to @url; browsers hold that against the redirect, too. */
static gboolean
may_lead_to (RelayContext *ctx, const RelayBeginResult *result)
{
  g_autofree char *hosts = NULL;

  if (result->url[0] == '/' || result->payment == NULL || relay_scripts_covers (ctx->public_url, result->url))
    return TRUE;
  hosts = relay_scripts_hosted (relay_templates_get_scripts (ctx->templates), result->payment->gateway,
                                result->payment->livemode);
  return relay_scripts_covers (hosts, result->url);
}

/* To the provider; or, where the page's form may not lead there (a domain of the merchant's own at the provider), to
 * the page that has a link to it. */
static RelayReply *
send_on (RelayContext *ctx, RelayRequest *request, const RelayBeginResult *result)
{
  if (may_lead_to (ctx, result))
    return relay_reply_redirect (request, result->url);
  return go_clean (ctx, request, relay_request_param (request, "token"), NULL);
}

static RelayReply *
begin (RelayContext *ctx, RelayRequest *request, GHashTable *form, GError **error)
{
  const char *token = relay_request_param (request, "token");
  const char *locale = relay_request_header (request, "accept-language");
  g_autofree char *payer = relay_api_get_payer (request);
  g_autofree char *new_payer = NULL;
  g_autoptr (RelayPage) page = NULL;
  g_autoptr (RelayBeginResult) result =
    relay_checkout_begin_form (ctx->checkout, token, payer, form, locale, &new_payer, &page, error);
  RelayReply *reply;

  if (result == NULL && page == NULL)
    return NULL;
  reply = result != NULL ? send_on (ctx, request, result) : reply_page (ctx, request, page);
  if (new_payer != NULL)
    relay_api_set_payer (ctx, reply, new_payer, PAYER_PATH);
  return reply;
}

/* "Update total" begins nothing: the page again, with what was typed. */
static RelayReply *
show_typed (RelayContext *ctx, RelayRequest *request, GHashTable *form, const char *confirmation)
{
  const char *token = relay_request_param (request, "token");
  g_autofree char *payer = relay_api_get_payer (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page = relay_checkout_page (ctx->checkout, token, payer, &error);
  GHashTableIter iter;
  gpointer name, value;

  if (page == NULL)
    return relay_reply_problem (request, error);
  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_replace (page->values, g_strdup (name), g_strdup (value));
  g_hash_table_remove (page->values, "confirm");
  if (confirmation != NULL)
    g_hash_table_replace (page->values, g_strdup ("confirm"), g_strdup (confirmation));
  return reply_page (ctx, request, page);
}

/* While cards are being tested: the page again, and the button once more. A browser without a key gets one first. */
static RelayReply *
ask_again (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, GHashTable *form)
{
  g_autofree char *payer = relay_api_get_payer (request);
  CobroToken fresh = cobro_token_new_reference (ctx->random);
  const char *key = payer != NULL ? payer : fresh.text;
  g_autofree char *confirmation = relay_api_make_confirmation (ctx, request, record, key);
  RelayReply *reply = show_typed (ctx, request, form, confirmation);

  if (payer == NULL)
    relay_api_set_payer (ctx, reply, key, PAYER_PATH);
  return reply;
}

/* TRUE: go on. */
static gboolean
is_sure (RelayContext *ctx, RelayRequest *request, const RelayLinkRecord *record, GHashTable *form)
{
  g_autofree char *payer = relay_api_get_payer (request);

  return !relay_api_is_wary (ctx, request, record) ||
         relay_api_is_confirmed (ctx, request, record, payer, g_hash_table_lookup (form, "confirm"));
}

RelayReply *
relay_api_pay_begin (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;
  GHashTable *form = relay_request_get_form (request, &error);
  RelayReply *reply;

  if (form == NULL)
    return relay_reply_problem (request, error);
  record = relay_api_find_token (ctx, request, relay_request_param (request, "token"), &error);
  if (record == NULL && (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ||
                         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_GONE)))
    return show (ctx, request, relay_request_param (request, "token")); /* unknown and replaced have pages */
  if (record != NULL && g_strcmp0 (g_hash_table_lookup (form, "update"), "1") == 0)
    return show_typed (ctx, request, form, NULL);
  if (record != NULL && !is_sure (ctx, request, record, form))
    return ask_again (ctx, request, record, form);
  if (record == NULL || !relay_api_limit_attempt (ctx, request, record, &error) ||
      !(reply = begin (ctx, request, form, &error)))
    return relay_reply_problem (request, error);
  return reply;
}

/* ── Live status ────────────────────────────────────────────────────────────────────────────────── */

/* The version is text: numbers lose digits in a browser. */
static char *
status_to_json (const RelayPage *page)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *version = g_strdup_printf ("%" G_GUINT64_FORMAT, page->version);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "state", relay_page_state_name (page->state));
  cobro_wire_put_text (writer, "version", version);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
wants_stream (RelayRequest *request)
{
  const char *accept = relay_request_header (request, "accept");

  return accept != NULL && strstr (accept, "text/event-stream") != NULL;
}

/* One event at first, then one whenever something that is shown has changed. */
static RelayReply *
stream (RelayRequest *request, const RelayPage *page)
{
  gboolean news = request->attempt == 0 || request->cursor != (gint64)page->version;
  char *data = news ? status_to_json (page) : NULL;
  g_autofree char *topic = NULL;

  request->cursor = (gint64)page->version;
  if (request->expired || page->link == NULL)
    return relay_reply_stream_end (request, data);
  topic = g_strdup_printf ("link:%s", page->link->id.text);
  return relay_reply_stream (request, topic, data, request->started + STREAM_SECONDS * COBRO_SECOND);
}

RelayReply *
relay_api_pay_status (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autofree char *payer = payer_of (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page = relay_checkout_page (ctx->checkout, token, payer, &error);

  if (page != NULL && page->state == RELAY_PAGE_UNKNOWN)
    relay_api_miss (request, &error);
  if (error != NULL)
    return relay_reply_problem (request, error);
  return wants_stream (request) ? stream (request, page) : relay_reply_json_bare (request, 200, status_to_json (page));
}

/* ── QR ─────────────────────────────────────────────────────────────────────────────────────────── */

RelayReply *
relay_api_pay_qr (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = relay_api_find_token (ctx, request, token, &error);
  g_autofree char *url = g_strdup_printf ("%s/pay/%s", ctx->public_url, token);
  g_autoptr (CobroQr) qr = record != NULL ? cobro_qr_new (url, &error) : NULL;
  g_autoptr (GBytes) svg = NULL;
  char *text;

  if (qr == NULL)
    return relay_reply_problem (request, error);
  text = cobro_qr_to_svg (qr);
  svg = g_bytes_new_take (text, strlen (text));
  return relay_reply_bytes (request, 200, "image/svg+xml", svg);
}
