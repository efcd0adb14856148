/* tests/ui/native/test-sample.c — the sample shop in the application: every place shows what it is for, nothing of it
 * reaches a relay, and the merchant's own books are the same before, during and afterwards. Layer: tests. */
#include "config.h"

#include "cobro-application-private.h"
#include "cobro-error.h"
#include "cobro-sample.h"
#include "ui-fixture.h"

#define SHOP "Sample Shop – Cobro"

typedef struct
{
  CobroApplication *application;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->application = (CobroApplication *)data;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
}

/* ── What is in books ── */

/* Every row of a table, as text. */
static gboolean
dump_table (CobroDb *db, const char *table, GString *dump, GError **error)
{
  g_autofree char *ask_columns = g_strdup_printf (
    "SELECT group_concat ('quote (\"' || name || '\")', '||'',''||') AS n FROM pragma_table_info ('%s')", table);
  g_autoptr (CobroDbStatement) columns = cobro_db_prepare (db, ask_columns, error);
  g_autoptr (CobroDbStatement) rows = NULL;
  g_autofree char *ask_rows = NULL;

  if (!columns || cobro_db_step (columns, error) != COBRO_DB_ROW)
    return FALSE;
  ask_rows = g_strdup_printf ("SELECT %s AS n FROM \"%s\" ORDER BY 1", cobro_db_column_text (columns, "n"), table);
  rows = cobro_db_prepare (db, ask_rows, error);
  g_string_append_printf (dump, "%s\n", table);
  while (rows && cobro_db_step (rows, error) == COBRO_DB_ROW)
    g_string_append_printf (dump, "  %s\n", cobro_db_column_text (rows, "n"));
  return rows != NULL;
}

static gpointer
do_dump (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) tables =
    cobro_db_prepare (tx->db,
                      "SELECT name FROM pragma_table_list WHERE type IN ('table', 'shadow') AND schema = 'main' "
                      "AND name NOT LIKE 'sqlite%' ORDER BY name",
                      error);
  g_autoptr (GString) dump = g_string_new (NULL);

  while (tables && cobro_db_step (tables, error) == COBRO_DB_ROW)
    if (!dump_table (tx->db, cobro_db_column_text (tables, "name"), dump, error))
      return NULL;
  return g_string_free (g_steal_pointer (&dump), FALSE);
}

static char *
dup_books (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *dump = cobro_store_read (self->application->context->store, do_dump, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (dump, "outbox\n"));
  return dump;
}

static gpointer
do_count (CobroStoreTx *tx, gpointer sql, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, sql, error);

  return statement && cobro_db_step (statement, error) == COBRO_DB_ROW
           ? GSIZE_TO_POINTER (cobro_db_column_int64 (statement, "n"))
           : NULL;
}

static gsize
count (Fixture *self, const char *what)
{
  g_autofree char *sql = g_strconcat ("SELECT count (*) AS n FROM ", what, NULL);

  return GPOINTER_TO_SIZE (cobro_store_read (self->application->context->store, do_count, sql, NULL));
}

/* ── In and out ── */

static void
wait_for_title (Fixture *self, const char *title)
{
  wait_until (self->application->window && !self->application->exchanging &&
              g_str_equal (gtk_window_get_title (GTK_WINDOW (self->application->window)), title));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->application->window));
  ui_settle ();
}

static void
open_own (Fixture *self)
{
  g_autofree char *root = cobro_context_dup_default_folder ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_application_exchange_books_async (self->application, root, NULL, NULL, NULL, on_result_cb, &result);
  wait_until (result);
  cobro_application_exchange_books_finish (self->application, result, &error);
  g_assert_no_error (error);
  wait_for_title (self, "Cobro");
}

static void
activate (Fixture *self, const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->application), action, NULL);
}

static void
make_link (Fixture *self, const char *title)
{
  g_autoptr (CobroLink) link = new_link (title, 350);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CobroLinkItem) item = NULL;

  cobro_links_create_async (self->application->context->links, link, NULL, on_result_cb, &result);
  wait_until (result);
  item = cobro_links_create_finish (self->application->context->links, result, NULL);
  g_assert_nonnull (item);
  ui_settle ();
}

static void
see (Fixture *self, const char *place, const char *name, int width, int height)
{
  g_autofree char *picture = g_strdup_printf ("sample-%s-%s", name, place);

  gtk_window_set_default_size (GTK_WINDOW (self->application->window), width, height);
  cobro_window_open_place (self->application->window, place);
  ui_settle ();
  ui_picture (self->application->window, picture);
}

