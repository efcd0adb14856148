/* tests/ui/native/test-bank.c — account statements in the window: groups with their reasons, recording one and all and
 * taking it back, choosing, ignoring, the question for dates, what cannot be read, and the keyboard. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-bank-page.h"
#include "cobro-bank-row.h"

/* The fixture's clock stands on 2023-11-14. */
#define INVOICES                                                                                                       \
  "number,date,customer,description,unit price,currency\n"                                                             \
  "2023-0007,2023-11-01,Ana Díaz,Repair,120.00,EUR\n2023-0008,2023-11-01,Bruno GmbH,Bags,80.00,EUR\n"                 \
  "2023-0009,2023-11-01,Carla,Paper,50.00,EUR\n2023-0010,2023-11-01,Dora,Ink,50.00,EUR\n"
#define STATEMENT                                                                                                      \
  "Buchungstag;Auftraggeber;Verwendungszweck;Betrag (EUR)\n"                                                           \
  "10.11.2023;Ana Diaz;Rechnung 2023-0007;120,00\n10.11.2023;Bruno GmbH;2023/0008 danke;80,00\n"                       \
  "11.11.2023;Bruno GmbH;Anzahlung 2023-0008;30,00\n11.11.2023;Somebody;danke;50,00\n"                                 \
  "12.11.2023;Zoe;Schuhe;1.234,50\n12.11.2023;Vermieter;Miete;-900,00\n"

static GFile *
file_of (UiFixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->books.folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_file_new_for_path (path);
}

static void
be_the_shop (UiFixture *self)
{
  g_autoptr (CobroMerchant) merchant = cobro_business_dup_merchant (self->business);

  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->currency, "EUR");
  cobro_link_set_text (&merchant->seller.name, "The Vacuum Shop");
  cobro_link_set_text (&merchant->seller.address.country, "DE");
  cobro_link_set_text (&merchant->time_zone, "Europe/Berlin");
  g_assert_true (cobro_business_set_merchant (self->business, merchant, NULL));
  store_fixture_settle (&self->books);
}

static void
import_invoices (UiFixture *self)
{
  g_autoptr (GFile) file = file_of (self, "invoices.csv", INVOICES);
  g_autoptr (CobroLocale) locale = cobro_locale_new ("en", NULL);
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) taken = NULL;
  g_autoptr (CobroImport) import = NULL;
  g_autoptr (GError) error = NULL;

  cobro_books_import_read_async (self->books_import, COBRO_IMPORT_INVOICES, file, locale, NULL, NULL, on_result_cb,
                                 &read);
  import = cobro_books_import_read_finish (self->books_import, wait_for_result (&read), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (import->n_problems, ==, 0);
  cobro_books_import_take_async (self->books_import, import, NULL, on_result_cb, &taken);
  g_assert_true (cobro_books_import_take_finish (self->books_import, wait_for_result (&taken), &error));
  g_assert_no_error (error);
}

static void
set_up (UiFixture *self, gconstpointer data)
{
  ui_fixture_set_up (self, data);
  be_the_shop (self);
  import_invoices (self);
  ui_fixture_open (self);
  gtk_stack_set_visible_child_name (GTK_STACK (ui_id (self->window, "content_stack")), "bank");
}

static CobroBankPage *
page_of (UiFixture *self)
{
  return COBRO_BANK_PAGE (ui_page (self->window, "bank"));
}

static void
open_statement (UiFixture *self, const char *name, const char *text)
{
  g_autoptr (GFile) file = file_of (self, name, text);
  GtkStack *stack = GTK_STACK (ui_id (page_of (self), "stack"));

  cobro_bank_page_open (page_of (self), file);
  wait_until (g_strcmp0 (gtk_stack_get_visible_child_name (stack), "reading") != 0);
  ui_settle ();
}

static guint
count_rows (UiFixture *self, const char *list)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (GTK_LIST_BOX (ui_id (page_of (self), list)), (int)n))
    n++;
  return n;
}

