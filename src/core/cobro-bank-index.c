/* src/core/cobro-bank-index.c — what is open, found by number, amount and name.
 * Layer: core. Any thread. */
#include "cobro-bank-index.h"

#include <string.h>

#define NUMBER_MIN 3   /* characters that a number has at least to be looked for at all */
#define SURE_MIN   5   /* and to be no chance */
#define DIGITS_MIN 6   /* digits that do without the letters around them */
#define AMOUNT_MAX 200 /* targets of one amount that are looked at: of more, the amount says nothing */

/* ── Building ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
note (GHashTable *table, gpointer take_key, guint target)
{
  GArray *targets = g_hash_table_lookup (table, take_key);

  if (targets != NULL)
    g_free (take_key);
  else
    g_hash_table_insert (table, take_key, targets = g_array_new (FALSE, FALSE, sizeof (guint)));
  if (targets->len == 0 || g_array_index (targets, guint, targets->len - 1) != target)
    g_array_append_val (targets, target);
}

static void
note_length (CobroBankIndex *index, gsize n)
{
  for (guint i = 0; i < index->lengths->len; i++)
    if (g_array_index (index->lengths, gsize, i) == n)
      return;
  g_array_append_val (index->lengths, n);
}

static void
note_number (CobroBankIndex *index, GHashTable *table, const char *text, gsize least, guint target)
{
  g_autofree char *folded = cobro_bank_fold (text);
  gsize n = strlen (folded);

  if (n < least)
    return;
  note_length (index, n);
  note (table, g_steal_pointer (&folded), target);
}

/* "INV-2026-0007" is also "2026 0007". */
static void
note_digits (CobroBankIndex *index, const char *text, guint target)
{
  g_autofree char *folded = cobro_bank_fold (text);
  gsize n = strlen (folded), first = 0, digits;

  while (first < n && !g_ascii_isdigit (folded[first]))
    first++;
  digits = strspn (folded + first, "0123456789");
  if (first == 0 || digits < DIGITS_MIN || first + digits != n)
    return;
  note_length (index, digits);
  note (index->digits, g_strdup (folded + first), target);
}

static gint64 *
amount_key (CobroMoney money)
{
  gint64 *key = g_new (gint64, 1);

  *key = cobro_money_minor (money);
  return key;
}

static gint
compare_lengths (gconstpointer a, gconstpointer b)
{
  gsize left = *(const gsize *)a, right = *(const gsize *)b;

  return (left < right) - (left > right);
}

static GHashTable *
table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
}

CobroBankIndex *
cobro_bank_index_new (GPtrArray *targets)
{
  CobroBankIndex *index = g_new0 (CobroBankIndex, 1);

  *index = (CobroBankIndex){ .targets = targets,
                             .numbers = table_new (),
                             .digits = table_new (),
                             .orders = table_new (),
                             .amounts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                                               (GDestroyNotify)g_array_unref),
                             .names = table_new (),
                             .folded = g_ptr_array_new_with_free_func (g_free),
                             .lengths = g_array_new (FALSE, FALSE, sizeof (gsize)) };
  for (guint i = 0; i < targets->len; i++)
    {
      const CobroBankTarget *target = targets->pdata[i];
      char *name = cobro_bank_name_fold (target->name);

      g_ptr_array_add (index->folded, name);
      note_number (index, index->numbers, target->number, NUMBER_MIN, i);
      note_digits (index, target->number, i);
      note_number (index, index->orders, target->order, SURE_MIN, i);
      note (index->amounts, amount_key (target->due), i);
      if (cobro_money_is_set (target->part))
        note (index->amounts, amount_key (target->part), i);
      if (*name != '\0')
        note (index->names, g_strdup (name), i);
    }
  g_array_sort (index->lengths, compare_lengths);
  return index;
}

void
cobro_bank_index_free (CobroBankIndex *index)
{
  if (index == NULL)
    return;
  g_hash_table_unref (index->numbers);
  g_hash_table_unref (index->digits);
  g_hash_table_unref (index->orders);
  g_hash_table_unref (index->amounts);
  g_hash_table_unref (index->names);
  g_ptr_array_unref (index->folded);
  g_array_unref (index->lengths);
  g_free (index);
}

/* ── Naming ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
raise_naming (GHashTable *named, const GArray *targets, CobroBankNaming naming)
{
  for (guint i = 0; targets != NULL && i < targets->len; i++)
    {
      gpointer key = GUINT_TO_POINTER (g_array_index (targets, guint, i));

      if (GPOINTER_TO_INT (g_hash_table_lookup (named, key)) < (int)naming)
        g_hash_table_insert (named, key, GINT_TO_POINTER (naming));
    }
}

/* What stands at one place of the text: the longest number wins, so that 2026-0001 is not found in 2026-0001-2.
 * Returns how many bytes it has, or 0. */
