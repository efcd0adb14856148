/* src/sync/cobro-sync-pull.c — the relay's feed into the books, a page at a time.
 * Layer: sync. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-link-sync-store.h"
#include "cobro-logo-sync-store.h"
#include "cobro-payment-store.h"
#include "cobro-plain-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-steps.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-invoice.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-product.h"
#include "cobro-wire-recurring.h"
#include "cobro-wire-refund.h"
#include "cobro-wire-set.h"

#include <string.h>

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

/* A page on its way into the books. */
typedef struct
{
  GPtrArray *events;  /* (element-type CobroRelayEvent) */
  GHashTable *sum_up; /* (element-type utf8) ids of links whose payments changed */
  gint64 cursor;      /* where the page was asked for */
} Page;

/* ── The chain ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* @object_id: of the event's object. */
static gboolean
verify (const CobroPairing *pairing, const CobroRelayEvent *heard, const CobroId *object_id, gint64 sequence,
        const char *previous_hash, GError **error)
{
  g_autoptr (CobroEvent) event = NULL;

  if (heard->sequence != sequence)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                            "the relay's log has a gap: event %" G_GINT64_FORMAT " follows %" G_GINT64_FORMAT,
                            heard->sequence, sequence - 1);
  if (strcmp (heard->previous_hash, previous_hash) != 0)
    return cobro_error_set (error, COBRO_ERROR_CORRUPT,
                            "the relay's log is not the one that these books have read (event %" G_GINT64_FORMAT
                            "); was the relay restored from a copy? Pair again to read it from the beginning",
                            heard->sequence);
  event = cobro_event_new ();
  if (!cobro_event_type_from_name (heard->type, &event->type))
    return TRUE; /* of a later version: kept, and its hash is the next one's */
  event->merchant_id = pairing->merchant_id;
  event->sequence = heard->sequence;
  event->occurred_at = heard->occurred_at;
  event->object_id = *object_id;
  g_strlcpy (event->id.text, heard->id, sizeof event->id.text);
  g_free (event->object);
  event->object = g_strdup (heard->object);
  g_strlcpy (event->previous_hash, heard->previous_hash, sizeof event->previous_hash);
  g_strlcpy (event->hash, heard->hash, sizeof event->hash);
  if (!cobro_event_verify (event, previous_hash))
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "event %" G_GINT64_FORMAT " of the relay's log was changed",
                            heard->sequence);
  return TRUE;
}

/* ── What an event means ────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
hear_link (CobroStoreTx *tx, CobroWireObject *object, const CobroRelayEvent *heard, CobroId *out_link_id,
           GError **error)
{
  g_autoptr (CobroLink) link = cobro_wire_link_parse (object, COBRO_WIRE_LINK_UPDATE, error);

  if (link == NULL)
    return FALSE;
  *out_link_id = link->id;
  return cobro_link_sync_heard (tx, link, strcmp (heard->type, "link.token_replaced") == 0, error);
}

static gboolean
hear_payment (CobroStoreTx *tx, Page *page, CobroWireObject *object, const CobroRelayEvent *heard, CobroId *out_link_id,
              GError **error)
{
  g_autoptr (CobroPayment) payment = cobro_wire_payment_parse (object, error);

  if (payment == NULL)
    return FALSE;
  *out_link_id = payment->link_id;
  if (cobro_id_is_set (&payment->link_id))
    g_hash_table_add (page->sum_up, g_strdup (payment->link_id.text));
  return cobro_payment_store_heard (tx, payment, heard->object, error);
}

static gboolean
hear_refund (CobroStoreTx *tx, Page *page, CobroWireObject *object, const CobroRelayEvent *heard, CobroId *out_link_id,
             GError **error)
{
  g_autoptr (CobroRefund) refund = cobro_wire_refund_parse (object, error);

  if (refund == NULL || !cobro_refund_store_heard (tx, refund, heard->object, out_link_id, error))
    return FALSE;
  if (cobro_id_is_set (out_link_id))
    g_hash_table_add (page->sum_up, g_strdup (out_link_id->text));
  return TRUE;
}

static gboolean
hear_merchant (CobroStoreTx *tx, CobroWireObject *object, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_wire_merchant_parse (object, error);

  return merchant != NULL && cobro_merchant_sync_heard (tx, merchant, error);
}

static gboolean
hear_invoice (CobroStoreTx *tx, CobroWireObject *object, CobroId *out_link_id, GError **error)
{
  g_autoptr (CobroInvoice) invoice = cobro_wire_invoice_parse (object, COBRO_WIRE_INVOICE_STORED, error);
  CobroInvoiceTally tally;

  if (invoice == NULL || !cobro_wire_invoice_read_tally (object, invoice->currency, &tally, error))
    return FALSE;
  *out_link_id = cobro_invoice_link_id (&invoice->id);
  return cobro_invoice_sync_heard (tx, invoice, tally.sent_at, tally.viewed_at, error);
}

/* A mail that was given up: about an invoice it is shown there, and in the timeline. */
static gboolean
hear_mail (CobroStoreTx *tx, CobroWireObject *object, CobroId *out_link_id, GError **error)
{
  CobroId invoice_id;
  g_autofree char *reason = NULL;

  if (!cobro_wire_get_id (object, "invoiceId", COBRO_ID_INVOICE, &invoice_id, error) ||
      !cobro_wire_get_text (object, "reason", "", &reason, error))
    return FALSE;
  if (!cobro_id_is_set (&invoice_id))
    return TRUE;
  *out_link_id = cobro_invoice_link_id (&invoice_id);
  return cobro_invoice_sync_mail_failed (tx, &invoice_id, reason[0] != '\0' ? reason : "the mail was given up", error);
}

