/* src/document/cobro-csv.c — tables as CSV: written safely, read forgivingly.
 * Layer: document. Any thread. */
#include "cobro-csv.h"
#include "cobro-clock.h"
#include "cobro-error.h"

#include <string.h>

/* ── Formulas ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A spreadsheet skips blanks and quotes before it looks (owasp.org, "CSV Injection"); the wide forms are those of
 * East Asian input methods. */
gboolean
cobro_csv_is_formula (const char *text)
{
  static const gunichar starts[] = { '=', '+', '-', '@', '|', '%', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20, 0x2212, 0 };

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\t' || c == '\r' || c == '\n')
        return TRUE;
      for (gsize i = 0; starts[i] != 0; i++)
        if (c == starts[i])
          return TRUE;
      if (!g_unichar_isspace (c) && c != '"' && c != '\'' && c != 0xFEFF && c != 0x200B)
        return FALSE;
    }
  return FALSE;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct _CobroCsvWriter
{
  GString *text;
  gboolean in_row;
};

CobroCsvWriter *
cobro_csv_writer_new (void)
{
  CobroCsvWriter *writer = g_new0 (CobroCsvWriter, 1);

  writer->text = g_string_new ("\xEF\xBB\xBF");
  return writer;
}

void
cobro_csv_writer_free (CobroCsvWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->text != NULL)
    g_string_free (writer->text, TRUE);
  g_free (writer);
}

void
cobro_csv_put_plain (CobroCsvWriter *writer, const char *raw)
{
  g_autofree char *text = g_utf8_make_valid (raw, -1);

  if (writer->in_row)
    g_string_append_c (writer->text, ',');
  writer->in_row = TRUE;
  if (strpbrk (text, ",;\"\r\n\t") == NULL && text[0] != ' ' && (text[0] == '\0' || text[strlen (text) - 1] != ' '))
    {
      g_string_append (writer->text, text);
      return;
    }
  g_string_append_c (writer->text, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (writer->text, '"');
      g_string_append_c (writer->text, *at);
    }
  g_string_append_c (writer->text, '"');
}

void
cobro_csv_put_text (CobroCsvWriter *writer, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  /* A text that has our apostrophe already gets another one, so that reading gives back what was written. */
  g_autofree char *safe = g_strconcat (cobro_csv_is_formula (valid) ? "'" : "", valid, NULL);

  cobro_csv_put_plain (writer, safe);
}

void
cobro_csv_put_header (CobroCsvWriter *writer, const char *const *names)
{
  for (; *names != NULL; names++)
    cobro_csv_put_plain (writer, *names);
  cobro_csv_end_row (writer);
}

/* "1.234" is a thousand times as much to half of the world: behind "1.2340" nobody looks for thousands. */
void
cobro_csv_put_number (CobroCsvWriter *writer, const char *decimal)
{
  const char *dot = strchr (decimal, '.');
  g_autofree char *text = g_strconcat (decimal, dot != NULL && strlen (dot + 1) == 3 ? "0" : "", NULL);

  cobro_csv_put_plain (writer, text);
}

void
cobro_csv_put_money (CobroCsvWriter *writer, CobroMoney money)
{
  g_autofree char *text = cobro_money_is_set (money) ? cobro_money_to_decimal (money) : g_strdup ("");

  cobro_csv_put_number (writer, text);
}

void
cobro_csv_put_decimal (CobroCsvWriter *writer, CobroDecimal decimal)
{
  g_autofree char *text = cobro_decimal_to_text (decimal);

  cobro_csv_put_number (writer, text);
}

void
cobro_csv_put_time (CobroCsvWriter *writer, CobroTime time)
{
  g_autofree char *text = time != 0 ? cobro_time_to_text (time) : g_strdup ("");

  cobro_csv_put_plain (writer, text);
}

void
cobro_csv_end_row (CobroCsvWriter *writer)
{
  g_string_append (writer->text, "\r\n");
  writer->in_row = FALSE;
}