static gsize
name_at (CobroBankIndex *index, const CobroBankText *text, gsize at, gsize left, GHashTable *named)
{
  char piece[256];

  for (guint i = 0; i < index->lengths->len; i++)
    {
      gsize n = g_array_index (index->lengths, gsize, i);
      GArray *numbers, *digits, *orders;

      if (n > left || n >= sizeof piece || !cobro_bank_text_fits (text, at, n))
        continue;
      memcpy (piece, text->folded + at, n);
      piece[n] = '\0';
      numbers = g_hash_table_lookup (index->numbers, piece);
      digits = g_hash_table_lookup (index->digits, piece);
      orders = g_hash_table_lookup (index->orders, piece);
      raise_naming (named, numbers, n < SURE_MIN ? COBRO_BANK_NAMES_SHORT : COBRO_BANK_NAMES_NUMBER);
      raise_naming (named, digits, COBRO_BANK_NAMES_NUMBER);
      raise_naming (named, orders, COBRO_BANK_NAMES_ORDER);
      if (numbers != NULL || digits != NULL || orders != NULL)
        return n;
    }
  return 0;
}

static void
name_by_reference (CobroBankIndex *index, const char *reference, GHashTable *named)
{
  g_autofree char *number = cobro_bank_creditor_reference (reference);

  if (number == NULL)
    return;
  raise_naming (named, g_hash_table_lookup (index->numbers, number), COBRO_BANK_NAMES_REFERENCE);
  raise_naming (named, g_hash_table_lookup (index->digits, number), COBRO_BANK_NAMES_REFERENCE);
}

/* "RF18 5390 0754 7034" in what the payer wrote, with blanks or without. */
static void
name_by_references (CobroBankIndex *index, const CobroBankText *text, GHashTable *named)
{
  const char *at = text->folded;

  while ((at = strstr (at, "RF")) != NULL)
    {
      gsize from = (gsize)(at - text->folded), left = strlen (at);

      for (gsize n = 5; n <= MIN (left, 25) && g_array_index (text->starts, guint8, from); n++)
        if (g_array_index (text->starts, guint8, from + n))
          {
            g_autofree char *piece = g_strndup (at, n);

            name_by_reference (index, piece, named);
          }
      at += 2;
    }
}

GHashTable *
cobro_bank_index_named (CobroBankIndex *index, const CobroBankLook *look)
{
  GHashTable *named = g_hash_table_new (NULL, NULL);
  gsize n = strlen (look->text->folded);

  for (gsize at = 0; at < n;)
    at += MAX (name_at (index, look->text, at, n - at, named), 1);
  name_by_references (index, look->text, named);
  return named;
}

/* ── Candidates ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
add_all (GHashTable *to, const GArray *targets, guint most)
{
  if (targets == NULL || targets->len > most)
    return;
  for (guint i = 0; i < targets->len; i++)
    g_hash_table_add (to, GUINT_TO_POINTER (g_array_index (targets, guint, i)));
}

GArray *
cobro_bank_index_of_name (CobroBankIndex *index, const char *name)
{
  return *name != '\0' ? g_hash_table_lookup (index->names, name) : NULL;
}

GHashTable *
cobro_bank_index_candidates (CobroBankIndex *index, const CobroBankLook *look, GHashTable *named)
{
  GHashTable *candidates = g_hash_table_new (NULL, NULL);
  gint64 amount = cobro_money_minor (look->line->amount);
  GHashTableIter each;
  gpointer key;

  g_hash_table_iter_init (&each, named);
  while (g_hash_table_iter_next (&each, &key, NULL))
    g_hash_table_add (candidates, key);
  add_all (candidates, g_hash_table_lookup (index->amounts, &amount), AMOUNT_MAX);
  add_all (candidates, cobro_bank_index_of_name (index, look->name), AMOUNT_MAX);
  return candidates;
}

static gboolean
is_only_amount (CobroBankIndex *index, const CobroBankTarget *target)
{
  gint64 due = cobro_money_minor (target->due);
  const GArray *same = g_hash_table_lookup (index->amounts, &due);
  guint n = 0;

  for (guint i = 0; same != NULL && i < same->len && n < 2; i++)
    {
      const CobroBankTarget *other = index->targets->pdata[g_array_index (same, guint, i)];

      n += cobro_money_currency (other->due) == cobro_money_currency (target->due) ? 1 : 0;
    }
  return n == 1;
}

CobroBankFit
cobro_bank_index_fit (CobroBankIndex *index, guint target, CobroBankNaming naming)
{
  char *name = index->folded->pdata[target];
  const GArray *of_name = cobro_bank_index_of_name (index, name);

  return (CobroBankFit){ .target = index->targets->pdata[target],
                         .index = target,
                         .name = name,
                         .naming = naming,
                         .only_amount = is_only_amount (index, index->targets->pdata[target]),
                         .only_of_name = of_name != NULL && of_name->len == 1 };
}
