/* tests/ui/native/test-keyboard.c — every place, page, dialog and page of Preferences, found by asking the window, for
 * somebody who has a keyboard and ears only: Tab goes round and reaches everything, everything has a name, no two
 * things are called the same, no two access keys clash, Escape closes, F1 explains; and every dialog fits on a
 * low screen, or scrolls. Layer: tests. */
#include "config.h"

#include "cobro-help-window.h"
#include "ui-keyboard.h"
#include "ui-tour.h"

#define SMALL 360 /* pixels: the lowest and the narrowest window that everything can be used in */

typedef struct
{
  UiFixture *fixture;
  GString *wrong;
  guint seen, stops, menu_keys;
} Walk;

static void
complain (Walk *walk, const char *where, const char *what, GtkWidget *widget)
{
  g_autofree char *said = ui_said (widget);
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  g_string_append_printf (walk->wrong, "%s: %s: %s #%s “%s”\n", where, what, G_OBJECT_TYPE_NAME (widget), id ? id : "-",
                          said);
}

/* ── The ring of Tab ── */

static gboolean
reaches (GPtrArray *stops, GtkWidget *wanted)
{
  for (guint i = 0; i < stops->len; i++)
    if (stops->pdata[i] == wanted || gtk_widget_is_ancestor (stops->pdata[i], wanted) ||
        gtk_widget_is_ancestor (wanted, stops->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
may_have_focus (GtkWidget *widget)
{
  for (GtkWidget *at = widget; at; at = gtk_widget_get_parent (at))
    if (!gtk_widget_get_can_focus (at) || !gtk_widget_get_child_visible (at))
      return FALSE;
  return gtk_widget_get_focusable (widget) && gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget);
}

static void
collect_focusable (GtkWidget *widget, gpointer data)
{
  if (may_have_focus (widget))
    g_ptr_array_add (data, widget);
}

static gboolean
is_role (GtkWidget *widget, GtkAccessibleRole role)
{
  return gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == role;
}

/* Rows of a list are gone through with the arrows; one of them is enough for Tab, and none of an empty list. */
static gboolean
is_by_arrows (GPtrArray *stops, GtkWidget *widget)
{
  GtkWidget *list = is_role (widget, GTK_ACCESSIBLE_ROLE_LIST_ITEM) ? gtk_widget_get_parent (widget) : NULL;

  return GTK_IS_LIST_BOX (widget) || (list && reaches (stops, list)) ||
         gtk_widget_get_ancestor (widget, GTK_TYPE_COLUMN_VIEW) || gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_VIEW);
}

static void
must_be_a_ring (Walk *walk, GtkWidget *window, const char *where, GPtrArray *stops)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  GtkWidget *next;

  ui_walk (window, collect_focusable, wanted);
  for (guint i = 0; i < wanted->len; i++)
    if (!reaches (stops, wanted->pdata[i]) && !is_by_arrows (stops, wanted->pdata[i]))
      complain (walk, where, "Tab never gets to", wanted->pdata[i]);
  if (stops->len == 0)
    return;
  gtk_window_set_focus (GTK_WINDOW (window), stops->pdata[stops->len - 1]);
  ui_tab (window);
  next = gtk_window_get_focus (GTK_WINDOW (window));
  if (next && next != stops->pdata[0])
    complain (walk, where, "after the last stop Tab goes to", next);
}

/* ── Names ── */

/* The same thing in two places, such as “New Invoice” in the header and on an empty page. */
static gboolean
do_the_same (GtkWidget *a, GtkWidget *b)
{
  GtkActionable *one = GTK_IS_ACTIONABLE (a) ? GTK_ACTIONABLE (a) : NULL;
  GtkActionable *two = GTK_IS_ACTIONABLE (b) ? GTK_ACTIONABLE (b) : NULL;

  return one && two && gtk_actionable_get_action_name (one) &&
         g_strcmp0 (gtk_actionable_get_action_name (one), gtk_actionable_get_action_name (two)) == 0 &&
         !gtk_actionable_get_action_target_value (one) && !gtk_actionable_get_action_target_value (two);
}

