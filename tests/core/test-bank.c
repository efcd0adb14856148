/* tests/core/test-bank.c — lines of account statements and what they pay: examples for every reason, and properties
 * that hold for any statement over any books. Layer: tests. */
#include "cobro-bank-match.h"
#include "cobro-bank-text.h"
#include "cobro-test.h"

#include <string.h>

/* ── Makers ── */

static CobroCurrency
currency (const char *code)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (code, &found, NULL));
  return found;
}

static CobroDay
day (const char *date)
{
  CobroDay found = 0;

  g_assert_true (cobro_day_from_text (date, &found, NULL));
  return found;
}

static void
set (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
add_target (GPtrArray *targets, const char *number, const char *name, gint64 due)
{
  CobroBankTarget *target = cobro_bank_target_new ();

  g_snprintf (target->link_id.text, sizeof target->link_id.text, "link_%u", targets->len);
  target->is_invoice = target->takes_parts = TRUE;
  set (&target->number, number);
  set (&target->name, name);
  target->due = cobro_money (due, currency ("EUR"));
  target->issued = day ("2026-11-01");
  target->due_day = day ("2026-12-01");
  g_ptr_array_add (targets, target);
}

static CobroBankLine *
add_line (GPtrArray *lines, const char *name, const char *text, gint64 amount)
{
  CobroBankLine *line = cobro_bank_line_new ();

  line->line = lines->len + 1;
  g_strlcpy (line->date, "2026-11-20", sizeof line->date);
  set (&line->name, name);
  set (&line->text, text);
  line->amount = cobro_money (amount, currency ("EUR"));
  g_ptr_array_add (lines, line);
  return line;
}

static GPtrArray *
targets_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_target_free);
}

static GPtrArray *
lines_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_line_free);
}

static GPtrArray *
match (GPtrArray *lines, GPtrArray *targets)
{
  g_autofree guint8 *known = g_new0 (guint8, lines->len + 1);

  return cobro_bank_match (lines, known, targets);
}

/* ── Text ── */

