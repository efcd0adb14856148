/* src/view/cobro-window.c — the window: sidebar, pages, toasts. What is done with one link is in cobro-window-link.c.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-help-window.h"
#include "cobro-hidden.h"
#include "cobro-link-dialog.h"
#include "cobro-payment-dialog.h"
#include "cobro-preferences-window.h"
#include "cobro-spoken.h"
#include "cobro-view-text.h"

#define UNDO_SECONDS 10
#define LAST_PLACE   "last-place"

G_DEFINE_FINAL_TYPE (CobroWindow, cobro_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── Toasts ── */

/* A toast never waits behind another: what was said before gives way. */
void
cobro_window_add_toast (CobroWindow *self, AdwToast *take_toast)
{
  if (!self->links) /* closed meanwhile */
    {
      g_object_ref_sink (take_toast);
      g_object_unref (take_toast);
      return;
    }
  if (self->toast)
    {
      g_autoptr (AdwToast) before = self->toast;

      g_object_remove_weak_pointer (G_OBJECT (before), (gpointer *)&self->toast);
      self->toast = NULL;
      g_object_ref (before);
      adw_toast_dismiss (before);
    }
  self->toast = take_toast;
  g_object_add_weak_pointer (G_OBJECT (take_toast), (gpointer *)&self->toast);
  adw_toast_overlay_add_toast (self->toasts, take_toast);
}

void
cobro_window_toast (CobroWindow *self, const char *text)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (COBRO_IS_WINDOW (self));

  escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */
  cobro_window_add_toast (self, adw_toast_new (escaped));
}

static void
toast_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_window_toast (COBRO_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_undo_pushed_cb (CobroWindow *self, guint step, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo-step");
  adw_toast_set_action_target (toast, "u", step);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  cobro_window_add_toast (self, toast);
}

static void
undo_step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  cobro_undo_run (cobro_links_get_undo (self->links), g_variant_get_uint32 (parameter));
}

static void
undo_newest (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  if (cobro_undo_run_newest (cobro_links_get_undo (self->links)))
    cobro_window_toast (self, _ ("Taken back"));
}

static void
on_can_undo_changed_cb (CobroWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo",
                                 cobro_undo_get_can_undo (cobro_links_get_undo (self->links)));
}

static void
on_links_failed_cb (CobroWindow *self, const char *what, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *body = g_strdup_printf (_ ("%s Your links are as they were before, and no money moved."), sentence);

  if (!self->links) /* closed meanwhile */
    return;

  cobro_dialogs_tell (GTK_WINDOW (self),
                      g_str_equal (what, "undo") ? _ ("It Could Not Be Taken Back") : _ ("It Could Not Be Done"), body);
}

/* ── Pages ── */

gboolean
cobro_window_shows_list (CobroWindow *self)
{
  return g_str_equal (cobro_window_shown_page (self), cobro_window_shown_place (self));
}

/* Shortcuts act on what is shown: those for one link sleep while no link is. */
static void
update_page_actions (CobroWindow *self)
{
  const char *actions[] = { "win.copy", "win.counter", "win.duplicate", "win.edit" };
  const char *page = cobro_window_shown_page (self);
  gboolean main_shown = g_strcmp0 (gtk_stack_get_visible_child_name (self->root_stack), "main") == 0;
  gboolean one_shown = main_shown && (g_str_equal (page, "link") || g_str_equal (page, "invoice"));

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], one_shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.find", main_shown);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", main_shown);
  cobro_window_set_typed_place (self,
                                main_shown && cobro_window_shows_list (self) ? cobro_window_shown_place (self) : NULL);
  cobro_window_select_place (self);
}

void
cobro_window_say_opened (CobroWindow *self, const char *what)
{
  g_signal_emit (self, signals[OPENED], 0, what);
}

void
cobro_window_show_item (CobroWindow *self, CobroLinkItem *item)
{
  cobro_detail_page_set_item (cobro_window_get_page (self, "link"), item);
  cobro_window_show_page (self, "link");
  cobro_window_say_opened (self, cobro_link_item_get_id (item));
}

void
cobro_window_show_place (CobroWindow *self, const char *page)
{
  cobro_window_show_page (self, page);
  if (cobro_window_peek_page (self, "link"))
    cobro_detail_page_set_item (cobro_window_peek_page (self, "link"), NULL);
  if (cobro_window_peek_page (self, "invoice"))
    cobro_invoice_page_set_item (cobro_window_peek_page (self, "invoice"), NULL);
  if (cobro_window_peek_page (self, "customer"))
    cobro_customer_page_set_item (cobro_window_peek_page (self, "customer"), NULL);
}

