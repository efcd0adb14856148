/* tests/ui/native/test-exchange.c — the application closes its books and opens others: nothing of the first stays; and
 * books that cannot be opened: what is said, and what is put in their place. Layer: tests. */
#include "config.h"

#include "cobro-application-private.h"
#include "cobro-error.h"
#include "cobro-store-private.h"
#include "ui-fixture.h"
#include "ui-keyboard.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  CobroApplication *application;
  char *folder; /* holds the folders of several books */
} Fixture;

static char *
books_of (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
exchange (Fixture *self, const char *folder, CobroBetweenBooks between, gpointer data, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_application_exchange_books_async (self->application, folder, between, data, NULL, on_result_cb, &result);
  wait_until (result);
  cobro_application_exchange_books_finish (self->application, result, error);
}

static void
exchange_for (Fixture *self, const char *name)
{
  g_autofree char *folder = books_of (self, name);
  g_autoptr (GError) error = NULL;

  exchange (self, folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cobro_application_get_books_folder (self->application), ==, folder);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (self->application->window));
  ui_settle ();
  ui_must_hide_nothing ();
}

static void
set_up (Fixture *self, gconstpointer data)
{
  /* The home that xvfb.sh gives and takes away again. */
  self->folder = g_build_filename (g_get_user_data_dir (), "exchange-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (self->folder));
  self->application = (CobroApplication *)data;
  exchange_for (self, "first");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->folder);
}

static void
add_link (Fixture *self, const char *title)
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

static gboolean
is_shown (Fixture *self, const char *text)
{
  ui_settle ();
  return ui_find_label (self->application->window, text) != NULL;
}

static void
test_there_and_back (Fixture *self, gconstpointer data)
{
  add_link (self, "Tea");
  wait_until (is_shown (self, "Tea"));

  exchange_for (self, "second");
  g_assert_false (is_shown (self, "Tea"));
  wait_until (is_shown (self, "Get Paid by Link"));
  add_link (self, "Bicycle repair");
  wait_until (is_shown (self, "Bicycle repair"));

  exchange_for (self, "first");
  wait_until (is_shown (self, "Tea"));
  g_assert_false (is_shown (self, "Bicycle repair"));
}

/* Books, sync, models and windows of the first are gone, and anybody may open the file. */
static void
test_nothing_stays (Fixture *self, gconstpointer data)
{
  CobroContext *context;
  gpointer gone[8] = { NULL };
  g_autofree char *first = books_of (self, "first");
  g_autoptr (CobroContext) again = NULL;
  g_autoptr (GError) error = NULL;

  add_link (self, "Tea");
  for (int round = 0; round < 5; round++)
    {
      context = self->application->context;
      gone[0] = context->store;
      gone[1] = context->engine;
      gone[2] = context->links;
      gone[3] = context->connection;
      gone[4] = context->invoices;
      gone[5] = context->customers;
      gone[6] = context->business;
      gone[7] = self->application->window;
      for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
        g_object_add_weak_pointer (gone[i], &gone[i]);
      /* Also while a dialog is open and something is being read. */
      gtk_widget_activate_action (GTK_WIDGET (self->application->window),
                                  round % 2 ? "win.preferences" : "win.new-link", NULL);
      exchange_for (self, round % 2 ? "first" : "second");
      for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
        wait_until (gone[i] == NULL);
    }
  again = cobro_context_new (first, &error);
  g_assert_no_error (error);
}

/* The window of shortcuts is there while it is shown; asked for twice, there is one of them. */
static void
test_shortcuts (Fixture *self, gconstpointer data)
{
  GtkWidget *shortcuts;

  for (int round = 0; round < 2; round++)
    {
      for (int time = 0; time < 2; time++)
        g_action_group_activate_action (G_ACTION_GROUP (self->application), "shortcuts", NULL);
      shortcuts =
        GTK_WIDGET (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (self->application->window)));
      gtk_test_widget_wait_for_draw (shortcuts);
      g_assert_nonnull (ui_find_label (shortcuts, "New link"));
      ui_picture (shortcuts, "shortcuts");
      ui_must_hide_nothing ();
      g_object_add_weak_pointer (G_OBJECT (shortcuts), (gpointer *)&shortcuts);
      if (round == 0)
        ui_key (shortcuts, "Escape");
      else
        exchange_for (self, "second");
      wait_until (shortcuts == NULL);
      ui_must_hide_nothing ();
    }
}

