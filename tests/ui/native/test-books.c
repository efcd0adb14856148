/* tests/ui/native/test-books.c — files into the books, out of them, and copies of them, by their dialogs: the dry run,
 * columns by hand, the reasons as a file; everything as one file, and half of it given up; a copy made now and looked
 * into. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-preferences-window.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_chosen (GtkWidget *chooser, GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  return chosen && g_file_equal (chosen, file);
}

/* Where a file is saved is typed, folder and all: one that is not there yet has no row that could be chosen. */
static gboolean
choose (GtkFileChooser *chooser, GFile *file)
{
  if (gtk_file_chooser_get_action (chooser) != GTK_FILE_CHOOSER_ACTION_SAVE)
    return gtk_file_chooser_set_file (chooser, file, NULL);
  gtk_file_chooser_set_current_name (chooser, g_file_peek_path (file));
  return TRUE;
}

/* The file chooser that is open, given its answer. */
static void
answer_chooser (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *chooser = NULL;

  wait_until (({
    g_autoptr (GList) windows = gtk_window_list_toplevels ();

    for (GList *at = windows; at && !chooser; at = at->next)
      if (GTK_IS_FILE_CHOOSER_DIALOG (at->data) && gtk_widget_get_mapped (at->data))
        chooser = at->data;
    chooser;
  }));
  /* It reads its folder in the background and forgets what it was told before that. */
  for (guint try = 0; !is_chosen (chooser, file); try++)
    {
      if (try % 200 == 0)
        g_assert_true (choose (GTK_FILE_CHOOSER (chooser), file));
      g_assert_cmpuint (try, <, 60000);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  ui_settle ();
}

static char *
write_file (UiFixture *self, const char *text)
{
  char *path = g_build_filename (self->books.folder, "in.csv", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static GtkWidget *
open_dialog (UiFixture *self, const char *action, const char *title)
{
  GtkWidget *dialog;

  gtk_widget_activate_action (GTK_WIDGET (self->window), action, NULL);
  ui_settle ();
  dialog = ui_toplevel (title);
  gtk_test_widget_wait_for_draw (dialog);
  return dialog;
}

static void
choose_table (UiFixture *self, GtkWidget *dialog, const char *text)
{
  g_autofree char *path = write_file (self, text);

  adw_action_row_activate (ADW_ACTION_ROW (ui_id (dialog, "file_row")));
  answer_chooser (path);
  wait_until (gtk_widget_get_visible (ui_id (dialog, "result_label")));
}

static GtkWidget *
open_import (UiFixture *self, const char *text)
{
  GtkWidget *dialog;

  ui_fixture_open (self);
  dialog = open_dialog (self, "win.import-links", "Import Links");
  choose_table (self, dialog, text);
  return dialog;
}

static gboolean
may_import (GtkWidget *dialog)
{
  return gtk_widget_get_sensitive (ui_id (dialog, "import_button"));
}

/* Each reason with line and column; the first of them are shown, all of them are saved. */
static void
test_reasons (UiFixture *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("title,amount,currency\nGood,1,EUR\n");
  GtkWidget *dialog;

  for (int i = 0; i < 1500; i++)
    g_string_append (text, "Bad,one,EUR\n");
  dialog = open_import (self, text->str);
  g_assert_false (may_import (dialog));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (ui_id (dialog, "result_label"))), "1,500 reasons"));
  g_assert_cmpuint (
    g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (ui_id (dialog, "problems_list"))))),
    ==, 1000);
  wait_until (ui_find_label (dialog, "Line 3 · amount"));
  ui_picture (dialog, "import-reasons");
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM link"), ==, 0);
  g_assert_true (ui_press (dialog, GDK_KEY_Escape, 0));
  ui_settle ();
}

/* A column that nobody knows is named by hand, and the file is read again. */
static void
test_columns (UiFixture *self, gconstpointer data)
{
  GtkWidget *dialog = open_import (self, "Ware,amount,currency\nTea,2.50,EUR\nCoffee,3.50,EUR\n");
  GtkWidget *group = ui_id (dialog, "columns_group"), *row;

  g_assert_false (may_import (dialog));
  g_assert_true (gtk_widget_get_visible (group));
  wait_until (ui_find_label (group, "Ware"));
  ui_picture (dialog, "import-columns");
  row = gtk_widget_get_ancestor (ui_find_label (group, "Ware"), ADW_TYPE_COMBO_ROW);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1); /* title */
  wait_until (may_import (dialog));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (ui_id (dialog, "result_label"))), ==,
                   "2 links can be taken. Nothing is written yet.");
  gtk_widget_activate (ui_id (dialog, "import_button"));
  wait_until (ui_find_label (self->window, "Coffee"));
  g_assert_cmpint (count_in_books (&self->books, "SELECT count(*) AS n FROM link"), ==, 2);
}

