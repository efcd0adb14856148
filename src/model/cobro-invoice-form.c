/* src/model/cobro-invoice-form.c — an invoice while it is written.
 * Layer: model. Main thread. */
#include "cobro-invoice-form.h"

#include "cobro-civil.h"

struct _CobroInvoiceForm
{
  GObject parent_instance;
  CobroInvoice *invoice; /* its lines and totals are made when it is handed out */
  GPtrArray *lines;      /* (element-type CobroInvoiceLine) blank ones included */
  GPtrArray *counted;    /* (element-type CobroInvoiceLine) those that are not blank; lent from lines */
  GHashTable *places;    /* (element-type CobroInvoiceLine guint) 1 + place in counted */
  CobroInvoiceTotals *totals;
  GError *error;
  CobroTaxRate *tax; /* (nullable) what a new line begins with */
  CobroDay today;
  guint plan;
  guint generation;
  guint saved_generation;
};

G_DEFINE_FINAL_TYPE (CobroInvoiceForm, cobro_invoice_form, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
cobro_invoice_form_finalize (GObject *object)
{
  CobroInvoiceForm *self = COBRO_INVOICE_FORM (object);

  g_ptr_array_unref (self->counted);
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->lines);
  g_clear_pointer (&self->totals, cobro_invoice_totals_free);
  g_clear_pointer (&self->tax, cobro_tax_rate_free);
  g_clear_error (&self->error);
  cobro_invoice_unref (self->invoice);
  G_OBJECT_CLASS (cobro_invoice_form_parent_class)->finalize (object);
}

static void
cobro_invoice_form_class_init (CobroInvoiceFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_invoice_form_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_INVOICE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_invoice_form_init (CobroInvoiceForm *self)
{
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_invoice_line_free);
  self->counted = g_ptr_array_new ();
  self->places = g_hash_table_new (NULL, NULL);
}

/* ── Beginning ── */

/* What the merchant has set for all invoices. */
static CobroInvoice *
begin (const CobroMerchant *merchant, CobroCurrency currency)
{
  CobroInvoice *invoice = cobro_invoice_new ();

  invoice->currency = currency;
  if (*merchant->currency && !cobro_currency_from_code (merchant->currency, &invoice->currency, NULL))
    invoice->currency = currency;
  invoice->tax_inclusive = merchant->tax_inclusive;
  invoice->tax_per_line = merchant->tax_per_line;
  invoice->rounding = merchant->rounding;
  invoice->cash_rounding = merchant->cash_rounding;
  invoice->terms = merchant->terms;
  cobro_link_set_text (&invoice->notes, merchant->invoice_notes);
  cobro_link_set_text (&invoice->footer, merchant->invoice_footer);
  return invoice;
}

static CobroTaxRate *
usual_tax (const CobroMerchant *merchant)
{
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *rate = merchant->taxes->pdata[i];

      if (rate->is_default)
        return cobro_tax_rate_new (rate->name, rate->category, rate->rate, TRUE);
    }
  return NULL;
}

CobroInvoiceForm *
cobro_invoice_form_new (const CobroInvoice *draft, const CobroMerchant *merchant, CobroCurrency currency,
                        CobroDay today)
{
  CobroInvoiceForm *self = g_object_new (COBRO_TYPE_INVOICE_FORM, NULL);

  self->invoice = draft ? cobro_invoice_copy (draft) : begin (merchant, currency);
  self->tax = usual_tax (merchant);
  self->today = today;
  self->plan = self->invoice->partial == COBRO_PARTIAL_PLAN ? self->invoice->parts->len : 0;
  for (guint i = 0; i < self->invoice->lines->len; i++)
    g_ptr_array_add (self->lines, cobro_invoice_line_copy (self->invoice->lines->pdata[i]));
  g_ptr_array_set_size (self->invoice->lines, 0);
  cobro_invoice_form_touch (self);
  self->saved_generation = self->generation;
  return self;
}

CobroInvoice *
cobro_invoice_form_get_invoice (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  return self->invoice;
}

gboolean
cobro_invoice_form_get_dirty (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), FALSE);

  return self->generation != self->saved_generation;
}

void
cobro_invoice_form_saved (CobroInvoiceForm *self, const CobroId *id, guint generation)
{
  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  self->invoice->id = *id;
  self->saved_generation = generation;
}

guint
cobro_invoice_form_get_generation (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), 0);

  return self->generation;
}

/* ── Lines ── */

guint
cobro_invoice_form_n_lines (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), 0);

  return self->lines->len;
}

CobroInvoiceLine *
cobro_invoice_form_get_line (CobroInvoiceForm *self, guint index)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);
  g_return_val_if_fail (index < self->lines->len, NULL);

  return self->lines->pdata[index];
}

CobroInvoiceLine *
cobro_invoice_form_add_line (CobroInvoiceForm *self)
{
  CobroInvoiceLine *line;

  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  line = cobro_invoice_line_new ("");
  if (self->tax)
    {
      cobro_link_set_text (&line->tax_name, self->tax->name);
      line->tax_category = self->tax->category;
      line->tax_rate = self->tax->rate;
    }
  g_ptr_array_add (self->lines, line);
  return line;
}

