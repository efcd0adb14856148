/* src/core/cobro-bank-match.c — which open invoice or link a line pays.
 * Layer: core. Any thread. */
#include "cobro-bank-match.h"
#include "cobro-bank-index.h"

#include <string.h>

#define SUM_MAX      12 /* things one payer owes that are tried together */
#define SCORE_MIN    35 /* below, nothing is proposed */
#define SCORE_SUM    95 /* several named numbers come to the amount */
#define SCORE_GUESS  60 /* so do several of one payer's, which nobody named */
#define SCORE_FILL   79 /* several are named and come to something else */
#define EQUAL_POINTS 5  /* two proposals no further apart than this fit equally well */
#define OTHER_POINTS 30 /* another line pays it already */

CobroBankTarget *
cobro_bank_target_new (void)
{
  CobroBankTarget *target = g_new0 (CobroBankTarget, 1);

  target->number = g_strdup ("");
  target->order = g_strdup ("");
  target->title = g_strdup ("");
  target->name = g_strdup ("");
  return target;
}

void
cobro_bank_target_free (CobroBankTarget *target)
{
  if (target == NULL)
    return;
  g_free (target->number);
  g_free (target->order);
  g_free (target->title);
  g_free (target->name);
  g_free (target);
}

void
cobro_bank_match_free (CobroBankMatch *match)
{
  if (match == NULL)
    return;
  g_ptr_array_unref (match->proposals);
  g_free (match);
}

/* ── Several in one transfer ────────────────────────────────────────────────────────────────────────────────────── */

static CobroMoney
due_of (CobroBankIndex *index, guint target)
{
  return ((CobroBankTarget *)index->targets->pdata[target])->due;
}

/* FALSE: of different currencies, or too much to add. */
static gboolean
sum_of (CobroBankIndex *index, const GArray *targets, guint64 which, CobroMoney *out_sum)
{
  gboolean any = FALSE;

  for (guint i = 0; i < targets->len; i++)
    {
      CobroMoney due = due_of (index, g_array_index (targets, guint, i));

      if ((which >> i & 1) == 0)
        continue;
      if (any && !cobro_money_add (*out_sum, due, out_sum, NULL))
        return FALSE;
      if (!any)
        *out_sum = due;
      any = TRUE;
    }
  return any;
}

static CobroBankProposal *
propose_sum (CobroBankIndex *index, const GArray *targets, guint64 which)
{
  CobroBankProposal *proposal = cobro_bank_proposal_new ();

  for (guint i = 0; i < targets->len; i++)
    if ((which >> i & 1) != 0)
      {
        guint target = g_array_index (targets, guint, i);

        cobro_bank_proposal_add_share (proposal, target, due_of (index, target));
      }
  return proposal;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer data)
{
  CobroBankIndex *index = data;
  guint left = *(const guint *)a, right = *(const guint *)b;
  const CobroBankTarget *first = index->targets->pdata[left], *second = index->targets->pdata[right];

  if (first->due_day != second->due_day)
    return first->due_day < second->due_day ? -1 : 1;
  return (left > right) - (left < right);
}

/* The numbers that the line names, by due date. */
static GArray *
list_named (CobroBankIndex *index, GHashTable *named)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  GHashTableIter each;
  gpointer key, naming;

  g_hash_table_iter_init (&each, named);
  while (g_hash_table_iter_next (&each, &key, &naming))
    if (GPOINTER_TO_INT (naming) >= (int)COBRO_BANK_NAMES_NUMBER)
      {
        guint target = GPOINTER_TO_UINT (key);

        g_array_append_val (list, target);
      }
  g_array_sort_with_data (list, compare_due, index);
  return list;
}

static void
say_numbers (CobroBankIndex *index, CobroBankProposal *proposal)
{
  for (guint i = 0; i < proposal->shares->len; i++)
    {
      const CobroBankTarget *target = index->targets->pdata[g_array_index (proposal->shares, CobroBankShare, i).target];

      cobro_bank_proposal_say (proposal, COBRO_BANK_BY_NUMBER, target->number, COBRO_MONEY_NONE, 0);
    }
}

/* Named, but they come to more than what came: the oldest first, and the last one in part. NULL where that does not
 * go. */
