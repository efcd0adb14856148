/* tests/fuzz/fuzz-import.c — any file as a table of invoices, customers and products: rows are as wide as their names,
 * what is read can be written and read again, and what has no problems keeps the nouns' own rules.
 * Layer: tests. */
#include "cobro-csv.h"
#include "cobro-import.h"
#include "fuzz-replay.h"

#include <string.h>

/* Written and read again, every cell is what it was. */
static void
check_again (const CobroCsv *csv)
{
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CobroCsv) again = NULL;
  guint width = g_strv_length (csv->rows->pdata[0]);

  for (guint i = 0; i < csv->rows->len; i++)
    {
      char **cells = csv->rows->pdata[i];

      g_assert_cmpuint (g_strv_length (cells), ==, width);
      for (guint n = 0; n < width; n++)
        {
          g_assert_true (g_utf8_validate (cells[n], -1, NULL));
          cobro_csv_put_text (writer, cells[n]);
        }
      cobro_csv_end_row (writer);
    }
  bytes = cobro_csv_writer_take (writer);
  again = cobro_csv_parse (bytes, NULL);
  if (again == NULL) /* a name of a column may be empty, a whole row of names not */
    return;
  g_assert_cmpuint (again->rows->len, <=, csv->rows->len);
}

static void
check_import (CobroImportKind kind, GBytes *bytes, const CobroImportSetup *setup)
{
  g_autoptr (CobroImport) import = cobro_import_read (kind, bytes, setup, NULL);

  if (import == NULL)
    return;
  g_assert_cmpuint (import->items->len, ==, import->lines->len);
  g_assert_cmpuint (import->problems->len, <=, import->n_problems);
  for (guint i = 0; i < import->problems->len; i++)
    g_assert_true (g_utf8_validate (((CobroImportProblem *)import->problems->pdata[i])->reason, -1, NULL));
  for (guint i = 0; kind == COBRO_IMPORT_LINKS && import->n_problems == 0 && i < import->items->len; i++)
    g_assert_true (cobro_link_validate (import->items->pdata[i], NULL));
  for (guint i = 0; kind == COBRO_IMPORT_INVOICES && import->n_problems == 0 && i < import->items->len; i++)
    {
      CobroInvoice *invoice = import->items->pdata[i];

      g_assert_true (cobro_invoice_validate (invoice, NULL));
      g_assert_true (cobro_invoice_check_totals (invoice, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (CobroCsv) csv = cobro_csv_parse (bytes, NULL);
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (CobroLocale) locale = cobro_locale_new ("es", NULL);
  const CobroImportSetup setup = { .merchant = merchant,
                                   .locale = locale,
                                   .now = G_GINT64_CONSTANT (1795255200) * COBRO_SECOND };

  if (csv == NULL)
    return 0;
  cobro_link_set_text (&merchant->name, "Shop");
  cobro_link_set_text (&merchant->currency, "EUR");
  check_again (csv);
  check_import (COBRO_IMPORT_INVOICES, bytes, &setup);
  check_import (COBRO_IMPORT_CUSTOMERS, bytes, &setup);
  check_import (COBRO_IMPORT_PRODUCTS, bytes, &setup);
  check_import (COBRO_IMPORT_LINKS, bytes, &setup);
  return 0;
}
