/* src/store/cobro-accounts-store.h — what leaves the books as a file: everything of a period, or everything.
 * Layer: store. Main context, unless it says otherwise. */
#pragma once
#include "cobro-customer-store.h"
#include "cobro-link-visit.h"
#include "cobro-product-store.h"
#include "cobro-recurring.h"

/* Sample data never leaves. */
typedef struct
{
  CobroDay from, to;   /* civil days in the merchant's zone, both included */
  gboolean everything; /* whatever its date is, drafts and customers that nothing was written for included */
} CobroAccountsQuery;

typedef struct _CobroAccountsReading CobroAccountsReading;

/* All in the order of its date, or by name. */
typedef struct
{
  GPtrArray *invoices;  /* (element-type CobroInvoiceRecord) issued in it: invoices and credit notes */
  GPtrArray *drafts;    /* (element-type CobroInvoiceRecord) with everything only */
  GPtrArray *payments;  /* (element-type CobroPayment) succeeded in it */
  GArray *paid_at;      /* (element-type CobroTime) of each payment */
  GPtrArray *refunds;   /* (element-type CobroRefund) succeeded in it */
  GPtrArray *customers; /* (element-type CobroCustomer) who are named in it */
  GPtrArray *products;  /* (element-type CobroProduct) whatever the period */
  GPtrArray *recurring; /* (element-type CobroRecurring) whatever the period */
  gint64 n_links;       /* made in it, but for those of invoices: cobro_accounts_each_link() */
  CobroTime now;
  CobroAccountsReading *reading; /* private */
} CobroAccounts;

/* Works with what was read, all of it as it was in one moment; @accounts lives until it returns. FALSE with @error. */
typedef gboolean (*CobroAccountsWork) (const CobroAccounts *accounts, gpointer data, GError **error);

/**
 * cobro_accounts_store_visit_async:
 * @work: called on the thread for copies and exports, where nothing of the window waits; may take minutes
 * @data: (transfer full): for @work
 *
 * Errors of the books, and those of @work.
 */
void cobro_accounts_store_visit_async (CobroStore *store, const CobroAccountsQuery *query, CobroAccountsWork work,
                                       gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_accounts_store_visit_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* Inside of @work: one link after the other, by its time; never all of them in memory. Ends with the first FALSE. */
gboolean cobro_accounts_each_link (const CobroAccounts *accounts, CobroLinkVisit visit, gpointer data,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
