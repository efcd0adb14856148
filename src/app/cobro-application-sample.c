/* src/app/cobro-application-sample.c — the sample shop: made in books of its own, opened like those of any business,
 * and put aside when it is removed, so that it can be brought back. Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-sample.h"
#include "cobro-sync-engine.h"
#include "cobro-view-text.h"

#define BOOKS "books.sqlite"
#define ASIDE "sample-removed" /* beside the shop's folder, while its removal can be undone */

/* ── Its folder ── */

static char *
dup_folder (const char *name)
{
  g_autofree char *root = cobro_context_dup_default_folder ();

  return g_build_filename (root, name, NULL);
}

/* A folder of books holds files and folders of files. What cannot be removed is in nobody's way. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_folder (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static gboolean
move_folder (const char *from, const char *to, GError **error)
{
  g_autofree char *source = dup_folder (from);
  g_autofree char *target = dup_folder (to);

  remove_folder (target);
  return g_rename (source, target) == 0 ||
         cobro_error_set (error, COBRO_ERROR_IO, "cannot move “%s”: %s", source, g_strerror (errno));
}

/* ── In ── */

static void
say_not_done (CobroApplication *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *body =
    g_strdup_printf (_ ("%s Your own books are as they were: sample data is never in them."), sentence);

  if (self->window)
    cobro_dialogs_tell (GTK_WINDOW (self->window), _ ("The Sample Data Is Not There"), body);
}

static void
show_overview (CobroWindow *window, const char *place)
{
  cobro_window_open_place (window, place);
}

static void
enter (CobroApplication *self)
{
  g_free (self->before_sample);
  self->before_sample = g_strdup (cobro_bookshelf_get_current (self->bookshelf));
  cobro_bookshelf_add_sample (self->bookshelf, _ ("Sample Shop"));
  cobro_application_switch_to (self, COBRO_BOOKSHELF_SAMPLE, "overview", show_overview);
}

/* From an empty file to a whole one; nobody opens other books meanwhile. */
typedef struct
{
  CobroApplication *application;
  CobroSampleShop *shop; /* until it is written */
  GError *error;
} Making;

static void
end_making (Making *making)
{
  g_autoptr (CobroApplication) self = making->application;
  g_autoptr (GError) error = making->error;

  g_clear_pointer (&making->shop, cobro_sample_shop_free);
  g_free (making);
  self->exchanging = FALSE;
  if (error)
    say_not_done (self, error);
  else
    enter (self);
  g_application_release (G_APPLICATION (self));
}

static void
on_closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cobro_store_close_finish (COBRO_STORE (source), result);
  end_making (user_data);
}

static void
on_filled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Making *making = user_data;

  cobro_sample_store_fill_finish (COBRO_STORE (source), result, &making->error);
  cobro_store_close_async (COBRO_STORE (source), on_closed_cb, making);
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Making *making = user_data;
  g_autoptr (CobroStore) store = cobro_store_open_finish (result, &making->error);

  if (store)
    cobro_sample_store_fill_async (store, g_steal_pointer (&making->shop), NULL, on_filled_cb, making);
  else
    end_making (making);
}

/* New books with a year of a shop in them; shown when they are whole. */
static void
make (CobroApplication *self)
{
  g_autofree char *folder = dup_folder (COBRO_BOOKSHELF_SAMPLE);
  g_autofree char *path = g_build_filename (folder, BOOKS, NULL);
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  CobroStoreConfig config = { .path = path, .clock = clock, .random = random, .codec = cobro_sync_codec () };
  CobroCurrency own = cobro_business_get_currency (self->context->business);
  CobroCurrency currency = own == COBRO_CURRENCY_NONE ? cobro_view_default_currency () : own;
  Making *making = g_new0 (Making, 1);

  making->application = g_object_ref (self);
  self->exchanging = TRUE;
  g_application_hold (G_APPLICATION (self));
  remove_folder (folder);
  making->shop = cobro_sample_make (clock, random, currency, &making->error);
  if (making->shop)
    cobro_store_open_async (&config, on_opened_cb, making);
  else
    end_making (making);
}

