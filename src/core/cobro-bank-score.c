/* src/core/cobro-bank-score.c — points for what speaks for a target, and the words for it.
 * Layer: core. Any thread. */
#include "cobro-bank-score.h"

#include <string.h>

/* Points, of 100. A number and the amount are enough to be sure; the amount alone is enough to ask. */
enum
{
  POINTS_NUMBER = 60,
  POINTS_SHORT = 30,
  POINTS_ORDER = 35,
  POINTS_TITLE = 20,
  POINTS_EXACT = 30,
  POINTS_PLAN = 28,
  POINTS_LESS = 8,
  POINTS_MORE = 4,
  POINTS_ONLY_AMOUNT = 10,
  POINTS_SAME_NAME = 15,
  POINTS_LIKE_NAME = 8,
  POINTS_ONLY_OF_NAME = 15,
  POINTS_IN_TIME = 5,
  POINTS_EARLY = -10,
};

#define LATE_DAYS 60 /* after the due date, a payment is still one for it */
#define TITLE_MIN 6  /* characters of a title that may be found in a text */

/* ── Proposals ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
reason_free (CobroBankReason *reason)
{
  g_free (reason->text);
  g_free (reason);
}

CobroBankProposal *
cobro_bank_proposal_new (void)
{
  CobroBankProposal *proposal = g_new0 (CobroBankProposal, 1);

  proposal->shares = g_array_new (FALSE, FALSE, sizeof (CobroBankShare));
  proposal->reasons = g_ptr_array_new_with_free_func ((GDestroyNotify)reason_free);
  return proposal;
}

void
cobro_bank_proposal_free (CobroBankProposal *proposal)
{
  if (proposal == NULL)
    return;
  g_array_unref (proposal->shares);
  g_ptr_array_unref (proposal->reasons);
  g_free (proposal);
}

void
cobro_bank_proposal_add_share (CobroBankProposal *proposal, guint target, CobroMoney amount)
{
  CobroBankShare share = { target, amount };

  g_array_append_val (proposal->shares, share);
}

void
cobro_bank_proposal_say (CobroBankProposal *proposal, CobroBankReasonKind kind, const char *text, CobroMoney amount,
                         guint n)
{
  CobroBankReason *reason = g_new (CobroBankReason, 1);

  *reason = (CobroBankReason){ kind, g_strdup (text), amount, n };
  g_ptr_array_add (proposal->reasons, reason);
}

/* ── A line ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_bank_look_init (CobroBankLook *look, const CobroBankLine *line)
{
  g_autofree char *all = g_strjoin (" | ", line->reference, line->text, line->end_to_end, NULL);

  *look = (CobroBankLook){ .line = line };
  look->text = cobro_bank_text_new (all);
  look->name = cobro_bank_name_fold (line->name);
  if (!cobro_day_from_text (line->date, &look->day, NULL))
    look->day = 0;
}

void
cobro_bank_look_clear (CobroBankLook *look)
{
  g_clear_pointer (&look->text, cobro_bank_text_free);
  g_clear_pointer (&look->name, g_free);
}

/* ── Points ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int
score_naming (CobroBankProposal *proposal, const CobroBankFit *fit)
{
  switch (fit->naming)
    {
    case COBRO_BANK_NAMES_NOT:
      return 0;
    case COBRO_BANK_NAMES_ORDER:
      cobro_bank_proposal_say (proposal, COBRO_BANK_BY_ORDER, fit->target->order, COBRO_MONEY_NONE, 0);
      return POINTS_ORDER;
    case COBRO_BANK_NAMES_SHORT:
      cobro_bank_proposal_say (proposal, COBRO_BANK_BY_NUMBER, fit->target->number, COBRO_MONEY_NONE, 0);
      return POINTS_SHORT;
    case COBRO_BANK_NAMES_NUMBER:
      cobro_bank_proposal_say (proposal, COBRO_BANK_BY_NUMBER, fit->target->number, COBRO_MONEY_NONE, 0);
      return POINTS_NUMBER;
    case COBRO_BANK_NAMES_REFERENCE:
      cobro_bank_proposal_say (proposal, COBRO_BANK_BY_REFERENCE, fit->target->number, COBRO_MONEY_NONE, 0);
      return POINTS_NUMBER;
    }
  return 0;
}

static int
score_title (CobroBankProposal *proposal, const CobroBankLook *look, const CobroBankFit *fit)
{
  g_autofree char *title = cobro_bank_fold (fit->target->title);

  if (fit->naming != COBRO_BANK_NAMES_NOT || g_utf8_strlen (title, -1) < TITLE_MIN ||
      strstr (look->text->folded, title) == NULL)
    return 0;
  cobro_bank_proposal_say (proposal, COBRO_BANK_BY_TITLE, fit->target->title, COBRO_MONEY_NONE, 0);
  return POINTS_TITLE;
}

/* FALSE: it cannot be recorded so. */
static gboolean
score_amount (CobroBankProposal *proposal, CobroMoney amount, const CobroBankFit *fit, int *score, gboolean *out_exact)
{
  const CobroBankTarget *target = fit->target;
  CobroMoney left;

  *out_exact = TRUE;
  if (cobro_money_currency (amount) != cobro_money_currency (target->due) ||
      !cobro_money_subtract (target->due, amount, &left, NULL))
    return FALSE;
  if (cobro_money_is_zero (left))
    {
      cobro_bank_proposal_say (proposal, COBRO_BANK_ALL_DUE, "", COBRO_MONEY_NONE, 0);
      *score += POINTS_EXACT;
    }
  else if (cobro_money_equal (amount, target->part))
    {
      cobro_bank_proposal_say (proposal, COBRO_BANK_NEXT_PART, "", left, 0);
      *score += POINTS_PLAN;
    }
  else if (cobro_money_is_positive (left))
    {
      cobro_bank_proposal_say (proposal, COBRO_BANK_LESS, "", left, 0);
      *score += POINTS_LESS;
      *out_exact = FALSE;
      return target->takes_parts;
    }
  else
    {
      *out_exact = FALSE;
      if (!cobro_money_negate (left, &left, NULL))
        return FALSE;
      cobro_bank_proposal_say (proposal, COBRO_BANK_MORE, "", left, 0);
      *score += POINTS_MORE;
    }
  if (*out_exact && fit->only_amount)
    {
      cobro_bank_proposal_say (proposal, COBRO_BANK_ONLY_AMOUNT, "", COBRO_MONEY_NONE, 0);
      *score += POINTS_ONLY_AMOUNT;
    }
  return TRUE;
}