/* What was written stays as a draft. */
static void
leave_editor (CobroWindow *self)
{
  CobroInvoiceEditor *editor = cobro_window_peek_page (self, "invoice-editor");

  if (editor)
    cobro_invoice_editor_leave (editor);
}

static void
on_root_changed_cb (CobroWindow *self)
{
  cobro_window_build_shown (self);
  update_page_actions (self);
}

static void
on_page_changed_cb (CobroWindow *self)
{
  cobro_window_build_shown (self);
  if (!g_str_equal (cobro_window_shown_page (self), "invoice-editor"))
    leave_editor (self);
  update_page_actions (self);
  if (cobro_window_shows_list (self))
    cobro_window_say_opened (self, cobro_window_shown_place (self));
  if (self->settings)
    g_settings_set_string (self->settings, LAST_PLACE, cobro_window_shown_place (self));
}

void
cobro_window_open_place (CobroWindow *self, const char *page)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  if (cobro_window_has_place (page))
    cobro_window_show_place (self, page);
}

void
cobro_window_show_matter (CobroWindow *self, const char *key)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  cobro_window_open_place (self, "attention");
  cobro_attention_page_show (cobro_window_get_page (self, "attention"), key);
}

void
cobro_window_search (CobroWindow *self, const char *words)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  cobro_window_open_place (self, "links");
  cobro_list_page_search (cobro_window_get_page (self, "links"), words);
}

/* Where it was left. From here on it is remembered. */
static void
follow_settings (CobroWindow *self, GSettings *settings)
{
  g_autofree char *page = settings ? g_settings_get_string (settings, LAST_PLACE) : NULL;

  if (page && cobro_window_has_place (page) &&
      g_strcmp0 (gtk_stack_get_visible_child_name (self->root_stack), "main") == 0)
    cobro_window_show_place (self, page);
  g_set_object (&self->settings, settings);
}

static gboolean
on_close_request_cb (CobroWindow *self)
{
  leave_editor (self);
  return GDK_EVENT_PROPAGATE;
}

static void
on_place_activated_cb (CobroWindow *self, GtkListBoxRow *row)
{
  cobro_window_show_place (self, cobro_window_place_of_row (row));
}

static void
on_folded_cb (CobroWindow *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);

  cobro_window_set_places_folded (self, folded);
  if (folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "folded");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "folded");
}

static void
show_sidebar (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
}

static void
go_back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  if (cobro_window_shows_list (self))
    cobro_place_step_back (cobro_window_get_page (self, cobro_window_shown_place (self)));
  else
    cobro_window_show_place (self, cobro_window_shown_place (self));
}

static void
find_in (CobroWindow *self, const char *page)
{
  cobro_window_show_place (self, page);
  cobro_place_find (cobro_window_get_page (self, page));
}

static void
find (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  find_in (self, cobro_window_shown_place (self));
}

