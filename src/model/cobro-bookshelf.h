/* src/model/cobro-bookshelf.h — the businesses on this computer: each has books of its own in a folder of its own, one
 * of them is open. The list is a small file beside the books. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_BOOKSHELF (cobro_bookshelf_get_type ())
G_DECLARE_FINAL_TYPE (CobroBookshelf, cobro_bookshelf, COBRO, BOOKSHELF, GObject)

/* The first business, whose books lie in the folder itself. It cannot be removed from the list. */
#define COBRO_BOOKSHELF_FIRST "first"

/* A shop that does not exist, to look around in; in the list from when it is made until it is removed. */
#define COBRO_BOOKSHELF_SAMPLE "sample"

#define COBRO_BOOKSHELF_NAME_MAX 60

/* Signals: "changed": one of the getters would answer something else.
 * "arrived": there are more arrivals. "chosen" (id): somebody wants those books opened. */

/* @folder: the program's own; the list is read from it. A list that cannot be read counts as empty. */
CobroBookshelf *cobro_bookshelf_new (const char *folder);

guint cobro_bookshelf_get_n (CobroBookshelf *self);
/* Lent. What a business is called: as it was named here, else as its profile says; "" when it has no name yet. */
const char *cobro_bookshelf_get_id (CobroBookshelf *self, guint i);
const char *cobro_bookshelf_get_name (CobroBookshelf *self, const char *id);
/* Lent. Where its books lie; NULL for an id that is not in the list. */
const char *cobro_bookshelf_get_folder (CobroBookshelf *self, const char *id);
/* Lent. The one that is open, or was last. */
const char *cobro_bookshelf_get_current (CobroBookshelf *self);
/* Notes what is open; remembered for the next start. */
void cobro_bookshelf_set_current (CobroBookshelf *self, const char *id);

/* How many payments arrived in books that are not open, since they were; opening them makes it 0. Not kept: what
 * arrived is in the books. */
guint cobro_bookshelf_get_arrivals (CobroBookshelf *self, const char *id);
void cobro_bookshelf_add_arrival (CobroBookshelf *self, const char *id);

/* Asks for other books to be opened. */
void cobro_bookshelf_choose (CobroBookshelf *self, const char *id);

/**
 * cobro_bookshelf_add:
 * @folder: (nullable): where books lie already; %NULL makes a folder for new ones
 *
 * Returns: (transfer full): the id; %NULL with COBRO_ERROR_INVALID (the name), _EXISTS (the folder is in the list),
 * _NOT_FOUND (no books there) or _IO
 */
char *cobro_bookshelf_add (CobroBookshelf *self, const char *name, const char *folder, GError **error);
/* Puts the sample shop into the list, called @name; its folder is "sample" in the program's own. */
void cobro_bookshelf_add_sample (CobroBookshelf *self, const char *name);
gboolean cobro_bookshelf_rename (CobroBookshelf *self, const char *id, const char *name, GError **error);
/* Takes a business out of the list; its folder stays as it is. Not the first one, not the one that is open. */
gboolean cobro_bookshelf_remove (CobroBookshelf *self, const char *id, GError **error);
/* What the profile of a business says it is called: counts until somebody names it here. */
void cobro_bookshelf_note_name (CobroBookshelf *self, const char *id, const char *name);

G_END_DECLS