static void
test_names (void)
{
  static const struct
  {
    const char *a, *b;
    guint least, most;
  } pairs[] = {
    { "Ana's Café S.L.", "ANAS CAFE SL", 900, 1000 },
    { "Müller GmbH", "MUELLER GMBH", 1000, 1000 },
    { "Jürgen Groß", "GROSS JUERGEN", 1000, 1000 },
    { "Company of María Pérez, S.A.", "Company of Maria Perez", 1000, 1000 },
    { "Pérez García, María", "Maria Perez", 1000, 1000 },
    { "Jonathan Smithers", "Jonathan Smithres", 650, 999 },
    { "Acme", "Zenith Trading", 0, 300 },
    { "GmbH", "AG", 0, 0 },
    { "", "Ana", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *a = cobro_bank_name_fold (pairs[i].a), *b = cobro_bank_name_fold (pairs[i].b);
      guint likeness = cobro_bank_name_likeness (a, b);

      g_test_message ("%s = %s: %u", pairs[i].a, pairs[i].b, likeness);
      g_assert_cmpuint (likeness, >=, pairs[i].least);
      g_assert_cmpuint (likeness, <=, pairs[i].most);
      g_assert_cmpuint (likeness, ==, cobro_bank_name_likeness (b, a));
    }
}

static void
test_creditor_references (void)
{
  static const char *const good[] = { "RF18539007547034", "RF18 5390 0754 7034", "rf18539007547034" };
  static const char *const bad[] = { "RF19539007547034", "RF1853900754703",  "RF18", "",
                                     "XX18539007547034", "RF18-ñ39007547034" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *number = cobro_bank_creditor_reference (good[i]);

      g_assert_cmpstr (number, ==, "539007547034");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (cobro_bank_creditor_reference (bad[i]));
}

/* ── One line ── */

typedef struct
{
  const char *what, *name, *text;
  gint64 amount;
  CobroBankVerdict verdict;
  gboolean unclear;
  int target; /* the first share of the best proposal; -1: none */
} Example;

/* Over: 0 INV-2026-0007 Ana 120.00, 1 INV-2026-0008 Ana 80.00, 2 INV-2026-0009 Bruno 50.00, 3 INV-2026-0010
 * Carla 50.00, 4 2026-0001 Dora 33.33, 5 2026-0001-2 Dora 10.00, 6 "7" Emil 70.00, 7 link "desk" by title 15.50 without
 * parts */
static const Example examples[] = {
  { "number and amount", "Somebody", "Invoice INV-2026-0007", 12000, COBRO_BANK_SURE, FALSE, 0 },
  { "without separators", "", "inv20260007 thanks", 12000, COBRO_BANK_SURE, FALSE, 0 },
  { "without its prefix", "", "Rechnung 2026/0007", 12000, COBRO_BANK_SURE, FALSE, 0 },
  { "broken by a line end", "", "INV-2026-0 007", 12000, COBRO_BANK_SURE, FALSE, 0 },
  { "cut out of a longer number", "", "Order 120260007", 1, COBRO_BANK_NOTHING, FALSE, -1 },
  { "a part", "", "INV-2026-0007", 5000, COBRO_BANK_PROBABLE, FALSE, 0 },
  { "too much", "", "INV-2026-0007", 12500, COBRO_BANK_PROBABLE, FALSE, 0 },
  { "two numbers that add up", "", "INV-2026-0007 + INV-2026-0008", 20000, COBRO_BANK_SURE, FALSE, 0 },
  { "two numbers, less than both", "", "INV-2026-0007, INV-2026-0008", 15000, COBRO_BANK_PROBABLE, FALSE, 0 },
  { "only the name adds up", "ANA", "", 20000, COBRO_BANK_PROBABLE, FALSE, 0 },
  { "name and amount", "Bruno", "thanks", 5000, COBRO_BANK_PROBABLE, FALSE, 2 },
  { "an amount that two have", "Nobody", "thanks", 5000, COBRO_BANK_PROBABLE, TRUE, 2 },
  { "an amount that one has", "Nobody", "thanks", 3333, COBRO_BANK_PROBABLE, FALSE, 4 },
  { "a number within a longer one", "", "2026-0001", 3333, COBRO_BANK_SURE, FALSE, 4 },
  { "the longer one", "", "2026-0001-2", 1000, COBRO_BANK_SURE, FALSE, 5 },
  { "a short number and nobody's name", "", "7", 7000, COBRO_BANK_PROBABLE, FALSE, 6 },
  { "a part of what one person owes", "Emil Adler", "on account", 2000, COBRO_BANK_PROBABLE, FALSE, 6 },
  { "a title", "Fritz", "for the blue desk", 1550, COBRO_BANK_PROBABLE, FALSE, 7 },
  { "less than a link without parts takes", "Fritz", "for the blue desk", 900, COBRO_BANK_NOTHING, FALSE, -1 },
  { "nothing that fits", "Zoe", "shoes", 99, COBRO_BANK_NOTHING, FALSE, -1 },
};

static GPtrArray *
example_targets (void)
{
  GPtrArray *targets = targets_new ();
  CobroBankTarget *link;

  add_target (targets, "INV-2026-0007", "Ana", 12000);
  add_target (targets, "INV-2026-0008", "Ana", 8000);
  add_target (targets, "INV-2026-0009", "Bruno", 5000);
  add_target (targets, "INV-2026-0010", "Carla", 5000);
  add_target (targets, "2026-0001", "Dora", 3333);
  add_target (targets, "2026-0001-2", "Dora", 1000);
  add_target (targets, "007", "Emil Adler", 7000);
  add_target (targets, "", "", 1550);
  link = targets->pdata[7];
  link->is_invoice = link->takes_parts = FALSE;
  set (&link->title, "Blue desk");
  return targets;
}

static void
test_examples (void)
{
  g_autoptr (GPtrArray) targets = example_targets ();

  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      const Example *example = &examples[i];
      g_autoptr (GPtrArray) lines = lines_new ();
      g_autoptr (GPtrArray) matches = NULL;
      const CobroBankMatch *found;

      add_line (lines, example->name, example->text, example->amount);
      matches = match (lines, targets);
      found = matches->pdata[0];
      g_test_message ("%s: %d, %u proposals", example->what, found->verdict, found->proposals->len);
      g_assert_cmpint (found->verdict, ==, example->verdict);
      g_assert_cmpint (found->unclear, ==, example->unclear);
      g_assert_cmpint (found->proposals->len > 0, ==, example->target >= 0);
      if (example->target >= 0)
        {
          const CobroBankProposal *best = found->proposals->pdata[0];

          g_assert_cmpint (g_array_index (best->shares, CobroBankShare, 0).target, ==, example->target);
          g_assert_cmpuint (best->reasons->len, >, 0);
        }
    }
}

static const CobroBankReason *
find_reason (const CobroBankProposal *proposal, CobroBankReasonKind kind)
{
  for (guint i = 0; i < proposal->reasons->len; i++)
    if (((CobroBankReason *)proposal->reasons->pdata[i])->kind == kind)
      return proposal->reasons->pdata[i];
  return NULL;
}

/* Each reason stands where it should, with what it says. */
static void
test_reasons (void)
{
  g_autoptr (GPtrArray) targets = example_targets ();
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) matches = NULL;
  const CobroBankProposal *best;
  CobroBankLine *line = add_line (lines, "Anna", "INV-2026-0007", 5000);

  g_strlcpy (line->date, "2026-10-28", sizeof line->date);
  matches = match (lines, targets);
  best = ((CobroBankMatch *)matches->pdata[0])->proposals->pdata[0];
  g_assert_cmpstr (find_reason (best, COBRO_BANK_BY_NUMBER)->text, ==, "INV-2026-0007");
  g_assert_cmpint (cobro_money_minor (find_reason (best, COBRO_BANK_LESS)->amount), ==, 7000);
  g_assert_cmpstr (find_reason (best, COBRO_BANK_LIKE_NAME)->text, ==, "Ana");
  g_assert_cmpuint (find_reason (best, COBRO_BANK_EARLY)->n, ==, 4);
  g_assert_null (find_reason (best, COBRO_BANK_ALL_DUE));
}

