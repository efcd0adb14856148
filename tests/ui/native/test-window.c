/* tests/ui/native/test-window.c — the window: its pages, its actions, its toasts; what a keyboard and a screen reader
 * meet. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-list-view.h"
#include "cobro-qr-view.h"

static void
test_first_page (UiFixture *self, gconstpointer data)
{
  ui_fixture_open (self);
  g_assert_nonnull (ui_find_label (self->window, "Get Paid by Link"));
  g_assert_nonnull (ui_find_label (self->window, "Make a First Link"));
  g_assert_nonnull (ui_find_label (self->window, "Connect a Relay"));
  g_assert_nonnull (ui_find_label (self->window, "Look Around"));
  ui_picture (self->window, "welcome");
}

static void
test_list (UiFixture *self, gconstpointer data)
{
  ui_fixture_fill (self);
  ui_fixture_open (self);

  g_assert_nonnull (ui_find_label (self->window, "Coffee beans, 1 kg"));
  g_assert_nonnull (ui_find_label (self->window, "4 links"));
  g_assert_nonnull (ui_find_label (self->window, "Waiting to Upload"));
  g_assert_nonnull (ui_find_label (self->window, "Paid"));
  ui_picture (self->window, "list");
}

/* A list with what becomes of links. */
static void
test_shop (UiFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *title;
    gint64 price;
    const char *state;
  } shop[] = {
    { "Early bird ticket", 8000, "last_failed = 0" },
    { "Gift card", 5000, "paid = total, uses = 1, attempts = 1, refunded = total" },
    { "Workshop ticket", 12000, "last_failed = 0" },
    { "Bicycle repair", 9000, "paid = total, uses = 1, attempts = 1" },
    { "Guitar lesson", 3500, "last_failed = 1, attempts = 1" },
    { "Garden work, October", 48000, "processing = 1, open_attempts = 1, attempts = 1" },
    { "Birthday cake", 6500, "paid = total, uses = 1, attempts = 1" },
    { "Table for four, deposit", 4000, "last_failed = 0" },
    { "Coffee beans, 1 kg", 2400, "paid = total, uses = 1, attempts = 1" },
  };

  pair_books (&self->books);
  for (gsize i = 0; i < G_N_ELEMENTS (shop); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("UPDATE link SET rev = 1, waiting = 0, %s WHERE row = %d", shop[i].state, (int)i + 1);

      cobro_clock_advance (self->books.clock, 9 * COBRO_HOUR);
      g_object_unref (ui_fixture_create (self, shop[i].title, shop[i].price));
      exec_in_books (&self->books, sql);
    }
  cobro_clock_advance (self->books.clock, COBRO_HOUR);
  g_object_unref (ui_fixture_create (self, "Apple pie, whole", 2850));
  ui_fixture_open (self);
  g_assert_nonnull (ui_find_label (self->window, "10 links"));
  g_assert_nonnull (ui_find_label (self->window, "Processing"));
  g_assert_nonnull (ui_find_label (self->window, "Refunded"));
  ui_picture (self->window, "window");
}

/* proves: OPL-2 OPL-13 */
static void
test_copy_from_the_row (UiFixture *self, gconstpointer data)
{
  g_autofree char *copied = NULL;
  g_autoptr (CobroLinkItem) item = NULL;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  gtk_widget_activate (ui_button (self->window, "Copy Link"));
  wait_until (ui_find_label (self->window, "Link copied; it can be paid once a relay is connected"));
  copied = ui_clipboard (self->window);
  g_assert_cmpstr (copied, ==, cobro_link_item_get_url (item));
  g_assert_true (g_str_has_prefix (copied, "https://pay.example/pay/"));
}

static void
open_detail (UiFixture *self, CobroLinkItem *item)
{
  cobro_window_show_link (self->window, cobro_link_item_get_id (item));
  wait_until (ui_find_label (self->window, "Can Be Paid"));
  ui_settle ();
}

static void
test_detail (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  CobroQrView *qr;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea <b>& biscuits</b>", 350);
  ui_fixture_open (self);
  open_detail (self, item);

  g_assert_nonnull (ui_find_label (self->window, "€3.50"));
  g_assert_nonnull (ui_find_label (self->window, "Tea <b>& biscuits</b>")); /* titles are text, never markup */
  g_assert_nonnull (ui_find_label (self->window, "Once"));
  qr = COBRO_QR_VIEW (ui_id (self->window, "qr_view"));
  g_assert_cmpstr (cobro_qr_view_get_text (qr), ==, cobro_link_item_get_url (item));
  ui_picture (self->window, "detail");

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.back", NULL);
  wait_until (ui_find_label (self->window, "1 link"));
}

