/* relay/templates/relay-templates-bill.c — who is paid, how much, what for; and the receipt.
 * Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"

/* Pages of a link that is over name it, but ask for no amount. */
static gboolean
shows_sum (RelayPageState state)
{
  return state != RELAY_PAGE_EXPIRED && state != RELAY_PAGE_USED_UP && state != RELAY_PAGE_CANCELLED &&
         state != RELAY_PAGE_PAID && state != RELAY_PAGE_REFUNDED;
}

/* Once it has begun, the quantities that were chosen are in the sum, not in the link. */
static gboolean
shows_lines (const RelayPage *page)
{
  return (page->state != RELAY_PAGE_EMBEDDED && page->state != RELAY_PAGE_INSTRUCTIONS) ||
         !cobro_link_has_choice (page->link);
}

gint64
relay_filling_quantity (const RelayFilling *self, guint i)
{
  const CobroLinkLine *line = g_ptr_array_index (self->page->link->lines, i);
  g_autofree char *field = g_strdup_printf ("quantity_%u", i);
  const char *typed = g_hash_table_lookup (self->page->values, field);
  gint64 quantity;

  if (line->maximum_quantity == 0 || typed == NULL ||
      !g_ascii_string_to_signed (typed, 10, 1, line->maximum_quantity, &quantity, NULL))
    return line->quantity;
  return quantity;
}

CobroMoney
relay_filling_lines_total (const RelayFilling *self)
{
  const CobroLink *link = self->page->link;
  g_autofree gint64 *quantities = g_new (gint64, link->lines->len + 1);
  CobroMoney total = COBRO_MONEY_NONE;

  for (guint i = 0; i < link->lines->len; i++)
    quantities[i] = relay_filling_quantity (self, i);
  if (!cobro_link_total_of (link, quantities, link->lines->len, &total, NULL))
    return COBRO_MONEY_NONE;
  return total;
}

static void
fill_line (RelayFilling *self, guint i)
{
  const RelayPage *page = self->page;
  const CobroLinkLine *line = g_ptr_array_index (page->link->lines, i);
  RelayValues *values = relay_values_add (self->values, NAME_LINES);
  g_autofree char *field = g_strdup_printf ("quantity_%u", i);
  g_autofree char *maximum = g_strdup_printf ("%" G_GINT64_FORMAT, line->maximum_quantity);
  gint64 quantity = relay_filling_quantity (self, i);
  CobroMoney total;

  relay_values_set (values, NAME_LINE_NAME, line->name);
  if (quantity != 1 || page->choose_quantities)
    relay_values_take (values, NAME_LINE_QUANTITY, g_strdup_printf ("%" G_GINT64_FORMAT, quantity));
  relay_values_take (values, NAME_LINE_UNIT, cobro_money_text (line->unit_amount, self->locale));
  if (cobro_money_scale (line->unit_amount, quantity, 1, COBRO_ROUND_HALF_UP, &total, NULL))
    relay_values_take (values, NAME_LINE_TOTAL, cobro_money_text (total, self->locale));
  relay_values_set_bool (values, NAME_LINE_FIXED, line->maximum_quantity == 0);
  if (g_hash_table_contains (page->errors, field))
    relay_values_take (values, NAME_LINE_ERROR,
                       relay_templates_fill (relay_filling_text (self, "wrong-quantity"), "maximum", maximum, NULL));
  relay_values_take (values, NAME_LINE_MAXIMUM, g_steal_pointer (&maximum));
  relay_values_take (values, NAME_LINE_FIELD, g_steal_pointer (&field));
}

/* How much of a part-paid link is there, and what of an invoice was credited. */
static void
fill_progress (RelayFilling *self)
{
  const RelayPage *page = self->page;
  CobroMoney total =
    page->invoice != NULL && page->invoice->totals != NULL ? page->invoice->totals->total : page->total;
  CobroMoney credited = page->invoice_tally.credited;
  gboolean is_credited = cobro_money_is_set (credited) && cobro_money_is_positive (credited);
  gboolean is_paid = cobro_money_is_set (page->paid) && cobro_money_is_positive (page->paid);
  gint64 share;

  if ((!is_paid && !is_credited) || !cobro_money_is_set (total) || !cobro_money_is_positive (total) ||
      !cobro_money_is_positive (page->rest) || !shows_sum (page->state))
    return;
  relay_values_set_bool (self->values, NAME_PARTLY, TRUE);
  relay_filling_money (self, NAME_TOTAL, total);
  relay_filling_money (self, NAME_DUE, page->rest);
  if (is_credited)
    relay_filling_money (self, NAME_CREDITED, credited);
  if (!is_paid)
    return;
  share = CLAMP (cobro_money_minor (page->paid) * 100 / cobro_money_minor (total), 0, 100);
  relay_values_take (self->values, NAME_PAID_SHARE, g_strdup_printf ("%" G_GINT64_FORMAT, share));
  relay_filling_money (self, NAME_PAID, page->paid);
}

