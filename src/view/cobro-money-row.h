/* src/view/cobro-money-row.h — the amount entry: an entry row with a currency. What is typed is read by locale and
 * shown back; nothing is rounded or guessed in silence. (GtkSpinButton turns a Spanish "1.234,50" into 1,23.)
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-locale.h"
#include "cobro-money.h"

G_BEGIN_DECLS

#define COBRO_TYPE_MONEY_ROW (cobro_money_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroMoneyRow, cobro_money_row, COBRO, MONEY_ROW, AdwEntryRow)

/* Property "valid"; signal "changed-money" whenever amount, currency or validity changed. */

/* The amount; FALSE when the text is no amount (empty included). */
gboolean cobro_money_row_get_money (CobroMoneyRow *self, CobroMoney *out_money);
/* Shows an amount; an unset one empties the text and keeps the currency. */
void cobro_money_row_set_money (CobroMoneyRow *self, CobroMoney money);
CobroCurrency cobro_money_row_get_currency (CobroMoneyRow *self);
void cobro_money_row_set_currency (CobroMoneyRow *self, CobroCurrency currency);
/* Whether the currency can be chosen here. Otherwise it is only named. */
void cobro_money_row_set_currency_fixed (CobroMoneyRow *self, gboolean fixed);
gboolean cobro_money_row_get_is_empty (CobroMoneyRow *self);
/* Why the text is no amount, as a sentence; "" when it is one or is empty. Lent. */
const char *cobro_money_row_get_problem (CobroMoneyRow *self);
/* Reads by another locale than the window's. For tests. */
void cobro_money_row_set_locale (CobroMoneyRow *self, CobroLocale *locale);

G_END_DECLS
