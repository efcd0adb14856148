/* src/view/rows/cobro-bank-row.h — a transfer of an account statement, what it is proposed for and why. Its buttons are
 * the actions "bank.record", "bank.choose" and "bank.ignore" (u: the line). Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-bank-statement.h"

G_BEGIN_DECLS

#define COBRO_TYPE_BANK_ROW (cobro_bank_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroBankRow, cobro_bank_row, COBRO, BANK_ROW, GtkListBoxRow)

/* @targets: what the proposal's shares point into. Nothing is kept. */
GtkWidget *cobro_bank_row_new (const CobroBankEntry *entry, GPtrArray *targets);

G_END_DECLS
