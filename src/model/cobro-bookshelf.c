/* src/model/cobro-bookshelf.c — the businesses on this computer.
 * Layer: model. Main thread. */
#include "cobro-bookshelf.h"

#include <errno.h>
#include <glib/gstdio.h>
#include "cobro-error.h"
#include "cobro-text.h"

#define LIST_FILE  "businesses.ini"
#define OWN_FOLDER "businesses" /* holds a folder for each business made here */
#define BOOKS_FILE "books.sqlite"

/* The list's groups: this one, and one for each business, called by its id. */
#define LIST_GROUP  "list"
#define KEY_CURRENT "current"
#define KEY_NAME    "name"
#define KEY_NAMED   "named" /* by a person: the profile does not change it */
#define KEY_FOLDER  "folder"

typedef struct
{
  char *id;
  char *name;
  char *folder;
  gboolean named;
  guint arrivals;
} Business;

struct _CobroBookshelf
{
  GObject parent_instance;
  char *folder;
  char *path;
  GPtrArray *businesses; /* (element-type Business) the first one first */
  char *current;
};

G_DEFINE_FINAL_TYPE (CobroBookshelf, cobro_bookshelf, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ARRIVED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
business_free (gpointer data)
{
  Business *business = data;

  g_free (business->id);
  g_free (business->name);
  g_free (business->folder);
  g_free (business);
}

static Business *
add_business (CobroBookshelf *self, const char *id, const char *name, const char *folder, gboolean named)
{
  Business *business = g_new0 (Business, 1);

  *business = (Business){ .id = g_strdup (id), .name = g_strdup (name), .folder = g_strdup (folder), .named = named };
  g_ptr_array_add (self->businesses, business);
  return business;
}

static Business *
find (CobroBookshelf *self, const char *id)
{
  for (guint i = 0; i < self->businesses->len; i++)
    if (g_str_equal (((Business *)self->businesses->pdata[i])->id, id))
      return self->businesses->pdata[i];
  return NULL;
}

/* ── The file ── */

static char *
dup_text (GKeyFile *file, const char *group, const char *key)
{
  char *text = g_key_file_get_string (file, group, key, NULL);

  return text ? text : g_strdup ("");
}

static void
read_business (CobroBookshelf *self, GKeyFile *file, const char *id)
{
  g_autofree char *name = dup_text (file, id, KEY_NAME);
  g_autofree char *folder = dup_text (file, id, KEY_FOLDER);
  gboolean named = g_key_file_get_boolean (file, id, KEY_NAMED, NULL);
  Business *known = find (self, id);

  if (known)
    {
      g_free (known->name);
      known->name = g_steal_pointer (&name);
      known->named = named;
    }
  else if (!g_str_equal (id, LIST_GROUP) && g_path_is_absolute (folder))
    add_business (self, id, name, folder, named);
}

static void
load (CobroBookshelf *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;
  g_autofree char *current = NULL;

  add_business (self, COBRO_BOOKSHELF_FIRST, "", self->folder, FALSE);
  if (!g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL))
    return;

  groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i]; i++)
    read_business (self, file, groups[i]);
  current = dup_text (file, LIST_GROUP, KEY_CURRENT);
  if (find (self, current))
    {
      g_free (self->current);
      self->current = g_steal_pointer (&current);
    }
}

static gboolean
save (CobroBookshelf *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;

  g_key_file_set_string (file, LIST_GROUP, KEY_CURRENT, self->current);
  for (guint i = 0; i < self->businesses->len; i++)
    {
      const Business *business = self->businesses->pdata[i];

      g_key_file_set_string (file, business->id, KEY_NAME, business->name);
      g_key_file_set_boolean (file, business->id, KEY_NAMED, business->named);
      if (!g_str_equal (business->id, COBRO_BOOKSHELF_FIRST))
        g_key_file_set_string (file, business->id, KEY_FOLDER, business->folder);
    }
  if (g_mkdir_with_parents (self->folder, 0700) == 0 && g_key_file_save_to_file (file, self->path, &reason))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_IO, "the list of businesses cannot be kept: %s",
                          reason ? reason->message : g_strerror (errno));
}

/* Keeps what was changed and tells it. What cannot be written down is true until the program leaves. */
static gboolean
changed (CobroBookshelf *self, GError **error)
{
  gboolean kept = save (self, error);

  g_signal_emit (self, signals[CHANGED], 0);
  return kept;
}

/* ── Asking ── */

guint
cobro_bookshelf_get_n (CobroBookshelf *self)
{
  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), 0);

  return self->businesses->len;
}

const char *
cobro_bookshelf_get_id (CobroBookshelf *self, guint i)
{
  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self) && i < self->businesses->len, NULL);

  return ((Business *)self->businesses->pdata[i])->id;
}

const char *
cobro_bookshelf_get_name (CobroBookshelf *self, const char *id)
{
  const Business *business;

  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), "");

  business = find (self, id);
  return business ? business->name : "";
}

const char *
cobro_bookshelf_get_folder (CobroBookshelf *self, const char *id)
{
  const Business *business;

  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), NULL);

  business = find (self, id);
  return business ? business->folder : NULL;
}

const char *
cobro_bookshelf_get_current (CobroBookshelf *self)
{
  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), NULL);

  return self->current;
}

void
cobro_bookshelf_choose (CobroBookshelf *self, const char *id)
{
  g_return_if_fail (COBRO_IS_BOOKSHELF (self));

  if (find (self, id) && !g_str_equal (id, self->current))
    g_signal_emit (self, signals[CHOSEN], 0, id);
}

guint
cobro_bookshelf_get_arrivals (CobroBookshelf *self, const char *id)
{
  const Business *business;

  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), 0);

  business = find (self, id);
  return business ? business->arrivals : 0;
}

