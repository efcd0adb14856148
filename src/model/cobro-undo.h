/* src/model/cobro-undo.h — what can be taken back, newest first. The window shows the newest one in a toast and takes
 * it back on Ctrl+Z. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_UNDO (cobro_undo_get_type ())
G_DECLARE_FINAL_TYPE (CobroUndo, cobro_undo, COBRO, UNDO, GObject)

/* Takes one thing back. Asynchronous work reports through its own means. */
typedef void (*CobroUndoFunc) (gpointer data);

/* How many steps are remembered. */
#define COBRO_UNDO_MAX 50

CobroUndo *cobro_undo_new (void);
/**
 * cobro_undo_push:
 * @text: what was done, in the person's language: "Link paused"
 *
 * Remembers how to take something back and emits "pushed" with @text.
 *
 * Returns: a number that names this step for cobro_undo_run()
 */
guint cobro_undo_push (CobroUndo *self, const char *text, CobroUndoFunc func, gpointer data, GDestroyNotify free_data);
/* Takes the newest step back. FALSE when there is none. */
gboolean cobro_undo_run_newest (CobroUndo *self);
/* Takes one step back, wherever it stands. FALSE when it was taken back already. */
gboolean cobro_undo_run (CobroUndo *self, guint step);
/* Property "can-undo". */
gboolean cobro_undo_get_can_undo (CobroUndo *self);

G_END_DECLS
