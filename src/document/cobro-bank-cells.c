/* src/document/cobro-bank-cells.c — dates and amounts as banks write them into tables.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-bank-text.h"
#include "cobro-error.h"

#include <string.h>

/* (transfer full) with digits of every script as ASCII, and signs as these. */
static char *
plain (const char *cell)
{
  GString *out = g_string_new (NULL);

  for (; *cell != '\0'; cell = g_utf8_next_char (cell))
    {
      gunichar c = g_utf8_get_char (cell);
      int digit = g_unichar_digit_value (c);

      if (digit >= 0)
        g_string_append_c (out, (char)('0' + digit));
      else if (c == 0x2212 || c == 0x2013)
        g_string_append_c (out, '-');
      else if (c == 0x066B) /* Arabic decimal separator, and the one of thousands */
        g_string_append_c (out, ',');
      else if (c == 0x066C)
        g_string_append_c (out, '.');
      else if (c != 0x200E && c != 0x200F && c != 0x061C)
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

/* ── Dates ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The beginnings of months' names, by month. */
static int
month_of (const char *word)
{
  static const char *const months[12] = { "JAN|ENE|JANV", "FEB|FEV",     "MAR|MRZ|MAER", "APR|ABR|AVR",
                                          "MAY|MAI",      "JUN|JUIN",    "JUL|JUIL",     "AUG|AGO|AOU",
                                          "SEP|SET|SEPT", "OCT|OKT|OUT", "NOV",          "DEC|DIC|DEZ" };
  g_autofree char *folded = cobro_bank_fold (word);

  for (int month = 0; month < 12; month++)
    {
      g_auto (GStrv) names = g_strsplit (months[month], "|", -1);

      for (guint i = 0; names[i] != NULL; i++)
        if (g_str_has_prefix (folded, names[i]))
          return month + 1;
    }
  return 0;
}

/* "20261120" */
static gboolean
split_compact (const char *text, CobroBankDateCell *date)
{
  if (strspn (text, "0123456789") != 8 || text[8] != '\0')
    return FALSE;
  for (int i = 0, from = 0; i < 3; i++)
    {
      int n = i == 0 ? 4 : 2;

      for (; n > 0; n--)
        date->parts[i] = date->parts[i] * 10 + text[from++] - '0';
    }
  date->year_first = TRUE;
  return TRUE;
}

static gboolean
take_part (CobroBankDateCell *date, int i, const char *word)
{
  gsize n = strspn (word, "0123456789");

  if (n == 0)
    {
      date->parts[i] = month_of (word);
      date->month_named = TRUE;
      return i == 1 && date->parts[i] > 0;
    }
  if (n > 4 || (n == 3) || word[n] != '\0')
    return FALSE;
  date->parts[i] = (int)g_ascii_strtoll (word, NULL, 10);
  if (n == 4)
    date->year_first = i == 0;
  return n <= 2 || i == 0 || i == 2;
}

gboolean
cobro_bank_split_date (const char *cell, CobroBankDateCell *out_date)
{
  g_autofree char *text = plain (cell);
  g_auto (GStrv) words = NULL;
  int n = 0;

  *out_date = (CobroBankDateCell){ .dotted = strchr (text, '.') != NULL };
  if (strlen (text) > 10 && text[10] == 'T')
    text[10] = '\0';
  if (split_compact (text, out_date))
    return TRUE;
  words = g_strsplit_set (text, "./- ", -1);
  for (guint i = 0; words[i] != NULL && n < 3; i++)
    if (words[i][0] != '\0' && !take_part (out_date, n++, words[i]))
      return FALSE;
  if (n == 3 && !out_date->year_first && out_date->parts[2] < 100)
    out_date->parts[2] += 2000;
  return n == 3;
}

gboolean
cobro_bank_date_of (const CobroBankDateCell *cell, CobroBankOrder order, char out_date[COBRO_DATE_SIZE])
{
  gboolean month_first = order == COBRO_BANK_MONTH_FIRST && !cell->year_first && !cell->month_named && !cell->dotted;
  int year = cell->parts[cell->year_first ? 0 : 2], month = cell->parts[month_first ? 0 : 1];
  int day = cell->year_first ? cell->parts[2] : cell->parts[month_first ? 1 : 0];
  char text[64];
  CobroDay found;

  g_snprintf (text, sizeof text, "%04d-%02d-%02d", year, month, day);
  if (!cobro_day_from_text (text, &found, NULL))
    return FALSE;
  cobro_day_to_text (found, out_date);
  return TRUE;
}

/* ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a cell says besides its digits. */
typedef struct
{
  GString *number; /* digits, points and commas */
  gboolean out;    /* minus before or behind, brackets, or a letter */
  CobroCurrency currency;
} Cell;

/* "EUR", "€", "S", "CR" … FALSE: a word that no amount has. */
static gboolean
take_word (Cell *cell, const char *word)
{
  static const char *const outs[] = { "S", "D", "DR", "DB" }, *const ins[] = { "H", "C", "CR", "HABEN" };
  static const struct
  {
    const char *sign, *code;
  } signs[] = { { "€", "EUR" },   { "£", "GBP" },  { "¥", "JPY" }, { "$", "" },
                { "US$", "USD" }, { "R$", "BRL" }, { "₹", "INR" }, { "MX$", "MXN" } };

  if (cobro_currency_from_code (word, &cell->currency, NULL))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strcmp (word, signs[i].sign) == 0)
      return signs[i].code[0] == '\0' || cobro_currency_from_code (signs[i].code, &cell->currency, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (outs); i++)
    {
      cell->out = cell->out || strcmp (word, outs[i]) == 0;
      if (strcmp (word, outs[i]) == 0 || strcmp (word, ins[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_in_number (char c)
{
  return g_ascii_isdigit (c) || c == '.' || c == ',';
}

/* FALSE: there is something in it that no amount has. */
static gboolean
take_apart (const char *text, Cell *out_cell)
{
  g_autofree char *cell = plain (text);
  g_autoptr (GString) word = g_string_new (NULL);
  gboolean good = TRUE;

  for (const char *at = cell;; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean in_number = is_in_number (*at), spacing = c == '\'' || c == 0x2019 || g_unichar_isspace (c);

      if (word->len > 0 && (c == 0 || in_number || spacing || strchr ("+-()", (int)*at) != NULL))
        {
          good = good && take_word (out_cell, word->str);
          g_string_truncate (word, 0);
        }
      if (c == 0)
        return good;
      if (in_number)
        g_string_append_c (out_cell->number, *at);
      else if (*at == '-' || *at == '(')
        out_cell->out = TRUE;
      else if (!spacing && *at != '+' && *at != ')')
        g_string_append_unichar (word, c);
    }
}

void
cobro_bank_count_decimals (CobroBankDecimals *decimals, const char *text)
{
  g_autoptr (GString) number = g_string_new (NULL);
  Cell cell = { .number = number };
  const char *point, *comma, *last;

  if (!take_apart (text, &cell))
    return;
  point = strrchr (number->str, '.');
  comma = strrchr (number->str, ',');
  if (point == NULL && comma == NULL)
    return;
  last = comma == NULL || (point != NULL && point > comma) ? point : comma;
  if (point != NULL && comma != NULL) /* the last of two is the decimal one */
    last == point ? decimals->points++ : decimals->commas++;
  else if (strchr (number->str, *last) != last) /* one of several groups */
    *last == '.' ? decimals->commas++ : decimals->points++;
  else if (strlen (last + 1) != 3 || number->str[0] == '0')
    *last == '.' ? decimals->points++ : decimals->commas++;
  else
    *last == '.' ? decimals->maybe_points++ : decimals->maybe_commas++;
}

/* Groups of three, or of two where the last one has three (India). */
static gboolean
groups_are_good (const char *number, char group, gsize n)
{
  gsize since = 0;
  gboolean any = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      if (number[i] != group)
        {
          since++;
          continue;
        }
      if (since == 0 || since > 3 || (any && since < 2))
        return FALSE;
      since = 0;
      any = TRUE;
    }
  return !any || (since == 3 && number[0] != '0');
}

gboolean
cobro_bank_amount_of (const char *text, char decimal, CobroCurrency currency, CobroMoney *out_amount, GError **error)
{
  g_autoptr (GString) number = g_string_new (NULL);
  g_autoptr (GString) digits = g_string_new (NULL);
  Cell cell = { .number = number, .currency = currency };
  gboolean good = take_apart (text, &cell);
  const char *point = strrchr (number->str, decimal);
  gsize n = point != NULL ? (gsize)(point - number->str) : number->len;

  *out_amount = cobro_money_zero (cell.currency);
  if (good && number->len == 0)
    return TRUE;
  if (!good || !groups_are_good (number->str, decimal == '.' ? ',' : '.', n) ||
      strchr (number->str, decimal) != point || (point != NULL && strpbrk (point + 1, ".,") != NULL))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "“%s” is no amount", text);
  for (gsize i = 0; i < n; i++)
    if (g_ascii_isdigit (number->str[i]))
      g_string_append_c (digits, number->str[i]);
  if (digits->len == 0)
    g_string_append_c (digits, '0');
  if (point != NULL)
    g_string_append_printf (digits, ".%s", point + 1);
  if (cell.currency == COBRO_CURRENCY_NONE)
    return cobro_error_set (error, COBRO_ERROR_CURRENCY, "“%s” is of no currency that is said", text);
  if (!cobro_bank_money (digits->str, cell.currency, out_amount, NULL))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "“%s” is no amount in %s", text,
                            cobro_currency_code (cell.currency));
  return !cell.out || cobro_money_negate (*out_amount, out_amount, error);
}

/* ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_one_of (const char *cell, const char *const *words)
{
  g_autofree char *folded = cobro_bank_fold (cell);

  for (; *words != NULL; words++)
    if (strcmp (folded, *words) == 0)
      return TRUE;
  return FALSE;
}

gboolean
cobro_bank_says_debit (const char *cell)
{
  static const char *const words[] = { "S",           "D",     "DR",         "DB",     "DEBIT", "DBIT",
                                       "SOLL",        "CARGO", "DEBE",       "DEBITO", "OUT",   "-",
                                       "LASTSCHRIFT", "SAIDA", "WITHDRAWAL", "مدين",   "سحب",   NULL };

  return strcmp (cell, "-") == 0 || is_one_of (cell, words);
}

gboolean
cobro_bank_says_pending (const char *cell)
{
  static const char *const words[] = { "PENDING",   "PENDIENTE",    "VORGEMERKT", "UMSATZVORGEMERKT",
                                       "ENATTENTE", "AVENIR",       "PENDENTE",   "REVERTED",
                                       "DECLINED",  "FAILED",       "CANCELLED",  "CANCELED",
                                       "RECHAZADO", "CANCELADO",    "ANULADO",    "UMSATZVORGEMERKTUNDNICHTGEBUCHT",
                                       "معلق",      "قيد الانتظار", NULL };

  return is_one_of (cell, words);
}
