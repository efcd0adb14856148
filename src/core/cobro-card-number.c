/* src/core/cobro-card-number.c — finds card numbers in text: digits are collected in rows, and every part of a row that
 * could be a number is put to the Luhn check. Layer: core. Any thread. */
#include "cobro-card-number.h"

#include <string.h>

#define DIGITS_MIN 12
#define DIGITS_MAX 19
#define ROW_MAX    64 /* what is longer is looked at in pieces that overlap */
#define GAP_MAX    6  /* characters between two digits of one number */

/* Digits with at most GAP_MAX characters between two of them. */
typedef struct
{
  guint8 digits[ROW_MAX];
  gboolean touches[ROW_MAX + 1]; /* whether a letter, or a digit, stands directly before digit i (or after the last) */
  guint n;
  guint gap;          /* characters since the last digit */
  gboolean in_letter; /* the last character was a letter */
  gboolean found;
} Row;

/* How the numbers of the schemes begin (ISO/IEC 7812 issuer ranges), by their first six digits, and how long they are.
 */
static const struct
{
  guint from, to;
  guint shortest, longest;
} schemes[] = {
  { 222100, 272099, 16, 16 },                             /* Mastercard */
  { 300000, 305999, 14, 16 },                             /* Diners */
  { 309500, 309599, 14, 16 }, { 340000, 349999, 15, 15 }, /* American Express */
  { 352800, 358999, 16, 19 },                             /* JCB */
  { 360000, 369999, 14, 19 }, { 370000, 379999, 15, 15 }, { 380000, 399999, 14, 19 },
  { 400000, 499999, 16, 16 },                                                         /* Visa */
  { 400000, 499999, 13, 13 }, { 400000, 499999, 19, 19 }, { 500000, 509999, 16, 19 }, /* Maestro, Verve */
  { 510000, 559999, 16, 16 }, { 560000, 589999, 16, 19 }, { 601100, 601199, 16, 19 }, /* Discover */
  { 620000, 629999, 16, 19 },                                                         /* UnionPay */
  { 630000, 639999, 16, 19 }, { 644000, 659999, 16, 19 }, { 670000, 679999, 16, 19 },
};

static gboolean
passes_luhn (const guint8 *digits, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    {
      guint digit = digits[n - 1 - i];

      if (i % 2 == 1)
        digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
      sum += digit;
    }
  return sum % 10 == 0;
}

static gboolean
is_of_scheme (const guint8 *digits, guint n)
{
  guint first = 0;

  for (guint i = 0; i < 6; i++)
    first = 10 * first + digits[i];
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (first >= schemes[i].from && first <= schemes[i].to && n >= schemes[i].shortest && n <= schemes[i].longest)
      return TRUE;
  return FALSE;
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
look_at_row (Row *row)
{
  for (guint from = 0; from + DIGITS_MIN <= row->n; from++)
    for (guint n = DIGITS_MIN; n <= DIGITS_MAX && from + n <= row->n; n++)
      {
        gboolean stands_alone = !row->touches[from] && !row->touches[from + n];

        if (passes_luhn (row->digits + from, n) && (stands_alone || is_of_scheme (row->digits + from, n)))
          row->found = TRUE;
      }
}

static void
row_end (Row *row)
{
  row->touches[row->n] = row->in_letter && row->gap == 1;
  look_at_row (row);
  row->n = 0;
  row->gap = 0;
}

/* The row is full: its end stays, as the beginning of the next. */
static void
row_shift (Row *row)
{
  guint kept = DIGITS_MAX;

  row->touches[row->n] = row->gap == 0; /* the digit that has come stands directly behind */
  look_at_row (row);
  memmove (row->digits, row->digits + row->n - kept, kept * sizeof row->digits[0]);
  memmove (row->touches, row->touches + row->n - kept, kept * sizeof row->touches[0]);
  row->n = kept;
}

static void
row_add (Row *row, guint digit)
{
  if (row->n == ROW_MAX)
    row_shift (row);
  row->touches[row->n] = row->n > 0 ? row->gap == 0 : row->in_letter;
  row->digits[row->n++] = (guint8)digit;
  row->gap = 0;
  row->in_letter = FALSE;
}

static void
row_note (Row *row, gboolean is_letter)
{
  row->gap++;
  row->in_letter = is_letter;
  if (row->n > 0 && (is_letter || row->gap > GAP_MAX))
    row_end (row);
}

/* ── Characters ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* @n hexadecimal digits at @at; -1 when they are not that. */
static int
read_hex (const char *at, const char *end, guint n)
{
  int value = 0;

  for (guint i = 0; i < n; i++)
    {
      if (at + i >= end || !g_ascii_isxdigit (at[i]))
        return -1;
      value = 16 * value + g_ascii_xdigit_value (at[i]);
    }
  return value;
}

/* The character that stands at *@at, which moves behind it; bytes that are not UTF-8 count as themselves. */
static gunichar
next_character (const char **at, const char *end)
{
  const char *here = *at;
  gunichar c;
  int code;

  if (here[0] == '\\' && here + 1 < end && here[1] == 'u' && (code = read_hex (here + 2, end, 4)) >= 0)
    {
      *at = here + 6;
      return (gunichar)code;
    }
  if (here[0] == '%' && (code = read_hex (here + 1, end, 2)) >= 0)
    {
      *at = here + 3;
      return (gunichar)code;
    }
  c = g_utf8_get_char_validated (here, end - here);
  if (c == (gunichar)-1 || c == (gunichar)-2)
    {
      *at = here + 1;
      return (guchar)here[0];
    }
  *at = g_utf8_next_char (here);
  return c;
}

gboolean
cobro_card_number_is_in (const char *text, gssize length)
{
  const char *end = text + (length >= 0 ? (gsize)length : strlen (text));
  Row row = { .n = 0 };

  for (const char *at = text; at < end && !row.found;)
    {
      gunichar c = next_character (&at, end);
      int digit = g_unichar_digit_value (c);

      if (digit >= 0)
        row_add (&row, (guint)digit);
      else
        row_note (&row, g_unichar_isalpha (c));
    }
  row_note (&row, FALSE);
  if (row.n > 0)
    row_end (&row);
  memset (row.digits, 0, sizeof row.digits);
  return row.found;
}
