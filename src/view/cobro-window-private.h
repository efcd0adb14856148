/* src/view/cobro-window-private.h — what the files of the window share.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-link-dialog.h"
#include "cobro-detail-page.h"
#include "cobro-links-page.h"
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
  GtkListBox *places;
  GtkLabel *practice_label;
  GtkStack *content_stack;
  CobroLinksPage *links_page;
  CobroDetailPage *detail_page;
  CobroWelcomePage *welcome_page;
  AdwToast *toast; /* the one that is shown; weak */
  CobroLinks *links;
  CobroBusiness *business;
  CobroConnection *connection;
  CobroProviders *providers;
  CobroRefunds *refunds;
};

/* Shows a toast at once, in the place of the one before. */
void cobro_window_add_toast (CobroWindow *self, AdwToast *take_toast);
/* Opens a link's page. */
void cobro_window_show_item (CobroWindow *self, CobroLinkItem *item);
/* Opens the dialog that makes or changes a link; a new one is copied when it is made. */
void cobro_window_open_link_dialog (CobroWindow *self, CobroLinkDialogMode mode, CobroLinkItem *item);
/* The "link.…" actions, and those for the link that is shown. */
void cobro_window_install_link_actions (GtkWidgetClass *widget_class);

G_END_DECLS
