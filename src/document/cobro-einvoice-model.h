/* src/document/cobro-einvoice-model.h — an invoice in the terms of EN 16931: everything net, by category, with the
 * identifiers and codes that the norm wants. Layer: document (private). Any thread. */
#pragma once
#include "cobro-invoice.h"

/* BG-25: a line. */
typedef struct
{
  const CobroInvoiceLine *line;
  CobroMoney net;       /* BT-131 */
  CobroMoney allowance; /* BT-136; unset: none */
  char *price;          /* BT-146: net, of one unit */
  char *quantity;       /* BT-129 */
  const char *unit;     /* BT-130: UN/ECE Recommendation 20 */
} CobroEinvoiceLine;

/* BG-23: a category, with its part of the document's discount and shipping. */
typedef struct
{
  CobroTaxCategory category;
  CobroDecimal rate;
  CobroMoney base, tax; /* BT-116, BT-117 */
  CobroMoney allowance; /* BT-92; zero: none */
  CobroMoney charge;    /* BT-99; zero: none */
} CobroEinvoiceTax;

typedef struct
{
  const CobroInvoice *invoice;
  GPtrArray *lines;                            /* (element-type CobroEinvoiceLine) */
  GPtrArray *taxes;                            /* (element-type CobroEinvoiceTax): one for each category and rate */
  CobroMoney lines_total, allowances, charges; /* BT-106, BT-107, BT-108 */
  char *seller_vat, *seller_tax;               /* BT-31; BT-32 where the number is none of VAT; "" */
  char *buyer_vat;                             /* BT-48 */
  gboolean outside;                            /* not subject to VAT: no VAT numbers, no rates (BR-O) */
} CobroEinvoice;

/* NULL with COBRO_ERROR_INVALID: no totals; COBRO_ERROR_OVERFLOW. */
CobroEinvoice *cobro_einvoice_new (const CobroInvoice *invoice, GError **error);
void cobro_einvoice_free (CobroEinvoice *einvoice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroEinvoice, cobro_einvoice_free)
/* BT-120: why nothing is charged; "" for standard and zero. */
const char *cobro_einvoice_reason (CobroTaxCategory category);
/* BT-121, of the list VATEX; "" where there is none. */
const char *cobro_einvoice_reason_code (CobroTaxCategory category);
/* (element-type utf8) what cobro_einvoice_check() says of it. */
GPtrArray *cobro_einvoice_broken (const CobroEinvoice *einvoice);