static void
must_be_named (Walk *walk, const char *where, GPtrArray *stops)
{
  g_autoptr (GHashTable) heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < stops->len; i++)
    {
      GtkWidget *stop = stops->pdata[i];
      GtkWidget *before;
      g_autofree char *name = NULL;
      g_autofree char *said = NULL;

      gtk_window_set_focus (GTK_WINDOW (gtk_widget_get_root (stop)), stop);
      name = ui_spoken_name (stop);
      said = ui_said (stop);
      g_test_message ("%s: %s", where, said);
      before = g_hash_table_lookup (heard, said);
      if (!*name && !GTK_IS_SCROLLED_WINDOW (stop))
        complain (walk, where, "has no name", stop);
      else if (before && !do_the_same (before, stop) && !is_role (stop, GTK_ACCESSIBLE_ROLE_LIST_ITEM) &&
               !is_role (stop, GTK_ACCESSIBLE_ROLE_ROW)) /* of which two may say the same */
        complain (walk, where, "is called the same as another", stop);
      g_hash_table_insert (heard, g_steal_pointer (&said), stop);
    }
}

/* ── Access keys ── */

typedef struct
{
  Walk *walk;
  const char *where;
  GHashTable *keys;
} Mnemonics;

static void
must_be_own_key (GtkWidget *widget, gpointer data)
{
  Mnemonics *self = data;
  guint key = GTK_IS_LABEL (widget) ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget)) : GDK_KEY_VoidSymbol;

  if (key == GDK_KEY_VoidSymbol || !gtk_widget_get_mapped (widget))
    return;
  if (!g_hash_table_add (self->keys, GUINT_TO_POINTER (gdk_keyval_to_lower (key))))
    complain (self->walk, self->where, "has the access key of another", widget);
}

/* ── Access keys of menus ── */

typedef struct
{
  Walk *walk;
  const char *where;
  GtkWidget *owner;
} Menu;

/* 0: none. */
static gunichar
access_key (const char *label)
{
  for (const char *at = strchr (label, '_'); at; at = strchr (at + 1, '_'))
    {
      if (at[1] != '_')
        return g_unichar_tolower (g_utf8_get_char (at + 1));
      at++;
    }
  return 0;
}

/* Sections are parts of the same menu, a menu below it is another. */
static void
must_have_own_keys (const Menu *self, GMenuModel *menu, GHashTable *keys)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) below = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      g_autoptr (GHashTable) keys_below = g_hash_table_new (NULL, NULL);
      g_autofree char *label = NULL;
      gunichar key = 0;

      if (section)
        must_have_own_keys (self, section, keys);
      else if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label))
        key = access_key (label);
      if (key != 0 && !g_hash_table_add (keys, GUINT_TO_POINTER (key)))
        complain (self->walk, self->where, label, self->owner);
      if (below)
        must_have_own_keys (self, below, keys_below);
    }
}

static GMenuModel *
menu_of (GtkWidget *widget)
{
  if (ADW_IS_SPLIT_BUTTON (widget))
    return adw_split_button_get_menu_model (ADW_SPLIT_BUTTON (widget));
  return GTK_IS_MENU_BUTTON (widget) ? gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)) : NULL;
}

static void
look_into_menu (GtkWidget *widget, gpointer data)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (NULL, NULL);
  Mnemonics *self = data;
  GMenuModel *menu = menu_of (widget);

  if (!menu || !gtk_widget_get_mapped (widget))
    return;
  must_have_own_keys (&(Menu){ self->walk, self->where, widget }, menu, keys);
  self->walk->menu_keys += g_hash_table_size (keys);
}

/* ── Help ── */

