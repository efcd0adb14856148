/* src/document/cobro-bank-mt940.c — MT940, "Customer Statement Message" of SWIFT, as banks let merchants download it:
 * with or without its envelope, several statements in one file.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-error.h"

#include <string.h>

#define AMOUNT_MAX 15 /* characters of :61: subfield 5 */
#define TYPE_SIZE  4  /* "NTRF" */

typedef struct
{
  CobroBankFile *file;
  char *account;
  CobroCurrency currency; /* of the present statement */
  CobroBankLine *line;    /* (nullable) the last :61:, until what belongs to it is read */
  GString *value;         /* of the present tag */
  char tag[4];            /* "" before the first */
  guint at;               /* where it begins */
} Mt940;

/* ── Dates ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
two_digits (const char *text, int *out_number)
{
  if (!g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]))
    return FALSE;
  *out_number = (text[0] - '0') * 10 + text[1] - '0';
  return TRUE;
}

/* FALSE: there is no such day. */
static gboolean
day_of (int year, int month, int day, CobroDay *out_day)
{
  char text[COBRO_DATE_SIZE + 16];

  g_snprintf (text, sizeof text, "%04d-%02d-%02d", year, month, day);
  return cobro_day_from_text (text, out_day, NULL);
}

/* "261120" */
static gboolean
read_date (const char *text, CobroDay *out_day)
{
  int year, month, day;

  return two_digits (text, &year) && two_digits (text + 2, &month) && two_digits (text + 4, &day) &&
         day_of (year < 70 ? 2000 + year : 1900 + year, month, day, out_day);
}

/* "0102" beside a value date of 31 December is in the year after it: whichever year is nearest. */
static gboolean
read_entry_date (const char *text, CobroDay value, CobroDay *out_day)
{
  int month, day, year, other_month, other_day;
  gboolean found = FALSE;

  if (!two_digits (text, &month) || !two_digits (text + 2, &day))
    return FALSE;
  cobro_day_to_parts (value, &year, &other_month, &other_day);
  for (int near = year - 1; near <= year + 1; near++)
    {
      CobroDay candidate;

      if (!day_of (near, month, day, &candidate) || (found && ABS (candidate - value) >= ABS (*out_day - value)))
        continue;
      *out_day = candidate;
      found = TRUE;
    }
  return found;
}

/* ── Tags ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
refuse (Mt940 *self, GError **error, const char *why)
{
  g_autofree char *value = g_utf8_substring (self->value->str, 0, MIN (g_utf8_strlen (self->value->str, -1), 40));

  cobro_error_set (error, COBRO_ERROR_INVALID, ":%s: “%s” %s", self->tag, g_strdelimit (value, "\n", ' '), why);
  return cobro_bank_at_line (error, self->at);
}

static gboolean
finish_line (Mt940 *self, GError **error)
{
  return self->line == NULL || cobro_bank_add (self->file, g_steal_pointer (&self->line), error);
}

/* "C261120EUR1234,56": only the currency is of use. */
static gboolean
read_balance (Mt940 *self, GError **error)
{
  const char *text = self->value->str;
  char code[4] = "";

  if (strlen (text) < 11 || strchr ("CD", text[0]) == NULL)
    return refuse (self, error, "is no balance");
  g_strlcpy (code, text + 7, sizeof code);
  return cobro_currency_from_code (code, &self->currency, NULL) || refuse (self, error, "has no currency");
}

static gboolean
read_account (Mt940 *self, GError **error)
{
  self->value->str[strcspn (self->value->str, "\n")] = '\0';
  g_free (self->account);
  self->account = g_strdup (self->value->str);
  self->currency = COBRO_CURRENCY_NONE;
  return TRUE;
}

/* ── :61: ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* C and D as they are; R before them takes one back: RC went out, RD came in; E is only expected. */
static const char *
read_mark (const char *at, gboolean *out_out, gboolean *out_reversal, gboolean *out_expected)
{
  *out_reversal = *at == 'R';
  *out_expected = *at == 'E';
  if (*out_reversal || *out_expected)
    at++;
  if (*at != 'C' && *at != 'D')
    return NULL;
  *out_out = (*at == 'D') != *out_reversal;
  at++;
  return g_ascii_isalpha (*at) ? at + 1 : at; /* the third letter of the currency, which is known */
}

/* "1234,56"; the comma is always there. */
static const char *
read_amount (Mt940 *self, const char *at, CobroMoney *out_amount)
{
  gsize n = strspn (at, "0123456789,");
  char text[AMOUNT_MAX + 1];
  char *comma;

  if (n == 0 || n > AMOUNT_MAX || !g_ascii_isdigit (at[0]))
    return NULL;
  memcpy (text, at, n);
  text[n] = '\0';
  comma = strchr (text, ',');
  if (comma != NULL)
    *comma = '.';
  return cobro_bank_money (text, self->currency, out_amount, NULL) ? at + n : NULL;
}

