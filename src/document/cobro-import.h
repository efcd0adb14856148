/* src/document/cobro-import.h — a CSV file becomes invoices, customers or products; every reason why a row does not.
 * Nothing is written: reading is the dry run. All or nothing: with problems nothing may be stored. Layer: document. Any
 * thread. */
#pragma once
#include "cobro-invoice.h"
#include "cobro-locale.h"
#include "cobro-product.h"

typedef enum
{
  COBRO_IMPORT_INVOICES,
  COBRO_IMPORT_CUSTOMERS,
  COBRO_IMPORT_PRODUCTS
} CobroImportKind;

typedef struct
{
  const CobroMerchant *merchant; /* seller, usual currency, taxes, terms */
  CobroLocale *locale;           /* how numbers are read where both ways are possible */
  CobroTime now;                 /* for the dates of documents without any */
} CobroImportSetup;

/* One reason. The user finds it by the line of the file and the name of the column. */
typedef struct
{
  guint line;   /* of the file; 1 is the names of the columns; 0: the whole file */
  char *column; /* as the file calls it; "" where it is none */
  char *reason; /* in words: lower case, no full stop */
} CobroImportProblem;

typedef struct
{
  CobroImportKind kind;
  GPtrArray *items; /* (element-type CobroInvoice, CobroCustomer or CobroProduct) without id. An invoice with a number
                       is a draft that has number and issue date: cobro_invoice_store_import_async() issues it and gives
                       it id and token */
  GArray *lines;    /* (element-type guint) where each item begins in the file */
  GPtrArray *problems; /* (element-type CobroImportProblem) by line; at most COBRO_IMPORT_PROBLEMS_MAX are kept */
  guint n_problems;    /* all of them */
  guint n_rows;        /* rows below the names */
  GPtrArray *ignored;  /* (element-type utf8) columns that nothing was made of */
} CobroImport;
#define COBRO_IMPORT_PROBLEMS_MAX 1000

/**
 * cobro_import_read:
 *
 * Columns go by name (English or Spanish, capitals and blanks do not matter); cobro_import_columns() has them. Rows of
 * invoices with the same number that follow each other are the lines of one document; "total", where given, must be
 * what they come to.
 *
 * Returns: (transfer full): with its problems, or %NULL with an error of cobro_csv_parse(), or %COBRO_ERROR_INVALID
 * when a needed column is missing
 */
CobroImport *cobro_import_read (CobroImportKind kind, GBytes *bytes, const CobroImportSetup *setup, GError **error);
void cobro_import_free (CobroImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroImport, cobro_import_free)

/* (transfer container) (element-type utf8) the English names of the columns, those that are needed first. For help
 * texts. */
GPtrArray *cobro_import_columns (CobroImportKind kind);
/* How many of them, from the first on, are needed. */
guint cobro_import_n_needed (CobroImportKind kind);
/* (transfer full) a file with the names of the columns and one sample row: to begin with. */
GBytes *cobro_import_sample (CobroImportKind kind);

/* (transfer full) what the import reads back: all customers, all products. */
GBytes *cobro_export_customers (const GPtrArray *customers);
GBytes *cobro_export_products (const GPtrArray *products);
