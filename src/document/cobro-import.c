/* src/document/cobro-import.c — finds the columns of a file, reads what stands in a cell, and keeps the reasons.
 * Layer: document. Any thread. */
#include "cobro-import-private.h"
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-text.h"

#include <string.h>

static const CobroImportReader *
reader_of (CobroImportKind kind)
{
  switch (kind)
    {
    case COBRO_IMPORT_INVOICES:
      return &cobro_import_invoices;
    case COBRO_IMPORT_CUSTOMERS:
      return &cobro_import_customers;
    case COBRO_IMPORT_PRODUCTS:
      return &cobro_import_products;
    case COBRO_IMPORT_LINKS:
      return &cobro_import_links;
    }
  g_return_val_if_reached (NULL);
}

/* ── Reasons ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
problem_free (CobroImportProblem *problem)
{
  g_free (problem->column);
  g_free (problem->reason);
  g_free (problem);
}

static void
note_problem (CobroImport *import, guint line, const char *column, const char *reason)
{
  CobroImportProblem *problem;

  import->n_problems++;
  if (import->problems->len >= COBRO_IMPORT_PROBLEMS_MAX)
    return;
  problem = g_new (CobroImportProblem, 1);
  *problem = (CobroImportProblem){ line, g_strdup (column), g_strdup (reason) };
  g_ptr_array_add (import->problems, problem);
}

/* As the file calls it, else as we do. */
static const char *
name_of (const CobroImportRow *row, int column)
{
  if (column < 0)
    return "";
  return row->at[column] >= 0 ? row->names[row->at[column]] : row->columns[column].name;
}

gboolean
cobro_import_refuse (CobroImportRow *row, int column, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  note_problem (row->import, row->line, name_of (row, column), reason);
  return FALSE;
}

gboolean
cobro_import_refuse_as (CobroImportRow *row, const char *prefix, const GError *fault)
{
  const char *path = cobro_error_get_path (fault);

  if (path == NULL)
    return cobro_import_refuse (row, -1, "%s", fault->message);
  if (g_str_has_prefix (path, prefix))
    path += strlen (prefix);
  for (guint i = 0; i < row->n; i++)
    if (g_str_equal (row->columns[i].path, path))
      return cobro_import_refuse (row, (int)i, "%s", fault->message);
  return cobro_import_refuse (row, -1, "%s: %s", path, fault->message);
}

/* ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
cobro_import_next (CobroImportRow *row, const CobroCsv *csv, guint i)
{
  const CobroImportSetup *setup = row->setup;

  if (i >= csv->rows->len || g_cancellable_is_cancelled (setup->cancellable))
    return FALSE;
  row->cells = csv->rows->pdata[i];
  row->line = g_array_index (csv->lines, guint, i);
  if (setup->rows_done != NULL)
    g_atomic_int_set (setup->rows_done, i);
  return TRUE;
}

void
cobro_import_check_once (CobroImportRow *row, GHashTable *seen, int column, char *take_key)
{
  gpointer line;

  if (g_hash_table_lookup_extended (seen, take_key, NULL, &line))
    {
      cobro_import_refuse (row, column, "stands on line %u already", GPOINTER_TO_UINT (line));
      g_free (take_key);
    }
  else
    g_hash_table_insert (seen, take_key, GUINT_TO_POINTER (row->line));
}

/* ── Cells ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *
cobro_import_cell (const CobroImportRow *row, guint column)
{
  return row->at[column] >= 0 ? row->cells[row->at[column]] : "";
}

gboolean
cobro_import_has (const CobroImportRow *row, guint column)
{
  return row->at[column] >= 0;
}

gboolean
cobro_import_get_text (CobroImportRow *row, guint column, char **field)
{
  cobro_link_set_text (field, cobro_import_cell (row, column));
  return TRUE;
}

gboolean
cobro_import_get_bool (CobroImportRow *row, guint column, gboolean fallback, gboolean *out_value)
{
  static const char *const yes[] = { "yes", "y", "true", "1", "x", "si", "s", "verdadero", NULL };
  static const char *const no[] = { "no", "n", "false", "0", "falso", NULL };
  g_autofree char *ascii = g_str_to_ascii (cobro_import_cell (row, column), "C");
  g_autofree char *word = g_ascii_strdown (ascii, -1);

  if (word[0] == '\0')
    *out_value = fallback;
  else if (g_strv_contains (yes, word) || g_strv_contains (no, word))
    *out_value = g_strv_contains (yes, word);
  else
    return cobro_import_refuse (row, (int)column, "“%s” must be yes or no", cobro_import_cell (row, column));
  return TRUE;
}

/* "3/4/2026" is the third of April but in the United States; 31.12.2026 and 2026-12-31 are the same everywhere. */
static gboolean
parse_date (const char *text, gboolean month_first, char out_date[COBRO_DATE_SIZE])
{
  g_auto (GStrv) parts = g_strsplit_set (text, "-./", -1);
  guint64 number[3];
  gboolean year_first;
  guint day, month;
  gint64 year;

  if (g_strv_length (parts) != 3)
    return FALSE;
  for (int i = 0; i < 3; i++)
    if (strlen (parts[i]) > 4 || !g_ascii_string_to_unsigned (parts[i], 10, 1, 9999, &number[i], NULL))
      return FALSE;
  year_first = strlen (parts[0]) == 4;
  if (!year_first && strlen (parts[2]) != 4)
    return FALSE;
  month_first = month_first && strchr (text, '/') != NULL;
  year = (gint64)number[year_first ? 0 : 2];
  month = (guint)number[year_first ? 1 : month_first ? 0 : 1];
  day = (guint)number[year_first ? 2 : month_first ? 1 : 0];
  if (year < 1970 || month > 12 || day > 31)
    return FALSE;
  g_snprintf (out_date, COBRO_DATE_SIZE, "%04u-%02u-%02u", (guint)year % 10000, month % 100, day % 100);
  return cobro_text_check_date (out_date, NULL, NULL);
}

