/* tests/document/document-sample.h — documents as a shop would write them, for tests and pictures. Layer: tests. */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-mail-text.h"
#include "cobro-paper.h"

#define SAMPLE_URL "https://pay.example/pay/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* (transfer full) issued, with totals. "en": The Vacuum Shop, #502, AUD 75.00 + 10 % GST; "es": a shop in Madrid, EUR
 * with IBAN, two rates; and one each for "de", "fr", "pt" (EUR, two rates) and "ar" (Riyadh, SAR). With more lines than
 * one, further goods. */
CobroInvoice *sample_invoice (const char *language, guint n_lines);
/* As nobody has paid anything, and as everything is paid. */
CobroInvoiceView sample_view (const CobroInvoice *invoice);
CobroInvoiceView sample_view_paid (const CobroInvoice *invoice, CobroMoney paid);
CobroPayment *sample_payment (CobroMoney amount);
/* (transfer full) a logo, drawn here. */
GBytes *sample_logo (void);
CobroPaperSetup sample_setup (const char *language, GBytes *logo);
/* (transfer full) of one customer over a quarter, with @n entries. */
CobroStatement *sample_statement (guint n);
void sample_put (char **field, const char *value);
/* (transfer full) what a program says about @bytes, which it reads from a file; NULL when it is not installed. */
char *sample_ask (GBytes *bytes, const char *const *argv_before, const char *const *argv_after);