/* What was practised before these books took real money can be paid by nobody, and does not say that it is live. */
static void
test_practised (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) practised = ui_fixture_create (self, "Practised", 350);
  GtkWidget *row;

  pair_books (&self->books);
  exec_in_books (&self->books, "UPDATE link SET rev = 1, waiting = 0, sample = 1");
  g_object_unref (ui_fixture_create (self, "Tea", 350));
  exec_in_books (&self->books, "UPDATE link SET rev = 1, waiting = 0 WHERE sample = 0");
  ui_fixture_open (self);
  row = gtk_widget_get_parent (ui_find_label (self->window, "Practised"));
  while (!ui_find_label (row, "Sample"))
    row = gtk_widget_get_parent (row);
  g_assert_null (ui_find_label (row, "Tea")); /* it is its own row */
  g_assert_null (ui_find_label (row, "Live"));
  ui_picture (self->window, "practised");
  open_detail (self, practised);
  g_assert_nonnull (ui_find_label (self->window, "This is sample data. It is never uploaded and nobody can pay it."));
  ui_picture (self->window, "practised-detail");
}

/* Whoever looks at the top of the list sees what comes in there; whoever has scrolled on stays where they are. */
static void
test_newest_is_seen (UiFixture *self, gconstpointer data)
{
  GtkAdjustment *adjustment;
  double place;

  for (int i = 0; i < 40; i++)
    {
      g_autofree char *title = g_strdup_printf ("Order %d", i);

      g_object_unref (ui_fixture_create (self, title, 350));
    }
  ui_fixture_open (self);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (ui_id (self->window, "view")));
  wait_until (ui_find_label (self->window, "40 links"));
  g_object_unref (ui_fixture_create (self, "The newest", 350));
  wait_until (ui_find_label (self->window, "41 links"));
  wait_until (ui_find_label (self->window, "The newest"));
  ui_settle ();
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);

  gtk_adjustment_set_value (adjustment, 300);
  ui_settle ();
  place = gtk_adjustment_get_value (adjustment);
  g_object_unref (ui_fixture_create (self, "One more", 350));
  wait_until (ui_find_label (self->window, "42 links"));
  ui_settle ();
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >=, place);
}

/* What the customer gets to see, before there is anything online: seller, total, what for, the button; and the word in
 * its place when the link is paused. Nothing to open in a browser yet. */
static void
test_page_view (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = ui_fixture_create (self, "Tea", 350);
  g_autoptr (CobroMerchant) merchant = cobro_business_dup_merchant (self->business);
  g_autoptr (GError) error = NULL;
  GtkWidget *view;

  cobro_link_set_text (&merchant->name, "Ana's Café");
  g_assert_true (cobro_business_set_merchant (self->business, merchant, &error));
  ui_fixture_open (self);
  open_detail (self, item);

  view = ui_id (self->window, "page_view");
  for (const char *const *text = (const char *const[]){ "Ana's Café", "€3.50", "Tea", "Pay €3.50", NULL }; *text;
       text++)
    if (!ui_find_label (view, *text))
      g_error ("the page does not say \"%s\"", *text);
  g_assert_false (gtk_widget_get_visible (ui_id (view, "open_button")));
  ui_picture (view, "page-view");

  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.pause", "s", cobro_link_item_get_id (item));
  wait_until (ui_find_label (view, "Paused"));
  g_assert_null (ui_find_label (view, "Pay €3.50"));
}

