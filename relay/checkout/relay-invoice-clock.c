/* relay/checkout/relay-invoice-clock.c — due dates and reminders.
 * Layer: relay/checkout. Transactions on the writer's thread. */
#include "relay-invoice-clock.h"

#include "cobro-error.h"
#include "relay-checkout-private.h"
#include "relay-invoice-store.h"
#include "relay-mail-store.h"

#define MORNING (9 * COBRO_HOUR) /* when reminders leave, in the merchant's zone */

/* An invoice that the clock looks at. */
typedef struct
{
  RelayTx *tx;
  RelayScope scope;
  RelayInvoiceRecord *record;
  CobroMerchant *merchant;
  CobroInvoiceView view;
  CobroDay today;
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->record, relay_invoice_record_free);
  g_clear_pointer (&look->merchant, cobro_merchant_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

/* ── Reminders ──────────────────────────────────────────────────────────────────────────────────────────────── */

static const CobroReminders *
policy_of (const Look *look)
{
  return look->record->invoice->reminders.custom ? &look->record->invoice->reminders : &look->merchant->reminders;
}

/* Who got the invoice, where the buyer has no address. */
static gboolean
find_recipient (const Look *look, char **out_to, GError **error)
{
  g_autoptr (GPtrArray) mails = NULL;

  if (*look->record->invoice->buyer.email != '\0')
    {
      *out_to = g_strdup (look->record->invoice->buyer.email);
      return TRUE;
    }
  if (!(mails = relay_mail_list (look->tx->db, &look->scope, &look->record->invoice->id, 1, error)))
    return FALSE;
  *out_to = mails->len > 0 ? g_strdup (((const RelayMail *)mails->pdata[0])->recipient) : NULL;
  return TRUE;
}

static gboolean
queue_reminder (const Look *look, gint step, GError **error)
{
  g_autofree char *to = NULL;
  RelayMailOrder order = { .kind = "reminder",
                           .invoice_id = look->record->invoice->id,
                           .cause = relay_mail_cause_of_step (&look->record->invoice->id, step),
                           .step = step,
                           .due = cobro_day_begins_at (look->today, look->merchant->time_zone) + MORNING };

  if (!find_recipient (look, &to, error))
    return FALSE;
  order.recipient = to;
  return to == NULL || relay_mail_queue (look->tx, &look->scope, &order, error);
}

/* An invoice that was imported, or handed over by other means, is not followed by reminders out of the blue. */
static gboolean
remind (const Look *look, CobroDay due, GError **error)
{
  const RelayInvoiceRecord *record = look->record;
  CobroDay sent;
  gint step;

  if (record->tally.sent_at == 0 || record->link->tally.processing > 0)
    return TRUE;
  sent = cobro_day_of_time (record->tally.sent_at, look->merchant->time_zone);
  return !cobro_reminders_due (policy_of (look), due, sent, look->today, record->last_reminder, &step) ||
         queue_reminder (look, step, error);
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_look (Look *look, const RelayInvoiceRecord *listed, GError **error)
{
  look->scope = (RelayScope){ listed->merchant_id, listed->invoice->livemode };
  if (!(look->record = relay_invoice_find (look->tx->db, &look->scope, &listed->invoice->id, error)) ||
      !(look->merchant = relay_merchant_find (look->tx->db, &look->scope.merchant_id, NULL, error)))
    return FALSE;
  look->view = relay_invoice_view (look->record, look->merchant->time_zone, look->tx->now);
  look->today = cobro_day_of_time (look->tx->now, look->merchant->time_zone);
  return TRUE;
}

/* A day's beginning, if it is the earliest to come. */
static void
note_day (const Look *look, CobroDay day, CobroTime *next)
{
  CobroTime begins = cobro_day_begins_at (day, look->merchant->time_zone);

  if (day > look->today && (*next == 0 || begins < *next))
    *next = begins;
}

/* 0: the calendar has nothing more for it, until somebody changes it. */
static CobroTime
next_look (const Look *look, CobroDay due, CobroDay late)
{
  CobroTime next = 0;
  CobroDay day;

  note_day (look, late + 1, &next);
  if (look->record->link->tally.processing > 0) /* it may come to nothing */
    note_day (look, look->today + 1, &next);
  if (cobro_reminders_next (policy_of (look), due, look->today, &day))
    note_day (look, day, &next);
  return next;
}

static gboolean
is_owed (const Look *look)
{
  return look->record->invoice->kind == COBRO_INVOICE_INVOICE &&
         look->record->invoice->decision == COBRO_INVOICE_ISSUED && look->record->link != NULL &&
         cobro_money_is_positive (look->view.due);
}

static gboolean
look_work (RelayTx *tx, gpointer data, GError **error)
{
  const RelayInvoiceRecord *listed = data;
  g_auto (Look) look = { .tx = tx };
  CobroDay due, late;

  if (!read_look (&look, listed, error))
    return FALSE;
  if (look.record->look_at == 0 || look.record->look_at > tx->now)
    return TRUE;
  if (!is_owed (&look) || !cobro_day_from_text (look.record->invoice->due_date, &due, NULL) ||
      !cobro_invoice_late_after (look.record->invoice, look.view.paid, &late))
    return relay_invoice_set_look_at (tx, look.record, 0, error);
  if (look.view.status == COBRO_INVOICE_IS_OVERDUE && !look.record->overdue_told &&
      !relay_invoice_mark_overdue (tx, look.record, error))
    return FALSE;
  return remind (&look, due, error) && relay_invoice_set_look_at (tx, look.record, next_look (&look, due, late), error);
}

gboolean
relay_invoice_clock_run_once (RelayCheckout *checkout, CobroTime now, guint limit, guint *out_done, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (checkout->store, error);
  g_autoptr (GPtrArray) listed = reader != NULL ? relay_invoice_list_due (reader->db, now, limit, error) : NULL;
  GError *failure = NULL;

  if (listed == NULL)
    return FALSE;
  g_clear_pointer (&reader, relay_reader_release);
  *out_done = 0;
  for (guint i = 0; i < listed->len; i++)
    {
      RelayInvoiceRecord *one = listed->pdata[i];

      if (relay_store_write_for (checkout->store, &one->merchant_id, look_work, one, failure == NULL ? &failure : NULL))
        (*out_done)++;
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