/* ── Customers, products, schedules ── */

static gboolean
hear_customer (CobroStoreTx *tx, CobroWireObject *object, GError **error)
{
  g_autoptr (CobroCustomer) customer = cobro_wire_customer_parse (object, error);
  g_autofree char *document = customer != NULL ? tx->codec->write_customer (customer) : NULL;

  return customer != NULL &&
         cobro_plain_sync_heard (tx, COBRO_PLAIN_CUSTOMER, customer->id.text, document, customer->rev, error);
}

static gboolean
hear_product (CobroStoreTx *tx, CobroWireObject *object, GError **error)
{
  g_autoptr (CobroProduct) product = cobro_wire_product_parse (object, error);
  g_autofree char *document = product != NULL ? tx->codec->write_product (product) : NULL;

  return product != NULL &&
         cobro_plain_sync_heard (tx, COBRO_PLAIN_PRODUCT, product->id.text, document, product->rev, error);
}

static gboolean
hear_recurring (CobroStoreTx *tx, CobroWireObject *object, GError **error)
{
  g_autoptr (CobroRecurring) recurring = cobro_wire_recurring_parse (object, error);
  g_autofree char *document = recurring != NULL ? tx->codec->write_recurring (recurring) : NULL;

  return recurring != NULL &&
         cobro_plain_sync_heard (tx, COBRO_PLAIN_RECURRING, recurring->id.text, document, recurring->rev, error);
}

static gboolean
hear (CobroStoreTx *tx, Page *page, CobroWireObject *object, const CobroRelayEvent *heard, CobroId *out_link_id,
      GError **error)
{
  CobroEventType type;

  if (!cobro_event_type_from_name (heard->type, &type))
    return TRUE;
  if (g_str_has_prefix (heard->type, "link."))
    return hear_link (tx, object, heard, out_link_id, error);
  if (g_str_has_prefix (heard->type, "payment.") || g_str_has_prefix (heard->type, "dispute."))
    return hear_payment (tx, page, object, heard, out_link_id, error);
  if (g_str_has_prefix (heard->type, "refund."))
    return hear_refund (tx, page, object, heard, out_link_id, error);
  if (g_str_has_prefix (heard->type, "invoice."))
    return hear_invoice (tx, object, out_link_id, error);
  if (g_str_has_prefix (heard->type, "mail."))
    return hear_mail (tx, object, out_link_id, error);
  if (g_str_has_prefix (heard->type, "merchant."))
    return hear_merchant (tx, object, error);
  if (g_str_has_prefix (heard->type, "customer."))
    return hear_customer (tx, object, error);
  if (g_str_has_prefix (heard->type, "product."))
    return hear_product (tx, object, error);
  if (g_str_has_prefix (heard->type, "recurring."))
    return hear_recurring (tx, object, error);
  return TRUE;
}

/* Checks that it follows @previous_hash, does what it says, and keeps it. */
static gboolean
take_event (CobroStoreTx *tx, Page *page, const CobroPairing *pairing, const CobroRelayEvent *heard, gint64 sequence,
            const char *previous_hash, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (heard->object, -1, error);
  g_autofree char *id = NULL;
  CobroHeardEvent row = { .sequence = heard->sequence,
                          .id = heard->id,
                          .type = heard->type,
                          .occurred_at = heard->occurred_at,
                          .link_id = COBRO_ID_NONE,
                          .object_id = COBRO_ID_NONE,
                          .object = heard->object,
                          .hash = heard->hash };

  if (object == NULL || !cobro_wire_get_text (object, "id", "", &id, error))
    return FALSE;
  g_strlcpy (row.object_id.text, id, sizeof row.object_id.text);
  if (!verify (pairing, heard, &row.object_id, sequence, previous_hash, error))
    return FALSE;
  if (!hear (tx, page, object, heard, &row.link_id, error))
    {
      g_prefix_error (error, "event %" G_GINT64_FORMAT " (%s): ", heard->sequence, heard->type);
      return FALSE;
    }
  return cobro_event_store_append (tx, &row, error);
}