/* The newest undo is there at once, whatever was said before, and takes back what it says. */
static void
test_undo (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;

  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  cobro_window_toast (self->window, "Something said before");
  g_assert_nonnull (ui_find_label (self->window, "Something said before"));

  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.pause", "s", cobro_link_item_get_id (item));
  wait_until (ui_find_label (self->window, "Link paused"));
  wait_until (ui_find_label (self->window, "Paused"));
  g_assert_null (ui_find_label (self->window, "Something said before"));
  ui_settle ();
  ui_picture (self->window, "undo");
  gtk_widget_activate (ui_button (self->window, "Undo"));
  wait_until (cobro_link_item_get_view (item).status == COBRO_LINK_OPEN);

  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.cancel", "s", cobro_link_item_get_id (item));
  wait_until (ui_find_label (self->window, "Link cancelled"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
  wait_until (cobro_link_item_get_view (item).status == COBRO_LINK_OPEN);
}

static void
test_search (UiFixture *self, gconstpointer data)
{
  GtkWidget *entry;

  ui_fixture_fill (self);
  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.find", NULL);
  entry = ui_id (self->window, "search_entry");
  gtk_editable_set_text (GTK_EDITABLE (entry), "gui");
  wait_until (ui_find_label (self->window, "1 link"));
  g_assert_nonnull (ui_find_label (self->window, "Guitar lesson"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "nothing of the kind");
  wait_until (ui_find_label (self->window, "Nothing Found"));
  gtk_widget_activate (ui_button (self->window, "Show All"));
  wait_until (ui_find_label (self->window, "4 links"));
}

static void
test_filter (UiFixture *self, gconstpointer data)
{
  ui_fixture_fill (self);
  ui_fixture_open (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_button (self->window, "Paid")), TRUE);
  wait_until (ui_find_label (self->window, "1 link"));
  g_assert_nonnull (ui_find_label (self->window, "Birthday cake"));
}

static void
test_selection (UiFixture *self, gconstpointer data)
{
  GtkSelectionModel *model;
  GtkWidget *view;
  g_autofree char *copied = NULL;

  ui_fixture_fill (self);
  ui_fixture_open (self);
  view = ui_id (self->window, "view");
  model = GTK_SELECTION_MODEL (cobro_list_view_get_selection (COBRO_LIST_VIEW (view)));

  /* A list tells its model about every row that the pointer passes: outside of selection mode nothing is ticked. */
  gtk_selection_model_select_item (model, 0, TRUE);
  g_assert_false (gtk_selection_model_is_selected (model, 0));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_id (self->window, "select_button")), TRUE);
  g_signal_emit_by_name (view, "activate", 0);
  g_signal_emit_by_name (view, "activate", 1);
  gtk_selection_model_select_item (model, 3, TRUE); /* the pointer passes */
  g_assert_nonnull (ui_find_label (self->window, "2 selected"));
  ui_settle ();
  ui_picture (self->window, "selection");

  gtk_widget_activate (ui_button (self->window, "Copy Addresses"));
  wait_until (ui_find_label (self->window, "2 addresses copied"));
  copied = ui_clipboard (self->window);
  g_assert_nonnull (strchr (copied, '\n'));

  gtk_widget_activate (ui_button (self->window, "Pause Links"));
  wait_until (ui_find_label (self->window, "Links paused"));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (ui_id (self->window, "select_button"))));
}

/* Names what asks for more than a phone has. */
static void
collect_wide (GtkWidget *widget, gpointer data)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));
  int width;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  if (width > 360 && gtk_widget_get_mapped (widget) && !GTK_IS_VIEWPORT (widget) &&
      !gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT)) /* what scrolls may be wider */
    g_string_append_printf (data, "%s #%s wants %d\n", G_OBJECT_TYPE_NAME (widget), id ? id : "-", width);
}

static void
test_360_pixels (UiFixture *self, gconstpointer data)
{
  g_autoptr (GString) wide = g_string_new (NULL);
  GtkWidget *page;
  int width;

  ui_fixture_fill (self);
  ui_fixture_make_window (self);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 640);
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->window));
  ui_settle ();

  page = ui_page (self->window, "links");
  width = gtk_widget_get_width (page);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (self->window)), <=, 362);
  g_assert_cmpint (width, <=, 360);
  g_assert_nonnull (ui_find_label (self->window, "Coffee beans, 1 kg")); /* the list, not the sidebar */
  /* Nothing is cut off: the content asks for no more than it has. */
  ui_walk (page, collect_wide, wide);
  g_assert_cmpstr (wide->str, ==, "");
  ui_picture (self->window, "list-360");
}

static void
test_rtl (UiFixture *self, gconstpointer data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  ui_fixture_fill (self);
  ui_fixture_open (self);
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (self->window)), ==, GTK_TEXT_DIR_RTL);
  ui_picture (self->window, "list-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_dark (UiFixture *self, gconstpointer data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  ui_fixture_fill (self);
  ui_fixture_open (self);
  g_assert_true (adw_style_manager_get_dark (style));
  ui_picture (self->window, "list-dark");
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
}

