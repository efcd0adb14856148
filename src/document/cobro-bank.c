/* src/document/cobro-bank.c — finds out what kind of statement a file is, and what all kinds share.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-bank-text.h"
#include "cobro-csv.h"
#include "cobro-error.h"
#include "cobro-words.h"

#include <string.h>

/* ── Texts ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_bank_set (char **field, const char *text, guint max)
{
  g_autofree char *line = cobro_clean_line (text);
  g_autoptr (GString) out = g_string_new (NULL);
  guint n = 0;

  for (const char *at = line; *at != '\0' && n < max; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) && (out->len == 0 || out->str[out->len - 1] == ' '))
        continue;
      g_string_append_unichar (out, g_unichar_isspace (c) ? ' ' : c);
      n++;
    }
  g_free (*field);
  *field = g_strdup (g_strchomp (out->str));
}

void
cobro_bank_append (char **field, const char *text, guint max)
{
  g_autofree char *both = g_strjoin (" ", *field, text, NULL);

  cobro_bank_set (field, both, max);
}

void
cobro_bank_set_reference (char **field, const char *text)
{
  static const char *const none[] = { "NOTPROVIDED", "NONREF", "NOREF", "NONE", "NA", "NOTAVAILABLE", "KREFNONREF" };
  g_autofree char *folded = cobro_bank_fold (text != NULL ? text : "");

  cobro_bank_set (field, text != NULL ? text : "", COBRO_BANK_REFERENCE_MAX);
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    if (folded[0] == '\0' || strcmp (folded, none[i]) == 0)
      cobro_bank_set (field, "", COBRO_BANK_REFERENCE_MAX);
}

/* ── Amounts and lines ──────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_bank_money (const char *decimal, CobroCurrency currency, CobroMoney *out_money, GError **error)
{
  g_autofree char *text = g_strdup (decimal);
  char *point = strchr (text, '.');
  gsize n = strlen (text), decimals = cobro_currency_exponent (currency);

  while (point != NULL && text + n - 1 > point && n > (gsize)(point - text) + 1 + decimals && text[n - 1] == '0')
    text[--n] = '\0';
  if (point != NULL && text + n - 1 == point)
    *point = '\0';
  return cobro_money_from_decimal (text, currency, out_money, error);
}

gboolean
cobro_bank_add (CobroBankFile *file, CobroBankLine *take_line, GError **error)
{
  g_autoptr (CobroBankLine) line = take_line;

  if (!cobro_money_check (line->amount, error))
    return cobro_bank_at_line (error, line->line);
  if (file->lines->len >= COBRO_BANK_LINES_MAX)
    return cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "has more than %d lines", COBRO_BANK_LINES_MAX);
  g_ptr_array_add (file->lines, g_steal_pointer (&line));
  return TRUE;
}

gboolean
cobro_bank_at_line (GError **error, guint line)
{
  g_prefix_error (error, "line %u: ", line);
  return FALSE;
}

/* ── Files ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_bank_file_free (CobroBankFile *file)
{
  if (file == NULL)
    return;
  g_ptr_array_unref (file->lines);
  g_free (file->unclear);
  g_free (file);
}

/* The first thing in it is a tag, in whichever of the encodings XML may have. */
static gboolean
looks_like_xml (GBytes *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);
  gsize at = n >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  if (n >= 4 && (memcmp (data, "\xFF\xFE<", 3) == 0 || memcmp (data, "\xFE\xFF\0<", 4) == 0))
    return TRUE;
  while (at < n && g_ascii_isspace (data[at]))
    at++;
  return at < n && data[at] == '<';
}

/* A line of it begins with :20: or, where that was lost, with :61:. */
static gboolean
looks_like_mt940 (const char *text)
{
  static const char *const tags[] = { ":20:", ":25:", ":61:" };

  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      const char *found = strstr (text, tags[i]);

      if (found != NULL && (found == text || found[-1] == '\n' || found[-1] == '\r' || found[-1] == ':'))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_text (CobroBankFile *file, GBytes *bytes, const CobroBankSetup *setup, GError **error)
{
  g_autofree char *text = cobro_csv_decode (bytes, error);

  if (text == NULL)
    return FALSE;
  if (text[strspn (text, " \t\r\n")] == '\0')
    return cobro_error_set (error, COBRO_ERROR_INVALID, "is empty");
  file->format = looks_like_mt940 (text) ? COBRO_BANK_MT940 : COBRO_BANK_CSV;
  return file->format == COBRO_BANK_MT940 ? cobro_bank_read_mt940 (file, text, error)
                                          : cobro_bank_read_csv (file, text, setup, error);
}

CobroBankFile *
cobro_bank_read (GBytes *bytes, const CobroBankSetup *setup, GError **error)
{
  g_autoptr (CobroBankFile) file = g_new0 (CobroBankFile, 1);
  gboolean read;

  file->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_bank_line_free);
  file->unclear = g_strdup ("");
  if (g_bytes_get_size (bytes) > COBRO_BANK_BYTES_MAX)
    {
      cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "has more than %d MiB", COBRO_BANK_BYTES_MAX / 1024 / 1024);
      return NULL;
    }
  read = looks_like_xml (bytes) ? cobro_bank_read_camt (file, bytes, error) : read_text (file, bytes, setup, error);
  return read ? g_steal_pointer (&file) : NULL;
}
