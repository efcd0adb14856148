/* src/document/cobro-bank-details.c — :86: of MT940, which every country fills in its own way: numbered sub-fields
 * (Germany, Austria, Poland: "166?00GUTSCHRIFT?20SVWZ+…?32NAME"), words between strokes (Netherlands:
 * "/NAME/…/REMI/…"), or just text. Layer: document. Any thread. */
#include "cobro-bank-private.h"

#include <string.h>

#define FULL 27 /* characters of a sub-field: a longer text goes on in the next one, in the middle of a word */

/* ── Words with a plus: what is in ?20 to ?29 ───────────────────────────────────────────────────────────────────── */

/* The identifiers of the German banks' agreement on remittance (DFÜ, annex 3). */
static const char *const words[] = { "EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "COAM+", "OAMT+",
                                     "SVWZ+", "ABWA+", "ABWE+", "IBAN+", "BIC+",  "PURP+" };

static const char *
next_word (const char *text, gsize *out_n)
{
  const char *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *found = strstr (text, words[i]);

      if (found == NULL || (first != NULL && found >= first))
        continue;
      first = found;
      *out_n = strlen (words[i]);
    }
  return first;
}

static void
take_word (CobroBankLine *line, const char *word, const char *value)
{
  if (g_str_has_prefix (word, "SVWZ"))
    cobro_bank_append (&line->text, value, COBRO_BANK_TEXT_MAX);
  else if (g_str_has_prefix (word, "EREF"))
    cobro_bank_set_reference (&line->end_to_end, value);
  else if (g_str_has_prefix (word, "ABWA") && *value != '\0') /* paid for somebody else */
    cobro_bank_set (&line->name, value, COBRO_BANK_NAME_MAX);
}

static void
take_purpose (CobroBankLine *line, const char *purpose)
{
  gsize n = 0;
  const char *at = next_word (purpose, &n);
  g_autofree char *before = g_strndup (purpose, at != NULL ? (gsize)(at - purpose) : strlen (purpose));

  cobro_bank_append (&line->text, before, COBRO_BANK_TEXT_MAX);
  while (at != NULL)
    {
      const char *value = at + n;
      gsize next_n = 0;
      const char *next = next_word (value, &next_n);
      g_autofree char *piece = g_strndup (value, next != NULL ? (gsize)(next - value) : strlen (value));

      take_word (line, at, g_strstrip (piece));
      at = next;
      n = next_n;
    }
}

/* ── Numbered sub-fields ────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_field (const char *at, char mark)
{
  return at[0] == mark && g_ascii_isdigit (at[1]) && g_ascii_isdigit (at[2]);
}

/* "166?": a code of three digits and what separates; '\0': it is not of this kind. */
static char
mark_of (const char *text)
{
  if (!g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[2]))
    return '\0';
  return text[3] != '\0' && strchr ("?~<>^@", text[3]) != NULL && is_field (text + 3, text[3]) ? text[3] : '\0';
}

static void
append_piece (GString *to, const char *piece)
{
  g_string_append (to, piece);
  if (g_utf8_strlen (piece, -1) < FULL)
    g_string_append_c (to, ' ');
}

static void
read_numbered (CobroBankLine *line, const char *text, char mark)
{
  g_autoptr (GString) purpose = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *kind = NULL;

  for (const char *at = text + 3; is_field (at, mark);)
    {
      int number = (at[1] - '0') * 10 + at[2] - '0';
      const char *value = at + 3, *end = value;
      g_autofree char *piece = NULL;

      while (*end != '\0' && !is_field (end, mark))
        end++;
      piece = g_strndup (value, (gsize)(end - value));
      if ((number >= 20 && number <= 29) || (number >= 60 && number <= 63))
        append_piece (purpose, piece);
      else if (number == 32 || number == 33)
        append_piece (name, piece);
      else if (number == 31)
        cobro_bank_set_reference (&line->other_account, piece);
      else if (number == 0 && kind == NULL)
        kind = g_steal_pointer (&piece);
      at = end;
    }
  cobro_bank_set (&line->name, name->str, COBRO_BANK_NAME_MAX);
  take_purpose (line, purpose->str);
  if (line->text[0] == '\0' && kind != NULL)
    cobro_bank_set (&line->text, kind, COBRO_BANK_TEXT_MAX);
}

/* ── Words between strokes ──────────────────────────────────────────────────────────────────────────────────────── */

/* Where a word of four letters between strokes begins, at or behind @text. */
static const char *
next_stroke (const char *text)
{
  for (; (text = strchr (text, '/')) != NULL; text++)
    if (strncmp (text, "/BIC/", 5) == 0 || (strspn (text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 4 && text[5] == '/'))
      return text;
  return NULL;
}

static void
take_stroke (CobroBankLine *line, const char *word, char *value)
{
  if (g_str_has_prefix (word, "/NAME/"))
    cobro_bank_set (&line->name, value, COBRO_BANK_NAME_MAX);
  else if (g_str_has_prefix (word, "/REMI/") || g_str_has_prefix (word, "/USTD/") || g_str_has_prefix (word, "/STRD/"))
    cobro_bank_append (&line->text, g_strdelimit (value, "/", ' '), COBRO_BANK_TEXT_MAX);
  else if (g_str_has_prefix (word, "/EREF/"))
    cobro_bank_set_reference (&line->end_to_end, value);
  else if (g_str_has_prefix (word, "/IBAN/"))
    cobro_bank_set_reference (&line->other_account, value);
  else if (g_str_has_prefix (word, "/CNTP/")) /* account, bank, name, town */
    {
      g_auto (GStrv) parts = g_strsplit (value, "/", 4);

      cobro_bank_set_reference (&line->other_account, parts[0] != NULL ? parts[0] : "");
      if (g_strv_length (parts) > 2)
        cobro_bank_set (&line->name, parts[2], COBRO_BANK_NAME_MAX);
    }
}

static void
read_strokes (CobroBankLine *line, const char *text)
{
  for (const char *at = next_stroke (text); at != NULL;)
    {
      const char *value = strchr (at + 1, '/') + 1, *next = next_stroke (value);
      g_autofree char *piece = g_strndup (value, next != NULL ? (gsize)(next - value) : strlen (value));

      take_stroke (line, at, g_strstrip (piece));
      at = next;
    }
}

/* ── The field ──────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_bank_read_details (CobroBankLine *line, const char *details)
{
  g_auto (GStrv) lines = g_strsplit (details, "\n", -1);
  g_autofree char *joined = g_strjoinv ("", lines), *spaced = g_strjoinv (" ", lines);
  char mark = mark_of (joined);

  if (mark != '\0')
    read_numbered (line, joined, mark);
  else if (strstr (joined, "/REMI/") != NULL || strstr (joined, "/NAME/") != NULL || strstr (joined, "/CNTP/") != NULL)
    read_strokes (line, joined);
  else if (strstr (joined, "SVWZ+") != NULL)
    take_purpose (line, joined);
  else
    cobro_bank_append (&line->text, spaced, COBRO_BANK_TEXT_MAX);
}