static CobroBankProposal *
propose_filling (CobroBankIndex *index, const GArray *named, CobroMoney amount)
{
  g_autoptr (CobroBankProposal) proposal = cobro_bank_proposal_new ();
  CobroMoney left = amount;

  for (guint i = 0; i < named->len && cobro_money_is_positive (left); i++)
    {
      guint at = g_array_index (named, guint, i);
      const CobroBankTarget *target = index->targets->pdata[at];
      CobroMoney share = target->due;

      if (cobro_money_currency (share) != cobro_money_currency (left))
        return NULL;
      if (cobro_money_compare (left, share) < 0)
        share = left;
      if (!cobro_money_equal (share, target->due) && !target->takes_parts)
        return NULL;
      cobro_bank_proposal_add_share (proposal, at, share);
      if (!cobro_money_subtract (left, share, &left, NULL))
        return NULL;
    }
  return cobro_money_is_zero (left) && proposal->shares->len > 1 ? g_steal_pointer (&proposal) : NULL;
}

static void
add_named_sum (CobroBankIndex *index, const CobroBankLook *look, GHashTable *named, GPtrArray *proposals)
{
  g_autoptr (GArray) list = list_named (index, named);
  guint64 all = list->len < 64 ? (G_GUINT64_CONSTANT (1) << list->len) - 1 : 0;
  CobroMoney sum = COBRO_MONEY_NONE;
  CobroBankProposal *proposal;

  if (list->len < 2 || all == 0)
    return;
  if (sum_of (index, list, all, &sum) && cobro_money_equal (sum, look->line->amount))
    {
      proposal = propose_sum (index, list, all);
      say_numbers (index, proposal);
      cobro_bank_proposal_say (proposal, COBRO_BANK_SUM_DUE, "", COBRO_MONEY_NONE, list->len);
      proposal->score = SCORE_SUM;
      proposal->sure = TRUE;
    }
  else
    {
      proposal = propose_filling (index, list, look->line->amount);
      if (proposal == NULL)
        return;
      say_numbers (index, proposal);
      if (sum_of (index, list, all, &sum) && cobro_money_subtract (sum, look->line->amount, &sum, NULL))
        cobro_bank_proposal_say (proposal, COBRO_BANK_LESS, "", sum, 0);
      proposal->score = SCORE_FILL;
    }
  g_ptr_array_add (proposals, proposal);
}

/* Nobody named anything, but some of what this payer owes comes to the amount. */
static void
add_owed_sums (CobroBankIndex *index, const CobroBankLook *look, GPtrArray *proposals)
{
  const GArray *owed = cobro_bank_index_of_name (index, look->name);
  guint found = 0;

  if (owed == NULL || owed->len < 2 || owed->len > SUM_MAX)
    return;
  for (guint64 which = 3; which < G_GUINT64_CONSTANT (1) << owed->len; which++)
    {
      CobroMoney sum = COBRO_MONEY_NONE;
      CobroBankProposal *proposal;

      if ((which & (which - 1)) == 0 || !sum_of (index, owed, which, &sum) ||
          !cobro_money_equal (sum, look->line->amount) || ++found > COBRO_BANK_PROPOSALS_MAX)
        continue;
      proposal = propose_sum (index, owed, which);
      cobro_bank_proposal_say (proposal, COBRO_BANK_SUM_DUE, "", COBRO_MONEY_NONE, proposal->shares->len);
      cobro_bank_proposal_say (proposal, COBRO_BANK_SAME_NAME,
                               ((CobroBankTarget *)index->targets->pdata[g_array_index (owed, guint, 0)])->name,
                               COBRO_MONEY_NONE, 0);
      proposal->score = SCORE_GUESS;
      g_ptr_array_add (proposals, proposal);
    }
}

/* ── One line ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static int
compare_proposals (gconstpointer a, gconstpointer b)
{
  const CobroBankProposal *left = *(CobroBankProposal *const *)a, *right = *(CobroBankProposal *const *)b;
  const CobroBankShare *first = &g_array_index (left->shares, CobroBankShare, 0);
  const CobroBankShare *second = &g_array_index (right->shares, CobroBankShare, 0);

  if (left->sure != right->sure)
    return left->sure ? -1 : 1;
  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return (first->target > second->target) - (first->target < second->target);
}

/* How many fit as well as the best. */
static guint
count_equal (const GPtrArray *proposals)
{
  const CobroBankProposal *best = proposals->len > 0 ? proposals->pdata[0] : NULL;
  guint n = 0;

  for (guint i = 0; i < proposals->len; i++)
    {
      const CobroBankProposal *other = proposals->pdata[i];

      n += other->sure == best->sure && other->score + EQUAL_POINTS >= best->score ? 1 : 0;
    }
  return n;
}