/* ── Changing ── */

void
cobro_bookshelf_add_arrival (CobroBookshelf *self, const char *id)
{
  Business *business;

  g_return_if_fail (COBRO_IS_BOOKSHELF (self));

  business = find (self, id);
  if (!business)
    return;

  business->arrivals++;
  g_signal_emit (self, signals[ARRIVED], 0);
}

void
cobro_bookshelf_set_current (CobroBookshelf *self, const char *id)
{
  g_return_if_fail (COBRO_IS_BOOKSHELF (self) && find (self, id) != NULL);

  if (g_str_equal (id, self->current))
    return;

  g_free (self->current);
  self->current = g_strdup (id);
  find (self, id)->arrivals = 0;
  changed (self, NULL);
}

static gboolean
check_name (const char *name, GError **error)
{
  return cobro_text_check (name, COBRO_BOOKSHELF_NAME_MAX, COBRO_TEXT_NEEDED, "name", error);
}

/* (transfer full) a name for a folder and a keyring that no other business has. */
static char *
new_id (CobroBookshelf *self)
{
  for (guint n = self->businesses->len + 1;; n++)
    {
      g_autofree char *id = g_strdup_printf ("business-%u", n);
      g_autofree char *folder = g_build_filename (self->folder, OWN_FOLDER, id, NULL);

      /* The folder of one that was removed from the list is still somebody's books. */
      if (!find (self, id) && !g_file_test (folder, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&id);
    }
}

static gboolean
check_folder (CobroBookshelf *self, const char *folder, GError **error)
{
  g_autofree char *books = g_build_filename (folder, BOOKS_FILE, NULL);

  for (guint i = 0; i < self->businesses->len; i++)
    if (g_str_equal (((Business *)self->businesses->pdata[i])->folder, folder))
      return cobro_error_set (error, COBRO_ERROR_EXISTS, "these books are in the list already");
  if (!g_file_test (books, G_FILE_TEST_IS_REGULAR))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there are no books in “%s”", folder);
  return TRUE;
}

char *
cobro_bookshelf_add (CobroBookshelf *self, const char *name, const char *folder, GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *own = NULL;

  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), NULL);

  if (!check_name (name, error) || (folder && !check_folder (self, folder, error)))
    return NULL;

  id = new_id (self);
  own = folder ? g_strdup (folder) : g_build_filename (self->folder, OWN_FOLDER, id, NULL);
  if (g_mkdir_with_parents (own, 0700) != 0)
    {
      cobro_error_set (error, COBRO_ERROR_IO, "cannot make the folder “%s”: %s", own, g_strerror (errno));
      return NULL;
    }
  add_business (self, id, name, own, TRUE);
  return changed (self, error) ? g_steal_pointer (&id) : NULL;
}

void
cobro_bookshelf_add_sample (CobroBookshelf *self, const char *name)
{
  g_autofree char *folder = NULL;

  g_return_if_fail (COBRO_IS_BOOKSHELF (self));

  folder = g_build_filename (self->folder, COBRO_BOOKSHELF_SAMPLE, NULL);
  if (!find (self, COBRO_BOOKSHELF_SAMPLE))
    add_business (self, COBRO_BOOKSHELF_SAMPLE, name, folder, TRUE);
  changed (self, NULL);
}

gboolean
cobro_bookshelf_rename (CobroBookshelf *self, const char *id, const char *name, GError **error)
{
  Business *business;

  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), FALSE);

  business = find (self, id);
  if (!business)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this business is not in the list");
  if (!check_name (name, error))
    return FALSE;

  g_free (business->name);
  business->name = g_strdup (name);
  business->named = TRUE;
  return changed (self, error);
}

gboolean
cobro_bookshelf_remove (CobroBookshelf *self, const char *id, GError **error)
{
  g_return_val_if_fail (COBRO_IS_BOOKSHELF (self), FALSE);

  if (g_str_equal (id, COBRO_BOOKSHELF_FIRST) || g_str_equal (id, self->current))
    return cobro_error_set (error, COBRO_ERROR_STATE,
                            "books that are open stay in the list, and so does the first business");
  if (!g_ptr_array_remove (self->businesses, find (self, id)))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this business is not in the list");
  return changed (self, error);
}

void
cobro_bookshelf_note_name (CobroBookshelf *self, const char *id, const char *name)
{
  Business *business;

  g_return_if_fail (COBRO_IS_BOOKSHELF (self));

  business = find (self, id);
  if (!business || business->named || g_str_equal (business->name, name))
    return;

  g_free (business->name);
  business->name = g_strdup (name);
  changed (self, NULL);
}

/* ── The object ── */

static void
cobro_bookshelf_finalize (GObject *object)
{
  CobroBookshelf *self = COBRO_BOOKSHELF (object);

  g_ptr_array_unref (self->businesses);
  g_free (self->current);
  g_free (self->path);
  g_free (self->folder);
  G_OBJECT_CLASS (cobro_bookshelf_parent_class)->finalize (object);
}

static void
cobro_bookshelf_class_init (CobroBookshelfClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_bookshelf_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_BOOKSHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ARRIVED] =
    g_signal_new ("arrived", COBRO_TYPE_BOOKSHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", COBRO_TYPE_BOOKSHELF, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_STRING);
}

static void
cobro_bookshelf_init (CobroBookshelf *self)
{
  self->businesses = g_ptr_array_new_with_free_func (business_free);
  self->current = g_strdup (COBRO_BOOKSHELF_FIRST);
}

CobroBookshelf *
cobro_bookshelf_new (const char *folder)
{
  CobroBookshelf *self = g_object_new (COBRO_TYPE_BOOKSHELF, NULL);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, LIST_FILE, NULL);
  load (self);
  return self;
}
