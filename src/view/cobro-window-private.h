/* src/view/cobro-window-private.h — what the files of the window share.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-attention-page.h"
#include "cobro-link-dialog.h"
#include "cobro-bank-page.h"
#include "cobro-customer-page.h"
#include "cobro-detail-page.h"
#include "cobro-developers-page.h"
#include "cobro-invoice-editor.h"
#include "cobro-invoice-page.h"
#include "cobro-invoices-list.h"
#include "cobro-links-list.h"
#include "cobro-list-page.h"
#include "cobro-overview-page.h"
#include "cobro-paper.h"
#include "cobro-place.h"
#include "cobro-welcome-page.h"
#include "cobro-window.h"

G_BEGIN_DECLS

struct _CobroWindow
{
  AdwApplicationWindow parent_instance;
  AdwToastOverlay *toasts;
  GtkStack *root_stack;
  AdwLeaflet *leaflet;
  GtkWidget *sidebar;
  AdwWindowTitle *sidebar_title;
  GtkMenuButton *menu_button;
  GMenu *primary_menu;
  GMenu *business_menu;
  GtkListBox *places;
  GtkLabel *practice_label;
  GtkWidget *sample_bar;
  GtkStack *content_stack;
  AdwBin *welcome_bin;
  gboolean is_set_up; /* what is shown from now on is built */
  AdwToast *toast;    /* the one that is shown; weak */
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
  GSettings *settings;         /* (nullable) */
  CobroBackground *background; /* (nullable) */
};

/* Shows a toast at once, in the place of the one before. */
void cobro_window_add_toast (CobroWindow *self, AdwToast *take_toast);
/* Somebody looks at it now. */
void cobro_window_say_opened (CobroWindow *self, const char *what);
/* Opens a link's page. */
void cobro_window_show_item (CobroWindow *self, CobroLinkItem *item);
/* Opens the dialog that makes or changes a link; a new one is copied when it is made. */
void cobro_window_open_link_dialog (CobroWindow *self, CobroLinkDialogMode mode, CobroLinkItem *item);
/* ── Pages: cobro-window-pages.c. They are names of the content stack's children. ── */

/* A stand for each page. */
void cobro_window_add_pages (CobroWindow *self);
/* Lent: that page, which is built if nobody has seen it yet. */
gpointer cobro_window_get_page (CobroWindow *self, const char *page);
/* (nullable) lent: that page if it was built. */
gpointer cobro_window_peek_page (CobroWindow *self, const char *page);
/* Builds what is shown. */
void cobro_window_build_shown (CobroWindow *self);
/* (transfer floating) the pages that tell the window of something. */
gpointer cobro_window_make_invoice_editor (CobroWindow *self);
gpointer cobro_window_make_bank_page (CobroWindow *self);

/* ── Places: cobro-window-places.c. ── */

/* Fills the sidebar. */
void cobro_window_add_places (CobroWindow *self);
/* The page that a row of the sidebar stands for. */
const char *cobro_window_place_of_row (GtkListBoxRow *row);
/* The page that is shown, and the place it belongs to: itself, or the list that one goes back to. */
const char *cobro_window_shown_page (CobroWindow *self);
const char *cobro_window_shown_place (CobroWindow *self);
/* Whether a page of that name stands in the sidebar. */
gboolean cobro_window_has_place (const char *page);
/* Tells a place that was just built what the others were told. */
void cobro_window_prepare_place (CobroWindow *self, const char *page);
/* Goes to a place; the one thing that was shown is let go. */
void cobro_window_show_place (CobroWindow *self, const char *page);
void cobro_window_show_page (CobroWindow *self, const char *page);
/* Marks the sidebar's row of what is shown. */
void cobro_window_select_place (CobroWindow *self);
void cobro_window_set_places_folded (CobroWindow *self, gboolean folded);
/* How many things wait on a page: shown beside its name; 0: nothing is. */
void cobro_window_set_place_count (CobroWindow *self, const char *page, guint n);
/* Typing begins a search on @page and nowhere else; %NULL: nowhere. */
void cobro_window_set_typed_place (CobroWindow *self, const char *page);

/* The "link.…" actions, and those for the link that is shown. */
void cobro_window_install_link_actions (GtkWidgetClass *widget_class);
/* The "invoice.…" actions and "win.new-invoice"; and what the invoices tell. */
void cobro_window_install_invoice_actions (GtkWidgetClass *widget_class);
void cobro_window_follow_invoices (CobroWindow *self);
/* (transfer full) the document on paper, and as a PDF with its name. */
CobroPaper *cobro_window_invoice_paper (CobroWindow *self, CobroInvoiceItem *item);
GBytes *cobro_window_invoice_pdf (CobroWindow *self, CobroInvoiceItem *item, char **out_name, GError **error);
/* "share.to": a link or an invoice goes to somebody; cobro-window-share.c. */
void cobro_window_install_share_actions (GtkWidgetClass *widget_class);
/* A file that somebody wants to have. Lent. */
typedef struct
{
  const char *title; /* of the dialog that asks where */
  const char *name;
  const char *mime_type;
  GBytes *bytes;
  const char *done;   /* what is said then */
  const char *failed; /* the heading where it could not be written */
} CobroSaving;
/* Asks where, writes it, and adds it to what was recently used. */
void cobro_window_save (CobroWindow *self, const CobroSaving *saving);
/* The actions on customers, products and accounts; what their pages need, and letting go of it. */
void cobro_window_install_book_actions (GtkWidgetClass *widget_class);
void cobro_window_follow_books (CobroWindow *self, const CobroWindowModels *models);
void cobro_window_leave_books (CobroWindow *self);
/* The first page, or the books; and how the window stands with its relay. */
void cobro_window_update_root (CobroWindow *self);
/* Whether one of the sidebar's lists is shown. */
gboolean cobro_window_shows_list (CobroWindow *self);
/* Connecting, practising, another computer. */
void cobro_window_install_connect_actions (GtkWidgetClass *widget_class);
/* The businesses on this computer: actions, menu and title. */
void cobro_window_install_business_actions (GtkWidgetClass *widget_class);
void cobro_window_follow_bookshelf (CobroWindow *self, CobroBookshelf *bookshelf);
/* Says which business is shown. */
void cobro_window_update_title (CobroWindow *self);

G_END_DECLS
