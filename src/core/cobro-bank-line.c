/* src/core/cobro-bank-line.c — a line of an account statement, as a value.
 * Layer: core. Any thread. */
#include "cobro-bank-line.h"

#include <string.h>

#define MARK_DIGITS 16 /* of an id: what is not time */

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

CobroBankLine *
cobro_bank_line_new (void)
{
  CobroBankLine *line = g_new0 (CobroBankLine, 1);

  line->account = g_strdup ("");
  line->name = g_strdup ("");
  line->other_account = g_strdup ("");
  line->reference = g_strdup ("");
  line->end_to_end = g_strdup ("");
  line->bank_reference = g_strdup ("");
  line->text = g_strdup ("");
  return line;
}

void
cobro_bank_line_free (CobroBankLine *line)
{
  if (line == NULL)
    return;
  g_free (line->account);
  g_free (line->name);
  g_free (line->other_account);
  g_free (line->reference);
  g_free (line->end_to_end);
  g_free (line->bank_reference);
  g_free (line->text);
  g_free (line);
}

/* ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Capitals without blanks: formats break lines at other places. Ends with a mark, so that members cannot run together.
 */
static void
append_member (GString *name, const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_isspace (c))
        g_string_append_unichar (name, g_unichar_toupper (c));
    }
  g_string_append_c (name, '\x1f');
}

static char *
plain_name (const CobroBankLine *line)
{
  GString *name = g_string_new (NULL);

  append_member (name, line->account);
  append_member (name, line->date);
  g_string_append_printf (name, "%" G_GINT64_FORMAT "%s%s\x1f", cobro_money_minor (line->amount),
                          cobro_money_code (line->amount), line->reversal ? "R" : "");
  append_member (name, line->bank_reference);
  append_member (name, line->end_to_end);
  if (line->bank_reference[0] != '\0')
    return g_string_free (name, FALSE);
  append_member (name, line->reference);
  append_member (name, line->name);
  append_member (name, line->text);
  return g_string_free (name, FALSE);
}

GPtrArray *
cobro_bank_line_names (GPtrArray *lines)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < lines->len; i++)
    {
      char *plain = plain_name (lines->pdata[i]);
      guint nth = GPOINTER_TO_UINT (g_hash_table_lookup (seen, plain)) + 1;

      g_ptr_array_add (names, g_strdup_printf ("%s%u", plain, nth));
      g_hash_table_insert (seen, plain, GUINT_TO_POINTER (nth));
    }
  return names;
}

/* Five bits from @bit on, as a digit of ids. */
static char
digit_of (const guint8 *bytes, guint bit)
{
  guint value = 0;

  for (guint i = bit; i < bit + 5; i++)
    value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1u);
  return crockford[value];
}

CobroId
cobro_bank_line_payment_id (const char *name, guint part, CobroTime now)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *which = g_strdup_printf ("\x1f%u", part);
  CobroId id = cobro_id_at (COBRO_ID_PAYMENT, now);
  char *to = id.text + strlen (id.text) - MARK_DIGITS;
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (sum, (const guchar *)name, -1);
  g_checksum_update (sum, (const guchar *)which, -1);
  g_checksum_get_digest (sum, digest, &n);
  for (guint digit = 0; digit < MARK_DIGITS; digit++)
    to[digit] = digit_of (digest, digit * 5);
  return id;
}

const char *
cobro_bank_line_mark (const CobroId *payment_id)
{
  gsize n = strlen (payment_id->text);

  return n < MARK_DIGITS ? payment_id->text : payment_id->text + n - MARK_DIGITS;
}

char *
cobro_bank_line_note (const CobroBankLine *line, guint max)
{
  const char *const parts[] = { line->name, line->reference, line->text, line->end_to_end };
  g_autoptr (GString) note = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i][0] != '\0' && strstr (note->str, parts[i]) == NULL)
      g_string_append_printf (note, "%s%s", note->len > 0 ? " · " : "", parts[i]);
  return g_utf8_strlen (note->str, -1) > (glong)max ? g_utf8_substring (note->str, 0, max) : g_strdup (note->str);
}