/* ── Something between ── */

static gboolean
put_copy (gpointer data, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (((char **)data)[0]);
  g_autoptr (GFile) to = g_file_new_for_path (((char **)data)[1]);

  return g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error);
}

/* As a restore does: the copy of the books takes their place, and the window shows it. */
static void
test_another_file (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = books_of (self, "first");
  g_autofree char *books = g_build_filename (folder, "books.sqlite", NULL);
  g_autofree char *copy = g_build_filename (self->folder, "copy.sqlite", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  add_link (self, "Tea");
  cobro_store_backup_async (self->application->context->store, copy, NULL, on_result_cb, &result);
  wait_until (result);
  g_assert_true (cobro_store_backup_finish (self->application->context->store, result, &error));
  add_link (self, "Coffee");
  wait_until (is_shown (self, "Coffee"));

  exchange (self, folder, put_copy, (gpointer)(char *[]){ copy, books }, &error);
  g_assert_no_error (error);
  wait_until (is_shown (self, "Tea"));
  g_assert_false (is_shown (self, "Coffee"));
}

static gboolean
refuse (gpointer data, GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_IO, "the disk is full");
}

/* What cannot be done leaves the books as they were, in a window of their own. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = books_of (self, "second");
  g_autofree char *first = books_of (self, "first");
  g_autofree char *broken = books_of (self, "broken");
  g_autofree char *file = g_build_filename (broken, "books.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  add_link (self, "Tea");
  exchange (self, folder, refuse, NULL, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_IO);
  g_assert_cmpstr (cobro_application_get_books_folder (self->application), ==, first);
  wait_until (is_shown (self, "Tea"));
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir (broken, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "these are no books, whatever they say they are", -1, NULL));
  exchange (self, broken, NULL, NULL, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
  g_assert_cmpstr (cobro_application_get_books_folder (self->application), ==, first);
  wait_until (is_shown (self, "Tea"));
}

/* ── Books that cannot be opened ── */

/* Whether any window says it. */
static gboolean
is_said (const char *text)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (ui_find_label (at->data, text))
      return TRUE;
  return FALSE;
}

typedef void (*Spoil) (const char *path);

typedef struct
{
  const char *path;
  Spoil spoil;
} Spoiling;

static void
spoil_whole (const char *path)
{
  g_assert_true (g_file_set_contents (path, "these are no books, whatever they say they are", -1, NULL));
}

static void
spoil_end (const char *path)
{
  g_assert_cmpint (truncate (path, 3 * 4096), ==, 0);
}

static void
spoil_version (const char *path)
{
  g_autoptr (CobroDb) db = cobro_db_open (path, COBRO_DB_READ_WRITE, COBRO_STORE_APPLICATION_ID, NULL);

  g_assert_true (cobro_db_exec (db,
                                "INSERT INTO schema_migration SELECT 9999, 'future', checksum, applied_at "
                                "FROM schema_migration LIMIT 1",
                                NULL));
}

