/* tests/ui/native/test-overview.c — the first thing that is seen: figures per currency that open what they count, the
 * chart by keyboard and by name, the same as a table, what happened last, and every state of it. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-chart.h"

/* FIXTURE_NOW is 14 November 2023, 22:13 UTC. */

static void
pay (UiFixture *self, const char *currency, gint64 minor, int months_ago)
{
  static int number;
  g_autofree char *id = g_strdup_printf ("pay_01hf7d0000000000000000%04d", number++);
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, minor);
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO payment (id, document, state, currency, amount, received, received_currency, paid_at, created_at, "
    "updated_at) VALUES ('%s', json_object ('id', '%s', 'status', 'succeeded', 'amount', %s, 'currency', '%s', "
    "'received', "
    "json_object ('amount', %s, 'currency', '%s'), 'gateway', 'stripe', 'createdAt', '2023-11-14T00:00:00Z'), 7, '%s', "
    "%s, %s, '%s', 1700000000000000 - %d * 2629800000000, 1700000000000000 - %d * 2629800000000, 1)",
    id, id, amount, currency, amount, currency, currency, amount, amount, currency, months_ago, months_ago);

  exec_in_books (&self->books, sql);
}

/* A year of a shop in two currencies, with invoices that are open and late, and news. */
static void
fill_year (UiFixture *self)
{
  static const gint64 euros[] = {
    123450, 281900, 240000, 198750, 0, 310000, 275500, 150000, 99000, 120500, 80000, 45000
  };

  ui_fixture_fill (self);
  for (int i = 0; i < (int)G_N_ELEMENTS (euros); i++)
    if (euros[i] > 0)
      pay (self, "EUR", euros[i], i);
  pay (self, "USD", 99900, 0);
  pay (self, "USD", 49900, 3);
  exec_in_books (
    &self->books,
    "INSERT INTO invoice (id, link_id, document, number, reference, buyer, words, sort_buyer, sort_total, created_at, "
    "updated_at, kind, decision, series, currency, total, period, standing, owed, late_day) "
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT 'inv_' || i, 'link_' || i, "
    "'{}', "
    "'2023-000' || i, '', '', '', '', 0, 1, 1, 0, 1, '', CASE WHEN i = 5 THEN 'USD' ELSE 'EUR' END, 12000 * i, '', 1, "
    "12000 * i, CASE WHEN i < 3 THEN 19600 ELSE 19800 END FROM n;"
    "INSERT INTO event (sequence, id, type, occurred_at, link_id, object_id, object, hash) SELECT row, 'evt_' || row, "
    "CASE row WHEN 1 THEN 'link.viewed' WHEN 2 THEN 'payment.failed' WHEN 3 THEN 'payment.succeeded' "
    "ELSE 'provider.degraded' END, 1700000000000000 - row * 3600000000, id, id, '{}', '' FROM link WHERE row <= 4");
  g_object_unref (ui_fixture_create (self, "Gift card", 5000)); /* with it the books tell of everything */
  ui_settle ();
}

static const char *
page_shown (UiFixture *self)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")));
}

/* The button whose name, as it is read aloud, says all of that. */
static void
assert_named (UiFixture *self, const char *tile, const char *name)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ui_id (self->window, tile)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       name);
}

static void
test_figures (UiFixture *self, gconstpointer data)
{
  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  g_assert_cmpstr (page_shown (self), ==, "overview");
  g_assert_nonnull (ui_find_label (self->window, "€1,234.50"));
  assert_named (self, "received_tile",
                "Received This Month: €1,234.50, Last month €2,819.00, €0.00 by this day; $999.00, Last month $0.00, "
                "$0.00 by this day");
  assert_named (self, "open_tile", "Open Invoices: €1,200.00, 4 invoices; $600.00, 1 invoice");
  assert_named (self, "overdue_tile", "Overdue: €360.00, 2 invoices");
  assert_named (self, "links_tile", "Open Links: 4, Can be paid once a relay is connected");
  g_assert_cmpint (gtk_widget_get_width (ui_id (self->window, "tiles")), <=,
                   gtk_widget_get_width (ui_page (self->window, "overview")) - 24); /* nothing is cut off */
  ui_picture (self->window, "overview");

  /* Each opens what it counts. */
  gtk_widget_activate (ui_id (self->window, "overdue_tile"));
  wait_until (g_str_equal (page_shown (self), "invoices"));
  wait_until (ui_find_label (self->window, "2 invoices"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "overview", 0);
  gtk_widget_activate (ui_id (self->window, "open_tile"));
  wait_until (ui_find_label (self->window, "5 invoices"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "overview", 0);
  gtk_widget_activate (ui_id (self->window, "links_tile"));
  wait_until (ui_find_label (self->window, "4 links"));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "place.show", "(su)", "overview", 0);
  gtk_widget_activate (ui_id (self->window, "attention_tile"));
  wait_until (g_str_equal (page_shown (self), "attention"));
}

/* What came in this month, and one payment of last month that is not among it; then everything again. */
static void
test_payments_of_a_month (UiFixture *self, gconstpointer data)
{
  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  gtk_widget_activate (ui_id (self->window, "received_tile"));
  wait_until (ui_find_label (self->window, "2 payments"));
  g_assert_cmpstr (page_shown (self), ==, "payments");
  ui_picture (self->window, "overview-month-opened");
  gtk_widget_activate (ui_button (self->window, "Only November 2023; click to show all"));
  wait_until (ui_find_label (self->window, "13 payments"));
}

static GtkWidget *
bar (UiFixture *self, guint i)
{
  GtkWidget *at = gtk_widget_get_first_child (ui_id (self->window, "chart"));

  for (; i > 0; i--)
    at = gtk_widget_get_next_sibling (at);
  return at;
}

static void
assert_on (UiFixture *self, guint i)
{
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == bar (self, i));
  g_assert_cmpuint (cobro_chart_get_selected (COBRO_CHART (ui_id (self->window, "chart"))), ==, i);
}