static int
score_name (CobroBankProposal *proposal, const CobroBankLook *look, const CobroBankFit *fit, gboolean *out_same)
{
  guint likeness = cobro_bank_name_likeness (look->name, fit->name);

  *out_same = likeness >= COBRO_BANK_SAME;
  if (likeness < COBRO_BANK_LIKE)
    return 0;
  cobro_bank_proposal_say (proposal, *out_same ? COBRO_BANK_SAME_NAME : COBRO_BANK_LIKE_NAME, fit->target->name,
                           COBRO_MONEY_NONE, 0);
  if (!*out_same)
    return POINTS_LIKE_NAME;
  if (!fit->only_of_name)
    return POINTS_SAME_NAME;
  cobro_bank_proposal_say (proposal, COBRO_BANK_ONLY_OF_NAME, "", COBRO_MONEY_NONE, 0);
  return POINTS_SAME_NAME + POINTS_ONLY_OF_NAME;
}

static int
score_day (CobroBankProposal *proposal, const CobroBankLook *look, const CobroBankTarget *target)
{
  if (target->issued == 0 || look->day == 0)
    return 0;
  if (look->day < target->issued)
    {
      cobro_bank_proposal_say (proposal, COBRO_BANK_EARLY, "", COBRO_MONEY_NONE, (guint)(target->issued - look->day));
      return POINTS_EARLY;
    }
  return look->day <= MAX (target->due_day, target->issued) + LATE_DAYS ? POINTS_IN_TIME : 0;
}

CobroBankProposal *
cobro_bank_score (const CobroBankLook *look, const CobroBankFit *fit)
{
  g_autoptr (CobroBankProposal) proposal = cobro_bank_proposal_new ();
  gboolean exact = FALSE, same = FALSE;
  int score = score_naming (proposal, fit) + score_title (proposal, look, fit);

  if (!score_amount (proposal, look->line->amount, fit, &score, &exact))
    return NULL;
  score += score_name (proposal, look, fit, &same);
  score += score_day (proposal, look, fit->target);
  cobro_bank_proposal_add_share (proposal, fit->index, look->line->amount);
  proposal->score = (guint)CLAMP (score, 0, 100);
  proposal->sure = exact && (fit->naming >= COBRO_BANK_NAMES_NUMBER || (fit->naming == COBRO_BANK_NAMES_SHORT && same));
  return g_steal_pointer (&proposal);
}
