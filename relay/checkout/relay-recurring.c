/* relay/checkout/relay-recurring.c — the runner of schedules.
 * Layer: relay/checkout. Transactions on the writer's thread. */
#include "cobro-error.h"
#include "relay-checkout-private.h"
#include "relay-invoice-clock.h"
#include "relay-invoices.h"
#include "relay-recurring-store.h"

#define AGAIN   COBRO_HOUR
#define AT_ONCE 100 /* invoices of one schedule in one step: the others wait no longer than that */

/* One period of one schedule. */
typedef struct
{
  const RelayRecurringRecord *listed;
  const char *trouble;   /* (nullable) put off for this reason, instead of issuing */
  gboolean issued, more; /* (out) */
} Turn;

/* The draft of a period: what the schedule says, with an id of its own. */
static CobroInvoice *
make_draft (RelayTx *tx, const CobroRecurring *recurring, CobroDay day)
{
  CobroInvoice *draft = cobro_invoice_duplicate (recurring->invoice);

  draft->id = cobro_id_new (COBRO_ID_INVOICE, relay_store_clock (tx->store), relay_store_random (tx->store));
  draft->livemode = recurring->livemode;
  draft->recurring_id = recurring->id;
  cobro_day_to_text (day, draft->period);
  return draft;
}

/* The unique index says so once more. */
static gboolean
is_issued (RelayTx *tx, const RelayScope *scope, const CobroInvoice *draft, gboolean *out_is, GError **error)
{
  GError *failure = NULL;
  g_autoptr (RelayInvoiceRecord) found =
    relay_invoice_find_period (tx->db, scope, &draft->recurring_id, draft->period, &failure);

  *out_is = found != NULL;
  return found != NULL || cobro_error_forgive_not_found (failure, error);
}

static gboolean
issue (RelayTx *tx, const RelayScope *scope, const CobroRecurring *recurring, CobroDay day, gboolean *out_issued,
       GError **error)
{
  g_autoptr (CobroInvoice) draft = make_draft (tx, recurring, day);
  g_autoptr (RelayInvoiceRecord) record = NULL;
  gboolean is;

  if (!is_issued (tx, scope, draft, &is, error))
    return FALSE;
  if (is)
    return TRUE;
  record = relay_invoices_issue_in (tx, scope, draft, recurring->send, error);
  *out_issued = record != NULL;
  return *out_issued;
}

static gboolean
turn_work (RelayTx *tx, gpointer data, GError **error)
{
  Turn *turn = data;
  RelayScope scope = { turn->listed->merchant_id, turn->listed->recurring->livemode };
  g_autoptr (RelayRecurringRecord) record = relay_recurring_find (tx->db, &scope, &turn->listed->recurring->id, error);
  g_autoptr (CobroMerchant) merchant = NULL;
  CobroDay day;
  gint64 come;

  turn->issued = turn->more = FALSE;
  if (record == NULL || !(merchant = relay_merchant_find (tx->db, &scope.merchant_id, NULL, error)))
    return FALSE;
  if (record->next_at == 0 || record->next_at > tx->now)
    return TRUE;
  if (turn->trouble != NULL)
    return relay_recurring_put_off (tx, record, tx->now + AGAIN, turn->trouble, error);
  come = cobro_recurring_come (record->recurring, cobro_day_of_time (tx->now, merchant->time_zone));
  if (record->issued >= come || !cobro_recurring_period (record->recurring, record->issued, &day))
    return relay_recurring_advance (tx, record, record->issued, merchant->time_zone, "", error);
  if (!issue (tx, &scope, record->recurring, day, &turn->issued, error))
    return FALSE;
  turn->more = record->issued + 1 < come;
  return relay_recurring_advance (tx, record, record->issued + 1, merchant->time_zone, "", error);
}

/* What is wrong with the schedule itself is the merchant's to mend: kept aside for a while, with the reason. */
static gboolean
put_off (RelayCheckout *checkout, Turn *turn, GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  if (failure->domain != COBRO_ERROR || g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE) ||
      g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY) ||
      g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_CORRUPT) ||
      g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_IO))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  turn->trouble = failure->message;
  return relay_store_write_for (checkout->store, &turn->listed->merchant_id, turn_work, turn, error);
}

static gboolean
run_schedule (RelayCheckout *checkout, const RelayRecurringRecord *listed, guint *issued, GError **error)
{
  Turn turn = { .listed = listed, .more = TRUE };

  for (guint i = 0; i < AT_ONCE && turn.more; i++)
    {
      GError *failure = NULL;

      if (!relay_store_write_for (checkout->store, &listed->merchant_id, turn_work, &turn, &failure))
        return put_off (checkout, &turn, failure, error);
      *issued += turn.issued;
    }
  return TRUE;
}

gboolean
relay_recurring_run_once (RelayCheckout *checkout, CobroTime now, guint limit, guint *out_issued, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (checkout->store, error);
  g_autoptr (GPtrArray) listed = reader != NULL ? relay_recurring_list_due (reader->db, now, limit, error) : NULL;
  GError *failure = NULL;

  *out_issued = 0;
  if (listed == NULL)
    return FALSE;
  g_clear_pointer (&reader, relay_reader_release);
  for (guint i = 0; i < listed->len; i++)
    if (!run_schedule (checkout, listed->pdata[i], out_issued, failure == NULL ? &failure : NULL))
      continue;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