static void
test_chart (UiFixture *self, gconstpointer data)
{
  GtkWidget *chart;

  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  chart = ui_id (self->window, "chart");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_ROLE_LIST);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar (self, 11)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "November 2023: €1,234.50 received in 1 payment");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (bar (self, 7)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "July 2023: nothing received");
  g_assert_true (gtk_widget_grab_focus (chart));
  assert_on (self, 11);
  g_assert_true (gtk_widget_child_focus (chart, GTK_DIR_LEFT));
  assert_on (self, 10);
  g_assert_nonnull (ui_find_label (self->window, "October 2023: €2,819.00 received in 1 payment"));
  g_assert_true (gtk_widget_child_focus (chart, GTK_DIR_RIGHT));
  g_assert_true (gtk_widget_child_focus (chart, GTK_DIR_RIGHT)); /* stays at the end */
  assert_on (self, 11);
  g_assert_true (ui_press (self->window, GDK_KEY_Home, 0));
  assert_on (self, 0);
  g_assert_false (gtk_widget_child_focus (chart, GTK_DIR_TAB_FORWARD)); /* one stop of the Tab key */
  g_assert_true (ui_press (self->window, GDK_KEY_End, 0));
  g_assert_true (ui_press (self->window, GDK_KEY_Return, 0));
  wait_until (ui_find_label (self->window, "2 payments"));
}

/* The other currency has a chart of its own, and the table says the same. */
static void
test_table (UiFixture *self, gconstpointer data)
{
  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (ui_id (self->window, "currency_drop")), 1);
  g_assert_nonnull (ui_find_label (self->window, "November 2023: $999.00 received in 1 payment"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (ui_id (self->window, "table_button")), TRUE);
  ui_settle ();
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (ui_id (self->window, "table")), GTK_ACCESSIBLE_ROLE_TABLE);
  g_assert_nonnull (ui_find_label (self->window, "August 2023"));
  g_assert_nonnull (ui_find_label (self->window, "$499.00"));
  ui_picture (self->window, "overview-table");
}

static void
test_events_open (UiFixture *self, gconstpointer data)
{
  GtkWidget *row;

  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  g_assert_nonnull (ui_find_label (self->window, "Garden work, October"));
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_id (self->window, "events")), 3));
  g_signal_emit_by_name (row, "activate");
  wait_until (g_str_equal (page_shown (self), "link"));
}

/* What changes in the books changes here. */
static void
test_live (UiFixture *self, gconstpointer data)
{
  fill_year (self);
  ui_fixture_start (self, 1100, 900);
  pay (self, "EUR", 10000, 0);
  g_object_unref (ui_fixture_create (self, "Tea", 350)); /* the books tell of it */
  wait_until (ui_find_label (self->window, "€1,334.50"));
}

static void
test_nothing_yet (UiFixture *self, gconstpointer data)
{
  pair_books (&self->books);
  g_object_unref (ui_fixture_create (self, "Tea", 350));
  ui_fixture_start (self, 1100, 760);
  g_assert_nonnull (ui_find_label (self->window, "Nothing last month, either"));
  g_assert_nonnull (ui_find_label (self->window, "Nothing is owed"));
  g_assert_nonnull (ui_find_label (self->window, "Nothing is late"));
  ui_picture (self->window, "overview-empty");
}

/* Names what asks for more than a phone has. */
static void
collect_wide (GtkWidget *widget, gpointer data)
{
  int width;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  if (gtk_widget_get_mapped (widget) && width > 360)
    g_string_append_printf (data, "%s wants %d\n", G_OBJECT_TYPE_NAME (widget), width);
}

static void
test_looks (UiFixture *self, gconstpointer data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autoptr (GString) wide = g_string_new (NULL);

  fill_year (self);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  ui_fixture_start (self, 360, 1200);
  ui_walk (ui_page (self->window, "overview"), collect_wide, wide);
  g_assert_cmpstr (wide->str, ==, "");
  ui_picture (self->window, "overview-360-dark");
  gtk_window_destroy (GTK_WINDOW (self->window));
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  ui_fixture_start (self, 1100, 900);
  g_assert_true (gtk_widget_grab_focus (ui_id (self->window, "chart")));
  g_assert_true (gtk_widget_child_focus (ui_id (self->window, "chart"), GTK_DIR_RIGHT)); /* back in time */
  assert_on (self, 10);
  ui_picture (self->window, "overview-rtl");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
add (const char *path, void (*func) (UiFixture *self, gconstpointer data))
{
  g_test_add (path, UiFixture, NULL, ui_fixture_set_up, func, ui_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  add ("/overview/figures", test_figures);
  add ("/overview/payments-of-a-month", test_payments_of_a_month);
  add ("/overview/chart", test_chart);
  add ("/overview/table", test_table);
  add ("/overview/events-open", test_events_open);
  add ("/overview/live", test_live);
  add ("/overview/nothing-yet", test_nothing_yet);
  add ("/overview/looks", test_looks);
  return g_test_run ();
}
