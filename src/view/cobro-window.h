/* src/view/cobro-window.h — the window: sidebar, pages, toasts, and the actions that people take.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-background.h"
#include "cobro-backups.h"
#include "cobro-attention.h"
#include "cobro-books-export.h"
#include "cobro-books-import.h"
#include "cobro-bookshelf.h"
#include "cobro-business.h"
#include "cobro-connection.h"
#include "cobro-customers.h"
#include "cobro-developers.h"
#include "cobro-events.h"
#include "cobro-invoices.h"
#include "cobro-links.h"
#include "cobro-overview.h"
#include "cobro-payments.h"
#include "cobro-products.h"
#include "cobro-providers.h"
#include "cobro-refunds.h"
#include "cobro-schedules.h"

G_BEGIN_DECLS

#define COBRO_TYPE_WINDOW (cobro_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroWindow, cobro_window, COBRO, WINDOW, AdwApplicationWindow)

/* Actions without parameter are "win.…" and act on what is shown; those that name a link are "link.…" (s), and
 * "payment.show" (s) opens a payment. */

/* Signal "opened" (char *what): somebody looks at a link or invoice (its id) or at a page of the sidebar (its name). */

/* What the window shows. Lent. */
typedef struct
{
  CobroOverview *overview;
  CobroLinks *links;
  CobroBusiness *business;
  CobroBookshelf *bookshelf;
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
  GSettings *settings;         /* (nullable): how the person wants the program to behave */
  CobroBackground *background; /* (nullable): without it nothing is offered for the time without a window */
} CobroWindowModels;

/* Keeps the models. */
CobroWindow *cobro_window_new (GtkApplication *application, const CobroWindowModels *models);
/* Opens a link's page; also from a notification. */
void cobro_window_show_link (CobroWindow *self, const char *id);
/* Opens an invoice's page; also from a notification. */
void cobro_window_show_invoice (CobroWindow *self, const char *id);
/* Shows what needs attention, with the keyboard on one of it (cobro_matter_dup_key()); also from a notification. */
void cobro_window_show_matter (CobroWindow *self, const char *key);
/* Shows a page of the sidebar; nothing for a name that is none. */
void cobro_window_open_place (CobroWindow *self, const char *page);
/* Shows the links that have these words in them. */
void cobro_window_search (CobroWindow *self, const char *words);
/* Opens the dialog that connects, filled in by a "cobro://pair?…" link when there is one (nullable). Nothing is done
 * before somebody presses its button: anybody may send such a link. */
void cobro_window_connect (CobroWindow *self, const char *pair_link);
/* Keeps what was being written and closes the window: before the program leaves, or its books are exchanged. */
void cobro_window_leave (CobroWindow *self);
/* Says something for a moment. */
void cobro_window_toast (CobroWindow *self, const char *text);

/* Shows the help about what is shown in @asker: this window, or a dialog of it. */
void cobro_window_show_help (CobroWindow *self, GtkWindow *asker);

G_END_DECLS
