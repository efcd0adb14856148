/* src/document/cobro-import-invoices.c — invoices out of a table: a row per line; rows with the same number that follow
 * each other are one document. Layer: document. Any thread. */
#include "cobro-import-private.h"
#include "cobro-error.h"

#include <string.h>

enum
{
  CUSTOMER,
  DESCRIPTION,
  PRICE,
  NUMBER,
  ISSUED,
  DUE,
  CURRENCY,
  QUANTITY,
  UNIT,
  TAX,
  INCLUSIVE = TAX + 3,
  DISCOUNT,
  TOTAL,
  PARTY,
  REFERENCE = PARTY + COBRO_IMPORT_PARTY_N,
  NOTES,
  LANGUAGE,
  N_COLUMNS
};

static const CobroImportColumn columns[] = {
  { "customer", "customer name|client|name|cliente|nombre|razón social|kunde|kundenname|nom|raison sociale|nome",
    "customer.name" },
  { "description",
    "item|product|concept|concepto|descripción|producto|beschreibung|artikel|désignation|descrição|produto",
    "description" },
  { "unit price",
    "price|amount|unit amount|precio|precio unitario|importe|preis|einzelpreis|prix|prix unitaire|preço|preço unitário",
    "unitAmount" },
  { "number",
    "invoice|invoice number|no|nº|número|número de factura|factura|rechnung|rechnungsnummer|nr|numéro|facture|fatura",
    "number" },
  { "issue date",
    "date|invoice date|issued|fecha|fecha de emisión|fecha de factura|datum|rechnungsdatum|date de facture|data|data "
    "de emissão",
    "issueDate" },
  { "due date", "due|vencimiento|fecha de vencimiento|fällig|fälligkeit|échéance|vencimento", "dueDate" },
  { "currency", "moneda|divisa|währung|devise|moeda", "currency" },
  { "quantity", "qty|cantidad|unidades|menge|anzahl|quantité|quantidade", "quantity" },
  { "unit", "unidad|einheit|unité|unidade", "unit" },
  COBRO_IMPORT_TAX_COLUMNS,
  { "tax inclusive", "prices include tax|iva incluido|impuestos incluidos|inkl mwst|ttc|imposto incluído",
    "taxInclusive" },
  { "discount", "discount %|discount percent|descuento|% descuento|rabatt|remise|desconto", "discount.percent" },
  { "total", "invoice total|total factura|gesamt|gesamtbetrag|montant total", "totals.total" },
  COBRO_IMPORT_PARTY_COLUMNS ("customer."),
  { "reference", "po|order|purchase order|referencia|pedido|referenz|bestellnummer|référence|referência", "reference" },
  { "notes", "note|notas|observaciones|notizen|bemerkungen|remarques|observações", "notes" },
  { "language", "locale|idioma|sprache|langue", "locale" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (columns) == N_COLUMNS && N_COLUMNS <= COBRO_IMPORT_COLUMNS_MAX);

/* The document that is being put together. */
typedef struct
{
  CobroInvoice *invoice; /* NULL: none */
  char **first;          /* its first row */
  guint line;
  guint problems;   /* how many there were before it */
  GArray *lines;    /* (element-type guint) of the file, for each of the invoice's */
  GHashTable *seen; /* (element-type utf8 guint) number → line */
} Building;

/* ── One row ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_dates (CobroImportRow *row, CobroInvoice *invoice)
{
  CobroDay today = cobro_day_of_time (row->setup->now, row->setup->merchant->time_zone), day;
  gboolean fine =
    cobro_import_get_date (row, ISSUED, invoice->issue_date) && cobro_import_get_date (row, DUE, invoice->due_date);

  if (!fine)
    return FALSE;
  if (invoice->number[0] == '\0')
    {
      invoice->issue_date[0] = '\0'; /* a draft is issued on the day of its issue */
      return TRUE;
    }
  if (invoice->issue_date[0] == '\0')
    return cobro_import_refuse (row, ISSUED, "is required beside a number");
  return (cobro_day_from_text (invoice->issue_date, &day, NULL) && day <= today) ||
         cobro_import_refuse (row, ISSUED, "%s lies in the future", invoice->issue_date);
}

