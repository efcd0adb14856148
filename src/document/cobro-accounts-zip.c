/* src/document/cobro-accounts-zip.c — a period, or everything, in one ZIP (libarchive).
 * Layer: document. Any thread; blocks. */
#include "cobro-accounts-zip.h"
#include "cobro-accounts-tables.h"
#include "cobro-einvoice.h"
#include "cobro-error.h"
#include "cobro-export-links.h"
#include "cobro-import.h"
#include "cobro-paper.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-invoice.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-product.h"
#include "cobro-wire-recurring.h"
#include "cobro-wire-refund.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  const CobroAccountsPeriod *period;
  struct archive *archive;
  GHashTable *names; /* (element-type utf8) given out already */
  GCancellable *cancellable;
  CobroAccountsProgress progress; /* (nullable) */
  gpointer data;
  guint64 halves; /* how far: a link is written twice, a document at once */
} Zip;

static void
tell (Zip *zip, guint halves)
{
  const CobroAccountsPeriod *period = zip->period;

  zip->halves += halves;
  if (zip->progress != NULL)
    zip->progress ((guint)(zip->halves / 2), (guint)period->n_links + period->invoices->len + period->drafts->len,
                   zip->data);
}

static gboolean
refuse_archive (Zip *zip, GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_IO, "the ZIP cannot be written: %s", archive_error_string (zip->archive));
}

/* @n: -1: as much as will come by add_data(). */
static gboolean
begin_file (Zip *zip, const char *name, gssize n, GError **error)
{
  struct archive_entry *entry;
  gboolean fine;

  if (g_cancellable_set_error_if_cancelled (zip->cancellable, error))
    return FALSE;
  entry = archive_entry_new ();
  archive_entry_set_pathname_utf8 (entry, name);
  if (n >= 0)
    archive_entry_set_size (entry, (la_int64_t)n);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  /* The same period gives the same bytes. */
  archive_entry_set_mtime (entry, cobro_day_begins_at (zip->period->to, "UTC") / COBRO_SECOND, 0);
  fine = archive_write_header (zip->archive, entry) == ARCHIVE_OK;
  archive_entry_free (entry);
  return fine || refuse_archive (zip, error);
}

static gboolean
add_data (Zip *zip, gconstpointer data, gsize n, GError **error)
{
  return archive_write_data (zip->archive, data, n) == (la_ssize_t)n || refuse_archive (zip, error);
}

static gboolean
add_file (Zip *zip, const char *name, gconstpointer data, gsize n, GError **error)
{
  return begin_file (zip, name, (gssize)n, error) && add_data (zip, data, n, error);
}

static gboolean
add_bytes (Zip *zip, const char *name, GBytes *take_bytes, GError **error)
{
  g_autoptr (GBytes) bytes = take_bytes;
  gsize n;
  gconstpointer data = g_bytes_get_data (bytes, &n);

  return add_file (zip, name, data, n, error);
}

static gboolean
add_text (Zip *zip, const char *name, char *take_text, GError **error)
{
  g_autofree char *text = take_text;

  return add_file (zip, name, text, strlen (text), error);
}

