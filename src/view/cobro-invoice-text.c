/* src/view/cobro-invoice-text.c — what the window says about an invoice.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-text.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"

const char *
cobro_invoice_text_number (const CobroInvoice *invoice)
{
  return *invoice->number ? invoice->number : _ ("Draft");
}

char *
cobro_invoice_text_title (const CobroInvoice *invoice)
{
  gboolean credit = invoice->kind == COBRO_INVOICE_CREDIT_NOTE;

  if (*invoice->number == '\0')
    return g_strdup (credit ? _ ("Draft Credit Note") : _ ("Draft Invoice"));
  return g_strdup_printf (credit ? _ ("Credit Note %s") : _ ("Invoice %s"), invoice->number);
}

char *
cobro_invoice_text_total (const CobroInvoice *invoice)
{
  CobroMoney total = invoice->totals ? invoice->totals->total : COBRO_MONEY_NONE;
  CobroMoney less;

  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE && cobro_money_is_set (total) &&
      cobro_money_negate (total, &less, NULL))
    total = less;
  return cobro_money_text (total, cobro_view_locale ());
}

/* ── Status ── */

static const struct
{
  const char *word;
  const char *icon;
  const char *tone;
} statuses[] = {
  [COBRO_INVOICE_IS_DRAFT] = { N_ ("Draft"), "cobro-status-draft-symbolic", "dim-label" },
  [COBRO_INVOICE_IS_OPEN] = { N_ ("Open"), "cobro-status-live-symbolic", "accent" },
  [COBRO_INVOICE_IS_SENT] = { N_ ("Sent"), "cobro-status-sent-symbolic", "accent" },
  [COBRO_INVOICE_IS_VIEWED] = { N_ ("Viewed"), "cobro-status-viewed-symbolic", "accent" },
  [COBRO_INVOICE_IS_PARTIALLY_PAID] = { N_ ("Partly Paid"), "cobro-status-partly-symbolic", "warning" },
  [COBRO_INVOICE_IS_PAID] = { N_ ("Paid"), "cobro-status-paid-symbolic", "success" },
  [COBRO_INVOICE_IS_OVERPAID] = { N_ ("Paid Too Much"), "cobro-status-over-symbolic", "warning" },
  [COBRO_INVOICE_IS_OVERDUE] = { N_ ("Overdue"), "cobro-status-overdue-symbolic", "error" },
  [COBRO_INVOICE_IS_REFUNDED] = { N_ ("Refunded"), "cobro-status-refunded-symbolic", "dim-label" },
  [COBRO_INVOICE_IS_VOID] = { N_ ("Void"), "cobro-status-cancelled-symbolic", "dim-label" },
  [COBRO_INVOICE_IS_UNCOLLECTIBLE] = { N_ ("Given Up"), "cobro-status-given-up-symbolic", "dim-label" },
  [COBRO_INVOICE_IS_CREDIT_NOTE] = { N_ ("Credit Note"), "cobro-status-refunded-symbolic", "dim-label" },
};

static gboolean
waits (CobroInvoiceItem *item)
{
  return cobro_invoice_item_get_state (item) == COBRO_RECORD_WAITING &&
         cobro_invoice_item_get_invoice (item)->rev == 0 &&
         cobro_invoice_item_get_invoice (item)->decision != COBRO_INVOICE_DRAFT;
}

CobroViewStatus
cobro_invoice_text_status (CobroInvoiceItem *item)
{
  CobroInvoiceStatus status = cobro_invoice_item_get_view (item).status;

  if (cobro_invoice_item_get_state (item) == COBRO_RECORD_REJECTED)
    return (CobroViewStatus){ _ ("Refused"), "cobro-status-refused-symbolic", "error" };
  if (cobro_invoice_item_get_state (item) == COBRO_RECORD_CONFLICT)
    return (CobroViewStatus){ _ ("Changed Twice"), "cobro-status-conflict-symbolic", "warning" };
  if (status == COBRO_INVOICE_IS_OPEN && cobro_invoice_item_get_sending (item))
    return (CobroViewStatus){ _ ("Waiting to Be Sent"), "cobro-status-waiting-symbolic", "warning" };
  if (status == COBRO_INVOICE_IS_OPEN && waits (item))
    return (CobroViewStatus){ _ ("Waiting to Upload"), "cobro-status-waiting-symbolic", "warning" };
  return (CobroViewStatus){ _ (statuses[status].word), statuses[status].icon, statuses[status].tone };
}

static char *
waiting_reason (CobroInvoiceItem *item, gboolean has_relay)
{
  if (!has_relay && cobro_invoice_item_get_sending (item))
    return g_strdup (_ ("It is issued and waits to be mailed. Connect a relay, or send it with your mail program."));
  if (!has_relay)
    return g_strdup (_ ("It is issued and safe on this computer. Connect a relay so that it can be paid online."));
  if (cobro_invoice_item_get_sending (item))
    return g_strdup (_ ("It is issued. It is mailed as soon as the relay can be reached."));
  return g_strdup (_ ("It is issued. Its address is final; it can be paid as soon as it is uploaded."));
}

