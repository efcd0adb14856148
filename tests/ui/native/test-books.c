/* tests/ui/native/test-books.c — files into the books and copies of them, by their dialogs: the dry run, columns by
 * hand, cancelling, the reasons as a file; a copy made now and looked into. Layer: tests. */
#include "config.h"

#include "ui-fixture.h"

#include "cobro-preferences-window.h"

#include <glib/gstdio.h>

static gboolean
is_chosen (GtkWidget *chooser, GFile *file)
{
  g_autoptr (GFile) chosen = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  return chosen && g_file_equal (chosen, file);
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
        g_assert_true (gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), file, NULL));
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
open_import (UiFixture *self, const char *text)
{
  g_autofree char *path = write_file (self, text);
  GtkWidget *dialog;

  ui_fixture_open (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.import-links", NULL);
  ui_settle ();
  dialog = ui_toplevel ("Import Links");
  gtk_test_widget_wait_for_draw (dialog);
  adw_action_row_activate (ADW_ACTION_ROW (ui_id (dialog, "file_row")));
  answer_chooser (path);
  wait_until (gtk_widget_get_visible (ui_id (dialog, "result_label")));
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
  g_test_add ("/books/backup/page", UiFixture, NULL, ui_fixture_set_up, test_backup_page, ui_fixture_tear_down);
  return g_test_run ();
}
