/* src/document/cobro-import-private.h — what the readers of the four kinds share: cells by column, numbers and dates
 * in them, and reasons. Layer: document (private). */
#pragma once
#include "cobro-csv.h"
#include "cobro-import.h"

#define COBRO_IMPORT_COLUMNS_MAX 32

typedef struct
{
  const char *name; /* English; what the export writes */
  const char *also; /* other names, separated by '|' */
  const char *path; /* what validation calls it */
} CobroImportColumn;

/* A row while it is read. */
typedef struct
{
  CobroImport *import;
  const CobroImportSetup *setup;
  const CobroImportColumn *columns;
  const char *const *names;         /* the first row of the file */
  int at[COBRO_IMPORT_COLUMNS_MAX]; /* where each column stands in the file; -1: nowhere */
  guint n;                          /* columns */
  char **cells;
  guint line;
} CobroImportRow;

/* Goes on to row @i of @csv. FALSE: somebody thought better of it. */
gboolean cobro_import_next (CobroImportRow *row, const CobroCsv *csv, guint i);
/* Notes a row that is in the file twice, by what must be there once. */
void cobro_import_check_once (CobroImportRow *row, GHashTable *seen, int column, char *take_key);

/* "" where the file has no such column. */
const char *cobro_import_cell (const CobroImportRow *row, guint column);
gboolean cobro_import_has (const CobroImportRow *row, guint column);
/* Notes why; @column -1: none. Always FALSE. */
gboolean cobro_import_refuse (CobroImportRow *row, int column, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Notes what validation said, at the column of its path (behind @prefix, which is skipped). */
gboolean cobro_import_refuse_as (CobroImportRow *row, const char *prefix, const GError *fault);

/* Each gives the default and TRUE for an empty cell, FALSE with a reason noted for a bad one. */
gboolean cobro_import_get_text (CobroImportRow *row, guint column, char **field);
gboolean cobro_import_get_bool (CobroImportRow *row, guint column, gboolean fallback, gboolean *out_value);
/* RFC 3339, or a date: the beginning of that day in the merchant's zone, of the one behind it when @whole_day. */
gboolean cobro_import_get_time (CobroImportRow *row, guint column, gboolean whole_day, CobroTime *out_time);
gboolean cobro_import_get_date (CobroImportRow *row, guint column, char out_date[COBRO_DATE_SIZE]);
/* Empty: the merchant's own. */
gboolean cobro_import_get_currency (CobroImportRow *row, guint column, CobroCurrency *out_currency);
gboolean cobro_import_get_decimal (CobroImportRow *row, guint column, CobroDecimal fallback, CobroDecimal *out_decimal);
gboolean cobro_import_get_price (CobroImportRow *row, guint column, CobroCurrency currency, CobroUnitPrice *out_price);
gboolean cobro_import_get_money (CobroImportRow *row, guint column, CobroCurrency currency, CobroMoney *out_money);
/* Party and address: columns from @first on, in the order of COBRO_IMPORT_PARTY_COLUMNS. */
gboolean cobro_import_get_party (CobroImportRow *row, guint first, CobroParty *party);
gboolean cobro_import_get_address (CobroImportRow *row, guint first, CobroAddress *address);

/* Three columns from @first on: rate, name, category. Without a column for the rate: the merchant's default tax. */
gboolean cobro_import_get_tax (CobroImportRow *row, guint first, char **name, CobroTaxCategory *out_category,
                               CobroDecimal *out_rate);
#define COBRO_IMPORT_TAX_COLUMNS                                                                                       \
  { "tax rate",                                                                                                        \
    "tax|rate|vat|gst|vat rate|gst rate|iva|tipo|tipo de iva|% iva|impuesto|mwst|steuersatz|tva|imposto|taxa",         \
    "taxRate" },                                                                                                       \
    { "tax name", "nombre del impuesto", "taxName" },                                                                  \
  {                                                                                                                    \
    "tax category", "categoría de impuesto", "taxCategory"                                                             \
  }

#define COBRO_IMPORT_ADDRESS_COLUMNS(prefix, path)                                                                     \
  { prefix "street",                                                                                                   \
    prefix "address|" prefix "calle|" prefix "dirección|" prefix "domicilio|" prefix "straße|" prefix                  \
           "adresse|" prefix "rue|" prefix "rua|" prefix "endereço",                                                   \
    path "street" },                                                                                                   \
    { prefix "city",                                                                                                   \
      prefix "town|" prefix "ciudad|" prefix "población|" prefix "localidad|" prefix "ort|" prefix "stadt|" prefix     \
             "ville|" prefix "cidade",                                                                                 \
      path "city" },                                                                                                   \
    { prefix "postal code",                                                                                            \
      prefix "zip|" prefix "postcode|" prefix "código postal|" prefix "cp|" prefix "plz|" prefix "code postal|" prefix \
             "cep",                                                                                                    \
      path "postalCode" },                                                                                             \
    { prefix "region", prefix "state|" prefix "province|" prefix "provincia|" prefix "estado", path "region" },        \
  {                                                                                                                    \
    prefix "country", prefix "país|" prefix "country code|" prefix "land|" prefix "pays", path "country"               \
  }

/* contact, email, phone, tax number, registration, address; the name comes apart. */
#define COBRO_IMPORT_PARTY_COLUMNS(path)                                                                               \
  { "contact", "contact person|contacto|persona de contacto|ansprechpartner|personne de contact|contato",              \
    path "contact" },                                                                                                  \
    { "email", "e-mail|mail|correo|correo electrónico", path "email" },                                                \
    { "phone", "telephone|mobile|teléfono|móvil|telefon|téléphone|telefone", path "phone" },                           \
    { "tax number", "tax id|vat number|vat id|abn|nif|cif|rfc|gstin|ust-idnr|steuernummer|numéro de tva|cnpj",         \
      path "taxId" },                                                                                                  \
    { "registration", "company number|registro|handelsregister|siret", path "registration" },                          \
    COBRO_IMPORT_ADDRESS_COLUMNS ("", path "address.")
#define COBRO_IMPORT_PARTY_N   10
#define COBRO_IMPORT_ADDRESS_N 5

/* One kind. @read: takes all rows below the names. */
typedef struct
{
  const CobroImportColumn *columns;
  guint n, needed;
  const char *sample; /* a row of cells, separated by '|' */
  GDestroyNotify free_item;
  void (*read) (CobroImportRow *row, const CobroCsv *csv);
} CobroImportReader;
extern const CobroImportReader cobro_import_links, cobro_import_invoices, cobro_import_customers, cobro_import_products;