/* What the seller wrote on the link; an invoice says it in its own place. */
static void
fill_about (RelayFilling *self)
{
  const CobroLink *link = self->page->link;

  if (self->page->invoice != NULL)
    return;
  relay_filling_set (self, NAME_ABOUT, link->description);
  relay_filling_set (self, NAME_REFERENCE, link->reference);
  relay_filling_set (self, NAME_CUSTOMER, link->customer_name);
}

void
relay_filling_bill (RelayFilling *self)
{
  const RelayPage *page = self->page;
  const CobroLink *link = page->link;

  if (link == NULL)
    return;
  relay_filling_set (self, NAME_LINK_TITLE,
                     *link->title != '\0' || page->merchant == NULL ? link->title : page->merchant->name);
  if (page->invoice == NULL)
    relay_filling_set (self, NAME_REFERENCE_TEXT, link->reference);
  if ((page->state == RELAY_PAGE_PAID || page->state == RELAY_PAGE_REFUNDED) && page->payment != NULL)
    return; /* the receipt says it all */
  relay_values_set_bool (self->values, NAME_BILL, TRUE);
  fill_about (self);
  if (shows_sum (page->state))
    {
      if (page->choose_quantities)
        relay_filling_money (self, NAME_SUM, relay_filling_lines_total (self));
      else if (!page->choose_amount || cobro_money_is_set (page->due))
        relay_filling_money (self, NAME_SUM, page->due);
      if (link->expires_at != 0 && page->can_pay)
        relay_values_take (self->values, NAME_EXPIRES, cobro_date_time_text (link->expires_at, self->locale));
      for (guint i = 0; i < link->lines->len && shows_lines (page); i++)
        fill_line (self, i);
      if (page->state != RELAY_PAGE_EMBEDDED)
        relay_filling_parts (self);
    }
  fill_progress (self);
}

/* "visa •••• 4242" → "Visa •••• 4242" */
static char *
capitalise (const char *text)
{
  char *copy = g_strdup (text);

  if (copy != NULL)
    copy[0] = g_ascii_toupper (copy[0]);
  return copy;
}

/* What is left of a part-paid link, or one more use of a link that has uses left. */
static void
fill_next_payment (RelayFilling *self)
{
  const RelayPage *page = self->page;
  gboolean part = cobro_money_is_set (page->rest) && cobro_money_is_positive (page->rest);

  if (page->state != RELAY_PAGE_PAID || (!part && !page->view.can_pay))
    return;
  relay_values_set_bool (self->values, NAME_ANEW, TRUE);
  relay_filling_set (self, NAME_LOOK_AGAIN, relay_filling_text (self, part ? "pay-rest" : "pay-again"));
}

void
relay_filling_receipt (RelayFilling *self)
{
  const RelayPage *page = self->page;
  const CobroPayment *payment = page->payment;

  if (payment == NULL || (page->state != RELAY_PAGE_PAID && page->state != RELAY_PAGE_REFUNDED))
    return;
  relay_values_set_bool (self->values, NAME_RECEIPT, TRUE);
  relay_filling_money (self, NAME_RECEIPT_AMOUNT,
                       cobro_money_is_set (payment->received) ? payment->received : payment->amount);
  if (page->paid_at != 0)
    relay_values_take (self->values, NAME_RECEIPT_DATE, cobro_date_time_text (page->paid_at, self->locale));
  if (payment->method_detail != NULL && *payment->method_detail != '\0')
    relay_values_take (self->values, NAME_RECEIPT_METHOD, capitalise (payment->method_detail));
  if (cobro_money_is_set (payment->refunded) && cobro_money_is_positive (payment->refunded))
    relay_filling_money (self, NAME_RECEIPT_REFUNDED, payment->refunded);
  relay_values_set (self->values, NAME_RECEIPT_NUMBER, payment->id.text);
  if (page->state == RELAY_PAGE_PAID)
    relay_filling_set (self, NAME_NEXT_URL, page->next_url);
  fill_next_payment (self);
}