gboolean
cobro_import_get_date (CobroImportRow *row, guint column, char out_date[COBRO_DATE_SIZE])
{
  const char *text = cobro_import_cell (row, column);
  gboolean month_first = g_str_equal (row->setup->merchant->seller.address.country, "US");

  out_date[0] = '\0';
  if (text[0] == '\0' || parse_date (text, month_first, out_date))
    return TRUE;
  out_date[0] = '\0';
  return cobro_import_refuse (row, (int)column, "“%s” must be a date such as 2026-02-28", text);
}

gboolean
cobro_import_get_time (CobroImportRow *row, guint column, gboolean whole_day, CobroTime *out_time)
{
  const char *text = cobro_import_cell (row, column);
  char date[COBRO_DATE_SIZE];
  CobroDay day;

  *out_time = 0;
  if (text[0] == '\0' || (strchr (text, 'T') != NULL && cobro_time_from_text (text, out_time, NULL)))
    return TRUE;
  if (!cobro_import_get_date (row, column, date) || !cobro_day_from_text (date, &day, NULL))
    return FALSE;
  *out_time = cobro_day_begins_at (day + (whole_day ? 1 : 0), row->setup->merchant->time_zone);
  return TRUE;
}

gboolean
cobro_import_get_currency (CobroImportRow *row, guint column, CobroCurrency *out_currency)
{
  const char *cell = cobro_import_cell (row, column);
  g_autofree char *code = g_ascii_strup (cell[0] != '\0' ? cell : row->setup->merchant->currency, -1);

  if (code[0] == '\0')
    return cobro_import_refuse (row, (int)column, "is required, as you have no currency of your own yet");
  return cobro_currency_from_code (code, out_currency, NULL) ||
         cobro_import_refuse (row, (int)column, "“%s” is no currency that one can pay with", code);
}

/* Zeros behind as many decimals as there can be say nothing. */
static char *
without_zeros (char *number, guint places)
{
  char *dot = strchr (number, '.');
  gsize n = strlen (number);

  if (dot == NULL)
    return number;
  while ((gsize)(number + n - dot) > places + 1 && number[n - 1] == '0')
    number[--n] = '\0';
  if (number + n == dot + 1)
    *dot = '\0';
  return number;
}

/* Plain decimal text, however people write it; NULL with the reason noted. An ambiguous one is refused: an import that
 * guesses is wrong by a factor of a thousand. */
