/* relay/checkout/relay-left.c — idempotency keys whose holders died between the provider's answer and ours: what was
 * begun under them is gone on with, and the answer stored. Layer: relay/checkout. The janitor's thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

typedef struct
{
  const RelayLeftKey *left;
  gboolean claimed;
} TakeOver;

static gboolean
take_over_work (RelayTx *tx, gpointer data, GError **error)
{
  TakeOver *over = data;

  return relay_idempotency_take_over (tx, over->left, &over->claimed, error);
}

static gboolean
go_on (RelayCheckout *self, const RelayLeftKey *left, GError **error)
{
  g_auto (RelayStoredAnswer) answer = { 0 };
  CobroId id;

  if (cobro_id_parse (COBRO_ID_PAYMENT, left->object_id.text, &id, NULL))
    return relay_charge_go_on_for (self, &left->scope, left->key, &id, &answer, error);
  return relay_refund_go_on (self, &left->scope, left->key, &left->object_id, &answer, error);
}

static GPtrArray *
list_left (RelayCheckout *self, CobroTime now, guint limit, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);

  return reader != NULL ? relay_idempotency_list_left (reader->db, now, limit, error) : NULL;
}

/* Somebody is at it already: that is no failure. */
static void
note_failure (GError *take_failure, GError **first)
{
  if (*first == NULL && !g_error_matches (take_failure, COBRO_ERROR, COBRO_ERROR_RUNNING))
    *first = take_failure;
  else
    g_error_free (take_failure);
}

gboolean
relay_left_run_once (RelayCheckout *self, CobroTime now, guint limit, guint *out_done, GError **error)
{
  g_autoptr (GPtrArray) all = list_left (self, now, limit, error);
  GError *first = NULL;

  *out_done = 0;
  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      TakeOver over = { .left = all->pdata[i] };
      GError *failure = NULL;

      if (relay_store_write_for (self->store, &over.left->scope.merchant_id, take_over_work, &over, &failure) &&
          (!over.claimed || go_on (self, over.left, &failure)))
        *out_done += over.claimed;
      else
        note_failure (failure, &first);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, first);
  return FALSE;
}
