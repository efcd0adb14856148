/* src/document/cobro-import.h — a CSV file becomes links, invoices, customers or products; every reason why a row does
 * not. Nothing is written: reading is the dry run. All or nothing: with problems nothing may be stored.
 * Layer: document. Any thread. */
#pragma once
#include <gio/gio.h>

#include "cobro-invoice.h"
#include "cobro-link.h"
#include "cobro-locale.h"
#include "cobro-product.h"

typedef enum
{
  COBRO_IMPORT_INVOICES,
  COBRO_IMPORT_CUSTOMERS,
  COBRO_IMPORT_PRODUCTS,
  COBRO_IMPORT_LINKS
} CobroImportKind;

typedef struct
{
  const CobroMerchant *merchant; /* seller, usual currency, taxes, terms */
  CobroLocale *locale;           /* how numbers are read where both ways are possible */
  CobroTime now;                 /* for the dates of documents without any */
  /* The rest may be left out. */
  const GArray *columns;     /* (element-type int) for each of cobro_import_columns() the file's column, -1: none; NULL:
                                by name */
  GCancellable *cancellable; /* reading ends early, with what has been read until then */
  guint *rows_done;          /* atomic: how many have been read */
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
  GPtrArray *items; /* (element-type CobroInvoice, CobroCustomer, CobroProduct or CobroLink) without id. An invoice with
                       a number is a draft that has number and issue date: cobro_invoice_store_import_async() issues it
                       and gives it id and token */
  GArray *lines;    /* (element-type guint) where each item begins in the file */
  GPtrArray *problems; /* (element-type CobroImportProblem) by line; at most COBRO_IMPORT_PROBLEMS_MAX are kept. A
                          needed column that is not there is one of them: then no row was read */
  guint n_problems;    /* all of them */
  guint n_rows;        /* rows below the names */
  GPtrArray *ignored;  /* (element-type utf8) columns that nothing was made of */
  char **names;        /* of the file's columns */
  GArray *columns;     /* (element-type int) what setup.columns says, or what was found by name */
} CobroImport;
#define COBRO_IMPORT_PROBLEMS_MAX 1000000

/**
 * cobro_import_read:
 *
 * Columns go by name (English, Spanish, German, French, Portuguese; of links also Arabic; capitals and blanks do not
 * matter) or as the setup says; cobro_import_columns() has ours. Rows of
 * invoices with the same number that follow each other are the lines of one document; "total", where given, must be
 * what they come to.
 *
 * Returns: (transfer full): with its problems, or %NULL with an error of cobro_csv_parse()
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

/* Notes one more reason, for item number @item, at the column whose path @fault has. */
void cobro_import_add_problem (CobroImport *import, guint item, const GError *fault);
/* (transfer full) every reason as CSV: line, column, reason. */
GBytes *cobro_import_problems (const CobroImport *import);

/* (transfer full) what the import reads back: all customers, all products. */
GBytes *cobro_export_customers (const GPtrArray *customers);
GBytes *cobro_export_products (const GPtrArray *products);