/* ── A page ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
sum_up_links (CobroStoreTx *tx, Page *page, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, page->sum_up);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      CobroId id = COBRO_ID_NONE;

      g_strlcpy (id.text, key, sizeof id.text);
      if (!cobro_link_sync_sum_up (tx, &id, error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
do_take_page (CobroStoreTx *tx, gpointer data, GError **error)
{
  Page *page = data;
  g_autoptr (CobroPairing) pairing = cobro_pairing_find (tx, error);
  const char *previous;

  if (pairing == NULL)
    return NULL;
  if (pairing->cursor != page->cursor) /* paired anew meanwhile: this page is another relay's */
    return GINT_TO_POINTER (TRUE);
  previous = pairing->last_hash[0] != '\0' ? pairing->last_hash : NO_HASH;
  for (guint i = 0; i < page->events->len; i++)
    {
      const CobroRelayEvent *heard = g_ptr_array_index (page->events, i);

      if (!take_event (tx, page, pairing, heard, pairing->cursor + i + 1, previous, error))
        return NULL;
      previous = heard->hash;
    }
  if (!sum_up_links (tx, page, error) ||
      !cobro_pairing_set_cursor (tx, pairing->cursor + page->events->len, previous, error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

static gpointer
do_start_over (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_event_store_forget (tx, error) && cobro_pairing_set_cursor (tx, 0, "", error));
}

gboolean
cobro_sync_pull_once (CobroStore *store, CobroRelayClient *client, guint wait, guint *out_n, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (CobroPairing) pairing = cobro_pairing_load (store, error);
  g_autoptr (GHashTable) sum_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) failure = NULL;
  Page page = { NULL, sum_up, 0 };

  if (pairing == NULL)
    return FALSE;
  page.cursor = pairing->cursor;
  page.events = cobro_relay_client_pull (client, pairing->cursor, COBRO_PULL_LIMIT, wait, cancellable, &failure);
  if (page.events == NULL)
    {
      *out_n = 0;
      /* The relay's log is shorter than what we have read: it was restored from a copy. What it still has is read anew.
       */
      if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_GONE) && pairing->cursor > 0)
        return cobro_store_write (store, do_start_over, NULL, error) != NULL;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *out_n = page.events->len;
  if (page.events->len > 0)
    cobro_store_write (store, do_take_page, &page, &failure);
  g_ptr_array_unref (page.events);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return failure == NULL && (error == NULL || *error == NULL);
}

/* ── Tokens of links that were made elsewhere ───────────────────────────────────────────────────────────────────── */

typedef struct
{
  CobroId id;
  CobroToken token;
} Token;

static gpointer
do_list_without_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_link_sync_without_token (tx, *(guint *)data, error);
}

static gpointer
do_set_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  Token *token = data;

  return GINT_TO_POINTER (cobro_link_sync_set_token (tx, &token->id, &token->token, error));
}

gboolean
cobro_sync_fetch_tokens (CobroStore *store, CobroRelayClient *client, guint limit, guint *out_n,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) ids = cobro_store_read (store, do_list_without_token, &limit, error);

  *out_n = 0;
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      Token token = { .id = g_array_index (ids, CobroId, i) };
      g_autoptr (GError) failure = NULL;

      if (!cobro_relay_client_get_token (client, &token.id, &token.token, cancellable, &failure))
        {
          if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
            continue; /* the link is shown without its address */
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (cobro_store_write (store, do_set_token, &token, error) == NULL)
        return FALSE;
      ++*out_n;
    }
  return TRUE;
}

/* ── The picture that the profile names ─────────────────────────────────────────────────────────────────────────── */

static gpointer
do_look_for_logo (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_logo_sync_is_missing (tx, data, error));
}

static gpointer
do_take_logo (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_logo_sync_take (tx, data, error));
}

gboolean
cobro_sync_fetch_logo (CobroStore *store, CobroRelayClient *client, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean missing;

  if (cobro_store_read (store, do_look_for_logo, &missing, error) == NULL)
    return FALSE;
  if (!missing)
    return TRUE;
  if ((picture = cobro_relay_client_get_logo (client, cancellable, &failure)) != NULL)
    return cobro_store_write (store, do_take_logo, picture, error) != NULL;
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return TRUE; /* documents go without it */
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* ── What the relay can do ──────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_set_mail (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_pairing_set_mail (tx, ((const CobroRelayHealth *)data)->mail, error));
}

gboolean
cobro_sync_refresh (CobroStore *store, CobroRelayClient *client, GCancellable *cancellable, GError **error)
{
  CobroRelayHealth health;

  return cobro_relay_client_health (client, &health, cancellable, error) &&
         cobro_store_write (store, do_set_mail, &health, error) != NULL;
}