static void
press (UiFixture *self, const char *name)
{
  GtkWidget *button = ui_button (page_of (self), name);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* The button of a row, by the words that a screen reader says. */
typedef struct
{
  const char *id;
  guint index;
  GtkWidget *found;
} Wanted;

static void
find_button (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;
  GVariant *target;

  if (!GTK_IS_BUTTON (widget) || g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), wanted->id) != 0)
    return;
  target = gtk_actionable_get_action_target_value (GTK_ACTIONABLE (widget));
  if (g_variant_get_uint32 (target) == wanted->index)
    wanted->found = widget;
}

static GtkWidget *
button_of (UiFixture *self, const char *action, guint index)
{
  Wanted wanted = { action, index, NULL };

  ui_walk (GTK_WIDGET (page_of (self)), find_button, &wanted);
  return wanted.found;
}

static gint64
count_payments (UiFixture *self)
{
  return count_in_books (&self->books, "SELECT count (*) AS n FROM payment");
}

/* ── The tests ── */

/* Each group with its rows and words; the summary says what is left alone. */
static void
test_groups (UiFixture *self, gconstpointer data)
{
  open_statement (self, "umsaetze.csv", STATEMENT);
  wait_until (count_rows (self, "nothing_list") == 1);
  g_assert_cmpuint (count_rows (self, "sure_list"), ==, 2);
  g_assert_cmpuint (count_rows (self, "probable_list"), ==, 2);
  g_assert_nonnull (ui_find_label (page_of (self), "5 transfers came in. 1 went out and is left alone."));
  g_assert_nonnull (ui_find_label (page_of (self), "Invoice 2023-0007 · Ana Díaz"));
  g_assert_nonnull (ui_find_label (page_of (self),
                                   "Names 2023-0007. Exactly what is due. Nothing else that is open has this "
                                   "amount. The name is the same. Nothing else is open of that name."));
  g_assert_nonnull (ui_button (page_of (self), "Record All 2"));
  g_assert_null (button_of (self, "bank.record", 3)); /* two fit: nothing to press */
  gtk_test_accessible_assert_property (button_of (self, "bank.record", 0), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Record €120.00 from Ana Diaz");
  ui_picture (self->window, "bank");
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 640);
  ui_settle ();
  ui_picture (self->window, "bank-360");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  ui_settle ();
  ui_picture (self->window, "bank-360-dark");
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1100, 800);
  ui_settle ();
  ui_picture (self->window, "bank-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

/* All that is sure in one step, taken back in one; the same file again has nothing left to do. */
static void
test_record_all (UiFixture *self, gconstpointer data)
{
  open_statement (self, "umsaetze.csv", STATEMENT);
  wait_until (count_rows (self, "nothing_list") == 1);
  press (self, "Record All 2");
  wait_until (count_rows (self, "sure_list") == 0);
  g_assert_cmpint (count_payments (self), ==, 2);
  g_assert_nonnull (ui_find_label (self->window, "2 transfers recorded"));
  ui_picture (self->window, "bank-recorded");

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
  wait_until (count_rows (self, "sure_list") == 2);
  g_assert_cmpint (count_payments (self), ==, 0);

  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (page_of (self)), GTK_DIR_TAB_FORWARD));
  gtk_widget_activate_action (GTK_WIDGET (page_of (self)), "bank.record-all", NULL);
  wait_until (count_rows (self, "sure_list") == 0);
  open_statement (self, "umsaetze.csv", STATEMENT);
  wait_until (count_rows (self, "nothing_list") == 2); /* what was paid in part before is paid now */
  g_assert_cmpuint (count_rows (self, "sure_list"), ==, 0);
  g_assert_nonnull (ui_find_label (
    page_of (self), "3 transfers came in. 2 were recorded before or are ignored. 1 went out and is left alone."));
  g_assert_cmpint (count_payments (self), ==, 2);
}