/* The books are the same, whatever was tried in the shop; the shop comes back with what was tried in it. */
static void
test_in_and_out (Fixture *self, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *between = NULL;
  g_autofree char *after = NULL;

  open_own (self);
  make_link (self, "My own");
  before = dup_books (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  g_assert_null (ui_find_label (self->application->window, "My own"));
  make_link (self, "Tried out");

  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
  between = dup_books (self);
  g_assert_cmpstr (between, ==, before);
  g_assert_nonnull (ui_find_label (self->application->window, "Sample data removed"));
  g_assert_null (cobro_bookshelf_get_folder (self->application->bookshelf, COBRO_BOOKSHELF_SAMPLE));
  ui_picture (self->application->window, "sample-removed");

  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.undo", NULL);
  wait_for_title (self, SHOP);
  g_assert_cmpuint (count (self, "link WHERE title = 'Tried out'"), ==, 1);
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
  after = dup_books (self);
  g_assert_cmpstr (after, ==, before);
}

/* Every place has something to show; nothing waits for a relay, no number came from a series, nobody was told. */
static void
test_whole (Fixture *self, gconstpointer data)
{
  static const char *const places[] = { "overview", "links",    "invoices",  "customers",
                                        "payments", "products", "attention", "developers" };

  open_own (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  g_assert_cmpuint (count (self, "outbox"), ==, 0);
  g_assert_cmpuint (count (self, "series"), ==, 0);
  g_assert_cmpuint (count (self, "payment WHERE told = 0"), ==, 0);
  g_assert_cmpuint (count (self, "(SELECT DISTINCT currency FROM takings WHERE came > 0)"), ==, 2);
  g_assert_cmpuint (count (self, "(SELECT DISTINCT paid_at / (30 * 86400000000) FROM payment)"), >=, 12);
  g_assert_cmpuint (count (self, "payment WHERE created_at > (SELECT max (occurred_at) FROM event)"), ==, 0);
  g_assert_cmpuint (count (self, "invoice WHERE decision = 0"), >=, 1);
  g_assert_cmpuint (count (self, "invoice WHERE decision = 1 AND owed = 0"), >=, 1);
  g_assert_cmpuint (count (self, "invoice WHERE decision = 1 AND owed > 0 AND owed < total"), >=, 1);
  wait_until (cobro_attention_get_count (self->application->context->attention) >= 3);
  g_assert_true (gtk_widget_get_mapped (ui_id (self->application->window, "sample_bar")));
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      see (self, places[i], "wide", 1100, 740);
      see (self, places[i], "narrow", 360, 640);
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  see (self, "overview", "dark", 1100, 740);
  see (self, "invoices", "dark-narrow", 360, 640);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
}

/* Neither by a link, nor by an address, nor for practice; and what asks for a relay leads to one's own books. */
static void
test_never_sent (Fixture *self, gconstpointer data)
{
  CobroConnection *connection;
  CobroWindow *window;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroLineTrouble trouble;
  guint n_windows;

  open_own (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  window = self->application->window;
  connection = self->application->context->connection;
  cobro_connection_pair_async (connection, "http://127.0.0.1:1", "ABCD-EFGH-JKMN-PQRS", NULL, on_result_cb, &result);
  wait_until (result);
  g_assert_false (cobro_connection_pair_finish (connection, result, &trouble, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_false (cobro_connection_can_practise (connection));
  n_windows = g_list_model_get_n_items (gtk_window_get_toplevels ());
  gtk_widget_activate_action (GTK_WIDGET (window), "win.connect", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-accounts", NULL);
  ui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, n_windows); /* no dialog */

  g_assert_true (cobro_application_leave_sample (self->application, "payments", cobro_window_open_place));
  wait_for_title (self, "My Business – Cobro");
  g_assert_nonnull (cobro_bookshelf_get_folder (self->application->bookshelf, COBRO_BOOKSHELF_SAMPLE));
  activate (self, "add-sample-data"); /* it is still there */
  wait_for_title (self, SHOP);
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
}

/* Off the list of businesses it is the same step, and taken back like it: what was tried in it is there again. */
static void
test_off_the_list (Fixture *self, gconstpointer data)
{
  g_autofree char *root = cobro_context_dup_default_folder ();
  g_autofree char *folder = g_build_filename (root, COBRO_BOOKSHELF_SAMPLE, NULL);
  GtkWidget *dialog;

  open_own (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  make_link (self, "Tried out");
  g_assert_true (cobro_application_leave_sample (self->application, "links", cobro_window_open_place));
  wait_for_title (self, "My Business – Cobro");
  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.businesses", NULL);
  dialog = ui_toplevel ("Businesses");
  ui_picture (dialog, "sample-listed");
  gtk_widget_activate (ui_button (dialog, "Remove Sample Data"));
  wait_for_title (self, "Cobro");
  g_assert_null (cobro_bookshelf_get_folder (self->application->bookshelf, COBRO_BOOKSHELF_SAMPLE));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_nonnull (ui_find_label (self->application->window, "Sample data removed"));

  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.undo", NULL);
  wait_for_title (self, "My Business – Cobro");
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  g_assert_cmpuint (count (self, "link WHERE title = 'Tried out'"), ==, 1);
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
}

/* What a notification asks for is done also by a program that has no window, as the desktop starts it. */
static void
test_matter_opens (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroAttentionItem) item = NULL;
  g_autofree char *key = NULL;
  g_autofree char *target = NULL;
  GtkWidget *focus = NULL;

  open_own (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  wait_until (cobro_attention_get_count (self->application->context->attention) >= 3);
  item = g_list_model_get_item (G_LIST_MODEL (self->application->context->attention), 2);
  key = cobro_matter_dup_key (cobro_attention_item_get_matter (item));
  target = cobro_application_dup_target (self->application, COBRO_BOOKSHELF_SAMPLE, key);
  g_application_hold (G_APPLICATION (self->application));
  cobro_window_leave (self->application->window);
  g_assert_null (self->application->window);

  g_action_group_activate_action (G_ACTION_GROUP (self->application), "show-matter", g_variant_new_string (target));
  wait_for_title (self, SHOP);
  wait_until ((focus = gtk_window_get_focus (GTK_WINDOW (self->application->window))) && GTK_IS_LIST_BOX_ROW (focus));
  g_assert_cmpint (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focus)), ==, 2);
  g_application_release (G_APPLICATION (self->application));
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
}

/* Books in which there is something never become sample books. */
static void
test_own_books_refuse (Fixture *self, gconstpointer data)
{
  CobroStore *store;
  CobroSampleShop *shop;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  open_own (self);
  make_link (self, "My own too");
  before = dup_books (self);
  store = self->application->context->store;
  shop = cobro_sample_make (cobro_store_get_clock (store), cobro_store_get_random (store), euro (), &error);
  g_assert_no_error (error);
  cobro_sample_store_fill_async (store, shop, NULL, on_result_cb, &result);
  wait_until (result);
  g_assert_false (cobro_sample_store_fill_finish (store, result, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_false (cobro_sample_store_is (store));
  after = dup_books (self);
  g_assert_cmpstr (after, ==, before);
}

/* A copy of the own books put into the sample shop would go with it. */
static void
test_no_copy_comes_in (Fixture *self, gconstpointer data)
{
  GtkWidget *preferences;

  open_own (self);
  activate (self, "add-sample-data");
  wait_for_title (self, SHOP);
  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.preferences", NULL);
  ui_settle ();
  preferences = ui_toplevel ("Preferences");
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (preferences),
                                           ADW_PREFERENCES_PAGE (ui_id (preferences, "backup_page")));
  ui_settle ();
  g_assert_false (gtk_widget_is_sensitive (ui_id (preferences, "now_button")));
  g_assert_false (gtk_widget_is_sensitive (ui_id (preferences, "copies_group")));
  ui_picture (preferences, "sample-backup");
  gtk_window_destroy (GTK_WINDOW (preferences));
  activate (self, "remove-sample-data");
  wait_for_title (self, "Cobro");
}

#define sample_test(path, func) g_test_add ("/sample/" path, Fixture, application, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  CobroApplication *application;
  int status;

  ui_fixture_init (&argc, &argv);
  application = cobro_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  sample_test ("in-and-out", test_in_and_out);
  sample_test ("whole", test_whole);
  sample_test ("never-sent", test_never_sent);
  sample_test ("off-the-list", test_off_the_list);
  sample_test ("no-copy-comes-in", test_no_copy_comes_in);
  sample_test ("matter-opens", test_matter_opens);
  sample_test ("own-books-refuse", test_own_books_refuse);
  status = g_test_run ();
  G_APPLICATION_GET_CLASS (application)->shutdown (G_APPLICATION (application));
  return status;
}
