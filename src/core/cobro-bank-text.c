/* src/core/cobro-bank-text.c — what payers write, made comparable.
 * Layer: core. Any thread. */
#include "cobro-bank-text.h"

#include <string.h>

#define SHORT 5 /* a number of fewer characters must stand alone */

/* ── Letters and digits ─────────────────────────────────────────────────────────────────────────────────────────── */

/* Capitals without accents, in compatibility form: "é" is "E", "ﬁ" is "FI", "１" is "1". */
static char *
spell_out (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *plain = g_utf8_casefold (apart, -1);

  return g_utf8_strup (plain, -1);
}

CobroBankText *
cobro_bank_text_new (const char *text)
{
  CobroBankText *self = g_new0 (CobroBankText, 1);
  g_autofree char *spelt = spell_out (text);
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GString) word = g_string_new (NULL);
  guint8 apart = TRUE;

  self->starts = g_array_new (FALSE, FALSE, 1);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (const char *at = spelt;; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gsize before = folded->len;

      if (g_unichar_ismark (c))
        continue;
      if (!g_unichar_isalnum (c))
        {
          if (word->len > 0)
            g_hash_table_add (self->words, g_strdup (word->str));
          g_string_truncate (word, 0);
          apart = TRUE;
          if (c == 0)
            break;
          continue;
        }
      g_string_append_unichar (folded, c);
      g_string_append_unichar (word, c);
      for (; before < folded->len; before++, apart = FALSE)
        g_array_append_val (self->starts, apart);
    }
  g_array_append_val (self->starts, apart);
  self->folded = g_strdup (folded->str);
  return self;
}

void
cobro_bank_text_free (CobroBankText *text)
{
  if (text == NULL)
    return;
  g_free (text->folded);
  g_array_unref (text->starts);
  g_hash_table_unref (text->words);
  g_free (text);
}

char *
cobro_bank_fold (const char *text)
{
  g_autoptr (CobroBankText) folded = cobro_bank_text_new (text);

  return g_steal_pointer (&folded->folded);
}

/* Two characters that belong together: digits of one number; where @strict also letters of one word. */
static gboolean
cuts (const CobroBankText *text, gsize at, gboolean strict)
{
  if (at == 0 || at >= text->starts->len - 1 || g_array_index (text->starts, guint8, at))
    return FALSE;
  return strict || (g_ascii_isdigit (text->folded[at - 1]) && g_ascii_isdigit (text->folded[at]));
}

gboolean
cobro_bank_text_fits (const CobroBankText *text, gsize at, gsize n)
{
  return !cuts (text, at, n < SHORT) && !cuts (text, at + n, n < SHORT);
}

/* ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What stands on one paper and not on the other. */
static gboolean
says_nothing (const char *word)
{
  static const char *const fillers[] = { "GMBH", "MBH",  "UG",  "AG",   "KG",   "OHG", "EK",   "SL",   "SLU",  "SA",
                                         "SAS",  "SARL", "SRL", "SPA",  "BV",   "NV",  "LTD",  "LLC",  "INC",  "CORP",
                                         "PLC",  "LTDA", "LDA", "CV",   "SASU", "CO",  "THE",  "HERR", "FRAU", "MR",
                                         "MRS",  "MS",   "DR",  "SR",   "SRA",  "DON", "DONA", "UND",  "AND",  "Y",
                                         "ET",   "E",    "OR",  "ODER", "DE",   "DI",  "DA",   "LA",   "EL",   "PTY" };

  for (gsize i = 0; i < G_N_ELEMENTS (fillers); i++)
    if (strcmp (fillers[i], word) == 0)
      return TRUE;
  return FALSE;
}