static char *
number_of (CobroImportRow *row, guint column, guint places)
{
  g_autofree char *cell = g_strdup (cobro_import_cell (row, column));
  gboolean ambiguous = FALSE;
  gsize n = strlen (cell);
  char *number;

  if (n > 0 && cell[n - 1] == '%')
    g_strchomp ((cell[n - 1] = '\0', cell));
  if (!(number = cobro_typed_decimal (cell, places, row->setup->locale, &ambiguous, NULL)))
    {
      cobro_import_refuse (row, (int)column, "“%s” must be a number such as 1234.50", cell);
      return NULL;
    }
  if (ambiguous)
    {
      g_free (number);
      cobro_import_refuse (row, (int)column, "“%s” could be read in two ways: write it without separators of thousands",
                           cell);
      return NULL;
    }
  return without_zeros (number, places);
}

gboolean
cobro_import_get_decimal (CobroImportRow *row, guint column, CobroDecimal fallback, CobroDecimal *out_decimal)
{
  g_autofree char *number = NULL;

  *out_decimal = fallback;
  if (cobro_import_cell (row, column)[0] == '\0')
    return TRUE;
  if (!(number = number_of (row, column, 3)))
    return FALSE;
  return cobro_decimal_from_text (number, out_decimal, NULL) ||
         cobro_import_refuse (row, (int)column, "“%s” must have at most 6 decimals", cobro_import_cell (row, column));
}

gboolean
cobro_import_get_price (CobroImportRow *row, guint column, CobroCurrency currency, CobroUnitPrice *out_price)
{
  g_autofree char *number = NULL;
  g_autoptr (GError) fault = NULL;

  *out_price = 0;
  if (cobro_import_cell (row, column)[0] == '\0')
    return cobro_import_refuse (row, (int)column, "is required");
  if (!(number = number_of (row, column, cobro_currency_exponent (currency))))
    return FALSE;
  return cobro_unit_price_from_decimal (number, currency, out_price, &fault) ||
         cobro_import_refuse (row, (int)column, "“%s” %s", cobro_import_cell (row, column), fault->message);
}

gboolean
cobro_import_get_money (CobroImportRow *row, guint column, CobroCurrency currency, CobroMoney *out_money)
{
  g_autofree char *number = NULL;

  *out_money = COBRO_MONEY_NONE;
  if (cobro_import_cell (row, column)[0] == '\0')
    return TRUE;
  if (!(number = number_of (row, column, cobro_currency_exponent (currency))))
    return FALSE;
  return cobro_money_from_decimal (number, currency, out_money, NULL) ||
         cobro_import_refuse (row, (int)column, "“%s” must be an amount in %s", cobro_import_cell (row, column),
                              cobro_currency_code (currency));
}

gboolean
cobro_import_get_address (CobroImportRow *row, guint first, CobroAddress *address)
{
  char *country;

  cobro_import_get_text (row, first, &address->street);
  cobro_import_get_text (row, first + 1, &address->city);
  cobro_import_get_text (row, first + 2, &address->postal_code);
  cobro_import_get_text (row, first + 3, &address->region);
  country = g_ascii_strup (cobro_import_cell (row, first + 4), -1);
  g_free (address->country);
  address->country = country;
  return TRUE;
}

gboolean
cobro_import_get_party (CobroImportRow *row, guint first, CobroParty *party)
{
  return cobro_import_get_text (row, first, &party->contact) && cobro_import_get_text (row, first + 1, &party->email) &&
         cobro_import_get_text (row, first + 2, &party->phone) &&
         cobro_import_get_text (row, first + 3, &party->tax_id) &&
         cobro_import_get_text (row, first + 4, &party->registration) &&
         cobro_import_get_address (row, first + 5, &party->address);
}

/* ── Tax ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const CobroTaxRate *
find_rate (const CobroMerchant *merchant, CobroDecimal rate)
{
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *tax = merchant->taxes->pdata[i];

      if (tax->category == COBRO_TAX_STANDARD && tax->rate == rate)
        return tax;
    }
  return NULL;
}

/* What a tax is called that the merchant has no name for. */
static const char *
usual_name (const CobroMerchant *merchant)
{
  const CobroTaxCountry *country = cobro_tax_country (merchant->seller.address.country);

  return country != NULL && country->tax_name[0] != '\0' ? country->tax_name : "Tax";
}