/* F1 opens a page about what is shown, not the list of all. */
static void
must_explain (Walk *walk, GtkWindow *window, const char *where)
{
  GtkWidget *help;

  if (COBRO_IS_HELP_WINDOW (window))
    return;
  if (window == GTK_WINDOW (walk->fixture->window)) /* where F1 is an accelerator of the application's */
    gtk_widget_activate_action (GTK_WIDGET (window), "win.help", NULL);
  else
    ui_press (window, GDK_KEY_F1, 0);
  help = ui_toplevel ("Help");
  if (g_str_equal (adw_window_title_get_title (ADW_WINDOW_TITLE (ui_id (help, "window_title"))), "Help"))
    complain (walk, where, "F1 does not explain", GTK_WIDGET (window));
  gtk_window_destroy (GTK_WINDOW (help));
}

/* ── A low screen ── */

/* What does not fit into a small window must scroll: nobody gets at what is below the edge of the screen. */
static void
must_be_low (Walk *walk, const char *where, GtkWidget *window)
{
  int width, height;

  if (window == GTK_WIDGET (walk->fixture->window)) /* which test-looks shows low */
    return;
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, MAX (width, SMALL), &height, NULL, NULL, NULL);
  if (height > SMALL)
    complain (walk, where, "does not fit on a low screen", window);
}

/* ── One page ── */

static void
look (gpointer window, const char *name, gpointer data)
{
  Walk *walk = data;
  g_autoptr (GHashTable) keys = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) stops = NULL;

  if (GTK_IS_FILE_CHOOSER (window)) /* which is GTK's, or the desktop's */
    return;
  ui_settle ();
  stops = ui_tab_ring (window);
  if (stops->len == 0)
    g_string_append_printf (walk->wrong, "%s: nothing gets the keyboard\n", name);
  must_be_a_ring (walk, window, name, stops);
  must_be_named (walk, name, stops);
  ui_walk (window, must_be_own_key, &(Mnemonics){ walk, name, keys });
  ui_walk (window, look_into_menu, &(Mnemonics){ walk, name, keys });
  must_explain (walk, window, name);
  must_be_low (walk, name, window);
  walk->seen++;
  walk->stops += stops->len;
}

static void
leave (gpointer window, const char *name, gpointer data)
{
  Walk *walk = data;
  gpointer watched = window;

  g_object_add_weak_pointer (window, &watched);
  ui_key (window, "Escape");
  ui_settle ();
  if (watched && gtk_widget_get_visible (window))
    complain (walk, name, "Escape does not close", window);
  if (watched)
    g_object_remove_weak_pointer (watched, &watched);
}

static void
finish (Walk *walk, guint at_least)
{
  g_test_message ("%u pages with %u stops, %u access keys in menus", walk->seen, walk->stops, walk->menu_keys);
  g_assert_cmpuint (walk->menu_keys, >, 5);
  g_assert_cmpuint (walk->seen, >=, at_least);
  g_assert_cmpstr (walk->wrong->str, ==, "");
  g_string_free (walk->wrong, TRUE);
}

static void
test_full (UiFixture *self, gconstpointer data)
{
  Walk walk = { .fixture = self, .wrong = g_string_new (NULL) };
  UiTour tour = { self, 0, look, &walk, TRUE, leave };

  ui_tour_fill (self);
  wait_until (cobro_links_get_any (self->links));
  ui_fixture_open (self);
  ui_tour_places (&tour);
  ui_tour_actions (&tour);
  finish (&walk, 15);
}

static void
test_empty (UiFixture *self, gconstpointer data)
{
  Walk walk = { .fixture = self, .wrong = g_string_new (NULL) };
  UiTour tour = { self, 0, look, &walk, TRUE, leave };

  ui_fixture_open (self);
  look (self->window, "welcome", &walk);
  pair_books (&self->books);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "root_stack")), "main");
  ui_tour_places (&tour);
  finish (&walk, 5);
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/keyboard/full", test_full);
  add ("/keyboard/empty", test_empty);
  return g_test_run ();
}