/* A creditor reference, structured or written out; a plan's next part; the buyer's own order number. */
static void
test_references (void)
{
  static const struct
  {
    const char *reference, *text;
    gint64 amount;
    CobroBankVerdict verdict;
    CobroBankReasonKind kind;
  } cases[] = {
    { "RF18539007547034", "", 9000, COBRO_BANK_SURE, COBRO_BANK_BY_REFERENCE },
    { "", "please see RF18 5390 0754 7034", 9000, COBRO_BANK_SURE, COBRO_BANK_BY_REFERENCE },
    { "", "RF18539007547034", 3000, COBRO_BANK_SURE, COBRO_BANK_NEXT_PART },
    { "", "your order PO-4711", 9000, COBRO_BANK_PROBABLE, COBRO_BANK_BY_ORDER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) targets = targets_new ();
      g_autoptr (GPtrArray) lines = lines_new ();
      g_autoptr (GPtrArray) matches = NULL;
      const CobroBankMatch *found;

      add_target (targets, "5390-0754-7034", "Ana", 9000);
      set (&((CobroBankTarget *)targets->pdata[0])->order, "PO-4711");
      ((CobroBankTarget *)targets->pdata[0])->part = cobro_money (3000, currency ("EUR"));
      set (&add_line (lines, "", cases[i].text, cases[i].amount)->reference, cases[i].reference);
      matches = match (lines, targets);
      found = matches->pdata[0];
      g_assert_cmpint (found->verdict, ==, cases[i].verdict);
      g_assert_nonnull (find_reason (found->proposals->pdata[0], cases[i].kind));
    }
}