static void
take_default (const CobroMerchant *merchant, char **name, CobroTaxCategory *out_category, CobroDecimal *out_rate)
{
  *out_category = COBRO_TAX_OUTSIDE;
  *out_rate = 0;
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *tax = merchant->taxes->pdata[i];

      if (!tax->is_default)
        continue;
      cobro_link_set_text (name, tax->name);
      *out_category = tax->category;
      *out_rate = tax->rate;
    }
}

gboolean
cobro_import_get_tax (CobroImportRow *row, guint first, char **name, CobroTaxCategory *out_category,
                      CobroDecimal *out_rate)
{
  const char *category = cobro_import_cell (row, first + 2), *rate = cobro_import_cell (row, first);
  const CobroTaxRate *known;

  if (!cobro_import_has (row, first) && category[0] == '\0')
    {
      take_default (row->setup->merchant, name, out_category, out_rate);
      return TRUE;
    }
  if (!cobro_import_get_decimal (row, first, 0, out_rate))
    return FALSE;
  *out_category = *out_rate != 0 ? COBRO_TAX_STANDARD : rate[0] != '\0' ? COBRO_TAX_ZERO : COBRO_TAX_OUTSIDE;
  if (category[0] != '\0' && !cobro_tax_category_from_name (category, out_category))
    return cobro_import_refuse (
      row, (int)first + 2, "“%s” must be standard, zero, exempt, reverse_charge, intra_community, export or outside",
      category);
  cobro_import_get_text (row, first + 1, name);
  if ((*name)[0] == '\0' && *out_category == COBRO_TAX_STANDARD)
    {
      known = find_rate (row->setup->merchant, *out_rate);
      cobro_link_set_text (name, known != NULL ? known->name : usual_name (row->setup->merchant));
    }
  return TRUE;
}

/* ── The file ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Small letters without accents, blanks and what stands for them. */
static char *
simplify (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  char *to = ascii;

  for (const char *at = ascii; *at != '\0'; at++)
    if (strchr (" _-.*", *at) == NULL)
      *to++ = g_ascii_tolower (*at);
  *to = '\0';
  return g_steal_pointer (&ascii);
}

static gboolean
is_called (const CobroImportColumn *column, const char *simple)
{
  g_autofree char *own = simplify (column->name);
  g_auto (GStrv) others = g_strsplit (column->also, "|", -1);

  if (g_str_equal (own, simple))
    return TRUE;
  for (guint i = 0; others[i] != NULL; i++)
    {
      g_autofree char *other = simplify (others[i]);

      if (other[0] != '\0' && g_str_equal (other, simple))
        return TRUE;
    }
  return FALSE;
}

/* The first column of the file that is called so counts. */
static void
find_columns (CobroImportRow *row)
{
  for (int i = 0; row->names[i] != NULL; i++)
    {
      g_autofree char *simple = simplify (row->names[i]);
      gboolean taken = FALSE;

      for (guint column = 0; !taken && column < row->n; column++)
        if (row->at[column] < 0 && is_called (&row->columns[column], simple))
          {
            row->at[column] = i;
            taken = TRUE;
          }
    }
}

/* By hand where somebody did it; what nobody asks for is named, what is needed is missed. */
static gboolean
settle_columns (CobroImportRow *row, const CobroImportReader *reader)
{
  const GArray *given = row->setup->columns;
  int width = (int)g_strv_length ((char **)row->names);
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  guint before = row->import->n_problems;

  for (guint i = 0; i < reader->n; i++)
    row->at[i] = -1;
  if (given == NULL)
    find_columns (row);
  for (guint i = 0; given != NULL && i < MIN (given->len, reader->n); i++)
    row->at[i] = MIN (g_array_index (given, int, i), width - 1);
  for (guint i = 0; i < reader->n; i++)
    g_hash_table_add (used, GINT_TO_POINTER (row->at[i]));
  for (int i = 0; i < width; i++)
    if (!g_hash_table_contains (used, GINT_TO_POINTER (i)))
      g_ptr_array_add (row->import->ignored, g_strdup (row->names[i]));
  g_array_append_vals (row->import->columns, row->at, reader->n);
  row->line = 1;
  for (guint i = 0; i < reader->needed; i++)
    if (row->at[i] < 0)
      cobro_import_refuse (row, (int)i, "there is no column “%s”", reader->columns[i].name);
  return row->import->n_problems == before;
}

