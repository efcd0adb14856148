/* tests/model/test-books.c — files in and out of the books: 50,000 links at once, all or nothing, cancelled without a
 * trace; what the books refuse; columns by hand. Layer: tests. */
#include "cobro-books-import.h"
#include "cobro-error.h"
#include "model-fixture.h"

#include <time.h>

#define MANY   50000
#define OUTBOX "SELECT n FROM row_count WHERE name = 'outbox'"

typedef struct
{
  ModelFixture models;
  CobroBusiness *business;
  CobroBooksImport *import;
  CobroLocale *locale;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroMerchant) merchant = NULL;

  model_fixture_set_up (&self->models, data);
  self->business = cobro_business_new (self->models.books.store);
  merchant = cobro_business_dup_merchant (self->business);
  cobro_link_set_text (&merchant->name, "Ana");
  cobro_link_set_text (&merchant->currency, "EUR");
  g_assert_true (cobro_business_set_merchant (self->business, merchant, NULL));
  store_fixture_settle (&self->models.books);
  self->import = cobro_books_import_new (self->models.books.store, self->business);
  self->locale = cobro_locale_new ("en", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  store_fixture_settle (&self->models.books);
  g_object_add_weak_pointer (G_OBJECT (self->import), (gpointer *)&self->import);
  g_object_unref (self->import);
  g_object_add_weak_pointer (G_OBJECT (self->business), (gpointer *)&self->business);
  g_object_unref (self->business);
  wait_until (self->import == NULL && self->business == NULL);
  cobro_locale_unref (self->locale);
  model_fixture_tear_down (&self->models, data);
}

/* (transfer full) */
static GFile *
write_file (Fixture *self, const char *text)
{
  g_autofree char *path = g_build_filename (self->models.books.folder, "in.csv", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_file_new_for_path (path);
}

static GFile *
write_many (Fixture *self, guint n)
{
  g_autoptr (GString) text = g_string_new ("Title;Amount;Reference;Customer;E-Mail;Expires;Note\n");

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "Order %06u of coffee;%u,%02u;R-%06u;Customer %u;c%u@example.com;2030-12-31;x\n", i,
                            i, i % 100, i, i % 500, i % 500);
  return write_file (self, text->str);
}

static CobroImport *
read_file (Fixture *self, GFile *file, const GArray *columns, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_books_import_read_async (self->import, COBRO_IMPORT_LINKS, file, self->locale, columns, NULL, on_result_cb,
                                 &result);
  return cobro_books_import_read_finish (self->import, wait_for_result (&result), error);
}

static gint64
links (Fixture *self)
{
  return count_in_books (&self->models.books, "SELECT count(*) AS n FROM link");
}

static gint64
waiting (Fixture *self)
{
  return count_in_books (&self->models.books, "SELECT count(*) AS n FROM outbox WHERE kind = 'link.put'");
}

/* All of it with what must go up, and the window hears of it once. */
static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_many (self, MANY);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroImport) read = NULL;
  clock_t begun = clock (), seen;
  guint done, total;

  read = read_file (self, file, NULL, &error);
  g_assert_no_error (error);
  seen = clock ();
  g_assert_cmpuint (read->n_problems, ==, 0);
  g_assert_cmpuint (read->items->len, ==, MANY);
  g_assert_cmpuint (read->ignored->len, ==, 1);
  g_assert_cmpint (links (self), ==, 0);
  store_fixture_forget (&self->models.books);

  cobro_books_import_take_async (self->import, read, NULL, on_result_cb, &result);
  g_assert_true (cobro_books_import_take_finish (self->import, wait_for_result (&result), &error));
  g_assert_no_error (error);
  g_test_message ("%d links: %d ms of processor to read, %d ms to write", MANY,
                  (int)((seen - begun) * 1000 / CLOCKS_PER_SEC), (int)((clock () - seen) * 1000 / CLOCKS_PER_SEC));
  cobro_books_import_get_progress (self->import, &done, &total);
  g_assert_cmpuint (done, ==, MANY);
  g_assert_cmpuint (total, ==, MANY);
  g_assert_cmpint (links (self), ==, MANY);
  g_assert_cmpint (waiting (self), ==, MANY);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT count(DISTINCT token) AS n FROM link"), ==, MANY);
  g_assert_cmpint (count_in_books (&self->models.books, "SELECT sum(total) AS n FROM link"), ==,
                   G_GINT64_CONSTANT (100) * MANY * (MANY + 1) / 2 + MANY / 100 * 4950);
  g_assert_cmpuint (self->models.books.told, ==, 1);
}

