/* tests/ui/native/test-lists.c — long lists: what is out of sight costs nothing, what is in sight is right, and the
 * names of the columns sort by keyboard. Layer: tests. */
#include "config.h"

#include "cobro-list-row.h"
#include "cobro-list-view.h"
#include "ui-keyboard.h"

#define MANY 400

/* ── What the list shows ── */

static CobroListView *
view_of (UiFixture *self)
{
  return COBRO_LIST_VIEW (ui_id (self->window, "view"));
}

static GtkAdjustment *
adjustment_of (UiFixture *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view_of (self)));
}

typedef struct
{
  guint rows, filled;
} Count;

static void
count_row (GtkWidget *widget, gpointer data)
{
  Count *count = data;

  if (!COBRO_IS_LIST_ROW (widget))
    return;
  count->rows++;
  count->filled += cobro_list_row_get_cells (COBRO_LIST_ROW (widget)) != NULL;
}

static Count
count_rows (UiFixture *self)
{
  Count count = { 0, 0 };

  ui_walk (GTK_WIDGET (view_of (self)), count_row, &count);
  return count;
}

static void
make_links (UiFixture *self, guint n)
{
  pair_books (&self->books);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Link %u", i);

      g_object_unref (ui_fixture_create (self, title, 100 + (gint64)(n - i)));
    }
}

/* A label that is shown, and lies within the list. */
static gboolean
is_seen (UiFixture *self, const char *text)
{
  GtkWidget *label = ui_find_label (view_of (self), text);
  graphene_rect_t box;

  return label && gtk_widget_compute_bounds (label, GTK_WIDGET (view_of (self)), &box) &&
         box.origin.y + box.size.height > 0 &&
         box.origin.y < (float)gtk_widget_get_height (GTK_WIDGET (view_of (self)));
}

/* Opens the window and waits until every link is in the list: the first page is there earlier. */
static void
open_many (UiFixture *self)
{
  make_links (self, MANY);
  ui_fixture_open (self);
  wait_until (g_list_model_get_n_items (G_LIST_MODEL (cobro_list_view_get_selection (view_of (self)))) == MANY);
  wait_until (is_seen (self, "Link 399"));
  ui_settle ();
}

/* ── Tests ── */

/* Of the rows that GTK binds only those in sight have cells; they follow wherever one goes. */
static void
test_only_what_is_seen (UiFixture *self, gconstpointer data)
{
  guint most;
  Count count;

  open_many (self);
  count = count_rows (self);
  most = (guint)gtk_widget_get_height (GTK_WIDGET (view_of (self))) / 20;
  g_assert_cmpuint (count.rows, >, 100);
  g_assert_cmpuint (count.filled, >, 5);
  g_assert_cmpuint (count.filled, <, most);

  for (guint i = 1; i <= 10; i++)
    {
      double end =
        gtk_adjustment_get_upper (adjustment_of (self)) - gtk_adjustment_get_page_size (adjustment_of (self));

      gtk_adjustment_set_value (adjustment_of (self), end * (i * 7 % 11) / 10);
      ui_settle ();
      g_assert_cmpuint (count_rows (self).filled, <, most);
    }
  gtk_adjustment_set_value (adjustment_of (self), gtk_adjustment_get_upper (adjustment_of (self)));
  wait_until (is_seen (self, "Link 0"));
  g_assert_false (is_seen (self, "Link 399"));
  ui_picture (self->window, "list-end");
}

/* What is seen follows its record; what comes in is as high as the rest. */
static void
test_rows_follow (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) newest = NULL;
  double before;

  open_many (self);
  before = gtk_adjustment_get_upper (adjustment_of (self));
  newest = ui_fixture_create (self, "The newest", 50);
  wait_until (is_seen (self, "The newest"));
  g_assert_false (is_seen (self, "Paused"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.pause", "s", cobro_link_item_get_id (newest));
  wait_until (is_seen (self, "Paused"));
  wait_until (ABS (gtk_adjustment_get_upper (adjustment_of (self)) - before * (MANY + 1) / MANY) < 1);
}

static GtkWidget *
header_named (UiFixture *self, const char *name)
{
  return gtk_widget_get_ancestor (ui_find_label (view_of (self), name), GTK_TYPE_BUTTON);
}

/* Tab reaches the names of the columns, Space sorts by one, once more the other way round; both are said. */
static void
test_sort_by_keyboard (UiFixture *self, gconstpointer data)
{
  GtkWidget *amount;
  g_autofree char *heard = NULL;

  open_many (self);
  amount = header_named (self, "Amount");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (amount), GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (amount), GTK_ACCESSIBLE_PROPERTY_SORT, GTK_ACCESSIBLE_SORT_NONE);
  for (guint i = 0; i < 60 && gtk_window_get_focus (GTK_WINDOW (self->window)) != amount; i++)
    ui_key (self->window, "Tab");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == amount);

  gtk_adjustment_set_value (adjustment_of (self), 500);
  ui_key (self->window, "space");
  wait_until (is_seen (self, "€1.01"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (amount), GTK_ACCESSIBLE_PROPERTY_SORT,
                                       GTK_ACCESSIBLE_SORT_ASCENDING);
  ui_key (self->window, "space");
  wait_until (is_seen (self, "€5.00"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (amount), GTK_ACCESSIBLE_PROPERTY_SORT,
                                       GTK_ACCESSIBLE_SORT_DESCENDING);
  heard = ui_heard (self->window);
  g_assert_cmpstr (heard, ==, "column-header: Amount (Sorted in descending order)");
  ui_picture (self->window, "list-sorted");
  ui_key (self->window, "Return");
  wait_until (is_seen (self, "€1.01"));
}

/* The arrows go from row to row, beyond the edge as well; each is said as it stands there. */
static void
test_rows_are_said (UiFixture *self, gconstpointer data)
{
  g_autofree char *heard = NULL;

  open_many (self);
  for (guint i = 0; i < 60 && !cobro_list_view_has_focused_row (view_of (self)); i++)
    ui_key (self->window, "Tab");
  for (guint i = 0; i < 30; i++)
    {
      ui_key (self->window, "Down");
      ui_settle ();
    }
  wait_until (is_seen (self, "Link 369"));
  heard = ui_heard (self->window);
  g_test_message ("%s", heard);
  g_assert_true (g_str_has_prefix (heard, "row: Link 369, "));
  ui_key (self->window, "End");
  ui_settle ();
  wait_until (is_seen (self, "Link 0"));
  g_free (heard);
  heard = ui_heard (self->window);
  g_assert_true (g_str_has_prefix (heard, "row: Link 0, "));
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/lists/only-what-is-seen", test_only_what_is_seen);
  add ("/lists/rows-follow", test_rows_follow);
  add ("/lists/sort-by-keyboard", test_sort_by_keyboard);
  add ("/lists/rows-are-said", test_rows_are_said);
  return g_test_run ();
}
