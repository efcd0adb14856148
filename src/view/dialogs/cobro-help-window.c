/* src/view/dialogs/cobro-help-window.c — the help: a list of tasks, and a page for each. Layer: view. Main thread. */
#include "config.h"

#include "cobro-help-window.h"

#include <glib/gi18n.h>
#include "cobro-help-page.h"
#include "cobro-hidden.h"
#include "cobro-view-text.h"

#define ID_KEY "cobro-help-page"

struct _CobroHelpWindow
{
  AdwWindow parent_instance;
  AdwWindowTitle *window_title;
  GtkButton *back_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkScrolledWindow *scroller;
  AdwBin *page_bin;
};

G_DEFINE_FINAL_TYPE (CobroHelpWindow, cobro_help_window, ADW_TYPE_WINDOW)

/* What dialogs and pages of Preferences are about. What is asked before something is done belongs to what asks. */
static const struct
{
  const char *type;
  const char *page;
} about[] = {
  { "CobroLinkDialog", "links" },
  { "CobroCounterWindow", "links" },
  { "CobroPreviewWindow", "invoices" },
  { "CobroPrintWindow", "invoices" },
  { "CobroVoidDialog", "invoices" },
  { "CobroRepeatDialog", "invoices" },
  { "CobroSchedulesDialog", "invoices" },
  { "CobroNumberingPage", "invoices" },
  { "CobroMailPage", "invoices" },
  { "CobroCustomerDialog", "customers" },
  { "CobroStatementDialog", "customers" },
  { "CobroAgedDialog", "customers" },
  { "CobroProductDialog", "products" },
  { "CobroTaxDialog", "products" },
  { "CobroTaxesPage", "products" },
  { "CobroRecordDialog", "payments" },
  { "CobroRefundDialog", "payments" },
  { "CobroPaymentDialog", "payments" },
  { "CobroBankChooseDialog", "bank" },
  { "CobroResendDialog", "attention" },
  { "CobroConnectDialog", "connect" },
  { "CobroInviteDialog", "connect" },
  { "CobroProviderDialog", "connect" },
  { "CobroProvidersPage", "connect" },
  { "CobroRuleDialog", "connect" },
  { "CobroImportDialog", "backup" },
  { "CobroExportDialog", "backup" },
  { "CobroRestoreDialog", "backup" },
  { "CobroRescueWindow", "backup" },
  { "CobroBackupPage", "backup" },
  { "CobroApiKeyDialog", "developers" },
  { "CobroDeliveryDialog", "developers" },
  { "CobroEndpointDialog", "developers" },
  { "CobroEventDialog", "developers" },
  { "CobroBusinessesDialog", "business" },
  { "CobroBusinessPage", "business" },
  { "CobroGeneralPage", "desktop" },
  { "CobroPreferencesWindow", "connect" }, /* its page about the relay has no type of its own */
};

const char *
cobro_help_page_of_type (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (about); i++)
    if (g_str_equal (about[i].type, type))
      return about[i].page;
  return NULL;
}

const char *
cobro_help_page_of_dialog (GtkWindow *dialog)
{
  const char *page = NULL;

  for (GtkWindow *at = dialog; at && !page; at = gtk_window_get_transient_for (at))
    {
      if (ADW_IS_PREFERENCES_WINDOW (at))
        page = cobro_help_page_of_type (
          G_OBJECT_TYPE_NAME (adw_preferences_window_get_visible_page (ADW_PREFERENCES_WINDOW (at))));
      if (!page)
        page = cobro_help_page_of_type (G_OBJECT_TYPE_NAME (at));
    }
  return page;
}

static void
fill_list (CobroHelpWindow *self)
{
  for (const char *const *id = cobro_help_pages (); *id; id++)
    {
      g_autoptr (CobroHelpPage) page = cobro_help_page_load (*id, g_get_language_names ());
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), page->title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), page->about);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data (G_OBJECT (row), ID_KEY, (gpointer)*id);
      gtk_list_box_append (self->list, row);
    }
}

static void
show_list (CobroHelpWindow *self)
{
  if (!gtk_list_box_get_row_at_index (self->list, 0))
    fill_list (self);
  adw_window_title_set_title (self->window_title, _ ("Help"));
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), FALSE);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
show_page (CobroHelpWindow *self, const CobroHelpPage *page)
{
  adw_window_title_set_title (self->window_title, page->title);
  adw_bin_set_child (self->page_bin, cobro_help_page_create (page));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_stack_set_visible_child_name (self->stack, "page");
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->scroller));
}

static void
show_named (CobroHelpWindow *self, const char *id)
{
  g_autoptr (CobroHelpPage) page = id ? cobro_help_page_load (id, g_get_language_names ()) : NULL;

  if (page)
    show_page (self, page);
  else
    show_list (self);
}

static void
on_row_activated_cb (CobroHelpWindow *self, GtkListBoxRow *row)
{
  show_named (self, g_object_get_data (G_OBJECT (row), ID_KEY));
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_list (COBRO_HELP_WINDOW (widget));
}

static void
cobro_help_window_class_init (CobroHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroHelpWindow, page_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_install_action (widget_class, "help.back", NULL, on_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
}

static void
cobro_help_window_init (CobroHelpWindow *self)
{
  g_autoptr (GtkWindowGroup) own = gtk_window_group_new (); /* a modal dialog does not shut it out */

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_group_add_window (own, GTK_WINDOW (self));
  cobro_hidden_follow_stack (self->stack);
}

static CobroHelpWindow *
find_open (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GObject) window = g_list_model_get_item (windows, i);

      if (COBRO_IS_HELP_WINDOW (window))
        return COBRO_HELP_WINDOW (window);
    }
  return NULL;
}

/* The window behind all that opened from it. */
static GtkWidget *
root_of (GtkWidget *window)
{
  GtkWindow *at = GTK_WINDOW (window);

  while (gtk_window_get_transient_for (at))
    at = gtk_window_get_transient_for (at);
  return GTK_WIDGET (at);
}

void
cobro_help_window_show (GtkWindow *asker, const char *page)
{
  CobroHelpWindow *self = find_open ();

  if (!self)
    self = g_object_new (COBRO_TYPE_HELP_WINDOW, "transient-for", root_of (GTK_WIDGET (asker)), "destroy-with-parent",
                         TRUE, NULL);
  show_named (self, page);
  gtk_window_present (GTK_WINDOW (self));
}

/* ── Asked in a dialog ── */

/* What belongs to no page, such as a question, is about the place that is shown. */
static gboolean
on_asked_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  const char *page = GTK_IS_WINDOW (widget) ? cobro_help_page_of_dialog (GTK_WINDOW (widget)) : NULL;

  if (GTK_IS_APPLICATION_WINDOW (widget) || COBRO_IS_HELP_WINDOW (widget))
    return FALSE; /* which have the application's keys, and the help */
  if (page || !gtk_widget_activate_action (root_of (widget), "win.help", NULL))
    cobro_help_window_show (GTK_WINDOW (widget), page);
  return TRUE;
}

static void
on_toplevels_changed_cb (GListModel *windows, guint position, guint removed, guint added, gpointer keeper)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GtkEventController *keys = gtk_shortcut_controller_new ();

      gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F1, 0), gtk_callback_action_new (on_asked_cb, NULL, NULL)));
      gtk_widget_add_controller (window, keys);
    }
}

void
cobro_help_window_listen (GObject *keeper)
{
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (on_toplevels_changed_cb), keeper,
                           0);
}