/* ── What a screen reader meets ── */

static gboolean
needs_name (GtkWidget *widget)
{
  switch ((int)gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)))
    {
    case GTK_ACCESSIBLE_ROLE_BUTTON:
    case GTK_ACCESSIBLE_ROLE_CHECKBOX:
    case GTK_ACCESSIBLE_ROLE_SWITCH:
    case GTK_ACCESSIBLE_ROLE_SPIN_BUTTON:
    case GTK_ACCESSIBLE_ROLE_SEARCH_BOX:
    case GTK_ACCESSIBLE_ROLE_IMG:
      return gtk_widget_get_mapped (widget);
    default:
      return FALSE;
    }
}

static gboolean
is_named (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);
  const char *text = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;

  return (text && *text) || gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* Inner parts of GTK's and libadwaita's own composites carry no name in these versions; ours are what is counted. */
static gboolean
is_inner_part (GtkWidget *widget)
{
  for (GtkWidget *at = gtk_widget_get_parent (widget); at; at = gtk_widget_get_parent (at))
    if (GTK_IS_MENU_BUTTON (at) || GTK_IS_DROP_DOWN (at) || GTK_IS_SPIN_BUTTON (at) || GTK_IS_WINDOW_CONTROLS (at) ||
        GTK_IS_CALENDAR (at) || ADW_IS_ENTRY_ROW (at) || ADW_IS_EXPANDER_ROW (at) || GTK_IS_SEARCH_BAR (at))
      return gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)) == NULL ||
             !g_str_has_prefix (G_OBJECT_TYPE_NAME (at), "Cobro");
  return FALSE;
}

static void
collect_unnamed (GtkWidget *widget, gpointer data)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  if (needs_name (widget) && !is_named (widget) && !is_inner_part (widget))
    g_string_append_printf (data, "%s #%s in %s\n", G_OBJECT_TYPE_NAME (widget), id ? id : "-",
                            G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)));
}

static void
assert_named (gpointer window)
{
  g_autoptr (GString) unnamed = g_string_new (NULL);

  ui_walk (GTK_WIDGET (window), collect_unnamed, unnamed);
  g_assert_cmpstr (unnamed->str, ==, "");
}

static void
test_names (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;

  ui_fixture_open (self);
  assert_named (self->window);
  ui_fixture_fill (self);
  wait_until (ui_find_label (self->window, "4 links"));
  assert_named (self->window);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_id (self->window, "select_button")), TRUE);
  ui_settle ();
  assert_named (self->window);

  item = ui_fixture_create (self, "Tea", 350);
  open_detail (self, item);
  assert_named (self->window);

  /* The lint bites: a button without a name is found. */
  {
    g_autoptr (GString) unnamed = g_string_new (NULL);
    GtkWidget *bare = gtk_button_new ();

    gtk_box_append (GTK_BOX (ui_id (self->window, "button_box")), bare);
    ui_settle ();
    ui_walk (GTK_WIDGET (self->window), collect_unnamed, unnamed);
    g_assert_cmpstr (unnamed->str, !=, "");
  }
}

static void
test_roles (UiFixture *self, gconstpointer data)
{
  GtkWidget *copy;

  ui_fixture_fill (self);
  ui_fixture_open (self);
  copy = ui_button (self->window, "Copy Link");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy Link");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ui_id (self->window, "view")), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Links");
}

/* proves that what is not shown is not read out */
static void
test_hidden_pages (UiFixture *self, gconstpointer data)
{
  GtkWidget *list, *detail, *welcome;
  g_autoptr (CobroLinkItem) item = NULL;

  ui_fixture_fill (self);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  list = ui_stand (self->window, "links");
  detail = ui_stand (self->window, "link");
  welcome = ui_id (self->window, "welcome_bin");
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (welcome), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (detail), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_STATE_HIDDEN, FALSE);
  open_detail (self, item);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (detail), GTK_ACCESSIBLE_STATE_HIDDEN, FALSE);
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
}

static guint
count_built (UiFixture *self)
{
  GtkWidget *stand = gtk_widget_get_first_child (ui_id (self->window, "content_stack"));
  guint n = 0;

  for (; stand; stand = gtk_widget_get_next_sibling (stand))
    n += adw_bin_get_child (ADW_BIN (stand)) != NULL;
  return n;
}

