/* tests/fuzz/fuzz-bank.c — any file as an account statement: what is read keeps the rules of lines, is the same when it
 * is read again, has names of its own, and is matched without an invoice being asked for more than is due.
 * Layer: tests. */
#include "cobro-bank.h"
#include "cobro-bank-match.h"
#include "cobro-text.h"
#include "fuzz-replay.h"

static void
check_text (const char *text, guint max)
{
  g_assert_true (cobro_text_check (text, max, COBRO_TEXT_LINE, "text", NULL));
}

static void
check_line (const CobroBankLine *line)
{
  g_autofree char *note = cobro_bank_line_note (line, 200);
  CobroDay day;

  g_assert_true (cobro_day_from_text (line->date, &day, NULL));
  g_assert_true (line->value_date[0] == '\0' || cobro_day_from_text (line->value_date, &day, NULL));
  g_assert_true (cobro_money_is_set (line->amount));
  g_assert_true (cobro_money_check (line->amount, NULL));
  check_text (line->account, 100);
  check_text (line->name, 140);
  check_text (line->other_account, 100);
  check_text (line->reference, 100);
  check_text (line->end_to_end, 100);
  check_text (line->bank_reference, 100);
  check_text (line->text, 1000);
  check_text (note, 200);
}

static GPtrArray *
targets_new (void)
{
  static const char *const numbers[] = { "2026-0007", "INV-2026-0008", "7", "539007547034" };
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_target_free);
  CobroCurrency euro = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &euro, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      CobroBankTarget *target = cobro_bank_target_new ();

      g_free (target->number);
      target->number = g_strdup (numbers[i]);
      target->due = cobro_money ((gint64)(i + 1) * 1000, euro);
      target->takes_parts = TRUE;
      g_ptr_array_add (targets, target);
    }
  return targets;
}

static void
check_matches (GPtrArray *lines)
{
  g_autoptr (GPtrArray) targets = targets_new ();
  g_autofree guint8 *known = g_new0 (guint8, lines->len + 1);
  g_autoptr (GPtrArray) matches = cobro_bank_match (lines, known, targets);
  gint64 taken[4] = { 0 };

  for (guint i = 0; i < matches->len; i++)
    {
      const CobroBankMatch *match = matches->pdata[i];
      const CobroBankProposal *best = match->verdict == COBRO_BANK_SURE ? match->proposals->pdata[0] : NULL;

      for (guint n = 0; best != NULL && n < best->shares->len; n++)
        {
          const CobroBankShare *share = &g_array_index (best->shares, CobroBankShare, n);

          taken[share->target] += cobro_money_minor (share->amount);
          g_assert_cmpint (taken[share->target], <=, (gint64)(share->target + 1) * 1000);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  CobroBankSetup setup = { .order = COBRO_BANK_DAY_FIRST };
  g_autoptr (CobroBankFile) file = NULL;
  g_autoptr (CobroBankFile) again = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) other_names = NULL;

  g_assert_true (cobro_currency_from_code ("EUR", &setup.currency, NULL));
  file = cobro_bank_read (bytes, &setup, NULL);
  if (file == NULL)
    return 0;
  again = cobro_bank_read (bytes, &setup, NULL);
  names = cobro_bank_line_names (file->lines);
  other_names = cobro_bank_line_names (again->lines);
  g_assert_cmpuint (file->lines->len, ==, again->lines->len);
  for (guint i = 0; i < file->lines->len; i++)
    {
      check_line (file->lines->pdata[i]);
      g_assert_cmpstr (names->pdata[i], ==, other_names->pdata[i]);
      for (guint n = 0; n < i && file->lines->len < 100; n++)
        g_assert_cmpstr (names->pdata[i], !=, names->pdata[n]);
    }
  check_matches (file->lines);
  return 0;
}
