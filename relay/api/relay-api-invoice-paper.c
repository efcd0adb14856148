/* relay/api/relay-api-invoice-paper.c — an invoice as a PDF to be saved.
 * Layer: relay/api (private). Request threads: drawing takes milliseconds. */
#include <string.h>

#include "cobro-paper.h"
#include "relay-api-invoice.h"
#include "relay-logo-store.h"

/* Bytes that a file name may have in a header as they are (RFC 8187, attr-char). */
#define PLAIN "!#$&+-.^_`|~"

/* (transfer full) (nullable): a logo that cannot be read costs the logo, not the paper. */
static GBytes *
find_logo (RelayContext *context, const CobroId *merchant_id)
{
  g_autoptr (RelayReader) reader = relay_store_read (context->store, NULL);
  g_autofree char *media_type = NULL;

  return reader != NULL ? relay_logo_find (reader->db, merchant_id, &media_type, NULL) : NULL;
}

/* The invoice's language, or the shop's. */
static const char *
locale_of (const CobroInvoice *invoice, const CobroMerchant *merchant)
{
  if (*invoice->locale != '\0' && strcmp (invoice->locale, "auto") != 0)
    return invoice->locale;
  return *merchant->locale != '\0' && strcmp (merchant->locale, "auto") != 0 ? merchant->locale : "en";
}

static char *
ascii_of (const char *name)
{
  char *ascii = g_str_to_ascii (name, "C");

  for (char *c = ascii; *c != '\0'; c++)
    if (*c == '"' || *c == '\\' || *c < ' ' || *c > '~')
      *c = '_';
  return ascii;
}

static void
set_file_name (RelayReply *reply, const char *name)
{
  g_autofree char *ascii = ascii_of (name), *escaped = g_uri_escape_string (name, PLAIN, FALSE);
  g_autofree char *value = g_strdup_printf ("attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii, escaped);

  relay_reply_set_header (reply, "Content-Disposition", value);
}

RelayReply *
relay_api_reply_paper (RelayContext *context, RelayRequest *request, const CobroInvoice *invoice,
                       const CobroInvoiceView *view, const CobroMerchant *merchant, const char *url)
{
  g_autoptr (GBytes) logo = find_logo (context, &merchant->id);
  CobroPaperSetup setup = { .locale = locale_of (invoice, merchant),
                            .url = url,
                            .accent = *merchant->accent != '\0' ? merchant->accent : NULL,
                            .logo = logo,
                            .letter = merchant->letter,
                            .today = cobro_day_of_time (cobro_clock_now (context->clock), merchant->time_zone) };
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, view, &setup);
  g_autofree char *name = cobro_paper_file_name (paper);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, &error);
  RelayReply *reply;

  if (pdf == NULL)
    return relay_reply_problem (request, error);
  reply = relay_reply_bytes (request, 200, "application/pdf", pdf);
  set_file_name (reply, name);
  return reply;
}
