/* src/core/cobro-statement.h — a customer's account: what was asked, what came, what is left, and how old that is.
 * Pure. Layer: core. Any thread. */
#pragma once
#include "cobro-civil.h"
#include "cobro-money.h"

typedef enum
{
  COBRO_STATEMENT_INVOICE,
  COBRO_STATEMENT_CREDIT_NOTE,
  COBRO_STATEMENT_PAYMENT,
  COBRO_STATEMENT_REFUND,
} CobroStatementKind;

typedef struct
{
  CobroStatementKind kind;
  CobroDay date;
  char *text;         /* number, or how it was paid */
  CobroMoney amount;  /* positive */
  CobroMoney balance; /* (computed) what is owed after it; below zero: credit */
} CobroStatementEntry;

/* How much of what is due is how late: not yet, 1–30, 31–60, 61–90, more than 90 days. */
typedef struct
{
  CobroMoney current, days_30, days_60, days_90, older, total;
} CobroAgeing;

typedef struct
{
  CobroCurrency currency;
  CobroDay from, to;
  CobroMoney opening, closing;
  GPtrArray *entries; /* (element-type CobroStatementEntry) by date, then as added */
  CobroAgeing ageing; /* of the invoices still open at @to */
} CobroStatement;

CobroStatement *cobro_statement_new (CobroCurrency currency, CobroDay from, CobroDay to);
void cobro_statement_free (CobroStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroStatement, cobro_statement_free)
/* Whatever lies before @from goes into the opening balance; after @to it is left out. FALSE with OVERFLOW or CURRENCY.
 */
gboolean cobro_statement_add (CobroStatement *statement, CobroStatementKind kind, CobroDay date, const char *text,
                              CobroMoney amount, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sorts, and computes balances and closing. Call once, last. */
gboolean cobro_statement_close (CobroStatement *statement, GError **error) G_GNUC_WARN_UNUSED_RESULT;

CobroAgeing cobro_ageing_new (CobroCurrency currency);
/* Puts what is due of one invoice into its bucket. */
gboolean cobro_ageing_add (CobroAgeing *ageing, CobroMoney due, CobroDay due_date, CobroDay today,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