/* What the whole document has; each reason is noted by itself. */
static void
read_head (CobroImportRow *row, CobroInvoice *invoice)
{
  const CobroMerchant *merchant = row->setup->merchant;

  invoice->tax_per_line = merchant->tax_per_line;
  invoice->rounding = merchant->rounding;
  invoice->cash_rounding = merchant->cash_rounding;
  invoice->terms = merchant->terms;
  cobro_link_set_text (&invoice->footer, merchant->invoice_footer);
  cobro_import_get_text (row, NUMBER, &invoice->number);
  cobro_import_get_text (row, CUSTOMER, &invoice->buyer.name);
  if (invoice->buyer.name[0] == '\0')
    cobro_import_refuse (row, CUSTOMER, "is required");
  cobro_import_get_party (row, PARTY, &invoice->buyer);
  cobro_import_get_text (row, REFERENCE, &invoice->reference);
  cobro_import_get_text (row, NOTES, &invoice->notes);
  if (cobro_import_cell (row, LANGUAGE)[0] != '\0')
    cobro_import_get_text (row, LANGUAGE, &invoice->locale);
  cobro_import_get_bool (row, INCLUSIVE, merchant->tax_inclusive, &invoice->tax_inclusive);
  read_dates (row, invoice);
}

static void
read_line (CobroImportRow *row, Building *building)
{
  g_autoptr (CobroInvoiceLine) line = cobro_invoice_line_new (cobro_import_cell (row, DESCRIPTION));
  CobroInvoice *invoice = building->invoice;
  g_autoptr (GError) fault = NULL;
  guint before = row->import->n_problems;

  cobro_import_get_text (row, UNIT, &line->unit);
  cobro_import_get_decimal (row, QUANTITY, COBRO_DECIMAL_ONE, &line->quantity);
  if (invoice->currency != COBRO_CURRENCY_NONE)
    cobro_import_get_price (row, PRICE, invoice->currency, &line->unit_price);
  cobro_import_get_tax (row, TAX, &line->tax_name, &line->tax_category, &line->tax_rate);
  if (cobro_import_get_decimal (row, DISCOUNT, 0, &line->discount.percent) && line->discount.percent != 0)
    line->discount.kind = COBRO_DISCOUNT_PERCENT;
  if (row->import->n_problems == before && invoice->currency != COBRO_CURRENCY_NONE &&
      !cobro_invoice_line_validate (line, invoice->currency, "lines", &fault))
    cobro_import_refuse_as (row, "lines.", fault);
  if (invoice->lines->len == COBRO_INVOICE_LINES_MAX)
    {
      cobro_import_refuse (row, NUMBER, "has more than %d lines", COBRO_INVOICE_LINES_MAX);
      return;
    }
  g_ptr_array_add (invoice->lines, g_steal_pointer (&line));
  g_array_append_val (building->lines, row->line);
}

/* Later rows of a document repeat its head, or leave it empty. */
static void
compare_head (CobroImportRow *row, const Building *building)
{
  static const guint head[] = { CUSTOMER, ISSUED, DUE, CURRENCY, INCLUSIVE, TOTAL, REFERENCE, NOTES, LANGUAGE };

  for (guint i = 0; i < G_N_ELEMENTS (head) + COBRO_IMPORT_PARTY_N; i++)
    {
      guint column = i < G_N_ELEMENTS (head) ? head[i] : PARTY + i - (guint)G_N_ELEMENTS (head);
      const char *cell = cobro_import_cell (row, column);

      if (cell[0] != '\0' && !g_str_equal (cell, building->first[row->at[column]]))
        cobro_import_refuse (row, (int)column, "“%s” is not what line %u says for the same number", cell,
                             building->line);
    }
}

/* ── One document ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* At the row of the line that is meant, if one is. */
static void
refuse_document (CobroImportRow *row, const Building *building, const GError *fault)
{
  const char *path = cobro_error_get_path (fault);
  guint64 line = 0;
  char *end = NULL;

  row->line = building->line;
  if (path == NULL || !g_str_has_prefix (path, "lines["))
    {
      cobro_import_refuse_as (row, "", fault);
      return;
    }
  line = g_ascii_strtoull (path + strlen ("lines["), &end, 10);
  if (line < building->lines->len && g_str_has_prefix (end, "]."))
    {
      g_autofree char *prefix = g_strndup (path, (gsize)(end + 2 - path));

      row->line = g_array_index (building->lines, guint, line);
      cobro_import_refuse_as (row, prefix, fault);
      return;
    }
  cobro_import_refuse_as (row, "", fault);
}