/* ── Several lines ── */

/* Two that pay the same: the earlier one is sure, the later one is for a person, and both numbers the same is unclear.
 */
static void
test_twice (void)
{
  g_autoptr (GPtrArray) targets = example_targets ();
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) matches = NULL;
  const CobroBankMatch *first, *second;

  add_line (lines, "", "INV-2026-0007", 12000);
  g_strlcpy (add_line (lines, "", "INV-2026-0007", 12000)->date, "2026-11-19", COBRO_DATE_SIZE);
  matches = match (lines, targets);
  first = matches->pdata[1];
  second = matches->pdata[0];
  g_assert_cmpint (first->verdict, ==, COBRO_BANK_SURE);
  g_assert_cmpint (second->verdict, ==, COBRO_BANK_PROBABLE);
  g_assert_nonnull (find_reason (second->proposals->pdata[0], COBRO_BANK_OTHER_LINE));

  add_target (targets, "INV 2026 0007", "Otto", 12000); /* somebody else's, with the same number */
  g_ptr_array_unref (matches);
  g_ptr_array_set_size (lines, 1);
  matches = match (lines, targets);
  second = matches->pdata[0];
  g_assert_cmpint (second->verdict, ==, COBRO_BANK_PROBABLE);
  g_assert_true (second->unclear);
  g_assert_cmpuint (find_reason (second->proposals->pdata[0], COBRO_BANK_SEVERAL)->n, ==, 2);
}

/* What the bank took back is not proposed, and neither is what went out or is known. */
static void
test_verdicts (void)
{
  g_autoptr (GPtrArray) targets = example_targets ();
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) matches = NULL;
  guint8 known[6] = { 0, 0, 0, 0, 0, 1 };
  static const CobroBankVerdict verdicts[] = { COBRO_BANK_REVERSED, COBRO_BANK_SURE, COBRO_BANK_BACK,
                                               COBRO_BANK_OUT,      COBRO_BANK_OUT,  COBRO_BANK_KNOWN };
  CobroBankLine *line;

  set (&add_line (lines, "Ana", "INV-2026-0007", 12000)->end_to_end, "E1");
  set (&add_line (lines, "Ana", "INV-2026-0008", 8000)->end_to_end, "E2");
  line = add_line (lines, "", "returned", -12000);
  set (&line->end_to_end, "E1");
  line->reversal = TRUE;
  add_line (lines, "Landlord", "rent INV-2026-0009", -5000);
  add_line (lines, "Landlord", "rent returned", 5000)->reversal = TRUE;
  add_line (lines, "Carla", "INV-2026-0010", 5000);
  matches = cobro_bank_match (lines, known, targets);
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpint (((CobroBankMatch *)matches->pdata[i])->verdict, ==, verdicts[i]);
}

/* ── Names for ever ── */

static void
test_identity (void)
{
  g_autoptr (GPtrArray) lines = lines_new ();
  g_autoptr (GPtrArray) again = lines_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GHashTable) rests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_line (lines, "Ana", "thanks", 100);
  add_line (lines, "Ana", "thanks", 100);
  add_line (lines, "Ana", "thanks", 101);
  set (&add_line (lines, "Ana", "thanks", 100)->bank_reference, "B1");
  set (&add_line (lines, "Ana", "thanks", 100)->account, "DE1");
  add_line (again, "ana", "than ks", 100); /* the same in another file that breaks lines elsewhere */
  set (&add_line (again, "Anna", "other words", 100)->bank_reference, "B1");
  names = cobro_bank_line_names (lines);
  others = cobro_bank_line_names (again);
  g_assert_cmpstr (names->pdata[0], ==, others->pdata[0]);
  g_assert_cmpstr (names->pdata[3], ==, others->pdata[1]);
  for (guint i = 0; i < names->len; i++)
    for (guint part = 0; part < 3; part++)
      {
        CobroId id = cobro_bank_line_payment_id (names->pdata[i], part, 1000 * COBRO_SECOND);
        CobroId later = cobro_bank_line_payment_id (names->pdata[i], part, 2000 * COBRO_SECOND);
        CobroId parsed;

        g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, id.text, &parsed, NULL));
        g_assert_cmpint (cobro_id_time (&id), ==, 1000 * COBRO_SECOND);
        g_assert_cmpstr (cobro_bank_line_mark (&id), ==, cobro_bank_line_mark (&later));
        g_assert_true (g_hash_table_add (rests, g_strdup (cobro_bank_line_mark (&id))));
      }
}

