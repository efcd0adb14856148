/* tests/ui/native/test-looks.c — every place, every page behind a row, every dialog and every page of Preferences, once
 * in one look: GTK must not warn, nothing may ask for more room than a phone has, and with --pictures a person can
 * judge. What there is to see is asked of the window itself, so that a new page cannot be forgotten. test-ui-looks LOOK
 * [--pictures DIR] Layer: tests. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include "ui-fixture.h"
#include "ui-tour.h"

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
photograph (gpointer widget, const char *page, gpointer data)
{
  Tour *tour = data;
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
test_full (UiFixture *self, gconstpointer look)
{
  Tour tour = { self, look, "", g_string_new (NULL), 0 };
  UiTour shown = { self, tour.look->width == PHONE ? PHONE : 0, photograph, &tour, FALSE, NULL };

  ui_tour_fill (self);
  wait_until (cobro_links_get_any (self->links));
  open_window (&tour);
  ui_tour_places (&shown);
  ui_tour_actions (&shown);
  finish (&tour, 15);
}

/* Nothing is there yet: what every place says then. */
static void
test_empty (UiFixture *self, gconstpointer look)
{
  Tour tour = { self, look, "empty-", g_string_new (NULL), 0 };
  UiTour shown = { self, tour.look->width == PHONE ? PHONE : 0, photograph, &tour, FALSE, NULL };

  open_window (&tour);
  photograph (self->window, "welcome", &tour);
  pair_books (&self->books);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "root_stack")), "main");
  ui_tour_places (&shown);
  finish (&tour, 5);
}

/* What README.md shows (screenshots.sh): the sample shop, without the bar that says so or asks for a relay. */
static void
test_front (UiFixture *self, gconstpointer look)
{
  static const char *const places[] = { "overview", "links", "attention" };
  Tour tour = { self, look, "front-", g_string_new (NULL), 0 };

  ui_tour_fill (self);
  pair_books (&self->books);
  wait_until (cobro_links_get_any (self->links));
  open_window (&tour);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      cobro_window_open_place (self->window, places[i]);
      if (g_str_equal (places[i], "overview"))
        gtk_widget_set_visible (ui_id (self->window, "state_bar"), FALSE);
      ui_settle ();
      photograph (self->window, places[i], &tour);
    }
  finish (&tour, G_N_ELEMENTS (places));
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
  g_test_add ("/looks/front", UiFixture, look, ui_fixture_set_up, test_front, ui_fixture_tear_down);
  return g_test_run ();
}