static char *
due_reason (const CobroInvoice *invoice, CobroInvoiceView view)
{
  g_autofree char *due = cobro_money_text (view.due, cobro_view_locale ());
  g_autofree char *date = cobro_civil_date_text (invoice->due_date, cobro_view_locale ());

  if (view.status == COBRO_INVOICE_IS_OVERDUE)
    /* Translators: an amount, a number of days. */
    return g_strdup_printf (
      ngettext ("%1$s is overdue for %2$d day.", "%1$s is overdue for %2$d days.", (gulong)view.days_overdue), due,
      view.days_overdue);
  /* Translators: an amount, a date. */
  return g_strdup_printf (_ ("%1$s is due on %2$s."), due, date);
}

static char *
paid_reason (CobroInvoiceView view)
{
  g_autofree char *paid = cobro_money_text (view.paid, cobro_view_locale ());
  g_autofree char *credit = cobro_money_text (view.credit, cobro_view_locale ());

  if (view.status != COBRO_INVOICE_IS_OVERPAID)
    return g_strdup_printf (_ ("%s arrived."), paid);
  /* Translators: both %s are amounts of money. */
  return g_strdup_printf (_ ("%1$s arrived; %2$s of it is the customer's to use or to get back."), paid, credit);
}

char *
cobro_invoice_text_reason (CobroInvoiceItem *item, gboolean has_relay)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  CobroInvoiceView view = cobro_invoice_item_get_view (item);

  if (cobro_invoice_item_get_state (item) == COBRO_RECORD_REJECTED)
    /* Translators: %s is the relay's reason, in its own words. */
    return g_strdup_printf (_ ("The relay refused it: %s. Nobody was charged."), cobro_invoice_item_get_reason (item));

  switch (view.status)
    {
    case COBRO_INVOICE_IS_DRAFT:
      return g_strdup (_ ("It has no number yet and can be changed or discarded."));
    case COBRO_INVOICE_IS_OPEN:
      return waits (item) || cobro_invoice_item_get_sending (item) ? waiting_reason (item, has_relay)
                                                                   : due_reason (invoice, view);
    case COBRO_INVOICE_IS_SENT:
    case COBRO_INVOICE_IS_VIEWED:
    case COBRO_INVOICE_IS_PARTIALLY_PAID:
    case COBRO_INVOICE_IS_OVERDUE:
      return due_reason (invoice, view);
    case COBRO_INVOICE_IS_PAID:
    case COBRO_INVOICE_IS_OVERPAID:
      return paid_reason (view);
    case COBRO_INVOICE_IS_REFUNDED:
      return g_strdup (_ ("What was paid went back to the customer."));
    case COBRO_INVOICE_IS_VOID:
      return *invoice->void_reason ? g_strdup_printf (_ ("It was credited in full: %s"), invoice->void_reason)
                                   : g_strdup (_ ("It was credited in full. Nobody can pay it."));
    case COBRO_INVOICE_IS_UNCOLLECTIBLE:
      return g_strdup (_ ("You gave it up. It can still be paid."));
    case COBRO_INVOICE_IS_CREDIT_NOTE:
      /* Translators: %s is the number of an invoice. */
      return g_strdup_printf (_ ("It takes back what invoice %s asked for."), invoice->corrects_number);
    }
  return g_strdup ("");
}

/* (transfer full) what the relay said, as a sentence; "" stays "". */
static char *
sentence (const char *said)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, said);

  return cobro_view_error (error);
}

char *
cobro_invoice_text_attention (CobroInvoiceItem *item)
{
  g_autofree char *flags = cobro_view_flags (cobro_invoice_item_get_view (item).flags);
  const char *problem = cobro_invoice_item_get_problem (item);
  const char *reason =
    cobro_invoice_item_get_state (item) == COBRO_RECORD_CONFLICT ? cobro_invoice_item_get_reason (item) : "";
  g_autofree char *problem_said = sentence (problem);
  g_autofree char *reason_said = sentence (reason);
  const char *lines[] = { problem_said, reason_said, flags };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (*lines[i])
      g_string_append_printf (text, "%s%s", text->len ? "\n" : "", lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ── What may be done ── */

static gboolean
is_asking (CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);

  return invoice->kind == COBRO_INVOICE_INVOICE &&
         (invoice->decision == COBRO_INVOICE_ISSUED || invoice->decision == COBRO_INVOICE_UNCOLLECTIBLE);
}

gboolean
cobro_invoice_may_send (CobroInvoiceItem *item)
{
  return cobro_invoice_item_get_invoice (item)->decision == COBRO_INVOICE_ISSUED;
}

gboolean
cobro_invoice_may_record (CobroInvoiceItem *item)
{
  return is_asking (item);
}

gboolean
cobro_invoice_may_remind (CobroInvoiceItem *item)
{
  CobroInvoiceView view = cobro_invoice_item_get_view (item);

  return is_asking (item) && cobro_money_is_set (view.due) && cobro_money_is_positive (view.due) &&
         *cobro_invoice_item_get_invoice (item)->buyer.email;
}

gboolean
cobro_invoice_may_void (CobroInvoiceItem *item)
{
  return is_asking (item);
}

const char *
cobro_invoice_text_locale (const CobroInvoice *invoice, const CobroMerchant *merchant)
{
  const char *own = g_str_equal (invoice->locale, "auto") ? merchant->locale : invoice->locale;

  return *own && !g_str_equal (own, "auto") ? own : cobro_locale_get_tag (cobro_view_locale ());
}