static void
test_note (void)
{
  g_autoptr (GPtrArray) lines = lines_new ();
  CobroBankLine *line = add_line (lines, "Ana", "Invoice 7 · thanks", 100);
  g_autofree char *whole = NULL, *cut = NULL;

  set (&line->reference, "RF18539007547034");
  whole = cobro_bank_line_note (line, 200);
  cut = cobro_bank_line_note (line, 5);
  g_assert_cmpstr (whole, ==, "Ana · RF18539007547034 · Invoice 7 · thanks");
  g_assert_cmpstr (cut, ==, "Ana ·");
}

/* ── Any books, any statement ── */

static GPtrArray *
random_targets (CobroRandom *random, guint n)
{
  static const char *const people[] = { "Ana", "Bruno", "Carla Díaz", "Dora & Co", "Emil", "" };
  GPtrArray *targets = targets_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%s2026-%04u", cobro_random_below (random, 3) == 0 ? "INV-" : "",
                                                 (guint)cobro_random_below (random, n + 2));

      add_target (targets, number, people[cobro_random_below (random, G_N_ELEMENTS (people))],
                  (gint64)cobro_random_below (random, 5) * 1000 + 1000);
    }
  return targets;
}

static GPtrArray *
random_lines (CobroRandom *random, guint n, GPtrArray *targets)
{
  GPtrArray *lines = lines_new ();

  for (guint i = 0; i < n; i++)
    {
      const CobroBankTarget *target = targets->pdata[cobro_random_below (random, targets->len)];
      const CobroBankTarget *other = targets->pdata[cobro_random_below (random, targets->len)];
      g_autofree char *both = g_strjoin (" ", target->number, other->number, NULL);
      gint64 amount = (gint64)cobro_random_below (random, 8) * 1000 - 1000;
      CobroBankLine *line;

      line = add_line (lines, cobro_random_below (random, 2) ? target->name : "",
                       cobro_random_below (random, 3) == 0 ? both
                       : cobro_random_below (random, 3)    ? target->number
                                                           : "nothing to say",
                       amount);
      g_snprintf (line->date, sizeof line->date, "2026-11-%02u", (guint)cobro_random_below (random, 28) + 1);
      line->reversal = cobro_random_below (random, 10) == 0;
    }
  return lines;
}

/* Shares are of the line's currency, positive, of different targets, and come to the line's amount. */
static void
check_proposal (const CobroBankLine *line, const CobroBankProposal *proposal, GPtrArray *targets)
{
  CobroMoney sum = cobro_money_zero (cobro_money_currency (line->amount));

  g_assert_cmpuint (proposal->score, <=, 100);
  g_assert_cmpuint (proposal->shares->len, >, 0);
  for (guint i = 0; i < proposal->shares->len; i++)
    {
      const CobroBankShare *share = &g_array_index (proposal->shares, CobroBankShare, i);

      g_assert_cmpuint (share->target, <, targets->len);
      g_assert_true (cobro_money_is_positive (share->amount));
      g_assert_true (cobro_money_add (sum, share->amount, &sum, NULL));
      for (guint n = 0; n < i; n++)
        g_assert_cmpuint (share->target, !=, g_array_index (proposal->shares, CobroBankShare, n).target);
    }
  g_assert_true (cobro_money_equal (sum, line->amount));
}