/* A window with many pages starts with one, and what has been seen stays. */
static void
test_built_late (UiFixture *self, gconstpointer data)
{
  GtkWidget *links;

  ui_fixture_fill (self);
  ui_fixture_start (self, 900, 600);
  g_assert_cmpuint (count_built (self), ==, 1); /* the overview */
  cobro_window_open_place (self->window, "links");
  g_assert_cmpuint (count_built (self), ==, 2);
  links = ui_page (self->window, "links");
  cobro_window_open_place (self->window, "products");
  cobro_window_open_place (self->window, "links");
  g_assert_cmpuint (count_built (self), ==, 3);
  g_assert_true (ui_page (self->window, "links") == links);
}

static gboolean
reaches (GPtrArray *stops, GtkWidget *wanted)
{
  for (guint i = 0; i < stops->len; i++)
    if (stops->pdata[i] == wanted || gtk_widget_is_ancestor (stops->pdata[i], wanted))
      return TRUE;
  return FALSE;
}

static void
test_tab_ring (UiFixture *self, gconstpointer data)
{
  const char *list_stops[] = { "new_button", "search_button", "select_button", "sync_button",
                               "filter_box", "view",          "menu_button",   "places" };
  const char *detail_stops[] = { "back_button", "more_button", "copy_button", "share_button", "counter_button" };
  g_autoptr (CobroLinkItem) item = NULL;
  g_autoptr (GPtrArray) stops = NULL;

  ui_fixture_fill (self);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  stops = ui_tab_ring (GTK_WIDGET (self->window));
  for (gsize i = 0; i < G_N_ELEMENTS (list_stops); i++)
    if (!reaches (stops, ui_id (self->window, list_stops[i])))
      g_error ("Tab never reaches “%s”", list_stops[i]);

  open_detail (self, item);
  g_ptr_array_unref (stops);
  stops = ui_tab_ring (GTK_WIDGET (self->window));
  for (gsize i = 0; i < G_N_ELEMENTS (detail_stops); i++)
    if (!reaches (stops, ui_id (ui_page (self->window, "link"), detail_stops[i])))
      g_error ("Tab never reaches “%s”", detail_stops[i]);
}

/* Shortcuts for one link sleep while no link is shown. */
static void
test_shortcuts_know_the_page (UiFixture *self, gconstpointer data)
{
  g_autofree char *copied = NULL;
  g_autoptr (CobroLinkItem) item = NULL;

  pair_books (&self->books);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self->window)), "before");
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.copy", NULL);
  ui_settle ();
  copied = ui_clipboard (self->window);
  g_assert_cmpstr (copied, ==, "before");

  open_detail (self, item);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.copy", NULL);
  ui_settle ();
  g_free (copied);
  copied = ui_clipboard (self->window);
  g_assert_cmpstr (copied, ==, cobro_link_item_get_url (item));
}

/* A window that was closed is gone: nothing keeps it. */
static void
test_finalized (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;

  ui_fixture_fill (self);
  item = ui_fixture_create (self, "Tea", 350);
  ui_fixture_open (self);
  open_detail (self, item);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "link.pause", "s", cobro_link_item_get_id (item));
  wait_until (ui_find_label (self->window, "Link paused"));

  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
  gtk_window_destroy (GTK_WINDOW (self->window));
  wait_until (self->window == NULL);
}

#define add(path, func) g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/window/first-page", test_first_page);
  add ("/window/list", test_list);
  add ("/window/shop", test_shop);
  add ("/window/copy-from-the-row", test_copy_from_the_row);
  add ("/window/detail", test_detail);
  add ("/window/practised", test_practised);
  add ("/window/newest-is-seen", test_newest_is_seen);
  add ("/window/page-view", test_page_view);
  add ("/window/undo", test_undo);
  add ("/window/search", test_search);
  add ("/window/filter", test_filter);
  add ("/window/selection", test_selection);
  add ("/window/360-pixels", test_360_pixels);
  add ("/window/rtl", test_rtl);
  add ("/window/dark", test_dark);
  add ("/window/names", test_names);
  add ("/window/roles", test_roles);
  add ("/window/hidden-pages", test_hidden_pages);
  add ("/window/built-late", test_built_late);
  add ("/window/tab-ring", test_tab_ring);
  add ("/window/shortcuts-know-the-page", test_shortcuts_know_the_page);
  add ("/window/finalized", test_finalized);
  return g_test_run ();
}