/* (transfer full) the document's number as a file name, used once. */
static char *
name_of (Zip *zip, const CobroInvoice *invoice)
{
  g_autofree char *stem = g_strdup (invoice->number[0] != '\0' ? invoice->number : invoice->id.text);
  char *name;

  for (char *at = stem; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_", *at) == NULL)
      *at = '-';
  name = g_strdup (stem);
  for (guint i = 2; g_hash_table_contains (zip->names, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", stem, i);
    }
  g_hash_table_add (zip->names, g_strdup (name));
  return name;
}

static gboolean
add_pdf (Zip *zip, const CobroInvoice *invoice, const CobroInvoiceView *view, const char *name, GError **error)
{
  const CobroMerchant *merchant = zip->period->merchant;
  const CobroPaperSetup setup = {
    .locale = g_str_equal (invoice->locale, "auto") ? merchant->locale : invoice->locale,
    .accent = merchant->accent,
    .logo = zip->period->logo,
    .letter = merchant->letter,
    .today = zip->period->to,
  };
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, view, &setup);
  g_autofree char *path = g_strdup_printf ("pdf/%s.pdf", name);
  GBytes *pdf = cobro_paper_to_pdf (paper, error);

  return pdf != NULL && add_bytes (zip, path, pdf, error);
}

/* Not every document can be one: a buyer without an address, a country outside of the rules. */
static gboolean
add_ubl (Zip *zip, const CobroInvoice *invoice, const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("ubl/%s.xml", name);
  char *xml = cobro_einvoice_to_ubl (invoice, NULL);

  return xml == NULL || add_text (zip, path, xml, error);
}

static gboolean
add_document (Zip *zip, const CobroInvoice *invoice, const CobroInvoiceView *view, GError **error)
{
  g_autofree char *name = name_of (zip, invoice);
  g_autofree char *json = g_strdup_printf ("json/%s.json", name);

  return add_text (zip, json, cobro_wire_invoice_to_document (invoice, FALSE), error) &&
         add_pdf (zip, invoice, view, name, error) && add_ubl (zip, invoice, name, error);
}

static gboolean
add_documents (Zip *zip, GError **error)
{
  const CobroAccountsPeriod *period = zip->period;

  for (guint i = 0; i < period->invoices->len; i++, tell (zip, 2))
    if (!add_document (zip, period->invoices->pdata[i], &g_array_index (period->views, CobroInvoiceView, i), error))
      return FALSE;
  return TRUE;
}

/* Nobody has been sent one: there is no paper of it. */
static gboolean
add_drafts (Zip *zip, GError **error)
{
  const CobroAccountsPeriod *period = zip->period;

  for (guint i = 0; i < period->drafts->len; i++, tell (zip, 2))
    {
      const CobroInvoice *draft = period->drafts->pdata[i];
      g_autofree char *name = name_of (zip, draft);
      g_autofree char *json = g_strdup_printf ("json/%s.json", name);

      if (!add_text (zip, json, cobro_wire_invoice_to_document (draft, FALSE), error))
        return FALSE;
    }
  return TRUE;
}

/* ── Links: as many as there are, one after the other ───────────────────────────────────────────────────────────── */

#define ROWS_AT_ONCE 256

typedef struct
{
  Zip *zip;
  CobroCsvWriter *table;
  guint rows; /* in @table */
} Rows;

static gboolean
flush_rows (Rows *rows, GError **error)
{
  g_autoptr (GBytes) bytes = cobro_csv_writer_take (rows->table);
  gsize n;
  gconstpointer data = g_bytes_get_data (bytes, &n);

  rows->rows = 0;
  return add_data (rows->zip, data, n, error);
}

static gboolean
put_row (const CobroLink *link, const CobroLinkTally *tally, const char *url, gpointer data, GError **error)
{
  Rows *rows = data;

  if (g_cancellable_set_error_if_cancelled (rows->zip->cancellable, error))
    return FALSE;
  cobro_export_links_put (rows->table, link, tally, url, rows->zip->period->now);
  tell (rows->zip, 1);
  return ++rows->rows < ROWS_AT_ONCE || flush_rows (rows, error);
}

static gboolean
add_link_table (Zip *zip, GError **error)
{
  const CobroAccountsPeriod *period = zip->period;
  g_autoptr (CobroCsvWriter) table = cobro_csv_writer_new ();
  Rows rows = { zip, table, 0 };

  cobro_export_links_begin (table);
  return begin_file (zip, "links.csv", -1, error) && period->each_link (period->links, put_row, &rows, error) &&
         flush_rows (&rows, error);
}

typedef struct
{
  Zip *zip;
  gboolean comma;
} Elements;

static gboolean
put_element (const CobroLink *link, const CobroLinkTally *tally, const char *url, gpointer data, GError **error)
{
  Elements *elements = data;
  const CobroWireLinkContext context = { .url = url, .tally = tally, .now = elements->zip->period->now };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *text = NULL;
  g_autofree char *element = NULL;

  if (g_cancellable_set_error_if_cancelled (elements->zip->cancellable, error))
    return FALSE;
  cobro_wire_link_write (writer, NULL, link, &context);
  text = cobro_wire_writer_take (writer);
  element = g_strconcat (elements->comma ? ",\n" : "", text, NULL);
  elements->comma = TRUE;
  tell (elements->zip, 1);
  return add_data (elements->zip, element, strlen (element), error);
}

static gboolean
add_link_data (Zip *zip, GError **error)
{
  const CobroAccountsPeriod *period = zip->period;
  Elements elements = { zip, FALSE };

  return begin_file (zip, "json/links.json", -1, error) && add_data (zip, "{\"links\":[\n", 11, error) &&
         period->each_link (period->links, put_element, &elements, error) && add_data (zip, "]}", 2, error);
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) everything but links and documents, which have files of their own. */
static char *
books_to_json (const CobroAccountsPeriod *period)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  char date[COBRO_DATE_SIZE];

  cobro_wire_begin_object (writer, NULL);
  if (!period->everything)
    {
      cobro_day_to_text (period->from, date);
      cobro_wire_put_text (writer, "from", date);
    }
  cobro_day_to_text (period->to, date);
  cobro_wire_put_text (writer, "to", date);
  cobro_wire_merchant_write (writer, "merchant", period->merchant);
  cobro_wire_begin_array (writer, "payments");
  for (guint i = 0; i < period->payments->len; i++)
    cobro_wire_payment_write (writer, NULL, period->payments->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "refunds");
  for (guint i = 0; i < period->refunds->len; i++)
    cobro_wire_refund_write (writer, NULL, period->refunds->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "customers");
  for (guint i = 0; i < period->customers->len; i++)
    cobro_wire_customer_write (writer, NULL, period->customers->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "products");
  for (guint i = 0; i < period->products->len; i++)
    cobro_wire_product_write (writer, NULL, period->products->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "recurring");
  for (guint i = 0; i < period->recurring->len; i++)
    cobro_wire_recurring_write (writer, NULL, period->recurring->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
add_all (Zip *zip, GError **error)
{
  const CobroAccountsPeriod *period = zip->period;

  g_hash_table_add (zip->names, g_strdup ("books"));
  g_hash_table_add (zip->names, g_strdup ("links"));
  return add_bytes (zip, "invoices.csv", cobro_accounts_invoices (period), error) &&
         add_bytes (zip, "lines.csv", cobro_accounts_lines (period), error) &&
         add_bytes (zip, "taxes.csv", cobro_accounts_taxes (period), error) &&
         (!period->everything || add_bytes (zip, "drafts.csv", cobro_accounts_drafts (period), error)) &&
         add_bytes (zip, "payments.csv", cobro_accounts_payments (period), error) &&
         add_bytes (zip, "refunds.csv", cobro_accounts_refunds (period), error) &&
         add_bytes (zip, "customers.csv", cobro_export_customers (period->customers), error) &&
         add_bytes (zip, "products.csv", cobro_export_products (period->products), error) &&
         add_bytes (zip, "recurring.csv", cobro_accounts_recurring (period), error) && add_link_table (zip, error) &&
         add_text (zip, "json/books.json", books_to_json (period), error) && add_link_data (zip, error) &&
         add_documents (zip, error) && add_drafts (zip, error);
}

static gboolean
write_zip (int fd, const CobroAccountsPeriod *period, GCancellable *cancellable, CobroAccountsProgress progress,
           gpointer data, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Zip zip = { .period = period,
              .archive = archive_write_new (),
              .names = names,
              .cancellable = cancellable,
              .progress = progress,
              .data = data };
  gboolean fine = FALSE;

  if (archive_write_set_format_zip (zip.archive) != ARCHIVE_OK ||
      archive_write_set_options (zip.archive, "zip:compression=deflate") != ARCHIVE_OK ||
      archive_write_open_fd (zip.archive, fd) != ARCHIVE_OK)
    refuse_archive (&zip, error);
  else
    fine = add_all (&zip, error) && (archive_write_close (zip.archive) == ARCHIVE_OK || refuse_archive (&zip, error));
  archive_write_free (zip.archive);
  return fine;
}

gboolean
cobro_accounts_zip_write (const char *path, const CobroAccountsPeriod *period, GCancellable *cancellable,
                          CobroAccountsProgress progress, gpointer data, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  int fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean fine;

  g_return_val_if_fail (period->views->len == period->invoices->len, FALSE);
  g_return_val_if_fail (period->draft_views->len == period->drafts->len, FALSE);

  if (fd < 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "“%s” cannot be written: %s", path, g_strerror (errno));
  fine = write_zip (fd, period, cancellable, progress, data, error);
  if (fine && fsync (fd) != 0)
    fine = cobro_error_set (error, COBRO_ERROR_IO, "“%s” cannot be written: %s", path, g_strerror (errno));
  close (fd);
  if (fine && rename (part, path) != 0)
    fine = cobro_error_set (error, COBRO_ERROR_IO, "“%s” cannot be written: %s", path, g_strerror (errno));
  if (!fine)
    unlink (part);
  return fine;
}