/* Takes what is sure of a line from what is left of its targets: never more than that. */
static void
check_sure (const CobroBankMatch *found, gint64 *left)
{
  const CobroBankProposal *best = found->proposals->pdata[0];

  g_assert_true (best->sure);
  g_assert_false (found->unclear);
  for (guint i = 0; i < best->shares->len; i++)
    {
      const CobroBankShare *share = &g_array_index (best->shares, CobroBankShare, i);

      left[share->target] -= cobro_money_minor (share->amount);
      g_assert_cmpint (left[share->target], >=, 0);
    }
}

static void
check_statement (CobroRandom *random)
{
  g_autoptr (GPtrArray) targets = random_targets (random, 1 + (guint)cobro_random_below (random, 12));
  g_autoptr (GPtrArray) lines = random_lines (random, (guint)cobro_random_below (random, 12), targets);
  g_autoptr (GPtrArray) matches = match (lines, targets);
  g_autoptr (GPtrArray) again = match (lines, targets);
  g_autofree gint64 *left = g_new (gint64, targets->len);

  for (guint i = 0; i < targets->len; i++)
    left[i] = cobro_money_minor (((CobroBankTarget *)targets->pdata[i])->due);
  g_assert_cmpuint (matches->len, ==, lines->len);
  for (guint i = 0; i < lines->len; i++)
    {
      const CobroBankMatch *found = matches->pdata[i], *same = again->pdata[i];
      const CobroBankLine *line = lines->pdata[i];

      g_assert_cmpint (found->verdict, ==, same->verdict); /* the same question, the same answer */
      g_assert_cmpuint (found->proposals->len, <=, COBRO_BANK_PROPOSALS_MAX);
      g_assert_cmpint (found->proposals->len > 0, ==, found->verdict <= COBRO_BANK_PROBABLE);
      if (line->reversal || !cobro_money_is_positive (line->amount))
        g_assert_cmpint (found->verdict, >=, COBRO_BANK_REVERSED);
      for (guint n = 0; n < found->proposals->len; n++)
        check_proposal (line, found->proposals->pdata[n], targets);
      if (found->verdict == COBRO_BANK_SURE)
        check_sure (found, left);
    }
}

static void
test_any (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();

  for (guint i = 0; i < 3000; i++)
    check_statement (random);
}

/* A person may choose anything of the same currency. */
static void
test_choice (void)
{
  g_autoptr (GPtrArray) targets = example_targets ();
  g_autoptr (GPtrArray) lines = lines_new ();

  add_line (lines, "Zoe", "shoes", 99);
  for (guint i = 0; i < targets->len; i++)
    {
      g_autoptr (CobroBankProposal) proposal = cobro_bank_propose (lines->pdata[0], targets, i);

      g_assert_cmpint (proposal != NULL, ==, ((CobroBankTarget *)targets->pdata[i])->takes_parts);
      if (proposal == NULL)
        continue;
      check_proposal (lines->pdata[0], proposal, targets);
      g_assert_cmpuint (g_array_index (proposal->shares, CobroBankShare, 0).target, ==, i);
    }
  ((CobroBankLine *)lines->pdata[0])->amount = cobro_money (99, currency ("USD"));
  g_assert_null (cobro_bank_propose (lines->pdata[0], targets, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bank/names", test_names);
  g_test_add_func ("/bank/creditor-references", test_creditor_references);
  g_test_add_func ("/bank/examples", test_examples);
  g_test_add_func ("/bank/reasons", test_reasons);
  g_test_add_func ("/bank/references", test_references);
  g_test_add_func ("/bank/twice", test_twice);
  g_test_add_func ("/bank/verdicts", test_verdicts);
  g_test_add_func ("/bank/identity", test_identity);
  g_test_add_func ("/bank/note", test_note);
  g_test_add_func ("/bank/any", test_any);
  g_test_add_func ("/bank/choice", test_choice);
  return g_test_run ();
}
