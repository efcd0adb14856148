/* tests/ui/native/ui-tour.c — see ui-tour.h. Layer: tests. */
#include "config.h"

#include "ui-tour.h"

#include "cobro-list-view.h"
#include "cobro-sample.h"

/* What an action does that shows nothing new, or asks the desktop for a file or a relay. */
static const char *const passed_over[] = { "win.back", "win.undo", "win.find",    "win.show-sidebar", "win.practise",
                                           "win.copy", "win.edit", "win.counter", "win.share",        "win.duplicate" };

void
ui_tour_fill (UiFixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroSampleShop *shop = cobro_sample_make (self->books.clock, self->books.random, euro (), &error);

  g_assert_no_error (error);
  cobro_sample_store_fill_async (self->books.store, shop, NULL, on_result_cb, &result);
  cobro_sample_store_fill_finish (self->books.store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

static void see_askers (UiTour *self, GtkWidget *window, const char *name);

static void
show (UiTour *self, gpointer window, const char *name)
{
  self->func (window, name, self->data);
  if (self->ask)
    see_askers (self, window, name);
}

/* ── Windows that open ── */

/* (nullable) lent: the newest window besides the main one. */
static GtkWindow *
other_window (UiTour *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i - 1);

      if (window != GTK_WINDOW (self->fixture->window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return window;
    }
  return NULL;
}

static void
collect_page (GtkWidget *widget, gpointer data)
{
  if (ADW_IS_PREFERENCES_PAGE (widget) && ADW_IS_VIEW_STACK (gtk_widget_get_parent (widget)))
    g_ptr_array_add (data, widget);
}

/* (transfer full) (element-type GtkWidget) lent pages. */
static GPtrArray *
pages_of (GtkWindow *preferences)
{
  GPtrArray *pages = g_ptr_array_new ();

  ui_walk (GTK_WIDGET (preferences), collect_page, pages);
  return pages;
}

static GtkWindow *
turn_to (GtkWindow *preferences, guint page)
{
  g_autoptr (GPtrArray) pages = pages_of (preferences);

  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (preferences), pages->pdata[page]);
  ui_settle ();
  return preferences;
}

/* What some of their rows ask for closes Preferences: they are opened again. */
static void
see_preferences (UiTour *self, GtkWindow *window)
{
  g_autoptr (GPtrArray) pages = pages_of (window);

  for (guint i = 0; i < pages->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("preferences-%u", i);

      if (!ADW_IS_PREFERENCES_WINDOW (other_window (self)))
        {
          gtk_widget_activate_action (GTK_WIDGET (self->fixture->window), "win.preferences", NULL);
          ui_settle ();
        }
      window = turn_to (other_window (self), i);
      show (self, window, name);
    }
}

/* Shows and closes what has opened, the newest first. */
static gboolean
see_windows (UiTour *self, const char *name)
{
  GtkWindow *window = other_window (self);

  if (!window)
    return FALSE;

  ui_settle ();
  if (self->width > 0)
    gtk_window_set_default_size (window, self->width, 640);
  if (ADW_IS_PREFERENCES_WINDOW (window))
    see_preferences (self, window);
  else
    show (self, window, name);
  window = other_window (self);
  if (!window)
    return TRUE;
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  if (self->leave)
    self->leave (window, name, self->data);
  if (window)
    gtk_window_destroy (window);
  wait_until (window == NULL); /* nothing keeps it */
  ui_settle ();
  ui_must_hide_nothing ();
  return TRUE;
}

/* ── What opens a dialog says so with three dots ── */

typedef struct
{
  GtkWidget *widget;
  char *action; /* NULL: the widget itself is pressed */
  GVariant *target;
} Asker;

static void
asker_free (gpointer data)
{
  Asker *asker = data;

  g_object_unref (asker->widget);
  g_free (asker->action);
  g_clear_pointer (&asker->target, g_variant_unref);
  g_free (asker);
}

static gboolean
has_dots (const char *label)
{
  return label && g_str_has_suffix (label, "…");
}

static void
collect_items (GtkWidget *owner, GMenuModel *menu, GPtrArray *askers)
{
  for (int i = 0; menu && i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) below = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      g_autofree char *label = NULL;
      g_autofree char *action = NULL;

      collect_items (owner, section, askers);
      collect_items (owner, below, askers);
      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label);
      /* What the window itself can do is shown by ui_tour_actions(). */
      if (has_dots (label) && g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &action) &&
          !g_str_has_prefix (action, "win."))
        {
          Asker *asker = g_new0 (Asker, 1);

          *asker = (Asker){ g_object_ref (owner), g_steal_pointer (&action), NULL };
          asker->target = g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_TARGET, NULL);
          g_ptr_array_add (askers, asker);
        }
    }
}