/* A part leaves the rest open; what fits twice is chosen by typing; what is nobody's business is ignored, with Undo. */
static void
test_one_by_one (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  open_statement (self, "umsaetze.csv", STATEMENT);
  wait_until (count_rows (self, "nothing_list") == 1);
  gtk_widget_activate_action (GTK_WIDGET (page_of (self)), "bank.choose", "u", 3);
  ui_settle ();
  dialog = ui_toplevel ("What Is It For?");
  g_assert_nonnull (dialog);
  ui_picture (dialog, "bank-choose");
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "search_entry")), "nobody at all");
  wait_until (ui_find_label (dialog, "Nothing that is open is called so."));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "search_entry")), "0010");
  wait_until (ui_find_label (dialog, "Invoice 2023-0010"));
  g_signal_emit_by_name (ui_id (dialog, "search_entry"), "activate");
  wait_until (ui_find_label (page_of (self), "Invoice 2023-0010 · Dora"));
  g_assert_nonnull (button_of (self, "bank.record", 3));
  gtk_widget_activate_action (GTK_WIDGET (page_of (self)), "bank.record", "u", 3);
  wait_until (count_rows (self, "probable_list") == 1);
  g_assert_cmpint (
    count_in_books (&self->books, "SELECT count (*) AS n FROM invoice WHERE number = '2023-0010' AND owed = 0"), ==, 1);
  g_assert_cmpint (
    count_in_books (&self->books, "SELECT count (*) AS n FROM payment WHERE payer LIKE '%Somebody · danke%'"), ==, 1);

  gtk_widget_activate_action (GTK_WIDGET (page_of (self)), "bank.ignore", "u", 4);
  wait_until (count_rows (self, "nothing_list") == 0);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.undo", NULL);
  wait_until (count_rows (self, "nothing_list") == 1);
  g_assert_cmpint (count_payments (self), ==, 1);
}

/* Dates that read both ways are asked for; both answers go on. */
static void
test_dates (UiFixture *self, gconstpointer data)
{
  static const char text[] = "Date,Amount,Description\n03/04/2023,120.00,2023-0007\n";

  open_statement (self, "us.csv", text);
  g_assert_nonnull (
    ui_find_label (page_of (self), "Every date in this file reads both ways, such as 03/04/2023. Which comes first?"));
  ui_picture (self->window, "bank-dates");
  press (self, "The Month First");
  wait_until (count_rows (self, "sure_list") == 1);
  g_assert_nonnull (ui_find_label (page_of (self), "Mar 4, 2023 · 2023-0007"));
}

/* What cannot be read says where and why; an empty statement and one without credits say so. */
static void
test_states (UiFixture *self, gconstpointer data)
{
  open_statement (self, "wrong.csv", "Datum;Betrag\n31.02.2023;5,00\n");
  g_assert_nonnull (ui_find_label (page_of (self),
                                   "Line 2: Datum: “31.02.2023” is no date. Nothing was recorded. Cobro "
                                   "reads CAMT.053, MT940 and CSV."));
  ui_picture (self->window, "bank-wrong");
  open_statement (self, "debits.csv", "Datum;Betrag\n10.11.2023;-5,00\n15.11.2023;5,00\n");
  g_assert_nonnull (
    ui_find_label (page_of (self), "No money came in. 1 went out and is left alone. 1 is not booked yet."));
  ui_picture (self->window, "bank-empty");
}

/* Every button can be reached by Tab and has a name of its own. */
static void
test_keyboard (UiFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) ring = NULL;
  guint records = 0;

  open_statement (self, "umsaetze.csv", STATEMENT);
  wait_until (count_rows (self, "nothing_list") == 1);
  ring = ui_tab_ring (GTK_WIDGET (self->window));
  for (guint i = 0; i < ring->len; i++)
    if (GTK_IS_BUTTON (ring->pdata[i]) &&
        g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (ring->pdata[i])), "bank.choose") == 0)
      records++;
  g_assert_cmpuint (records, ==, 5);
}

int
main (int argc, char *argv[])
{
  ui_fixture_init (&argc, &argv);
#define add(name, func) g_test_add (name, UiFixture, NULL, set_up, func, ui_fixture_tear_down)
  add ("/bank/groups", test_groups);
  add ("/bank/record-all", test_record_all);
  add ("/bank/one-by-one", test_one_by_one);
  add ("/bank/dates", test_dates);
  add ("/bank/states", test_states);
  add ("/bank/keyboard", test_keyboard);
#undef add
  return g_test_run ();
}
