/* src/document/cobro-bank-csv.c — the tables that banks call CSV: where the names of the columns stand, what separates
 * cells and decimals, and which way dates are written is found in the file.
 * Layer: document. Any thread. */
#include "cobro-bank-private.h"
#include "cobro-csv.h"
#include "cobro-error.h"

#include <string.h>

#define PREAMBLE_MAX 60 /* lines above the names: account, period, balance */

typedef struct
{
  CobroBankFile *file;
  const CobroBankSetup *setup;
  GHashTable *names; /* cobro_bank_column_names() */
  CobroCsv *csv;
  int at[COBRO_BANK_N_COLUMNS]; /* where each stands; -1: nowhere */
  GArray *texts;                /* (element-type int) all columns of words */
  CobroCurrency currency;       /* of the column of amounts, or of the setup */
  char decimal;
  CobroBankOrder order;
} Table;

/* ── The names of the columns ───────────────────────────────────────────────────────────────────────────────────── */

static void
forget_columns (Table *table)
{
  for (guint i = 0; i < COBRO_BANK_N_COLUMNS; i++)
    table->at[i] = -1;
  g_array_set_size (table->texts, 0);
  table->currency = table->setup->currency;
}

/* The first column that is called so counts, but for words, of which all do. */
static void
find_columns (Table *table, char **names)
{
  forget_columns (table);
  for (int i = 0; names[i] != NULL; i++)
    {
      CobroBankColumn column;
      CobroCurrency currency;

      if (!cobro_bank_column_of (table->names, names[i], &column, &currency))
        continue;
      if (column == COBRO_BANK_TEXT)
        g_array_append_val (table->texts, i);
      if (table->at[column] >= 0)
        continue;
      table->at[column] = i;
      if (currency != COBRO_CURRENCY_NONE && column >= COBRO_BANK_AMOUNT && column <= COBRO_BANK_CREDIT)
        table->currency = currency;
    }
  if (table->at[COBRO_BANK_DATE] < 0)
    table->at[COBRO_BANK_DATE] = table->at[COBRO_BANK_VALUE_DATE];
}

static gboolean
is_complete (const Table *table)
{
  return table->at[COBRO_BANK_DATE] >= 0 && (table->at[COBRO_BANK_AMOUNT] >= 0 || table->at[COBRO_BANK_CREDIT] >= 0);
}

/* Whether one line of the file, cut at @separator, names the columns. */
static gboolean
names_columns (Table *table, const char *line, gsize n, char separator)
{
  g_autofree char *text = g_strndup (line, n);
  g_autoptr (CobroCsv) csv = memchr (line, separator, n) ? cobro_csv_parse_text (text, separator, 1, NULL) : NULL;

  if (csv == NULL)
    return FALSE;
  find_columns (table, csv->rows->pdata[0]);
  return is_complete (table);
}

/* FALSE: nowhere near the beginning. */
static gboolean
find_names (Table *table, const char *text, const char **out_at, char *out_separator, guint *out_line)
{
  static const char separators[] = { ';', ',', '\t', '|' };
  const char *at = text;

  for (guint line = 1; line <= PREAMBLE_MAX && *at != '\0'; line++)
    {
      gsize n = strcspn (at, "\r\n");

      for (gsize i = 0; i < G_N_ELEMENTS (separators); i++)
        if (names_columns (table, at, n, separators[i]))
          {
            *out_at = at;
            *out_separator = separators[i];
            *out_line = line;
            return TRUE;
          }
      at += n;
      at += at[0] == '\r' && at[1] == '\n' ? 2 : at[0] != '\0' ? 1 : 0;
    }
  return FALSE;
}

/* ── Cells ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
cell_of (const Table *table, guint row, CobroBankColumn column)
{
  char **cells = table->csv->rows->pdata[row];

  return table->at[column] < 0 ? "" : cells[table->at[column]];
}

static const char *
name_of (const Table *table, CobroBankColumn column)
{
  return cell_of (table, 0, column);
}

static guint
line_of (const Table *table, guint row)
{
  return g_array_index (table->csv->lines, guint, row);
}

static gboolean
refuse (const Table *table, guint row, CobroBankColumn column, GError **error)
{
  g_prefix_error (error, "%s: ", name_of (table, column));
  return cobro_bank_at_line (error, line_of (table, row));
}

/* Sums, balances and remarks below the table: no date stands in their first place. */
static gboolean
is_remark (const Table *table, guint row)
{
  return strpbrk (cell_of (table, row, COBRO_BANK_DATE), "0123456789") == NULL &&
         g_str_is_ascii (cell_of (table, row, COBRO_BANK_DATE));
}

