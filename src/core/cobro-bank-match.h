/* src/core/cobro-bank-match.h — which open invoice or link a line of an account statement pays: proposals with a score
 * and the reasons for it. What fits twice is said, never chosen.
 * Layer: core. Pure. Any thread. */
#pragma once
#include "cobro-bank-line.h"

/* Something that money is expected for. */
typedef struct
{
  CobroId link_id;
  gboolean is_invoice;
  char *number;         /* the invoice's number, or the link's own reference; "" */
  char *order;          /* the buyer's order number; "" */
  char *title;          /* a link's, or "" */
  char *name;           /* who owes it; "" */
  CobroMoney due;       /* positive */
  CobroMoney part;      /* what its plan asks for next; unset: it has no plan */
  gboolean takes_parts; /* whether less than what is due may be recorded */
  CobroDay issued;      /* 0: not known */
  CobroDay due_day;     /* 0: none */
} CobroBankTarget;
/* (transfer full) every text "". */
CobroBankTarget *cobro_bank_target_new (void);
void cobro_bank_target_free (CobroBankTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankTarget, cobro_bank_target_free)

typedef enum
{
  COBRO_BANK_BY_NUMBER,    /* text: the number that the payer wrote */
  COBRO_BANK_BY_REFERENCE, /* text: a creditor reference (ISO 11649) with that number */
  COBRO_BANK_BY_ORDER,     /* text: the buyer's order number */
  COBRO_BANK_BY_TITLE,     /* text: the link's title */
  COBRO_BANK_ALL_DUE,      /* exactly what is due */
  COBRO_BANK_NEXT_PART,    /* exactly what the plan asks for next */
  COBRO_BANK_SUM_DUE,      /* n: exactly what these come to together */
  COBRO_BANK_LESS,         /* amount: what stays open */
  COBRO_BANK_MORE,         /* amount: what is too much */
  COBRO_BANK_ONLY_AMOUNT,  /* nothing else that is open has this amount */
  COBRO_BANK_SAME_NAME,    /* text: the name */
  COBRO_BANK_LIKE_NAME,    /* text: the name here, which is not quite the payer's */
  COBRO_BANK_ONLY_OF_NAME, /* the only thing that this payer owes */
  COBRO_BANK_EARLY,        /* it came before the invoice was written */
  COBRO_BANK_SEVERAL,      /* n: so many fit equally well */
  COBRO_BANK_OTHER_LINE,   /* another line of this file pays it already */
} CobroBankReasonKind;

typedef struct
{
  CobroBankReasonKind kind;
  char *text; /* "" where the kind says nothing of it */
  CobroMoney amount;
  guint n;
} CobroBankReason;

/* How much of a line is for which target. */
typedef struct
{
  guint target; /* its index */
  CobroMoney amount;
} CobroBankShare;

typedef struct
{
  GArray *shares;     /* (element-type CobroBankShare) one or more; together the line's amount */
  GPtrArray *reasons; /* (element-type CobroBankReason) */
  guint score;        /* 0 … 100 */
  gboolean sure;      /* its number and its amount say the same */
} CobroBankProposal;
void cobro_bank_proposal_free (CobroBankProposal *proposal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankProposal, cobro_bank_proposal_free)

typedef enum
{
  COBRO_BANK_SURE,     /* may be recorded as it is */
  COBRO_BANK_PROBABLE, /* somebody should look */
  COBRO_BANK_NOTHING,  /* money came, and nothing open fits */
  COBRO_BANK_KNOWN,    /* recorded before, or not wanted */
  COBRO_BANK_REVERSED, /* came, and was taken back by the bank later in this file */
  COBRO_BANK_BACK,     /* the bank took back what had come */
  COBRO_BANK_OUT,      /* went out, or came back from there */
} CobroBankVerdict;

#define COBRO_BANK_PROPOSALS_MAX 5

typedef struct
{
  CobroBankVerdict verdict;
  gboolean unclear;     /* PROBABLE: several fit equally well; somebody must choose */
  GPtrArray *proposals; /* (element-type CobroBankProposal) the best first, at most COBRO_BANK_PROPOSALS_MAX */
} CobroBankMatch;
void cobro_bank_match_free (CobroBankMatch *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroBankMatch, cobro_bank_match_free)

/**
 * cobro_bank_match:
 * @lines: (element-type CobroBankLine)
 * @known: one byte per line: whether it was recorded before
 * @targets: (element-type CobroBankTarget)
 *
 * What is sure never asks for more of a target than is due of it, over all lines together: of two lines that pay the
 * same, the later one is for somebody to look at.
 *
 * Returns: (transfer full) (element-type CobroBankMatch): one per line, in the same order
 */
GPtrArray *cobro_bank_match (GPtrArray *lines, const guint8 *known, GPtrArray *targets);
/* (transfer full) the proposal that a person makes: all of @line for one target, with what can be said of it. %NULL: it
 * cannot be recorded there (another currency, or less than a link without parts takes). */
CobroBankProposal *cobro_bank_propose (const CobroBankLine *line, GPtrArray *targets, guint target);
