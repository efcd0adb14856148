/* tests/ui/native/test-looks.c — every place, every page behind a row, every dialog and every page of Preferences, once
 * in one look: GTK must not warn, nothing may ask for more room than a phone has, and with --pictures a person can
 * judge. What there is to see is asked of the window itself, so that a new page cannot be forgotten. test-ui-looks LOOK
 * [--pictures DIR] Layer: tests. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include "cobro-sample.h"
#include "ui-fixture.h"

#define PHONE 360
#define LARGE (144 * 1024) /* gtk-xft-dpi of "Large Text" */

typedef struct
{
  const char *name;
  int width, height;
  const char *locale; /* NULL: English */
  gboolean dark, contrast, large, twice;
} Look;

static const Look all_looks[] = {
  { "light", 1000, 680, NULL, FALSE, FALSE, FALSE, FALSE },
  { "dark", 1000, 680, NULL, TRUE, FALSE, FALSE, FALSE },
  { "contrast", 1000, 680, NULL, FALSE, TRUE, FALSE, FALSE },
  { "contrast-dark", 1000, 680, NULL, TRUE, TRUE, FALSE, FALSE },
  { "es", 1000, 680, "es_ES.UTF-8", FALSE, FALSE, FALSE, FALSE },
  { "ar", 1000, 680, "ar_EG.UTF-8", FALSE, FALSE, FALSE, FALSE },
  { "narrow", PHONE, 640, NULL, FALSE, FALSE, FALSE, FALSE },
  { "ar-narrow", PHONE, 640, "ar_EG.UTF-8", FALSE, FALSE, FALSE, FALSE },
  { "large", 1000, 680, NULL, FALSE, FALSE, TRUE, FALSE },
  { "double", 1000, 680, NULL, FALSE, FALSE, FALSE, TRUE },
  { "low", 1000, 400, NULL, FALSE, FALSE, FALSE, FALSE },
};

typedef struct
{
  UiFixture *fixture;
  const Look *look;
  const char *books; /* "" or "empty-" */
  GString *wrong;
  guint seen;
} Tour;

/* What an action does that shows nothing new, or asks the desktop for a file or a relay. */
static const char *const passed_over[] = { "win.back", "win.undo", "win.find",    "win.show-sidebar", "win.practise",
                                           "win.copy", "win.edit", "win.counter", "win.share",        "win.duplicate" };

/* What asks for more room than it has is cut off at the window's edge, and its header with it. */
static void
must_be_whole (GtkWidget *widget, gpointer data)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t at;

  if (!ADW_IS_HEADER_BAR (widget) || !gtk_widget_get_mapped (widget) ||
      !gtk_widget_compute_bounds (widget, window, &at))
    return;
  if (at.origin.x < -1 || at.origin.x + at.size.width > gtk_widget_get_width (window) + 1)
    g_string_append_printf (data, "cut off: from %.0f, %.0f wide, in a window of %d: ", at.origin.x, at.size.width,
                            gtk_widget_get_width (window));
}

static void
photograph (Tour *tour, gpointer widget, const char *page)
{
  g_autofree char *name = g_strdup_printf ("%s-%s%s", tour->look->name, tour->books, page);
  int width = gtk_widget_get_width (GTK_WIDGET (tour->fixture->window));

  gsize before = tour->wrong->len;

  ui_picture (widget, name);
  tour->seen++;
  ui_walk (widget, must_be_whole, tour->wrong);
  if (tour->wrong->len > before)
    g_string_append_printf (tour->wrong, "%s\n", name);
  if (tour->look->width == PHONE && width > PHONE + 2)
    g_string_append_printf (tour->wrong, "%s is %d wide\n", name, width);
}

/* ── Windows that open ── */

/* (nullable) lent: a window besides the main one. */
static GtkWindow *
other_window (Tour *tour)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = g_list_model_get_n_items (windows); i > 0; i--)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i - 1);

      if (window != GTK_WINDOW (tour->fixture->window) && gtk_widget_get_visible (GTK_WIDGET (window)))
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

static void
see_preferences (Tour *tour, AdwPreferencesWindow *window)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new ();

  ui_walk (GTK_WIDGET (window), collect_page, pages);
  for (guint i = 0; i < pages->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("preferences-%u", i);

      adw_preferences_window_set_visible_page (window, pages->pdata[i]);
      photograph (tour, window, name);
    }
}

/* Photographs and closes what has opened, the newest first. */
static gboolean
see_windows (Tour *tour, const char *name)
{
  GtkWindow *window = other_window (tour);

  if (!window)
    return FALSE;

  ui_settle ();
  if (tour->look->width == PHONE)
    gtk_window_set_default_size (window, PHONE, 640);
  if (ADW_IS_PREFERENCES_WINDOW (window))
    see_preferences (tour, ADW_PREFERENCES_WINDOW (window));
  else
    photograph (tour, window, name);
  gtk_window_destroy (window);
  ui_settle ();
  return TRUE;
}

/* ── Places ── */

static void
find_view (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_COLUMN_VIEW (widget) && gtk_widget_get_mapped (widget))
    *(GtkWidget **)data = widget;
}

static const char *
page_of (Tour *tour)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_id (tour->fixture->window, "content_stack")));
}

static void
go_back (Tour *tour)
{
  gtk_widget_activate_action (GTK_WIDGET (tour->fixture->window), "win.back", NULL);
  ui_settle ();
}

