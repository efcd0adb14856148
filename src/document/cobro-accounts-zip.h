/* src/document/cobro-accounts-zip.h — a period for the accountant: tables (CSV), documents (JSON and PDF, and UBL where
 * it can be), in one ZIP. Layer: document. Any thread; writes the file and blocks: not on the main one. */
#pragma once
#include <gio/gio.h>

#include "cobro-customer.h"
#include "cobro-invoice-status.h"
#include "cobro-payment.h"
#include "cobro-refund.h"

/* Everything of the period. Lent. */
typedef struct
{
  CobroDay from, to; /* both included */
  const CobroMerchant *merchant;
  GPtrArray *invoices;  /* (element-type CobroInvoice) invoices and credit notes */
  GArray *views;        /* (element-type CobroInvoiceView) what each is now */
  GPtrArray *payments;  /* (element-type CobroPayment) that succeeded */
  GArray *paid_at;      /* (element-type CobroTime) of each payment */
  GPtrArray *refunds;   /* (element-type CobroRefund) that succeeded */
  GPtrArray *customers; /* (element-type CobroCustomer) */
  GBytes *logo;         /* (nullable) */
} CobroAccountsPeriod;

/* How far it is: called from the thread that writes. */
typedef void (*CobroAccountsProgress) (guint done, guint total, gpointer data);

/**
 * cobro_accounts_zip_write:
 * @path: the file; replaced only when the whole has been written
 * @progress: (nullable):
 *
 * invoices.csv, lines.csv, taxes.csv, payments.csv, refunds.csv, customers.csv (what people wrote cannot be taken for a
 * formula), json/ with each document, pdf/ with each as the buyer has it, ubl/ with each that keeps the rules of EN
 * 16931. The same period gives the same bytes.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED, or %COBRO_ERROR_IO; nothing is left behind then
 */
gboolean cobro_accounts_zip_write (const char *path, const CobroAccountsPeriod *period, GCancellable *cancellable,
                                   CobroAccountsProgress progress, gpointer data,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) "accounts-2026-01-01-2026-03-31.zip" */
char *cobro_accounts_zip_name (const CobroAccountsPeriod *period);