/* ── How numbers and dates are written here ─────────────────────────────────────────────────────────────────────── */

static void
find_decimal (Table *table)
{
  static const CobroBankColumn columns[] = { COBRO_BANK_AMOUNT, COBRO_BANK_DEBIT, COBRO_BANK_CREDIT };
  CobroBankDecimals found = { 0 };

  for (guint row = 1; row < table->csv->rows->len; row++)
    for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
      cobro_bank_count_decimals (&found, cell_of (table, row, columns[i]));
  if (found.points != found.commas)
    table->decimal = found.points > found.commas ? '.' : ',';
  else if (cobro_currency_exponent (table->currency) == 3)
    table->decimal = found.maybe_commas > 0 ? ',' : '.';
  else /* three digits behind it everywhere: groups */
    table->decimal = found.maybe_points > 0 ? ',' : '.';
}

/* 13/04/2026 tells for the whole table. FALSE: both ways were found, which cannot be; or, with @unclear set, none. */
static gboolean
find_order (Table *table, GError **error)
{
  guint days = 0, months = 0;
  const char *unclear = NULL;

  for (guint row = 1; row < table->csv->rows->len; row++)
    {
      const char *cell = cell_of (table, row, COBRO_BANK_DATE);
      CobroBankDateCell date;

      if (is_remark (table, row) || !cobro_bank_split_date (cell, &date) || date.year_first || date.month_named ||
          date.dotted)
        continue;
      days += date.parts[0] > 12 ? 1 : 0;
      months += date.parts[1] > 12 ? 1 : 0;
      if (date.parts[0] != date.parts[1])
        unclear = cell;
    }
  if (days > 0 && months > 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "%s: some dates begin with the day, others with the month",
                            name_of (table, COBRO_BANK_DATE));
  table->order = days > 0 ? COBRO_BANK_DAY_FIRST : months > 0 ? COBRO_BANK_MONTH_FIRST : table->setup->order;
  if (table->order == COBRO_BANK_ORDER_UNKNOWN && unclear != NULL)
    {
      g_free (table->file->unclear);
      table->file->unclear = g_strdup (unclear);
    }
  return TRUE;
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_date (const Table *table, guint row, CobroBankColumn column, char out_date[COBRO_DATE_SIZE], GError **error)
{
  const char *cell = cell_of (table, row, column);
  CobroBankDateCell date;

  if (cobro_bank_split_date (cell, &date) && cobro_bank_date_of (&date, table->order, out_date))
    return TRUE;
  cobro_error_set (error, COBRO_ERROR_INVALID, "“%s” is no date", cell);
  return refuse (table, row, column, error);
}

static gboolean
read_cell (const Table *table, guint row, CobroBankColumn column, CobroCurrency currency, CobroMoney *out_amount,
           GError **error)
{
  return cobro_bank_amount_of (cell_of (table, row, column), table->decimal, currency, out_amount, error) ||
         refuse (table, row, column, error);
}

static gboolean
make_negative (CobroMoney *amount, GError **error)
{
  return cobro_money_is_negative (*amount) || cobro_money_negate (*amount, amount, error);
}

/* One column with a sign, one with a word beside it, or one for each direction. */
static gboolean
read_amount (const Table *table, guint row, CobroCurrency currency, CobroMoney *out_amount, GError **error)
{
  CobroMoney credit = COBRO_MONEY_NONE, debit = COBRO_MONEY_NONE;

  if (table->at[COBRO_BANK_AMOUNT] >= 0)
    {
      if (!read_cell (table, row, COBRO_BANK_AMOUNT, currency, out_amount, error))
        return FALSE;
      return !cobro_bank_says_debit (cell_of (table, row, COBRO_BANK_SIDE)) || make_negative (out_amount, error);
    }
  if (!read_cell (table, row, COBRO_BANK_CREDIT, currency, &credit, error) ||
      !read_cell (table, row, COBRO_BANK_DEBIT, currency, &debit, error))
    return FALSE;
  if (!cobro_money_is_zero (credit) && !cobro_money_is_zero (debit))
    {
      cobro_error_set (error, COBRO_ERROR_INVALID, "stands beside an amount in %s", name_of (table, COBRO_BANK_DEBIT));
      return refuse (table, row, COBRO_BANK_CREDIT, error);
    }
  *out_amount = cobro_money_is_zero (debit) ? credit : debit;
  return cobro_money_is_zero (debit) || make_negative (out_amount, error);
}

static gboolean
read_currency (const Table *table, guint row, CobroCurrency *out_currency, GError **error)
{
  const char *code = cell_of (table, row, COBRO_BANK_CURRENCY);

  *out_currency = table->currency;
  if (*code == '\0')
    return TRUE;
  if (strcmp (code, "€") == 0)
    code = "EUR";
  return cobro_currency_from_code (code, out_currency, error) || refuse (table, row, COBRO_BANK_CURRENCY, error);
}

static void
read_words (const Table *table, guint row, CobroBankLine *line)
{
  char **cells = table->csv->rows->pdata[row];

  cobro_bank_set (&line->account, cell_of (table, row, COBRO_BANK_OWN_ACCOUNT), COBRO_BANK_REFERENCE_MAX);
  cobro_bank_set (&line->name, cell_of (table, row, COBRO_BANK_PAYER), COBRO_BANK_NAME_MAX);
  cobro_bank_set_reference (&line->other_account, cell_of (table, row, COBRO_BANK_OTHER_ACCOUNT));
  cobro_bank_set_reference (&line->reference, cell_of (table, row, COBRO_BANK_CREDITOR_REFERENCE));
  cobro_bank_set_reference (&line->end_to_end, cell_of (table, row, COBRO_BANK_END_TO_END));
  cobro_bank_set_reference (&line->bank_reference, cell_of (table, row, COBRO_BANK_BANK_REFERENCE));
  for (guint i = 0; i < table->texts->len; i++)
    cobro_bank_append (&line->text, cells[g_array_index (table->texts, int, i)], COBRO_BANK_TEXT_MAX);
}

static gboolean
read_row (const Table *table, guint row, GError **error)
{
  g_autoptr (CobroBankLine) line = cobro_bank_line_new ();
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  if (cobro_bank_says_pending (cell_of (table, row, COBRO_BANK_STATE)))
    {
      table->file->n_pending++;
      return TRUE;
    }
  line->line = line_of (table, row);
  if (!read_date (table, row, COBRO_BANK_DATE, line->date, error) || !read_currency (table, row, &currency, error) ||
      !read_amount (table, row, currency, &line->amount, error))
    return FALSE;
  if (*cell_of (table, row, COBRO_BANK_VALUE_DATE) != '\0' &&
      !read_date (table, row, COBRO_BANK_VALUE_DATE, line->value_date, error))
    return FALSE;
  if (cobro_money_is_zero (line->amount))
    return TRUE;
  read_words (table, row, line);
  return cobro_bank_add (table->file, g_steal_pointer (&line), error);
}

static gboolean
read_rows (Table *table, GError **error)
{
  find_decimal (table);
  if (!find_order (table, error))
    return FALSE;
  if (table->file->unclear[0] != '\0')
    return TRUE;
  for (guint row = 1; row < table->csv->rows->len; row++)
    if (!is_remark (table, row) && !read_row (table, row, error))
      return FALSE;
  return TRUE;
}

gboolean
cobro_bank_read_csv (CobroBankFile *file, const char *text, const CobroBankSetup *setup, GError **error)
{
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GHashTable) names = cobro_bank_column_names ();
  Table table = { .file = file, .setup = setup, .names = names, .texts = texts };
  const char *at = NULL;
  char separator = ',';
  guint line = 1;
  gboolean read;

  if (!find_names (&table, text, &at, &separator, &line))
    return cobro_error_set (error, COBRO_ERROR_INVALID,
                            "has no line with the names of the columns: a date and an amount are needed");
  table.csv = cobro_csv_parse_text (at, separator, line, error);
  read = table.csv != NULL && read_rows (&table, error);
  g_clear_pointer (&table.csv, cobro_csv_free);
  return read;
}