static void
on_add_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;
  const char *folder;

  if (!self->context || self->exchanging || cobro_connection_is_sample (self->context->connection))
    return;
  folder = cobro_bookshelf_get_folder (self->bookshelf, COBRO_BOOKSHELF_SAMPLE);
  if (folder && g_file_test (folder, G_FILE_TEST_IS_DIR))
    enter (self);
  else
    make (self);
}

/* ── Out ── */

static const char *
own_business (CobroApplication *self)
{
  return self->before_sample && cobro_bookshelf_get_folder (self->bookshelf, self->before_sample)
           ? self->before_sample
           : COBRO_BOOKSHELF_FIRST;
}

gboolean
cobro_application_leave_sample (CobroApplication *self, const char *shown, void (*show) (CobroWindow *, const char *))
{
  if (!self->context || self->exchanging || !cobro_connection_is_sample (self->context->connection))
    return FALSE;

  cobro_application_switch_to (self, own_business (self), shown, show);
  return TRUE;
}

static void
bring_back (gpointer data)
{
  CobroApplication *self = data;
  g_autoptr (GError) error = NULL;

  if (move_folder (ASIDE, COBRO_BOOKSHELF_SAMPLE, &error))
    enter (self);
  else
    say_not_done (self, error);
}

static gboolean
put_aside (gpointer data, GError **error)
{
  return move_folder (COBRO_BOOKSHELF_SAMPLE, ASIDE, error);
}

static void
on_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CobroApplication *self = COBRO_APPLICATION (source);
  g_autoptr (GError) error = NULL;

  if (!cobro_application_exchange_books_finish (self, result, &error))
    return say_not_done (self, error);

  if (!cobro_bookshelf_remove (self->bookshelf, COBRO_BOOKSHELF_SAMPLE, &error))
    say_not_done (self, error);
  /* The undo list goes with these books, which go before the application. */
  cobro_undo_push (cobro_links_get_undo (self->context->links), _ ("Sample data removed"), bring_back, self, NULL);
}

static void
put_back (gpointer data)
{
  CobroApplication *self = data;
  g_autoptr (GError) error = NULL;

  if (move_folder (ASIDE, COBRO_BOOKSHELF_SAMPLE, &error))
    cobro_bookshelf_add_sample (self->bookshelf, _ ("Sample Shop"));
  else
    say_not_done (self, error);
}

/* While other books are open. */
static void
remove_closed (CobroApplication *self)
{
  const char *folder = cobro_bookshelf_get_folder (self->bookshelf, COBRO_BOOKSHELF_SAMPLE);
  gboolean there = folder && g_file_test (folder, G_FILE_TEST_IS_DIR);
  g_autoptr (GError) error = NULL;

  if (!folder)
    return;
  if ((there && !put_aside (NULL, &error)) || !cobro_bookshelf_remove (self->bookshelf, COBRO_BOOKSHELF_SAMPLE, &error))
    return say_not_done (self, error);
  if (there)
    cobro_undo_push (cobro_links_get_undo (self->context->links), _ ("Sample data removed"), put_back, self, NULL);
}

static void
on_remove_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroApplication *self = data;

  if (!self->context || self->exchanging)
    return;
  if (!cobro_connection_is_sample (self->context->connection))
    return remove_closed (self);

  cobro_application_exchange_books_async (self, cobro_bookshelf_get_folder (self->bookshelf, own_business (self)),
                                          put_aside, NULL, NULL, on_removed_cb, NULL);
}

/* ── Life ── */

static const GActionEntry actions[] = {
  { "add-sample-data", on_add_cb, NULL, NULL, NULL, { 0 } },
  { "remove-sample-data", on_remove_cb, NULL, NULL, NULL, { 0 } },
};

void
cobro_application_begin_sample (CobroApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  cobro_application_end_sample ();
}

void
cobro_application_end_sample (void)
{
  g_autofree char *aside = dup_folder (ASIDE);

  remove_folder (aside);
}
