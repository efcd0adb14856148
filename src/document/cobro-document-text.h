/* src/document/cobro-document-text.h — what stands on an invoice, as words: title, dates, parties, sums, bank details,
 * legal sentences. PDF, mail and preview say the same because they all ask here. Layer: document. Any thread. Every
 * text of the result is clean: see cobro_clean_line(). */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-payment.h"
#include "cobro-words.h"

typedef struct
{
  char *label;
  char *value;
  gboolean strong; /* a total */
  gboolean light;  /* an explanation of one: not a summand */
} CobroTextRow;
void cobro_text_row_free (CobroTextRow *row);
/* (transfer full) (element-type CobroTextRow) empty. */
GPtrArray *cobro_text_rows_new (void);
void cobro_text_rows_take (GPtrArray *rows, const char *label, char *take_value);

/* (transfer full) "Tax Invoice", "Factura rectificativa" …: as the seller's country calls it. */
char *cobro_document_title (const CobroInvoice *invoice, CobroLocale *locale);
/* (transfer full) "#502" where the number is digits alone, else the number; "" in a draft. */
char *cobro_document_number (const CobroInvoice *invoice);
/* (transfer full) (element-type CobroTextRow) issue date, due date or terms, date of supply, the buyer's reference,
 * what it corrects. */
GPtrArray *cobro_document_dates (const CobroInvoice *invoice, CobroLocale *locale);
/* (transfer full) (element-type CobroTextRow) subtotal, discount, shipping, tax by rate, rounding, total (strong), and
 * the tax inside where prices include it (light). Totals must have been computed. */
GPtrArray *cobro_document_sums (const CobroInvoice *invoice, CobroLocale *locale);
/* (transfer full) (element-type CobroTextRow) what was paid and credited; empty when nothing was. */
GPtrArray *cobro_document_settled (const CobroInvoice *invoice, const CobroInvoiceView *view, CobroLocale *locale);
/* What is asked for now: due, or the total where there is no view. */
CobroMoney cobro_document_due (const CobroInvoice *invoice, const CobroInvoiceView *view);
/* (transfer full) (element-type CobroTextRow) holder, IBAN in groups, BIC, reference; empty without IBAN. */
GPtrArray *cobro_document_bank (const CobroInvoice *invoice, CobroLocale *locale);
/* (transfer full) (element-type CobroTextRow) date and amount of each part of a payment plan. */
GPtrArray *cobro_document_plan (const CobroInvoice *invoice, CobroLocale *locale);
/* (transfer full) (element-type utf8) name, contact, address, tax number …, a line each, the name first. */
GPtrArray *cobro_document_party (const CobroParty *party, CobroLocale *locale);
/* (transfer full) (element-type utf8) an address, a line each. */
GPtrArray *cobro_document_address (const CobroAddress *address, CobroLocale *locale);
/* (transfer full) (element-type utf8) sentences that the law of the seller's country wants: reverse charge, exemptions
 * …
 */
GPtrArray *cobro_document_legal (const CobroInvoice *invoice, CobroLocale *locale);

/* (transfer full) of one line: "1.5 h" · "75.00" · "10 %" or "Exempt" · "Discount 10 %", "" without one. */
char *cobro_document_line_quantity (const CobroInvoiceLine *line, CobroLocale *locale);
char *cobro_document_line_price (const CobroInvoiceLine *line, CobroCurrency currency, CobroLocale *locale);
char *cobro_document_line_tax (const CobroInvoiceLine *line, CobroLocale *locale);
char *cobro_document_line_discount (const CobroInvoiceLine *line, CobroLocale *locale);

/* "Exempt", "Reverse charge" …; plain "Tax" for what is taxed. */
const char *cobro_document_category (CobroTaxCategory category, CobroLocale *locale);

/* (transfer full) the day on which a payment came: what the merchant recorded, else when it was made, in @zone
 * (nullable: UTC). */
char *cobro_document_paid_on (const CobroPayment *payment, const char *zone, CobroLocale *locale);
/* (transfer full) how it was paid: "Card, visa •••• 4242" · "Bank transfer". */
char *cobro_document_method (const CobroPayment *payment, CobroLocale *locale);
