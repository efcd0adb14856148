/* src/document/cobro-accounts-tables.h — a period as tables for the accountant (CSV).
 * Layer: document (private). Any thread. All results are (transfer full). */
#pragma once
#include "cobro-accounts-zip.h"

/* A row per document; credit notes with negative amounts, so that columns add up. */
GBytes *cobro_accounts_invoices (const CobroAccountsPeriod *period);
/* The same of drafts. */
GBytes *cobro_accounts_drafts (const CobroAccountsPeriod *period);
/* A row per line of a document. */
GBytes *cobro_accounts_lines (const CobroAccountsPeriod *period);
/* A row per tax category of a document. */
GBytes *cobro_accounts_taxes (const CobroAccountsPeriod *period);
GBytes *cobro_accounts_payments (const CobroAccountsPeriod *period);
GBytes *cobro_accounts_refunds (const CobroAccountsPeriod *period);
GBytes *cobro_accounts_recurring (const CobroAccountsPeriod *period);