static void
find_in_place (GtkWidget *widget, const char *action, GVariant *parameter)
{
  find_in (COBRO_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_only (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  const char *page;
  guint filter;

  g_variant_get (parameter, "(&su)", &page, &filter);
  cobro_window_show_place (self, page);
  cobro_place_show_only (cobro_window_get_page (self, page), filter);
}

/* ── Dialogs ── */

static void
help (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_window_show_help (COBRO_WINDOW (widget), GTK_WINDOW (widget));
}

static void
new_link (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_window_open_link_dialog (COBRO_WINDOW (widget), COBRO_LINK_DIALOG_NEW, NULL);
}

static void
preferences (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  CobroPreferencesWindow *window =
    cobro_preferences_window_new (GTK_WINDOW (self), self->business, self->connection, self->providers);

  cobro_preferences_window_set_desktop (window, self->settings, self->background);
  cobro_preferences_window_set_backups (window, self->backups);
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_payment (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  CobroId id;

  if (cobro_id_parse (COBRO_ID_PAYMENT, g_variant_get_string (parameter, NULL), &id, NULL))
    gtk_window_present (
      GTK_WINDOW (cobro_payment_dialog_new (GTK_WINDOW (self), self->links, self->refunds, self->invoices, &id)));
}

/* ── The widget ── */

void
cobro_window_leave (CobroWindow *self)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  leave_editor (self);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
cobro_window_dispose (GObject *object)
{
  CobroWindow *self = COBRO_WINDOW (object);

  if (self->toast)
    g_object_remove_weak_pointer (G_OBJECT (self->toast), (gpointer *)&self->toast);
  self->toast = NULL;
  g_clear_object (&self->overview);
  g_clear_object (&self->links);
  g_clear_object (&self->business);
  g_clear_object (&self->bookshelf);
  g_clear_object (&self->connection);
  g_clear_object (&self->providers);
  g_clear_object (&self->refunds);
  g_clear_object (&self->invoices);
  g_clear_object (&self->settings);
  g_clear_object (&self->background);
  cobro_window_leave_books (self);
  G_OBJECT_CLASS (cobro_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.undo-step", "u", undo_step);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_newest);
  gtk_widget_class_install_action (widget_class, "win.show-sidebar", NULL, show_sidebar);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "place.find", "s", find_in_place);
  gtk_widget_class_install_action (widget_class, "place.show", "(su)", show_only);
  gtk_widget_class_install_action (widget_class, "win.new-link", NULL, new_link);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences);
  gtk_widget_class_install_action (widget_class, "payment.show", "s", show_payment);
  cobro_window_install_link_actions (widget_class);
  cobro_window_install_invoice_actions (widget_class);
  cobro_window_install_book_actions (widget_class);
  cobro_window_install_share_actions (widget_class);
  cobro_window_install_business_actions (widget_class);
  cobro_window_install_connect_actions (widget_class);
}

static void
cobro_window_class_init (CobroWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  cobro_spoken_prepare ();
  G_OBJECT_CLASS (klass)->dispose = cobro_window_dispose;
  signals[OPENED] =
    g_signal_new ("opened", COBRO_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, sidebar_title);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, primary_menu);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, business_menu);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, places);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, practice_label);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, sample_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, CobroWindow, welcome_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_place_activated_cb);
  install_actions (widget_class);
}

static void
cobro_window_init (CobroWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_help_window_listen (G_OBJECT (self));
  cobro_spoken_listen (G_OBJECT (self));
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->content_stack));
  cobro_hidden_follow_stack (self->root_stack);
  cobro_hidden_follow_stack (self->content_stack);
  cobro_hidden_follow_leaflet (self->leaflet);
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (self->primary_menu));
  cobro_window_add_pages (self);
  cobro_window_add_places (self);
  g_signal_connect_swapped (self->leaflet, "notify::folded", G_CALLBACK (on_folded_cb), self);
  g_signal_connect_swapped (self->content_stack, "notify::visible-child", G_CALLBACK (on_page_changed_cb), self);
  g_signal_connect (self, "close-request", G_CALLBACK (on_close_request_cb), NULL);
  g_signal_connect_swapped (self->root_stack, "notify::visible-child", G_CALLBACK (on_root_changed_cb), self);
}

static void
follow_models (CobroWindow *self)
{
  CobroUndo *undo = cobro_links_get_undo (self->links);

  g_signal_connect_object (undo, "pushed", G_CALLBACK (on_undo_pushed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (undo, "notify::can-undo", G_CALLBACK (on_can_undo_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->links, "changed", G_CALLBACK (cobro_window_update_root), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->links, "failed", G_CALLBACK (on_links_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "changed", G_CALLBACK (cobro_window_update_root), self, G_CONNECT_SWAPPED);
}

/* Samples leave this computer in no way: neither to a relay nor to an accountant. */
static void
show_sample (CobroWindow *self, gboolean sample)
{
  gtk_widget_set_visible (self->sample_bar, sample);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.connect", !sample);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.export-accounts", !sample);
}

CobroWindow *
cobro_window_new (GtkApplication *application, const CobroWindowModels *models)
{
  CobroWindow *self = g_object_new (COBRO_TYPE_WINDOW, "application", application, NULL);

  self->overview = g_object_ref (models->overview);
  self->links = g_object_ref (models->links);
  self->business = g_object_ref (models->business);
  self->connection = g_object_ref (models->connection);
  self->providers = g_object_ref (models->providers);
  self->refunds = g_object_ref (models->refunds);
  self->invoices = g_object_ref (models->invoices);
  g_set_object (&self->background, models->background);
  cobro_window_follow_invoices (self);
  cobro_window_follow_books (self, models);
  follow_models (self);
  on_can_undo_changed_cb (self);
  cobro_window_update_root (self);
  cobro_window_follow_bookshelf (self, models->bookshelf);
  follow_settings (self, models->settings);
  self->is_set_up = TRUE;
  on_root_changed_cb (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.practise", cobro_connection_can_practise (models->connection));
  show_sample (self, cobro_connection_is_sample (models->connection));
  return self;
}