GBytes *
cobro_csv_writer_take (CobroCsvWriter *writer)
{
  GBytes *bytes = g_string_free_to_bytes (writer->text);

  writer->text = g_string_new (NULL);
  writer->in_row = FALSE;
  return bytes;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *at;
  char separator;
  guint line;
  GString *cell;
} Reader;

/* (transfer full) UTF-8 without a mark; NULL where it is nothing of the three. */
static char *
to_utf8 (GBytes *bytes, GError **error)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (n >= 2 && memcmp (data, "\xFF\xFE", 2) == 0)
    text = g_convert (data + 2, (gssize)n - 2, "UTF-8", "UTF-16LE", NULL, &length, NULL);
  else if (n >= 2 && memcmp (data, "\xFE\xFF", 2) == 0)
    text = g_convert (data + 2, (gssize)n - 2, "UTF-8", "UTF-16BE", NULL, &length, NULL);
  else
    {
      length = n >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0 ? n - 3 : n;
      text = g_strndup (length > 0 ? data + n - length : "", length);
      if (!g_utf8_validate (text, (gssize)length, NULL))
        {
          g_free (text);
          text = g_convert (data, (gssize)n, "UTF-8", "CP1252", NULL, &length, NULL);
        }
    }
  if (text == NULL || strlen (text) != length || !g_utf8_validate (text, -1, NULL))
    {
      cobro_error_set (error, COBRO_ERROR_INVALID, "is no text: save the table as CSV (UTF-8)");
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* Whatever the first line has most of, outside of quotes. */
static char
guess_separator (const char *text)
{
  guint commas = 0, semicolons = 0, tabs = 0;
  gboolean quoted = FALSE;

  for (; *text != '\0' && (quoted || (*text != '\n' && *text != '\r')); text++)
    {
      if (*text == '"')
        quoted = !quoted;
      else if (!quoted)
        {
          commas += *text == ',' ? 1 : 0;
          semicolons += *text == ';' ? 1 : 0;
          tabs += *text == '\t' ? 1 : 0;
        }
    }
  if (tabs > commas && tabs > semicolons)
    return '\t';
  return semicolons > commas ? ';' : ',';
}

static void
take_line_end (Reader *reader)
{
  if (*reader->at == '\r' && reader->at[1] == '\n')
    reader->at++;
  if (*reader->at != '\0')
    reader->at++;
  reader->line++;
}

static gboolean
read_quoted (Reader *reader, GError **error)
{
  guint begun = reader->line;

  for (reader->at++;; reader->at++)
    {
      if (*reader->at == '\0')
        return cobro_error_set (error, COBRO_ERROR_INVALID, "line %u: a quote is opened and never closed", begun);
      if (*reader->at == '"' && reader->at[1] == '"')
        reader->at++;
      else if (*reader->at == '"')
        break;
      if (*reader->at == '\n' || (*reader->at == '\r' && reader->at[1] != '\n'))
        reader->line++;
      if (*reader->at != '\r' || reader->at[1] != '\n') /* line ends inside of a cell are ours */
        g_string_append_c (reader->cell, *reader->at == '\r' ? '\n' : *reader->at);
    }
  reader->at++;
  while (*reader->at == ' ')
    reader->at++;
  if (*reader->at != '\0' && *reader->at != reader->separator && *reader->at != '\r' && *reader->at != '\n')
    return cobro_error_set (error, COBRO_ERROR_INVALID, "line %u: something stands behind a closing quote",
                            reader->line);
  return TRUE;
}

/* Without the apostrophe that keeps a formula from being one. */
static char *
finish_cell (Reader *reader)
{
  char *cell = g_strstrip (g_strdup (reader->cell->str));

  g_string_truncate (reader->cell, 0);
  if (cell[0] == '\'' && cobro_csv_is_formula (cell + 1))
    memmove (cell, cell + 1, strlen (cell));
  return cell;
}

static gboolean
read_row (Reader *reader, GPtrArray *cells, GError **error)
{
  for (;;)
    {
      while (*reader->at == ' ')
        reader->at++;
      if (*reader->at == '"')
        {
          if (!read_quoted (reader, error))
            return FALSE;
        }
      else
        for (; *reader->at != '\0' && *reader->at != reader->separator && *reader->at != '\r' && *reader->at != '\n';
             reader->at++)
          g_string_append_c (reader->cell, *reader->at);
      if (cells->len == COBRO_CSV_COLUMNS_MAX)
        return cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "line %u: has more than %d columns", reader->line,
                                COBRO_CSV_COLUMNS_MAX);
      g_ptr_array_add (cells, finish_cell (reader));
      if (*reader->at != reader->separator)
        break;
      reader->at++;
    }
  take_line_end (reader);
  return TRUE;
}

