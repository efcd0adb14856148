/* src/document/cobro-accounts-zip.h — a period for the accountant, or everything: tables (CSV), documents (JSON and
 * PDF, and UBL where it can be), in one ZIP. Layer: document. Any thread; writes the file and blocks: not on the main
 * one. */
#pragma once
#include <gio/gio.h>

#include "cobro-customer.h"
#include "cobro-invoice-status.h"
#include "cobro-link-visit.h"
#include "cobro-payment.h"
#include "cobro-product.h"
#include "cobro-recurring.h"
#include "cobro-refund.h"

/* Calls @visit with each link, one after the other; ends with its first FALSE. */
typedef gboolean (*CobroAccountsEachLink) (gpointer links, CobroLinkVisit visit, gpointer data, GError **error);

/* Everything of the period. Lent. */
typedef struct
{
  CobroDay from, to;   /* both included */
  gboolean everything; /* not of a period: then @from says nothing, and there are drafts */
  CobroTime now;       /* what links and documents are at */
  const CobroMerchant *merchant;
  GPtrArray *invoices;  /* (element-type CobroInvoice) invoices and credit notes */
  GArray *views;        /* (element-type CobroInvoiceView) what each is now */
  GPtrArray *drafts;    /* (element-type CobroInvoice) */
  GArray *draft_views;  /* (element-type CobroInvoiceView) */
  GPtrArray *payments;  /* (element-type CobroPayment) that succeeded */
  GArray *paid_at;      /* (element-type CobroTime) of each payment */
  GPtrArray *refunds;   /* (element-type CobroRefund) that succeeded */
  GPtrArray *customers; /* (element-type CobroCustomer) */
  GPtrArray *products;  /* (element-type CobroProduct) */
  GPtrArray *recurring; /* (element-type CobroRecurring) */
  GBytes *logo;         /* (nullable) */
  gint64 n_links;
  CobroAccountsEachLink each_link; /* of as many as there are: called twice, for the table and for the data */
  gpointer links;
} CobroAccountsPeriod;

/* How far it is, in records: called from the thread that writes. */
typedef void (*CobroAccountsProgress) (guint done, guint total, gpointer data);

/**
 * cobro_accounts_zip_write:
 * @path: the file; replaced only when the whole has been written
 * @progress: (nullable):
 *
 * invoices.csv, lines.csv, taxes.csv, payments.csv, refunds.csv, customers.csv, products.csv, recurring.csv, links.csv,
 * with everything also drafts.csv (what people wrote cannot be taken for a formula; links, customers and products are
 * what the import reads back), json/ with each document and, in books.json and links.json, the rest, pdf/ with each
 * document as the buyer has it, ubl/ with each that keeps the rules of EN 16931. The same period gives the same bytes.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED, %COBRO_ERROR_IO, or an error of @each_link; nothing is left behind then
 */
gboolean cobro_accounts_zip_write (const char *path, const CobroAccountsPeriod *period, GCancellable *cancellable,
                                   CobroAccountsProgress progress, gpointer data,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
