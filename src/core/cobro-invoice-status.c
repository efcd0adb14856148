/* src/core/cobro-invoice-status.c — what an invoice is now: decisions, payments, credit notes and the calendar in,
 * status out. Layer: core. Pure. */
#include "cobro-invoice-status.h"
#include "cobro-names.h"

static const char *const status_names[] = {
  "draft",    "open",    "sent",     "viewed", "partially_paid", "paid",
  "overpaid", "overdue", "refunded", "void",   "uncollectible",  "credit_note",
};
G_STATIC_ASSERT (G_N_ELEMENTS (status_names) == COBRO_INVOICE_IS_CREDIT_NOTE + 1);
COBRO_DEFINE_NAMES (CobroInvoiceStatus, cobro_invoice_status, status_names)

/* a − b, or zero where that is less than nothing. */
static CobroMoney
rest_of (CobroMoney a, CobroMoney b)
{
  CobroMoney rest;

  if (!cobro_money_subtract (a, b, &rest, NULL) || cobro_money_is_negative (rest))
    return cobro_money_zero (cobro_money_currency (a));
  return rest;
}

static CobroMoney
net_of (const CobroLinkTally *tally)
{
  CobroMoney net;

  if (!cobro_money_subtract (tally->paid, tally->refunded, &net, NULL) ||
      !cobro_money_subtract (net, tally->lost, &net, NULL))
    return cobro_money_zero (cobro_money_currency (tally->paid));
  return net;
}

gboolean
cobro_invoice_late_after (const CobroInvoice *invoice, CobroMoney paid, CobroDay *out_day)
{
  CobroMoney sum = cobro_money_zero (invoice->currency);

  if (invoice->partial == COBRO_PARTIAL_PLAN)
    for (guint i = 0; i < invoice->parts->len; i++)
      {
        const CobroLinkPart *part = invoice->parts->pdata[i];

        if (!cobro_money_add (sum, part->amount, &sum, NULL))
          break;
        if (cobro_money_compare (sum, paid) > 0)
          return cobro_day_from_text (part->due, out_day, NULL);
      }
  return cobro_day_from_text (invoice->due_date, out_day, NULL);
}

static CobroInvoiceStatus
get_unpaid_status (const CobroInvoice *invoice, const CobroInvoiceTally *tally, CobroInvoiceView *view, CobroDay today)
{
  CobroDay due;

  if (cobro_invoice_late_after (invoice, view->paid, &due) && due < today)
    {
      view->days_overdue = today - due;
      return COBRO_INVOICE_IS_OVERDUE;
    }
  if (cobro_money_is_positive (view->paid))
    return COBRO_INVOICE_IS_PARTIALLY_PAID;
  if (tally->viewed_at != 0)
    return COBRO_INVOICE_IS_VIEWED;
  return tally->sent_at != 0 ? COBRO_INVOICE_IS_SENT : COBRO_INVOICE_IS_OPEN;
}

static CobroInvoiceStatus
get_status (const CobroInvoice *invoice, const CobroLinkTally *link_tally, const CobroInvoiceTally *tally,
            CobroInvoiceView *view, CobroDay today)
{
  if (invoice->decision == COBRO_INVOICE_DRAFT)
    return COBRO_INVOICE_IS_DRAFT;
  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE)
    return COBRO_INVOICE_IS_CREDIT_NOTE;
  if (invoice->decision == COBRO_INVOICE_VOID)
    return COBRO_INVOICE_IS_VOID;
  if (cobro_money_is_positive (view->credit))
    return COBRO_INVOICE_IS_OVERPAID;
  if (cobro_money_is_positive (link_tally->paid) && !cobro_money_is_positive (view->paid))
    return COBRO_INVOICE_IS_REFUNDED;
  if (!cobro_money_is_positive (view->due))
    return cobro_money_is_positive (view->paid) ? COBRO_INVOICE_IS_PAID : COBRO_INVOICE_IS_VOID;
  if (invoice->decision == COBRO_INVOICE_UNCOLLECTIBLE)
    return COBRO_INVOICE_IS_UNCOLLECTIBLE;
  return get_unpaid_status (invoice, tally, view, today);
}

CobroInvoiceView
cobro_invoice_view (const CobroInvoice *invoice, const CobroLinkTally *link_tally, const CobroInvoiceTally *tally,
                    CobroDay today, CobroTime now)
{
  CobroMoney asked = cobro_invoice_asked (invoice, tally->credited);
  CobroInvoiceView view = { .paid = net_of (link_tally) };
  g_autoptr (CobroLink) link = cobro_invoice_to_link (invoice, tally->credited);

  view.due = rest_of (asked, view.paid);
  view.credit = rest_of (view.paid, asked);
  if (link == NULL || invoice->decision == COBRO_INVOICE_VOID) /* nothing is asked for: neither due nor on account */
    view.due = cobro_money_zero (invoice->currency);
  if (link == NULL)
    view.credit = cobro_money_zero (invoice->currency);
  if (link != NULL)
    {
      CobroLinkView as_link = cobro_link_view (link, link_tally, now);

      view.paid_status = as_link.paid_status;
      view.flags = as_link.flags;
      view.can_pay = as_link.can_pay && cobro_money_is_positive (view.due);
    }
  view.status = get_status (invoice, link_tally, tally, &view, today);
  return view;
}