static gboolean
is_blank (const GPtrArray *cells)
{
  for (guint i = 0; i < cells->len; i++)
    if (((const char *)cells->pdata[i])[0] != '\0')
      return FALSE;
  return TRUE;
}

/* As wide as the names; what stands beyond them may only be empty. */
static gboolean
add_row (CobroCsv *csv, GPtrArray *cells, guint line, GError **error)
{
  guint width = csv->rows->len > 0 ? g_strv_length (csv->rows->pdata[0]) : cells->len;

  while (cells->len > width && ((const char *)cells->pdata[cells->len - 1])[0] == '\0')
    g_ptr_array_set_size (cells, (gint)cells->len - 1);
  if (cells->len > width)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "line %u: has %u cells, but there are %u columns", line,
                            cells->len, width);
  if (csv->rows->len > COBRO_CSV_ROWS_MAX)
    return cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "has more than %d rows", COBRO_CSV_ROWS_MAX);
  while (cells->len < width)
    g_ptr_array_add (cells, g_strdup (""));
  g_ptr_array_add (cells, NULL);
  g_ptr_array_add (csv->rows, g_ptr_array_steal (cells, NULL));
  g_array_append_val (csv->lines, line);
  return TRUE;
}

char *
cobro_csv_decode (GBytes *bytes, GError **error)
{
  if (g_bytes_get_size (bytes) <= COBRO_CSV_BYTES_MAX)
    return to_utf8 (bytes, error);
  cobro_error_set (error, COBRO_ERROR_TOO_LARGE, "has more than %d MiB", COBRO_CSV_BYTES_MAX / 1024 / 1024);
  return NULL;
}

CobroCsv *
cobro_csv_parse (GBytes *bytes, GError **error)
{
  g_autofree char *text = cobro_csv_decode (bytes, error);

  return text != NULL ? cobro_csv_parse_text (text, guess_separator (text), 1, error) : NULL;
}

CobroCsv *
cobro_csv_parse_text (const char *text, char separator, guint first_line, GError **error)
{
  g_autoptr (CobroCsv) csv = g_new0 (CobroCsv, 1);
  g_autoptr (GString) cell = g_string_new (NULL);
  Reader reader = { .at = text, .separator = separator, .line = first_line, .cell = cell };

  csv->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  csv->lines = g_array_new (FALSE, FALSE, sizeof (guint));
  while (*reader.at != '\0')
    {
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
      guint line = reader.line;

      if (!read_row (&reader, cells, error) || (!is_blank (cells) && !add_row (csv, cells, line, error)))
        return NULL;
    }
  if (csv->rows->len == 0)
    {
      cobro_error_set (error, COBRO_ERROR_INVALID, "is empty");
      return NULL;
    }
  return g_steal_pointer (&csv);
}

void
cobro_csv_free (CobroCsv *csv)
{
  if (csv == NULL)
    return;
  g_ptr_array_unref (csv->rows);
  g_array_unref (csv->lines);
  g_free (csv);
}