/* A folder where the file was: what is wrong is not in the file. */
static void
spoil_place (const char *path)
{
  g_autofree char *away = g_strconcat (path, ".away", NULL);

  g_assert_cmpint (g_rename (path, away), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
}

static gboolean
spoil_between (gpointer data, GError **error)
{
  const Spoiling *spoiling = data;

  spoiling->spoil (spoiling->path);
  return cobro_error_set (error, COBRO_ERROR_IO, "as after a bad night of the disk");
}

/* The books of "first" have a link and a copy that has it; then they are spoilt, and there are no books at all. */
static GtkWidget *
open_spoilt (Fixture *self, Spoil spoil, const char *heading)
{
  g_autofree char *folder = books_of (self, "first");
  g_autofree char *books = cobro_context_dup_books (folder);
  const Spoiling spoiling = { books, spoil };
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  add_link (self, "Tea");
  cobro_backups_run (self->application->context->backups);
  wait_until (cobro_backups_get_list (self->application->context->backups)->len == 1);
  exchange (self, folder, spoil_between, (gpointer)&spoiling, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_IO);
  g_assert_null (self->application->context);
  window = GTK_WIDGET (self->application->rescue);
  gtk_test_widget_wait_for_draw (window);
  g_assert_nonnull (ui_find_label (window, heading));
  return window;
}

/* How many books are kept beside those of "first". */
static guint
count_kept (Fixture *self)
{
  g_autofree char *folder = books_of (self, "first");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  for (const char *name; (name = g_dir_read_name (dir));)
    n += g_str_has_prefix (name, "books-kept-") && g_str_has_suffix (name, ".sqlite");
  return n;
}

static void
activate_copy (GtkWidget *window)
{
  GtkWidget *group = ui_id (window, "copies_group");
  GPtrArray *stops = ui_tab_ring (window);

  g_assert_true (gtk_widget_get_visible (group));
  for (guint i = 0; i < stops->len; i++)
    if (GTK_IS_LIST_BOX_ROW (stops->pdata[i]) && gtk_widget_is_ancestor (stops->pdata[i], group))
      {
        adw_action_row_activate (ADW_ACTION_ROW (stops->pdata[i]));
        break;
      }
  g_ptr_array_unref (stops);
}

static void
close_tellers (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (ADW_IS_MESSAGE_DIALOG (at->data))
      gtk_window_destroy (at->data);
  ui_settle ();
}

/* Damaged in two ways, or of a newer Cobro: a copy takes their place, and the file is kept. */
static void
check_restored (Fixture *self, Spoil spoil, const char *heading, const char *picture)
{
  GtkWidget *window = open_spoilt (self, spoil, heading);

  ui_picture (window, picture);
  activate_copy (window);
  wait_until (self->application->context && is_shown (self, "Tea"));
  wait_until (is_said ("The Books Are Restored"));
  g_assert_cmpuint (count_kept (self), ==, 1);
  close_tellers ();
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  check_restored (self, spoil_whole, "Your Books Are Damaged", "rescue-damaged");
}

static void
test_truncated (Fixture *self, gconstpointer data)
{
  check_restored (self, spoil_end, "Your Books Are Damaged", "rescue-truncated");
}

static void
test_newer (Fixture *self, gconstpointer data)
{
  check_restored (self, spoil_version, "Your Books Need a Newer Cobro", "rescue-newer");
}

/* What is no copy is refused, and nothing has changed; empty books are begun, and the file is kept. */
static void
test_empty (Fixture *self, gconstpointer data)
{
  GtkWidget *window = open_spoilt (self, spoil_whole, "Your Books Are Damaged");
  g_autofree char *folder = books_of (self, "first");
  g_autofree char *books = cobro_context_dup_books (folder);

  g_signal_emit_by_name (window, "restore", books, (gint64)0); /* itself, chosen as another copy */
  wait_until (gtk_widget_get_visible (ui_id (window, "problem_label")));
  g_assert_true (gtk_widget_get_sensitive (ui_id (window, "again_button")));
  g_assert_cmpuint (count_kept (self), ==, 0);
  ui_picture (window, "rescue-refused");
  adw_action_row_activate (ADW_ACTION_ROW (ui_id (window, "empty_row")));
  wait_until (self->application->context && is_shown (self, "Get Paid by Link"));
  wait_until (is_said ("The Books Are Empty"));
  g_assert_cmpuint (count_kept (self), ==, 1);
  close_tellers ();
}

/* Where the file is not at fault, no other is offered: somebody mends the disk and tries again. */
static void
test_again (Fixture *self, gconstpointer data)
{
  GtkWidget *window = open_spoilt (self, spoil_place, "Your Books Cannot Be Opened");
  g_autofree char *folder = books_of (self, "first");
  g_autofree char *books = cobro_context_dup_books (folder);
  g_autofree char *away = g_strconcat (books, ".away", NULL);

  ui_picture (window, "rescue-place");
  g_assert_false (gtk_widget_get_visible (ui_id (window, "copies_group")));
  g_assert_false (gtk_widget_get_visible (ui_id (window, "other_group")));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_widget_activate (ui_id (window, "again_button"));
  wait_until (!window && self->application->rescue);
  g_assert_null (self->application->context);

  window = GTK_WIDGET (self->application->rescue);
  g_assert_cmpint (g_rmdir (books), ==, 0);
  g_assert_cmpint (g_rename (away, books), ==, 0);
  gtk_widget_activate (ui_id (window, "again_button"));
  wait_until (self->application->context && is_shown (self, "Tea"));
  g_assert_cmpuint (count_kept (self), ==, 0);
}

/* ── Several businesses ── */

static void
wait_for_title (Fixture *self, const char *title)
{
  wait_until (self->application->window &&
              g_str_equal (gtk_window_get_title (GTK_WINDOW (self->application->window)), title));
  ui_settle ();
}

/* A second business by the menu's dialog: its own books, its name in the title; there and back by the menu; what a
 * notification is about opens the books that it belongs to. */
static void
test_businesses (Fixture *self, gconstpointer data)
{
  CobroBookshelf *shelf = self->application->bookshelf;
  g_autoptr (CobroBookshelf) read_again = NULL;
  g_autofree char *root = cobro_context_dup_default_folder ();
  g_autofree char *target = NULL;
  GtkWidget *dialog;
  const char *second;

  exchange (self, root, NULL, NULL, NULL);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (self->application->window)), ==, "Cobro");
  add_link (self, "Tea");
  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.new-business", NULL);
  dialog = ui_toplevel ("Businesses");
  g_assert_false (gtk_widget_get_sensitive (ui_button (dialog, "Create New Books")));
  gtk_editable_set_text (GTK_EDITABLE (ui_id (dialog, "name_row")), "Café at the Port");
  ui_picture (dialog, "businesses-new");
  gtk_widget_activate (ui_button (dialog, "Create New Books"));
  wait_for_title (self, "Café at the Port – Cobro");
  wait_until (is_shown (self, "Get Paid by Link"));
  add_link (self, "Bicycle repair");
  second = cobro_bookshelf_get_current (shelf);
  g_assert_cmpstr (second, !=, COBRO_BOOKSHELF_FIRST);
  target = cobro_application_dup_target (self->application, second, "link_x");
  g_assert_cmpstr (strchr (target, '@'), !=, NULL);
  read_again = cobro_bookshelf_new (root);
  g_assert_cmpstr (cobro_bookshelf_get_current (read_again), ==, second);

  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "businesses.open", "s", COBRO_BOOKSHELF_FIRST);
  wait_for_title (self, "My Business – Cobro");
  wait_until (is_shown (self, "Tea"));
  g_assert_false (is_shown (self, "Bicycle repair"));
  gtk_widget_activate_action (GTK_WIDGET (self->application->window), "win.businesses", NULL);
  ui_picture (ui_toplevel ("Businesses"), "businesses");

  /* Its books are being looked into when they are asked for. */
  g_action_group_activate_action (G_ACTION_GROUP (self->application), "sync-now", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (self->application), "show-link", g_variant_new_string (target));
  wait_for_title (self, "Café at the Port – Cobro");
  ui_picture (self->application->window, "business-second");
}

