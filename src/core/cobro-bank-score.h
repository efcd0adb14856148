/* src/core/cobro-bank-score.h — how well one target fits one line. Private to core. Pure. Layer: core. Any thread. */
#pragma once
#include "cobro-bank-match.h"
#include "cobro-bank-text.h"

/* How a line names a target. */
typedef enum
{
  COBRO_BANK_NAMES_NOT,
  COBRO_BANK_NAMES_ORDER,  /* by the buyer's own order number */
  COBRO_BANK_NAMES_SHORT,  /* by a number so short that it may be chance */
  COBRO_BANK_NAMES_NUMBER, /* by its number */
  COBRO_BANK_NAMES_REFERENCE,
} CobroBankNaming;

/* A line while it is looked at. */
typedef struct
{
  const CobroBankLine *line;
  CobroBankText *text; /* reference, text and the payer's own reference */
  char *name;          /* folded */
  CobroDay day;
} CobroBankLook;
void cobro_bank_look_init (CobroBankLook *look, const CobroBankLine *line);
void cobro_bank_look_clear (CobroBankLook *look);

/* What is known of a target besides itself. */
typedef struct
{
  const CobroBankTarget *target;
  guint index;
  char *name; /* folded */
  CobroBankNaming naming;
  gboolean only_amount; /* nothing else open has this amount due */
  gboolean only_of_name;
} CobroBankFit;

/* (transfer full) %NULL: it cannot be recorded there. */
CobroBankProposal *cobro_bank_score (const CobroBankLook *look, const CobroBankFit *fit);
/* Likeness from which on two names are taken for one, and for perhaps one. */
#define COBRO_BANK_SAME 900
#define COBRO_BANK_LIKE 650

/* (transfer full) without shares and reasons. */
CobroBankProposal *cobro_bank_proposal_new (void);
void cobro_bank_proposal_add_share (CobroBankProposal *proposal, guint target, CobroMoney amount);
void cobro_bank_proposal_say (CobroBankProposal *proposal, CobroBankReasonKind kind, const char *text,
                              CobroMoney amount, guint n);