typedef struct
{
  Fixture *self;
  GCancellable *cancellable;
} Cancelling;

static gboolean
cancel_midway (gpointer data)
{
  Cancelling *cancelling = data;
  guint done, total;

  cobro_books_import_get_progress (cancelling->self->import, &done, &total);
  if (done < 100)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (cancelling->cancellable);
  return G_SOURCE_REMOVE;
}

/* Cancelled in the middle of it: not one link, nothing to upload; the same file may be taken afterwards. */
static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_many (self, 5000);
  g_autoptr (CobroImport) read = read_file (self, file, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  Cancelling cancelling = { self, cancellable };
  gint64 before = count_in_books (&self->models.books, OUTBOX);

  g_idle_add (cancel_midway, &cancelling);
  cobro_books_import_take_async (self->import, read, cancellable, on_result_cb, &result);
  g_assert_false (cobro_books_import_take_finish (self->import, wait_for_result (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (links (self), ==, 0);
  g_assert_cmpint (waiting (self), ==, 0);
  g_assert_cmpint (count_in_books (&self->models.books, OUTBOX), ==, before);

  cobro_books_import_take_async (self->import, read, NULL, on_result_cb, &again);
  g_assert_true (cobro_books_import_take_finish (self->import, wait_for_result (&again), NULL));
  g_assert_cmpint (links (self), ==, 5000);
}

/* What only the books know is part of the dry run: line and column are told, all of them at once. */
static void
test_books_refuse (Fixture *self, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Taken", 100);
  g_autoptr (CobroLinkChange) change = NULL;
  g_autoptr (GFile) file = write_file (self, "title,amount,ref\nA,1,one\nB,2,R-1\nC,3,\n");
  g_autoptr (CobroImport) read = NULL;
  g_autoptr (GBytes) reasons = NULL;
  g_autofree char *text = NULL;
  const CobroImportProblem *problem;

  cobro_link_set_text (&link->reference, "R-1");
  change = must_put (&self->models.books, link);
  read = read_file (self, file, NULL, NULL);
  g_assert_cmpuint (read->n_problems, ==, 1);
  problem = read->problems->pdata[0];
  g_assert_cmpuint (problem->line, ==, 3);
  g_assert_cmpstr (problem->column, ==, "ref");
  g_assert_cmpstr (problem->reason, ==, "“R-1” is the reference of the link “Taken”");
  reasons = cobro_import_problems (read);
  text = g_strndup (g_bytes_get_data (reasons, NULL), g_bytes_get_size (reasons));
  g_assert_cmpstr (text, ==, "\xEF\xBB\xBFline,column,reason\r\n3,ref,“R-1” is the reference of the link “Taken”\r\n");
}

/* Names that nobody knows: somebody says which column is what. */
static void
test_by_hand (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (self, "Ware\tWert\nKaffee\t3,50\nTee\t2,00\n");
  g_autoptr (CobroImport) found = read_file (self, file, NULL, NULL);
  g_autoptr (CobroImport) said = NULL;
  g_autoptr (GArray) columns = NULL;

  g_assert_cmpuint (found->n_problems, ==, 2); /* neither title nor amount */
  g_assert_cmpstr (found->names[0], ==, "Ware");
  g_assert_cmpuint (found->items->len, ==, 0);
  columns = g_array_copy (found->columns);
  g_array_index (columns, int, 0) = 0;
  g_array_index (columns, int, 1) = 1;
  said = read_file (self, file, columns, NULL);
  g_assert_cmpuint (said->n_problems, ==, 0);
  g_assert_cmpuint (said->items->len, ==, 2);
  g_assert_cmpint (cobro_money_minor (((CobroLink *)said->items->pdata[0])->amount), ==, 350);
  g_assert_cmpstr (((CobroLink *)said->items->pdata[1])->title, ==, "Tee");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/books/import/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/books/import/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/books/import/refused-by-the-books", Fixture, NULL, set_up, test_books_refuse, tear_down);
  g_test_add ("/books/import/columns-by-hand", Fixture, NULL, set_up, test_by_hand, tear_down);
  return g_test_run ();
}