static gboolean
check_total (CobroImportRow *row, const Building *building)
{
  const CobroInvoice *invoice = building->invoice;
  g_autofree char *ours = NULL;
  CobroMoney total;

  row->line = building->line;
  row->cells = building->first;
  if (!cobro_import_get_money (row, TOTAL, invoice->currency, &total))
    return FALSE;
  if (!cobro_money_is_set (total) || cobro_money_equal (total, invoice->totals->total))
    return TRUE;
  ours = cobro_money_to_decimal (invoice->totals->total);
  return cobro_import_refuse (row, TOTAL, "“%s” is not what the lines come to: %s", cobro_import_cell (row, TOTAL),
                              ours);
}

/* As it will be when it is stored: a document with a number is issued at once. */
static gboolean
check_whole (const CobroImportRow *row, const CobroInvoice *invoice, GError **error)
{
  g_autoptr (CobroInvoice) copy = NULL;
  CobroDay day;

  if (invoice->number[0] == '\0')
    return cobro_invoice_validate (invoice, error);
  copy = cobro_invoice_copy (invoice);
  return cobro_day_from_text (invoice->issue_date, &day, error) &&
         cobro_invoice_issue (copy, row->setup->merchant, NULL, invoice->number, "", 0, day, row->setup->now, error);
}

static void
finish (CobroImportRow *row, Building *building)
{
  CobroInvoice *invoice = building->invoice;
  g_autoptr (GError) fault = NULL;

  if (invoice == NULL)
    return;
  if (row->import->n_problems == building->problems &&
      (!cobro_invoice_compute (invoice, &fault) ||
       (check_total (row, building) && !check_whole (row, invoice, &fault))))
    refuse_document (row, building, fault);
  g_ptr_array_add (row->import->items, invoice);
  g_array_append_val (row->import->lines, building->line);
  building->invoice = NULL;
}

static void
begin (CobroImportRow *row, Building *building)
{
  const char *number = cobro_import_cell (row, NUMBER);
  gpointer line;

  building->invoice = cobro_invoice_new ();
  building->first = row->cells;
  building->line = row->line;
  building->problems = row->import->n_problems;
  g_array_set_size (building->lines, 0);
  cobro_import_get_currency (row, CURRENCY, &building->invoice->currency);
  read_head (row, building->invoice);
  if (number[0] == '\0')
    return;
  if (g_hash_table_lookup_extended (building->seen, number, NULL, &line))
    cobro_import_refuse (row, NUMBER, "“%s” stands on line %u already, with other documents between them", number,
                         GPOINTER_TO_UINT (line));
  else
    g_hash_table_insert (building->seen, (gpointer)number, GUINT_TO_POINTER (row->line));
}

static void
read_invoices (CobroImportRow *row, const CobroCsv *csv)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Building building = { .lines = lines, .seen = seen };

  for (guint i = 1; i < csv->rows->len; i++)
    {
      char **cells = csv->rows->pdata[i];
      const char *number = row->at[NUMBER] >= 0 ? cells[row->at[NUMBER]] : "";
      gboolean same = building.invoice != NULL && number[0] != '\0' && g_str_equal (number, building.invoice->number);

      if (!same)
        finish (row, &building);
      if (!cobro_import_next (row, csv, i))
        break;
      if (same)
        compare_head (row, &building);
      else
        begin (row, &building);
      read_line (row, &building);
    }
  finish (row, &building);
}

const CobroImportReader cobro_import_invoices = {
  .columns = columns,
  .n = N_COLUMNS,
  .needed = NUMBER,
  .sample = "The Vacuum Shop|Repair of a vacuum cleaner|75.00|502|2026-11-01|2026-12-01|AUD|1||10|GST||no||82.50|"
            "Jo Smith|jo@vacuum.example||||1 High St|Sydney|2000|NSW|AU|PO-17||en",
  .free_item = (GDestroyNotify)cobro_invoice_unref,
  .read = read_invoices,
};
