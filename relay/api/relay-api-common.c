/* relay/api/relay-api-common.c — what the handlers of all resources share.
 * Layer: relay/api (private). Request threads; the link writers also on the writer thread. */
#include "relay-api-common.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-link.h"

#define PAYER_DIGITS      48
#define PAYER_COOKIE_DAYS 30

RelayScope
relay_api_scope (const RelayRequest *request)
{
  return (RelayScope){ .merchant_id = request->merchant_id, .livemode = request->livemode };
}

char *
relay_api_dup_day (gint64 day)
{
  g_autoptr (GDateTime) date = day > 0 ? g_date_time_new_from_unix_utc (day * 24 * 3600) : NULL;

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : NULL;
}

gboolean
relay_api_device (const RelayRequest *request, CobroId *out_device, GError **error)
{
  return (request->key_id != NULL && cobro_id_parse (COBRO_ID_DEVICE, request->key_id, out_device, NULL)) ||
         cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "only a paired desktop may do this");
}

/* ── Requests ───────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_api_check_query (RelayRequest *request, const char *const *names, GError **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, relay_request_get_query (request));
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (names, name))
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "unknown parameter");
  return TRUE;
}

gboolean
relay_api_check_no_body (RelayRequest *request, GError **error)
{
  CobroWireObject *json;

  if (g_bytes_get_size (request->body) == 0)
    return TRUE;
  return (json = relay_request_get_json (request, error)) != NULL && cobro_wire_done (json, error);
}

RelayReply *
relay_api_refuse_for_now (RelayRequest *request, const GError *error, gint64 wait)
{
  RelayReply *reply = relay_reply_problem (request, error);
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, wait);

  if (wait > 0)
    relay_reply_set_header (reply, "Retry-After", seconds);
  return reply;
}

gboolean
relay_api_get_revision (RelayRequest *request, gint64 *out_rev, GError **error)
{
  *out_rev = 0;
  return relay_request_header (request, "if-match") == NULL || relay_request_get_revision (request, out_rev, error);
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────── */

char *
relay_api_link_url (const RelayContext *context, const CobroToken *token)
{
  return g_strdup_printf ("%s/pay/%s", context->public_url, token->text);
}

void
relay_api_write_link (const RelayContext *context, CobroWireWriter *writer, const char *key,
                      const RelayLinkRecord *record, const CobroToken *token, gboolean with_token, CobroTime now)
{
  g_autofree char *url = token != NULL ? relay_api_link_url (context, token) : NULL;
  g_autoptr (CobroLink) link = cobro_link_copy (record->link);
  CobroWireLinkContext shape = { .url = url, .with_token = with_token, .tally = &record->tally, .now = now };

  if (token != NULL)
    link->token = *token;
  cobro_wire_link_write (writer, key, link, &shape);
}

char *
relay_api_link_to_json (const RelayContext *context, const RelayRequest *request, const RelayLinkRecord *record)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  gboolean is_device = relay_api_device (request, &(CobroId){ "" }, NULL);
  CobroToken token;
  /* A token whose seal does not open any more (key file lost) costs the url, not the answer. */
  gboolean opened = relay_link_get_token (context->store, record, &token, NULL);

  relay_api_write_link (context, writer, NULL, record, opened ? &token : NULL, opened && is_device,
                        cobro_clock_now (context->clock));
  return cobro_wire_writer_take (writer);
}

static gboolean
no_such_link (GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such link");
}

RelayLinkRecord *
relay_api_find_link (const RelayContext *context, RelayRequest *request, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  RelayScope scope = relay_api_scope (request);
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_LINK, relay_request_param (request, "id"), &id, NULL))
    return no_such_link (error), NULL;
  if (!(reader = relay_store_read (context->store, error)))
    return NULL;
  return relay_link_find (reader->db, &scope, &id, error);
}

gboolean
relay_api_miss (RelayRequest *request, GError **error)
{
  relay_api_note_miss (request);
  return relay_request_limit (request, RELAY_LANE_UNKNOWN_TOKEN, NULL, error) && no_such_link (error);
}

RelayLinkRecord *
relay_api_find_token (const RelayContext *context, RelayRequest *request, const char *token, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (context->store, error);
  g_autoptr (RelayLinkRecord) record = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean replaced = FALSE;

  if (reader == NULL)
    return NULL;
  record = relay_link_find_by_token (reader->db, token, &replaced, &failure);
  if (record == NULL && g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return relay_api_miss (request, error), NULL;
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (record->link->decision == COBRO_DECISION_DRAFT) /* not published: there is nothing to know about it */
    return relay_api_miss (request, error), NULL;
  if (replaced)
    return cobro_error_set (error, COBRO_ERROR_GONE, "this link was replaced"), NULL;
  return g_steal_pointer (&record);
}

/* ── Payers ─────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_api_is_payer (const char *text)
{
  return text != NULL && strlen (text) == PAYER_DIGITS && strspn (text, "0123456789abcdef") == PAYER_DIGITS;
}

char *
relay_api_get_payer (RelayRequest *request)
{
  const char *field = relay_request_header (request, "cookie");
  g_auto (GStrv) cookies = field != NULL ? g_strsplit (field, ";", 32) : NULL;

  for (char **c = cookies; c != NULL && *c != NULL; c++)
    {
      const char *cookie = g_strstrip (*c);

      if (g_str_has_prefix (cookie, "payer=") && relay_api_is_payer (cookie + strlen ("payer=")))
        return g_strdup (cookie + strlen ("payer="));
    }
  return NULL;
}

void
relay_api_set_payer (const RelayContext *context, RelayReply *reply, const char *payer, const char *path)
{
  g_autofree char *cookie = g_strdup_printf ("payer=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax%s", payer, path,
                                             PAYER_COOKIE_DAYS * 24 * 60 * 60,
                                             g_str_has_prefix (context->public_url, "https:") ? "; Secure" : "");

  relay_reply_set_header (reply, "Set-Cookie", cookie);
}

const char *
relay_api_payment_words (CobroPaymentState state)
{
  switch (state)
    {
    case COBRO_PAYMENT_SUCCEEDED:
      return "Payment received";
    case COBRO_PAYMENT_FAILED:
      return "The payment was declined; nothing was charged";
    case COBRO_PAYMENT_CANCELLED:
      return "The payment was cancelled; nothing was charged";
    case COBRO_PAYMENT_REQUIRES_ACTION:
      return "The payer has not finished yet";
    case COBRO_PAYMENT_CREATED:
    case COBRO_PAYMENT_PENDING:
    case COBRO_PAYMENT_PROCESSING:
    case COBRO_PAYMENT_UNKNOWN:
      return "The payment is being processed";
    }
  return "";
}