/* Books whose disk is not there are not begun anew in silence: what is open stays open, and it is said. */
static void
test_business_away (Fixture *self, gconstpointer data)
{
  CobroBookshelf *shelf = self->application->bookshelf;
  g_autofree char *id = cobro_bookshelf_add (shelf, "On the Stick", NULL, NULL);
  g_autofree char *heading = g_strdup_printf ("%s Cannot Be Opened", "On the Stick");
  CobroWindow *window = self->application->window;

  g_assert_cmpint (g_rmdir (cobro_bookshelf_get_folder (shelf, id)), ==, 0);
  cobro_bookshelf_choose (shelf, id);
  ui_settle ();
  g_assert_true (window == self->application->window);
  g_assert_cmpstr (cobro_bookshelf_get_current (shelf), !=, id);
  g_assert_false (g_file_test (cobro_bookshelf_get_folder (shelf, id), G_FILE_TEST_EXISTS));
  g_assert_true (is_said (heading));
  g_assert_true (cobro_bookshelf_remove (shelf, id, NULL));
}

#define exchange_test(path, func) g_test_add ("/exchange/" path, Fixture, application, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  CobroApplication *application;
  int status;

  ui_fixture_init (&argc, &argv);
  application = cobro_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  exchange_test ("there-and-back", test_there_and_back);
  exchange_test ("nothing-stays", test_nothing_stays);
  exchange_test ("shortcuts", test_shortcuts);
  exchange_test ("another-file", test_another_file);
  exchange_test ("refused", test_refused);
  exchange_test ("damaged", test_damaged);
  exchange_test ("truncated", test_truncated);
  exchange_test ("newer", test_newer);
  exchange_test ("empty", test_empty);
  exchange_test ("again", test_again);
  exchange_test ("businesses", test_businesses);
  exchange_test ("business-away", test_business_away);
  status = g_test_run ();
  G_APPLICATION_GET_CLASS (application)->shutdown (G_APPLICATION (application));
  return status;
}
