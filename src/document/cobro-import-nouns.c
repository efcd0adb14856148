/* src/document/cobro-import-nouns.c — customers and products out of a table, and back into one.
 * Layer: document. Any thread. */
#include "cobro-import-private.h"

#include <string.h>

/* While a noun has no id yet, its rules are asked with one that fits. */
#define SOME_DIGITS "00000000000000000000000000"

/* ── Customers ──────────────────────────────────────────────────────────────────────────────────────────────────── */

enum
{
  CUSTOMER_NAME,
  CUSTOMER_COMPANY,
  CUSTOMER_PARTY,
  CUSTOMER_DELIVERY = CUSTOMER_PARTY + COBRO_IMPORT_PARTY_N,
  CUSTOMER_LANGUAGE = CUSTOMER_DELIVERY + COBRO_IMPORT_ADDRESS_N,
  CUSTOMER_NOTES,
  CUSTOMER_N
};

static const CobroImportColumn customer_columns[] = {
  { "name",
    "customer|customer name|client|company name|nombre|cliente|razón social|kunde|firma|kundenname|nom|client|raison "
    "sociale|nome|razão social",
    "name" },
  { "company", "is company|empresa|es empresa|unternehmen|entreprise|é empresa", "company" },
  COBRO_IMPORT_PARTY_COLUMNS (""),
  COBRO_IMPORT_ADDRESS_COLUMNS ("delivery ", "delivery."),
  { "language", "locale|idioma|sprache|langue", "locale" },
  { "notes", "note|notas|observaciones|notizen|bemerkungen|remarques|observações", "notes" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (customer_columns) == CUSTOMER_N);

static void
read_customers (CobroImportRow *row, const CobroCsv *csv)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 1; cobro_import_next (row, csv, i); i++)
    {
      CobroCustomer *customer = cobro_customer_new ();
      g_autoptr (GError) fault = NULL;

      g_ptr_array_add (row->import->items, customer);
      g_array_append_val (row->import->lines, row->line);
      cobro_import_get_text (row, CUSTOMER_NAME, &customer->party.name);
      cobro_import_get_party (row, CUSTOMER_PARTY, &customer->party);
      cobro_import_get_address (row, CUSTOMER_DELIVERY, &customer->delivery);
      cobro_import_get_text (row, CUSTOMER_NOTES, &customer->notes);
      if (cobro_import_cell (row, CUSTOMER_LANGUAGE)[0] != '\0')
        cobro_import_get_text (row, CUSTOMER_LANGUAGE, &customer->locale);
      if (customer->party.name[0] == '\0')
        cobro_import_refuse (row, CUSTOMER_NAME, "is required");
      cobro_import_get_bool (row, CUSTOMER_COMPANY, customer->party.tax_id[0] != '\0', &customer->is_company);
      g_strlcpy (customer->id.text, "cus_" SOME_DIGITS, sizeof customer->id.text);
      if (!cobro_customer_validate (customer, &fault))
        cobro_import_refuse_as (row, "", fault);
      customer->id = COBRO_ID_NONE;
      cobro_import_check_once (
        row, seen, CUSTOMER_NAME,
        g_strdup_printf ("%s\n%s\n%s", customer->party.name, customer->party.email, customer->party.tax_id));
    }
}

const CobroImportReader cobro_import_customers = {
  .columns = customer_columns,
  .n = CUSTOMER_N,
  .needed = CUSTOMER_COMPANY,
  .sample = "The Vacuum Shop|yes|Jo Smith|jo@vacuum.example|+61 2 5550 1234|51 824 753 556||1 High "
            "St|Sydney|2000|NSW|AU||||||en|"
            "pays by card",
  .free_item = (GDestroyNotify)cobro_customer_unref,
  .read = read_customers,
};

static void
put_address (CobroCsvWriter *writer, const CobroAddress *address)
{
  cobro_csv_put_text (writer, address->street);
  cobro_csv_put_text (writer, address->city);
  cobro_csv_put_text (writer, address->postal_code);
  cobro_csv_put_text (writer, address->region);
  cobro_csv_put_text (writer, address->country);
}