static gint
compare_problems (gconstpointer a, gconstpointer b, gpointer data)
{
  const CobroImportProblem *left = *(CobroImportProblem *const *)a, *right = *(CobroImportProblem *const *)b;

  return (left->line > right->line) - (left->line < right->line);
}

CobroImport *
cobro_import_read (CobroImportKind kind, GBytes *bytes, const CobroImportSetup *setup, GError **error)
{
  const CobroImportReader *reader = reader_of (kind);
  g_autoptr (CobroCsv) csv = cobro_csv_parse (bytes, error);
  g_autoptr (CobroImport) import = g_new0 (CobroImport, 1);
  CobroImportRow row = { .import = import, .setup = setup, .columns = reader->columns, .n = reader->n };

  import->kind = kind;
  import->items = g_ptr_array_new_with_free_func (reader->free_item);
  import->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  import->problems = g_ptr_array_new_with_free_func ((GDestroyNotify)problem_free);
  import->ignored = g_ptr_array_new_with_free_func (g_free);
  import->columns = g_array_new (FALSE, FALSE, sizeof (int));
  if (csv == NULL)
    return NULL;
  import->names = g_strdupv (csv->rows->pdata[0]);
  row.names = (const char *const *)import->names;
  import->n_rows = csv->rows->len - 1;
  if (settle_columns (&row, reader))
    reader->read (&row, csv);
  g_ptr_array_sort_with_data (import->problems, compare_problems, NULL);
  return g_steal_pointer (&import);
}

void
cobro_import_free (CobroImport *import)
{
  if (import == NULL)
    return;
  g_ptr_array_unref (import->items);
  g_array_unref (import->lines);
  g_ptr_array_unref (import->problems);
  g_ptr_array_unref (import->ignored);
  g_array_unref (import->columns);
  g_strfreev (import->names);
  g_free (import);
}

void
cobro_import_add_problem (CobroImport *import, guint item, const GError *fault)
{
  const CobroImportReader *reader = reader_of (import->kind);
  CobroImportRow row = { .import = import,
                         .columns = reader->columns,
                         .n = reader->n,
                         .names = (const char *const *)import->names,
                         .line = g_array_index (import->lines, guint, item) };

  g_return_if_fail (import->columns->len == reader->n);

  memcpy (row.at, import->columns->data, reader->n * sizeof (int));
  cobro_import_refuse_as (&row, "", fault);
  g_ptr_array_sort_with_data (import->problems, compare_problems, NULL);
}

GBytes *
cobro_import_problems (const CobroImport *import)
{
  static const char *const names[] = { "line", "column", "reason", NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  cobro_csv_put_header (writer, names);
  for (guint i = 0; i < import->problems->len; i++)
    {
      const CobroImportProblem *problem = import->problems->pdata[i];
      g_autofree char *line = g_strdup_printf ("%u", problem->line);

      cobro_csv_put_plain (writer, problem->line > 0 ? line : "");
      cobro_csv_put_text (writer, problem->column);
      cobro_csv_put_text (writer, problem->reason);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}

GPtrArray *
cobro_import_columns (CobroImportKind kind)
{
  const CobroImportReader *reader = reader_of (kind);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < reader->n; i++)
    g_ptr_array_add (names, (gpointer)reader->columns[i].name);
  return names;
}

guint
cobro_import_n_needed (CobroImportKind kind)
{
  return reader_of (kind)->needed;
}

GBytes *
cobro_import_sample (CobroImportKind kind)
{
  const CobroImportReader *reader = reader_of (kind);
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();
  g_auto (GStrv) cells = g_strsplit (reader->sample, "|", -1);

  for (guint i = 0; i < reader->n; i++)
    cobro_csv_put_plain (writer, reader->columns[i].name);
  cobro_csv_end_row (writer);
  for (guint i = 0; cells[i] != NULL; i++)
    cobro_csv_put_text (writer, cells[i]);
  cobro_csv_end_row (writer);
  return cobro_csv_writer_take (writer);
}
