/* src/core/cobro-bank-line.h — one booked line of an account statement, whatever file it came in, and the id that it is
 * known by for ever.
 * Layer: core. Any thread. */
#pragma once
#include "cobro-civil.h"
#include "cobro-id.h"
#include "cobro-money.h"

typedef struct
{
  guint line;                       /* of the file, 1 is the first; for messages */
  char *account;                    /* the merchant's, as the file calls it: an IBAN, or ""  */
  char date[COBRO_DATE_SIZE];       /* booked */
  char value_date[COBRO_DATE_SIZE]; /* or "" */
  CobroMoney amount;                /* positive came in, negative went out */
  gboolean reversal;                /* takes an earlier line back */
  char *name;                       /* of the other side, or "" */
  char *other_account;              /* of the other side, or "" */
  char *reference;                  /* structured: ISO 11649 (RF…) or another creditor's reference, or "" */
  char *end_to_end;                 /* the payer's own reference, or "" */
  char *bank_reference;             /* the bank's, or "" */
  char *text;                       /* what the payer wrote */
} CobroBankLine;

/* (transfer full) every text "". */
CobroBankLine *cobro_bank_line_new (void);
void cobro_bank_line_free (CobroBankLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankLine, cobro_bank_line_free)

/* Gives each line of a file (element-type CobroBankLine) the name that it is known by: account, day, amount, the
 * payer's and the bank's reference, or where the bank gives none everything else that it says; equal lines are counted.
 * The same line in another file, or in the same one read again, has the same name. (transfer full) (element-type utf8).
 */
GPtrArray *cobro_bank_line_names (GPtrArray *lines);
/* The payment that part @part (0 …) of the line of that name is recorded as, now: its last 80 bits are the name's, so
 * that it is found again on every computer that ever hears of it. */
CobroId cobro_bank_line_payment_id (const char *name, guint part, CobroTime now);
/* Lent: those 80 bits of it, as the last 16 characters. */
const char *cobro_bank_line_mark (const CobroId *payment_id);
/* (transfer full) what is kept of it with the payment: who and what for, at most @max characters, one line. */
char *cobro_bank_line_note (const CobroBankLine *line, guint max);