/* "MUELLER" and "MULLER" are one name. */
static char *
join_umlauts (const char *word)
{
  GString *out = g_string_new (NULL);

  for (; *word != '\0'; word++)
    if (*word != 'E' || out->len == 0 || strchr ("AOU", out->str[out->len - 1]) == NULL)
      g_string_append_c (out, *word);
  return g_string_free (out, FALSE);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char *
cobro_bank_name_fold (const char *name)
{
  g_autofree char *joined = NULL;
  g_autoptr (GString) dotless = g_string_new (name);
  g_autoptr (CobroBankText) text = NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter each;
  gpointer word;

  g_string_replace (dotless, ".", "", 0); /* S.L. is SL, Ana's is ANAS */
  g_string_replace (dotless, "'", "", 0);
  g_string_replace (dotless, "’", "", 0);
  text = cobro_bank_text_new (dotless->str);
  g_hash_table_iter_init (&each, text->words);
  while (g_hash_table_iter_next (&each, &word, NULL))
    if (!says_nothing (word))
      g_ptr_array_add (words, join_umlauts (word));
  g_ptr_array_sort (words, compare_words);
  g_ptr_array_add (words, NULL);
  joined = g_strjoinv (" ", (char **)words->pdata);
  return g_steal_pointer (&joined);
}

/* Whether every word of @few is one of @many; @few has two at least. */
static gboolean
is_part_of (char **few, char **many)
{
  if (g_strv_length (few) < 2)
    return FALSE;
  for (guint i = 0; few[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)many, few[i]))
      return FALSE;
  return TRUE;
}

/* Twice the pairs of neighbours that both have, by all there are, in thousandths (Dice's coefficient of bigrams). */
static guint
pairs_in_common (const char *a, const char *b)
{
  g_autoptr (GHashTable) pairs = g_hash_table_new (NULL, NULL);
  guint common = 0, all = 0;

  for (gsize i = 0; a[i] != '\0' && a[i + 1] != '\0'; i++, all++)
    {
      gpointer pair = GUINT_TO_POINTER ((guint)(guint8)a[i] << 8 | (guint8)a[i + 1]);

      g_hash_table_insert (pairs, pair, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (pairs, pair)) + 1));
    }
  for (gsize i = 0; b[i] != '\0' && b[i + 1] != '\0'; i++, all++)
    {
      gpointer pair = GUINT_TO_POINTER ((guint)(guint8)b[i] << 8 | (guint8)b[i + 1]);
      guint left = GPOINTER_TO_UINT (g_hash_table_lookup (pairs, pair));

      if (left == 0)
        continue;
      common++;
      g_hash_table_insert (pairs, pair, GUINT_TO_POINTER (left - 1));
    }
  return all == 0 ? 0 : 2000 * common / all;
}

guint
cobro_bank_name_likeness (const char *a, const char *b)
{
  g_auto (GStrv) ours = NULL;
  g_auto (GStrv) theirs = NULL;

  if (*a == '\0' || *b == '\0')
    return 0;
  if (strcmp (a, b) == 0)
    return 1000;
  ours = g_strsplit (a, " ", -1);
  theirs = g_strsplit (b, " ", -1);
  return is_part_of (ours, theirs) || is_part_of (theirs, ours) ? 1000 : MIN (pairs_in_common (a, b), 999);
}

/* ── References ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* ISO 7064 MOD 97-10 over the reference with its first four characters moved to the end; letters count 10 … 35. */
static guint
remainder_of (const char *folded)
{
  gsize n = strlen (folded);
  guint rest = 0;

  for (gsize i = 0; i < n; i++)
    {
      char c = folded[(i + 4) % n];
      guint value = g_ascii_isdigit (c) ? (guint)(c - '0') : (guint)(c - 'A') + 10;

      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
  return rest;
}

char *
cobro_bank_creditor_reference (const char *text)
{
  g_autofree char *folded = cobro_bank_fold (text);
  gsize n = strlen (folded);

  if (n < 5 || n > 25 || !g_str_has_prefix (folded, "RF") || !g_ascii_isdigit (folded[2]) ||
      !g_ascii_isdigit (folded[3]) || strspn (folded, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != n)
    return NULL;
  return remainder_of (folded) == 1 ? g_strdup (folded + 4) : NULL;
}