/* The payer's reference, "//" the bank's, and more on a line of its own. */
static void
read_references (CobroBankLine *line, const char *at)
{
  g_auto (GStrv) lines = g_strsplit (at, "\n", 2);
  char *bank = lines[0] != NULL ? strstr (lines[0], "//") : NULL;

  if (lines[0] == NULL)
    return;
  if (bank != NULL)
    {
      *bank = '\0';
      cobro_bank_set_reference (&line->bank_reference, bank + 2);
    }
  cobro_bank_set_reference (&line->end_to_end, lines[0]);
  if (lines[1] != NULL)
    cobro_bank_set (&line->text, lines[1], COBRO_BANK_TEXT_MAX);
}

/* (nullable) what follows the dates. */
static const char *
read_dates (Mt940 *self, CobroBankLine *line)
{
  const char *at = self->value->str;
  CobroDay value, booked;

  if (strlen (at) < 6 || !read_date (at, &value))
    return NULL;
  booked = value;
  at += 6;
  if (strspn (at, "0123456789") >= 4)
    {
      if (!read_entry_date (at, value, &booked))
        return NULL;
      at += 4;
    }
  cobro_day_to_text (value, line->value_date);
  cobro_day_to_text (booked, line->date);
  return at;
}

static gboolean
read_line (Mt940 *self, GError **error)
{
  g_autoptr (CobroBankLine) line = cobro_bank_line_new ();
  gboolean out = FALSE, expected = FALSE;
  const char *at;

  if (self->currency == COBRO_CURRENCY_NONE)
    return refuse (self, error, "stands before the opening balance (:60F:), which says the currency");
  line->line = self->at;
  cobro_bank_set (&line->account, self->account, COBRO_BANK_REFERENCE_MAX);
  if ((at = read_dates (self, line)) == NULL)
    return refuse (self, error, "does not begin with a date");
  if ((at = read_mark (at, &out, &line->reversal, &expected)) == NULL)
    return refuse (self, error, "says neither C nor D behind the date");
  if ((at = read_amount (self, at, &line->amount)) == NULL)
    return refuse (self, error, "has no amount");
  if (out && !cobro_money_negate (line->amount, &line->amount, error))
    return cobro_bank_at_line (error, self->at);
  if (strlen (at) < TYPE_SIZE || !g_ascii_isalpha (at[0]))
    return refuse (self, error, "has no type behind the amount");
  read_references (line, at + TYPE_SIZE);
  if (expected)
    self->file->n_pending++;
  else
    self->line = g_steal_pointer (&line);
  return TRUE;
}

static gboolean
end_tag (Mt940 *self, GError **error)
{
  if (self->tag[0] == '\0')
    return TRUE;
  if (strcmp (self->tag, "86") == 0)
    {
      if (self->line != NULL)
        cobro_bank_read_details (self->line, self->value->str);
      return finish_line (self, error);
    }
  if (!finish_line (self, error))
    return FALSE;
  if (strcmp (self->tag, "25") == 0 || strcmp (self->tag, "25P") == 0)
    return read_account (self, error);
  if (strcmp (self->tag, "60F") == 0 || strcmp (self->tag, "60M") == 0)
    return read_balance (self, error);
  return strcmp (self->tag, "61") != 0 || read_line (self, error);
}

/* ── The file ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* ":61:…", ":60F:…"; returns what stands behind it, or NULL. */
static const char *
tag_of (const char *text, char out_tag[4])
{
  gsize n = 3;

  if (text[0] != ':' || !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[2]))
    return NULL;
  if (g_ascii_isupper (text[3]))
    n++;
  if (text[n] != ':')
    return NULL;
  memcpy (out_tag, text + 1, n - 1);
  out_tag[n - 1] = '\0';
  return text + n + 1;
}

/* What the network writes around a message. */
static gboolean
is_envelope (const char *text)
{
  return text[0] == '{' || strcmp (text, "-") == 0 || g_str_has_prefix (text, "-}");
}

static gboolean
take_text_line (Mt940 *self, const char *text, guint number, GError **error)
{
  char tag[4] = "";
  const char *value = is_envelope (text) ? "" : tag_of (text, tag);

  if (value == NULL)
    {
      if (self->tag[0] != '\0' && *text != '\0')
        g_string_append_printf (self->value, "\n%s", text);
      return TRUE;
    }
  if (!end_tag (self, error))
    return FALSE;
  memcpy (self->tag, tag, sizeof tag);
  g_string_assign (self->value, value);
  self->at = number;
  return TRUE;
}

gboolean
cobro_bank_read_mt940 (CobroBankFile *file, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) value = g_string_new (NULL);
  Mt940 self = { .file = file, .account = g_strdup (""), .value = value };
  gboolean read = TRUE;

  for (guint i = 0; read && lines[i] != NULL; i++)
    read = take_text_line (&self, g_strchomp (lines[i]), i + 1, error);
  read = read && end_tag (&self, error) && finish_line (&self, error);
  g_clear_pointer (&self.line, cobro_bank_line_free);
  g_free (self.account);
  return read;
}