/* What is wrong is named with its line, and keeps the rest out; the mended file goes in as a whole. */
static void
check_kind (UiFixture *self, const char *noun, const char *wrong, const char *reason, const char *right)
{
  g_autofree char *action = g_strdup_printf ("win.import-%s", noun);
  g_autofree char *title = g_strdup_printf ("Import %c%s", g_ascii_toupper (noun[0]), noun + 1);
  g_autofree char *said = g_strdup_printf ("2 %s can be taken. Nothing is written yet.", noun);
  g_autofree char *count = g_strdup_printf ("SELECT count(*) AS n FROM %.*s", (int)strlen (noun) - 1, noun);
  GtkWidget *dialog = open_dialog (self, action, title);

  choose_table (self, dialog, wrong);
  wait_until (ui_find_label (dialog, reason));
  g_assert_false (may_import (dialog));
  g_assert_cmpint (count_in_books (&self->books, count), ==, 0);
  ui_picture (dialog, action + strlen ("win."));
  choose_table (self, dialog, right);
  wait_until (may_import (dialog));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (ui_id (dialog, "result_label"))), ==, said);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  gtk_widget_activate (ui_id (dialog, "import_button"));
  wait_until (!dialog);
  g_assert_cmpint (count_in_books (&self->books, count), ==, 2);
}

static void
test_kinds (UiFixture *self, gconstpointer data)
{
  ui_fixture_open (self);
  check_kind (self, "products", "name,price,currency\nTea,2.50,EUR\nCoffee,much,EUR\n", "Line 3 · price",
              "name,price,currency\nTea,2.50,EUR\nCoffee,3.50,EUR\n");
  check_kind (self, "customers", "name,email\nAna,ana@example.com\nBen,nowhere\n", "Line 3 · email",
              "name,email\nAna,ana@example.com\nBen,ben@example.com\n");
  check_kind (self, "invoices", "customer,description,price,currency\nAna,Tea,2.50,EUR\n,Coffee,1,EUR\n",
              "Line 3 · customer", "customer,description,price,currency\nAna,Tea,2.50,EUR\nBen,Coffee,1,EUR\n");
}

/* ── Out ── */

#define MANY 5000

static void
put_many (UiFixture *self)
{
  g_autoptr (GString) text = g_string_new ("title,amount,currency\n");
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (CobroLocale) locale = cobro_locale_new ("en", NULL);
  g_autoptr (GAsyncResult) read = NULL, taken = NULL;
  g_autoptr (CobroImport) import = NULL;

  pair_books (&self->books); /* so that links have addresses, no two alike */
  for (int i = 1; i <= MANY; i++)
    g_string_append_printf (text, "Tea %d,%d,EUR\n", i, i);
  path = write_file (self, text->str);
  file = g_file_new_for_path (path);
  cobro_books_import_read_async (self->books_import, COBRO_IMPORT_LINKS, file, locale, NULL, NULL, on_result_cb, &read);
  import = cobro_books_import_read_finish (self->books_import, wait_for_result (&read), NULL);
  cobro_books_import_take_async (self->books_import, import, NULL, on_result_cb, &taken);
  g_assert_true (cobro_books_import_take_finish (self->books_import, wait_for_result (&taken), NULL));
}

/* @out_dialog is NULL as soon as it has closed itself. */
static void
open_export (UiFixture *self, const char *path, GtkWidget **out_dialog)
{
  GtkWidget *dialog = open_dialog (self, "win.export-accounts", "Export for the Accountant");
  GtkWidget *row = ui_id (dialog, "period_row");
  GListModel *periods = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  *out_dialog = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)out_dialog);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), g_list_model_get_n_items (periods) - 1);
  g_assert_nonnull (ui_find_label (dialog, "All that is in these books, drafts too"));
  ui_picture (dialog, "export-everything");
  gtk_widget_activate (ui_id (dialog, "save_button"));
  answer_chooser (path);
}