/* Sorts, and says what the best one is worth. */
static void
judge (CobroBankMatch *match)
{
  CobroBankProposal *best;
  guint n;

  g_ptr_array_sort (match->proposals, compare_proposals);
  n = count_equal (match->proposals);
  if (match->proposals->len > COBRO_BANK_PROPOSALS_MAX)
    g_ptr_array_set_size (match->proposals, COBRO_BANK_PROPOSALS_MAX);
  match->unclear = n > 1;
  if (match->proposals->len == 0)
    {
      match->verdict = COBRO_BANK_NOTHING;
      return;
    }
  best = match->proposals->pdata[0];
  for (guint i = 0; n > 1 && i < match->proposals->len; i++)
    ((CobroBankProposal *)match->proposals->pdata[i])->sure = FALSE;
  if (n > 1)
    cobro_bank_proposal_say (best, COBRO_BANK_SEVERAL, "", COBRO_MONEY_NONE, n);
  match->verdict = best->sure ? COBRO_BANK_SURE : COBRO_BANK_PROBABLE;
}

static void
match_line (CobroBankIndex *index, const CobroBankLine *line, CobroBankMatch *match)
{
  CobroBankLook look;
  g_autoptr (GHashTable) named = NULL;
  g_autoptr (GHashTable) candidates = NULL;
  GHashTableIter each;
  gpointer key;

  cobro_bank_look_init (&look, line);
  named = cobro_bank_index_named (index, &look);
  candidates = cobro_bank_index_candidates (index, &look, named);
  g_hash_table_iter_init (&each, candidates);
  while (g_hash_table_iter_next (&each, &key, NULL))
    {
      CobroBankNaming naming = (CobroBankNaming)GPOINTER_TO_INT (g_hash_table_lookup (named, key));
      CobroBankFit fit = cobro_bank_index_fit (index, GPOINTER_TO_UINT (key), naming);
      g_autoptr (CobroBankProposal) proposal = cobro_bank_score (&look, &fit);

      if (proposal != NULL && proposal->score >= SCORE_MIN)
        g_ptr_array_add (match->proposals, g_steal_pointer (&proposal));
    }
  add_named_sum (index, &look, named, match->proposals);
  if (g_hash_table_size (named) == 0)
    add_owed_sums (index, &look, match->proposals);
  cobro_bank_look_clear (&look);
  judge (match);
}

/* ── Taken back ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_reversal_of (const CobroBankLine *back, const CobroBankLine *line)
{
  CobroMoney opposite;

  if (!cobro_money_negate (back->amount, &opposite, NULL) || !cobro_money_equal (opposite, line->amount) ||
      strcmp (back->account, line->account) != 0 || strcmp (back->date, line->date) < 0)
    return FALSE;
  if (back->bank_reference[0] != '\0' && strcmp (back->bank_reference, line->bank_reference) == 0)
    return TRUE;
  if (back->end_to_end[0] != '\0' && strcmp (back->end_to_end, line->end_to_end) == 0)
    return TRUE;
  return back->name[0] != '\0' && strcmp (back->name, line->name) == 0;
}

static CobroBankVerdict
verdict_of (const CobroBankLine *line, gboolean known)
{
  if (line->reversal)
    return cobro_money_is_negative (line->amount) ? COBRO_BANK_BACK : COBRO_BANK_OUT;
  if (!cobro_money_is_positive (line->amount))
    return COBRO_BANK_OUT;
  return known ? COBRO_BANK_KNOWN : COBRO_BANK_NOTHING;
}

/* Each reversal takes one line back. */
static void
pair_reversals (GPtrArray *lines, GPtrArray *matches)
{
  for (guint i = 0; i < lines->len; i++)
    {
      if (((CobroBankMatch *)matches->pdata[i])->verdict != COBRO_BANK_BACK)
        continue;
      for (guint n = 0; n < lines->len; n++)
        {
          CobroBankMatch *match = matches->pdata[n];

          if (match->verdict != COBRO_BANK_NOTHING || !is_reversal_of (lines->pdata[i], lines->pdata[n]))
            continue;
          match->verdict = COBRO_BANK_REVERSED;
          break;
        }
    }
}

/* ── All lines ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static int
compare_days (gconstpointer a, gconstpointer b, gpointer data)
{
  GPtrArray *lines = data;
  guint left = *(const guint *)a, right = *(const guint *)b;
  int days = strcmp (((CobroBankLine *)lines->pdata[left])->date, ((CobroBankLine *)lines->pdata[right])->date);

  return days != 0 ? days : (left > right) - (left < right);
}

/* FALSE: the lines before it leave less than it needs of one of its targets. */
static gboolean
is_left (const CobroBankProposal *proposal, const CobroMoney *left)
{
  for (guint i = 0; i < proposal->shares->len; i++)
    {
      const CobroBankShare *share = &g_array_index (proposal->shares, CobroBankShare, i);

      if (cobro_money_compare (share->amount, left[share->target]) > 0)
        return FALSE;
    }
  return TRUE;
}

