/* src/store/cobro-store-change.c — what a job has changed, collected while it runs and told when it is committed.
 * Layer: store. The thread of the job. */
#include "config.h"
#include "cobro-store-private.h"

#define LISTED_MAX 1000
#define PAID_MAX   50

CobroStoreChange *
cobro_store_change_new (void)
{
  CobroStoreChange *change = g_new0 (CobroStoreChange, 1);

  change->links = g_array_new (FALSE, FALSE, sizeof (gint64));
  change->invoices = g_array_new (FALSE, FALSE, sizeof (gint64));
  change->paid = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_payment_unref);
  return change;
}

CobroStoreChange *
cobro_store_change_copy (CobroStoreChange *change)
{
  CobroStoreChange *copy = g_new0 (CobroStoreChange, 1);

  *copy = *change;
  copy->links = g_array_ref (change->links);
  copy->invoices = g_array_ref (change->invoices);
  copy->paid = g_ptr_array_ref (change->paid);
  return copy;
}

void
cobro_store_change_free (CobroStoreChange *change)
{
  g_array_unref (change->links);
  g_array_unref (change->invoices);
  g_ptr_array_unref (change->paid);
  g_free (change);
}

G_DEFINE_BOXED_TYPE (CobroStoreChange, cobro_store_change, cobro_store_change_copy, cobro_store_change_free)

static void
touch (CobroStoreChange *change, GArray *rows, gint64 row)
{
  if (change->all)
    return;
  for (guint i = rows->len; i > 0 && i + 16 > rows->len; i--)
    if (g_array_index (rows, gint64, i - 1) == row)
      return;
  g_array_append_val (rows, row);
  if (rows->len <= LISTED_MAX)
    return;
  change->all = TRUE;
  g_array_set_size (change->links, 0);
  g_array_set_size (change->invoices, 0);
}

void
cobro_store_tx_touch_link (CobroStoreTx *tx, gint64 row)
{
  tx->change->kinds |= COBRO_STORE_LINKS;
  touch (tx->change, tx->change->links, row);
}

void
cobro_store_tx_touch_invoice (CobroStoreTx *tx, gint64 row)
{
  tx->change->kinds |= COBRO_STORE_INVOICES;
  touch (tx->change, tx->change->invoices, row);
}

void
cobro_store_tx_tell_paid (CobroStoreTx *tx, CobroPayment *payment)
{
  /* A first download may bring years of payments: the last ones are news, the rest is history. */
  if (tx->change->paid->len >= PAID_MAX)
    g_ptr_array_remove_index (tx->change->paid, 0);
  g_ptr_array_add (tx->change->paid, cobro_payment_ref (payment));
}