void
cobro_invoice_form_remove_line (CobroInvoiceForm *self, CobroInvoiceLine *line)
{
  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  g_ptr_array_remove (self->lines, line);
  cobro_invoice_form_touch (self);
}

gboolean
cobro_invoice_form_is_blank (const CobroInvoiceLine *line)
{
  return *line->description == '\0' && line->unit_price == 0;
}

void
cobro_invoice_form_use_product (CobroInvoiceForm *self, CobroInvoiceLine *line, const CobroProduct *product)
{
  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  cobro_link_set_text (&line->description, *product->description ? product->description : product->name);
  cobro_link_set_text (&line->unit, product->unit);
  line->product_id = product->id;
  if (product->currency == self->invoice->currency)
    line->unit_price = product->unit_price;
  cobro_link_set_text (&line->tax_name, product->tax_name);
  line->tax_category = product->tax_category;
  line->tax_rate = product->tax_rate;
  cobro_invoice_form_touch (self);
}

/* ── The rest ── */

void
cobro_invoice_form_use_customer (CobroInvoiceForm *self, const CobroCustomer *customer)
{
  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  if (customer)
    {
      self->invoice->customer_id = customer->id;
      cobro_party_copy (&customer->party, &self->invoice->buyer);
      cobro_address_copy (&customer->delivery, &self->invoice->delivery);
      if (*customer->locale)
        cobro_link_set_text (&self->invoice->locale, customer->locale);
    }
  else if (cobro_id_is_set (&self->invoice->customer_id))
    {
      /* What was known belongs to somebody else. */
      self->invoice->customer_id = COBRO_ID_NONE;
      cobro_party_clear (&self->invoice->buyer);
      cobro_party_init (&self->invoice->buyer);
      cobro_address_clear (&self->invoice->delivery);
      cobro_address_init (&self->invoice->delivery);
    }
  cobro_invoice_form_touch (self);
}

/* "12.50" euros become "12.50" dollars: the number that somebody typed stays. */
static CobroUnitPrice
price_in (CobroUnitPrice price, CobroCurrency from, CobroCurrency to)
{
  g_autofree char *decimal = cobro_unit_price_to_decimal (price, from);
  CobroUnitPrice converted = 0;

  return cobro_unit_price_from_decimal (decimal, to, &converted, NULL) ? converted : 0;
}

static void
move_money (CobroMoney *money, CobroCurrency to)
{
  g_autofree char *decimal = cobro_money_is_set (*money) ? cobro_money_to_decimal (*money) : NULL;

  if (!decimal || !cobro_money_from_decimal (decimal, to, money, NULL))
    *money = COBRO_MONEY_NONE;
}

static void
move_discount (CobroDiscount *discount, CobroCurrency to)
{
  if (discount->kind != COBRO_DISCOUNT_AMOUNT)
    return;

  move_money (&discount->amount, to);
  if (!cobro_money_is_set (discount->amount))
    *discount = COBRO_DISCOUNT_OFF;
}

void
cobro_invoice_form_set_currency (CobroInvoiceForm *self, CobroCurrency currency)
{
  CobroCurrency before;

  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  before = self->invoice->currency;
  if (before == currency || currency == COBRO_CURRENCY_NONE)
    return;

  for (guint i = 0; i < self->lines->len; i++)
    {
      CobroInvoiceLine *line = self->lines->pdata[i];

      line->unit_price = price_in (line->unit_price, before, currency);
      move_discount (&line->discount, currency);
    }
  move_discount (&self->invoice->discount, currency);
  move_money (&self->invoice->shipping, currency);
  move_money (&self->invoice->minimum_first, currency);
  self->invoice->currency = currency;
  cobro_invoice_form_touch (self);
}

void
cobro_invoice_form_set_plan (CobroInvoiceForm *self, guint n)
{
  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  self->plan = n > 1 ? n : 0;
  cobro_invoice_form_touch (self);
}

guint
cobro_invoice_form_get_plan (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), 0);

  return self->plan;
}

/* ── Computing ── */

static void
count_lines (CobroInvoiceForm *self)
{
  g_ptr_array_set_size (self->counted, 0);
  g_hash_table_remove_all (self->places);
  for (guint i = 0; i < self->lines->len; i++)
    if (!cobro_invoice_form_is_blank (self->lines->pdata[i]))
      {
        g_ptr_array_add (self->counted, self->lines->pdata[i]);
        g_hash_table_insert (self->places, self->lines->pdata[i], GUINT_TO_POINTER (self->counted->len));
      }
}

/* Shipping goes with the goods: it is taxed as the first of them. */
static void
tax_shipping (CobroInvoiceForm *self)
{
  CobroInvoice *invoice = self->invoice;
  const CobroInvoiceLine *first = self->counted->len ? self->counted->pdata[0] : NULL;

  if (!first || !cobro_money_is_set (invoice->shipping))
    return;

  cobro_link_set_text (&invoice->shipping_tax_name, first->tax_name);
  invoice->shipping_tax_category = first->tax_category;
  invoice->shipping_tax_rate = first->tax_rate;
}

