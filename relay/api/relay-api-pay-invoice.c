/* relay/api/relay-api-pay-invoice.c — what a buyer gets of an invoice besides its page: the PDF; and the note that
 * somebody has looked. Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-api-handlers.h"
#include "relay-api-invoice.h"
#include "relay-invoices.h"

/* FALSE: there is none behind this link, or its link is over; the reason is said where the page says it. */
static gboolean
check_paper (RelayRequest *request, const RelayPage *page, GError **error)
{
  if (page->state == RELAY_PAGE_UNKNOWN)
    return relay_api_miss (request, error);
  if (page->state == RELAY_PAGE_REPLACED)
    return cobro_error_set (error, COBRO_ERROR_GONE, "this link was replaced");
  if (page->invoice == NULL)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there is no invoice behind this link");
  return page->state != RELAY_PAGE_EXPIRED || cobro_error_set (error, COBRO_ERROR_GONE, "this link has expired");
}

RelayReply *
relay_api_pay_paper (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *token = relay_request_param (request, "token");
  g_autofree char *payer = relay_api_get_payer (request);
  g_autofree char *url = g_strdup_printf ("%s/pay/%s", ctx->public_url, token);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayPage) page = relay_checkout_page (ctx->checkout, token, payer, &error);

  if (page == NULL || !check_paper (request, page, &error))
    return relay_reply_problem (request, error);
  return relay_api_reply_paper (ctx, request, page->invoice, &page->invoice_view, page->merchant, url);
}

/* ── Somebody has looked ────────────────────────────────────────────────────────────────────────── */

static gboolean
note_view (RelayContext *ctx, const RelayLinkRecord *link, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayInvoiceRecord) record = NULL;

  if (!cobro_id_is_set (&link->link->invoice_id))
    return TRUE;
  if (!(reader = relay_store_read (ctx->store, error)) || !(record = relay_invoice_of_link (reader->db, link, error)))
    return FALSE;
  return record->tally.viewed_at != 0 || relay_invoices_note_view (ctx->store, link, error);
}

/* The page's script says so: whoever only fetches a preview runs none. */
RelayReply *
relay_api_pay_seen (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) link =
    relay_api_find_token (ctx, request, relay_request_param (request, "token"), &error);

  if (link == NULL || !note_view (ctx, link, &error))
    return relay_reply_problem (request, error);
  return relay_reply_empty (request, 204);
}