static guint
written (UiFixture *self)
{
  guint done, total;

  cobro_books_export_get_progress (self->books_export, &done, &total);
  g_assert_true (total == 0 || total == MANY);
  return done;
}

static const char *
text_of (gpointer progress)
{
  const char *text = gtk_progress_bar_get_text (progress);

  return text ? text : "";
}

/* Reads what comes, until the other side has closed it. */
static void
drain (int pipe)
{
  char bytes[4096];
  gssize n;

  wait_until ((n = read (pipe, bytes, sizeof bytes)) == 0);
}

/* The disk is a pipe that takes no more: the export stands in the middle of it, and there Cancel is pressed. Nothing
 * is left; the next one is whole. */
static void
test_export (UiFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->books.folder, "out.zip", NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  GtkWidget *dialog;
  int pipe;

  put_many (self);
  ui_fixture_open (self);
  g_assert_cmpint (mkfifo (part, 0600), ==, 0);
  pipe = open (part, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (pipe, >=, 0);
  open_export (self, path, &dialog);
  wait_until (written (self) > 10);
  wait_until (g_str_has_suffix (text_of (ui_id (dialog, "progress")), " of 5,000"));
  ui_picture (dialog, "export-writing");
  g_assert_cmpuint (written (self), <, MANY);
  gtk_widget_activate (ui_button (dialog, "Cancel"));
  wait_until (!gtk_widget_get_visible (dialog)); /* it goes when the export has ended */
  drain (pipe);
  close (pipe);
  wait_until (!dialog);
  wait_until (!g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  open_export (self, path, &dialog);
  wait_until (!dialog);
  g_assert_cmpuint (written (self), ==, MANY);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

static void
test_backup_page (UiFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  g_autofree char *size = NULL;
  GtkWidget *window, *dialog;

  ui_fixture_open (self);
  item = ui_fixture_create (self, "Tea", 350);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.preferences", NULL);
  ui_settle ();
  window = ui_toplevel ("Preferences");
  gtk_test_widget_wait_for_draw (window);
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (window),
                                           ADW_PREFERENCES_PAGE (ui_id (window, "backup_page")));
  ui_settle ();
  ui_picture (window, "backup-none");
  g_assert_nonnull (ui_find_label (window, "There is none yet"));
  gtk_widget_activate (ui_id (window, "now_button"));
  wait_until (cobro_backups_get_list (self->backups)->len == 1);
  wait_until (ui_find_label (window, "1 copy is kept"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (ui_id (window, "copies_row")), TRUE);
  ui_settle ();
  ui_picture (window, "backup");

  size = g_format_size (((CobroBackup *)cobro_backups_get_list (self->backups)->pdata[0])->size);
  wait_until (ui_find_label (ui_id (window, "copies_row"), size));
  adw_action_row_activate (
    ADW_ACTION_ROW (gtk_widget_get_ancestor (ui_find_label (ui_id (window, "copies_row"), size), ADW_TYPE_ACTION_ROW)));
  ui_settle ();
  dialog = ui_toplevel ("Restore the Books");
  wait_until (gtk_widget_get_sensitive (ui_id (dialog, "restore_button")));
  g_assert_nonnull (ui_find_label (dialog, "1 link"));
  g_assert_nonnull (ui_find_label (dialog, "Nothing: all that is in your books is in the copy too."));
  ui_picture (dialog, "restore");
  g_assert_true (ui_press (dialog, GDK_KEY_Escape, 0));
}

int
main (int argc, char **argv)
{
  ui_fixture_init (&argc, &argv);
  g_test_add ("/books/import/reasons", UiFixture, NULL, ui_fixture_set_up, test_reasons, ui_fixture_tear_down);
  g_test_add ("/books/import/columns", UiFixture, NULL, ui_fixture_set_up, test_columns, ui_fixture_tear_down);
  g_test_add ("/books/import/kinds", UiFixture, NULL, ui_fixture_set_up, test_kinds, ui_fixture_tear_down);
  g_test_add ("/books/export/everything", UiFixture, NULL, ui_fixture_set_up, test_export, ui_fixture_tear_down);
  g_test_add ("/books/backup/page", UiFixture, NULL, ui_fixture_set_up, test_backup_page, ui_fixture_tear_down);
  return g_test_run ();
}
