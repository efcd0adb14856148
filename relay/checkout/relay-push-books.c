/* relay/checkout/relay-push-books.c — what desktops push besides links and invoices: products, schedules, the logo.
 * Layer: relay/checkout. Inside the push's transaction. */
#include "cobro-error.h"
#include "cobro-wire-product.h"
#include "cobro-wire-recurring.h"
#include "relay-logo-store.h"
#include "relay-product-store.h"
#include "relay-push-private.h"
#include "relay-recurring-store.h"

/* ── Products ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* @like: whose revision and times it is compared with. */
static char *
product_document (const CobroProduct *product, const CobroProduct *like)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  CobroProduct twin = *product; /* lends its strings */

  twin.rev = like->rev;
  twin.created_at = like->created_at;
  twin.updated_at = like->updated_at;
  cobro_wire_product_write (writer, NULL, &twin);
  return cobro_wire_writer_take (writer);
}

gboolean
relay_push_product (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
                    GError **error)
{
  CobroProduct *to = operation->product;
  GError *failure = NULL;
  g_autofree char *edited = NULL, *before = NULL, *after = NULL;
  g_autoptr (CobroProduct) from = relay_product_find (tx->db, &scope->merchant_id, &to->id, &edited, &failure);

  if (from == NULL && !cobro_error_forgive_not_found (failure, error))
    return FALSE;
  if (from != NULL)
    {
      before = product_document (from, from);
      after = product_document (to, from);
      if (g_str_equal (before, after))
        return relay_push_applied (result, from->rev);
      if (operation->base_rev < from->rev)
        return relay_push_conflict (result, from->rev, before, edited);
    }
  to->rev = operation->base_rev + 1;
  return cobro_product_validate (to, error) &&
         relay_product_put (tx, &scope->merchant_id, to, operation->edited, error) &&
         relay_push_applied (result, to->rev);
}

/* ── Schedules ──────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
recurring_document (const CobroRecurring *recurring, const CobroRecurring *like)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  CobroRecurring twin = *recurring; /* lends its strings and its invoice */

  twin.rev = like->rev;
  twin.livemode = like->livemode;
  twin.created_at = like->created_at;
  twin.updated_at = like->updated_at;
  cobro_wire_recurring_write (writer, NULL, &twin);
  return cobro_wire_writer_take (writer);
}

static gboolean
put_recurring (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
               GError **error)
{
  g_autoptr (CobroMerchant) merchant = relay_merchant_find (tx->db, &scope->merchant_id, NULL, error);
  CobroRecurring *to = operation->recurring;

  to->rev = operation->base_rev + 1;
  to->livemode = scope->livemode;
  return merchant != NULL && cobro_recurring_validate (to, error) &&
         relay_recurring_put (tx, scope, to, merchant->time_zone, operation->edited, error) &&
         relay_push_applied (result, to->rev);
}

gboolean
relay_push_recurring (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation,
                      RelayPushResult *result, GError **error)
{
  GError *failure = NULL;
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (RelayRecurringRecord) from = relay_recurring_find (tx->db, scope, &operation->recurring->id, &failure);

  if (from == NULL)
    return cobro_error_forgive_not_found (failure, error) && put_recurring (tx, scope, operation, result, error);
  before = recurring_document (from->recurring, from->recurring);
  after = recurring_document (operation->recurring, from->recurring);
  if (g_str_equal (before, after))
    return relay_push_applied (result, from->recurring->rev);
  if (operation->base_rev < from->recurring->rev)
    return relay_push_conflict (result, from->recurring->rev, before, from->edited);
  return put_recurring (tx, scope, operation, result, error);
}

/* ── The logo ───────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_push_logo (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
                 GError **error)
{
  if (g_bytes_get_size (operation->logo) == 0 && *operation->media_type == '\0')
    return relay_logo_remove (tx, &scope->merchant_id, error) && relay_push_applied (result, 1);
  return relay_logo_put (tx, &scope->merchant_id, operation->media_type, operation->logo, error) &&
         relay_push_applied (result, 1);
}
