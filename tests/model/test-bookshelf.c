/* tests/model/test-bookshelf.c — the businesses on this computer: what is listed, remembered and refused.
 * Layer: tests. */
#include "cobro-bookshelf.h"

#include <glib/gstdio.h>
#include "cobro-error.h"
#include "store-fixture.h"

typedef struct
{
  StoreFixture books; /* its folder is the program's own */
  CobroBookshelf *shelf;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  store_fixture_set_up (&self->books, data);
  self->shelf = cobro_bookshelf_new (self->books.folder);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->shelf);
  store_fixture_tear_down (&self->books, data);
}

static void
read_again (Fixture *self)
{
  g_object_unref (self->shelf);
  self->shelf = cobro_bookshelf_new (self->books.folder);
}

static char *
add (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *id = cobro_bookshelf_add (self->shelf, name, NULL, &error);

  g_assert_no_error (error);
  return id;
}

static void
test_first (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 1);
  g_assert_cmpstr (cobro_bookshelf_get_id (self->shelf, 0), ==, COBRO_BOOKSHELF_FIRST);
  g_assert_cmpstr (cobro_bookshelf_get_current (self->shelf), ==, COBRO_BOOKSHELF_FIRST);
  g_assert_cmpstr (cobro_bookshelf_get_folder (self->shelf, COBRO_BOOKSHELF_FIRST), ==, self->books.folder);
  g_assert_null (cobro_bookshelf_get_folder (self->shelf, "another"));
}

static void
test_remembered (Fixture *self, gconstpointer data)
{
  g_autofree char *id = add (self, "Café at the Port");
  g_autofree char *folder = g_strdup (cobro_bookshelf_get_folder (self->shelf, id));

  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  cobro_bookshelf_set_current (self->shelf, id);
  cobro_bookshelf_note_name (self->shelf, COBRO_BOOKSHELF_FIRST, "Ana's Café");
  cobro_bookshelf_note_name (self->shelf, id, "Port Café Ltd"); /* it was named here: that stays */
  read_again (self);
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 2);
  g_assert_cmpstr (cobro_bookshelf_get_current (self->shelf), ==, id);
  g_assert_cmpstr (cobro_bookshelf_get_name (self->shelf, id), ==, "Café at the Port");
  g_assert_cmpstr (cobro_bookshelf_get_folder (self->shelf, id), ==, folder);
  g_assert_cmpstr (cobro_bookshelf_get_name (self->shelf, COBRO_BOOKSHELF_FIRST), ==, "Ana's Café");
}

static void
count (CobroBookshelf *shelf, guint *n)
{
  ++*n;
}

/* What arrived counts until those books are open. */
static void
test_arrivals (Fixture *self, gconstpointer data)
{
  g_autofree char *id = add (self, "Café at the Port");
  guint told = 0;

  g_signal_connect (self->shelf, "arrived", G_CALLBACK (count), &told);
  cobro_bookshelf_add_arrival (self->shelf, id);
  cobro_bookshelf_add_arrival (self->shelf, id);
  cobro_bookshelf_add_arrival (self->shelf, "removed meanwhile");
  g_assert_cmpuint (told, ==, 2);
  g_assert_cmpuint (cobro_bookshelf_get_arrivals (self->shelf, id), ==, 2);
  g_assert_cmpuint (cobro_bookshelf_get_arrivals (self->shelf, COBRO_BOOKSHELF_FIRST), ==, 0);
  cobro_bookshelf_set_current (self->shelf, id);
  g_assert_cmpuint (cobro_bookshelf_get_arrivals (self->shelf, id), ==, 0);
}

/* Out of the list, the books stay; the next business does not get their folder, and they can be added again. */
static void
test_removed (Fixture *self, gconstpointer data)
{
  g_autofree char *id = add (self, "Café at the Port");
  g_autofree char *folder = g_strdup (cobro_bookshelf_get_folder (self->shelf, id));
  g_autofree char *books = g_build_filename (folder, "books.sqlite", NULL);
  g_autofree char *other = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (books, "books", -1, NULL));
  g_assert_true (cobro_bookshelf_remove (self->shelf, id, &error));
  g_assert_true (g_file_test (books, G_FILE_TEST_EXISTS));
  other = add (self, "Bakery");
  g_assert_cmpstr (cobro_bookshelf_get_folder (self->shelf, other), !=, folder);
  again = cobro_bookshelf_add (self->shelf, "The Port again", folder, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cobro_bookshelf_get_folder (self->shelf, again), ==, folder);
  read_again (self);
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 3);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *id = add (self, "Bakery");
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_bookshelf_add (self->shelf, "  ", NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "name");
  g_clear_error (&error);
  g_assert_null (cobro_bookshelf_add (self->shelf, "Again", self->books.folder, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (cobro_bookshelf_add (self->shelf, "Nothing", "/nowhere", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (cobro_bookshelf_rename (self->shelf, id, "", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (cobro_bookshelf_remove (self->shelf, COBRO_BOOKSHELF_FIRST, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);
  cobro_bookshelf_set_current (self->shelf, id);
  g_assert_false (cobro_bookshelf_remove (self->shelf, id, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 2);
  g_assert_cmpstr (cobro_bookshelf_get_name (self->shelf, id), ==, "Bakery");
}

/* A list that somebody damaged costs the list, never the books. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *list = g_build_filename (self->books.folder, "businesses.ini", NULL);

  g_assert_true (g_file_set_contents (list, "[list]\ncurrent=gone\n[x]\nfolder=relative/path\n", -1, NULL));
  read_again (self);
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 1);
  g_assert_cmpstr (cobro_bookshelf_get_current (self->shelf), ==, COBRO_BOOKSHELF_FIRST);
  g_assert_true (g_file_set_contents (list, "\xff\xfe no list", -1, NULL));
  read_again (self);
  g_assert_cmpuint (cobro_bookshelf_get_n (self->shelf), ==, 1);
}

#define shelf_test(path, func) g_test_add ("/bookshelf/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  shelf_test ("first", test_first);
  shelf_test ("remembered", test_remembered);
  shelf_test ("arrivals", test_arrivals);
  shelf_test ("removed", test_removed);
  shelf_test ("refused", test_refused);
  shelf_test ("damaged", test_damaged);
  return g_test_run ();
}