static CobroInvoiceSum
sum_of (CobroInvoiceForm *self)
{
  const CobroInvoice *invoice = self->invoice;

  return (CobroInvoiceSum){
    .currency = invoice->currency,
    .lines = self->counted,
    .tax_inclusive = invoice->tax_inclusive,
    .tax_per_line = invoice->tax_per_line,
    .rounding = invoice->rounding,
    .discount = invoice->discount,
    .shipping = invoice->shipping,
    .shipping_tax_name = invoice->shipping_tax_name,
    .shipping_tax_category = invoice->shipping_tax_category,
    .shipping_tax_rate = invoice->shipping_tax_rate,
    .cash_rounding = invoice->cash_rounding,
  };
}

/* The parts follow the total: equal ones, what does not divide goes to the first. */
static void
share_out (CobroInvoiceForm *self)
{
  CobroInvoice *invoice = self->invoice;
  CobroDay due = self->today + invoice->terms;
  g_autofree CobroMoney *amounts = g_new0 (CobroMoney, MAX (self->plan, 1));
  g_autofree gint64 *weights = g_new0 (gint64, MAX (self->plan, 1));

  if (invoice->partial == COBRO_PARTIAL_PLAN || self->plan > 0)
    g_ptr_array_set_size (invoice->parts, 0);
  if (self->plan == 0)
    {
      if (invoice->partial == COBRO_PARTIAL_PLAN)
        invoice->partial = COBRO_PARTIAL_OFF;
      return;
    }

  invoice->partial = COBRO_PARTIAL_PLAN;
  for (guint i = 0; i < self->plan; i++)
    weights[i] = 1;
  if (*invoice->due_date && !cobro_day_from_text (invoice->due_date, &due, NULL))
    due = self->today + invoice->terms;
  if (!self->totals || !cobro_money_split (self->totals->total, weights, self->plan, amounts, NULL))
    return;
  for (guint i = 0; i < self->plan; i++)
    {
      char date[COBRO_DATE_SIZE];

      cobro_day_to_text (cobro_day_add_months (due, (int)i, 0), date);
      g_ptr_array_add (invoice->parts, cobro_link_part_new (date, amounts[i]));
    }
}

void
cobro_invoice_form_touch (CobroInvoiceForm *self)
{
  CobroInvoiceSum sum;

  g_return_if_fail (COBRO_IS_INVOICE_FORM (self));

  self->generation++;
  g_clear_pointer (&self->totals, cobro_invoice_totals_free);
  g_clear_error (&self->error);
  count_lines (self);
  tax_shipping (self);
  sum = sum_of (self);
  if (self->invoice->currency != COBRO_CURRENCY_NONE)
    self->totals = cobro_invoice_totals_compute (&sum, &self->error);
  share_out (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const CobroInvoiceTotals *
cobro_invoice_form_get_totals (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  return self->totals;
}

CobroMoney
cobro_invoice_form_get_line_total (CobroInvoiceForm *self, const CobroInvoiceLine *line)
{
  guint place;

  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), COBRO_MONEY_NONE);

  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, line));
  return self->totals && place > 0 ? self->totals->lines[place - 1] : COBRO_MONEY_NONE;
}

const GError *
cobro_invoice_form_get_error (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  return self->error;
}

CobroInvoice *
cobro_invoice_form_dup_invoice (CobroInvoiceForm *self)
{
  CobroInvoice *invoice;

  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  invoice = cobro_invoice_copy (self->invoice);
  for (guint i = 0; i < self->counted->len; i++)
    g_ptr_array_add (invoice->lines, cobro_invoice_line_copy (self->counted->pdata[i]));
  g_clear_pointer (&invoice->totals, cobro_invoice_totals_free);
  if (self->totals)
    invoice->totals = cobro_invoice_totals_copy (self->totals);
  return invoice;
}

CobroCustomer *
cobro_invoice_form_dup_new_customer (CobroInvoiceForm *self)
{
  CobroCustomer *customer;

  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), NULL);

  if (cobro_id_is_set (&self->invoice->customer_id) || *self->invoice->buyer.name == '\0')
    return NULL;

  customer = cobro_customer_new ();
  cobro_party_copy (&self->invoice->buyer, &customer->party);
  cobro_address_copy (&self->invoice->delivery, &customer->delivery);
  customer->is_company = *customer->party.tax_id != '\0';
  return customer;
}

CobroFormState
cobro_invoice_form_get_state (CobroInvoiceForm *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_FORM (self), COBRO_FORM_WRONG);

  if (*self->invoice->buyer.name == '\0')
    return COBRO_FORM_NO_BUYER;
  if (self->counted->len == 0)
    return COBRO_FORM_NO_LINES;
  for (guint i = 0; i < self->counted->len; i++)
    if (*((const CobroInvoiceLine *)self->counted->pdata[i])->description == '\0')
      return COBRO_FORM_NO_DESCRIPTION;
  if (!self->totals)
    return COBRO_FORM_WRONG;
  return cobro_money_is_positive (self->totals->total) ? COBRO_FORM_COMPLETE : COBRO_FORM_NOTHING_DUE;
}