static void
collect_asker (GtkWidget *widget, gpointer askers)
{
  gboolean dots =
    (GTK_IS_BUTTON (widget) && has_dots (gtk_button_get_label (GTK_BUTTON (widget)))) ||
    (ADW_IS_ACTION_ROW (widget) && has_dots (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget))));

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget))
    return;
  if (GTK_IS_MENU_BUTTON (widget))
    collect_items (widget, gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)), askers);
  else if (dots)
    {
      Asker *asker = g_new0 (Asker, 1);

      asker->widget = g_object_ref (widget);
      g_ptr_array_add (askers, asker);
    }
}

static void
press (const Asker *asker)
{
  if (asker->action)
    gtk_widget_activate_action_variant (asker->widget, asker->action, asker->target);
  else if (ADW_IS_ACTION_ROW (asker->widget))
    adw_action_row_activate (ADW_ACTION_ROW (asker->widget));
  else
    g_signal_emit_by_name (asker->widget, "clicked");
  ui_settle ();
}

static void
see_askers (UiTour *self, GtkWidget *window, const char *name)
{
  g_autoptr (GPtrArray) askers = g_ptr_array_new_with_free_func (asker_free);
  UiTour once = *self;

  once.ask = FALSE;
  ui_walk (window, collect_asker, askers);
  for (guint i = 0; i < askers->len; i++)
    {
      g_autofree char *more = g_strdup_printf ("%s-%u", name, i);

      press (askers->pdata[i]);
      if (other_window (self) && GTK_WIDGET (other_window (self)) != window)
        see_windows (&once, more);
    }
}

/* ── Places ── */

static void
find_view (GtkWidget *widget, gpointer data)
{
  if (COBRO_IS_LIST_VIEW (widget) && gtk_widget_get_mapped (widget))
    *(GtkWidget **)data = widget;
}

static const char *
page_of (UiTour *self)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->fixture->window, "content_stack")));
}

static void
go_back (UiTour *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->fixture->window), "win.back", NULL);
  ui_settle ();
}

/* What lies behind the first row of the list that is shown. */
static void
see_behind (UiTour *self)
{
  GtkWidget *view = NULL;
  g_autofree char *place = g_strdup (page_of (self));
  g_autofree char *behind = g_strconcat (place, "-row", NULL);

  ui_walk (GTK_WIDGET (self->fixture->window), find_view, &view);
  if (!view || g_list_model_get_n_items (G_LIST_MODEL (cobro_list_view_get_selection (COBRO_LIST_VIEW (view)))) == 0)
    return;

  g_signal_emit_by_name (view, "activate", 0);
  ui_settle ();
  if (see_windows (self, behind))
    return;
  if (g_str_equal (place, page_of (self)))
    return;
  show (self, self->fixture->window, page_of (self));
  go_back (self);
}

void
ui_tour_places (UiTour *self)
{
  GtkListBox *places = GTK_LIST_BOX (ui_id (self->fixture->window, "places"));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (places, i)); i++)
    {
      gtk_list_box_select_row (places, row);
      g_signal_emit_by_name (places, "row-activated", row);
      ui_settle ();
      show (self, self->fixture->window, page_of (self));
      see_behind (self);
    }
}

/* ── Actions ── */

static void
see_action (UiTour *self, const char *action)
{
  g_autofree char *before = g_strdup (page_of (self));
  g_auto (GStrv) parts = g_strsplit (action, ".", 2);

  if (g_strv_contains (passed_over, action) || !g_str_has_prefix (action, "win."))
    return;

  gtk_widget_activate_action (GTK_WIDGET (self->fixture->window), action, NULL);
  ui_settle ();
  if (see_windows (self, parts[1]) || g_str_equal (before, page_of (self)))
    return;
  show (self, self->fixture->window, page_of (self));
  go_back (self);
  while (see_windows (self, "leaving"))
    ;
}

void
ui_tour_actions (UiTour *self)
{
  GtkWidgetClass *klass = GTK_WIDGET_GET_CLASS (self->fixture->window);
  const GVariantType *type;
  const char *action, *property;
  GType owner;

  for (guint i = 0; gtk_widget_class_query_action (klass, i, &owner, &action, &type, &property); i++)
    if (owner == COBRO_TYPE_WINDOW && type == NULL)
      see_action (self, action);
}
