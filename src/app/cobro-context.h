/* src/app/cobro-context.h — builds everything and joins it: books, sync, keyring, practice relay, models.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-attention.h"
#include "cobro-business.h"
#include "cobro-connection.h"
#include "cobro-links.h"
#include "cobro-providers.h"
#include "cobro-refunds.h"
#include "cobro-window.h"

G_BEGIN_DECLS

typedef struct
{
  CobroStore *store;
  CobroSyncEngine *engine;
  CobroOverview *overview;
  CobroLinks *links;
  CobroBusiness *business;
  CobroConnection *connection;
  CobroProviders *providers;
  CobroRefunds *refunds;
  CobroInvoices *invoices;
  CobroCustomers *customers;
  CobroProducts *products;
  CobroPayments *payments;
  CobroDevelopers *developers;
  CobroEvents *events;
  CobroSchedules *schedules;
  CobroAttention *attention;
  CobroBooksImport *books_import;
  CobroBooksExport *books_export;
  CobroBackups *backups;
} CobroContext;

/**
 * cobro_context_new:
 * @folder: where the books and the practice relay's data are kept; made when needed. Keys in the keyring are filed
 *   under it, but for the default folder
 *
 * Returns: (transfer full): or %NULL with the store's error (busy, newer, corrupt, not writable …)
 */
CobroContext *cobro_context_new (const char *folder, GError **error);
/* The same without waiting for the disk. */
void cobro_context_open_async (const char *folder, GAsyncReadyCallback callback, gpointer user_data);
CobroContext *cobro_context_open_finish (GAsyncResult *result, GError **error);
/* What a window over these books shows. */
CobroWindowModels cobro_context_get_models (CobroContext *context, CobroBookshelf *bookshelf);
/* Ends what runs and closes the books. */
void cobro_context_free (CobroContext *context);
/* The same without waiting: @callback comes when the books' file, the practice relay's port and folder are free. */
void cobro_context_close_async (CobroContext *take_context, GAsyncReadyCallback callback, gpointer user_data);
void cobro_context_close_finish (GAsyncResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroContext, cobro_context_free)

/* (transfer full) the file of the books of @folder. */
char *cobro_context_dup_books (const char *folder);
/* (transfer full) the folder below the user's data folder. */
char *cobro_context_dup_default_folder (void);
/* Whether the program runs from the folder it was built in. */
gboolean cobro_context_is_uninstalled (void);

G_END_DECLS
