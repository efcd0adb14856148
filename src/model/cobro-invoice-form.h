/* src/model/cobro-invoice-form.h — an invoice while it is written: lines come and go, and what it comes to is computed
 * anew after every change, by the same function that issues it.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-invoice.h"
#include "cobro-product.h"

G_BEGIN_DECLS

#define COBRO_TYPE_INVOICE_FORM (cobro_invoice_form_get_type ())
G_DECLARE_FINAL_TYPE (CobroInvoiceForm, cobro_invoice_form, COBRO, INVOICE_FORM, GObject)

/* Signal "changed": totals or problem are other than before. */

/* @draft: (nullable): what to go on with; %NULL: a new invoice with what @merchant begins with. @currency: of a new
 * one, where the merchant has none. @today: the merchant's civil date. */
CobroInvoiceForm *cobro_invoice_form_new (const CobroInvoice *draft, const CobroMerchant *merchant,
                                          CobroCurrency currency, CobroDay today);
/* Lent, to be written: everything but lines and totals. Call cobro_invoice_form_touch() afterwards. */
CobroInvoice *cobro_invoice_form_get_invoice (CobroInvoiceForm *self);
/* Whether anything was changed since it was made or marked as saved. */
gboolean cobro_invoice_form_get_dirty (CobroInvoiceForm *self);
/* It is stored under this id now, as it was when @generation was read. */
void cobro_invoice_form_saved (CobroInvoiceForm *self, const CobroId *id, guint generation);
guint cobro_invoice_form_get_generation (CobroInvoiceForm *self);

/* Lines, blank ones included. Lent until the line is removed; write into it, then touch. */
guint cobro_invoice_form_n_lines (CobroInvoiceForm *self);
CobroInvoiceLine *cobro_invoice_form_get_line (CobroInvoiceForm *self, guint index);
/* A blank line at the end, with the merchant's usual tax. */
CobroInvoiceLine *cobro_invoice_form_add_line (CobroInvoiceForm *self);
void cobro_invoice_form_remove_line (CobroInvoiceForm *self, CobroInvoiceLine *line);
/* A line without description and price says nothing and stays out of the invoice. */
gboolean cobro_invoice_form_is_blank (const CobroInvoiceLine *line);
/* Fills a line from a product: text, unit, price, tax; quantity and discount stay. */
void cobro_invoice_form_use_product (CobroInvoiceForm *self, CobroInvoiceLine *line, const CobroProduct *product);
/* Who it is for. %NULL: somebody the books do not know, whose name and e-mail stand in the invoice's buyer. */
void cobro_invoice_form_use_customer (CobroInvoiceForm *self, const CobroCustomer *customer);
/* Everything in another currency: numbers stay what they are. */
void cobro_invoice_form_set_currency (CobroInvoiceForm *self, CobroCurrency currency);
/* The whole shared out over @n parts, a month apart, the first at the due date; 0 or 1: all at once. Follows the total
 * from then on. */
void cobro_invoice_form_set_plan (CobroInvoiceForm *self, guint n);
guint cobro_invoice_form_get_plan (CobroInvoiceForm *self);

/* Something was written: computes. */
void cobro_invoice_form_touch (CobroInvoiceForm *self);
/* (nullable) lent until "changed": what it comes to; %NULL while it cannot be computed. */
const CobroInvoiceTotals *cobro_invoice_form_get_totals (CobroInvoiceForm *self);
/* What the line comes to; unset for blank ones, and where nothing could be computed. */
CobroMoney cobro_invoice_form_get_line_total (CobroInvoiceForm *self, const CobroInvoiceLine *line);
/* (nullable) lent until "changed": why it cannot be computed. */
const GError *cobro_invoice_form_get_error (CobroInvoiceForm *self);
/* (transfer full) the draft as it is to be stored or issued: without blank lines, with its totals. */
CobroInvoice *cobro_invoice_form_dup_invoice (CobroInvoiceForm *self);
/* (transfer full) (nullable) the customer to be kept, where the buyer was typed and is not known yet. */
CobroCustomer *cobro_invoice_form_dup_new_customer (CobroInvoiceForm *self);

/* What is missing before it can be issued, in the order of the form. */
typedef enum
{
  COBRO_FORM_COMPLETE,
  COBRO_FORM_NO_BUYER,
  COBRO_FORM_NO_LINES,
  COBRO_FORM_NO_DESCRIPTION, /* a line has a price and no words */
  COBRO_FORM_NOTHING_DUE,    /* the total is not above zero */
  COBRO_FORM_WRONG,          /* it cannot be computed: the error says why */
} CobroFormState;
CobroFormState cobro_invoice_form_get_state (CobroInvoiceForm *self);

G_END_DECLS