/* What lies behind the first row of the list that is shown. */
static void
see_behind (Tour *tour)
{
  GtkWidget *view = NULL;
  g_autofree char *place = g_strdup (page_of (tour));
  g_autofree char *behind = g_strconcat (place, "-row", NULL);

  ui_walk (GTK_WIDGET (tour->fixture->window), find_view, &view);
  if (!view || g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)))) == 0)
    return;

  g_signal_emit_by_name (view, "activate", 0);
  ui_settle ();
  if (see_windows (tour, behind))
    return;
  if (g_str_equal (place, page_of (tour)))
    return;
  photograph (tour, tour->fixture->window, page_of (tour));
  go_back (tour);
}

static void
see_places (Tour *tour)
{
  GtkListBox *places = GTK_LIST_BOX (ui_id (tour->fixture->window, "places"));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (places, i)); i++)
    {
      gtk_list_box_select_row (places, row);
      g_signal_emit_by_name (places, "row-activated", row);
      ui_settle ();
      photograph (tour, tour->fixture->window, page_of (tour));
      see_behind (tour);
    }
}

/* ── Actions ── */

static void
see_action (Tour *tour, const char *action)
{
  g_autofree char *before = g_strdup (page_of (tour));
  g_auto (GStrv) parts = g_strsplit (action, ".", 2);

  if (g_strv_contains (passed_over, action) || !g_str_has_prefix (action, "win."))
    return;

  gtk_widget_activate_action (GTK_WIDGET (tour->fixture->window), action, NULL);
  ui_settle ();
  if (see_windows (tour, parts[1]) || g_str_equal (before, page_of (tour)))
    return;
  photograph (tour, tour->fixture->window, page_of (tour));
  go_back (tour);
  while (see_windows (tour, "leaving"))
    ;
}

static void
see_actions (Tour *tour)
{
  GtkWidgetClass *klass = GTK_WIDGET_GET_CLASS (tour->fixture->window);
  const GVariantType *type;
  const char *action, *property;
  GType owner;

  for (guint i = 0; gtk_widget_class_query_action (klass, i, &owner, &action, &type, &property); i++)
    if (owner == COBRO_TYPE_WINDOW && type == NULL)
      see_action (tour, action);
}

/* ── The tests ── */

static void
open_window (Tour *tour)
{
  ui_fixture_make_window (tour->fixture);
  gtk_window_set_default_size (GTK_WINDOW (tour->fixture->window), tour->look->width, tour->look->height);
  gtk_window_present (GTK_WINDOW (tour->fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (tour->fixture->window));
  ui_settle ();
}

static void
finish (Tour *tour, guint at_least)
{
  g_test_message ("%u pictures", tour->seen);
  g_assert_cmpuint (tour->seen, >=, at_least);
  g_assert_cmpstr (tour->wrong->str, ==, "");
  g_string_free (tour->wrong, TRUE);
}

static void
fill (UiFixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroSampleShop *shop = cobro_sample_make (self->books.clock, self->books.random, euro (), &error);

  g_assert_no_error (error);
  cobro_sample_store_fill_async (self->books.store, shop, NULL, on_result_cb, &result);
  cobro_sample_store_fill_finish (self->books.store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

static void
test_full (UiFixture *self, gconstpointer look)
{
  Tour tour = { self, look, "", g_string_new (NULL), 0 };

  fill (self);
  wait_until (cobro_links_get_any (self->links));
  open_window (&tour);
  see_places (&tour);
  see_actions (&tour);
  finish (&tour, 15);
}

/* Nothing is there yet: what every place says then. */
static void
test_empty (UiFixture *self, gconstpointer look)
{
  Tour tour = { self, look, "empty-", g_string_new (NULL), 0 };

  open_window (&tour);
  photograph (&tour, self->window, "welcome");
  pair_books (&self->books);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "root_stack")), "main");
  see_places (&tour);
  finish (&tour, 5);
}

static const Look *
look_of (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_looks); i++)
    if (g_str_equal (all_looks[i].name, name))
      return &all_looks[i];
  g_error ("no look “%s”", name);
}

int
main (int argc, char **argv)
{
  const Look *look = look_of (argc > 1 ? argv[1] : "light");

  g_setenv ("GDK_SCALE", look->twice ? "2" : "1", TRUE);
  g_setenv ("ADW_DEBUG_HIGH_CONTRAST", look->contrast ? "1" : "0", TRUE);
  if (look->locale)
    {
      g_setenv ("LC_ALL", look->locale, TRUE);
      g_setenv ("LANGUAGE", look->locale, TRUE);
    }
  if (argc > 1)
    {
      argv[1] = argv[0];
      argc--, argv++;
    }
  ui_fixture_init (&argc, &argv);
  /* GTK's tests speak English unless they are told again. */
  if (look->locale)
    {
      setlocale (LC_ALL, look->locale);
      bindtextdomain (GETTEXT_PACKAGE, COBRO_BUILD_LOCALEDIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
      if (g_str_has_prefix (look->locale, "ar"))
        gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
    }
  if (look->large)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", LARGE, NULL);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      look->dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_test_add ("/looks/full", UiFixture, look, ui_fixture_set_up, test_full, ui_fixture_tear_down);
  g_test_add ("/looks/empty", UiFixture, look, ui_fixture_set_up, test_empty, ui_fixture_tear_down);
  return g_test_run ();
}