static void
take (const CobroBankProposal *proposal, CobroMoney *left)
{
  for (guint i = 0; i < proposal->shares->len; i++)
    {
      const CobroBankShare *share = &g_array_index (proposal->shares, CobroBankShare, i);

      if (!cobro_money_subtract (left[share->target], share->amount, &left[share->target], NULL))
        left[share->target] = cobro_money_zero (cobro_money_currency (share->amount));
    }
}

/* Somebody else's line has one of its targets. */
static gboolean
is_contested (const CobroBankProposal *proposal, const CobroMoney *left, GPtrArray *targets)
{
  for (guint i = 0; i < proposal->shares->len; i++)
    {
      guint target = g_array_index (proposal->shares, CobroBankShare, i).target;

      if (!cobro_money_equal (left[target], ((CobroBankTarget *)targets->pdata[target])->due))
        return TRUE;
    }
  return FALSE;
}

static void
degrade (CobroBankMatch *match, const CobroMoney *left, GPtrArray *targets)
{
  for (guint i = 0; i < match->proposals->len; i++)
    {
      CobroBankProposal *proposal = match->proposals->pdata[i];

      if (!is_contested (proposal, left, targets))
        continue;
      proposal->sure = FALSE;
      proposal->score = proposal->score > OTHER_POINTS ? proposal->score - OTHER_POINTS : 0;
      cobro_bank_proposal_say (proposal, COBRO_BANK_OTHER_LINE, "", COBRO_MONEY_NONE, 0);
    }
  g_ptr_array_sort (match->proposals, compare_proposals);
  match->verdict = COBRO_BANK_PROBABLE;
}

/* What is sure takes its part of what is due, by date; whoever comes later is looked at by a person. */
static void
share_out (GPtrArray *lines, GPtrArray *matches, GPtrArray *targets)
{
  g_autofree CobroMoney *left = g_new (CobroMoney, targets->len + 1);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < targets->len; i++)
    left[i] = ((CobroBankTarget *)targets->pdata[i])->due;
  for (guint i = 0; i < lines->len; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_days, lines);
  for (guint i = 0; i < order->len; i++)
    {
      CobroBankMatch *match = matches->pdata[g_array_index (order, guint, i)];

      if (match->verdict != COBRO_BANK_SURE)
        continue;
      if (is_left (match->proposals->pdata[0], left))
        take (match->proposals->pdata[0], left);
      else
        degrade (match, left, targets);
    }
  for (guint i = 0; i < matches->len; i++)
    if (((CobroBankMatch *)matches->pdata[i])->verdict == COBRO_BANK_PROBABLE)
      degrade (matches->pdata[i], left, targets);
}

GPtrArray *
cobro_bank_match (GPtrArray *lines, const guint8 *known, GPtrArray *targets)
{
  g_autoptr (CobroBankIndex) index = cobro_bank_index_new (targets);
  GPtrArray *matches = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_match_free);

  for (guint i = 0; i < lines->len; i++)
    {
      CobroBankMatch *match = g_new0 (CobroBankMatch, 1);

      match->proposals = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_proposal_free);
      match->verdict = verdict_of (lines->pdata[i], known[i] != 0);
      g_ptr_array_add (matches, match);
    }
  pair_reversals (lines, matches);
  for (guint i = 0; i < lines->len; i++)
    if (((CobroBankMatch *)matches->pdata[i])->verdict == COBRO_BANK_NOTHING)
      match_line (index, lines->pdata[i], matches->pdata[i]);
  share_out (lines, matches, targets);
  return matches;
}

/* Only that one is looked at: what else is open says nothing here. */
CobroBankProposal *
cobro_bank_propose (const CobroBankLine *line, GPtrArray *targets, guint target)
{
  g_autoptr (GPtrArray) alone = g_ptr_array_new ();
  g_autoptr (CobroBankIndex) index = NULL;
  g_autoptr (GHashTable) named = NULL;
  CobroBankProposal *proposal;
  CobroBankLook look;
  CobroBankFit fit;

  g_ptr_array_add (alone, targets->pdata[target]);
  index = cobro_bank_index_new (alone);
  cobro_bank_look_init (&look, line);
  named = cobro_bank_index_named (index, &look);
  fit = cobro_bank_index_fit (index, 0, (CobroBankNaming)GPOINTER_TO_INT (g_hash_table_lookup (named, NULL)));
  fit.index = target;
  fit.only_amount = fit.only_of_name = FALSE;
  proposal = cobro_bank_score (&look, &fit);
  cobro_bank_look_clear (&look);
  return proposal;
}
