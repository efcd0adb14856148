/* src/document/cobro-einvoice.h — EN 16931 as UBL 2.1 XML (libxml2's writer), and the rules it must keep.
 * Layer: document. Any thread. */
#pragma once
#include "cobro-invoice.h"

/* (transfer full) Invoice or CreditNote; NULL with COBRO_ERROR_INVALID at the first rule that is broken (BR-… in the
 * message). */
char *cobro_einvoice_to_ubl (const CobroInvoice *invoice, GError **error);
/* (transfer full) (element-type utf8) every broken rule, "BR-09: the seller's country is missing"; empty: fine. */
GPtrArray *cobro_einvoice_check (const CobroInvoice *invoice);
