/* src/view/cobro-bank-words.h — what is said about a line of an account statement and what it is proposed for.
 * Layer: view. Main thread. Results are (transfer full). */
#pragma once
#include "cobro-bank-statement.h"

G_BEGIN_DECLS

/* "Invoice 2026-0007 · Ana's Café", or "3 invoices: 2026-0007, …". */
char *cobro_bank_words_what (const CobroBankProposal *proposal, GPtrArray *targets);
/* One target, for a list to choose from: its title, and what is due of it by whom. */
char *cobro_bank_words_target (const CobroBankTarget *target);
char *cobro_bank_words_due (const CobroBankTarget *target);
/* Why, in one sentence after the other. */
char *cobro_bank_words_why (const CobroBankProposal *proposal);
/* Who sent it; and what stands on the statement: "Nov 20, 2026 · Invoice 2026-0007". */
char *cobro_bank_words_who (const CobroBankLine *line);
char *cobro_bank_words_line (const CobroBankLine *line);

G_END_DECLS
