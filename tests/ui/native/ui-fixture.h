/* tests/ui/native/ui-fixture.h — a real window over books of its own, inside the test's process; and finding, asking
 * and photographing its widgets. Needs an X server (xvfb.sh), no bus. Layer: tests. */
#pragma once
#include <adwaita.h>
#include "cobro-window.h"
#include "model-fixture.h"

typedef struct
{
  StoreFixture books;
  GtkApplication *application;
  CobroSyncEngine *engine;
  CobroKeyring *keyring;
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
  CobroWindow *window;
} UiFixture;

/* Starts GTK for the whole program; "--pictures DIR" keeps pictures of everything that is photographed. */
void ui_fixture_init (int *argc, char ***argv);
/* An empty book and no window yet. */
void ui_fixture_set_up (UiFixture *self, gconstpointer data);
void ui_fixture_tear_down (UiFixture *self, gconstpointer data);
/* Makes the window without showing it: on its links where there is anything, else at its first page. */
void ui_fixture_make_window (UiFixture *self);
/* Opens the window and waits until it was painted. */
void ui_fixture_open (UiFixture *self);
/* The same for a window as people meet it at the start, of that size. */
void ui_fixture_start (UiFixture *self, int width, int height);
/* A few links in different states, the way a merchant has them; pairs the books so that links have addresses. */
void ui_fixture_fill (UiFixture *self);
/* (transfer full) one link. */
CobroLinkItem *ui_fixture_create (UiFixture *self, const char *title, gint64 minor);

/* A card payment of €12.50 that the relay told of, for nothing in particular. */
void ui_fixture_hear_payment (UiFixture *self, CobroId *out_id);

/* Every window that is there is shown (tests/ui/README.md). */
void ui_must_hide_nothing (void);

/* Runs the main context until nothing is queued and everything is laid out. */
void ui_settle (void);
/* The toplevel with that title. */
GtkWidget *ui_toplevel (const char *title);
/* The widget of that id in a template below @root: one that is shown where there are several. */
GtkWidget *ui_id (gpointer root, const char *id);
/* Where a page of the window stands, and the page itself once it was seen. */
GtkWidget *ui_stand (gpointer window, const char *page);
GtkWidget *ui_page (gpointer window, const char *page);
/* A label below @root that is shown and says @text; NULL when there is none. */
GtkWidget *ui_find_label (gpointer root, const char *text);
/* A button below @root that is shown and named @name, by label or tooltip. */
GtkWidget *ui_button (gpointer root, const char *name);
/* (transfer full) what is on the clipboard. */
char *ui_clipboard (gpointer widget);
/* Calls @func for every widget below @root. */
void ui_walk (GtkWidget *root, void (*func) (GtkWidget *widget, gpointer data), gpointer data);
/* Moves the keyboard on as Tab does; FALSE after the last stop. */
gboolean ui_tab (GtkWidget *window);
/* (transfer full) (element-type GtkWidget) the stops of the Tab key, in order. */
GPtrArray *ui_tab_ring (GtkWidget *window);
/* Renders a widget; keeps it as NAME.png where pictures are kept. Fails on an empty picture. */
void ui_picture (gpointer widget, const char *name);
/* Presses a key on a window, as the keyboard does: shortcuts of the widgets are tried in order. */
gboolean ui_press (gpointer window, guint keyval, GdkModifierType modifiers);