GBytes *
cobro_export_customers (const GPtrArray *customers)
{
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  for (guint i = 0; i < CUSTOMER_N; i++)
    cobro_csv_put_plain (writer, customer_columns[i].name);
  cobro_csv_end_row (writer);
  for (guint i = 0; i < customers->len; i++)
    {
      const CobroCustomer *customer = customers->pdata[i];
      const CobroParty *party = &customer->party;

      cobro_csv_put_text (writer, party->name);
      cobro_csv_put_plain (writer, customer->is_company ? "yes" : "no");
      cobro_csv_put_text (writer, party->contact);
      cobro_csv_put_text (writer, party->email);
      cobro_csv_put_text (writer, party->phone);
      cobro_csv_put_text (writer, party->tax_id);
      cobro_csv_put_text (writer, party->registration);
      put_address (writer, &party->address);
      put_address (writer, &customer->delivery);
      cobro_csv_put_text (writer, customer->locale);
      cobro_csv_put_text (writer, customer->notes);
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}

/* ── Products ───────────────────────────────────────────────────────────────────────────────────────────────────── */

enum
{
  PRODUCT_NAME,
  PRODUCT_PRICE,
  PRODUCT_CODE,
  PRODUCT_DESCRIPTION,
  PRODUCT_UNIT,
  PRODUCT_CURRENCY,
  PRODUCT_TAX,
  PRODUCT_INCLUSIVE = PRODUCT_TAX + 3,
  PRODUCT_N
};

static const CobroImportColumn product_columns[] = {
  { "name", "product|item|nombre|producto|artículo|produkt|artikel|bezeichnung|produit|article|nom|produto|nome|artigo",
    "name" },
  { "unit price",
    "price|amount|precio|precio unitario|importe|preis|einzelpreis|prix|prix unitaire|preço|preço unitário",
    "unitAmount" },
  { "code", "sku|article|código|referencia|ref|artikelnummer|référence|referência", "code" },
  { "description", "details|descripción|detalle|beschreibung|descrição", "description" },
  { "unit", "unidad|einheit|unité|unidade", "unit" },
  { "currency", "moneda|divisa|währung|devise|moeda", "currency" },
  COBRO_IMPORT_TAX_COLUMNS,
  { "tax inclusive", "prices include tax|iva incluido|impuestos incluidos|inkl mwst|ttc|imposto incluído",
    "taxInclusive" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (product_columns) == PRODUCT_N);

static void
read_product (CobroImportRow *row, CobroProduct *product)
{
  g_autoptr (GError) fault = NULL;
  guint before = row->import->n_problems;

  cobro_import_get_text (row, PRODUCT_NAME, &product->name);
  cobro_import_get_text (row, PRODUCT_CODE, &product->code);
  cobro_import_get_text (row, PRODUCT_DESCRIPTION, &product->description);
  cobro_import_get_text (row, PRODUCT_UNIT, &product->unit);
  if (cobro_import_get_currency (row, PRODUCT_CURRENCY, &product->currency))
    cobro_import_get_price (row, PRODUCT_PRICE, product->currency, &product->unit_price);
  cobro_import_get_tax (row, PRODUCT_TAX, &product->tax_name, &product->tax_category, &product->tax_rate);
  cobro_import_get_bool (row, PRODUCT_INCLUSIVE, row->setup->merchant->tax_inclusive, &product->tax_inclusive);
  if (row->import->n_problems != before)
    return;
  g_strlcpy (product->id.text, "prd_" SOME_DIGITS, sizeof product->id.text);
  if (!cobro_product_validate (product, &fault))
    cobro_import_refuse_as (row, "", fault);
  product->id = COBRO_ID_NONE;
}

static void
read_products (CobroImportRow *row, const CobroCsv *csv)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 1; cobro_import_next (row, csv, i); i++)
    {
      CobroProduct *product = cobro_product_new ();

      g_ptr_array_add (row->import->items, product);
      g_array_append_val (row->import->lines, row->line);
      read_product (row, product);
      if (product->code[0] != '\0')
        cobro_import_check_once (row, seen, PRODUCT_CODE, g_strdup (product->code));
    }
}

const CobroImportReader cobro_import_products = {
  .columns = product_columns,
  .n = PRODUCT_N,
  .needed = PRODUCT_CODE,
  .sample = "Repair|75.00|R-1|Repair of a vacuum cleaner|hour|AUD|10|GST|standard|no",
  .free_item = (GDestroyNotify)cobro_product_unref,
  .read = read_products,
};

GBytes *
cobro_export_products (const GPtrArray *products)
{
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();

  for (guint i = 0; i < PRODUCT_N; i++)
    cobro_csv_put_plain (writer, product_columns[i].name);
  cobro_csv_end_row (writer);
  for (guint i = 0; i < products->len; i++)
    {
      const CobroProduct *product = products->pdata[i];
      g_autofree char *price = cobro_unit_price_to_decimal (product->unit_price, product->currency);

      cobro_csv_put_text (writer, product->name);
      cobro_csv_put_number (writer, price);
      cobro_csv_put_text (writer, product->code);
      cobro_csv_put_text (writer, product->description);
      cobro_csv_put_text (writer, product->unit);
      cobro_csv_put_plain (writer, cobro_currency_code (product->currency));
      cobro_csv_put_decimal (writer, product->tax_rate);
      cobro_csv_put_text (writer, product->tax_name);
      cobro_csv_put_plain (writer, cobro_tax_category_name (product->tax_category));
      cobro_csv_put_plain (writer, product->tax_inclusive ? "yes" : "no");
      cobro_csv_end_row (writer);
    }
  return cobro_csv_writer_take (writer);
}
